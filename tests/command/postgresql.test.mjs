// Readings on PostgreSQL: days of rows in partitions of their own, many rows at once, nothing twice and nothing lost.
import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { Cluster, pgBin } from '../lib/pg.mjs';
import { Client } from '../lib/http.mjs';
import { Server, run, scratch } from '../lib/server.mjs';

const binary = path.resolve(process.env.BIHUAN_BINARY);
const REGION = 140109000000, MINUTE = 60000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const china = (text) => Date.parse(`${text.replace(' ', 'T')}:00+08:00`);
const NOON = china('2026-11-02 12:30');

let cluster;
const sql = (text, db) => cluster.sql(text, db).trim();
const options = { timeout: 60000, skip: !pgBin() && 'PostgreSQL’s server programs are not installed' };
test.before(() => {
  if (options.skip) return;
  cluster = new Cluster().start();
  const made = run(binary, ['demo', '--data', path.join(scratch('base'), 'data'), '--db', cluster.create('base')], { env: { ...process.env, BIHUAN_DEMO_CALM: '1', BIHUAN_NOW_MS: String(china('2026-11-02 08:00')) } });
  assert.equal(made.code, 0, made.out);
  for (let i = 0; i < 20; i++)
    sql(`INSERT INTO station SELECT ${REGION}, ${1000 + i}, 'river', 'S${i}', '', 0, 0, 1, 0, NULL, NULL, '{}', 0, NULL, 1;
      INSERT INTO device (region, mn, station, state, dialect, crc_policy, answer_policy, pw_salt, pw_mac, peers, real_s, minute_m, reason, first_ms, ver)
      SELECT ${REGION}, 'SIM${String(i + 1).padStart(6, '0')}', ${1000 + i}, 'approved', 'auto', 'strict', 'asked', '', '', '', 60, 10, '', 0, 1;`, 'base');
});
test.after(() => cluster?.stop());

const parts = (db, parent = 'series_packet') => sql(`SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = '${parent}'::regclass ORDER BY 1`, db).split('\n');
const rows = (db, table = 'series_packet') => Number(sql(`SELECT COUNT(*) FROM ${table}`, db));

async function house(t, name, { clock = NOON, args = [] } = {}) {
  const url = cluster.create(name, 'base'), data = path.join(scratch(name), 'data');
  const portFile = path.join(scratch('port'), 'hj212');
  fs.mkdirSync(data);
  const server = new Server(binary, { data, url, args: ['--test-clock', '--hj212', '127.0.0.1:0', '--hj212-port-file', portFile, ...args] });
  const h = { server, db: name, port: () => Number(fs.readFileSync(portFile, 'utf8')) };
  h.at = async (ms) => {
    const r = await new Client(server.base).request('POST', '/api/test/clock', { json: { now_ms: ms } });
    assert.ok(r.status < 300, r.body);
  };
  h.login = async () => {
    const c = new Client(server.base);
    const login = (await c.request('GET', '/api/meta')).json.logins.find((l) => l.login === 'chen.office');
    assert.equal((await c.request('POST', '/api/login', { json: { login: login.login, password: login.password } })).status, 200);
    h.client = c;
  };
  h.ask = async (method, url, json) => {
    const r = await h.client.request(method, url, json ? { json } : {});
    assert.equal(r.status, 200, `${url}: ${r.body}`);
    return r.json;
  };
  await server.start();
  t.after(() => server.child.exitCode === null && server.kill());
  if (clock) await h.at(clock);
  await h.login();
  return h;
}
// Somebody who holds rows until they are released; how many wait for it.
async function hold(db, select) {
  const psql = spawn(path.join(cluster.bin, 'psql'), ['-h', cluster.dir, '-U', 'bihuan', '-d', db, '-XAtq'], { stdio: ['pipe', 'pipe', 'inherit'] });
  psql.stdin.write(`BEGIN; ${select};\n`);
  await new Promise((go) => psql.stdout.once('data', go));
  return {
    release: () => psql.stdin.end('COMMIT;\n'),
    waiting: async (n) => {
      while (Number(sql(`SELECT COUNT(*) FROM pg_stat_activity WHERE datname = '${db}' AND wait_event_type = 'Lock'`)) < n) await new Promise((go) => setTimeout(go, 20));
    },
  };
}
const packet = (station, at_ms, value = 1.5, flag = 'N') => ({ station: String(station), kind: 'minute', at_ms, readings: [{ item: 'cod', value, flag }] });
const batch = (n, value) => Array.from({ length: n }, (_, i) => packet(1000 + (i % 20), NOON - (1 + Math.floor(i / 20)) * MINUTE, value));

test('days are made ahead; late rows of an old month lie with all else until they are columns; a day that is over and empty goes', options, async (t) => {
  const h = await house(t, 'days');
  await h.ask('POST', '/api/readings/tidy');
  const there = parts(h.db);
  for (const p of ['20261101', '20261102', '20261103', '20261104', 'rest']) assert.ok(there.includes(`series_packet_${p}`), `${p} among ${there}`);
  await h.ask('POST', '/api/readings', { packets: batch(400) });
  assert.equal(rows(h.db, 'series_packet_20261102'), 400);
  const old = china('2025-03-05 10:00');
  await h.ask('POST', '/api/readings', { packets: Array.from({ length: 60 }, (_, i) => packet(1001, old + i * MINUTE, i)) });
  assert.equal(rows(h.db, 'series_packet_rest WHERE kind = 1'), 60);
  const span = `/api/stations/1001/series?item=cod&kind=minute&from=${old}&to=${old + HOUR}`;
  assert.equal((await h.ask('GET', span)).n, 60);
  await h.ask('POST', '/api/readings/tidy');
  assert.equal(rows(h.db, 'series_packet_rest'), 0);
  assert.equal((await h.ask('GET', span)).n, 60);
  assert.equal(rows(h.db, 'series_packet_20261102'), 400); // their hour is not over
  await h.at(NOON + 2 * DAY);
  await h.login();
  await h.ask('POST', '/api/readings/tidy'); // makes columns of the day's rows
  assert.ok(parts(h.db).includes('series_packet_20261102'));
  await h.ask('POST', '/api/readings/tidy'); // and finds it empty
  assert.ok(!parts(h.db).includes('series_packet_20261102'));
  assert.ok(parts(h.db).includes('series_packet_20261106'));
  const noon = `/api/stations/1003/series?item=cod&kind=minute&from=${NOON - HOUR}&to=${NOON}`;
  assert.equal((await h.ask('GET', noon)).n, 20);
  // columns lie in months of their kind, hours in years
  const columns = parts(h.db, 'series_chunk');
  for (const p of ['minute_202503', 'minute_202611', 'hour_own_2025', 'rest']) assert.ok(columns.includes(`series_chunk_${p}`), `${p} among ${columns}`);
  assert.equal(rows(h.db, 'series_chunk_minute_202611 WHERE station BETWEEN 1000 AND 1019'), 20);
  const hours = rows(h.db, 'series_chunk WHERE kind = 5');
  await h.at(china('2031-12-10 12:00'));
  await h.login();
  const told = (await h.ask('POST', '/api/readings/tidy')).dropped.find((d) => d.kind === 'minute');
  assert.ok(told.columns >= 21, JSON.stringify(told));
  assert.ok(!parts(h.db, 'series_chunk').some((p) => /minute_(202503|202611)$/.test(p)));
  assert.equal((await h.ask('GET', noon)).n, 0);
  assert.equal(rows(h.db, 'series_chunk WHERE kind = 5'), hours); // kept for ever
  await h.server.stop();
});

test('a moment counts once: in a batch, beside what is there, and when two batches say it at once', options, async (t) => {
  const h = await house(t, 'once');
  const first = batch(400);
  const put = (packets) => h.ask('POST', '/api/readings', { packets });
  const a = await put(first);
  assert.deepEqual([a.readings, a.new, a.same], [400, 400, 0]);
  // 400 new ones, and among them three that are there: the same, a better flag that is none, another value
  const more = first.map((p) => ({ ...p, at_ms: p.at_ms - 20 * MINUTE }));
  const b = await put([...more.slice(0, 200), first[7], packet(1008, first[8].at_ms, 9, 'N'), ...more.slice(200), packet(1009, first[9].at_ms, 8, 'D')]);
  assert.deepEqual([b.readings, b.new, b.same, b.better, b.worse], [403, 400, 1, 0, 2]);
  const c = await put(first);
  assert.deepEqual([c.new, c.same], [0, 400]);
  // both begin before either has ended; half of what they say of a moment differs, and no item is lost
  const both = ['nh3n', 'tp'].map((item) => batch(400).map((p) => ({ ...p, at_ms: p.at_ms + 5, readings: [{ item, value: 2, flag: 'N' }, ...p.readings] })));
  const [x, y] = await Promise.all(both.map(put));
  assert.deepEqual([x.new + y.new, x.same + y.same], [1200, 400]);
  assert.equal(rows(h.db, 'series_packet WHERE at_ms % 10 = 5 AND kind = 1'), 400);
  for (const item of ['nh3n', 'tp', 'cod']) assert.equal((await h.ask('GET', `/api/stations/1008/series?item=${item}&kind=minute&from=${NOON - 20 * MINUTE + 5}&to=${NOON}`)).value.length, item === 'cod' ? 39 : 20);
  // both find the same row there: the second merges with what the first made of it
  const held = await hold(h.db, `SELECT 1 FROM series_packet WHERE at_ms = ${first[0].at_ms} AND station = 1000 AND kind = 1 FOR UPDATE`);
  const one = ['nh3n', 'tp'].map((item) => ({ ...first[0], readings: [{ item, value: 3, flag: 'N' }] }));
  const puts = [put([one[0]])];
  await held.waiting(1);
  puts.push(put([one[1]]));
  await held.waiting(2);
  held.release();
  assert.deepEqual((await Promise.all(puts)).map((r) => r.new), [1, 1]);
  for (const item of ['nh3n', 'tp', 'cod']) assert.equal((await h.ask('GET', `/api/stations/1000/series?item=${item}&kind=minute&from=${first[0].at_ms}&to=${first[0].at_ms + 1}`)).n, 1, item);
  const seen = await h.ask('GET', `/api/stations/1008/series?item=cod&kind=minute&from=${NOON - 40 * MINUTE}&to=${NOON}`);
  assert.ok(seen.value.every((v) => v === 1.5), String(seen.value));
  await h.server.stop();
});

test('no acknowledged packet is lost when the server is killed', options, async (t) => {
  const h = await house(t, 'killed', { clock: null });
  const before = rows(h.db);
  const sim = spawn(binary, ['simulate', 'hj212', '--to', `127.0.0.1:${h.port()}`, '--n', '20', '--seconds', '3', '--window', '4'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  sim.stdout.on('data', (c) => (out += c));
  const ended = new Promise((go) => sim.on('close', go));
  await new Promise((go) => setTimeout(go, 1200));
  await h.server.kill();
  await ended;
  const said = JSON.parse(out);
  assert.ok(said.acknowledged > 0, out);
  assert.ok(rows(h.db) - before >= said.acknowledged, `${rows(h.db) - before} rows, ${said.acknowledged} acknowledged`);
});

test('rows from before there were partitions are taken into theirs; a dump of PostgreSQL’s own brings everything back', options, async (t) => {
  const h = await house(t, 'before');
  await h.ask('POST', '/api/readings/tidy'); // the day of the clock is made
  await h.ask('POST', '/api/readings', { packets: batch(400) });
  sql('CREATE TABLE kept AS SELECT * FROM series_packet_20261102; DROP TABLE series_packet_20261102; INSERT INTO series_packet SELECT * FROM kept; DROP TABLE kept', h.db);
  const all = rows(h.db);
  assert.equal(rows(h.db, 'series_packet_rest WHERE kind = 1'), 400);
  await h.server.stop();
  await h.server.start();
  await h.at(NOON);
  await h.login();
  await h.ask('POST', '/api/readings/tidy');
  assert.equal(rows(h.db, 'series_packet_20261102 WHERE kind = 1'), 400);
  assert.equal(rows(h.db, 'series_packet_rest'), 0);
  assert.equal(rows(h.db), all);
  const span = `/api/stations/1007/series?item=cod&kind=minute&from=${NOON - HOUR}&to=${NOON}`;
  const before = await h.ask('GET', span);
  await h.server.stop();
  h.server.url = cluster.restore(h.db, 'restored');
  await h.server.start();
  await h.at(NOON);
  await h.login();
  assert.deepEqual(await h.ask('GET', span), before);
  assert.equal(rows('restored', 'series_packet_20261102 WHERE kind = 1'), 400);
  assert.ok(parts('restored').includes('series_packet_20261102'));
  await h.server.stop();
});

test('what arrives while its hour becomes columns is not lost', options, async (t) => {
  const h = await house(t, 'meanwhile');
  const at = NOON - 85 * MINUTE; // 11:05: its hour may be packed
  const put = (k) => h.ask('POST', '/api/readings', { packets: [packet(1000, at + k * MINUTE, k + 1)] });
  await put(0);
  await h.ask('POST', '/api/readings/tidy');
  await put(1);
  const held = await hold(h.db, 'SELECT 1 FROM series_chunk WHERE station = 1000 AND kind = 1 FOR UPDATE');
  const tidy = h.ask('POST', '/api/readings/tidy');
  await held.waiting(1);
  assert.equal((await put(2)).new, 1);
  held.release();
  await tidy;
  const span = `/api/stations/1000/series?item=cod&kind=minute&from=${at}&to=${at + HOUR}`;
  assert.deepEqual((await h.ask('GET', span)).value, [1, 2, 3]);
  await h.ask('POST', '/api/readings/tidy');
  assert.deepEqual((await h.ask('GET', span)).value, [1, 2, 3]);
  await h.server.stop();
});
