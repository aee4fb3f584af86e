import { expect, test } from 'vitest';
import { Random } from '../../kernel/random.ts';
import { forecast } from '../../methods/forecast/forecast.ts';
import { nowcast } from '../../methods/nowcast/nowcast.ts';
import { buildTriangle } from '../../methods/nowcast/triangle.ts';
import { scoreOfQuantiles } from '../../methods/score/score.ts';
import { isFullEvidence } from '../support/field-data.ts';
import { delaysOf, hubLevels, type RenewalWorld, renewalWorld } from './support/worlds.ts';

const draws = 1_200;
const nowcastDraws = 1_000;
const targetDays = 22;
/** Days ahead that are scored. */
const aheads = [1, 3, 7, 14];
/** How many drawn pasts are put together. */
const pathCount = 20;

/** The past as it was, as known with reports one to six days late, and as the nowcast has it. */
function pastsOf({ past }: RenewalWorld, random: Random) {
  const days = past.length;
  const delays = delaysOf(1 + 5 * random.unit(), 20);
  const eventDays = past.flatMap((count, day) => Array.from({ length: count }, () => day));
  const reportDays = eventDays.map((day) => day + random.weighted(delays));
  const known = past.map(() => 0);
  eventDays.forEach((day, event) => {
    if ((reportDays[event] ?? days) < days) known[day] = (known[day] ?? 0) + 1;
  });
  const triangle = buildTriangle({
    ...{ eventDays, reportDays, asOf: days - 1, days, delayMax: 21, weekdayOfDayZero: 0 },
  });
  const asked = { targetDays, weekly: true, random, draws: nowcastDraws, patterns: 50 };
  const now = nowcast({ triangle, ...asked });
  if (now === null) return null;
  const first = days - targetDays;
  const replaced = (of: (target: number) => number): number[] =>
    known.map((count, day) => (day < first ? count : of(day - first)));
  const middle = nowcastDraws / 2;
  return {
    known,
    medians: replaced((target) => now.totals[target * nowcastDraws + middle] ?? 0),
    paths: Array.from({ length: pathCount }, (_, path) => {
      const draw = Math.floor(((path + 0.5) / pathCount) * nowcastDraws);
      return replaced((target) => now.paths[draw * targetDays + target] ?? 0);
    }),
  };
}

test('forecasts from medians of the nowcast hold as if all were in; drawn pasts are no better', () => {
  const sums = new Map<string, { held: number; score: number }[]>();
  const note = (name: string, ensemble: Float64Array[], future: readonly number[]): void => {
    const own = sums.get(name) ?? aheads.map(() => ({ held: 0, score: 0 }));
    sums.set(name, own);
    aheads.forEach((ahead, index) => {
      const sum = own[index];
      const sorted = ensemble[ahead - 1] ?? new Float64Array(1);
      const seen = future[ahead - 1] ?? 0;
      const at = (level: number): number => sorted[Math.floor(level * sorted.length)] ?? 0;
      if (sum === undefined) return;
      if (at(0.05) <= seen && seen <= at(0.95)) sum.held += 1;
      const quantiles = hubLevels.map((level) => Math.log1p(at(level)));
      sum.score += scoreOfQuantiles(
        { quantiles, probabilities: hubLevels },
        Math.log1p(seen),
      ).score;
    });
  };
  let looked = 0;
  for (let seed = 1; seed <= (isFullEvidence ? 200 : 60); seed++) {
    const world = renewalWorld(seed, seed % 2 === 0 ? 'turn' : 'walk');
    if (world === null || world.past.reduce((sum, count) => sum + count, 0) > 20_000) continue;
    const random = new Random(seed + 7e6);
    const pasts = pastsOf(world, random);
    if (pasts === null) continue;
    const { interval, future } = world;
    const ahead = (incidence: readonly number[], count: number): Float64Array[] => {
      const made = forecast({ incidence, interval, horizonDays: 14, random, draws: count });
      return Array.from({ length: 14 }, (_, day) =>
        (made?.ensemble ?? new Float64Array(14 * count)).slice(day * count, (day + 1) * count),
      );
    };
    looked += 1;
    note('all in', ahead(world.past, draws), future);
    note('as known', ahead(pasts.known, draws), future);
    note('medians', ahead(pasts.medians.map(Math.round), draws), future);
    const each = pasts.paths.map((path) => ahead(path, draws / pathCount));
    const together = Array.from({ length: 14 }, (_, day) =>
      Float64Array.from(each.flatMap((days) => [...(days[day] ?? [])])).sort(),
    );
    note('paths', together, future);
  }
  for (const [name, own] of sums) {
    const line = own.map(({ held, score }) => {
      return `${(held / looked).toFixed(2)} (score ${(score / looked).toFixed(3)})`;
    });
    console.log(`forecasts, ${looked} worlds, ${name}: ${line.join(' ')}`);
  }
  expect(looked).toBeGreaterThan(30);
  const total = (name: string, of: 'held' | 'score'): number =>
    (sums.get(name) ?? []).reduce((sum, each) => sum + each[of], 0) / looked / aheads.length;
  expect(total('medians', 'held')).toBeGreaterThan(0.85);
  expect(total('as known', 'held')).toBeLessThan(0.75);
  expect(total('medians', 'score') / total('all in', 'score')).toBeLessThan(1.15);
  expect(total('paths', 'score') / total('medians', 'score')).toBeGreaterThan(0.95);
}, 600_000);
