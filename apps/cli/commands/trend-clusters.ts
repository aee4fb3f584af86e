import {
  type Columns,
  readColumns,
  refuseInput,
  toCount,
  toDay,
  wholeFile,
} from '../../../adapters/exchange/columns.ts';
import { addDays, type Day, daysBetween } from '../../../kernel/day.ts';
import { Random } from '../../../kernel/random.ts';
import { type ScanCluster, scanClusters } from '../../../methods/scan/scan.ts';
import { Misuse } from '../misuse.ts';
import { printJson, printTable } from '../print.ts';
import { findNumber, getText, type TrendCommand } from './trend-command.ts';
import { findDay, wholeOf } from './trend-nowcast.ts';
import { cellOf, refuseList, toDegrees, toText } from './trend-table.ts';

/** Places and days beyond which the table of counts would not fit. */
const placesMax = 5_000;
const daysMax = 400;
/** Kilometres of a degree of latitude. */
const degreeKm = 111.195;

/** `sextant trend clusters`: places and days that have more than their share. */
export const clustersCommand: TrendCommand = {
  name: 'clusters',
  usage:
    '--cases FILE --places FILE [--as-of DATE] [--days 28] [--window 14]\n' +
    '                 [--share 0.5] [--replicates 999] [--seed 1] [--past]',
  options: {
    cases: { type: 'string' },
    places: { type: 'string' },
    'as-of': { type: 'string' },
    days: { type: 'string' },
    window: { type: 'string' },
    share: { type: 'string' },
    replicates: { type: 'string' },
    seed: { type: 'string' },
    past: { type: 'boolean', default: false },
  },
  run: async (values) => {
    const days = wholeOf(values, 'days', { otherwise: 28, low: 2, high: daysMax });
    const windowDaysMax = wholeOf(values, 'window', { otherwise: 14, low: 1, high: daysMax });
    const replicates = wholeOf(values, 'replicates', { otherwise: 999, low: 9, high: 99_999 });
    const seed = wholeOf(values, 'seed', { otherwise: 1, low: 0, high: 4_294_967_295 });
    const shareMax = findNumber(values, 'share') ?? 0.5;
    if (shareMax <= 0 || shareMax > 0.5) throw new Misuse('--share lies above 0 and up to 0.5');
    const needed = (name: string) => ({ name, isRequired: true });
    const placeColumns = ['place', 'lon', 'lat', 'population'].map(needed);
    const places = readPlaces(await readColumns(getText(values, 'places'), placeColumns));
    const file = getText(values, 'cases');
    const caseColumns = [needed('place'), needed('date'), { name: 'count', isRequired: false }];
    const cases = readCases(await readColumns(file, caseColumns), places.index);
    const asOf = findDay(values, 'as-of') ?? cases.last;
    const from = addDays(asOf, 1 - days);
    const counts = new Int32Array(places.labels.length * days);
    let counted = 0;
    for (const { place, date, count } of cases.rows) {
      if (date < from || date > asOf) continue;
      const cell = place * days + daysBetween(from, date);
      counts[cell] = (counts[cell] ?? 0) + count;
      counted += count;
    }
    if (counted === 0) refuseList('trend.nothing-reported', wholeFile(file));
    const { clusters, cylinders } = scanClusters({
      counts,
      baseline: places.people.flatMap((people) => Array.from({ length: days }, () => people)),
      x: places.x,
      y: places.y,
      days,
      windowDaysMax: Math.min(days, windowDaysMax),
      alive: values['past'] !== true,
      shareMax,
      replicates,
      random: new Random(seed),
      clustersMax: 20,
    });
    const told = clusters.map((cluster) => tellCluster(cluster, places.labels, from));
    if (values['json'] === true) {
      printJson({ ok: true, from, asOf, cases: counted, cylinders, replicates, clusters: told });
    } else printTable(told.map(shortRow));
    return 0;
  },
};

function tellCluster(cluster: ScanCluster, labels: readonly string[], from: Day) {
  return {
    centre: labels[cluster.centre] ?? '',
    places: cluster.members.map((member) => labels[member] ?? ''),
    radiusKm: Math.round(cluster.radius * 100) / 100,
    from: addDays(from, cluster.firstDay),
    to: addDays(from, cluster.lastDay),
    observed: cluster.observed,
    expected: cluster.expected,
    // Everything within, nothing without: the ratio has no value.
    relativeRisk: Number.isFinite(cluster.relativeRisk) ? cluster.relativeRisk : null,
    logLikelihoodRatio: cluster.logLikelihoodRatio,
    pValue: cluster.pValue,
  };
}

/** A cluster as a line for people. */
function shortRow({ places, logLikelihoodRatio, ...rest }: ReturnType<typeof tellCluster>) {
  const rounded = (value: number | null) => (value === null ? null : Number(value.toPrecision(3)));
  return {
    ...rest,
    expected: rounded(rest.expected),
    relativeRisk: rounded(rest.relativeRisk),
    logRatio: rounded(logLikelihoodRatio),
    places: places.length,
  };
}

interface Places {
  readonly labels: readonly string[];
  readonly index: ReadonlyMap<string, number>;
  /** Kilometres east and north of the first place. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly people: readonly number[];
}

/** Reads and checks places: place, lon, lat, population. */
function readPlaces(read: Columns): Places {
  const index = new Map<string, number>();
  const [x, y, people]: [number[], number[], number[]] = [[], [], []];
  let origin: { lon: number; lat: number } | null = null;
  for (const row of read.rows) {
    const label = cellOf(row, 'place');
    const place = toText(label);
    if (index.has(place)) refuseList('trend.row-twice', label.place);
    const lon = toDegrees(cellOf(row, 'lon'), 180);
    const lat = toDegrees(cellOf(row, 'lat'), 90);
    const population = cellOf(row, 'population');
    const count = toCount(population);
    if (count === 0) refuseList('trend.no-population', population.place);
    origin ??= { lon, lat };
    index.set(place, index.size);
    x.push((lon - origin.lon) * degreeKm * Math.cos((origin.lat * Math.PI) / 180));
    y.push((lat - origin.lat) * degreeKm);
    people.push(count);
  }
  if (index.size > placesMax) refuseList('trend.too-many-places', wholeFile(read.file));
  return { labels: [...index.keys()], index, x, y, people };
}

/** Reads and checks cases: place, date, and count or one a row; in any order. */
function readCases(
  read: Columns,
  places: ReadonlyMap<string, number>,
): { rows: { place: number; date: Day; count: number }[]; last: Day } {
  let last: Day | null = null;
  const rows = read.rows.map((row) => {
    const label = cellOf(row, 'place');
    const place = places.get(toText(label)) ?? refuseList('trend.unknown-place', label.place);
    const date = toDay(cellOf(row, 'date'));
    if (last === null || date > last) last = date;
    return { place, date, count: row['count'] === undefined ? 1 : toCount(row['count']) };
  });
  if (last === null) refuseInput('exchange.no-rows', wholeFile(read.file));
  return { rows, last };
}
