import type pg from 'pg';
import type { RecordedFact } from '../../ledger/fact.ts';
import type { Head, Hint, Store, SubjectRow, Transaction } from '../../ledger/ports.ts';
import { arrays } from './binary-arrays.ts';
import type { Queryable } from './database.ts';
import { influencesOn, saveDerived, saveInfluences } from './derived.ts';
import { Line } from './line.ts';
import type { PathOf } from './roster.ts';
import { SpecimenRows } from './specimen-rows.ts';
import { readKept, type Views } from './specimens.ts';

interface FactRow {
  readonly [column: string]: unknown;
}

/** The columns of `facts` under the names of the pure half. */
export const factColumns = `receipt, id, kind, subject, place, device_id as "deviceId",
  device_seq as "deviceSeq", lamport, at_ms as at, received_ms as "receivedAt", actor, body`;

/** Where the last receipt of each unit of work is told. */
export const receiptChannel = 'sextant_receipt';

/**
 * The record in PostgreSQL. One unit of work at a time holds the row lock of `ledger_head`.
 *
 * All go over one connection, one behind the other: the next begins when the one before has *sent*
 * its commit, not when that is answered, so the database is never idle for want of a question.
 */
export class PostgresStore implements Store {
  readonly #pool: pg.Pool;
  readonly #pathOf: PathOf;
  readonly #views: () => Views;
  #client: pg.PoolClient | null = null;
  #turn: Promise<void> = Promise.resolve();

  /** `views` is asked anew for every unit of work, as the writer asks for its context. */
  constructor(pool: pg.Pool, { pathOf, views }: { pathOf: PathOf; views: () => Views }) {
    this.#pool = pool;
    this.#pathOf = pathOf;
    this.#views = views;
  }

  transact<T>(work: (transaction: Transaction) => Promise<T>, prepare?: () => Hint): Promise<T> {
    const before = this.#turn;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#turn = promise;
    return before.then(() => this.#run(work, prepare, resolve));
  }

  async #run<T>(
    work: (transaction: Transaction) => Promise<T>,
    prepare: (() => Hint) | undefined,
    passTurn: () => void,
  ): Promise<T> {
    let line: Line | null = null;
    try {
      line = new Line(await this.#connect());
      line.send({ text: 'begin' });
      const held = lockHead(line);
      const early = prepare === undefined ? null : new EarlyReads(line, prepare());
      const head = await held;
      const { receipt, lamport } = head;
      const outcome = await work(this.#transaction(line, head, early));
      if (head.receipt !== receipt || head.lamport !== lamport) saveHead(line, head);
      line.send({ text: 'commit' });
      // A failure among what was sent ends in a rollback all the same; the next may follow.
      passTurn();
      await line.sent();
      return outcome;
    } catch (error) {
      if (line !== null && !line.isCommitted) await this.#takeBack(line);
      throw error;
    } finally {
      passTurn();
    }
  }

  async #connect(): Promise<pg.PoolClient> {
    if (this.#client !== null) return this.#client;
    const client = await this.#pool.connect();
    this.#client = client;
    const lose = (): void => this.#drop(client, true);
    client.once('error', lose);
    client.once('end', lose);
    return client;
  }

  async #takeBack(line: Line): Promise<void> {
    await line.rollBack();
    if (line.broken !== undefined) this.#drop(line.client, true);
  }

  #drop(client: pg.PoolClient, broken: boolean): void {
    if (this.#client !== client) return;
    this.#client = null;
    client.release(broken);
  }

  async close(): Promise<void> {
    await this.#turn;
    if (this.#client !== null) this.#drop(this.#client, false);
    await this.#pool.end();
  }

  #transaction(client: Line, head: Head, early: EarlyReads | null): Transaction {
    const pathOf = this.#pathOf;
    const specimens = new SpecimenRows(client, this.#views(), pathOf);
    const over = (): void => early?.end();
    return {
      head,
      recorded: (ids) => early?.recorded(ids) ?? recorded(client, ids),
      numbered: (pairs) => early?.numbered(pairs) ?? numbered(client, pairs),
      factsOf: (subjects) => early?.factsOf(subjects) ?? factsOf(client, subjects),
      subjectsOf: (subjects) => subjectsOf(client, subjects),
      recordsOf: (keys) => specimens.read(keys, early?.kept(keys) ?? null),
      influencesOn: (subjects) => early?.influencesOn(subjects) ?? influencesOn(client, subjects),
      append: async (facts) => {
        over();
        append(client, facts);
      },
      saveSubjects: async (rows) => saveSubjects(client, rows, pathOf),
      saveRecords: async (rows) => {
        over();
        specimens.save(rows);
      },
      saveDerived: async (rows) => saveDerived(client, rows, pathOf),
      saveInfluences: async (bySource) => {
        over();
        saveInfluences(client, bySource);
      },
    };
  }
}

async function lockHead(line: Line): Promise<Head> {
  const [row] = await line.ask<Head & FactRow>({
    name: 'lock-head',
    text: `select receipt, lamport, device_seq as "deviceSeq" from ledger_head for update`,
  });
  if (row === undefined) throw new Error('ledger_head has lost its row');
  const { receipt, lamport, deviceSeq } = row;
  return { receipt, lamport, deviceSeq };
}

/**
 * What a unit of work was guessed to ask for, asked with its first breath and behind its lock, so
 * that all of it costs one journey. Good until something is written; a question beyond the guess
 * gets no answer here and is asked anew.
 */
class EarlyReads {
  readonly #hint: { readonly [K in keyof Omit<Hint, 'numbers'>]: ReadonlySet<string> };
  readonly #numbers: ReadonlySet<string>;
  readonly #recorded: ReturnType<typeof recorded>;
  readonly #numbered: ReturnType<typeof numbered>;
  readonly #facts: ReturnType<typeof factsOf>;
  readonly #influences: ReturnType<typeof influencesOn>;
  readonly #kept: ReturnType<typeof readKept>;
  #isOver = false;

  constructor(line: Line, { ids, numbers, subjects, keys }: Hint) {
    this.#hint = { ids: new Set(ids), subjects: new Set(subjects), keys: new Set(keys) };
    this.#numbers = new Set(numbers.map(nameOf));
    this.#recorded = recorded(line, ids);
    this.#numbered = numbered(line, numbers);
    this.#facts = factsOf(line, subjects);
    this.#influences = influencesOn(line, subjects);
    this.#kept = readKept(line, keys);
    // Whoever asks hears of a failure; a guess that nobody asks for is nobody's.
    const all = [this.#recorded, this.#numbered, this.#facts, this.#influences, this.#kept];
    for (const each of all) each.catch(() => undefined);
  }

  /** From now on everything is asked anew: something has been written. */
  end(): void {
    this.#isOver = true;
  }

  recorded(ids: readonly string[]): ReturnType<typeof recorded> | undefined {
    return this.#holds(this.#hint.ids, ids) ? this.#recorded : undefined;
  }

  numbered(pairs: Parameters<typeof numbered>[1]): ReturnType<typeof numbered> | undefined {
    return this.#holds(this.#numbers, pairs.map(nameOf)) ? this.#numbered : undefined;
  }

  factsOf(subjects: readonly string[]): ReturnType<typeof factsOf> | undefined {
    if (!this.#holds(this.#hint.subjects, subjects)) return undefined;
    const wanted = new Set(subjects);
    return this.#facts.then((facts) => facts.filter(({ subject }) => wanted.has(subject)));
  }

  influencesOn(subjects: readonly string[]): ReturnType<typeof influencesOn> | undefined {
    if (!this.#holds(this.#hint.subjects, subjects)) return undefined;
    const wanted = new Set(subjects);
    return this.#influences.then((all) => all.filter(({ fact }) => wanted.has(fact.subject)));
  }

  kept(keys: readonly string[]): ReturnType<typeof readKept> | undefined {
    if (!this.#holds(this.#hint.keys, keys)) return undefined;
    const wanted = new Set(keys);
    return this.#kept.then((rows) => rows.filter(({ tube }) => wanted.has(tube)));
  }

  #holds(guessed: ReadonlySet<string>, asked: readonly string[]): boolean {
    return !this.#isOver && asked.every((each) => guessed.has(each));
  }
}

function nameOf({ deviceId, deviceSeq }: Hint['numbers'][number]): string {
  return `${deviceId}/${deviceSeq}`;
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
  if (subjects.length === 0) return [];
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
