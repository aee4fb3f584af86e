import {
  type Columns,
  type InputCell,
  readColumns,
  refuseInput,
  toCount,
  toDay,
  wholeFile,
} from '../../../adapters/exchange/columns.ts';
import { addDays, type Day, daysBetween } from '../../../kernel/day.ts';
import {
  clearDays,
  type ClearPolicy,
  clearSpells,
  type FoundKind,
  foundKinds,
} from '../../../rooms/trend/index.ts';
import { printJson, printTable } from '../print.ts';
import { findText, getText, type TrendCommand } from './trend-command.ts';
import { readRule } from './trend-rule.ts';
import { cellOf, refuseList, toText } from './trend-table.ts';

/**
 * Words of files for where a case was found. Conversions are the same infections a second time, so
 * they are read and not counted.
 */
const foundWords: { readonly [word: string]: FoundKind | 'conversion' } = {
  ...Object.fromEntries(foundKinds.map((kind) => [kind, kind])),
  quarantine: 'isolation',
  conversion: 'conversion',
  隔离管控: 'isolation',
  风险人群排查: 'screening',
};

/** `sextant trend clear`: 社会面清零 by district and day. */
export const clearCommand: TrendCommand = {
  name: 'clear',
  usage: '--counts FILE --population FILE [--rule FILE]',
  options: {
    counts: { type: 'string' },
    population: { type: 'string' },
    rule: { type: 'string' },
  },
  run: async (values) => {
    const { clear: rule } = await readRule(findText(values, 'rule'));
    const countsFile = getText(values, 'counts');
    const peopleFile = getText(values, 'population');
    const needed = (name: string) => ({ name, isRequired: true });
    const counts = readFound(
      await readColumns(countsFile, [
        ...['date', 'district', 'found_in', 'count'].map(needed),
        { name: 'type', isRequired: false },
      ]),
      rule,
    );
    const people = readPopulation(
      await readColumns(peopleFile, [
        needed('district'),
        { ...needed('population'), aliases: ['population_2020_11_01', 'residents', '人口'] },
      ]),
    );
    const districts = [...counts.districts].sort().map((district) => {
      const population = people.get(district);
      if (population === undefined) {
        refuseList('trend.no-population', { ...wholeFile(peopleFile), value: district });
      }
      const found = Array.from(
        { length: counts.days },
        (_, day) => counts.found.get(`${district} ${day}`) ?? 0,
      );
      const days = clearDays({ population, found }, rule);
      const spell = ({ from, to }: { from: number; to: number }) => ({
        from: addDays(counts.from, from),
        to: addDays(counts.from, to),
      });
      return {
        district,
        population,
        clear: clearSpells(days, 'clear').map(spell),
        basicallyClear: clearSpells(days, 'basically-clear').map(spell),
        days: days.map((day, index) => ({ date: addDays(counts.from, index), ...day })),
      };
    });
    if (values['json'] === true) printJson({ ok: true, rule, districts });
    else {
      printTable(
        districts.map(({ district, days, clear }) => ({
          district,
          ...days.at(-1),
          'clear since': clear.at(-1)?.to === days.at(-1)?.date ? clear.at(-1)?.from : null,
        })),
      );
    }
    return 0;
  },
};

interface FoundCounts {
  readonly from: Day;
  readonly days: number;
  readonly districts: ReadonlySet<string>;
  /** New positives in the community by `district day`, where there are any. */
  readonly found: ReadonlyMap<string, number>;
}

/**
 * Reads and checks counts. Days come in order and without a gap, because a day that is not in the
 * file is not a day of nought; a district that a day leaves out had none on it, as bulletins
 * write it.
 */
function readFound(read: Columns, { community }: ClearPolicy): FoundCounts {
  const found = new Map<string, number>();
  const districts = new Set<string>();
  const seen = new Set<string>();
  let from: Day | null = null;
  let last = 0;
  for (const row of read.rows) {
    const dateCell = cellOf(row, 'date');
    const date = toDay(dateCell);
    from ??= date;
    const day = daysBetween(from, date);
    if (day < last) refuseInput('exchange.days-out-of-order', dateCell.place);
    if (day > last + 1) refuseInput('exchange.day-missing', dateCell.place);
    last = day;
    const district = toText(cellOf(row, 'district'));
    const kind = foundOf(cellOf(row, 'found_in'));
    const count = toCount(cellOf(row, 'count'));
    const name = [date, district, row['type']?.text, cellOf(row, 'found_in').text].join(' ');
    if (seen.has(name)) refuseList('trend.row-twice', { ...dateCell.place, value: name });
    seen.add(name);
    districts.add(district);
    if (kind === 'conversion' || !community.includes(kind)) continue;
    const cell = `${district} ${day}`;
    found.set(cell, (found.get(cell) ?? 0) + count);
  }
  if (from === null) refuseInput('exchange.no-rows', wholeFile(read.file));
  return { from, days: last + 1, districts, found };
}

function foundOf(cell: InputCell): FoundKind | 'conversion' {
  const kind = foundWords[toText(cell)];
  return kind ?? refuseList('trend.unknown-found-in', cell.place);
}

/** Reads and checks populations. */
function readPopulation(read: Columns): ReadonlyMap<string, number> {
  const people = new Map<string, number>();
  for (const row of read.rows) {
    const district = toText(cellOf(row, 'district'));
    const cell = cellOf(row, 'population');
    const count = toCount(cell);
    if (count === 0) refuseList('trend.no-population', cell.place);
    if (people.has(district)) refuseList('trend.row-twice', cellOf(row, 'district').place);
    people.set(district, count);
  }
  return people;
}
