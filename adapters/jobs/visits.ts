import type { FactDraft } from '../../ledger/fact.ts';
import { draftsMax, recordDrafts } from '../../ledger/perform.ts';
import { keptAs } from '../../ledger/room.ts';
import { type EntryState, settlesEntry } from '../../rooms/screening/index.ts';
import type { ServerContext } from '../http/context.ts';

/** Commits come in bursts; visits are looked at once in a while, not once a commit. */
const lookMs = 1_000;

interface Entry {
  readonly [column: string]: unknown;
  readonly subject: string;
  readonly state: EntryState;
  readonly receipt: number;
}

type Visit = readonly [subject: string, state: EntryState];

interface SampledIn {
  readonly [column: string]: unknown;
  readonly person: number;
  readonly tube: string;
  readonly sampledAt: number;
}

type Tubes = Map<number, SampledIn>;

const system = { account: 'system', grants: [] };

/**
 * Rule SC-7. A person who refused or waited at home and was then sampled is owed no visit, and is
 * owed one again when that sample no longer counts. Whoever fills a tube does not know of the
 * refusal, and ten rows a tube would tell everybody who has none; so the few who are owed a visit
 * are looked at after commits, and what is seen is put on record.
 */
export class VisitWatch {
  readonly #context: ServerContext;
  /** Everybody who is owed a visit, or was until they were sampled. */
  readonly #visits = new Map<string, EntryState>();
  #receipt = 0;
  /** The receipt up to which a look has been finished. */
  #looked = 0;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(context: ServerContext) {
    this.#context = context;
    context.onCommit(() => this.#soon());
    this.#soon();
  }

  /** Waits for the look under way and takes no more. */
  async close(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#looking;
  }

  #soon(): void {
    if (this.#timer !== null || this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      // What could not be seen now is seen after the next commit.
      this.#looking = this.#looking.then(() => this.look()).catch(() => undefined);
    }, lookMs);
  }

  /** Looks once at everybody who is owed a visit, or was until they were sampled. */
  async look(): Promise<void> {
    const { pool, coverages, lastReceipt } = this.#context;
    const until = lastReceipt();
    await this.#catchUp();
    const byRound = Map.groupBy(this.#visits, ([, { round }]) => round);
    for (const [round, visits] of byRound) {
      const book = await coverages.book(pool, round);
      if (book === null) continue;
      const changed = visits.filter(
        ([, { person, sampledAt }]) => book.tubesOf(person) > 0 !== (sampledAt !== null),
      );
      if (changed.length === 0) continue;
      const tubes = await this.#tubesOf(round, changed);
      for (let from = 0; from < changed.length; from += draftsMax) {
        if (this.#stopped) return;
        await this.#record(changed.slice(from, from + draftsMax), tubes);
      }
    }
    this.#looked = until;
  }

  /** Reads the entries that have changed since the last look. */
  async #catchUp(): Promise<void> {
    const { rows } = await this.#context.pool.query<Entry>(
      `select subject, state, receipt from subjects where prefix = 'entry' and receipt > $1`,
      [this.#receipt],
    );
    for (const { subject, state, receipt } of rows) {
      this.#receipt = Math.max(this.#receipt, receipt);
      if (state.disposition === null || settlesEntry(state)) this.#visits.delete(subject);
      else this.#visits.set(subject, state);
    }
  }

  /** Puts what has changed on record, as many together as one act may hold. */
  async #record(visits: readonly Visit[], tubes: Tubes): Promise<void> {
    const { writer, clock } = this.#context;
    const request = { actId: `visit-${crypto.randomUUID()}`, at: clock.now() };
    await writer.submit(async (work) => {
      // Another server may have seen the same: the record decides.
      const states = await work.states(visits.map(([subject]) => subject));
      const drafts = visits.flatMap(([subject, { place, person, sampledAt }]): FactDraft[] => {
        const isRecorded = keptAs<EntryState>(states.get(subject)).sampledAt !== null;
        if (place === null || isRecorded !== (sampledAt !== null)) return [];
        if (isRecorded) return [{ kind: 'screening.sample-lost', subject, place, body: {} }];
        const tube = tubes.get(person);
        if (tube === undefined) return [];
        const body = { tube: tube.tube, sampledAt: tube.sampledAt };
        return [{ kind: 'screening.person-sampled', subject, place, body }];
      });
      if (drafts.length > 0) await recordDrafts(work, request, system, drafts);
    });
  }

  /** The tube that counts for each of the visits that are owed no more. */
  async #tubesOf(round: string, visits: readonly Visit[]): Promise<Tubes> {
    const persons = visits
      .filter(([, { sampledAt }]) => sampledAt === null)
      .map(([, { person }]) => person);
    const tubes = await this.#tubesSince(round, persons, this.#looked);
    // Who refused after being sampled is in a tube of before the last look.
    const missing = persons.filter((person) => !tubes.has(person));
    if (missing.length === 0) return tubes;
    return new Map([...(await this.#tubesSince(round, missing, 0)), ...tubes]);
  }

  async #tubesSince(round: string, persons: number[], since: number): Promise<Tubes> {
    const { rows } = await this.#context.pool.query<SampledIn>(
      `select distinct on (person) person, tube, since_ms as "sampledAt"
       from specimens cross join unnest(members) as person
         join unnest($2::integer[]) as asked on asked = person
       where round = $1 and counted and coverage_receipt > $3
       order by person, since_ms, tube`,
      [round, persons, since],
    );
    return new Map(rows.map((row) => [row.person, row]));
  }
}
