import { assert } from '../../kernel/assert.ts';
import { gammaQuantile } from '../special/gamma-quantile.ts';
import { lowerGamma, upperGamma } from '../special/incomplete-gamma.ts';
import { logGamma } from '../special/log-gamma.ts';
import { normalCdf, normalQuantile } from '../special/normal.ts';

/** Families of delays: all above nought, all with a long right side. */
export type DelayFamily = 'gamma' | 'lognormal' | 'weibull';

/** A delay in days, by its family and two parameters. */
export interface DelayDistribution {
  readonly family: DelayFamily;
  /** Shape of a gamma or Weibull; mean of the logarithm of a lognormal. */
  readonly first: number;
  /** Scale in days of a gamma or Weibull; spread of the logarithm of a lognormal. */
  readonly second: number;
}

/**
 * Probability that a delay is at most x.
 *
 * Method    incomplete gamma functions; the normal of the logarithm; the closed Weibull
 * Input     distribution  record  family and parameters, days
 *           x             scalar  days
 * Output    a probability, 0 .. 1
 * Numerics  relative error about 1e-14
 * Cost      one incomplete gamma function
 * Source    Johnson, Kotz and Balakrishnan 1994, ch. 14, 17, 21
 * Evidence  methods/delay/distribution.test.ts
 */
export function delayCdf({ family, first, second }: DelayDistribution, x: number): number {
  if (x <= 0) return 0;
  if (family === 'gamma') return lowerGamma(first, x / second);
  if (family === 'weibull') return -Math.expm1(-((x / second) ** first));
  return normalCdf((Math.log(x) - first) / second);
}

/**
 * Density of a delay.
 *
 * Method    closed forms
 * Input     distribution  record  family and parameters, days
 *           x             scalar  days
 * Output    per day; nought for x <= 0
 * Numerics  relative error about 1e-14
 * Cost      constant
 * Source    Johnson, Kotz and Balakrishnan 1994, ch. 14, 17, 21
 * Evidence  methods/delay/distribution.test.ts
 */
export function delayDensity({ family, first, second }: DelayDistribution, x: number): number {
  if (x <= 0) return 0;
  if (family === 'gamma') {
    const y = x / second;
    return Math.exp((first - 1) * Math.log(y) - y - logGamma(first)) / second;
  }
  if (family === 'weibull') {
    const power = (x / second) ** first;
    return ((first * power) / x) * Math.exp(-power);
  }
  const z = (Math.log(x) - first) / second;
  return Math.exp(-0.5 * z * z) / (x * second * Math.sqrt(2 * Math.PI));
}

/**
 * Mean and standard deviation of a delay.
 *
 * Method    closed forms
 * Input     distribution  record  family and parameters, days
 * Output    days
 * Numerics  relative error about 1e-14
 * Cost      constant
 * Source    Johnson, Kotz and Balakrishnan 1994, ch. 14, 17, 21
 * Evidence  methods/delay/distribution.test.ts
 */
export function delayMoments({ family, first, second }: DelayDistribution): {
  meanDays: number;
  sdDays: number;
} {
  if (family === 'gamma') {
    return { meanDays: first * second, sdDays: Math.sqrt(first) * second };
  }
  if (family === 'weibull') {
    const [one, two] = [Math.exp(logGamma(1 + 1 / first)), Math.exp(logGamma(1 + 2 / first))];
    return { meanDays: second * one, sdDays: second * Math.sqrt(Math.max(0, two - one * one)) };
  }
  const meanDays = Math.exp(first + (second * second) / 2);
  return { meanDays, sdDays: meanDays * Math.sqrt(Math.expm1(second * second)) };
}

/**
 * Quantile of a delay.
 *
 * Method    inverse of the gamma and of the normal, the closed Weibull
 * Input     distribution  record  family and parameters, days
 *           probability   scalar  0 .. 1
 * Output    days; Infinity at 1
 * Asserts   probability within 0 .. 1
 * Numerics  relative error about 1e-14
 * Cost      two or three incomplete gamma functions
 * Source    Johnson, Kotz and Balakrishnan 1994, ch. 14, 17, 21
 * Evidence  methods/delay/distribution.test.ts
 */
export function delayQuantile(distribution: DelayDistribution, probability: number): number {
  assert(probability >= 0 && probability <= 1, 'a probability lies between 0 and 1');
  const { family, first, second } = distribution;
  if (family === 'gamma') return second * gammaQuantile(first, probability);
  if (family === 'weibull') return second * (-Math.log1p(-probability)) ** (1 / first);
  return Math.exp(first + second * normalQuantile(probability));
}

/**
 * Mean of what a delay falls short of x, E (x - X)+: its distribution function summed up to x.
 *
 * Method    closed forms by partial expectations
 * Input     distribution  record  family and parameters, days
 *           x             scalar  days
 * Output    days, >= 0
 * Numerics  absolute error about 1e-15 times x
 * Cost      two incomplete gamma functions
 * Source    Cori et al. 2013, web appendix 11; Park et al. 2024, doi:10.1101/2024.01.12.24301247
 * Evidence  methods/delay/distribution.test.ts
 */
export function shortfall(distribution: DelayDistribution, x: number): number {
  if (x <= 0) return 0;
  const { family, first, second } = distribution;
  if (family === 'gamma') {
    const y = x / second;
    return x * lowerGamma(first, y) - first * second * lowerGamma(first + 1, y);
  }
  const { meanDays } = delayMoments(distribution);
  if (family === 'weibull') {
    const power = (x / second) ** first;
    return x * -Math.expm1(-power) - meanDays * lowerGamma(1 + 1 / first, power);
  }
  const z = (Math.log(x) - first) / second;
  return x * normalCdf(z) - meanDays * normalCdf(z - second);
}

/**
 * Mean of what a delay exceeds x by, E (X - x)+: keeps digits in the right tail.
 *
 * Method    closed forms by partial expectations of the upper side
 * Input     distribution  record  family and parameters, days
 *           x             scalar  days
 * Output    days, >= 0
 * Numerics  relative error about 1e-13 divided by the share of the tail beyond x + one scale
 * Cost      two incomplete gamma functions
 * Source    as `shortfall`
 * Evidence  methods/delay/distribution.test.ts
 */
export function excess(distribution: DelayDistribution, x: number): number {
  const { family, first, second } = distribution;
  const { meanDays } = delayMoments(distribution);
  if (x <= 0) return meanDays - x;
  if (family === 'gamma') {
    const y = x / second;
    return meanDays * upperGamma(first + 1, y) - x * upperGamma(first, y);
  }
  if (family === 'weibull') {
    const power = (x / second) ** first;
    return meanDays * upperGamma(1 + 1 / first, power) - x * Math.exp(-power);
  }
  const z = (Math.log(x) - first) / second;
  return meanDays * normalCdf(second - z) - x * normalCdf(-z);
}

/**
 * Probabilities of whole days between two events that are known by their days only.
 *
 * Method    the first event uniform on its day: second differences of `shortfall` or `excess`
 * Input     distribution  record  family and parameters, days
 *           days          scalar  how many probabilities, day 0 included, >= 1
 * Output    [days] probabilities from 0; their sum is below 1 when cut short
 * Asserts   days a whole number >= 1
 * Numerics  about 1e-15 absolute, in the tail about 1e-12 relative
 * Cost      two incomplete gamma functions a day
 * Source    Park et al. 2024, doi:10.1101/2024.01.12.24301247; Cori et al. 2013, web appendix 11
 * Evidence  methods/delay/distribution.test.ts: the oracle's sums
 */
export function dailyProbabilities(distribution: DelayDistribution, days: number): Float64Array {
  assert(Number.isInteger(days) && days >= 1, 'a delay has at least the day nought');
  const turn = delayQuantile(distribution, 0.5) + 1;
  return Float64Array.from({ length: days }, (_, day) => {
    const part = day > turn ? excess : shortfall;
    const [before, at, after] = [day - 1, day, day + 1].map((x) => part(distribution, x));
    return Math.max(0, (before ?? 0) - 2 * (at ?? 0) + (after ?? 0));
  });
}
