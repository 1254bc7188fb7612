// Reads the text format of Prometheus strictly, as its own tools do and a little more: every family together, described before it
// is used, counters named so, histograms whole. → null, or what is wrong.
import { spawnSync } from 'node:child_process';

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const VALUE = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|NaN|[+-]?Inf)$/;
const TYPES = new Set(['counter', 'gauge', 'histogram', 'summary', 'untyped']);

function labels(text) {
  const out = new Map();
  let at = 0;
  while (at < text.length) {
    const m = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(,|$)/.exec(text.slice(at));
    if (!m) throw new Error(`labels {${text}}`);
    if (out.has(m[1])) throw new Error(`label ${m[1]} twice`);
    out.set(m[1], m[2]);
    at += m[0].length;
  }
  return out;
}

const base = (name, type) => (type === 'histogram' ? name.replace(/_(bucket|sum|count)$/, '') : name);

function checkHistogram(name, samples) {
  const rows = new Map();
  for (const s of samples) {
    const rest = [...s.labels].filter(([k]) => k !== 'le').map(([k, v]) => `${k}=${v}`).sort().join();
    if (!rows.has(rest)) rows.set(rest, { buckets: [], sum: undefined, count: undefined });
    const row = rows.get(rest);
    if (s.name === `${name}_bucket`) {
      if (!s.labels.has('le')) throw new Error(`${name}: a bucket without le`);
      row.buckets.push([s.labels.get('le') === '+Inf' ? Infinity : Number(s.labels.get('le')), Number(s.value)]);
    } else if (s.name === `${name}_sum`) row.sum = Number(s.value);
    else if (s.name === `${name}_count`) row.count = Number(s.value);
    else throw new Error(`${s.name} does not belong to the histogram ${name}`);
  }
  for (const { buckets, sum, count } of rows.values()) {
    if (sum === undefined || count === undefined) throw new Error(`${name}: no sum or no count`);
    if (buckets.at(-1)?.[0] !== Infinity || buckets.at(-1)[1] !== count) throw new Error(`${name}: the last bucket is not +Inf with the count`);
    for (let i = 1; i < buckets.length; i++) if (!(buckets[i][0] > buckets[i - 1][0]) || buckets[i][1] < buckets[i - 1][1]) throw new Error(`${name}: buckets do not rise`);
  }
}

function checkFamily(f) {
  if (!f.help) throw new Error(`${f.name}: no help`);
  if (f.type === 'counter' && !f.name.endsWith('_total')) throw new Error(`${f.name}: a counter must end in _total`);
  if (f.type !== 'counter' && /_total$/.test(f.name)) throw new Error(`${f.name}: only counters end in _total`);
  if (/[A-Z]/.test(f.name) || /_(ms|milliseconds|minutes|kb|mb|us)(_|$)/.test(f.name)) throw new Error(`${f.name}: names are small letters and base units`);
  if (!f.samples.length) throw new Error(`${f.name}: no sample`);
  if (f.type === 'histogram') checkHistogram(f.name, f.samples);
  if (f.type === 'counter') for (const s of f.samples) if (!(Number(s.value) >= 0)) throw new Error(`${f.name}: a counter of ${s.value}`);
}

export function parse(text) {
  const families = new Map();
  const series = new Set();
  let here = null;
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  for (const line of text.slice(0, -1).split('\n')) {
    const head = /^# (HELP|TYPE) (\S+)(?: (.*))?$/.exec(line);
    if (head) {
      const [, what, name, rest] = head;
      if (!NAME.test(name)) throw new Error(`name ${name}`);
      if (what === 'HELP') {
        if (families.has(name)) throw new Error(`${name} comes twice`);
        families.set(name, (here = { name, help: rest, type: null, samples: [] }));
      } else {
        if (here?.name !== name || here.type || here.samples.length) throw new Error(`the type of ${name} does not follow its help`);
        if (!TYPES.has(rest)) throw new Error(`${name}: type ${rest}`);
        here.type = rest;
      }
      continue;
    }
    const m = SAMPLE.exec(line);
    if (!m) throw new Error(`line ${JSON.stringify(line)}`);
    if (!here?.type || base(m[1], here.type) !== here.name) throw new Error(`${m[1]} stands outside its family`);
    if (!VALUE.test(m[3])) throw new Error(`${m[1]}: value ${m[3]}`);
    const sample = { name: m[1], labels: labels(m[2] ?? ''), value: m[3] };
    const key = `${m[1]}{${[...sample.labels].map(([k, v]) => `${k}=${v}`).sort().join()}}`;
    if (series.has(key)) throw new Error(`${key} comes twice`);
    series.add(key);
    here.samples.push(sample);
  }
  for (const f of families.values()) checkFamily(f);
  return families;
}

// What Prometheus' own tool says; null where it is not installed.
export function promtool(text) {
  const r = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
  return r.error ? null : { code: r.status, said: (r.stdout ?? '') + (r.stderr ?? '') };
}
