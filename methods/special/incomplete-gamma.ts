import { assert } from '../../kernel/assert.ts';
import { logGamma, stirlingCorrection } from './log-gamma.ts';

/** Relative size below which a further term changes nothing. */
const negligible = 1e-17;

/** Stands for nought in a continued fraction that would else divide by it. */
const tiny = 1e-300;

/** Terms grow with the square root of the shape: enough for shapes of 1e12. */
const termsMax = 20_000_000;

/**
 * Regularised lower incomplete gamma function P(a, x): a gamma distribution of shape a up to x.
 *
 * Method    power series left of a + 1, the complement of the continued fraction right of it
 * Input     shape  scalar  > 0
 *           x      scalar  >= 0, in units of the scale; Infinity is allowed
 * Output    a probability, 0 .. 1
 * Refuses   nothing
 * Asserts   shape > 0; x >= 0
 * Numerics  relative error about 1e-14, also where P is as small as 1e-300
 * Cost      some tens of terms for small shapes, about 7 sqrt(shape) for great ones
 * Source    DLMF 8.7.1, 8.9.2; Gil, Segura and Temme 2012, doi:10.1137/120872553
 * Evidence  methods/special/incomplete-gamma.test.ts
 */
export function lowerGamma(shape: number, x: number): number {
  check(shape, x);
  if (x === 0) return 0;
  if (x === Infinity) return 1;
  return x < shape + 1 ? series(shape, x) : 1 - fraction(shape, x);
}

/**
 * Regularised upper incomplete gamma function Q(a, x) = 1 - P(a, x), without the loss of digits.
 *
 * Method    as for `lowerGamma`, the other way round
 * Input     shape  scalar  > 0
 *           x      scalar  >= 0, in units of the scale; Infinity is allowed
 * Output    a probability, 0 .. 1
 * Refuses   nothing
 * Asserts   shape > 0; x >= 0
 * Numerics  relative error about 1e-14; for shapes below 0.1 left of 1 about 1e-15 absolute
 * Cost      as `lowerGamma`
 * Source    DLMF 8.7.1, 8.9.2
 * Evidence  methods/special/incomplete-gamma.test.ts
 */
export function upperGamma(shape: number, x: number): number {
  check(shape, x);
  if (x === 0) return 1;
  if (x === Infinity) return 0;
  return x < shape + 1 ? 1 - series(shape, x) : fraction(shape, x);
}

/**
 * Density of a gamma distribution with scale 1.
 *
 * Method    Loader's saddle-point form: the deviance apart from Stirling's correction
 * Input     shape  scalar  > 0
 *           x      scalar  > 0
 * Output    x^(a-1) exp(-x) / gamma(a)
 * Asserts   shape > 0; x >= 0
 * Numerics  relative error about 1e-15 near the mean, the exponent times 1e-16 far from it
 * Cost      constant
 * Source    Loader 2000, Fast and accurate computation of binomial probabilities
 * Evidence  methods/special/incomplete-gamma.test.ts
 */
export function gammaDensity(shape: number, x: number): number {
  check(shape, x);
  return (leadingTerm(shape, x) * shape) / x;
}

function check(shape: number, x: number): void {
  assert(shape > 0 && shape < Infinity, 'the shape of a gamma distribution is above nought');
  assert(x >= 0, 'an incomplete gamma function is asked of numbers from nought on');
}

/** x^a exp(-x) / gamma(a + 1). */
function leadingTerm(shape: number, x: number): number {
  if (shape < 1) return Math.exp(shape * Math.log(x) - x - logGamma(shape + 1));
  const exponent = -stirlingCorrection(shape) - deviance(shape, x);
  return Math.exp(exponent) / Math.sqrt(2 * Math.PI * shape);
}

/** x - a - a log(x / a), without cancellation where x is near a. */
function deviance(a: number, x: number): number {
  const u = (x - a) / a;
  if (Math.abs(u) > 0.4) return x - a - a * Math.log(x / a);
  const ratio = u / (2 + u);
  const square = ratio * ratio;
  let sum = 0;
  let power = 1;
  for (let odd = 3; power > 1e-18; odd += 2) {
    sum += power / odd;
    power *= square;
  }
  return a * ratio * (u - 2 * square * sum);
}

/** Four terms at a time: one division serves them all, and divisions are what takes the time. */
function series(shape: number, x: number): number {
  const x2 = x * x;
  let term = 1;
  let sum = 1;
  for (let n = 1; n <= termsMax; n += 4) {
    const second = shape + n + 1;
    const last = shape + n + 3;
    const both = (second + 1) * last;
    const early = both * (second + x);
    const late = x2 * (last + x);
    const share = (term * x) / ((shape + n) * second * both);
    sum += share * (early + late);
    term = share * x2 * x;
    if (term < sum * negligible) break;
  }
  return Math.min(1, leadingTerm(shape, x) * sum);
}

/** Lentz's way through the continued fraction of the upper function. */
function fraction(shape: number, x: number): number {
  let b = x + 1 - shape;
  let c = 1 / tiny;
  let d = 1 / b;
  let value = d;
  for (let n = 1; n <= termsMax; n++) {
    const a = -n * (n - shape);
    b += 2;
    d = a * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + a / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const change = d * c;
    value *= change;
    if (Math.abs(change - 1) < 2.3e-16) break;
  }
  return leadingTerm(shape, x) * shape * value;
}
