#!/usr/bin/env node
// What must survive: kill -9 under load, a full disk, failing system calls, a lost database, SIGTERM.
//   node tests/fault/run.mjs [--binary build/bihuan] [--rounds 300] [--seed N] [words of a case …]
import fs from 'node:fs';
import path from 'node:path';
import { spawn, spawnSync } from 'node:child_process';
import { Client } from '../lib/http.mjs';
import { Server, scratch } from '../lib/server.mjs';
import { exec } from '../scenario/world.mjs';
import { Cluster, pgBin } from '../lib/pg.mjs';
import { Load } from './load.mjs';
import { CANDIDATES, drawKilled, tasksKilled, tickedOff } from './draw.mjs';
import { devicesThroughFaults } from './hj212.mjs';
import { acknowledgedAfterCommit, brokerThroughFaults } from './mqtt.mjs';
import { compare, drain, makeQueue } from './queue.mjs';

const argv = process.argv.slice(2);
const take = (n, or) => (argv.includes(n) ? argv.splice(argv.indexOf(n), 2)[1] : or);
const binary = path.resolve(take('--binary', 'build/bihuan'));
const rounds = Number(take('--rounds', 300));
let seed = Number(take('--seed', 20261102));
const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
// Lets system calls of a running server fail from now on; → when every thread of it is traced.
async function trace(server, inject) {
  const strace = spawn('strace', ['-f', '-p', String(server.child.pid), '-o', '/dev/null', '-e', `trace=${inject.split(':')[0]}`, '-e', `inject=${inject}`], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  const ended = new Promise((resolve) => { strace.once('close', resolve); strace.once('error', resolve); });
  const threads = () => fs.readdirSync(`/proc/${server.child.pid}/task`);
  const traced = () => threads().every((t) => /^TracerPid:\t[1-9]/m.test(fs.readFileSync(`/proc/${server.child.pid}/task/${t}/status`, 'utf8')));
  strace.stderr.on('data', (c) => (said += c));
  let over = false;
  ended.then(() => (over = true));
  while (!traced()) {
    if (over) throw new Skip(`strace may not look at the server: ${said.trim() || 'it is not there'}`);
    await pause(5);
  }
  return { ended };
}

const pause = (ms) => new Promise((r) => setTimeout(r, ms));
const LOGIN = 'chen.office';

class Skip extends Error {}

let base;
async function demo(name, into) {
  if (!base) {
    base = path.join(scratch('base'), 'data');
    const r = await exec(binary, ['demo', '--data', base]);
    if (r.code !== 0) throw new Error(`demo: ${r.out}`);
  }
  const data = path.join(into ?? scratch(name), 'data');
  fs.cpSync(base, data, { recursive: true });
  return data;
}

async function password(server) {
  const meta = await new Client(server.base).request('GET', '/api/meta');
  return meta.json.logins.find((l) => l.login === LOGIN).password;
}

async function loaded(server, n) {
  await server.start();
  const load = new Load(server, n);
  await load.prepare(LOGIN, await password(server));
  return load;
}

async function whole(data, url) {
  const r = await exec(binary, ['verify', '--data', data, ...(url ? ['--db', url] : [])]);
  if (r.code !== 0) throw new Error(`verify: ${r.out.slice(-800)}`);
  if (!url) {
    const q = await exec('sqlite3', [path.join(data, 'bihuan.db'), 'PRAGMA quick_check']);
    if (q.out.trim() !== 'ok') throw new Error(`quick_check: ${q.out.slice(-800)}`);
  }
}

async function killLoop(server, data, url, times, longest) {
  const load = await loaded(server, 8);
  for (let i = 1; i <= times; i++) {
    const finish = load.start();
    await pause(10 + Math.floor(random() * longest));
    await server.kill();
    await finish();
    if (i % 10 === 0) { // killed again while it recovers
      const half = server.start().catch(() => {});
      await pause(Math.floor(random() * 30));
      server.child.kill('SIGKILL');
      await half;
    }
    await server.start();
    load.moved();
    await load.check();
    if (i % 50 === 0) await whole(data, url);
  }
  const acts = await load.check();
  await server.stop();
  await whole(data, url);
  return `${times} rounds, ${acts} acts acknowledged, none lost${[...load.refused].map(([k, v]) => `, ${v}× ${k}`).join('')}`;
}

const CASES = {
  'kill -9 under load, SQLite': async () => {
    const data = await demo('kill');
    return killLoop(new Server(binary, { data }), data, null, rounds, 110);
  },

  'kill -9 under load, PostgreSQL': async () => {
    const cluster = new Cluster({ fsync: true }).start();
    const url = cluster.create('kill');
    const data = path.join(scratch('killpg'), 'data');
    const r = await exec(binary, ['demo', '--data', data, '--db', url]);
    if (r.code !== 0) throw new Error(`demo: ${r.out}`);
    const told = await killLoop(new Server(binary, { data, url }), data, url, Math.max(1, Math.floor(rounds / 15)), 600);
    cluster.stop();
    return told;
  },

  'SIGTERM answers what is under way and ends well': async () => {
    const data = await demo('term');
    const server = new Server(binary, { data });
    const load = await loaded(server, 32);
    for (let i = 0; i < 5; i++) {
      const finish = load.start();
      await pause(60);
      const [end] = await Promise.all([server.stop(), pause(30).then(finish)]);
      if (end.code !== 0) throw new Error(`ended with ${end.code ?? end.signal}: ${server.log.slice(-800)}`);
      await server.start();
      load.moved();
      await load.check();
    }
    await server.stop();
    await whole(data);
  },

  'a full disk is told, reads go on, and it heals': async () => {
    const dir = scratch('full');
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'none', dir]).status !== 0) throw new Skip('no right to mount');
    try {
      const data = await demo('full', dir);
      const server = new Server(binary, { data });
      const load = await loaded(server, 4);
      const filler = path.join(dir, 'filler');
      const fd = fs.openSync(filler, 'w');
      try {
        for (;;) fs.writeSync(fd, Buffer.alloc(65536));
      } catch (e) {
        if (e.code !== 'ENOSPC') throw e;
      }
      fs.closeSync(fd);
      const statuses = new Set();
      for (let i = 0; i < 3000 && !statuses.has(507) && !statuses.has(503); i++) {
        const w = load.writers[i % 4];
        const r = await load.client.request('POST', `/api/matters/${w.id}/acts`, { json: { act: 'note', ver: w.acked, text: '满'.repeat(1500) } });
        statuses.add(r.status);
        if (r.status === 200) w.acked = r.json.ver;
        else if (!r.json?.detail) throw new Error(`no clear error: ${r.status} ${r.body}`);
      }
      if (!statuses.has(507) && !statuses.has(503)) throw new Error(`no act was refused: ${[...statuses]}`);
      const up = await load.client.request('POST', '/api/documents?name=a.txt', { raw: Buffer.alloc(4 << 20, 0x61) });
      if (![503, 507].includes(up.status)) throw new Error(`an upload on a full disk said ${up.status}: ${up.body.subarray(0, 300)}`);
      await load.check();
      fs.rmSync(filler);
      const finish = load.start();
      await pause(300);
      await finish();
      const before = load.writers.reduce((n, w) => n + w.acked, 0);
      const again = load.start();
      await pause(300);
      await again();
      if (load.writers.reduce((n, w) => n + w.acked, 0) <= before) throw new Error('it did not heal when there was room again');
      await load.check();
      await server.stop();
      await whole(data);
      return `refused with ${[...statuses].filter((s) => s !== 200)}`;
    } finally {
      spawnSync('umount', ['-l', dir]);
    }
  },

  'failing system calls lose nothing that was acknowledged': async () => {
    const seen = [];
    for (const inject of ['fdatasync,fsync:error=EIO:when=4+3', 'pwrite64:error=ENOSPC:when=30+5', 'fdatasync:signal=KILL:when=9']) {
      // (A return value made up by strace would be a disk that lies, which no store survives.)
      const data = await demo('inject');
      const server = new Server(binary, { data });
      const load = await loaded(server, 4);
      const tracer = await trace(server, inject);
      let gone = false;
      server.ended.then(() => (gone = true));
      const finish = load.start();
      // A traced server is slow: the fault has come when somebody was refused or the server is gone.
      for (const until = Date.now() + 20000; !load.refused.size && !gone && Date.now() < until;) await pause(20);
      await finish();
      await server.kill();
      await tracer.ended;
      for (const w of load.writers) w.inFlight = true; // an answer of 503 leaves it open whether the act is there
      await server.start();
      load.moved();
      await load.check();
      await server.stop();
      await whole(data);
      // A disk without room must have been told to somebody; an act that was refused is not there afterwards.
      if (inject.includes('ENOSPC') && ![...load.refused.keys()].some((k) => /503|507/.test(String(k)))) throw new Error(`no act was refused although ${inject}`);
      if (inject.includes('KILL') && !gone) throw new Error(`it was not killed although ${inject}`);
      seen.push(`${inject.split(':').slice(0, 2).join(' ')} → ${[...load.refused].map(([s, n]) => `${s}×${n}`).join(' ') || 'no refusal'}`);
    }
    return seen.join('; ');
  },

  'a ledger hashed with SM3 is served, killed and verified': async () => {
    const data = path.join(scratch('sm3'), 'data');
    const r = await exec(binary, ['demo', '--data', data, '--hash', 'sm3']);
    if (r.code !== 0) throw new Error(`demo: ${r.out}`);
    const server = new Server(binary, { data, args: ['--hash', 'sm3'] });
    const told = await killLoop(server, data, null, 5, 200);
    await server.start();
    const client = new Client(server.base);
    const me = await client.request('POST', '/api/login', { json: { login: LOGIN, password: await password(server) } });
    if (me.status !== 200) throw new Error(`login: ${me.status}`);
    const logs = await client.request('GET', '/api/ledger');
    if (!logs.json.items?.length || logs.json.items.some((l) => l.alg !== 'sm3')) throw new Error(`not SM3: ${logs.body}`);
    const check = await client.request('POST', '/api/ledger/check', { json: {} });
    if (check.status !== 200 || !check.json.ok) throw new Error(`check: ${check.status} ${check.body}`);
    await server.stop();
    return told;
  },

  'PostgreSQL’s connections are cut under load': async () => {
    if (!pgBin()) throw new Error('PostgreSQL’s server programs are not installed');
    const cluster = new Cluster({ fsync: true }).start();
    const url = cluster.create('cut');
    const data = path.join(scratch('cut'), 'data');
    const r = await exec(binary, ['demo', '--data', data, '--db', url]);
    if (r.code !== 0) throw new Error(`demo: ${r.out}`);
    const server = new Server(binary, { data, url });
    const load = await loaded(server, 8);
    for (let i = 0; i < 10; i++) {
      const finish = load.start();
      await pause(100);
      cluster.sql(`SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = 'cut' AND pid <> pg_backend_pid()`);
      await pause(150);
      await finish();
      for (const w of load.writers) w.inFlight = true;
      for (let tries = 0; ; tries++) {
        try {
          await load.check();
          break;
        } catch (e) {
          if (!/: 503 /.test(e.message) || tries > 20) throw e;
          await pause(50);
        }
      }
    }
    await server.stop();
    await whole(data, url);
    cluster.stop();
    return [...load.refused].map(([s, n]) => `${s}×${n}`).join(' ');
  },
};

const drainKilled = (server, data, url, how) => withLog(server, () => drained(server, data, url, how));

// What a server said of its last minutes explains a refusal better than its answer does.
async function withLog(server, go) {
  try {
    return await go();
  } catch (e) {
    throw new Error(`${e.message}\n${server.log.trimEnd().split('\n').slice(-5).join('\n')}`);
  }
}

async function drained(server, data, url, { findings = 500, kills: points = [0.15, 0.45, 0.8], started = () => {} } = {}) {
  await server.start();
  const q = await makeQueue(server, findings);
  await started(q);
  const at = points.map((x) => Math.floor(q.queue.length * x));
  let kills = 0;
  const again = await drain(server, q, async (sent) => {
    if (kills === at.length || sent < at[kills]) return;
    kills++;
    await pause(Math.floor(random() * 6)); // in the middle of an answer
    await server.kill();
    await server.start();
    q.client.base = server.base;
    await started(q);
  });
  q.client.base = server.base;
  await compare(q);
  await server.stop();
  await whole(data, url);
  return `${q.items.length} items and ${q.photos.length} photos, ${kills} kills, ${again} sent again`;
}

CASES['an offline queue drains through a server killed three times, SQLite'] = async () => {
  const data = await demo('queue');
  return drainKilled(new Server(binary, { data }), data, null);
};

CASES['an offline queue drains through a server killed three times, PostgreSQL'] = async () => {
  const cluster = new Cluster({ fsync: true }).start();
  const url = cluster.create('queue');
  const data = path.join(scratch('queuepg'), 'data');
  const r = await exec(binary, ['demo', '--data', data, '--db', url]);
  if (r.code !== 0) throw new Error(`demo: ${r.out}`);
  const told = await drainKilled(new Server(binary, { data, url }), data, url);
  cluster.stop();
  return told;
};

CASES['an offline queue drains through a server whose clock is set back at every start'] = async () => {
  const data = await demo('clock');
  const t = Date.now() + 60000;
  const started = async (q) => {
    const r = await q.client.request('POST', '/api/test/clock', { json: { now_ms: t } });
    if (r.status >= 300) throw new Error(`the clock: ${r.status} ${r.body}`);
  };
  // The runs after the first are shorter than it, so each ends before the newest time that the store knows.
  return drainKilled(new Server(binary, { data, args: ['--test-clock'] }), data, null, { findings: 100, kills: [0.6, 0.7, 0.8], started });
};

CASES['a draw killed while its candidates are written leaves nothing, and keeps nobody waiting'] = async () => {
  const data = await demo('draw');
  tickedOff(data, CANDIDATES);
  const server = new Server(binary, { data, args: ['--test-clock'] });
  const load = await loaded(server, 2);
  const clock = async (ms) => {
    const r = await load.client.request('POST', '/api/test/clock', { json: { now_ms: ms } });
    if (r.status >= 300) throw new Error(`the clock: ${r.status} ${r.body}`);
    const me = await load.client.request('POST', '/api/login', { json: { login: LOGIN, password: await password(server) } }); // that session is over
    if (me.status !== 200) throw new Error(`login: ${me.status}`);
  };
  const told = await drawKilled(server, load, data, clock);
  await server.stop();
  return told;
};

CASES['the tasks of a draw are made some at a time, and after a kill each is there once'] = async () => {
  const data = await demo('tasks');
  tickedOff(data, 6000);
  const server = new Server(binary, { data });
  const load = await loaded(server, 2);
  const told = await tasksKilled(server, load, data);
  await server.stop();
  return told;
};

CASES['a message of the broker is acknowledged after its commit'] = async () => {
  const data = await demo('ack');
  return acknowledgedAfterCommit({ serverOf: (args) => new Server(binary, { data, args }), login: LOGIN, password, Skip, ended: () => whole(data, null) });
};

CASES['no message that the broker sent is lost through kills and a failing disk'] = async () => {
  const data = await demo('mqtt');
  return brokerThroughFaults({
    serverOf: (args) => new Server(binary, { data, args }), login: LOGIN, password, random, kills: 4, ended: () => whole(data, null),
    trace: (server, inject) => trace(server, inject).catch((e) => { if (e instanceof Skip) return null; throw e; }),
  });
};

CASES['no packet that a device of HJ 212 was told is stored is lost through kills and a failing disk'] = async () => {
  const data = await demo('hj212');
  return devicesThroughFaults({
    serverOf: (args) => new Server(binary, { data, args }), data, random, kills: 3, ended: () => whole(data, null),
    trace: (server, inject) => trace(server, inject).catch((e) => { if (e instanceof Skip) return null; throw e; }),
  });
};

const n = { passed: 0, failed: 0, skipped: 0 };
for (const [name, go] of Object.entries(CASES)) {
  if (!argv.every((w) => name.includes(w))) continue;
  const from = Date.now();
  try {
    const told = await go();
    n.passed++;
    console.log(`ok - ${name} (${((Date.now() - from) / 1000).toFixed(1)} s)${told ? `: ${told}` : ''}`);
  } catch (e) {
    const skip = e instanceof Skip;
    n[skip ? 'skipped' : 'failed']++;
    console.log(skip ? `ok - ${name} # SKIP ${e.message}` : `not ok - ${name}\n    ${e.stack ?? e}`);
  }
}
console.log(`fault: ${n.passed} passed, ${n.failed} failed, ${n.skipped} skipped`);
process.exit(n.failed ? 1 : 0);
