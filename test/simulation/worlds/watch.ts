import type { PostOutcome } from '../../../adapters/device/sync.ts';
import { minuteMs } from '../../../kernel/instant.ts';
import type { OutboxState, Settlement } from '../../../ledger/outbox.ts';
import { defaultPace, type OutboxPace } from '../../../ledger/outbox-pace.ts';
import { type FactsRequest, parseAnswer } from '../../../ledger/wire.ts';
import type { Schedule } from './schedule.ts';

interface WatchWorld {
  readonly schedule: Schedule;
  readonly fail: (what: string) => void;
}

/**
 * As in production, but with longer rests: a phone that is offline for weeks would otherwise spend
 * them, and the machine's time, on attempts that all end alike.
 */
export const pace: OutboxPace = { ...defaultPace, restMsMax: 30 * minuteMs };

/** The longest that a phone's storage takes to answer: cheap phones are slow. */
export const storageMsMax = 60;

/** Sooner for one batch than for the next, so that batches may leave closer than rests are long. */
const restMsMin = pace.restMsMin - storageMsMax;

type Fate = 'none-settled' | 'settled' | 'refused' | 'failed' | 'signed-out';

/**
 * Looks over the shoulder of one phone's sync, from the line: what an outbox must never do
 * whatever the weather, told by what it sends and when.
 */
export class Watch {
  readonly #name: string;
  readonly #world: WatchWorld;
  #inFlight = 0;
  #postedAt = Number.NEGATIVE_INFINITY;
  #fate: Fate = 'settled';
  #notBefore = 0;
  #batchMax: number | null = null;
  #isSignedOut = false;
  #failuresInRow = 0;
  /** As it was before the last outcome, which may turn out not to be kept. */
  #failuresBefore = 0;
  #loneRefusals = 0;
  #refusedAloneAt = Number.NEGATIVE_INFINITY;
  /** Faults of the server in a row over one item alone. */
  #loneFaults: { id: string; times: number } = { id: '', times: 0 };
  #sent: readonly string[] = [];
  #silences = new Map<string, number>();
  /** What the last answer refused, by id; null when there was no answer. */
  #refused: ReadonlySet<string | null> | null = null;

  constructor(name: string, world: WatchWorld) {
    this.#name = name;
    this.#world = world;
  }

  /** A new run of the app knows nothing of the last one's troubles. */
  opened(): void {
    this.#inFlight = 0;
    this.#postedAt = Number.NEGATIVE_INFINITY;
    this.#fate = 'settled';
    this.#notBefore = 0;
    this.#batchMax = null;
    this.#isSignedOut = false;
    this.#failuresInRow = 0;
    this.#loneRefusals = 0;
    this.#loneFaults = { id: '', times: 0 };
    this.#silences = new Map();
  }

  /** Somebody signed in on the phone. */
  signedIn(): void {
    this.#isSignedOut = false;
  }

  /** A batch leaves the phone. */
  posting({ facts }: FactsRequest, signal: AbortSignal): void {
    const { now } = this.#world.schedule;
    const rest = now - this.#postedAt;
    const mustRest = this.#fate === 'none-settled' || this.#fate === 'failed';
    if (this.#inFlight > 0) this.#fail('sends a batch while another is on its way');
    if (this.#isSignedOut) this.#fail('sends although nobody is signed in');
    if (facts.length > (this.#batchMax ?? Infinity)) this.#fail('sends more than the server takes');
    if (now < this.#notBefore) this.#fail('sends before the server asked it to');
    if (mustRest && rest < restMsMin) this.#fail(`rests ${rest} ms after a failure`);
    this.#inFlight += 1;
    this.#postedAt = now;
    this.#sent = facts.map(({ id }) => id);
    signal.addEventListener('abort', () => this.#endedWithout(), { once: true });
  }

  /** What came back, if the phone still waited for it. */
  posted(outcome: PostOutcome, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#inFlight = Math.max(0, this.#inFlight - 1);
    const { now } = this.#world.schedule;
    if (outcome.kind === 'failed') {
      const { status, retryAfterMs } = outcome.failure;
      const asked = Math.min(retryAfterMs ?? 0, pace.retryAfterMsMax);
      this.#notBefore = Math.max(this.#notBefore, now + asked);
      this.#failed(status);
      return;
    }
    const answer = parseAnswer(outcome.body);
    if (answer === null) return this.#failed(null);
    this.#batchMax = answer.batchMax;
    this.#refused = new Set(answer.refused.map(({ id }) => id));
    const told = new Set([...answer.known, ...answer.accepted.map(({ id }) => id)]);
    const refused = answer.refused.map(({ index, id }) => (this.#sent[index] === id ? id : null));
    for (const id of refused) if (id !== null) told.add(id);
    for (const id of this.#sent) {
      if (!told.has(id)) this.#silences.set(id, (this.#silences.get(id) ?? 0) + 1);
    }
    const isSilent = this.#sent.every((id) => !told.has(id));
    this.#fate = isSilent ? 'none-settled' : 'settled';
    this.#failuresBefore = this.#failuresInRow;
    this.#failuresInRow = isSilent ? this.#failuresInRow + 1 : 0;
    if (answer.accepted.length + answer.known.length > 0) this.#loneRefusals = 0;
    this.#loneFaults = { id: '', times: 0 };
  }

  /** Nothing came back, and the phone knows it. */
  unanswered(signal: AbortSignal): void {
    if (!signal.aborted) this.#endedWithout();
  }

  #endedWithout(): void {
    this.#inFlight = Math.max(0, this.#inFlight - 1);
    this.#failed(null);
  }

  #failed(status: number | null): void {
    this.#failuresBefore = this.#failuresInRow;
    this.#failuresInRow += 1;
    this.#fate = 'failed';
    this.#refused = null;
    const alone = this.#sent.length === 1 ? (this.#sent[0] ?? '') : '';
    if (status === 401) {
      this.#isSignedOut = true;
      this.#fate = 'signed-out';
    } else if (status === 500 && alone !== '') {
      const { id, times } = this.#loneFaults;
      this.#loneFaults = { id: alone, times: id === alone ? times + 1 : 1 };
    } else if (status !== null && [400, 403, 413].includes(status)) {
      this.#fate = 'refused';
      if (alone !== '') this.#refusedAlone();
    }
  }

  #refusedAlone(): void {
    // From sending to sending, as the outbox counts.
    const isSoon = this.#postedAt - this.#refusedAloneAt < restMsMin;
    if (this.#loneRefusals >= pace.loneRefusalsMax && isSoon) {
      this.#fail('sets aside item after item without a rest');
    }
    this.#loneRefusals += 1;
    this.#refusedAloneAt = this.#postedAt;
  }

  /** What the outbox is about to keep. */
  settling({ delivered, setAside }: Settlement): void {
    if (this.#fate === 'none-settled' && setAside.length > 0) this.#fate = 'settled';
    for (const { id } of delivered) {
      if (!this.#sent.includes(id)) this.#fail(`marks ${id} delivered, which it did not send`);
    }
    for (const { id, code } of setAside) {
      if (!this.#sent.includes(id)) this.#fail(`sets ${id} aside, which it did not send`);
      const isRefused = this.#refused === null || this.#refused.has(id);
      if (!isRefused && code !== 'outbox.unanswered') {
        this.#fail(`sets ${id} aside, which was not refused`);
      }
      const { id: alone, times } = this.#loneFaults;
      const isProven = alone === id && times >= pace.faultsMax;
      if (code === 'outbox.server-fault' && !isProven) this.#fail(`sets ${id} aside too early`);
      const silences = this.#silences.get(id) ?? 0;
      if (code === 'outbox.unanswered' && silences < pace.silencesMax) {
        this.#fail(`sets ${id} aside after ${silences} silences`);
      }
      this.#silences.delete(id);
    }
    for (const { id } of delivered) this.#silences.delete(id);
  }

  /** The disk could not keep what was settled. */
  unsettled(): void {
    this.#failuresInRow = this.#failuresBefore + 1;
    this.#fate = 'failed';
  }

  /** Where the outbox stands after each event. */
  state({ phase, nextTryAt, failures }: OutboxState): void {
    const { now } = this.#world.schedule;
    if (failures > this.#failuresInRow) this.#fail('counts failures from before a success');
    if (phase !== 'resting' || nextTryAt === null) return;
    const longest = Math.max(pace.restMsMax, this.#notBefore - now);
    if (nextTryAt - now > longest) this.#fail(`rests for ${nextTryAt - now} ms`);
  }

  #fail(what: string): void {
    this.#world.fail(`outbox: ${this.#name} ${what}`);
  }
}
