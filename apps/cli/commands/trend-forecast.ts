import { assert } from '../../../kernel/assert.ts';
import { addDays } from '../../../kernel/day.ts';
import { Random } from '../../../kernel/random.ts';
import { type Forecast, forecast } from '../../../methods/forecast/forecast.ts';
import { intervalOfMoments } from '../../../methods/renewal/serial-interval.ts';
import { Misuse } from '../misuse.ts';
import { printJson, printTable } from '../print.ts';
import {
  findNumber,
  findText,
  getText,
  type TrendCommand,
  type TrendValues,
} from './trend-command.ts';
import { tellDraws, wholeOf } from './trend-nowcast.ts';
import { readInterval, readSeries } from './trend-rt.ts';

/** Longest serial interval that is looked at, in days. */
const lagsMax = 60;

/** `sextant trend forecast`: two weeks ahead, with what is not known about them. */
export const forecastCommand: TrendCommand = {
  name: 'forecast',
  usage:
    '--incidence FILE (--si FILE | --si-mean M --si-sd S)\n' +
    '                 [--days 14] [--draws 2000] [--seed 1]',
  options: {
    incidence: { type: 'string' },
    si: { type: 'string' },
    'si-mean': { type: 'string' },
    'si-sd': { type: 'string' },
    days: { type: 'string' },
    draws: { type: 'string' },
    seed: { type: 'string' },
  },
  run: async (values) => {
    const horizonDays = wholeOf(values, 'days', { otherwise: 14, low: 1, high: 60 });
    const draws = wholeOf(values, 'draws', { otherwise: 2_000, low: 100, high: 50_000 });
    const seed = wholeOf(values, 'seed', { otherwise: 1, low: 0, high: 4_294_967_295 });
    const interval = await intervalFrom(values);
    const { incidence, dates } = await readSeries(getText(values, 'incidence'));
    const lastDay = dates?.at(-1) ?? null;
    const random = new Random(seed);
    const made = forecast({ incidence, interval, horizonDays, random, draws });
    assert(made !== null, 'a series of noughts was refused when it was read');
    const rows = Array.from({ length: horizonDays }, (_, index) => ({
      ahead: index + 1,
      ...(lastDay === null ? {} : { date: addDays(lastDay, index + 1) }),
      ...tellDraws(dayOf(made.ensemble, index, draws)),
    }));
    if (values['json'] === true) {
      const members = membersOf(made, horizonDays);
      printJson({ ok: true, rows, members, logReproduction: made.logReproduction });
    } else printTable(rows.map((row) => ({ ...row, mean: Math.round(row.mean) })));
    return 0;
  },
};

function dayOf(counts: Float64Array, index: number, draws: number): Float64Array {
  return counts.subarray(index * draws, (index + 1) * draws);
}

function membersOf(made: Forecast, horizonDays: number): object {
  const told = (counts: Float64Array) =>
    Array.from({ length: horizonDays }, (_, index) => ({
      ahead: index + 1,
      ...tellDraws(dayOf(counts, index, made.draws)),
    }));
  return { renewal: told(made.renewal), level: told(made.level), steady: told(made.steady) };
}

async function intervalFrom(values: TrendValues): Promise<ArrayLike<number>> {
  const file = findText(values, 'si');
  const meanDays = findNumber(values, 'si-mean');
  const sdDays = findNumber(values, 'si-sd');
  if (file !== null && meanDays === null && sdDays === null) {
    return readInterval(file);
  }
  if (file !== null || meanDays === null || sdDays === null) {
    throw new Misuse('give either --si, or both --si-mean and --si-sd');
  }
  if (meanDays <= 1 || sdDays <= 0 || meanDays > lagsMax || sdDays > lagsMax) {
    throw new Misuse('--si-mean lies above 1 day, --si-sd above 0, neither above 60');
  }
  return intervalOfMoments({ meanDays, sdDays }, lagsMax + 1);
}
