import { expect, test } from 'vitest';
import { Random } from '../../kernel/random.ts';
import { drawNegativeBinomial, drawPoisson } from '../../methods/chance/chance.ts';
import {
  coverage,
  crpsOfQuantiles,
  crpsOfSample,
  integralTransform,
  scoreOfQuantiles,
  transformHistogram,
} from '../../methods/score/score.ts';
import { normalCdf, normalQuantile } from '../../methods/special/normal.ts';

/** Score of a normal forecast, closed form: Gneiting, Raftery, Westveld and Goldman 2005. */
function crpsOfNormal(mean: number, sd: number, observed: number): number {
  const z = (observed - mean) / sd;
  const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
  return sd * (z * (2 * normalCdf(z) - 1) + 2 * density - 1 / Math.sqrt(Math.PI));
}

test('the score of a great normal sample, and of many quantiles, is the published closed form', () => {
  const probabilities = Array.from({ length: 1_999 }, (_, index) => (index + 1) / 2_000);
  const quantiles = probabilities.map((each) => 10 + 3 * normalQuantile(each));
  for (const observed of [4, 10, 11.5, 22]) {
    const expected = crpsOfNormal(10, 3, observed);
    expect(Math.abs(crpsOfSample(quantiles, observed) / expected - 1)).toBeLessThan(2e-3);
    const own = crpsOfQuantiles({ quantiles, probabilities }, observed);
    expect(Math.abs(own / expected - 1)).toBeLessThan(2e-3);
    const { score } = scoreOfQuantiles({ quantiles, probabilities }, observed);
    expect(score).toBeCloseTo(own, 9);
  }
});

test('the scores are proper: who tells the truth scores best, on 20,000 counts', () => {
  const random = new Random(8);
  const probabilities = [0.05, 0.25, 0.5, 0.75, 0.95];
  const forecasts = [
    { name: 'truth', draw: () => drawNegativeBinomial(random, 30, 6) },
    { name: 'too sure', draw: () => drawPoisson(random, 30) },
    { name: 'too unsure', draw: () => drawNegativeBinomial(random, 30, 2) },
    { name: 'too low', draw: () => drawNegativeBinomial(random, 22, 6) },
  ].map(({ name, draw }) => {
    const sample = Array.from({ length: 2_000 }, draw).sort((one, other) => one - other);
    const quantiles = probabilities.map((each) => sample[Math.floor(each * 2_000)] ?? 0);
    return { name, sample, quantiles, crps: 0, weighted: 0 };
  });
  for (let each = 0; each < 20_000; each++) {
    const observed = drawNegativeBinomial(random, 30, 6);
    for (const forecast of forecasts) {
      const { quantiles } = forecast;
      forecast.weighted += scoreOfQuantiles({ quantiles, probabilities }, observed).score;
      if (each < 400) forecast.crps += crpsOfSample(forecast.sample, observed);
    }
  }
  const [truth, ...others] = forecasts;
  for (const other of others) {
    expect(other.crps, `forecast ${other.name}`).toBeGreaterThan(truth?.crps ?? Infinity);
    expect(other.weighted, `forecast ${other.name}`).toBeGreaterThan(truth?.weighted ?? Infinity);
  }
});

test('a right forecast has even transforms and covers as it says; one too sure has neither', () => {
  const random = new Random(21);
  const judge = (draw: () => number) => {
    const sample = Array.from({ length: 4_000 }, draw).sort((one, other) => one - other);
    const interval = { low: sample[200] ?? 0, high: sample[3_799] ?? 0 };
    const observed = Array.from({ length: 2_000 }, () => drawNegativeBinomial(random, 30, 6));
    const transforms = observed.map((each) => integralTransform(sample, each, random.unit()));
    return {
      covered:
        coverage(
          observed.map(() => interval),
          observed,
        ) ?? 0,
      ...transformHistogram(transforms),
    };
  };
  const right = judge(() => drawNegativeBinomial(random, 30, 6));
  expect(right.covered).toBeGreaterThan(0.88);
  expect(right.covered).toBeLessThan(0.93);
  // Chi-squared over 9 degrees of freedom, and what a sample of 4,000 adds: 3 is beyond chance.
  expect(right.unevenness).toBeLessThan(3);
  const sure = judge(() => drawPoisson(random, 30));
  expect(sure.covered).toBeLessThan(0.6);
  expect(sure.unevenness).toBeGreaterThan(50);
  // Too sure: what is seen lies beyond either end.
  const [first = 0, middle = 0, last = 0] = [sure.counts[0], sure.counts[5], sure.counts[9]];
  expect(Math.min(first, last)).toBeGreaterThan(2 * middle);
});
