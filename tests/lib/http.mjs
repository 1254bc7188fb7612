// A small HTTP client that keeps cookies and the CSRF token the way a browser page would.
import http from 'node:http';

export class Client {
  constructor(base, options = {}) {
    this.base = base;
    this.cookies = new Map();
    this.csrf = null;
    this.lang = options.lang ?? 'zh-CN';
    this.agent = options.agent ?? new http.Agent({ keepAlive: true, maxSockets: options.sockets ?? 8 });
    this.observe = options.observe ?? null; // (method, path, requestBody, reply) => void
    this.timeout = options.timeout ?? 30000;
  }

  // → { status, headers, body (Buffer), json }; rejects when the connection breaks.
  request(method, path, { json, raw, type, headers = {} } = {}) {
    const url = new URL(path, this.base);
    const body = json !== undefined ? Buffer.from(JSON.stringify(json)) : raw;
    const head = { 'Accept-Language': this.lang, ...headers };
    if (this.cookies.size) head.Cookie = [...this.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
    if (method !== 'GET' && this.csrf && !('X-CSRF-Token' in head)) head['X-CSRF-Token'] = this.csrf;
    if (json !== undefined) head['Content-Type'] ??= 'application/json';
    else if (raw !== undefined) head['Content-Type'] ??= type ?? 'application/octet-stream';
    if (Buffer.isBuffer(body)) head['Content-Length'] = body.length;
    else if (body === undefined && method !== 'GET') head['Content-Length'] = 0;
    return new Promise((resolve, reject) => {
      const rq = http.request(url, { method, headers: head, agent: this.agent, timeout: this.timeout }, (rs) => {
        const chunks = [];
        rs.on('data', (c) => chunks.push(c));
        rs.on('error', reject);
        rs.on('end', () => {
          const reply = { status: rs.statusCode, headers: rs.headers, body: Buffer.concat(chunks), json: undefined };
          this.#keepCookies(rs.headers['set-cookie'] ?? []);
          if (/json/.test(rs.headers['content-type'] ?? '')) {
            try {
              reply.json = JSON.parse(reply.body.toString('utf8'));
            } catch {
              reply.badJson = true;
            }
          }
          if (reply.json?.csrf) this.csrf = reply.json.csrf;
          this.observe?.(method, path, json, reply);
          resolve(reply);
        });
      });
      rq.on('timeout', () => rq.destroy(new Error(`no answer within ${this.timeout} ms: ${method} ${path}`)));
      rq.on('error', reject);
      if (body && typeof body.pipe === 'function') body.on('error', () => {}).pipe(rq);
      else rq.end(body);
    });
  }

  #keepCookies(lines) {
    for (const line of lines) {
      const [pair] = line.split(';');
      const at = pair.indexOf('=');
      const [name, value] = [pair.slice(0, at).trim(), pair.slice(at + 1)];
      if (value === '' || /max-age=0\b/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }

  close() {
    this.agent.destroy();
  }
}
