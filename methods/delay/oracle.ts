import { delayCdf, type DelayDistribution } from './distribution.ts';
import type { DelayObservation } from './fit.ts';

const slices = 4_000;

/** Log likelihood with the first event's day cut into thin slices: only distribution functions. */
export function slowLogLikelihood(
  observations: readonly DelayObservation[],
  distribution: DelayDistribution,
): number {
  let sum = 0;
  for (const { firstFrom, firstTo, secondFrom, secondTo, seenUntil } of observations) {
    const to = Math.min(secondTo, seenUntil ?? Infinity);
    let [seen, possible] = [0, 0];
    for (let slice = 0; slice < slices; slice++) {
      const first = firstFrom + ((firstTo - firstFrom) * (slice + 0.5)) / slices;
      seen += delayCdf(distribution, to - first) - delayCdf(distribution, secondFrom - first);
      possible += seenUntil === null ? 1 : delayCdf(distribution, seenUntil - first);
    }
    sum += Math.log(seen / possible);
  }
  return sum;
}

/** Probability of a whole-day delay, by slices of the first day. */
export function slowDaily(distribution: DelayDistribution, day: number): number {
  let sum = 0;
  for (let slice = 0; slice < slices; slice++) {
    const first = (slice + 0.5) / slices;
    sum += delayCdf(distribution, day + 1 - first) - delayCdf(distribution, day - first);
  }
  return sum / slices;
}
