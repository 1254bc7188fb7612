// The gateway under hostile and dying conditions, and a real conversation where the data for trials are at hand.
import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { spawn, spawnSync } from 'node:child_process';
import { Server, scratch, run } from '../lib/server.mjs';
import { Client } from '../lib/http.mjs';
import { Device } from '../lib/hj212.mjs';

const binary = path.resolve(process.env.BIHUAN_BINARY);
const dataset = path.resolve('../shared/data/hj212/conversation.csv.gz');
const REGION = 140109000000;

const sql = (file, text) => {
  const r = spawnSync('sqlite3', ['-cmd', '.timeout 5000', file, text], { encoding: 'utf8' });
  assert.equal(r.status, 0, r.stderr);
  return r.stdout.trim();
};

async function gateway(mns, args = []) {
  const data = path.join(scratch('gateway'), 'data');
  const made = run(binary, ['demo', '--data', data]);
  assert.equal(made.code, 0, made.out);
  sql(path.join(data, 'bihuan.db'), mns.map((mn, i) =>
    `INSERT INTO station SELECT ${REGION}, ${1000 + i}, 'river', 'S${i}', '', 0, 0, 1, 0, NULL, NULL, '{}', 0, NULL, 1;
      INSERT INTO device SELECT ${REGION}, '${mn}', ${1000 + i}, 'approved', 'auto', 'strict', 'asked', x'', x'', '', 60, 10, '', 0, 1;`).join('\n'));
  const portFile = path.join(scratch('port'), 'hj212');
  const server = await new Server(binary, { data, args: ['--hj212', '127.0.0.1:0', '--hj212-port-file', portFile, ...args] }).start();
  return { server, data, port: () => Number(fs.readFileSync(portFile, 'utf8')), rows: () => Number(sql(path.join(data, 'series.db'), 'SELECT COUNT(*) FROM series_packet')) };
}

const memory = (pid) => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
const stamp = (ms) => new Date(ms + 8 * 3600000).toISOString().replace(/[-T:]/g, '').slice(0, 14);
const upload = (qn, mn, at, value = '1.5') => `QN=${qn};ST=32;CN=2011;PW=123456;MN=${mn};Flag=5;CP=&&DataTime=${stamp(at)};w01018-Rtd=${value},w01018-Flag=N&&`;

test('hostile peers cost little and stop nobody', async () => {
  const g = await gateway(['GOOD'], ['--hj212-partial', '1']);
  const good = await Device.connect(g.port());
  good.send(upload(1, 'GOOD', Date.now() - 5000));
  await good.expect(/^QN=1;.*CN=9014/);
  const before = memory(g.server.child.pid);
  const bad = await Promise.all(Array.from({ length: 63 }, () => Device.connect(g.port())));
  bad.slice(0, 20).forEach((d) => d.raw(`##9999QN=${'9'.repeat(500)}`)); // and never goes on
  bad.slice(20, 30).forEach((d) => d.raw(Buffer.alloc(10 << 20, 0x41))); // 10 MB without CR LF
  bad.slice(30, 40).forEach((d) => d.raw('##0000##9999##12x4\r\n##0004&&&&0000\r\n'.repeat(200)));
  bad.slice(40, 50).forEach((d, i) => d.send(upload(7, `WHO-${i}`, Date.now())));
  bad.slice(60).forEach((d) => { // a byte now and then, for ever
    let at = 0;
    const packet = `##0900QN=1;ST=32;CN=2011;${'x'.repeat(800)}`;
    const drip = setInterval(() => (d.open ? d.raw(packet[at++ % packet.length]) : clearInterval(drip)), 20);
  });
  bad.slice(50, 60).forEach((d) => {
    d.raw('##0009QN=6;ST=32;CN=2011;PW=123456;MN=GOOD;Flag=5;CP=&&DataTime=20260101000000;w01018-Rtd=1&&1C80\r\n');
    for (const value of ['NaN', '1e999', '123456789012345.123456789012345', '-', '0x10']) d.send(upload(8, 'GOOD', Date.now(), value));
    d.send(upload(9, 'GOOD', Date.now() + 40 * 86400000));
    d.send('QN=10;ST=32;CN=2011;PW=123456;MN=GOOD;Flag=5;CP=&&DataTime=20261399256199;w01018-Rtd=1&&');
    d.send(`QN=11;ST=32;CN=2011;PW=1;MN=${'M'.repeat(900)};Flag=5;CP=&&DataTime=${stamp(Date.now())};w01018-Rtd=1&&`);
  });
  for (let i = 2; i < 60; i++) {
    good.send(upload(i + 100, 'GOOD', Date.now() - 90000 + i * 1000));
    await good.expect(new RegExp(`^QN=${i + 100};.*CN=9014`));
  }
  assert.ok(memory(g.server.child.pid) - before < 64 * 1024, 'memory grew by more than 64 MB');
  const until = Date.now() + 10000; // half packets and floods are cut off, each with its reason
  const cut = [...bad.slice(0, 30), ...bad.slice(60)];
  while (cut.some((d) => d.open) && Date.now() < until) await new Promise((go) => setTimeout(go, 20));
  assert.deepEqual(cut.map((d) => d.open), Array(33).fill(false));
  const told = await (await fetch(`${g.server.base}/metrics`)).text(); // each with its reason
  const counted = (name, what) => Number(new RegExp(`^bihuan_hj212_${name}(?:\\{\\w+="${what}"\\})? (\\d+)$`, 'm').exec(told)?.[1] ?? -1);
  for (const [name, what, least] of [['closed_total', 'partial', 23], ['closed_total', 'junk', 10], ['events_total', 'length', 10], ['events_total', 'words', 30],
    ['events_total', 'bad_time', 20], ['events_total', 'repeated', 40], ['events_total', 'crc_none', 10], ['junk_bytes_total', '', 1]])
    assert.ok(counted(name, what) >= least, `${name} ${what}: ${counted(name, what)}, at least ${least}`);
  [good, ...bad].forEach((d) => d.close());
  const end = await g.server.stop();
  assert.equal(end.code, 0);
});

// Minutes and hours of a time that has ended, so that what is derived of them is counted too.
test('packets that come at an even pace share commits, and what is held does not grow with them', async (t) => {
  const n = 100;
  const g = await gateway(Array.from({ length: n }, (_, i) => `PACE${String(i).padStart(3, '0')}`));
  t.after(() => g.server.stop());
  const c = new Client(g.server.base);
  const meta = await c.request('GET', '/api/meta');
  const me = await c.request('POST', '/api/login', { json: { login: 'chen.office', password: meta.json.logins.find((l) => l.login === 'chen.office').password } });
  assert.equal(me.status, 200);
  const told = async () => {
    const text = await (await fetch(`${g.server.base}/metrics`)).text();
    const held = Object.fromEntries([...text.matchAll(/^bihuan_held\{what="(\w+)"\} (\d+)$/gm)].map((m) => [m[1], Number(m[2])]));
    return { held, commits: Number(/^bihuan_series_commits_total (\d+)$/m.exec(text)[1]) };
  };
  const devices = await Promise.all(Array.from({ length: n }, () => Device.connect(g.port())));
  const begin = Math.floor(Date.now() / 3600000) * 3600000 - 3 * 3600000;
  let sent = 0;
  const packet = () => {
    const k = sent++, at = stamp(begin + Math.floor(k / n) * 1000), cn = Math.floor(k / n) % 2 ? 2051 : 2061;
    return [devices[k % n], `QN=${k + 1};ST=32;CN=${cn};PW=123456;MN=PACE${String(k % n).padStart(3, '0')};Flag=5;CP=&&DataTime=${at};w01018-Avg=${k % 90}.5,w01018-Flag=N;w21003-Avg=1.${k % 10},w21003-Flag=N&&`];
  };
  const paced = async (count, each) => {
    const from = Date.now(), before = sent;
    while (sent < before + count) {
      for (const due = Math.min(count, ((Date.now() - from) / 1000) * each); sent < before + due;) {
        const [d, text] = packet();
        d.send(text);
      }
      await new Promise((go) => setTimeout(go, 5));
    }
    for (const d of devices) while (d.answers < sent / n) await d.expect(/CN=9014/).then(() => d.answers++);
  };
  const settled = async (most) => {
    for (const until = Date.now() + 30000; Date.now() < until; await new Promise((go) => setTimeout(go, 100))) {
      const { held } = await told();
      if (held.periods <= most && held.newest >= 6 * n) break; // two items each: of minutes, of hours, of hours derived here
    }
    assert.equal((await c.request('POST', '/api/alarms/look')).status, 200);
    return told();
  };
  t.after(() => devices.forEach((d) => d.close()));
  for (const d of devices) d.answers = 0;
  const empty = await told();
  await paced(500, 1000);
  const first = await settled(empty.held.periods + n); // the day of each goes on
  await paced(5000, 5000);
  const second = await settled(first.held.periods + n / 5); // the demo city's own hours go on
  assert.ok(second.commits - first.commits <= 100, `5,000 packets in ${second.commits - first.commits} commits`);
  assert.ok(first.held.newest >= 6 * n && first.held.marks >= 2 * n && first.held.devices === n, JSON.stringify(first.held));
  for (const [what, k] of Object.entries(second.held)) assert.ok(k <= first.held[what] + n / 5, `${what}: ${first.held[what]} after 500 packets, ${k} after 5,500`);
});

test('no acknowledged packet is lost when the server is killed', async () => {
  const g = await gateway(Array.from({ length: 20 }, (_, i) => `SIM${String(i + 1).padStart(6, '0')}`));
  const sim = spawn(binary, ['simulate', 'hj212', '--to', `127.0.0.1:${g.port()}`, '--n', '20', '--seconds', '3', '--window', '4'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  sim.stdout.on('data', (c) => (out += c));
  const ended = new Promise((go) => sim.on('close', go));
  await new Promise((go) => setTimeout(go, 1200));
  await g.server.kill();
  await ended;
  const said = JSON.parse(out);
  assert.ok(said.acknowledged > 0, out);
  assert.ok(g.rows() >= said.acknowledged, `${g.rows()} rows, ${said.acknowledged} acknowledged`);
});

test('faults of devices: what is whole is acknowledged, what is not is counted', async () => {
  const g = await gateway(['SIM000001', 'SIM000002']);
  const r = run(binary, ['simulate', 'hj212', '--to', `127.0.0.1:${g.port()}`, '--n', '2', '--seconds', '1', '--window', '2', '--faults', 'crc,late']);
  assert.equal(r.code, 0, r.out);
  const said = JSON.parse(r.stdout);
  assert.equal(said.lost, 0, r.stdout);
  assert.ok(said.sent > said.faulty && said.acknowledged === said.expected, r.stdout);
  await g.server.stop();
});

test('a real conversation: every upload is answered as the platform of that day answered it', { skip: !fs.existsSync(dataset) }, async () => {
  const lines = zlib.gunzipSync(fs.readFileSync(dataset)).toString().split(/\r?\n/).slice(1).filter((l) => /slave->master/.test(l));
  const packets = lines.map((l) => /##\d{4}.*$/.exec(l)[0].replace(/"$/, ''));
  const sent = packets.filter((p) => /;CN=2011;/.test(p) && /;Flag=[57];/.test(p)).slice(0, 300);
  const mns = [...new Set(sent.map((p) => /;MN=([^;]+)/.exec(p)[1]))].slice(0, 5);
  const g = await gateway(mns);
  const d = await Device.connect(g.port());
  let n = 0;
  for (const p of sent.filter((x) => mns.includes(/;MN=([^;]+)/.exec(x)[1]))) {
    d.raw(`${p}\r\n`);
    const head = /QN=(\d+);.*?;PW=([^;]*);MN=([^;]+)/.exec(p);
    await d.expect(new RegExp(`^QN=${head[1]};ST=91;CN=9014;PW=${head[2]};MN=${head[3]};Flag=4;CP=&&&&$`));
    n++;
  }
  assert.ok(n > 50, `${n} packets`);
  assert.ok(g.rows() > 0);
  d.close();
  await g.server.stop();
});
