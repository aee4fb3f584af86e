import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import subsetFont from 'subset-font';

const folder = dirname(
  fileURLToPath(import.meta.resolve('@fontsource-variable/noto-sans-sc/package.json')),
);

/**
 * One small face with exactly these characters, at one weight, as WOFF2.
 *
 * The package has the face in a hundred slices, none of which holds the words of a screen: the
 * characters are cut out of each slice and their outlines put into one file.
 *
 * @param {string} text characters wanted; those that the face lacks are left out
 * @param {number} weight 100 to 900
 * @returns {Promise<Buffer>}
 */
export async function makeFace(text, weight) {
  const wanted = new Set(Array.from(text, (character) => character.codePointAt(0)));
  const parts = [];
  for (const [slice, ranges] of Object.entries(slices())) {
    const own = [...wanted].filter((code) =>
      ranges.some(([from, to]) => code >= from && code <= to),
    );
    if (own.length === 0) continue;
    for (const code of own) wanted.delete(code);
    const name = slice.replaceAll(/[[\]]/g, '');
    const file = readFileSync(`${folder}/files/noto-sans-sc-${name}-wght-normal.woff2`);
    const cut = await subsetFont(file, String.fromCodePoint(...own), {
      targetFormat: 'sfnt',
      variationAxes: { wght: weight },
      keepFeatures: [],
      noHinting: true,
    });
    parts.push(readFace(cut));
  }
  const merged = mergeFaces(parts);
  // Once through the subsetter again: it checks what was put together, and packs it.
  const all = text.length === 0 ? ' ' : text;
  return subsetFont(merged, all, { targetFormat: 'woff2', noHinting: true });
}

/** Which code points each slice holds, as pairs from and to. */
function slices() {
  const listed = JSON.parse(readFileSync(`${folder}/unicode.json`, 'utf8'));
  // Latin first: the slices of Chinese repeat some of it.
  const names = Object.keys(listed).sort((a, b) => Number(a[0] === '[') - Number(b[0] === '['));
  return Object.fromEntries(
    names.map((name) => [
      name,
      listed[name].split(',').map((range) => {
        const [from, to = from] = range.trim().replace(/^U\+/i, '').split('-');
        return [Number.parseInt(from, 16), Number.parseInt(to, 16)];
      }),
    ]),
  );
}

/** The tables of one face that are needed to put its outlines into another. */
function readFace(file) {
  const tables = new Map();
  for (let index = 0; index < file.readUInt16BE(4); index += 1) {
    const at = 12 + index * 16;
    const tag = file.toString('latin1', at, at + 4);
    const start = file.readUInt32BE(at + 8);
    tables.set(tag, file.subarray(start, start + file.readUInt32BE(at + 12)));
  }
  const table = (tag) => {
    const found = tables.get(tag);
    if (found === undefined) throw new Error(`the face has no table ${tag}`);
    return found;
  };
  const count = table('maxp').readUInt16BE(4);
  const isLong = table('head').readInt16BE(50) === 1;
  const loca = table('loca');
  const offset = (glyph) =>
    isLong ? loca.readUInt32BE(glyph * 4) : loca.readUInt16BE(glyph * 2) * 2;
  const glyphs = Array.from({ length: count }, (_, glyph) =>
    table('glyf').subarray(offset(glyph), offset(glyph + 1)),
  );
  return { table, glyphs, metrics: readMetrics(table, count), codes: readCodes(table('cmap')) };
}

/** Width and left bearing of every glyph. */
function readMetrics(table, count) {
  const long = table('hhea').readUInt16BE(34);
  const hmtx = table('hmtx');
  return Array.from({ length: count }, (_, glyph) => {
    const width = hmtx.readUInt16BE(Math.min(glyph, long - 1) * 4);
    const bearingAt = glyph < long ? glyph * 4 + 2 : long * 4 + (glyph - long) * 2;
    return { width, bearing: hmtx.readInt16BE(bearingAt) };
  });
}

/** Glyph by code point, from the fullest subtable of form 12 or 4. */
function readCodes(cmap) {
  const codes = new Map();
  for (let index = 0; index < cmap.readUInt16BE(2); index += 1) {
    const at = cmap.readUInt32BE(4 + index * 8 + 4);
    const form = cmap.readUInt16BE(at);
    if (form === 12) readForm12(cmap, at, codes);
    if (form === 4) readForm4(cmap, at, codes);
  }
  return codes;
}

function readForm12(cmap, at, codes) {
  for (let group = 0; group < cmap.readUInt32BE(at + 12); group += 1) {
    const from = cmap.readUInt32BE(at + 16 + group * 12);
    const to = cmap.readUInt32BE(at + 20 + group * 12);
    const glyph = cmap.readUInt32BE(at + 24 + group * 12);
    for (let code = from; code <= to; code += 1) codes.set(code, glyph + code - from);
  }
}

function readForm4(cmap, at, codes) {
  const size = cmap.readUInt16BE(at + 6);
  for (let segment = 0; segment < size; segment += 2) {
    const to = cmap.readUInt16BE(at + 14 + segment);
    const from = cmap.readUInt16BE(at + 16 + size + segment);
    const delta = cmap.readUInt16BE(at + 16 + size * 2 + segment);
    const rangeAt = at + 16 + size * 3 + segment;
    const range = cmap.readUInt16BE(rangeAt);
    for (let code = from; code <= to && code < 0xffff; code += 1) {
      const own = range === 0 ? code : cmap.readUInt16BE(rangeAt + range + (code - from) * 2);
      if (own !== 0) codes.set(code, (own + delta) & 0xffff);
    }
  }
}

/** One face with the glyphs of all; measures and names are those of the first. */
function mergeFaces(parts) {
  const [first] = parts;
  if (first === undefined) throw new Error('no slice has any of these characters');
  const glyphs = [first.glyphs[0]];
  const metrics = [first.metrics[0]];
  const codes = new Map();
  for (const part of parts) {
    const shift = glyphs.length - 1;
    for (const [index, glyph] of part.glyphs.entries()) {
      if (index === 0) continue;
      glyphs.push(shifted(glyph, shift));
      metrics.push(part.metrics[index]);
    }
    for (const [code, glyph] of part.codes) if (!codes.has(code)) codes.set(code, glyph + shift);
  }
  const head = Buffer.from(first.table('head'));
  head.writeInt16BE(1, 50);
  const maxp = Buffer.from(first.table('maxp'));
  maxp.writeUInt16BE(glyphs.length, 4);
  // Points, contours and depth of composites: the greatest of any part.
  for (const at of [6, 8, 10, 12, 28, 30]) {
    maxp.writeUInt16BE(Math.max(...parts.map((part) => part.table('maxp').readUInt16BE(at))), at);
  }
  const hhea = Buffer.from(first.table('hhea'));
  hhea.writeUInt16BE(glyphs.length, 34);
  const { glyf, loca } = writeGlyphs(glyphs);
  const post = Buffer.alloc(32);
  post.writeUInt32BE(0x00030000, 0);
  return writeFile({
    'OS/2': first.table('OS/2'),
    cmap: writeCodes(codes),
    glyf,
    head,
    hhea,
    hmtx: writeMetrics(metrics),
    loca,
    maxp,
    name: first.table('name'),
    post,
  });
}

/** A glyph made of others names them by number, and the numbers have moved. */
function shifted(glyph, shift) {
  if (glyph.length < 10 || glyph.readInt16BE(0) >= 0) return glyph;
  const copy = Buffer.from(glyph);
  let at = 10;
  for (let more = true; more;) {
    const flags = copy.readUInt16BE(at);
    copy.writeUInt16BE(copy.readUInt16BE(at + 2) + shift, at + 2);
    at += 4 + ((flags & 1) === 0 ? 2 : 4);
    if ((flags & 8) !== 0) at += 2;
    else if ((flags & 0x40) !== 0) at += 4;
    else if ((flags & 0x80) !== 0) at += 8;
    more = (flags & 0x20) !== 0;
  }
  return copy;
}

function writeGlyphs(glyphs) {
  const loca = Buffer.alloc((glyphs.length + 1) * 4);
  const pieces = [];
  let at = 0;
  for (const [index, glyph] of glyphs.entries()) {
    loca.writeUInt32BE(at, index * 4);
    const padded = Buffer.alloc(Math.ceil(glyph.length / 4) * 4);
    glyph.copy(padded);
    pieces.push(padded);
    at += padded.length;
  }
  loca.writeUInt32BE(at, glyphs.length * 4);
  return { glyf: Buffer.concat(pieces), loca };
}

function writeMetrics(metrics) {
  const hmtx = Buffer.alloc(metrics.length * 4);
  for (const [index, { width, bearing }] of metrics.entries()) {
    hmtx.writeUInt16BE(width, index * 4);
    hmtx.writeInt16BE(bearing, index * 4 + 2);
  }
  return hmtx;
}

/** One subtable of form 12, a group for each character. */
function writeCodes(codes) {
  const sorted = [...codes].sort(([a], [b]) => a - b);
  const cmap = Buffer.alloc(12 + 16 + sorted.length * 12);
  cmap.writeUInt16BE(1, 2);
  cmap.writeUInt16BE(3, 4);
  cmap.writeUInt16BE(10, 6);
  cmap.writeUInt32BE(12, 8);
  cmap.writeUInt16BE(12, 12);
  cmap.writeUInt32BE(16 + sorted.length * 12, 16);
  cmap.writeUInt32BE(sorted.length, 24);
  for (const [index, [code, glyph]] of sorted.entries()) {
    cmap.writeUInt32BE(code, 28 + index * 12);
    cmap.writeUInt32BE(code, 32 + index * 12);
    cmap.writeUInt32BE(glyph, 36 + index * 12);
  }
  return cmap;
}

/** Tables behind their directory. The check sums are left to the subsetter that reads this. */
function writeFile(tables) {
  const entries = Object.entries(tables);
  const directory = Buffer.alloc(12 + entries.length * 16);
  directory.writeUInt32BE(0x00010000, 0);
  directory.writeUInt16BE(entries.length, 4);
  const pieces = [directory];
  let at = directory.length;
  for (const [index, [tag, table]] of entries.entries()) {
    const entry = 12 + index * 16;
    directory.write(tag, entry, 'latin1');
    directory.writeUInt32BE(at, entry + 8);
    directory.writeUInt32BE(table.length, entry + 12);
    const padded = Buffer.alloc(Math.ceil(table.length / 4) * 4);
    table.copy(padded);
    pieces.push(padded);
    at += padded.length;
  }
  return Buffer.concat(pieces);
}
