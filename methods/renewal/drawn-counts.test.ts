import { expect, test } from 'vitest';
import { Random } from '../../kernel/random.ts';
import { reproductionOfDraws } from './drawn-counts.ts';
import { gammaPrior, reproduction } from './reproduction.ts';

const interval = [0, 0.2, 0.5, 0.2, 0.1];
const prior = gammaPrior(5, 5);
const windows = [
  { tStart: 2, tEnd: 2 },
  { tStart: 4, tEnd: 8 },
  { tStart: 6, tEnd: 10 },
];
const counts = [10, 12, 15, 14, 18, 22, 20, 25, 24, 30];
const draws = 20_000;

/** The last three days, the same in every draw or one of two in turn. */
function told(...lasts: readonly number[][]) {
  const paths = Array.from({ length: draws }, (_, draw) => lasts[draw % lasts.length] ?? []).flat();
  const incidence = [...counts.slice(0, 7), 0, 0, 0];
  const random = new Random(1);
  return reproductionOfDraws({ incidence, paths, draws, interval, windows, prior, random });
}

test('draws that do not differ give the closed form, within the error of draws', () => {
  const rows = reproduction({ incidence: counts, interval, windows, prior });
  const drawn = told(counts.slice(7));
  // The first window ends on day 2, before the mean interval of 2.2 days.
  expect(drawn.map(({ tEnd }) => tEnd)).toEqual([8, 10]);
  drawn.forEach(({ mean, quantiles }, index) => {
    const row = rows[index + 1];
    expect(mean).toBeCloseTo(row?.mean ?? 0, 10);
    const closed = [row?.q025, row?.q05, row?.q25, row?.median, row?.q75, row?.q95, row?.q975];
    closed.forEach((quantile, level) => {
      expect((quantiles[level] ?? 0) / (quantile ?? 0)).toBeCloseTo(1, 1.5);
    });
  });
});

test('draws that differ widen the interval and leave the mean between theirs', () => {
  const [low, high] = [
    [10, 8, 6],
    [40, 50, 60],
  ];
  const last = (...lasts: readonly (number[] | undefined)[]) =>
    told(...lasts.flatMap((each) => (each === undefined ? [] : [each]))).at(-1);
  const [few, many, both] = [last(low), last(high), last(low, high)];
  expect(both?.mean).toBeCloseTo(((few?.mean ?? 0) + (many?.mean ?? 0)) / 2, 8);
  expect(both?.quantiles[1]).toBeLessThan(few?.quantiles[3] ?? 0);
  expect(both?.quantiles[5]).toBeGreaterThan(many?.quantiles[3] ?? 0);
});
