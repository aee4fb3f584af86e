import { type Day, daysBetween } from '../../kernel/day.ts';
import { type FoundKind, foundKinds } from './rules.ts';

/** The days by which a new positive can be counted. */
export const dateKinds = ['onset', 'sampled', 'reported'] as const;

export type DateKind = (typeof dateKinds)[number];

/** How an infection entered the record; a conversion or an amendment is no new infection. */
export type TrendEntry = 'first' | 'reinfection' | 'conversion';

/** One entry of the list that the trend is read from. */
export interface TrendCase {
  /** The place's code; the community where it is known. */
  readonly place: string;
  readonly found: FoundKind;
  readonly entry: TrendEntry;
  readonly onset: Day | null;
  readonly sampled: Day | null;
  readonly reported: Day | null;
}

/** Places as a tree: which place lies in which. */
export type ParentOf = ReadonlyMap<string, string | null>;

/** The days that are looked at. */
export interface TrendSpan {
  readonly from: Day;
  readonly days: number;
}

/** Counts of new infections by place, day and where they were found. */
export interface IncidenceTable {
  readonly span: TrendSpan;
  readonly places: readonly string[];
  readonly placeIndex: ReadonlyMap<string, number>;
  /** [places x days x found kinds] for each kind of date. */
  readonly counts: { readonly [kind in DateKind]: Uint32Array };
  /** [places] entries without this date. */
  readonly undated: { readonly [kind in DateKind]: Uint32Array };
  /** [places] entries dated outside the span. */
  readonly outside: { readonly [kind in DateKind]: Uint32Array };
  /** [places] conversions, which are counted nowhere else. */
  readonly conversions: Uint32Array;
  /** Entries of places that the tree does not have. */
  readonly misplaced: number;
}

/**
 * Rules TD-5 to TD-7. New infections by day for every place and all that it lies in. Whoever is on
 * the list twice because a symptom-free positive became a confirmed case is counted once.
 */
export function countIncidence(
  cases: Iterable<TrendCase>,
  parents: ParentOf,
  span: TrendSpan,
): IncidenceTable {
  const places = [...parents.keys()];
  const placeIndex = new Map(places.map((place, index) => [place, index]));
  const make = (size: number): { [kind in DateKind]: Uint32Array } => ({
    onset: new Uint32Array(size),
    sampled: new Uint32Array(size),
    reported: new Uint32Array(size),
  });
  const width = span.days * foundKinds.length;
  const counts = make(places.length * width);
  const undated = make(places.length);
  const outside = make(places.length);
  const conversions = new Uint32Array(places.length);
  const dayIndex = dayFinder(span);
  const kindIndex = new Map(foundKinds.map((kind, index) => [kind, index]));
  let misplaced = 0;
  for (const each of cases) {
    const place = placeIndex.get(each.place);
    if (place === undefined) {
      misplaced += 1;
      continue;
    }
    if (each.entry === 'conversion') {
      add(conversions, place);
      continue;
    }
    const kind = kindIndex.get(each.found) ?? 0;
    for (const dateKind of dateKinds) {
      const date = each[dateKind];
      const day = date === null ? -1 : dayIndex(date);
      const inside = day >= 0 && day < span.days;
      if (inside) add(counts[dateKind], place * width + day * foundKinds.length + kind);
      else add(date === null ? undated[dateKind] : outside[dateKind], place);
    }
  }
  const steps = stepsUp(places, placeIndex, parents);
  for (const dateKind of dateKinds) {
    sumUp(counts[dateKind], width, steps);
    sumUp(undated[dateKind], 1, steps);
    sumUp(outside[dateKind], 1, steps);
  }
  sumUp(conversions, 1, steps);
  return { span, places, placeIndex, counts, undated, outside, conversions, misplaced };
}

/** Each place with the one that it lies in, the deepest first. */
function stepsUp(
  places: readonly string[],
  placeIndex: ReadonlyMap<string, number>,
  parents: ParentOf,
): readonly (readonly [from: number, to: number])[] {
  const depths = new Map<string, number>();
  const depthOf = (place: string, below: ReadonlySet<string>): number => {
    const known = depths.get(place);
    if (known !== undefined) return known;
    const parent = parents.get(place) ?? null;
    // A place that lies in itself, by however many steps, lies nowhere.
    if (below.has(place)) return Number.NaN;
    const isTop = parent === null || !placeIndex.has(parent);
    const depth = isTop ? 0 : 1 + depthOf(parent, new Set([...below, place]));
    depths.set(place, depth);
    return depth;
  };
  const deep = places.map((place, index) => ({ place, index, depth: depthOf(place, new Set()) }));
  return deep
    .filter(({ depth }) => depth > 0)
    .sort((one, other) => other.depth - one.depth)
    .map(({ place, index }) => [index, placeIndex.get(parents.get(place) ?? '') ?? index] as const);
}

/** Adds the row of each place to that of the one it lies in. */
function sumUp(
  rows: Uint32Array,
  width: number,
  steps: readonly (readonly [from: number, to: number])[],
): void {
  for (const [from, to] of steps) {
    const [low, high] = [from * width, to * width];
    for (let column = 0; column < width; column++) {
      rows[high + column] = (rows[high + column] as number) + (rows[low + column] as number);
    }
  }
}

/** Days since the span began; each date is read once. */
function dayFinder({ from }: TrendSpan): (day: Day) => number {
  const known = new Map<Day, number>();
  return (day) => {
    const found = known.get(day);
    if (found !== undefined) return found;
    const index = daysBetween(from, day);
    known.set(day, index);
    return index;
  };
}

function add(array: Uint32Array, index: number): void {
  array[index] = (array[index] as number) + 1;
}

/** One place's new infections by day, of the kinds found that are asked for. */
export function seriesOf(
  table: IncidenceTable,
  { place, date, found }: { place: string; date: DateKind; found?: readonly FoundKind[] },
): Float64Array {
  const { days } = table.span;
  const series = new Float64Array(days);
  const index = table.placeIndex.get(place);
  if (index === undefined) return series;
  const counts = table.counts[date];
  const wanted = foundKinds.map((kind) => found === undefined || found.includes(kind));
  for (let day = 0; day < days; day++) {
    const cell = (index * days + day) * foundKinds.length;
    let sum = 0;
    for (let kind = 0; kind < wanted.length; kind++) {
      if (wanted[kind] === true) sum += counts[cell + kind] as number;
    }
    series[day] = sum;
  }
  return series;
}
