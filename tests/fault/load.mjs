// Clients that each write notes on a matter of their own, one after the other, so that what the store
// holds can be compared with what was acknowledged: acknowledged ≤ present ≤ acknowledged + 1.
import { Client } from '../lib/http.mjs';

export class Load {
  constructor(server, n) {
    this.server = server;
    this.n = n;
    this.writers = [];
    this.refused = new Map();
  }

  // Logs in once and makes the matters; sessions outlive the server.
  async prepare(login, password) {
    const c = (this.client = new Client(this.server.base, { sockets: this.n }));
    const r = await c.request('POST', '/api/login', { json: { login, password } });
    if (r.status !== 200) throw new Error(`login: ${r.status} ${r.body}`);
    const orgs = await c.request('GET', `/api/orgs?q=${encodeURIComponent('示例区应急管理局')}`);
    for (let i = 0; i < this.n; i++) {
      const m = await c.request('POST', '/api/matters', { json: { kind: 'task', region: '140109000000', title: `故障试验 ${i}`, sectors: ['fire'], lead: [orgs.json.items[0].id], co: [], targets: [] } });
      if (m.status !== 201) throw new Error(`matter: ${m.status} ${m.body}`);
      this.writers.push({ id: m.json.id, acked: m.json.ver, inFlight: false });
    }
  }

  moved() {
    this.client.base = this.server.base;
  }

  async #write(w, running) {
    for (let i = 0; running(); i++) {
      w.inFlight = true;
      let r;
      try {
        r = await this.client.request('POST', `/api/matters/${w.id}/acts`, { json: { act: 'note', ver: w.acked, text: `第 ${w.acked} 条` } });
      } catch {
        return; // broken off: the act may or may not be there
      }
      w.inFlight = false;
      if (r.status === 200) w.acked = r.json.ver;
      else {
        this.refused.set(r.status, (this.refused.get(r.status) ?? 0) + 1);
        if (r.status === 409 && r.json?.code === 'STALE') w.acked = await this.#present(w); // an unanswered act was there
        else if (!r.json?.code) throw new Error(`a refusal without a code: ${r.status} ${r.body}`);
        await new Promise((go) => setTimeout(go, 10));
      }
    }
  }

  // Starts writing; → a function that ends it and waits.
  start() {
    let on = true;
    const all = this.writers.map((w) => this.#write(w, () => on));
    return async () => {
      on = false;
      await Promise.all(all);
    };
  }

  async #present(w) {
    const r = await this.client.request('GET', `/api/matters/${w.id}`);
    if (r.status !== 200) throw new Error(`matter ${w.id}: ${r.status} ${r.body}`);
    return r.json.ver;
  }

  // Compares and takes what is there as the new beginning; → number of acts acknowledged so far.
  async check() {
    for (const w of this.writers) {
      const v = await this.#present(w);
      if (v < w.acked) throw new Error(`matter ${w.id}: version ${w.acked} was acknowledged, ${v} is there`);
      if (v > w.acked + (w.inFlight ? 1 : 0)) throw new Error(`matter ${w.id}: version ${v} is there, ${w.acked} was acknowledged`);
      w.acked = v;
      w.inFlight = false;
    }
    return this.writers.reduce((n, w) => n + w.acked - 1, 0);
  }
}
