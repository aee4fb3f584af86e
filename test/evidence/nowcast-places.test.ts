import { expect, test } from 'vitest';
import { Random } from '../../kernel/random.ts';
import {
  learnDelays,
  type Nowcast,
  nowcast,
  quantileOfSorted,
} from '../../methods/nowcast/nowcast.ts';
import { buildTriangle, type ReportingTriangle } from '../../methods/nowcast/triangle.ts';
import { scoreOfQuantiles } from '../../methods/score/score.ts';
import { isFullEvidence } from '../support/field-data.ts';
import { hubLevels, type ReportedWorld, reportedWorld } from './support/worlds.ts';

const draws = 1_000;
const targetDays = 10;
const parts = 30;
/** Infections a day in the last four weeks, up to each of these. */
const rates = [0.1, 0.3, 1, 3, Infinity];

interface Part {
  readonly triangle: ReportingTriangle;
  readonly truth: Float64Array;
}

/** Some of the thirty communities of a town, of unequal size, and the town's own triangle. */
function split(world: ReportedWorld, seed: number): { whole: ReportingTriangle; some: Part[] } {
  const { eventDays, reportDays, asOf } = world;
  const random = new Random(seed + 9e6);
  const weights = Array.from({ length: parts }, () => Math.exp(random.normal()));
  const owner = eventDays.map(() => random.weighted(weights));
  const days = Math.min(asOf + 1, 90);
  const zero = asOf - days + 1;
  const triangleOf = (events: readonly number[]): ReportingTriangle =>
    buildTriangle({
      eventDays: events.map((event) => (eventDays[event] ?? 0) - zero),
      reportDays: events.map((event) => (reportDays[event] ?? 0) - zero),
      ...{ asOf: days - 1, days, delayMax: 22, weekdayOfDayZero: 0 },
    });
  const all = eventDays.map((_, event) => event);
  const some = [0, 1, 2, 3, 4, 5].flatMap((part): Part[] => {
    const own = all.filter((event) => owner[event] === part);
    const truth = new Float64Array(asOf + 1);
    for (const event of own) {
      const day = eventDays[event] ?? 0;
      truth[day] = (truth[day] ?? 0) + 1;
    }
    const isKnown = own.some(
      (event) => (eventDays[event] ?? 0) >= zero && (reportDays[event] ?? Infinity) <= asOf,
    );
    return isKnown ? [{ triangle: triangleOf(own), truth }] : [];
  });
  return { whole: triangleOf(all), some };
}

const quantilesOf = ({ totals }: Nowcast, day: number): number[] =>
  hubLevels.map((level) =>
    quantileOfSorted(totals.subarray(day * draws, (day + 1) * draws), level),
  );
const scoreAt = (quantiles: readonly number[], seen: number): number =>
  scoreOfQuantiles({ quantiles: [...quantiles], probabilities: hubLevels }, seen).score;

test('in a community the delays of its town add next to nothing to its own nowcast', () => {
  const sums = rates.map((rate) => ({ rate, count: 0, raw: 0, own: 0, shared: 0, held: 0 }));
  for (let seed = 1; seed <= (isFullEvidence ? 300 : 60); seed++) {
    const world = reportedWorld(seed);
    const { whole, some } = split(world, seed);
    const learnt = learnDelays(whole, { weekly: true });
    if (learnt === null) continue;
    for (const { triangle, truth } of some) {
      const asked = { triangle, targetDays, weekly: true, draws, patterns: 40 };
      const own = nowcast({ ...asked, random: new Random(seed) });
      const shared = nowcast({ ...asked, random: new Random(seed), learnt });
      const rate = truth.slice(-28).reduce((sum, count) => sum + count, 0) / 28;
      const sum = sums.find((each) => rate < each.rate);
      if (own === null || shared === null || sum === undefined) continue;
      for (let day = 0; day < targetDays; day++) {
        // Days that are in by now say nothing of delays.
        if ((learnt.pattern.reported[triangle.days - targetDays + day] ?? 1) >= 0.9) continue;
        const seen = truth[truth.length - targetDays + day] ?? 0;
        const quantiles = quantilesOf(own, day);
        sum.count += 1;
        sum.raw += Math.abs((own.reported[day] ?? 0) - seen);
        sum.own += scoreAt(quantiles, seen);
        sum.shared += scoreAt(quantilesOf(shared, day), seen);
        // The 5th and the 95th percentile.
        if ((quantiles[2] ?? 0) <= seen && seen <= (quantiles[20] ?? 0)) sum.held += 1;
      }
    }
  }
  for (const { rate, count, raw, own, shared, held } of sums) {
    const [a, b, c, d] = [raw, own, shared, held].map((each) => (each / count).toFixed(3));
    console.log(`below ${rate} a day, ${count} days: raw ${a}, own ${b}, town's ${c}, held ${d}`);
  }
  for (const { rate, count, raw, own, shared } of sums) {
    expect(count).toBeGreaterThan(50);
    // Whatever the town knows better of delays is worth a few per cent.
    expect(shared / own).toBeGreaterThan(0.93);
    expect(shared / own).toBeLessThan(1.05);
    // Below one in ten days there is nothing to correct; above one a day the nowcast halves it.
    if (rate === 0.1) expect(Math.abs(own / raw - 1)).toBeLessThan(0.25);
    if (rate > 1) expect(own / raw).toBeLessThan(0.7);
  }
}, 600_000);
