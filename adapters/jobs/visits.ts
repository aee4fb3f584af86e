import { recordDrafts } from '../../ledger/perform.ts';
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
      this.#looking = this.look().catch(() => undefined);
    }, lookMs);
  }

  /** Looks once at everybody who is owed a visit, or was until they were sampled. */
  async look(): Promise<void> {
    await this.#catchUp();
    const { pool, coverages } = this.#context;
    const byRound = Map.groupBy(this.#visits, ([, { round }]) => round);
    for (const [round, visits] of byRound) {
      const book = await coverages.book(pool, round);
      for (const [subject, state] of visits) {
        if (this.#stopped || book === null) return;
        const isSampled = book.tubesOf(state.person) > 0;
        if (isSampled === (state.sampledAt !== null)) continue;
        await this.#record(subject, state, isSampled);
      }
    }
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

  async #record(subject: string, state: EntryState, isSampled: boolean): Promise<void> {
    const { writer, clock } = this.#context;
    const body = isSampled ? await this.#tubeOf(state) : {};
    if (body === null || state.place === null) return;
    const kind = isSampled ? 'screening.person-sampled' : 'screening.sample-lost';
    const request = { actId: `visit-${crypto.randomUUID()}`, at: clock.now() };
    const draft = { kind, subject, place: state.place, body };
    await writer.submit(async (work) => {
      // Another server may have seen the same: the record decides.
      const held = keptAs<EntryState>((await work.states([subject])).get(subject));
      if ((held.sampledAt !== null) === isSampled) return;
      await recordDrafts(work, request, { account: 'system', grants: [] }, [draft]);
    });
  }

  async #tubeOf({
    round,
    person,
  }: EntryState): Promise<{ tube: string; sampledAt: number } | null> {
    const { rows } = await this.#context.pool.query<{ tube: string; sampledAt: number }>(
      `select tube, since_ms as "sampledAt" from specimens
       where round = $1 and counted and members @> array[$2::integer]
       order by since_ms, tube limit 1`,
      [round, person],
    );
    return rows[0] ?? null;
  }
}
