#!/usr/bin/env node
// `make bench`: one table of ratios, each beside the limit or peer that it was measured against in the same run on the
// same machine. It asserts nothing about time; a row that cannot be measured says why.
//   node tests/bench/run.mjs [--build build] [--matters 1000000] [--seconds 5] [words of a row …]
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawn, spawnSync } from 'node:child_process';
import { Client } from '../lib/http.mjs';
import { Server, run, scratch } from '../lib/server.mjs';

const argv = process.argv.slice(2);
const take = (n, or) => (argv.includes(n) ? argv.splice(argv.indexOf(n), 2)[1] : or);
const build = path.resolve(take('--build', 'build'));
const binary = path.join(build, 'bihuan');
const tool = (n) => path.join(build, 'tests', 'bench', n);
const seconds = Number(take('--seconds', 5));
const MATTERS = Number(take('--matters', 1000000));
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
      const http = await spawned(tool('load'), ['acts', server.port, clients, seconds, c.cookie, c.csrf], now);
      http.syncs = (count() - before) / http.requests;
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
    await list('what is mine, first page', town, '/api/matters?mine=1&limit=50', null);
    await search(server, office, db);
    await bulk(office);
  } finally {
    await server.stop();
  }
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

const SECTIONS = { 'start and size': startUp, 'durable acts': durableActs, extraction, 'a million matters': bigLedger };
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
