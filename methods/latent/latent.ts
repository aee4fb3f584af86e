import { assert } from '../../kernel/assert.ts';
import type { Random } from '../../kernel/random.ts';
import { logGamma } from '../special/log-gamma.ts';

/** Counts by time whose logarithmic level wanders: what is known of them. */
export interface LatentSeries {
  /** [times] observed, integers >= 0. */
  readonly counts: ArrayLike<number>;
  /** [times] what a level of 1 would give in expectation, >= 0; 0 where nothing is known. */
  readonly exposure: ArrayLike<number>;
}

/** How the logarithm of the level wanders and how the counts scatter about it. */
export interface LatentWalk {
  /** Standard deviation of one step, > 0. */
  readonly step: number;
  /** Share of the distance from the centre that is kept at each step; 1 is a random walk. */
  readonly keep: number;
  /** Where the walk returns to, and the mean of its first value. */
  readonly centre: number;
  /** Standard deviation of the first value, > 0. */
  readonly startSd: number;
  /** Counts have variance m + m^2 / size; Infinity for Poisson. */
  readonly size: number;
}

/** The most likely path of the logarithm and how sure it is. */
export interface LatentFit {
  readonly walk: LatentWalk;
  /** [times] the mode of the logarithm of the level. */
  readonly mode: Float64Array;
  /** [times] diagonal of the factor D in L D L' of the precision about the mode. */
  readonly pivots: Float64Array;
  /** [times - 1] entries below the diagonal of L. */
  readonly links: Float64Array;
  /** Logarithm of the probability of the counts given the walk, by Laplace's approximation. */
  readonly logEvidence: number;
}

const newtonStepsMax = 60;
const newtonTolerance = 1e-7;
/** No step of Newton's method moves the logarithm further than this. */
const strideMax = 2;

/**
 * The path of a wandering level behind overdispersed counts.
 *
 * Method    log level x as a stationary or plain first-order walk, counts negative binomial with
 *           mean exposure * exp(x); mode by Newton's method on a tridiagonal system, normal
 *           approximation about the mode (Laplace)
 * Input     series  [times]  counts, integers >= 0, and exposure, >= 0, counts at level 1
 *           walk    scalars  as in LatentWalk, dimensionless
 *           constant  scalar  the part of the evidence that no walk changes; worked out if left out
 * Output    mode, its factorised precision, and the log evidence for comparing walks
 * Refuses   nothing; without exposure the result is the prior
 * Asserts   equal lengths, at least one time, step, startSd and size > 0
 * Numerics  the log likelihood is concave in x, steps are bounded, 60 steps at most
 * Cost      O(times) for each of about 6 steps; three arrays kept
 * Source    Rue, Martino and Chopin 2009, J R Stat Soc B 71(2):319-392 (Laplace for such fields)
 * Evidence  methods/latent/latent.test.ts
 */
export function fitLatentWalk(
  series: LatentSeries,
  walk: LatentWalk,
  constant: number = constantOf(series, walk.size),
): LatentFit {
  const { counts, exposure } = series;
  const times = counts.length;
  assert(times >= 1 && exposure.length === times, 'counts and exposure have one length');
  assert(walk.step > 0 && walk.startSd > 0 && walk.size > 0, 'scales of a walk are positive');
  const mode = startOf(series, walk);
  const pivots = new Float64Array(times);
  const links = new Float64Array(Math.max(0, times - 1));
  const move = new Float64Array(times);
  for (let round = 0; round < newtonStepsMax; round++) {
    const { step, keep, centre, startSd, size } = walk;
    const stepPrecision = 1 / (step * step);
    const offDiagonal = -keep * stepPrecision;
    for (let time = 0; time < times; time++) {
      const here = (mode[time] as number) - centre;
      const before = time === 0 ? 0 : (mode[time - 1] as number) - centre;
      const hasNext = time + 1 < times;
      const after = hasNext ? (mode[time + 1] as number) - centre : 0;
      const own = time === 0 ? 1 / (startSd * startSd) : stepPrecision;
      let gradient = -own * (time === 0 ? here : here - keep * before);
      if (hasNext) gradient += keep * stepPrecision * (after - keep * here);
      let precision = own + (hasNext ? keep * keep * stepPrecision : 0);
      const mean = (exposure[time] as number) * Math.exp(mode[time] as number);
      if (mean > 0) {
        const count = counts[time] as number;
        const share = size === Infinity ? 1 : size / (size + mean);
        const pull = size === Infinity ? mean : (count + size) * (1 - share);
        gradient += count - pull;
        precision += pull * share;
      }
      // Factorised and solved forward in the same sweep: L D L', then backward below.
      if (time === 0) {
        pivots[0] = precision;
        move[0] = gradient;
      } else {
        const link = offDiagonal / (pivots[time - 1] as number);
        links[time - 1] = link;
        pivots[time] = precision - link * offDiagonal;
        move[time] = gradient - link * (move[time - 1] as number);
      }
    }
    if (moveBack(mode, { move, pivots, links }) < newtonTolerance) break;
  }
  const logEvidence = evidenceAt(series, walk, { mode, pivots }) + constant;
  return { walk, mode, pivots, links, logEvidence };
}

/** Ends one step of Newton's method; answers the largest move. */
function moveBack(
  mode: Float64Array,
  { move, pivots, links }: { move: Float64Array; pivots: Float64Array; links: Float64Array },
): number {
  let largest = 0;
  for (let time = mode.length - 1; time >= 0; time--) {
    const after = time + 1 < mode.length ? (move[time + 1] as number) : 0;
    const link = time + 1 < mode.length ? (links[time] as number) : 0;
    const full = (move[time] as number) / (pivots[time] as number) - link * after;
    move[time] = full;
    largest = Math.max(largest, Math.abs(full));
  }
  const brake = largest > strideMax ? strideMax / largest : 1;
  for (let time = 0; time < mode.length; time++) {
    mode[time] = (mode[time] as number) + brake * (move[time] as number);
  }
  return largest;
}

function startOf({ counts, exposure }: LatentSeries, { centre }: LatentWalk): Float64Array {
  const mode = new Float64Array(counts.length);
  let last = centre;
  for (let time = 0; time < counts.length; time++) {
    const known = exposure[time] as number;
    if (known > 0) last = Math.log(((counts[time] as number) + 0.5) / (known + 0.5));
    mode[time] = last;
  }
  return mode;
}

function evidenceAt(
  { counts, exposure }: LatentSeries,
  { step, keep, centre, startSd, size }: LatentWalk,
  { mode, pivots }: { mode: Float64Array; pivots: Float64Array },
): number {
  const first = ((mode[0] as number) - centre) / startSd;
  let sum = -0.5 * first * first - Math.log(startSd);
  for (let time = 0; time < mode.length; time++) {
    if (time > 0) {
      const expected = centre + keep * ((mode[time - 1] as number) - centre);
      const moved = ((mode[time] as number) - expected) / step;
      sum -= 0.5 * moved * moved + Math.log(step);
    }
    sum -= 0.5 * Math.log(pivots[time] as number);
    const mean = (exposure[time] as number) * Math.exp(mode[time] as number);
    if (mean === 0) continue;
    const count = counts[time] as number;
    if (size === Infinity) sum += count * Math.log(mean) - mean;
    else sum += count * Math.log(mean / (size + mean)) - size * Math.log1p(mean / size);
  }
  return sum;
}

/** Terms of the evidence in the counts and their scatter alone, alike for every walk of a size. */
function constantOf({ counts, exposure }: LatentSeries, size: number): number {
  const sizeTerm = size === Infinity ? 0 : logGamma(size);
  let sum = 0;
  for (let time = 0; time < counts.length; time++) {
    if (exposure[time] === 0) continue;
    const count = counts[time] as number;
    sum -= logGamma(count + 1);
    if (size !== Infinity && count > 0) sum += logGamma(count + size) - sizeTerm;
  }
  return sum;
}

/**
 * One path of the logarithm of the level, drawn from what is known of it.
 *
 * Method    normal deviates through the backward factor of the precision
 * Input     random  source of chance
 *           fit     [times] mode and factors, as fitLatentWalk gives them, dimensionless
 *           path    [last times] filled with the path's end, dimensionless; may be shorter
 * Output    the same path
 * Refuses   nothing
 * Asserts   a path no longer than the series
 * Numerics  exact for the normal approximation
 * Cost      one normal deviate for each time of the path
 * Source    Rue 2001, J R Stat Soc B 63(2):325-338
 * Evidence  methods/latent/latent.test.ts
 */
export function drawPath(random: Random, fit: LatentFit, path: Float64Array): Float64Array {
  const { mode, pivots, links } = fit;
  const first = mode.length - path.length;
  assert(first >= 0, 'a path is no longer than its series');
  let after = 0;
  for (let time = mode.length - 1; time >= first; time--) {
    const link = time + 1 < mode.length ? (links[time] as number) : 0;
    const deviation = random.normal() / Math.sqrt(pivots[time] as number) - link * after;
    path[time - first] = (mode[time] as number) + deviation;
    after = deviation;
  }
  return path;
}

/**
 * Fits of several walks and the weight of each given the counts.
 *
 * Method    Bayes' rule on a grid of walks, with Laplace's evidence and given prior weights
 * Input     series  [times]  counts and exposure, as fitLatentWalk
 *           walks   [walks]  candidates
 *           priors  [walks]  log prior weights, up to a constant, dimensionless
 * Output    fits and their weights [walks], which add up to 1
 * Refuses   nothing
 * Asserts   one prior weight for each walk, at least one walk
 * Numerics  weights from differences to the largest log evidence
 * Cost      one fit for each walk
 * Source    Rue, Martino and Chopin 2009, J R Stat Soc B 71(2):319-392
 * Evidence  methods/latent/latent.test.ts
 */
export function weighWalks(
  series: LatentSeries,
  walks: readonly LatentWalk[],
  priors: readonly number[],
): { fits: LatentFit[]; weights: number[] } {
  assert(walks.length >= 1 && priors.length === walks.length, 'each walk has a prior weight');
  const constants = new Map<number, number>();
  const fits = walks.map((walk) => {
    const constant = constants.get(walk.size) ?? constantOf(series, walk.size);
    constants.set(walk.size, constant);
    return fitLatentWalk(series, walk, constant);
  });
  const scores = fits.map((fit, index) => fit.logEvidence + (priors[index] ?? 0));
  const best = Math.max(...scores);
  const raw = scores.map((score) => Math.exp(score - best));
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  return { fits, weights: raw.map((weight) => weight / total) };
}
