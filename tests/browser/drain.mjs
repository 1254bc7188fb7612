#!/usr/bin/env node
// The inspection page itself, in Chromium: findings and photos made by its own forms without a network, then sent through a
// server that is killed three times. What the page's store held is compared with what the server holds: nothing lost, nothing twice.
//   node tests/browser/drain.mjs [--binary build/bihuan] [--findings 500]      (`make drain`; some minutes)
import path from 'node:path';
import assert from 'node:assert/strict';
import { Server, run, scratch } from '../lib/server.mjs';
import { launch } from './browser.mjs';
import { api, id, visit } from './visit.mjs';

const argv = process.argv.slice(2);
const take = (n, or) => (argv.includes(n) ? argv.splice(argv.indexOf(n), 2)[1] : or);
const binary = path.resolve(take('--binary', 'build/bihuan'));
const N = Number(take('--findings', 500));
const say = (text) => console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(7)} s  ${text}`);
const began = Date.now();

// Runs in the page: fills in the page's own form as a hand would, some findings with two photos each.
async function make([from, to]) {
  const until = async (f) => {
    for (let x = f(); ; x = f()) {
      if (x) return x;
      await new Promise((r) => setTimeout(r, 4));
    }
  };
  const at = (name, inside = document) => inside.querySelector(`[data-testid=${name}]`);
  const jpeg = async (n) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 48 });
    const g = canvas.getContext('2d');
    for (let i = 0; i < 8; i++) {
      g.fillStyle = `hsl(${(n * 47 + i * 31) % 360} 60% 50%)`;
      g.fillRect((n * 7 + i * 13) % 64, (n * 11 + i * 17) % 48, 20, 16);
    }
    return new File([await new Promise((r) => canvas.toBlob(r, 'image/jpeg', 0.6)), new Uint8Array([n >> 8, n & 255])], `${n}.jpg`, { type: 'image/jpeg' });
  };
  for (let n = from; n < to; n++) {
    at('finding-more').click();
    const form = await until(() => document.querySelector('form[data-testid=finding]'));
    const title = form.querySelector('textarea');
    title.value = `离线登记的问题 ${n + 1}`;
    title.dispatchEvent(new Event('input', { bubbles: true }));
    const files = new DataTransfer();
    for (const k of [0, 1]) files.items.add(await jpeg(2 * n + k));
    const input = at('photo-input', form);
    input.files = files.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
    await until(() => form.querySelectorAll('figure').length === 2 && !at('photo', form).disabled);
    at('finding-send', form).click();
    await until(() => !document.querySelector('form[data-testid=finding]'));
  }
}

const queue = (page) => page.evaluate(async () => {
  const { name } = (await indexedDB.databases()).find((d) => d.name.startsWith('bihuan.inspect'));
  const db = await new Promise((done, no) => Object.assign(indexedDB.open(name), { onsuccess: (e) => done(e.target.result), onerror: no }));
  const all = await new Promise((done, no) => Object.assign(db.transaction('queue').objectStore('queue').getAll(), { onsuccess: (e) => done(e.target.result), onerror: no }));
  db.close();
  return all.map(({ id, kind, state, why, body }) => ({ id, kind, state, why, hash: body.hash, about: body.about }));
});
const same = (what, a, b) => assert.deepEqual([...b].sort(), [...a].sort(), `${what}: ${a.length} made, ${b.length} there`);

const data = path.join(scratch('drain'), 'data');
const demo = run(binary, ['demo', '--data', data]);
if (demo.code !== 0) throw new Error(demo.out);
const server = await new Server(binary, { data }).start();
server.listen = `127.0.0.1:${server.port}`; // it comes back where the page knows it
const browser = await launch();
const t = { browser, base: server.base, open: [] };
const page = await visit(t, 'yang.yjj', { width: 390 });
const second = await visit(t, 'he.cgj');
await page.context().grantPermissions(['geolocation']);
await page.context().setGeolocation({ latitude: 37.8722, longitude: 112.5208 });
const who = await Promise.all([page, second].map(async (p) => (await api(p, 'GET', '/api/me')).json.account.id));
const object = (await api(page, 'GET', '/api/objects?type=gas-station')).json.items[0].id;
const made = await api(page, 'POST', '/api/visits', { object, planned: new Date().toISOString().slice(0, 10), inspectors: who });
assert.equal(made.status, 201, JSON.stringify(made.json));
await page.goto('/inspect');
await page.locator(`[href="/inspect/visits/${made.json.id}"]`).first().click();
await id(page, 'visit-start').waitFor();
await page.context().setOffline(true);
await id(page, 'visit-start').click();
await id(page, 'finding-more').waitFor();
for (let n = 0; n < N; n += 50) {
  await page.evaluate(make, [n, Math.min(N, n + 50)]);
  say(`${Math.min(N, n + 50)} findings made`);
}
const held = await queue(page);
assert.equal(held.filter((e) => e.kind === 'finding').length, N);
assert.equal(held.filter((e) => e.kind === 'file').length, 2 * N);

const left = () => id(page, 'sync').getAttribute('data-waiting').then(Number);
await page.context().setOffline(false);
for (const part of [0.8, 0.5, 0.2]) {
  while ((await left()) > held.length * part) await page.waitForTimeout(2);
  const n = await left();
  await server.kill();
  say(`killed with ${n} waiting`);
  await server.start();
}
await page.locator('[data-testid=sync][data-waiting="0"]').waitFor({ timeout: 1800000 });
say('nothing waits');

const there = (await api(page, 'GET', `/api/visits/${made.json.id}`)).json;
assert.deepEqual((await queue(page)).filter((e) => e.state !== 'received'), []);
same('findings', held.filter((e) => e.kind === 'finding').map((e) => e.id), there.findings.map((f) => f.client_id));
same('photos', held.filter((e) => e.kind === 'file').map((e) => `${e.id} ${e.hash} ${e.about}`), there.files.map((f) => `${f.client_id} ${f.hash} ${f.about}`));
assert.ok(there.files.every((f) => f.file), 'a photo still waits for its visit');
assert.deepEqual((await queue(page)).filter((e) => e.state === 'conflict' || e.state === 'refused'), []);
await browser.close();
await server.stop();
const check = run(binary, ['verify', '--data', data]);
assert.equal(check.code, 0, check.out);
say(`${there.findings.length} findings and ${there.files.length} photos went from the page through 3 kills; the ledger holds`);
