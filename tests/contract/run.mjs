#!/usr/bin/env node
// What the scenario runs sent and got, held against the contract that the binary prints; then migration
// from every released schema.
//   node tests/contract/run.mjs --binary build/bihuan --reports build/tests
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, scratch } from '../lib/server.mjs';
import { Contract } from '../lib/openapi.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const argv = process.argv.slice(2);
const option = (n, or) => (argv.includes(n) ? argv[argv.indexOf(n) + 1] : or);
const binary = path.resolve(option('--binary', 'build/bihuan'));
const reports = option('--reports', 'build/tests');
const n = { passed: 0, failed: 0, skipped: 0 };
const ok = (name, why) => {
  n[why ? 'failed' : 'passed']++;
  if (why) console.log(`not ok - ${name}\n    ${why}`);
};

// Routes that no scenario can use in the ordinary way, each with the reason.
const ELSEWHERE = {};

function printed() {
  const r = run(binary, ['openapi']);
  if (r.code !== 0) return ok('bihuan openapi', r.out);
  let doc;
  try {
    doc = JSON.parse(r.stdout);
  } catch (e) {
    return ok('bihuan openapi', String(e));
  }
  ok('openapi is 3.1', /^3\.1/.test(doc.openapi) ? '' : doc.openapi);
  const text = JSON.stringify(doc);
  for (const [, ref] of text.matchAll(/"\$ref":"([^"]+)"/g))
    if (!new Contract(doc).resolve({ $ref: ref })) ok(`reference ${ref}`, 'points at nothing');
  const ids = Object.values(doc.paths ?? {}).flatMap((p) => Object.values(p).map((o) => o.operationId)).filter(Boolean);
  ok('operation ids are unique', ids.length === new Set(ids).size ? '' : 'two operations share an id');
  return doc;
}

function replies() {
  const engines = ['sqlite', 'pg'].map((e) => path.join(reports, `scenario-${e}.json`)).filter((f) => fs.existsSync(f));
  if (!engines.length) return ok('replies', `no scenario reports in ${reports}`);
  for (const file of engines) {
    const { contract } = JSON.parse(fs.readFileSync(file, 'utf8'));
    const engine = path.basename(file, '.json').replace('scenario-', '');
    if (!contract) {
      ok(`replies on ${engine}`, 'the scenario run saw no contract');
      continue;
    }
    const faults = new Map();
    for (const f of contract.faults) faults.set(f.key, [...(faults.get(f.key) ?? []), `${f.where}: ${f.what.join('; ')}`]);
    for (const [key, use] of Object.entries(contract.used)) {
      const bad = faults.get(key);
      const never = !use.ok && !(key in ELSEWHERE);
      ok(`${engine} ${key}`, bad ? bad.slice(0, 3).join('\n    ') : never ? 'no scenario gets a good answer from this route' : '');
      faults.delete(key);
    }
    for (const [key, what] of faults) ok(`${engine} ${key}`, what[0]);
  }
}

// schema/<release>.sql beside this file: a dump of a store as that release made it. Each must migrate,
// check and verify.
function migrations() {
  const dir = path.join(here, 'schema');
  for (const f of fs.existsSync(dir) ? fs.readdirSync(dir).filter((x) => x.endsWith('.sql')) : []) {
    const data = path.join(scratch('migrate'), 'data');
    fs.mkdirSync(data, { recursive: true });
    const load = run('sqlite3', ['-bail', path.join(data, 'bihuan.db')], { input: fs.readFileSync(path.join(dir, f), 'utf8') });
    if (load.code !== 0) {
      ok(`migrate from ${f}`, load.out);
      continue;
    }
    const m = run(binary, ['migrate', '--data', data]);
    const v = run(binary, ['verify', '--data', data]);
    ok(`migrate from ${f}`, m.code ? m.out : v.code ? v.out : '');
  }
}

printed();
replies();
migrations();
console.log(`contract: ${n.passed} passed, ${n.failed} failed, ${n.skipped} skipped`);
process.exit(n.failed ? 1 : 0);
