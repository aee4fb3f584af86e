import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { FileRefused } from './refusal.ts';
import { columnOf } from './sheet.ts';
import { StringPool } from './string-pool.ts';
import { fileLimits } from './limits.ts';
import { openTable, type TableOptions } from './table.ts';
import { showsDay } from './workbook.ts';
import { type FixtureBook, makeArchive, makeWorkbook } from './workbook-fixture.ts';

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += 10_000) yield bytes.subarray(from, from + 10_000);
}

async function read(bytes: Uint8Array, options: TableOptions = {}) {
  const table = await openTable(once(bytes), { temporaryFolder, ...options });
  try {
    const rows: { row: number; cells: readonly unknown[] }[] = [];
    for await (const batch of table.rows) rows.push(...batch);
    return { rows, merged: table.merged, format: table.format };
  } finally {
    await table.close();
  }
}

async function codeOf(bytes: Uint8Array, options: TableOptions = {}): Promise<string> {
  try {
    await read(bytes, options);
    return 'read';
  } catch (error) {
    if (error instanceof FileRefused) return error.code;
    throw error;
  }
}

function book(...rows: NonNullable<FixtureBook['sheets'][string]>): FixtureBook {
  return { sheets: { 名册: rows } };
}

const temporaryFolder = mkdtempSync(join(tmpdir(), 'sextant-workbook-test-'));
afterAll(() => rmSync(temporaryFolder, { recursive: true }));
afterEach(() => {
  if (readdirSync(temporaryFolder).length > 0) throw new Error('a workbook was left behind');
});

describe('cells of a workbook', () => {
  test('keep their place, whatever is left empty between them', async () => {
    const { rows, format } = await read(
      makeWorkbook(book(['姓名', '居委'], [], [null, 'A&B<"x">', null, 301])),
    );
    expect(format).toBe('xlsx');
    expect(rows).toEqual([
      { row: 1, cells: ['姓名', '居委'] },
      {
        row: 3,
        cells: ['', 'A&B<"x">', '', { number: 301, text: '301', from1904: false, isDate: false }],
      },
    ]);
  });

  test('show days as the workbook does, from 1900 or from 1904', async () => {
    const rows = [
      ['born'],
      [{ xml: '<c s="1"><v>36526</v></c>' }],
      [{ xml: '<c s="2"><v>36526</v></c>' }],
    ];
    expect((await read(makeWorkbook(book(...rows)))).rows.slice(1)).toMatchObject([
      { cells: [{ text: '2000-01-01', isDate: true }] },
      { cells: [{ text: '2000-01-01', isDate: true }] },
    ]);
    const from1904 = makeWorkbook({
      ...book(['born'], [{ xml: '<c s="1"><v>35064</v></c>' }]),
      from1904: true,
    });
    expect((await read(from1904)).rows[1]).toMatchObject({
      cells: [{ text: '2000-01-01', from1904: true }],
    });
  });

  test.each([
    ['<c><f>1+1</f><v>2</v></c>', { refused: 'exchange.formula-cell', text: '2' }],
    ['<c t="str"><f>A1</f><v>王</v></c>', { refused: 'exchange.formula-cell', text: '王' }],
    ['<c><f t="shared" si="0"/><v>2</v></c>', { refused: 'exchange.formula-cell' }],
    ['<c t="e"><v>#N/A</v></c>', { refused: 'exchange.error-cell', text: '#N/A' }],
    ['<c t="b"><v>1</v></c>', 'TRUE'],
    ['<c t="d"><v>2000-01-01T00:00:00</v></c>', '2000-01-01'],
    ['<c t="inlineStr"><is><r><t>王</t></r><r><t>芳</t></r></is></c>', '王芳'],
    ['<c t="inlineStr"><is><t>王</t><rPh><t>wang</t></rPh></is></c>', '王'],
    ['<c t="inlineStr"><is><t>=1+1</t></is></c>', '=1+1'],
    ['<c><v>1.3912345678E10</v></c>', { text: '13912345678' }],
    ['<c t="inlineStr"><is><t>a\nb</t></is></c>', { refused: 'exchange.line-break-in-cell' }],
  ])('%s', async (xml, expected) => {
    const { rows } = await read(makeWorkbook(book(['x'], [{ xml }])));
    const [cell] = rows[1]?.cells ?? [];
    if (typeof expected === 'string') expect(cell).toBe(expected);
    else expect(cell).toMatchObject(expected);
  });

  test('merged over several rows are told', async () => {
    const afterRows = '<mergeCells><mergeCell ref="A1:C1"/><mergeCell ref="A2:A3"/></mergeCells>';
    const { merged } = await read(makeWorkbook({ ...book(['x'], ['a'], ['b']), afterRows }));
    expect(merged).toEqual(['A2:A3']);
  });
});

describe('sheets', () => {
  const two = { sheets: { 甲: [['a']], 空: [], 乙: [['b']] } };

  test('the only one with rows is read; of several the one that was named', async () => {
    expect((await read(makeWorkbook({ sheets: { 空: [], 乙: [['b']] } }))).rows).toEqual([
      { row: 1, cells: ['b'] },
    ]);
    expect((await read(makeWorkbook(two), { sheet: '乙' })).rows).toEqual([
      { row: 1, cells: ['b'] },
    ]);
    expect((await read(makeWorkbook({ ...two, hidden: ['甲'] }))).rows).toEqual([
      { row: 1, cells: ['b'] },
    ]);
  });

  test('several with rows, none with rows, and an unknown name are refused', async () => {
    expect(await codeOf(makeWorkbook(two))).toBe('exchange.xlsx-several-sheets');
    expect(await codeOf(makeWorkbook({ sheets: { 空: [] } }))).toBe('exchange.xlsx-no-sheet');
    expect(await codeOf(makeWorkbook(two), { sheet: '丙' })).toBe('exchange.xlsx-unknown-sheet');
  });
});

describe('hostile workbooks', () => {
  const bomb = '<worksheet><sheetData>'.padEnd(12_000_000, ' ');
  const sheet = 'xl/worksheets/sheet1.xml';
  const good = makeWorkbook(book(['x']));
  const withPart = (name: string, content: string): Buffer =>
    makeWorkbook({ ...book(['x']), extraParts: [{ name, content }] });

  test('a zip bomb is refused before it is unpacked', async () => {
    expect(await codeOf(withPart(sheet, bomb))).toBe('exchange.xlsx-compression-ratio');
    expect(
      await codeOf(withPart('xl/sharedStrings.xml', bomb), {
        limits: { stringsBytesMax: 1_000_000 },
      }),
    ).toBe('exchange.xlsx-too-large');
  });

  test('a part that is longer than it says is refused where its stated length ends', async () => {
    const liar = { name: sheet, content: bomb, declaredSize: 1_000 };
    expect(await codeOf(makeWorkbook({ ...book(['x']), extraParts: [liar] }))).toBe(
      'exchange.xlsx-malformed',
    );
  });

  test('too many parts, texts, rows and columns are refused', async () => {
    const parts = Array.from({ length: 30 }, (_, index) => ({
      name: `junk/${index}`,
      content: 'x',
    }));
    const many = makeWorkbook({ ...book(['x']), extraParts: parts });
    expect(await codeOf(many, { limits: { entriesMax: 20 } })).toBe(
      'exchange.xlsx-too-many-entries',
    );
    expect(await codeOf(good, { limits: { stringsMax: 0 } })).toBe(
      'exchange.xlsx-too-many-strings',
    );
    const far =
      '<worksheet><sheetData><row r="99999999"><c><v>1</v></c></row></sheetData></worksheet>';
    expect(await codeOf(withPart(sheet, far))).toBe('exchange.too-many-rows');
    const wide =
      '<worksheet><sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData></worksheet>';
    expect(await codeOf(withPart(sheet, wide))).toBe('exchange.too-many-columns');
  });

  test('entities, endless texts and broken XML are refused', async () => {
    const doctype = '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet><sheetData/></worksheet>';
    const endless = `<worksheet><sheetData><row><c t="inlineStr"><is><t>${'a1b2'.repeat(600_000)}`;
    for (const content of [
      doctype,
      endless,
      '<worksheet><sheetData>',
      '<worksheet>&b;</worksheet>',
      'x',
    ]) {
      expect(await codeOf(withPart(sheet, content))).toBe('exchange.xlsx-malformed');
    }
  });

  test('an archive that is no workbook, a cut one and a scrambled one are refused', async () => {
    expect(await codeOf(makeArchive([{ name: 'a.txt', content: 'x' }]))).toBe('exchange.not-text');
    expect(await codeOf(good.subarray(0, good.length - 30))).toBe('exchange.xlsx-malformed');
    for (let at = 4; at < good.length; at += 17) {
      const scrambled = Buffer.from(good);
      scrambled[at] = (scrambled[at] ?? 0) ^ 0x5a;
      expect(await codeOf(scrambled)).toMatch(/^(read|exchange\.)/);
    }
  });
});

test('a column reference is letters before digits', () => {
  expect(['A1', 'Z9', 'AA1', 'AB12', 'XFD1', '12', undefined].map(columnOf)).toEqual([
    0,
    25,
    26,
    27,
    16_383,
    null,
    null,
  ]);
});

test('a format shows a day when it has years or days outside quotes', () => {
  expect(
    ['yyyy-mm-dd', 'd/m', '[$-804]yyyy"年"', 'General', '0.00', '"day"0', '[Red]0', '\\d0'].map(
      showsDay,
    ),
  ).toEqual([true, true, true, false, false, false, false, false]);
});

test('shared texts come back as they were put in', () => {
  const pool = new StringPool(fileLimits);
  const texts = Array.from({ length: 10_000 }, (_, index) => `王${index}\u{20089}`);
  for (const text of texts) pool.add(text);
  expect(texts.every((text, index) => pool.get(index) === text)).toBe(true);
  expect([pool.get(-1), pool.get(10_000), pool.get(Number.NaN)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
