// `bihuan hj212 check`: the standard's own packets, known deviations, and real ones where the data for trials are at hand.
import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { spawnSync } from 'node:child_process';

const binary = process.env.BIHUAN_BINARY;
const data = path.resolve('../shared/data/hj212');
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'bihuan-hj212-'));
process.on('exit', () => fs.rmSync(dir, { recursive: true, force: true }));

function check(lines, ...args) {
  const file = path.join(dir, 'packets.txt');
  fs.writeFileSync(file, Array.isArray(lines) ? lines.join('\n') + '\n' : lines);
  const r = spawnSync(binary, ['hj212', 'check', file, '--json', ...args], { encoding: 'utf8', maxBuffer: 1 << 27 });
  return { code: r.status, rows: r.stdout.trim() ? r.stdout.trim().split('\n').map((l) => JSON.parse(l)) : [] };
}

test('the packets of the standard, and what deviates from it', () => {
  const cases = fs.readFileSync('tests/golden/hj212/packets.tsv', 'utf8').trimEnd().split('\n').slice(1).map((l) => l.split('\t'));
  const { rows, code } = check(cases.map((c) => c[4]));
  assert.equal(code, 1); // some of them are wrong on purpose
  cases.forEach(([source, ok, reason, crc], i) =>
    assert.deepEqual([String(rows[i].ok), rows[i].reason ?? '', rows[i].crc_kind], [ok, reason, crc], source));
});

test('fields as they were sent', () => {
  const [row] = check(['##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&1C80']).rows;
  assert.deepEqual(row, { line: 1, ok: true, reason: null, crc_kind: 'standard', st: '32', cn: '1062', mn: '010000A8900016F000169DC0', qn: '20160801085857223' });
});

test('what is no packet', () => {
  const { rows } = check(['hello', '##', '##0101', '##01x1QN=1', '#0095QN=1;CN=9012;CP=&&&&0000', '##0009CP=&&&&00', '', '##9999CP=&&&&FFFF', 'x##0002&&B101']);
  assert.deepEqual(rows.map((r) => [r.line, r.ok]), [[1, false], [2, false], [3, false], [4, false], [5, false], [6, false], [8, false], [9, false]]);
  assert.ok(rows.every((r) => ['frame', 'length', 'crc', 'segment'].includes(r.reason)));
});

test('an empty and a missing file', () => {
  assert.deepEqual(check(''), { code: 0, rows: [] });
  assert.notEqual(spawnSync(binary, ['hj212', 'check', path.join(dir, 'none')]).status, 0);
  assert.equal(spawnSync(binary, ['hj212', 'mend', 'x']).status, 2);
});

const skip = fs.existsSync(data) ? false : 'no data for trials here';

test('3,151 real packets', { skip }, () => {
  const real = zlib.gunzipSync(fs.readFileSync(path.join(data, 'packets.jsonl.gz'))).toString('utf8').trim().split('\n').map((l) => JSON.parse(l));
  const { rows } = check(real.map((r) => r.raw));
  const kinds = { hj212: 'standard', modbus: 'modbus', 'modbus-swapped': 'swapped', unknown: 'none' };
  assert.equal(rows.length, real.length);
  real.forEach((r, i) => {
    assert.deepEqual([rows[i].ok, rows[i].crc_kind, rows[i].st ?? '', rows[i].cn ?? ''], [r.verdict === 'ok', kinds[r.crc_kind], r.st ?? '', r.cn ?? ''], r.raw);
    if (!rows[i].ok) assert.equal(rows[i].reason, r.len_ok ? 'crc' : 'length');
  });
});
