import { expect } from 'vitest';

/**
 * Says what a check looked at, and fails when it was too little: a check that looks at nothing
 * always passes.
 */
export function report(what: string, count: number, atLeast: number): void {
  console.log(`looked at ${count} ${what}`);
  expect.soft(count, `${what} looked at`).toBeGreaterThanOrEqual(atLeast);
}
