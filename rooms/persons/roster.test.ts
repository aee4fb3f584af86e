import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Day } from '../../kernel/day.ts';
import type { Instant } from '../../kernel/instant.ts';
import { looksLikeHeader, readHeader, rosterFields } from './columns.ts';
import { faultReasons } from './fault-reasons.ts';
import { type Cell, foldRoom, identifies, parseRosterRow } from './roster-row.ts';
import { evolveRoster, initialRoster, rosterImported, viewRoster } from './state.ts';

const today = '2022-04-01' as Day;
const none = new Map<string, string>();
const chinese = '姓名,性别,出生日期,证件类型,证件号码,手机号,街镇,居委,小区,楼栋,室号'.split(',');

function columnsOf(headers: readonly string[]) {
  const header = readHeader(headers, none);
  if (header.kind === 'refused') throw new Error(header.code);
  return header.columns;
}

/** A row in the order of the Chinese model file. */
function row(overrides: Partial<Record<(typeof rosterFields)[number], Cell>> = {}): Cell[] {
  const values: Record<string, Cell> = {
    name: '王小明',
    sex: '男',
    born_on: '1880-01-01',
    document_type: '身份证',
    document_number: '310113188001010014',
    phone: '13912345678',
    town: '友谊路街道',
    community: '宝钢一村居委会',
    compound: '宝钢一村',
    building: '3号',
    room: '301室',
    ...overrides,
  };
  return rosterFields.map((field) => values[field] ?? '');
}

const columns = columnsOf(chinese);

test('PE-1 headers are Chinese or English, in any order and spelling', () => {
  expect(columnsOf(chinese)).toEqual(Object.fromEntries(rosterFields.map((f, i) => [f, i])));
  const english = columnsOf(['Community', 'DOCUMENT_NUMBER', 'Date of birth', 'name', 'Phone ']);
  expect(english).toMatchObject({
    community: 0,
    document_number: 1,
    born_on: 2,
    name: 3,
    phone: 4,
  });
  expect(columnsOf(['*姓 名（必填）', '所属居委'])).toMatchObject({ name: 0, community: 1 });
});

test('PE-1 a column that nobody understands is refused, unless it is named or left out by wish', () => {
  const headers = ['序号', '姓名', '居委', '单元'];
  expect(readHeader(headers, none)).toMatchObject({
    code: 'persons.unknown-header',
    details: { headers: ['序号', '单元'] },
  });
  const map = new Map([
    ['序号', 'ignore'],
    ['单元', 'building'],
  ]);
  expect(readHeader(headers, map)).toMatchObject({ columns: { building: 3 }, ignored: [0] });
  expect(readHeader(headers, new Map([['单元', 'unit']]))).toMatchObject({
    code: 'persons.map-unknown-field',
  });
  expect(readHeader(['姓名', '居委'], new Map([['单元', 'room']]))).toMatchObject({
    code: 'persons.map-unknown-header',
  });
});

test('PE-1 a doubled and a missing header are refused', () => {
  expect(readHeader(['姓名', 'name', '居委'], none)).toMatchObject({
    code: 'persons.header-twice',
    details: { field: 'name' },
  });
  expect(readHeader(['姓名', '性别'], none)).toMatchObject({
    code: 'persons.header-missing',
    details: { fields: ['community'] },
  });
});

test('PE-1 a title above the header is not taken for it', () => {
  expect(looksLikeHeader(['友谊路街道人员名册'])).toBe(false);
  expect(looksLikeHeader(['填表人：', '居委', ''])).toBe(false);
  expect(looksLikeHeader(['序号', '姓名', '性别'])).toBe(true);
  expect(
    looksLikeHeader(
      ['Wer', 'Wo'],
      new Map([
        ['wer', 'name'],
        ['Wo', 'community'],
      ]),
    ),
  ).toBe(true);
});

test('PE-8 a good row is a person', () => {
  expect(parseRosterRow(row(), columns, today)).toEqual({
    faults: [],
    person: {
      name: '王小明',
      sex: 'm',
      bornOn: '1880-01-01',
      documentType: 'resident-id',
      documentNumber: '310113188001010014',
      phone: '13912345678',
      home: {
        town: '友谊路街道',
        community: '宝钢一村居委会',
        compound: '宝钢一村',
        building: '3号',
        room: '301',
      },
    },
  });
});

test('PE-3 sex and birth come from the identity number where the columns are empty', () => {
  const { person } = parseRosterRow(
    row({ sex: '', born_on: '', document_type: '' }),
    columns,
    today,
  );
  expect(person).toMatchObject({ sex: 'm', bornOn: '1880-01-01', documentType: 'resident-id' });
});

test('PE-8 every fault of a row is named, each by its cell', () => {
  const cells = row({ name: '', sex: '?', born_on: '1950-02-30', phone: '12', community: '' });
  const { person, faults } = parseRosterRow(cells, columns, today);
  expect(person).toBeNull();
  expect(Object.fromEntries(faults.map(({ field, code }) => [field, code]))).toEqual({
    name: 'persons.name-missing',
    sex: 'persons.bad-sex',
    born_on: 'persons.date-does-not-exist',
    phone: 'persons.bad-phone',
    community: 'persons.home-missing',
  });
});

test.each([
  [{ sex: '女' }, 'sex', 'persons.sex-differs-from-id'],
  [{ born_on: '1881-01-01' }, 'born_on', 'persons.born-on-differs-from-id'],
  [{ document_number: '310113188001010015' }, 'document_number', 'persons.id-number-check'],
  [{ document_number: '' }, 'document_number', 'persons.document-number-missing'],
  [{ document_type: '无' }, 'document_number', 'persons.document-number-not-expected'],
  [{ document_type: '月票' }, 'document_type', 'persons.unknown-document-type'],
  [
    { document_type: '护照', document_number: '!' },
    'document_number',
    'persons.bad-document-number',
  ],
  [{ compound: '长'.repeat(101) }, 'compound', 'persons.home-too-long'],
] as const)('PE-8 %j is one fault', (overrides, field, code) => {
  const { faults } = parseRosterRow(row(overrides), columns, today);
  expect(faults.map((fault) => [fault.field, fault.code])).toEqual([[field, code]]);
});

test('PE-5 a number of a spreadsheet is a day, or eight digits', () => {
  const born = (number: number, isDate = false) =>
    parseRosterRow(
      row({
        document_type: '',
        document_number: '',
        born_on: { number, text: String(number), from1904: false, isDate },
      }),
      columns,
      today,
    ).person?.bornOn;
  expect(born(36_526, true)).toBe('2000-01-01');
  expect(born(36_526)).toBe('2000-01-01');
  expect(born(20_000_101)).toBe('2000-01-01');
});

test('PE-8 what a spreadsheet did to a cell is a fault: digits lost, text made a date, a formula', () => {
  const number = (value: number, isDate = false): Cell => ({
    number: value,
    text: String(value),
    from1904: false,
    isDate,
  });
  const faultsOf = (cells: Cell[]) => parseRosterRow(cells, columns, today).faults;
  expect(faultsOf(row({ document_number: number(310113188001010050) }))).toMatchObject([
    { field: 'document_number', code: 'persons.id-number-digits-lost' },
  ]);
  expect(faultsOf(row({ room: number(44_562, true) }))).toMatchObject([
    { field: 'room', code: 'exchange.number-shown-as-date' },
  ]);
  expect(faultsOf(row({ name: { refused: 'exchange.formula-cell', text: '=1' } }))).toEqual([
    { field: 'name', code: 'exchange.formula-cell', value: '=1' },
  ]);
});

test('PE-10 a household book tells nobody apart, unless the number in it is a citizen number', () => {
  const book = parseRosterRow(
    row({ document_type: '户口簿', document_number: '沪宝字00123', born_on: '2020-01-01' }),
    columns,
    today,
  ).person;
  expect(book).toMatchObject({ documentType: 'household-book', documentNumber: '沪宝字00123' });
  expect(identifies(book?.documentType ?? null)).toBe(false);
  const child = parseRosterRow(row({ document_type: '户口本' }), columns, today).person;
  expect(child?.documentType).toBe('resident-id');
});

test('PE-12 a room is folded, and a door named 室 stays', () => {
  expect(['301室', ' ３０１ 室', '301', '12a', '室'].map(foldRoom)).toEqual([
    '301',
    '３０１',
    '301',
    '12A',
    '室',
  ]);
});

test('PE-8 whatever stands in the cells, a row is a person or has a fault, and never throws', () => {
  const cell: fc.Arbitrary<Cell> = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', '男', '1950-01-01', '310113188001010014', '居民身份证', '13912345678'),
    fc.double().map((number) => ({ number, text: String(number), from1904: false, isDate: false })),
    fc.string().map((text) => ({ refused: 'exchange.formula-cell', text })),
  );
  fc.assert(
    fc.property(fc.array(cell, { maxLength: 13 }), (cells) => {
      const { person, faults } = parseRosterRow(cells, columns, today);
      expect(person === null).toBe(faults.length > 0);
    }),
    { numRuns: 500 },
  );
});

test('PE-8 every reason is said in both languages', () => {
  for (const { en, zh } of Object.values(faultReasons)) {
    expect(en).toMatch(/^[\u0020-\u007e男女]+(, [^a-z]+)?.*$/);
    expect(zh).toMatch(/\p{Script=Han}/u);
  }
});

test('PE-11 an import puts counts and a digest on record, and is done', () => {
  const body = {
    importId: 'r-2022-04-01',
    rows: 10,
    imported: 8,
    updated: 1,
    rejected: 1,
    digest: 'a'.repeat(64),
  };
  const draft = rosterImported(body, '310113');
  expect(draft).toEqual({
    kind: 'persons.roster-imported',
    subject: 'roster:r-2022-04-01',
    place: '310113',
    body,
  });
  const envelope = { id: 'f-1', deviceId: 'server', deviceSeq: 1, lamport: 1, actor: 'li' };
  const fact = { ...draft, ...envelope, at: 5 as Instant, body } as Parameters<
    typeof evolveRoster
  >[1];
  const once = evolveRoster(initialRoster('r-2022-04-01'), fact);
  expect(viewRoster(once)).toMatchObject({
    stage: 'imported',
    since: 5,
    done: true,
    place: '310113',
  });
  expect(evolveRoster(once, { ...fact, id: 'f-2', at: 9 as Instant })).toBe(once);
});
