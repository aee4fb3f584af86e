import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type Day, daysBetween, parseDay } from '../../kernel/day.ts';
import type { Label } from '../../ledger/room.ts';
import { Fault } from '../fault.ts';
import { textOf } from './cells.ts';
import { FileRefused } from './refusal.ts';
import { openTable } from './table.ts';

/** Why a column of numbers or days is not read. Codes are never renamed, only retired. */
export const columnReasons = {
  'exchange.no-such-file': { en: 'The file cannot be read', zh: '无法读取文件' },
  'exchange.no-rows': { en: 'There is a header and nothing below it', zh: '只有表头，没有数据' },
  'exchange.column-missing': { en: 'A column is missing', zh: '缺少一列' },
  'exchange.column-twice': { en: 'Two columns have the same meaning', zh: '两列含义相同' },
  'exchange.value-missing': { en: 'A value is missing', zh: '缺少数值' },
  'exchange.not-a-number': { en: 'Not a number', zh: '不是数字' },
  'exchange.negative-number': { en: 'A number below nought', zh: '数字为负' },
  'exchange.not-whole': { en: 'Not a whole number', zh: '不是整数' },
  'exchange.number-too-large': { en: 'The number is too large', zh: '数字过大' },
  'exchange.not-a-day': {
    en: 'Not a day of the calendar, YYYY-MM-DD',
    zh: '不是日期（YYYY-MM-DD）',
  },
  'exchange.day-twice': { en: 'The day is there twice', zh: '日期重复' },
  'exchange.days-out-of-order': {
    en: 'The day is earlier than the one before it',
    zh: '日期早于前一行',
  },
  'exchange.day-missing': { en: 'Days are missing before this one', zh: '此日之前缺少日期' },
} as const satisfies Record<string, Label>;

export type ColumnRefusalCode = keyof typeof columnReasons;

/** Where in a file something stands. */
export interface InputPlace {
  readonly file: string;
  /** As a spreadsheet numbers rows, the header being one of them; null for the whole file. */
  readonly row: number | null;
  /** The header as it is written; null for the whole row. */
  readonly column: string | null;
  /** What stands there. */
  readonly value: string | null;
}

/** What was read cannot be taken: a code and the place. */
export class InputRefused extends Fault {
  readonly place: InputPlace;

  constructor(code: string, reason: string, place: InputPlace) {
    const at = [
      place.file,
      ...(place.row === null ? [] : [`row ${place.row}`]),
      ...(place.column === null ? [] : [`column ${place.column}`]),
    ].join(', ');
    const value = place.value === null ? '' : `: ${place.value === '' ? 'empty' : place.value}`;
    super(code, `${reason} (${at}${value})`);
    this.place = place;
  }
}

/** A column that a file should have. */
export interface ColumnWish {
  readonly name: string;
  /** Other headers of the same meaning, in lower case. */
  readonly aliases?: readonly string[];
  readonly isRequired: boolean;
}

/** One cell, with its place for whoever finds fault with it. */
export interface InputCell {
  readonly text: string;
  readonly place: InputPlace;
}

/** Rows of the wished columns. */
export interface Columns {
  readonly file: string;
  readonly rows: readonly { readonly [name: string]: InputCell }[];
  /** The wishes that the file fulfils. */
  readonly names: ReadonlySet<string>;
  /** Headers that nothing was read from. */
  readonly unused: readonly string[];
}

const rowsMax = 1_000_000;

/** Reads wished columns of a CSV file or a workbook. Throws `InputRefused`. */
export async function readColumns(file: string, wishes: readonly ColumnWish[]): Promise<Columns> {
  const rows = await readRows(file);
  const [header] = rows;
  if (header === undefined) refuseInput('exchange.no-rows', wholeFile(file));
  const found = new Map<string, { index: number; header: string }>();
  const unused: string[] = [];
  header.cells.forEach((cell, index) => {
    const written = cell.trim();
    const word = written.toLowerCase();
    const wish = wishes.find(({ name, aliases }) => name === word || aliases?.includes(word));
    if (wish === undefined) {
      if (written !== '') unused.push(written);
      return;
    }
    const place = { file, row: header.row, column: written, value: null };
    if (found.has(wish.name)) refuseInput('exchange.column-twice', place);
    found.set(wish.name, { index, header: written });
  });
  for (const { name, isRequired } of wishes) {
    if (!isRequired || found.has(name)) continue;
    refuseInput('exchange.column-missing', { file, row: header.row, column: name, value: null });
  }
  const body = rows.slice(1);
  while (body.at(-1)?.cells.every((cell) => cell.trim() === '') === true) body.pop();
  if (body.length === 0) refuseInput('exchange.no-rows', wholeFile(file));
  const read = body.map(({ row, cells }) =>
    Object.fromEntries(
      [...found].map(([name, { index, header: column }]): [string, InputCell] => {
        const text = (cells[index] ?? '').trim();
        return [name, { text, place: { file, row, column, value: text } }];
      }),
    ),
  );
  return { file, rows: read, names: new Set(found.keys()), unused };
}

async function readRows(file: string): Promise<{ row: number; cells: string[] }[]> {
  const known = await stat(file).catch(() => null);
  if (known === null || !known.isFile()) refuseInput('exchange.no-such-file', wholeFile(file));
  try {
    const table = await openTable(createReadStream(file), { limits: { rowsMax } });
    try {
      const rows: { row: number; cells: string[] }[] = [];
      for await (const batch of table.rows) {
        for (const { row, cells } of batch) rows.push({ row, cells: cells.map(textOf) });
      }
      // Blank lines above the header are nobody's data.
      const first = rows.findIndex(({ cells }) => cells.some((cell) => cell.trim() !== ''));
      return first < 0 ? [] : rows.slice(first);
    } finally {
      await table.close();
    }
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    const row = typeof error.details['row'] === 'number' ? error.details['row'] : null;
    throw new InputRefused(error.code, error.message, { ...wholeFile(file), row });
  }
}

/** Stops the reading with a code of this module and the place. */
export function refuseInput(code: ColumnRefusalCode, place: InputPlace): never {
  throw new InputRefused(code, columnReasons[code].en, place);
}

/** The place of what is wrong with a file altogether. */
export function wholeFile(file: string): InputPlace {
  return { file, row: null, column: null, value: null };
}

/** A number from a cell, nought or more. */
export function toAmount({ text, place }: InputCell): number {
  if (text === '') refuseInput('exchange.value-missing', place);
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) {
    refuseInput('exchange.not-a-number', place);
  }
  const value = Number(text);
  if (value < 0) refuseInput('exchange.negative-number', place);
  if (!Number.isFinite(value)) refuseInput('exchange.number-too-large', place);
  return value;
}

/** More people than there are cannot be counted in a day. */
const countMax = 1e10;

/** A count from a cell: whole, nought or more. */
export function toCount(cell: InputCell): number {
  const value = toAmount(cell);
  if (!Number.isInteger(value)) refuseInput('exchange.not-whole', cell.place);
  if (value > countMax) refuseInput('exchange.number-too-large', cell.place);
  return value;
}

/** A day from a cell. */
export function toDay({ text, place }: InputCell): Day {
  if (text === '') refuseInput('exchange.value-missing', place);
  const day = parseDay(text.replaceAll('/', '-'));
  if (day === null) refuseInput('exchange.not-a-day', place);
  return day;
}

/** Days from cells that must follow each other without a gap. */
export function toConsecutiveDays(cells: readonly InputCell[]): Day[] {
  const days: Day[] = [];
  for (const cell of cells) {
    const day = toDay(cell);
    const before = days.at(-1);
    if (before !== undefined) {
      const step = daysBetween(before, day);
      if (step === 0) refuseInput('exchange.day-twice', cell.place);
      if (step < 0) refuseInput('exchange.days-out-of-order', cell.place);
      if (step > 1) refuseInput('exchange.day-missing', cell.place);
    }
    days.push(day);
  }
  return days;
}
