#!/usr/bin/env node
// Lets spin search everything that two hands can do to a matter at once: no invariant is violated; without the check of
// versions one is; and with a guard taken out of the catalog one is, so that the search is worth something.
//   node tests/model/run.mjs [--keep FOLDER]
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promela, readWorkflow } from './promela.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const keep = process.argv.indexOf('--keep');
const work = keep > 0 ? path.resolve(process.argv[keep + 1]) : fs.mkdtempSync(path.join(os.tmpdir(), 'bihuan-model-'));
fs.mkdirSync(work, { recursive: true });

function run(program, args, cwd, minutes = 4) {
  const r = spawnSync(program, args, { cwd, encoding: 'utf8', timeout: minutes * 60000, maxBuffer: 64 << 20 });
  if (r.error || (r.status !== 0 && program !== './pan')) throw new Error(`${program}: ${r.error?.message ?? ''}${r.stderr}${r.stdout}`.slice(0, 600));
  return r.stdout + r.stderr;
}

// → { violated, states, what, whole }
// A fault is looked for along short ways, and built without optimising; that nothing is wrong takes the whole search.
function search(name, wf, options, fault = false) {
  const dir = path.join(work, name);
  fs.rmSync(dir, { recursive: true, force: true });
  fs.mkdirSync(dir, { recursive: true });
  fs.writeFileSync(path.join(dir, 'model.pml'), promela(wf, options));
  run('spin', ['-a', 'model.pml'], dir);
  run('cc', [fault ? '-O0' : '-O1', '-w', '-DSAFETY', '-DCOLLAPSE', '-DVECTORSZ=2048', '-DMEMLIM=1500', '-o', 'pan', 'pan.c'], dir);
  const text = run('./pan', [fault ? '-m200' : '-m2000000', '-w23'], dir);
  return {
    violated: /assertion violated|errors: [1-9]/.test(text),
    states: Number(text.match(/([\d.e+]+) states, stored/)?.[1] ?? 0),
    what: text.match(/assertion violated ([^\n]*)/)?.[1] ?? '',
    whole: /errors: 0/.test(text) && !/out of memory|max search depth too small|Search not completed/.test(text),
  };
}

// The workflow with words of some rows replaced: [act, column, from, to] …
function changed(kind, ...edits) {
  const wf = readWorkflow(root, kind);
  for (const [act, column, from, to] of edits) {
    const row = wf.acts.find((a) => a.id === act);
    if (!row || !row[column].includes(from)) throw new Error(`${kind}: ${act} has no ${from}`);
    row[column] = row[column].replace(from, to);
  }
  return wf;
}

const sound = ['hazard', 'feedback', 'referral', 'task', 'report', 'exceedance'].filter((k) => fs.existsSync(path.join(root, 'catalog/workflow', k)));
const unsound = [
  ['a party passes its own work', ['pass', 'guards', 'not-party not-reporter ', '']],
  ['listed is ticked off', ['close', 'guards', 'not-listed ', '']],
  ['out of use is ticked off', ['pass', 'guards', 'not-stopped ', ''], ['close', 'guards', 'not-stopped ', '']],
  ['extended after expiry', ['extend-grant', 'guards', ' not-expired', '']],
  ['one person alone reports and confirms a false alarm', ['false-confirm', 'guards', 'second-person ', '']],
  ['ticked off without verification', ['close', 'from', 'verified', 'verified rectifying'], ['close', 'guards', 'verified ', '']],
];

let passed = 0, failed = 0;
function check(title, ok, more) {
  console.log(`${ok ? 'ok' : 'not ok'} - ${title}${more ? ` # ${more}` : ''}`);
  ok ? passed++ : failed++;
}
function attempt(title, fn) {
  try {
    fn();
  } catch (e) {
    check(title, false, String(e.message).replaceAll('\n', ' | '));
  }
}

for (const kind of sound)
  attempt(kind, () => {
    const r = search(kind, readWorkflow(root, kind), { versions: true });
    check(`${kind}: two hands at once violate nothing`, r.whole && !r.violated && r.states > 1000, r.violated ? r.what : `${r.states} states`);
  });
for (const kind of sound)
  attempt(kind, () => {
    const r = search(`${kind}-unversioned`, readWorkflow(root, kind), { versions: false }, true);
    check(`${kind}: without the check of versions something is violated`, r.violated, r.what);
  });
for (const [title, ...edits] of unsound)
  attempt(title, () => {
    const r = search('unsound', changed('hazard', ...edits), { versions: true }, true);
    check(`found when it is so in the catalog: ${title}`, r.violated, r.what);
  });
if (keep < 0) fs.rmSync(work, { recursive: true, force: true });
console.log(`model: ${passed} passed, ${failed} failed, 0 skipped`);
process.exit(failed ? 1 : 0);
