// A draw repeated without the program: node tests/lib/draw.mjs pool.txt WANT "SEED". docs/manual says the steps in words.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const M = (1n << 64n) - 1n, rotl = (x, b) => ((x << b) | (x >> (64n - b))) & M;

export function siphash(k0, k1, id) { // SipHash-2-4 of the id's eight bytes
  let [a, b, c, d] = [k0 ^ 0x736f6d6570736575n, k1 ^ 0x646f72616e646f6dn, k0 ^ 0x6c7967656e657261n, k1 ^ 0x7465646279746573n];
  const rounds = (n) => {
    while (n--) {
      a = (a + b) & M; b = rotl(b, 13n) ^ a; a = rotl(a, 32n); c = (c + d) & M; d = rotl(d, 16n) ^ c;
      a = (a + d) & M; d = rotl(d, 21n) ^ a; c = (c + b) & M; b = rotl(b, 17n) ^ c; c = rotl(c, 32n);
    }
  };
  for (const word of [id, 8n << 56n]) { d ^= word; rounds(2); a ^= word; }
  c ^= 0xffn; rounds(4);
  return a ^ b ^ c ^ d;
}

export function ln(m) { // the natural logarithm in steps that every language has; 0 < m < 1
  let e = 0, sum = 0;
  while (m < Math.SQRT1_2) { m *= 2; e--; }
  const s = (m - 1) / (m + 1), z = s * s;
  for (let k = 23; k >= 1; k -= 2) sum = sum * z + 1 / k;
  return e * Math.LN2 + 2 * s * sum;
}

export function repeat(pool, want, seed) { // lines "0 id weight avoid" -> ids in the order drawn
  const h = createHash('sha256').update(seed).digest(), k0 = h.readBigUInt64LE(0), k1 = h.readBigUInt64LE(8);
  const keyed = pool.trim().split('\n').map((l) => l.split(' ')).filter((l) => l[0] === '0').map(([, id, weight]) =>
    ({ id: BigInt(id), key: -ln((Number(siphash(k0, k1, BigInt(id)) >> 12n) + 0.5) * 2 ** -52) / (Number(weight) / 1000) }));
  keyed.sort((x, y) => x.key - y.key || (x.id < y.id ? -1 : 1));
  return keyed.slice(0, want).map((x) => String(x.id));
}

if (process.argv[1]?.endsWith('draw.mjs')) {
  const [file, want, seed] = process.argv.slice(2), pool = readFileSync(file, 'utf8');
  console.log(`SHA-256 of the candidates: ${createHash('sha256').update(pool).digest('hex')}`);
  console.log(repeat(pool, Number(want), seed).join('\n'));
}
