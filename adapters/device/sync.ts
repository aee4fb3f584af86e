import {
  initialOutbox,
  type OutboxEffect,
  type OutboxEvent,
  type OutboxState,
  type SendFailure,
  type Settlement,
  step,
} from '../../ledger/outbox.ts';
import { defaultPace, type OutboxPace } from '../../ledger/outbox-pace.ts';
import type { FactEnvelope } from '../../ledger/fact.ts';
import { type DeviceReport, type FactsRequest, parseAnswer } from '../../ledger/wire.ts';
import { Fault } from '../fault.ts';

/** What came back for a batch: an answer as it was read, or why there is none. */
export type PostOutcome =
  | { readonly kind: 'answered'; readonly body: unknown }
  | { readonly kind: 'failed'; readonly failure: SendFailure };

/** What a sync is given of the world: the app and the simulation give their own. */
export interface SyncPorts {
  /**
   * Facts that wait, oldest number first, at most so many; none that is delivered or set aside.
   * Only those of the account that is signed in: headquarters names the sender as their author.
   */
  readonly next: (sizeMax: number) => Promise<readonly FactEnvelope[]>;
  /** Keeps what an answer settled, in one transaction. Throws when the device cannot keep it. */
  readonly settle: (settlement: Settlement) => Promise<void>;
  /** What the device says of itself beside the batch. */
  readonly report: () => DeviceReport | Promise<DeviceReport>;
  /** Sends a batch. What it throws counts as no answer; the signal says that it is given up. */
  readonly post: (request: FactsRequest, signal: AbortSignal) => Promise<PostOutcome>;
  /** Milliseconds of a clock that never jumps. */
  readonly clock: () => number;
  /** A draw in [0, 1). */
  readonly draw: () => number;
  /** Calls back once after so many milliseconds; gives what takes it back. */
  readonly timer: (ms: number, ring: () => void) => () => void;
}

interface SyncOptions {
  readonly pace?: OutboxPace;
  /** A batch without an answer for so long is given up, and sent again later. */
  readonly postMsMax?: number;
  /** Called after every change of the state. */
  readonly changed?: (state: OutboxState) => void;
}

type Pushed = 'kept' | 'online' | 'offline' | 'signed-in' | 'retried';

/**
 * Drives the outbox (`ledger/outbox.ts`): carries out its effects one after another and tells it
 * what came of them. What an answer settles is kept before the next batch is asked for; if the
 * device cannot keep it, the batch counts as not answered and is sent again later.
 */
export class Sync {
  readonly #ports: SyncPorts;
  readonly #options: SyncOptions;
  #state: OutboxState;
  #cancelTimer: (() => void) | null = null;
  /** Gives up the batch in flight. */
  #giveUp: (() => void) | null = null;
  readonly #events: OutboxEvent[] = [];
  #isRunning = false;
  #isClosed = false;
  #work: Promise<unknown> = Promise.resolve();

  constructor(ports: SyncPorts, options: SyncOptions = {}) {
    this.#ports = ports;
    this.#options = options;
    this.#state = initialOutbox(options.pace ?? defaultPace);
  }

  /** Where the outbox stands, for the state of sync on screen. */
  get state(): OutboxState {
    return this.#state;
  }

  /** Begins: whatever waits from before is sent. Also "try now". */
  wake(): void {
    this.#push({ kind: 'online' });
  }

  /** Tells of something that happened on the device. */
  tell(kind: Pushed): void {
    this.#push({ kind });
  }

  /** Gives up what is in flight and does nothing more; what waits stays on the device. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#setTimer(null);
    this.#giveUp?.();
    await this.#work;
  }

  #push(event: OutboxEvent): void {
    if (this.#isClosed) return;
    this.#events.push(event);
    if (!this.#isRunning) this.#work = this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    try {
      for (let event = this.#events.shift(); event !== undefined; event = this.#events.shift()) {
        if (!this.#isClosed) await this.#advance(event);
      }
    } finally {
      this.#isRunning = false;
    }
  }

  async #advance(event: OutboxEvent): Promise<void> {
    const moment = { now: this.#ports.clock(), draw: this.#ports.draw() };
    const pace = this.#options.pace ?? defaultPace;
    const { failures } = this.#state;
    const { state, effects } = step(this.#state, event, { ...moment, pace });
    this.#state = state;
    if (state.phase !== 'resting') this.#setTimer(null);
    for (const effect of effects) {
      const isDone = await this.#carryOut(effect, failures);
      if (!isDone || this.#isClosed) break;
    }
    this.#options.changed?.(this.#state);
  }

  /** False when what follows must not be done. `failures` is how many there were before. */
  async #carryOut(effect: OutboxEffect, failures: number): Promise<boolean> {
    switch (effect.kind) {
      case 'settle':
        return this.#settle(effect.settlement, failures);
      case 'wake':
        this.#setTimer(effect.at);
        return true;
      case 'send':
        void this.#send(effect.batch, effect.sizeMax);
        return true;
    }
  }

  async #settle(settlement: Settlement, failures: number): Promise<boolean> {
    try {
      await this.#ports.settle(settlement);
      return true;
    } catch (error) {
      const { batch, phase } = this.#state;
      // Nothing was kept, so the items are still waiting: that is as if nobody had answered, and
      // each time it happens the outbox rests longer.
      if (phase === 'sending') {
        this.#state = { ...this.#state, failures };
        this.#events.unshift({ kind: 'failed', batch, sent: [], failure: failureOf(error) });
        return false;
      }
      return true;
    }
  }

  /** Runs beside the events. Its outcome comes back as one, even when it was given up by then. */
  async #send(batch: number, sizeMax: number): Promise<void> {
    let sent: readonly string[] = [];
    try {
      const facts = await this.#ports.next(sizeMax);
      if (facts.length === 0) return this.#push({ kind: 'drained', batch });
      sent = facts.map(({ id }) => id);
      const device = await this.#ports.report();
      const began = this.#ports.clock();
      const outcome = await this.#post({ facts, device }, { batch, sent });
      if (outcome.kind === 'failed') {
        return this.#push({ kind: 'failed', batch, sent, failure: outcome.failure });
      }
      const answer = parseAnswer(outcome.body);
      if (answer === null) {
        return this.#push({ kind: 'failed', batch, sent, failure: unreadable });
      }
      const tookMs = this.#ports.clock() - began;
      this.#push({ kind: 'answered', batch, sent, answer, tookMs });
    } catch (error) {
      this.#push({ kind: 'failed', batch, sent, failure: failureOf(error) });
    }
  }

  async #post(
    request: FactsRequest,
    { batch, sent }: { batch: number; sent: readonly string[] },
  ): Promise<PostOutcome> {
    const controller = new AbortController();
    const giveUp = (): void => {
      this.#push({ kind: 'failed', batch, sent, failure: tooLate });
      controller.abort();
    };
    const cancel = this.#ports.timer(this.#options.postMsMax ?? postMsMax, giveUp);
    this.#giveUp = giveUp;
    try {
      return await this.#ports.post(request, controller.signal);
    } finally {
      cancel();
      if (this.#giveUp === giveUp) this.#giveUp = null;
    }
  }

  #setTimer(at: number | null): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    if (at === null || this.#isClosed) return;
    const ms = Math.max(0, at - this.#ports.clock());
    this.#cancelTimer = this.#ports.timer(ms, () => {
      this.#cancelTimer = null;
      this.#push({ kind: 'woken' });
    });
  }
}

/** Thirty seconds: fifteen times the round trip that batches are sized for. */
const postMsMax = 30_000;

const noAnswer = { status: null, timedOut: false, retryAfterMs: null };

const tooLate: SendFailure = {
  ...noAnswer,
  timedOut: true,
  code: 'outbox.no-answer-in-time',
  detail: 'no answer in time',
};

const unreadable: SendFailure = {
  ...noAnswer,
  code: 'outbox.unreadable-answer',
  detail: 'what came back is no answer of headquarters; a network may ask to sign in first',
};

function failureOf(error: unknown): SendFailure {
  const detail = error instanceof Error ? error.message : 'unknown';
  return { ...noAnswer, code: error instanceof Fault ? error.code : 'outbox.unreachable', detail };
}
