import { expect, test } from 'vitest';
import { Random } from '../../kernel/random.ts';
import { drawPoisson } from '../chance/chance.ts';
import { CountDraws } from './draws.ts';
import { bestCylinder } from './oracle.ts';
import { type ScanInput, scanClusters } from './scan.ts';

/** A small world: places on a rough grid, some of them at the very same point. */
function world(seed: number, options: Partial<ScanInput> = {}): ScanInput {
  const random = new Random(seed);
  const places = 9;
  const days = 5;
  const x = Array.from({ length: places }, () => random.below(4));
  const y = Array.from({ length: places }, () => random.below(4));
  const people = Array.from({ length: places }, () => 1 + random.below(5));
  const baseline = people.flatMap((count) => Array.from({ length: days }, () => count));
  const counts = baseline.map((each) => drawPoisson(random, each * 0.7));
  const shape = { days, windowDaysMax: 3, alive: false, shareMax: 0.5, clustersMax: 3 };
  return { counts, baseline, x, y, ...shape, replicates: 9, random, ...options };
}

test('the best cylinder is the one that brute force finds, on many small worlds', () => {
  for (let seed = 1; seed <= 60; seed++) {
    const input = world(seed, { alive: seed % 2 === 0, windowDaysMax: 1 + (seed % 5) });
    const slow = bestCylinder(input);
    const [fast] = scanClusters(input).clusters;
    expect(fast?.logLikelihoodRatio ?? 0).toBeCloseTo(slow?.ratio ?? 0, 9);
    expect(fast?.observed ?? 0).toBe(slow?.observed ?? 0);
    expect(fast?.expected ?? 0).toBeCloseTo(slow?.expected ?? 0, 9);
  }
});

test('clusters come from the largest ratio down and share no place', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const { clusters } = scanClusters(world(seed));
    const members = clusters.flatMap((cluster) => cluster.members);
    expect(new Set(members).size).toBe(members.length);
    const ratios = clusters.map((cluster) => cluster.logLikelihoodRatio);
    expect(ratios).toEqual(ratios.toSorted((one, other) => other - one));
  }
});

test('the p-value of the best is its rank among the worlds drawn and itself', () => {
  const { clusters, maxima } = scanClusters(world(4, { replicates: 199 }));
  const [best] = clusters;
  const above = [...maxima].filter((ratio) => ratio >= (best?.logLikelihoodRatio ?? 0)).length;
  expect(best?.pValue).toBe((1 + above) / 200);
});

test('the largest ratio of a drawn world is that of brute force, though most are passed over', () => {
  for (let seed = 1; seed <= 30; seed++) {
    const input = world(seed, { random: new Random(seed), replicates: 1 });
    const { counts, baseline } = input;
    const sumOf = (values: ArrayLike<number>) =>
      Array.from(values).reduce((sum, each) => sum + each, 0);
    const [total, mass] = [sumOf(counts), sumOf(baseline)];
    const expected = Float64Array.from(baseline, (each) => (each * total) / mass);
    const drawn = new Int32Array(expected.length);
    new CountDraws(expected, total).draw(new Random(seed), drawn);
    const slow = bestCylinder({ ...input, counts: drawn });
    expect(scanClusters(input).maxima[0]).toBeCloseTo(slow?.ratio ?? 0, 9);
  }
});

test('the same seed gives the same answer', () => {
  const one = scanClusters(world(8, { random: new Random(1) }));
  expect(scanClusters(world(8, { random: new Random(1) }))).toEqual(one);
});

test('without events or without a baseline there are no clusters', () => {
  const input = world(1);
  const nothing = input.counts;
  const none = Array.from(nothing, () => 0);
  expect(scanClusters({ ...input, counts: none }).clusters).toEqual([]);
  expect(scanClusters({ ...input, counts: none, baseline: none }).clusters).toEqual([]);
});

test('all events at one place and day are found as they are', () => {
  const input = world(2, { replicates: 99 });
  const counts = Array.from(input.counts, (_, cell) => (cell === 22 ? 30 : 0));
  const [best] = scanClusters({ ...input, counts }).clusters;
  expect(best).toMatchObject({ firstDay: 2, lastDay: 2, observed: 30, pValue: 0.01 });
  expect(best?.members).toContain(4);
  expect(best?.relativeRisk).toBe(Infinity);
});

test('worlds keep the total and follow the expected counts, event by event and cell by cell', () => {
  const expected = Float64Array.of(1, 2, 3, 4);
  for (const total of [10, 2000]) {
    const draws = new CountDraws(expected, total);
    const random = new Random(3);
    const sums = new Float64Array(4);
    const cells = new Int32Array(4);
    for (let index = 0; index < 3000; index++) {
      draws.draw(random, cells);
      expect(cells.reduce((sum, each) => sum + each, 0)).toBe(total);
      cells.forEach((count, cell) => (sums[cell] = (sums[cell] ?? 0) + count));
    }
    sums.forEach((sum, cell) => {
      const share = (expected[cell] ?? 0) / 10;
      const error = 5 * Math.sqrt((share * (1 - share)) / (3000 * total));
      expect(Math.abs(sum / 3000 / total - share)).toBeLessThan(error);
    });
  }
});
