import { assert } from '../../kernel/assert.ts';
import type { Random } from '../../kernel/random.ts';
import { type Cylinders, makeCylinders } from './cylinders.ts';
import { CountDraws } from './draws.ts';

/** Counts by place and day, and what to look for among them. */
export interface ScanInput {
  /** [places x days] events, place by place, integers >= 0. */
  readonly counts: ArrayLike<number>;
  /** [places x days] expected in proportion, >= 0: population, or population times a trend. */
  readonly baseline: ArrayLike<number>;
  /** [places] positions in any unit of length, same on both axes. */
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly days: number;
  /** Longest window in days. */
  readonly windowDaysMax: number;
  /** Only windows that end on the last day (an outbreak that still goes on), or all. */
  readonly alive: boolean;
  /** Largest share of the whole baseline that a circle may hold, 0 .. 0.5. */
  readonly shareMax: number;
  /** Worlds drawn without clusters to compare with: 999 gives p-values in thousandths. */
  readonly replicates: number;
  readonly random: Random;
  /** Clusters to tell at most. */
  readonly clustersMax: number;
}

/** A circle over a window of days that holds more than its share. */
export interface ScanCluster {
  /** Place at the centre. */
  readonly centre: number;
  /** Places within, nearest first. */
  readonly members: readonly number[];
  readonly radius: number;
  /** First and last day, both included. */
  readonly firstDay: number;
  readonly lastDay: number;
  readonly observed: number;
  readonly expected: number;
  /** Observed by expected inside, divided by the same outside. */
  readonly relativeRisk: number;
  readonly logLikelihoodRatio: number;
  /** Share of worlds without clusters, this one among them, whose largest ratio is as large. */
  readonly pValue: number;
}

/** Clusters by likelihood ratio, none sharing a place with a better one. */
export interface ScanResult {
  readonly clusters: readonly ScanCluster[];
  /** Circles times windows that were compared. */
  readonly cylinders: number;
  /** [replicates] largest ratio of each drawn world, upwards. */
  readonly maxima: Float64Array;
}

/**
 * Clusters in space and time.
 *
 * Method    Kulldorff's space-time scan: over all circles about places and all windows of days, the
 *           Poisson likelihood ratio of more inside than outside, given the total; p-values from
 *           worlds drawn from the baseline with the same total
 * Input     counts    [places x days]  events, integers >= 0, place by place
 *           baseline  [places x days]  expected in proportion, >= 0
 *           x, y      [places]         position, any unit
 *           days, windowDaysMax, alive, shareMax, replicates, random, clustersMax  scalars
 * Output    clusters from the largest ratio down, with Monte Carlo p-values
 * Refuses   returns no clusters when there are no events or no baseline
 * Asserts   lengths agree; windowDaysMax 1 .. days; no events where nothing is expected
 * Numerics  logarithms of integers from a table; ties in distance are taken up together
 * Cost      places * circle * windows * (replicates + 1), two multiplications each, no logarithm
 * Source    Kulldorff 2001, J R Stat Soc A 164(1):61-72; Kulldorff 1997, Commun Stat 26(6):1481-96
 * Evidence  test/evidence/scan.test.ts
 */
export function scanClusters(input: ScanInput): ScanResult {
  const { counts, baseline, days, random, replicates } = input;
  const places = input.x.length;
  assert(input.y.length === places && counts.length === places * days, 'a count for each cell');
  assert(baseline.length === counts.length, 'a baseline for each cell');
  assert(Array.prototype.every.call(counts, Number.isInteger), 'counts are counts');
  assert(input.windowDaysMax >= 1 && input.windowDaysMax <= days, 'windows fit into the days');
  const observed = Int32Array.from(counts);
  const expected = Float64Array.from(baseline);
  const total = sum(observed);
  const mass = sum(expected);
  if (total === 0 || mass === 0) {
    return { clusters: [], cylinders: 0, maxima: new Float64Array(0) };
  }
  for (let cell = 0; cell < expected.length; cell++) {
    assert((expected[cell] as number) > 0 || observed[cell] === 0, 'events need a baseline');
    expected[cell] = ((expected[cell] as number) * total) / mass;
  }
  const cylinders = makeCylinders(input, expected, total);
  const ratios = new Ratios(cylinders, total);
  const draws = new CountDraws(expected, total);
  const world = new Int32Array(observed.length);
  const maxima = new Float64Array(replicates);
  for (let replicate = 0; replicate < replicates; replicate++) {
    draws.draw(random, world);
    maxima[replicate] = ratios.largest(world);
  }
  maxima.sort();
  const clusters = ratios.clusters(observed, input.clustersMax, maxima);
  return { clusters, cylinders: cylinders.size, maxima };
}

/** The ratio of every cylinder, from sums that are carried from circle to circle. */
class Ratios {
  readonly #shape: Cylinders;
  readonly #total: number;
  /** [total + 1] n log n. */
  readonly #selfLog: Float64Array;
  /** [windows] sums of the circle so far over each window. */
  readonly #sums: Int32Array;
  /** [days + 1] running sums of one place. */
  readonly #prefix: Int32Array;
  /** [places x windows] events of each place in each window. */
  readonly #held: Int32Array;

  constructor(shape: Cylinders, total: number) {
    this.#shape = shape;
    this.#total = total;
    this.#selfLog = new Float64Array(total + 1);
    for (let n = 1; n <= total; n++) this.#selfLog[n] = n * Math.log(n);
    this.#sums = new Int32Array(shape.windows);
    this.#prefix = new Int32Array(shape.days + 1);
    this.#held = new Int32Array(shape.places * shape.windows);
  }

  /** The largest ratio of a world; all of them, where there is room given for them. */
  largest(world: Int32Array, all: Float64Array | null = null): number {
    const { places, windows, starts, members, ends } = this.#shape;
    const { expected, logInside, logOutside, bound } = this.#shape;
    const held = this.#held;
    const sums = this.#sums;
    const selfLog = this.#selfLog;
    const total = this.#total;
    this.#fillHeld(world);
    let largest = 0;
    let cylinder = 0;
    for (let centre = 0; centre < places; centre++) {
      sums.fill(0);
      const stop = starts[centre + 1] as number;
      for (let at = starts[centre] as number; at < stop; at++) {
        const row = (members[at] as number) * windows;
        for (let window = 0; window < windows; window++) {
          sums[window] = (sums[window] as number) + (held[row + window] as number);
        }
        if (ends[at] === 0) continue;
        for (let window = 0; window < windows; window++, cylinder++) {
          const inside = sums[window] as number;
          const excess = inside - (expected[cylinder] as number);
          if (excess <= 0) continue;
          // Most cylinders cannot beat the largest so far, and one product says so.
          const most = excess * excess * (bound[cylinder] as number);
          if (all === null && most <= largest) continue;
          const ratio =
            (selfLog[inside] as number) +
            (selfLog[total - inside] as number) -
            inside * (logInside[cylinder] as number) -
            (total - inside) * (logOutside[cylinder] as number);
          if (ratio > largest) largest = ratio;
          if (all !== null) all[cylinder] = ratio;
        }
      }
    }
    return largest;
  }

  #fillHeld(world: Int32Array): void {
    const { places, days, windows, firstDays, lastDays } = this.#shape;
    const prefix = this.#prefix;
    for (let place = 0; place < places; place++) {
      for (let day = 0; day < days; day++) {
        prefix[day + 1] = (prefix[day] as number) + (world[place * days + day] as number);
      }
      for (let window = 0; window < windows; window++) {
        const before = prefix[firstDays[window] as number] as number;
        const upTo = prefix[(lastDays[window] as number) + 1] as number;
        this.#held[place * windows + window] = upTo - before;
      }
    }
  }

  /** The best cylinders of a world, none sharing a place with a better one. */
  clusters(world: Int32Array, clustersMax: number, maxima: Float64Array): ScanCluster[] {
    const { places, windows } = this.#shape;
    const all = new Float64Array(this.#shape.size);
    this.largest(world, all);
    const taken = new Uint8Array(places);
    const found: ScanCluster[] = [];
    while (found.length < clustersMax) {
      const best = this.#bestFree(all, taken);
      if (best === null) break;
      const { cylinder, centre, from, to } = best;
      const members = [...this.#shape.members.subarray(from, to + 1)];
      for (const member of members) taken[member] = 1;
      const window = cylinder % windows;
      const ratio = all[cylinder] as number;
      found.push({
        centre,
        members,
        radius: this.#shape.radii[to] as number,
        ...this.#inside(world, { cylinder, members, window }),
        logLikelihoodRatio: ratio,
        pValue: (1 + countFrom(maxima, ratio)) / (maxima.length + 1),
      });
    }
    return found;
  }

  #inside(
    world: Int32Array,
    { cylinder, members, window }: { cylinder: number; members: number[]; window: number },
  ): Pick<ScanCluster, 'firstDay' | 'lastDay' | 'observed' | 'expected' | 'relativeRisk'> {
    const { days, expected: all } = this.#shape;
    const firstDay = this.#shape.firstDays[window] as number;
    const lastDay = this.#shape.lastDays[window] as number;
    let observed = 0;
    for (const member of members) {
      for (let day = firstDay; day <= lastDay; day++) {
        observed += world[member * days + day] as number;
      }
    }
    const expected = all[cylinder] as number;
    const outside = (this.#total - observed) / (this.#total - expected);
    const relativeRisk = observed / expected / outside;
    return { firstDay, lastDay, observed, expected, relativeRisk };
  }

  #bestFree(
    all: Float64Array,
    taken: Uint8Array,
  ): { cylinder: number; centre: number; from: number; to: number } | null {
    const { places, windows, starts, members, ends } = this.#shape;
    let best: { cylinder: number; centre: number; from: number; to: number } | null = null;
    let largest = 0;
    let cylinder = 0;
    for (let centre = 0; centre < places; centre++) {
      const from = starts[centre] as number;
      let free = true;
      for (let to = from; to < (starts[centre + 1] as number); to++) {
        if (taken[members[to] as number] === 1) free = false;
        if (ends[to] === 0) continue;
        for (let window = 0; window < windows; window++, cylinder++) {
          const ratio = all[cylinder] as number;
          if (!free || ratio <= largest) continue;
          largest = ratio;
          best = { cylinder, centre, from, to };
        }
      }
    }
    return best;
  }
}

/** How many of some numbers, sorted upwards, are at least so large. */
function countFrom(sorted: Float64Array, least: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    // Ratios of the same counts differ by rounding alone when sums are taken in another order.
    if ((sorted[middle] as number) < least - 1e-9) low = middle + 1;
    else high = middle;
  }
  return sorted.length - low;
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let index = 0; index < values.length; index++) total += values[index] as number;
  return total;
}
