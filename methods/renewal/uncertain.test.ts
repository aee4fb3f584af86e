import { expect, test } from 'vitest';
import { Random } from '../../kernel/random.ts';
import { drawGamma } from '../chance/chance.ts';
import { gammaQuantile } from '../special/gamma-quantile.ts';
import { condensed, mixtureMoments, mixtureQuantile } from './mixture.ts';
import { gaussLegendre } from './quadrature.ts';
import { gammaPrior, infectiousness, reproduction, slidingWindows } from './reproduction.ts';
import { intervalOfMoments } from './serial-interval.ts';
import { mixtureReproduction, uncertainReproduction } from './uncertain.ts';

const incidence = [2, 3, 4, 6, 5, 9, 12, 10, 15, 18, 16, 22, 20, 25, 24, 19, 17, 12, 13, 8];
const input = { incidence, windows: slidingWindows(20, 7), prior: gammaPrior(5, 5) };

test('Gauss and Legendre: table 25.4 of Abramowitz and Stegun, and exact polynomials', () => {
  const [first, second] = gaussLegendre(4);
  expect(first?.at).toBeCloseTo(-0.86113_63115_94053, 14);
  expect(first?.weight).toBeCloseTo(0.34785_48451_37454, 14);
  expect(second?.at).toBeCloseTo(-0.33998_10435_84856, 14);
  const sixth = gaussLegendre(4).reduce((sum, { at, weight }) => sum + weight * at ** 6, 0);
  expect(sixth).toBeCloseTo(2 / 7, 14);
});

test('one certain interval is no mixture: the closed form comes out', () => {
  const interval = intervalOfMoments({ meanDays: 4, sdDays: 2 }, 20);
  const closed = reproduction({ ...input, interval });
  const mixed = mixtureReproduction(input, [{ interval, weight: 1, meanDays: 4 }]);
  mixed.forEach((row, index) => {
    expect(row.mean).toBeCloseTo(closed[index]?.mean ?? 0, 12);
    expect(row.q975).toBeCloseTo(closed[index]?.q975 ?? 0, 11);
  });
});

test('an uncertain interval: the same as drawing it 10,000 times, within what drawing errs by', () => {
  const meanDays = { mean: 4, sd: 1, min: 2, max: 6 };
  const sdDays = { mean: 2, sd: 0.5, min: 1, max: 3 };
  const row = uncertainReproduction(input, { meanDays, sdDays }).at(-1);
  const random = new Random(5);
  const draw = (cut: typeof meanDays): number => {
    for (;;) {
      const x = cut.mean + cut.sd * random.normal();
      if (x >= cut.min && x <= cut.max) return x;
    }
  };
  const draws: number[] = [];
  const cases = incidence.slice(13).reduce((sum, count) => sum + count, 0);
  for (let each = 0; each < 1_000; each++) {
    const moments = { meanDays: draw(meanDays), sdDays: draw(sdDays) };
    const pressure = infectiousness(incidence, intervalOfMoments(moments, 20));
    const force = pressure.slice(13).reduce((sum, x) => sum + x, 0);
    for (let again = 0; again < 10; again++)
      draws.push(drawGamma(random, 1 + cases, 1 / (0.2 + force)));
  }
  draws.sort((one, other) => one - other);
  const drawn = draws.reduce((sum, x) => sum + x, 0) / draws.length;
  // 1,000 draws of the interval, whose share of the spread is about 0.06.
  expect(Math.abs((row?.mean ?? 0) - drawn)).toBeLessThan(0.01);
  expect(Math.abs((row?.q05 ?? 0) - (draws[500] ?? 0))).toBeLessThan(0.02);
  expect(Math.abs((row?.q95 ?? 0) - (draws[9_500] ?? 0))).toBeLessThan(0.02);
});

test('twice as many points of integration change nothing that anybody reads', () => {
  const uncertain = {
    meanDays: { mean: 2.6, sd: 1, min: 1, max: 4.2 },
    sdDays: { mean: 1.5, sd: 0.5, min: 0.5, max: 2.5 },
  };
  const few = { ...input, windows: input.windows.filter(({ tEnd }) => tEnd % 6 === 0) };
  const rows = uncertainReproduction(few, uncertain);
  const finer = uncertainReproduction(few, { ...uncertain, points: 80 });
  expect(rows.length).toBe(2);
  rows.forEach((row, index) => {
    for (const name of ['mean', 'sd', 'q025', 'median', 'q975'] as const) {
      expect(Math.abs((row[name] ?? 0) / (finer[index]?.[name] ?? 1) - 1)).toBeLessThan(2e-4);
    }
  });
});

test('a window that ends before every possible mean is null; one in between takes the earlier', () => {
  const uncertain = {
    meanDays: { mean: 9, sd: 1, min: 8.5, max: 10 },
    sdDays: { mean: 2, sd: 0.5, min: 1, max: 3 },
  };
  const rows = uncertainReproduction(input, uncertain);
  expect(rows[0]).toMatchObject({ tEnd: 8, mean: null, note: 'before-mean-interval' });
  expect(rows[1]?.tEnd).toBe(9);
  expect(rows[1]?.mean).toBeGreaterThan(0);
});

test('a mixture’s quantile, moments and grouping', () => {
  const scales = Float64Array.from([0.5, 0.500001, 2]);
  const mixture = { shape: 9, scales, weights: Float64Array.from([0.25, 0.25, 0.5]) };
  const few = condensed(mixture);
  expect(few.scales.length).toBe(2);
  expect(mixtureMoments(few).mean).toBeCloseTo(mixtureMoments(mixture).mean, 14);
  expect(mixtureMoments(few).mean).toBeCloseTo(9 * 1.25, 5);
  expect(mixtureQuantile(few, 0.3)).toBeCloseTo(mixtureQuantile(mixture, 0.3), 7);
  const single = { shape: 9, scales: Float64Array.of(2), weights: Float64Array.of(1) };
  expect(mixtureQuantile(single, 0.9)).toBeCloseTo(2 * gammaQuantile(9, 0.9), 10);
});
