import { limits } from '../../kernel/limits.ts';
import type { Label } from '../../ledger/room.ts';
import { readLabel } from '../custody/index.ts';
import { canonicalTarget } from './calls.ts';
import { type Columns, findTable, type Format } from './instrument-table.ts';
import type { RuleSet } from './rules.ts';
import { readWell, wellByNumber } from './wells.ts';

/**
 * Rule LA-10. What can be wrong with an instrument file, in the words of the error list. A file
 * with a fault that `stops` is not recorded: nothing half-done. The others are remarks.
 */
export const fileCodes = {
  'laboratory.file-too-long': {
    stops: true,
    en: 'The file is too long for one plate.',
    zh: '文件过大，超出一块板的范围。',
  },
  'laboratory.file-no-table': {
    stops: true,
    en: 'No table with well, target and Ct (or Cq) columns was found.',
    zh: '未找到含孔位、靶标和Ct（或Cq）列的表格。',
  },
  'laboratory.file-no-readings': {
    stops: true,
    en: 'The table holds no readings.',
    zh: '表格中没有读数。',
  },
  'laboratory.file-quote': {
    stops: true,
    en: 'A quotation mark is opened and not closed.',
    zh: '引号未闭合。',
  },
  'laboratory.file-extra-cells': {
    stops: true,
    en: 'The row has more cells than the header. A decimal comma in a comma-separated file?',
    zh: '该行单元格多于表头。逗号分隔文件中是否使用了小数逗号？',
  },
  'laboratory.file-unknown-well': {
    stops: true,
    en: 'A 96-well plate has wells A1 to H12.',
    zh: '96孔板的孔位为A1至H12。',
  },
  'laboratory.file-value-missing': {
    stops: true,
    en: 'The Ct is empty. No signal must be written, such as Undetermined or NaN.',
    zh: 'Ct值为空。无信号应写明，如Undetermined或NaN。',
  },
  'laboratory.file-value-unreadable': {
    stops: true,
    en: 'This is neither a Ct value nor a word for no signal.',
    zh: '既不是Ct值，也不是表示无信号的词。',
  },
  'laboratory.file-value-out-of-range': {
    stops: true,
    en: 'A Ct value lies above 0 and at most at 60 cycles.',
    zh: 'Ct值应大于0且不超过60。',
  },
  'laboratory.file-reading-twice': {
    stops: true,
    en: 'One target of one well has two different values.',
    zh: '同一孔同一靶标有两个不同数值。',
  },
  'laboratory.file-unknown-tube': {
    stops: true,
    en: 'The file names a tube that is not on this plate.',
    zh: '文件所列采样管不在该板上。',
  },
  'laboratory.file-tube-elsewhere': {
    stops: true,
    en: 'The file has this tube in another well than it was loaded in.',
    zh: '文件中该管的孔位与上样记录不符。',
  },
  'laboratory.file-unknown-target': {
    stops: false,
    en: 'The rule set knows no such target; the row was left out.',
    zh: '判读规则中无此靶标，该行已略过。',
  },
  'laboratory.file-well-omitted': {
    stops: false,
    en: 'The analyst left this well out at the instrument; the row was left out.',
    zh: '该孔在仪器上已被剔除，该行已略过。',
  },
} as const satisfies Record<string, Label & { readonly stops: boolean }>;

export type FileCode = keyof typeof fileCodes;

/** One thing wrong, where it is, and with what value. */
export interface FileFault {
  /** Line of the file, from 1; 0 when the fault is of the file as a whole. */
  readonly row: number;
  /** Name of the column as the file writes it; empty when the fault is of the whole row. */
  readonly column: string;
  readonly value: string;
  readonly code: FileCode;
}

/** What an instrument file says. */
export interface InstrumentFile {
  readonly format: Format | null;
  /** As the file names it, else the format. */
  readonly instrument: string;
  readonly readings: readonly {
    readonly well: string;
    readonly target: string;
    readonly ct: number | null;
  }[];
  readonly faults: readonly FileFault[];
  /** Whether the readings may go on record. */
  readonly isUsable: boolean;
}

/** What the reader knows beforehand. */
export interface FileContext {
  readonly ruleSet: RuleSet;
  /** What was loaded, to find tubes that the file has and the plate has not. */
  readonly wells?: readonly { readonly well: string; readonly tube: string }[];
}

const faultsMax = 500;

/**
 * Rule LA-10. Reads a result file of a PCR instrument: the CSV or text exports of Applied
 * Biosystems (QuantStudio, 7500, StepOne) and Bio-Rad CFX, and any table with well, target and Ct
 * columns. Never throws: what cannot be read is listed with its row, column and code.
 */
export function parseInstrumentFile(text: string, context: FileContext): InstrumentFile {
  if (text.length > limits.requestBodyBytesMax) return unusable('laboratory.file-too-long');
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const table = findTable(lines);
  if (table === null) return unusable('laboratory.file-no-table');
  const reader = new TableReader(context, table.columns, table.header);
  for (const row of table.rows) reader.take(row);
  const { readings, faults } = reader.finish();
  const isUsable = faults.every(({ code }) => !fileCodes[code].stops);
  return { format: table.format, instrument: table.instrument, readings, faults, isUsable };
}

function unusable(code: FileCode): InstrumentFile {
  const faults = [{ row: 0, column: '', value: '', code }];
  return { format: null, instrument: '', readings: [], faults, isUsable: false };
}

/** Words for "no signal crossed the threshold", folded. */
const noSignal = new Set([
  'UNDETERMINED',
  'UNDET',
  'NAN',
  'N/A',
  'NA',
  'NOCT',
  'NOCQ',
  'NOCP',
  'NOAMP',
  '-',
  '--',
  '无',
  '无CT',
  '未检出',
]);

/** Rule LA-10. A Ct as instruments write it: decimal point or comma, or a word for no signal. */
export function readCt(text: string): { readonly ct: number | null } | FileCode {
  const folded = text.normalize('NFKC').replace(/\s+/g, '').toUpperCase();
  if (folded === '') return 'laboratory.file-value-missing';
  if (noSignal.has(folded) || /^>\d{2}(?:[.,]0+)?$/.test(folded)) return { ct: null };
  if (!/^\d{1,3}(?:[.,]\d{1,20})?$/.test(folded)) return 'laboratory.file-value-unreadable';
  const ct = Number(folded.replace(',', '.'));
  // Some programs write 0 for "none": nobody can tell it from a broken export, so a person must.
  return ct > 0 && ct <= 60 ? { ct } : 'laboratory.file-value-out-of-range';
}

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
  /** The line could not be cut into cells: a quotation mark is open. */
  readonly isBroken: boolean;
}

/** Reads the rows under a header, one by one. */
class TableReader {
  readonly #context: FileContext;
  readonly #columns: Columns;
  readonly #header: readonly string[];
  readonly #tubeIn: ReadonlyMap<string, string>;
  readonly #tubes: ReadonlySet<string>;
  readonly #values = new Map<string, { well: string; target: string; ct: number | null }>();
  readonly #faults: FileFault[] = [];

  constructor(context: FileContext, columns: Columns, header: readonly string[]) {
    this.#context = context;
    this.#columns = columns;
    this.#header = header;
    this.#tubeIn = new Map((context.wells ?? []).map(({ well, tube }) => [well, tube]));
    this.#tubes = new Set(this.#tubeIn.values());
  }

  take({ line, cells, isBroken }: Row): void {
    if (isBroken) return this.#fault(line, null, 'laboratory.file-quote', cells.join(' '));
    const { well: wellAt, target: targetAt, ct: ctAt } = this.#columns;
    const beyond = cells.slice(this.#header.length).find((cell) => cell !== '');
    if (beyond !== undefined) {
      return this.#fault(line, null, 'laboratory.file-extra-cells', cells.join(' | '));
    }
    const [wellText = '', targetText = '', ctText = ''] = [
      cells[wellAt],
      cells[targetAt],
      cells[ctAt],
    ];
    // An export lists wells that nobody filled: no target, no value.
    if (targetText === '' && (ctText === '' || noSignal.has(ctText.toUpperCase()))) return;
    const well = readWell(wellText) ?? wellNumbered(wellText);
    if (well === null) return this.#fault(line, wellAt, 'laboratory.file-unknown-well', wellText);
    const { omit } = this.#columns;
    if (omit !== null && /^(true|1|yes)$/i.test(cells[omit] ?? '')) {
      return this.#fault(line, omit, 'laboratory.file-well-omitted', wellText);
    }
    this.#checkTube(line, well, cells);
    const target = canonicalTarget(targetText, this.#context.ruleSet);
    if (target === null) {
      return this.#fault(line, targetAt, 'laboratory.file-unknown-target', targetText);
    }
    const read = readCt(ctText);
    if (typeof read === 'string') return this.#fault(line, ctAt, read, ctText);
    const key = `${well} ${target}`;
    const known = this.#values.get(key);
    if (known !== undefined && known.ct !== read.ct) {
      return this.#fault(line, ctAt, 'laboratory.file-reading-twice', ctText);
    }
    this.#values.set(key, { well, target, ct: read.ct });
  }

  /** A sample name that is a label must be the label of the tube in that well. */
  #checkTube(line: number, well: string, cells: readonly string[]): void {
    const { sample } = this.#columns;
    const expected = this.#tubeIn.get(well);
    if (sample === null || this.#tubes.size === 0) return;
    const text = cells[sample] ?? '';
    const named = readLabel(text);
    if (named === null || named === expected) return;
    // Names such as NTC-01 in a control's well are no tubes of ours.
    if (this.#tubes.has(named)) this.#fault(line, sample, 'laboratory.file-tube-elsewhere', text);
    else if (expected !== undefined) {
      this.#fault(line, sample, 'laboratory.file-unknown-tube', text);
    }
  }

  #fault(line: number, column: number | null, code: FileCode, value: string): void {
    if (this.#faults.length >= faultsMax) return;
    const name = column === null ? '' : (this.#header[column] ?? '');
    this.#faults.push({ row: line, column: name, value: value.slice(0, 80), code });
  }

  finish(): Pick<InstrumentFile, 'readings' | 'faults'> {
    const readings = [...this.#values.values()];
    if (readings.length === 0) this.#fault(0, null, 'laboratory.file-no-readings', '');
    return { readings, faults: this.#faults };
  }
}

/** Applied Biosystems numbers wells 1 … 96 along the rows when it has no position column. */
function wellNumbered(text: string): string | null {
  return /^\d{1,2}$/.test(text) ? wellByNumber(Number(text)) : null;
}
