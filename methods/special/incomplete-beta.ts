import { assert } from '../../kernel/assert.ts';
import { logGamma } from './log-gamma.ts';

const tiny = 1e-300;
const termsMax = 100_000;

/**
 * Regularised incomplete beta function I(x; a, b): a beta distribution up to x.
 *
 * Method    continued fraction on the side where it is quick, by the symmetry I(x;a,b) =
 *           1 - I(1-x;b,a)
 * Input     x  scalar  0 .. 1
 *           a  scalar  > 0
 *           b  scalar  > 0
 * Output    a probability, 0 .. 1
 * Refuses   nothing
 * Asserts   a, b > 0; x within 0 .. 1
 * Numerics  relative error about 1e-13 for parameters up to some thousands
 * Cost      about 10 sqrt(max(a, b)) terms at worst
 * Source    DLMF 8.17.22; Press et al. 1992, 6.4
 * Evidence  methods/special/incomplete-beta.test.ts
 */
export function lowerBeta(x: number, a: number, b: number): number {
  assert(a > 0 && b > 0, 'both parameters of a beta distribution are above nought');
  assert(x >= 0 && x <= 1, 'a beta distribution lies between 0 and 1');
  if (x === 0 || x === 1) return x;
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x),
  );
  if (x < (a + 1) / (a + b + 2)) return (front * fraction(x, a, b)) / a;
  return 1 - (front * fraction(1 - x, b, a)) / b;
}

/**
 * Quantile of Student's t distribution.
 *
 * Method    bisection, then secant steps, on the incomplete beta function of the smaller tail
 * Input     probability  scalar  0 .. 1, both ends left out
 *           freedom      scalar  degrees of freedom, > 0
 * Output    t
 * Refuses   nothing
 * Asserts   probability within 0 .. 1, freedom > 0
 * Numerics  relative error about 1e-12
 * Cost      about 60 evaluations of the beta function
 * Source    DLMF 8.17; Abramowitz and Stegun 1964, 26.7.1
 * Evidence  methods/special/incomplete-beta.test.ts
 */
export function studentQuantile(probability: number, freedom: number): number {
  assert(probability > 0 && probability < 1, 'a probability lies between 0 and 1');
  assert(freedom > 0, 'degrees of freedom are above nought');
  if (probability === 0.5) return 0;
  if (probability < 0.5) return -studentQuantile(1 - probability, freedom);
  const tail = 1 - probability;
  const above = (t: number): number => lowerBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
  let low = 0;
  let high = 1;
  while (above(high) > tail && high < 1e150) {
    low = high;
    high *= 2;
  }
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (above(middle) > tail) low = middle;
    else high = middle;
    if (high - low < 1e-14 * high) break;
  }
  return (low + high) / 2;
}

function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  d = 1 / (Math.abs(d) < tiny ? tiny : d);
  let value = d;
  for (let n = 1; n <= termsMax; n++) {
    const even = (n * (b - n) * x) / ((a + 2 * n - 1) * (a + 2 * n));
    d = 1 + even * d;
    c = 1 + even / c;
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    value *= d * c;
    const odd = (-(a + n) * (a + b + n) * x) / ((a + 2 * n) * (a + 2 * n + 1));
    d = 1 + odd * d;
    c = 1 + odd / c;
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    const change = d * c;
    value *= change;
    if (Math.abs(change - 1) < 3e-16) break;
  }
  return value;
}
