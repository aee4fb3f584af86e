import type pg from 'pg';
import { type TestDatabase, testDatabase } from '../../../test/support/postgres.ts';
import type { Day } from '../../../kernel/day.ts';
import type { FileFault } from '../../exchange/fault-file.ts';
import { openDatabase } from '../database.ts';
import { migrate } from '../migrate.ts';
import { importPersons, type PersonsImport } from './import-persons.ts';
import { importPlaces } from './import-places.ts';

/** A part of Baoshan's real tree (China's administrative divisions, 2023). */
export const tree = `code,name
310113,宝山区
310113003,友谊路街道
310113008,张庙街道
310113109,顾村镇
310113003001,宝钢一村居委会
310113003002,宝钢二村居委会
310113008001,新桥居委会
310113109001,顾村居委会
310113109200,顾村村委会
`;

export const today = '2022-04-01' as Day;

/** A database of one test file, with the two roles that work on it. */
export interface Registers {
  /** As the service: may not read names. */
  readonly client: pg.PoolClient;
  /** As the owner: to look behind the functions. */
  readonly admin: pg.Pool;
  readonly service: pg.Pool;
  readonly close: () => Promise<void>;
}

/** A fresh register with the tree and nobody in it. */
export async function openRegisters(): Promise<Registers> {
  const database: TestDatabase = await testDatabase({
    template: { name: 'registers', prepare: prepareRegisters },
  });
  const admin = await openDatabase(database.connectionString, { service: false });
  const service = await openDatabase(database.connectionString, { service: true });
  const client = await service.connect();
  const close = async (): Promise<void> => {
    client.release();
    await service.end();
    await admin.end();
    await database.drop();
  };
  return { client, admin, service, close };
}

async function prepareRegisters(connectionString: string): Promise<void> {
  const admin = await openDatabase(connectionString, { service: false });
  await migrate(admin);
  const client = await admin.connect();
  await importPlaces({ client, source: bytesOf(tree) });
  client.release();
  await admin.end();
}

/** A text or file as it would come over a wire. */
export async function* bytesOf(content: string | Uint8Array): AsyncGenerator<Uint8Array> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  for (let from = 0; from < bytes.length; from += 65_536) yield bytes.subarray(from, from + 65_536);
}

/** Imports a roster and gathers its faults. */
export async function importRoster(
  client: pg.ClientBase,
  content: string | Uint8Array,
  options: Partial<PersonsImport> = {},
) {
  const faults: FileFault[] = [];
  const sink = { add: (fault: FileFault) => void faults.push(fault), flush: async () => undefined };
  const given = { importId: 'test-import', place: '310113', today, faults: sink };
  const outcome = await importPersons({ client, source: bytesOf(content), ...given, ...options });
  const counts =
    outcome.kind === 'imported'
      ? [outcome.imported, outcome.updated, outcome.unchanged, outcome.rejected]
      : outcome.code;
  return { outcome, counts, faults, codes: faults.map(({ row, code }) => `${row} ${code}`) };
}

/** The whole register as its owner sees it, a line a person. */
export async function dump(admin: pg.Pool): Promise<string[]> {
  const { rows } = await admin.query<{ line: string }>(
    `select concat_ws(' ', p.id, n.name, p.sex, p.born_on, coalesce(n.document_number, '-'),
       coalesce(n.phone, '-'), h.place_code, h.label) as line
     from persons p join households h on h.id = p.household_id
     left join person_names n on n.person_id = p.id order by p.id`,
  );
  return rows.map(({ line }) => line);
}
