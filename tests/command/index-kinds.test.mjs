// `bihuan index` of the kinds beside air, water and fire weather: golden cases, every limit and its neighbours, what is refused.
import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';

const binary = process.env.BIHUAN_BINARY;
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'bihuan-kinds-'));
process.on('exit', () => fs.rmSync(dir, { recursive: true, force: true }));

const table = (file) => {
  const [head, ...rows] = fs.readFileSync(file, 'utf8').trimEnd().split('\n').map((l) => l.split('\t'));
  return rows.map((r) => Object.fromEntries(head.map((h, i) => [h, r[i] ?? ''])));
};
let n = 0;
/** The answer as JSON, with each row's values by the name of their column; else the code and what was said. */
function index(kind, lines, ...args) {
  const csv = path.join(dir, `${++n}.csv`);
  fs.writeFileSync(csv, lines.join('\n') + '\n');
  const r = spawnSync(binary, ['index', kind, '--csv', csv, '--json', '--lang', 'en', ...args], { encoding: 'utf8' });
  if (r.status !== 0) return { code: r.status, said: r.stdout + r.stderr };
  const out = JSON.parse(r.stdout);
  for (const row of out.rows) row.of = Object.fromEntries(out.columns.map((c, i) => [c, row.values[i]]));
  return out;
}

// Cases of one kind, header and options go through one run, but for groups, whose rows belong together.
test('golden cases', () => {
  const runs = new Map();
  table('tests/golden/index/cases.tsv').forEach((c, i) => {
    const key = c.rows.includes('|') || c.kind === 'river' || c.header.includes('date') ? i : `${c.kind} ${c.args} ${c.header}`;
    runs.set(key, [...(runs.get(key) ?? []), c]);
  });
  for (const cases of runs.values()) {
    const { kind, header, args } = cases[0];
    const { rows, said } = index(kind, [header, ...cases.flatMap((c) => c.rows.split('|'))], ...args.split(' ').filter(Boolean));
    assert.ok(rows, `${JSON.stringify(cases)} ${said}`);
    cases.forEach((c, i) => {
      for (const [column, value] of c.want.split(';').map((p) => p.split('=')))
        assert.equal(rows[i].of[column], value, JSON.stringify(c));
      assert.ok(rows[i].reason.length > 0 && rows[i].edition, JSON.stringify(c));
    });
  }
});

test('soil: golden cases', () => {
  const cases = table('tests/golden/index/soil.tsv').map((c) => ({ ...c, of: Object.fromEntries(c.values.split(';').map((p) => p.split('='))) }));
  const columns = [...new Set(cases.flatMap((c) => Object.keys(c.of)))];
  const { rows, said } = index('soil', [`id,land,ph,${columns}`, ...cases.map((c) => [1, c.land, c.ph, ...columns.map((k) => c.of[k] ?? '')].join(','))]);
  assert.ok(rows, said);
  cases.forEach((c, i) => {
    const { result, worst, exceeding, checked } = rows[i].of;
    assert.deepEqual([result, worst, exceeding, checked], [c.result, c.worst, c.exceeding, c.checked], JSON.stringify(c));
    assert.equal(rows[i].missing.includes('ph'), c.missing_ph === 'yes', JSON.stringify(c));
  });
});

// One unit of the last place and a half beyond: above; on the limit: not above.
const above = (s) => `${s}${s.includes('.') ? '' : '.'}001`;
test('soil: every limit and its neighbours', () => {
  for (const folder of ['gb36600/2018', 'gb15618/2018']) {
    const limits = table(`catalog/soil/${folder}/limits.tsv`);
    const header = ['id', 'land', 'ph', ...new Set(limits.map((l) => l.item))];
    const cases = [];
    for (const l of limits) {
      const land = l.land === 'all' ? (folder.startsWith('gb15618') ? 'paddy' : 'class1') : l.land;
      const inside = l.ph_upto || (l.ph_above ? above(l.ph_above) : '');
      for (const ph of new Set([inside, l.ph_above ? above(l.ph_above) : inside])) {
        cases.push([l, land, ph, l.limit, l.level === 'control' ? 'survey' : 'low']);
        cases.push([l, land, ph, above(l.limit), l.level]);
      }
    }
    const { rows, said } = index('soil', [header.join(','), ...cases.map(([l, land, ph, v], i) => [i, land, ph, ...header.slice(3).map((h) => (h === l.item ? v : ''))].join(','))]);
    assert.ok(rows, said);
    cases.forEach(([l, , , v, want], i) => {
      // Where screening and control value are the same number, what is above is above both.
      const both = limits.some((o) => o.item === l.item && o.land === l.land && o.level !== l.level && o.limit === l.limit);
      const expected = want === 'screening' ? (both ? 'control' : 'survey') : want === 'survey' && both ? 'low' : want;
      assert.equal(rows[i].of.result, expected, `${JSON.stringify(l)} ${v}`);
    });
  }
});

test('sewage: every limit and its neighbours', () => {
  const limits = table('catalog/sewage/gb18918/2002/limits.tsv');
  const items = [...new Set(limits.map((l) => l.item))];
  const line = (l, v) => ['a', l.grade, l.when === 'temp>12' ? '12.1' : '12', l.when === 'built>=2006' ? '2006' : '2005', ...items.map((i) => (i === l.item ? v : ''))].join(',');
  const { rows, said } = index('sewage', [`id,grade,temp,built,${items}`, ...limits.flatMap((l) => [line(l, l.at_most), line(l, above(l.at_most))])]);
  assert.ok(rows, said);
  limits.forEach((l, i) => {
    const pair = rows.slice(2 * i, 2 * i + 2);
    assert.deepEqual(pair.map((r) => [r.of.result, r.of.exceeded]), [['pass', ''], ['exceed', l.item]], JSON.stringify(l));
    assert.equal(pair[1].parts[0].source, 'GB 18918-2002, table 1');
  });
});

test('evaluation: statistics, attainment and ranking of cities', () => {
  const day = (i) => new Date(Date.UTC(2025, 0, 1 + i)).toISOString().slice(0, 10);
  const lines = ['city,station,date,pm25,pm10,so2,no2,co,o3'];
  for (let i = 0; i < 365; i++) {
    // City A: PM2.5 1…365, so that p95 is 346.8 by annex A; city B is clean, one of its two stations lacks a third of the days.
    lines.push(`A,1,${day(i)},${i + 1},50,10,20,0.5,80`);
    lines.push(`B,1,${day(i)},${i % 3 ? 20 : ''},40,10,20,0.5,80`, `B,2,${day(i)},22,40,10,20,0.5,80`);
  }
  const { rows, said, editions } = index('evaluation', lines);
  assert.ok(rows, said);
  assert.deepEqual(editions.map((e) => e.id), ['evaluation/hj663/2013']);
  const [b, a] = rows;
  assert.deepEqual([b.name, b.of.rank, b.of.attains, b.of.complete, a.name, a.of.rank], ['B', '1', 'yes', 'no', 'A', '2']);
  assert.deepEqual([a.of.pm25_mean, a.of.pm25_percentile, a.of.exceeding, a.of.complete], ['183.0', '346.8', 'pm25', 'yes']);
  assert.equal(a.of.composite, (183 / 35 + 50 / 70 + 10 / 60 + 20 / 40 + 0.5 / 4 + 80 / 160).toFixed(2));
  // A day with one of two stations is half, below the share of stations that a city's value needs.
  assert.equal(b.of.pm25_mean, '21.0');
  assert.equal(a.parts.find((p) => p.item === 'pm25_mean').rule, '≤ 35');
  // The same under the new edition, by one parameter; class 1 areas by another.
  const now = index('evaluation', lines, '--edition', 'hj663-2026').rows;
  assert.equal(now[1].parts.find((p) => p.item === 'pm25_mean').rule, '≤ 30');
  const later = index('evaluation', lines, '--edition', 'hj663-2026-full').rows;
  assert.equal(later[1].parts.find((p) => p.item === 'pm25_mean').rule, '≤ 25');
  const first = index('evaluation', lines, '--area', '1').rows;
  assert.equal(first[1].parts.find((p) => p.item === 'pm25_mean').rule, '≤ 15');
  // On the limit is within it; a thousandth of a unit above is not.
  const mean = (v) => index('evaluation', ['city,date,pm25', ...v.map((x, i) => `A,${day(i)},${x}`)]).rows[0].of.exceeding;
  assert.equal(mean([35, 35, 35]), '');
  assert.equal(mean([35, 35, 36]), 'pm25');
});

test('the comparison with the EPA is made in its own units', () => {
  const { rows } = index('air', ['station,time,pm25,pm10,so2,no2,co,o3', 'a,2026-03-01,35.9,50,50,50,1,140'], '--edition', 'us-epa-2024', '--period', 'day');
  const used = Object.fromEntries(rows[0].parts.map((p) => [p.item, `${p.used} ${p.unit}`]));
  // 140 µg/m³ of ozone are 140 × 24.465 / 48 = 71.4 ppb.
  assert.deepEqual(used, { pm25: '35.9 ug/m3', pm10: '50 ug/m3', so2: '19 ppb', no2: '26 ppb', co: '0.8 ppm', o3: '0.071 ppm' });
  assert.equal(rows[0].of.aqi, '102');
});

test('wrong input names the row and the column', () => {
  const refused = (kind, lines, pattern, ...args) => {
    const r = index(kind, lines, ...args);
    assert.notEqual(r.code, undefined, lines.join('|'));
    assert.match(r.said, pattern);
  };
  refused('soil', ['id,land,cadmium', '1,paddy,0.1', '2,moon,1'], /3.*land.*moon/s);
  refused('soil', ['id,land,cadmium', '1,paddy,x'], /2.*cadmium.*x/s);
  refused('soil', ['id,land,ph,cadmium', '1,paddy,15,1'], /ph.*15/s);
  refused('soil', ['id,land,cadmium', '1,paddy,0.1'], /land.*paddy/s, '--edition', 'gb36600-2018');
  refused('soil', ['id,cadmium', '1,1'], /land/);
  refused('sewage', ['id,grade,cod', '1,9Z,1'], /grade.*9Z/s);
  refused('sewage', ['id,grade,cod', '1,1A,-1'], /cod.*-1/s);
  refused('sewage-rate', ['place,treated,discharged', 'a,2,1'], /2/);
  refused('sewage-rate', ['place,treated,discharged', 'a,0,0'], /discharged/);
  refused('tli', ['id,chla', 'a,0'], /chla/);
  refused('tli', ['id,what', 'a,0'], /chla/);
  refused('blackwater', ['id,do,clear_to_bottom,transparency,depth', 'a,2,perhaps,1,1'], /clear_to_bottom.*perhaps/s);
  refused('river', ['river,class', 'a,VII'], /class.*VII/s);
  refused('evaluation', ['city,date,pm25', 'a,2026-03-01,1', 'a,2026-03-01,2'], /3.*2/s);
  refused('evaluation', ['city,date,pm25', 'a,2026-03-01,1', 'a,2036-03-01,2'], /3.*date/s);
  refused('evaluation', ['city,date,pm25', ',2026-03-01,1'], /2.*city/s);
  refused('danger', ['date,temp,rh,wind,rain', '2026-03-02,1,1,1,1', '2026-03-02,1,1,1,1'], /3.*date/s);
  refused('danger', ['temp,rh,wind,dry_days', '20,101,1,1'], /rh.*101/s);
  refused('soil', ['id,land,cadmium', '1,paddy,1'], /gb15618-2018/, '--edition', 'gb15618-1995');
  refused('air', ['time,pm25', '2026-03-01,1'], /units/, '--units', 'grains');
  refused('soil', ['id,land,ph,nickel,镍', '1,paddy,5,1,2'], /镍/);
  refused('water', ['id,kind,do,DO', '1,river,5,6'], /DO/);
  refused('air', ['time,pm25,PM25', '2026-03-01,1,2'], /PM25/);
});

// The same tables as they stand in the notes on the field.
const notes = path.resolve('../shared/domain/tables');
const needs = (file) => ({ skip: fs.existsSync(path.join(notes, file)) ? false : 'no notes on the field here' });
test('screening values of GB 36600 equal the notes', needs('gb36600-2018-table1.tsv'), () => {
  const rows = fs.readFileSync(path.join(notes, 'gb36600-2018-table1.tsv'), 'utf8').split('\n').filter((l) => l && !l.startsWith('#')).map((l) => l.split('\t'));
  const own = fs.readFileSync('catalog/soil/gb36600/2018/limits.tsv', 'utf8');
  assert.ok(rows.length >= 45);
  let seen = 0;
  for (const r of rows.slice(1)) {
    const zh = r.find((c) => own.includes(`\t${c}\t`) && /[\u4e00-\u9fff]/.test(c));
    if (!zh) continue;
    seen++;
    const limits = own.split('\n').map((l) => l.split('\t')).filter((l) => l[1] === zh).map((l) => Number(l[7]));
    for (const v of limits) assert.ok(r.some((c) => Number(c) === v), `${zh} ${v}`);
  }
  assert.ok(seen >= 40, String(seen));
});
