import type pg from 'pg';
import { daysBetween, type Day, dayOf } from '../../kernel/day.ts';
import type { Instant } from '../../kernel/instant.ts';
import {
  CoverageBook,
  dueOf,
  type EntryState,
  type RoundState,
} from '../../rooms/screening/index.ts';
import { inSnapshot, type Queryable } from './database.ts';
import type { Roster } from './roster.ts';

interface Tube {
  readonly [column: string]: unknown;
  readonly tube: string;
  readonly round: string | null;
  readonly members: readonly number[];
}

interface SpecimenChange extends Tube {
  readonly counted: boolean;
  readonly receipt: number;
  /** What it counted for before; null when it did not count. */
  readonly before: { readonly round: string; readonly members: readonly number[] } | null;
}

/** Tubes that are read at a time when a book is filled. */
const tubesPerPage = 50_000;

/**
 * Coverage of every round that somebody asks about, kept in memory and brought up to the record
 * before each answer: with any number of servers each answer is of the same record. Which tubes
 * were counted is not kept: the record has what a tube counted for before it changed.
 */
export class Coverages {
  readonly #books = new Map<string, CoverageBook>();
  /** Tubes and entries that name numbers not yet given out: they count as soon as those are. */
  readonly #tubesAhead = new Map<string, Tube>();
  readonly #entriesAhead = new Map<string, EntryState>();
  #roster: Roster;
  #specimenReceipt = 0;
  #entryReceipt = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(roster: Roster) {
    this.#roster = roster;
  }

  /** Uses a new roster: every book is built again when next asked for. */
  useRoster(roster: Roster): Promise<void> {
    return this.#inTurn(async () => {
      this.#roster = roster;
      this.#books.clear();
      this.#tubesAhead.clear();
      this.#entriesAhead.clear();
    });
  }

  /** Goes on with a roster that people joined or moved in: the books stay, unless two were one. */
  growRoster(roster: Roster): Promise<void> {
    if (roster.mergedInto.size !== this.#roster.mergedInto.size) return this.useRoster(roster);
    return this.#inTurn(async () => {
      const known = this.#roster.personCount;
      this.#roster = roster;
      for (const book of this.#books.values()) book.grow(roster.arrays, roster.changed);
      for (const tube of this.#tubesAhead.values()) this.#takeIn(tube, known);
      for (const [key, state] of this.#entriesAhead) {
        if (state.person > roster.personCount) continue;
        this.#entriesAhead.delete(key);
        const book = this.#books.get(state.round);
        if (book !== undefined) this.#applyEntry(state, book);
      }
    });
  }

  /** Counts the members of a tube who have joined since the register had `known` people. */
  #takeIn({ tube, round, members }: Tube, known: number): void {
    const { personCount } = this.#roster;
    const joined = members.filter((person) => person > known && person <= personCount);
    this.#books.get(round ?? '')?.addTube(joined, 1);
    if (!members.some((person) => person > personCount)) this.#tubesAhead.delete(tube);
  }

  /** The round's book, up to everything on record now; null when there is no such round. */
  book(pool: pg.Pool, round: string): Promise<CoverageBook | null> {
    return this.#inTurn(() => this.#bookNow(pool, round));
  }

  /** One after the other: a register that changes while a book is filled would fit neither. */
  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(run);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #bookNow(pool: pg.Pool, round: string): Promise<CoverageBook | null> {
    if (this.#books.size > 0) await this.#catchUp(pool);
    const known = this.#books.get(round);
    if (known !== undefined) return known;
    const state = await roundState(pool, round);
    if (state === null || state.stage === 'unknown') return null;
    const due = await this.#rosterOf(pool, state);
    const book = new CoverageBook(this.#roster.arrays, due);
    await inSnapshot(pool, async (client) => {
      if (this.#books.size === 0) await this.#startHere(client);
      await this.#fill(client, round, book);
    });
    this.#books.set(round, book);
    // What was recorded between the last look and the filling.
    await this.#catchUp(pool);
    return book;
  }

  async #startHere(client: Queryable): Promise<void> {
    const { rows } = await client.query<{ receipt: number }>('select receipt from ledger_head');
    this.#specimenReceipt = rows[0]?.receipt ?? 0;
    this.#entryReceipt = this.#specimenReceipt;
  }

  /** Who is owed: written down at the first question after the round was opened, then kept. */
  async #rosterOf(client: Queryable, state: RoundState): Promise<Uint8Array> {
    const size = this.#roster.personCount + 1;
    const stored = await client.query<{ bits: Buffer }>(
      'select bits from round_rosters where round = $1',
      [state.round],
    );
    const bits = stored.rows[0]?.bits;
    if (bits !== undefined) return this.#withoutMerged(unpack(bits, size));
    const startsOnDay = epochDay(dayOf(state.startsAt ?? (0 as Instant), 480));
    const due = dueOf(this.#roster.arrays, { areas: state.areas, group: state.group, startsOnDay });
    await client.query(
      'insert into round_rosters (round, persons, bits) values ($1, $2, $3) on conflict do nothing',
      [state.round, due.reduce((sum, mark) => sum + mark, 0), pack(due)],
    );
    return due;
  }

  /** Rule PE-18. What was owed to a number that is another person's is owed to that person. */
  #withoutMerged(due: Uint8Array): Uint8Array {
    for (const [person, into] of this.#roster.mergedInto) {
      if (due[person] === 1) due[into] = 1;
      due[person] = 0;
    }
    return due;
  }

  /** Counts what stood at the receipt that the other books are at: in one snapshot. */
  async #fill(client: Queryable, round: string, book: CoverageBook): Promise<void> {
    for (let after = ''; ;) {
      const { rows } = await client.query<{ last: string | null; bytes: Buffer | null }>({
        name: 'coverage-fill',
        text: `select max(tube) as last, string_agg(array_send(members), '') as bytes from (
            select tube, members from specimens
            where round = $1 and counted and coverage_receipt <= $2 and tube > $3
            order by tube limit $4) page`,
        values: [round, this.#specimenReceipt, after, tubesPerPage],
      });
      const { last, bytes } = rows[0] ?? { last: null, bytes: null };
      if (last === null || bytes === null) break;
      const ahead = this.#countMembers(bytes, book);
      if (ahead) await this.#noteAhead(client, round, { after, last });
      after = last;
    }
    const changed = await client.query<Tube>({
      name: 'coverage-fill-changed',
      text: `select tube, round, members from coverage_changes
        where receipt > $1 and since_receipt <= $1`,
      values: [this.#specimenReceipt],
    });
    for (const tube of changed.rows) if (tube.round === round) this.#addTube(tube, book, 1);
    const entries = await client.query<{ state: EntryState }>({
      name: 'coverage-fill-entries',
      text: `select state from subjects
        where prefix = 'entry' and subject like $1 and receipt <= $2`,
      values: [`entry:${round}/%`, this.#entryReceipt],
    });
    for (const { state } of entries.rows) this.#applyEntry(state, book);
  }

  /**
   * Counts the members of many tubes, as PostgreSQL sends arrays: 20 bytes of head, then length
   * and value of each. Answers whether some are ahead of the register.
   */
  #countMembers(bytes: Buffer, book: CoverageBook): boolean {
    let isAhead = false;
    for (let at = 0; at < bytes.length;) {
      const size = bytes.readInt32BE(at) === 0 ? 0 : bytes.readInt32BE(at + 12);
      at += size === 0 ? 12 : 20;
      const members = new Int32Array(size);
      for (let index = 0; index < size; index++)
        members[index] = bytes.readInt32BE(at + index * 8 + 4);
      at += size * 8;
      const persons = this.#persons(members);
      book.addTube(persons, 1);
      isAhead ||= persons.some((person) => person > this.#roster.personCount);
    }
    return isAhead;
  }

  /** Each person of a tube once, under the number that counts. */
  #persons(members: ArrayLike<number>): number[] {
    const persons: number[] = [];
    for (let index = 0; index < members.length; index++) {
      const person = this.#roster.personOf(members[index] as number);
      if (!persons.includes(person)) persons.push(person);
    }
    return persons;
  }

  async #noteAhead(
    client: Queryable,
    round: string,
    { after, last }: { readonly after: string; readonly last: string },
  ): Promise<void> {
    const { rows } = await client.query<Tube>({
      name: 'coverage-ahead',
      text: `select tube, round, members from specimens where round = $1 and counted
        and coverage_receipt <= $2 and tube > $3 and tube <= $4 and $5 < any(members)`,
      values: [round, this.#specimenReceipt, after, last, this.#roster.personCount],
    });
    for (const tube of rows) this.#tubesAhead.set(tube.tube, tube);
  }

  async #catchUp(client: Queryable): Promise<void> {
    const { rows } = await client.query<SpecimenChange>({
      name: 'coverage-catch-up',
      text: `select s.tube, s.round, s.members, s.counted, s.coverage_receipt as receipt,
          (select json_build_object('round', c.round, 'members', c.members)
           from coverage_changes c
           where c.tube = s.tube and c.receipt > $1 and c.since_receipt <= $1) as before
        from specimens s where s.coverage_receipt > $1`,
      values: [this.#specimenReceipt],
    });
    for (const change of rows) this.#applyTube(change);
    const entries = await client.query<{ state: EntryState; receipt: number }>({
      name: 'coverage-catch-up-entries',
      text: `select state, receipt from subjects where receipt > $1 and prefix = 'entry'`,
      values: [this.#entryReceipt],
    });
    for (const { state, receipt } of entries.rows) {
      this.#entryReceipt = Math.max(this.#entryReceipt, receipt);
      const book = this.#books.get(state.round);
      if (book !== undefined) this.#applyEntry(state, book);
    }
  }

  #applyTube(change: SpecimenChange): void {
    const { tube, round, members, counted, receipt, before } = change;
    this.#specimenReceipt = Math.max(this.#specimenReceipt, receipt);
    const earlier = this.#books.get(before?.round ?? '');
    if (before !== null && earlier !== undefined) this.#addTube({ tube, ...before }, earlier, -1);
    const book = this.#books.get(round ?? '');
    if (counted && book !== undefined) this.#addTube({ tube, round, members }, book, 1);
  }

  #addTube(tube: Tube, book: CoverageBook, by: 1 | -1): void {
    const members = this.#persons(tube.members);
    book.addTube(members, by);
    this.#tubesAhead.delete(tube.tube);
    if (by === 1 && members.some((person) => person > this.#roster.personCount)) {
      this.#tubesAhead.set(tube.tube, { ...tube, members });
    }
  }

  #applyEntry(state: EntryState, book: CoverageBook): void {
    if (state.person > this.#roster.personCount) {
      this.#entriesAhead.set(`${state.round}/${state.person}`, state);
      return;
    }
    const person = this.#roster.personOf(state.person);
    if (state.walkIn) book.addWalkIn(person);
    // What was withdrawn under one number of a person may still stand under the other.
    if (person === state.person || state.disposition !== null) {
      book.setDisposition(person, state.disposition);
    }
  }
}

async function roundState(client: Queryable, round: string): Promise<RoundState | null> {
  const { rows } = await client.query<{ state: RoundState }>(
    'select state from subjects where subject = $1',
    [`round:${round}`],
  );
  return rows[0]?.state ?? null;
}

/** Days since 1970-01-01. */
function epochDay(day: Day): number {
  return daysBetween('1970-01-01' as Day, day);
}

/** One bit a person, least bit first. */
export function pack(marks: Uint8Array): Buffer {
  const bits = Buffer.alloc((marks.length + 7) >> 3);
  marks.forEach((mark, person) => {
    if (mark === 1) bits[person >> 3] = (bits[person >> 3] as number) | (1 << (person & 7));
  });
  return bits;
}

function unpack(bits: Buffer, size: number): Uint8Array {
  const marks = new Uint8Array(size);
  for (let person = 0; person < Math.min(size, bits.length * 8); person++) {
    marks[person] = ((bits[person >> 3] as number) >> (person & 7)) & 1;
  }
  return marks;
}
