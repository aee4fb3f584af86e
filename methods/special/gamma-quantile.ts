import { assert } from '../../kernel/assert.ts';
import { expandedQuantile } from './cornish-fisher.ts';
import { gammaDensity, lowerGamma, upperGamma } from './incomplete-gamma.ts';
import { logGamma } from './log-gamma.ts';
import { normalQuantile } from './normal.ts';

/** From here the expansion is exact in double precision, for quantiles within 3.5 of the normal. */
const expansionFrom = 60;

const stepsMax = 100;

/**
 * Quantile of a gamma distribution with scale 1: the inverse of the regularised lower function.
 *
 * Method    Cornish and Fisher's expansion alone from shapes of 60 on; below, Newton's steps on
 *           log P or log Q, from Wilson and Hilferty's cube or the leading power near nought
 * Input     shape        scalar  > 0
 *           probability  scalar  0 .. 1
 * Output    x with P(shape, x) = probability; 0 at 0 and Infinity at 1
 * Refuses   nothing
 * Asserts   shape > 0; probability within 0 .. 1
 * Numerics  relative error about 1e-14, times the condition of the question itself
 * Cost      60 products from shapes of 60 on, some three evaluations of P or Q below
 * Source    Cornish and Fisher 1938; Wilson and Hilferty 1931, doi:10.1073/pnas.17.12.684
 * Evidence  methods/special/gamma-quantile.test.ts
 */
export function gammaQuantile(shape: number, probability: number): number {
  assert(shape > 0 && shape < Infinity, 'the shape of a gamma distribution is above nought');
  assert(probability >= 0 && probability <= 1, 'a probability lies between 0 and 1');
  if (probability === 0) return 0;
  if (probability === 1) return Infinity;
  const normal = normalQuantile(probability);
  if (shape >= expansionFrom && Math.abs(normal) < 3.5) return expandedQuantile(shape, normal);
  return refine(start(shape, probability, normal), shape, probability);
}

function start(shape: number, probability: number, z: number): number {
  if (shape > 25 && Math.abs(z) < 4) return expandedQuantile(shape, z);
  // Near nought the distribution is a power: P is about x^a / gamma(a + 1).
  const power = Math.exp((Math.log(probability) + logGamma(shape + 1)) / shape);
  if (power < 0.2 * (shape + 1)) return Math.max(power, Number.MIN_VALUE);
  // Wilson and Hilferty 1931: the cube root of a gamma is nearly normal.
  const ninth = 1 / (9 * shape);
  const cube = 1 - ninth + z * Math.sqrt(ninth);
  if (cube > 0.2) return shape * cube ** 3;
  return probability < 0.5 ? power : shape;
}

/**
 * Newton's steps on the logarithm of the smaller tail against the logarithm of x: both are concave
 * there, so that the steps cannot run away, and nearly straight near nought.
 */
function refine(from: number, shape: number, probability: number): number {
  // The lower side is quicker; of a great shape it serves until the upper one is a hundredth.
  const isLower = probability < 0.5 || (shape > 10 && probability < 0.99);
  const wanted = isLower ? probability : 1 - probability;
  let x = from;
  for (let step = 0; step < stepsMax; step++) {
    const reached = isLower ? lowerGamma(shape, x) : upperGamma(shape, x);
    if (reached === 0) {
      x *= isLower ? 2 : 0.5;
      continue;
    }
    const slope = (x * gammaDensity(shape, x)) / reached;
    const change = (isLower ? -1 : 1) * (Math.log(reached / wanted) / slope);
    const next = x * Math.exp(Math.min(Math.max(change, -20), 20));
    if (next === 0 || next === x) return next;
    x = next;
    // The error left is about the square of the change, times the shape at most.
    if (change * change * Math.max(1, shape) < 1e-17) return x;
  }
  return x;
}
