#!/usr/bin/env node
// Runs every suite in order, prints a line a suite and ends with `N passed, N failed, N skipped`.
//   node tests/run.mjs [--build build] [suite …]
// A suite that cannot start, ends badly without a counted failure, or counts nothing is one failure.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { tap } from './lib/tap.mjs';
import { Cluster } from './lib/pg.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const args = process.argv.slice(2);
const flag = args.indexOf('--build');
const build = path.resolve(root, flag >= 0 ? args.splice(flag, 2)[1] : 'build');
const out = path.join(build, 'tests');
const binary = path.join(build, 'bihuan');
fs.mkdirSync(out, { recursive: true });

// Runs a program, its output into a log; → { code, text }.
function exec(name, program, argv, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, argv, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    const chunks = [];
    const dots = process.stdout.isTTY ? setInterval(() => process.stdout.write('.'), 5000) : null;
    const limit = setTimeout(() => child.kill('SIGKILL'), (options.minutes ?? 15) * 60000);
    for (const s of [child.stdout, child.stderr]) s.on('data', (c) => chunks.push(c));
    child.on('error', (e) => chunks.push(Buffer.from(String(e))));
    child.on('close', (code, signal) => {
      clearTimeout(limit);
      clearInterval(dots);
      const text = Buffer.concat(chunks).toString('utf8');
      fs.writeFileSync(path.join(out, `${name}.log`), text);
      resolve({ code: code ?? signal, text });
    });
  });
}

const sum = (list) => list.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }),
  { passed: 0, failed: 0, skipped: 0 });

// The last "N passed, N failed, N skipped" of our own programs.
function closing({ code, text }) {
  const m = [...text.matchAll(/(\d+) passed, (\d+) failed, (\d+) skipped/g)].at(-1);
  const n = m ? { passed: +m[1], failed: +m[2], skipped: +m[3] } : { passed: 0, failed: 0, skipped: 0 };
  if (code !== 0 && !n.failed) n.failed = 1;
  n.details = text.split('\n').filter((l, i, all) => /^not ok/.test(l) || /^not ok/.test(all[i - 1] ?? ''));
  if (!m) n.details = [`did not come to its end (${code}): ${text.trim().split('\n').slice(-5).join(' | ')}`];
  return n;
}

// Each meson test is a program; a TAP stream that breaks off or an exit that says otherwise is a failure.
async function meson(name, which, env = process.env) {
  const log = path.join(build, 'meson-logs', 'testlog.json');
  fs.rmSync(log, { force: true });
  const { text } = await exec(name, 'meson', ['test', '-C', build, '--no-rebuild', '--num-processes', '2', ...which], { minutes: 15, env });
  if (!fs.existsSync(log)) return { passed: 0, failed: 1, skipped: 0, details: [text.trim().split('\n').slice(-5).join(' | ')] };
  const details = [];
  const each = fs.readFileSync(log, 'utf8').trim().split('\n').map(JSON.parse).map((t) => {
    const n = tap(t.stdout ?? '');
    // cmocka writes a skipped test as "not ok … # SKIP", which meson takes for a failure; its exit does not.
    const good = ['OK', 'EXPECTEDFAIL'].includes(t.result) || (t.result === 'FAIL' && t.returncode === 0 && n.skipped > 0 && !n.failed);
    if (t.result === 'SKIP' && !n.passed && !n.failed) n.skipped ||= 1;
    else if (n.planned === null && !n.passed && !n.failed) n[good ? 'passed' : 'failed'] = 1;
    else if (!good && !n.failed) n.failed = 1;
    else if (n.planned !== null && n.passed + n.failed + n.skipped < n.planned) n.failed += n.planned - n.passed - n.failed - n.skipped;
    if (n.failed) details.push(`not ok - ${t.name} (${t.result})`, ...(`${t.stdout ?? ''}\n${t.stderr ?? ''}`).split('\n').filter((l) => /^not ok|error|Error|assert/.test(l)).slice(0, 8).map((l) => `    ${l}`));
    return n;
  });
  return { ...sum(each), details };
}

// Every statement on both engines.
async function onPostgres() {
  const cluster = new Cluster().start();
  try {
    return await meson('statements', ['--suite', 'contract'], { ...process.env, BIHUAN_TEST_PG: cluster.create('statements') });
  } finally {
    cluster.stop();
  }
}

async function nodeTests(name, files) {
  const r = await exec(name, process.execPath, ['--test', '--test-reporter=tap', ...files], { env: { ...process.env, BIHUAN_BINARY: binary } });
  const n = tap(r.text);
  if (!/^1\.\.\d+/m.test(r.text) || (r.code !== 0 && !n.failed)) n.failed ||= 1;
  return { ...n, details: r.text.split('\n').filter((l) => /^not ok/.test(l)) };
}

async function vitest() {
  const report = path.join(out, 'vitest.json');
  fs.rmSync(report, { force: true });
  const r = await exec('web', 'npm', ['run', '--silent', 'test', '--', '--reporter=json', `--outputFile=${report}`], { cwd: path.join(root, 'web') });
  if (!fs.existsSync(report)) return { passed: 0, failed: 1, skipped: 0, details: [r.text.trim().split('\n').slice(-4).join(' | ')] };
  const j = JSON.parse(fs.readFileSync(report, 'utf8'));
  const broken = (j.testResults ?? []).filter((f) => f.status === 'failed' && !f.assertionResults?.some((a) => a.status === 'failed')).length;
  return {
    passed: j.numPassedTests, failed: Math.max(j.numFailedTests + broken, r.code === 0 ? 0 : 1), skipped: j.numPendingTests + (j.numTodoTests ?? 0),
    details: (j.testResults ?? []).flatMap((f) => (f.assertionResults ?? []).filter((a) => a.status === 'failed').map((a) => `not ok - ${a.fullName}`)),
  };
}

// The page beyond its units: what the compiler, ESLint and the server's contract say. One counted test each, side by side.
async function page() {
  const web = path.join(root, 'web');
  const messages = await exec('web-messages', process.execPath, ['scripts/messages.mjs'], { cwd: web });
  const checks = messages.code !== 0 ? [['its messages are written', messages]] : await Promise.all([
    ['vue-tsc finds the types sound', 'web-types', path.join(web, 'node_modules/.bin/vue-tsc'), ['--noEmit']],
    ['ESLint has nothing to say', 'web-lint', path.join(web, 'node_modules/.bin/eslint'), ['--max-warnings', '0', '.']],
    ['api/contract.ts is what the server says', 'web-contract', process.execPath, ['scripts/types.mjs', '--check', binary]],
  ].map(async ([what, name, program, argv]) => [what, await exec(name, program, argv, { cwd: web })]));
  const bad = checks.filter(([, r]) => r.code !== 0);
  return {
    passed: checks.length - bad.length, failed: bad.length, skipped: 0,
    details: bad.flatMap(([what, r]) => [`not ok - ${what}`, ...r.text.trim().split('\n').slice(0, 12).map((l) => `    ${l}`)]),
  };
}
async function web() {
  const [units, rest] = await Promise.all([vitest(), page()]);
  return { ...sum([units, rest]), details: [...units.details, ...rest.details] };
}

const scenario = (engine) => async () =>
  closing(await exec(`scenario-${engine}`, process.execPath, ['tests/scenario/run.mjs', '--binary', binary, '--engine', engine,
    '--report', path.join(out, `scenario-${engine}.json`)], { minutes: 15 }));
const own = (name, script, extra = [], minutes = 15) => async () =>
  closing(await exec(name, process.execPath, [script, '--binary', binary, ...extra], { minutes }));

const SUITES = [
  ['harness', () => nodeTests('harness', ['tests/lib/lib.test.mjs', 'tests/lib/draw.test.mjs', 'tests/lib/prom.test.mjs'])],
  ['unit', () => meson('unit', ['--no-suite', 'contract'])],
  ['statements', onPostgres],
  ['model', async () => closing(await exec('model', process.execPath, ['tests/model/run.mjs'], { minutes: 8 }))],
  ['command', () => nodeTests('command', fs.readdirSync(path.join(root, 'tests/command')).map((f) => `tests/command/${f}`))],
  ['sqlite', scenario('sqlite')],
  ['pg', scenario('pg')],
  ['contract', own('contract', 'tests/contract/run.mjs', ['--reports', out])],
  ['recount', own('recount', 'tests/recount/run.mjs')],
  ['fault', own('fault', 'tests/fault/run.mjs')],
  ['fuzz', async () => closing(await exec('fuzz', 'sh', ['tests/fuzz/replay.sh', build]))],
  ['web', web],
  ['browser', own('browser', 'tests/browser/run.mjs')],
];

const wanted = args.length ? SUITES.filter(([n]) => args.includes(n)) : SUITES;
for (const a of args) if (!SUITES.some(([n]) => n === a)) throw new Error(`no suite ${a}; there are ${SUITES.map(([n]) => n).join(', ')}`);
const results = [];
const started = Date.now();
for (const [name, go] of wanted) {
  const from = Date.now();
  process.stdout.write(`${name.padEnd(10)}`);
  let n;
  try {
    n = await go();
  } catch (e) {
    n = { passed: 0, failed: 1, skipped: 0, details: [String(e.message ?? e)] };
  }
  if (!n.passed && !n.failed && !n.skipped) n = { passed: 0, failed: 1, skipped: 0, details: ['ran nothing'] };
  results.push(n);
  console.log(`${String(n.passed).padStart(5)} ok ${String(n.failed).padStart(4)} failed ${String(n.skipped).padStart(4)} skipped  ${((Date.now() - from) / 1000).toFixed(1)} s`);
  for (const d of (n.details ?? []).slice(0, 40)) console.log(`    ${d.slice(0, 500)}`);
}
const all = sum(results);
console.log(`logs: ${path.relative(root, out)}/ · ${((Date.now() - started) / 1000).toFixed(0)} s`);
console.log(`${all.passed} passed, ${all.failed} failed, ${all.skipped} skipped`);
process.exit(all.failed ? 1 : 0);
