// What a scenario acts on: its server(s), its people with their sessions, its variables.
import fs from 'node:fs';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import http from 'node:http';
import { Client } from '../lib/http.mjs';
import { Server, scratch } from '../lib/server.mjs';
import { mismatch, pick } from '../lib/match.mjs';
import { docx, xlsx, bomb } from '../lib/zip.mjs';
import { totp } from '../lib/totp.mjs';
import { leaks } from '../lib/blind.mjs';
import { photoOf } from '../lib/photo.mjs';
import { Device } from '../lib/hj212.mjs';
import { parse as parseMetrics, promtool } from '../lib/prom.mjs';
import { Broker, Publisher } from '../lib/mqtt.mjs';

const UNITS = { s: 1000, m: 60000, h: 3600000, d: 86400000 };
const SHANGHAI_MS = 8 * 3600000;

export const atShanghai = (text) => {
  const m = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text);
  if (!m) throw new Error(`"${text}" is no time such as 2026-11-02 09:00`);
  return Date.UTC(+m[1], +m[2] - 1, +m[3], +(m[4] ?? 0), +(m[5] ?? 0), +(m[6] ?? 0)) - SHANGHAI_MS;
};

export function exec(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let out = '';
    child.stdout.on('data', (c) => (out += c));
    child.stderr.on('data', (c) => (out += c));
    child.on('error', (e) => resolve({ code: -1, out: String(e) }));
    child.on('close', (code, signal) => resolve({ code: code ?? signal, out }));
  });
}

export class World {
  constructor(run, scenario) {
    Object.assign(this, { run, scenario, vars: {}, clients: new Map(), servers: {}, at: 'first', headers: {}, lang: 'zh-CN', tampered: false });
    this.data = path.join(scratch('scn'), 'data');
    this.vars.data = this.data;
    this.vars.tmp = path.dirname(this.data);
  }

  get server() {
    return this.servers[this.at];
  }

  async #serve(name) {
    const portFile = path.join(scratch('hj212'), 'port');
    const broker = this.broker?.args ?? [];
    const s = new Server(this.run.binary, { data: this.data, url: this.url, env: this.broker?.env, args: [...broker, ...(this.settings ?? []), '--test-clock', '--hj212', '127.0.0.1:0', '--hj212-port-file', portFile, '--hj212-timeout', '1'] });
    s.devicePort = () => Number(fs.readFileSync(portFile, 'utf8').trim());
    this.servers[name] = s;
    await s.start();
    this.contract ??= await this.run.contract(s);
    if (this.now !== undefined) await this.setClock({ now_ms: this.now });
  }

  async given(rest) {
    const m = /^(demo city|lively city|empty store)(?: at (.+))?$/.exec(rest);
    if (!m) throw new Error('given demo city|lively city|empty store [at 2026-11-02 09:00]');
    ({ url: this.url } = await this.run.prepare(m[1].split(' ')[0], this.data));
    this.vars.url = this.url ?? '';
    if (m[2]) this.now = atShanghai(m[2]);
    await this.#serve('first');
    this.now ??= Date.now();
  }

  #nobody() {
    return new Client(this.server.base, { lang: this.lang, observe: this.#observe() });
  }

  #observe() {
    return (method, url, sent, reply) => {
      this.contract.observe(method, url, sent, reply, `${this.scenario.file}:${this.line}`);
    };
  }

  async setClock(body) {
    const r = await new Client(this.server.base, { observe: this.#observe() }).request('POST', '/api/test/clock', { json: body });
    if (r.status >= 300) throw new Error(`the test clock said ${r.status}: ${r.body}`);
  }

  async clock(rest) {
    const m = /^\+(\d+)([smhd])$/.exec(rest);
    this.now = m ? this.now + Number(m[1]) * UNITS[m[2]] : atShanghai(rest.replace(/^at /, ''));
    for (const name of Object.keys(this.servers)) {
      const keep = this.at;
      this.at = name;
      await this.setClock({ now_ms: this.now });
      this.at = keep;
    }
  }

  async as(rest) {
    const [login, ...more] = this.fill(rest).split(/\s+/);
    const again = more[0] === 'again';
    if (login === 'nobody') {
      this.client = this.#nobody();
      return;
    }
    const key = `${this.at}/${login}`;
    if (!again && more[0] !== 'password' && this.clients.has(key)) {
      this.client = this.clients.get(key);
      if ((await this.client.request('GET', '/api/me')).status === 200) return; // else the clock ended the session
    }
    this.client = this.#nobody();
    const password = more[0] === 'password' ? more[1] : await this.run.password(this.server, login);
    const r = await this.client.request('POST', '/api/login', { json: { login, password } });
    if (r.status !== 200) throw new Error(`${login} could not log in: ${r.status} ${r.body}`);
    this.vars.me = r.json;
    this.clients.set(key, this.client);
  }

  // $name, $name.path, ${name.path} in text; an object stands for its id.
  value(expr) {
    const [name, ...keys] = expr.split('.');
    if (!(name in this.vars)) throw new Error(`nothing was saved as ${name}`);
    return keys.reduce((v, k) => (Array.isArray(v) ? v.at(Number(k)) : v?.[k]), this.vars[name]);
  }

  fill(text) {
    return text.replace(/\$\{([\w.-]+)\}|\$(\w+(?:\.\w+)*)/g, (_, a, b) => {
      const v = this.value(a ?? b);
      return v !== null && typeof v === 'object' ? (v.id ?? JSON.stringify(v)) : String(v);
    });
  }

  deepFill(v) {
    if (typeof v === 'string') {
      const whole = /^\$(\w+(?:\.[\w-]+)*)$/.exec(v);
      if (whole) {
        const x = this.value(whole[1]);
        return x !== null && typeof x === 'object' && 'id' in x ? x.id : x;
      }
      return v.startsWith('~') ? v : this.fill(v);
    }
    if (Array.isArray(v)) return v.map((x) => this.deepFill(x));
    if (v && typeof v === 'object') return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, this.deepFill(x)]));
    return v;
  }

  // The bytes that a request sends when they are not plain JSON.
  source(text, doc) {
    const [kind, ...rest] = text.split(/\s+/);
    const arg = rest.join(' ');
    const block = () => this.fill(doc ?? '');
    if (kind === 'raw') return { raw: Buffer.from(arg), type: 'application/json' };
    if (kind === 'file') return { raw: fs.readFileSync(path.join(path.dirname(this.scenario.file), 'files', arg)) };
    if (kind === 'text') return { raw: Buffer.from(block()) };
    if (kind === 'bytes') return { raw: Buffer.from(arg.replace(/\s/g, ''), 'hex') };
    if (kind === 'photo') return { raw: photoOf(this.fill(arg)) };
    if (kind === 'docx') return { raw: docx(block().trim().split('\n')) };
    if (kind === 'cut-docx') return { raw: docx(block().trim().split('\n')).subarray(0, 500) };
    if (kind === 'bomb') return { raw: bomb(Number(rest[0])) };
    if (kind === 'xlsx') return { raw: xlsx(block().trim().split('\n').map((l) => l.split('|').map((c) => c.trim()))) };
    if (kind === 'saved') return { raw: this.vars[`${arg}.bytes`] };
    if (kind === 'zeros') {
      const size = Number(rest[0]) << 20;
      const chunk = Buffer.alloc(1 << 20, 0x61);
      let left = size;
      return { raw: Readable.from((function* () { while (left > 0) { left -= chunk.length; yield chunk; } })()), headers: { 'Content-Length': size } };
    }
    throw new Error(`"${kind}" is no kind of body`);
  }

  async request(step) {
    if (!this.client) this.client = this.#nobody();
    this.client.lang = this.lang;
    const options = step.json !== undefined ? { json: this.deepFill(step.json) } : step.source ? this.source(step.source, step.doc) : {};
    options.headers = { ...options.headers, ...this.headers };
    this.headers = {};
    const r = await this.client.request(step.method, encodeURI(this.fill(step.path)).replace(/%25/g, '%'), options);
    this.reply = r;
    const shown = r.body.length > 600 ? `${r.body.subarray(0, 600)}…` : r.body;
    if (!step.status.includes(r.status)) throw new Error(`${step.method} ${this.fill(step.path)}: expected ${step.status.join(' or ')}, got ${r.status}: ${shown}`);
    if (step.code && r.json?.code !== step.code) throw new Error(`expected code ${step.code}, got ${shown}`);
    if (step.pattern !== undefined) {
      const m = mismatch(this.deepFill(step.pattern), r.json);
      if (m) throw new Error(`${step.method} ${this.fill(step.path)}: ${m}`);
    }
    if (r.status >= 400 && r.json && !(r.json.detail && r.json.code && r.json.request)) throw new Error(`a refusal without detail, code or request: ${shown}`);
    if (step.save) {
      this.vars[step.save] = r.json;
      this.vars[`${step.save}.bytes`] = r.body;
    }
  }

  // What comes a little later: asked again until it fits.
  async eventually(step) {
    for (const until = Date.now() + 10000; ; await new Promise((go) => setTimeout(go, 50)))
      try {
        return await this.request(step);
      } catch (e) {
        if (Date.now() > until) throw e;
      }
  }

  // hj212 send SEGMENT | raw TEXT | expect REGEXP | expect silence | close; "@NAME" before it names a device's connection.
  async hj212(rest) {
    const m = /^(?:@(\w+)\s+)?(send|raw|expect|close)(?:\s+(.*))?$/.exec(rest);
    if (!m) throw new Error('hj212 [@NAME] send SEGMENT | raw TEXT | expect REGEXP | close');
    const name = m[1] ?? 'device';
    this.devices ??= new Map();
    const arg = this.fill(m[3] ?? '');
    if (m[2] === 'close') return this.devices.get(name)?.close();
    if (!this.devices.get(name)?.open) this.devices.set(name, await Device.connect(this.server.devicePort()));
    const d = this.devices.get(name);
    if (m[2] === 'send') d.send(arg);
    else if (m[2] === 'raw') d.raw(arg.replace(/\\r/g, '\r').replace(/\\n/g, '\n'));
    else if (arg === 'silence') await d.silence();
    else this.vars.answer = await d.expect(new RegExp(m[3]));
  }

  // broker | broker guarded | broker stop | broker start: before `given`, servers then take readings from it.
  async brokerDo(rest) {
    if (rest === 'stop') return this.broker.stop();
    this.broker ??= new Broker({ guarded: rest === 'guarded' });
    await this.broker.start();
  }

  // mqtt [@NAME] publish TOPIC PAYLOAD | retain TOPIC PAYLOAD | will TOPIC PAYLOAD | bytes TOPIC HEX | die | end
  async mqtt(rest) {
    const m = /^(?:@(\w+)\s+)?(publish|retain|will|bytes|die|end)(?:\s+(\S+)\s*(.*))?$/.exec(rest);
    if (!m) throw new Error('mqtt [@NAME] publish|retain|will|bytes TOPIC PAYLOAD | die | end');
    const name = m[1] ?? 'device';
    this.publishers ??= new Map();
    const topic = this.fill(m[3] ?? '');
    const payload = this.fill(m[4] ?? '');
    if (m[2] === 'die' || m[2] === 'end') {
      this.publishers.get(name)[m[2]]();
      return this.publishers.delete(name);
    }
    if (m[2] === 'will') return this.publishers.set(name, await Publisher.connect(this.broker.port, { will: { topic, payload } }));
    if (!this.publishers.has(name)) this.publishers.set(name, await Publisher.connect(this.broker.port));
    return this.publishers.get(name).publish(topic, m[2] === 'bytes' ? Buffer.from(payload, 'hex') : payload, { retain: m[2] === 'retain' });
  }

  save(rest) {
    const m = /^(\w+)\s*=\s*(.+)$/.exec(rest);
    if (!m) throw new Error('save NAME = /pointer | totp $secret | "text"');
    const [, name, what] = m;
    if (what.startsWith('/')) {
      this.vars[name] = pick(this.reply.json, this.fill(what));
      if (this.vars[name] === undefined) throw new Error(`there is no ${this.fill(what)} in ${String(this.reply.body).slice(0, 600)}`);
    } else if (what.startsWith('totp ')) this.vars[name] = totp(this.fill(what.slice(5)), this.now);
    else if (what.startsWith('header ')) this.vars[name] = this.reply.headers[what.slice(7).toLowerCase()];
    else this.vars[name] = this.deepFill(JSON.parse(what));
  }

  expect(rest) {
    let m;
    if ((m = /^header ([\w-]+) (.+)$/.exec(rest))) {
      const why = mismatch(JSON.parse(m[2]), this.reply.headers[m[1].toLowerCase()]);
      if (why) throw new Error(`header ${m[1]}${why}`);
    } else if ((m = /^text (not )?contains "(.*)"$/.exec(rest))) {
      if (this.reply.body.includes(this.fill(m[2])) === Boolean(m[1])) throw new Error(`the reply ${m[1] ? 'contains' : 'does not contain'} ${m[2]}: ${String(this.reply.body).slice(0, 400)}`);
    } else if ((m = /^(\/\S*) (.+)$/.exec(rest))) {
      const why = mismatch(this.deepFill(JSON.parse(m[2])), pick(this.reply.json, this.fill(m[1])), this.fill(m[1]));
      if (why) throw new Error(why);
    } else if (rest === 'metrics that are well formed') {
      parseMetrics(String(this.reply.body));
    } else if (rest === 'metrics that promtool accepts') {
      const r = promtool(String(this.reply.body));
      if (r.code !== 0 || r.said.trim()) throw new Error(`promtool: ${r.code} ${r.said}`);
    } else if ((m = /^the accused (\S+) to see nothing of "(.+)" of matter (\S+)$/.exec(rest))) return this.expectBlind(m[1], m[2].split('|'), this.fill(m[3]));
    else if ((m = /^event (.+)$/.exec(rest))) return this.expectEvent(this.deepFill(JSON.parse(m[1])));
    else if ((m = /^no event (.+)$/.exec(rest))) {
      const pattern = this.deepFill(JSON.parse(m[1]));
      if (this.events.some((e) => !mismatch(pattern, e))) throw new Error(`there was such an event: ${JSON.stringify(this.events)}`);
    } else if ((m = /^same (\S+) (\S+)$/.exec(rest))) {
      const [a, b] = [this.fill(m[1]), this.fill(m[2])];
      if (a !== b) throw new Error(`${m[1]} is ${a}, ${m[2]} is ${b}`);
    } else throw new Error('expect /pointer JSON | expect header NAME JSON | expect text contains "…" | expect same $a $b');
  }

  // Server-sent events: opened here, looked at by `expect event`.
  listen() {
    this.events = [];
    return new Promise((resolve, reject) => {
      const cookie = [...this.client.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
      const rq = http.get(`${this.server.base}/api/stream`, { headers: { Cookie: cookie }, agent: false }, (rs) => {
        if (rs.statusCode !== 200) reject(new Error(`the stream said ${rs.statusCode}`));
        this.contract.observe('GET', '/api/stream', undefined, { status: rs.statusCode, headers: rs.headers }, `${this.scenario.file}:${this.line}`);
        let text = '';
        rs.on('error', () => {});
        rs.on('data', (c) => {
          text += c;
          for (let at; (at = text.indexOf('\n\n')) >= 0; text = text.slice(at + 2)) {
            const data = /^data: ?(.*)$/m.exec(text.slice(0, at));
            if (data) this.events.push(JSON.parse(data[1]));
          }
        });
        this.stream = rq;
        resolve();
      });
      rq.on('error', reject);
    });
  }

  // Everything that this person can read, event stream and exports included, without one of the words.
  async expectBlind(login, words, matter) {
    await this.as(login);
    const m = (await this.client.request('GET', `/api/matters/${matter}`)).json;
    if (!m?.id) throw new Error(`${login} does not even see the matter`);
    const ids = [matter, m.no, ...m.files.map((f) => f.id), ...Object.entries(this.vars).filter(([k]) => k === 'desk').flatMap(([, d]) => d.photos.map((p) => p.id))];
    const queries = [`region=${m.region}`, 'kind=report', `q=${encodeURIComponent(words[0])}`, `parent=${m.region}`, `matter=${matter}`, `subject=${encodeURIComponent(`report/${matter}`)}`];
    const observe = this.client.observe;
    this.client.observe = null; // wild guesses are none of the contract's business
    const found = await leaks(this.client, this.contract, { ids, queries }, words);
    this.client.observe = observe;
    const heard = JSON.stringify(this.events ?? []);
    for (const w of words) if (heard.includes(w)) found.push(`event stream: ${w}`);
    if (found.length) throw new Error(`${login} learns: ${found.slice(0, 10).join('; ')}`);
  }

  async expectEvent(pattern) {
    const until = Date.now() + 5000;
    while (!this.events.some((e) => !mismatch(pattern, e))) {
      if (Date.now() > until) throw new Error(`no such event; there were ${JSON.stringify(this.events)}`);
      await new Promise((go) => setTimeout(go, 10));
    }
  }

  async bihuan(rest) {
    const m = /^(.*) -> (\S+)(?:\s+(not )?"(.*)")?$/.exec(rest);
    if (!m) throw new Error('bihuan ARGS -> EXIT ["text"]');
    const args = this.fill(this.url ? m[1] : m[1].replace(/ --db \$url/, '')).split(/\s+/).filter(Boolean);
    const r = await exec(this.run.binary, args);
    if (m[2] !== 'any' && (m[2] === 'fails' ? r.code === 0 : r.code !== Number(m[2])))
      throw new Error(`bihuan ${args.join(' ')}: expected exit ${m[2]}, got ${r.code}: ${r.out.slice(-800)}`);
    if (m[4] && r.out.includes(this.fill(m[4])) === Boolean(m[3])) throw new Error(`bihuan ${args.join(' ')} said: ${r.out.slice(-800)}`);
  }

  async sql(text) {
    const statement = this.fill(text);
    if (this.url) {
      this.run.cluster.sql(statement, this.database());
      return;
    }
    const r = await exec('sqlite3', ['-cmd', '.timeout 5000', path.join(this.data, 'bihuan.db'), statement]);
    if (r.code !== 0) throw new Error(`sqlite3: ${r.out}`);
  }

  database() {
    return new URL(this.url).pathname.slice(1);
  }

  async step(step) {
    this.line = step.line;
    switch (step.kind) {
    case 'request': return step.eventually ? this.eventually(step) : this.request(step);
    case 'hj212': return this.hj212(step.rest);
    case 'broker': return this.brokerDo(step.rest);
    case 'setting': return void (this.settings = [...(this.settings ?? []), `--${step.rest.split(' ')[0]}`, step.rest.slice(step.rest.indexOf(' ') + 1)]);
    case 'mqtt': return this.mqtt(step.rest);
    case 'given': return this.given(step.rest);
    case 'as': return this.as(step.rest);
    case 'lang': this.lang = step.rest; return;
    case 'with': {
      const at = step.rest.indexOf(':');
      this.headers[step.rest.slice(0, at).trim()] = this.fill(step.rest.slice(at + 1).trim());
      return;
    }
    case 'listen': return this.listen();
    case 'save': return this.save(step.rest);
    case 'expect': return this.expect(step.rest);
    case 'clock': return this.clock(step.rest);
    case 'kill': return this.server.kill();
    case 'stop': return this.server.stop();
    case 'start': return this.#restart();
    case 'restart': await this.server.stop(); return this.#restart();
    case 'second': return this.#serve('second');
    case 'on': this.at = step.rest; this.client = null; return;
    case 'bihuan': return this.bihuan(step.rest);
    case 'sql': return this.sql(step.rest);
    case 'tampered': this.tampered = true; return;
    case 'only':
    case 'needs': return;
    case 'do': {
      const procedure = this.run.procedures?.[step.rest];
      if (!procedure) throw new Error(`there is no procedure "${step.rest}"`);
      for (const s of procedure.steps) await this.step(s);
      this.line = step.line;
      return;
    }
    case 'repeat':
      for (let i = 0; i < step.count; i++) {
        this.vars[step.name] = i;
        for (const s of step.steps) await this.step(s);
      }
      return;
    default: throw new Error(`no meaning for ${step.kind}`);
    }
  }

  // Sessions outlive a restart; the port changes.
  async #restart() {
    await this.server.start();
    for (const [key, client] of this.clients) if (key.startsWith(`${this.at}/`)) client.base = this.server.base;
    if (this.client) this.client.base = this.server.base;
    if (this.now !== undefined) await this.setClock({ now_ms: this.now });
  }

  // Whatever was played, the server ends cleanly and the ledger holds.
  async finish() {
    this.stream?.destroy();
    for (const d of this.devices?.values() ?? []) d.close();
    for (const p of this.publishers?.values() ?? []) p.end();
    for (const [name, s] of Object.entries(this.servers)) {
      const end = await s.stop();
      if (end && end.code !== 0 && end.signal !== 'SIGKILL') throw new Error(`the ${name} server ended with ${end.code ?? end.signal}:\n${s.log.slice(-1500)}`);
    }
    if (this.tampered || !Object.keys(this.servers).length) return;
    const args = ['verify', '--data', this.data, ...(this.url ? ['--db', this.url] : [])];
    const r = await exec(this.run.binary, args);
    if (r.code !== 0) throw new Error(`the ledger does not verify afterwards: ${r.out.slice(-800)}`);
  }

  async cleanup() {
    this.stream?.destroy();
    for (const s of Object.values(this.servers)) if (s.child) s.child.kill('SIGKILL');
    for (const c of this.clients.values()) c.close();
    await this.broker?.stop();
    if (this.url) this.run.cluster.drop(this.database());
    fs.rmSync(path.dirname(this.data), { recursive: true, force: true });
  }
}
