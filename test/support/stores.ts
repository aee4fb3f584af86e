import { MemoryStore } from '../../adapters/memory/store.ts';
import { openDatabase } from '../../adapters/postgres/database.ts';
import { PostgresStore } from '../../adapters/postgres/fact-store.ts';
import { migrate } from '../../adapters/postgres/migrate.ts';
import type { Store } from '../../ledger/ports.ts';
import { pathOf } from './day.ts';
import { testDatabase } from './postgres.ts';

/** What a contract may ask of a store besides working through it. */
export interface OpenStore {
  readonly store: Store;
  readonly counts: () => Promise<Counts>;
  readonly findingCodes: (subject: string) => Promise<string[]>;
  readonly close: () => Promise<void>;
}

export interface Counts {
  readonly facts: number;
  readonly specimens: number;
  readonly slots: number;
}

/** The memory store, empty. */
export async function openMemory(): Promise<OpenStore> {
  const store = new MemoryStore();
  return {
    store,
    counts: async () => ({
      facts: store.facts.size,
      specimens: store.records.size,
      slots: [...store.derived.values()].flatMap(({ slots }) => slots).length,
    }),
    findingCodes: async (subject) =>
      store
        .findings()
        .flatMap((each) => (each.subject === subject ? [each.code] : []))
        .sort(),
    close: () => store.close(),
  };
}

/** A fresh PostgreSQL database, as the service sees it. */
export async function openPostgres(): Promise<OpenStore> {
  const database = await testDatabase();
  const owner = await openDatabase(database.connectionString, { service: false });
  await migrate(owner);
  const pool = await openDatabase(database.connectionString, { service: true });
  const store = new PostgresStore(pool, (place) => pathOf(place ?? '') ?? '');
  return {
    store,
    counts: async () => {
      const { rows } = await pool.query<Counts & { readonly [c: string]: unknown }>(
        `select (select count(*)::int from facts) as facts,
           (select count(*)::int from specimens) as specimens,
           (select count(*)::int from slots) as slots`,
      );
      return rows[0] ?? { facts: 0, specimens: 0, slots: 0 };
    },
    findingCodes: async (subject) => {
      const { rows } = await pool.query<{ code: string }>(
        'select code from findings where subject = $1 order by code',
        [subject],
      );
      return rows.map(({ code }) => code);
    },
    close: async () => {
      await store.close();
      await owner.end();
      await database.drop();
    },
  };
}
