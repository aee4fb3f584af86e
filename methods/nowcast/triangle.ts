import { assert } from '../../kernel/assert.ts';

/** Events by the day they happened and by how long the report took, cut off at the present. */
export interface ReportingTriangle {
  /** Days on which events happened; the last is the present day. */
  readonly days: number;
  /** The longest delay told apart; longer ones are counted with it. */
  readonly delayMax: number;
  /** [days x (delayMax + 1)] reports, by day and then by delay. */
  readonly counts: Float64Array;
  /** Day of the week of the first day, 0 .. 6. */
  readonly firstWeekday: number;
}

/** How reports come in: the share that is in after each delay, and the weekdays' part. */
export interface ReportingPattern {
  /** [delayMax + 1] probability of each delay, all weekdays alike. */
  readonly delays: Float64Array;
  /** [7] how many times as many reports come on each day of the week. */
  readonly weekdays: Float64Array;
  /** [days] share of each day's events reported by now. */
  readonly reported: Float64Array;
}

/** What of a triangle is known by now. */
export interface TriangleInput {
  /** [events] day of each event. */
  readonly eventDays: ArrayLike<number>;
  /** [events] day of the report of each event, never before the event. */
  readonly reportDays: ArrayLike<number>;
  /** The present day: later reports are not known yet. */
  readonly asOf: number;
  readonly days: number;
  readonly delayMax: number;
  /** Day of the week of day 0 of the numbering, 0 .. 6. */
  readonly weekdayOfDayZero: number;
}

/** Reports that the weekdays' factors are held to 1 by: a week of many reports moves them. */
const weekdayPull = 150;
const roundsMax = 40;
const roundTolerance = 1e-7;

/**
 * The reporting triangle as it was known on one day.
 *
 * Method    counting
 * Input     eventDays   [events]  day numbers, integers
 *           reportDays  [events]  day numbers, integers
 *           asOf, days, delayMax, weekdayOfDayZero  scalars, in days
 * Output    triangle whose last row is the day asOf
 * Refuses   nothing; events outside the window or reported later are left out
 * Asserts   equal lengths; no report before its event: whoever reads the data says so first
 * Numerics  integers
 * Cost      O(events)
 * Source    Kalbfleisch and Lawless 1989, J Am Stat Assoc 84(406):360-372
 * Evidence  methods/nowcast/nowcast.test.ts
 */
export function buildTriangle(input: TriangleInput): ReportingTriangle {
  const { eventDays, reportDays, asOf, days, delayMax, weekdayOfDayZero } = input;
  assert(eventDays.length === reportDays.length, 'each event has one report');
  assert(days >= 1 && delayMax >= 0, 'a triangle has a day and a delay');
  const first = asOf - days + 1;
  const counts = new Float64Array(days * (delayMax + 1));
  for (let event = 0; event < eventDays.length; event++) {
    const day = eventDays[event] as number;
    const reportDay = reportDays[event] as number;
    assert(reportDay >= day, 'no event is reported before it happens');
    if (reportDay > asOf || day < first) continue;
    const cell = (day - first) * (delayMax + 1) + Math.min(delayMax, reportDay - day);
    counts[cell] = (counts[cell] as number) + 1;
  }
  const firstWeekday = (((first + weekdayOfDayZero) % 7) + 7) % 7;
  return { days, delayMax, counts, firstWeekday };
}

/**
 * Reports of each day that are in by now.
 *
 * Method    sums of rows
 * Input     triangle  [days x (delayMax + 1)]  reports, counts
 * Output    [days] counts
 * Refuses   nothing
 * Asserts   nothing
 * Numerics  integers
 * Cost      O(days * delayMax)
 * Source    none: counting
 * Evidence  methods/nowcast/nowcast.test.ts
 */
export function reportedByDay({ days, delayMax, counts }: ReportingTriangle): Float64Array {
  const sums = new Float64Array(days);
  for (let day = 0; day < days; day++) {
    for (let delay = 0; delay <= delayMax; delay++) {
      sums[day] = (sums[day] as number) + (counts[day * (delayMax + 1) + delay] as number);
    }
  }
  return sums;
}

/**
 * How long reports take and on which weekdays they come, from a triangle cut off at the present.
 *
 * Method    multiplicative Poisson model level(day) * delay * weekday(day of report), fitted by
 *           proportional scaling; without weekdays this is the chain ladder exactly. The weekdays'
 *           factors are pulled to 1 by a gamma prior worth 150 reports
 * Input     triangle  [days x (delayMax + 1)]  reports, counts
 *           weekly    whether weekdays may differ
 * Output    delays [delayMax + 1] adding up to 1, weekdays [7], reported [days] shares 0 .. 1
 * Refuses   returns null when not one report is in
 * Asserts   nothing
 * Numerics  at most 40 rounds or a change below 1e-7
 * Cost      O(rounds * days * delayMax)
 * Source    Renshaw and Verrall 1998, Br Actuar J 4(4):903-923 (the model of the chain ladder);
 *           Deming and Stephan 1940, Ann Math Stat 11(4):427-444 (scaling)
 * Evidence  methods/nowcast/nowcast.test.ts
 */
export function fitReporting(
  triangle: ReportingTriangle,
  { weekly }: { weekly: boolean },
): ReportingPattern | null {
  const { days, delayMax } = triangle;
  const totals = reportedByDay(triangle);
  if (totals.every((sum) => sum === 0)) return null;
  const delays = new Float64Array(delayMax + 1).fill(1 / (delayMax + 1));
  const weekdays = new Float64Array(7).fill(1);
  let levels = new Float64Array(days);
  for (let round = 0; round < roundsMax; round++) {
    levels = scaleLevels(triangle, { delays, weekdays, totals });
    const moved = scaleDelays(triangle, { delays, weekdays, levels });
    if (weekly) scaleWeekdays(triangle, { delays, weekdays, levels });
    if (moved < roundTolerance) break;
  }
  return { delays, weekdays, reported: sharesReported(triangle, { delays, weekdays }) };
}

/**
 * The share of each day's events that is reported by now.
 *
 * Method    sum of delay * weekday factor over the reports that can be in, by the same sum over all
 * Input     triangle  days, delayMax and first weekday
 *           delays    [delayMax + 1]  probabilities
 *           weekdays  [7]             factors > 0, dimensionless
 * Output    [days] shares 0 .. 1
 * Refuses   nothing
 * Asserts   nothing
 * Numerics  a sum of at most delayMax + 1 terms
 * Cost      O(days * delayMax)
 * Source    as fitReporting
 * Evidence  methods/nowcast/nowcast.test.ts
 */
export function sharesReported(
  { days, delayMax, firstWeekday }: ReportingTriangle,
  { delays, weekdays }: { delays: Float64Array; weekdays: Float64Array },
): Float64Array {
  const shares = new Float64Array(days);
  for (let day = 0; day < days; day++) {
    const known = days - 1 - day;
    let before = 0;
    let after = 0;
    for (let delay = 0; delay <= delayMax; delay++) {
      const weekday = (firstWeekday + day + delay) % 7;
      const part = (delays[delay] as number) * (weekdays[weekday] as number);
      if (delay <= known) before += part;
      else after += part;
    }
    shares[day] = before + after > 0 ? before / (before + after) : 0;
  }
  return shares;
}

interface Factors {
  readonly delays: Float64Array;
  readonly weekdays: Float64Array;
  readonly levels: Float64Array;
}

function scaleLevels(
  { days, delayMax, firstWeekday }: ReportingTriangle,
  { delays, weekdays, totals }: Omit<Factors, 'levels'> & { totals: Float64Array },
): Float64Array<ArrayBuffer> {
  const levels = new Float64Array(days);
  for (let day = 0; day < days; day++) {
    let share = 0;
    for (let delay = 0; delay <= Math.min(delayMax, days - 1 - day); delay++) {
      share += (delays[delay] as number) * (weekdays[(firstWeekday + day + delay) % 7] as number);
    }
    levels[day] = share > 0 ? (totals[day] as number) / share : 0;
  }
  return levels;
}

/** Scales the delays' probabilities to the counts; answers the largest change. */
function scaleDelays(
  { days, delayMax, counts, firstWeekday }: ReportingTriangle,
  { delays, weekdays, levels }: Factors,
): number {
  const scaled = new Float64Array(delayMax + 1);
  let total = 0;
  for (let delay = 0; delay <= delayMax; delay++) {
    let seen = 0;
    let expected = 0;
    for (let day = 0; day + delay < days; day++) {
      seen += counts[day * (delayMax + 1) + delay] as number;
      const factor = weekdays[(firstWeekday + day + delay) % 7] as number;
      expected += (levels[day] as number) * factor;
    }
    scaled[delay] = expected > 0 ? seen / expected : 0;
    total += scaled[delay] as number;
  }
  let moved = 0;
  for (let delay = 0; delay <= delayMax; delay++) {
    const share = (scaled[delay] as number) / total;
    moved = Math.max(moved, Math.abs(share - (delays[delay] as number)));
    delays[delay] = share;
  }
  return moved;
}

function scaleWeekdays(
  { days, delayMax, counts, firstWeekday }: ReportingTriangle,
  { delays, weekdays, levels }: Factors,
): void {
  const seen = new Float64Array(7).fill(weekdayPull);
  const expected = new Float64Array(7).fill(weekdayPull);
  for (let day = 0; day < days; day++) {
    for (let delay = 0; delay <= Math.min(delayMax, days - 1 - day); delay++) {
      const weekday = (firstWeekday + day + delay) % 7;
      seen[weekday] = (seen[weekday] as number) + (counts[day * (delayMax + 1) + delay] as number);
      expected[weekday] =
        (expected[weekday] as number) + (levels[day] as number) * (delays[delay] as number);
    }
  }
  let mean = 0;
  for (let weekday = 0; weekday < 7; weekday++) {
    weekdays[weekday] = (seen[weekday] as number) / (expected[weekday] as number);
    mean += (weekdays[weekday] as number) / 7;
  }
  for (let weekday = 0; weekday < 7; weekday++) {
    weekdays[weekday] = (weekdays[weekday] as number) / mean;
  }
}
