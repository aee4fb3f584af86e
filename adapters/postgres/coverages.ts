import { daysBetween, type Day, dayOf } from '../../kernel/day.ts';
import type { Instant } from '../../kernel/instant.ts';
import {
  CoverageBook,
  dueOf,
  type EntryState,
  type RoundState,
} from '../../rooms/screening/index.ts';
import type { Queryable } from './database.ts';
import type { Roster } from './roster.ts';

interface Tube {
  readonly round: string;
  readonly members: readonly number[];
}

interface SpecimenChange {
  readonly tube: string;
  readonly round: string | null;
  readonly members: number[];
  readonly counted: boolean;
  readonly receipt: number;
}

/**
 * Coverage of every round that somebody asks about, kept in memory and brought up to the record
 * before each answer: with any number of servers each answer is of the same record.
 */
export class Coverages {
  readonly #books = new Map<string, CoverageBook>();
  readonly #tubes = new Map<string, Tube>();
  /** Tubes and entries that name numbers not yet given out: they count as soon as those are. */
  readonly #tubesAhead = new Set<string>();
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
      this.#tubes.clear();
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
      for (const book of this.#books.values()) book.grow(roster.arrays);
      for (const tube of this.#tubesAhead) this.#takeIn(tube, known);
      for (const [key, state] of this.#entriesAhead) {
        if (state.person > roster.personCount) continue;
        this.#entriesAhead.delete(key);
        this.#applyEntry(state);
      }
    });
  }

  /** Counts the members of a tube who have joined since the register had `known` people. */
  #takeIn(tube: string, known: number): void {
    const { round, members } = this.#tubes.get(tube) ?? { round: '', members: [] };
    const { personCount } = this.#roster;
    const joined = members.filter((person) => person > known && person <= personCount);
    this.#books.get(round)?.addTube(joined, 1);
    if (!members.some((person) => person > personCount)) this.#tubesAhead.delete(tube);
  }

  /** The round's book, up to everything on record now; null when there is no such round. */
  book(client: Queryable, round: string): Promise<CoverageBook | null> {
    return this.#inTurn(() => this.#bookNow(client, round));
  }

  /** One after the other: a register that changes while a book is filled would fit neither. */
  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(run);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #bookNow(client: Queryable, round: string): Promise<CoverageBook | null> {
    if (this.#books.size > 0) await this.#catchUp(client);
    const known = this.#books.get(round);
    if (known !== undefined) return known;
    const state = await roundState(client, round);
    if (state === null || state.stage === 'unknown') return null;
    const due = await this.#rosterOf(client, state);
    const book = new CoverageBook(this.#roster.arrays, due);
    if (this.#books.size === 0) await this.#startHere(client);
    this.#books.set(round, book);
    await this.#fill(client, round, book);
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

  async #fill(client: Queryable, round: string, book: CoverageBook): Promise<void> {
    const { rows } = await client.query<SpecimenChange>({
      name: 'coverage-fill',
      text: `select tube, round, members, counted, coverage_receipt as receipt from specimens
        where round = $1 and counted and coverage_receipt <= $2`,
      values: [round, this.#specimenReceipt],
    });
    for (const { tube, members } of rows) this.#addTube(tube, { round, members }, book);
    const entries = await client.query<{ state: EntryState }>({
      name: 'coverage-fill-entries',
      text: `select state from subjects
        where prefix = 'entry' and subject like $1 and receipt <= $2`,
      values: [`entry:${round}/%`, this.#entryReceipt],
    });
    for (const { state } of entries.rows) this.#applyEntry(state);
  }

  async #catchUp(client: Queryable): Promise<void> {
    const { rows } = await client.query<SpecimenChange>({
      name: 'coverage-catch-up',
      text: `select tube, round, members, counted, coverage_receipt as receipt from specimens
        where coverage_receipt > $1`,
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
      this.#applyEntry(state);
    }
  }

  #applyTube({ tube, round, members, counted, receipt }: SpecimenChange): void {
    this.#specimenReceipt = Math.max(this.#specimenReceipt, receipt);
    const before = this.#tubes.get(tube);
    if (before !== undefined) this.#books.get(before.round)?.addTube(before.members, -1);
    this.#tubes.delete(tube);
    this.#tubesAhead.delete(tube);
    if (!counted || round === null) return;
    const book = this.#books.get(round);
    if (book !== undefined) this.#addTube(tube, { round, members }, book);
  }

  #addTube(tube: string, { round, members }: Tube, book: CoverageBook): void {
    const held = { round, members: [...new Set(members.map(this.#roster.personOf))] };
    book.addTube(held.members, 1);
    this.#tubes.set(tube, held);
    if (held.members.some((person) => person > this.#roster.personCount))
      this.#tubesAhead.add(tube);
  }

  #applyEntry(state: EntryState): void {
    const book = this.#books.get(state.round);
    if (book === undefined) return;
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
