import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkDigit } from '../../../rooms/persons/index.ts';
import { FaultFile } from '../../exchange/fault-file.ts';
import { makeWorkbook } from '../../exchange/workbook-fixture.ts';
import { dump, importRoster, openRegisters, type Registers } from './registers-fixture.ts';

let registers: Registers;
beforeEach(async () => {
  registers = await openRegisters();
});
afterEach(async () => registers.close());

const header = '姓名,性别,出生日期,证件类型,证件号码,手机号,街镇,居委,小区,楼栋,室号';
const home = '友谊路街道,宝钢一村居委会,一期,3号,301室';

function roster(...lines: string[]): string {
  return [header, ...lines].join('\n');
}

/** The n-th identity number of women born on 1 January 1880, so that nobody holds it. */
function identity(n: number): string {
  const body = `31011318800101${String(n * 2).padStart(3, '0')}`;
  return body + checkDigit(body);
}

const wang = `王芳,,,,${identity(1)},13912345678,${home}`;
const li = `李四,男,1950-03-04,其他,AB1234,,${home}`;
const zhao = `赵六,男,1960-01-01,,,,${home}`;

describe('what is imported', () => {
  test('PE-8 good rows go in, homes are made, faults are told cell by cell', async () => {
    const bad = `,男,1950-02-30,,,12,无此镇,宝钢一村,,,`;
    const { counts, faults } = await importRoster(registers.client, roster(wang, bad, li));
    expect(counts).toEqual([2, 0, 0, 1]);
    expect(await dump(registers.admin)).toEqual([
      `1 王芳 f 1880-01-01 ${identity(1)} 13912345678 310113003001-1-1 301`,
      '2 李四 m 1950-03-04 AB1234 - 310113003001-1-1 301',
    ]);
    expect(faults.map(({ row, column, value, code }) => [row, column, value, code])).toEqual([
      [3, '姓名', '', 'persons.name-missing'],
      [3, '出生日期', '1950-02-30', 'persons.date-does-not-exist'],
      [3, '手机号', '12', 'persons.bad-phone'],
    ]);
  });

  test('PE-11 the fact has counts and the digest, and no name', async () => {
    const seen: unknown[] = [];
    const { outcome } = await importRoster(registers.client, roster(wang, li), {
      beforeCommit: async (fact) => void seen.push(fact),
    });
    expect(outcome).toMatchObject({
      rows: 2,
      fact: { subject: 'roster:test-import', place: '310113' },
    });
    expect(seen).toHaveLength(1);
    expect(JSON.stringify(outcome)).not.toMatch(/王芳|李四|AB1234|3101131880/);
  });

  test('PE-12 people whose room is not known are not made one household', async () => {
    const lines = [1, 2, 3].map((n) => `王芳,,,,${identity(n)},,,宝钢一村,,,`);
    await importRoster(registers.client, roster(...lines));
    expect((await dump(registers.admin)).map((line) => line.split(' ').slice(-2))).toEqual([
      ['310113003001', '~1'],
      ['310113003001', '~2'],
      ['310113003001', '~3'],
    ]);
    expect((await importRoster(registers.client, roster(...lines))).counts).toEqual([0, 0, 3, 0]);
  });

  test('PE-1 a title above the header, mapped and ignored columns', async () => {
    const file = '宝钢一村名册\n\n序号,人名,居委,单元\n1,王芳,宝钢一村,3号\n';
    const map = new Map([
      ['序号', 'ignore'],
      ['人名', 'name'],
      ['单元', 'building'],
    ]);
    const { counts } = await importRoster(registers.client, file, { map });
    expect(counts).toEqual([1, 0, 0, 0]);
    expect(await dump(registers.admin)).toEqual(['1 王芳 - - 310113003001-1 ~1']);
  });

  test('PE-8 a workbook is read like a text file, and its formulas, errors and lost digits refused', async () => {
    const formula = { xml: '<c><f>A1</f><v>1</v></c>' };
    const born = { xml: '<c s="1"><v>18264</v></c>' };
    const workbook = makeWorkbook({
      sheets: {
        名册: [
          ['姓名', '出生日期', '证件号码', '居委', '室号'],
          ['王芳', null, identity(1), '宝钢一村', 301],
          ['李四', born, null, '宝钢一村', '302室'],
          [formula, born, null, '宝钢一村', '303'],
          ['赵六', null, 310113188001010050, '宝钢一村', '304'],
        ],
      },
    });
    const { counts, codes } = await importRoster(registers.client, workbook);
    expect(counts).toEqual([2, 0, 0, 2]);
    expect(codes).toEqual(['4 exchange.formula-cell', '5 persons.id-number-digits-lost']);
    expect(await dump(registers.admin)).toEqual([
      `1 王芳 f 1880-01-01 ${identity(1)} - 310113003001 301`,
      '2 李四 1950-01-01 - - 310113003001 302',
    ]);
  });

  test('PE-8 a value under no header is a fault, not a silent loss', async () => {
    const { codes } = await importRoster(
      registers.client,
      'name,community,\n王芳,宝钢一村,很重要\n',
    );
    expect(codes).toEqual(['2 exchange.cell-without-header']);
  });

  test('PL-6 unknown places are faults, and made when that is asked for', async () => {
    const lines = roster(
      `王芳,,,,${identity(1)},,友谊路街道,新村居委会,,,`,
      `李芳,,,,${identity(2)},,新镇,新村,,,`,
      `赵芳,,,,${identity(3)},,,新桥,,,`,
      `周芳,,,,${identity(4)},,顾村镇,顾村,,,`,
    );
    const first = await importRoster(registers.client, lines);
    expect(first.codes).toEqual([
      '2 places.unknown-community',
      '3 places.unknown-town',
      '5 places.ambiguous-community',
    ]);
    const second = await importRoster(registers.client, lines, { createPlaces: true });
    expect(second.counts).toEqual([2, 0, 1, 1]);
    expect((await dump(registers.admin)).map((line) => line.split(' ').at(-2))).toEqual([
      '310113008001',
      '310113003-1',
      '310113-1-1',
    ]);
  });

  test('PL-6 an importer takes homes of the own place only', async () => {
    const other = `李芳,,,,${identity(2)},,,新桥居委会,,,`;
    const { counts, codes } = await importRoster(registers.client, roster(wang, other), {
      within: '310113003',
    });
    expect(counts).toEqual([1, 0, 0, 1]);
    expect(codes).toEqual(['3 persons.outside-your-place']);
  });
});

describe('the same person again', () => {
  test('PE-9 the same document twice in a file is a fault on the second row', async () => {
    const again = `王方,,,,${identity(1).toLowerCase()},,,宝钢二村,,,`;
    const { counts, faults } = await importRoster(registers.client, roster(wang, li, again));
    expect(counts).toEqual([2, 0, 0, 1]);
    expect(faults).toMatchObject([
      { row: 4, column: '证件号码', value: identity(1), code: 'persons.document-twice' },
    ]);
    expect(faults[0]?.reason).toContain('row 2');
  });

  test('PE-9 same name, birth and home without a document is a fault; with two documents two persons', async () => {
    const twin = `李四,男,1950-03-04,其他,CD5678,,${home}`;
    const loose = `李四,男,1950-03-04,,,,${home}`;
    expect((await importRoster(registers.client, roster(li, loose, twin))).codes).toEqual([
      '3 persons.twice-in-household',
    ]);
    const elsewhere = [loose, li, twin].map((line) => line.replace('301', '302'));
    expect((await importRoster(registers.client, roster(...elsewhere))).codes).toEqual([
      '3 persons.twice-in-household',
      '4 persons.twice-in-household',
    ]);
  });

  test('PE-10 the same file again changes nothing', async () => {
    const file = roster(wang, li, zhao);
    expect((await importRoster(registers.client, file)).counts).toEqual([3, 0, 0, 0]);
    const before = await dump(registers.admin);
    expect((await importRoster(registers.client, file)).counts).toEqual([0, 0, 3, 0]);
    expect(await dump(registers.admin)).toEqual(before);
  });

  test('PE-10 a known document is updated: home, name, telephone; what is left empty stays', async () => {
    await importRoster(registers.client, roster(wang));
    const moved = `王方,,,,${identity(1)},,,宝钢二村,,,5`;
    expect((await importRoster(registers.client, roster(moved))).counts).toEqual([0, 1, 0, 0]);
    expect(await dump(registers.admin)).toEqual([
      `1 王方 f 1880-01-01 ${identity(1)} 13912345678 310113003002 5`,
    ]);
  });

  test('PE-10 a home that the file states less precisely stays, another place does not', async () => {
    await importRoster(registers.client, roster(wang));
    const vague = `王芳,,,,${identity(1)},,,宝钢一村,,,`;
    expect((await importRoster(registers.client, roster(vague))).counts).toEqual([0, 0, 1, 0]);
    const elsewhere = `王芳,,,,${identity(1)},,,宝钢二村,,,`;
    expect((await importRoster(registers.client, roster(elsewhere))).counts).toEqual([0, 1, 0, 0]);
    expect(await dump(registers.admin)).toEqual([
      `1 王芳 f 1880-01-01 ${identity(1)} 13912345678 310113003002 ~1`,
    ]);
  });

  test('PE-10 without a document: same home, name and birth; a document is gained and never lost', async () => {
    await importRoster(registers.client, roster(zhao));
    const withDocument = `赵六,男,1960-01-01,其他,EF9999,13800000000,${home}`;
    expect((await importRoster(registers.client, roster(withDocument))).counts).toEqual([
      0, 1, 0, 0,
    ]);
    expect((await importRoster(registers.client, roster(zhao))).counts).toEqual([0, 0, 1, 0]);
    expect(await dump(registers.admin)).toEqual([
      '1 赵六 m 1960-01-01 EF9999 13800000000 310113003001-1-1 301',
    ]);
    const namesake = `赵六,男,1960-01-01,其他,GH0000,,${home}`;
    expect((await importRoster(registers.client, roster(namesake))).counts).toEqual([1, 0, 0, 0]);
  });

  test('PE-10 a birth or room that was not known is filled in', async () => {
    await importRoster(
      registers.client,
      roster('赵六,,,,,,,宝钢一村,,3号,301', '钱七,,1970-01-01,,,,,宝钢一村,,3号,'),
    );
    const better = roster(
      '赵六,,1960-01-01,,,,,宝钢一村,,3号,301',
      '钱七,,1970-01-01,,,,,宝钢一村,,3号,302',
    );
    expect((await importRoster(registers.client, better)).counts).toEqual([0, 2, 0, 0]);
    expect(await dump(registers.admin)).toEqual([
      '1 赵六 1960-01-01 - - 310113003001-1 301',
      '2 钱七 1970-01-01 - - 310113003001-1 302',
    ]);
  });

  test('PE-10 where nobody can tell who is meant the row is a fault', async () => {
    const one = `李四,男,1950-03-04,其他,AB1234,,${home}`;
    const two = `李四,男,1950-03-04,其他,CD5678,,${home}`;
    await importRoster(registers.client, roster(one, two));
    const loose = `李四,男,1950-03-04,,,,${home}`;
    expect((await importRoster(registers.client, roster(loose))).codes).toEqual([
      '2 persons.several-match',
    ]);
    const moved = `李四,男,1950-03-04,其他,AB1234,,,宝钢二村,,,9`;
    await importRoster(registers.client, roster(`孙八,,1950-01-01,其他,XY0001,,${home}`));
    const both = roster(
      `孙八,,1950-01-01,其他,XY0001,,,宝钢二村,,,7`,
      `孙八,,1950-01-01,,,,${home}`,
      moved,
    );
    const { counts, codes } = await importRoster(registers.client, both);
    expect(counts).toEqual([0, 2, 0, 1]);
    expect(codes).toEqual(['3 persons.matches-another-row']);
  });

  test('PE-10 somebody who had left and stands in a roster again has come back', async () => {
    await importRoster(registers.client, roster(wang));
    await registers.client.query("update persons set left_on = '2022-01-01'");
    expect((await importRoster(registers.client, roster(wang))).counts).toEqual([0, 1, 0, 0]);
    const { rows } = await registers.client.query('select left_on from persons');
    expect(rows).toEqual([{ left_on: null }]);
  });

  test('PE-10 numbers are dense from 1 in the order of the files, whatever is refused between', async () => {
    const line = (n: number): string => `王芳,,,,${identity(n)},,,宝钢一村,,,${n}`;
    const files = [
      [1, 2, 0, 3],
      [2, 4],
      [0, 0, 5],
    ];
    for (const file of files) {
      const lines = file.map((n) => (n === 0 ? '坏行,,,,,,,,,,' : line(n)));
      await importRoster(registers.client, roster(...lines));
    }
    const { rows } = await registers.client.query<{ id: number }>(
      'select id from persons order by id',
    );
    expect(rows.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
  });

  test('PE-10 any file imported again, or in two parts, leaves the same register', async () => {
    const person = fc.record({
      name: fc.constantFrom('王芳', '李四', '赵六'),
      born: fc.constantFrom('', '1950-01-01', '1960-01-01'),
      document: fc.constantFrom('', 'AB1234', 'CD5678', 'EF9999'),
      room: fc.constantFrom('', '301', '302'),
    });
    const lines = fc.uniqueArray(person, { maxLength: 12, selector: (p) => JSON.stringify(p) });
    await fc.assert(
      fc.asyncProperty(lines, async (people) => {
        await registers.admin.query(
          'truncate persons, person_names, households restart identity cascade',
        );
        const file = roster(
          ...people.map(
            ({ name, born, document, room }) =>
              `${name},,${born},${document === '' ? '' : '其他'},${document},,,宝钢一村,,3号,${room}`,
          ),
        );
        const first = await importRoster(registers.client, file);
        const { rows } = await registers.client.query<{ n: number }>(
          'select count(*)::int as n from persons',
        );
        expect(rows[0]?.n).toBe(first.outcome.kind === 'imported' ? first.outcome.imported : -1);
        const second = await importRoster(registers.client, file);
        expect(second.outcome).toMatchObject({ imported: 0 });
        const third = await importRoster(registers.client, file);
        expect(third.outcome).toMatchObject({ imported: 0, updated: 0 });
      }),
      { numRuns: 25 },
    );
  });
});

describe('all or nothing', () => {
  test('a refused file leaves nothing, and says why', async () => {
    const refuse = async (content: string | Uint8Array) =>
      (await importRoster(registers.client, content)).counts;
    expect(await refuse('')).toBe('exchange.empty-file');
    expect(await refuse(`${header},血型\n${wang},A`)).toBe('persons.unknown-header');
    expect(await refuse('姓名,性别\n王芳,女')).toBe('persons.header-missing');
    expect(await refuse('王芳,宝钢一村\n李四,宝钢一村\n')).toBe('persons.unknown-header');
    expect(await refuse(roster(wang, `"李四${home}`))).toBe('exchange.csv-unclosed-quote');
    const afterRows = '<mergeCells><mergeCell ref="B2:B3"/></mergeCells>';
    const sheets = { 甲: [['姓名', '居委'], ['王芳', '宝钢一村'], ['李四']] };
    expect(await refuse(makeWorkbook({ sheets, afterRows }))).toBe('exchange.merged-cells');
    expect(await dump(registers.admin)).toEqual([]);
    expect((await importRoster(registers.client, roster(wang))).counts).toEqual([1, 0, 0, 0]);
  });

  test('a source that breaks off, a fact that cannot be recorded: nothing is left', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(roster(wang, li));
      throw new Error('connection lost');
    }
    await expect(importRoster(registers.client, '', { source: broken() })).rejects.toThrow(
      'connection lost',
    );
    const beforeCommit = async (): Promise<void> => {
      throw new Error('not recorded');
    };
    await expect(importRoster(registers.client, roster(wang), { beforeCommit })).rejects.toThrow(
      'not recorded',
    );
    expect(await dump(registers.admin)).toEqual([]);
    const made = await registers.admin.query(
      "select code from places where kind in ('compound', 'building')",
    );
    expect(made.rows).toEqual([]);
    expect((await importRoster(registers.client, roster(wang))).counts).toEqual([1, 0, 0, 0]);
  });

  test('a server process that dies takes the whole import with it', async () => {
    const victim = await registers.service.connect();
    victim.on('error', () => undefined);
    const { rows } = await victim.query<{ pid: number }>('select pg_backend_pid() as pid');
    const beforeCommit = async (): Promise<void> => {
      await registers.admin.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
      await victim.query('select 1');
    };
    await expect(importRoster(victim, roster(wang, li), { beforeCommit })).rejects.toThrow(
      /terminat|connection/i,
    );
    victim.release(true);
    expect(await dump(registers.admin)).toEqual([]);
    expect((await importRoster(registers.client, roster(wang))).counts).toEqual([1, 0, 0, 0]);
  });

  test('two imports at once: the second is refused and not kept waiting', async () => {
    let second: unknown;
    const beforeCommit = async (): Promise<void> => {
      const other = await registers.service.connect();
      second = (await importRoster(other, roster(li))).counts;
      other.release();
    };
    await importRoster(registers.client, roster(wang), { beforeCommit });
    expect(second).toBe('persons.import-running');
  });

  test('nothing of a roster stays in the staging tables', async () => {
    await importRoster(registers.client, roster(wang, li));
    const { rows } = await registers.admin.query(
      'select (select count(*) from roster_staging)::int as n',
    );
    expect(rows).toEqual([{ n: 0 }]);
  });
});

test('PE-8 the error file names row, column, value, code and reason of each fault', async () => {
  const out = new PassThrough();
  const faults = new FaultFile(out);
  await importRoster(registers.client, roster(`王芳,,,,${identity(1).slice(0, 17)}0,,${home}`), {
    faults,
  });
  out.end();
  expect(Buffer.concat(await out.toArray()).toString()).toBe(
    '\ufeffrow,column,value,code,reason\r\n' +
      `2,证件号码,${identity(1).slice(0, 17)}0,persons.id-number-check,身份证号校验码错误 / The check digit is wrong\r\n`,
  );
});

test('PE-8 twenty thousand rows: one bad in a hundred is refused, the bulk way gives the same keys', async () => {
  const lines = Array.from({ length: 20_000 }, (_, n) =>
    n % 100 === 0
      ? `,,,,,,,宝钢一村,,,${n}`
      : `王芳,,1950-01-01,其他,B${n},,,宝钢一村,,${n % 50}号,${n >> 1}`,
  );
  const { counts, faults } = await importRoster(registers.client, roster(...lines));
  expect(counts).toEqual([19_800, 0, 0, 200]);
  expect(faults).toHaveLength(200);
  const { rows } = await registers.admin.query<{ name: string }>(
    `select conname as name from pg_constraint where conrelid in ('persons'::regclass,
       'households'::regclass, 'person_names'::regclass) and contype in ('f', 'u', 'p')
     union select indexname from pg_indexes where indexname like '%household%' order by 1`,
  );
  expect(rows.map(({ name }) => name)).toEqual([
    'households_pkey',
    'households_place_code_fkey',
    'households_place_label_key',
    'households_unknown_room_idx',
    'person_names_document_hash_key',
    'person_names_person_id_fkey',
    'person_names_pkey',
    'persons_household_id_fkey',
    'persons_household_idx',
    'persons_pkey',
  ]);
  expect((await importRoster(registers.client, roster(...lines))).counts).toEqual([
    0, 0, 19_800, 200,
  ]);
});
