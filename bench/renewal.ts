import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Random } from '../kernel/random.ts';
import { drawPoisson } from '../methods/chance/chance.ts';
import { growthRate } from '../methods/renewal/growth.ts';
import {
  gammaPrior,
  reproduction,
  reproductionColumns,
  reproductionProbabilities,
  type ReproductionRow,
  slidingWindows,
} from '../methods/renewal/reproduction.ts';
import { intervalOfMoments } from '../methods/renewal/serial-interval.ts';
import { StandardQuantiles } from '../methods/renewal/standard-quantiles.ts';

/** A series, with the serial interval that it is read with. */
interface Series {
  readonly name: string;
  readonly incidence: readonly number[];
  readonly imported: readonly number[];
  readonly si: readonly number[] | null;
  readonly meanDays: number;
  readonly sdDays: number;
  /** How often the other side repeats it, to be timed. */
  readonly turns: number;
}

const prior = gammaPrior(5, 5);
const names = ['mean', 'sd', 'q025', 'q05', 'q25', 'median', 'q75', 'q95', 'q975'] as const;

/**
 * R for every district, town and community of a city at once; and, where R and EpiEstim are
 * installed (r-cran-epiestim, r-cran-jsonlite), the same series through both in one run: how far
 * apart they are, and how much faster this is on a series of 500 days.
 */
function main(): void {
  process.stdout.write(`${JSON.stringify({ city: city(), epiEstim: besideEpiEstim() })}\n`);
}

/** 16 districts, 216 towns and 6,000 communities over 67 days, sums of each other. */
function city(): object {
  const random = new Random(1);
  const days = 67;
  const communities = Array.from({ length: 6_000 }, () => {
    const level = 3 * random.unit() ** 3;
    return Float64Array.from({ length: days }, (_, day) =>
      drawPoisson(random, level * 10 * Math.exp(-(((day - 30) / 14) ** 2))),
    );
  });
  const sums = (parts: readonly Float64Array[], into: number): Float64Array[] =>
    Array.from({ length: into }, (_, whole) => {
      const sum = new Float64Array(days);
      for (let part = whole; part < parts.length; part += into) {
        parts[part]?.forEach((count, day) => (sum[day] = (sum[day] ?? 0) + count));
      }
      return sum;
    });
  const towns = sums(communities, 216);
  const all = [...sums(towns, 16), ...towns, ...communities];
  const interval = intervalOfMoments({ meanDays: 3.5, sdDays: 2.1 }, days);
  const windows = slidingWindows(days, 7);
  const quantiles = new StandardQuantiles(reproductionProbabilities);
  const turn = (): object =>
    timed(() => {
      for (const incidence of all) {
        reproductionColumns({ incidence, interval, windows, prior, quantiles });
      }
    });
  const [first, again, third] = [turn(), turn(), turn()];
  const growth = timed(() => {
    for (const incidence of all) growthRate(incidence.subarray(days - 7));
  });
  const estimates = all.length * windows.length;
  return { series: all.length, estimates, first, again, third, growth };
}

/** Wall time, and time of the processor: on a machine with other work the second tells more. */
function timed(work: () => void): { wallMs: number; cpuMs: number } {
  const [started, before] = [performance.now(), process.cpuUsage()];
  work();
  const { user, system } = process.cpuUsage(before);
  const wallMs = Math.round(performance.now() - started);
  return { wallMs, cpuMs: Math.round((user + system) / 1_000) };
}

function besideEpiEstim(): object {
  const series = [...drawnSeries(), longSeries()];
  const answered = askR(series);
  if (typeof answered === 'string') return { skipped: answered };
  let worst = { moment: 0, quantile: 0 };
  series.forEach((one, index) => {
    worst = worstOf(worst, estimate(one), answered.answers[index]?.rows ?? []);
  });
  const long = series.at(-1);
  const theirs = answered.answers.at(-1)?.seconds ?? 0;
  if (long === undefined) return {};
  for (let turn = 0; turn < 200; turn++) estimate(long);
  const turns = 200;
  const own = timed(() => {
    for (let turn = 0; turn < turns; turn++) estimate(long);
  });
  const ownMs = own.cpuMs / turns;
  return {
    version: answered.version,
    series: series.length,
    estimates: answered.answers.reduce((sum, { rows }) => sum + rows.length, 0),
    worstRelative: worst,
    // Processor time on both sides: neither waits for anything.
    long: { days: 500, theirsMs: theirs * 1_000, ownMs, ratio: (theirs * 1_000) / ownMs },
  };
}

function estimate({ incidence, imported, si, meanDays, sdDays }: Series): ReproductionRow[] {
  const interval = si ?? intervalOfMoments({ meanDays, sdDays }, incidence.length);
  const windows = slidingWindows(incidence.length, 7);
  return reproduction({ incidence, imported, interval, windows, prior });
}

/** Waves, embers, gaps and great counts, some with imported cases: none of them seen before. */
function drawnSeries(): Series[] {
  const random = new Random(Date.now());
  return Array.from({ length: 40 }, (_, index) => {
    const days = random.between(20, 160);
    const height = 10 ** (5 * random.unit());
    const [peak, width] = [days * random.unit(), 4 + days * 0.2 * random.unit()];
    const incidence = Array.from({ length: days }, (__, day) =>
      drawPoisson(random, height * Math.exp(-(((day - peak) / width) ** 2))),
    );
    incidence[0] = 1 + random.below(5);
    const share = random.chance(0.5) ? 0.2 : 0;
    const imported = incidence.map((count, day) => (day === 0 ? count : Math.floor(count * share)));
    const isGiven = random.chance(0.3);
    const si = isGiven ? [0, 0.233, 0.359, 0.198, 0.103, 0.053, 0.027, 0.014, 0.013] : null;
    const [meanDays, sdDays] = [1.5 + 8 * random.unit(), 0.5 + 3 * random.unit()];
    return { name: `drawn ${index}`, incidence, imported, si, meanDays, sdDays, turns: 1 };
  });
}

function longSeries(): Series {
  const random = new Random(7);
  const incidence = Array.from({ length: 500 }, (_, day) =>
    drawPoisson(random, 50 * (1.2 + Math.sin(day / 20))),
  );
  const imported = incidence.map((count, day) => (day === 0 ? count : 0));
  return {
    ...{ name: 'long', incidence, imported, si: null },
    meanDays: 4.7,
    sdDays: 2.9,
    turns: 5,
  };
}

interface Answered {
  readonly version: string;
  readonly answers: readonly { readonly rows: (number | null)[][]; readonly seconds: number }[];
}

function askR(series: readonly Series[]): Answered | string {
  const folder = mkdtempSync(join(tmpdir(), 'sextant-renewal-'));
  try {
    const [asked, answered] = [join(folder, 'asked.json'), join(folder, 'answered.json')];
    // What is null stays away: R takes a missing field for no interval.
    const plain = series.map(({ si, ...rest }) => (si === null ? rest : { ...rest, si }));
    writeFileSync(asked, JSON.stringify(plain));
    const script = fileURLToPath(new URL('renewal.R', import.meta.url));
    const { status, stderr, error } = spawnSync('Rscript', [script, asked, answered], {
      encoding: 'utf8',
    });
    if (error !== undefined) return `Rscript: ${error.message}`;
    if (status !== 0) return stderr.slice(-500);
    return JSON.parse(readFileSync(answered, 'utf8')) as Answered;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function worstOf(
  worst: { moment: number; quantile: number },
  own: readonly ReproductionRow[],
  theirs: readonly (readonly (number | null)[])[],
): { moment: number; quantile: number } {
  let { moment, quantile } = worst;
  if (own.length !== theirs.length) return { moment: Infinity, quantile: Infinity };
  own.forEach((row, index) => {
    names.forEach((name, at) => {
      const [mine, other] = [row[name], theirs[index]?.[at + 2] ?? null];
      const apart = mine === null || other === null ? Infinity : Math.abs(mine / other - 1);
      const difference = mine === other ? 0 : apart;
      if (at < 2) moment = Math.max(moment, difference);
      else quantile = Math.max(quantile, difference);
    });
  });
  return { moment, quantile };
}

main();
