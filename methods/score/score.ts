import { assert } from '../../kernel/assert.ts';

/** A central interval of a forecast. */
export interface CentralInterval {
  /** Probability that it should hold, 0 .. 1. */
  readonly level: number;
  readonly low: number;
  readonly high: number;
}

/** A forecast by its median and central intervals. */
export interface IntervalForecast {
  readonly median: number;
  readonly intervals: readonly CentralInterval[];
}

/** A score and what it is made of; all in the unit of what is forecast, smaller is better. */
export interface IntervalScore {
  readonly score: number;
  /** Width of the intervals: the price of being unsure. */
  readonly dispersion: number;
  /** What was seen lay above: the forecast was too low. */
  readonly underprediction: number;
  /** What was seen lay below: the forecast was too high. */
  readonly overprediction: number;
}

/**
 * Continuous ranked probability score of a sample.
 *
 * Method    mean distance to what was seen, less half the mean distance within the sample, from
 *           the order statistics
 * Input     sample    [draws]  from the forecast, unit of the forecast, in any order
 *           observed  scalar   what was seen
 *           unbiased  flag     the fair version, which divides by n (n - 1); false by default
 * Output    score in the unit of the forecast, >= 0 (the fair version may be below), smaller better
 * Refuses   nothing
 * Asserts   at least one draw, two for the fair version
 * Numerics  sums about what was seen, so that no digits are lost to a distant nought
 * Cost      O(draws log draws)
 * Source    Gneiting and Raftery 2007, doi:10.1198/016214506000001437; fair: Ferro 2014,
 *           doi:10.1002/qj.2270
 * Evidence  test/evidence/score.test.ts: scoringRules' definition; properness by simulation
 */
export function crpsOfSample(
  sample: ArrayLike<number>,
  observed: number,
  unbiased = false,
): number {
  const size = sample.length;
  assert(size >= (unbiased ? 2 : 1), 'a sample has draws');
  const sorted = Float64Array.from(sample, (draw) => draw - observed).sort();
  let distance = 0;
  let within = 0;
  for (let index = 0; index < size; index++) {
    const draw = sorted[index] ?? 0;
    distance += Math.abs(draw);
    within += (2 * index - size + 1) * draw;
  }
  return distance / size - within / (size * (unbiased ? size - 1 : size));
}

/**
 * Quantile score (pinball loss) of one quantile.
 *
 * Method    twice the distance, weighted by the side on which what was seen lies
 * Input     quantile     scalar  forecast, unit of the forecast
 *           probability  scalar  0 .. 1
 *           observed     scalar  what was seen
 * Output    score in the unit of the forecast, >= 0; that of the median is the absolute error
 * Asserts   probability within 0 .. 1
 * Cost      constant
 * Source    Gneiting and Raftery 2007, doi:10.1198/016214506000001437
 * Evidence  test/evidence/score.test.ts
 */
export function quantileScore(quantile: number, probability: number, observed: number): number {
  assert(probability >= 0 && probability <= 1, 'a probability lies between 0 and 1');
  const below = observed <= quantile ? 1 : 0;
  return 2 * (below - probability) * (quantile - observed);
}

/**
 * Continuous ranked probability score from quantiles.
 *
 * Method    mean of the quantile scores; with probabilities evenly spread it tends to the score
 * Input     quantiles      [quantiles]  forecast, unit of the forecast
 *           probabilities  [quantiles]  of each, 0 .. 1
 *           observed       scalar       what was seen
 * Output    score in the unit of the forecast, >= 0, smaller better
 * Asserts   equal lengths, at least one
 * Numerics  an approximation: 23 quantiles come within some per cent of the score of the whole
 * Cost      O(quantiles)
 * Source    Bracher et al. 2021, doi:10.1371/journal.pcbi.1008618
 * Evidence  test/evidence/score.test.ts
 */
export function crpsOfQuantiles(
  {
    quantiles,
    probabilities,
  }: {
    readonly quantiles: ArrayLike<number>;
    readonly probabilities: ArrayLike<number>;
  },
  observed: number,
): number {
  const size = quantiles.length;
  assert(size >= 1 && size === probabilities.length, 'each quantile has its probability');
  let sum = 0;
  for (let index = 0; index < size; index++) {
    sum += quantileScore(quantiles[index] ?? 0, probabilities[index] ?? 0, observed);
  }
  return sum / size;
}

/**
 * Interval score of one central interval.
 *
 * Method    width, plus what was missed by, times 2 over the probability left outside
 * Input     interval  record  level 0 .. 1, low and high, unit of the forecast
 *           observed  scalar  what was seen
 * Output    score and its three parts, unit of the forecast, smaller better
 * Asserts   level within 0 .. 1, low <= high
 * Cost      constant
 * Source    Gneiting and Raftery 2007, eq. 43, doi:10.1198/016214506000001437
 * Evidence  test/evidence/score.test.ts
 */
export function intervalScore(
  { level, low, high }: CentralInterval,
  observed: number,
): IntervalScore {
  assert(level >= 0 && level < 1, 'the level of an interval lies between 0 and 1');
  assert(low <= high, 'an interval has its limits in order');
  const outside = 2 / (1 - level);
  const dispersion = high - low;
  const underprediction = outside * Math.max(0, observed - high);
  const overprediction = outside * Math.max(0, low - observed);
  const score = dispersion + underprediction + overprediction;
  return { score, dispersion, underprediction, overprediction };
}

/**
 * Weighted interval score: a forecast by its median and central intervals in one number.
 *
 * Method    half the absolute error of the median and each interval's score times half of what is
 *           left outside, divided by the number of intervals and a half
 * Input     forecast  record  median and [intervals], unit of the forecast
 *           observed  scalar  what was seen
 * Output    score and its three parts, unit of the forecast, smaller better; with evenly spread
 *           levels it tends to the continuous ranked probability score
 * Asserts   levels within 0 .. 1, limits in order
 * Cost      O(intervals)
 * Source    Bracher et al. 2021, doi:10.1371/journal.pcbi.1008618
 * Evidence  test/evidence/score.test.ts
 */
export function weightedIntervalScore(
  { median, intervals }: IntervalForecast,
  observed: number,
): IntervalScore {
  let dispersion = 0;
  let underprediction = Math.max(0, observed - median) / 2;
  let overprediction = Math.max(0, median - observed) / 2;
  for (const interval of intervals) {
    const weight = (1 - interval.level) / 2;
    const part = intervalScore(interval, observed);
    dispersion += weight * part.dispersion;
    underprediction += weight * part.underprediction;
    overprediction += weight * part.overprediction;
  }
  const share = 1 / (intervals.length + 0.5);
  return {
    score: (dispersion + underprediction + overprediction) * share,
    dispersion: dispersion * share,
    underprediction: underprediction * share,
    overprediction: overprediction * share,
  };
}

/**
 * Weighted interval score of a forecast by symmetric quantiles.
 *
 * Method    quantiles paired into central intervals; the same as the mean of the quantile scores
 * Input     quantiles      [quantiles]  ascending, unit of the forecast
 *           probabilities  [quantiles]  ascending, symmetric about 1/2, which is among them
 *           observed       scalar       what was seen
 * Output    score and its three parts, unit of the forecast, smaller better
 * Asserts   an odd number of quantiles, symmetric
 * Cost      O(quantiles)
 * Source    Bracher et al. 2021, doi:10.1371/journal.pcbi.1008618
 * Evidence  test/evidence/score.test.ts
 */
export function scoreOfQuantiles(
  {
    quantiles,
    probabilities,
  }: {
    readonly quantiles: ArrayLike<number>;
    readonly probabilities: ArrayLike<number>;
  },
  observed: number,
): IntervalScore {
  const size = quantiles.length;
  assert(size % 2 === 1 && size === probabilities.length, 'quantiles lie about a median');
  const middle = (size - 1) / 2;
  const intervals = Array.from({ length: middle }, (_, index): CentralInterval => {
    const [low = 0, high = 0] = [probabilities[index], probabilities[size - 1 - index]];
    assert(Math.abs(low + high - 1) < 1e-9, 'quantiles are symmetric about the median');
    return {
      level: high - low,
      low: quantiles[index] ?? 0,
      high: quantiles[size - 1 - index] ?? 0,
    };
  });
  return weightedIntervalScore({ median: quantiles[middle] ?? 0, intervals }, observed);
}

/**
 * Share of intervals that held what was seen.
 *
 * Method    counting, both limits included
 * Input     intervals  [forecasts]  low and high of each, unit of the forecast
 *           observed   [forecasts]  what was seen
 * Output    share, 0 .. 1; null for no forecast
 * Asserts   equal lengths
 * Cost      O(forecasts)
 * Source    Gneiting, Balabdaoui and Raftery 2007, doi:10.1111/j.1467-9868.2007.00587.x
 * Evidence  test/evidence/score.test.ts
 */
export function coverage(
  intervals: readonly { readonly low: number; readonly high: number }[],
  observed: ArrayLike<number>,
): number | null {
  assert(intervals.length === observed.length, 'each forecast has what was seen');
  if (intervals.length === 0) return null;
  let held = 0;
  intervals.forEach(({ low, high }, index) => {
    const seen = observed[index] ?? 0;
    if (seen >= low && seen <= high) held += 1;
  });
  return held / intervals.length;
}

/**
 * Probability integral transform: where in a forecast lies what was seen.
 *
 * Method    share of the sample below what was seen; of ties, as counts have them, a share given
 *           by the caller's uniform number, so that a right forecast yields uniform values
 * Input     sample    [draws]  from the forecast, unit of the forecast
 *           observed  scalar   what was seen
 *           uniform   scalar   0 .. 1; 1/2 for the middle of the ties
 * Output    a probability, 0 .. 1
 * Asserts   at least one draw
 * Cost      O(draws)
 * Source    Czado, Gneiting and Held 2009, doi:10.1111/j.1541-0420.2009.01191.x
 * Evidence  test/evidence/score.test.ts: uniform under the true model
 */
export function integralTransform(
  sample: ArrayLike<number>,
  observed: number,
  uniform = 0.5,
): number {
  const size = sample.length;
  assert(size >= 1, 'a sample has draws');
  let [below, equal] = [0, 0];
  for (let index = 0; index < size; index++) {
    const draw = sample[index] ?? 0;
    if (draw < observed) below += 1;
    else if (draw === observed) equal += 1;
  }
  return (below + uniform * equal) / size;
}

/**
 * Histogram of probability integral transforms, and how far from even it is.
 *
 * Method    counts in equal bins; chi-squared over their number, 1 on average when even
 * Input     transforms  [forecasts]  0 .. 1
 *           bins        scalar       number of bins, >= 2; 10 by default
 * Output    [bins] counts, and chi-squared over bins - 1: U-shaped counts mean too sure, a hump
 *           too unsure, a slope biased
 * Asserts   bins >= 2
 * Cost      O(forecasts)
 * Source    Gneiting, Balabdaoui and Raftery 2007, doi:10.1111/j.1467-9868.2007.00587.x
 * Evidence  test/evidence/score.test.ts
 */
export function transformHistogram(
  transforms: ArrayLike<number>,
  bins = 10,
): { counts: number[]; unevenness: number } {
  assert(Number.isInteger(bins) && bins >= 2, 'a histogram has bins');
  const counts = Array.from({ length: bins }, () => 0);
  for (let index = 0; index < transforms.length; index++) {
    const bin = Math.min(bins - 1, Math.floor((transforms[index] ?? 0) * bins));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const even = transforms.length / bins;
  let squares = 0;
  for (const count of counts) squares += (count - even) ** 2;
  return { counts, unevenness: even === 0 ? 0 : squares / even / (bins - 1) };
}
