import { expect, test } from 'vitest';
import cases from './cases/reference.json' with { type: 'json' };
import { normalCdf, normalQuantile } from './normal.ts';

test('quantiles agree with 50 digits, far into the tail', () => {
  expect(cases.normalQuantile.length).toBe(10);
  for (const [probability = 0, z = 0] of cases.normalQuantile) {
    const error = Math.abs(normalQuantile(probability) - z);
    expect(error, `probability ${probability}`).toBeLessThan(1e-15 * Math.max(1, Math.abs(z)));
  }
});

test('the distribution function agrees with 50 digits, far into the tail', () => {
  expect(cases.normalCdf.length).toBe(9);
  for (const [z = 0, probability = 0] of cases.normalCdf) {
    expect(Math.abs(normalCdf(z) / probability - 1), `z ${z}`).toBeLessThan(1e-13);
  }
});

test('published values: Abramowitz and Stegun table 26.1, and the quantile of 97.5 %', () => {
  expect(normalCdf(1)).toBeCloseTo(0.84134_47460_68543, 14);
  expect(normalQuantile(0.975)).toBeCloseTo(1.95996_39845_40054, 14);
  expect(normalQuantile(0)).toBe(-Infinity);
  expect(normalQuantile(1)).toBe(Infinity);
});
