import { type Columns, readColumns, toDay, wholeFile } from '../../../adapters/exchange/columns.ts';
import { addDays, type Day, daysBetween, parseDay } from '../../../kernel/day.ts';
import { Random } from '../../../kernel/random.ts';
import { type Nowcast, nowcast, quantileOfSorted } from '../../../methods/nowcast/nowcast.ts';
import { buildTriangle } from '../../../methods/nowcast/triangle.ts';
import { Misuse } from '../misuse.ts';
import { printJson, printTable } from '../print.ts';
import {
  findNumber,
  findText,
  getText,
  type TrendCommand,
  type TrendValues,
} from './trend-command.ts';
import { cellOf, refuseList } from './trend-table.ts';

/** Days of the past from which delays are learnt. */
const windowDaysMax = 120;
/** Longer delays than this are counted with it. */
const delayDaysMax = 60;
const patterns = 50;

/** Quantiles that are told, by the names of the columns. */
export const toldQuantiles = {
  q025: 0.025,
  q05: 0.05,
  q25: 0.25,
  median: 0.5,
  q75: 0.75,
  q95: 0.95,
  q975: 0.975,
} as const;

/** Mean and quantiles of draws that are sorted upwards. */
export function tellDraws(
  sorted: Float64Array,
): { mean: number } & { [name in keyof typeof toldQuantiles]: number } {
  const mean = sorted.reduce((sum, draw) => sum + draw, 0) / sorted.length;
  const { q025, q05, q25, median, q75, q95, q975 } = toldQuantiles;
  const at = (level: number): number => quantileOfSorted(sorted, level);
  return {
    ...{ mean, q025: at(q025), q05: at(q05), q25: at(q25), median: at(median) },
    ...{ q75: at(q75), q95: at(q95), q975: at(q975) },
  };
}

/** An option that is a whole number within limits. */
export function wholeOf(
  values: TrendValues,
  name: string,
  { otherwise, low, high }: { otherwise: number; low: number; high: number },
): number {
  const value = findNumber(values, name) ?? otherwise;
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new Misuse(`--${name} is a whole number from ${low} to ${high}, not ${value}`);
}

/** An option that is a day. */
export function findDay(values: TrendValues, name: string): Day | null {
  const text = findText(values, name);
  if (text === null) return null;
  const day = parseDay(text);
  if (day === null) throw new Misuse(`--${name} is a day like 2022-04-30, not ${text}`);
  return day;
}

/** `sextant trend nowcast`: the last days as they will be once every report is in. */
export const nowcastCommand: TrendCommand = {
  name: 'nowcast',
  usage:
    '--linelist FILE --onset COL --report COL [--as-of DATE] [--days 14]\n' +
    '                [--skip-missing] [--draws 2000] [--seed 1]',
  options: {
    linelist: { type: 'string' },
    onset: { type: 'string' },
    report: { type: 'string' },
    'as-of': { type: 'string' },
    days: { type: 'string' },
    'skip-missing': { type: 'boolean', default: false },
    draws: { type: 'string' },
    seed: { type: 'string' },
  },
  run: async (values) => {
    const targetDays = wholeOf(values, 'days', { otherwise: 14, low: 1, high: 60 });
    const draws = wholeOf(values, 'draws', { otherwise: 2_000, low: 100, high: 100_000 });
    const seed = wholeOf(values, 'seed', { otherwise: 1, low: 0, high: 4_294_967_295 });
    const file = getText(values, 'linelist');
    const columns = ['onset', 'report'].map((name) => getText(values, name).trim().toLowerCase());
    const read = await readColumns(
      file,
      columns.map((name) => ({ name, isRequired: true })),
    );
    const skip = values['skip-missing'] === true;
    const list = readLineList(read, { onset: columns[0] ?? '', report: columns[1] ?? '', skip });
    const asOf = findDay(values, 'as-of') ?? list.lastReport;
    const known = list.events.filter(({ report }) => report <= asOf);
    const [first] = known.map(({ onset }) => onset).sort();
    if (first === undefined) refuseList('trend.nothing-reported', wholeFile(file));
    const days = Math.min(windowDaysMax, Math.max(targetDays, daysBetween(first, asOf) + 1));
    const zero = addDays(asOf, 1 - days);
    const longest = Math.max(...known.map(({ onset, report }) => daysBetween(onset, report)));
    const triangle = buildTriangle({
      eventDays: known.map(({ onset }) => daysBetween(zero, onset)),
      reportDays: known.map(({ report }) => daysBetween(zero, report)),
      asOf: days - 1,
      days,
      delayMax: Math.min(delayDaysMax, longest, days - 1),
      weekdayOfDayZero: daysBetween('1970-01-05' as Day, zero) % 7,
    });
    const random = new Random(seed);
    const rounded = Math.ceil(draws / patterns) * patterns;
    const shape = { targetDays, weekly: true, random, draws: rounded, patterns };
    const result = nowcast({ triangle, ...shape });
    if (result === null) refuseList('trend.nothing-reported', wholeFile(file));
    tell({ result, asOf, targetDays, json: values['json'] === true, list });
    return 0;
  },
};

interface LineList {
  readonly events: readonly { readonly onset: Day; readonly report: Day }[];
  readonly lastReport: Day;
  readonly withoutOnset: number;
  readonly withoutReport: number;
}

/** Reads and checks a line list: every row has both days, and no report is before its onset. */
function readLineList(
  read: Columns,
  { onset, report, skip }: { onset: string; report: string; skip: boolean },
): LineList {
  const events: { onset: Day; report: Day }[] = [];
  let [withoutOnset, withoutReport] = [0, 0];
  let lastReport: Day | null = null;
  for (const row of read.rows) {
    const [from, to] = [cellOf(row, onset), cellOf(row, report)];
    const isMissing = (text: string): boolean => text === '' || text === 'NA';
    if (skip && (isMissing(from.text) || isMissing(to.text))) {
      if (isMissing(from.text)) withoutOnset += 1;
      else withoutReport += 1;
      continue;
    }
    const days = { onset: toDay(from), report: toDay(to) };
    if (days.report < days.onset) refuseList('trend.report-before-onset', to.place);
    events.push(days);
    if (lastReport === null || days.report > lastReport) lastReport = days.report;
  }
  if (lastReport === null) refuseList('trend.nothing-reported', wholeFile(read.file));
  return { events, lastReport, withoutOnset, withoutReport };
}

function tell({
  result,
  asOf,
  targetDays,
  json,
  list,
}: {
  result: Nowcast;
  asOf: Day;
  targetDays: number;
  json: boolean;
  list: LineList;
}): void {
  const { draws, pattern } = result;
  const rows = Array.from({ length: targetDays }, (_, target) => ({
    date: addDays(asOf, target + 1 - targetDays),
    reported: result.reported[target] ?? 0,
    shareReported: result.shares[target] ?? 0,
    ...tellDraws(result.totals.subarray(target * draws, (target + 1) * draws)),
  }));
  if (!json) {
    const percent = (share: number): string => `${Math.round(share * 100)} %`;
    printTable(
      rows.map(({ shareReported, ...row }) => ({
        ...row,
        mean: Math.round(row.mean),
        'share in': percent(shareReported),
      })),
    );
    return;
  }
  const { withoutOnset, withoutReport } = list;
  printJson({
    ok: true,
    asOf,
    rows,
    sum: tellDraws(result.sums),
    delays: [...pattern.delays],
    weekdays: [...pattern.weekdays],
    quality: { cases: list.events.length, withoutOnset, withoutReport },
  });
}
