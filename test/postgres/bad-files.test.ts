import { type ClientRequest, request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Client, problemOf, type Reply } from '../support/client.ts';
import { sheetRow, toGbk, workbook, zip } from '../support/files.ts';
import { communities, documentOf, rosterHeader } from '../support/people.ts';
import { type Counts, startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let admin: Client;
let before: Counts;
let serial = 0;

beforeAll(async () => {
  server = await startServer();
  ({ admin } = server);
});
beforeEach(async () => {
  before = await server.counts();
});
afterAll(() => server.close());

const given = '猞猁貔貅狴犴獬豸狻猊';

interface Row {
  readonly name: string;
  readonly sex: string;
  readonly bornOn: string;
  readonly document: string;
  readonly phone: string;
  readonly room: string;
}

/** Somebody new in each call, so that no row fits anybody on record. */
function someone(changes: Partial<Row> = {}): Row {
  serial += 1;
  const bornOn = `1980-05-${String(1 + (serial % 28)).padStart(2, '0')}`;
  const sex = serial % 2 === 1 ? '男' : '女';
  const name = `欧阳${given[serial % 10] ?? ''}${given[Math.floor(serial / 10) % 10] ?? ''}`;
  const document = documentOf(bornOn, serial);
  const phone = String(13_900_000_000 + serial);
  return { name, sex, bornOn, document, phone, room: `9${serial}`, ...changes };
}

function cellsOf({ name, sex, bornOn, document, phone, room }: Row): string[] {
  const home = ['东镇', '东一居委会', '', '1号楼', room];
  return [name, sex, bornOn, '身份证', document, phone, ...home];
}

const csvOf = (...rows: Row[]): string =>
  [rosterHeader, ...rows.map((row) => cellsOf(row).join(','))].join('\r\n');

function importing(raw: string | Uint8Array, query = ''): Promise<Reply> {
  return admin.file(`/v1/imports/persons${query}`, raw);
}

/** Faults of a reply without what is told in words. */
function faultsOf(reply: Reply): unknown[] {
  const faults = reply.body['faults'] as { row: number; column: string; code: string }[];
  return faults.map(({ row, column, code }) => [row, column, code]);
}

/** An upload whose length nobody knows, to be broken off. */
function startUpload(path: string): { request: ClientRequest; gone: Promise<void> } {
  const headers = { authorization: `Bearer ${admin.token}`, 'content-type': 'text/csv' };
  const upload = request(server.url + path, { method: 'POST', headers });
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  upload.on('error', () => resolve());
  upload.on('close', () => resolve());
  return { request: upload, gone };
}

describe('identity numbers', () => {
  test('PE-3 full-width digits and a lower-case x are folded before the check digit is', async () => {
    // 11010519491231002X is the example of GB 11643-1999 itself.
    const folded = someone({
      document: '１１０１０５１９４９１２３１００２ｘ',
      bornOn: '',
      sex: '',
    });
    const reply = await importing(csvOf(folded));
    expect(reply.body).toMatchObject({ rows: 1, imported: 1, rejected: 0, faults: [] });
    const [person] = await server.column<number>('select max(id) from persons');
    const named = await admin.get(`/v1/persons?persons=${person}&reason=test`);
    expect(named.body['rows'][0].documentNumber).toBe('11010519491231002X');
  });

  test('PE-3 a wrong check digit is told with row, column and value; good rows are taken', async () => {
    const wrong = someone({ document: '110105194912310021', bornOn: '', sex: '' });
    const fullWidth = someone({
      document: '１１０１０５１９４９１２３１００２１',
      bornOn: '',
      sex: '',
    });
    const reply = await importing(csvOf(someone(), wrong, fullWidth));
    expect(reply.body).toMatchObject({ rows: 3, imported: 1, rejected: 2, faultCount: 2 });
    expect(faultsOf(reply)).toEqual([
      [3, '证件号码', 'persons.id-number-check'],
      [4, '证件号码', 'persons.id-number-check'],
    ]);
    expect(reply.body['faults'][0].value).toBe('110105194912310021');
    expect((await server.counts()).persons).toBe(before.persons + 1);
  });

  test('PE-5 days that do not exist are told, in the column and in the number', async () => {
    const inNumber = someone({ document: documentOf('2001-02-29', 11), bornOn: '', sex: '' });
    const reply = await importing(csvOf(someone({ bornOn: '2022-02-30' }), inNumber));
    expect(faultsOf(reply)).toEqual([
      [2, '出生日期', 'persons.date-does-not-exist'],
      [3, '证件号码', 'persons.id-number-date'],
    ]);
    expect((await server.counts()).persons).toBe(before.persons);
  });
});

describe('encodings', () => {
  test.each([
    ['GBK', (text: string) => toGbk(text)],
    ['UTF-8 with a byte-order mark', (text: string) => Buffer.from(`\ufeff${text}`)],
    ['UTF-16, little end first', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16, big end first', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
  ])('a roster in %s is read as it was written', async (_name, encode) => {
    const one = someone();
    const reply = await importing(encode(csvOf(one)));
    expect(reply.body).toMatchObject({ rows: 1, imported: 1, faults: [] });
    const [person] = await server.column<number>('select max(id) from persons');
    const named = await admin.get(`/v1/persons?persons=${person}&reason=test`);
    expect(named.body['rows'][0]).toMatchObject({ name: one.name, documentNumber: one.document });
  });

  test('bytes that are no text and no workbook are refused as a file', async () => {
    const reply = await importing(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]));
    expect(problemOf(reply)).toEqual([422, 'exchange.not-text', null]);
    expect(await server.counts()).toEqual(before);
  });
});

describe('workbooks', () => {
  const header = sheetRow(1, rosterHeader.split(','));

  test('a workbook is read like a text', async () => {
    const sheet = header + sheetRow(2, cellsOf(someone()));
    expect((await importing(workbook(sheet))).body).toMatchObject({ imported: 1, faults: [] });
  });

  test('a formula is no value: its row is told and the others are taken', async () => {
    const [name = '', ...rest] = cellsOf(someone());
    const formula = { formula: 'HYPERLINK("http://example.org",A3)', shown: name };
    const sheet = header + sheetRow(2, [formula, ...rest]) + sheetRow(3, cellsOf(someone()));
    const reply = await importing(workbook(sheet));
    expect(reply.body).toMatchObject({ rows: 2, imported: 1, rejected: 1 });
    expect(faultsOf(reply)).toEqual([[2, '姓名', 'exchange.formula-cell']]);
    const text = await importing(csvOf(someone({ name: '=1+1' }), someone({ phone: '@SUM(A1)' })));
    expect(faultsOf(text)).toEqual([
      [2, '姓名', 'exchange.formula-cell'],
      [3, '手机号', 'exchange.formula-cell'],
    ]);
  });

  test('a zip bomb is refused before it is unpacked, whatever its header claims', async () => {
    const bomb = header + ' '.repeat(60_000_000);
    const packed = workbook(bomb);
    expect(packed.length).toBeLessThan(100_000);
    const honest = await importing(packed);
    expect(problemOf(honest)).toEqual([422, 'exchange.xlsx-compression-ratio', null]);
    const lying = await importing(workbook(bomb, { claims: 1_000 }));
    expect(problemOf(lying)).toEqual([422, 'exchange.xlsx-malformed', null]);
    expect(await server.counts()).toEqual(before);
  });

  test('archives of a thousand parts, of no workbook and cut short are refused', async () => {
    const parts = Array.from({ length: 2_500 }, (_, index) => ({ name: `p${index}`, data: '' }));
    expect(problemOf(await importing(zip(parts)))[1]).toBe('exchange.xlsx-too-many-entries');
    const other = zip([{ name: 'letter.txt', data: 'Dear all' }]);
    expect(problemOf(await importing(other))[1]).toBe('exchange.not-text');
    const whole = workbook(header);
    expect(problemOf(await importing(whole.subarray(0, whole.length - 30)))[1]).toBe(
      'exchange.xlsx-malformed',
    );
    expect(await server.counts()).toEqual(before);
  });
});

describe('files as a whole', () => {
  test.each([
    ['nothing', '', 422, 'exchange.empty-file'],
    ['an open quotation mark', `${rosterHeader}\n"甲,男\n`, 422, 'exchange.csv-unclosed-quote'],
    ['a header of others', '甲,乙\n1,2\n', 422, 'persons.unknown-header'],
  ])('%s is refused, and nothing is left half done', async (_what, raw, status, code) => {
    const reply = await importing(raw);
    expect([reply.status, reply.body['code']]).toEqual([status, code]);
    expect(await server.counts()).toEqual(before);
  });

  test('unknown communities are told and not made, unless they are asked for', async () => {
    const row = cellsOf(someone()).with(7, '东九居委会').join(',');
    const refused = await importing(`${rosterHeader}\n${row}`);
    expect(faultsOf(refused)).toEqual([[2, '居委', 'places.unknown-community']]);
    expect(await server.counts()).toMatchObject({ persons: before.persons, places: before.places });
    const made = await importing(`${rosterHeader}\n${row}`, '?createPlaces=true');
    expect(made.body).toMatchObject({ imported: 1, placesMade: 2 });
  });

  test('P1 an upload that breaks off leaves nothing, and the next one is taken', async () => {
    const { request: upload, gone } = startUpload('/v1/imports/persons');
    const one = someone();
    upload.write(`${csvOf(...Array.from({ length: 2_000 }, () => one))}\r\n`);
    const copying = `select count(*)::int from pg_stat_activity
      where datname = current_database() and query like 'copy roster_staging%'`;
    await expect.poll(() => server.column(copying)).toEqual([1]);
    upload.destroy();
    await gone;
    await expect
      .poll(async () => (await importing(csvOf(someone()))).body['imported'], { timeout: 5_000 })
      .toBe(1);
    expect((await server.counts()).persons).toBe(before.persons + 1);
    expect(await server.column('select count(*)::int from roster_staging')).toEqual([0]);
  });

  test('PE-8 a role held at a community imports homes of that community alone', async () => {
    const [own] = communities;
    const worker = await server.signUp('worker-east-one', [`community@${own}`]);
    const elsewhere = cellsOf(someone()).with(7, '东二居委会').join(',');
    const raw = `${csvOf(someone())}\n${elsewhere}`;
    const reply = await worker.file('/v1/imports/persons', raw);
    expect(reply.body).toMatchObject({ imported: 1, rejected: 1 });
    expect(faultsOf(reply)).toEqual([[3, '居委', 'persons.outside-your-place']]);
    const tree = await worker.file('/v1/imports/places', 'code,label_zh\n310113,改名\n');
    expect(problemOf(tree)).toEqual([403, 'access.not-permitted', null]);
  });
});
