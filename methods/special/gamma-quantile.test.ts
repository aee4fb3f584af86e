import fc from 'fast-check';
import { expect, test } from 'vitest';
import cases from './cases/reference.json' with { type: 'json' };
import { expandedQuantile } from './cornish-fisher.ts';
import { gammaQuantile } from './gamma-quantile.ts';
import { lowerGamma } from './incomplete-gamma.ts';

test('quantiles agree with 50 digits for shapes from 0.2 to 12,345', () => {
  expect(cases.gammaQuantile.length).toBeGreaterThan(100);
  for (const [shape = 0, probability = 0, x = 0] of cases.gammaQuantile) {
    const error = Math.abs(gammaQuantile(shape, probability) / x - 1);
    expect(error, `shape ${shape}, probability ${probability}`).toBeLessThan(2e-14);
  }
});

test('published values: percentage points of chi-squared, Abramowitz and Stegun table 26.8', () => {
  expect(2 * gammaQuantile(0.5, 0.95)).toBeCloseTo(3.84146, 5);
  expect(2 * gammaQuantile(5, 0.975)).toBeCloseTo(20.483, 3);
  expect(2 * gammaQuantile(15, 0.025)).toBeCloseTo(16.7908, 4);
});

test('the quantile is the inverse, on both sides of every seam of the method', () => {
  const shape = fc.oneof(
    fc.double({ min: 0.02, max: 30, noNaN: true }),
    fc.double({ min: 30, max: 5_000, noNaN: true }),
    fc.constantFrom(24.999, 25.001, 59.999, 60.001, 1e7),
  );
  const probability = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true });
  fc.assert(
    fc.property(shape, probability, (a, p) => {
      const error = Math.abs(lowerGamma(a, gammaQuantile(a, p)) / p - 1);
      // Rounding x by itself moves P by about sqrt(a) times 1e-16.
      expect(error).toBeLessThan(1e-12 + 1e-15 * Math.sqrt(a));
    }),
    { numRuns: 500 },
  );
});

test('the expansion is the one published: its first terms for chi-squared, Goldberg and Levine 1946', () => {
  const [shape, z] = [1e6, 1.3];
  const freedom = 2 * shape;
  const published =
    freedom +
    Math.sqrt(2 * freedom) * z +
    (2 / 3) * (z * z - 1) +
    (z ** 3 - 7 * z) / (9 * Math.sqrt(2 * freedom)) -
    (6 * z ** 4 + 14 * z ** 2 - 32) / (405 * freedom);
  expect(2 * expandedQuantile(shape, z)).toBeCloseTo(published, 8);
});

test('the ends are nought and infinity, and nonsense stops', () => {
  expect([gammaQuantile(2, 0), gammaQuantile(2, 1)]).toEqual([0, Infinity]);
  expect(() => gammaQuantile(2, 1.1)).toThrow('between 0 and 1');
  expect(() => gammaQuantile(Infinity, 0.5)).toThrow('shape');
});
