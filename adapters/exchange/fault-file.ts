import type { Writable } from 'node:stream';
import { once } from 'node:events';

/** One fault of one cell, as it stands in the error file. */
export interface FileFault {
  readonly row: number;
  /** The header of the file, or the field's name where the file has no such column. */
  readonly column: string;
  readonly value: string;
  readonly code: string;
  readonly reason: string;
}

const header = 'row,column,value,code,reason';

/**
 * Writes faults as CSV, one line a fault, in UTF-8 with a byte-order mark: without it the
 * spreadsheet programs of a Chinese desk read it as GBK.
 */
export class FaultFile {
  readonly #out: Writable;
  #lines: string[] = [`\ufeff${header}`];

  constructor(out: Writable) {
    this.#out = out;
  }

  /** Takes one fault; it is written with the next `flush`. */
  add(fault: FileFault): void {
    const { row, column, value, code, reason } = fault;
    this.#lines.push([String(row), column, value, code, reason].map(quote).join(','));
  }

  /** Writes what has been taken and waits until there is room for more. */
  async flush(): Promise<void> {
    if (this.#lines.length === 0) return;
    const text = `${this.#lines.join('\r\n')}\r\n`;
    this.#lines = [];
    if (!this.#out.write(text)) await once(this.#out, 'drain');
  }
}

/**
 * A cell of a CSV file (RFC 4180). What a spreadsheet would run as a formula gets an apostrophe in
 * front: the value comes from a file that was refused for it (OWASP, CSV injection).
 */
export function quote(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
