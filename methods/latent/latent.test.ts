import { expect, test } from 'vitest';
import { Random } from '../../kernel/random.ts';
import { drawPath, fitLatentWalk, type LatentWalk, weighWalks } from './latent.ts';
import { latticeSmoother } from './oracle.ts';

const walk: LatentWalk = { step: 0.2, keep: 1, centre: 2, startSd: 1, size: 20 };
const series = { counts: [9, 14, 11, 20, 17, 4], exposure: [1, 1, 1, 1, 0.8, 0.3] };

/** Means and standard deviations of many drawn paths. */
function drawn(fit: ReturnType<typeof fitLatentWalk>, paths: number) {
  const random = new Random(11);
  const times = fit.mode.length;
  const sums = new Float64Array(times);
  const squares = new Float64Array(times);
  const path = new Float64Array(times);
  for (let index = 0; index < paths; index++) {
    drawPath(random, fit, path);
    path.forEach((x, time) => {
      sums[time] = (sums[time] ?? 0) + x;
      squares[time] = (squares[time] ?? 0) + x * x;
    });
  }
  const means = [...sums].map((sum) => sum / paths);
  const sds = [...squares].map((sum, time) => Math.sqrt(sum / paths - (means[time] ?? 0) ** 2));
  return { means, sds };
}

test('mode, spread and evidence agree with sums over a lattice', () => {
  for (const one of [walk, { ...walk, size: Infinity }, { ...walk, keep: 0.8, step: 0.4 }]) {
    const fit = fitLatentWalk(series, one);
    const truth = latticeSmoother(series, one, { low: -1, high: 5, cells: 301 });
    const { means, sds } = drawn(fit, 20_000);
    truth.means.forEach((mean, time) => {
      // The approximation is normal and the truth is slightly skewed: 0.03 on the log scale.
      expect(Math.abs((means[time] ?? 0) - mean)).toBeLessThan(0.03);
      expect(Math.abs((sds[time] ?? 0) / (truth.sds[time] ?? 1) - 1)).toBeLessThan(0.06);
    });
    expect(Math.abs(fit.logEvidence - truth.logEvidence)).toBeLessThan(0.05);
  }
});

test('where nothing is known the level goes on as it was, less and less sure', () => {
  const fit = fitLatentWalk({ counts: [50, 50, 0, 0], exposure: [1, 1, 0, 0] }, walk);
  expect(fit.mode[3]).toBeCloseTo(fit.mode[1] ?? 0, 6);
  const { sds } = drawn(fit, 4_000);
  expect(sds[3]).toBeGreaterThan(sds[1] ?? 0);
});

test('a walk that returns to its centre does so at the stated rate', () => {
  const returning = { ...walk, keep: 0.5, centre: 0 };
  const fit = fitLatentWalk({ counts: [50, 0, 0], exposure: [1, 0, 0] }, returning);
  expect(fit.mode[2]).toBeCloseTo(0.25 * (fit.mode[0] ?? 0), 6);
});

test('counts of nothing but noughts and counts of a million are fitted alike', () => {
  for (const count of [0, 1e6]) {
    const counts = Array.from({ length: 30 }, () => count);
    const fit = fitLatentWalk({ counts, exposure: counts.map(() => 1) }, walk);
    expect(fit.mode.every((x) => Number.isFinite(x))).toBe(true);
    expect(Number.isFinite(fit.logEvidence)).toBe(true);
  }
});

test('the weights add up to 1 and prefer the walk that made the counts', () => {
  const random = new Random(5);
  const counts: number[] = [];
  let x = 4;
  for (let time = 0; time < 120; time++) {
    x += 0.25 * random.normal();
    counts.push(Math.round(Math.exp(x)));
  }
  const steps = [0.02, 0.25, 2];
  const walks = steps.map((step) => ({ ...walk, centre: 4, step, size: 1000 }));
  const { weights } = weighWalks({ counts, exposure: counts.map(() => 1) }, walks, [0, 0, 0]);
  expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
  expect(weights[1]).toBeGreaterThan(0.99);
});
