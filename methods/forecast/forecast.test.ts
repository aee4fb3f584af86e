import { expect, test } from 'vitest';
import { Random } from '../../kernel/random.ts';
import { quantileOfSorted } from '../nowcast/nowcast.ts';
import { type Forecast, forecast } from './forecast.ts';
import { carriedOn } from './oracle.ts';

const interval = [0, 0.2, 0.4, 0.3, 0.1];
const draws = 400;

const made = (incidence: readonly number[], seed = 1): Forecast | null =>
  forecast({ incidence, interval, horizonDays: 14, random: new Random(seed), draws });

/** Median of one day ahead. */
const median = (counts: Float64Array | undefined, ahead: number): number =>
  quantileOfSorted(
    (counts ?? new Float64Array(1)).subarray((ahead - 1) * draws, ahead * draws),
    0.5,
  );

test('with a great and steady past, the renewal member follows the equation with R near 1', () => {
  const past = Array.from({ length: 50 }, () => 10_000);
  const result = made(past);
  const expected = carriedOn({ past, interval, horizonDays: 14, reproduction: () => 1 });
  for (const ahead of [1, 7, 14]) {
    const error = Math.abs(median(result?.renewal, ahead) / (expected[ahead - 1] ?? 1) - 1);
    expect(error).toBeLessThan(0.03);
  }
});

test('growth goes on and is drawn back: above the last day, below the same growth for ever', () => {
  const past = Array.from({ length: 40 }, (_, day) => Math.round(20 * 1.12 ** day));
  const result = made(past);
  const reproduction = Math.exp(result?.logReproduction.mean ?? 0);
  const forEver = carriedOn({ past, interval, horizonDays: 14, reproduction: () => reproduction });
  expect(median(result?.renewal, 7)).toBeGreaterThan(past.at(-1) ?? 0);
  expect(median(result?.renewal, 14)).toBeLessThan(forEver[13] ?? 0);
});

test('the ensemble lies between its members, and each day comes sorted', () => {
  const result = made(Array.from({ length: 40 }, (_, day) => 30 + ((day * 17) % 13)));
  for (const ahead of [1, 7, 14]) {
    const middles = [result?.renewal, result?.level, result?.steady].map((member) =>
      median(member, ahead),
    );
    expect(median(result?.ensemble, ahead)).toBeGreaterThanOrEqual(Math.min(...middles));
    expect(median(result?.ensemble, ahead)).toBeLessThanOrEqual(Math.max(...middles));
    const day = [...(result?.ensemble ?? [])].slice((ahead - 1) * draws, ahead * draws);
    expect(day).toEqual(day.toSorted((one, other) => one - other));
  }
});

test('uncertainty grows with the days ahead', () => {
  const result = made(Array.from({ length: 40 }, (_, day) => 60 + ((day * 29) % 31)));
  const width = (ahead: number): number => {
    const day = (result?.ensemble ?? new Float64Array(1)).subarray(
      (ahead - 1) * draws,
      ahead * draws,
    );
    return quantileOfSorted(day, 0.95) - quantileOfSorted(day, 0.05);
  };
  expect(width(14)).toBeGreaterThan(width(1));
});

test('noughts give no forecast; one day, one case, or a burst give finite ones', () => {
  expect(made([0, 0, 0])).toBeNull();
  for (const past of [[5], [0, 0, 0, 1], [0, 0, 1_000_000], [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]]) {
    const result = made(past);
    expect([...(result?.ensemble ?? [])].every((count) => count >= 0 && count < 1e9)).toBe(true);
  }
});

test('the same seed gives the same draws', () => {
  const past = [3, 5, 9, 14, 20, 33, 40];
  expect(made(past, 4)).toEqual(made(past, 4));
});
