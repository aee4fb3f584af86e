import { expect, test } from 'vitest';
import cases from './cases/reference.json' with { type: 'json' };
import { lowerBeta, studentQuantile } from './incomplete-beta.ts';

test('the incomplete beta function agrees with 50 digits', () => {
  expect(cases.lowerBeta.length).toBe(6);
  for (const [x = 0, a = 1, b = 1, value = 0] of cases.lowerBeta) {
    expect(Math.abs(lowerBeta(x, a, b) / value - 1), `${x} ${a} ${b}`).toBeLessThan(1e-13);
  }
  expect([lowerBeta(0, 2, 3), lowerBeta(1, 2, 3)]).toEqual([0, 1]);
});

test('Student quantiles agree with R 4.2.2 and with Abramowitz and Stegun table 26.10', () => {
  expect(studentQuantile(0.975, 5)).toBeCloseTo(2.5705818356363137, 11);
  expect(studentQuantile(0.95, 5)).toBeCloseTo(2.0150483733330224, 11);
  expect(studentQuantile(0.025, 8)).toBeCloseTo(-2.30600413520417, 11);
  expect(studentQuantile(0.975, 1)).toBeCloseTo(12.706, 3);
  expect(studentQuantile(0.995, 120)).toBeCloseTo(2.617, 3);
  expect(studentQuantile(0.5, 3)).toBe(0);
});
