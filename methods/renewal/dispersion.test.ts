import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from '../../kernel/random.ts';
import { drawNegativeBinomial } from '../chance/chance.ts';
import { dispersionOf } from './dispersion.ts';
import { gammaPrior, reproduction, slidingWindows } from './reproduction.ts';

const interval = [0, 0.2, 0.5, 0.3];

test('constant counts do not scatter, noughts tell nothing, and both come to 1', () => {
  expect(dispersionOf({ incidence: Array.from({ length: 40 }, () => 30), interval })).toBe(1);
  expect(dispersionOf({ incidence: [4, 0, 0, 0, 0, 0, 0, 0, 0, 0], interval })).toBe(1);
  expect(dispersionOf({ incidence: [], interval })).toBe(1);
});

test('with clustering k it comes to 1 + R / k', () => {
  const random = new Random(4);
  const [number, clustering] = [0.9, 0.5];
  // Forty a day from elsewhere hold a number of 0.9 near 400 a day.
  const incidence = [400, 400, 400];
  const imported = [400, 400, 400];
  for (let day = 3; day < 800; day++) {
    let force = 0;
    for (let lag = 1; lag < 4; lag++) force += (interval[lag] ?? 0) * (incidence[day - lag] ?? 0);
    const local = drawNegativeBinomial(random, number * force, clustering * force);
    imported.push(40);
    incidence.push(40 + local);
  }
  const own = dispersionOf({ incidence, imported, interval });
  // 680 degrees of freedom: a standard error of about 0.15.
  expect(Math.abs(own - (1 + number / clustering))).toBeLessThan(0.5);
});

test('any series: a number from 1 on, and a greater one widens every interval', () => {
  const series = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 9, maxLength: 40 });
  fc.assert(
    fc.property(series, (incidence) => {
      const dispersion = dispersionOf({ incidence, interval });
      expect(Number.isFinite(dispersion)).toBe(true);
      expect(dispersion).toBeGreaterThanOrEqual(1);
      const windows = slidingWindows(incidence.length, 7);
      const input = { incidence, interval, windows, prior: gammaPrior(1, 1) };
      const plain = reproduction(input);
      reproduction({ ...input, dispersion: 4 }).forEach((row, index) => {
        const relative = (row.sd ?? 0) / (row.mean ?? 1);
        const before = (plain[index]?.sd ?? 0) / (plain[index]?.mean ?? 1);
        expect(relative).toBeGreaterThanOrEqual(before * (1 - 1e-12));
      });
    }),
  );
});
