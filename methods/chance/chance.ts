import { assert } from '../../kernel/assert.ts';
import type { Random } from '../../kernel/random.ts';
import { logGamma } from '../special/log-gamma.ts';

/** Below this mean a Poisson count is drawn by multiplying uniforms. */
const poissonSmall = 10;

/** Below this mean a negative binomial count is drawn by counting up probabilities. */
const negativeBinomialSmall = 3;

/** Below this number of trials a binomial count is drawn trial by trial. */
const binomialSmall = 12;

/**
 * One draw from a gamma distribution.
 *
 * Method    squeeze and rejection on a transformed normal; a power of a uniform lifts shapes
 *           below 1
 * Input     random  source of chance
 *           shape   scalar  > 0
 *           scale   scalar  > 0, in the unit of the output
 * Output    a positive number with mean shape * scale
 * Refuses   nothing
 * Asserts   shape and scale > 0
 * Numerics  shapes below about 1e-3 underflow to 0
 * Cost      about 1.1 normal deviates
 * Source    Marsaglia and Tsang 2000, ACM Trans Math Softw 26(3):363-372
 * Evidence  methods/chance/chance.test.ts
 */
export function drawGamma(random: Random, shape: number, scale: number): number {
  assert(shape > 0 && scale > 0, 'shape and scale of a gamma distribution are positive');
  if (shape < 1) {
    const lift = (1 - random.unit()) ** (1 / shape);
    return drawGamma(random, shape + 1, scale) * lift;
  }
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    const u = 1 - random.unit();
    if (Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v * scale;
  }
}

/**
 * One draw from a Poisson distribution.
 *
 * Method    product of uniforms below a mean of 10; transformed rejection (PTRS) from there on
 * Input     random  source of chance
 *           mean    scalar  >= 0, counts
 * Output    an integer >= 0
 * Refuses   nothing
 * Asserts   the mean is finite and >= 0
 * Numerics  exact in distribution up to the rounding of the logarithm
 * Cost      mean + 1 uniforms below 10, about 2.5 uniforms above
 * Source    Hörmann 1993, Insurance Math Econ 12(1):39-45
 * Evidence  methods/chance/chance.test.ts
 */
export function drawPoisson(random: Random, mean: number): number {
  assert(mean >= 0 && mean < Infinity, 'the mean of a count is finite and not negative');
  if (mean < poissonSmall) {
    const floor = Math.exp(-mean);
    let count = 0;
    for (let product = random.unit(); product > floor; product *= random.unit()) count += 1;
    return count;
  }
  const root = Math.sqrt(mean);
  const logMean = Math.log(mean);
  const b = 0.931 + 2.53 * root;
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const vr = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = random.unit() - 0.5;
    const v = 1 - random.unit();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= vr) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    const bound = k * logMean - mean - logGamma(k + 1);
    if (Math.log((v * inverseAlpha) / (a / (us * us) + b)) <= bound) return k;
  }
}

/**
 * One draw of a count that scatters more than Poisson: variance mean + mean^2 / size.
 *
 * Method    a Poisson count whose mean is gamma distributed; below a mean of 3 by counting up
 *           the probabilities until a uniform number is reached
 * Input     random  source of chance
 *           mean    scalar  >= 0, counts
 *           size    scalar  > 0; Infinity gives a Poisson count
 * Output    an integer >= 0
 * Refuses   nothing
 * Asserts   as the two draws it is made of
 * Numerics  as the two draws it is made of
 * Cost      one gamma and one Poisson draw
 * Source    Greenwood and Yule 1920, J R Stat Soc 83(2):255-279
 * Evidence  methods/chance/chance.test.ts
 */
export function drawNegativeBinomial(random: Random, mean: number, size: number): number {
  if (mean === 0) return 0;
  if (size === Infinity) return drawPoisson(random, mean);
  if (mean < negativeBinomialSmall) return countUp(random, mean, size);
  return drawPoisson(random, drawGamma(random, size, mean / size));
}

function countUp(random: Random, mean: number, size: number): number {
  const share = mean / (size + mean);
  let left = random.unit();
  let probability = Math.exp(-size * Math.log1p(mean / size));
  let count = 0;
  while (left >= probability && probability > 0) {
    left -= probability;
    probability *= ((size + count) / (count + 1)) * share;
    count += 1;
  }
  return count;
}

/**
 * One draw from a binomial distribution.
 *
 * Method    splits the trials at the median order statistic, which is beta distributed, until few
 *           are left; exact
 * Input     random       source of chance
 *           trials       scalar  integer >= 0
 *           probability  scalar  0 .. 1
 * Output    an integer 0 .. trials
 * Refuses   nothing
 * Asserts   trials >= 0
 * Numerics  the probability within each half is clamped to 0 .. 1 against rounding
 * Cost      two gamma draws for each halving of the trials
 * Source    Relles 1972, J Am Stat Assoc 67(339):612-613
 * Evidence  methods/chance/chance.test.ts
 */
export function drawBinomial(random: Random, trials: number, probability: number): number {
  assert(trials >= 0, 'trials are not negative');
  let left = trials;
  let p = Math.min(1, Math.max(0, probability));
  let count = 0;
  while (left > binomialSmall) {
    if (p === 0) return count;
    if (p === 1) return count + left;
    const middle = (left + 1) >> 1;
    const low = drawGamma(random, middle, 1);
    const split = low / (low + drawGamma(random, left + 1 - middle, 1));
    if (split <= p) {
      count += middle;
      left -= middle;
      p = Math.min(1, Math.max(0, (p - split) / (1 - split)));
    } else {
      left = middle - 1;
      p = Math.min(1, p / split);
    }
  }
  for (; left > 0; left--) if (random.unit() < p) count += 1;
  return count;
}
