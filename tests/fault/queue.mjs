// A page that was offline drains its queue: 500 findings and 1,000 photos through a server that is killed three times.
// What the client believes is compared with what the store holds: nothing lost, nothing twice.
import { createHash, randomUUID } from 'node:crypto';
import { Client } from '../lib/http.mjs';

const JPEG = Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex');
const photo = (i) => Buffer.concat([JPEG, Buffer.from(`photo ${i}`), Buffer.from('ffd9', 'hex')]);
const pause = (ms) => new Promise((r) => setTimeout(r, ms));

async function login(base, who) {
  const c = new Client(base, { sockets: 4 });
  const meta = await c.request('GET', '/api/meta');
  const r = await c.request('POST', '/api/login', { json: { login: who, password: meta.json.logins.find((l) => l.login === who).password } });
  if (r.status !== 200) throw new Error(`login: ${r.status} ${r.body}`);
  return { c, id: r.json.account.id };
}

// The queue as a page would have it: a visit begun without a network, its findings with two photos each.
export async function makeQueue(server, findings) {
  const he = await login(server.base, 'he.cgj');
  const yang = await login(server.base, 'yang.yjj');
  const object = (await he.c.request('GET', '/api/objects?type=school')).json.items[0].id;
  const visit = randomUUID();
  const made_ms = Date.now() - 3600000;
  const items = [
    { client_id: visit, kind: 'visit', made_ms, body: { object, inspectors: [he.id, yang.id] } },
    { client_id: randomUUID(), kind: 'start', made_ms, body: { visit, at_ms: made_ms } },
  ];
  const photos = [];
  for (let i = 0; i < findings; i++) {
    const finding = { client_id: randomUUID(), kind: 'finding', made_ms: made_ms + 1000 * i, body: { visit, title: `离线登记的问题 ${i + 1}`, captured_ms: made_ms + 1000 * i } };
    items.push(finding);
    for (let k = 0; k < 2; k++) photos.push({ client_id: randomUUID(), about: finding.client_id, captured_ms: made_ms + 1000 * i, bytes: photo(photos.length) });
  }
  // Photos come when the radio lets them: some before anything else, the rest in between.
  const queue = [...photos.slice(0, 50).map((p) => ({ photo: p }))];
  const rest = photos.slice(50);
  for (let at = 0; at < items.length; at += 25) queue.push({ items: items.slice(at, at + 25) }, ...rest.splice(0, Math.ceil((findings * 2 - 50) / (items.length / 25))).map((p) => ({ photo: p })));
  queue.push(...rest.map((p) => ({ photo: p })));
  return { client: he.c, visit, items, photos, queue };
}

async function send(q, entry) {
  if (entry.items) return q.client.request('POST', '/api/sync', { json: { device: 'fault', items: entry.items } });
  const p = entry.photo;
  const hash = createHash('sha256').update(p.bytes).digest('hex');
  return q.client.request('POST', `/api/visits/${q.visit}/files?client_id=${p.client_id}&hash=${hash}&about=${p.about}&device=fault&captured_ms=${p.captured_ms}`, { raw: p.bytes });
}

const accepted = (entry, r) => (entry.items ? r.status === 200 && r.json.items.every((i) => ['done', 'duplicate'].includes(i.outcome)) : [200, 201].includes(r.status));

// Sends until everything was acknowledged; `killer(sent)` may end and start the server meanwhile.
export async function drain(server, q, killer) {
  let sent = 0, again = 0;
  for (const entry of q.queue) {
    for (;;) {
      q.client.base = server.base;
      let r;
      try {
        const asked = send(q, entry);
        asked.catch(() => {});
        await killer(sent);
        r = await asked;
      } catch {
        again++;
        await pause(5);
        continue; // broken off: nobody knows whether it is there, so it is sent again
      }
      if (accepted(entry, r)) break;
      if (r.status < 500) throw new Error(`${entry.items ? 'items' : 'photo'}: ${r.status} ${r.body.subarray(0, 400)}`);
      again++;
      await pause(5);
    }
    sent++;
  }
  return again;
}

async function pages(c, what) {
  const all = [];
  for (let after = ''; after !== null;) {
    const r = await c.request('GET', `/api/sync/status?device=fault&what=${what}${after && `&after=${encodeURIComponent(after)}`}`);
    if (r.status !== 200) throw new Error(`status: ${r.status} ${r.body}`);
    all.push(...r.json.items);
    after = r.json.next;
  }
  return all;
}

const same = (what, a, b) => {
  const x = [...a].sort().join('\n'), y = [...b].sort().join('\n');
  if (x !== y) throw new Error(`${what}: ${a.length} sent, ${b.length} there`);
};

export async function compare(q) {
  const v = (await q.client.request('GET', `/api/visits/${q.visit}`)).json;
  same('findings', q.items.filter((i) => i.kind === 'finding').map((i) => i.client_id), v.findings.map((f) => f.client_id));
  same('photos of the visit', q.photos.map((p) => p.client_id), v.files.map((f) => f.client_id));
  if (v.files.some((f) => !f.file)) throw new Error('a photo still waits for its visit');
  same('photos by what they are about', q.photos.map((p) => p.about), v.files.map((f) => f.about));
  same('receipts of items', q.items.map((i) => i.client_id), (await pages(q.client, 'items')).map((i) => i.client_id));
  same('receipts of photos', q.photos.map((p) => p.client_id), (await pages(q.client, 'files')).map((i) => i.client_id));
  for (const f of v.files.filter((_, i) => i % 97 === 0)) {
    const r = await q.client.request('GET', `/api/files/${f.file}`);
    if (createHash('sha256').update(r.body).digest('hex') !== f.hash) throw new Error(`file ${f.file} is not what was sent`);
  }
  const events = await visitEvents(q.client, v);
  if (events.findings !== v.findings.length || events.files !== v.files.length) throw new Error(`the ledger tells of ${events.findings} findings and ${events.files} photos`);
}

async function visitEvents(c, v) {
  const chen = await login(c.base, 'chen.office');
  const n = { findings: 0, files: 0 };
  for (let after = -1; ;) {
    const r = await chen.c.request('GET', `/api/ledger/events?region=${v.object.region}&subject=visit/${v.id}&after=${after}&limit=200`);
    if (r.status !== 200) throw new Error(`ledger: ${r.status} ${r.body}`);
    for (const e of r.json.items) {
      n.findings += e.kind === 'visit.finding';
      n.files += e.kind === 'file.add';
      after = e.seq;
    }
    if (!r.json.items.length) return n;
  }
}
