// A click on the map is a place in a territory: read by the page, and checked here against the outlines themselves.
import assert from 'node:assert/strict';
import { sound } from './browser.mjs';
import { api, id, visit } from './visit.mjs';

const inRing = (ring, x, y) => ring.reduce((inside, [x1, y1], i) => {
  const [x2, y2] = ring[(i + ring.length - 1) % ring.length];
  return (y1 > y) !== (y2 > y) && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1 ? !inside : inside;
}, false);
const inside = (g, x, y) => (g.type === 'Polygon' ? [g.coordinates] : g.coordinates).some(([outer, ...holes]) => inRing(outer, x, y) && !holes.some((h) => inRing(h, x, y)));
const centre = (g) => {
  const all = g.coordinates.flat(g.type === 'Polygon' ? 1 : 2);
  const mid = (k) => (Math.min(...all.map((p) => p[k])) + Math.max(...all.map((p) => p[k]))) / 2;
  return [mid(0), mid(1)];
};

/* Townships whose name stands inside of them, each with where its name stands on the screen. */
async function named(page, width) {
  const me = (await api(page, 'GET', '/api/me')).json;
  const { features } = (await api(page, 'GET', `/api/map/regions?parent=${me.home_region.code}`)).json;
  const parts = features.filter((f) => f.geometry && !f.properties.self);
  const labels = await page.locator('.map-name').evaluateAll((list) => list.filter((e) => e.style.visibility !== 'hidden').map((e) => {
    const r = e.getBoundingClientRect();
    return { text: e.textContent, x: r.x + r.width / 2, y: r.y + r.height / 2 };
  }));
  return labels.flatMap((l) => {
    const f = parts.find((p) => [p.properties.name, p.properties.name_en].includes(l.text));
    if (!f || l.x < 0 || l.x > width) return [];
    const [lng, lat] = centre(f.geometry);
    return inside(f.geometry, lng, lat) ? [{ ...l, lng, lat, code: f.properties.code, parts }] : [];
  });
}
async function ready(page) {
  await page.locator('[data-testid=map][data-ready]').waitFor();
  await page.locator('.map-name').first().waitFor();
  await page.locator('[data-testid=map]').scrollIntoViewIfNeeded();
}
/* The place read from the click is where the name stands, and lies in that territory and no other. */
function agrees(at, want) {
  assert.ok(Math.abs(at.lng - want.lng) < 0.01 && Math.abs(at.lat - want.lat) < 0.01, `${at.lat}, ${at.lng} is not where ${want.text} stands: ${want.lat}, ${want.lng}`);
  assert.deepEqual(want.parts.filter((p) => inside(p.geometry, at.lng, at.lat)).map((p) => p.properties.code), [want.code]);
}

export const PLACE_CASES = {
  'a hazard is set on the map by a click: its place and the territory that it lies in': async (t) => {
    for (const [lang, width] of [['zh-CN', 1280], ['en', 390]]) {
      const page = await visit(t, 'chen.office', { lang, width });
      await page.goto('/hazards/new');
      await id(page, 'hazard-on-place').click();
      await ready(page);
      for (const which of [0, -1]) {
        const towns = await named(page, width);
        assert.ok(towns.length >= 2, `${towns.length} townships to click on`);
        const town = towns.at(which);
        await page.mouse.click(town.x, town.y);
        await page.waitForFunction((name) => document.querySelector('[data-testid=hazard-place]').textContent === name, town.text);
        const [lat, lng] = (await id(page, 'hazard-at').innerText()).split(', ').map(Number);
        agrees({ lat, lng }, town);
        await id(page, 'hazard-region').filter({ hasText: town.text }).waitFor();
        assert.doesNotMatch(await id(page, 'hazard-region').innerText(), /\d{12}/);
      }
      await sound(page, 'place of a hazard', { width });
      await page.screenshot({ path: `${t.shots}/hazard-place-${lang}-${width}.png` });
    }
  },

  'an object is set on the map by a click, and belongs to the territory that it lies in': async (t) => {
    const page = await visit(t, 'chen.office');
    await page.goto('/objects');
    await id(page, 'object-new').click();
    await id(page, 'object-form-type').selectOption({ index: 1 });
    await id(page, 'object-form-map').click();
    await ready(page);
    const town = (await named(page, 1280))[0];
    await page.mouse.click(town.x, town.y);
    await page.waitForFunction((name) => document.querySelector('[data-testid=object-form-place]').textContent === name, town.text);
    agrees({ lat: Number(await id(page, 'object-form-lat').inputValue()), lng: Number(await id(page, 'object-form-lon').inputValue()) }, town);
    await sound(page, 'place of an object');
    await page.screenshot({ path: `${t.shots}/object-form-zh-CN-1280.png` });
  },

  'a hazard is handed to a territory and a referral merged into another, chosen and told by their names': async (t) => {
    const page = await visit(t, 'chen.office');
    const me = (await api(page, 'GET', '/api/me')).json;
    const towns = (await api(page, 'GET', `/api/regions?parent=${me.home_region.code}`)).json.items;
    const made = async (kind, title) => {
      const lead = (await api(page, 'GET', `/api/orgs?q=${encodeURIComponent('示例区应急管理局')}`)).json.items[0].id;
      const r = await api(page, 'POST', '/api/matters', { kind, region: towns[0].code, title, sectors: ['fire'], lead: [lead], co: [], targets: [] });
      assert.equal(r.status, 201, JSON.stringify(r.json));
      return r.json;
    };
    const type = async (testid, words, option) => {
      await id(page, testid).locator('input').first().click();
      await page.keyboard.type(words);
      await page.locator('.el-select-dropdown__item:visible', { hasText: option }).first().click();
      await id(page, testid).filter({ hasText: option }).waitFor();
    };
    const hazard = await made('hazard', '移交试验：仓库堵塞通道');
    await page.goto(`/matters/${hazard.id}?act=hand-territory`);
    await type('field-region', towns[1].name, towns[1].name);
    await id(page, 'field-text').fill('地点在该街道');
    await page.reload(); // what was typed and chosen is there again, by its name
    await id(page, 'field-region').filter({ hasText: towns[1].name }).waitFor();
    await id(page, 'act-send').click();
    await id(page, 'handed-to').filter({ hasText: towns[1].name }).waitFor();
    assert.doesNotMatch(await id(page, 'timeline').innerText(), /(^|\D)\d{12}(\D|$)/);
    await sound(page, 'handed to another territory');
    const [goes, stays] = [await made('referral', '合并试验：同一工单再次交办'), await made('referral', '合并试验：路灯不亮')];
    await page.goto(`/matters/${goes.id}?act=merge`);
    await type('field-into', '路灯不亮', stays.no);
    await id(page, 'field-text').fill('同一件事');
    await id(page, 'act-send').click();
    await id(page, 'merged-into').filter({ hasText: stays.no }).waitFor();
    const english = await visit(t, 'chen.office', { lang: 'en', width: 390 });
    await english.goto(`/matters/${hazard.id}`);
    await id(english, 'handed-to').filter({ hasText: towns[1].name_en }).waitFor();
    await sound(english, 'handed to another territory, on a phone', { width: 390 });
  },
};
