import { expect, test } from 'vitest';
import { Random } from '../../kernel/random.ts';
import { forecast } from '../../methods/forecast/forecast.ts';
import { quantileOfSorted } from '../../methods/nowcast/nowcast.ts';
import { intervalOfMoments } from '../../methods/renewal/serial-interval.ts';
import { scoreOfQuantiles } from '../../methods/score/score.ts';
import { hasFieldData, isFullEvidence, readField } from '../support/field-data.ts';
import { hubLevels, renewalWorld } from './support/worlds.ts';

const draws = 500;
const horizonDays = 14;
const horizons = [1, 7, 14] as const;

/** Quantiles at the levels of the hubs for one day ahead. */
const quantilesAt = (sorted: Float64Array, ahead: number) => {
  const day = sorted.subarray((ahead - 1) * draws, ahead * draws);
  return hubLevels.map((level) => quantileOfSorted(day, level));
};

const scoreAt = (quantiles: number[], observed: number) =>
  scoreOfQuantiles({ quantiles, probabilities: hubLevels }, observed).score;

/** The same on the scale of growth (Bosse et al. 2023, PLoS Comput Biol 19(8):e1011393). */
const logScoreAt = (quantiles: number[], observed: number) =>
  scoreAt(
    quantiles.map((each) => Math.log1p(each)),
    Math.log1p(observed),
  );

/** New infections by day of each district; a conversion was counted when it was found. */
function districtSeries(): Map<string, number[]> {
  const rows = readField('shanghai-2022/district-by-source.csv');
  const dates = [...new Set(rows.map((row) => row['date'] ?? ''))].sort();
  const series = new Map<string, number[]>();
  for (const row of rows) {
    const district = row['district'] ?? '';
    const counts = series.get(district) ?? dates.map(() => 0);
    series.set(district, counts);
    if (row['found_in'] === 'conversion') continue;
    const day = dates.indexOf(row['date'] ?? '');
    counts[day] = (counts[day] ?? 0) + Number(row['count']);
  }
  return series;
}

/**
 * Persistence as the forecast hubs have it: the last count, spread by past differences from day to
 * day of either sign, added up (Cramer et al. 2022).
 */
function hubBaseline(past: readonly number[], random: Random): Float64Array {
  const differences = past.slice(1).map((count, day) => count - (past[day] ?? 0));
  const sorted = new Float64Array(horizonDays * draws);
  for (let draw = 0; draw < draws; draw++) {
    let moved = past.at(-1) ?? 0;
    for (let ahead = 0; ahead < horizonDays; ahead++) {
      moved += random.pick(differences) * (random.chance(0.5) ? 1 : -1);
      sorted[ahead * draws + draw] = Math.max(0, moved);
    }
  }
  for (let ahead = 0; ahead < horizonDays; ahead++) {
    sorted.subarray(ahead * draws, (ahead + 1) * draws).sort();
  }
  return sorted;
}

interface Sums {
  count: number;
  covered: number;
  [name: string]: number;
}

function add(sums: Sums, name: string, value: number): void {
  sums[name] = (sums[name] ?? 0) + value;
}

test.skipIf(!hasFieldData)(
  'on the 16 districts of spring 2022 the forecast beats persistence at 1, 7 and 14 days',
  { timeout: 900_000 },
  () => {
    // Omicron BA.2 in Shanghai: serial interval about 3 days, spread about 2 (assumed here).
    const interval = intervalOfMoments({ meanDays: 3, sdDays: 1.8 }, 15);
    const byHorizon = new Map<number, Sums>();
    let origins = 0;
    for (const series of districtSeries().values()) {
      expect(series.length).toBe(67);
      for (let origin = 13; origin < series.length - 1; origin += isFullEvidence ? 1 : 8) {
        const past = series.slice(0, origin + 1);
        const random = new Random(origin);
        const made = forecast({ incidence: past, interval, horizonDays, random, draws });
        if (made === null) continue;
        origins += 1;
        const baseline = hubBaseline(past, random);
        for (const ahead of horizons) {
          const seen = series[origin + ahead];
          if (seen === undefined) continue;
          const sums = byHorizon.get(ahead) ?? { count: 0, covered: 0 };
          byHorizon.set(ahead, sums);
          const last = past.at(-1) ?? 0;
          sums.count += 1;
          add(sums, 'point', Math.abs(seen - last));
          add(sums, 'logPoint', Math.abs(Math.log1p(seen) - Math.log1p(last)));
          const made90 = quantilesAt(made.ensemble, ahead);
          if (seen >= (made90[2] ?? 0) && seen <= (made90[20] ?? 0)) sums.covered += 1;
          add(sums, 'medianError', Math.abs(seen - (made90[11] ?? 0)));
          for (const [name, sorted] of Object.entries({ ...made, baseline })) {
            if (!(sorted instanceof Float64Array)) continue;
            add(sums, name, scoreAt(quantilesAt(sorted, ahead), seen));
            add(sums, `log-${name}`, logScoreAt(quantilesAt(sorted, ahead), seen));
          }
        }
      }
    }
    expect(origins).toBeGreaterThan(90);
    for (const [ahead, sums] of byHorizon) {
      const means = Object.entries(sums).map(
        ([name, sum]) => `${name} ${name === 'count' ? sum : (sum / sums.count).toFixed(3)}`,
      );
      console.log(`${ahead} days ahead: ${means.join(', ')}`);
      const of = (name: string): number => sums[name] ?? Number.NaN;
      expect(of('ensemble')).toBeLessThan(of('point'));
      expect(of('medianError')).toBeLessThan(of('point'));
      expect(of('log-ensemble')).toBeLessThan(of('logPoint'));
      expect(of('log-ensemble')).toBeLessThan(of('log-baseline'));
      // On the plain scale one district decides; the short set has too few days for 14 ahead.
      if (isFullEvidence || ahead < 14) expect(of('ensemble')).toBeLessThan(of('baseline'));
    }
  },
);

test(
  '90 % intervals hold what came in 85 to 95 of 100 invented epidemics',
  { timeout: 900_000 },
  () => {
    const worlds = isFullEvidence ? 1000 : 50;
    for (const family of ['walk', 'turn'] as const) {
      const held = new Float64Array(horizonDays);
      let [count, bias] = [0, 0];
      for (let seed = 1; count < worlds; seed++) {
        const world = renewalWorld(seed, family);
        if (world === null) continue;
        const { past, interval } = world;
        const random = new Random(seed);
        const made = forecast({ incidence: past, interval, horizonDays, random, draws });
        if (made === null) continue;
        count += 1;
        world.future.forEach((seen, day) => {
          const [low, middle, high] = [0.05, 0.5, 0.95].map((level) =>
            quantileOfSorted(made.ensemble.subarray(day * draws, (day + 1) * draws), level),
          );
          if (seen >= (low ?? 0) && seen <= (high ?? 0)) held[day] = (held[day] ?? 0) + 1;
          bias += Math.log1p(middle ?? 0) - Math.log1p(seen);
        });
      }
      const shares = [...held].map((sum) => sum / count);
      const all = shares.reduce((sum, share) => sum + share, 0) / horizonDays;
      console.log(`forecast, ${count} worlds (${family}): coverage ${all.toFixed(3)}`);
      console.log(`by days ahead: ${shares.map((share) => share.toFixed(3)).join(' ')}`);
      console.log(`mean log bias of the median ${(bias / count / horizonDays).toFixed(3)}`);
      // A sudden turn is not what the method assumes: there the figure is told, with a wider bar.
      const slack = (isFullEvidence ? 0 : 0.04) + (family === 'turn' ? 0.03 : 0);
      expect(all).toBeGreaterThan(0.85 - slack);
      expect(all).toBeLessThan(0.95 + slack);
    }
  },
);
