// The gateway for devices over loopback: streaming beside bare SQLite, packets an fsync, memory under load.
import fs from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { Cluster, pgBin } from '../lib/pg.mjs';
import { Server, scratch } from '../lib/server.mjs';

// Devices BENCH000000 …, ten to a station of its own kind; written straight into the store.
const devicesSql = (n) => `
CREATE TEMP TABLE n (i INTEGER PRIMARY KEY);
WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM c WHERE i < ${n - 1}) INSERT INTO n SELECT i FROM c;
INSERT INTO station (region, id, kind, name, name_en, object, owner, sectors, secret, lat, lon, attrs, valid_from_day, valid_to_day, ver)
  SELECT 140109000000, 7000000 + i, 'air', '负载站' || i, 'Load ' || i, 0, 0, 1, 0, NULL, NULL, '{}', 0, NULL, 1 FROM n;
INSERT INTO device (region, mn, station, state, dialect, crc_policy, answer_policy, pw_salt, pw_mac, peers, real_s, minute_m, reason, first_ms, ver)
  SELECT 140109000000, printf('BENCH%06d', i), 7000000 + i, 'approved', 'auto', 'strict', 'asked', x'', x'', '', 0, 0, 'load', 0, 1 FROM n;`;

const devicesPg = (n) => `
INSERT INTO station (region, id, kind, name, name_en, object, owner, sectors, secret, lat, lon, attrs, valid_from_day, valid_to_day, ver)
  SELECT 140109000000, 7000000 + i, 'air', '负载站' || i, 'Load ' || i, 0, 0, 1, 0, NULL, NULL, '{}', 0, NULL, 1 FROM generate_series(0, ${n - 1}) i;
INSERT INTO device (region, mn, station, state, dialect, crc_policy, answer_policy, pw_salt, pw_mac, peers, real_s, minute_m, reason, first_ms, ver)
  SELECT 140109000000, 'BENCH' || lpad(CAST(i AS TEXT), 6, '0'), 7000000 + i, 'approved', 'auto', 'strict', 'asked', '', '', '', 0, 0, 'load', 0, 1 FROM generate_series(0, ${n - 1}) i;`;

const memoryOf = (pid) => {
  const s = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  const mb = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(s)[1]) / 1024;
  return { all: mb('VmRSS'), own: mb('RssAnon') };
};
const cpu = (pid) => {
  const f = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(f[11]) + Number(f[12])) / 100;
};
const pause = (ms) => new Promise((r) => setTimeout(r, ms));

export function gatewaySections({ binary, room, tool, demo, must, spawned, login, say, per, seconds, minutes, packets }) {
  async function gateway(name, devices, args = []) {
    const data = demo(name);
    const made = spawnSync('sqlite3', [path.join(data, 'bihuan.db')], { input: devicesSql(devices), encoding: 'utf8' });
    if (made.status !== 0) throw new Error(made.stderr);
    const counter = path.join(room, `${name}-syncs`), portFile = path.join(scratch('hj212'), 'port');
    fs.writeFileSync(counter, Buffer.alloc(8));
    const server = await new Server(binary, { data, args: ['--hj212', '127.0.0.1:0', '--hj212-port-file', portFile, '--hj212-frames', '1000000', ...args],
      env: { LD_PRELOAD: tool('syncs.so'), BENCH_SYNCS: counter } }).start();
    return { data, server, port: Number(fs.readFileSync(portFile, 'utf8')), pid: server.child.pid, syncs: () => Number(fs.readFileSync(counter).readBigInt64LE()) };
  }

  const batches = async (server) => (await (await login(server, 'chen.office')).request('GET', '/api/gateway')).json;

  // Streaming: readings a second, durable, beside the same rows written by bare SQLite in commits of the same size.
  async function streaming() {
    const tries = [];
    for (let i = 0; i < 3; i++) {
      const g = await gateway(`stream${i}`, 2000);
      await spawned(tool('devices'), ['stream', g.port, 100, 2000, 2000]); // each device is met, each code has its number
      const before = cpu(g.pid);
      const s = await spawned(tool('devices'), ['stream', g.port, 100, 2000, packets]);
      s.server_cpu = cpu(g.pid) - before;
      const n = await batches(g.server);
      await g.server.stop();
      const each = Math.max(1, Math.round(n.counts.packets / n.batches));
      const bare = await spawned(tool('rows'), [path.join(g.data, 'series.db'), path.join(room, `rows${i}.db`), each]);
      for (const f of fs.readdirSync(room)) if (f.startsWith(`rows${i}`)) fs.rmSync(path.join(room, f));
      fs.rmSync(g.data, { recursive: true });
      const rate = s.packets / s.seconds;
      tries.push({ s, bare, each, rate, ratio: rate / bare.per_s, stored: n.counts.packets });
    }
    const { s, bare, each, rate, ratio, stored } = tries.sort((a, b) => a.ratio - b.ratio)[1];
    say('HJ 212 streaming, durable, 100 connections', `${per(rate * s.readings / s.packets)} readings/s, ${per(rate)} packets/s`,
      `bare SQLite, the same rows, ${per(each)} a commit: ${per(bare.per_s)} rows/s`, `ratio ${ratio.toFixed(2)} (goal ≥ 0.50), tries ${tries.map((t) => t.ratio.toFixed(2)).join(' ')}`);
    say('  processor time a packet', `gateway ${(s.server_cpu / s.packets * 1e6).toFixed(2)} µs, the devices ${(s.cpu_s / s.packets * 1e6).toFixed(2)} µs`,
      `bare ${(bare.cpu_s / bare.rows * 1e6).toFixed(2)} µs a row`, `${per(stored)} packets stored, two cores for all`);
  }

  // The same with the server's tables in PostgreSQL, both as durable as it gets, beside bare COPY and a bare INSERT a row.
  async function postgresql() {
    if (!pgBin()) return say('HJ 212 streaming into PostgreSQL', 'not measured', '', 'its server programs are not installed');
    const cluster = new Cluster({ fsync: true }).start();
    const tries = [];
    try {
      for (let i = 0; i < 3; i++) {
        const name = `stream${i}`, url = cluster.create(name), data = path.join(room, `pg-${name}`);
        must(['demo', '--data', data, '--db', url]);
        cluster.sql(devicesPg(2000), name);
        const portFile = path.join(scratch('hj212'), 'port');
        const server = await new Server(binary, { data, url, args: ['--hj212', '127.0.0.1:0', '--hj212-port-file', portFile, '--hj212-frames', '1000000'] }).start();
        const port = Number(fs.readFileSync(portFile, 'utf8'));
        await spawned(tool('devices'), ['stream', port, 100, 2000, 2000]);
        const before = cpu(server.child.pid), from = (await batches(server)).batches;
        const s = await spawned(tool('devices'), ['stream', port, 100, 2000, packets / 2]);
        s.server_cpu = cpu(server.child.pid) - before;
        const n = await batches(server);
        await server.stop();
        const each = Math.max(1, Math.round(s.packets / (n.batches - from)));
        const copy = await spawned(tool('copies'), [url, 'copy', each]);
        const insert = await spawned(tool('copies'), [url, 'insert', each]);
        cluster.drop(name);
        fs.rmSync(data, { recursive: true });
        const rate = s.packets / s.seconds;
        tries.push({ s, copy, insert, each, rate, ratio: rate / copy.per_s });
      }
    } finally {
      cluster.stop();
    }
    const { s, copy, insert, each, rate, ratio } = tries.sort((a, b) => a.ratio - b.ratio)[1];
    say('HJ 212 streaming into PostgreSQL, durable, 100 connections', `${per(rate * s.readings / s.packets)} readings/s, ${per(rate)} packets/s`,
      `bare binary COPY, the same rows, ${per(each)} a commit: ${per(copy.per_s)} rows/s`, `ratio ${ratio.toFixed(2)}, tries ${tries.map((t) => t.ratio.toFixed(2)).join(' ')}`);
    say('  beside a prepared INSERT a row', `${(s.server_cpu / s.packets * 1e6).toFixed(2)} µs of the gateway a packet`, `bare INSERT ${per(insert.per_s)} rows/s, bare COPY ${(copy.per_s / insert.per_s).toFixed(1)}×`,
      `ratio ${(rate / insert.per_s).toFixed(2)}`);
  }

  // A packet a connection at a time, the next one when it is acknowledged: how many share a durable commit.
  async function acknowledged() {
    const g = await gateway('acks', 5000);
    await spawned(tool('devices'), ['ack', g.port, 1000, 1]);
    for (const [name, args] of [['1,000 connections, one packet each under way', ['ack', g.port, 1000, seconds]], ['1,000 connections, 5,000 devices, a packet each a second', ['pace', g.port, 1000, 5000, seconds]]]) {
      const from = g.syncs();
      const a = await spawned(tool('devices'), args);
      const syncs = g.syncs() - from;
      say(`HJ 212 acknowledged when stored, ${name}`, `${per(a.acknowledged / a.seconds)} packets/s`, `${(a.packets / syncs).toFixed(0)} packets an fsync`,
        `${per(a.packets - a.acknowledged)} without an answer, goal ≥ 50 packets an fsync`);
    }
    await g.server.stop();
  }

  // Resident memory while packets come at an even pace.
  async function memory() {
    const g = await gateway('memory', 2000);
    const run = spawned(tool('devices'), ['pace', g.port, 1000, 2000, minutes * 60]);
    const seen = [];
    let over = false;
    const from = Date.now();
    run.finally(() => (over = true)).catch(() => {});
    while (!over) {
      await pause(1000);
      seen.push(memoryOf(g.pid));
    }
    const r = await run;
    await g.server.stop();
    const at = (x) => seen[Math.min(seen.length - 1, Math.floor(x * seen.length))].all.toFixed(0);
    const most = (from, to) => Math.max(...seen.slice(Math.floor(from * seen.length), Math.ceil(to * seen.length)).map((m) => m.all)).toFixed(0);
    say(`memory over ${((Date.now() - from) / 60000).toFixed(1)} minutes, 2,000 devices, a packet each a second`, `${at(0.05)} MB at first, ${at(0.5)} MB half-way, ${at(1)} MB at the end`,
      `highest of the thirds ${most(0, 1 / 3)}, ${most(1 / 3, 2 / 3)}, ${most(2 / 3, 1)} MB; own at the end ${seen.at(-1).own.toFixed(0)} MB`, `${per(r.acknowledged)} of ${per(r.packets)} acknowledged; --minutes 60 for an hour`);
  }

  return { 'HJ 212 streaming': streaming, 'HJ 212 into PostgreSQL': postgresql, 'HJ 212 acknowledged': acknowledged, 'HJ 212 memory': memory };
}
