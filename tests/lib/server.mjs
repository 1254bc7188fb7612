// Starts and stops the real binary; every server has its own data directory and port.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import http from 'node:http';

const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130));

let scratchRoot = null;
export function scratch(name) {
  if (!scratchRoot) {
    scratchRoot = fs.mkdtempSync(path.join(os.tmpdir(), 'bihuan-test-'));
    process.on('exit', () => fs.rmSync(scratchRoot, { recursive: true, force: true }));
  }
  return fs.mkdtempSync(path.join(scratchRoot, `${name}-`));
}

export function run(binary, args, options = {}) {
  const r = spawnSync(binary, args, { encoding: 'utf8', timeout: 120000, maxBuffer: 64 << 20, ...options });
  return { code: r.status ?? `signal ${r.signal}`, out: (r.stdout ?? '') + (r.stderr ?? ''), stdout: r.stdout ?? '', stderr: r.stderr ?? '' };
}

const probe = (port) =>
  new Promise((resolve) => {
    const rq = http.get({ host: '127.0.0.1', port, path: '/readyz', agent: false, timeout: 2000 }, (rs) => {
      rs.resume();
      resolve(rs.statusCode === 200);
    });
    rq.on('error', () => resolve(false));
    rq.on('timeout', () => rq.destroy());
  });

const pause = (ms) => new Promise((r) => setTimeout(r, ms));

export class Server {
  constructor(binary, { data, url = null, args = [], wrap = [], env = {} }) {
    Object.assign(this, { binary, data, url, args, wrap, env, child: null, log: '', port: 0 });
  }

  get base() {
    return `http://127.0.0.1:${this.port}`;
  }

  async start() {
    const portFile = path.join(scratch('port'), 'port');
    const args = ['serve', '--data', this.data, '--listen', this.listen ?? '127.0.0.1:0', '--port-file', portFile, ...this.args];
    if (this.url) args.push('--db', this.url);
    const [program, ...rest] = [...this.wrap, this.binary, ...args];
    const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...this.env } });
    this.child = child;
    running.add(child);
    const note = (c) => {
      this.log = (this.log + c).slice(-200000);
    };
    child.stdout.on('data', note);
    child.stderr.on('data', note);
    this.ended = new Promise((resolve) =>
      child.once('close', (code, signal) => {
        running.delete(child);
        resolve({ code, signal });
      }));
    let over = false;
    this.ended.then(() => (over = true));
    const until = Date.now() + 30000;
    const ready = async () => {
      if (!fs.existsSync(portFile)) return false;
      this.port = Number(fs.readFileSync(portFile, 'utf8').trim()); // empty while it is being written
      return this.port > 0 && probe(this.port);
    };
    while (!(await ready())) {
      if (over) throw new Error(`the server did not start:\n${this.log.slice(-2000)}`);
      if (Date.now() > until) throw new Error(`the server was not ready within 30 s:\n${this.log.slice(-2000)}`);
      await pause(5);
    }
    return this;
  }

  async kill() {
    this.child.kill('SIGKILL');
    return this.ended;
  }

  async stop() {
    if (!this.child || this.child.exitCode !== null || this.child.signalCode !== null) return this.ended;
    this.child.kill('SIGTERM');
    const hard = setTimeout(() => this.child.kill('SIGKILL'), 20000);
    const end = await this.ended;
    clearTimeout(hard);
    return end;
  }
}
