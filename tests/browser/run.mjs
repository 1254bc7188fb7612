#!/usr/bin/env node
// The page in Debian's Chromium: both languages, two widths, what a person does all day.
//   node tests/browser/run.mjs [--binary build/bihuan] [--shots DIR] [words of a case …]
import fs from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Server, run, scratch } from '../lib/server.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const argv = process.argv.slice(2);
const take = (n, or) => (argv.includes(n) ? argv.splice(argv.indexOf(n), 2)[1] : or);
const binary = path.resolve(take('--binary', 'build/bihuan'));
const wanted = take('--shots', null);
const shots = path.resolve(wanted ?? path.join(path.dirname(binary), 'tests', 'shots'));

const lock = path.join(here, 'node_modules', '.package-lock.json');
if (!fs.existsSync(lock) || fs.statSync(lock).mtimeMs < fs.statSync(path.join(here, 'package-lock.json')).mtimeMs) {
  const r = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: here, stdio: 'inherit' });
  if (r.status !== 0) throw new Error('npm ci in tests/browser failed');
  fs.utimesSync(lock, new Date(), new Date());
}
const { launch, keepPictures } = await import('./browser.mjs');
if (wanted) keepPictures();
const { CASES } = await import('./cases.mjs');
const { PUBLIC_CASES } = await import('./public.mjs');
const { AFTER_CASES } = await import('./after.mjs');
const { SAFETY } = await import('./safety.mjs');
const { MONITOR } = await import('./monitor.mjs');
const { PLACE_CASES } = await import('./place.mjs');
Object.assign(CASES, PUBLIC_CASES, AFTER_CASES, PLACE_CASES);

fs.mkdirSync(shots, { recursive: true });
const data = path.join(scratch('browser'), 'data');
const there = process.env.BIHUAN_BASE; // a server that runs already, instead of one of our own
if (!there) {
  const made = run(binary, ['demo', '--data', data]);
  if (made.code !== 0) throw new Error(`demo: ${made.out}`);
}
const server = there ? { base: there, stop() {} } : await new Server(binary, { data, args: ['--test-clock'] }).start();
const browser = await launch();
const n = { passed: 0, failed: 0, skipped: 0 };
async function one(name, go) {
  const from = Date.now();
  const t = { browser, base: server.base, binary, shots, data, open: [] };
  try {
    await go(t);
    n.passed++;
    console.log(`ok - ${name} (${((Date.now() - from) / 1000).toFixed(1)} s)`);
  } catch (e) {
    n.failed++;
    const page = t.open.at(-1);
    const shot = path.join(shots, `failed-${n.failed}.png`);
    await page?.picture({ path: shot }).catch(() => {});
    console.log(`not ok - ${name}\n    ${(e.message ?? String(e)).replace(/\n\s*\n/g, '\n').slice(0, 1500)}${page ? ` [${page.url()} → ${shot}]` : ''}`);
  }
  for (const p of t.open) await p.context().close().catch(() => {});
}
// Two cases at a time: while one waits for the server or the eye, the other draws. Cases share a server but no things on it.
const todo = Object.entries({ ...CASES, ...SAFETY, ...MONITOR }).filter(([name]) => argv.every((w) => name.includes(w)));
const lane = async () => {
  for (let next = todo.shift(); next; next = todo.shift()) await one(...next);
};
await Promise.all([lane(), lane()]);
await browser.close();
await server.stop();
console.log(`browser: ${n.passed} passed, ${n.failed} failed, ${n.skipped} skipped`);
process.exit(n.failed || !n.passed ? 1 : 0);
