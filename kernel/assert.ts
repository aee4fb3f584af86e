/** Stops the unit of work when the program itself is wrong; never used for bad input. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionFailure(message);
}

/** Reached only when a table that claims to be total is not. */
export function assertNever(value: never): never {
  throw new AssertionFailure(`unreachable: ${JSON.stringify(value)}`);
}

/** A bug in this program, as opposed to a refusal, a finding or a fault. */
export class AssertionFailure extends Error {
  override name = 'AssertionFailure';
}

/** What JSON can hold; the shape of everything that goes on record. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [k: string]: Json };
