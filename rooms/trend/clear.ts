import { assert } from '../../kernel/assert.ts';
import type { ClearPolicy } from './rules.ts';

/** How a place stands at the end of a day. */
export type ClearStage = 'clear' | 'basically-clear' | 'not-clear' | 'unknown';

/** One day of a place under the rule. */
export interface ClearDay {
  readonly stage: ClearStage;
  /** New positives in the community; null where no count came in. */
  readonly found: number | null;
  /** Days in a row, this one included, without a new positive. */
  readonly clearRun: number;
  /** Days in a row, this one included, below the limit; null without a population. */
  readonly basicRun: number | null;
  /** Days still to go to *clear* if nothing is found; 0 once there. */
  readonly daysToClear: number;
  /** The same for *basically clear*; null without a population. */
  readonly daysToBasic: number | null;
  /** New positives on one day that would begin the count for *clear* anew: always 1. */
  readonly clearResetAt: 1;
  /** New positives on one day that would begin the count for *basically clear* anew. */
  readonly basicResetAt: number | null;
}

/** A place's record: its people and what was found in its community day by day. */
export interface ClearInput {
  /** Residents; null where nobody has said. */
  readonly population: number | null;
  /** New positives in the community by day, oldest first; null where no count came in. */
  readonly found: readonly (number | null)[];
}

/**
 * Rules TD-1 to TD-4. The standing of a place on every day, from what was found in its community.
 * The run of the first days is only as long as the record: nothing is assumed of the time before.
 */
export function clearDays({ population, found }: ClearInput, policy: ClearPolicy): ClearDay[] {
  assert(population === null || population > 0, 'a place with a count has residents');
  const basicResetAt = population === null ? null : basicLimit(population, policy);
  let clearRun = 0;
  let basicRun = 0;
  return found.map((count) => {
    assert(count === null || (Number.isInteger(count) && count >= 0), 'counts are counts');
    // TD-3. A day without a count has shown nothing: both runs begin again after it.
    clearRun = count === 0 ? clearRun + 1 : 0;
    basicRun = count !== null && basicResetAt !== null && count < basicResetAt ? basicRun + 1 : 0;
    const daysToClear = Math.max(0, policy.days - clearRun);
    const daysToBasic = basicResetAt === null ? null : Math.max(0, policy.basicDays - basicRun);
    return {
      stage: stageOf({ count, daysToClear, daysToBasic }),
      found: count,
      clearRun,
      basicRun: basicResetAt === null ? null : basicRun,
      daysToClear,
      daysToBasic,
      clearResetAt: 1 as const,
      basicResetAt,
    };
  });
}

/**
 * Rule TD-2. The smallest number of new positives a day that is not below the limit. The product is
 * kept in integers as long as the limit is one, so that exactly 1 in 100,000 is not lost.
 */
export function basicLimit(population: number, { basicPer100k }: ClearPolicy): number {
  return Math.ceil((population * basicPer100k) / 100_000);
}

function stageOf({
  count,
  daysToClear,
  daysToBasic,
}: {
  count: number | null;
  daysToClear: number;
  daysToBasic: number | null;
}): ClearStage {
  if (count === null) return 'unknown';
  if (daysToClear === 0) return 'clear';
  return daysToBasic === 0 ? 'basically-clear' : 'not-clear';
}

/** When a place reached a standing and when it lost it. */
export interface ClearSpell {
  readonly stage: 'clear' | 'basically-clear';
  /** Index of the first day with this standing or a better one. */
  readonly from: number;
  /** Index of the last such day. */
  readonly to: number;
}

/** Unbroken stretches of days with at least a standing: *clear* is also *basically clear*. */
export function clearSpells(
  days: readonly ClearDay[],
  stage: 'clear' | 'basically-clear',
): ClearSpell[] {
  const spells: ClearSpell[] = [];
  let from: number | null = null;
  days.forEach((day, index) => {
    const holds = day.stage === 'clear' || day.stage === stage;
    if (holds && from === null) from = index;
    const ends = from !== null && (!holds || index === days.length - 1);
    if (!ends || from === null) return;
    spells.push({ stage, from, to: holds ? index : index - 1 });
    from = null;
  });
  return spells;
}
