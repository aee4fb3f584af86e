import { addDays, type Day, daysBetween } from '../../kernel/day.ts';
import { type ClearDay, clearDays, type ClearStage } from './clear.ts';
import { countIncidence, type ParentOf, seriesOf, type TrendCase } from './incidence.ts';
import type { ClearPolicy } from './rules.ts';

/** How one place stands and how it came there. */
export interface PlaceStanding {
  readonly place: string;
  readonly population: number | null;
  readonly stage: ClearStage;
  /** First day of the present standing; null while it is not clear. */
  readonly since: Day | null;
  readonly daysToClear: number;
  readonly daysToBasic: number | null;
  /** New positives in the community on one day that would begin the count anew. */
  readonly clearResetAt: number;
  readonly basicResetAt: number | null;
  /** Last day on which somebody was found in the community; null when never on record. */
  readonly lastFoundOn: Day | null;
  /** One entry a day, oldest first, the last on the last day that is over. */
  readonly days: readonly StandingDay[];
}

export interface StandingDay {
  readonly on: Day;
  /** Found in the community; null for days before the record. */
  readonly community: number | null;
  /** Found anywhere, isolation included. */
  readonly all: number | null;
  readonly stage: ClearStage;
}

interface Question {
  readonly places: readonly { readonly code: string; readonly population: number | null }[];
  readonly parents: ParentOf;
  /** First day of the record: nothing is known of the days before. */
  readonly recordFrom: Day;
  readonly until: Day;
  /** Whether `until` is over: of a day that is not, only what was found counts. */
  readonly isOver: boolean;
  readonly policy: ClearPolicy;
}

/** Days that are shown of a place. */
const shownDays = 28;

/** The standing of each place at the end of the last whole day, and day by day before it. */
export function standingsOf(cases: readonly TrendCase[], question: Question): PlaceStanding[] {
  const { places, parents, recordFrom, until, isOver, policy } = question;
  const recordDays = Math.max(0, daysBetween(recordFrom, until)) + 1;
  const days = Math.max(shownDays, recordDays);
  const from = addDays(until, 1 - days);
  const table = countIncidence(cases, parents, { from, days });
  const known = days - recordDays;
  return places.map(({ code, population }) => {
    const community = seriesOf(table, { place: code, date: 'reported', found: policy.community });
    const all = seriesOf(table, { place: code, date: 'reported' });
    const found = Array.from(community, (count, day) => (day < known ? null : count));
    // Somebody found today begins the count anew today; nobody found so far ends nothing yet.
    const counts = isOver || (found.at(-1) ?? 0) > 0 ? found : found.slice(0, -1);
    const people = population === 0 ? null : population;
    const standing = clearDays({ population: people, found: counts }, policy);
    return {
      place: code,
      population: people,
      ...standingNow(standing, from, policy, people),
      lastFoundOn: lastFound(found, from),
      days: shown({ found, all, standing, from, known }),
    };
  });
}

function standingNow(
  standing: readonly ClearDay[],
  from: Day,
  policy: ClearPolicy,
  population: number | null,
) {
  const last = standing.at(-1);
  if (last === undefined) {
    const daysToBasic = population === null ? null : policy.basicDays;
    const reset = { clearResetAt: 1, basicResetAt: null };
    return {
      stage: 'unknown' as const,
      since: null,
      daysToClear: policy.days,
      daysToBasic,
      ...reset,
    };
  }
  const before = standing.findLastIndex(({ stage }) => stage !== last.stage);
  const isClear = last.stage === 'clear' || last.stage === 'basically-clear';
  const { stage, daysToClear, daysToBasic, clearResetAt, basicResetAt } = last;
  const since = isClear ? addDays(from, before + 1) : null;
  return { stage, since, daysToClear, daysToBasic, clearResetAt, basicResetAt };
}

function lastFound(found: readonly (number | null)[], from: Day): Day | null {
  const index = found.findLastIndex((count) => (count ?? 0) > 0);
  return index < 0 ? null : addDays(from, index);
}

function shown({
  found,
  all,
  standing,
  from,
  known,
}: {
  found: readonly (number | null)[];
  all: Float64Array;
  standing: readonly ClearDay[];
  from: Day;
  known: number;
}): StandingDay[] {
  const first = Math.max(0, found.length - shownDays);
  return found.slice(first).map((community, index) => {
    const day = first + index;
    return {
      on: addDays(from, day),
      community,
      all: day < known ? null : (all[day] ?? 0),
      stage: standing[day]?.stage ?? 'unknown',
    };
  });
}
