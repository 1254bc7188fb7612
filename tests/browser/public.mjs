// The small page for citizens, as somebody on a phone uses it.
import path from 'node:path';
import assert from 'node:assert/strict';
import { open, settled, sound } from './browser.mjs';
import { photo } from '../lib/photo.mjs';

const id = (page, name) => page.getByTestId(name);

async function phone(t, lang, url = '/report') {
  const page = await open(t.browser, t.base, { lang, width: 390, height: 780 });
  t.open.push(page);
  await page.context().grantPermissions(['geolocation']);
  await page.context().setGeolocation({ latitude: 37.8621, longitude: 112.3983 });
  await page.goto(url);
  await id(page, 'report-form').waitFor();
  return page;
}

async function report(page, words) {
  await id(page, 'category').selectOption('fire');
  await id(page, 'words').fill(words);
  await id(page, 'locate').click();
  await page.waitForFunction(() => /杜儿坪|[Dd]u\s?[Ee]r\s?[Pp]ing|Du'erping/.test(document.querySelector('[data-testid=position]').textContent));
  await id(page, 'photo-input').setInputFiles({ name: '现场.png', mimeType: 'image/png', buffer: photo({ scene: 71, w: 640, taken: '2026:11:01 10:00:00', model: 'SECRET' }) });
  await page.locator('[data-testid=photos] li p', { hasText: '✓' }).waitFor();
}

async function call(page, login, steps) {
  return page.evaluate(async ([who, list]) => {
    const meta = await (await fetch('/api/meta')).json();
    const me = await (await fetch('/api/login', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ login: who, password: meta.logins.find((l) => l.login === who).password }) })).json();
    let last = null;
    for (const [method, url, body, raw] of list) {
      const r = await fetch(url, { method, headers: { ...(raw ? {} : { 'Content-Type': 'application/json' }), 'X-CSRF-Token': me.csrf }, body: raw ? new Uint8Array(raw) : body === undefined ? undefined : JSON.stringify(body) });
      last = { status: r.status, json: await r.json().catch(() => null) };
      if (r.status >= 300) throw new Error(`${who} ${method} ${url}: ${r.status} ${JSON.stringify(last.json)}`);
    }
    return last.json;
  }, [login, steps]);
}

// Refers, does, verifies and closes, as the offices would.
async function closeIt(t, no) {
  const page = await open(t.browser, t.base);
  t.open.push(page);
  page.expectedStatus.add(401);
  await page.goto('/');
  const work = await call(page, 'tang.desk', [['GET', '/api/work']]);
  const m = work.needs_me.find((x) => x.no === no);
  assert.ok(m, `the desk has ${no}`);
  const org = (await call(page, 'chen.office', [['GET', `/api/orgs?q=${encodeURIComponent('示例区应急管理局')}`]])).items[0].id;
  const acts = `/api/matters/${m.id}/acts`;
  const due = new Date(Date.now() + 20 * 86400000).toISOString().slice(0, 10);
  let x = await call(page, 'tang.desk', [['POST', acts, { act: 'refer', ver: m.ver, lead: org, due, text: '请清理' }], ['POST', `/api/intake/reports/${m.id}/answer`, { text: '已转区应急局办理。' }], ['GET', `/api/matters/${m.id}`]]);
  x = await call(page, 'yang.yjj', [['POST', acts, { act: 'accept', ver: x.ver }], ['POST', `/api/matters/${m.id}/files?name=a.png`, undefined, [...photo({ scene: 72, w: 160 })]], ['GET', `/api/matters/${m.id}`]]);
  x = await call(page, 'yang.yjj', [['POST', acts, { act: 'submit', ver: x.ver, text: '已清理。', files: [x.files[0].id] }]]);
  x = await call(page, 'gao.verify', [['POST', acts, { act: 'pass', ver: x.ver, text: '属实。' }]]);
  await call(page, 'tang.desk', [['POST', acts, { act: 'close', ver: x.ver }]]);
  return m.id;
}

export const PUBLIC_CASES = {
  'citizens: a report from a phone, its number and code, and is it really fixed': async (t) => {
    for (const lang of ['zh-CN', 'en']) {
      const page = await phone(t, lang);
      await sound(page, `report form ${lang}`, { width: 390 });
      await id(page, 'send').click(); // nothing filled in: told where
      assert.equal(await page.evaluate(() => document.activeElement.getAttribute('data-testid')), 'category');
      assert.match(await page.locator('.field:has([data-testid=category]) .fault').innerText(), lang === 'en' ? /fill/ : /请填写/);
      await report(page, lang === 'en' ? 'The escape route is blocked by trucks.' : '楼下消防通道长期被货车堵塞。');
      await sound(page, 'report filled in', { width: 390 });
      await page.screenshot({ path: path.join(t.shots, `report-${lang}-390.png`), fullPage: true });
      await page.reload(); // what was typed is still there
      await id(page, 'report-form').waitFor();
      assert.match(await id(page, 'words').inputValue(), /trucks|货车/);
      await report(page, lang === 'en' ? 'The escape route is blocked by trucks.' : '楼下消防通道长期被货车堵塞。');
      await id(page, 'send').click();
      await id(page, 'receipt').waitFor();
      const no = await id(page, 'receipt-no').innerText();
      assert.match(no, /^140109006-\d{4}-report-\d{6}$/);
      assert.match(await id(page, 'receipt-code').innerText(), /^[2-9A-Z]{12}$/);
      await sound(page, 'receipt', { width: 390 });
      await page.screenshot({ path: path.join(t.shots, `report-receipt-${lang}-390.png`) });
      await id(page, 'follow').click();
      await id(page, 'state-text').waitFor();
      await sound(page, 'state', { width: 390 });
      const matter = await closeIt(t, no);
      await page.goto('/report');
      await id(page, 'mine').locator('a').first().click(); // kept on this phone
      await id(page, 'question').waitFor();
      assert.match(await id(page, 'answers').innerText(), /已转区应急局/);
      await sound(page, 'is it fixed', { width: 390 });
      await page.screenshot({ path: path.join(t.shots, `report-fixed-${lang}-390.png`), fullPage: true });
      await id(page, 'answer-words').fill('还堵着');
      await id(page, 'answer-no').click();
      await id(page, 'answer-sent').waitFor();
      const after = await call(t.open.at(-1), 'yang.yjj', [['GET', `/api/matters/${matter}`]]);
      assert.equal(after.state, 'doing');
      assert.ok(after.timeline.some((e) => e.kind === 'matter.reporter-no'));
      await page.context().close();
    }
  },

  'citizens: without a position, a wrong code, no network': async (t) => {
    const page = await phone(t, 'zh-CN');
    await id(page, 'category').selectOption('noise');
    await id(page, 'words').fill('夜间施工噪声扰民');
    await page.waitForFunction(() => document.querySelector('[data-testid=region]').options.length > 3);
    await id(page, 'region').selectOption('140109001000');
    await page.context().setOffline(true);
    await id(page, 'send').click();
    await page.waitForFunction(() => /网络/.test(document.querySelector('[data-testid=status]').textContent));
    page.faults.length = 0; // the browser says so too
    await page.context().setOffline(false);
    await id(page, 'send').click();
    await id(page, 'receipt').waitFor();
    const no = await id(page, 'receipt-no').innerText();
    await page.goto('/report#');
    await id(page, 'look-no').fill(no);
    await id(page, 'look-code').fill('AAAABBBBCCCC');
    page.expectedStatus.add(404);
    await id(page, 'look').click();
    await page.waitForFunction(() => /编号或查询码/.test(document.querySelector('[data-testid=look-fault]').textContent));
    await settled(page);
    await sound(page, 'a wrong code', { width: 390 });
  },
};
