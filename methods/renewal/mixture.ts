import { assert } from '../../kernel/assert.ts';
import { gammaQuantile } from '../special/gamma-quantile.ts';
import { gammaDensity, lowerGamma } from '../special/incomplete-gamma.ts';

const stepsMax = 200;

/** Gammas of one shape and several scales, and how much of each. */
export interface GammaMixture {
  readonly shape: number;
  readonly scales: Float64Array;
  /** As many as scales; their sum is 1. */
  readonly weights: Float64Array;
}

/**
 * Mean and standard deviation of a mixture of gammas of one shape.
 *
 * Method    the variance within and that of the means between
 * Input     mixture  record  shape, scales [parts] and weights [parts], dimensionless
 * Output    mean and sd
 * Numerics  the variance of scales about their mean, in two passes
 * Cost      O(parts)
 * Source    law of total variance
 * Evidence  methods/renewal/uncertain.test.ts
 */
export function mixtureMoments({ shape, scales, weights }: GammaMixture): {
  mean: number;
  sd: number;
} {
  let meanScale = 0;
  for (let part = 0; part < scales.length; part++) {
    meanScale += (weights[part] ?? 0) * (scales[part] ?? 0);
  }
  let square = 0;
  let spread = 0;
  for (let part = 0; part < scales.length; part++) {
    const scale = scales[part] ?? 0;
    square += (weights[part] ?? 0) * scale * scale;
    spread += (weights[part] ?? 0) * (scale - meanScale) ** 2;
  }
  return { mean: shape * meanScale, sd: Math.sqrt(shape * square + shape * shape * spread) };
}

/**
 * The same mixture with fewer parts: those whose scales are close are put together.
 *
 * Method    parts in the order of their scales, in steps of an eighth of the width of one gamma; a
 *           step keeps its weight and its mean
 * Input     mixture  record  shape, scales [parts] and weights [parts], dimensionless
 * Output    a mixture of at most as many parts, with the same mean
 * Numerics  the variance lost is below 1/800 of that of one gamma
 * Cost      O(parts log parts)
 * Source    none: grouping
 * Evidence  methods/renewal/uncertain.test.ts
 */
export function condensed({ shape, scales, weights }: GammaMixture): GammaMixture {
  const order = Uint32Array.from(scales, (_, part) => part);
  order.sort((one, other) => (scales[one] ?? 0) - (scales[other] ?? 0));
  const width = 1 / (8 * Math.sqrt(shape));
  const [grouped, shares]: [number[], number[]] = [[], []];
  let [from, share, sum] = [0, 0, 0];
  const close = (): void => {
    if (share <= 0) return;
    grouped.push(sum / share);
    shares.push(share);
  };
  for (const part of order) {
    const scale = scales[part] ?? 0;
    if (scale > from * (1 + width)) {
      close();
      [from, share, sum] = [scale, 0, 0];
    }
    const weight = weights[part] ?? 0;
    share += weight;
    sum += weight * scale;
  }
  close();
  return { shape, scales: Float64Array.from(grouped), weights: Float64Array.from(shares) };
}

/**
 * Quantile of a mixture of gammas of one shape.
 *
 * Method    Newton's steps on the distribution function, kept between brackets by bisection
 * Input     mixture      record  shape, scales [parts] and weights [parts], dimensionless
 *           probability  scalar  0 .. 1, both ends left out
 * Output    x, in units of the scales
 * Asserts   probability within 0 .. 1
 * Numerics  relative error about 1e-12
 * Cost      some 5 evaluations of P a part
 * Source    none needed: the inverse of a sum
 * Evidence  methods/renewal/uncertain.test.ts
 */
export function mixtureQuantile(mixture: GammaMixture, probability: number): number {
  assert(probability > 0 && probability < 1, 'a probability lies between 0 and 1');
  const { shape, scales, weights } = mixture;
  const standard = gammaQuantile(shape, probability);
  let low = Infinity;
  let high = 0;
  for (const scale of scales) {
    low = Math.min(low, scale * standard);
    high = Math.max(high, scale * standard);
  }
  let x = (mixtureMoments(mixture).mean / shape) * standard;
  for (let step = 0; step < stepsMax && high - low > 1e-13 * high; step++) {
    let reached = -probability;
    let density = 0;
    for (let part = 0; part < scales.length; part++) {
      const scale = scales[part] ?? 1;
      const weight = weights[part] ?? 0;
      const far = (x / scale - shape) / Math.sqrt(shape);
      // Twelve widths off, a gamma of a great shape is nought or one to the last digit.
      if (shape > 100 && Math.abs(far) > 12) {
        if (far > 0) reached += weight;
        continue;
      }
      reached += weight * lowerGamma(shape, x / scale);
      density += (weight * gammaDensity(shape, x / scale)) / scale;
    }
    if (reached === 0) return x;
    if (reached < 0) low = x;
    else high = x;
    const newton = x - reached / density;
    const next = density > 0 && newton > low && newton < high ? newton : (low + high) / 2;
    const change = Math.abs(next - x);
    x = next;
    if (change < 1e-13 * x) break;
  }
  return x;
}
