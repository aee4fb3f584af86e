import type { Day } from '../../../kernel/day.ts';
import type { Refusal } from '../../../ledger/decision.ts';
import {
  type Cell,
  faultReasons,
  fieldLabels,
  looksLikeHeader,
  parseRosterRow,
  readHeader,
  type RosterField,
  type RosterHeader,
  type RosterPerson,
} from '../../../rooms/persons/index.ts';
import { type Directory, placeFaultReasons } from '../../../rooms/places/index.ts';
import { type Row, textOf } from '../../exchange/cells.ts';
import type { FileFault } from '../../exchange/fault-file.ts';
import { cellReasons, FileRefused } from '../../exchange/refusal.ts';

/** What the reading of a roster needs to know besides the file. */
export interface ReadingOptions {
  readonly directory: Directory;
  readonly today: Day;
  readonly map: ReadonlyMap<string, string>;
  readonly createPlaces: boolean;
  /** Only homes at or below this place are taken; null for all. */
  readonly within: string | null;
}

/** A row that is taken: the person and the code of the home. */
export interface TakenRow {
  readonly row: number;
  readonly placeCode: string;
  readonly person: RosterPerson;
}

/** A row that the database refused, as its functions return it. */
export interface ComparedFault {
  readonly row_no: number;
  readonly field: RosterField;
  readonly value: string;
  readonly code: string;
  /** The row that it repeats; null when it repeats none. */
  readonly first_row: number | null;
}

const reasons: { readonly [code: string]: { readonly en: string; readonly zh: string } } = {
  ...faultReasons,
  ...placeFaultReasons,
  ...cellReasons,
};

/** Titles and notes that may stand above the header. */
const rowsAboveHeaderMax = 10;

/** Reads a roster row by row: finds its header, parses, finds homes, and gathers faults. */
export class RosterReading {
  rows = 0;
  rejected = 0;
  /** Set when the header cannot be used; reading stops then. */
  refusal: Refusal | null = null;
  readonly faults: FileFault[] = [];
  readonly #options: ReadingOptions;
  #header: RosterHeader | null = null;
  #headerRow = 0;
  #above: Row[] = [];

  constructor(options: ReadingOptions) {
    this.#options = options;
  }

  /** Takes the next row of the file; null when it is no person, or not a good one. */
  take(row: Row): TakenRow | null {
    if (row.cells.every(isBlank)) return null;
    if (this.#header === null) {
      this.#findHeader(row);
      return null;
    }
    this.rows += 1;
    const taken = this.#read(row, this.#header);
    if (taken === null) this.rejected += 1;
    return taken;
  }

  /** To be called after the last row; refuses what only shows then. */
  finish(merged: readonly string[]): void {
    const [first] = this.#above;
    if (this.#header === null) {
      if (first === undefined) throw new FileRefused('exchange.empty-file');
      this.#useHeader(first);
    }
    const inRows = merged.filter((range) => Number(/\d+$/.exec(range)?.[0]) > this.#headerRow);
    if (inRows.length > 0)
      throw new FileRefused('exchange.merged-cells', { ranges: inRows.slice(0, 20) });
  }

  /** Puts down a fault that showed only when rows were compared with each other or the register. */
  reject({ row_no: row, field, value, code, first_row: first }: ComparedFault): void {
    this.rejected += 1;
    const detail = first === null ? '' : `${first}`;
    this.#fault(row, this.#columnOf(field), { value, code }, detail);
  }

  #findHeader(row: Row): void {
    const cells = row.cells.map(textOf);
    this.#above.push(row);
    if (looksLikeHeader(cells, this.#options.map)) this.#useHeader(row);
    else if (this.#above.length > rowsAboveHeaderMax) this.#useHeader(this.#above[0] ?? row);
  }

  #useHeader(row: Row): void {
    const header = readHeader(row.cells.map(textOf), this.#options.map);
    if (header.kind === 'refused') this.refusal = header;
    else this.#header = header;
    this.#headerRow = row.row;
  }

  #read({ row, cells }: Row, header: RosterHeader): TakenRow | null {
    const { directory, today, createPlaces, within } = this.#options;
    const { person, faults } = parseRosterRow(cells, header.columns, today);
    for (const { field, value, code } of faults) {
      this.#fault(row, this.#columnOf(field), { value, code });
    }
    const hasStray = this.#findStrays(row, cells, header);
    if (person === null || hasStray) return null;
    const located = directory.locate(person.home, createPlaces);
    if (located.kind === 'fault') {
      const { field, code } = located;
      this.#fault(row, this.#columnOf(field), { value: person.home[field], code });
      return null;
    }
    if (within !== null && !directory.isWithin(located, within)) {
      const value = person.home.community;
      this.#fault(row, this.#columnOf('community'), { value, code: 'persons.outside-your-place' });
      return null;
    }
    return { row, placeCode: directory.settle(located), person };
  }

  /** A value under no header is information that nobody asked for: it is not lost in silence. */
  #findStrays(row: number, cells: readonly Cell[], header: RosterHeader): boolean {
    let found = false;
    for (let index = 0; index < cells.length; index++) {
      const cell = cells[index] ?? '';
      if (isBlank(cell) || (header.headers[index] ?? '') !== '') continue;
      found = true;
      const fault = { value: textOf(cell), code: 'exchange.cell-without-header' };
      this.#fault(row, `#${index + 1}`, fault);
    }
    return found;
  }

  #columnOf(field: RosterField): string {
    const header = this.#header?.headers[this.#header.columns[field]];
    return header === undefined || header === '' ? fieldLabels[field].en : header;
  }

  #fault(row: number, column: string, fault: { value: string; code: string }, detail = ''): void {
    const words = reasons[fault.code];
    const reason = words === undefined ? fault.code : `${words.zh} / ${words.en}`;
    const value = fault.value.slice(0, 200);
    const shown = detail === '' ? reason : `${reason} (第${detail}行 / row ${detail})`;
    this.faults.push({ row, column, value, code: fault.code, reason: shown });
  }
}

function isBlank(cell: Cell): boolean {
  return cell === '' || (typeof cell === 'string' && cell.trim() === '');
}
