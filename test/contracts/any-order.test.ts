import { IDBFactory } from 'fake-indexeddb';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { Keep } from '../../adapters/device/keep.ts';
import { MemoryStore } from '../../adapters/memory/store.ts';
import { openDatabase } from '../../adapters/postgres/database.ts';
import { PostgresStore } from '../../adapters/postgres/fact-store.ts';
import { migrate } from '../../adapters/postgres/migrate.ts';
import { readKept, wholeRecords } from '../../adapters/postgres/specimens.ts';
import { canonicalJson } from '../../kernel/digest.ts';
import { Random } from '../../kernel/random.ts';
import type { Fact } from '../../ledger/fact.ts';
import { receive } from '../../ledger/receive.ts';
import type { Store } from '../../ledger/ports.ts';
import { factsOfDay, inWork, pathOf, playDay, workContext } from '../support/day.ts';
import { testDatabase } from '../support/postgres.ts';
import { openDeviceStore } from '../support/stores.ts';

/** Everything that a store says about the day, in one text. */
interface Picture {
  readonly subjects: Record<string, string>;
  readonly specimens: Record<string, string>;
  readonly derived: Record<string, string>;
}

let facts: Fact[] = [];
let expected: Picture;

beforeAll(async () => {
  const store = new MemoryStore();
  await playDay(store, 7);
  facts = factsOfDay(store.facts.values());
  expected = pictureOf(store);
  console.log(
    `a day of ${facts.length} facts, ${store.subjects.size} subjects, ` +
      `${store.records.size} specimens, ` +
      `${store.duties().length} duties, ${store.findings().length} findings`,
  );
});

function pictureOf(store: MemoryStore): Picture {
  const subjects: Record<string, string> = {};
  for (const { subject, state, stage, holder, done, since } of store.subjects.values()) {
    subjects[subject] = canonicalJson([state, stage, holder, done, since]);
  }
  const specimens: Record<string, string> = {};
  for (const [key, { state, view }] of store.records) {
    const { stage, since, dueAt, holder, counted, members } = view;
    specimens[key] = canonicalJson([state, stage, since, dueAt, holder, counted, members]);
  }
  const derived: Record<string, string> = {};
  for (const { subject, duties, findings, slots } of store.derived.values()) {
    if (duties.length + findings.length + slots.length === 0) continue;
    derived[subject] = canonicalJson([duties, findings, slots]);
  }
  return { subjects, specimens, derived };
}

/** Sends facts in a drawn order, some twice, in batches of drawn sizes. */
async function sendShuffled(store: Store, seed: number): Promise<void> {
  const random = new Random(seed);
  const doubled = facts.flatMap((fact) => (random.chance(0.2) ? [fact, fact] : [fact]));
  random.shuffle(doubled);
  while (doubled.length > 0) {
    const batch = doubled.splice(0, random.between(1, 40));
    await inWork(store, (work) => receive(work, batch));
  }
}

describe('any order, doubled, split', () => {
  test('L7 the memory store shows the same day whatever the order of arrival', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1e9 }), async (seed) => {
        const store = new MemoryStore();
        await sendShuffled(store, seed);
        expect(store.facts.size).toBe(facts.length);
        expect(pictureOf(store)).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  test('L7 a phone shows the same day whatever the order, and again from what it has kept', async () => {
    for (const seed of [21, 22, 23]) {
      const keep = await Keep.open(new IDBFactory(), 'any-order', () => undefined);
      const store = await openDeviceStore(keep);
      await sendShuffled(store, seed);
      expect(pictureOf(store.memory)).toEqual(expected);
      const again = await openDeviceStore(keep);
      expect(again.memory.facts.size).toBe(facts.length);
      expect(pictureOf(again.memory)).toEqual(expected);
      expect(again.counts()).toEqual(store.counts());
      await store.close();
    }
  });

  test('L7 PostgreSQL shows the same day whatever the order of arrival', async () => {
    for (const seed of [11, 12, 13]) {
      const database = await testDatabase();
      const pool = await openDatabase(database.connectionString, {
        service: false,
        pipeline: true,
      });
      await migrate(pool);
      const store = new PostgresStore(pool, {
        pathOf: (place) => pathOf(place ?? '') ?? '',
        views: workContext,
      });
      await sendShuffled(store, seed);
      const subjects = await pool.query<{ key: string; value: string }>(
        `select subject as key, json_build_array(state, stage, holder, done, since_ms) as value
         from subjects`,
      );
      const { rows: tubes } = await pool.query<{ tube: string }>('select tube from specimens');
      const kept = await readKept(
        pool,
        tubes.map(({ tube }) => tube),
      );
      const records = await wholeRecords(pool, kept, workContext());
      const specimens = kept.map(({ tube, ...row }) => {
        const { stage, since, due, holder, counted, members } = row;
        const state = records.get(tube);
        const value = [state, stage, since, due, holder, counted, JSON.parse(members)];
        return [tube, canonicalJson(value)];
      });
      const told = (rows: { key: string; value: string }[]): Record<string, string> =>
        Object.fromEntries(rows.map(({ key, value }) => [key, canonicalJson(value)]));
      expect(told(subjects.rows)).toEqual(expected.subjects);
      expect(Object.fromEntries(specimens)).toEqual(expected.specimens);
      const { rows } = await pool.query<{ facts: number; duties: number; findings: number }>(
        `select (select count(*)::int from facts) as facts,
           (select count(*)::int from duties) as duties,
           (select count(*)::int from findings) as findings`,
      );
      const memory = new MemoryStore();
      await sendShuffled(memory, 1);
      expect(rows[0]).toEqual({
        facts: facts.length,
        duties: memory.duties().length,
        findings: memory.findings().length,
      });
      await store.close();
      await database.drop();
    }
  });
});
