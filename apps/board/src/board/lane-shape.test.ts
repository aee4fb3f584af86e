import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bandWidth, levels } from './lane-shape.ts';

const count = fc.nat(30_000_000);

test('BO-8 more that has passed is never a narrower band, and a band stays on its road', () => {
  fc.assert(
    fc.property(count, count, count, (a, b, most) => {
      const [less, more] = a < b ? [a, b] : [b, a];
      const top = Math.max(more, most);
      expect(bandWidth(less, top, 64)).toBeLessThanOrEqual(bandWidth(more, top, 64));
      expect(bandWidth(more, top, 64)).toBeLessThanOrEqual(64);
      expect(bandWidth(less, top, 64)).toBeGreaterThan(0);
    }),
  );
});

test('BO-8 a station is empty when nothing waits, full when all waits, and red never beyond its level', () => {
  expect(levels({ waiting: 0, overdue: 0, passed: 5, oldestMinutes: null })).toEqual({
    waiting: 0,
    overdue: 0,
  });
  expect(levels({ waiting: 5, overdue: 5, passed: 0, oldestMinutes: 9 })).toEqual({
    waiting: 1,
    overdue: 1,
  });
  fc.assert(
    fc.property(count, count, count, (waiting, overdue, passed) => {
      const figures = { waiting, overdue: Math.min(waiting, overdue), passed, oldestMinutes: 1 };
      const level = levels(figures);
      expect(level.waiting).toBeLessThanOrEqual(1);
      expect(level.overdue).toBeLessThanOrEqual(level.waiting);
      // What is there is seen, however little it is.
      expect(level.waiting > 0).toBe(waiting > 0);
    }),
  );
});

test('BO-8 where a limit is set the level is what waits against it', () => {
  const figures = { waiting: 50, overdue: 0, passed: 10_000, oldestMinutes: 1, limit: 100 };
  expect(levels(figures).waiting).toBe(0.5);
});
