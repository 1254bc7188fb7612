// A house with a past, made through its own doors on a clock of its own: hazards put right months ago, some of which came
// back, a citizen's report, a photo used twice. For pages that show what has become of things.
import { photo } from '../lib/photo.mjs';

const DAY = 86400000;

export class House {
  constructor(base) {
    this.base = base;
    this.who = new Map();
  }

  async ask(login, method, url, body) {
    const session = this.who.get(login) ?? (await this.login(login));
    const raw = Buffer.isBuffer(body);
    const r = await fetch(this.base + url, {
      method,
      headers: { ...(raw ? {} : { 'Content-Type': 'application/json' }), Cookie: session.cookie, 'X-CSRF-Token': session.csrf },
      body: raw || body === undefined ? body : JSON.stringify(body),
    });
    const text = await r.text();
    if (r.status === 401 && login) {
      this.who.delete(login);
      return this.ask(login, method, url, body);
    }
    if (r.status >= 300) throw new Error(`${login || 'nobody'} ${method} ${url}: ${r.status} ${text.slice(0, 500)}`);
    return text ? JSON.parse(text) : null;
  }

  async login(login) {
    if (!login) return { cookie: '', csrf: '' };
    this.password ??= new Map((await (await fetch(`${this.base}/api/meta`)).json()).logins.map((l) => [l.login, l.password]));
    const r = await fetch(`${this.base}/api/login`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ login, password: this.password.get(login) }) });
    const session = { cookie: r.headers.getSetCookie?.().map((c) => c.split(';')[0]).join('; ') ?? (r.headers.get('set-cookie') ?? '').split(';')[0], csrf: (await r.json()).csrf };
    this.who.set(login, session);
    return session;
  }

  async clock(change) {
    this.now = (await this.ask('', 'POST', '/api/test/clock', change)).now_ms;
    this.who.clear();
  }

  pass(days) {
    return this.clock({ advance_ms: days * DAY });
  }

  day(plus = 0) {
    return new Date(this.now + 8 * 3600000 + plus * DAY).toISOString().slice(0, 10);
  }

  async org(name) {
    return (await this.ask('chen.office', 'GET', `/api/orgs?q=${encodeURIComponent(name)}`)).items[0].id;
  }

  async act(login, id, act, more = {}) {
    const m = await this.ask(login, 'GET', `/api/matters/${id}`);
    return this.ask(login, 'POST', `/api/matters/${id}/acts`, { act, ver: m.ver, ...more });
  }

  file(login, id, look, name = '现场.png') {
    return this.ask(login, 'POST', `/api/matters/${id}/files?name=${encodeURIComponent(name)}`, photo({ w: 200, ...look }));
  }

  // A hazard of the mine or of the emergency bureau's own premises: found, graded, ordered, accepted.
  async hazard({ title, lead, who, sectors = ['mines'], cause = 'things', region = '140109006000', grade = 'general', more = {} }) {
    const m = await this.ask('yang.yjj', 'POST', '/api/matters', { kind: 'hazard', region, title, sectors, lead: [lead], source: 'unannounced', cause, found_ms: this.now - 3600000, lat: 37.86, lon: 112.4, ...more });
    await this.act('yang.yjj', m.id, 'grade', { more: [{ name: 'grade', value: grade }, ...(grade === 'major' ? [{ name: 'expert', value: '专家组判定' }] : [])] });
    await this.act('yang.yjj', m.id, 'order', { text: '限期整改。' });
    if (grade === 'general') await this.act(who, m.id, 'accept');
    return m.id;
  }

  async putRight(id, who, scene) {
    const f = await this.file(who, id, { scene });
    await this.act(who, id, 'submit', { text: `第 ${scene} 处已整改完毕。`, files: [f.id] });
    const g = await this.file('gao.verify', id, { scene: scene + 500 }, '核查.png');
    await this.act('gao.verify', id, 'pass', { text: '现场核查，属实。', files: [g.id], more: [{ name: 'method', value: 'on-site' }] });
    await this.act('yang.yjj', id, 'close');
  }
}

const WORK = [
  ['主运输皮带防护栏缺失', 'mines', 'things'], ['通风机房无人值守', 'mines', 'management'], ['井下避难硐室物资不足', 'mines', 'management'],
  ['瓦斯监测探头失准', 'mines', 'ageing'], ['配电箱未接地', 'work-safety', 'things'], ['消防通道堆放杂物', 'fire', 'people'],
  ['动火作业未审批', 'work-safety', 'people'], ['提升机制动间隙超标', 'mines', 'ageing'],
];

/* Hazards put right over some months; those of the list `back` came back. Leaves the clock 45 days after the last. */
export async function past(house, { n = 8, gap = 12, back = [1, 4] } = {}) {
  const mine = await house.org('示例煤业有限公司');
  await house.pass(0);
  const ids = [];
  for (let i = 0; i < n; i++) {
    const [title, sector, cause] = WORK[i % WORK.length];
    const id = await house.hazard({ title, lead: mine, who: 'ma.mine', sectors: [sector], cause });
    await house.putRight(id, 'ma.mine', 100 + i);
    ids.push(id);
    await house.pass(gap);
  }
  for (const i of back) {
    await house.act('chen.office', ids[i], 'relapse', { text: '群众反映，现场复查属实：问题重现。', due: house.day(30), more: [{ name: 'finding', value: 'relapse' }] });
    await house.pass(1);
  }
  await house.pass(45);
  return { ids, mine, office: await house.org('示例区安全生产委员会办公室') };
}

/* A citizen's report with a photo, in the desk's hands. */
export async function report(house, words, scene = 61) {
  const up = await house.ask('', 'POST', '/api/public/photos', photo({ scene, w: 320, make: 'XIAOMI', model: 'SECRETPHONE', taken: '2026-11-02T08:30:00' }));
  return house.ask('', 'POST', '/api/public/reports', { category: 'fire', text: words, region: '140109006000', place: '幸福里小区三单元门口', contact: '13800001234 王某', photos: [up.token], lat: 37.862123, lon: 112.398345 });
}

/* Two tasks with one photo, so that the second has a mark. */
export async function doubled(house) {
  const yjj = await house.org('示例区应急管理局');
  const ids = [];
  for (const title of ['排查整治尾矿库安全隐患', '整改加油站防雷接地']) {
    const m = await house.ask('chen.office', 'POST', '/api/matters', { kind: 'task', region: '140109000000', title, sectors: ['tailings'], lead: [yjj], co: [], due: house.day(30), targets: [] });
    await house.act('yang.yjj', m.id, 'accept');
    await house.file('yang.yjj', m.id, { scene: 7, w: 480, ...(ids.length ? { bright: 14, w: 300 } : {}) }, ids.length ? '整改后.png' : '整改前后.png');
    ids.push(m.id);
  }
  return ids;
}
