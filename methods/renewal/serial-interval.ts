import { assert } from '../../kernel/assert.ts';
import { lowerGamma } from '../special/incomplete-gamma.ts';

/** Mean and standard deviation of the days from one infection to those that it causes. */
export interface IntervalMoments {
  /** Days, above 1: nobody infects on the day on which he is infected. */
  readonly meanDays: number;
  /** Days, above 0. */
  readonly sdDays: number;
}

/**
 * Serial interval by whole days: a gamma shifted by one day, spread over two days' triangle.
 *
 * Method    probability of lag k is E max(0, 1 - |X - k|), X = 1 + gamma of the moments: the
 *           published second difference, its terms added in the order of the reference package
 * Input     moments  record  mean > 1 and standard deviation > 0, days
 *           lags     scalar  how many probabilities, lag 0 included, >= 1
 * Output    [lags] probabilities from lag 0, which is 0; their sum is below 1 when cut short
 * Refuses   nothing
 * Asserts   mean > 1, sd > 0, lags a whole number >= 1
 * Numerics  absolute error about lag x 1e-16: the far right tail is rounding. It is the same
 *           rounding as EpiEstim's, bit for bit where seen, and kept because after a great wave it
 *           is all that the last windows hold: exact tails would move R there by up to 4e-8
 * Cost      two incomplete gamma functions a lag until both are 1
 * Source    Cori et al. 2013, web appendix 11, doi:10.1093/aje/kwt133
 * Evidence  test/evidence/renewal.test.ts: the interval of the published parametric example
 */
export function intervalOfMoments(moments: IntervalMoments, lags: number): Float64Array {
  const { meanDays, sdDays } = moments;
  assert(meanDays > 1 && meanDays < Infinity, 'a serial interval has a mean above one day');
  assert(sdDays > 0 && sdDays < Infinity, 'a serial interval has a spread above nought');
  assert(Number.isInteger(lags) && lags >= 1, 'an interval has at least the lag nought');
  const shape = ((meanDays - 1) / sdDays) ** 2;
  const scale = sdDays ** 2 / (meanDays - 1);
  const upTo = (x: number, of: number): number => (x <= 0 ? 0 : lowerGamma(of, x / scale));
  const probabilities = new Float64Array(lags);
  let [first, second] = [0, 0];
  let [firstMean, secondMean] = [0, 0];
  for (let lag = 0; lag < lags; lag++) {
    const third = upTo(lag, shape);
    const thirdMean = upTo(lag, shape + 1);
    const days = lag * third + (lag - 2) * first - 2 * (lag - 1) * second;
    const means = shape * scale * (2 * secondMean - firstMean - thirdMean);
    probabilities[lag] = Math.max(0, days + means);
    // Both distributions have reached 1: every further difference is exactly nought.
    if (first === 1 && firstMean === 1) break;
    [first, second] = [second, third];
    [firstMean, secondMean] = [secondMean, thirdMean];
  }
  return probabilities;
}

/**
 * Mean of a serial interval given by days.
 *
 * Method    the sum of lag times probability; the probabilities are not scaled to a sum of 1
 * Input     probabilities  [lags]  from lag 0, dimensionless
 * Output    days
 * Source    Cori et al. 2013, doi:10.1093/aje/kwt133
 * Evidence  methods/renewal/reproduction.test.ts
 */
export function meanOfInterval(probabilities: ArrayLike<number>): number {
  let sum = 0;
  for (let lag = 0; lag < probabilities.length; lag++) sum += lag * (probabilities[lag] ?? 0);
  return sum;
}
