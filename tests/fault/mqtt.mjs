// Messages a broker has taken, through a house that is killed and whose disk fails meanwhile: an acknowledgement that went out
// before its commit would show as a value that never comes.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Client } from '../lib/http.mjs';
import { Broker, Publisher } from '../lib/mqtt.mjs';
import { scratch } from '../lib/server.mjs';

const pause = (ms) => new Promise((r) => setTimeout(r, ms));
const MINUTE = 60000;

async function eventually(what, ms, fn) {
  for (const until = Date.now() + ms; ; await pause(100)) {
    const answer = await fn();
    if (answer) return answer;
    if (Date.now() > until) throw new Error(what());
  }
}

// A house that takes readings from a broker, and a topic of one station.
async function ready({ serverOf, login, password }) {
  const broker = await new Broker().start();
  const server = serverOf(broker.args);
  await server.start();
  const secret = await password(server);
  const c = new Client(server.base);
  if ((await c.request('POST', '/api/login', { json: { login, password: secret } })).status !== 200) throw new Error('no login');
  const station = (await c.request('POST', '/api/stations', { json: { region: '140109001000', kind: 'outfall', name: '断电试验排口', sectors: ['water'] } })).json;
  const topic = await c.request('POST', '/api/mqtt/topics', { json: { topic: 'bihuan/fault', station: station.id, kind: 'minute', reason: '试验' } });
  if (topic.status !== 200) throw new Error(`topic: ${topic.status} ${topic.body}`);
  await eventually(() => 'the broker is not connected', 10000, async () => (await c.request('GET', '/api/mqtt')).json.connected);
  const device = await Publisher.connect(broker.port);
  const there = async (from) => (await c.request('GET', `/api/stations/${station.id}/series?item=cod&kind=minute&from=${from}&points=2`)).json?.of ?? 0;
  return { broker, server, c, device, there };
}

// What the kernel saw of one message: read from the broker, made durable, and only then PUBACK (40 02 …).
export async function acknowledgedAfterCommit({ Skip, ...world }) {
  const { broker, server, device, there } = await ready(world);
  const file = path.join(scratch('trace'), 'calls');
  const strace = spawn('strace', ['-f', '-p', String(server.child.pid), '-s', '200', '-o', file, '-e', 'trace=read,recvfrom,write,sendto,fdatasync,fsync'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '', over = false;
  strace.stderr.on('data', (x) => (said += x));
  const closed = new Promise((resolve) => { strace.once('close', resolve); strace.once('error', resolve); });
  closed.then(() => (over = true));
  await eventually(() => 'strace does not attach', 10000, () => over || /attached/.test(said));
  if (over) throw new Skip(`strace may not look at the server: ${said.trim() || 'it is not there'}`);
  const at = Math.floor(Date.now() / MINUTE) * MINUTE;
  for (let i = 0; i < 2; i++) {
    await device.publish('bihuan/fault', JSON.stringify({ ts: at - i * MINUTE, cod: 4711 + i }));
    await eventually(() => 'the value does not come', 20000, async () => (await there(at - 60 * MINUTE)) === i + 1);
  }
  const lines = () => fs.readFileSync(file, 'utf8').split('\n');
  const acks = () => lines().filter((l) => /(write|sendto)\(\d+, "@\\2\\0/.test(l)).length;
  await eventually(() => 'no acknowledgement was seen', 10000, () => acks() >= 2);
  strace.kill('SIGINT');
  await closed;
  let durable = true, checked = 0;
  for (const l of lines()) {
    if (/(read|recvfrom)\(.*cod\\?":47/.test(l)) durable = false;
    else if (/f(data)?sync\(/.test(l)) durable = true;
    else if (/(write|sendto)\(\d+, "@\\2\\0/.test(l)) {
      if (!durable) throw new Error('an acknowledgement left before anything was made durable');
      checked++;
    }
  }
  device.end();
  await server.stop();
  await broker.stop();
  await world.ended();
  return `${checked} acknowledgements, each after its commit`;
}

export async function brokerThroughFaults({ kills, random, trace, ended, ...world }) {
  const { broker, server, c, device, there: count } = await ready(world);
  const begin = Math.floor((Date.now() - 20000 * MINUTE) / MINUTE) * MINUTE;
  let sent = 0, running = true;
  const publishing = (async () => {
    while (running) {
      const some = Array.from({ length: 10 }, () => device.publish('bihuan/fault', JSON.stringify({ ts: begin + sent * MINUTE, cod: sent++ })));
      await Promise.all(some);
      await pause(5);
    }
  })();
  for (let i = 0; i < kills; i++) {
    await pause(100 + random() * 400);
    await server.kill();
    await server.start();
    c.base = server.base;
  }
  const faulty = await trace(server, 'pwrite64:error=ENOSPC:when=20+5');
  await pause(1500);
  running = false;
  await publishing;
  const refused = (await c.request('GET', '/api/mqtt')).json?.counts.failed_batches ?? 0;
  if (faulty && !refused) throw new Error('the disk failed and the client of the broker did not notice');
  await server.kill();
  await faulty?.ended;
  await server.start();
  c.base = server.base;
  let there = 0;
  await eventually(() => `${sent} messages were taken by the broker, ${there} values are there`, 60000, async () => (there = await count(begin)) >= sent);
  if (there !== sent) throw new Error(`${sent} messages, ${there} values`);
  device.end();
  const end = await server.stop();
  await broker.stop();
  if (end.code !== 0) throw new Error(`ended with ${end.code ?? end.signal}: ${server.log.slice(-800)}`);
  await ended();
  return `${sent} messages, ${kills} kills${faulty ? `, ${refused} batches that the disk refused` : ''}`;
}
