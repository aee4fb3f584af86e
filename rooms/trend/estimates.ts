import { addDays, type Day, daysBetween } from '../../kernel/day.ts';
import type { Instant } from '../../kernel/instant.ts';
import { Random } from '../../kernel/random.ts';
import { forecast } from '../../methods/forecast/forecast.ts';
import { type Nowcast, nowcast } from '../../methods/nowcast/nowcast.ts';
import { buildTriangle, type ReportingTriangle } from '../../methods/nowcast/triangle.ts';
import { doublingTime, growthRate } from '../../methods/renewal/growth.ts';
import { reproductionOfDraws } from '../../methods/renewal/drawn-counts.ts';
import { gammaPrior, reproduction, slidingWindows } from '../../methods/renewal/reproduction.ts';
import { intervalOfMoments } from '../../methods/renewal/serial-interval.ts';
import { dayTeller, type Infection } from './infection.ts';
import { daysNeeded, type TrendPolicy } from './rules.ts';

/** By which day infections are counted for the estimates. */
export type Basis = 'onset' | 'sampled';

/** Why an estimate is not given: said instead of a figure that nothing supports. */
export type NoEstimate = 'no-infections' | 'too-few-infections' | 'too-few-days' | 'no-sources';

/** An uncertain figure of one day, as quantiles. */
export interface DayQuantiles {
  readonly on: Day;
  readonly q025: number;
  readonly q05: number;
  readonly q25: number;
  readonly median: number;
  readonly q75: number;
  readonly q95: number;
  readonly q975: number;
}

/** A recent day: what is on record, and how many there will be. */
export interface NowcastDay extends DayQuantiles {
  readonly reported: number;
  /** Estimated share that is on record by now, 0 .. 1. */
  readonly share: number;
}

/** A window of days and the reproduction number in it. */
export interface ReproductionDay extends DayQuantiles {
  /** First day of the window; `on` is its last. */
  readonly from: Day;
  readonly mean: number;
  /** Whether counts of the window are partly estimated. */
  readonly provisional: boolean;
}

/** How fast the recent counts grow or shrink, with 95 % intervals. */
export interface GrowthFigures {
  readonly from: Day;
  readonly ratePerDay: number;
  readonly rateLow: number;
  readonly rateHigh: number;
  /** Days in which counts double or halve; a bound is null where it may take for ever. */
  readonly kind: 'doubling' | 'halving';
  readonly days: number;
  readonly daysLow: number | null;
  readonly daysHigh: number | null;
}

/** How long infections took to be on record, day by day: null beyond the present. */
export interface TriangleRows {
  readonly days: readonly Day[];
  readonly delayMax: number;
  /** By day, then by delay. */
  readonly counts: readonly (readonly (number | null)[])[];
}

/** What can be said of the recent past and the near future, or why not. */
export interface Estimates {
  readonly basis: Basis;
  /** What it takes to be estimated from: infections with the date, and days of record. */
  readonly needs: { readonly infections: number; readonly days: number };
  /** Infections that have the date, and are used. */
  readonly used: number;
  readonly days: readonly Day[];
  /** On record by day. */
  readonly reported: readonly number[];
  readonly triangle: TriangleRows | null;
  readonly nowcast: readonly NowcastDay[] | null;
  readonly noNowcast: NoEstimate | null;
  readonly reproduction: readonly ReproductionDay[] | null;
  readonly noReproduction: NoEstimate | null;
  readonly growth: GrowthFigures | null;
  readonly forecast: readonly DayQuantiles[] | null;
  readonly noForecast: NoEstimate | null;
}

interface Asked {
  readonly until: Day;
  readonly offsetMinutes: number;
  readonly policy: TrendPolicy;
  /** The same record gives the same figures: chance is drawn from it. */
  readonly seed: number;
}

const levels = [0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975] as const;
const draws = 2_000;
const patterns = 50;

/** An infection's day of the basis, and the day from which headquarters could count it. */
interface Dated {
  readonly on: Day;
  readonly known: Day;
}

/** By onset where most onsets are known, else by sampling. */
export function basisOf(infections: readonly Infection[], { onsetsMin }: TrendPolicy): Basis {
  const known = infections.filter(({ onsetOn }) => onsetOn !== null).length;
  return known >= onsetsMin && known * 2 >= infections.length ? 'onset' : 'sampled';
}

/**
 * Reproduction number, recent counts and the days ahead, from infections as they were
 * known; where the record is too thin, why nothing is said.
 */
export function estimate(infections: readonly Infection[], asked: Asked): Estimates {
  const { until, policy } = asked;
  const basis = basisOf(infections, policy);
  const tell = dayTeller(asked.offsetMinutes);
  const dated = infections.flatMap((one) => datedBy(one, basis, tell));
  const usable = dated.filter(({ on, known }) => on <= known && known <= until);
  const first = usable.reduce((least, { on }) => (on < least ? on : least), until);
  const count = Math.min(policy.spanDaysMax, daysBetween(first, until) + 1);
  const from = addDays(until, 1 - count);
  const days = Array.from({ length: count }, (_, index) => addDays(from, index));
  const reported = Array.from({ length: count }, () => 0);
  for (const { on } of usable) {
    const index = daysBetween(from, on);
    if (index >= 0) reported[index] = (reported[index] ?? 0) + 1;
  }
  const used = reported.reduce((sum, each) => sum + each, 0);
  const needs = { infections: policy.infectionsMin, days: daysNeeded(policy) };
  const thin = reasonAgainst(used, count, needs);
  if (thin !== null) {
    const none = {
      triangle: null,
      nowcast: null,
      reproduction: null,
      growth: null,
      forecast: null,
    };
    const why = { noNowcast: thin, noReproduction: thin, noForecast: thin };
    return { basis, needs, used, days, reported, ...none, ...why };
  }
  const triangle = triangleOf(usable, { from, count, policy });
  const drawn = nowcastOf(triangle, asked);
  const now = drawn === null ? null : nowcastDays(drawn, days, reported);
  const incidence = reported.map((each, index) => {
    return now === null ? each : (now[index - (count - now.length)]?.median ?? each);
  });
  const rows = reproductionOf(incidence, { days, drawn, asked });
  const ahead = forecastOf(incidence, asked);
  return {
    ...{ basis, needs, used, days, reported },
    triangle: rowsOf(triangle, days),
    nowcast: now,
    noNowcast: now === null ? 'no-infections' : null,
    reproduction: rows.length === 0 ? null : rows,
    noReproduction: rows.length === 0 ? 'no-sources' : null,
    growth: growthOf(incidence, days, policy),
    forecast: ahead,
    noForecast: ahead === null ? 'no-infections' : null,
  };
}

function reasonAgainst(used: number, days: number, needs: Estimates['needs']): NoEstimate | null {
  if (used === 0) return 'no-infections';
  if (days < needs.days) return 'too-few-days';
  return used < needs.infections ? 'too-few-infections' : null;
}

/** An onset is known with the investigation that tells it, a sample with its result. */
function datedBy(one: Infection, basis: Basis, tell: (at: Instant) => Day): Dated[] {
  const sampled = one.sampledAt === null ? null : tell(one.sampledAt);
  const on = basis === 'onset' ? one.onsetOn : sampled;
  if (on === null) return [];
  const told = basis === 'onset' ? (one.investigatedAt ?? one.confirmedAt) : one.confirmedAt;
  const known = tell(Math.max(told, one.confirmedAt) as Instant);
  return [{ on, known }];
}

function triangleOf(
  dated: readonly Dated[],
  { from, count, policy }: { from: Day; count: number; policy: TrendPolicy },
): ReportingTriangle {
  const eventDays = dated.map(({ on }) => daysBetween(from, on));
  const reportDays = dated.map(({ known }) => daysBetween(from, known));
  const delays = dated.map(({ on, known }) => daysBetween(on, known)).sort((a, b) => a - b);
  const longest = delays[Math.floor(0.99 * (delays.length - 1))] ?? 0;
  return buildTriangle({
    eventDays,
    reportDays,
    asOf: count - 1,
    days: count,
    delayMax: Math.min(policy.delayDaysMax, count - 1, Math.max(2, longest + 1)),
    // 1 January 1970 was a Thursday, the fourth day after Sunday.
    weekdayOfDayZero: (((daysBetween('1970-01-01' as Day, from) + 4) % 7) + 7) % 7,
  });
}

function nowcastOf(triangle: ReportingTriangle, { policy, seed }: Asked): Nowcast | null {
  const targetDays = Math.min(triangle.days, triangle.delayMax + 1);
  const weekly = triangle.days >= policy.weeklyDaysMin;
  return nowcast({ triangle, targetDays, weekly, random: new Random(seed), draws, patterns });
}

function nowcastDays(
  { shares, totals }: Nowcast,
  days: readonly Day[],
  reported: readonly number[],
): NowcastDay[] {
  const first = days.length - shares.length;
  return days.slice(first).map((on, target) => ({
    on,
    reported: reported[first + target] ?? 0,
    share: shares[target] ?? 1,
    ...quantilesIn(totals, target, draws),
  }));
}

/**
 * Windows whose days are settled by the closed form; of the others the counts are as uncertain as
 * the nowcast has them, and the intervals with them.
 */
function reproductionOf(
  incidence: readonly number[],
  { days, drawn, asked }: { days: readonly Day[]; drawn: Nowcast | null; asked: Asked },
): ReproductionDay[] {
  const { policy } = asked;
  const open = drawn?.shares.filter((share) => share < settledShare).length ?? 0;
  const settled = days.length - open;
  const common = {
    incidence,
    interval: intervalBy(policy),
    prior: gammaPrior(policy.priorMean, policy.priorSd),
  };
  const all = slidingWindows(incidence.length, policy.windowDays);
  const rows = reproduction({ ...common, windows: all.filter(({ tEnd }) => tEnd <= settled) });
  const known = rows.map(({ tStart, tEnd, mean, ...row }) => {
    const { q025, q05, q25, median, q75, q95, q975 } = row;
    return { tStart, tEnd, mean, quantiles: [q025, q05, q25, median, q75, q95, q975] };
  });
  const windows = all.filter(({ tEnd }) => tEnd > settled);
  const random = new Random(asked.seed + 3);
  const uncertain =
    drawn === null || windows.length === 0
      ? []
      : reproductionOfDraws({ ...common, windows, random, paths: drawn.paths, draws });
  return [...known, ...uncertain].flatMap(({ tStart, tEnd, mean, quantiles }) => {
    const [from, on] = [days[tStart - 1], days[tEnd - 1]];
    if (mean === null || from === undefined || on === undefined) return [];
    return [{ from, on, mean, ...namedQuantiles(quantiles), provisional: tEnd > settled }];
  });
}

/** The serial interval by days, up to where next to nothing is left of it: 22 lags by default. */
function intervalBy({ serialInterval }: TrendPolicy): Float64Array {
  const { meanDays, sdDays } = serialInterval;
  return intervalOfMoments(serialInterval, Math.ceil(meanDays + 7.5 * sdDays));
}

function growthOf(
  incidence: readonly number[],
  days: readonly Day[],
  { windowDays }: TrendPolicy,
): GrowthFigures | null {
  const counts = incidence.slice(-2 * windowDays);
  const growth = growthRate(counts);
  const time = growth === null ? null : doublingTime(growth);
  if (growth === null || time === null) return null;
  return {
    from: days[days.length - counts.length] ?? (days[0] as Day),
    ratePerDay: growth.rate,
    rateLow: growth.low,
    rateHigh: growth.high,
    kind: time.kind,
    days: time.days,
    daysLow: time.lowDays,
    daysHigh: time.highDays,
  };
}

/** From this share on a day counts as settled. */
const settledShare = 0.95;

function forecastOf(
  incidence: readonly number[],
  { until, policy, seed }: Asked,
): DayQuantiles[] | null {
  const interval = intervalBy(policy);
  const random = new Random(seed + 1);
  const { horizonDays } = policy;
  const rounded = incidence.map((count) => Math.round(count));
  const ahead = forecast({ incidence: rounded, interval, horizonDays, random, draws });
  if (ahead === null) return null;
  return Array.from({ length: horizonDays }, (_, day) => ({
    on: addDays(until, day + 1),
    ...quantilesIn(ahead.ensemble, day, ahead.draws),
  }));
}

/** Quantiles of one day's draws, which lie sorted. */
function quantilesIn(sorted: Float64Array, day: number, count: number): Omit<DayQuantiles, 'on'> {
  return namedQuantiles(
    levels.map((level) => sorted[day * count + Math.min(count - 1, Math.floor(level * count))]),
  );
}

/** Quantiles at `levels` by their names. */
function namedQuantiles(
  quantiles: readonly (number | null | undefined)[],
): Omit<DayQuantiles, 'on'> {
  const at = (index: number): number => quantiles[index] ?? 0;
  const [q025, q05, q25, median] = [at(0), at(1), at(2), at(3)];
  return { q025, q05, q25, median, q75: at(4), q95: at(5), q975: at(6) };
}

function rowsOf(
  { days: count, delayMax, counts }: ReportingTriangle,
  days: readonly Day[],
): TriangleRows {
  const rows = days.map((_, day) =>
    Array.from({ length: delayMax + 1 }, (__, delay) =>
      day + delay > count - 1 ? null : (counts[day * (delayMax + 1) + delay] ?? 0),
    ),
  );
  return { days, delayMax, counts: rows };
}
