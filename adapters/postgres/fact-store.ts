import type pg from 'pg';
import type { RecordedFact } from '../../ledger/fact.ts';
import type { Head, Store, SubjectRow, Transaction } from '../../ledger/ports.ts';
import { arrays } from './binary-arrays.ts';
import type { Queryable } from './database.ts';
import { influencesOn, saveDerived, saveInfluences } from './derived.ts';
import { Line } from './line.ts';
import type { PathOf } from './roster.ts';
import { SpecimenRows } from './specimen-rows.ts';
import type { Views } from './specimens.ts';

interface FactRow {
  readonly [column: string]: unknown;
}

/** The columns of `facts` under the names of the pure half. */
export const factColumns = `receipt, id, kind, subject, place, device_id as "deviceId",
  device_seq as "deviceSeq", lamport, at_ms as at, received_ms as "receivedAt", actor, body`;

/** Where the last receipt of each unit of work is told. */
export const receiptChannel = 'sextant_receipt';

/** The record in PostgreSQL. One unit of work at a time holds the row lock of `ledger_head`. */
export class PostgresStore implements Store {
  readonly #pool: pg.Pool;
  readonly #pathOf: PathOf;
  readonly #views: () => Views;

  /** `views` is asked anew for every unit of work, as the writer asks for its context. */
  constructor(pool: pg.Pool, { pathOf, views }: { pathOf: PathOf; views: () => Views }) {
    this.#pool = pool;
    this.#pathOf = pathOf;
    this.#views = views;
  }

  async transact<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    const line = new Line(client);
    try {
      line.send({ text: 'begin' });
      const held = await line.ask<Head & FactRow>({
        name: 'lock-head',
        text: `select receipt, lamport, device_seq as "deviceSeq" from ledger_head for update`,
      });
      const [row] = held;
      if (row === undefined) throw new Error('ledger_head has lost its row');
      const { receipt, lamport, deviceSeq } = row;
      const head: Head = { receipt, lamport, deviceSeq };
      const outcome = await work(this.#transaction(line, head));
      if (head.receipt !== receipt || head.lamport !== lamport) saveHead(line, head);
      line.send({ text: 'commit' });
      await line.sent();
      return outcome;
    } catch (error) {
      await line.rollBack();
      throw error;
    } finally {
      client.release(line.broken);
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  #transaction(client: Line, head: Head): Transaction {
    const pathOf = this.#pathOf;
    const specimens = new SpecimenRows(client, this.#views(), pathOf);
    return {
      head,
      recorded: (ids) => recorded(client, ids),
      numbered: (pairs) => numbered(client, pairs),
      factsOf: (subjects) => factsOf(client, subjects),
      subjectsOf: (subjects) => subjectsOf(client, subjects),
      recordsOf: (keys) => specimens.read(keys),
      influencesOn: (subjects) => influencesOn(client, subjects),
      append: async (facts) => append(client, facts),
      saveSubjects: async (rows) => saveSubjects(client, rows, pathOf),
      saveRecords: async (rows) => specimens.save(rows),
      saveDerived: async (rows) => saveDerived(client, rows, pathOf),
      saveInfluences: async (bySource) => saveInfluences(client, bySource),
    };
  }
}

/** The last numbers given out; every server hears of them, and only once this is committed. */
function saveHead(line: Line, head: Head): void {
  line.send({
    name: 'save-head',
    text: 'update ledger_head set receipt = $1, lamport = $2, device_seq = $3',
    values: [head.receipt, head.lamport, head.deviceSeq],
  });
  line.send({
    name: 'tell-receipt',
    text: `select pg_notify('${receiptChannel}', $1)`,
    values: [String(head.receipt)],
  });
}

async function recorded(
  client: Queryable,
  ids: readonly string[],
): Promise<ReadonlyMap<string, RecordedFact>> {
  if (ids.length === 0) return new Map();
  const { rows } = await client.query<RecordedFact & FactRow>({
    name: 'recorded',
    text: `select ${factColumns} from facts where id = any($1::text[])`,
    values: [ids],
  });
  return new Map(rows.map((fact) => [fact.id, fact]));
}

async function numbered(
  client: Queryable,
  pairs: readonly { deviceId: string; deviceSeq: number }[],
): Promise<ReadonlyMap<string, string>> {
  if (pairs.length === 0) return new Map();
  const { rows } = await client.query<{ number: string; id: string }>({
    name: 'numbered',
    // Looked up one by one, whatever the planner thinks of the table's size.
    text: `select f.device_id || '/' || f.device_seq as number, f.id
      from unnest($1::text[], $2::bigint[]) wanted (device_id, device_seq)
      cross join lateral (
        select id, device_id, device_seq from facts
        where device_id = wanted.device_id and device_seq = wanted.device_seq limit 1) f`,
    values: [
      arrays.text(pairs.map(({ deviceId }) => deviceId)),
      arrays.int8(pairs.map(({ deviceSeq }) => deviceSeq)),
    ],
  });
  return new Map(rows.map(({ number, id }) => [number, id]));
}

/** All facts of the subjects. */
export async function factsOf(
  client: Queryable,
  subjects: readonly string[],
): Promise<readonly RecordedFact[]> {
  const { rows } = await client.query<RecordedFact & FactRow>({
    name: 'facts-of',
    text: `select ${factColumns} from facts where subject = any($1::text[])`,
    values: [subjects],
  });
  return rows;
}

async function subjectsOf(
  client: Queryable,
  subjects: readonly string[],
): Promise<ReadonlyMap<string, SubjectRow>> {
  const { rows } = await client.query<SubjectRow & FactRow>({
    name: 'subjects-of',
    text: `select subject, state, last_rank as "lastRank", fact_count as "factCount", influences,
        derived, stage, since_ms as since, holder, place, done, receipt
      from subjects where subject = any($1::text[])`,
    values: [subjects],
  });
  return new Map(rows.map((row) => [row.subject, row]));
}

function append(line: Line, facts: readonly RecordedFact[]): void {
  line.send({
    name: 'append',
    text: `insert into facts (receipt, id, kind, subject, place, device_id, device_seq, lamport,
        at_ms, received_ms, actor, body)
      select receipt, id, kind, subject, place, device_id, device_seq, lamport, at_ms, received_ms,
        actor, body::json
      from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
        $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::text[], $12::text[])
        as f (receipt, id, kind, subject, place, device_id, device_seq, lamport, at_ms, received_ms,
        actor, body)`,
    values: [
      arrays.int8(facts.map(({ receipt }) => receipt)),
      arrays.text(facts.map(({ id }) => id)),
      arrays.text(facts.map(({ kind }) => kind)),
      arrays.text(facts.map(({ subject }) => subject)),
      arrays.text(facts.map(({ place }) => place)),
      arrays.text(facts.map(({ deviceId }) => deviceId)),
      arrays.int8(facts.map(({ deviceSeq }) => deviceSeq)),
      arrays.int8(facts.map(({ lamport }) => lamport)),
      arrays.int8(facts.map(({ at }) => at)),
      arrays.int8(facts.map(({ receivedAt }) => receivedAt)),
      arrays.text(facts.map(({ actor }) => actor)),
      arrays.text(facts.map(({ body }) => JSON.stringify(body))),
    ],
  });
}

function saveSubjects(line: Line, rows: readonly SubjectRow[], pathOf: PathOf): void {
  const values = rows.map((row) => ({
    ...row,
    prefix: row.subject.slice(0, row.subject.indexOf(':')),
    path: pathOf(row.place),
  }));
  line.send({
    name: 'save-subjects',
    text: `insert into subjects (subject, prefix, state, last_rank, fact_count, influences, derived,
        stage, since_ms, holder, place, path, done, receipt)
      select subject, prefix, state, "lastRank", "factCount", influences, derived, stage, since,
        holder, place, path, done, receipt
      from json_to_recordset($1::json) as s (subject text, prefix text, state jsonb,
        "lastRank" text, "factCount" integer, influences jsonb, derived smallint, stage text,
        since bigint, holder text, place text, path text, done boolean, receipt bigint)
      on conflict (subject) do update set state = excluded.state, last_rank = excluded.last_rank,
        fact_count = excluded.fact_count, influences = excluded.influences,
        derived = excluded.derived,
        stage = excluded.stage, since_ms = excluded.since_ms, holder = excluded.holder,
        place = excluded.place, path = excluded.path, done = excluded.done,
        receipt = excluded.receipt`,
    values: [JSON.stringify(values)],
  });
}
