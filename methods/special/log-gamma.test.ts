import { expect, test } from 'vitest';
import cases from './cases/reference.json' with { type: 'json' };
import { logGamma, stirlingCorrection } from './log-gamma.ts';

test('the logarithm of gamma agrees with 50 digits from 1e-10 to 1e12', () => {
  expect(cases.logGamma.length).toBeGreaterThan(20);
  for (const [x = 0, value = 0] of cases.logGamma) {
    expect(Math.abs(logGamma(x) / value - 1), `x ${x}`).toBeLessThan(1e-15);
  }
});

test('published values: Abramowitz and Stegun, table 6.1 and 6.1.8', () => {
  expect(Math.exp(logGamma(1.5))).toBeCloseTo(0.88622_69255, 10);
  expect(Math.exp(logGamma(1.25))).toBeCloseTo(0.90640_24771, 10);
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 14);
  expect(logGamma(1)).toBe(0);
  expect(logGamma(2)).toBe(0);
});

test('x gamma(x) is gamma(x + 1), across every seam of the method', () => {
  for (const x of [0.3, 0.499999, 0.5, 0.999, 1.499999, 1.5, 2.499999, 2.5, 8.9, 9, 9.999999, 60]) {
    expect(logGamma(x + 1) - logGamma(x)).toBeCloseTo(Math.log(x), 12);
  }
});

test('the correction is what Stirling leaves over, near 1 / 12 x', () => {
  expect(stirlingCorrection(1e6) * 12e6).toBeCloseTo(1, 10);
  expect(stirlingCorrection(9.999999999)).toBeCloseTo(stirlingCorrection(10.000000001), 10);
});

test('nothing but positive numbers is taken', () => {
  expect(() => logGamma(0)).toThrow('positive');
  expect(() => logGamma(Number.NaN)).toThrow('positive');
});
