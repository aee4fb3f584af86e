import type pg from 'pg';
import type { RecordedFact } from '../../ledger/fact.ts';
import type { MemoryStore } from '../memory/store.ts';
import type { Coverages } from '../postgres/coverages.ts';
import type { Roster } from '../postgres/roster.ts';
import type { ReplayContext } from './replay.ts';

/** One promise, recomputed: how many things were looked at, and which did not hold. */
export interface Check {
  readonly promise: string;
  /** What was recomputed, in one line. */
  readonly what: string;
  readonly looked: number;
  readonly failed: number;
  /** The first few that failed, for whoever must look. */
  readonly examples: readonly string[];
}

/** What a check may look at. */
export interface VerifyContext extends ReplayContext {
  /** As owner of the database: a verifier may see everything, and changes nothing. */
  readonly pool: pg.Pool;
  readonly coverages: Coverages;
  readonly roster: Roster;
  readonly facts: readonly RecordedFact[];
  readonly replayed: MemoryStore;
}

/** Collects what one check looks at. */
export class Tally {
  readonly #promise: string;
  readonly #what: string;
  #looked = 0;
  #failed = 0;
  readonly #examples: string[] = [];

  constructor(promise: string, what: string) {
    this.#promise = promise;
    this.#what = what;
  }

  /** Notes one thing looked at; `fault` says what is wrong with it, null when nothing is. */
  look(fault: string | null): void {
    this.#looked += 1;
    if (fault === null) return;
    this.#failed += 1;
    if (this.#examples.length < 5) this.#examples.push(fault);
  }

  /** What was found. */
  check(): Check {
    return {
      promise: this.#promise,
      what: this.#what,
      looked: this.#looked,
      failed: this.#failed,
      examples: this.#examples,
    };
  }
}
