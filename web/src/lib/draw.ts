// A draw repeated in the reader's own browser, from what was published: an implementation of the documented algorithm
// that shares nothing with the server's.
//
//   seed key   the first 16 bytes of SHA-256 of the seed's text
//   u(id)      (SipHash-2-4 of the id's 8 little-endian bytes >> 12, plus ½) · 2⁻⁵²
//   key(id)    −ln u / weight; the smallest keys are drawn, in order; equal keys by id
//   fingerprint  SHA-256 of one line a candidate, by kind and id: "<kind> <id> <weight> <avoid>\n"
import { hex, sha256Text, sipHash } from './hash'

export interface Candidate { id: string; weight: number; avoid?: string | null } // weight in thousandths
export interface Drawn { id: string; second: string[] }

/* ln x for 0 < x < 1 by the series that the algorithm names, so that every machine gets the same last bit. */
function naturalLog(x: number): number {
  let e = 0
  let m = x
  while (m < 0.5) {
    m *= 2
    e--
  }
  if (m < 0.7071067811865476) {
    m *= 2
    e--
  }
  const s = (m - 1) / (m + 1)
  const z = s * s
  let sum = 0
  for (let k = 23; k >= 1; k -= 2) sum = sum * z + 1 / k
  return e * 0.6931471805599453 + 2 * s * sum
}
const seedKey = (seed: string) => sha256Text(seed).slice(0, 16)

export function drawKey(key: Uint8Array, id: string, weight: number): number {
  const u = (Number(sipHash(key, BigInt(id)) >> 12n) + 0.5) * 2 ** -52
  return -naturalLog(u) / weight
}
/* Ids in the order drawn: min(want, those with a weight). */
export function drawIds(seed: string, candidates: Candidate[], want: number): string[] {
  const key = seedKey(seed)
  return candidates
    .filter((c) => c.weight > 0)
    .map((c) => ({ id: c.id, n: BigInt(c.id), key: drawKey(key, c.id, c.weight / 1000) }))
    .sort((a, b) => a.key - b.key || (a.n < b.n ? -1 : 1))
    .slice(0, want)
    .map((c) => c.id)
}
/* The second kind for one thing: none whose organisation runs it. */
export function drawSecond(seed: string, thing: Candidate, others: Candidate[], want: number): string[] {
  const runs = thing.avoid && thing.avoid !== '0' ? thing.avoid : null
  return drawIds(`${seed}/${thing.id}`, others.map((c) => (runs && c.avoid === runs ? { ...c, weight: 0 } : c)), want)
}
export function drawAll(seed: string, first: Candidate[], others: Candidate[], want: number, second: number): Drawn[] {
  const by = new Map(first.map((c) => [c.id, c]))
  return drawIds(seed, first, want).map((id) => ({ id, second: second ? drawSecond(seed, by.get(id)!, others, second) : [] }))
}
export function fingerprint(first: Candidate[], others: Candidate[]): string {
  const lines = (kind: number, list: Candidate[]) =>
    [...list].sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1)).map((c) => `${kind} ${c.id} ${c.weight} ${c.avoid || 0}\n`)
  return hex(sha256Text([...lines(0, first), ...lines(1, others)].join('')))
}
