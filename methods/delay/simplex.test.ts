import { expect, test } from 'vitest';
import { minimise } from './simplex.ts';

test('the valley of Rosenbrock 1960, from its usual start', () => {
  const valley = ([x = 0, y = 0]: readonly number[]): number =>
    100 * (y - x * x) ** 2 + (1 - x) ** 2;
  const { at, isSettled } = minimise(valley, [-1.2, 1]);
  expect(isSettled).toBe(true);
  expect(at[0]).toBeCloseTo(1, 5);
  expect(at[1]).toBeCloseTo(1, 5);
});

test('places where the function is not defined are stepped over; a start there is a mistake', () => {
  const walled = ([x = 0]: readonly number[]): number => (x < 0 ? Infinity : (x - 0.1) ** 2);
  expect(minimise(walled, [3]).at[0]).toBeCloseTo(0.1, 5);
  expect(() => minimise(walled, [-1])).toThrow('defined');
});

test('what has no minimum does not settle', () => {
  expect(minimise(([x = 0]) => -x, [0]).isSettled).toBe(false);
});
