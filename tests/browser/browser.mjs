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

// A page whose console errors, exceptions, failed requests and policy violations are kept.
export async function open(browser, base, { lang = 'zh-CN', width = 1280, height = 800, storageState } = {}) {
  const context = await browser.newContext({
    baseURL: base, viewport: { width, height }, locale: lang, timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce', storageState,
    hasTouch: width < 600, isMobile: width < 600, acceptDownloads: true,
  });
  await context.addInitScript((l) => {
    if (!localStorage.getItem('bihuan.lang')) localStorage.setItem('bihuan.lang', l);
    window.__violations = [];
    document.addEventListener('securitypolicyviolation', (e) => window.__violations.push(`${e.violatedDirective}: ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));
  }, lang);
  const page = await context.newPage();
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
  for (let quiet = 0; quiet < 6; quiet = page.underWay.size ? 0 : quiet + 1) await page.waitForTimeout(25);
  await page.evaluate(() => document.fonts.ready.then(() => true));
}

// axe's serious and critical findings, as lines.
export async function axe(page) {
  const found = await page.evaluate(async (source) => {
    if (!window.axe) new Function(source)();
    const r = await window.axe.run(document, { resultTypes: ['violations'] });
    return r.violations.filter((v) => ['serious', 'critical'].includes(v.impact))
      .map((v) => `${v.id} (${v.impact}) ${v.nodes.slice(0, 3).map((n) => `${n.target.join(' ')} — ${n.failureSummary?.split('\n')[1] ?? ''}`).join(' | ')}`);
  }, axeSource).catch(async (e) => {
    // A strict policy forbids evaluating text in the page; the debugger may.
    if (!/unsafe-eval|Content Security/i.test(e.message)) throw e;
    const session = await page.context().newCDPSession(page);
    await session.send('Runtime.evaluate', { expression: axeSource });
    const { result } = await session.send('Runtime.evaluate', {
      expression: `axe.run(document, { resultTypes: ['violations'] }).then((r) => JSON.stringify(r.violations.filter((v) => ['serious', 'critical'].includes(v.impact)).map((v) => v.id + ' (' + v.impact + ') ' + v.nodes.slice(0, 3).map((n) => n.target.join(' ') + ' — ' + (n.failureSummary || '').split('\\n')[1]).join(' | '))))`,
      awaitPromise: true, returnByValue: true,
    });
    return JSON.parse(result.value);
  });
  return found;
}

export async function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

// What every visited screen must satisfy.
export async function sound(page, where, { width } = {}) {
  await settled(page);
  const bad = (await axe(page)).map((a) => `axe: ${a}`);
  const wide = await overflow(page);
  if (wide > 1) bad.push(`the page is ${wide} px wider than the window`);
  bad.push(...(await page.evaluate(() => window.__violations)).map((v) => `policy: ${v}`));
  bad.push(...page.faults.splice(0));
  if (bad.length) throw new Error(`${where}${width ? ` at ${width} px` : ''}:\n      ${bad.join('\n      ')}`);
}
