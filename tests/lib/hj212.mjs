// A device of HJ 212 for tests: packets over TCP with the sum of the standard's annex A.
import net from 'node:net';

const TABLE = Array.from({ length: 256 }, (_, b) => {
  let c = b;
  for (let j = 0; j < 8; j++) c = c & 1 ? (c >> 1) ^ 0xa001 : c >> 1;
  return c;
});

export function crc(bytes) {
  let c = 0xffff;
  for (const b of bytes) c = TABLE[(c >> 8) ^ b]; // only the high byte goes on: this is not Modbus
  return c;
}

export function modbus(bytes) {
  let c = 0xffff;
  for (const b of bytes) c = (c >> 8) ^ TABLE[(c ^ b) & 255];
  return c;
}

const hex = (n) => n.toString(16).toUpperCase().padStart(4, '0');
export function frame(segment, sum = crc) {
  const b = Buffer.from(segment);
  return Buffer.concat([Buffer.from(`##${String(b.length).padStart(4, '0')}`), b, Buffer.from(`${hex(sum(b))}\r\n`)]);
}

export class Device {
  static connect(port, host = '127.0.0.1') {
    return new Promise((resolve, reject) => {
      const d = new Device();
      d.open = true;
      d.frames = [];
      d.text = '';
      d.socket = net.connect({ port, host }, () => resolve(d));
      d.socket.setNoDelay(true);
      d.socket.on('error', (e) => {
        d.open = false;
        reject(e);
      });
      d.socket.on('close', () => (d.open = false));
      d.socket.on('data', (c) => {
        d.text += c;
        for (let at; (at = d.text.indexOf('\r\n')) >= 0; d.text = d.text.slice(at + 2)) d.frames.push(d.text.slice(6, at - 4));
      });
    });
  }

  send(segment, sum) {
    this.socket.write(frame(segment, sum));
  }

  raw(text) {
    this.socket.write(text);
  }

  // The next packet that fits; those before it are passed by.
  async expect(pattern, ms = 8000) {
    const until = Date.now() + ms;
    for (;;) {
      const at = this.frames.findIndex((f) => pattern.test(f));
      if (at >= 0) return this.frames.splice(0, at + 1).pop();
      if (Date.now() > until) throw new Error(`no packet like ${pattern}; there were ${JSON.stringify(this.frames)}`);
      await new Promise((go) => setTimeout(go, 5));
    }
  }

  // Nothing came until now: what is asked for afterwards shows that it was heard.
  async silence() {
    await new Promise((go) => setTimeout(go, 100));
    if (this.frames.length) throw new Error(`a packet nobody expected: ${this.frames[0]}`);
  }

  close() {
    this.open = false;
    this.socket.destroy();
  }
}
