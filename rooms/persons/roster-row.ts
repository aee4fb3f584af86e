import type { Day } from '../../kernel/day.ts';
import { type CitizenNumber, parseCitizenNumber } from './citizen-number.ts';
import type { RosterColumns, RosterField } from './columns.ts';
import { dayOfSerial } from './dates.ts';
import type { FaultCode } from './fault-reasons.ts';
import { foldCell } from './fold.ts';
import type { DocumentType, Sex } from './rules.ts';
import * as values from './values.ts';

/** A number that a spreadsheet keeps as a number, with the text that it shows in plain digits. */
export interface NumberCell {
  readonly number: number;
  readonly text: string;
  readonly from1904: boolean;
  /** Whether the spreadsheet shows it as a day. */
  readonly isDate: boolean;
}

/** A cell that the reader of the file could not or would not take: a formula, an error value. */
export interface RefusedCell {
  readonly refused: string;
  readonly text: string;
}

export type Cell = string | NumberCell | RefusedCell;

/** One fault of one cell. The value stays with whoever wrote the file: it is not for the log. */
export interface Fault {
  readonly field: RosterField;
  readonly value: string;
  readonly code: string;
}

/** Where somebody lives, in the words of the file, folded. Empty when not given. */
export interface HomeLabels {
  readonly town: string;
  readonly community: string;
  readonly compound: string;
  readonly building: string;
  readonly room: string;
}

/** One row of a roster, read. */
export interface RosterPerson {
  readonly name: string;
  readonly sex: Sex | null;
  readonly bornOn: Day | null;
  readonly documentType: DocumentType | null;
  readonly documentNumber: string | null;
  readonly phone: string | null;
  readonly home: HomeLabels;
}

const homeCharsMax = 100;

/** Reads the cells of one row and gathers every fault, so that nobody corrects a file ten times. */
class RowReader {
  readonly faults: Fault[] = [];
  readonly #cells: readonly Cell[];
  readonly #columns: RosterColumns;

  constructor(cells: readonly Cell[], columns: RosterColumns) {
    this.#cells = cells;
    this.#columns = columns;
  }

  cell(field: RosterField): Cell {
    const index = this.#columns[field];
    return index < 0 ? '' : (this.#cells[index] ?? '');
  }

  /** The text of a field; a refused cell gives its fault once and then counts as empty. */
  text(field: RosterField): string {
    const cell = this.cell(field);
    return typeof cell === 'string' ? cell : 'refused' in cell ? '' : cell.text;
  }

  hasFault(field: RosterField): boolean {
    return this.faults.some((fault) => fault.field === field);
  }

  fault(field: RosterField, code: FaultCode): null {
    // A field that already has a fault keeps the first: the others follow from it.
    if (this.hasFault(field)) return null;
    this.faults.push({ field, value: this.text(field), code });
    return null;
  }

  take<T>(field: RosterField, read: values.Read<T>): T | null {
    return 'value' in read ? read.value : this.fault(field, read.fault);
  }

  label(field: RosterField): string {
    const folded = foldCell(this.text(field));
    if (folded.length <= homeCharsMax) return folded;
    this.fault(field, 'persons.home-too-long');
    return '';
  }

  refuseCells(): void {
    for (const field of Object.keys(this.#columns) as RosterField[]) {
      const cell = this.cell(field);
      if (typeof cell === 'string') continue;
      if ('refused' in cell) {
        this.faults.push({ field, value: cell.text, code: cell.refused });
      } else if (cell.isDate && field !== 'born_on') {
        // Room 3-1 is kept as the third of January, and nobody can say what it was.
        this.faults.push({ field, value: cell.text, code: 'exchange.number-shown-as-date' });
      }
    }
  }
}

/**
 * Rule PE-8. Reads one row. A row with any fault is not taken at all: half a person is worse than
 * a line in the error file, because nobody looks for the other half.
 */
export function parseRosterRow(
  cells: readonly Cell[],
  columns: RosterColumns,
  today: Day,
): { readonly person: RosterPerson | null; readonly faults: readonly Fault[] } {
  const row = new RowReader(cells, columns);
  row.refuseCells();
  const name = row.take('name', values.parseName(row.text('name')));
  const statedSex = row.take('sex', values.parseSex(row.text('sex')));
  const statedBornOn = readBornOn(row, today);
  const phone = row.take('phone', values.parsePhone(row.text('phone')));
  const document = readDocument(row, today);
  const { citizen } = document;
  if (citizen !== null) {
    if (statedSex !== null && statedSex !== 'x' && statedSex !== citizen.sex) {
      row.fault('sex', 'persons.sex-differs-from-id');
    }
    if (statedBornOn !== null && statedBornOn !== citizen.bornOn) {
      row.fault('born_on', 'persons.born-on-differs-from-id');
    }
  }
  const home: HomeLabels = {
    town: row.label('town'),
    community: row.label('community'),
    compound: row.label('compound'),
    building: row.label('building'),
    room: foldRoom(row.label('room')),
  };
  if (home.community === '') row.fault('community', 'persons.home-missing');
  if (name === null || row.faults.length > 0) return { person: null, faults: row.faults };
  const sex = citizen?.sex ?? statedSex;
  const bornOn = citizen?.bornOn ?? statedBornOn;
  const { type: documentType, number: documentNumber } = document;
  const person = { name, sex, bornOn, documentType, documentNumber, phone, home };
  return { person, faults: row.faults };
}

/** A room as its door says it: 301 and 301室 are one. */
export function foldRoom(text: string): string {
  const isPlain = /^[0-9A-Z-]*室?$/.test(text);
  const folded = isPlain ? text : text.replace(/\s+/g, '').toUpperCase();
  return folded.length > 1 && folded.endsWith('室') ? folded.slice(0, -1) : folded;
}

function readBornOn(row: RowReader, today: Day): Day | null {
  const cell = row.cell('born_on');
  // Eight digits kept as a number are 19800101; fewer are the serial number of a day.
  if (typeof cell !== 'string' && 'number' in cell && cell.number < 10_000_000) {
    const day = dayOfSerial(cell.number, cell.from1904);
    return row.take('born_on', values.checkBornOn(day, today));
  }
  return row.take('born_on', values.parseBornOn(row.text('born_on'), today));
}

interface DocumentRead {
  readonly type: DocumentType | null;
  readonly number: string | null;
  readonly citizen: CitizenNumber | null;
}

const noDocument: DocumentRead = { type: null, number: null, citizen: null };

/** Rules PE-3 and PE-7. A number without a kind is a citizen identity number. */
function readDocument(row: RowReader, today: Day): DocumentRead {
  const type = row.take('document_type', values.parseDocumentType(row.text('document_type')));
  const text = foldCell(row.text('document_number'));
  if (row.hasFault('document_type')) return noDocument;
  if (text === '') {
    const isExpected = type !== null && type !== 'none';
    if (isExpected) row.fault('document_number', 'persons.document-number-missing');
    return noDocument;
  }
  const cell = row.cell('document_number');
  if (typeof cell !== 'string' && 'number' in cell && Math.abs(cell.number) >= 1e15) {
    row.fault('document_number', 'persons.id-number-digits-lost');
    return noDocument;
  }
  if (type === 'none') {
    row.fault('document_number', 'persons.document-number-not-expected');
    return noDocument;
  }
  if (type === null || type === 'resident-id' || type === 'household-book') {
    const citizen = parseCitizenNumber(text, today);
    // Household books are entered with the child's own number as often as with the book's.
    if (typeof citizen !== 'string')
      return { type: 'resident-id', number: citizen.number, citizen };
    if (type !== 'household-book') {
      row.fault('document_number', citizen);
      return noDocument;
    }
  }
  const number = row.take('document_number', values.parseDocumentNumber(type, text));
  return number === null ? noDocument : { type, number, citizen: null };
}

/**
 * Rule PE-10. Whether a document tells persons apart: a household book's own number is shared by
 * everyone in the book.
 */
export function identifies(type: DocumentType | null): boolean {
  return type !== null && type !== 'household-book';
}
