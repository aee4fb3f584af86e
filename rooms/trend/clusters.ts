import { addDays, type Day } from '../../kernel/day.ts';
import { Random } from '../../kernel/random.ts';
import { scanClusters } from '../../methods/scan/scan.ts';
import { countIncidence, type ParentOf, seriesOf, type TrendCase } from './incidence.ts';

/** A group of neighbouring places with more infections than its people explain. */
export interface Cluster {
  /** Nearest the middle first. */
  readonly places: readonly string[];
  readonly from: Day;
  readonly until: Day;
  readonly observed: number;
  readonly expected: number;
  /** Null where nobody was found outside: as many times as one likes. */
  readonly relativeRisk: number | null;
  /** Share of worlds without clusters that show one as strong. */
  readonly pValue: number;
  readonly radiusKm: number;
}

/** Clusters, or why none were looked for. */
export interface ClusterFigures {
  readonly found: readonly Cluster[] | null;
  readonly reason: 'no-positions' | 'too-few-places' | 'no-infections' | null;
  /** Places that have no position or no people and were left out. */
  readonly leftOut: number;
}

/** Where a place lies, in degrees. */
export interface Position {
  readonly longitude: number;
  readonly latitude: number;
}

interface Question {
  readonly places: readonly { readonly code: string; readonly population: number | null }[];
  readonly positions: ReadonlyMap<string, Position>;
  readonly parents: ParentOf;
  readonly until: Day;
  readonly seed: number;
}

/** Four weeks are looked at, in windows of up to two that last until today. */
const days = 28;
const windowDaysMax = 14;
const replicates = 999;
/** Clusters above this are left to chance. */
const pValueMax = 0.05;

/** Looks among the compared places for clusters that still go on. */
export function clustersOf(cases: readonly TrendCase[], question: Question): ClusterFigures {
  const { places, positions, parents, until, seed } = question;
  const from = addDays(until, 1 - days);
  const table = countIncidence(cases, parents, { from, days });
  const units = places.flatMap(({ code, population }) => {
    const position = positions.get(code);
    return position === undefined || population === null ? [] : [{ code, population, position }];
  });
  const leftOut = places.length - units.length;
  if (places.length > 0 && units.length === 0)
    return { found: null, reason: 'no-positions', leftOut };
  if (units.length < 3) return { found: null, reason: 'too-few-places', leftOut };
  const counts = new Float64Array(units.length * days);
  const baseline = new Float64Array(units.length * days);
  units.forEach(({ code }, index) => {
    counts.set(seriesOf(table, { place: code, date: 'reported' }), index * days);
  });
  // By people and by day: neither a wave everywhere nor days without a record make a cluster.
  units.forEach(({ population }, index) => {
    for (let day = 0; day < days; day++) {
      baseline[index * days + day] = population * totalOn(counts, day);
    }
  });
  if (counts.every((count) => count === 0))
    return { found: null, reason: 'no-infections', leftOut };
  const plane = units.map(({ position }) => kilometres(position));
  const { clusters } = scanClusters({
    ...{ counts, baseline, days, windowDaysMax, replicates },
    x: plane.map(([x]) => x),
    y: plane.map(([, y]) => y),
    alive: true,
    shareMax: 0.5,
    random: new Random(seed),
    clustersMax: 5,
  });
  const found = clusters
    .filter(({ pValue }) => pValue <= pValueMax)
    .map((cluster) => ({
      places: cluster.members.map((member) => units[member]?.code ?? ''),
      from: addDays(from, cluster.firstDay),
      until: addDays(from, cluster.lastDay),
      observed: cluster.observed,
      expected: cluster.expected,
      relativeRisk: Number.isFinite(cluster.relativeRisk) ? cluster.relativeRisk : null,
      pValue: cluster.pValue,
      radiusKm: cluster.radius,
    }));
  return { found, reason: null, leftOut };
}

/** Infections of a day in all places together. */
function totalOn(counts: Float64Array, day: number): number {
  let total = 0;
  for (let cell = day; cell < counts.length; cell += days) total += counts[cell] ?? 0;
  return total;
}

/** Kilometres east and north: exact enough over a city, whose places lie at one latitude. */
function kilometres({ longitude, latitude }: Position): [east: number, north: number] {
  const perDegree = 111.195;
  return [longitude * perDegree * Math.cos((latitude * Math.PI) / 180), latitude * perDegree];
}
