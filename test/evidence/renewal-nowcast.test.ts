import { expect, test } from 'vitest';
import { Random } from '../../kernel/random.ts';
import { nowcast } from '../../methods/nowcast/nowcast.ts';
import { buildTriangle } from '../../methods/nowcast/triangle.ts';
import { reproductionOfDraws } from '../../methods/renewal/drawn-counts.ts';
import {
  gammaPrior,
  reproduction,
  type ReproductionRow,
} from '../../methods/renewal/reproduction.ts';
import { isFullEvidence } from '../support/field-data.ts';
import { renewalWorld, truthOnWindow } from './support/renewal-worlds.ts';
import { delaysOf } from './support/worlds.ts';

const days = 60;
const windowDays = 7;
const draws = 1_000;
/** Windows that end so many days ago. */
const agos = [0, 1, 2, 3, 4, 5, 6, 7];
const windows = agos.map((ago) => ({ tStart: days - ago - windowDays + 1, tEnd: days - ago }));
const prior = gammaPrior(5, 5);

/** A renewal world whose infections come on record one to six days late on average. */
function lateWorld(seed: number) {
  const world = renewalWorld(seed);
  const random = new Random(seed + 5e6);
  const delays = delaysOf(1 + 5 * random.unit(), 20);
  const eventDays = world.incidence.flatMap((count, day) =>
    Array.from({ length: count }, () => day),
  );
  const reportDays = eventDays.map((day) => day + random.weighted(delays));
  const known = Array.from({ length: days }, () => 0);
  eventDays.forEach((day, event) => {
    if ((reportDays[event] ?? days) < days) known[day] = (known[day] ?? 0) + 1;
  });
  const triangle = buildTriangle({
    ...{ eventDays, reportDays, asOf: days - 1, days, delayMax: 21, weekdayOfDayZero: 0 },
  });
  const asked = { targetDays: 22, weekly: true, random, draws, patterns: 50 };
  return { world, known, random, now: nowcast({ triangle, ...asked }) };
}

interface Tally {
  held: number;
  bias: number;
}

test('90 % intervals of R hold on days not all in, from draws of the counts and not from medians', () => {
  const tallies = new Map<string, Tally[]>();
  const note = (name: string, ago: number, [low, mean, high, truth]: number[]): void => {
    const own = tallies.get(name) ?? agos.map(() => ({ held: 0, bias: 0 }));
    tallies.set(name, own);
    const tally = own[ago];
    if (tally === undefined || truth === undefined) return;
    if ((low ?? 0) <= truth && truth <= (high ?? 0)) tally.held += 1;
    tally.bias += (mean ?? 0) / truth - 1;
  };
  let looked = 0;
  for (let seed = 1; seed <= (isFullEvidence ? 1_000 : 200); seed++) {
    const { world, known, random, now } = lateWorld(seed);
    // Worlds of tens of thousands would take minutes and say the same.
    if (now === null || known.reduce((sum, count) => sum + count, 0) > 20_000) continue;
    looked += 1;
    const { interval, imported } = world;
    const truths = windows.map((window) => truthOnWindow(world, window));
    const first = days - 22;
    const medians = known.map((count, day) =>
      day < first ? count : (now.totals[(day - first) * draws + draws / 2] ?? 0),
    );
    const plain = (name: string, incidence: readonly number[]): void => {
      const brought = imported.map((count, day) => Math.min(count, incidence[day] ?? 0));
      const asked = { incidence, imported: brought, interval, windows, prior };
      const rows: ReproductionRow[] = reproduction(asked);
      rows.forEach(({ q05, mean, q95 }, ago) => {
        note(name, ago, [q05 ?? 0, mean ?? 0, q95 ?? 0, truths[ago] ?? 0]);
      });
    };
    plain('as known', known);
    plain('all in', world.incidence);
    plain('medians', medians);
    const drawn = { incidence: known, imported, paths: now.paths, draws };
    reproductionOfDraws({ ...drawn, interval, windows, prior, random }).forEach(
      ({ mean, quantiles }, ago) => {
        note('draws', ago, [quantiles[1] ?? 0, mean, quantiles[5] ?? 0, truths[ago] ?? 0]);
      },
    );
  }
  const share = (name: string, ago: number): number =>
    (tallies.get(name)?.[ago]?.held ?? 0) / looked;
  for (const [name, own] of tallies) {
    const line = own.map(({ held, bias }) => {
      return `${(held / looked).toFixed(2)} (${((100 * bias) / looked).toFixed(0)} %)`;
    });
    console.log(`R of the last windows, ${looked} worlds, ${name}: ${line.join(' ')}`);
  }
  expect(looked).toBeGreaterThan(100);
  expect(share('as known', 0)).toBeLessThan(0.5);
  expect(share('medians', 0)).toBeLessThan(0.85);
  const held = agos.map((ago) => share('draws', ago));
  expect(Math.min(...held)).toBeGreaterThan(0.83);
  expect(Math.max(...held)).toBeLessThan(0.98);
  expect(held.reduce((sum, each) => sum + each, 0) / held.length).toBeGreaterThan(0.85);
}, 600_000);
