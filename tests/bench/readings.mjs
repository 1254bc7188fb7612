// The store of readings: bytes, rate, figures of years, a column through the door that pages use.
import path from 'node:path';
import { Server } from '../lib/server.mjs';

export function readingsSections({ binary, room, tool, demo, spawned, login, say, ms, per, readings, series }) {
  // 50,000,000 readings are the size of the goal; less by default.
  async function store() {
    const dir = (n) => path.join(room, n);
    const size = await spawned(tool('readings'), ['size', dir('size'), 60, 3]);
    say('a reading as it arrives', `${size.raw_bytes.toFixed(2)} bytes of the file`, `${per(size.raw_readings)} readings of a minute's data`, 'goal ≤ 10');
    say('  packed, hour by hour', `${size.packed_bytes.toFixed(2)} bytes of the file`, `${per(size.packed_readings)} readings`, 'goal ≤ 4');
    const rate = await spawned(tool('readings'), ['rate', dir('rate'), readings]);
    say('readings put, commits of 1,000 packets', `${per(rate.per_s)} /s, ${per(rate.per_cpu_s)} a second of processor time`, `the same rows in bare SQLite ${per(rate.bare_per_s)} /s, ${per(rate.bare_per_cpu_s)}`,
      `ratio ${(rate.per_s / rate.bare_per_s).toFixed(2)}, of processor time ${(rate.per_cpu_s / rate.bare_per_cpu_s).toFixed(2)} (goal ≥ 0.70)`);
    say(`  after ${per(rate.readings)} readings`, `${per(rate.last_per_s)} /s, ${per(rate.last_per_cpu_s)} a second of processor time`, 'the first million',
      `ratio ${(rate.last_per_s / rate.per_s).toFixed(2)}, of processor time ${(rate.last_per_cpu_s / rate.per_cpu_s).toFixed(2)} (goal ≥ 0.90${readings < 5e7 ? '; --readings 50000000 for the whole' : ''})`);
    const aqi = await spawned(tool('readings_air'), ['aqi', dir('aqi')]);
    say('12 stations, 4 years of hours: daily AQI, annual percentiles', ms(aqi.ms), `SQLite SQL ${ms(aqi.sql_ms)}`,
      `ratio ${(aqi.sql_ms / aqi.ms).toFixed(1)}× (goal ≥ 30); ${per(aqi.same)} of ${per(aqi.days)} indices and ${aqi.same_percentiles} of ${aqi.percentiles} percentiles equal`);
    const days = await spawned(tool('readings_air'), ['days', dir('days'), series]);
    say(`a year of hours, ${per(series)} stations: daily means`, ms(days.ms), `bare loop over blobs of floats ${ms(days.loop_ms)}`,
      `ratio ${(days.ms / days.loop_ms).toFixed(2)} (goal ≤ 1.50); ${per(days.same)} of ${per(days.days)} equal`);
    await week();
  }

  // A week of one-minute values of one item through the door that pages use, half of it packed by then.
  async function week() {
    const server = await new Server(binary, { data: demo('week') }).start();
    try {
      const c = await login(server, 'chen.office');
      const post = async (url, json) => {
        const r = await c.request('POST', url, { json });
        if (r.status >= 300) throw new Error(`${url}: ${r.status} ${String(r.body).slice(0, 200)}`);
        return r.json;
      };
      const ids = [];
      for (let i = 0; i < 20; i++) ids.push((await post('/api/stations', { region: '140109001000', kind: 'air', name: `站${i}` })).id);
      const to = Math.floor(Date.now() / 60000) * 60000, from = to - 7 * 1440 * 60000;
      const value = (t, k) => Math.round(400 + 90 * Math.sin(t / 4e6 + k) + (t / 60000) % 17) / 10;
      for (let d = 0; d < 7; d++) await post('/api/readings', { packets: Array.from({ length: 1440 }, (_, m) => { const at = from + (d * 1440 + m) * 60000; return { station: ids[0], kind: 'minute', at_ms: at, readings: [{ item: 'pm25', value: value(at, 0), flag: 'N' }] }; }) });
      await post('/api/readings', { packets: ids.slice(1).flatMap((id, k) => Array.from({ length: 60 }, (_, m) => ({ station: id, kind: 'minute', at_ms: to - (60 - m) * 60000, readings: [{ item: 'pm25', value: value(m, k), flag: 'N' }] }))) });
      const url = `/api/stations/${ids[0]}/series?item=pm25&kind=minute&from=${from}&to=${to}`;
      const r = await c.request('GET', url);
      await spawned(tool('load'), ['get', server.port, 1, 5, c.cookie, url]);
      const h = await spawned(tool('load'), ['get', server.port, 1, 50, c.cookie, url]);
      say('a week of one-minute values of one item, over HTTP', `p50 ${ms(h.p50)}, p95 ${ms(h.p95)}`, `${per(r.json.n)} points, ${(Buffer.byteLength(r.body) / 1e3).toFixed(0)} kB`, 'goal < 200 ms');
    } finally {
      await server.stop();
    }
  }
  return { readings: store };
}
