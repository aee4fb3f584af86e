import fc from 'fast-check';
import { expect, test } from 'vitest';
import cases from './cases/reference.json' with { type: 'json' };
import { gammaDensity, lowerGamma, upperGamma } from './incomplete-gamma.ts';

/** Far out the exponent itself, some hundreds, is rounded: its digits are lost to the value. */
function tolerance(value: number): number {
  return 1e-14 + 3e-16 * Math.abs(Math.log(value));
}

test('P and Q agree with 50 digits for shapes from 0.001 to a million', () => {
  expect(cases.incompleteGamma.length).toBeGreaterThan(50);
  for (const [shape = 0, x = 0, lower = 0, upper = 0] of cases.incompleteGamma) {
    expect(Math.abs(lowerGamma(shape, x) / lower - 1), `shape ${shape}, x ${x}`).toBeLessThan(
      tolerance(lower),
    );
    // Of a shape near nought the upper side is a difference of near-equal numbers.
    const lost = shape < 0.1 ? 3e-16 / upper : 0;
    const error = Math.abs(upperGamma(shape, x) / upper - 1);
    expect(error, `shape ${shape}, x ${x}`).toBeLessThan(tolerance(upper) + lost);
  }
});

test('published values: chi-squared of Abramowitz and Stegun, table 26.7', () => {
  // Q(chi-squared | freedom) is the upper function of half of each.
  expect(upperGamma(0.5, 0.5)).toBeCloseTo(0.31731, 5);
  expect(upperGamma(5, 5)).toBeCloseTo(0.44049, 5);
  expect(upperGamma(1, 2)).toBeCloseTo(Math.exp(-2), 15);
});

test('P and Q sum to 1, and P grows by the density', () => {
  const shape = fc.double({ min: 0.05, max: 5_000, noNaN: true });
  const ratio = fc.double({ min: 0.01, max: 4, noNaN: true });
  fc.assert(
    fc.property(shape, ratio, (a, share) => {
      const x = a * share;
      expect(lowerGamma(a, x) + upperGamma(a, x)).toBeCloseTo(1, 14);
      const h = 1e-4 * Math.min(x, Math.sqrt(a));
      const slope = (lowerGamma(a, x + h) - lowerGamma(a, x - h)) / (2 * h);
      expect(slope * Math.sqrt(a)).toBeCloseTo(gammaDensity(a, x) * Math.sqrt(a), 4);
    }),
    { numRuns: 200 },
  );
});

test('the ends are exact, and nonsense stops', () => {
  expect([lowerGamma(3, 0), lowerGamma(3, Infinity)]).toEqual([0, 1]);
  expect([upperGamma(3, 0), upperGamma(3, Infinity)]).toEqual([1, 0]);
  expect(() => lowerGamma(0, 1)).toThrow('shape');
  expect(() => upperGamma(1, Number.NaN)).toThrow('nought on');
});
