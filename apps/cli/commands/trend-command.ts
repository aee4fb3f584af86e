import type { ParseArgsOptionsConfig } from 'node:util';
import { Misuse } from '../misuse.ts';

/** What was typed after a sub-command of `sextant trend`, by the names of its options. */
export interface TrendValues {
  readonly [option: string]: string | boolean | (string | boolean)[] | undefined;
}

/** One sub-command of `sextant trend`. */
export interface TrendCommand {
  readonly name: string;
  /** The options, as one line of help shows them. */
  readonly usage: string;
  /** Options of its own; `--json` and `--help` are every sub-command's. */
  readonly options: ParseArgsOptionsConfig;
  /** Runs it and answers the exit code. Throws `Misuse`, or a `Fault` with a code. */
  readonly run: (values: TrendValues) => Promise<number>;
}

/** The text of an option that may be left out. */
export function findText(values: TrendValues, name: string): string | null {
  const value = values[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The text of an option without which the command makes no sense. */
export function getText(values: TrendValues, name: string): string {
  const text = findText(values, name);
  if (text === null) throw new Misuse(`--${name} is missing`);
  return text;
}

/** The number that an option gives, null when it is left out. */
export function findNumber(values: TrendValues, name: string): number | null {
  const text = findText(values, name);
  if (text === null) return null;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw new Misuse(`--${name} is a number, not ${text}`);
  }
  return value;
}
