import { assert } from '../../kernel/assert.ts';
import type { Random } from '../../kernel/random.ts';
import { drawNegativeBinomial } from '../chance/chance.ts';
import { drawPath, type LatentFit, type LatentWalk, weighWalks } from '../latent/latent.ts';
import { infectiousness } from '../renewal/reproduction.ts';

/** A series to be carried on. */
export interface ForecastInput {
  /** [days] new events by day, integers >= 0, oldest first. */
  readonly incidence: ArrayLike<number>;
  /** [lags] probability of each number of days between generations; lag 0 is 0. */
  readonly interval: ArrayLike<number>;
  /** Days ahead. */
  readonly horizonDays: number;
  readonly random: Random;
  /** Draws of each member. */
  readonly draws: number;
}

/** Days to come, as draws of each member and as quantiles of all together. */
export interface Forecast {
  /** [horizonDays x draws] of the renewal member, each day's sorted upwards. */
  readonly renewal: Float64Array;
  /** [horizonDays x draws] of the level member, each day's sorted upwards. */
  readonly level: Float64Array;
  /** [horizonDays x draws] of the member that stays where it is, each day's sorted upwards. */
  readonly steady: Float64Array;
  /** [horizonDays x draws] every third draw of all members together, upwards. */
  readonly ensemble: Float64Array;
  readonly draws: number;
  /** Reproduction number on the last day: mean and standard deviation of its logarithm. */
  readonly logReproduction: { readonly mean: number; readonly sd: number };
}

const steps = [0.03, 0.07, 0.15, 0.3];
const sizes = [1.5, 4, 10, 30, 100];
/** Steps beyond 0.2 a day are held unlikely before the counts are seen: half normal. */
const stepScale = 0.2;
/** The same for 1 / sqrt(size). */
const scatterScale = 0.5;
/**
 * Share of log R that is left a day later: half of it after four days. Both sides react: rising
 * numbers bring measures, falling ones relief. Chosen among 0.80, 0.85, 0.90 and 0.96 on the series
 * in docs/methods/forecast.md, which says what the others gave.
 */
const reproductionKept = 0.85;
/** Share of the interval that a day must have within the series to tell of R. */
const withinLeast = 0.5;
/** Days of the past that are looked at. */
const pastDaysMax = 56;
/** No drawn day exceeds so many times the largest day of the past: nothing is learnt beyond. */
const ceilingTimes = 100;

/**
 * Two weeks ahead, from the renewal process with an uncertain reproduction number, tempered by the
 * plain level.
 *
 * Method    renewal member: log R as a walk drawn back to 0, counts negative binomial about R times
 *           the infectiousness of the past, carried on with drawn R; level member: log level as a
 *           plain walk; steady member: the last count with past differences of either sign; the
 *           ensemble is an equal mixture of the three
 * Input     incidence  [days]  events/day, integers >= 0, oldest first
 *           interval   [lags]  probabilities, lag 0 first and nought
 *           horizonDays, random, draws  scalars
 * Output    draws of each member and of the ensemble for each day ahead
 * Refuses   returns null when the past holds no event: nothing is there to be carried on
 * Asserts   a day of past, a day ahead, the interval's first entry nought
 * Numerics  drawn counts are capped at 100 times the past's largest day
 * Cost      two grids of 20 fits on at most 56 days; draws * horizonDays * lags
 * Source    Cori et al. 2013, Am J Epidemiol 178(9):1505-1512 (renewal); Cramer et al. 2022, PNAS
 *           119(15):e2113561119 (ensembles beat their members, and the baseline to beat)
 * Evidence  test/evidence/forecast.test.ts
 */
export function forecast(input: ForecastInput): Forecast | null {
  const { incidence, interval, horizonDays, random, draws } = input;
  assert(incidence.length >= 1 && horizonDays >= 1, 'a forecast has a past and a future');
  assert(interval.length >= 2 && interval[0] === 0, 'generations are at least a day apart');
  const past = Float64Array.from(incidence);
  if (past.every((count) => count === 0)) return null;
  const cap = ceilingTimes * past.reduce((largest, count) => Math.max(largest, count), 0);
  const force = knownForce(past, interval);
  const days = Math.min(past.length, pastDaysMax);
  const counts = past.subarray(past.length - days);
  const exposure = force.subarray(past.length - days);
  const renewalFits = weighWalks({ counts, exposure }, ...candidates(0, reproductionKept, 1));
  const levelFits = weighWalks(
    { counts, exposure: new Float64Array(days).fill(1) },
    ...candidates(Math.log(mean(counts) + 0.5), 1, 2),
  );
  const shape = { horizonDays, draws, cap };
  const renewal = drawRenewal(random, renewalFits, { ...shape, past, interval });
  const level = drawLevel(random, levelFits, shape);
  const steady = drawSteady(random, { ...shape, past });
  const ensemble = pool([renewal, level, steady], draws);
  return { renewal, level, steady, ensemble, draws, logReproduction: lastOf(renewalFits) };
}

/**
 * Infectiousness where enough of the interval lies within the series, completed for what lies
 * before it; nought, which is unknown, on the first days: there R would look far too large.
 */
function knownForce(past: Float64Array, interval: ArrayLike<number>): Float64Array {
  const force = infectiousness(past, interval);
  let within = 0;
  for (let day = 0; day < force.length && day < interval.length; day++) {
    within += interval[day] as number;
    force[day] = within < withinLeast ? 0 : (force[day] as number) / Math.min(1, within);
  }
  return force;
}

function candidates(centre: number, keep: number, startSd: number): [LatentWalk[], number[]] {
  const walks = steps.flatMap((step) =>
    sizes.map((size) => ({ step, size, keep, centre, startSd })),
  );
  const priors = walks.map(
    ({ step, size }) => -0.5 * (step / stepScale) ** 2 - 0.5 / size / scatterScale ** 2,
  );
  return [walks, priors];
}

interface Shape {
  readonly horizonDays: number;
  readonly draws: number;
  readonly cap: number;
}

type Weighed = ReturnType<typeof weighWalks>;

function drawRenewal(
  random: Random,
  { fits, weights }: Weighed,
  {
    horizonDays,
    draws,
    cap,
    past,
    interval,
  }: Shape & { past: Float64Array; interval: ArrayLike<number> },
): Float64Array<ArrayBuffer> {
  const counts = new Float64Array(horizonDays * draws);
  const reach = interval.length - 1;
  const recent = new Float64Array(reach + horizonDays);
  const tail = past.subarray(Math.max(0, past.length - reach));
  recent.set(tail, reach - tail.length);
  const last = new Float64Array(1);
  for (let draw = 0; draw < draws; draw++) {
    const fit = pickFit(random, fits, weights);
    let x = drawPath(random, fit, last)[0] as number;
    for (let ahead = 0; ahead < horizonDays; ahead++) {
      x = fit.walk.keep * x + fit.walk.step * random.normal();
      let force = 0;
      for (let lag = 1; lag <= reach; lag++) {
        force += (interval[lag] as number) * (recent[reach + ahead - lag] as number);
      }
      const expected = Math.min(cap, force * Math.exp(x));
      const count = Math.min(cap, drawNegativeBinomial(random, expected, fit.walk.size));
      recent[reach + ahead] = count;
      counts[ahead * draws + draw] = count;
    }
  }
  return sortDays(counts, draws);
}

function drawLevel(
  random: Random,
  { fits, weights }: Weighed,
  { horizonDays, draws, cap }: Shape,
): Float64Array<ArrayBuffer> {
  const counts = new Float64Array(horizonDays * draws);
  const last = new Float64Array(1);
  for (let draw = 0; draw < draws; draw++) {
    const fit = pickFit(random, fits, weights);
    let x = drawPath(random, fit, last)[0] as number;
    for (let ahead = 0; ahead < horizonDays; ahead++) {
      x += fit.walk.step * random.normal();
      const count = drawNegativeBinomial(random, Math.min(cap, Math.exp(x)), fit.walk.size);
      counts[ahead * draws + draw] = Math.min(cap, count);
    }
  }
  return sortDays(counts, draws);
}

/** An equal mixture: all members' draws in one order, one of every so many members. */
function pool(members: readonly Float64Array[], draws: number): Float64Array<ArrayBuffer> {
  const size = members.length;
  const mixed = new Float64Array((members[0] as Float64Array).length);
  const all = new Float64Array(size * draws);
  for (let start = 0; start < mixed.length; start += draws) {
    members.forEach((member, index) => {
      all.set(member.subarray(start, start + draws), index * draws);
    });
    all.sort();
    for (let draw = 0; draw < draws; draw++) {
      // The place within each group goes round, so that neither tail is favoured.
      mixed[start + draw] = all[size * draw + (draw % size)] as number;
    }
  }
  return mixed;
}

function pickFit(random: Random, fits: readonly LatentFit[], weights: readonly number[]) {
  const fit = fits[random.weighted(weights)];
  assert(fit !== undefined, 'a weight belongs to a fit');
  return fit;
}

/** The last count, moved by what so many days once changed, drawn with either sign. */
function drawSteady(
  random: Random,
  { horizonDays, draws, cap, past }: Shape & { past: Float64Array },
): Float64Array<ArrayBuffer> {
  const counts = new Float64Array(horizonDays * draws);
  const last = past.at(-1) ?? 0;
  for (let ahead = 0; ahead < horizonDays; ahead++) {
    const lag = Math.min(ahead + 1, past.length - 1);
    const pairs = Math.min(past.length - lag, pastDaysMax);
    for (let draw = 0; draw < draws; draw++) {
      const day = past.length - 1 - random.below(pairs);
      const difference = (past[day] as number) - (past[day - lag] as number);
      const moved = last + (random.chance(0.5) ? difference : -difference);
      counts[ahead * draws + draw] = Math.min(cap, Math.max(0, moved));
    }
  }
  return sortDays(counts, draws);
}

function sortDays(counts: Float64Array<ArrayBuffer>, draws: number): Float64Array<ArrayBuffer> {
  for (let start = 0; start < counts.length; start += draws) {
    counts.subarray(start, start + draws).sort();
  }
  return counts;
}

/** Mean and standard deviation of the logarithm on the last day, all fits together. */
function lastOf({ fits, weights }: Weighed): { mean: number; sd: number } {
  let first = 0;
  let second = 0;
  fits.forEach(({ mode, pivots }, index) => {
    const weight = weights[index] ?? 0;
    const x = mode.at(-1) ?? 0;
    first += weight * x;
    second += weight * (x * x + 1 / (pivots.at(-1) ?? 1));
  });
  return { mean: first, sd: Math.sqrt(Math.max(0, second - first * first)) };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
