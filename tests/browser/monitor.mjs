// The measured side of the city: stations, readings with what stands behind them, indices explained, alarms, hot grids, devices.
import path from 'node:path';
import assert from 'node:assert/strict';
import { settled, sound } from './browser.mjs';
import { api, id, visit } from './visit.mjs';

const WAYS = [['zh-CN', 1280], ['en', 390]];
const shot = (t, page, name, lang, width) => page.screenshot({ path: path.join(t.shots, `monitor-${name}-${lang}-${width}.png`), fullPage: true });
// A day and time, typed as it is shown, in China's time; null clears it.
const when = async (page, field, ms) => {
  const input = id(page, field).locator('input');
  await input.fill(ms === null ? '' : new Date(ms + 8 * 3600000).toISOString().slice(0, 16).replace('T', ' '));
  await input.press('Tab');
};
const station = async (page, kind, n = 0) => (await api(page, 'GET', `/api/stations?kind=${kind}`)).json.items[n];
// What was asked for last, not what stood there before.
const drawn = async (page) => {
  await settled(page);
  await page.locator('[data-testid=series-chart] [data-drawn]').waitFor();
};

export const MONITOR = {
  'monitoring: the board, a station, and the packet behind a value': async (t) => {
    for (const [lang, width] of WAYS) {
      const page = await visit(t, 'chen.office', { lang, width });
      await page.goto('/monitor');
      await page.locator('[data-testid=map][data-ready]').waitFor();
      assert.equal(await id(page, 'station-row').count(), 16);
      await sound(page, 'board', { width });
      await shot(t, page, 'board', lang, width);
      await id(page, 'tab-source').click();
      assert.equal(await id(page, 'station-row').count(), 4);
      const stack = await station(page, 'stack');
      await id(page, 'stations').locator(`a[href="/monitor/stations/${stack.id}"]`).click();
      await id(page, 'station-name').waitFor();
      await id(page, 'series-item').selectOption('nox');
      await id(page, 'kind-minute').click();
      await drawn(page);
      await id(page, 'series-chart').focus();
      await page.keyboard.press('End');
      await id(page, 'point').locator('pre').waitFor(); // what the device said, and what was read from it
      assert.match(await id(page, 'point').innerText(), /CN=2051;PW=\*+;MN=DEMO-140109-FQ01[^]*a21002/);
      await page.keyboard.press('ArrowLeft');
      await page.waitForFunction(() => /:58/.test(document.querySelector('[data-testid=point] h2')?.textContent ?? ''));
      await sound(page, 'readings', { width });
      await shot(t, page, 'series', lang, width);
      if (lang === 'en') {
        const work = await api(page, 'POST', `/api/stations/${stack.id}/upkeep`, { kind: 'maintenance', from_ms: Date.now() - 7200000, to_ms: Date.now() - 3600000, reason: '更换采样探头' });
        assert.ok(work.status < 300, JSON.stringify(work.json));
      }
      await page.goto(`/monitor/stations/${stack.id}?tab=upkeep`);
      if (lang === 'en') await id(page, 'upkeep').getByText('更换采样探头').waitFor();
      await page.goto(`/monitor/stations/${stack.id}?tab=rules`);
      await id(page, 'rules').locator('li').first().waitFor();
      await sound(page, 'rules of a station', { width });
    }
    const page = await visit(t, 'chen.office');
    const air = await station(page, 'air', 1);
    await page.goto(`/monitor/stations/${air.id}?item=so2`);
    await drawn(page);
    assert.match(await page.locator('main').innerText(), /有标记、不参与统计 9 个/);
    await id(page, 'series-limits').selectOption('gb3095/2012');
    await page.waitForURL(/limits=gb3095/);
    const [file] = await Promise.all([page.waitForEvent('download'), id(page, 'series-csv').click()]);
    assert.match(file.suggestedFilename(), /so2\.csv$/);
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('.topbar').isVisible(), false);
    await page.emulateMedia({ media: 'screen' });
    page.expectedStatus.add(404);
    await page.goto('/monitor/stations/4711');
    await page.getByRole('alert').waitFor();
    await sound(page, 'a station that is not there');
  },

  'monitoring: the calendar, an index item by item, another edition, the class of a section': async (t) => {
    for (const [lang, width] of WAYS) {
      const page = await visit(t, 'zhao.leader', { lang, width });
      const air = await station(page, 'air');
      await page.goto(`/monitor/stations/${air.id}?tab=air`);
      await id(page, 'aqi-day').first().waitFor();
      if ((await id(page, 'aqi-day').count()) < 3) await id(page, 'month-before').click(); // the first days of a month
      await id(page, 'aqi-day').nth(1).click();
      await id(page, 'explain').waitFor();
      assert.equal(await id(page, 'explain-item').count(), 6);
      const now = await id(page, 'explain').innerText();
      assert.match(now, /HJ 633-2026[^]*÷/);
      await id(page, 'air-edition').selectOption('hj633/2012');
      await page.waitForFunction(() => /HJ 633-2012/.test(document.querySelector('[data-testid=explain]')?.textContent ?? ''));
      await id(page, 'aqi-hour').nth(8).click();
      await page.waitForFunction(() => /08:00/.test(document.querySelector('[data-testid=explain] h2')?.textContent ?? ''));
      await sound(page, 'index explained', { width });
      await shot(t, page, 'air', lang, width);
      await id(page, 'view-year').click();
      await settled(page);
      await sound(page, 'calendar of a year', { width });
      const river = await station(page, 'river', 1);
      await page.goto(`/monitor/stations/${river.id}?tab=water`);
      await id(page, 'water-cell').first().click();
      await id(page, 'water-point').waitFor();
      await sound(page, 'class of a section', { width });
      await shot(t, page, 'water', lang, width);
    }
  },

  'monitoring: an alarm is acknowledged, then cleared; what became of another': async (t) => {
    for (const [lang, width] of [['en', 1280], ['zh-CN', 390]]) {
      const page = await visit(t, 'chen.office', { lang, width });
      await page.goto('/monitor/alarms?state=all');
      await id(page, 'alarm-row').nth(4).waitFor();
      await sound(page, 'alarms', { width });
      await shot(t, page, 'alarms', lang, width);
      const past = (await api(page, 'GET', '/api/alarms?grade=exceedance&state=cleared')).json.items.at(-1);
      await page.goto(`/monitor/alarms/${past.id}`);
      await id(page, 'effect').waitFor();
      await drawn(page);
      assert.match(await id(page, 'effect').innerText(), lang === 'en' ? /Lower than before/ : /整改后明显下降/);
      await sound(page, 'an alarm that was put right', { width });
      await shot(t, page, 'alarm', lang, width);
    }
    const page = await visit(t, 'chen.office');
    await page.goto('/monitor/alarms?grade=exceedance');
    await id(page, 'alarm-row').first().locator('a').first().click();
    await id(page, 'alarm-why').waitFor();
    await id(page, 'alarm-ack').click();
    await id(page, 'alarm-text').fill('已电话通知企业限产，监测站赴现场比对。');
    await page.reload(); // what was typed is still there
    await id(page, 'alarm-ack').click();
    assert.equal(await id(page, 'alarm-text').inputValue(), '已电话通知企业限产，监测站赴现场比对。');
    await sound(page, 'acknowledging');
    await id(page, 'alarm-send').click();
    await id(page, 'alarm-acts').getByText('已电话通知').waitFor();
    await id(page, 'alarm-ack').waitFor({ state: 'detached' });
    await id(page, 'alarm-clear').click();
    await id(page, 'alarm-text').fill('企业已停产检修。');
    await id(page, 'alarm-send').click();
    await id(page, 'alarm-clear').waitFor({ state: 'detached' });
    await id(page, 'alarm-matter').click();
    await page.waitForURL(/\/matters\//);
    await settled(page);
    await sound(page, 'the matter of an exceedance');
    const reader = await visit(t, 'zhao.leader'); // reads, and is offered nothing to do
    await reader.goto('/monitor/alarms?grade=doubtful');
    await id(reader, 'alarm-row').first().locator('a').first().click();
    await id(reader, 'alarm-acts').waitFor();
    assert.equal(await id(reader, 'alarm-ack').count(), 0);
  },

  'monitoring: hot grids through time, a cell, a patrol sent, satellite fires': async (t) => {
    for (const [lang, width] of WAYS) {
      const page = await visit(t, 'lin.eco', { lang, width });
      await page.goto('/monitor/grids');
      await page.locator('[data-testid=map][data-ready]').waitFor();
      await id(page, 'ranking').waitFor();
      await id(page, 'rank-cell').first().click();
      await id(page, 'cell').locator('h3').waitFor();
      await sound(page, 'hot grids', { width });
      await shot(t, page, 'grids', lang, width);
      const before = await id(page, 'grid-period').innerText();
      await id(page, 'grid-time').focus();
      await page.keyboard.press('ArrowLeft');
      await page.waitForFunction((b) => document.querySelector('[data-testid=grid-period]').textContent !== b, before);
      await id(page, 'list-hot').click();
      await settled(page);
      await id(page, 'fires').waitFor();
    }
    const page = await visit(t, 'lin.eco');
    await page.goto('/monitor/grids?list=mean');
    await id(page, 'rank-cell').first().click();
    await id(page, 'send-patrol').click();
    await id(page, 'cell').getByText(/-task-/).first().waitFor();
    await id(page, 'send-patrol').waitFor({ state: 'detached' });
    await sound(page, 'a patrol on its way');
  },

  'monitoring: devices, their quality and packets, one approved, a command': async (t) => {
    for (const [lang, width] of [['en', 1280], ['zh-CN', 390]]) {
      const page = await visit(t, 'chen.office', { lang, width });
      await page.goto('/monitor/devices');
      await id(page, 'device-row').first().waitFor();
      await sound(page, 'devices', { width });
      await shot(t, page, 'devices', lang, width);
      await page.goto('/monitor/devices/DEMO-140109-FQ01');
      await id(page, 'frames').waitFor();
      await sound(page, 'a device', { width });
      await shot(t, page, 'device', lang, width);
    }
    const page = await visit(t, 'chen.office');
    await page.goto('/monitor/devices');
    await id(page, 'approve').first().click();
    assert.equal(await id(page, 'unknown-send').isDisabled(), true); // not without a station and a reason
    await id(page, 'unknown-station').selectOption({ index: 1 });
    await id(page, 'unknown-reason').fill('核对铭牌');
    await sound(page, 'approving a device');
    await id(page, 'unknown-send').click();
    await page.waitForFunction(() => document.querySelectorAll('[data-testid=device-row]').length === 6);
    await settled(page); // what is asked for when a page is left is never heard of again
    await page.goto('/monitor/devices/DEMO-140109-FQ01');
    await id(page, 'command').selectOption('1011');
    await id(page, 'command-send').click();
    await id(page, 'commands').locator('li', { hasText: '1011' }).waitFor();
    await sound(page, 'a command waits');
  },

  'monitoring: new values show by themselves; a week of minutes is drawn': async (t) => {
    const page = await visit(t, 'chen.office');
    const made = await api(page, 'POST', '/api/stations', { region: '140109000000', kind: 'micro', name: '临时微站' });
    assert.equal(made.status, 201, JSON.stringify(made.json));
    await page.goto('/monitor?group=air');
    const row = id(page, 'station-row').filter({ hasText: '临时微站' });
    await row.waitFor();
    const minute = Math.floor(Date.now() / 60000) * 60000;
    const put = (packets) => api(page, 'POST', '/api/readings', { packets });
    const packet = (k, value) => ({ station: made.json.id, kind: 'minute', at_ms: minute - k * 60000, readings: [{ item: 'pm25', value, flag: 'N' }] });
    await put([packet(10081, 77.5)]);
    await row.getByText('77.5').waitFor(); // nobody reloaded
    const week = Array.from({ length: 10080 }, (_, i) => packet(10080 - i, Math.round(300 + 200 * Math.sin(i / 300) + (i * 37) % 50) / 10));
    for (let i = 0; i < week.length; i += 2000) assert.equal((await put(week.slice(i, i + 2000))).status, 200);
    await settled(page);
    await page.goto(`/monitor/stations/${made.json.id}?kind=minute&days=1`);
    await drawn(page);
    await settled(page);
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
    const tasks = async () => (await cdp.send('Performance.getMetrics')).metrics.find((m) => m.name === 'TaskDuration').value * 1000;
    const before = await tasks();
    await id(page, 'days-7').click();
    await page.waitForFunction(() => Number(document.querySelector('[data-drawn]')?.getAttribute('data-drawn')) > 10000);
    const busy = (await tasks()) - before;
    const wall = await page.evaluate(() => performance.getEntriesByName('series:draw').at(-1)?.duration);
    assert.ok(wall > 0);
    console.log(`    a week of one-minute values (10,080): drawn ${wall.toFixed(0)} ms after the answer; the page was busy for ${busy.toFixed(0)} ms from the click on`);
    await sound(page, 'a week of minutes');
  },

  'monitoring: work on the instruments is entered and withdrawn, doubts are decided, a corrected value shows its past': async (t) => {
    const admin = await visit(t, 'chen.office');
    const made = await api(admin, 'POST', '/api/stations', { region: '140109001000', kind: 'micro', name: '质控微站', name_en: 'Checked micro-station', lat: 37.872, lon: 112.533 });
    assert.equal(made.status, 201, JSON.stringify(made.json));
    const near = await api(admin, 'POST', '/api/stations', { region: '140109001000', kind: 'micro', name: '邻近微站', name_en: 'Micro-station near by', lat: 37.8731, lon: 112.5341 });
    const hour = Math.floor(Date.now() / 3600000) * 3600000;
    const put = (station, more, list) => api(admin, 'POST', '/api/readings', { ...more, packets: list.map(([k, item, value]) => ({ station, kind: 'hour', at_ms: hour - k * 3600000, readings: [{ item, value, flag: k > 5 ? undefined : 'N' }] })) });
    await put(made.json.id, {}, [[9, 'pm25', 30], [8, 'pm25', 31], [7, 'pm25', 32], [6, 'pm25', 1500], [3, 'pm25', 33], [2, 'pm25', 34]]);
    await put(near.json.id, {}, [[8, 'pm25', 40], [7, 'pm25', 44], [6, 'pm25', 42]]);
    await put(made.json.id, { reason: '数采仪补正' }, [[9, 'pm25', 35]].map(([k, i, v]) => [k, i, v]));
    const better = await api(admin, 'POST', '/api/readings', { reason: '数采仪内存数据补正', packets: [{ station: made.json.id, kind: 'hour', at_ms: hour - 8 * 3600000, readings: [{ item: 'pm25', value: 36.5, flag: 'N' }] }] });
    assert.equal(better.json.better, 1, JSON.stringify(better.json));
    await api(admin, 'POST', '/api/alarms/look', {});
    for (const [lang, width] of WAYS) {
      const page = await visit(t, 'chen.office', { lang, width });
      await page.goto(`/monitor/stations/${made.json.id}?tab=upkeep`);
      await id(page, 'doubt-row').first().waitFor();
      if (lang === 'zh-CN') {
        await id(page, 'upkeep-none').waitFor();
        await id(page, 'upkeep-new').click();
        await id(page, 'upkeep-kind').selectOption('calibration');
        await id(page, 'upkeep-item').selectOption('pm25');
        await when(page, 'upkeep-from', hour - 4 * 3600000);
        await when(page, 'upkeep-to', hour - 4 * 3600000);
        await id(page, 'upkeep-zero').fill('1.2');
        assert.equal(await id(page, 'upkeep-send').isDisabled(), true); // not without words
        await id(page, 'upkeep-reason').fill('零点检查');
        page.expectedStatus.add(422);
        await id(page, 'upkeep-send').click();
        await id(page, 'upkeep-form').getByRole('alert').waitFor(); // it ends when it begins
        await sound(page, 'entering work', { width });
        await shot(t, page, 'upkeep-form', lang, width);
        await when(page, 'upkeep-to', null);
        await id(page, 'upkeep-send').click();
        await id(page, 'upkeep-row').getByText('零点检查').waitFor();
        assert.match(await id(page, 'upkeep-row').innerText(), /零点漂移 1\.2%/);
        await id(page, 'upkeep-end').click();
        await when(page, 'upkeep-until', hour - 3 * 3600000);
        await id(page, 'upkeep-act').click();
        await id(page, 'upkeep-end').waitFor({ state: 'detached' });
      } else {
        await id(page, 'upkeep-withdraw').first().click();
        await id(page, 'upkeep-why').fill('登记错误');
        await page.keyboard.press('Enter');
        await id(page, 'upkeep-row').getByText('登记错误').waitFor();
      }
      await id(page, 'doubt-open').first().click();
      await id(page, 'doubt-near').getByText(lang === 'en' ? 'Micro-station near by' : '邻近微站').waitFor();
      await sound(page, 'upkeep and doubts', { width });
      await shot(t, page, 'upkeep', lang, width);
      if (lang === 'en') {
        await id(page, 'doubt-good').check();
        await id(page, 'doubt-reason').fill('现场比对一致');
        await id(page, 'doubt-send').click();
        await id(page, 'doubt-row').getByText('现场比对一致').waitFor();
      }
    }
    // behind a value that was corrected: what it was, by whom, why
    for (const [lang, width] of WAYS) {
      const page = await visit(t, 'chen.office', { lang, width });
      await page.goto(`/monitor/stations/${made.json.id}?kind=hour&days=1`);
      await drawn(page);
      await id(page, 'series-chart').focus();
      await page.keyboard.press('End');
      for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowLeft');
      await id(page, 'point-past').waitFor();
      assert.match(await id(page, 'point-past').innerText(), /31[^]*陈[^]*数采仪内存数据补正/);
      await sound(page, 'the past of a value', { width });
      await shot(t, page, 'past', lang, width);
    }
    const reader = await visit(t, 'zhao.leader'); // reads, and is offered nothing to do
    await reader.goto(`/monitor/stations/${made.json.id}?tab=upkeep`);
    await id(reader, 'doubt-row').first().waitFor();
    assert.equal(await id(reader, 'upkeep-new').count(), 0);
  },

  'monitoring: a file is read by columns that are named once, then by memory': async (t) => {
    for (const [lang, width] of WAYS) {
      const page = await visit(t, 'chen.office', { lang, width });
      const made = await api(page, 'POST', '/api/stations', { region: '140109001000', kind: 'outfall', name: `导入排口${width}`, name_en: `Imported outfall ${width}` });
      await page.goto(`/monitor/stations/${made.json.id}`);
      await id(page, 'station-import').click();
      const day = new Date(Date.now() - 86400000 + 8 * 3600000).toISOString().slice(0, 10);
      const csv = { name: '排口台账.csv', mimeType: 'text/csv', buffer: Buffer.from(`采样时刻,结果甲,备注\n${day} 08:00,31.5,晴\n${day} 09:00,32,阴\n`) };
      await id(page, 'reading-import-input').setInputFiles(csv);
      if (lang === 'zh-CN') {
        await id(page, 'reading-import-name').waitFor(); // no title is known: they are named here
        await id(page, 'column-0').selectOption('time');
        await id(page, 'column-1').selectOption('cod');
        await sound(page, 'naming columns', { width });
        await id(page, 'reading-import-check').click();
      }
      await id(page, 'reading-import-ready').waitFor();
      if (lang === 'en') assert.match(await id(page, 'reading-import-ready').innerText(), /as in the last file/);
      await sound(page, 'a file that was looked at', { width });
      await shot(t, page, 'import', lang, width);
      await id(page, 'reading-import-send').click();
      await id(page, 'reading-import-dialog').waitFor({ state: 'detached' });
      await drawn(page);
      const bad = { ...csv, buffer: Buffer.from(`采样时刻,结果甲,备注\n${day} 08:00,很多,晴\n`) };
      await id(page, 'station-import').click();
      page.expectedStatus.add(400);
      page.expectedStatus.add(422);
      await id(page, 'reading-import-input').setInputFiles(bad);
      await id(page, 'reading-import-problem').waitFor();
    }
  },

  'monitoring: a picture of the grid is made of stations': async (t) => {
    for (const [lang, width] of WAYS) {
      const page = await visit(t, 'lin.eco', { lang, width });
      await page.goto('/monitor/grids');
      await id(page, 'grid-fill').click();
      await id(page, 'fill-source').selectOption('micro');
      await id(page, 'fill-item').selectOption('pm25');
      page.expectedStatus.add(422);
      page.expectedStatus.add(409);
      await id(page, 'fill-check').click();
      await id(page, 'fill-dialog').locator('.notice').waitFor();
      await sound(page, 'filling the grid', { width });
      await shot(t, page, 'fill', lang, width);
      if (await id(page, 'fill-result').count()) {
        await id(page, 'fill-send').click();
        await id(page, 'fill-dialog').waitFor({ state: 'detached' });
        await page.waitForURL(/picture=pm25/);
      }
    }
  },

  'monitoring: topics of MQTT are added, changed and refused': async (t) => {
    const page = await visit(t, 'chen.office');
    await page.goto('/monitor/devices');
    await id(page, 'mqtt-line').waitFor();
    await id(page, 'topic-new').click();
    await id(page, 'topic-name').fill('demo/outfall/1/+');
    await id(page, 'topic-station').selectOption({ index: 1 });
    await id(page, 'topic-kind').selectOption('hour');
    await id(page, 'topic-reason').fill('企业接入申请');
    await sound(page, 'adding a topic');
    await shot(t, page, 'topic', 'zh-CN', 1280);
    await id(page, 'topic-send').click();
    const row = id(page, 'topic-row').filter({ hasText: 'demo/outfall/1/+' });
    await row.waitFor();
    await id(row, 'topic-change').click();
    await id(page, 'topic-item').selectOption('cod');
    await id(page, 'topic-reason').fill('按厂家说明');
    await page.keyboard.press('Enter');
    await row.getByText('化学需氧量').waitFor();
    await settled(page);
    for (const [lang, width] of WAYS) {
      const other = await visit(t, 'chen.office', { lang, width });
      await other.goto('/monitor/devices');
      await id(other, 'topic-row').first().waitFor();
      await sound(other, 'topics', { width });
      await shot(t, other, 'topics', lang, width);
    }
  },
};
