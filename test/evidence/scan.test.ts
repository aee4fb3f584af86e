import { expect, test } from 'vitest';
import { Random } from '../../kernel/random.ts';
import { drawPoisson } from '../../methods/chance/chance.ts';
import { type ScanInput, scanClusters } from '../../methods/scan/scan.ts';
import { isFullEvidence } from '../support/field-data.ts';

/** Towns as many as in a middling district, two weeks. */
const places = 60;
const days = 14;

/** Towns at random places with random populations; the risk is `times` as high where planted. */
function world(seed: number, { times, perTownDay }: { times: number; perTownDay: number }) {
  const random = new Random(seed);
  const x = Array.from({ length: places }, () => random.unit() * 40);
  const y = Array.from({ length: places }, () => random.unit() * 40);
  const people = Array.from({ length: places }, () => 0.3 + random.unit() * 1.4);
  const centre = random.below(places);
  const far = (place: number) =>
    Math.hypot((x[place] ?? 0) - (x[centre] ?? 0), (y[place] ?? 0) - (y[centre] ?? 0));
  const order = Array.from({ length: places }, (_, place) => place);
  const planted = new Set(order.sort((one, other) => far(one) - far(other)).slice(0, 4));
  const from = days - 5;
  const baseline = people.flatMap((count) => Array.from({ length: days }, () => count));
  const counts = baseline.map((each, cell) => {
    const inside = planted.has(Math.floor(cell / days)) && cell % days >= from;
    return drawPoisson(random, each * perTownDay * (inside ? times : 1));
  });
  const shape = { days, windowDaysMax: 7, alive: true, shareMax: 0.25, clustersMax: 1 };
  const input: ScanInput = { counts, baseline, x, y, ...shape, replicates: 99, random };
  return { input, planted, from };
}

test(
  'without a cluster one is told at the level of 5 % in about 5 of 100 worlds',
  { timeout: 900_000 },
  () => {
    const worlds = isFullEvidence ? 1000 : 60;
    let told = 0;
    for (let seed = 1; seed <= worlds; seed++) {
      const { input } = world(seed, { times: 1, perTownDay: 0.5 });
      const [best] = scanClusters(input).clusters;
      if (best !== undefined && best.pValue <= 0.05) told += 1;
    }
    console.log(`scan, ${worlds} worlds without clusters: told ${(told / worlds).toFixed(3)}`);
    // Four standard errors of a share of 5 %.
    expect(Math.abs(told / worlds - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / worlds));
  },
);

test(
  'a planted cluster is told, at its place and time, more surely the greater the risk',
  { timeout: 900_000 },
  () => {
    const worlds = isFullEvidence ? 300 : 20;
    const powers = [1.5, 2, 3, 4].map((times) => {
      let [told, overlap, start] = [0, 0, 0];
      for (let seed = 1; seed <= worlds; seed++) {
        const { input, planted, from } = world(seed, { times, perTownDay: 0.5 });
        const [best] = scanClusters(input).clusters;
        if (best === undefined || best.pValue > 0.05) continue;
        told += 1;
        const shared = best.members.filter((member) => planted.has(member)).length;
        overlap += shared / (planted.size + best.members.length - shared);
        if (Math.abs(best.firstDay - from) <= 2) start += 1;
      }
      return { times, power: told / worlds, overlap: overlap / told, start: start / told };
    });
    console.log('scan, 4 of 60 towns, 5 days, 0.5 a town and day:', powers);
    const at = (times: number) => powers.find((each) => each.times === times);
    expect(at(3)?.power).toBeGreaterThan(0.8);
    expect(at(4)?.power).toBeGreaterThan(0.95);
    expect(at(4)?.overlap).toBeGreaterThan(0.7);
    expect(at(1.5)?.power ?? 1).toBeLessThan(at(3)?.power ?? 0);
  },
);
