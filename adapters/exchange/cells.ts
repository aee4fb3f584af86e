import type { Cell } from '../../rooms/persons/index.ts';
import type { FileLimits } from './limits.ts';
import type { CellRefusalCode } from './refusal.ts';

/** A row of a table: its number as a spreadsheet shows it, from 1, and its cells. */
export interface Row {
  readonly row: number;
  readonly cells: readonly Cell[];
}

// A formula begins with = or @; + and - begin one unless a number follows, as in +86 139.
const suspicious = /^[=@]|^[+\-](?![\s\d\(])|[[\p{Cc}--\t]\ufffd]/v;

/** Looks at the cells of a row of text and replaces those that cannot be taken by the reason. */
export function checkCells(cells: readonly string[], limits: FileLimits): readonly Cell[] {
  let checked: Cell[] | null = null;
  for (let index = 0; index < cells.length; index++) {
    const text = cells[index] ?? '';
    if (text.length <= limits.cellCharsMax && !suspicious.test(text)) continue;
    const refused = reasonOf(text, limits);
    if (refused === null) continue;
    checked ??= [...cells];
    checked[index] = { refused, text: text.slice(0, 80) };
  }
  return checked ?? cells;
}

/** Why a text is no value; null when it is one. */
export function reasonOf(text: string, limits: FileLimits): CellRefusalCode | null {
  if (text.length > limits.cellCharsMax) return 'exchange.cell-too-long';
  if (/^[=@]|^[+-](?![\s\d(])/.test(text))
    return isPlaceholder(text) ? null : 'exchange.formula-cell';
  // A line break at the end of a cell is what Alt+Enter leaves behind; within it, rows have merged.
  if (/[\r\n]/.test(text.trim())) return 'exchange.line-break-in-cell';
  return /[[\p{Cc}--[\t\r\n]]\ufffd]/v.test(text) ? 'exchange.undecodable-character' : null;
}

/** Dashes by which people say "nothing here". */
function isPlaceholder(text: string): boolean {
  return /^-+$/.test(text);
}

/** The text of a cell, whatever it holds. */
export function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text;
}
