/** Which program wrote a file, by its columns. */
export type Format = 'applied-biosystems' | 'bio-rad-cfx' | 'table';

/** Positions of the columns that are read, from 0. */
export interface Columns {
  readonly well: number;
  readonly target: number;
  readonly ct: number;
  readonly sample: number | null;
  readonly omit: number | null;
}

/** The table inside a file: what stands above it is preamble, what follows a blank is not ours. */
export interface Table {
  readonly format: Format;
  readonly instrument: string;
  readonly columns: Columns;
  /** Names of the columns, as written. */
  readonly header: readonly string[];
  readonly rows: readonly TableRow[];
}

export interface TableRow {
  /** Line of the file, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
  readonly isBroken: boolean;
}

/** Separators, the rarest in free text first: a preamble is full of commas. */
const separators = ['\t', ';', ','] as const;

/**
 * Names of columns, folded. The position column goes before the running number that Applied
 * Biosystems calls "Well".
 */
const names = {
  well: ['wellposition', 'wellpos', 'well', 'position', 'pos', '孔位', '孔', '孔号'],
  target: [
    'targetname',
    'target',
    'detectorname',
    'detector',
    'gene',
    '靶标',
    '靶基因',
    '基因',
    '检测项目',
  ],
  ct: ['ct', 'cq', 'cp', 'ct值', 'cq值'],
  sample: [
    'samplename',
    'sample',
    'sampleid',
    '样本',
    '样本名称',
    '样本编号',
    '标本编号',
    '样品名称',
  ],
  omit: ['omit', 'omitted'],
} as const;

/** Finds the first table with a well, a target and a Ct column; null when there is none. */
export function findTable(lines: readonly string[]): Table | null {
  for (const [index, line] of lines.entries()) {
    for (const separator of separators) {
      if (!line.includes(separator)) continue;
      const header = cut(line, separator).cells;
      const folded = header.map(foldName);
      const columns = columnsOf(folded);
      if (columns === null) continue;
      return {
        format: formatOf(folded),
        instrument: instrumentIn(lines.slice(0, index)) ?? formatOf(folded),
        columns,
        header,
        rows: rowsBelow(lines, { index, separator, columns }),
      };
    }
  }
  return null;
}

function columnsOf(folded: readonly string[]): Columns | null {
  const find = (wanted: readonly string[]): number | null => {
    for (const name of wanted) {
      const at = folded.indexOf(name);
      if (at >= 0) return at;
    }
    return null;
  };
  const [well, target, ct] = [find(names.well), find(names.target), find(names.ct)];
  if (well === null || target === null || ct === null) return null;
  return { well, target, ct, sample: find(names.sample), omit: find(names.omit) };
}

function formatOf(folded: readonly string[]): Format {
  if (folded.includes('fluor')) return 'bio-rad-cfx';
  const isApplied = ['wellposition', 'task', 'reporter', 'detector'].some((name) =>
    folded.includes(name),
  );
  return isApplied ? 'applied-biosystems' : 'table';
}

/** StepOne and 7500 write Ct with a Cyrillic letter, which looks the same and is not. */
const lookalikes: Record<string, string> = { с: 'c', т: 't', С: 'c', Т: 't' };

function foldName(name: string): string {
  const latin = name.normalize('NFKC').replace(/[стСТ]/g, (letter) => lookalikes[letter] ?? letter);
  return latin.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** The rows of a table: until the next section of the file, leaving out what is no row. */
function rowsBelow(
  lines: readonly string[],
  { index, separator, columns }: { index: number; separator: string; columns: Columns },
): TableRow[] {
  const rows: TableRow[] = [];
  for (let line = index + 1; line < lines.length; line++) {
    const text = lines[line] ?? '';
    if (text.startsWith('[')) break;
    const { cells, isBroken } = cut(text, separator);
    const filled = cells.filter((cell) => cell !== '').length;
    // A footer is a name and a value ("Analysis Type, Singleplex"); a well without a value is one
    // too, unless it is a well: then the missing cells must be reported.
    const isFooter = filled <= 2 && !/^[A-H]0?\d{1,2}$|^\d{1,2}$/i.test(cells[columns.well] ?? '');
    if (filled === 0 || isFooter) continue;
    rows.push({ line: line + 1, cells, isBroken });
  }
  return rows;
}

/**
 * Cuts one line into cells (RFC 4180: a cell in quotation marks may hold the separator, a doubled
 * mark stands for one). A cell never runs over the end of its line: one open mark must not swallow
 * the file.
 */
function cut(line: string, separator: string): { cells: string[]; isBroken: boolean } {
  if (!line.includes('"')) {
    return { cells: line.split(separator).map((cell) => cell.trim()), isBroken: false };
  }
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let index = 0; index < line.length; index++) {
    const character = line[index] ?? '';
    if (isQuoted && character === '"' && line[index + 1] === '"') {
      cell += '"';
      index += 1;
    } else if (character === '"' && (isQuoted || cell.trim() === '')) {
      isQuoted = !isQuoted;
    } else if (character === separator && !isQuoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += character;
  }
  return { cells: [...cells, cell.trim()], isBroken: isQuoted };
}

/** "* Instrument Type = QuantStudio 5", "Instrument Type,QuantStudio 5"; null when unsaid. */
function instrumentIn(preamble: readonly string[]): string | null {
  for (const line of preamble.slice(0, 200)) {
    const match = /instrument (?:type|name)\s*["']?\s*[=:,;\t]\s*["']?([^",;\t=]{2,80})/i.exec(
      line,
    );
    const name = match?.[1]?.trim() ?? '';
    if (name !== '') return name;
  }
  return null;
}
