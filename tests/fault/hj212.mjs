// Devices that speak HJ 212 to a house that is killed and whose disk fails meanwhile: what was acknowledged is there afterwards.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Device } from '../lib/hj212.mjs';
import { scratch } from '../lib/server.mjs';

const pause = (ms) => new Promise((r) => setTimeout(r, ms));
const REGION = 140109000000, FIRST = 1000, N = 12;
const stamp = (ms) => new Date(ms + 8 * 3600000).toISOString().replace(/[-T:]/g, '').slice(0, 14);

function sql(file, text) {
  const r = spawnSync('sqlite3', ['-cmd', '.timeout 5000', file, text], { encoding: 'utf8' });
  if (r.status !== 0) throw new Error(r.stderr);
  return r.stdout.trim();
}

// Each sends a packet of the next second, again until it is acknowledged, as devices do.
class Devices {
  constructor(data) {
    this.data = data;
    this.begin = Math.floor(Date.now() / 1000) * 1000 + 60000; // ahead of now: nothing of it is packed meanwhile
    this.next = Array(N).fill(0);
    this.acknowledged = Array.from({ length: N }, () => new Set());
    const one = (i) => `INSERT INTO station SELECT ${REGION}, ${FIRST + i}, 'river', 'S${i}', '', 0, 0, 1, 0, NULL, NULL, '{}', 0, NULL, 1;
      INSERT INTO device SELECT ${REGION}, 'FAULT${i}', ${FIRST + i}, 'approved', 'auto', 'strict', 'asked', x'', x'', '', 0, 0, '', 0, 1;`;
    sql(path.join(data, 'bihuan.db'), Array.from({ length: N }, (_, i) => one(i)).join('\n'));
  }

  get total() {
    return this.acknowledged.reduce((n, s) => n + s.size, 0);
  }

  async #speak(i, port, running) {
    const d = await Device.connect(port).catch(() => null);
    while (d?.open && running()) {
      const k = this.next[i], at = this.begin + k * 1000, qn = `${k + 1}`;
      d.send(`QN=${qn};ST=32;CN=2011;PW=123456;MN=FAULT${i};Flag=5;CP=&&DataTime=${stamp(at)};w01018-Rtd=${k % 70}.5,w01018-Flag=N&&`);
      const heard = () => d.frames.some((f) => f.startsWith(`QN=${qn};`) && f.includes('CN=9014'));
      for (const until = Date.now() + 500; !heard() && d.open && Date.now() < until;) await pause(2);
      if (!heard()) continue; // the same packet again
      d.frames.length = 0;
      this.acknowledged[i].add(at);
      this.next[i]++;
    }
    d?.close();
  }

  // Starts speaking; → a function that ends it and waits.
  start(port) {
    let on = true;
    const all = Array.from({ length: N }, (_, i) => this.#speak(i, port, () => on));
    return async () => {
      on = false;
      await Promise.all(all);
    };
  }

  // With the house down: its file is read as it was left.
  check() {
    const rows = sql(path.join(this.data, 'series.db'), `SELECT station || ' ' || at_ms FROM series_packet WHERE station BETWEEN ${FIRST} AND ${FIRST + N - 1}`);
    const there = new Set(rows.split('\n'));
    this.acknowledged.forEach((s, i) => {
      for (const at of s) if (!there.has(`${FIRST + i} ${at}`)) throw new Error(`device ${i}: the packet of ${stamp(at)} was acknowledged and is not there`);
    });
  }
}

const FAULTS = ['fdatasync,fsync:error=EIO:when=6+', 'pwrite64:error=ENOSPC:when=20+5', 'fdatasync:signal=KILL:when=9'];

export async function devicesThroughFaults({ serverOf, data, random, kills, trace, ended }) {
  const devices = new Devices(data), file = path.join(scratch('hj212'), 'port');
  const server = serverOf(['--hj212', '127.0.0.1:0', '--hj212-port-file', file]);
  const port = () => Number(fs.readFileSync(file, 'utf8'));
  const told = [];
  for (let i = 0; i < kills; i++) {
    await server.start();
    const finish = devices.start(port());
    await pause(100 + random() * 300);
    await server.kill();
    await finish();
    devices.check();
  }
  if (!devices.total) throw new Error('nothing was acknowledged');
  told.push(`${devices.total} acknowledged through ${kills} kills`);
  for (const inject of FAULTS) {
    await server.start();
    const tracer = await trace(server, inject);
    if (!tracer) break;
    let gone = false, failed = 0;
    server.ended.then(() => (gone = true));
    const before = devices.total, finish = devices.start(port());
    const look = async () => Number(/^bihuan_hj212_failed_batches_total (\d+)$/m.exec(await (await fetch(`${server.base}/metrics`)).text())?.[1]);
    for (const until = Date.now() + 15000; !gone && !failed && Date.now() < until; await pause(20))
      failed = await look().catch(() => failed);
    const died = gone;
    await finish();
    await server.kill();
    await tracer.ended;
    devices.check();
    if (inject.includes('KILL') ? !died : !failed) throw new Error(`${inject}: the gateway did not notice`);
    told.push(`${inject.split(':').slice(0, 2).join(' ')} → ${died ? 'killed' : `${failed} batches refused`}, ${devices.total - before} acknowledged`);
  }
  await server.start();
  await server.stop();
  await ended();
  return told.join('; ');
}
