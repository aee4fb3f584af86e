import {
  type Columns,
  InputRefused,
  readColumns,
  toAmount,
  toConsecutiveDays,
  toCount,
  wholeFile,
} from '../../../adapters/exchange/columns.ts';
import type { Day } from '../../../kernel/day.ts';
import { dispersionOf } from '../../../methods/renewal/dispersion.ts';
import { doublingTime, type DoublingTime, growthRate } from '../../../methods/renewal/growth.ts';
import {
  gammaPrior,
  reproduction,
  type ReproductionRow,
  type ReproductionWindow,
  slidingWindows,
} from '../../../methods/renewal/reproduction.ts';
import { intervalOfMoments, meanOfInterval } from '../../../methods/renewal/serial-interval.ts';
import { uncertainReproduction } from '../../../methods/renewal/uncertain.ts';
import type { Label } from '../../../ledger/room.ts';
import { Misuse } from '../misuse.ts';
import { printJson, printTable } from '../print.ts';
import {
  findNumber,
  findText,
  getText,
  type TrendCommand,
  type TrendValues,
} from './trend-command.ts';

/** Why a series or a serial interval is not read further. Codes are never renamed, only retired. */
export const rtReasons = {
  'trend.all-zero': { en: 'There is not one infection in the series', zh: '全部为零' },
  'trend.series-too-short': {
    en: 'The series is shorter than one window and the day before it',
    zh: '序列短于一个窗口加前一日',
  },
  'trend.imported-exceeds-incidence': {
    en: 'More imported infections than infections',
    zh: '输入病例多于总病例',
  },
  'trend.interval-not-one': {
    en: 'The probabilities of the serial interval do not sum to 1',
    zh: '代际间隔概率之和不为1',
  },
  'trend.interval-at-nought': {
    en: 'The probability at lag 0, the first row, must be 0',
    zh: '第一行（间隔0天）的概率必须为0',
  },
  'trend.lag-out-of-order': {
    en: 'Lags run 0, 1, 2 and so on, one a row',
    zh: '间隔天数须逐行为0、1、2……',
  },
  'trend.bad-window': {
    en: 'A window starts on day 2 or later, and ends within the series, not before it starts',
    zh: '窗口须始于第2日或之后，并止于序列之内',
  },
} as const satisfies Record<string, Label>;

function refuse(
  code: keyof typeof rtReasons,
  place: ConstructorParameters<typeof InputRefused>[2],
): never {
  throw new InputRefused(code, rtReasons[code].en, place);
}

const numbers = [
  ...['si-mean', 'si-sd', 'window', 'prior-mean', 'prior-sd'],
  ...['si-mean-sd', 'si-mean-min', 'si-mean-max', 'si-sd-sd', 'si-sd-min', 'si-sd-max'],
] as const;

/** `sextant trend rt`: the reproduction number on trailing windows. */
export const rtCommand: TrendCommand = {
  name: 'rt',
  usage: '--incidence FILE (--si FILE | --si-mean M --si-sd S) [--window 7] [--dispersion X]',
  options: Object.fromEntries(
    ['incidence', 'si', 'windows', 'dispersion', ...numbers].map((name) => [
      name,
      { type: 'string' as const },
    ]),
  ),
  run: async (values) => {
    const asked = readOptions(values);
    const series = await readSeries(asked.incidence);
    const windows = await windowsOf(asked, series);
    const answer = await estimate(asked, series, windows);
    if (values['json'] === true) printJson(answer);
    else print(answer, series);
    return 0;
  },
};

interface Asked {
  readonly incidence: string;
  readonly si: string | null;
  readonly windowDays: number;
  readonly windows: string | null;
  readonly prior: { readonly mean: number; readonly sd: number };
  readonly dispersion: number | 'estimate';
  readonly moments: { readonly mean: Limits; readonly sd: Limits } | null;
}

/** A number, and how uncertain it is when that was said. */
interface Limits {
  readonly value: number;
  readonly cut: { readonly sd: number; readonly min: number; readonly max: number } | null;
}

function readOptions(values: TrendValues): Asked {
  const incidence = getText(values, 'incidence');
  const si = findText(values, 'si');
  const number = (name: string): number | null => findNumber(values, name);
  const [mean, sd] = [number('si-mean'), number('si-sd')];
  if (si !== null && (mean !== null || sd !== null)) {
    throw new Misuse('the serial interval is given by --si or by --si-mean and --si-sd, not both');
  }
  if (si === null && (mean === null || sd === null)) {
    throw new Misuse('the serial interval is missing: --si FILE, or --si-mean and --si-sd');
  }
  const windowDays = number('window') ?? 7;
  if (!Number.isInteger(windowDays) || windowDays < 1) {
    throw new Misuse(`--window is a whole number of days, 1 or more, not ${windowDays}`);
  }
  const prior = { mean: number('prior-mean') ?? 5, sd: number('prior-sd') ?? 5 };
  if (prior.mean <= 0 || prior.sd <= 0) throw new Misuse('a prior’s mean and sd are above 0');
  const limits = (name: 'si-mean' | 'si-sd', value: number, least: number): Limits => {
    const [spread, min, max] = [number(`${name}-sd`), number(`${name}-min`), number(`${name}-max`)];
    if (spread === null && min === null && max === null) return { value, cut: null };
    if (spread === null || min === null || max === null) {
      throw new Misuse(`--${name}-sd, --${name}-min and --${name}-max go together`);
    }
    if (!(spread > 0 && min >= least && min <= value && value <= max && min < max)) {
      throw new Misuse(`--${name}-min, --${name} and --${name}-max are in order, from ${least} on`);
    }
    return { value, cut: { sd: spread, min, max } };
  };
  if (mean !== null && mean <= 1) throw new Misuse('--si-mean is above 1 day');
  if (sd !== null && sd <= 0) throw new Misuse('--si-sd is above 0 days');
  const moments =
    mean === null || sd === null
      ? null
      : { mean: limits('si-mean', mean, 1), sd: limits('si-sd', sd, Number.MIN_VALUE) };
  if (moments !== null && (moments.mean.cut === null) !== (moments.sd.cut === null)) {
    throw new Misuse('an uncertain serial interval has limits for --si-mean and for --si-sd');
  }
  const dispersion =
    findText(values, 'dispersion') === 'estimate' ? 'estimate' : (number('dispersion') ?? 1);
  if (dispersion !== 'estimate' && dispersion < 1) {
    throw new Misuse('--dispersion is 1 or more, or estimate');
  }
  const windows = findText(values, 'windows');
  return { incidence, si, windowDays, windows, prior, dispersion, moments };
}

/** Counts by day as a file has them. */
export interface Series {
  readonly file: string;
  readonly incidence: readonly number[];
  readonly imported: readonly number[];
  readonly dates: readonly Day[] | null;
  readonly unused: readonly string[];
}

/** Reads and checks a series of counts by day. */
export async function readSeries(file: string): Promise<Series> {
  const read = await readColumns(file, [
    { name: 'incidence', aliases: ['i', 'cases', 'count', '新增'], isRequired: false },
    { name: 'local', isRequired: false },
    { name: 'imported', isRequired: false },
    { name: 'date', aliases: ['dates', '日期'], isRequired: false },
  ]);
  const isSplit = !read.names.has('incidence');
  if (isSplit && !(read.names.has('local') && read.names.has('imported'))) {
    const place = { ...wholeFile(file), row: 1, column: 'incidence' };
    throw new InputRefused('exchange.column-missing', 'A column is missing', place);
  }
  const imported = read.names.has('imported') ? counts(read, 'imported') : null;
  const first = counts(read, isSplit ? 'local' : 'incidence');
  const incidence = first.map((count, day) => (isSplit ? count + (imported?.[day] ?? 0) : count));
  imported?.forEach((count, day) => {
    const place = read.rows[day]?.['imported']?.place ?? wholeFile(file);
    if (count > (incidence[day] ?? 0)) refuse('trend.imported-exceeds-incidence', place);
  });
  const dates = read.names.has('date')
    ? toConsecutiveDays(read.rows.flatMap((row) => row['date'] ?? []))
    : null;
  if (incidence.every((count) => count === 0)) {
    refuse('trend.all-zero', { ...wholeFile(file), column: isSplit ? 'local' : 'incidence' });
  }
  const none = incidence.map(() => 0);
  return { file, incidence, imported: imported ?? none, dates, unused: read.unused };
}

function counts(read: Columns, name: string): number[] {
  return read.rows.flatMap((row) => {
    const cell = row[name];
    return cell === undefined ? [] : [toCount(cell)];
  });
}

/** Reads and checks a serial interval by days. */
export async function readInterval(file: string): Promise<Float64Array> {
  const read = await readColumns(file, [
    { name: 'probability', aliases: ['si_distr', 'p', 'w', 'si', '概率'], isRequired: true },
    { name: 'lag', aliases: ['index', 'day', 'days', 'k'], isRequired: false },
  ]);
  const probabilities = Float64Array.from(read.rows, (row, lag) => {
    const [cell, own] = [row['probability'], row['lag']];
    if (own !== undefined && toCount(own) !== lag) refuse('trend.lag-out-of-order', own.place);
    const value = cell === undefined ? 0 : toAmount(cell);
    if (lag === 0 && value !== 0) {
      refuse('trend.interval-at-nought', cell?.place ?? wholeFile(file));
    }
    return value;
  });
  const sum = probabilities.reduce((total, each) => total + each, 0);
  // EpiEstim's own tolerance: published intervals are rounded to a few digits.
  if (Math.abs(sum - 1) > 0.01) {
    const column = read.rows[0]?.['probability']?.place.column ?? 'probability';
    refuse('trend.interval-not-one', { ...wholeFile(file), column, value: `sum ${sum}` });
  }
  return probabilities;
}

async function windowsOf(
  { windows: file, windowDays }: Asked,
  { file: incidenceFile, incidence }: Series,
): Promise<ReproductionWindow[]> {
  const days = incidence.length;
  if (file === null) {
    const sliding = slidingWindows(days, windowDays);
    if (sliding.length === 0) {
      refuse('trend.series-too-short', { ...wholeFile(incidenceFile), value: `${days} days` });
    }
    return sliding;
  }
  const read = await readColumns(file, [
    { name: 't_start', aliases: ['tstart'], isRequired: true },
    { name: 't_end', aliases: ['tend'], isRequired: true },
  ]);
  return read.rows.flatMap(({ t_start: start, t_end: end }) => {
    if (start === undefined || end === undefined) return [];
    const [tStart, tEnd] = [toCount(start), toCount(end)];
    if (tStart < 2) refuse('trend.bad-window', start.place);
    if (tEnd < tStart || tEnd > days) refuse('trend.bad-window', end.place);
    return [{ tStart, tEnd }];
  });
}

interface Growth extends ReproductionWindow {
  readonly rate: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly doubling: DoublingTime | null;
}

interface Answer {
  readonly rows: readonly ReproductionRow[];
  readonly method: 'non-parametric-si' | 'parametric-si' | 'uncertain-si';
  readonly days: number;
  readonly dates: readonly Day[] | null;
  readonly prior: { readonly mean: number; readonly sd: number };
  /** Moments of the interval as it was used, cut at the length of the series; null if uncertain. */
  readonly interval: { readonly meanDays: number; readonly sdDays: number } | null;
  /** Multiple of the Poisson variance: with which the intervals were made, and what is seen. */
  readonly dispersion: { readonly used: number; readonly estimated: number };
  readonly growth: readonly Growth[];
  readonly unusedColumns: readonly string[];
}

async function estimate(
  asked: Asked,
  { incidence, imported, dates, unused }: Series,
  windows: readonly ReproductionWindow[],
): Promise<Answer> {
  const { moments, prior } = asked;
  const interval =
    moments === null
      ? await readInterval(asked.si ?? '')
      : intervalOfMoments(
          { meanDays: moments.mean.value, sdDays: moments.sd.value },
          incidence.length,
        );
  const estimated = dispersionOf({ incidence, imported, interval });
  const used = asked.dispersion === 'estimate' ? estimated : asked.dispersion;
  const base = {
    ...{ incidence, imported, windows, dispersion: used },
    prior: gammaPrior(prior.mean, prior.sd),
  };
  const common = {
    ...{ days: incidence.length, dates, prior, unusedColumns: unused },
    dispersion: { used, estimated },
    growth: windows.map((window) => growthOn(incidence, window)),
  };
  const [meanCut, sdCut] = [moments?.mean.cut ?? null, moments?.sd.cut ?? null];
  if (moments !== null && meanCut !== null && sdCut !== null) {
    const rows = uncertainReproduction(base, {
      meanDays: { mean: moments.mean.value, ...meanCut },
      sdDays: { mean: moments.sd.value, ...sdCut },
    });
    return { rows, method: 'uncertain-si', interval: null, ...common };
  }
  const method = moments === null ? 'non-parametric-si' : 'parametric-si';
  const rows = reproduction({ ...base, interval });
  return { rows, method, interval: momentsOf(interval), ...common };
}

function momentsOf(interval: Float64Array): { meanDays: number; sdDays: number } {
  const meanDays = meanOfInterval(interval);
  const square = interval.reduce((sum, each, lag) => sum + each * lag * lag, 0);
  return { meanDays, sdDays: Math.sqrt(Math.max(0, square - meanDays * meanDays)) };
}

function growthOn(incidence: readonly number[], { tStart, tEnd }: ReproductionWindow): Growth {
  const growth = growthRate(incidence.slice(tStart - 1, tEnd));
  if (growth === null) {
    return { tStart, tEnd, rate: null, low: null, high: null, doubling: null };
  }
  const { rate, low, high } = growth;
  return { tStart, tEnd, rate, low, high, doubling: doublingTime(growth) };
}

/** From here on a reader is told that the counts scatter more than the intervals allow for. */
const scatterMin = 1.5;

function print({ rows, growth, dispersion }: Answer, { dates }: Series): void {
  const shown = (value: number | null): string => (value === null ? '-' : value.toFixed(2));
  printTable(
    rows.map(({ tStart, tEnd, mean, q025, q975, note }, index) => ({
      from: dates?.[tStart - 1] ?? tStart,
      to: dates?.[tEnd - 1] ?? tEnd,
      R: shown(mean),
      low: shown(q025),
      high: shown(q975),
      'growth/day': shown(growth[index]?.rate ?? null),
      note: note ?? '',
    })),
  );
  const last = rows.at(-1);
  if (last === undefined || last.mean === null) return;
  process.stdout.write(`\n${sentenceOf(last)}\n`);
  const { used, estimated } = dispersion;
  if (estimated < scatterMin || used >= estimated) return;
  process.stdout.write(
    `The counts scatter ${estimated.toFixed(1)} times as much as chance: the intervals are too ` +
      'narrow. --dispersion estimate allows for it.\n',
  );
}

/** What the last window says, in a sentence. */
function sentenceOf({ mean, q025, q975, note }: ReproductionRow): string {
  const figures = `R ${mean?.toFixed(2)}, 95 % between ${q025?.toFixed(2)} and ${q975?.toFixed(2)}`;
  if (note === 'no-infectiousness')
    return `Nobody was there to infect: ${figures} rests on the prior alone.`;
  if ((q025 ?? 0) > 1) return `The epidemic grows: ${figures}.`;
  if ((q975 ?? 0) < 1) return `The epidemic shrinks: ${figures}.`;
  return `Growth or decline is not settled: ${figures}.`;
}
