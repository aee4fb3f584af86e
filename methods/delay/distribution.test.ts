import { expect, test } from 'vitest';
import {
  dailyProbabilities,
  delayCdf,
  delayDensity,
  type DelayDistribution,
  delayMoments,
  delayQuantile,
  excess,
  shortfall,
} from './distribution.ts';
import { slowDaily } from './oracle.ts';

const distributions: readonly DelayDistribution[] = [
  { family: 'gamma', first: 2.5, second: 2 },
  { family: 'weibull', first: 1.5, second: 6 },
  { family: 'lognormal', first: 1.2, second: 0.6 },
];

test.for(distributions)('$family: density, distribution, quantile and moments agree', (each) => {
  let [total, mean, square] = [0, 0, 0];
  const h = 0.005;
  for (let x = h / 2; x < 150; x += h) {
    const share = delayDensity(each, x) * h;
    total += share;
    mean += share * x;
    square += share * x * x;
  }
  const { meanDays, sdDays } = delayMoments(each);
  expect(total).toBeCloseTo(1, 5);
  expect(mean).toBeCloseTo(meanDays, 4);
  expect(Math.sqrt(square - mean * mean)).toBeCloseTo(sdDays, 3);
  for (const p of [0.01, 0.5, 0.99]) {
    expect(delayCdf(each, delayQuantile(each, p))).toBeCloseTo(p, 12);
  }
  expect([delayCdf(each, 0), delayDensity(each, -1), shortfall(each, -1)]).toEqual([0, 0, 0]);
});

test.for(distributions)(
  '$family: what it falls short of and exceeds differ by the mean',
  (each) => {
    const { meanDays } = delayMoments(each);
    for (const x of [-2, 0, 0.3, 2, 5, 20]) {
      expect(shortfall(each, x) - excess(each, x)).toBeCloseTo(x - meanDays, 11);
    }
  },
);

test.for(distributions)('$family: whole days are those of the oracle, and sum to 1', (each) => {
  const daily = dailyProbabilities(each, 120);
  expect(daily.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 8);
  for (const day of [0, 1, 4, 9, 25]) {
    expect(Math.abs((daily[day] ?? 0) / slowDaily(each, day) - 1)).toBeLessThan(1e-4);
  }
  expect(daily.every((share) => share >= 0)).toBe(true);
});
