import fc from 'fast-check';
import { expect, test } from 'vitest';
import { doublingTime, growthOfReproduction, growthRate } from './growth.ts';

test('counts that double every two days have their rate, and its doubling time', () => {
  const own = growthRate([1_000, 2_000, 4_000, 8_000].flatMap((each) => [each, each * Math.SQRT2]));
  expect(own?.rate).toBeCloseTo(Math.LN2 / 2, 12);
  expect(own?.dispersion).toBe(1);
  const time = own === null ? null : doublingTime(own);
  expect(time?.kind).toBe('doubling');
  expect(time?.days).toBeCloseTo(2, 12);
  expect(time?.lowDays).toBeLessThan(2);
  expect(time?.highDays).toBeGreaterThan(2);
});

test('an interval that holds no change has no longest time; falling counts halve', () => {
  const base = { dispersion: 1 };
  expect(doublingTime({ ...base, rate: 0.1, low: -0.05, high: 0.25 })).toEqual({
    ...{ kind: 'doubling', days: Math.LN2 / 0.1, lowDays: Math.LN2 / 0.25, highDays: null },
  });
  expect(doublingTime({ ...base, rate: -0.1, low: -0.2, high: -0.05 })).toEqual({
    kind: 'halving',
    days: Math.LN2 / 0.1,
    ...{ lowDays: Math.LN2 / 0.2, highDays: Math.LN2 / 0.05 },
  });
  expect(doublingTime({ ...base, rate: 0, low: -0.1, high: 0.1 })).toBeNull();
});

test('nothing to go by has no rate: too few days, too few cases, all at one end', () => {
  expect(growthRate([])).toBeNull();
  expect(growthRate([3, 4])).toBeNull();
  expect(growthRate([0, 0, 0, 0])).toBeNull();
  expect(growthRate([0, 0, 0, 7])).toBeNull();
  expect(growthRate([0, 7, 0, 0])).toBeNull();
});

test('any counts: turned round the rate changes its sign, and never is there a NaN', () => {
  const counts = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 3, maxLength: 40 });
  fc.assert(
    fc.property(counts, (each) => {
      const own = growthRate(each);
      const turned = growthRate(each.toReversed());
      if (own === null || turned === null) {
        expect(own).toBe(turned);
        return;
      }
      expect(Object.values(own).every(Number.isFinite)).toBe(true);
      expect(own.rate).toBeCloseTo(-turned.rate, 9);
      expect(own.high).toBeCloseTo(-turned.low, 6);
    }),
  );
});

test('Euler and Lotka: one day’s interval gives log R, and R of 1 no growth', () => {
  expect(growthOfReproduction(2, [0, 1])).toBeCloseTo(Math.LN2, 13);
  expect(growthOfReproduction(1, [0, 0.2, 0.5, 0.3])).toBeCloseTo(0, 13);
  const rate = growthOfReproduction(0.6, [0, 0.2, 0.5, 0.3]);
  const sum = [0.2, 0.5, 0.3].reduce((all, w, at) => all + w * Math.exp(-rate * (at + 1)), 0);
  expect(0.6 * sum).toBeCloseTo(1, 12);
});
