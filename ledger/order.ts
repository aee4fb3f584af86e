import type { Fact } from './fact.ts';

/**
 * A fact's place in the one order everybody agrees on: Lamport number, then id. Never a clock.
 *
 * The text compares bytewise the way the pair compares, in JavaScript and in PostgreSQL with
 * collation "C"; eleven base-36 digits hold every safe integer.
 */
export function rankOf(fact: Pick<Fact, 'lamport' | 'id'>): string {
  return `${fact.lamport.toString(36).padStart(11, '0')}.${fact.id}`;
}

/** Negative when `left` comes first. */
export function compareRank(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Facts in the agreed order; the input is left as it was. */
export function inOrder<F extends Fact>(facts: readonly F[]): F[] {
  return [...facts].sort((left, right) => compareRank(rankOf(left), rankOf(right)));
}
