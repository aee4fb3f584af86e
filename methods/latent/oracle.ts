import type { LatentSeries, LatentWalk } from './latent.ts';

/**
 * Mean, variance and evidence of the level at one time, by adding up over a fine lattice.
 *
 * Method    forward and backward sums over a lattice of values of x at every time (no normal
 *           approximation, no Newton's method)
 * Input     series   [times]  counts and exposure
 *           walk     scalars  as fitLatentWalk
 *           lattice  low, high and number of values of x
 * Output    mean and standard deviation of x at each time [times], and the log evidence
 * Source    Baum and Petrie 1966 (forward sums of a hidden chain)
 * Evidence  methods/latent/latent.test.ts
 */
export function latticeSmoother(
  { counts, exposure }: LatentSeries,
  walk: LatentWalk,
  { low, high, cells }: { low: number; high: number; cells: number },
): { means: number[]; sds: number[]; logEvidence: number } {
  const width = (high - low) / (cells - 1);
  const grid = Array.from({ length: cells }, (_, cell) => low + cell * width);
  const times = counts.length;
  const seen = Array.from({ length: times }, (_, time) =>
    grid.map((x) => likelihood(counts[time] ?? 0, (exposure[time] ?? 0) * Math.exp(x), walk.size)),
  );
  const move = (from: number, to: number): number =>
    normal(to, walk.centre + walk.keep * (from - walk.centre), walk.step) * width;
  const forward: number[][] = [];
  for (let time = 0; time < times; time++) {
    const before = forward[time - 1];
    forward.push(
      grid.map((x, cell) => {
        const prior =
          before === undefined
            ? normal(x, walk.centre, walk.startSd) * width
            : before.reduce((sum, mass, from) => sum + mass * move(grid[from] ?? 0, x), 0);
        return prior * (seen[time]?.[cell] ?? 0);
      }),
    );
  }
  let backward = grid.map(() => 1);
  const means: number[] = [];
  const sds: number[] = [];
  for (let time = times - 1; time >= 0; time--) {
    const mass = grid.map((_, cell) => (forward[time]?.[cell] ?? 0) * (backward[cell] ?? 0));
    const total = mass.reduce((sum, each) => sum + each, 0);
    const mean = mass.reduce((sum, each, cell) => sum + each * (grid[cell] ?? 0), 0) / total;
    const square = mass.reduce((sum, each, cell) => sum + each * (grid[cell] ?? 0) ** 2, 0) / total;
    means.unshift(mean);
    sds.unshift(Math.sqrt(square - mean * mean));
    const later = backward;
    backward = grid.map((x) =>
      grid.reduce(
        (sum, to, cell) => sum + move(x, to) * (seen[time]?.[cell] ?? 0) * (later[cell] ?? 0),
        0,
      ),
    );
  }
  const last = forward.at(-1) ?? [];
  return { means, sds, logEvidence: Math.log(last.reduce((sum, mass) => sum + mass, 0)) };
}

function normal(x: number, mean: number, sd: number): number {
  return Math.exp(-0.5 * ((x - mean) / sd) ** 2) / (sd * Math.sqrt(2 * Math.PI));
}

/** Probability of a count, as a product of plain terms. */
function likelihood(count: number, mean: number, size: number): number {
  if (mean === 0) return 1;
  if (size === Infinity) {
    let probability = Math.exp(-mean);
    for (let k = 1; k <= count; k++) probability *= mean / k;
    return probability;
  }
  let probability = (size / (size + mean)) ** size;
  for (let k = 0; k < count; k++) probability *= ((size + k) / (k + 1)) * (mean / (size + mean));
  return probability;
}
