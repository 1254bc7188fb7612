// What a person does, as cases: name → function of { browser, base, shots, data, open }.
import fs from 'node:fs';
import path from 'node:path';
import assert from 'node:assert/strict';
import { settled, sound } from './browser.mjs';
import { api, id, visit } from './visit.mjs';

const DOCUMENT = `# 示例区安全生产委员会第五次全体会议纪要

2026年11月1日，区安委会召开第五次全体会议。会议要求：

一、排查整治燃气管道带病运行问题，年底前完成老旧管网改造20公里。（牵头单位：区城管局；配合单位：区应急局、区住建局）

二、开展尾矿库安全隐患专项整治，12月15日前完成全区尾矿库风险评估。（区应急局牵头，区自然资源局配合）

三、加强森林草原防灭火巡护，每月报告一次巡护情况。（责任单位：区林业局）
`;

async function freshTask(page, title) {
  const orgs = await api(page, 'GET', `/api/orgs?q=${encodeURIComponent('示例区应急管理局')}`);
  const r = await api(page, 'POST', '/api/matters', { kind: 'task', region: '140109000000', title, sectors: ['fire'], lead: [orgs.json.items[0].id], co: [], due: new Date(Date.now() + 40 * 86400000).toISOString().slice(0, 10), targets: [] });
  assert.equal(r.status, 201, JSON.stringify(r.json));
  return r.json;
}

async function upload(page, name, text) {
  await page.goto('/documents');
  await id(page, 'upload-input').setInputFiles({ name, mimeType: 'text/markdown', buffer: Buffer.from(text) });
  const job = page.locator('[data-testid=upload-job] a, [data-testid=documents] a').filter({ hasText: /第五次/ }).first();
  await job.waitFor();
  await job.click();
  await id(page, 'drafts').waitFor();
}

export const CASES = {
  'login: a wrong password is told, the right one lets in, both languages': async (t) => {
    for (const lang of ['zh-CN', 'en']) {
      const page = await visit(t, null, { lang });
      await id(page, 'login-form').waitFor();
      await sound(page, `login ${lang}`);
      await id(page, 'login-name').fill('chen.office');
      await id(page, 'login-password').fill('wrong');
      await id(page, 'login-submit').click();
      await id(page, 'login-error').waitFor();
      assert.match(await id(page, 'login-error').innerText(), lang === 'en' ? /[a-z]{4}/i : /[\u4e00-\u9fff]{4}/);
      await sound(page, 'login error');
      assert.equal(await page.evaluate(() => document.documentElement.lang), lang);
      await page.screenshot({ path: path.join(t.shots, `login-${lang}.png`) });
    }
  },

  'the language is switched on the spot and kept': async (t) => {
    const page = await visit(t, null);
    await id(page, 'lang').click();
    await page.waitForFunction(() => document.documentElement.lang === 'en');
    await page.reload();
    await page.waitForFunction(() => document.documentElement.lang === 'en');
    await sound(page, 'login in English');
  },

  'my work: what waits for me comes first': async (t) => {
    for (const [lang, width] of [['zh-CN', 1280], ['en', 390]]) {
      const page = await visit(t, 'yang.yjj', { lang, width });
      await page.goto('/work');
      await id(page, 'work-row').first().waitFor();
      await sound(page, 'my work', { width });
      await page.screenshot({ path: path.join(t.shots, `work-${lang}-${width}.png`) });
    }
  },

  'documents: upload, confirm by keyboard, an edit survives a reload': async (t) => {
    const page = await visit(t, 'chen.office');
    await upload(page, '纪要.md', DOCUMENT);
    const drafts = page.locator('[data-testid=draft]');
    const n = await drafts.count();
    assert.ok(n >= 3, `${n} drafts`);
    await sound(page, 'document');
    await page.screenshot({ path: path.join(t.shots, 'document-zh-CN-1280.png') });
    await page.keyboard.press('c'); // the first one becomes a task
    await page.waitForFunction((k) => document.querySelectorAll('[data-testid=draft]').length < k, n);
    await page.keyboard.press('e');
    await id(page, 'draft-title').fill('尾矿库风险评估（改过的标题）');
    await page.waitForTimeout(600); // longer than the page waits before it keeps what was typed
    await page.reload();
    await id(page, 'draft-title').waitFor();
    assert.equal(await id(page, 'draft-title').inputValue(), '尾矿库风险评估（改过的标题）');
    await id(page, 'draft-save').click();
    await page.getByText('尾矿库风险评估（改过的标题）').first().waitFor();
    await page.keyboard.press('x');
    await id(page, 'drafts-discarded').click();
    await page.locator('[data-testid=draft][data-state=discarded]').first().waitFor();
    await id(page, 'drafts-confirmed').click();
    await page.locator('[data-testid=draft][data-state=confirmed]').first().waitFor();
    await page.locator('[data-testid=draft][data-state=confirmed] button').first().click();
    await id(page, 'draft-matter').click();
    await id(page, 'matter-title').waitFor();
    assert.match(await id(page, 'provenance').innerText(), /燃气管道带病运行/);
    await sound(page, 'matter from a sentence');
  },

  'documents on a phone, in English': async (t) => {
    const page = await visit(t, 'chen.office', { lang: 'en', width: 390 });
    await page.goto('/documents');
    await id(page, 'documents').waitFor();
    await sound(page, 'documents', { width: 390 });
    await page.locator('[data-testid=documents] a').first().click();
    await id(page, 'drafts').waitFor();
    await sound(page, 'document', { width: 390 });
    await page.screenshot({ path: path.join(t.shots, 'document-en-390.png') });
  },

  'ledger: filters as words, paging, export': async (t) => {
    for (const [lang, width] of [['zh-CN', 1280], ['en', 390]]) {
      const page = await visit(t, 'chen.office', { lang, width });
      await page.goto('/ledger');
      await id(page, 'ledger-row').first().waitFor();
      await sound(page, 'ledger', { width });
      await page.screenshot({ path: path.join(t.shots, `ledger-${lang}-${width}.png`) });
      await id(page, 'ledger-find').fill('燃气');
      await page.keyboard.press('Enter');
      await id(page, 'filter-q').waitFor();
      await id(page, 'ledger-row').first().waitFor();
      if (width > 600) {
        const [download] = await Promise.all([page.waitForEvent('download'), id(page, 'export').click()]);
        const file = await download.path();
        assert.equal(fs.readFileSync(file).subarray(0, 2).toString(), 'PK');
      }
      await id(page, 'filter-q').click();
      await page.waitForFunction(() => !document.querySelector('[data-testid=filter-q]'));
      await sound(page, 'ledger after filters', { width });
    }
  },

  'matter: an act, its place on the timeline, and a conflict told without losing words': async (t) => {
    const office = await visit(t, 'chen.office');
    const task = await freshTask(office, '浏览器试验：消防通道排查');
    const page = await visit(t, 'yang.yjj');
    await page.goto(`/matters/${task.id}`);
    await id(page, 'act-accept').click();
    await id(page, 'act-send').click();
    await page.getByTestId('act-report').waitFor();
    await id(page, 'act-report').click();
    await id(page, 'field-text').fill('已排查三条通道，正在整改。');
    await page.evaluate(() => window.scrollTo(0, 0));
    // Meanwhile somebody else acts.
    const now = (await api(office, 'GET', `/api/matters/${task.id}`)).json;
    const urged = await api(office, 'POST', `/api/matters/${task.id}/acts`, { act: 'urge', ver: now.ver, text: '请抓紧' });
    assert.equal(urged.status, 200, JSON.stringify(urged.json));
    page.expectedStatus.add(409);
    await id(page, 'act-send').click();
    await page.getByText('请抓紧').first().waitFor();
    assert.equal(await id(page, 'field-text').inputValue(), '已排查三条通道，正在整改。');
    await id(page, 'act-send').click();
    await id(page, 'timeline').getByText('已排查三条通道').waitFor();
    await sound(page, 'matter');
    await page.screenshot({ path: path.join(t.shots, 'matter-zh-CN-1280.png') });
  },

  'matter on a phone: evidence and verification asked': async (t) => {
    const office = await visit(t, 'chen.office');
    const task = await freshTask(office, '手机试验：消防器材');
    const page = await visit(t, 'yang.yjj', { width: 390 });
    await page.goto(`/matters/${task.id}`);
    await id(page, 'act-accept').click();
    await id(page, 'act-send').click();
    await id(page, 'act-submit').or(id(page, 'why-submit')).first().waitFor();
    await sound(page, 'matter', { width: 390 });
    await page.screenshot({ path: path.join(t.shots, 'matter-zh-CN-390.png') });
  },

  'bulk: marked rows, one act': async (t) => {
    const office = await visit(t, 'chen.office');
    for (const n of ['甲', '乙', '丙']) await freshTask(office, `批量试验狻猊${n}`);
    const page = await visit(t, 'yang.yjj');
    await page.goto('/ledger?q=狻猊');
    await id(page, 'ledger-row').nth(2).waitFor();
    for (let i = 0; i < 3; i++) await id(page, 'ledger-row').nth(i).locator('input[type=checkbox]').check({ force: true });
    await id(page, 'bulk-open').click();
    await id(page, 'bulk-act').selectOption('accept');
    await sound(page, 'bulk dialog');
    await id(page, 'bulk-send').click();
    await page.waitForFunction(() => !document.querySelector('[data-testid=bulk-send]'));
    const r = await api(page, 'GET', `/api/matters?q=${encodeURIComponent('狻猊')}`);
    assert.deepEqual(r.json.items.map((m) => m.state), ['doing', 'doing', 'doing']);
  },

  'cockpit: figures are links': async (t) => {
    for (const [lang, width] of [['zh-CN', 1280], ['en', 1280], ['zh-CN', 390]]) {
      const page = await visit(t, 'zhao.leader', { lang, width });
      await page.goto('/cockpit');
      await id(page, 'figures').waitFor();
      await sound(page, 'cockpit', { width });
      await page.screenshot({ path: path.join(t.shots, `cockpit-${lang}-${width}.png`) });
    }
  },

  'who and the ledger check': async (t) => {
    for (const [lang, width] of [['zh-CN', 1280], ['en', 390]]) {
      const page = await visit(t, 'zhou.audit', { lang, width });
      await page.goto('/who');
      await settled(page);
      await sound(page, 'who', { width });
      await page.screenshot({ path: path.join(t.shots, `who-${lang}-${width}.png`) });
      await page.goto('/check');
      await id(page, 'check-run').click();
      await id(page, 'check-result').waitFor();
      await sound(page, 'ledger check', { width });
      await page.screenshot({ path: path.join(t.shots, `check-${lang}-${width}.png`) });
    }
  },

  'the ledger prints': async (t) => {
    const page = await visit(t, 'chen.office');
    await page.goto('/ledger');
    await id(page, 'ledger-row').first().waitFor();
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('.topbar').isVisible(), false);
    await page.screenshot({ path: path.join(t.shots, 'ledger-print.png') });
    assert.deepEqual(page.faults, []);
  },

  'keys: search and help': async (t) => {
    const page = await visit(t, 'chen.office');
    await page.goto('/work');
    await settled(page);
    await page.keyboard.press('?');
    await id(page, 'help').or(page.getByRole('dialog')).first().waitFor();
    await sound(page, 'help');
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.keyboard.type('燃气');
    await page.keyboard.press('Enter');
    await id(page, 'ledger-row').first().waitFor();
    await sound(page, 'search');
  },

  'a session that has ended asks for the login and loses nothing': async (t) => {
    const page = await visit(t, 'chen.office', { own: true });
    await page.goto('/work');
    await settled(page);
    await page.context().clearCookies();
    page.expectedStatus.add(401);
    await page.goto('/ledger');
    await id(page, 'login-form').waitFor();
    await id(page, 'demo-chen.office').click();
    await page.waitForURL((u) => /ledger/.test(u.href));
    await sound(page, 'after the login');
  },
};
