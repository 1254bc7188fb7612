#!/usr/bin/env node
// `make bench`: one table of ratios, each beside the limit or peer that it was measured against in the same run on the
// same machine. It asserts nothing about time; a row that cannot be measured says why.
//   node tests/bench/run.mjs [--build build] [--matters 1000000] [--seconds 5] [--packets 400000] [--minutes 0.5]
//     [--readings 5000000] [--series 10000] [words of a row …]
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawn, spawnSync } from 'node:child_process';
import { Client } from '../lib/http.mjs';
import { photo } from '../lib/photo.mjs';
import { Server, run, scratch } from '../lib/server.mjs';
import { gatewaySections } from './gateway.mjs';
import { readingsSections } from './readings.mjs';

const argv = process.argv.slice(2);
const take = (n, or) => (argv.includes(n) ? argv.splice(argv.indexOf(n), 2)[1] : or);
const build = path.resolve(take('--build', 'build'));
const binary = path.join(build, 'bihuan');
const tool = (n) => path.join(build, 'tests', 'bench', n);
const seconds = Number(take('--seconds', 5));
const MATTERS = Number(take('--matters', 1000000));
const packets = Number(take('--packets', 400000));
const minutes = Number(take('--minutes', 0.5));
const readings = Number(take('--readings', 5000000));
const series = Number(take('--series', 10000));
const REGION = '140109000000';
const wanted = (name) => argv.every((w) => name.includes(w));
const rows = [];
const say = (...row) => {
  rows.push(row);
  console.log(`    ${row.join(' · ')}`);
};

// The measured directory lies beside the build, on the disk that the machine really has (not in a tmpfs).
const room = fs.mkdtempSync(path.join(build, 'bench-'));
process.on('exit', () => fs.rmSync(room, { recursive: true, force: true }));

function spawned(program, args, input) {
  return new Promise((resolve, reject) => {
    const c = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let out = '', err = '';
    c.stdout.on('data', (d) => (out += d));
    c.stderr.on('data', (d) => (err += d));
    c.on('error', reject);
    c.on('close', (code) => (code === 0 ? resolve({ ...JSON.parse(out.trim().split('\n').pop()), err }) : reject(new Error(`${path.basename(program)}: ${err || out}`))));
    c.stdin.end(input ?? '');
  });
}

function must(args) {
  const r = run(binary, args, { timeout: 1200000 });
  if (r.code !== 0) throw new Error(`bihuan ${args.join(' ')}: ${r.out.slice(-800)}`);
  return r;
}

function demo(name) {
  const data = path.join(room, name);
  must(['demo', '--data', data]);
  return data;
}

async function login(server, who) {
  const c = new Client(server.base, { sockets: 32, timeout: 120000 });
  const meta = await c.request('GET', '/api/meta');
  const r = await c.request('POST', '/api/login', { json: { login: who, password: meta.json.logins.find((l) => l.login === who).password } });
  if (r.status !== 200) throw new Error(`login: ${r.status}`);
  c.cookie = [...c.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
  return c;
}

async function matters(c, n) {
  const org = (await c.request('GET', `/api/orgs?q=${encodeURIComponent('示例区应急管理局')}`)).json.items[0].id;
  const lines = [];
  while (lines.length < n) {
    const batch = await Promise.all(Array.from({ length: Math.min(32, n - lines.length) }, (_, i) =>
      c.request('POST', '/api/matters', { json: { kind: 'task', region: REGION, title: `负载试验 ${lines.length + i}`, sectors: ['fire'], lead: [org], co: [], due: '2027-12-31', targets: [] } })));
    for (const r of batch) {
      if (r.status !== 201) throw new Error(`matter: ${r.status} ${r.body}`);
      lines.push(`${r.json.id} ${r.json.ver}`);
    }
  }
  return lines.join('\n');
}

const ms = (x) => (x < 1 ? x.toFixed(3) : x.toFixed(1)) + ' ms';
const per = (x) => Math.round(x).toLocaleString('en-US');

// Processor time of a process so far, in microseconds.
function processorTime(pid) {
  const t = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop().split(' ');
  return ((Number(t[11]) + Number(t[12])) * 1e6) / 100;
}

async function durableActs() {
  for (const clients of [64, 200]) {
    const data = demo(`acts${clients}`);
    const counter = path.join(room, 'syncs');
    fs.writeFileSync(counter, Buffer.alloc(8));
    const count = () => Number(fs.readFileSync(counter).readBigInt64LE());
    const server = await new Server(binary, { data, env: { LD_PRELOAD: tool('syncs.so'), BENCH_SYNCS: counter } }).start();
    const c = await login(server, 'chen.office');
    const input = await matters(c, clients * 10); // ten each, so that no dossier grows beyond a usual one
    const versions = () => spawnSync('sqlite3', ['-separator', ' ', path.join(data, 'bihuan.db'), `SELECT id, ver FROM matter WHERE id IN (${input.split('\n').map((l) => l.split(' ')[0])})`], { encoding: 'utf8' }).stdout;
    await spawned(tool('load'), ['acts', server.port, clients, 1, c.cookie, c.csrf], input); // warm
    const best = [];
    for (let i = 0; i < 3; i++) {
      const now = versions();
      const before = count();
      const cpu = processorTime(server.child.pid);
      const http = await spawned(tool('load'), ['acts', server.port, clients, seconds, c.cookie, c.csrf], now);
      http.syncs = (count() - before) / http.requests;
      http.cpu = (processorTime(server.child.pid) - cpu) / http.requests;
      const copy = path.join(room, `bare${clients}-${i}`);
      fs.mkdirSync(copy);
      spawnSync('sqlite3', [path.join(data, 'bihuan.db'), `VACUUM INTO '${path.join(copy, 'bihuan.db')}'`]);
      const bare = await spawned(tool('bare'), ['acts', path.join(copy, 'bihuan.db'), clients, seconds]);
      fs.rmSync(copy, { recursive: true });
      best.push({ http, bare, ratio: http.per_s / bare.per_s });
      if (http.failed) say(`durable acts, ${clients} clients`, `${http.failed} FAILED`, '', http.err.slice(0, 200));
    }
    await server.stop();
    const { http, bare, ratio } = best.sort((a, b) => a.ratio - b.ratio)[1];
    say(`durable acts over HTTP, ${clients} clients`, `${per(http.per_s)} /s`, `bare group-committed SQLite ${per(bare.per_s)} /s`, `ratio ${ratio.toFixed(2)} (goal ≥ 0.60)`);
    say(`  p50 / p99 of the same`, `${ms(http.p50)} / ${ms(http.p99)}`, `bare ${ms(bare.p50)} / ${ms(bare.p99)}`, 'goal p99 ≤ 25 ms, quiet machine');
    say(`  processor time an act`, `${http.cpu.toFixed(0)} µs of the server`, `bare ${(bare.cpu_us / bare.requests).toFixed(0)} µs`, 'says what a busy machine hides');
    say(`  fsyncs an act`, http.syncs.toFixed(4), `bare ${(bare.commits / bare.requests).toFixed(4)} commits an act`, `${http.failed} failed`);
  }
}

async function bigLedger() {
  const data = demo('big');
  const t = Date.now();
  must(['bench', 'fill', String(MATTERS), '--data', data]);
  say('store with many matters', `${per(MATTERS)} in ${((Date.now() - t) / 1000).toFixed(0)} s`, '', `${(fs.statSync(path.join(data, 'bihuan.db')).size / 1e6).toFixed(0)} MB`);
  const server = await new Server(binary, { data }).start();
  const db = path.join(data, 'bihuan.db');
  try {
    const office = await login(server, 'chen.office');
    const town = await login(server, 'xu.t1');
    const list = async (name, c, url, sql) => {
      const r = await c.request('GET', url);
      if (r.status !== 200) return say(name, `status ${r.status}`, '', String(r.body).slice(0, 200));
      await spawned(tool('load'), ['get', server.port, 1, 20, c.cookie, url]);
      const h = await spawned(tool('load'), ['get', server.port, 1, 300, c.cookie, url]);
      const b = sql ? await spawned(tool('bare'), ['query', db, 300, sql]) : null;
      say(name, `p50 ${ms(h.p50)}, p95 ${ms(h.p95)}`, b ? `bare indexed query p50 ${ms(b.p50)}, p95 ${ms(b.p95)}` : '', `${r.json.items.length} items, goal p95 < 20 ms`);
    };
    const here = 'region BETWEEN 140109000000 AND 140109999999';
    const cols = 'region, id, no, kind, state, phase, title, sectors, lead_org, due_ms, progress, parent, opened_ms, closed_ms, ver';
    await list('county user’s open list, first page', office, '/api/matters?phase=open&sort=due&limit=50',
      `SELECT ${cols} FROM matter WHERE phase = 'open' AND ${here} ORDER BY due_ms, id LIMIT 50`);
    await list('ledger, first page, one sector and state', office, '/api/matters?phase=open&sector=gas&state=doing&sort=due&limit=50',
      `SELECT ${cols} FROM matter WHERE phase = 'open' AND state = 'doing' AND ${here} ORDER BY due_ms, id LIMIT 50`);
    await list('ledger, first page, overdue', office, '/api/matters?colour=red&limit=50',
      `SELECT ${cols} FROM matter WHERE phase = 'open' AND due_ms < ${Date.now()} AND ${here} ORDER BY due_ms, id LIMIT 50`);
    await list('subdistrict user’s open list', town, '/api/matters?phase=open&sort=due&limit=50',
      `SELECT ${cols} FROM matter WHERE region BETWEEN 140109001000 AND 140109001999 AND phase = 'open' ORDER BY due_ms, id LIMIT 50`);
    await list('what is mine, mostly beyond my territory', town, '/api/matters?mine=1&limit=50', null);
    await list('what is mine, all in my territory', office, '/api/matters?mine=1&limit=50', null);
    await search(server, office, db);
    await statistics(server, office, db);
    await announcing(server, office, db);
    await bulk(office);
  } finally {
    await server.stop();
  }
}

// The tasks of the store are made hazards of the past year; what is measured is one page of figures by source.
async function statistics(server, c, db) {
  const to = Date.now(), from = to - 364 * 86400000;
  const r = spawnSync('sqlite3', [db, `PRAGMA busy_timeout=60000; UPDATE matter SET kind = 'hazard', grade = CASE WHEN id % 12 = 0 THEN 'major' ELSE 'general' END, source = CASE id % 3 WHEN 0 THEN 'random' WHEN 1 THEN 'enforcement' ELSE 'citizen' END, found_ms = ${from} + (id / 4096) % ${to - from} WHERE kind = 'task'`], { encoding: 'utf8' });
  if (r.status !== 0) return say('statistics of a year', 'not measured', '', r.stderr.slice(0, 200));
  const date = (ms) => new Date(ms + 8 * 3600000).toISOString().slice(0, 10);
  const url = `/api/statistics?from=${date(from)}&to=${date(to)}&region=140109000000`;
  const found = 'CASE WHEN found_ms > 0 THEN found_ms ELSE opened_ms END';
  for (const [name, by, key] of [['in all', '', ''], ['by source', '&by=source', 'source, '], ['by region', '&by=region', 'region, ']]) {
    await spawned(tool('load'), ['get', server.port, 1, 2, c.cookie, url + by]);
    const h = await spawned(tool('load'), ['get', server.port, 1, 5, c.cookie, url + by]);
    const b = await spawned(tool('bare'), ['query', db, 5, `SELECT ${key}grade, phase, COUNT(*), SUM(due_ms < ${to}), SUM(closed_ms - ${found}), SUM(closed_ms <= due_ms) FROM matter WHERE kind = 'hazard' AND state <> 'cancelled' AND region BETWEEN 140109000000 AND 140109999999 AND ${found} BETWEEN ${from} AND ${to} GROUP BY ${key}grade, phase`]);
    say(`statistics of a year, ${name}`, `p50 ${ms(h.p50)}`, `bare SQL aggregate p50 ${ms(b.p50)}`, `ratio ${(h.p50 / b.p50).toFixed(2)} (goal ≤ 1.50)`);
  }
}

// A draw over nearly 200,000 candidates is announced while somebody writes one act after the other.
async function announcing(server, c, db) {
  const r = spawnSync('sqlite3', [db, `PRAGMA busy_timeout=60000; UPDATE matter SET phase = 'closed', state = 'ticked-off', grade = 'general', closed_ms = ${Date.now() - 45 * 86400000} WHERE id IN (SELECT id FROM matter WHERE kind = 'hazard' ORDER BY id LIMIT 190000)`], { encoding: 'utf8' });
  if (r.status !== 0) return say('a draw announced', 'not measured', '', r.stderr.slice(0, 200));
  let [id, ver] = (await matters(c, 1)).trim().split(' ');
  const act = async () => {
    const from = process.hrtime.bigint();
    const a = await c.request('POST', `/api/matters/${id}/acts`, { json: { act: 'note', ver: Number(ver), text: '同时办理' } });
    if (a.status !== 200) throw new Error(`act: ${a.status} ${a.body}`);
    ver = a.json.ver;
    return Number(process.hrtime.bigint() - from) / 1e6;
  };
  const alone = [], during = [];
  for (let i = 0; i < 100; i++) alone.push(await act());
  const from = process.hrtime.bigint();
  let draw;
  c.request('POST', '/api/lookback/draws', { json: { n: 1000, seed_source: '当日上证指数收盘价' } }).then((a) => (draw = a));
  while (!draw) during.push(await act());
  const took = Number(process.hrtime.bigint() - from) / 1e6;
  if (draw.status !== 201) throw new Error(`draw: ${draw.status} ${draw.body}`);
  const longest = (v) => ms(Math.max(...v));
  const p50 = (v) => ms([...v].sort((a, b) => a - b)[v.length >> 1]);
  say(`acts while a draw over ${per(draw.json.size)} is announced`, `p50 ${p50(during)}, longest ${longest(during)}`, `alone p50 ${p50(alone)}, longest ${longest(alone)}`, `${during.length} acts in the ${ms(took)} of the draw, goal: none waits more than 50 ms for it`);
}

async function search(server, c, db) {
  const titles = spawnSync('sqlite3', [db, "SELECT title FROM matter WHERE id % 4999 = 7 LIMIT 400"], { encoding: 'utf8' }).stdout;
  const seen = new Map();
  for (const t of titles.split('\n')) for (let i = 0; i + 2 <= t.length; i++) if (/^[\u4e00-\u9fff]{2}$/.test(t.slice(i, i + 2))) seen.set(t.slice(i, i + 2), (seen.get(t.slice(i, i + 2)) ?? 0) + 1);
  const words = [...seen].sort((a, b) => b[1] - a[1]).map(([w]) => w);
  const sample = [...words.slice(0, 10), ...words.slice(-10)];
  let equal = 0, told = '';
  for (const w of sample) {
    const got = (await c.request('GET', `/api/search?q=${encodeURIComponent(w)}`)).json?.items?.slice(0, 20).map((m) => m.id) ?? [];
    const like = spawnSync('sqlite3', [db, `SELECT id FROM matter WHERE region BETWEEN 140109000000 AND 140109999999 AND (title LIKE '%${w}%' OR body LIKE '%${w}%' OR measures LIKE '%${w}%') ORDER BY id DESC LIMIT ${Math.max(1, got.length)}`], { encoding: 'utf8' }).stdout.trim().split('\n');
    if (got.length && got.join() === like.join()) equal++;
    else told ||= `${w}: ${got.length} found`;
  }
  say('search, newest of two-character words', `${equal} of ${sample.length} words equal to LIKE`, told, `goal all`);
  const urls = sample.map((w) => `/api/search?q=${encodeURIComponent(w)}`);
  await spawned(tool('load'), ['get', server.port, 1, 40, c.cookie, ...urls]);
  const h = await spawned(tool('load'), ['get', server.port, 1, 400, c.cookie, ...urls]);
  const like = await spawned(tool('bare'), ['query', db, 3, `SELECT count(*) FROM matter WHERE title LIKE '%${sample.at(-1)}%'`]);
  const one = ['隐', '查', '梯', '鏖'];
  const slow = await spawned(tool('load'), ['get', server.port, 1, 40, c.cookie, ...one.map((w) => `/api/search?q=${encodeURIComponent(w)}`)]);
  const scan = await spawned(tool('bare'), ['query', db, 3, `SELECT count(*) FROM matter WHERE title LIKE '%鏖%'`]);
  say('search, one character, common or nowhere', `p50 ${ms(slow.p50)}, p95 ${ms(slow.p95)}`, `LIKE scan ${ms(scan.p50)}`, `ratio ${(scan.p50 / slow.p50).toFixed(0)}×`);
  say('search, newest over HTTP', `p50 ${ms(h.p50)}, p95 ${ms(h.p95)}`, `LIKE scan ${ms(like.p50)}`, `ratio ${(like.p50 / h.p50).toFixed(0)}×, goal < 2 ms`);
}

async function bulk(c) {
  const input = await matters(c, 300);
  const ids = input.split('\n').map((l) => l.split(' ')[0]);
  const from = process.hrtime.bigint();
  const r = await c.request('POST', '/api/matters/bulk', { json: { ids, act: 'urge', text: '请于本周五前报进展' } });
  const took = Number(process.hrtime.bigint() - from) / 1e6;
  say('bulk change of 300 matters, one transaction', r.status === 200 ? ms(took) : `status ${r.status} ${String(r.body).slice(0, 120)}`, '', 'goal < 300 ms');
}

async function startUp() {
  const data = demo('start');
  const first = new Server(binary, { data });
  await first.start(); // migrations, caches
  await first.stop();
  const times = [];
  for (let i = 0; i < 15; i++) {
    const portFile = path.join(scratch('port'), 'p');
    const from = process.hrtime.bigint();
    const child = spawn(binary, ['serve', '--data', data, '--listen', '127.0.0.1:0', '--port-file', portFile], { stdio: 'ignore' });
    while (!fs.existsSync(portFile)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    times.push(Number(process.hrtime.bigint() - from) / 1e6);
    child.kill('SIGTERM');
    await new Promise((r) => child.once('close', r));
  }
  times.sort((a, b) => a - b);
  const s = await new Server(binary, { data }).start();
  await (await login(s, 'chen.office')).request('GET', '/api/matters');
  await new Promise((r) => setTimeout(r, 1000));
  const rss = Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${s.child.pid}/status`, 'utf8'))[1]) / 1024;
  await s.stop();
  say('start of process to ready, demo city', `median ${ms(times[7])}, worst of 15 ${ms(times[14])}`, '', 'goal ≤ 50 ms');
  say('resident memory, demo city, idle', `${rss.toFixed(1)} MB`, '', 'goal ≤ 40 MB');
  say('size of the binary', `${(fs.statSync(binary).size / 1e6).toFixed(1)} MB`, '', '');
}

async function extraction() {
  const quality = [path.join(build, 'tests', 'bench', 'extract_quality'), path.join(build, 'tests', 'bench', 'quality')].find((p) => fs.existsSync(p));
  const docs = path.resolve('tests/golden/extract/meeting');
  const text = fs.readdirSync(docs).filter((f) => f.startsWith('zh')).map((f) => fs.readFileSync(path.join(docs, f), 'utf8')).join('\n');
  const big = path.join(room, 'big.txt');
  const copies = Math.ceil((8 << 20) / Buffer.byteLength(text));
  fs.writeFileSync(big, text.repeat(copies));
  const size = fs.statSync(big).size;
  const small = path.join(room, 'small.txt');
  fs.writeFileSync(small, text);
  const cpu = (f) => {
    const r = spawnSync('bash', ['-c', `TIMEFORMAT='%U %S'; time "${binary}" extract "${f}" --json > "${f}.json"`], { encoding: 'utf8' });
    const [u, s] = r.stderr.trim().split('\n').pop().split(' ').map(Number);
    return u + s;
  };
  const base = cpu(small);
  const t = cpu(big);
  say('extraction, the whole command', `${(size / 1e6 / Math.max(0.001, t - base)).toFixed(0)} MB/s of Chinese text a core`, `${(size / 1e6).toFixed(1)} MB in ${t.toFixed(2)} s of processor time`, 'goal ≥ 50 MB/s');
  if (!quality) return say('extraction quality', 'not measured', 'no program build/tests/bench/extract_quality', '');
  const r = spawnSync(quality, [], { encoding: 'utf8', timeout: 300000, cwd: path.resolve('.') });
  for (const line of (r.stdout + r.stderr).trim().split('\n').slice(-20)) say('extraction quality', line, '', '');
}

async function draws() {
  const d = await spawned(tool('draw'), []);
  say('repeatable draw of 1,000 from 1,000,000', ms(d.ms), `sorting every key ${ms(d.sort_ms)}`, `${d.same} of ${d.drawn} the same, goal < 200 ms`);
}

// 100,000 objects of 10,000 enterprises with 20,000 posts, written straight into the store.
const DUTY_SQL = `
CREATE TEMP TABLE n (i INTEGER PRIMARY KEY);
WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 100000) INSERT INTO n SELECT i FROM c;
INSERT INTO org SELECT 1000 + i, 140109001000 + (i % 5) * 1000, 'enterprise', '负载企业' || i, 'Load ' || i, '', 0, 2, 0, NULL, 1 FROM n WHERE i <= 10000;
INSERT INTO person SELECT 1000 + i, '张' || i, 'Zhang ' || i, x'00', NULL FROM n WHERE i <= 20000;
INSERT INTO post SELECT 1000 + i, 1001 + (i - 1) / 2, CASE i % 2 WHEN 0 THEN '总经理' ELSE '安全总监' END, 'Post', i % 2, 0, '{"duties":[]}' FROM n WHERE i <= 20000;
INSERT INTO post_hold SELECT 1000 + i, 1000 + i, 1000 + i, 10000, CASE WHEN i % 50 = 0 THEN 10001 ELSE NULL END FROM n WHERE i <= 20000;
INSERT INTO object SELECT 140109001000 + (i % 5) * 1000, 1000 + i, CASE i % 3 WHEN 0 THEN 'gas-station' WHEN 1 THEN 'school' ELSE 'enterprise' END,
  'N' || i, '对象' || i, 'Object ' || i, 1001 + i % 10000, CASE i % 3 WHEN 0 THEN 16 WHEN 1 THEN 2 ELSE 1 END, 0, 140109, '', 0, NULL, NULL, NULL, NULL, NULL, NULL, -1, -1, '', '{}', NULL, NULL, 1 FROM n;
UPDATE duty_version SET version = 1;`;

async function duty() {
  const data = demo('duty');
  const db = path.join(data, 'bihuan.db');
  const r = spawnSync('sqlite3', [db], { input: DUTY_SQL, encoding: 'utf8' });
  if (r.status !== 0) throw new Error(r.stderr);
  const server = await new Server(binary, { data }).start();
  try {
    const c = await login(server, 'chen.office');
    const today = Math.floor(Date.now() / 86400000);
    const held = (org) => `SELECT t.title, p.name, h.from_day FROM post t JOIN post_hold h ON h.post = t.id AND h.from_day <= ${today} AND (h.to_day IS NULL OR h.to_day >= ${today}) JOIN person p ON p.id = h.person WHERE t.org IN (${org})`;
    const lookup = `SELECT * FROM (${held('SELECT owner FROM object WHERE id = 51234')}) UNION ALL SELECT * FROM (${held("SELECT id FROM org WHERE region = 140109000000 AND kind IN ('party', 'government', 'department')")}) UNION ALL SELECT * FROM (${held('SELECT g.id FROM object o JOIN org g ON g.region = o.region AND g.kind = \'township\' WHERE o.id = 51234')})`;
    const gaps = `SELECT COUNT(*) FROM object o WHERE o.region BETWEEN 140109000000 AND 140109999999 AND NOT EXISTS (${held('o.owner')})`;
    const cold = process.hrtime.bigint();
    const first = await c.request('GET', '/api/duty?object=51234');
    const built = Number(process.hrtime.bigint() - cold) / 1e6;
    if (first.status !== 200) throw new Error(`duty: ${first.status} ${first.body}`);
    await spawned(tool('load'), ['get', server.port, 1, 50, c.cookie, '/api/duty?object=51234']);
    const one = await spawned(tool('load'), ['get', server.port, 1, 1000, c.cookie, ...Array.from({ length: 20 }, (_, i) => `/api/duty?object=${1001 + i * 4999}`)]);
    const bareOne = await spawned(tool('bare'), ['query', db, 1000, lookup]);
    say('duty of one object at a moment, 100,000 objects, 20,000 posts', `p50 ${ms(one.p50)} over HTTP`, `bare SQL join p50 ${ms(bareOne.p50)}`, `${first.json.rows.length} rows, goal < 1 ms`);
    say('  the first answer after a change', ms(built), '', 'compiles the index anew');
    const all = await spawned(tool('load'), ['get', server.port, 1, 10, c.cookie, '/api/duty/gaps?limit=50']);
    const bareAll = await spawned(tool('bare'), ['query', db, 5, gaps]);
    const report = (await c.request('GET', '/api/duty/gaps?limit=50')).json;
    say('gaps over all of them', `p50 ${ms(all.p50)} over HTTP`, `bare SQL anti-join of one line p50 ${ms(bareAll.p50)}`, `${per(report.objects)} objects, share ${report.share.toFixed(4)}, goal < 2 s`);
  } finally {
    await server.stop();
  }
}

async function grids() {
  const g = await spawned(tool('grid'), []);
  say(`Gi* over ${per(g.cells)} cells`, ms(g.gi_ms), '', 'goal ≤ 5 ms');
  const both = g.cells_ms + g.zones_ms;
  say('1,000,000 points to cells of 500 m and divisions', ms(both), `GEOS prepared ${ms(g.geos_ms)}, divisions alone`, `cells ${ms(g.cells_ms)}, goal ≤ 300 ms of one core`);
  say(`1,000,000 points to ${per(g.zones)} divisions alone`, ms(g.zones_ms), `GEOS prepared ${ms(g.geos_ms)}`, `ratio ${(g.geos_ms / g.zones_ms).toFixed(1)}×, ${per(g.same)} of ${per(g.of)} answers equal`);
}

async function frames() {
  const file = path.join(room, 'packets.hj212');
  const f = await spawned(tool('hj212'), ['0.5', file]);
  say('HJ 212 frame to readings, one core', `${per(f.packets_per_s)} packets/s, ${f.mb_per_s} MB/s`, `bare pass ${per(f.bare_per_s)} /s`, `ratio ${f.ratio.toFixed(2)} (goal ≥ 0.80)`);
  const p = await spawned('python3', [path.resolve('tests/bench/hj212.py'), file, '2']);
  say('  the same packets in straightforward Python', `${per(p.packets_per_s)} packets/s`, `${p.readings.toFixed(0)} readings a packet, here ${f.readings_per_packet.toFixed(0)}`, `ratio ${(f.packets_per_s / p.packets_per_s).toFixed(0)}× (goal ≥ 50×)`);
  const b = await spawned('python3', [path.resolve('tests/bench/hj212.py'), file, '2', 'printed']);
  say('  the same, its check sum bit by bit as the standard prints it', `${per(b.packets_per_s)} packets/s`, '', `ratio ${(f.packets_per_s / b.packets_per_s).toFixed(0)}×`);
}

// The map of 100,000 objects: one county, half of them crowded.
async function map() {
  const data = demo('map');
  const t = Date.now();
  must(['bench', 'objects', '100000', '--data', data]);
  say('store with 100,000 supervised objects', `in ${((Date.now() - t) / 1000).toFixed(0)} s`, '', 'each an act with its event');
  const server = await new Server(binary, { data }).start();
  const db = path.join(data, 'bihuan.db');
  try {
    const c = await login(server, 'chen.office');
    const measure = async (name, url, sql, count) => {
      const r = await c.request('GET', url);
      if (r.status !== 200) return say(name, `status ${r.status}`, '', String(r.body).slice(0, 200));
      await spawned(tool('load'), ['get', server.port, 1, 10, c.cookie, url]);
      const h = await spawned(tool('load'), ['get', server.port, 1, 100, c.cookie, url]);
      const b = await spawned(tool('bare'), ['query', db, 100, sql]);
      say(name, `p50 ${ms(h.p50)}, p95 ${ms(h.p95)} over HTTP`, `bare indexed query p50 ${ms(b.p50)}`, `${count(r.json)}, ratio ${(h.p50 / b.p50).toFixed(2)}`);
    };
    const here = 'region BETWEEN 140109000000 AND 140109999999 AND secret <= 1';
    const view = (w, s, e, n) => `extent = 0 AND ${here} AND lon BETWEEN ${w} AND ${e} AND lat BETWEEN ${s} AND ${n}`;
    const marks = (j) => `${j.features.length} features of ${per(j.total)} objects`;
    await measure('map, the whole county', '/api/map/objects?bbox=112.33,37.81,112.56,37.94&zoom=11',
      `SELECT id, cell, risk, lat, lon FROM object WHERE ${view(112.33, 37.81, 112.56, 37.94)} ORDER BY cell`, marks);
    await measure('map, some streets', '/api/map/objects?bbox=112.52,37.86,112.54,37.87&zoom=15',
      `SELECT id, cell, risk, lat, lon FROM object WHERE ${view(112.52, 37.86, 112.54, 37.87)}`, marks);
    await measure('map, four colours of the county', '/api/map/regions?zoom=11',
      `SELECT region, risk, COUNT(id) FROM object WHERE ${here} GROUP BY region, risk`, (j) => `${j.features.length} regions`);
    await measure('objects, first page of a type', '/api/objects?type=school&limit=50',
      `SELECT id, name, no, risk, owner, lat, lon FROM object WHERE type = 'school' AND ${here} ORDER BY id LIMIT 50`, (j) => `${j.items.length} of ${per(j.total)}`);
    await measure('objects, by a word of the name', `/api/objects?q=${encodeURIComponent('尾矿')}&limit=50`,
      `SELECT id FROM object WHERE name LIKE '%尾矿%' ORDER BY id LIMIT 50`, (j) => `${j.items.length} of ${per(j.total)}`);
  } finally {
    await server.stop();
  }
}

// Marks of a dossier with eight photos, when a million photos were handed in before.
async function photos() {
  const data = demo('photos');
  const db = path.join(data, 'bihuan.db');
  let server = await new Server(binary, { data }).start();
  let c = await login(server, 'chen.office');
  const [id] = (await matters(c, 1)).split(' ');
  for (let i = 0; i < 8; i++) {
    const r = await c.request('POST', `/api/matters/${id}/files?name=${i}.png`, { raw: photo({ scene: 900 + i, w: 320, taken: '2026:11:01 10:00:00' }) });
    if (r.status !== 201) throw new Error(`photo: ${r.status} ${r.body}`);
  }
  const url = `/api/matters/${id}`;
  const measure = async () => {
    await spawned(tool('load'), ['get', server.port, 1, 20, c.cookie, url]);
    return spawned(tool('load'), ['get', server.port, 1, 200, c.cookie, url]);
  };
  const few = await measure();
  await server.stop();
  const sql = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000), r AS MATERIALIZED (SELECT i, abs(random()) AS h FROM n)
    INSERT INTO photo_print SELECT ${REGION}, i, 'read', h, h & 65535, h >> 16 & 65535, h >> 32 & 65535, h >> 48 & 65535, 4000, 3000, 1, NULL, 1, NULL, NULL, '', '', NULL, 1 FROM r; ANALYZE photo_print;`;
  const made = spawnSync('sqlite3', [db, sql], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.stderr);
  server = await new Server(binary, { data }).start();
  c = await login(server, 'chen.office');
  const many = await measure();
  await server.stop();
  const bare = await spawned(tool('bare'), ['query', db, 200, 'SELECT phash, file, region FROM photo_print WHERE b1 = 4711']);
  say('marks of 8 photos among 1,000,000', `dossier p50 ${ms(many.p50)}, p95 ${ms(many.p95)}`, `without them p50 ${ms(few.p50)}; one bare indexed lookup ${ms(bare.p50)}`,
    `marks ${ms(many.p50 - few.p50)}, goal < 20 ms`);
}

const SECTIONS = { photos, 'HJ 212 frames': frames, ...gatewaySections({ binary, room, tool, demo, must, spawned, login, say, per, seconds, minutes, packets }),
  ...readingsSections({ binary, room, tool, demo, spawned, login, say, ms, per, readings, series }), grids, 'start and size': startUp, 'durable acts': durableActs, extraction, draws, duty, map, 'a million matters': bigLedger };
console.log(`machine: ${os.cpus()[0].model}, ${os.cpus().length} cores, load ${os.loadavg().map((l) => l.toFixed(1)).join(' ')}`);
for (const [name, go] of Object.entries(SECTIONS)) {
  if (!wanted(name)) continue;
  console.log(`==> ${name}`);
  try {
    await go();
  } catch (e) {
    say(name, 'not measured', '', String(e.message ?? e).slice(0, 300));
  }
}
console.log('\n| what | measured | beside | ratio or goal |\n|---|---|---|---|');
for (const r of rows) console.log(`| ${r.map((x) => String(x ?? '').replace(/\|/g, '/').trim()).join(' | ')} |`);
process.exit(0);
