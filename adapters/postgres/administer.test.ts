import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../test/support/postgres.ts';
import {
  createDatabase,
  databaseAddress,
  dropDatabase,
  requireSupportedServer,
  supportedVersion,
  withClient,
} from './administer.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

test('a database is created as a copy of another, once, and dropped with sessions in it', async () => {
  const { connectionString, name } = database;
  await withClient(connectionString, (client) => client.query('CREATE TABLE t AS SELECT 7 AS n'));
  const copy = `${name}_copy`;
  const address = await createDatabase(connectionString.replace(name, 'postgres'), copy, {
    template: name,
  });
  await createDatabase(connectionString, copy);
  await withClient(address, async (client) => {
    expect((await client.query('SELECT n FROM t')).rows).toEqual([{ n: 7 }]);
    await dropDatabase(connectionString, copy);
  });
  await expect(withClient(address, async () => 0)).rejects.toMatchObject({
    code: 'postgres.no-such-database',
  });
});

test('a template is prepared once in a run', async () => {
  let prepared = 0;
  const template = {
    name: 'administer',
    prepare: async (address: string) => {
      prepared += 1;
      await withClient(address, (client) => client.query('CREATE TABLE made AS SELECT 1 AS one'));
    },
  };
  const copies = await Promise.all([testDatabase({ template }), testDatabase({ template })]);
  expect(prepared).toBe(1);
  for (const copy of copies) {
    const rows = await withClient(copy.connectionString, (client) =>
      client.query('SELECT one FROM made'),
    );
    expect(rows.rows).toEqual([{ one: 1 }]);
    await copy.drop();
  }
});

test('the server tells its version, and a silent one is a fault to retry', async () => {
  expect(await requireSupportedServer(database.connectionString)).toMatch(/^\d+\.\d+/);
  const nowhere = databaseAddress('postgresql://sextant:x@127.0.0.1:1/postgres', 'sextant');
  await expect(requireSupportedServer(nowhere)).rejects.toMatchObject({
    code: 'postgres.unreachable',
    retry: 'later',
  });
});

test('a server older than 15 is refused', () => {
  expect(supportedVersion({ number: 150_000, version: '15.0' })).toBe('15.0');
  expect(() => supportedVersion({ number: 140_013, version: '14.13' })).toThrow(
    expect.objectContaining({ code: 'postgres.too-old' }),
  );
});

test('a name that is no plain word is refused before it reaches the server', async () => {
  await expect(createDatabase(database.connectionString, 'a"; DROP')).rejects.toMatchObject({
    code: 'postgres.database-name',
  });
});
