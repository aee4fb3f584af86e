import fc from 'fast-check';
import { expect, test } from 'vitest';
import { slowCrps } from './oracle.ts';
import {
  coverage,
  crpsOfQuantiles,
  crpsOfSample,
  integralTransform,
  intervalScore,
  quantileScore,
  scoreOfQuantiles,
  transformHistogram,
  weightedIntervalScore,
} from './score.ts';

const draws = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1, maxLength: 40 });
const seen = fc.integer({ min: -1_000, max: 1_000 });

test('the score of a sample by hand: 1, 2, 6 and 3 seen', () => {
  // Mean distance 2; mean distance within: 2 (1 + 5 + 4) / 9 = 20 / 9, half of it 10 / 9.
  expect(crpsOfSample([6, 1, 2], 3)).toBeCloseTo(2 - 10 / 9, 14);
  // The fair version divides by 3 x 2 instead of 3 x 3.
  expect(crpsOfSample([6, 1, 2], 3, true)).toBeCloseTo(2 - 10 / 6, 14);
  expect(crpsOfSample([5], 3)).toBe(2);
});

test('any sample: the definition, and nought only when every draw is what was seen', () => {
  fc.assert(
    fc.property(draws, seen, (sample, observed) => {
      const own = crpsOfSample(sample, observed);
      expect(own).toBeCloseTo(slowCrps(sample, observed), 9);
      if (sample.every((draw) => draw === observed)) expect(own).toBe(0);
      else expect(own).toBeGreaterThan(0);
    }),
  );
});

test('the quantile score of a median is the absolute error, and leans on the side of the level', () => {
  expect(quantileScore(4, 0.5, 7)).toBe(3);
  expect(quantileScore(4, 0.9, 7)).toBeCloseTo(5.4, 14);
  expect(quantileScore(7, 0.9, 4)).toBeCloseTo(0.6, 14);
});

test('an interval by hand: 80 % from 2 to 5; 6, 1 and 3 seen', () => {
  const interval = { level: 0.8, low: 2, high: 5 };
  expect(intervalScore(interval, 3)).toMatchObject({ score: 3, underprediction: 0 });
  expect(intervalScore(interval, 6).underprediction).toBeCloseTo(10, 12);
  expect(intervalScore(interval, 1).overprediction).toBeCloseTo(10, 12);
});

test('the weighted score by hand: median 4, half from 3 to 6, 8 seen', () => {
  // Half the error 2; weight 1/4 times (3 + 4 x 2) = 2.75; divided by one and a half.
  const own = weightedIntervalScore({ median: 4, intervals: [{ level: 0.5, low: 3, high: 6 }] }, 8);
  expect(own.score).toBeCloseTo((2 + 2.75) / 1.5, 14);
  expect(own.dispersion).toBeCloseTo(0.75 / 1.5, 14);
  expect(own.underprediction).toBeCloseTo(4 / 1.5, 14);
  expect(own.overprediction).toBe(0);
});

test('any symmetric quantiles: the weighted score is the mean of the quantile scores', () => {
  const probabilities = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975];
  const quantiles = fc
    .array(fc.integer({ min: 0, max: 500 }), { minLength: 7, maxLength: 7 })
    .map((list) => list.sort((one, other) => one - other));
  fc.assert(
    fc.property(quantiles, seen, (each, observed) => {
      const forecast = { quantiles: each, probabilities };
      const { score, dispersion, underprediction, overprediction } = scoreOfQuantiles(
        forecast,
        observed,
      );
      expect(score).toBeCloseTo(crpsOfQuantiles(forecast, observed), 9);
      expect(dispersion + underprediction + overprediction).toBeCloseTo(score, 9);
    }),
  );
  expect(() => scoreOfQuantiles({ quantiles: [1, 2], probabilities: [0.1, 0.9] }, 1)).toThrow(
    'median',
  );
});

test('coverage counts both limits, and of nothing it is null', () => {
  const intervals = [
    { low: 1, high: 3 },
    { low: 1, high: 3 },
    { low: 1, high: 3 },
    { low: 1, high: 3 },
  ];
  expect(coverage(intervals, [1, 3, 2, 4])).toBe(0.75);
  expect(coverage([], [])).toBeNull();
});

test('the integral transform counts what lies below, and shares out ties', () => {
  expect(integralTransform([1, 2, 2, 5], 2, 0)).toBe(0.25);
  expect(integralTransform([1, 2, 2, 5], 2, 1)).toBe(0.75);
  expect(integralTransform([1, 2, 2, 5], 2)).toBe(0.5);
  expect(integralTransform([1, 2], 9)).toBe(1);
});

test('a histogram of transforms: even is nought, all in one bin is as uneven as can be', () => {
  const even = transformHistogram([0.1, 0.3, 0.6, 0.9], 4);
  expect(even).toEqual({ counts: [1, 1, 1, 1], unevenness: 0 });
  expect(transformHistogram([1, 1, 1, 1], 4)).toEqual({ counts: [0, 0, 0, 4], unevenness: 4 });
  expect(transformHistogram([]).unevenness).toBe(0);
});
