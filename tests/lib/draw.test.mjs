// The draw, repeated by a program that shares no code with the server: the same golden result as tests/unit/test_lookback.c.
import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { ln, repeat, siphash } from './draw.mjs';

const golden = (name) => fs.readFileSync(new URL(`../golden/draw/${name}`, import.meta.url), 'utf8');

test('SipHash-2-4 has the published value for eight bytes', () => {
  assert.equal(siphash(0x0706050403020100n, 0x0f0e0d0c0b0a0908n, 0x0706050403020100n), 0x93f5f5799a932462n);
});

test('the logarithm is a logarithm', () => {
  for (let i = 1; i < 1000; i++) assert.ok(Math.abs(ln(i / 1000) / Math.log(i / 1000) - 1) < 1e-15);
});

test('the draw of the golden candidates is repeated', () => {
  const drawn = golden('drawn.txt').trim().split('\n');
  assert.deepEqual(repeat(golden('pool.txt'), drawn.length, golden('seed.txt')), drawn);
});

test('neither the order of the lines nor the size of the sample changes who comes first', () => {
  const drawn = golden('drawn.txt').trim().split('\n');
  const backwards = golden('pool.txt').trim().split('\n').reverse().join('\n');
  assert.deepEqual(repeat(backwards, 5, golden('seed.txt')), drawn.slice(0, 5));
});
