// Photos for tests: a scene drawn from a number, as PNG, with what a camera would write about itself.
//   photo({ scene: 7, w: 240, bright: 20, crop: 2, mirror: true, taken: '2026:11:01 10:00:00', lat, lon, make, model, software,
//     thumb: 8 })   thumb: the scene of its thumbnail
import zlib from 'node:zlib';

function random(seed) {
  let s = (Math.imul(seed, 2654435761) + 12345) | 0;
  const next = () => {
    s ^= s << 13;
    s ^= s >>> 17;
    s ^= s << 5;
    return (s >>> 0) / 4294967296;
  };
  for (let i = 0; i < 8; i++) next();
  return next;
}

function draw({ scene = 1, w = 240, h = Math.round((w * 3) / 4), bright = 0, crop = 0, mirror = false }) {
  const r = random(scene);
  const sky = 90 + 130 * r(), ground = 30 + 130 * r(), line = 0.3 + 0.4 * r(), lean = r() - 0.5, wave = 2 + 6 * r();
  const shapes = Array.from({ length: 14 }, () => ({ x: r(), y: r(), rx: 0.03 + 0.2 * r(), ry: 0.03 + 0.2 * r(), v: 255 * r(), disc: r() < 0.5 }));
  const px = Buffer.alloc(w * h);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      const c = crop / 200;
      const fx0 = c + ((x + 0.5) / w) * (1 - 2 * c), fy = c + ((y + 0.5) / h) * (1 - 2 * c);
      const fx = mirror ? 1 - fx0 : fx0;
      let v = fy < line + lean * (fx - 0.5) ? sky - 40 * fy : ground + 20 * Math.sin(wave * fx * 6.28);
      for (const s of shapes) {
        const dx = (fx - s.x) / s.rx, dy = (fy - s.y) / s.ry;
        if (s.disc ? dx * dx + dy * dy < 1 : Math.abs(dx) < 1 && Math.abs(dy) < 1) v = s.v;
      }
      px[y * w + x] = Math.max(0, Math.min(255, Math.round(v + bright)));
    }
  return { px, w, h };
}

function chunk(type, data) {
  const b = Buffer.alloc(data.length + 12);
  b.writeUInt32BE(data.length, 0);
  b.write(type, 4, 'latin1');
  data.copy(b, 8);
  let c = ~0;
  for (const byte of b.subarray(4, data.length + 8)) {
    c ^= byte;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  }
  b.writeUInt32BE(~c >>> 0, data.length + 8);
  return b;
}

// A TIFF block in little-endian: IFD0, the Exif directory, the GPS directory, and IFD1 with the thumbnail.
function exif({ make, model, software, taken, offset = '+08:00', lat, lon, thumb }) {
  const text = (tag, s) => ({ tag, type: 2, count: Buffer.byteLength(s) + 1, data: Buffer.from(`${s}\0`) });
  const angle = (tag, deg) => {
    const d = Buffer.alloc(24), a = Math.abs(deg), m = (a % 1) * 60;
    [Math.floor(a), 1, Math.floor(m), 1, Math.round((m % 1) * 60000), 1000].forEach((v, i) => d.writeUInt32LE(v, i * 4));
    return { tag, type: 5, count: 3, data: d };
  };
  const long = (tag, v) => ({ tag, type: 4, count: 1, value: v });
  const dirs = [
    [...(make ? [text(0x010f, make)] : []), ...(model ? [text(0x0110, model)] : []), ...(software ? [text(0x0131, software)] : []), long(0x8769, 1), long(0x8825, 2)],
    [...(taken ? [text(0x9003, taken), text(0x9011, offset)] : [])],
    lat === undefined ? [] : [text(1, lat < 0 ? 'S' : 'N'), angle(2, lat), text(3, lon < 0 ? 'W' : 'E'), angle(4, lon)],
  ];
  const small = thumb === undefined ? null : photo({ scene: thumb, w: 80 });
  if (small) dirs.push([{ tag: 0x0201, type: 4, count: 1, thumbnail: true }, { tag: 0x0202, type: 4, count: 1, plain: small.length }]);
  const starts = [8];
  for (const d of dirs) starts.push(starts.at(-1) + 6 + d.length * 12);
  const out = [Buffer.from('II*\0\x08\0\0\0', 'latin1')], tail = [];
  let at = starts.at(-1) + (small?.length ?? 0);
  for (const d of dirs) {
    const b = Buffer.alloc(6 + d.length * 12);
    b.writeUInt16LE(d.length, 0);
    d.forEach((e, i) => {
      const p = 2 + i * 12;
      b.writeUInt16LE(e.tag, p);
      b.writeUInt16LE(e.type, p + 2);
      b.writeUInt32LE(e.count, p + 4);
      if (e.thumbnail) b.writeUInt32LE(starts.at(-1), p + 8);
      else if (e.plain) b.writeUInt32LE(e.plain, p + 8);
      else if (!e.data) b.writeUInt32LE(starts[e.value], p + 8);
      else if (e.data.length <= 4) e.data.copy(b, p + 8);
      else {
        b.writeUInt32LE(at, p + 8);
        at += e.data.length;
        tail.push(e.data);
      }
    });
    out.push(b);
  }
  if (small) out[1].writeUInt32LE(starts[3], out[1].length - 4);
  return Buffer.concat([...out, ...(small ? [small] : []), ...tail]);
}

export function photo(o = {}) {
  const { px, w, h } = draw(o);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(w, 0);
  head.writeUInt32BE(h, 4);
  head.set([8, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc((w + 1) * h);
  for (let y = 0; y < h; y++) px.copy(rows, y * (w + 1) + 1, y * w, (y + 1) * w);
  const camera = o.taken || o.software || o.make || o.lat !== undefined || o.thumb !== undefined;
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), ...(camera ? [chunk('eXIf', exif(o))] : []),
    chunk('IDAT', zlib.deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

// "scene=7 taken=2026-11-01T10:00:00 software=Photoshop mirror" as in scenarios.
export function photoOf(words) {
  const o = {};
  for (const w of words.split(/\s+/).filter(Boolean)) {
    const [k, v = 'true'] = w.split(/=(.*)/s);
    o[k] = v === 'true' ? true : /^-?[\d.]+$/.test(v) ? Number(v) : v;
  }
  if (o.taken) o.taken = String(o.taken).replace(/^(\d+)-(\d+)-(\d+)T/, '$1:$2:$3 ');
  return photo(o);
}
