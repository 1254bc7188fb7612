// Somebody at the page: logged in, and able to ask the server in their own name.
import { open, settled } from './browser.mjs';

export const id = (page, name) => page.getByTestId(name);

// One login a person and server; the login page itself has cases of its own.
const sessions = new Map();
export async function cookiesOf(base, login) {
  const key = `${base} ${login}`;
  if (!sessions.has(key)) {
    sessions.set(key, (async () => {
      const { logins } = await (await fetch(`${base}/api/meta`)).json();
      const r = await fetch(`${base}/api/login`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ login, password: logins.find((l) => l.login === login).password }) });
      if (r.status !== 200) throw new Error(`${login}: ${r.status} ${await r.text()}`);
      return r.headers.getSetCookie().map((c) => {
        const [name, value] = c.split(';')[0].split(/=(.*)/s);
        return { name, value, url: base, httpOnly: /httponly/i.test(c), sameSite: 'Strict' };
      });
    })());
  }
  return sessions.get(key);
}

// A new window of somebody; nobody's (login null) stands at the login page. `own`: with a session that the case may end.
export async function visit(t, login, { own = false, ...options } = {}) {
  const cookies = login && !own ? await cookiesOf(t.base, login) : undefined;
  const page = await open(t.browser, t.base, { ...options, cookies });
  page.case = t;
  t.open.push(page);
  if (cookies) return page;
  page.expectedStatus.add(401); // asking who is there before anybody is
  await page.goto('/');
  if (login) {
    await id(page, `demo-${login}`).click();
    await page.waitForURL((u) => !/login/.test(u.pathname + u.hash));
    await settled(page);
    page.expectedStatus.delete(401);
  }
  return page;
}

// A call to the server with the session of the page.
export async function api(page, method, url, body) {
  const me = await (await page.request.get('/api/me')).json();
  const r = await page.request.fetch(url, { method, headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': me.csrf }, data: body === undefined ? undefined : JSON.stringify(body) });
  const text = await r.text();
  return { status: r.status(), json: text ? JSON.parse(text) : null };
}
