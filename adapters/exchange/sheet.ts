import { type Cell, dayOfSerial } from '../../rooms/persons/index.ts';
import { reasonOf, type Row } from './cells.ts';
import type { FileLimits } from './limits.ts';
import { FileRefused } from './refusal.ts';
import type { SheetRef, Workbook } from './workbook.ts';
import { readXml } from './xml.ts';

/** Gathers the rows of one sheet from its XML, one element after the other. */
class SheetReader {
  rows: Row[] = [];
  /** Merged ranges that span more than one row, as `A3:A5`. */
  readonly merged: string[] = [];
  readonly #book: Workbook;
  readonly #limits: FileLimits;
  #row = 0;
  #cells: Cell[] = [];
  #column = -1;
  #type = '';
  #style = 0;
  #value = '';
  #isFormula = false;
  #takes = false;
  #phonetics = 0;

  constructor(book: Workbook, limits: FileLimits) {
    this.#book = book;
    this.#limits = limits;
  }

  readonly open = (name: string, attributes: Record<string, string>): void => {
    switch (name) {
      case 'row':
        this.#row = attributes['r'] === undefined ? this.#row + 1 : Number(attributes['r']);
        this.#cells = [];
        this.#column = -1;
        if (!(this.#row >= 1 && this.#row <= this.#limits.rowsMax)) {
          throw new FileRefused('exchange.too-many-rows', { row: attributes['r'] ?? '' });
        }
        return;
      case 'c':
        this.#column = columnOf(attributes['r']) ?? this.#column + 1;
        this.#type = attributes['t'] ?? 'n';
        this.#style = Number(attributes['s'] ?? 0);
        this.#value = '';
        this.#isFormula = false;
        return;
      case 'f':
        this.#isFormula = true;
        return;
      case 'v':
      case 't':
        // Phonetic runs repeat the text in another script: they are no part of it.
        this.#takes = this.#phonetics === 0;
        return;
      case 'rPh':
        this.#phonetics += 1;
        return;
      case 'mergeCell':
        this.#noteMerge(attributes['ref'] ?? '');
        return;
    }
  };

  readonly text = (piece: string): void => {
    if (this.#takes) this.#value += piece;
  };

  readonly close = (name: string): void => {
    if (name === 'v' || name === 't') this.#takes = false;
    else if (name === 'rPh') this.#phonetics -= 1;
    else if (name === 'c') this.#closeCell();
    else if (name === 'row' && this.#cells.length > 0) {
      this.rows.push({ row: this.#row, cells: this.#cells });
    }
  };

  #closeCell(): void {
    const cell = this.#cell();
    if (cell === '') return;
    if (this.#column >= this.#limits.columnsMax) {
      const columns = this.#column + 1;
      throw new FileRefused('exchange.too-many-columns', { row: this.#row, columns });
    }
    while (this.#cells.length < this.#column) this.#cells.push('');
    this.#cells[this.#column] = cell;
  }

  #cell(): Cell {
    const value = this.#value;
    if (this.#isFormula) return { refused: 'exchange.formula-cell', text: value.slice(0, 80) };
    if (value === '') return '';
    switch (this.#type) {
      case 's':
        return this.#checked(this.#book.strings.get(Number(value)) ?? '');
      case 'e':
        return { refused: 'exchange.error-cell', text: value.slice(0, 80) };
      case 'b':
        return value === '1' ? 'TRUE' : 'FALSE';
      case 'd':
        return value.replace(/T00:00:00(?:\.0+)?Z?$/, '');
      case 'n':
        return this.#number(value);
      default:
        return this.#checked(value);
    }
  }

  #checked(text: string): Cell {
    // A workbook's text that begins with = is text; only what a text file calls one is a formula.
    const refused = reasonOf(text, this.#limits);
    if (refused === null || refused === 'exchange.formula-cell') return text;
    return { refused, text: text.slice(0, 80) };
  }

  #number(value: string): Cell {
    const number = Number(value);
    if (!Number.isFinite(number)) return this.#checked(value);
    const { from1904, isDateFormat } = this.#book;
    const isDate = isDateFormat[this.#style] ?? false;
    const text = isDate ? (dayOfSerial(number, from1904) ?? String(number)) : String(number);
    return { number, text, from1904, isDate };
  }

  #noteMerge(range: string): void {
    const rows = /^\$?[A-Z]+\$?(\d+):\$?[A-Z]+\$?(\d+)$/.exec(range);
    if (rows === null || rows[1] === rows[2] || this.merged.length >= mergedMax) return;
    this.merged.push(range);
  }
}

/** Merged ranges that are kept: enough to say where to look. */
const mergedMax = 10_000;

/** `AB12` is column 27, counted from 0; null when there is no such reference. */
export function columnOf(reference: string | undefined): number | null {
  if (reference === undefined) return null;
  let column = 0;
  let index = 0;
  for (; index < reference.length; index++) {
    const letter = reference.charCodeAt(index) - 64;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  return index === 0 || index > 3 ? null : column - 1;
}

/** The rows of one sheet in a stream; merged ranges are complete at its end. */
export async function* readSheet(
  book: Workbook,
  sheet: SheetRef,
  limits: FileLimits,
  merged: string[] = [],
): AsyncGenerator<readonly Row[]> {
  const reader = new SheetReader(book, limits);
  const stream = await book.archive.stream(sheet.part, limits.sheetBytesMax);
  const pieces = readXml(stream, reader, limits);
  while ((await pieces.next()).done !== true) {
    if (reader.rows.length === 0) continue;
    yield reader.rows;
    reader.rows = [];
  }
  merged.push(...reader.merged);
}

/** The sheet to read: the one named, or the only one with rows. */
export async function chooseSheet(
  book: Workbook,
  name: string | undefined,
  limits: FileLimits,
): Promise<SheetRef> {
  if (name !== undefined) {
    const sheet = book.sheets.find((candidate) => candidate.name === name);
    const sheets = book.sheets.map((candidate) => candidate.name);
    if (sheet === undefined) throw new FileRefused('exchange.xlsx-unknown-sheet', { sheets });
    return sheet;
  }
  const filled: SheetRef[] = [];
  for (const sheet of book.sheets) {
    const rows = readSheet(book, sheet, limits);
    if ((await rows.next()).done !== true) filled.push(sheet);
    await rows.return(undefined);
  }
  const [only] = filled;
  if (only === undefined) throw new FileRefused('exchange.xlsx-no-sheet');
  if (filled.length === 1) return only;
  // Reading the first and leaving the others would leave people out without a word.
  const sheets = filled.map((sheet) => sheet.name);
  throw new FileRefused('exchange.xlsx-several-sheets', { sheets });
}
