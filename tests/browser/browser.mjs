// Chromium for the tests: Debian's, headless, and what every page is held to.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const axeSource = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export function browserPath() {
  const names = [process.env.BIHUAN_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/snap/bin/chromium', '/usr/bin/google-chrome'];
  return names.find((p) => p && fs.existsSync(p));
}

export function launch() {
  const executablePath = browserPath();
  if (!executablePath) throw new Error('no Chromium; set BIHUAN_CHROMIUM');
  return chromium.launch({
    executablePath,
    headless: true,
    args: ['--disable-quic', '--disable-dev-shm-usage', '--enable-unsafe-swiftshader', '--use-angle=swiftshader', '--force-color-profile=srgb', '--disable-background-networking',
      '--no-proxy-server', ...(process.getuid() === 0 ? ['--no-sandbox'] : [])],
  });
}

// Pictures are for people: taken only when a folder was asked for, and of what failed.
const pictures = { wanted: false };
export const keepPictures = () => (pictures.wanted = true);

// A page whose console errors, exceptions, failed requests and policy violations are kept.
export async function open(browser, base, { lang = 'zh-CN', width = 1280, height = 800, cookies } = {}) {
  const context = await browser.newContext({
    baseURL: base, viewport: { width, height }, locale: lang, timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce',
    hasTouch: width < 600, isMobile: width < 600, acceptDownloads: true,
  });
  if (cookies) await context.addCookies(cookies);
  await context.addInitScript(([l, known]) => {
    if (!localStorage.getItem('bihuan.lang')) {
      localStorage.setItem('bihuan.lang', l);
      if (known) localStorage.setItem('bihuan.known', '1'); // as after a login; the cookie is there
    }
    window.__violations = [];
    document.addEventListener('securitypolicyviolation', (e) => window.__violations.push(`${e.violatedDirective}: ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));
  }, [lang, !!cookies]);
  const page = await context.newPage();
  page.lang = lang;
  page.picture = page.screenshot.bind(page);
  if (!pictures.wanted) page.screenshot = async () => null;
  page.faults = [];
  page.underWay = new Set();
  page.on('request', (r) => {
    if (!r.url().endsWith('/api/stream')) page.underWay.add(r);
  });
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (r) => page.underWay.delete(r));
  page.expectedStatus = new Set();
  page.setDefaultTimeout(15000);
  page.on('console', (m) => {
    const status = /status of (\d{3})/.exec(m.text());
    if (m.type() === 'error' && !(status && page.expectedStatus.has(Number(status[1])))) page.faults.push(`console: ${m.text()} ${m.location().url ?? ''}`);
  });
  page.on('pageerror', (e) => page.faults.push(`exception: ${e.message}`));
  page.on('response', (r) => {
    if (r.status() >= 500) page.faults.push(`${r.status()} ${r.url()}`);
  });
  return page;
}

// Nothing is under way for a moment; the event stream, which stays open, does not count.
export async function settled(page) {
  for (let quiet = 0, left = 600; quiet < 6 && left > 0; quiet = page.underWay.size ? 0 : quiet + 1, left--) await page.waitForTimeout(25);
  await page.evaluate(() => document.fonts.ready.then(() => true));
}

// axe's serious and critical findings, as lines. The page's policy forbids evaluating text in it; the debugger may.
export async function axe(page, { contrast = true } = {}) {
  const session = await page.context().newCDPSession(page);
  const options = JSON.stringify({ resultTypes: ['violations'], preload: false, rules: { 'color-contrast': { enabled: contrast } } });
  const { result: there } = await session.send('Runtime.evaluate', { expression: 'typeof window.axe', returnByValue: true });
  if (there.value === 'undefined') await session.send('Runtime.evaluate', { expression: axeSource });
  // The list of a select is scrolled by the keys of its input, which keeps the focus.
  const known = `(v, n) => v.id === 'scrollable-region-focusable' && /el-select-dropdown__wrap/.test(n.target.join())`;
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run(document, ${options}).then((r) => JSON.stringify(r.violations.filter((v) => ['serious', 'critical'].includes(v.impact) && !v.nodes.every((n) => (${known})(v, n))).map((v) => v.id + ' (' + v.impact + ') ' + v.nodes.slice(0, 3).map((n) => n.target.join(' ') + ' — ' + (n.failureSummary || '').split('\\n')[1]).join(' | '))))`,
    awaitPromise: true, returnByValue: true,
  });
  await session.detach();
  return JSON.parse(result.value);
}

// Which screens axe has seen in a case: a screen once in each language, the contrast of its colours once in any.
const looked = new WeakMap();
async function look(page, where) {
  const seen = looked.get(page.case ?? page) ?? looked.set(page.case ?? page, new Map()).get(page.case ?? page);
  const screen = where.replace(/ (zh-CN|en)$/, '');
  const before = seen.get(screen) ?? new Set();
  if (before.has(page.lang)) return [];
  const found = await axe(page, { contrast: before.size === 0 });
  seen.set(screen, before.add(page.lang));
  return found;
}

export async function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

// What every visited screen must satisfy.
export async function sound(page, where, { width } = {}) {
  await settled(page);
  const bad = (await look(page, where)).map((a) => `axe: ${a}`);
  const wide = await overflow(page);
  if (wide > 1) bad.push(`the page is ${wide} px wider than the window`);
  bad.push(...(await page.evaluate(() => window.__violations)).map((v) => `policy: ${v}`));
  bad.push(...page.faults.splice(0));
  if (bad.length) throw new Error(`${where}${width ? ` at ${width} px` : ''}:\n      ${bad.join('\n      ')}`);
}
