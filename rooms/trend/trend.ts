import { addDays, type Day, daysBetween } from '../../kernel/day.ts';
import type { Instant } from '../../kernel/instant.ts';
import { type ClusterFigures, clustersOf, type Position } from './clusters.ts';
import { estimate, type Estimates } from './estimates.ts';
import {
  countIncidence,
  type DateKind,
  dateKinds,
  type ParentOf,
  seriesOf,
  type TrendCase,
} from './incidence.ts';
import { dayTeller, foundCaseOf, type Infection, trendCaseOf } from './infection.ts';
import { positivityByRound, type RoundPositivity, type RoundResults } from './positivity.ts';
import { qualityOf, type TrendQuality } from './quality.ts';
import { foundKinds, type TrendPolicy } from './rules.ts';
import { type PlaceStanding, standingsOf } from './standings.ts';
import {
  type HandOverDelay,
  handOverDelays,
  isOutOfOrder,
  timeliness,
  type TimelinessPart,
} from './timeliness.ts';

/** Everything the trend is read from. */
export interface TrendQuestion {
  readonly place: string;
  /** The place first, then those that are compared: its towns, or a town's communities. */
  readonly places: readonly { readonly code: string; readonly population: number | null }[];
  readonly parents: ParentOf;
  /** Where places lie, of those of which somebody has said. */
  readonly positions: ReadonlyMap<string, Position>;
  readonly infections: readonly Infection[];
  readonly results: readonly RoundResults[];
  readonly recordFrom: Day;
  readonly until: Day;
  readonly isOver: boolean;
  readonly now: Instant;
  readonly policy: TrendPolicy;
}

/** Infections by day, each as long as `days`. */
export interface IncidenceFigures {
  readonly days: readonly Day[];
  readonly onset: readonly number[];
  readonly sampled: readonly number[];
  readonly reported: readonly number[];
  /** By the day of the result and by where they were found; kinds that never occur are left out. */
  readonly found: { readonly [kind: string]: readonly number[] };
}

/** What the trend says of one place up to a day: the figures that a snapshot freezes. */
export interface TrendFigures {
  readonly place: string;
  readonly until: Day;
  readonly population: number | null;
  /** The settings that the figures were read by. */
  readonly policy: TrendPolicy;
  readonly quality: TrendQuality & {
    /** Hand-overs dated before the one that must come first. */
    readonly outOfOrder: number;
    readonly asymptomatic: number;
    /** With symptoms, or of which nobody has said, and without an onset. */
    readonly unknownOnset: number;
    readonly unreported: number;
    readonly uninvestigated: number;
  };
  readonly incidence: IncidenceFigures;
  readonly estimates: Estimates;
  readonly standings: readonly PlaceStanding[];
  /** Infections of each compared place in the last fortnight, and before that. */
  readonly recent: readonly RecentCount[];
  readonly clusters: ClusterFigures;
  readonly positivity: readonly RoundPositivity[];
  readonly delays: readonly HandOverDelay[];
  readonly timeliness: readonly TimelinessPart[];
}

/** How many were found in a place lately, by the day of their result. */
export interface RecentCount {
  readonly place: string;
  readonly fortnight: number;
  readonly fortnightBefore: number;
  readonly community: number;
}

/** Reads the trend. Pure: the same record gives the same figures, chance included. */
export function readTrend(question: TrendQuestion): TrendFigures {
  const { place, places, infections, until, now, policy } = question;
  const { utcOffsetMinutes: offsetMinutes } = policy;
  const tell = dayTeller(offsetMinutes);
  const cases = infections.map((one) => trendCaseOf(one, tell));
  const found = infections.map((one) => foundCaseOf(one, tell));
  const count = (test: (one: Infection) => boolean): number => infections.filter(test).length;
  const seed = seedOf(`${place} ${until} ${infections.length}`);
  return {
    place,
    until,
    population: places[0]?.population ?? null,
    policy,
    quality: {
      ...qualityOf(cases, until),
      outOfOrder: count(isOutOfOrder),
      asymptomatic: count(({ asymptomatic }) => asymptomatic === true),
      unknownOnset: count(({ onsetOn, asymptomatic }) => onsetOn === null && asymptomatic !== true),
      unreported: count(({ reportedAt }) => reportedAt === null),
      uninvestigated: count(({ investigatedAt }) => investigatedAt === null),
    },
    incidence: incidenceOf(question, { cases, found }),
    estimates: estimate(infections, { until, offsetMinutes, policy, seed }),
    standings: standingsOf(found, { ...question, policy: policy.clear }),
    recent: recentOf(question, found),
    clusters: clustersOf(found, { ...question, places: places.slice(1), seed: seed + 2 }),
    positivity: positivityByRound(question.results),
    delays: handOverDelays(infections),
    timeliness: timeliness(infections, { now, offsetMinutes }),
  };
}

interface Counted {
  readonly cases: readonly TrendCase[];
  readonly found: readonly TrendCase[];
}

function incidenceOf(
  { place, parents, until, policy }: TrendQuestion,
  { cases, found }: Counted,
): IncidenceFigures {
  const dates = cases.flatMap((each) => dateKinds.map((kind) => each[kind]));
  const first = dates.reduce<Day>((least, on) => (on !== null && on < least ? on : least), until);
  const days = Math.min(policy.spanDaysMax, daysBetween(first, until) + 1);
  const from = addDays(until, 1 - days);
  const table = countIncidence(cases, parents, { from, days });
  const byResult = countIncidence(found, parents, { from, days });
  const column = (date: DateKind): number[] => [...seriesOf(table, { place, date })];
  const kinds = foundKinds.flatMap((kind): [string, number[]][] => {
    const counts = [...seriesOf(byResult, { place, date: 'reported', found: [kind] })];
    return counts.some((count) => count > 0) ? [[kind, counts]] : [];
  });
  return {
    days: Array.from({ length: days }, (_, index) => addDays(from, index)),
    onset: column('onset'),
    sampled: column('sampled'),
    reported: column('reported'),
    found: Object.fromEntries(kinds),
  };
}

function recentOf(
  { places, parents, until, policy }: TrendQuestion,
  found: readonly TrendCase[],
): RecentCount[] {
  const table = countIncidence(found, parents, { from: addDays(until, -27), days: 28 });
  const sum = (counts: Float64Array): number => counts.reduce((total, each) => total + each, 0);
  return places.map(({ code }) => {
    const all = seriesOf(table, { place: code, date: 'reported' });
    const { community } = policy.clear;
    const outside = seriesOf(table, { place: code, date: 'reported', found: community });
    return {
      place: code,
      fortnight: sum(all.subarray(14)),
      fortnightBefore: sum(all.subarray(0, 14)),
      community: sum(outside.subarray(14)),
    };
  });
}

/** A number from a text, so that chance is drawn anew for each question and alike for the same. */
function seedOf(text: string): number {
  let seed = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    seed = Math.imul(seed ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return seed;
}
