#!/usr/bin/env node
// Statistics against the ledger: hazards live random lives through the real binary, then every figure is counted again from the
// bodies of the events alone and compared with what /api/statistics says, for several periods, places, fields and sources.
//   node tests/recount/run.mjs [--binary build/bihuan] [--hazards 40] [--seed N]
import path from 'node:path';
import { Client } from '../lib/http.mjs';
import { photo } from '../lib/photo.mjs';
import { Server, run, scratch } from '../lib/server.mjs';

const argv = process.argv.slice(2);
const take = (n, or) => (argv.includes(n) ? argv.splice(argv.indexOf(n), 2)[1] : or);
const binary = path.resolve(take('--binary', 'build/bihuan'));
const HAZARDS = Number(take('--hazards', 40));
let seed = Number(take('--seed', 20261122));
const random = (n) => Math.floor(((seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648) * n);
const pick = (list) => list[random(list.length)];
const day = (ms) => new Date(ms + 8 * 3600000).toISOString().slice(0, 10);
const NOW = Date.now(), DAY = 86400000;

const clients = {};
async function as(server, login) {
  if (clients[login]) return clients[login];
  const c = new Client(server.base);
  const meta = await c.request('GET', '/api/meta');
  const r = await c.request('POST', '/api/login', { json: { login, password: meta.json.logins.find((l) => l.login === login).password } });
  if (r.status !== 200) throw new Error(`${login}: ${r.status} ${r.body}`);
  c.account = r.json.account.id;
  return (clients[login] = c);
}

// ---- lives ----

const SKIPPED = new Set(['transfer', 'contractor', 'hand-territory', 'merge', 'note', 'report']);
let files = 0;

async function fields(c, id, act) {
  const body = { act: act.id, more: [] };
  for (const f of act.fields) {
    const top = ['text', 'due', 'percent', 'period', 'files'].includes(f.name);
    let value = f.name === 'funds' ? `${random(90) + 1}万元` : f.name === 'cause' ? 'things' : f.name === 'criterion' ? '' : '按要求办理';
    if (f.type === 'select') value = pick(f.options.map((o) => o.id ?? o));
    if (f.type === 'date') value = day(NOW + (act.id === 'extend-ask' ? 95 : act.id === 'adjust' ? 1 : 2 + random(12)) * DAY);
    if (f.type === 'percent') value = 50;
    if (f.type === 'number') value = String(random(90000));
    if (['org', 'orgs', 'person'].includes(f.type)) continue;
    if (f.type === 'files') {
      const up = await c.request('POST', `/api/matters/${id}/files?name=p.jpg`, { raw: photo({ scene: files++, w: 32 }) });
      if (up.status === 201) value = [up.json.id];
      else continue;
    }
    if (value === '') continue;
    if (top) body[f.name] = value;
    else body.more.push({ name: f.name, value });
  }
  if (act.id === 'grade' && body.more.some((m) => m.value === 'general')) body.more = body.more.filter((m) => m.name !== 'expert');
  return body;
}

async function step(server, id) {
  const c = await as(server, pick(['yang.yjj', 'ma.mine', 'gao.verify', 'zhao.leader', 'chen.office']));
  const m = (await c.request('GET', `/api/matters/${id}`)).json;
  const acts = (m.acts ?? []).filter((a) => a.allowed && !SKIPPED.has(a.id) && (!/^false|^suspend|^upgrade/.test(a.id) || random(6) === 0));
  const forward = acts.filter((a) => a.to !== m.state);
  if (!acts.length) return 0;
  const act = forward.length && random(3) ? pick(forward) : pick(acts);
  const body = await fields(c, id, act);
  const now = (await c.request('GET', `/api/matters/${id}`)).json;
  const r = await c.request('POST', `/api/matters/${id}/acts`, { json: { ...body, ver: now.ver } });
  if (r.status >= 500) throw new Error(`${act.id}: ${r.status} ${r.body}`);
  return r.status === 200 ? 1 : 0;
}

async function live(server) {
  const yang = await as(server, 'yang.yjj');
  const org = (await yang.request('GET', `/api/orgs?q=${encodeURIComponent('示例煤业有限公司')}`)).json.items[0].id;
  let done = 0;
  for (let i = 0; i < HAZARDS; i++) {
    const found = NOW - random(120) * DAY - 3600000;
    const sectors = pick([['mines'], ['mines', 'fire'], ['work-safety'], ['tailings']]);
    const r = await yang.request('POST', '/api/matters', { json: { kind: 'hazard', region: pick(['140109006000', '140109000000', '140109001000']), title: `试验隐患 ${i}`, sectors, lead: [org], source: pick(['unannounced', 'random', 'enforcement']), found_ms: found } });
    if (r.status !== 201) throw new Error(`hazard: ${r.status} ${r.body}`);
    for (let k = 0; k < 34; k++) done += await step(server, r.json.id);
  }
  return done;
}

async function inspect(server) {
  const he = await as(server, 'he.cgj'), yang = await as(server, 'yang.yjj');
  const schools = (await he.request('GET', '/api/objects?type=school')).json.items;
  const must = (r) => { if (r.status >= 300) throw new Error(`${r.status} ${r.body}`); return r.json; };
  for (let i = 0; i < 6; i++) {
    const v = must(await he.request('POST', '/api/visits', { json: { object: pick(schools).id, inspectors: [he.account, yang.account], planned: day(NOW - random(40) * DAY) } }));
    if (i % 3 === 2) continue;
    must(await he.request('POST', `/api/visits/${v.id}/start`, { json: { at_ms: NOW - random(50) * DAY } }));
    must(await he.request('POST', `/api/visits/${v.id}/answers`, { json: { answers: [{ item: 'exits-free', value: 'yes' }, { item: 'has-gas', value: 'no' }, { item: 'has-special-equipment', value: 'no' }] } }));
    must(await he.request('POST', `/api/visits/${v.id}/record`, { json: { content: '消防通道', clean: true } }));
  }
}

// ---- the ledger ----

async function events(c) {
  const all = [];
  const logs = (await c.request('GET', '/api/ledger')).json;
  for (const log of logs.items ?? logs) {
    if (log.region === '0') continue;
    for (let after = -1; ;) {
      const r = (await c.request('GET', `/api/ledger/events?region=${log.region}&after=${after}&limit=200`)).json;
      if (!r.items.length) break;
      for (const e of r.items) {
        after = e.seq;
        if (e.body) all.push(JSON.parse(e.body));
      }
    }
  }
  return all;
}

// The state of everything as its events tell, with nothing from the tables.
function retell(all) {
  const matters = new Map(), visits = new Map(), acts = [], looks = [];
  for (const e of all) {
    const d = e.data;
    if (e.kind === 'matter.create') matters.set(e.subject, { id: e.subject.slice(7), kind: d.kind, region: e.region, sectors: BigInt(d.sectors), source: d.source ?? '', found: Number(d.found ?? e.at), opened: e.at, grade: '', state: d.state, due: d.due, closed: 0, more: {} });
    else if (e.subject.startsWith('matter/') && e.kind.startsWith('matter.')) {
      const m = matters.get(e.subject), act = e.kind.slice(7);
      if (!m) continue;
      if (d.grade) m.grade = d.grade;
      const was = m.state;
      m.state = d.to ?? m.state;
      m.due = d.due ?? m.due;
      if (['ticked-off', 'confirmed', 'cancelled', 'closed'].includes(m.state)) m.closed ||= e.at;
      else m.closed = 0;
      if (act === 'plan') m.more = { ...m.more, ...d.more, plan_due: d.due_day, approved: false };
      if (act === 'plan-approve') m.more.approved = true;
      if (['plan-revise', 'plan-return', 'relapse', 'upgrade'].includes(act)) m.more.approved = false;
      acts.push({ m, act, at: e.at, level: d.listed || d.more?.level, yuan: Number(d.more?.amount ?? 0), was, round: d.round });
    } else if (e.kind === 'lookback.result') looks.push({ fix: `${d.matter}/${d.round}`, matter: `matter/${d.matter}`, held: d.held, day: d.seen_day });
    else if (e.kind === 'visit.plan') visits.set(e.subject, { region: e.region, object: d.object, unit: d.unit, source: d.source, planned: d.planned_day, state: 'planned', started: 0 });
    else if (e.kind.startsWith('visit.')) {
      const v = visits.get(e.subject);
      if (d.state) v.state = d.state;
      if (e.kind === 'visit.start') v.started = d.started_ms;
    }
  }
  for (const l of looks) l.m = matters.get(l.matter);
  return { matters: [...matters.values()], visits: [...visits.values()], acts, looks };
}

const ratio = (a, b) => (b ? a / b : null);

function recount(world, keep, from, to) {
  const lo = Date.parse(`${from}T00:00:00+08:00`), hi = Date.parse(`${to}T23:59:59.999+08:00`);
  const within = (t) => t >= lo && t <= hi;
  const h = world.matters.filter((m) => m.kind === 'hazard' && m.state !== 'cancelled' && within(m.found) && keep(m));
  const acts = world.acts.filter((a) => a.m.kind === 'hazard' && within(a.at) && keep(a.m));
  const of = (g) => h.filter((m) => m.grade === g);
  const done = h.filter((m) => m.closed), major = of('major'), planned = major.filter((m) => !m.closed && m.more.approved);
  const yuan = (kind, act) => world.acts.filter((a) => a.m.kind === kind && a.act === act && within(a.at) && keep(a.m)).reduce((s, a) => s + a.yuan, 0) / 10000;
  const n = (...kinds) => acts.filter((a) => kinds.includes(a.act)).length;
  const dueDone = done.filter((m) => m.due < 9e15 && m.due < 8e15);
  return {
    'general-found': of('general').length, 'general-rectified': of('general').filter((m) => m.closed).length,
    'general-rate': ratio(of('general').filter((m) => m.closed).length, of('general').length),
    'major-found': major.length, 'major-rectified': major.filter((m) => m.closed).length, 'major-open': major.filter((m) => !m.closed).length,
    'major-planned': planned.length, 'plan-funds': planned.filter((m) => m.more.funds).length, 'plan-people': planned.filter((m) => m.more.responsible).length,
    'plan-time': planned.filter((m) => m.more.plan_due).length, 'plan-emergency': planned.filter((m) => m.more.emergency).length,
    funds: planned.reduce((s, m) => s + parseFloat(world.funds.get(m.id) ?? '0'), 0),
    'ungraded-found': of('').length, overdue: h.filter((m) => !m.closed && m.due < NOW_OF_REPLY).length,
    'mean-days': ratio(done.reduce((s, m) => s + Math.max(0, m.closed - m.found), 0) / DAY, done.length),
    'on-time-rate': ratio(dueDone.filter((m) => m.closed <= m.due).length, dueDone.length),
    extensions: n('extend-grant'), delisted: n('delist'), rechecked: n('look-back-ok', 'relapse'), relapsed: n('relapse'),
    ...Object.fromEntries(['national', 'province', 'city', 'county', 'town'].map((l) => [`listed-${l}`, acts.filter((a) => a.act === 'list' && a.level === l).length])),
    stopped: n('stop-use'), letters: n('supervise-letter'), criticised: n('criticise'), interviews: n('interview'), referred: n('refer'),
    penalties: n('penalise'), fines: yuan('hazard', 'penalise'), rewards: yuan('report', 'reward'),
  };
}

let NOW_OF_REPLY = 0;

function inspected(world, keep, from, to) {
  const lo = Date.parse(`${from}T00:00:00+08:00`), hi = Date.parse(`${to}T23:59:59.999+08:00`);
  const made = (v) => ['recorded', 'signed', 'refused', 'closed'].includes(v.state);
  const num = (d) => Date.parse(`${d}T00:00:00Z`) / DAY;
  const all = world.visits.filter((v) => v.state !== 'cancelled' && keep(v));
  const visited = all.filter((v) => made(v) && v.started >= lo && v.started <= hi), due = all.filter((v) => v.planned >= num(from) && v.planned <= num(to) && v.planned <= num(day(NOW_OF_REPLY)));
  return { visits: visited.length, 'units-inspected': new Set(visited.map((v) => v.unit).filter((u) => u !== '0')).size, 'objects-inspected': new Set(visited.map((v) => v.object)).size, 'task-rate': ratio(due.filter(made).length, due.length) };
}

// Fixes that were looked at or told to have come back: how many, how many of them broke.
function lookedBack(world, keep, from, to) {
  const num = (d) => Date.parse(`${d}T00:00:00Z`) / DAY, dayOf = (ms) => Math.floor((ms + 8 * 3600000) / DAY);
  const within = (d) => d >= num(from) && d <= num(to);
  const broken = new Set(world.looks.filter((l) => !l.held).map((l) => l.fix));
  const looks = world.looks.filter((l) => within(l.day) && keep(l.m)).map((l) => ({ ...l }));
  let told = 0;
  const more = [];
  for (const a of world.acts.filter((x) => x.act === 'relapse' && within(dayOf(x.at)) && keep(x.m))) {
    const fix = `${a.m.id}/${a.round - 1}`;
    if (broken.has(fix)) continue;
    const seen = looks.find((l) => l.fix === fix && l.held);
    if (seen) seen.held = false;
    else told += more.push({ fix, held: false }) && 1;
  }
  const all = [...looks, ...more], fixes = new Set(all.map((l) => l.fix)), bad = new Set(all.filter((l) => !l.held).map((l) => l.fix));
  return { looked: all.length, held: all.filter((l) => l.held).length, told, fixes: fixes.size, relapses: bad.size };
}

async function compareLooks(c, world, keep, region, from, to) {
  const q = `from=${from}&to=${to}&region=${region || '140109000000'}&kind=hazard&by=unit`, want = lookedBack(world, (m) => m.kind === 'hazard' && keep(m), from, to);
  const rates = (await c.request('GET', `/api/lookback/rates?${q}`)).json.all, curve = (await c.request('GET', `/api/lookback/survival?${q}`)).json.all;
  const got = { looked: rates.looked, held: rates.held, told: rates.told, fixes: curve.fixes, relapses: curve.relapses };
  return JSON.stringify(got) === JSON.stringify(want) ? [] : [`look-back ${q}: told ${JSON.stringify(got)}, the ledger ${JSON.stringify(want)}`];
}

function compare(told, want, what) {
  const faults = [];
  for (const [id, w] of Object.entries(want)) {
    const g = told.values.find((v) => v.id === id)?.value ?? null;
    if (w === null ? g !== null : Math.abs((g ?? NaN) - w) > 1e-6 || g === null) faults.push(`${what}, ${id}: statistics say ${g}, the ledger ${w}`);
  }
  return faults;
}

// ---- all of it ----

const data = path.join(scratch('recount'), 'data');
const made = run(binary, ['demo', '--data', data]);
if (made.code !== 0) throw new Error(made.out);
const server = await new Server(binary, { data }).start();
const acts = await live(server);
await inspect(server);
const office = await as(server, 'chen.office');
const world = retell(await events(office));
// Words stand in events as commitments only: how much money a plan names is read from the dossier.
world.funds = new Map();
for (const m of world.matters.filter((x) => x.more.approved)) world.funds.set(m.id, (await office.request('GET', `/api/matters/${m.id}`)).json.attrs?.funds);
const regions = [['', () => true], ['140109006000', (m) => m.region === 140109006000], ['140109001000', (m) => m.region >= 140109001000 && m.region <= 140109001999]];
const sources = [['', () => true], ['random', (m) => m.source === 'random']];
const meta = (await office.request('GET', '/api/meta')).json;
const bit = (id) => 1n << BigInt(meta.sectors.find((s) => s.id === id).bit);
const sectors = [['', () => true], ['fire', (m) => (m.sectors & bit('fire')) !== 0n], ['mines', (m) => (m.sectors & bit('mines')) !== 0n]];
const periods = [[day(NOW - 130 * DAY), day(NOW)], [day(NOW - 60 * DAY), day(NOW - 20 * DAY)], [day(NOW), day(NOW)]];
let passed = 0;
const faults = [];
let relapses = 0;
for (const [from, to] of periods)
  for (const [region, inRegion] of regions) {
    const bad = await compareLooks(office, world, inRegion, region, from, to);
    faults.push(...bad);
    passed += !bad.length;
    relapses = Math.max(relapses, lookedBack(world, (m) => m.kind === 'hazard', from, to).told);
    for (const [source, ofSource] of sources)
      for (const [sector, ofSector] of sectors) {
        const url = `/api/statistics?from=${from}&to=${to}&region=${region}&source=${source}&sector=${sector}&by=month`;
        const r = await office.request('GET', url);
        if (r.status !== 200) throw new Error(`${url}: ${r.status} ${r.body}`);
        NOW_OF_REPLY = r.json.as_of_ms;
        const keep = (m) => inRegion(m) && ofSource(m) && ofSector(m);
        const bad = compare(r.json.total, recount(world, keep, from, to), url);
        if (!sector) bad.push(...compare(r.json.total, inspected(world, (v) => inRegion(v) && ofSource(v), from, to), url));
        for (const f of ['general-found', 'major-found', 'extensions', 'stopped']) { // the months add up
          const total = r.json.total.values.find((v) => v.id === f).value, sum = r.json.rows.reduce((s, row) => s + row.values.find((v) => v.id === f).value, 0);
          if (total !== sum) bad.push(`${url}, ${f}: ${total} in all, ${sum} by month`);
        }
        if (bad.length) faults.push(...bad);
        else passed++;
      }
  }
if (!relapses) faults.push('no hazard came back: nothing was compared');
await server.stop();
const n = world.matters.filter((m) => m.kind === 'hazard');
for (const f of faults.slice(0, 20)) console.log(`not ok - ${f}`);
console.log(`# ${n.length} hazards, ${acts} acts; general ${n.filter((m) => m.grade === 'general').length}, major ${n.filter((m) => m.grade === 'major').length}, closed ${n.filter((m) => m.closed).length}`);
console.log(`recount: ${passed} passed, ${faults.length} failed, 0 skipped`);
process.exit(faults.length ? 1 : 0);
