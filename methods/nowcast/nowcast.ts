import { assert } from '../../kernel/assert.ts';
import type { Random } from '../../kernel/random.ts';
import { drawNegativeBinomial } from '../chance/chance.ts';
import { drawPath, fitLatentWalk, type LatentWalk, weighWalks } from '../latent/latent.ts';
import { type DelayFilter, delaysOf, followDelays } from './delays.ts';
import {
  fitReporting,
  reportedByDay,
  type ReportingPattern,
  type ReportingTriangle,
  sharesReported,
} from './triangle.ts';

/** What to nowcast and how hard to look. */
export interface NowcastInput {
  readonly triangle: ReportingTriangle;
  /** The last days for which totals are asked, 1 .. days. */
  readonly targetDays: number;
  /** Whether reports may come more on some weekdays. */
  readonly weekly: boolean;
  readonly random: Random;
  /** Draws, a multiple of `patterns`. */
  readonly draws: number;
  /** Reporting patterns drawn, each for draws / patterns of the draws. */
  readonly patterns: number;
  /**
   * Delays learnt from a larger triangle of the same days, such as that of all places together: a
   * small one says little of its own. Learnt from this triangle when left out.
   */
  readonly learnt?: LearntDelays;
}

/** What a triangle says of delays and weekdays. */
export interface LearntDelays {
  readonly filter: DelayFilter;
  readonly pattern: ReportingPattern;
}

/** Totals as they will be once every report is in. */
export interface Nowcast {
  /** [targetDays] reports in by now. */
  readonly reported: Float64Array;
  /** [targetDays] estimated share that is in. */
  readonly shares: Float64Array;
  /** [targetDays x draws] drawn totals, by day, each day's sorted upwards. */
  readonly totals: Float64Array;
  /** [draws x targetDays] the same draw by draw: days that were drawn together. */
  readonly paths: Float64Array;
  /** [draws] drawn sum of all target days, sorted upwards. */
  readonly sums: Float64Array;
  readonly draws: number;
  readonly pattern: ReportingPattern;
  /** Weighted mean of the daily step of the log level, and of 1 / size. */
  readonly step: number;
  readonly scatter: number;
}

const steps = [0.03, 0.06, 0.12, 0.25, 0.5];
const sizes = [1.5, 4, 10, 25, 80, Infinity];
/** Steps beyond 0.2 a day are held unlikely before the counts are seen: half normal. */
const stepScale = 0.2;
/** The same for 1 / sqrt(size). */
const scatterScale = 0.5;
/** Days before which the level does not matter any more for the present. */
const levelDaysMax = 56;

/** The walks weighed against each other: every step with every size. */
function candidates(centre: number): { walks: LatentWalk[]; priors: number[] } {
  const walks = steps.flatMap((step) =>
    sizes.map((size) => ({ step, size, keep: 1, centre, startSd: 2 })),
  );
  const priors = walks.map(
    ({ step, size }) => -0.5 * (step / stepScale) ** 2 - 0.5 / size / scatterScale ** 2,
  );
  return { walks, priors };
}

/**
 * Totals of the last days once all reports are in, with their uncertainty.
 *
 * Method    reporting pattern from the cut-off triangle; the level of events as a wandering one
 *           behind counts that are partly in; totals drawn from pattern, level and scatter
 * Input     triangle  [days x (delayMax + 1)]  reports, counts
 *           targetDays, weekly, random, draws, patterns  scalars, see NowcastInput
 * Output    draws of the totals of each of the last targetDays and of their sum
 * Refuses   returns null when not one report is in: nothing is known of the delays
 * Asserts   targetDays within the triangle, draws a multiple of patterns
 * Numerics  totals are integers, never below what is reported
 * Cost      about 30 + patterns fits of 56 days, draws * targetDays counts drawn
 * Source    Günther et al. 2021, Biom J 63(3):490-502 (structure); Renshaw and Verrall 1998
 * Evidence  test/evidence/nowcast.test.ts
 */
export function nowcast(input: NowcastInput): Nowcast | null {
  const { triangle, targetDays, weekly, random, draws, patterns } = input;
  assert(targetDays >= 1 && targetDays <= triangle.days, 'target days lie in the triangle');
  assert(patterns >= 1 && draws % patterns === 0, 'draws are a multiple of patterns');
  const learnt = input.learnt ?? learnDelays(triangle, { weekly });
  if (learnt === null) return null;
  const { filter, pattern } = learnt;
  const { weekdays } = pattern;
  assert(pattern.reported.length === triangle.days, 'delays were learnt from the same days');
  const all = reportedByDay(triangle);
  const levelDays = Math.min(triangle.days, Math.max(levelDaysMax, targetDays));
  const counts = all.subarray(triangle.days - levelDays);
  const exposureOf = (shares: Float64Array): Float64Array =>
    shares.subarray(triangle.days - levelDays);
  const { walks, priors } = candidates(centreOf(counts));
  const { weights } = weighWalks({ counts, exposure: exposureOf(pattern.reported) }, walks, priors);
  const totals = new Float64Array(targetDays * draws);
  const paths = new Float64Array(draws * targetDays);
  const sums = new Float64Array(draws);
  const path = new Float64Array(targetDays);
  for (let draw = 0; draw < draws;) {
    const shares = exposureOf(
      sharesReported(triangle, { delays: delaysOf(filter, random), weekdays }),
    );
    const walk = walks[random.weighted(weights)];
    assert(walk !== undefined, 'a weight belongs to a walk');
    const fit = fitLatentWalk({ counts, exposure: shares }, walk, 0);
    for (const end = draw + draws / patterns; draw < end; draw++) {
      drawPath(random, fit, path);
      for (let target = 0; target < targetDays; target++) {
        const day = levelDays - targetDays + target;
        const count = counts[day] as number;
        const total =
          count +
          drawLate(
            random,
            { count, share: shares[day] as number, walk },
            {
              level: Math.exp(path[target] as number),
            },
          );
        totals[target * draws + draw] = total;
        paths[draw * targetDays + target] = total;
        sums[draw] = (sums[draw] as number) + total;
      }
    }
  }
  for (let target = 0; target < targetDays; target++) {
    totals.subarray(target * draws, (target + 1) * draws).sort();
  }
  return {
    reported: counts.slice(levelDays - targetDays),
    shares: pattern.reported.slice(triangle.days - targetDays),
    totals,
    paths,
    sums: sums.sort(),
    draws,
    pattern,
    step: weightedMean(weights, walks, ({ step }) => step),
    scatter: weightedMean(weights, walks, ({ size }) => 1 / size),
  };
}

/**
 * What a triangle says of the delays of reports and of the weekdays.
 *
 * Method    weekdays' factors from the multiplicative model, then delays followed through time
 * Input     triangle  [days x (delayMax + 1)]  reports, counts
 *           weekly    whether reports may come more on some weekdays
 * Output    remembered delays, and the pattern they give: delays, weekdays, shares reported
 * Refuses   returns null when not one report is in
 * Asserts   nothing
 * Numerics  as fitReporting and followDelays
 * Cost      as fitReporting and followDelays
 * Source    as fitReporting and followDelays
 * Evidence  test/evidence/nowcast.test.ts
 */
export function learnDelays(
  triangle: ReportingTriangle,
  { weekly }: { weekly: boolean },
): LearntDelays | null {
  const fitted = fitReporting(triangle, { weekly });
  if (fitted === null) return null;
  const { weekdays } = fitted;
  const filter = followDelays(triangle, weekdays);
  const delays = delaysOf(filter, null);
  const reported = sharesReported(triangle, { delays, weekdays });
  return { filter, pattern: { delays, weekdays, reported } };
}

/**
 * Reports still to come. A day's events scatter about the level with a factor of their own, and the
 * reports that are in say something of that factor: gamma with shape size + count.
 */
function drawLate(
  random: Random,
  { count, share, walk }: { count: number; share: number; walk: LatentWalk },
  { level }: { level: number },
): number {
  const late = level * (1 - share);
  if (late <= 0) return 0;
  const { size } = walk;
  if (size === Infinity) return drawNegativeBinomial(random, late, Infinity);
  const mean = (late * (size + count)) / (size + level * share);
  return drawNegativeBinomial(random, mean, size + count);
}

function centreOf(counts: Float64Array): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return Math.log((sum + 0.5) / counts.length);
}

function weightedMean(
  weights: readonly number[],
  walks: readonly LatentWalk[],
  value: (walk: LatentWalk) => number,
): number {
  return walks.reduce((sum, walk, index) => sum + (weights[index] ?? 0) * value(walk), 0);
}

/**
 * A quantile of draws that are sorted upwards: the smallest draw that at least this share lies
 * at or below, so that counts stay counts.
 *
 * Method    inverse of the empirical distribution function
 * Input     sorted  [draws]  any unit, upwards
 *           level   scalar  probability 0 .. 1
 * Output    one of the draws
 * Refuses   nothing
 * Asserts   at least one draw
 * Numerics  exact
 * Cost      constant
 * Source    Hyndman and Fan 1996, Am Stat 50(4):361-365, type 1
 * Evidence  methods/nowcast/nowcast.test.ts
 */
export function quantileOfSorted(sorted: Float64Array, level: number): number {
  assert(sorted.length >= 1, 'a quantile needs a draw');
  const rank = Math.ceil(level * sorted.length - 1e-9) - 1;
  return sorted[Math.min(sorted.length - 1, Math.max(0, rank))] as number;
}
