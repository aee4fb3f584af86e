import { assert } from '../../kernel/assert.ts';
import { normalQuantile } from '../special/normal.ts';
import {
  delayCdf,
  delayDensity,
  type DelayDistribution,
  type DelayFamily,
  delayMoments,
  excess,
  shortfall,
} from './distribution.ts';
import { minimise } from './simplex.ts';

/** What is known of one delay: between which instants both events lie, in days from anywhere. */
export interface DelayObservation {
  readonly firstFrom: number;
  readonly firstTo: number;
  readonly secondFrom: number;
  readonly secondTo: number;
  /** The second event could be seen only until then; null when it would have been seen ever. */
  readonly seenUntil: number | null;
}

/** A number with the limits of its interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** A fitted delay. */
export interface DelayFit {
  readonly kind: 'fitted';
  readonly distribution: DelayDistribution;
  readonly meanDays: Estimate;
  readonly sdDays: Estimate;
  readonly logLikelihood: number;
  /** Akaike's criterion: smaller is better, between families on the same observations. */
  readonly criterion: number;
  readonly observations: number;
}

/** Why no delay could be fitted. */
export interface DelayUnfit {
  readonly kind: 'unfit';
  readonly reason: 'too-few' | 'no-maximum';
}

/** Observations that are alike, counted from the beginning of the first event. */
interface Pattern {
  readonly width: number;
  readonly from: number;
  readonly to: number;
  readonly until: number | null;
  count: number;
}

/**
 * Delay distribution of greatest likelihood under double interval censoring and right truncation.
 *
 * Method    the first event uniform within its limits, the second within its own; divided, where
 *           sight ends, by the probability that the second is seen by then; simplex search on the
 *           logarithms, intervals by the delta method from the observed information
 * Input     observations  [delays]  limits of both events and end of sight, days
 *           family        gamma, lognormal or weibull
 *           level         scalar    of the intervals, 0 .. 1, 0.95 by default
 * Output    parameters, mean and sd in days with intervals, log likelihood and Akaike's criterion
 * Refuses   too-few for fewer than 3 observations; no-maximum when the likelihood rises towards a
 *           bound: all delays within one cell, or sight so short that any mean would do
 * Asserts   limits in order; the second event not wholly before the first nor after sight's end
 * Numerics  differences are taken on the side where digits are kept; parameters to about 1e-6
 * Cost      100 to 400 evaluations over the distinct patterns, some milliseconds for daily data
 * Source    Reich et al. 2009, doi:10.1002/sim.3659; Seaman et al. 2022,
 *           doi:10.1177/09622802211023955; Park et al. 2024, doi:10.1101/2024.01.12.24301247
 * Evidence  test/evidence/delay.test.ts: coarseDataTools on published data; recovery and coverage
 */
export function fitDelay(
  observations: readonly DelayObservation[],
  family: DelayFamily,
  level = 0.95,
): DelayFit | DelayUnfit {
  assert(level > 0 && level < 1, 'the level of an interval lies between 0 and 1');
  if (observations.length < 3) return { kind: 'unfit', reason: 'too-few' };
  const patterns = patternsOf(observations);
  const cost = (at: readonly number[]): number => {
    const candidate = fromSearch(family, at);
    const value = isSane(candidate) ? -logLikelihoodOf(patterns, candidate) : Infinity;
    return Number.isFinite(value) ? value : Infinity;
  };
  const begin = start(family, patterns);
  if (!Number.isFinite(cost(begin))) return { kind: 'unfit', reason: 'no-maximum' };
  const { at, value, isSettled } = minimise(cost, begin);
  const information = curvature(cost, at);
  const determinant = information.a * information.c - information.b ** 2;
  // A place beside the bounds has no curvature to go by.
  const isInside = isSettled && information.a > 0 && determinant > 0 && determinant < Infinity;
  const distribution = fromSearch(family, at);
  const moments = delayMoments(distribution);
  if (!isInside) return { kind: 'unfit', reason: 'no-maximum' };
  const estimate = (of: (moments: { meanDays: number; sdDays: number }) => number): Estimate => {
    const log = (place: readonly number[]): number =>
      Math.log(of(delayMoments(fromSearch(family, place))));
    const [x, y] = slopes(log, at);
    const { a, b, c } = information;
    const variance = (c * x * x - 2 * b * x * y + a * y * y) / determinant;
    const width = normalQuantile((1 + level) / 2) * Math.sqrt(variance);
    const centre = of(moments);
    return { value: centre, low: centre * Math.exp(-width), high: centre * Math.exp(width) };
  };
  return {
    kind: 'fitted',
    distribution,
    meanDays: estimate(({ meanDays }) => meanDays),
    sdDays: estimate(({ sdDays }) => sdDays),
    logLikelihood: -value,
    criterion: 2 * value + 4,
    observations: observations.length,
  };
}

/**
 * Log likelihood of observations under a delay distribution.
 *
 * Method    as `fitDelay`
 * Input     observations  [delays]  limits of both events and end of sight, days
 *           distribution  record    family and parameters, days
 * Output    scalar; -Infinity where an observation is impossible
 * Asserts   limits in order
 * Numerics  differences on the side where digits are kept
 * Cost      O(distinct patterns), up to eight incomplete gamma functions each
 * Source    Reich et al. 2009, doi:10.1002/sim.3659
 * Evidence  methods/delay/fit.test.ts: the oracle's integrals
 */
export function delayLogLikelihood(
  observations: readonly DelayObservation[],
  distribution: DelayDistribution,
): number {
  return logLikelihoodOf(patternsOf(observations), distribution);
}

function patternsOf(observations: readonly DelayObservation[]): Pattern[] {
  const patterns = new Map<string, Pattern>();
  for (const { firstFrom, firstTo, secondFrom, secondTo, seenUntil } of observations) {
    assert(firstFrom <= firstTo && secondFrom <= secondTo, 'limits are in order');
    const until = seenUntil === null ? null : seenUntil - firstFrom;
    const to = Math.min(secondTo - firstFrom, until ?? Infinity);
    const from = Math.max(0, secondFrom - firstFrom);
    const width = firstTo - firstFrom;
    assert(
      to > 0 && to < Infinity && from <= to,
      'the second event may follow the first, and may be seen',
    );
    const key = `${width} ${from} ${to} ${until}`;
    const known = patterns.get(key);
    if (known === undefined) patterns.set(key, { width, from, to, until, count: 1 });
    else known.count += 1;
  }
  return [...patterns.values()];
}

function logLikelihoodOf(patterns: readonly Pattern[], distribution: DelayDistribution): number {
  const sides: Sides = {
    distribution,
    middle: delayMoments(distribution).meanDays,
    below: remembered((x) => shortfall(distribution, x)),
    above: remembered((x) => excess(distribution, x)),
  };
  let sum = 0;
  for (const { width, from, to, until, count } of patterns) {
    let probability = between(sides, { width, from, to });
    if (until !== null) probability /= between(sides, { width, from: 0, to: until });
    if (!(probability > 0)) return -Infinity;
    sum += count * Math.log(probability);
  }
  return sum;
}

/** A distribution with its two sums; days repeat, so each is worked out once. */
interface Sides {
  readonly distribution: DelayDistribution;
  readonly middle: number;
  readonly below: (x: number) => number;
  readonly above: (x: number) => number;
}

function remembered(f: (x: number) => number): (x: number) => number {
  const known = new Map<number, number>();
  return (x) => {
    const value = known.get(x) ?? f(x);
    known.set(x, value);
    return value;
  };
}

/** Mean, over a first event uniform on 0 .. width, of the chance that the second is in a span. */
function between(
  { distribution, middle, below, above }: Sides,
  { width, from, to }: { width: number; from: number; to: number },
): number {
  if (width === 0) {
    if (from === to) return delayDensity(distribution, to);
    return delayCdf(distribution, to) - delayCdf(distribution, from);
  }
  if (from === to) {
    return (delayCdf(distribution, to) - delayCdf(distribution, to - width)) / width;
  }
  // E (x - X)+ sums the distribution function up to x; E (X - x)+ its complement from x on, so that
  // both come to the same second difference, and the smaller of them keeps its digits.
  const at = from - width > middle ? above : below;
  return (at(to) - at(to - width) - (at(from) - at(from - width))) / width;
}

/** Delays without spread, and delays of lifetimes, are where a likelihood without maximum leads. */
function isSane(distribution: DelayDistribution): boolean {
  const { meanDays, sdDays } = delayMoments(distribution);
  return meanDays > 1e-3 && meanDays < 1e4 && sdDays > 0.01 * meanDays && sdDays < 1e6;
}

/** Parameters as the search sees them: logarithms of what must be above nought. */
function fromSearch(family: DelayFamily, at: readonly number[]): DelayDistribution {
  const [x = 0, y = 0] = at;
  return { family, first: family === 'lognormal' ? x : Math.exp(x), second: Math.exp(y) };
}

/** Start from the moments of the middles of both events. */
function start(family: DelayFamily, patterns: readonly Pattern[]): number[] {
  let [count, sum, squares] = [0, 0, 0];
  for (const { from, to, width, count: alike } of patterns) {
    const middle = Math.max(0.25, (from + to - width) / 2);
    count += alike;
    sum += alike * middle;
    squares += alike * middle * middle;
  }
  const mean = sum / count;
  const ratio = Math.min(2, Math.max(0.2, Math.sqrt(squares / count - mean * mean) / mean));
  if (family === 'gamma') return [-2 * Math.log(ratio), Math.log(mean * ratio * ratio)];
  if (family === 'weibull') return [-1.086 * Math.log(ratio), Math.log(mean * 1.1)];
  const spread = Math.log1p(ratio * ratio);
  return [Math.log(mean) - spread / 2, Math.log(spread) / 2];
}

const stepOfSlopes = 1e-4;

/** Second derivatives: a along the first axis, c along the second, b across. */
function curvature(
  f: (at: readonly number[]) => number,
  [x = 0, y = 0]: readonly number[],
): { a: number; b: number; c: number } {
  const h = 10 * stepOfSlopes;
  const centre = f([x, y]);
  const a = (f([x + h, y]) - 2 * centre + f([x - h, y])) / (h * h);
  const c = (f([x, y + h]) - 2 * centre + f([x, y - h])) / (h * h);
  const across = f([x + h, y + h]) - f([x + h, y - h]) - f([x - h, y + h]) + f([x - h, y - h]);
  return { a, b: across / (4 * h * h), c };
}

function slopes(
  f: (at: readonly number[]) => number,
  [x = 0, y = 0]: readonly number[],
): [number, number] {
  const h = stepOfSlopes;
  return [(f([x + h, y]) - f([x - h, y])) / (2 * h), (f([x, y + h]) - f([x, y - h])) / (2 * h)];
}
