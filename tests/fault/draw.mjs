// A draw over many candidates: other acts go on while it is prepared, and a server killed meanwhile leaves none.
import path from 'node:path';
import { execFile, spawnSync } from 'node:child_process';

export const CANDIDATES = 60000;
const TICKED_OFF_DAYS = 45;

export function sql(data, text) {
  const r = spawnSync('sqlite3', ['-cmd', '.timeout 20000', path.join(data, 'bihuan.db'), text], { encoding: 'utf8' });
  if (r.status !== 0) throw new Error(r.stderr);
  return r.stdout.trim();
}

// Copies of one matter, all ticked off; without events, so the ledger is not verified afterwards.
export function tickedOff(data, n) {
  const columns = sql(data, "SELECT name FROM pragma_table_info('matter')").split('\n');
  const other = { id: '1000 + n.i', no: "'X' || n.i", kind: "'hazard'", state: "'ticked-off'", phase: "'closed'", grade: "'general'", parent: '0',
    listed: "''", round: '1', secret: '0', closed_ms: String(Date.now() - TICKED_OFF_DAYS * 86400000) };
  sql(data, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${n})
    INSERT INTO matter (${columns.join()}) SELECT ${columns.map((c) => other[c] ?? `m.${c}`).join()} FROM n, (SELECT * FROM matter WHERE kind = 'task' LIMIT 1) m`);
}

const count = (data, table) => Number(sql(data, `SELECT COUNT(*) FROM ${table}`));
// Without keeping the clients of this process waiting.
const written = (data) => new Promise((resolve, reject) => {
  execFile('sqlite3', ['-cmd', '.timeout 20000', path.join(data, 'bihuan.db'), 'SELECT COUNT(*) FROM draw_item'], (e, out) => (e ? reject(e) : resolve(Number(out))));
});
const announce = (client) => client.request('POST', '/api/lookback/draws', { json: { n: 100, seed_source: '当日上证指数收盘价' } });

// Written candidates grow while acts are acknowledged; then the server is killed.
async function killWhilePreparing(server, load, data) {
  const acts = () => load.writers.reduce((n, w) => n + w.acked, 0);
  const finish = load.start();
  const before = count(data, 'draw_item');
  let over = null, went = 0, begun = -1;
  announce(load.client).then((r) => (over = r), (e) => (over = e));
  for (let n = 0; !over && n < CANDIDATES / 2;) {
    n = (await written(data)) - before;
    if (n && begun < 0) begun = acts();
    if (begun >= 0) went = acts() - begun;
  }
  const early = over;
  await server.kill();
  await finish();
  if (early) throw new Error(`the draw was over before half of its candidates were seen: ${early.status} ${String(early.body ?? early).slice(0, 300)}`);
  if (!went) throw new Error('no act was acknowledged while the candidates were written');
  return went;
}

export async function drawKilled(server, load, data, clock) {
  const draws = count(data, 'draw'), before = count(data, 'draw_item');
  const went = await killWhilePreparing(server, load, data);
  await server.start();
  load.moved();
  await load.check();
  const list = await load.client.request('GET', '/api/lookback/draws');
  if (list.json.items.some((d) => d.size >= CANDIDATES) || count(data, 'draw') !== draws) throw new Error('half a draw is there');
  if (count(data, 'draw_begun') !== 1 || count(data, 'draw_item') === before) throw new Error('nothing was left to be taken away');
  await clock(Date.now() + 2 * 3600000);
  const again = await announce(load.client);
  if (again.status !== 201 || again.json.size < CANDIDATES) throw new Error(`announced again: ${again.status} ${String(again.body).slice(0, 300)}`);
  if (count(data, 'draw_begun') !== 0) throw new Error('what was given up is still there');
  const items = count(data, 'draw_item') - before;
  if (items !== again.json.size) throw new Error(`${items} candidates are kept of ${again.json.size}`);
  const check = await load.client.request('GET', `/api/draws/${again.json.id}/check`);
  if (!check.json.equal) throw new Error(`the check: ${check.body}`);
  return `${went} acts acknowledged while half of ${CANDIDATES} candidates were written, no draw left`;
}

const DRAWN = 4000;
const made = (data) => new Promise((resolve, reject) => {
  execFile('sqlite3', ['-cmd', '.timeout 20000', path.join(data, 'bihuan.db'), 'SELECT COUNT(*) FROM lookback WHERE draw <> 0'], (e, out) => (e ? reject(e) : resolve(Number(out))));
});

// The tasks of a seeded draw are made some at a time while acts go on; after a kill the next server goes on.
export async function tasksKilled(server, load, data) {
  const call = async (method, url, json, want) => {
    const r = await load.client.request(method, url, json ? { json } : undefined);
    if (r.status !== want) throw new Error(`${method} ${url}: ${r.status} ${String(r.body).slice(0, 300)}`);
    return r.json;
  };
  const before = await made(data);
  const draw = await call('POST', '/api/lookback/draws', { n: DRAWN, seed_source: '当日上证指数收盘价' }, 201);
  const [org] = (await call('GET', `/api/orgs?q=${encodeURIComponent('示例区安全生产委员会办公室')}`, null, 200)).items;
  const due = new Date(Date.now() + 30 * 86400000).toISOString().slice(0, 10);
  const acts = () => load.writers.reduce((n, w) => n + w.acked, 0);
  const finish = load.start();
  const seeded = await call('POST', `/api/lookback/draws/${draw.id}/seed`, { ver: draw.ver, seed: '3256.18', orgs: [org.id], due }, 200);
  const begun = acts();
  if (seeded.drawn.length !== DRAWN || !(seeded.left > 0) || seeded.left >= DRAWN) throw new Error(`${seeded.drawn.length} drawn, ${seeded.left} tasks to go`);
  let there = 0;
  while (there < DRAWN / 4) there = (await made(data)) - before;
  await server.kill();
  await finish();
  const went = acts() - begun;
  const half = (await made(data)) - before;
  if (half >= DRAWN) throw new Error('all tasks were made before the kill');
  if (!went) throw new Error('no act was acknowledged while the tasks were made');
  await server.start();
  load.moved();
  await load.check();
  for (let left = 1; left;) left = (await call('GET', `/api/draws/${draw.id}`, null, 200)).left;
  const [tasks, matters] = sql(data, `SELECT COUNT(*), COUNT(DISTINCT matter) FROM lookback WHERE draw = ${draw.id}`).split('|').map(Number);
  if (tasks !== DRAWN || matters !== DRAWN) throw new Error(`${tasks} tasks for ${matters} matters of ${DRAWN}`);
  const check = await call('GET', `/api/draws/${draw.id}/check`, null, 200);
  if (!check.equal) throw new Error(`the check: ${JSON.stringify(check)}`);
  return `${went} acts acknowledged while ${half} of ${DRAWN} tasks were made, the others after the kill`;
}
