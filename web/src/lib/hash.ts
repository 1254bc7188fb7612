// SHA-256 (FIPS 180-4) and SipHash-2-4 (Aumasson and Bernstein 2012), written out so that a draw can be repeated in any
// browser, also where the page comes over plain HTTP and crypto.subtle is absent.
const K = new Uint32Array(64)
const H0 = new Uint32Array(8)
{
  // Fractions of the cube and square roots of the first primes.
  const frac = (x: number) => ((x - Math.floor(x)) * 2 ** 32) | 0
  let n = 0
  for (let p = 2; n < 64; p++) {
    let prime = true
    for (let d = 2; d * d <= p; d++) if (p % d === 0) prime = false
    if (!prime) continue
    if (n < 8) H0[n] = frac(Math.sqrt(p))
    K[n++] = frac(Math.cbrt(p))
  }
}
const rotr = (x: number, n: number) => (x >>> n) | (x << (32 - n))

function block(h: Uint32Array, w: Uint32Array): void {
  for (let i = 16; i < 64; i++) {
    const a = w[i - 15]!
    const b = w[i - 2]!
    w[i] = w[i - 16]! + (rotr(a, 7) ^ rotr(a, 18) ^ (a >>> 3)) + w[i - 7]! + (rotr(b, 17) ^ rotr(b, 19) ^ (b >>> 10))
  }
  const v = Array.from(h)
  for (let i = 0; i < 64; i++) {
    const e = v[4]!
    const a = v[0]!
    const t1 = (v[7]! + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + ((e & v[5]!) ^ (~e & v[6]!)) + K[i]! + w[i]!) | 0
    const t2 = ((rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & v[1]!) ^ (a & v[2]!) ^ (v[1]! & v[2]!))) | 0
    v.pop()
    v.unshift((t1 + t2) | 0)
    v[4] = (v[4]! + t1) | 0
  }
  for (let i = 0; i < 8; i++) h[i] = h[i]! + v[i]!
}

export function sha256(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29))
  view.setUint32(padded.length - 4, bytes.length << 3)
  const h = H0.slice()
  const w = new Uint32Array(64)
  for (let at = 0; at < padded.length; at += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getUint32(at + 4 * i)
    block(h, w)
  }
  const out = new Uint8Array(32)
  h.forEach((x, i) => new DataView(out.buffer).setUint32(4 * i, x))
  return out
}
export const hex = (b: Uint8Array) => Array.from(b, (x) => x.toString(16).padStart(2, '0')).join('')
export const sha256Text = (s: string) => sha256(new TextEncoder().encode(s))

const M = (1n << 64n) - 1n
const rotl = (x: bigint, n: bigint) => ((x << n) | (x >> (64n - n))) & M
const le64 = (b: Uint8Array, at: number) => new DataView(b.buffer, b.byteOffset).getBigUint64(at, true)

/* SipHash-2-4 of eight bytes (a little-endian number), the key as sixteen bytes. */
export function sipHash(key: Uint8Array, message: bigint): bigint {
  const k0 = le64(key, 0)
  const k1 = le64(key, 8)
  let a = k0 ^ 0x736f6d6570736575n
  let b = k1 ^ 0x646f72616e646f6dn
  let c = k0 ^ 0x6c7967656e657261n
  let d = k1 ^ 0x7465646279746573n
  const round = (n: number) => {
    for (; n; n--) {
      a = (a + b) & M
      b = rotl(b, 13n) ^ a
      a = rotl(a, 32n)
      c = (c + d) & M
      d = rotl(d, 16n) ^ c
      a = (a + d) & M
      d = rotl(d, 21n) ^ a
      c = (c + b) & M
      b = rotl(b, 17n) ^ c
      c = rotl(c, 32n)
    }
  }
  for (const m of [BigInt.asUintN(64, message), 8n << 56n]) {
    d ^= m
    round(2)
    a ^= m
  }
  c ^= 0xffn
  round(4)
  return a ^ b ^ c ^ d
}
