// `bihuan index` on files: golden cases, wrong input, and published values where the data for trials are at hand.
import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';

const binary = process.env.BIHUAN_BINARY;
const data = path.resolve('../shared/data');
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'bihuan-index-'));
process.on('exit', () => fs.rmSync(dir, { recursive: true, force: true }));

// Cells in quotes may hold the separator; none of these files has a quote or a line end inside a cell.
const cells = (line, sep) => [...line.matchAll(new RegExp(`(?:^|${sep})(?:"([^"]*)"|([^${sep}]*))`, 'g'))].map((m) => m[1] ?? m[2]);
const table = (file, sep = '\t') => {
  const [head, ...rows] = fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, '').trimEnd().split(/\r?\n/).map((l) => cells(l, sep));
  return rows.map((r) => Object.fromEntries(head.map((h, i) => [h, r[i] ?? ''])));
};
let n = 0;
function index(what, lines, ...args) {
  const csv = path.join(dir, `${++n}.csv`);
  const out = path.join(dir, `${n}.out`);
  fs.writeFileSync(csv, lines.join('\n') + '\n');
  const r = spawnSync(binary, ['index', what, '--csv', csv, '--out', out, ...args], { encoding: 'utf8' });
  return { code: r.status, said: r.stdout + r.stderr, rows: fs.existsSync(out) ? table(out, ',') : null };
}
const AIR = 'station,time,pm25,pm10,so2,no2,co,o3';
const items = AIR.split(',').slice(2);

test('every breakpoint and its neighbours, each alone', () => {
  const cases = table('tests/golden/index/iaqi.tsv');
  for (const edition of new Set(cases.map((c) => c.edition)))
    for (const report of ['hour', 'day']) {
      const own = cases.filter((c) => c.edition === edition && c.report === report);
      // The five others are clean air, so that nothing is missing.
      const lines = own.map((c) => ['x', '2026-03-01', ...items.map((i) => (i === c.item ? c.value : '0'))].join(','));
      const { rows, said } = index('air', [AIR, ...lines], '--edition', edition, '--period', report, '--units', 'edition');
      assert.ok(rows, said);
      own.forEach((c, i) => {
        const least = edition.startsWith('hj') ? 1 : 0;
        const want = c.index === '' ? (edition === 'hj633-2026' ? 'NA' : String(least)) : String(Math.max(least, Number(c.index)));
        assert.equal(rows[i].aqi, want, `${edition} ${report} ${c.item}=${c.value}`);
      });
    }
});

test('index, level and primary pollutants of whole rows', () => {
  for (const c of table('tests/golden/index/aqi.tsv')) {
    const { rows, said } = index('air', [AIR, ['x', '2026-03-01', ...items.map((i) => c[i])].join(',')], '--edition', c.edition, '--period', c.report, '--units', 'edition');
    assert.ok(rows, said);
    assert.deepEqual([rows[0].aqi, rows[0].level, rows[0].primary], [c.aqi, c.level, c.primary], JSON.stringify(c));
  }
});

test('without an edition the day decides', () => {
  const { rows } = index('air', [AIR, 'a,2026-02-28 10:00,61,20,10,20,0.5,80', 'a,2026-03-01 10:00,61,20,10,20,0.5,80'], '--period', 'day');
  assert.deepEqual(rows.map((r) => r.aqi), ['83', '101']);
});

test('classes of water', () => {
  for (const c of table('tests/golden/index/water.tsv')) {
    const pairs = c.values.split(';').map((p) => p.split('='));
    const { rows, said } = index('water', [`id,kind,${pairs.map((p) => p[0])}`, `1,${c.kind},${pairs.map((p) => p[1])}`]);
    assert.ok(rows, said);
    assert.deepEqual([rows[0].class, rows[0].worst], [c.class, c.worst], JSON.stringify(c));
  }
});

test('fire weather of the papers, under both constants', () => {
  const lines = ['lat,date,temp,rh,ws,prec', '40,1985-04-13,17,42,25,0', '40,1985-04-14,20,21,25,2.4', '40,1985-04-15,8.5,40,17,0'];
  const near = (a, b) => assert.ok(Math.abs(a - b) < 6e-5, `${a} is not ${b}`);
  const now = index('fwi', lines).rows;
  near(now[0].ffmc, 87.6494), near(now[0].isi, 10.7762), near(now[1].fwi, 9.2204), near(now[2].dsr, 0.9664);
  const then = index('fwi', lines, '--edition', 'classic-1987').rows;
  near(then[0].ffmc, 87.693), near(then[0].fwi, 10.0964);
  assert.notEqual(index('fwi', lines, '--start', '80,3,10').rows[0].ffmc, now[0].ffmc);
});

test('wrong input names the row and the column, and writes nothing', () => {
  const refused = (what, lines, pattern, ...args) => {
    const r = index(what, lines, ...args);
    assert.notEqual(r.code, 0, lines.join('|'));
    assert.match(r.said, pattern);
    assert.equal(r.rows, null);
  };
  refused('air', [AIR, 'a,2026-03-01,12,x7,1,1,1,1'], /2.*pm10.*x7/s, '--edition', 'hj633-2026');
  refused('air', [AIR, 'a,yesterday,12,7,1,1,1,1'], /time.*yesterday/s);
  refused('air', ['a,b', '1,2'], /pm25/, '--edition', 'hj633-2026');
  refused('air', [AIR, 'a,2026-03-01,1,1,1,1,1,1'], /hj633-2012.*hj633-2026/s, '--edition', 'hj633-1999');
  refused('water', ['id,kind,do', '1,sea,5'], /kind.*sea/s);
  refused('fwi', ['lat,date,temp,rh,ws,prec', '40,1985-04-13,17,142,25,0'], /2/);
  refused('fwi', ['lat,date,temp,rh,ws', '40,1985-04-13,17,42,25'], /prec/);
  assert.equal(spawnSync(binary, ['index', 'air', '--csv', path.join(dir, 'none.csv')]).status !== 0, true);
});

const digits = (s) => s.replace(/e.*$/, '').replace(/^[-0.]+/, '').replace('.', '').length || 1;
const needs = (file) => ({ skip: fs.existsSync(path.join(data, file)) ? false : 'no data for trials here' });

test('the published index of every national station in one hour', needs('air-cnemc-snapshot'), () => {
  const all = table(path.join(data, 'air-cnemc-snapshot/cnemc_2017-07-07T16.csv'), ',');
  const names = { '细颗粒物(PM2.5)': 'pm25', '颗粒物(PM10)': 'pm10', 二氧化硫: 'so2', 二氧化氮: 'no2', 一氧化碳: 'co', 臭氧1小时: 'o3' };
  const levels = ['', '优', '良', '轻度污染', '中度污染', '重度污染', '严重污染'];
  const { rows: got } = index('air', [AIR, ...all.map((r) => [r.stationcode, r.timepoint, r.pm2_5, r.pm10, r.so2, r.no2, r.co, r.o3_1h].join(','))], '--period', 'hour');
  let published = 0;
  all.forEach((r, i) => {
    if (!r.aqi) return;
    published++;
    const primary = r.primarypollutant.split(',').filter(Boolean).map((x) => names[x.trim()]).sort();
    assert.deepEqual([got[i].aqi, levels[got[i].level], got[i].primary.split(';').filter(Boolean).sort()], [r.aqi, r.quality, primary], r.stationcode);
  });
  assert.equal(published, 1462);
});

test('the published class of the automatic water stations', needs('water-auto-stations'), () => {
  const rows = table(path.join(data, 'water-auto-stations/cnemc_auto_2024.csv'), ',');
  const { rows: got } = index('water', ['id,kind,ph,do,codmn,nh3n,tp', ...rows.map((r, i) =>
    [i, r.reference === 'lake' ? 'lake' : 'river', r.ph, r.do, r.codmn, r.nh3n, r.tp].join(','))]);
  const roman = { 'Ⅰ': 'I', 'Ⅱ': 'II', 'Ⅲ': 'III', 'Ⅳ': 'IV', 'Ⅴ': 'V', '劣Ⅴ': '劣V' };
  const wrong = rows.filter((r, i) => roman[r.class] && got[i].class !== roman[r.class]);
  assert.equal(wrong.length, 21);
  assert.ok(wrong.every((r) => r.reference === 'none')); // rows that no limits of the standard give the published class
});

test('fire weather equal to the reference to its printed digits', needs('fire-cffdrs'), () => {
  const input = table(path.join(data, 'fire-cffdrs/input/test_fwi.csv'), ';');
  const { rows } = index('fwi', ['lat,date,temp,rh,ws,prec', ...input.map((r) =>
    [r.lat, `${r.yr}-${r.mon.padStart(2, '0')}-${r.day.padStart(2, '0')}`, r.temp, r.rh, r.ws, r.prec].join(','))]);
  const want = table(path.join(data, 'fire-cffdrs/expected/fwi_01.csv'), ',');
  want.forEach((w, i) => {
    for (const k of ['FFMC', 'DMC', 'DC', 'ISI', 'BUI', 'FWI', 'DSR'])
      assert.equal(Number(Number(rows[i][k.toLowerCase()]).toPrecision(digits(w[k]))), Number(w[k]), `row ${i + 1} ${k}`);
  });
});
