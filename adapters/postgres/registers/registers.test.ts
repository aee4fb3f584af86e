import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { instant } from '../../../kernel/instant.ts';
import { noBirthDay } from '../../../rooms/screening/index.ts';
import type { FileFault } from '../../exchange/fault-file.ts';
import { importPlaces } from './import-places.ts';
import { loadRosterArrays } from './load-roster.ts';
import { correctName, eraseNames, readNames, searchPersons } from './names.ts';
import { householdOfPerson, personsOfHousehold, registerWalkIn } from './persons.ts';
import { placeChildren, placeOf } from './places.ts';
import {
  bytesOf,
  dump,
  importRoster,
  openRegisters,
  type Registers,
  today,
} from './registers-fixture.ts';

const moment = { today, now: instant(1_650_000_000_000) };

let registers: Registers;
beforeAll(async () => {
  registers = await openRegisters();
});
afterAll(async () => registers.close());
beforeEach(async () => {
  await registers.admin.query(
    `truncate name_reads, person_changes, person_merges, person_number_runs, person_names, persons,
       households`,
  );
});

const li = { actor: 'li', reason: '核对名册' };
const roster = `name,born_on,document_type,document_number,phone,community,building,room
王芳,,,310113188001010022,13912345678,宝钢一村,3号,301
王明,1950-01-01,护照,E12345678,,宝钢一村,3号,301
赵六,,,,56123456,宝钢二村,,
`;

async function readsOnRecord() {
  const { rows } = await registers.client.query(
    'select actor, reason, purpose, place_path, person_ids from name_reads order by id',
  );
  return rows;
}

describe('names', () => {
  beforeEach(async () => void (await importRoster(registers.client, roster)));

  test('PE-14 the service cannot read a name past the functions that write it down', async () => {
    for (const column of ['name', 'document_type', 'document_number', 'phone', '*']) {
      const query = `select ${column} from person_names`;
      await expect(registers.client.query(query)).rejects.toThrow('permission denied');
    }
    for (const query of [
      'select key from register_secrets',
      'select * from roster_staging',
      "insert into name_reads (actor, reason, purpose, person_ids) values ('a', 'b', 'read', '{}')",
      'delete from name_reads',
      "update person_names set name = 'x'",
      "select document_hash('x', 'other', 'AB1234')",
    ]) {
      await expect(registers.client.query(query)).rejects.toThrow('permission denied');
    }
    const { rowCount } = await registers.client.query(
      'select person_id, document_hash from person_names',
    );
    expect(rowCount).toBe(3);
  });

  test('PE-14 every reading says who, why and whom', async () => {
    expect(await readNames(registers.service, li, [1, 3, 99])).toEqual([
      {
        person: 1,
        name: '王芳',
        documentType: 'resident-id',
        documentNumber: '310113188001010022',
        phone: '13912345678',
      },
      { person: 3, name: '赵六', documentType: null, documentNumber: null, phone: '56123456' },
    ]);
    expect(await readsOnRecord()).toEqual([
      { ...li, purpose: 'read', place_path: null, person_ids: [1, 3, 99] },
    ]);
  });

  test('PE-14 without a reason, or for a whole district at once, no name is read', async () => {
    expect(await readNames(registers.service, { ...li, reason: ' ' }, [1])).toMatchObject({
      code: 'persons.reason-required',
    });
    expect(await readNames(registers.service, { ...li, actor: '' }, [1])).toMatchObject({
      code: 'persons.reader-required',
    });
    const everybody = Array.from({ length: 1_001 }, (_, index) => index + 1);
    expect(await readNames(registers.service, li, everybody)).toMatchObject({
      code: 'persons.too-many-names',
    });
    expect(await readsOnRecord()).toEqual([]);
  });

  test('PE-14 a reading is never taken back by a transaction around it', async () => {
    const client = await registers.service.connect();
    await client.query('begin');
    await expect(readNames(client, li, [1])).rejects.toThrow('transaction of its own');
    await client.query('rollback');
    client.release();
  });

  test.each([
    ['王', '310113', [1, 2]],
    ['王芳', '', [1]],
    ['王', '310113/310113003/310113003002', []],
    ['赵', '310113/310113003', [3]],
    ['%', '', []],
    ['310113188001010022', '', [1]],
    ['３１０１１３１８８００１０１００２２', '', [1]],
    ['e12345678', '', [2]],
    ['E1234', '', []],
    ['+86 139 1234 5678', '', [1]],
    ['139', '', []],
  ])(
    'PE-14 a search for %j below %j finds %j, on record without the words',
    async (query, placePath, found) => {
      const persons = await searchPersons(registers.service, li, { query, placePath, limit: 50 });
      if ('kind' in persons) throw new Error('refused');
      expect(persons.map(({ person }) => person)).toEqual(found);
      const place = placePath === '' ? null : placePath;
      expect(await readsOnRecord()).toEqual([
        { ...li, purpose: 'search', place_path: place, person_ids: found },
      ]);
    },
  );

  test('PE-14 a correction is read by the same rules, and on record', async () => {
    expect(await correctName(registers.service, li, { person: 1, name: ' 王 方 ' })).toEqual({
      kind: 'corrected',
    });
    expect(await correctName(registers.service, li, { person: 1, name: '王5' })).toMatchObject({
      code: 'persons.bad-name',
    });
    expect(
      await correctName(registers.service, li, { person: 77, phone: '13800000000' }),
    ).toMatchObject({
      code: 'persons.unknown-person',
    });
    expect((await dump(registers.admin))[0]).toContain('1 王方 f');
    expect(await readsOnRecord()).toMatchObject([{ purpose: 'correct', person_ids: [1] }]);
  });

  test('PE-15 retention takes the names and leaves numbers, homes and counts', async () => {
    expect(await eraseNames(registers.service, li, [1, 2])).toEqual({ kind: 'erased', erased: 2 });
    expect(await readNames(registers.service, li, [1, 2, 3])).toMatchObject([{ person: 3 }]);
    const { rows } = await registers.client.query('select count(*)::int as n from persons');
    expect(rows).toEqual([{ n: 3 }]);
    expect((await loadRosterArrays(registers.service)).householdOf).toHaveLength(4);
  });
});

describe('walk-ins', () => {
  const walkIn = {
    name: '王芳',
    documentNumber: '310113188001010022',
    place: '310113003001',
    room: '301室',
  };

  test('PE-13 a person who is on no roster gets the next number', async () => {
    await importRoster(registers.client, roster);
    const other = {
      ...walkIn,
      name: '孙八',
      documentNumber: '310113188001010065',
      phone: '13800000000',
    };
    expect(await registerWalkIn(registers.client, other, moment)).toEqual({
      kind: 'registered',
      person: 4,
      isNew: true,
      merged: false,
    });
    expect((await dump(registers.admin))[3]).toBe(
      '4 孙八 f 1880-01-01 310113188001010065 13800000000 310113003001 301',
    );
  });

  test('PE-13 a person who is on record keeps number and home', async () => {
    await importRoster(registers.client, roster);
    const before = await dump(registers.admin);
    const wide = { ...walkIn, documentNumber: '３１０１１３１８８００１０１００２２' };
    expect(await registerWalkIn(registers.client, wide, moment)).toMatchObject({
      person: 1,
      isNew: false,
    });
    const noDocument = { name: '赵六', place: '310113003002' };
    expect(await registerWalkIn(registers.client, noDocument, moment)).toMatchObject({
      person: 3,
      isNew: false,
    });
    expect(await dump(registers.admin)).toEqual(before);
  });

  test('PE-13 a walk-in is read by the rules of a roster, and lives at a home', async () => {
    expect(
      await registerWalkIn(registers.client, { ...walkIn, phone: '1', sex: '男' }, moment),
    ).toMatchObject({
      code: 'persons.bad-value',
      details: {
        faults: [{ field: 'phone' }, { field: 'sex', code: 'persons.sex-differs-from-id' }],
      },
    });
    expect(
      await registerWalkIn(registers.client, { ...walkIn, place: 'X1' }, moment),
    ).toMatchObject({
      code: 'places.unknown-place',
    });
    expect(
      await registerWalkIn(registers.client, { ...walkIn, place: '310113003' }, moment),
    ).toMatchObject({
      code: 'places.not-a-home',
    });
  });

  test('PE-13 fifty at once get fifty numbers, dense, and the same one twice gets one', async () => {
    const wait = Array.from({ length: 50 }, (_, n) =>
      registerWalkIn(
        registers.service,
        { name: '孙八', documentType: '其他', documentNumber: `W${n >> 1}`, place: '310113003001' },
        moment,
      ),
    );
    const numbers = (await Promise.all(wait)).map((each) =>
      each.kind === 'registered' ? each.person : 0,
    );
    expect(new Set(numbers).size).toBe(25);
    expect(Math.max(...numbers)).toBe(25);
  });
});

describe('households', () => {
  test('PE-12 a household has its people; an unknown room has no label', async () => {
    await importRoster(registers.client, roster);
    const household = await householdOfPerson(registers.client, 2);
    expect(household).toMatchObject({ place: '310113003001-1', room: '301', persons: [1, 2] });
    expect(await householdOfPerson(registers.client, 3)).toMatchObject({
      room: null,
      persons: [3],
    });
    expect(await householdOfPerson(registers.client, 99)).toBeNull();
    await registers.client.query("update persons set left_on = '2022-03-01' where id = 1");
    expect(await personsOfHousehold(registers.client, household?.household ?? 0)).toMatchObject({
      persons: [2],
    });
  });

  test('the roster as arrays says who lives where, parents before children', async () => {
    await importRoster(registers.client, roster);
    await registers.client.query("update persons set left_on = '1970-01-03' where id = 3");
    const arrays = await loadRosterArrays(registers.service);
    const codeOf = (person: number) =>
      arrays.placeCodes[arrays.placeOfHousehold[arrays.householdOf[person] ?? 0] ?? -1];
    expect([1, 2, 3].map(codeOf)).toEqual(['310113003001-1', '310113003001-1', '310113003002']);
    expect(arrays.householdOf[1]).toBe(arrays.householdOf[2]);
    // Days from 1970-01-01: 32,872 before to 1880-01-01, 7,305 before to 1950-01-01.
    expect([...arrays.bornOnDay]).toEqual([noBirthDay, -32_872, -7_305, noBirthDay]);
    expect([...arrays.leftOnDay]).toEqual([noBirthDay, noBirthDay, noBirthDay, 2]);
    arrays.placeCodes.forEach((code, index) => {
      const parent = arrays.parentOfPlace[index] ?? 0;
      expect(parent).toBeLessThan(index);
      if (parent >= 0) expect(code.startsWith(arrays.placeCodes[parent] ?? '?')).toBe(true);
    });
  });

  test('an empty register loads as empty arrays', async () => {
    const arrays = await loadRosterArrays(registers.service);
    expect([arrays.householdOf.length, arrays.placeOfHousehold.length]).toEqual([1, 1]);
  });
});

describe('places', () => {
  const faults: FileFault[] = [];
  const sink = { add: (fault: FileFault) => void faults.push(fault), flush: async () => undefined };
  const load = async (content: string) => {
    faults.length = 0;
    const outcome = await importPlaces({
      client: registers.client,
      source: bytesOf(content),
      faults: sink,
    });
    return outcome.kind === 'imported'
      ? [outcome.imported, outcome.updated, outcome.rejected]
      : outcome.code;
  };

  test('PL-10 rows stand in any order, known codes get new labels, nothing moves', async () => {
    const file = `代码,名称,类别,英文名,上级
9A-1-1,二村,居委,,9A-1
9A-1,甲镇,街镇,Town A,9A
9A,某区,区,District A,
`;
    expect(await load(file)).toEqual([3, 0, 0]);
    expect(await load(file)).toEqual([0, 0, 0]);
    expect(await load(file.replace('甲镇', '甲街道'))).toEqual([0, 1, 0]);
    expect(await placeOf(registers.client, '9A-1-1')).toEqual({
      code: '9A-1-1',
      kind: 'community',
      label: { zh: '二村', en: '二村' },
      parents: [
        { code: '9A', kind: 'district', label: { zh: '某区', en: 'District A' } },
        { code: '9A-1', kind: 'town', label: { zh: '甲街道', en: 'Town A' } },
      ],
    });
    expect(await placeOf(registers.client, 'none')).toBeNull();
  });

  test('PL-10 what does not fit the tree is a fault, and the rest goes in', async () => {
    const file = `code,kind,name,parent
310113003,town,友谊路街道,310112
310113003003,,宝钢三村居委会,
310113003003,,宝钢三村居委会,
310199001001,,无上级,
Z1,town,环甲,Z2
Z2,town,环乙,Z1
B1,building,楼,310113003
`;
    expect(await load(file)).toEqual([1, 0, 6]);
    expect(faults.map(({ row, code }) => `${row} ${code}`).sort()).toEqual([
      '2 places.unknown-parent',
      '4 places.code-twice',
      '5 places.unknown-parent',
      '6 places.unknown-parent',
      '7 places.unknown-parent',
      '8 places.wrong-parent',
    ]);
    expect(await load('code,kind,name,parent\n310113003,town,友谊路街道,310113008\n')).toEqual([
      0, 0, 1,
    ]);
    expect(faults[0]?.code).toBe('places.parent-changed');
    expect(await load('code,label\n1,2\n')).toBe('places.unknown-header');
  });

  test('PL-3 children come in the order of their serials', async () => {
    const lines = Array.from({ length: 11 }, (_, n) => `王芳,,其他,S${n},,宝钢一村,${n + 1}号,1`);
    await importRoster(registers.client, `${roster.split('\n')[0]}\n${lines.join('\n')}`);
    const codes = (await placeChildren(registers.client, '310113003001')).map(({ code }) => code);
    const serials = codes.map((code) => Number(code.split('-')[1]));
    expect(serials).toEqual([...serials].sort((left, right) => left - right));
    expect(serials.length).toBeGreaterThanOrEqual(11);
    expect((await placeChildren(registers.client, null)).map(({ code }) => code)).toContain(
      '310113',
    );
  });
});
