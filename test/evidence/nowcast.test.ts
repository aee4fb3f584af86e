import { expect, test } from 'vitest';
import { type Day, daysBetween } from '../../kernel/day.ts';
import { Random } from '../../kernel/random.ts';
import { drawNegativeBinomial } from '../../methods/chance/chance.ts';
import { nowcast, quantileOfSorted } from '../../methods/nowcast/nowcast.ts';
import { chainLadder } from '../../methods/nowcast/oracle.ts';
import { buildTriangle } from '../../methods/nowcast/triangle.ts';
import { scoreOfQuantiles } from '../../methods/score/score.ts';
import { hasFieldData, isFullEvidence, readField } from '../support/field-data.ts';
import { hubLevels, reportedWorld } from './support/worlds.ts';

const draws = 1000;
const targetDays = 10;

/** Quantiles of sorted draws at the levels of the hubs. */
const quantilesOf = (sorted: Float64Array) =>
  hubLevels.map((level) => quantileOfSorted(sorted, level));

/** Weighted interval score of quantiles at the levels of the hubs. */
const scoreAt = (quantiles: number[], observed: number) =>
  scoreOfQuantiles({ quantiles, probabilities: hubLevels }, observed).score;

/** The triangle as the method and the chain ladder both see it. */
function triangleAt(
  { eventDays, reportDays }: { eventDays: number[]; reportDays: number[] },
  asOf: number,
) {
  const days = Math.min(asOf + 1, 90);
  const weekdayOfDayZero = 0;
  return buildTriangle({ eventDays, reportDays, asOf, days, delayMax: 22, weekdayOfDayZero });
}

test.skipIf(!hasFieldData)(
  'replayed on the Ebola line list, the nowcast beats raw counts by far and the chain ladder',
  { timeout: 900_000 },
  () => {
    const rows = readField('epi/outbreaks/ebola_sim_clean.linelist.csv');
    const zero = '2014-04-07' as Day;
    const dayIn = (column: string) => rows.map((row) => daysBetween(zero, row[column] as Day));
    const list = {
      eventDays: dayIn('date_of_onset'),
      reportDays: dayIn('date_of_hospitalisation'),
    };
    const truth = new Float64Array(400);
    for (const day of list.eventDays) truth[day] = (truth[day] ?? 0) + 1;
    const sums = { nowcast: 0, raw: 0, ladderPoint: 0, ladder: 0, covered: 0, bias: 0, count: 0 };
    // The line list ends on day 388; hospitals reported to day 388 only.
    for (let asOf = 20; asOf <= 380; asOf += isFullEvidence ? 1 : 9) {
      const triangle = triangleAt(list, asOf);
      const random = new Random(asOf);
      const result = nowcast({ triangle, targetDays, weekly: true, random, draws, patterns: 40 });
      if (result === null) continue;
      const ladder = chainLadder(triangle);
      for (let target = 0; target < targetDays; target++) {
        const seen = truth[asOf - targetDays + 1 + target] ?? 0;
        const sorted = result.totals.subarray(target * draws, (target + 1) * draws);
        const at = triangle.days - targetDays + target;
        const reported = result.reported[target] ?? 0;
        const share = ladder.shares[at] ?? 1;
        // The chain ladder's predictive distribution (Verrall 2000, Insurance Math Econ 26:91-99).
        const late = Float64Array.from({ length: draws }, () =>
          reported === 0 || share === 1
            ? reported
            : reported + drawNegativeBinomial(random, (reported * (1 - share)) / share, reported),
        ).sort();
        sums.nowcast += scoreAt(quantilesOf(sorted), seen);
        sums.ladder += scoreAt(quantilesOf(late), seen);
        sums.raw += Math.abs(seen - reported);
        sums.ladderPoint += Math.abs(seen - (ladder.totals[at] ?? 0));
        sums.bias += quantileOfSorted(sorted, 0.5) - seen;
        sums.count += 1;
        const [low, high] = [quantileOfSorted(sorted, 0.05), quantileOfSorted(sorted, 0.95)];
        if (seen >= low && seen <= high) sums.covered += 1;
      }
    }
    const means = Object.fromEntries(
      Object.entries(sums).map(([name, sum]) => [name, sum / sums.count]),
    );
    console.log('Ebola line list, mean weighted interval score', sums.count, 'nowcasts', means);
    expect(sums.count).toBeGreaterThan(350);
    expect(sums.nowcast / sums.raw).toBeLessThan(0.7);
    expect(sums.nowcast).toBeLessThan(sums.ladder);
    expect(sums.nowcast).toBeLessThan(sums.ladderPoint);
    expect(sums.covered / sums.count).toBeGreaterThan(0.85);
  },
);

test(
  '90 % intervals hold the truth in 85 to 95 of 100 invented epidemics',
  { timeout: 900_000 },
  () => {
    const worlds = isFullEvidence ? 1000 : 80;
    let [covered, count, sumCovered, bias] = [0, 0, 0, 0];
    const byDelay = new Float64Array(targetDays * 2);
    for (let seed = 1; seed <= worlds; seed++) {
      const world = reportedWorld(seed);
      const triangle = triangleAt(world, world.asOf);
      const random = new Random(seed);
      const shape = { targetDays, weekly: true, random, draws: 400, patterns: 40 };
      const result = nowcast({ triangle, ...shape });
      if (result === null) continue;
      let total = 0;
      for (let target = 0; target < targetDays; target++) {
        const seen = world.truth[world.asOf - targetDays + 1 + target] ?? 0;
        total += seen;
        // Where nearly all is in, the interval is one number and always holds: not counted.
        if ((result.shares[target] ?? 0) > 0.9) continue;
        const sorted = result.totals.subarray(target * 400, (target + 1) * 400);
        const holds =
          seen >= quantileOfSorted(sorted, 0.05) && seen <= quantileOfSorted(sorted, 0.95);
        count += 1;
        if (holds) covered += 1;
        const delay = targetDays - 1 - target;
        byDelay[delay * 2] = (byDelay[delay * 2] ?? 0) + (holds ? 1 : 0);
        byDelay[delay * 2 + 1] = (byDelay[delay * 2 + 1] ?? 0) + 1;
        bias += Math.log1p(quantileOfSorted(sorted, 0.5)) - Math.log1p(seen);
      }
      const [low, high] = [
        quantileOfSorted(result.sums, 0.05),
        quantileOfSorted(result.sums, 0.95),
      ];
      if (total >= low && total <= high) sumCovered += 1;
    }
    const shares = Array.from({ length: targetDays }, (_, delay) =>
      ((byDelay[delay * 2] ?? 0) / (byDelay[delay * 2 + 1] ?? 1)).toFixed(3),
    );
    console.log(
      `nowcast, ${worlds} worlds, ${count} days: coverage ${(covered / count).toFixed(3)}`,
    );
    console.log(`by days ago: ${shares.join(' ')}; of the sum ${(sumCovered / worlds).toFixed(3)}`);
    console.log(`mean log bias of the median ${(bias / count).toFixed(4)}`);
    const slack = isFullEvidence ? 0 : 0.03;
    expect(covered / count).toBeGreaterThan(0.85 - slack);
    expect(covered / count).toBeLessThan(0.95 + slack);
  },
);
