// The tests' own tools, tested: what they refuse matters as much as what they accept.
import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { mismatch, pick } from './match.mjs';
import { Contract } from './openapi.mjs';
import { totp } from './totp.mjs';
import { tap } from './tap.mjs';
import { parse } from '../scenario/parse.mjs';
import { atShanghai } from '../scenario/world.mjs';
import { Run } from '../scenario/run.mjs';
import { World } from '../scenario/world.mjs';
import { scratch } from './server.mjs';

test('patterns are subsets of objects and whole arrays', () => {
  assert.equal(mismatch({ a: 1 }, { a: 1, b: 2 }), '');
  assert.match(mismatch({ a: [1] }, { a: [1, 2] }), /\/a: expected 1 elements, found 2/);
  assert.match(mismatch({ a: 1 }, { a: '1' }), /\/a/);
  assert.equal(mismatch({ a: { $gt: 3, $le: 4 } }, { a: 4 }), '');
  assert.match(mismatch({ a: { $gt: 3 } }, { a: 3 }), /more than 3/);
  assert.equal(mismatch({ $has: { id: '7' } }, [{ id: '6' }, { id: '7', x: 1 }]), '');
  assert.match(mismatch({ $none: { id: '7' } }, [{ id: '7' }]), /an element fits/);
  assert.match(mismatch('*', null), /expected something/);
  assert.match(mismatch('~^a', 'b'), /does not match/);
  assert.match(mismatch({ $frobnicate: 1 }, 1), /not known/);
  assert.equal(mismatch({ x: { $absent: true } }, {}), '');
});

test('pointers pick by index, from the end and by a member', () => {
  const v = { items: [{ id: 'a' }, { id: 'b', name: '乙' }] };
  assert.equal(pick(v, '/items/-1/id'), 'b');
  assert.equal(pick(v, '/items/[id=b]/name'), '乙');
  assert.equal(pick(v, '/nothing/0/x'), undefined);
});

test('the contract is checked in both directions', () => {
  const reply = (status, json) => ({ status, json, headers: { 'content-type': 'application/json' } });
  const c = new Contract({
    paths: {
      '/api/x/{id}': {
        get: { responses: { 200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/x' } } } } } },
        post: { requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/x' } } } }, responses: { 200: {} } },
      },
    },
    components: { schemas: { x: { type: 'object', required: ['id'], additionalProperties: false, properties: { id: { type: 'string' }, n: { type: ['integer', 'null'] } } } } },
  });
  assert.deepEqual(c.observe('GET', '/api/x/1?q=2', undefined, reply(200, { id: '1', n: null })), []);
  assert.match(c.observe('GET', '/api/x/1', undefined, reply(200, { id: 1 }))[0], /integer where string/);
  assert.match(c.observe('GET', '/api/x/1', undefined, reply(200, { id: '1', more: 1 }))[0], /more: not in the contract/);
  assert.match(c.observe('GET', '/api/x/1', undefined, reply(200, {}))[0], /required and absent/);
  assert.match(c.observe('GET', '/api/x/1', undefined, reply(500, {}))[0], /status 500/);
  assert.match(c.observe('POST', '/api/x/1', { id: '1', z: 1 }, reply(200, {}))[0], /request \/z/);
  c.observe('GET', '/api/other', undefined, reply(200, {}));
  assert.equal(c.faults.at(-1).key, 'GET /api/other');
  assert.match(c.check({ type: 'string', strange: 1 }, 'x')[0], /strange is not known/);
});

test('one-time codes agree with RFC 6238', () => {
  assert.equal(totp('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 59000), '287082');
  assert.equal(totp('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 1111111109000), '081804');
});

test('TAP is counted honestly', () => {
  assert.deepEqual(tap('1..3\nok 1 - a\nnot ok 2 - b\nok 3 - c # SKIP no disk\n'), { passed: 1, failed: 1, skipped: 1, planned: 3 });
  assert.deepEqual(tap('1..2\nok 1 - a\n'), { passed: 1, failed: 0, skipped: 0, planned: 2 });
  assert.deepEqual(tap('Segmentation fault'), { passed: 0, failed: 0, skipped: 0, planned: null });
});

test('scenarios are read with their line numbers', () => {
  const [s] = parse('scenario t\nas a\npost /x {"a": [1,\n  2]}\n  -> 409 STALE { "code": "STALE" }\nrepeat 2 as i\nget /y -> 200 save y\nend\n', 'f.scn');
  assert.deepEqual(s.steps.map((x) => x.kind), ['as', 'request', 'repeat']);
  assert.deepEqual(s.steps[1].json, { a: [1, 2] });
  assert.deepEqual([s.steps[1].status, s.steps[1].code, s.steps[1].pattern], [[409], 'STALE', { code: 'STALE' }]);
  assert.equal(s.steps[2].steps[0].save, 'y');
});

for (const [text, why] of [
  ['get /x -> 200', /must begin with a scenario/],
  ['scenario t\nget /x', /needs "-> STATUS"/],
  ['scenario t\nfrobnicate', /no word of the language/],
  ['scenario t\npost /x {"a":1 -> 200', /brackets|JSON/],
  ['scenario t\nrepeat 3 as i\nget /x -> 200', /has no end/],
  ['scenario t\npost /x text <<END -> 200\nabc', /no END ends/],
])
  test(`refused: ${JSON.stringify(text)}`, () => assert.throws(() => parse(text, 'f.scn'), why));

test('times are China’s', () => assert.equal(atShanghai('2026-11-02 09:00'), Date.parse('2026-11-02T01:00:00Z')));

// A server of ten lines stands in for the binary.
const FAKE = `#!/usr/bin/env node
const http = require('http'), fs = require('fs');
const [cmd, ...args] = process.argv.slice(2);
const at = (n) => args[args.indexOf(n) + 1];
if (cmd === 'demo') fs.mkdirSync(at('--data'), { recursive: true });
if (cmd === 'serve') {
  let n = 0;
  http.createServer((q, s) => {
    const say = (status, o, h = {}) => { s.writeHead(status, { 'Content-Type': 'application/json', ...h }); s.end(JSON.stringify(o)); };
    if (q.url === '/api/openapi.json') return say(200, { paths: { '/api/count': { get: { responses: { 200: { content: { 'application/json': { schema: { type: 'object', properties: { n: { type: 'integer' } } } } } } } } } } });
    if (q.url === '/api/meta') return say(200, { logins: [{ login: 'a', password: 'b' }] });
    if (q.url === '/api/login') return say(200, { csrf: 'c' }, { 'Set-Cookie': 's=1; HttpOnly' });
    if (q.url === '/api/count') return say(q.headers.cookie === 's=1' ? 200 : 401, q.headers.cookie ? { n: ++n } : { code: 'UNAUTHENTICATED', detail: 'd', request: 'r' });
    say(200, {});
  }).listen(0, '127.0.0.1', function () { fs.writeFileSync(at('--port-file'), String(this.address().port)); });
  process.on('SIGTERM', () => process.exit(0));
}
`;
test('a scenario drives a server', async () => {
  const binary = path.join(scratch('fake'), 'fake');
  fs.writeFileSync(binary, FAKE, { mode: 0o755 });
  const run = new Run({ binary, engine: 'sqlite' });
  const go = async (text) => {
    const [s] = parse(`scenario t\ngiven demo city at 2026-11-02 09:00\n${text}`, 'f.scn');
    const w = new World(run, s);
    try {
      for (const step of s.steps) await w.step(step);
      await w.finish();
      return 'ok';
    } catch (e) {
      return e.message;
    } finally {
      await w.cleanup();
    }
  };
  assert.equal(await go('get /api/count -> 401 UNAUTHENTICATED\nas a\nget /api/count -> 200 save c\nget /api/count -> 200 {"n": {"$gt": 1}}\nclock +1d\nrestart\nget /api/count -> 200 {"n": 1}\nkill\nstart\nget /api/count -> 200'), 'ok');
  assert.match(await go('as a\nget /api/count -> 201'), /expected 201, got 200/);
  assert.match(await go('as b'), /no login b/);
  assert.match(await go('get /api/count/$x -> 200'), /nothing was saved as x/);
  assert.equal(run.contractDoc.used.get('GET /api/count').ok > 0, true);
});
