import { assert } from '../../kernel/assert.ts';
import { condensed, type GammaMixture, mixtureMoments, mixtureQuantile } from './mixture.ts';
import { gaussLegendre } from './quadrature.ts';
import {
  emptyColumns,
  infectiousness,
  type ReproductionInput,
  type ReproductionRow,
  reproductionProbabilities,
  rowsOf,
  stateOf,
} from './reproduction.ts';
import { intervalOfMoments } from './serial-interval.ts';

/** A normal distribution cut off at both ends, in days. */
export interface CutNormal {
  readonly mean: number;
  readonly sd: number;
  readonly min: number;
  readonly max: number;
}

/** A serial interval whose mean and standard deviation are themselves uncertain. */
export interface UncertainInterval {
  readonly meanDays: CutNormal;
  readonly sdDays: CutNormal;
  /** Points of integration on each of the two axes; 40 by default. */
  readonly points?: number;
}

/** One serial interval that may be the true one. */
export interface PossibleInterval {
  /** Probabilities from lag 0. */
  readonly interval: ArrayLike<number>;
  readonly weight: number;
  /** Windows that end on this day or before take no account of it. */
  readonly meanDays: number;
}

type MixtureInput = Omit<ReproductionInput, 'interval' | 'quantiles'>;

const pointsByDefault = 40;

/**
 * Posterior of the reproduction number when the serial interval is known only within limits.
 *
 * Method    mean and sd of the interval are independent cut normals; the posterior is a mixture of
 *           gammas, integrated by Gauss and Legendre's rule instead of drawn, so that it has no
 *           Monte-Carlo error and is the same on every machine
 * Input     input      record  incidence and imported [days] in persons/day, windows, prior
 *           uncertain  record  two cut normals, days; min of the mean >= 1, min of the sd > 0
 * Output    [windows] mean, sd and seven quantiles of R, dimensionless
 * Refuses   null throughout, with a note, where a window ends before every possible mean interval;
 *           possible means after the window's end are left out, as EpiEstim does
 * Asserts   limits in order, min of the mean >= 1, spreads > 0
 * Numerics  NUMERICS
 * Cost      points squared times the cost of one fixed interval
 * Source    Cori et al. 2013, web appendix 1, 'uncertain_si', doi:10.1093/aje/kwt133
 * Evidence  test/evidence/renewal.test.ts: against EpiEstim 2.2, within its Monte-Carlo error
 */
export function uncertainReproduction(
  input: MixtureInput,
  uncertain: UncertainInterval,
): ReproductionRow[] {
  const { meanDays, sdDays, points = pointsByDefault } = uncertain;
  checkCut(meanDays);
  checkCut(sdDays);
  assert(meanDays.min >= 1 && sdDays.min > 0, 'an interval has a mean from 1, a spread above 0');
  const lags = input.incidence.length;
  const grids = new Map<number, PossibleInterval[]>();
  /** Means are cut at the end of the window, so that no point of integration straddles it. */
  const gridUpTo = (limit: number): PossibleInterval[] => {
    const max = Math.min(meanDays.max, limit);
    const known = grids.get(max);
    if (known !== undefined) return known;
    const made = max > meanDays.min ? gridOf({ ...meanDays, max }, sdDays, { points, lags }) : [];
    grids.set(max, made);
    return made;
  };
  const rows: ReproductionRow[] = [];
  // Windows that share a grid are estimated together: each interval is convolved once.
  const byGrid = Map.groupBy(input.windows, ({ tEnd }) => Math.min(meanDays.max, tEnd));
  for (const [limit, windows] of byGrid) {
    rows.push(...mixtureReproduction({ ...input, windows }, gridUpTo(limit)));
  }
  return input.windows.map(({ tStart, tEnd }) => {
    const row = rows.find((each) => each.tStart === tStart && each.tEnd === tEnd);
    assert(row !== undefined, 'every window has been estimated');
    return row;
  });
}

/**
 * Posterior of the reproduction number when one of several serial intervals is the true one.
 *
 * Method    for each window the mixture of the posteriors under each interval, by weight
 * Input     input      record       incidence and imported [days] in persons/day, windows, prior
 *           intervals  [intervals]  probabilities from lag 0, weight, mean in days
 * Output    [windows] mean, sd and seven quantiles of R, dimensionless
 * Refuses   null throughout, with a note, where every interval's mean is past the window's end
 * Asserts   windows within the series
 * Numerics  quantiles to about 1e-12
 * Cost      O(intervals x (days x lags + windows)), 5 evaluations of P a quantile and interval
 * Source    Cori et al. 2013 and Thompson et al. 2019, 'si_from_sample'
 * Evidence  methods/renewal/uncertain.test.ts
 */
export function mixtureReproduction(
  input: MixtureInput,
  intervals: readonly PossibleInterval[],
): ReproductionRow[] {
  const { incidence, imported, windows, prior, dispersion = 1 } = input;
  const pressures = intervals.map(({ interval }) => infectiousness(incidence, interval));
  const columns = emptyColumns(windows);
  const { mean, sd, quantiles, states } = columns;
  windows.forEach(({ tStart, tEnd }, index) => {
    assert(tStart >= 2 && tStart <= tEnd && tEnd <= incidence.length, 'a window is in the series');
    let cases = 0;
    for (let day = tStart - 1; day < tEnd; day++) {
      cases += (incidence[day] ?? 0) - (imported?.[day] ?? 0);
    }
    const forces = pressures.map((each) => sumOf(each, tStart - 1, tEnd));
    const mixture = mixtureOf(
      { shape: prior.shape + cases / dispersion, tEnd },
      intervals,
      (part) => {
        return 1 / (1 / prior.scale + (forces[part] ?? 0) / dispersion);
      },
    );
    if (mixture === null) {
      states[index] = stateOf['before-mean-interval'];
      return;
    }
    if (!forces.some((force) => force > 0)) states[index] = stateOf['no-infectiousness'];
    const moments = mixtureMoments(mixture);
    mean[index] = moments.mean;
    sd[index] = moments.sd;
    const few = condensed(mixture);
    reproductionProbabilities.forEach((probability, each) => {
      const at = index * reproductionProbabilities.length + each;
      quantiles[at] = mixtureQuantile(few, probability);
    });
  });
  return rowsOf(windows, columns);
}

function mixtureOf(
  { shape, tEnd }: { shape: number; tEnd: number },
  intervals: readonly PossibleInterval[],
  scaleOf: (part: number) => number,
): GammaMixture | null {
  const usable = intervals.flatMap(({ meanDays }, part) => (meanDays < tEnd ? [part] : []));
  let total = 0;
  for (const part of usable) total += intervals[part]?.weight ?? 0;
  if (!(total > 0)) return null;
  return {
    shape,
    scales: Float64Array.from(usable, scaleOf),
    weights: Float64Array.from(usable, (part) => (intervals[part]?.weight ?? 0) / total),
  };
}

function gridOf(
  mean: CutNormal,
  sd: CutNormal,
  { points, lags }: { points: number; lags: number },
): PossibleInterval[] {
  const rule = gaussLegendre(points);
  return weighted(mean, rule).flatMap(([meanDays, first]) =>
    weighted(sd, rule).map(([sdDays, second]) => {
      const interval = intervalOfMoments({ meanDays, sdDays }, lags);
      return { interval, weight: first * second, meanDays };
    }),
  );
}

/** Points of a cut normal with their weights, which need not sum to 1. */
function weighted(
  { mean, sd, min, max }: CutNormal,
  rule: readonly { readonly at: number; readonly weight: number }[],
): [at: number, weight: number][] {
  return rule.map(({ at, weight }) => {
    const x = min + ((max - min) * (at + 1)) / 2;
    return [x, weight * Math.exp(-0.5 * ((x - mean) / sd) ** 2)];
  });
}

function checkCut({ mean, sd, min, max }: CutNormal): void {
  assert(sd > 0 && min < max && min <= mean && mean <= max, 'a cut normal has limits in order');
}

function sumOf(values: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let index = from; index < to; index++) sum += values[index] ?? 0;
  return sum;
}
