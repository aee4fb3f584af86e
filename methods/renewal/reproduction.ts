import { assert } from '../../kernel/assert.ts';
import { meanOfInterval } from './serial-interval.ts';
import { StandardQuantiles } from './standard-quantiles.ts';

/** A gamma distribution: mean shape x scale, dimensionless. */
export interface GammaPrior {
  readonly shape: number;
  readonly scale: number;
}

/** Days pooled into one estimate, counted from 1, both included. */
export interface ReproductionWindow {
  /** 2 or later: the first day's infections have no source in the series. */
  readonly tStart: number;
  readonly tEnd: number;
}

/** What a reproduction number is estimated from. */
export interface ReproductionInput {
  readonly incidence: ArrayLike<number>;
  /** Part of the incidence that was infected elsewhere; nothing by default. */
  readonly imported?: ArrayLike<number>;
  readonly interval: ArrayLike<number>;
  readonly windows: readonly ReproductionWindow[];
  readonly prior: GammaPrior;
  /** Multiple of the Poisson variance, from `dispersionOf`; 1 by default, as EpiEstim has it. */
  readonly dispersion?: number;
  /** Kept between calls, it saves nearly all of the time. */
  readonly quantiles?: StandardQuantiles;
}

/** Quantiles that are told of every estimate. */
export const reproductionProbabilities = [0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975] as const;

/** Why a window has no estimate, or one that rests on nothing observed. */
export type ReproductionNote = 'before-mean-interval' | 'no-infectiousness';

/** Estimates in columns, one place a window; quantiles lie window by window. */
export interface ReproductionColumns {
  readonly mean: Float64Array;
  readonly sd: Float64Array;
  readonly quantiles: Float64Array;
  /** As `stateOf` has them; nought where nothing is to be said. */
  readonly states: Uint8Array;
}

const notes: readonly (ReproductionNote | undefined)[] = [
  undefined,
  'before-mean-interval',
  'no-infectiousness',
];

/** How a note stands in a column of states. */
export const stateOf: { readonly [note in ReproductionNote]: number } = {
  'before-mean-interval': 1,
  'no-infectiousness': 2,
};

/** One window's estimate; null throughout where it is not identified. */
export interface ReproductionRow extends ReproductionWindow {
  readonly mean: number | null;
  readonly sd: number | null;
  readonly q025: number | null;
  readonly q05: number | null;
  readonly q25: number | null;
  readonly median: number | null;
  readonly q75: number | null;
  readonly q95: number | null;
  readonly q975: number | null;
  /** Absent when nothing is to be said. */
  readonly note?: ReproductionNote;
}

/**
 * The gamma with a given mean and standard deviation.
 *
 * Method    moments
 * Input     mean  scalar  > 0, dimensionless
 *           sd    scalar  > 0, dimensionless
 * Output    shape and scale
 * Asserts   both above nought
 * Source    Cori et al. 2013, doi:10.1093/aje/kwt133; default there mean 5, sd 5: wide, and so
 *           high that a quick end of an epidemic is not read out of too few data
 * Evidence  test/evidence/renewal.test.ts
 */
export function gammaPrior(mean: number, sd: number): GammaPrior {
  assert(mean > 0 && sd > 0, 'a prior has a mean and a spread above nought');
  return { shape: (mean / sd) ** 2, scale: sd ** 2 / mean };
}

/**
 * Windows of a fixed length that end on each day of a series.
 *
 * Method    the first starts on day 2, the last ends on the last day
 * Input     days        scalar  length of the series
 *           windowDays  scalar  >= 1
 * Output    [windows] first and last day of each, empty when the series is too short
 * Source    Cori et al. 2013: one week by default, so that weekdays cancel
 * Evidence  test/evidence/renewal.test.ts
 */
export function slidingWindows(days: number, windowDays: number): ReproductionWindow[] {
  assert(Number.isInteger(windowDays) && windowDays >= 1, 'a window has at least one day');
  const windows: ReproductionWindow[] = [];
  for (let tEnd = windowDays + 1; tEnd <= days; tEnd++) {
    windows.push({ tStart: tEnd - windowDays + 1, tEnd });
  }
  return windows;
}

/**
 * Past infections weighted by the serial interval: what each day's new ones are measured against.
 *
 * Method    convolution of the incidence with the interval
 * Input     incidence  [days]  infections by day, imported ones included, persons/day, >= 0
 *           interval   [lags]  probabilities from lag 0, which is 0
 * Output    [days] persons/day; nought on the first day, where it is not known
 * Refuses   nothing
 * Numerics  sums of at most `lags` non-negative terms
 * Cost      O(days x lags up to the last that is above nought)
 * Source    Fraser 2007, doi:10.1371/journal.pone.0000758; Cori et al. 2013
 * Evidence  methods/renewal/reproduction.test.ts
 */
export function infectiousness(
  incidence: ArrayLike<number>,
  interval: ArrayLike<number>,
): Float64Array {
  const days = incidence.length;
  let lags = Math.min(interval.length, days);
  while (lags > 1 && interval[lags - 1] === 0) lags -= 1;
  // One kind of array for the inner loop, whatever came in: it is where the time goes.
  const past = new Float64Array(incidence);
  const weights = new Float64Array(interval);
  const result = new Float64Array(days);
  for (let day = 1; day < days; day++) {
    const last = Math.min(lags - 1, day);
    let sum = 0;
    for (let lag = 1; lag <= last; lag++) sum += (weights[lag] ?? 0) * (past[day - lag] ?? 0);
    result[day] = sum;
  }
  return result;
}

/**
 * Posterior of the instantaneous reproduction number on each window, in columns.
 *
 * Method    renewal equation, Poisson counts, conjugate gamma prior; closed form, no sampling:
 *           shape = prior shape + local infections, 1/scale = 1/prior scale + infectiousness
 * Input     incidence  [days]     new infections by day, persons/day, integers >= 0, oldest first
 *           imported   [days]     of these infected elsewhere, persons/day, <= incidence
 *           interval   [lags]     serial interval from lag 0, which is 0, dimensionless
 *           windows    [windows]  first and last day, from 1; the first not before day 2
 *           prior      gamma      shape and scale, both > 0, dimensionless
 *           dispersion scalar     >= 1: counts and infectiousness are divided by it
 * Output    mean, sd [windows] and quantiles [windows x 7] of R, dimensionless; states [windows]
 * Refuses   noughts, with their state, where a window ends before the mean serial interval; a
 *           window without infectiousness repeats the prior and says so
 * Asserts   equal lengths; windows within the series; dispersion >= 1
 * Numerics  sums of integer counts exact below 2^53; quantiles to about 1e-14
 * Cost      O(days x lags + windows x window length); a quantile is worked out once for each shape
 * Source    Cori et al. 2013, Am J Epidemiol 178(9):1505-1512, doi:10.1093/aje/kwt133; imported
 *           cases after Thompson et al. 2019, doi:10.1016/j.epidem.2019.100356
 * Evidence  test/evidence/renewal.test.ts: the published examples; coverage on simulated truth
 */
export function reproductionColumns(input: ReproductionInput): ReproductionColumns {
  const { incidence, imported, interval, windows, prior, dispersion = 1 } = input;
  const days = incidence.length;
  assert(imported === undefined || imported.length === days, 'both series have the same days');
  assert(dispersion >= 1, 'counts scatter at least as chance has it');
  const table = input.quantiles ?? new StandardQuantiles(reproductionProbabilities);
  const pressure = infectiousness(incidence, interval);
  const meanInterval = meanOfInterval(interval);
  const columns = emptyColumns(windows);
  const { mean, sd, quantiles, states } = columns;
  windows.forEach(({ tStart, tEnd }, index) => {
    assert(tStart >= 2 && tStart <= tEnd && tEnd <= days, 'a window lies within the series');
    if (!(tEnd > meanInterval)) {
      states[index] = stateOf['before-mean-interval'];
      return;
    }
    let cases = 0;
    let force = 0;
    for (let day = tStart - 1; day < tEnd; day++) {
      cases += (incidence[day] ?? 0) - (imported?.[day] ?? 0);
      force += pressure[day] ?? 0;
    }
    if (force <= 0) states[index] = stateOf['no-infectiousness'];
    // Scatter beyond chance makes every count tell less: both sums are divided by it.
    const shape = prior.shape + cases / dispersion;
    const scale = 1 / (1 / prior.scale + force / dispersion);
    mean[index] = shape * scale;
    sd[index] = Math.sqrt(shape) * scale;
    const standard = table.of(shape);
    const first = index * standard.length;
    for (let each = 0; each < standard.length; each++) {
      quantiles[first + each] = (standard[each] ?? 0) * scale;
    }
  });
  return columns;
}

/**
 * Posterior of the instantaneous reproduction number on each window, as records.
 *
 * Method    as `reproductionColumns`
 * Input     input  record  as `reproductionColumns`: incidence and imported [days] in persons/day,
 *                          interval [lags], windows [windows], prior
 * Output    [windows] mean, sd and seven quantiles of R, dimensionless
 * Refuses   null throughout, with a note, where a window ends before the mean serial interval
 * Source    Cori et al. 2013, doi:10.1093/aje/kwt133
 * Evidence  test/evidence/renewal.test.ts
 */
export function reproduction(input: ReproductionInput): ReproductionRow[] {
  return rowsOf(input.windows, reproductionColumns(input));
}

/**
 * Columns as records, with null and a note where there is no estimate.
 *
 * Method    one record a window
 * Input     windows  [windows]  first and last day of each
 *           columns  record     mean, sd [windows], quantiles [windows x 7], dimensionless
 * Output    [windows] records
 * Source    none: a change of form
 * Evidence  methods/renewal/reproduction.test.ts
 */
export function rowsOf(
  windows: readonly ReproductionWindow[],
  { mean, sd, quantiles, states }: ReproductionColumns,
): ReproductionRow[] {
  const size = reproductionProbabilities.length;
  return windows.map(({ tStart, tEnd }, index) => {
    const note = notes[states[index] ?? 0];
    const isKnown = note !== 'before-mean-interval';
    const at = (which: number): number | null =>
      isKnown ? (quantiles[index * size + which] ?? null) : null;
    const row = {
      ...{ tStart, tEnd },
      mean: isKnown ? (mean[index] ?? null) : null,
      sd: isKnown ? (sd[index] ?? null) : null,
      ...{ q025: at(0), q05: at(1), q25: at(2), median: at(3), q75: at(4), q95: at(5) },
      q975: at(6),
    };
    return note === undefined ? row : { ...row, note };
  });
}

/**
 * Columns of noughts for a list of windows.
 *
 * Method    allocation
 * Input     windows  [windows]  first and last day of each
 * Output    mean, sd, states [windows], quantiles [windows x 7], all nought
 * Source    none: a change of form
 * Evidence  methods/renewal/reproduction.test.ts
 */
export function emptyColumns(windows: readonly ReproductionWindow[]): ReproductionColumns {
  const size = windows.length;
  return {
    mean: new Float64Array(size),
    sd: new Float64Array(size),
    quantiles: new Float64Array(size * reproductionProbabilities.length),
    states: new Uint8Array(size),
  };
}
