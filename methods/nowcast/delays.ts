import { assert } from '../../kernel/assert.ts';
import type { Random } from '../../kernel/random.ts';
import { drawGamma } from '../chance/chance.ts';
import { logGamma } from '../special/log-gamma.ts';
import type { ReportingTriangle } from './triangle.ts';

/** What reports have said of the delays, with several speeds of forgetting. */
export interface DelayFilter {
  /** [speeds] days after which a report counts half. */
  readonly halfLives: readonly number[];
  /** [speeds] how well each speed foretold the reports, adding up to 1. */
  readonly weights: readonly number[];
  /** [speeds][delayMax + 1] reports that took exactly so long, remembered ones. */
  readonly exact: readonly Float64Array[];
  /** [speeds][delayMax + 1] reports of the same days that took less. */
  readonly shorter: readonly Float64Array[];
}

/** Half-lives weighed against each other: a week to never. */
const halfLives = [7, 14, 28, 56, Infinity] as const;
/** How much of its record each speed keeps a day: habits change, and so may the best speed. */
const recordKept = 0.95;
/** Prior worth half a report on either side, spread over the delays. */
const priorReports = 0.5;

/**
 * The delays of reports, followed through time.
 *
 * Method    going back from the longest delay, the share of reports up to a delay that took exactly
 *           so long is unaffected by the cut at the present; each share is followed by a beta
 *           filter that forgets, at five speeds weighed by how well they foretold the reports
 * Input     triangle  [days x (delayMax + 1)]  reports, counts
 *           weekdays  [7]  factors > 0 by which reports are first divided, dimensionless
 * Output    remembered counts of each speed, and the speeds' weights
 * Refuses   nothing
 * Asserts   seven weekdays
 * Numerics  log beta functions of counts; weights from differences to the best
 * Cost      O(speeds * days * delayMax)
 * Source    Kalbfleisch and Lawless 1989, J Am Stat Assoc 84(406):360-372 (reverse hazards);
 *           Raftery, Karny and Ettler 2010, Technometrics 52(1):52-66 (weights that forget)
 * Evidence  methods/nowcast/nowcast.test.ts
 */
export function followDelays(triangle: ReportingTriangle, weekdays: Float64Array): DelayFilter {
  assert(weekdays.length === 7, 'a week has seven days');
  const { days, delayMax } = triangle;
  const { even, before } = evenOut(triangle, weekdays);
  const exact = halfLives.map(() => new Float64Array(delayMax + 1));
  const shorter = halfLives.map(() => new Float64Array(delayMax + 1));
  const scores = halfLives.map(() => 0);
  const columns = delayMax + 1;
  halfLives.forEach((halfLife, speed) => {
    const kept = 0.5 ** (1 / halfLife);
    const up = exact[speed] as Float64Array;
    const down = shorter[speed] as Float64Array;
    let score = 0;
    for (let today = 0; today < days; today++) {
      score *= recordKept;
      for (let delay = 1; delay <= Math.min(delayMax, today); delay++) {
        const cell = (today - delay) * columns + delay;
        const here = even[cell] as number;
        const less = before[cell] as number;
        const a = (up[delay] as number) * kept;
        const b = (down[delay] as number) * kept;
        if (here + less > 0) {
          const alpha = a + priorReports / columns;
          const beta = b + priorReports;
          score += logBeta(alpha + here, beta + less) - logBeta(alpha, beta);
        }
        up[delay] = a + here;
        down[delay] = b + less;
      }
    }
    scores[speed] = score;
  });
  const best = Math.max(...scores);
  const raw = scores.map((score) => Math.exp(score - best));
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  return { halfLives, weights: raw.map((weight) => weight / total), exact, shorter };
}

/** Reports divided by their weekday's factor, and for each cell those of shorter delays. */
function evenOut(
  { days, delayMax, counts, firstWeekday }: ReportingTriangle,
  weekdays: Float64Array,
): { even: Float64Array; before: Float64Array } {
  const even = new Float64Array(counts.length);
  const before = new Float64Array(counts.length);
  for (let day = 0; day < days; day++) {
    let sum = 0;
    for (let delay = 0; delay <= delayMax; delay++) {
      const cell = day * (delayMax + 1) + delay;
      const factor = weekdays[(firstWeekday + day + delay) % 7] as number;
      even[cell] = (counts[cell] as number) / factor;
      before[cell] = sum;
      sum += even[cell];
    }
  }
  return { even, before };
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/**
 * Probabilities of the delays: their mean, or a draw of what is open about them.
 *
 * Method    beta shares from the longest delay down; the mean averages the speeds by their
 *           weights, a draw picks one speed
 * Input     filter  [speeds][delayMax + 1]  remembered reports, counts
 *           random  source of chance, or null for the mean
 * Output    [delayMax + 1] probabilities, adding up to 1
 * Refuses   nothing
 * Asserts   nothing
 * Numerics  the shortest delay takes what is left, so that the sum is 1
 * Cost      two gamma draws for each delay
 * Source    Kalbfleisch and Lawless 1989, J Am Stat Assoc 84(406):360-372
 * Evidence  methods/nowcast/nowcast.test.ts
 */
export function delaysOf(filter: DelayFilter, random: Random | null): Float64Array {
  const columns = filter.exact[0]?.length ?? 1;
  const delays = new Float64Array(columns);
  const speed = random === null ? -1 : random.weighted(filter.weights);
  let left = 1;
  for (let delay = columns - 1; delay >= 1; delay--) {
    let part = 0;
    if (random === null) {
      filter.weights.forEach((weight, each) => {
        part += weight * meanShare(filter, { speed: each, delay, columns });
      });
    } else {
      const up = drawGamma(random, at(filter.exact, speed, delay) + priorReports / columns, 1);
      const down = drawGamma(random, at(filter.shorter, speed, delay) + priorReports, 1);
      part = up / (up + down);
    }
    delays[delay] = left * part;
    left -= delays[delay] as number;
  }
  delays[0] = left;
  return delays;
}

function meanShare(
  { exact, shorter }: DelayFilter,
  { speed, delay, columns }: { speed: number; delay: number; columns: number },
): number {
  const up = at(exact, speed, delay) + priorReports / columns;
  return up / (up + at(shorter, speed, delay) + priorReports);
}

function at(arrays: readonly Float64Array[], speed: number, delay: number): number {
  return arrays[speed]?.[delay] ?? 0;
}
