// Writes ZIP packages (and the smallest XLSX and DOCX) for tests; deflated, without further features.
import zlib from 'node:zlib';

const table = new Uint32Array(256).map((_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});
const crc32 = (b) => {
  let c = 0xffffffff;
  for (const x of b) c = table[(c ^ x) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
};

const pack = (bytes) => ({ packed: zlib.deflateRawSync(bytes, { level: 9 }), crc: crc32(bytes), size: bytes.length });

// Contents: bytes, a text, or { packed, crc, size } of what was packed before.
export function zip(files) {
  const parts = [], central = [];
  let at = 0;
  for (const [name, content] of Object.entries(files)) {
    const { packed, crc, size } = content.packed ? content : pack(Buffer.isBuffer(content) ? content : Buffer.from(content));
    const n = Buffer.from(name);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(0x800, 2);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(0x5a210000, 6);
    fields.writeUInt32LE(crc, 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(size, 18);
    fields.writeUInt16LE(n.length, 22);
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), fields, n, packed);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    central.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, tail, n);
    at += 30 + n.length + packed.length;
  }
  const dir = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(dir.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, dir, end]);
}

const esc = (s) => String(s).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const types = (main, type) => `${head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${[].concat(main).map((m, i) => `<Override PartName="${m}" ContentType="${[].concat(type)[i]}"/>`).join('')}</Types>`;
const rels = (target, type) => `${head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"/></Relationships>`;

export function docx(paragraphs) {
  const p = paragraphs.map((t) => `<w:p><w:r><w:t xml:space="preserve">${esc(t)}</w:t></w:r></w:p>`).join('');
  return zip({
    '[Content_Types].xml': types('/word/document.xml', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'),
    '_rels/.rels': rels('word/document.xml', 'officeDocument'),
    'word/document.xml': `${head}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${p}</w:body></w:document>`,
  });
}

export function xlsx(rows) {
  const name = (c) => (c < 26 ? '' : String.fromCharCode(64 + Math.floor(c / 26))) + String.fromCharCode(65 + (c % 26));
  const cell = (v, r, c) =>
    v === null || v === '' ? '' : typeof v === 'number' ? `<c r="${name(c)}${r}"><v>${v}</v></c>`
      : `<c r="${name(c)}${r}" t="inlineStr"><is><t>${esc(v)}</t></is></c>`;
  const data = rows.map((row, i) => `<row r="${i + 1}">${row.map((v, c) => cell(v, i + 1, c)).join('')}</row>`).join('');
  const sheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  return zip({
    '[Content_Types].xml': types(['/xl/workbook.xml', '/xl/worksheets/sheet1.xml'], [`${sheet}.sheet.main+xml`, `${sheet}.worksheet+xml`]),
    '_rels/.rels': rels('xl/workbook.xml', 'officeDocument'),
    'xl/workbook.xml': `${head}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': rels('worksheets/sheet1.xml', 'worksheet'),
    'xl/worksheets/sheet1.xml': `${head}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${data}</sheetData></worksheet>`,
  });
}

// A small package whose one part unpacks to `mib` MiB of the same character. One MiB is packed once and stands there so often:
// whole blocks of deflate may be put behind one another. Whoever unpacks all of it finds that its sum is wrong.
export function bomb(mib) {
  const block = zlib.deflateRawSync(Buffer.alloc(1 << 20, 'a'), { level: 9, finishFlush: zlib.constants.Z_FULL_FLUSH });
  const start = `${head}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>`;
  const first = zlib.deflateRawSync(Buffer.from(start), { finishFlush: zlib.constants.Z_FULL_FLUSH });
  const last = zlib.deflateRawSync(Buffer.from('</w:t></w:r></w:p></w:body></w:document>'));
  return zip({
    '[Content_Types].xml': types('/word/document.xml', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'),
    '_rels/.rels': rels('word/document.xml', 'officeDocument'),
    'word/document.xml': { packed: Buffer.concat([first, ...Array(mib).fill(block), last]), crc: 0, size: (mib << 20) + start.length + 40 },
  });
}
