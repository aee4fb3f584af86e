import { crc32, deflateRawSync } from 'node:zlib';

/** A part of a made archive; `declaredSize` lies about its length. */
export interface FixturePart {
  readonly name: string;
  readonly content: string | Buffer;
  readonly declaredSize?: number;
}

/** An archive with these parts, as a ZIP file (APPNOTE 6.3.3), for tests only. */
export function makeArchive(parts: readonly FixturePart[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, declaredSize } of parts) {
    const plain = Buffer.from(content);
    const packed = deflateRawSync(plain);
    const label = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(plain), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(declaredSize ?? plain.length, 18);
    common.writeUInt16LE(label.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, label, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    const version = Buffer.from([20, 0]);
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002'), version, common, tail, label]));
    files.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(parts.length, 4);
  end.writeUInt16LE(parts.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...files, central, Buffer.from('PK\u0005\u0006'), end]);
}

/** A cell of a made sheet: a text, a number, or the XML of the cell itself. */
export type FixtureCell = string | number | { readonly xml: string } | null;

/** What a made workbook holds. */
export interface FixtureBook {
  readonly sheets: Readonly<Record<string, readonly (readonly FixtureCell[])[]>>;
  readonly hidden?: readonly string[];
  readonly from1904?: boolean;
  /** Further elements after the rows of every sheet, such as merged cells. */
  readonly afterRows?: string;
  readonly extraParts?: readonly FixturePart[];
}

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packageRelations = 'http://schemas.openxmlformats.org/package/2006/relationships';

/** A workbook with shared strings; format 1 shows a day (built-in 14), format 2 yyyy年m月d日. */
export function makeWorkbook(book: FixtureBook): Buffer {
  const strings: string[] = [];
  const names = Object.keys(book.sheets);
  const sheetParts = names.map((name, index) => ({
    name: `xl/worksheets/sheet${index + 1}.xml`,
    content: sheetXml(book.sheets[name] ?? [], strings, book.afterRows ?? ''),
  }));
  const sheetList = names.map((name, index) => {
    const state = book.hidden?.includes(name) === true ? ' state="hidden"' : '';
    return `<sheet name="${escape(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"${state}/>`;
  });
  const relations = names.map(
    (_, index) =>
      `<Relationship Id="rId${index + 1}" Type="${office}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`,
  );
  const shared = strings.map((text) => `<si><t>${escape(text)}</t></si>`);
  return makeArchive([
    {
      name: '_rels/.rels',
      content: `<Relationships xmlns="${packageRelations}"><Relationship Id="r" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    },
    {
      name: 'xl/workbook.xml',
      content: `<workbook xmlns="${main}" xmlns:r="${office}"><workbookPr${book.from1904 === true ? ' date1904="1"' : ''}/><sheets>${sheetList.join('')}</sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: `<Relationships xmlns="${packageRelations}">${relations.join('')}<Relationship Id="s" Type="${office}/styles" Target="styles.xml"/><Relationship Id="t" Type="${office}/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>`,
    },
    {
      name: 'xl/styles.xml',
      content: `<styleSheet xmlns="${main}"><numFmts><numFmt numFmtId="176" formatCode='yyyy"年"m"月"d"日"'/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="176"/></cellXfs></styleSheet>`,
    },
    {
      name: 'xl/sharedStrings.xml',
      content: `<sst xmlns="${main}">${shared.join('')}</sst>`,
    },
    ...sheetParts,
    ...(book.extraParts ?? []),
  ]);
}

function sheetXml(
  rows: readonly (readonly FixtureCell[])[],
  strings: string[],
  afterRows: string,
): string {
  const lines = rows.map((cells, rowIndex) => {
    const row = rowIndex + 1;
    const parts = cells.map((cell, column) => {
      const at = `${String.fromCharCode(65 + column)}${row}`;
      if (cell === null || cell === '') return '';
      if (typeof cell === 'number') return `<c r="${at}"><v>${cell}</v></c>`;
      if (typeof cell === 'object') return cell.xml.replace('<c', `<c r="${at}"`);
      strings.push(cell);
      return `<c r="${at}" t="s"><v>${strings.length - 1}</v></c>`;
    });
    return cells.length === 0 ? '' : `<row r="${row}">${parts.join('')}</row>`;
  });
  const data = `<sheetData>${lines.join('')}</sheetData>`;
  return `<worksheet xmlns="${main}">${data}${afterRows}</worksheet>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
