// What has become of things: look-backs, statistics, supervision, doubts, citizens' reports. These need a past, so they have a
// server with a clock of its own, made once.
import path from 'node:path';
import assert from 'node:assert/strict';
import { Server, run, scratch } from '../lib/server.mjs';
import { settled, sound } from './browser.mjs';
import { House, doubled, past, report } from './house.mjs';
import { visit } from './visit.mjs';

const id = (page, name) => page.getByTestId(name);
const BOTH = [['zh-CN', 1280], ['en', 390], ['en', 1280], ['zh-CN', 390]];

let made = null;
async function world(t) {
  made ??= (async () => {
    const data = path.join(scratch('after'), 'data');
    const demo = run(t.binary, ['demo', '--data', data], { env: { ...process.env, BIHUAN_DEMO_CALM: '1' } });
    if (demo.code !== 0) throw new Error(`demo: ${demo.out}`);
    const server = await new Server(t.binary, { data, args: ['--test-clock'] }).start();
    const house = new House(server.base);
    const then = await past(house);
    // A draw that has been carried out: one that held, one that did not.
    const draw = await house.ask('chen.office', 'POST', '/api/lookback/draws', { n: 3, seed_source: '福彩双色球第2027041期开奖号码' });
    await house.ask('chen.office', 'POST', `/api/lookback/draws/${draw.id}/seed`, { ver: draw.ver, seed: '03 08 14 21 26 30 + 09', orgs: [then.office], due: house.day(30) });
    const tasks = (await house.ask('chen.office', 'GET', '/api/lookbacks?mine=1&state=open')).items;
    await house.ask('chen.office', 'POST', `/api/lookbacks/${tasks[0].id}/result`, { ver: tasks[0].ver, result: 'held', text: '防护栏完好牢固。' });
    await house.ask('chen.office', 'POST', `/api/lookbacks/${tasks[1].id}/result`, { ver: tasks[1].ver, result: 'relapse', text: '又被拆除。', due: house.day(20) });
    return { ...then, house, draw, base: server.base, reports: [await report(house, '楼下消防通道被货车长期堵塞。'), await report(house, '消防通道又堵了。', 62)], doubled: await doubled(house) };
  })();
  return made;
}

async function enter(t, login, options = {}) {
  const w = await world(t);
  const there = Object.assign(Object.create(t), { base: w.base });
  const page = await visit(there, login, options);
  page.case = t;
  return { page, w };
}
const shot = (t, page, name, lang, width) => page.screenshot({ path: path.join(t.shots, `${name}-${lang}-${width}.png`), fullPage: true });

// An office chosen by typing its name.
async function choose(page, testid, name) {
  await id(page, testid).locator('input').first().click();
  await page.keyboard.type(name);
  await page.locator('.el-select-dropdown__item:visible', { hasText: name }).first().click();
  await page.keyboard.press('Escape');
}

export const AFTER_CASES = {
  'look-back: pool, tasks, draws, rates and survival in both languages': async (t) => {
    for (const [lang, width] of BOTH) {
      const { page } = await enter(t, 'chen.office', { lang, width });
      for (const [tab, ready] of [['tasks', 'lookbacks'], ['pool', 'pool-row'], ['draws', 'look-draws'], ['rates', 'rates'], ['survival', 'survival-chart']]) {
        await page.goto(`/lookback?tab=${tab}`);
        await id(page, ready).first().waitFor();
        await sound(page, `look-back ${tab} ${lang}`, { width });
        await shot(t, page, `lookback-${tab}`, lang, width);
      }
      assert.match(await id(page, 'survival').innerText(), /\d/);
    }
  },

  'look-back: a draw announced, seeded, repeated in the browser, and its finding recorded': async (t) => {
    const { page } = await enter(t, 'chen.office');
    await page.goto('/lookback?tab=pool');
    await id(page, 'look-draw').click();
    await id(page, 'look-source').fill('国家统计局公布的当月居民消费价格指数');
    await sound(page, 'announce a draw of look-backs');
    await id(page, 'look-announce').click();
    await id(page, 'seed').fill('102.7');
    await choose(page, 'seed-orgs', '示例区安全生产委员会办公室');
    await sound(page, 'seed of a draw');
    await id(page, 'repeat-run').click();
    await page.locator('[data-testid=repeat-result][data-ok=true]').waitFor(); // the list is the one announced
    await id(page, 'seed-send').click();
    await id(page, 'lookback-row').first().waitFor();
    await id(page, 'repeat-run').click();
    await page.locator('[data-testid=repeat-result][data-ok=true]').waitFor();
    await id(page, 'draw-check').click();
    await page.getByText('名单一致，结果一致').waitFor();
    await sound(page, 'draw of look-backs');
    await id(page, 'look-fill').first().click();
    await id(page, 'result-relapse').check();
    await id(page, 'result-text').fill('现场查看，问题重现。');
    assert.equal(await id(page, 'result-send').isDisabled(), true); // what did not hold needs a new deadline
    await id(page, 'result-held').check();
    await sound(page, 'finding of a look-back');
    await page.keyboard.press('Escape');
    await page.reload(); // what was typed is still there
    await id(page, 'look-fill').first().click();
    assert.equal(await id(page, 'result-text').inputValue(), '现场查看，问题重现。');
    await id(page, 'result-send').click();
    await id(page, 'lookbacks').getByText('巩固').first().waitFor();
    await sound(page, 'after the finding');
  },

  'statistics: a period, columns, where a figure comes from, the matters behind it': async (t) => {
    for (const [lang, width] of BOTH) {
      const { page } = await enter(t, 'zhao.leader', { lang, width });
      await page.goto('/stats?from=2026-01-01&to=2027-12-31&by=month');
      await id(page, 'stats').waitFor();
      await id(page, 'why-general-found').click();
      await sound(page, `statistics ${lang}`, { width });
      await shot(t, page, 'stats', lang, width);
      const found = Number((await id(page, 'stat-general-found').first().innerText()).replace(/,/g, ''));
      await id(page, 'stat-general-found').first().click();
      await id(page, 'ledger-row').first().waitFor();
      assert.equal(await id(page, 'ledger-row').count(), Math.min(found, 100)); // the matters that the figure counts, a page of them
      await sound(page, 'behind a figure', { width });
      await id(page, 'stats-back').click();
      await id(page, 'stats').waitFor();
      await id(page, 'stats-by').selectOption('sector');
      await page.waitForURL(/by=sector/);
    }
    const { page } = await enter(t, 'zhao.leader');
    await page.goto('/stats?from=2026-01-01&to=2027-12-31');
    await id(page, 'stats').waitFor();
    const [file] = await Promise.all([page.waitForEvent('download'), id(page, 'stats-export').click()]);
    assert.match(file.suggestedFilename(), /\.xlsx$/);
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('.topbar').isVisible(), false);
    await page.emulateMedia({ media: 'screen' });
    page.expectedStatus.add(422);
    await page.goto('/stats?from=2027-01-01&to=2026-01-01');
    await id(page, 'stats-error').waitFor();
    await sound(page, 'a period that runs backwards');
  },

  'supervision: reminders, the ladder, the act that is next': async (t) => {
    for (const [lang, width] of BOTH) {
      const { page } = await enter(t, 'chen.office', { lang, width });
      await page.goto('/supervise');
      await id(page, 'ladder-row').first().waitFor();
      await id(page, 'reminders').waitFor();
      await sound(page, `supervision ${lang}`, { width });
      await page.screenshot({ path: path.join(t.shots, `supervise-${lang}-${width}.png`) });
      await id(page, 'rung-refer').click();
      await page.waitForURL(/rung=refer/);
      await settled(page);
      await sound(page, 'one rung', { width });
    }
    const { page } = await enter(t, 'chen.office');
    await page.goto('/supervise?rung=refer');
    await id(page, 'ladder-act').first().click();
    await page.waitForURL(/act=refer/);
    await id(page, 'act-form-refer').waitFor();
  },

  'doubts: both photos side by side, and the decision of a person': async (t) => {
    for (const [lang, width] of BOTH) {
      const { page } = await enter(t, 'gao.verify', { lang, width });
      await page.goto('/marks?kind=photo-looks-like');
      await id(page, 'pair').first().waitFor();
      await page.waitForFunction(() => [...document.querySelectorAll('[data-testid=pair] img')].filter((i) => i.naturalWidth > 0).length === 2);
      await sound(page, `doubts ${lang}`, { width });
      await shot(t, page, 'marks', lang, width);
    }
    const { page } = await enter(t, 'gao.verify');
    await page.goto('/marks?kind=photo-looks-like');
    await id(page, 'mark-open').first().click();
    await id(page, 'mark-explained').check();
    await id(page, 'mark-text').fill('两处是同一座库。');
    await sound(page, 'deciding');
    await id(page, 'mark-send').click();
    await page.waitForFunction(() => !document.querySelector('[data-testid=mark-form]'));
    await page.reload();
    await id(page, 'marks-none').waitFor();
    await sound(page, 'nothing left to decide');
  },

  'the desk: a report, its photos, a contact only with a reason, an answer': async (t) => {
    const { w } = await enter(t, 'tang.desk');
    for (const [lang, width] of BOTH) {
      const { page } = await enter(t, 'tang.desk', { lang, width });
      await page.goto('/intake');
      await id(page, 'intake-row').first().waitFor();
      await sound(page, `desk ${lang}`, { width });
      await shot(t, page, 'intake', lang, width);
      await id(page, 'intake-row').filter({ hasText: w.reports[0].no }).locator('a').click();
      await id(page, 'report-words').waitFor();
      await sound(page, 'report', { width });
      await shot(t, page, 'report', lang, width);
    }
    const { page } = await enter(t, 'tang.desk');
    await page.goto('/intake');
    await id(page, 'intake-row').filter({ hasText: w.reports[0].no }).locator('a').click();
    assert.match(await id(page, 'report-words').innerText(), /货车长期堵塞/);
    await id(page, 'similar').getByText(w.reports[1].no).waitFor();
    assert.doesNotMatch(await page.locator('main').innerText(), /13800001234/);
    await id(page, 'contact-open').click();
    assert.equal(await id(page, 'contact-send').isDisabled(), true);
    await id(page, 'contact-reason').fill('核实堵塞时段');
    await id(page, 'contact-send').click();
    await id(page, 'contact-text').getByText('13800001234').waitFor();
    await id(page, 'photo-0').check();
    await id(page, 'release').click();
    await id(page, 'report-photos').getByText('已入档').waitFor();
    await id(page, 'answer-text').fill('您好，已转属地核实。');
    await id(page, 'answer-send').click();
    await id(page, 'answers').getByText('已转属地核实').waitFor();
    await sound(page, 'report dealt with');
    assert.doesNotMatch(await page.evaluate(() => JSON.stringify(localStorage)), /13800001234/);
    // Nobody else has the desk.
    const other = await enter(t, 'chen.office');
    await other.page.goto('/work');
    await id(other.page, 'work-needs_me').waitFor();
    assert.equal(await id(other.page, 'sub-intake').count(), 0);
  },

  'cockpit: what stays in order': async (t) => {
    for (const [lang, width] of [['zh-CN', 1280], ['en', 390]]) {
      const { page } = await enter(t, 'zhao.leader', { lang, width });
      await page.goto('/cockpit');
      for (const f of ['major', 'listed', 'fixed', 'duty']) await id(page, `figure-${f}`).waitFor();
      await sound(page, 'cockpit with a past', { width });
      await id(page, 'figure-fixed').click();
      await id(page, 'rates').waitFor();
    }
  },
};
