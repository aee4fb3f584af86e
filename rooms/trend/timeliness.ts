import { type Day, startOfDay } from '../../kernel/day.ts';
import { dayMs, type Instant, minuteMs } from '../../kernel/instant.ts';
import type { Infection } from './infection.ts';

/** The hand-overs of a case, in the order in which they must come. */
export const handOvers = [
  ['sampled', 'sampledAt'],
  ['received', 'receivedAt'],
  ['accessioned', 'accessionedAt'],
  ['signed', 'signedAt'],
  ['released', 'releasedAt'],
  ['reported', 'reportedAt'],
  ['moved', 'movedAt'],
  ['admitted', 'admittedAt'],
] as const satisfies readonly (readonly [string, keyof Infection])[];

/** Whether a hand-over is dated before the one that must come first: a clock was wrong. */
export function isOutOfOrder(one: Infection): boolean {
  let before = 0;
  for (const [, name] of handOvers) {
    const at = one[name];
    if (at === null) continue;
    // Patients are fetched before they are reported, so the two roads are not held to one order.
    if (name !== 'reportedAt' && at < before) return true;
    if (name !== 'reportedAt') before = at;
  }
  return false;
}

/** How long one hand-over took, over all cases that have both its ends. */
export interface HandOverDelay {
  readonly from: string;
  readonly to: string;
  readonly count: number;
  /** Cases that have reached the one end and not the other. */
  readonly open: number;
  readonly medianMinutes: number | null;
  readonly q25Minutes: number | null;
  readonly q75Minutes: number | null;
  readonly q90Minutes: number | null;
}

/** The delays of each hand-over; a delay below nothing is a wrong clock and is left out. */
export function handOverDelays(cases: readonly Infection[]): HandOverDelay[] {
  return handOvers.slice(1).map(([to, end], index) => {
    const [from, begin] = handOvers[index] ?? handOvers[0];
    // Moving waits for the result, not for the report on it.
    const start = end === 'movedAt' ? 'releasedAt' : begin;
    const minutes: number[] = [];
    let open = 0;
    for (const one of cases) {
      const since = one[start];
      const at = one[end];
      if (since === null) continue;
      if (at === null) open += 1;
      else if (at >= since) minutes.push((at - since) / minuteMs);
    }
    return {
      from: start === 'releasedAt' ? 'released' : from,
      to,
      count: minutes.length,
      open,
      medianMinutes: quantileOf(minutes, 0.5),
      q25Minutes: quantileOf(minutes, 0.25),
      q75Minutes: quantileOf(minutes, 0.75),
      q90Minutes: quantileOf(minutes, 0.9),
    };
  });
}

/** One of the three limits of 7-1-7. */
export interface TimelinessPart {
  readonly part: 'detect' | 'notify' | 'respond';
  readonly limitDays: number;
  readonly inTime: number;
  readonly late: number;
  /** Not done, and the limit has not passed. */
  readonly pending: number;
  /** Cases without the date it is measured from. */
  readonly unknown: number;
  readonly medianDays: number | null;
}

/**
 * 7-1-7 of the single case: sampled within 7 days of onset, reported within 1 day of the result,
 * and within 7 days of the report investigated, apart from others and under care.
 */
export function timeliness(
  cases: readonly Infection[],
  { now, offsetMinutes }: { now: Instant; offsetMinutes: number },
): TimelinessPart[] {
  const midnight = (on: Day | null): number | null =>
    on === null ? null : startOfDay(on, offsetMinutes);
  const parts = [
    {
      part: 'detect',
      limitDays: 7,
      ends: (one: Infection) => [midnight(one.onsetOn), one.sampledAt],
    },
    { part: 'notify', limitDays: 1, ends: (one: Infection) => [one.confirmedAt, one.reportedAt] },
    { part: 'respond', limitDays: 7, ends: (one: Infection) => [one.reportedAt, doneAt(one)] },
  ] as const;
  return parts.map(({ part, limitDays, ends }) => {
    const days: number[] = [];
    const counts = { inTime: 0, late: 0, pending: 0, unknown: 0 };
    for (const one of cases) {
      const [since = null, at = null] = ends(one);
      if (since === null) counts.unknown += 1;
      else if (at === null) counts[now - since > limitDays * dayMs ? 'late' : 'pending'] += 1;
      else {
        days.push(Math.max(0, (at - since) / dayMs));
        // A day of onset has no hour, so the whole of the last day counts.
        const limit = part === 'detect' ? limitDays + 1 : limitDays;
        counts[at - since <= limit * dayMs ? 'inTime' : 'late'] += 1;
      }
    }
    return { part, limitDays, ...counts, medianDays: quantileOf(days, 0.5) };
  });
}

/** The last of the first actions for a case; null while one of them is open. */
function doneAt({ investigatedAt, isolatedAt, admittedAt }: Infection): number | null {
  if (investigatedAt === null || isolatedAt === null || admittedAt === null) return null;
  return Math.max(investigatedAt, isolatedAt, admittedAt);
}

/** The quantile of a sample by linear interpolation (type 7 of Hyndman and Fan 1996). */
export function quantileOf(values: readonly number[], probability: number): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((left, right) => left - right);
  const at = (sorted.length - 1) * probability;
  const low = sorted[Math.floor(at)] ?? 0;
  const high = sorted[Math.ceil(at)] ?? low;
  return low + (high - low) * (at - Math.floor(at));
}
