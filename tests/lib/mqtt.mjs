// A real broker on a free port of the loopback, and a small client of MQTT 3.1.1 that publishes like a device does.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { scratch } from './server.mjs';

const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

const pause = (ms) => new Promise((go) => setTimeout(go, ms));

function freePort() {
  return new Promise((resolve, reject) => {
    const s = net.createServer().on('error', reject);
    s.listen(0, '127.0.0.1', () => {
      const { port } = s.address();
      s.close(() => resolve(port));
    });
  });
}

const answers = (port) =>
  new Promise((resolve) => {
    const s = net.connect({ port, host: '127.0.0.1' }, () => resolve(true));
    s.on('error', () => resolve(false)).on('connect', () => s.end());
  });

export class Broker {
  // Its sessions and queued messages outlive a stop. guarded: beside the devices' port one with TLS, an account and a password.
  constructor({ guarded = false } = {}) {
    Object.assign(this, { dir: scratch('broker'), guarded, port: 0, tlsPort: 0, log: '' });
    if (guarded) this.#papers();
  }

  // What a server needs to be told to take readings from it.
  get args() {
    if (!this.guarded) return ['--mqtt', `mqtt://127.0.0.1:${this.port}`];
    return ['--mqtt', `mqtts://127.0.0.1:${this.tlsPort}`, '--mqtt-ca', path.join(this.dir, 'cert.pem'), '--mqtt-user', 'house'];
  }

  get env() {
    return this.guarded ? { BIHUAN_MQTT_PASSWORD: 'open sesame' } : {};
  }

  #papers() {
    const run = (program, ...args) => {
      const r = spawnSync(program, args, { cwd: this.dir, encoding: 'utf8' });
      if (r.status !== 0) throw new Error(`${program}: ${r.error ?? r.stderr}`);
    };
    run('openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '3650', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', 'key.pem', '-out', 'cert.pem');
    run('mosquitto_passwd', '-b', '-c', 'passwords', 'house', 'open sesame');
    fs.chmodSync(path.join(this.dir, 'passwords'), 0o600);
  }

  async start() {
    for (let tries = 0; ; tries++) {
      this.port ||= await freePort();
      if (this.guarded) this.tlsPort ||= await freePort();
      if (await this.#try()) return this;
      if (tries === 5) throw new Error(`mosquitto does not start: ${this.log.slice(-1000)}`);
      if (!this.before) this.port = this.tlsPort = 0; // somebody took the port in between
    }
  }

  async #try() {
    const conf = path.join(this.dir, 'mosquitto.conf');
    const lines = [...(this.guarded ? ['per_listener_settings true'] : []), `listener ${this.port} 127.0.0.1`, 'allow_anonymous true', 'persistence true', `persistence_location ${this.dir}/`, 'autosave_interval 1', 'autosave_on_changes true', 'max_queued_messages 100000', 'log_type error', 'log_type warning'];
    if (process.getuid?.() === 0) lines.push('user root');
    if (this.guarded) lines.push(`listener ${this.tlsPort} 127.0.0.1`, 'allow_anonymous false', `password_file ${this.dir}/passwords`, `certfile ${this.dir}/cert.pem`, `keyfile ${this.dir}/key.pem`);
    fs.writeFileSync(conf, `${lines.join('\n')}\n`);
    const child = spawn(['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto'].find((f) => fs.existsSync(f)) ?? 'mosquitto', ['-c', conf], { stdio: ['ignore', 'pipe', 'pipe'] });
    let over = false;
    running.add(child);
    child.stdout.on('data', (c) => (this.log += c));
    child.stderr.on('data', (c) => (this.log += c));
    child.on('error', (e) => (this.log += `mosquitto is needed for this test (tools/setup.sh test): ${e.message}`));
    this.ended = new Promise((resolve) => child.once('close', () => resolve((over = running.delete(child)))));
    child.once('error', () => (over = true));
    for (const until = Date.now() + 10000; !over && Date.now() < until; await pause(20))
      if (await answers(this.port)) {
        this.child = child;
        this.before = true;
        return true;
      }
    return false;
  }

  async stop() {
    this.child?.kill('SIGTERM');
    await this.ended;
    this.child = null;
  }
}

const str = (s) => {
  const b = Buffer.from(s);
  return Buffer.concat([Buffer.from([b.length >> 8, b.length & 255]), b]);
};
function packet(head, body) {
  const length = [];
  for (let n = body.length; ; ) {
    length.push((n % 128) | (n >= 128 ? 128 : 0));
    n = Math.floor(n / 128);
    if (!n) break;
  }
  return Buffer.concat([Buffer.from([head, ...length]), body]);
}

export class Publisher {
  static connect(port, { id = `t${Math.random().toString(36).slice(2)}`, will = null } = {}) {
    return new Promise((resolve, reject) => {
      const p = new Publisher();
      Object.assign(p, { mid: 0, waiting: new Map(), text: Buffer.alloc(0) });
      const flags = 2 | (will ? 4 | (1 << 3) : 0);
      const parts = [str('MQTT'), Buffer.from([4, flags, 0, 60]), str(id)];
      if (will) parts.push(str(will.topic), str(will.payload));
      p.socket = net.connect({ port, host: '127.0.0.1' }, () => p.socket.write(packet(0x10, Buffer.concat(parts))));
      p.socket.setNoDelay(true);
      p.socket.on('error', reject);
      p.socket.on('data', (c) => p.#take(c, resolve, reject));
    });
  }

  #take(chunk, connected, refused) {
    this.text = Buffer.concat([this.text, chunk]);
    while (this.text.length >= 2 && this.text.length >= 2 + this.text[1]) {
      const head = this.text[0] >> 4;
      const body = this.text.subarray(2, 2 + this.text[1]);
      this.text = this.text.subarray(2 + this.text[1]);
      if (head === 2) body[1] ? refused(new Error(`the broker refused: ${body[1]}`)) : connected(this);
      if (head === 4) this.#done(body.readUInt16BE(0));
    }
  }

  #done(mid) {
    this.waiting.get(mid)?.();
    this.waiting.delete(mid);
  }

  // Resolves when the broker has taken it.
  publish(topic, payload, { retain = false } = {}) {
    const mid = (this.mid = (this.mid % 65000) + 1);
    const taken = new Promise((resolve) => this.waiting.set(mid, resolve));
    this.socket.write(packet(0x32 | (retain ? 1 : 0), Buffer.concat([str(topic), Buffer.from([mid >> 8, mid & 255]), Buffer.isBuffer(payload) ? payload : Buffer.from(payload)])));
    return taken;
  }

  end() {
    this.socket.end(packet(0xe0, Buffer.alloc(0)));
  }

  // Without a word: the broker publishes the last will.
  die() {
    this.socket.destroy();
  }
}
