import { IDBFactory } from 'fake-indexeddb';
import { Keep } from '../../adapters/device/keep.ts';
import { DeviceStore } from '../../adapters/device/store.ts';
import { MemoryStore } from '../../adapters/memory/store.ts';
import { openDatabase } from '../../adapters/postgres/database.ts';
import { PostgresStore } from '../../adapters/postgres/fact-store.ts';
import { migrate } from '../../adapters/postgres/migrate.ts';
import type { Store } from '../../ledger/ports.ts';
import { pathOf, workContext } from './day.ts';
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
  return askedOf(store, async () => store);
}

/**
 * A phone's store on a fresh IndexedDB. What is asked of it is asked of what its storage holds,
 * read and folded anew each time: what is not kept does not count.
 */
export async function openPhone(): Promise<OpenStore> {
  const keep = await Keep.open(new IDBFactory(), 'contract', () => undefined);
  const store = await openDeviceStore(keep);
  return askedOf(store, async () => (await openDeviceStore(keep)).memory);
}

/** A phone's store, with all rooms, from what its storage holds. */
export async function openDeviceStore(keep: Keep): Promise<DeviceStore> {
  return DeviceStore.open({ keep, kept: await keep.load(), deviceId: 'phone-one' }, workContext());
}

function askedOf(store: Store, read: () => Promise<MemoryStore>): OpenStore {
  return {
    store,
    counts: async () => {
      const { facts, records, derived } = await read();
      const slots = [...derived.values()].flatMap((row) => row.slots).length;
      return { facts: facts.size, specimens: records.size, slots };
    },
    findingCodes: async (subject) => {
      const found = (await read()).findings().filter((each) => each.subject === subject);
      return found.map(({ code }) => code).sort();
    },
    close: () => store.close(),
  };
}

/** A fresh PostgreSQL database, as the service sees it. */
export async function openPostgres(): Promise<OpenStore> {
  const database = await testDatabase();
  const owner = await openDatabase(database.connectionString, { service: false });
  await migrate(owner);
  const pool = await openDatabase(database.connectionString, { service: true, pipeline: true });
  const store = new PostgresStore(pool, {
    pathOf: (place) => pathOf(place ?? '') ?? '',
    views: workContext,
  });
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
