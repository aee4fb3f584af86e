import { expect, test } from 'vitest';
import { Random } from '../../kernel/random.ts';
import { drawBinomial, drawGamma, drawNegativeBinomial, drawPoisson } from './chance.ts';

const draws = 40_000;

/** Mean and variance of many draws. */
function momentsOf(draw: (random: Random) => number): { mean: number; variance: number } {
  const random = new Random(7);
  let sum = 0;
  let squares = 0;
  for (let index = 0; index < draws; index++) {
    const value = draw(random);
    sum += value;
    squares += value * value;
  }
  const mean = sum / draws;
  return { mean, variance: squares / draws - mean * mean };
}

/** The mean agrees within five standard errors, the variance within 6 %. */
function expectMoments(
  draw: (random: Random) => number,
  { mean, variance }: { mean: number; variance: number },
): void {
  const found = momentsOf(draw);
  expect(Math.abs(found.mean - mean)).toBeLessThan(5 * Math.sqrt(variance / draws));
  expect(Math.abs(found.variance / variance - 1)).toBeLessThan(0.06);
}

test('gamma draws have mean shape * scale and variance shape * scale^2', () => {
  for (const [shape, scale] of [
    [0.4, 2],
    [1, 1],
    [7.5, 0.2],
    [300, 3],
  ] as const) {
    expectMoments((random) => drawGamma(random, shape, scale), {
      mean: shape * scale,
      variance: shape * scale * scale,
    });
  }
});

test('Poisson draws have mean and variance alike, below and above the change of method', () => {
  for (const mean of [0.3, 9.99, 10, 37.5, 4000]) {
    expectMoments((random) => drawPoisson(random, mean), { mean, variance: mean });
  }
});

test('Poisson draws near a mean of 10 have the probabilities of the formula', () => {
  const random = new Random(3);
  const seen = new Float64Array(60);
  for (let index = 0; index < draws; index++) {
    const count = drawPoisson(random, 10.5);
    seen[count] = (seen[count] ?? 0) + 1;
  }
  let probability = Math.exp(-10.5);
  for (let count = 0; count < 25; count++) {
    const error = 5 * Math.sqrt((probability * (1 - probability)) / draws);
    expect(Math.abs((seen[count] ?? 0) / draws - probability)).toBeLessThan(error + 1e-4);
    probability *= 10.5 / (count + 1);
  }
});

test('negative binomial draws have variance mean + mean^2 / size; size Infinity is Poisson', () => {
  expectMoments((random) => drawNegativeBinomial(random, 30, 5), { mean: 30, variance: 210 });
  expectMoments((random) => drawNegativeBinomial(random, 2.5, 2), { mean: 2.5, variance: 5.625 });
  expectMoments((random) => drawNegativeBinomial(random, 0.3, 40), {
    mean: 0.3,
    variance: 0.30225,
  });
  expectMoments((random) => drawNegativeBinomial(random, 30, Infinity), { mean: 30, variance: 30 });
  expect(drawNegativeBinomial(new Random(1), 0, 5)).toBe(0);
});

test('binomial draws have mean n p and variance n p (1 - p), and keep within the trials', () => {
  for (const [trials, p] of [
    [8, 0.3],
    [100, 0.02],
    [5000, 0.7],
  ] as const) {
    expectMoments((random) => drawBinomial(random, trials, p), {
      mean: trials * p,
      variance: trials * p * (1 - p),
    });
  }
  expect(drawBinomial(new Random(1), 1000, 0)).toBe(0);
  expect(drawBinomial(new Random(1), 1000, 1)).toBe(1000);
});
