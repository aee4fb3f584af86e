import { assert } from '../../kernel/assert.ts';

/** Riemann zeta(k) - 1 for k = 2, 3, … (Abramowitz and Stegun, table 23.3), to double precision. */
const zetaMinusOne = [
  0.6449340668482264, 0.2020569031595943, 0.08232323371113819, 0.03692775514336993,
  0.01734306198444914, 0.008349277381922827, 0.00407735619794434, 0.0020083928260822143,
  0.0009945751278180853, 0.0004941886041194645, 0.0002460865533080483, 0.00012271334757848915,
  6.124813505870483e-5, 3.058823630702049e-5, 1.528225940865187e-5, 7.637197637899763e-6,
  3.81729326499984e-6, 1.908212716553939e-6, 9.539620338727962e-7, 4.769329867878064e-7,
  2.38450502727733e-7, 1.1921992596531106e-7, 5.960818905125948e-8, 2.980350351465228e-8,
  1.4901554828365043e-8, 7.45071178983543e-9, 3.725334024788457e-9,
];

/** 1 - Euler's constant. */
const oneMinusEuler = 0.42278433509846713;

/** Logarithm of the square root of 2 pi. */
export const halfLogTwoPi = 0.9189385332046728;

/** From here Stirling's series with eight terms is exact in double precision. */
const stirlingFrom = 10;

/** B(2k) / (2k (2k - 1)) for k = 8 … 1: Bernoulli's numbers in Stirling's series. */
const stirlingTerms = [
  -3617 / 122400,
  1 / 156,
  -691 / 360360,
  1 / 1188,
  -1 / 1680,
  1 / 1260,
  -1 / 360,
  1 / 12,
];

/**
 * Logarithm of the gamma function for positive arguments.
 *
 * Method    series about 2 in zeta(k) - 1, so that digits are kept next to the zeros at 1 and 2;
 *           a product that leads there below 10; Stirling's series from 10 on
 * Input     x  scalar  > 0
 * Output    log of gamma(x); Infinity where it passes the greatest double
 * Refuses   nothing
 * Asserts   x > 0: the reflection to negative arguments is not needed here
 * Numerics  relative error about 1e-15, also next to the zeros
 * Cost      constant, at most 30 terms, nothing allocated
 * Source    Abramowitz and Stegun 1964, 6.1.33 and 6.1.41; DLMF 5.7.3, 5.11.1
 * Evidence  methods/special/log-gamma.test.ts
 */
export function logGamma(x: number): number {
  assert(x > 0, 'the logarithm of gamma is asked of positive numbers');
  if (x >= stirlingFrom) {
    return (x - 0.5) * Math.log(x) - x + halfLogTwoPi + stirlingCorrection(x);
  }
  if (x < 0.5) return aboutTwo(x) - Math.log1p(x) - Math.log(x);
  if (x < 1.5) return aboutTwo(x - 1) - Math.log1p(x - 1);
  let product = 1;
  let y = x;
  while (y >= 2.5) {
    y -= 1;
    product *= y;
  }
  return aboutTwo(y - 2) + Math.log(product);
}

/**
 * What Stirling's formula leaves over: log gamma(x) - ((x - 1/2) log x - x + 1/2 log 2 pi).
 *
 * Method    asymptotic series from 10 on, the definition below
 * Input     x  scalar  > 0
 * Output    the correction, near 1 / (12 x)
 * Numerics  absolute error below 1e-15 from 10 on, some 1e-15 below
 * Cost      constant
 * Source    DLMF 5.11.1; Loader 2000, Fast and accurate computation of binomial probabilities
 * Evidence  methods/special/log-gamma.test.ts
 */
export function stirlingCorrection(x: number): number {
  if (x < stirlingFrom) return logGamma(x) - ((x - 0.5) * Math.log(x) - x + halfLogTwoPi);
  const inverseSquare = 1 / (x * x);
  let sum = 0;
  for (const term of stirlingTerms) sum = sum * inverseSquare + term;
  return sum / x;
}

/** log gamma(2 + z) for |z| <= 1/2. */
function aboutTwo(z: number): number {
  let sum = 0;
  for (let index = zetaMinusOne.length - 1; index >= 0; index--) {
    const sign = index % 2 === 0 ? 1 : -1;
    sum = sum * z + (sign * (zetaMinusOne[index] ?? 0)) / (index + 2);
  }
  return z * (oneMinusEuler + z * sum);
}
