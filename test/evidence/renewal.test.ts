import { expect, test } from 'vitest';
import reference from '../../methods/renewal/cases/epiestim-2.2.json' with { type: 'json' };
import uncertainty from '../../methods/renewal/cases/uncertain-si.json' with { type: 'json' };
import { dispersionOf } from '../../methods/renewal/dispersion.ts';
import {
  gammaPrior,
  reproduction,
  reproductionProbabilities,
  type ReproductionRow,
  slidingWindows,
} from '../../methods/renewal/reproduction.ts';
import { intervalOfMoments } from '../../methods/renewal/serial-interval.ts';
import { StandardQuantiles } from '../../methods/renewal/standard-quantiles.ts';
import { uncertainReproduction } from '../../methods/renewal/uncertain.ts';
import { fieldPath, hasFieldData, readField } from '../support/field-data.ts';
import { Random } from '../../kernel/random.ts';
import { readFileSync } from 'node:fs';
import { renewalWorld, truthOnWindow } from './support/renewal-worlds.ts';

const names = ['mean', 'sd', 'q025', 'q05', 'q25', 'median', 'q75', 'q95', 'q975'] as const;

interface Case {
  readonly name: string;
  readonly windowDays: number;
  readonly priorMean: number;
  readonly priorSd: number;
  readonly siMean?: number;
  readonly siSd?: number;
  readonly file?: string;
  readonly siFile?: string;
  readonly si?: readonly number[];
  readonly incidence?: readonly number[];
  readonly imported?: readonly number[];
  readonly rows: readonly (readonly (number | null)[])[];
}

/** A column of numbers of a published file, whatever its header says. */
function numbersOf(file: string): number[] {
  return readField(`epi/epiestim/${file}`).map((row) => Number(Object.values(row)[1]));
}

function estimate(each: Case): ReproductionRow[] {
  const incidence = each.incidence ?? numbersOf(each.file ?? '');
  const { siMean: meanDays, siSd: sdDays } = each;
  const interval =
    meanDays === undefined || sdDays === undefined
      ? (each.si ?? numbersOf(each.siFile ?? ''))
      : intervalOfMoments({ meanDays, sdDays }, incidence.length);
  return reproduction({
    ...{ incidence, interval },
    ...(each.imported === undefined ? {} : { imported: each.imported }),
    windows: slidingWindows(incidence.length, each.windowDays),
    prior: gammaPrior(each.priorMean, each.priorSd),
  });
}

function compare(each: Case): void {
  const rows = estimate(each);
  expect(each.rows.length).toBeGreaterThan(3);
  for (const expected of each.rows) {
    const [tStart, tEnd, ...values] = expected;
    const row = rows.find((one) => one.tStart === tStart && one.tEnd === tEnd);
    values.forEach((value, index) => {
      const name = names[index] ?? 'mean';
      const own = row?.[name];
      if (value === null || own === null || own === undefined) {
        expect(own, `${each.name}, ${name}`).toBe(value);
        return;
      }
      expect(Math.abs(own / value - 1), `${each.name}, day ${tEnd}, ${name}`).toBeLessThan(1e-11);
    });
  }
}

const cases: readonly Case[] = reference.cases;
const made = cases.filter(({ file }) => file === undefined);
const published = cases.filter(({ file }) => file !== undefined);

test('EpiEstim 2.2 on series made for the purpose: the same to 1e-11, rounding of tails included', () => {
  expect(made.length).toBe(4);
  for (const each of made) compare(each);
});

test.skipIf(!hasFieldData)(
  'EpiEstim 2.2 on influenza 1918 and 2009 and measles 1861: the same to 1e-11',
  () => {
    expect(published.length).toBe(13);
    for (const each of published) compare(each);
  },
);

test.skipIf(!hasFieldData)(
  'the reference outputs of EpiEstim’s own tests, examples 1 and 2, with imported cases',
  () => {
    for (const name of ['Example1', 'Example2']) {
      const inputs = JSON.parse(
        readFileSync(fieldPath(`epi/epiestim/expected/${name}.inputs.json`), 'utf8'),
      ) as { si_distr: number[]; I: number[]; I_imported: number[]; method: string[] };
      const { I: incidence, I_imported: imported, si_distr: interval } = inputs;
      const windows = slidingWindows(incidence.length, 7);
      const prior = gammaPrior(5, 5);
      const rows = reproduction({ incidence, imported, interval, windows, prior });
      const expected = readField(`epi/epiestim/expected/${name}.R.csv`);
      expect(rows.length).toBe(expected.length);
      rows.forEach((row, index) => {
        const values = Object.values(expected[index] ?? {}).map(Number);
        expect([row.tStart, row.tEnd]).toEqual(values.slice(0, 2));
        names.forEach((each, at) => {
          expect(Math.abs((row[each] ?? 0) / (values[at + 2] ?? 1) - 1)).toBeLessThan(1e-13);
        });
      });
      if (inputs.method[0] !== 'parametric_si') continue;
      const own = intervalOfMoments({ meanDays: 2.6, sdDays: 1.5 }, incidence.length);
      own.forEach((each, lag) => expect(each).toBeCloseTo(interval[lag] ?? 0, 14));
    }
  },
);

test.skipIf(!hasFieldData)(
  'EpiEstim 2.2 with an uncertain serial interval: within its own Monte-Carlo error',
  () => {
    for (const each of uncertainty.cases) {
      const incidence = numbersOf(each.file);
      const rows = uncertainReproduction(
        {
          incidence,
          windows: slidingWindows(incidence.length, 7),
          prior: gammaPrior(5, 5),
        },
        { meanDays: each.meanDays, sdDays: each.sdDays },
      );
      let squares = 0;
      let looked = 0;
      for (const { tEnd, means, errors } of each.rows) {
        const row = rows.find((one) => one.tEnd === tEnd);
        names.forEach((name, at) => {
          const [mean = 0, error = 1] = [means[at], errors[at]];
          const away = ((row?.[name] ?? Number.NaN) - mean) / error;
          // The quantiles are integrated to 1e-4; runs by the thousand are more exact than that.
          const slack = (2e-4 * mean) / error;
          expect(Math.abs(away), `${each.name}, day ${tEnd}, ${name}`).toBeLessThan(5 + slack);
          squares += Math.max(0, Math.abs(away) - slack) ** 2;
          looked += 1;
        });
      }
      expect(looked).toBeGreaterThan(50);
      expect(Math.sqrt(squares / looked)).toBeLessThan(1.7);
    }
  },
);

/** How often 90 % intervals held, over 1,000 worlds, one window in each. */
function recover(
  clustering: number,
  isCorrected = false,
): { window: number; lastDay: number; bias: number } {
  const quantiles = new StandardQuantiles(reproductionProbabilities);
  const worlds = 1_000;
  let [window, lastDay, bias] = [0, 0, 0];
  for (let seed = 1; seed <= worlds; seed++) {
    const world = renewalWorld(seed, clustering);
    const { incidence, imported, interval } = world;
    const tEnd = new Random(seed + 1_000_000).between(15, incidence.length);
    const windows = [{ tStart: tEnd - 6, tEnd }];
    const prior = gammaPrior(5, 5);
    const past = {
      incidence: incidence.slice(0, tEnd),
      imported: imported.slice(0, tEnd),
      interval,
    };
    const dispersion = isCorrected ? dispersionOf(past) : 1;
    const [row] = reproduction({ ...past, windows, prior, quantiles, dispersion });
    const truth = truthOnWindow(world, { tStart: tEnd - 6, tEnd });
    const [low, high] = [row?.q05 ?? 0, row?.q95 ?? 0];
    const today = world.truth[tEnd - 1] ?? 0;
    if (low <= truth && truth <= high) window += 1 / worlds;
    if (low <= today && today <= high) lastDay += 1 / worlds;
    bias += ((row?.mean ?? 0) / truth - 1) / worlds;
  }
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const corrected = isCorrected ? ', corrected' : '';
  console.log(
    `Rt, ${worlds} worlds, clustering ${clustering}${corrected}: 90 % intervals cover ` +
      `${percent(window)} of the windows' R and ${percent(lastDay)} of the last day's; ` +
      `bias ${percent(bias)} of R`,
  );
  return { window, lastDay, bias };
}

test('1,000 worlds: 90 % intervals cover what the window estimates in 85 to 95 %', () => {
  const { window, bias } = recover(Infinity);
  expect(window).toBeGreaterThan(0.85);
  expect(window).toBeLessThan(0.95);
  expect(Math.abs(bias)).toBeLessThan(0.05);
});

test('1,000 worlds with superspreading: the intervals are too narrow unless corrected', () => {
  expect(recover(0.3).window).toBeLessThan(0.8);
  const { window } = recover(0.3, true);
  expect(window).toBeGreaterThan(0.85);
  expect(window).toBeLessThan(0.95);
  const { window: without } = recover(Infinity, true);
  expect(without).toBeGreaterThan(0.85);
  expect(without).toBeLessThan(0.95);
});
