import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../adapters/postgres/database.ts';
import { listMigrations, migrate } from '../../adapters/postgres/migrate.ts';
import { dumpSchema } from '../../tools/dump-schema.ts';
import { root } from '../../tools/sources.ts';
import {
  describeColumns,
  faultsOf,
  readDictionary,
  readWords,
  renderDictionary,
  silentTables,
} from '../../tools/write-dictionary.ts';
import { type TestDatabase, testDatabase } from '../support/postgres.ts';

let migrated: TestDatabase;
let loaded: TestDatabase;
let migratedPool: pg.Pool;
let loadedPool: pg.Pool;

beforeAll(async () => {
  migrated = await testDatabase();
  loaded = await testDatabase();
  migratedPool = await openDatabase(migrated.connectionString, { service: false });
  loadedPool = await openDatabase(loaded.connectionString, { service: false });
});

afterAll(async () => {
  await migratedPool.end();
  await loadedPool.end();
  await migrated.drop();
  await loaded.drop();
});

const schema = readFileSync(join(root, 'migrations', 'schema.sql'), 'utf8');

test('the committed schema is what the migrations make', async () => {
  const files = await listMigrations();
  expect(await migrate(migratedPool)).toBe(files.length);
  const dumped = await dumpSchema(migratedPool);
  console.log(`looked at ${dumped.split('\n').length} lines of schema`);
  expect(dumped, 'npx node tools/dump-schema.ts').toBe(schema);
});

test('migrating again changes nothing', async () => {
  expect(await migrate(migratedPool)).toBe(0);
  expect(await dumpSchema(migratedPool)).toBe(schema);
});

test('the committed schema loads and is the same when read back', async () => {
  await loadedPool.query(schema);
  expect(await dumpSchema(loadedPool)).toBe(schema);
});

test('a kind of object that the dump does not print stops it', async () => {
  await loadedPool.query('create view everybody as select id from persons');
  await expect(dumpSchema(loadedPool)).rejects.toThrow('everybody (v)');
  await loadedPool.query('drop view everybody');
});

test('the dictionary has every table and column, and says something of each', async () => {
  const text = readDictionary();
  const words = readWords(text);
  const entries = await describeColumns(migratedPool, words);
  console.log(`looked at ${entries.length} columns`);
  expect(entries.length).toBeGreaterThan(100);
  expect(silentTables(entries, words)).toEqual([]);
  expect(entries.flatMap(faultsOf)).toEqual([]);
  expect(renderDictionary(entries, words), 'npx node tools/write-dictionary.ts').toBe(text);
});

test('identity stands in the two tables that are kept apart for it, and nowhere else', async () => {
  const entries = await describeColumns(migratedPool, readWords(readDictionary()));
  const tables = entries.filter((entry) => entry.sensitivity === 'identity').map((e) => e.table);
  expect([...new Set(tables)]).toEqual(['person_names', 'roster_staging']);
});
