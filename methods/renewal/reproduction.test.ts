import fc from 'fast-check';
import { expect, test } from 'vitest';
import { slowInterval, slowPosterior } from './oracle.ts';
import {
  gammaPrior,
  infectiousness,
  reproduction,
  reproductionColumns,
  reproductionProbabilities,
  type ReproductionWindow,
  slidingWindows,
} from './reproduction.ts';
import { intervalOfMoments, meanOfInterval } from './serial-interval.ts';
import { StandardQuantiles } from './standard-quantiles.ts';

const prior = gammaPrior(5, 5);
const interval = [0, 0.2, 0.5, 0.2, 0.1];

test('one window by hand: three cases over an infectiousness of 2.4 and the prior', () => {
  // Day 2: 0.2 x 4 = 0.8; day 3: 0.5 x 4 + 0.2 x 1 = 2.2; cases 1 + 2; prior shape 1, scale 5.
  const pressure = infectiousness([4, 1, 2], interval);
  expect([...pressure]).toEqual([0, 0.8, 2.2]);
  const [row] = reproduction({
    ...{ incidence: [4, 1, 2], interval, windows: [{ tStart: 2, tEnd: 3 }], prior },
  });
  expect(row?.mean).toBeCloseTo(4 / 3.2, 14);
  expect(row?.sd).toBeCloseTo(2 / 3.2, 14);
});

test('windows slide by a day and end on the last one; a short series has none', () => {
  expect(slidingWindows(9, 7)).toEqual([
    { tStart: 2, tEnd: 8 },
    { tStart: 3, tEnd: 9 },
  ]);
  expect(slidingWindows(7, 7)).toEqual([]);
  expect(slidingWindows(0, 1)).toEqual([]);
});

const series = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 2, maxLength: 30 });

test('any series and window: the same as the sums written out, and never a NaN', () => {
  const drawn = series.chain((incidence) =>
    fc.record({
      incidence: fc.constant(incidence),
      shares: fc.array(fc.integer({ min: 0, max: 4 }), {
        minLength: incidence.length,
        maxLength: incidence.length,
      }),
      from: fc.integer({ min: 2, max: incidence.length }),
      length: fc.integer({ min: 0, max: 30 }),
      meanDays: fc.double({ min: 1.01, max: 9, noNaN: true }),
      sdDays: fc.double({ min: 0.2, max: 5, noNaN: true }),
    }),
  );
  fc.assert(
    fc.property(drawn, ({ incidence, shares, from, length, meanDays, sdDays }) => {
      const to = Math.min(incidence.length, from + length);
      const imported = incidence.map((count, day) => Math.floor((count * (shares[day] ?? 0)) / 4));
      const own = intervalOfMoments({ meanDays, sdDays }, incidence.length);
      const windows: ReproductionWindow[] = [{ tStart: from, tEnd: to }];
      const [row] = reproduction({ incidence, imported, interval: own, windows, prior });
      if (!(to > meanOfInterval(own))) {
        expect(row).toMatchObject({ mean: null, q975: null, note: 'before-mean-interval' });
        return;
      }
      const expected = slowPosterior({
        ...{ incidence, imported, interval: [...own], from, to, prior },
      });
      expect(row?.mean).toBeCloseTo(expected.shape * expected.scale, 10);
      expect(row?.median).toBeCloseTo(expected.quantile(0.5), 10);
      expect(Object.values(row ?? {}).some(Number.isNaN)).toBe(false);
    }),
    { numRuns: 300 },
  );
});

test('quantiles ascend, and more cases in the window raise every one of them', () => {
  fc.assert(
    fc.property(series, fc.nat(10), (incidence, more) => {
      const windows = [{ tStart: 2, tEnd: incidence.length }];
      const input = { interval: [0, 1], windows, prior };
      const before = reproductionColumns({ ...input, incidence });
      const raised = incidence.map((count, day) =>
        day === incidence.length - 1 ? count + more : count,
      );
      const after = reproductionColumns({ ...input, incidence: raised });
      before.quantiles.forEach((each, index) => {
        if (index > 0) expect(each).toBeGreaterThanOrEqual(before.quantiles[index - 1] ?? 0);
        expect(after.quantiles[index]).toBeGreaterThanOrEqual(each);
      });
    }),
    { numRuns: 100 },
  );
});

test('before the mean serial interval a row is null; with nobody to infect it repeats the prior', () => {
  const rows = reproduction({
    incidence: [3, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ...{ interval, windows: slidingWindows(10, 2), prior },
  });
  expect(rows[0]?.tEnd).toBe(3);
  expect(rows[0]?.mean).toBeCloseTo(1 / (1 / 5 + 0.2 * 3 + 0.5 * 3), 14);
  expect(rows[0]).not.toHaveProperty('note');
  expect(rows.at(-1)).toMatchObject({ mean: 5, sd: 5, note: 'no-infectiousness' });
  const [early] = reproduction({
    ...{ incidence: [3, 1, 2], interval, windows: [{ tStart: 2, tEnd: 2 }], prior },
  });
  expect(early).toMatchObject({ mean: null, sd: null, median: null, note: 'before-mean-interval' });
});

test('windows that do not lie in the series are a mistake of the caller', () => {
  const ask = (tStart: number, tEnd: number) =>
    reproduction({ incidence: [1, 2, 3], interval, windows: [{ tStart, tEnd }], prior });
  expect(() => ask(1, 2)).toThrow('within the series');
  expect(() => ask(3, 2)).toThrow('within the series');
  expect(() => ask(2, 4)).toThrow('within the series');
});

test('a serial interval is the triangle sum of its gamma, has no lag 0, and its own mean', () => {
  for (const [meanDays, sdDays] of [
    [2.6, 1.5],
    [14.9, 3.9],
    [1.4, 0.5],
  ] as const) {
    const own = intervalOfMoments({ meanDays, sdDays }, 80);
    expect(own[0]).toBe(0);
    expect(own.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 12);
    expect(meanOfInterval(own)).toBeCloseTo(meanDays, 10);
    for (const lag of [1, 2, 5, 15]) {
      expect(own[lag]).toBeCloseTo(slowInterval(lag, meanDays, sdDays), 6);
    }
  }
});

test('a table of quantiles works each shape out once', () => {
  const table = new StandardQuantiles(reproductionProbabilities);
  expect(table.of(3)).toBe(table.of(3));
  expect(table.of(1)[3]).toBeCloseTo(Math.LN2, 14);
});
