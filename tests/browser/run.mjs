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
const shots = path.resolve(take('--shots', path.join(path.dirname(binary), 'tests', 'shots')));

const lock = path.join(here, 'node_modules', '.package-lock.json');
if (!fs.existsSync(lock) || fs.statSync(lock).mtimeMs < fs.statSync(path.join(here, 'package-lock.json')).mtimeMs) {
  const r = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: here, stdio: 'inherit' });
  if (r.status !== 0) throw new Error('npm ci in tests/browser failed');
  fs.utimesSync(lock, new Date(), new Date());
}
const { launch } = await import('./browser.mjs');
const { CASES } = await import('./cases.mjs');
const { PUBLIC_CASES } = await import('./public.mjs');
const { AFTER_CASES } = await import('./after.mjs');
const { SAFETY } = await import('./safety.mjs');
const { MONITOR } = await import('./monitor.mjs');
Object.assign(CASES, PUBLIC_CASES, AFTER_CASES);

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
for (const [name, go] of Object.entries({ ...CASES, ...SAFETY, ...MONITOR })) {
  if (!argv.every((w) => name.includes(w))) continue;
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
    await page?.screenshot({ path: shot }).catch(() => {});
    console.log(`not ok - ${name}\n    ${(e.message ?? String(e)).replace(/\n\s*\n/g, '\n').slice(0, 1500)}${page ? ` [${page.url()} → ${shot}]` : ''}`);
  }
  for (const p of t.open) await p.context().close().catch(() => {});
}
await browser.close();
await server.stop();
console.log(`browser: ${n.passed} passed, ${n.failed} failed, ${n.skipped} skipped`);
process.exit(n.failed || !n.passed ? 1 : 0);
