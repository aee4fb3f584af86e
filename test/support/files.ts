import { crc32, deflateRawSync } from 'node:zlib';

/** One part of an archive; `claims` is the size that its header states, right or not. */
export interface Part {
  readonly name: string;
  readonly data: string | Uint8Array;
  readonly claims?: number;
}

/** A zip archive (APPNOTE 6.3.10, without extensions): all parts deflated. */
export function zip(parts: readonly Part[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data, claims } of parts) {
    const bytes = Buffer.from(data);
    const packed = deflateRawSync(bytes, { level: 9 });
    // What both headers say: version 2.0, no flags, deflate, no time, then check sum and sizes.
    const said = Buffer.alloc(26);
    said.writeUInt16LE(20, 0);
    said.writeUInt16LE(8, 4);
    said.writeUInt32LE(crc32(bytes), 10);
    said.writeUInt32LE(packed.length, 14);
    said.writeUInt32LE(claims ?? bytes.length, 18);
    said.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = [Buffer.from('PK\u0003\u0004'), said, Buffer.from(name), packed];
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    const made = Buffer.from([20, 0]);
    directory.push(Buffer.from('PK\u0001\u0002'), made, said, place, Buffer.from(name));
    locals.push(...local);
    offset += Buffer.concat(local).length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(parts.length, 4);
  end.writeUInt16LE(parts.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, listed, Buffer.from('PK\u0005\u0006'), end]);
}

const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packages = 'http://schemas.openxmlformats.org/package/2006/relationships';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';

/** A workbook (ECMA-376) of one sheet; `cells` is the XML within its rows. */
export function workbook(sheetData: string, options: { readonly claims?: number } = {}): Buffer {
  const relation = (type: string, target: string): string =>
    `<Relationships xmlns="${packages}"><Relationship Id="r1" Type="${office}/${type}" ` +
    `Target="${target}"/></Relationships>`;
  const sheet = `<worksheet xmlns="${main}"><sheetData>${sheetData}</sheetData></worksheet>`;
  const book =
    `<workbook xmlns="${main}" xmlns:r="${office}"><sheets>` +
    '<sheet name="名册" sheetId="1" r:id="r1"/></sheets></workbook>';
  return zip([
    { name: '_rels/.rels', data: relation('officeDocument', 'xl/workbook.xml') },
    { name: 'xl/workbook.xml', data: book },
    { name: 'xl/_rels/workbook.xml.rels', data: relation('worksheet', 'worksheets/sheet1.xml') },
    { name: 'xl/worksheets/sheet1.xml', data: sheet, ...options },
  ]);
}

/** A row of a sheet: texts, and formulas where a cell is given as `{ formula }`. */
export function sheetRow(
  row: number,
  cells: readonly (string | { readonly formula: string; readonly shown: string })[],
): string {
  const written = cells.map((cell, index) => {
    const reference = `${String.fromCharCode(65 + index)}${row}`;
    if (typeof cell === 'string') {
      return `<c r="${reference}" t="inlineStr"><is><t>${cell}</t></is></c>`;
    }
    return `<c r="${reference}" t="str"><f>${cell.formula}</f><v>${cell.shown}</v></c>`;
  });
  return `<row r="${row}">${written.join('')}</row>`;
}

let gbkBytes: Map<string, [number, number]> | null = null;

/** A text in GBK, as most Chinese desks save it; Node decodes GBK and does not write it. */
export function toGbk(text: string): Buffer {
  gbkBytes ??= readGbk();
  const known = gbkBytes;
  return Buffer.from(
    Array.from(text).flatMap((character): number[] => {
      const code = character.codePointAt(0) ?? 0;
      return code < 0x80 ? [code] : (known.get(character) ?? [0x3f]);
    }),
  );
}

function readGbk(): Map<string, [number, number]> {
  const decoder = new TextDecoder('gbk');
  const bytes = new Map<string, [number, number]>();
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      const character = decoder.decode(Uint8Array.of(lead, trail));
      if (Array.from(character).length === 1) bytes.set(character, [lead, trail]);
    }
  }
  return bytes;
}
