import { assert } from '../../kernel/assert.ts';
import { studentQuantile } from '../special/incomplete-beta.ts';

/** How fast counts grow or fall, with an interval. */
export interface GrowthRate {
  /** Per day: counts are multiplied by exp(rate) a day. */
  readonly rate: number;
  readonly low: number;
  readonly high: number;
  /** Variance of the counts about the line, as a multiple of their mean; 1 or more. */
  readonly dispersion: number;
}

/** Days in which counts double or halve. */
export interface DoublingTime {
  readonly kind: 'doubling' | 'halving';
  readonly days: number;
  /** Null when the interval holds no change at all: then it may take for ever. */
  readonly lowDays: number | null;
  readonly highDays: number | null;
}

const stepsMax = 200;

/**
 * Exponential growth rate of a short series of counts.
 *
 * Method    log-linear quasi-Poisson regression on the day; the level is profiled out, so that one
 *           equation is left: the weighted mean day must be the observed one
 * Input     counts  [days]  new infections by day, persons/day, >= 0, oldest first
 *           level   scalar  of the interval, 0 .. 1, 0.95 by default
 * Output    rate per day with a Wald interval by Student's t, and the dispersion
 * Refuses   null for fewer than 3 days, fewer than 2 days with cases, or all of them on the first
 *           or the last day: the rate is then not bounded
 * Asserts   level within 0 .. 1
 * Numerics  Newton's steps between brackets, to 1e-13
 * Cost      O(days), some 10 passes
 * Source    McCullagh and Nelder 1989, ch. 6 and 9; Park et al. 2020, doi:10.1098/rsif.2020.0144
 * Evidence  test/evidence/renewal-growth.test.ts: R's glm; coverage on simulated truth
 */
export function growthRate(counts: ArrayLike<number>, level = 0.95): GrowthRate | null {
  assert(level > 0 && level < 1, 'the level of an interval lies between 0 and 1');
  const days = counts.length;
  let total = 0;
  let moment = 0;
  let withCases = 0;
  for (let day = 0; day < days; day++) {
    const count = counts[day] ?? 0;
    total += count;
    moment += count * day;
    if (count > 0) withCases += 1;
  }
  if (days < 3 || withCases < 2) return null;
  const centre = moment / total;
  const rate = tiltTo(centre, days);
  const { norm, variance } = tilted(rate, days);
  let pearson = 0;
  for (let day = 0; day < days; day++) {
    const expected = (total * Math.exp(rate * (day - (rate > 0 ? days - 1 : 0)))) / norm;
    if (expected > 0) pearson += ((counts[day] ?? 0) - expected) ** 2 / expected;
  }
  const dispersion = Math.max(1, pearson / (days - 2));
  const error = Math.sqrt(dispersion / (total * variance));
  const width = studentQuantile((1 + level) / 2, days - 2) * error;
  return { rate, low: rate - width, high: rate + width, dispersion };
}

/**
 * The time in which counts double, or halve, at a growth rate with its interval.
 *
 * Method    log 2 over the rate; limits on the far side of nought have no such time
 * Input     growth  record  rate, low, high, per day
 * Output    days with limits, null where unbounded; null altogether when the rate is nought
 * Source    definition
 * Evidence  methods/renewal/growth.test.ts
 */
export function doublingTime({ rate, low, high }: GrowthRate): DoublingTime | null {
  if (rate === 0) return null;
  const sign = Math.sign(rate);
  const daysAt = (each: number): number | null =>
    each * sign > 0 ? Math.LN2 / Math.abs(each) : null;
  const [quick, slow] = sign > 0 ? [high, low] : [low, high];
  return {
    kind: sign > 0 ? 'doubling' : 'halving',
    days: Math.LN2 / Math.abs(rate),
    lowDays: daysAt(quick),
    highDays: daysAt(slow),
  };
}

/**
 * The growth rate that a constant reproduction number leads to.
 *
 * Method    root of Euler and Lotka's equation, R times the sum of w(s) exp(-r s) equal to 1
 * Input     reproduction  scalar  > 0, dimensionless
 *           interval      [lags]  serial interval from lag 0, which is 0
 * Output    rate per day
 * Asserts   reproduction > 0; the interval holds something
 * Numerics  Newton's steps on the logarithm, which is convex; to 1e-13
 * Cost      O(lags), some 10 passes
 * Source    Wallinga and Lipsitch 2007, doi:10.1098/rspb.2006.3754
 * Evidence  methods/renewal/growth.test.ts
 */
export function growthOfReproduction(reproduction: number, interval: ArrayLike<number>): number {
  assert(reproduction > 0, 'a reproduction number is above nought');
  let rate = 0;
  for (let step = 0; step < stepsMax; step++) {
    let sum = 0;
    let moment = 0;
    for (let lag = 1; lag < interval.length; lag++) {
      const weight = (interval[lag] ?? 0) * Math.exp(-rate * lag);
      sum += weight;
      moment += lag * weight;
    }
    assert(moment > 0, 'a serial interval holds something');
    // log of the sum falls and is convex in the rate, so the steps come from one side.
    const change = (Math.log(reproduction * sum) * sum) / moment;
    rate += Math.max(-1, Math.min(1, change));
    if (Math.abs(change) < 1e-14 * Math.max(1, Math.abs(rate))) break;
  }
  return rate;
}

/** The rate at which weights exp(rate x day) have their mean on a day. */
function tiltTo(centre: number, days: number): number {
  let [low, high] = [-50, 50];
  let rate = 0;
  for (let step = 0; step < stepsMax; step++) {
    const { mean, variance } = tilted(rate, days);
    if (mean > centre) high = rate;
    else low = rate;
    const newton = rate - (mean - centre) / variance;
    const next = variance > 0 && newton > low && newton < high ? newton : (low + high) / 2;
    const change = Math.abs(next - rate);
    rate = next;
    if (change < 1e-14 * Math.max(1, Math.abs(rate))) break;
  }
  return rate;
}

/** Sum, mean and variance of the days under weights exp(rate x day), the greatest of them 1. */
function tilted(rate: number, days: number): { norm: number; mean: number; variance: number } {
  const from = rate > 0 ? days - 1 : 0;
  let [norm, first, second] = [0, 0, 0];
  for (let day = 0; day < days; day++) {
    const weight = Math.exp(rate * (day - from));
    norm += weight;
    first += weight * (day - from);
    second += weight * (day - from) ** 2;
  }
  const mean = first / norm;
  return { norm, mean: mean + from, variance: second / norm - mean * mean };
}
