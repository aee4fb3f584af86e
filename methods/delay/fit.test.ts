import { expect, test } from 'vitest';
import type { DelayDistribution } from './distribution.ts';
import { delayLogLikelihood, type DelayObservation, fitDelay } from './fit.ts';
import { slowLogLikelihood } from './oracle.ts';

const distributions: readonly DelayDistribution[] = [
  { family: 'gamma', first: 2.5, second: 2 },
  { family: 'weibull', first: 1.5, second: 6 },
  { family: 'lognormal', first: 1.2, second: 0.6 },
];

const day = (first: number, second: number, seenUntil: number | null): DelayObservation => ({
  ...{ firstFrom: first, firstTo: first + 1, secondFrom: second, secondTo: second + 1, seenUntil },
});

test.for(distributions)(
  '$family: the likelihood is the oracle’s, censored and truncated',
  (each) => {
    const observations = [
      day(0, 3, null),
      day(2, 2, 9),
      day(4, 8, 9),
      day(0, 40, 60),
      { firstFrom: 1, firstTo: 4, secondFrom: 3, secondTo: 9, seenUntil: 12 },
      { firstFrom: 1, firstTo: 1, secondFrom: 3, secondTo: 4, seenUntil: 7 },
    ];
    const own = delayLogLikelihood(observations, each);
    expect(own).toBeCloseTo(slowLogLikelihood(observations, each), 4);
  },
);

test.for(distributions)('$family: exact times give the textbook maximum', ({ family }) => {
  const delays = [1.2, 2.5, 0.7, 4.1, 3.3, 1.9, 6.4, 2.2];
  const observations = delays.map((delay) => ({
    ...{ firstFrom: 0, firstTo: 0, secondFrom: delay, secondTo: delay, seenUntil: null },
  }));
  const own = fitDelay(observations, family);
  if (own.kind !== 'fitted') throw new Error('unfit');
  const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length;
  // At the maximum a gamma has the sample's mean, and a lognormal the mean of its logarithms.
  if (family === 'gamma') expect(own.meanDays.value).toBeCloseTo(mean, 5);
  if (family === 'lognormal') {
    const logs = delays.reduce((sum, delay) => sum + Math.log(delay), 0) / delays.length;
    expect(own.distribution.first).toBeCloseTo(logs, 5);
  }
  expect(own.meanDays.low).toBeLessThan(own.meanDays.value);
  expect(own.criterion).toBeCloseTo(4 - 2 * own.logLikelihood, 10);
});

test('what has no maximum is said to have none: too few, or all in one cell', () => {
  expect(fitDelay([day(0, 3, null)], 'gamma')).toEqual({ kind: 'unfit', reason: 'too-few' });
  const alike = Array.from({ length: 30 }, () => day(0, 3, null));
  for (const { family } of distributions) {
    expect(fitDelay(alike, family)).toEqual({ kind: 'unfit', reason: 'no-maximum' });
  }
});

test('limits out of order, and what could not be seen, are mistakes of the caller', () => {
  expect(() => fitDelay([day(0, 3, 2), day(0, 1, 2), day(0, 1, 2)], 'gamma')).toThrow('seen');
  const turned = { firstFrom: 2, firstTo: 1, secondFrom: 3, secondTo: 4, seenUntil: null };
  expect(() => fitDelay([turned, turned, turned], 'gamma')).toThrow('order');
});
