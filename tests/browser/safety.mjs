// The closed loop of hazards, as an inspector, an office and a reader of the map use it.
import path from 'node:path';
import assert from 'node:assert/strict';
import { settled, sound } from './browser.mjs';
import { api, id, visit } from './visit.mjs';

// A photo that is one, in the colour asked for.
export async function photo(page, colour) {
  return Buffer.from(await page.evaluate(async (c) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
    const g = canvas.getContext('2d');
    for (let i = 0; i < 60; i++) {
      g.fillStyle = `hsl(${c + i * 3} 60% ${20 + i}%)`;
      g.fillRect((i * 37) % 320, (i * 53) % 240, 60, 40);
    }
    const blob = await new Promise((r) => canvas.toBlob(r, 'image/jpeg', 0.8));
    return [...new Uint8Array(await blob.arrayBuffer())];
  }, colour));
}
const me = async (page) => (await api(page, 'GET', '/api/me')).json;
const day = (plus = 0) => new Date(Date.now() + 8 * 3600000 + plus * 86400000).toISOString().slice(0, 10);

// A plan with two inspectors and a visit of a gas station, made through the server.
async function planned(t) {
  const second = await visit(t, 'he.cgj');
  const page = await visit(t, 'yang.yjj');
  const [a, b] = [await me(page), await me(second)];
  const plan = await api(page, 'POST', '/api/plans', { name: `燃气安全检查 ${Date.now()}`, from: day(-30), to: day(60), sectors: ['gas'], teams: [{ leader: a.account.id, members: [a.account.id, b.account.id] }] });
  assert.equal(plan.status, 201, JSON.stringify(plan.json));
  const objects = (await api(page, 'GET', '/api/objects?type=gas-station')).json.items;
  const made = await api(page, 'POST', '/api/visits', { object: objects[0].id, plan: plan.json.id, planned: day(), inspectors: [a.account.id, b.account.id] });
  assert.equal(made.status, 201, JSON.stringify(made.json));
  return { page, second, plan: plan.json, made: made.json, object: objects[0] };
}

export const SAFETY = {
  'map: four colours, a list that says the same, an object card': async (t) => {
    for (const [lang, width] of [['zh-CN', 1280], ['en', 390]]) {
      const page = await visit(t, 'chen.office', { lang, width });
      await page.goto('/map');
      await page.locator('[data-testid=map][data-ready]').waitFor();
      await id(page, 'map-list').locator('button').first().waitFor();
      await sound(page, 'map', { width });
      await page.screenshot({ path: path.join(t.shots, `map-${lang}-${width}.png`) });
      await id(page, 'map-list').locator('button').first().click();
      await id(page, 'object-card').waitFor();
      await sound(page, 'object card', { width });
      await id(page, 'object-card').locator('h2 a').click();
      await id(page, 'object-name').waitFor();
      await sound(page, 'object', { width });
      await page.screenshot({ path: path.join(t.shots, `object-${lang}-${width}.png`), fullPage: true });
    }
  },

  'objects: filters are words, a wrong file is told by its cell': async (t) => {
    const page = await visit(t, 'chen.office');
    await page.goto('/objects');
    await id(page, 'objects').waitFor();
    await id(page, 'object-risk').selectOption('red');
    await id(page, 'filter-risk').waitFor();
    await settled(page);
    await sound(page, 'objects');
    await id(page, 'filter-risk').click();
    await page.waitForFunction(() => !document.querySelector('[data-testid=filter-risk]'));
  },

  'criteria: an edition, a search, two editions side by side': async (t) => {
    for (const [lang, width] of [['zh-CN', 1280], ['en', 390]]) {
      const page = await visit(t, 'chen.office', { lang, width });
      await page.goto('/criteria');
      await id(page, 'criterion').first().waitFor();
      await sound(page, 'criteria', { width });
      await page.screenshot({ path: path.join(t.shots, `criteria-${lang}-${width}.png`) });
      await id(page, 'criteria-find').fill(lang === 'en' ? 'alarm' : '报警');
      await page.keyboard.press('Enter');
      await id(page, 'criteria-drop').waitFor();
      await id(page, 'criterion').first().waitFor();
      await sound(page, 'criteria found', { width });
    }
  },

  'risk: LEC counted by the server with its steps': async (t) => {
    const page = await visit(t, 'chen.office');
    await page.goto('/risk');
    for (const what of ['l-3', 'e-10', 'c-15']) await id(page, `risk-${what}`).check();
    await id(page, 'risk-send').click();
    await id(page, 'risk-result').getByText('450').first().waitFor();
    await sound(page, 'risk');
  },

  'duty: who answers for an object, and the share of gaps': async (t) => {
    for (const [lang, width] of [['zh-CN', 1280], ['en', 390]]) {
      const page = await visit(t, 'chen.office', { lang, width });
      const mine = (await api(page, 'GET', '/api/objects?type=coal-mine')).json.items[0];
      await page.goto(`/duty?object=${mine.id}`);
      await id(page, 'duty-row').first().waitFor();
      await sound(page, 'duty', { width });
      await page.screenshot({ path: path.join(t.shots, `duty-${lang}-${width}.png`), fullPage: true });
      await page.goto('/duty/gaps');
      await id(page, 'gaps-share').waitFor();
      await sound(page, 'gaps', { width });
      await page.screenshot({ path: path.join(t.shots, `gaps-${lang}-${width}.png`) });
    }
  },

  'draw: announced, seeded, repeated in the browser': async (t) => {
    const { page, plan } = await planned(t);
    await page.goto(`/inspect/plans/${plan.id}`);
    await id(page, 'draw-new').click();
    await id(page, 'draw-source').fill('福彩双色球第2026133期');
    await sound(page, 'announce a draw');
    await id(page, 'draw-send').click();
    await id(page, 'seed').fill('03 08 14 21 26 30 + 09');
    await id(page, 'seed-send').click();
    await id(page, 'draw-result').waitFor();
    await id(page, 'repeat-run').click();
    await page.locator('[data-testid=repeat-result][data-ok=true]').waitFor();
    await sound(page, 'draw');
    await page.screenshot({ path: path.join(t.shots, 'draw-zh-CN-1280.png') });
  },

  'inspection without a network: answers, finding, photos and signature survive a reload and go out by themselves': async (t) => {
    const { made, second } = await planned(t);
    const page = await visit(t, 'yang.yjj', { width: 390, own: true }); // this case logs out
    await page.context().grantPermissions(['geolocation']);
    await page.context().setGeolocation({ latitude: 37.8722, longitude: 112.5208 });
    await page.goto('/inspect');
    await page.locator(`[href="/inspect/visits/${made.id}"]`).first().waitFor();
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    await sound(page, 'my inspections', { width: 390 });
    await page.locator(`[href="/inspect/visits/${made.id}"]`).first().click();
    await id(page, 'visit-start').waitFor();
    const picture = await photo(page, 20);

    await page.context().setOffline(true);
    await id(page, 'visit-start').click();
    await id(page, 'check-item').first().waitFor();
    const first = id(page, 'check-item').nth(0);
    await first.getByTestId('say-no').click();
    await first.getByTestId('photo-input').setInputFiles({ name: '现场.jpg', mimeType: 'image/jpeg', buffer: picture });
    await first.locator('figure').waitFor();
    await first.getByTestId('finding-send').click();
    await first.getByTestId('finding').waitFor({ state: 'detached' });
    await id(page, 'check-item').nth(1).getByTestId('say-yes').click();
    await page.waitForFunction(() => Number(document.querySelector('[data-testid=sync]').dataset.waiting) >= 5);

    await page.reload(); // the worker opens the page, the store what was made
    await id(page, 'check-item').first().waitFor();
    assert.ok(Number(await id(page, 'sync').getAttribute('data-waiting')) >= 5);
    await page.screenshot({ path: path.join(t.shots, 'visit-offline-zh-CN-390.png') });
    for (const item of (await id(page, 'check-item').all()).slice(2)) await item.getByTestId('say-na').click();
    await id(page, 'record-content').fill('检查了储罐区、卸车台和值班记录。');
    await id(page, 'record-send').click();
    await id(page, 'sign-mine').click();
    await id(page, 'sign-unit').click();
    await id(page, 'sign-name').fill('王示例');
    await id(page, 'sign-pad').scrollIntoViewIfNeeded();
    const pad = await id(page, 'sign-pad').boundingBox();
    await page.mouse.move(pad.x + 20, pad.y + 60);
    await page.mouse.down();
    for (let i = 0; i < 20; i++) await page.mouse.move(pad.x + 20 + i * 10, pad.y + 60 + Math.sin(i) * 30);
    await page.mouse.up();
    await page.waitForTimeout(200);
    await id(page, 'sign-send').click();
    await settled(page);

    page.faults.splice(0); // requests that failed without a network are what this case is about
    await page.context().setOffline(false);
    await page.locator('[data-testid=sync][data-waiting="0"]').waitFor({ timeout: 30000 });
    await page.goto('/inspect');
    await id(page, 'my-visits').waitFor();
    assert.equal(await id(page, 'sync-trouble').count() ? await id(page, 'sync-trouble').innerText() : '', '');
    const there = (await api(page, 'GET', `/api/visits/${made.id}`)).json;
    assert.equal(there.findings.length, 1);
    assert.equal(there.progress.answered, there.progress.shown);
    assert.ok(there.files.some((f) => f.name === '现场.jpg'), JSON.stringify(there.files));
    assert.ok(there.recorded_ms && there.signs.length >= 2, JSON.stringify(there.signs));
    assert.equal((await api(second, 'POST', `/api/visits/${made.id}/sign`, { side: 'inspector' })).status, 200);
    page.faults.splice(0);
    await page.goto(`/inspect/visits/${made.id}`);
    await id(page, 'record').waitFor();
    await sound(page, 'visit on the server', { width: 390 });
    await page.screenshot({ path: path.join(t.shots, 'visit-zh-CN-390.png'), fullPage: true });
    // No answer of the server was cached, and logging out leaves nothing of the inspection here.
    const cached = await page.evaluate(async () => (await Promise.all((await caches.keys()).map(async (k) => (await (await caches.open(k)).keys()).map((r) => new URL(r.url).pathname)))).flat());
    assert.ok(cached.includes('/inspect') && !cached.some((p) => p.startsWith('/api')), cached.join());
    await id(page, 'account-menu').click();
    await id(page, 'logout').click();
    await id(page, 'login-form').waitFor();
    assert.deepEqual(await page.evaluate(async () => (await indexedDB.databases()).map((d) => d.name).filter((n) => n.startsWith('bihuan.inspect'))), []);
  },
};

// A hazard on a gas station, registered through the page with a photo and graded at once.
async function registered(t, page) {
  await page.goto('/hazards/new');
  await id(page, 'hazard-photos').setInputFiles({ name: '隐患.jpg', mimeType: 'image/jpeg', buffer: await photo(page, 120) });
  await id(page, 'hazard-title').fill('储罐液位计失灵，没有超限报警');
  await id(page, 'hazard-object').click();
  await page.keyboard.type('门站1号');
  await page.getByRole('option', { name: /门站1号/ }).first().click();
  await id(page, 'hazard-grade-major').check();
  await id(page, 'hazard-criterion').click();
  await page.keyboard.type('超限报警');
  await page.getByRole('option', { name: /储罐缺少压力/ }).first().click();
  await page.getByText('建城规').first().waitFor();
  return page;
}

Object.assign(SAFETY, {
  'hazard: registered with photo and clause, its dossier, its paper': async (t) => {
    const page = await registered(t, await visit(t, 'chen.office'));
    await sound(page, 'register a hazard');
    await page.screenshot({ path: path.join(t.shots, 'hazard-new-zh-CN-1280.png') });
    await id(page, 'hazard-send').click();
    await page.waitForURL(/\/matters\//);
    await id(page, 'clause').waitFor();
    assert.match(await id(page, 'matter-state').innerText(), /重大/);
    await id(page, 'duty-panel').waitFor();
    await id(page, 'files').locator('img').first().waitFor();
    await sound(page, 'dossier of a hazard');
    await page.screenshot({ path: path.join(t.shots, 'hazard-zh-CN-1280.png'), fullPage: true });
    await page.goto('/ledger?kind=hazard&grade=major');
    await id(page, 'ledger-row').first().waitFor();
    await sound(page, 'hazard ledger');
    await page.screenshot({ path: path.join(t.shots, 'hazards-zh-CN-1280.png') });
    const phone = await visit(t, 'chen.office', { lang: 'en', width: 390 });
    const first = (await api(phone, 'GET', '/api/matters?kind=hazard&grade=major')).json.items[0];
    await phone.goto(`/matters/${first.id}`);
    await id(phone, 'found').waitFor();
    await sound(phone, 'dossier on a phone', { width: 390 });
    await phone.screenshot({ path: path.join(t.shots, 'hazard-en-390.png'), fullPage: true });
    await phone.goto('/hazards/new');
    await id(phone, 'hazard-form').waitFor();
    await sound(phone, 'register on a phone', { width: 390 });
  },
});
