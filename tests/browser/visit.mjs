// Somebody at the page: logged in, and able to ask the server in their own name.
import { open, settled } from './browser.mjs';

export const id = (page, name) => page.getByTestId(name);

export async function visit(t, login, options = {}) {
  const page = await open(t.browser, t.base, options);
  t.open.push(page);
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
  return page.evaluate(async ([m, u, b]) => {
    const me = await (await fetch('/api/me')).json();
    const r = await fetch(u, { method: m, headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': me.csrf }, body: b === undefined ? undefined : JSON.stringify(b) });
    const text = await r.text();
    return { status: r.status, json: text ? JSON.parse(text) : null };
  }, [method, url, body]);
}
