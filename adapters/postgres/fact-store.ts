import type pg from 'pg';
import type { Fact, RecordedFact } from '../../ledger/fact.ts';
import type {
  DerivedRow,
  Head,
  RecordRow,
  Store,
  SubjectRow,
  Transaction,
} from '../../ledger/ports.ts';
import type { RecordState } from '../../ledger/room.ts';
import { SlotTaken } from '../memory/store.ts';
import { inTransaction, type Queryable } from './database.ts';

/** Codes from the root joined by `/` for a place; the code itself when the place is unknown. */
export type PathOf = (place: string | null) => string;

interface FactRow {
  readonly [column: string]: unknown;
}

/** The columns of `facts` under the names of the pure half. */
export const factColumns = `receipt, id, kind, subject, place, device_id as "deviceId",
  device_seq as "deviceSeq", lamport, at_ms as at, received_ms as "receivedAt", actor, body`;

/** Where the last receipt of each unit of work is told. */
export const receiptChannel = 'sextant_receipt';

const uniqueViolation = '23505';

/** The record in PostgreSQL. One unit of work at a time holds the row lock of `ledger_head`. */
export class PostgresStore implements Store {
  readonly #pool: pg.Pool;
  readonly #pathOf: PathOf;

  constructor(pool: pg.Pool, pathOf: PathOf) {
    this.#pool = pool;
    this.#pathOf = pathOf;
  }

  async transact<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return inTransaction(this.#pool, async (client) => {
      const { rows } = await client.query<Head & FactRow>({
        name: 'lock-head',
        text: `select receipt, lamport, device_seq as "deviceSeq" from ledger_head for update`,
      });
      const [held] = rows;
      if (held === undefined) throw new Error('ledger_head has lost its row');
      const head: Head = {
        receipt: held.receipt,
        lamport: held.lamport,
        deviceSeq: held.deviceSeq,
      };
      const before = { ...head };
      const outcome = await work(this.#transaction(client, head));
      const changed = head.receipt !== before.receipt || head.lamport !== before.lamport;
      if (changed) {
        await client.query({
          name: 'save-head',
          text: 'update ledger_head set receipt = $1, lamport = $2, device_seq = $3',
          values: [head.receipt, head.lamport, head.deviceSeq],
        });
        // Heard by every server on the database, and only once this is committed.
        await client.query({
          name: 'tell-receipt',
          text: `select pg_notify('${receiptChannel}', $1)`,
          values: [String(head.receipt)],
        });
      }
      return outcome;
    });
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  #transaction(client: Queryable, head: Head): Transaction {
    const pathOf = this.#pathOf;
    return {
      head,
      recorded: (ids) => recorded(client, ids),
      numbered: (pairs) => numbered(client, pairs),
      factsOf: (subjects) => factsOf(client, subjects),
      subjectsOf: (subjects) => subjectsOf(client, subjects),
      recordsOf: (keys) => recordsOf(client, keys),
      influencesOn: (subjects) => influencesOn(client, subjects),
      append: (facts) => append(client, facts),
      saveSubjects: (rows) => saveSubjects(client, rows, pathOf),
      saveRecords: (rows) => saveRecords(client, rows, pathOf),
      saveDerived: (rows) => saveDerived(client, rows, pathOf),
      saveInfluences: (bySource) => saveInfluences(client, bySource),
    };
  }
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
    text: `select f.device_id || '/' || f.device_seq as number, f.id
      from unnest($1::text[], $2::bigint[]) wanted (device_id, device_seq)
      join facts f using (device_id, device_seq)`,
    values: [pairs.map(({ deviceId }) => deviceId), pairs.map(({ deviceSeq }) => deviceSeq)],
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
        stage, since_ms as since, holder, place, done, receipt
      from subjects where subject = any($1::text[])`,
    values: [subjects],
  });
  return new Map(rows.map((row) => [row.subject, row]));
}

interface SpecimenRow {
  readonly [column: string]: unknown;
  readonly state: RecordState;
  readonly influences: RecordRow['influences'];
  readonly coverageReceipt: number;
  readonly counted: boolean;
  readonly round: string | null;
  readonly members: number[];
}

async function recordsOf(
  client: Queryable,
  keys: readonly string[],
): Promise<ReadonlyMap<string, RecordRow>> {
  const { rows } = await client.query<SpecimenRow>({
    name: 'records-of',
    text: `select state, influences, coverage_receipt as "coverageReceipt", counted, round, members
      from specimens where tube = any($1::text[])`,
    values: [keys],
  });
  return new Map(rows.map((row) => [row.state.key, readRecord(row)]));
}

// Of a stored view only what coverage compares is read back; the rest is computed anew.
function readRecord({ state, influences, coverageReceipt, ...row }: SpecimenRow): RecordRow {
  const { counted, round, members } = row;
  const rest = { stage: '', since: null, done: false, holder: null, place: null, dueAt: null };
  const lists = { duties: [], findings: [], slots: [], patches: [], consequences: [] };
  return {
    state,
    influences,
    coverageReceipt,
    view: { ...rest, ...lists, counted, round, members },
  };
}

async function influencesOn(
  client: Queryable,
  subjects: readonly string[],
): Promise<readonly { source: string; fact: Fact }[]> {
  const { rows } = await client.query<{ source: string; fact: Fact }>({
    name: 'influences-on',
    text: 'select source, fact from influences where subject = any($1::text[])',
    values: [subjects],
  });
  return rows;
}

async function append(client: Queryable, facts: readonly RecordedFact[]): Promise<void> {
  await client.query({
    name: 'append',
    text: `insert into facts (receipt, id, kind, subject, place, device_id, device_seq, lamport,
        at_ms, received_ms, actor, body)
      select receipt, id, kind, subject, place, "deviceId", "deviceSeq", lamport, at, "receivedAt",
        actor, body
      from json_to_recordset($1::json) as f (receipt bigint, id text, kind text, subject text,
        place text, "deviceId" text, "deviceSeq" bigint, lamport bigint, at bigint,
        "receivedAt" bigint, actor text, body jsonb)`,
    values: [JSON.stringify(facts)],
  });
}

async function saveSubjects(
  client: Queryable,
  rows: readonly SubjectRow[],
  pathOf: PathOf,
): Promise<void> {
  const values = rows.map((row) => ({
    ...row,
    prefix: row.subject.slice(0, row.subject.indexOf(':')),
    path: pathOf(row.place),
  }));
  await client.query({
    name: 'save-subjects',
    text: `insert into subjects (subject, prefix, state, last_rank, fact_count, influences, stage,
        since_ms, holder, place, path, done, receipt)
      select subject, prefix, state, "lastRank", "factCount", influences, stage, since, holder,
        place, path, done, receipt
      from json_to_recordset($1::json) as s (subject text, prefix text, state jsonb,
        "lastRank" text, "factCount" integer, influences jsonb, stage text, since bigint,
        holder text, place text, path text, done boolean, receipt bigint)
      on conflict (subject) do update set state = excluded.state, last_rank = excluded.last_rank,
        fact_count = excluded.fact_count, influences = excluded.influences,
        stage = excluded.stage, since_ms = excluded.since_ms, holder = excluded.holder,
        place = excluded.place, path = excluded.path, done = excluded.done,
        receipt = excluded.receipt`,
    values: [JSON.stringify(values)],
  });
}

async function saveRecords(
  client: Queryable,
  rows: readonly RecordRow[],
  pathOf: PathOf,
): Promise<void> {
  const values = rows.map(({ state, view, coverageReceipt, influences }) => ({
    tube: state.key,
    state,
    influences,
    stage: view.stage,
    since: view.since,
    due: view.dueAt,
    holder: view.holder,
    place: view.place,
    path: pathOf(view.place),
    done: view.done,
    round: view.round,
    members: view.members,
    counted: view.counted,
    coverage: coverageReceipt,
  }));
  await client.query({
    name: 'save-records',
    text: `insert into specimens (tube, state, influences, stage, since_ms, due_ms, holder, place,
        path, done, round, members, counted, coverage_receipt)
      select tube, state, influences, stage, since, due, holder, place, path, done, round, members,
        counted, coverage
      from json_to_recordset($1::json) as s (tube text, state jsonb, influences jsonb, stage text,
        since bigint, due bigint, holder text, place text, path text, done boolean, round text,
        members integer[], counted boolean, coverage bigint)
      on conflict (tube) do update set state = excluded.state, influences = excluded.influences,
        stage = excluded.stage, since_ms = excluded.since_ms, due_ms = excluded.due_ms,
        holder = excluded.holder, place = excluded.place, path = excluded.path,
        done = excluded.done, round = excluded.round, members = excluded.members,
        counted = excluded.counted, coverage_receipt = excluded.coverage_receipt`,
    values: [JSON.stringify(values)],
  });
}

async function saveDerived(
  client: Queryable,
  rows: readonly DerivedRow[],
  pathOf: PathOf,
): Promise<void> {
  const subjects = rows.map(({ subject }) => subject);
  const duties = rows.flatMap(({ subject, duties: own }) =>
    own.map((duty) => ({ subject, ...duty, path: pathOf(duty.place) })),
  );
  const findings = rows.flatMap(({ subject, findings: own }) =>
    own.map((finding) => ({ subject, ...finding, path: pathOf(finding.place) })),
  );
  const slots = rows.flatMap(({ subject, slots: own }) =>
    own.map((slot) => ({ subject, ...slot })),
  );
  await client.query({ name: 'clear-duties', text: clearing('duties'), values: [subjects] });
  await client.query({ name: 'clear-findings', text: clearing('findings'), values: [subjects] });
  await client.query({ name: 'clear-slots', text: clearing('slots'), values: [subjects] });
  if (duties.length > 0) await insertJson(client, 'duties', duties);
  if (findings.length > 0) await insertJson(client, 'findings', findings);
  if (slots.length === 0) return;
  try {
    await insertJson(client, 'slots', slots);
  } catch (error) {
    if (isUniqueViolation(error)) throw new SlotTaken('a bed, seat or well is held by another');
    throw error;
  }
}

type DerivedTable = 'duties' | 'findings' | 'slots' | 'influences';

function clearing(table: Exclude<DerivedTable, 'influences'>): string {
  return `delete from ${table} where subject = any($1::text[])`;
}

const insertions = {
  duties: `insert into duties (subject, key, kind, account, link, person, owner, place, path,
      since_ms, due_ms, ended_ms, ending)
    select subject, key, kind, account, link, person, owner, place, path, since, "dueAt",
      "endedAt", ending
    from json_to_recordset($1::json) as d (subject text, key text, kind text, account text,
      link text, person integer, owner text, place text, path text, since bigint, "dueAt" bigint,
      "endedAt" bigint, ending text)`,
  findings: `insert into findings (subject, key, code, owner, place, path, at_ms, details)
    select subject, key, code, owner, place, path, at, details
    from json_to_recordset($1::json) as f (subject text, key text, code text, owner text,
      place text, path text, at bigint, details jsonb)`,
  slots: `insert into slots (resource, index, subject)
    select resource, index, subject
    from json_to_recordset($1::json) as s (resource text, index integer, subject text)`,
  influences: `insert into influences (source, id, subject, fact)
    select source, id, subject, fact
    from json_to_recordset($1::json) as i (source text, id text, subject text, fact jsonb)`,
} as const satisfies Record<DerivedTable, string>;

async function insertJson(client: Queryable, table: DerivedTable, rows: object[]): Promise<void> {
  const text = insertions[table];
  await client.query({ name: `insert-${table}`, text, values: [JSON.stringify(rows)] });
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === uniqueViolation;
}

async function saveInfluences(
  client: Queryable,
  bySource: ReadonlyMap<string, readonly Fact[]>,
): Promise<void> {
  await client.query({
    name: 'clear-influences',
    text: 'delete from influences where source = any($1::text[])',
    values: [[...bySource.keys()]],
  });
  const rows = [...bySource].flatMap(([source, facts]) =>
    facts.map((fact) => ({ source, id: fact.id, subject: fact.subject, fact })),
  );
  if (rows.length > 0) await insertJson(client, 'influences', rows);
}
