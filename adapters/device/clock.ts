import { instant, type Instant } from '../../kernel/instant.ts';

/** The device's two clocks: one that people set, and one that only ever runs. */
export interface Clocks {
  /** Milliseconds since 1970 as the system believes; it may jump. */
  readonly wall: () => number;
  /** Milliseconds since some moment; it never jumps. */
  readonly monotonic: () => number;
}

/** What the clock knows of headquarters' time, as it is kept over a restart. */
export interface ClockKnowledge {
  /** How far the system's clock was ahead when headquarters last answered. */
  readonly aheadMs: number;
}

/** The system's clock has been set back when it falls behind the other by more than this. */
const jumpMsMin = 2_000;

/**
 * Dates what the device records with headquarters' time as last learnt. Order never comes from it.
 *
 * Set back while the program runs, the system's clock is caught by the one that only runs, and no
 * date changes. Set forward it looks the same as a phone that slept, because the running clock
 * stands still in the sleep of many systems; sleep is what happens every day, so it is taken for
 * that. Then, and over a restart, dates are as wrong as the clock until headquarters answers
 * again; `aheadMs` tells by how much.
 */
export class DeviceClock {
  readonly #clocks: Clocks;
  #aheadMs: number | null;
  #wallAt: number;
  #runAt: number;

  constructor(clocks: Clocks, known: ClockKnowledge | null) {
    this.#clocks = clocks;
    this.#aheadMs = known?.aheadMs ?? null;
    this.#wallAt = clocks.wall();
    this.#runAt = clocks.monotonic();
  }

  /** The moment to date a fact with. */
  now(): Instant {
    this.#followJumps();
    return instant(Math.max(0, this.#clocks.wall() - (this.#aheadMs ?? 0)));
  }

  /** Learns headquarters' time from an answer that has just come. */
  learn(serverNow: number): ClockKnowledge {
    this.#aheadMs = this.#clocks.wall() - serverNow;
    this.#wallAt = this.#clocks.wall();
    this.#runAt = this.#clocks.monotonic();
    return { aheadMs: this.#aheadMs };
  }

  /** How far the system's clock is ahead of headquarters'; null until headquarters has answered. */
  get aheadMs(): number | null {
    this.#followJumps();
    return this.#aheadMs;
  }

  /** What is to be kept; null while nothing has been learnt. */
  get knowledge(): ClockKnowledge | null {
    return this.#aheadMs === null ? null : { aheadMs: this.#aheadMs };
  }

  /** Set back, the system's clock is ahead by so much less. */
  #followJumps(): void {
    const wall = this.#clocks.wall();
    const run = this.#clocks.monotonic();
    const jumpMs = wall - this.#wallAt - (run - this.#runAt);
    this.#wallAt = wall;
    this.#runAt = run;
    if (jumpMs > -jumpMsMin) return;
    this.#aheadMs = (this.#aheadMs ?? 0) + jumpMs;
  }
}
