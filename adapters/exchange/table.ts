import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Row } from './cells.ts';
import { readCsv } from './csv.ts';
import { type FileLimits, fileLimits } from './limits.ts';
import { FileRefused } from './refusal.ts';
import { chooseSheet, readSheet } from './sheet.ts';
import { atLeast, type Encoding, toUtf8 } from './text.ts';
import { openWorkbook } from './workbook.ts';

/** A table being read, from whatever it came as. */
export interface Table {
  readonly format: 'csv' | 'xlsx';
  /** Rows in batches, header included. Throws `FileRefused`. */
  readonly rows: AsyncIterable<readonly Row[]>;
  /** Known once the rows have begun; null for a workbook. */
  readonly encoding: () => Encoding | null;
  /** Bytes of the file read so far. */
  readonly bytesRead: () => number;
  /** SHA-256 of the file in hexadecimal, once the rows have ended. */
  readonly digest: () => string;
  /** Ranges merged over several rows, once the rows have ended. */
  readonly merged: readonly string[];
  /** Frees what the reading holds; to be called however it ended. */
  readonly close: () => Promise<void>;
}

/** What the caller may know of a file. */
export interface TableOptions {
  readonly sheet?: string;
  readonly limits?: Partial<FileLimits>;
  /** Where a workbook is put down while it is read; by default the system's folder for that. */
  readonly temporaryFolder?: string;
}

const zipMark = Buffer.from('PK\u0003\u0004');
// Old binary workbooks and encrypted new ones are both in this container (MS-CFB).
const compoundMark = Buffer.from([0xd0, 0xcf, 0x11, 0xe0]);

/** Opens a table by its first bytes: a workbook, or text of any encoding. */
export async function openTable(
  source: AsyncIterable<Uint8Array>,
  options: TableOptions = {},
): Promise<Table> {
  const limits: FileLimits = { ...fileLimits, ...options.limits };
  const meter = new Meter();
  const iterator = meter.measure(atLeast(source, 4), limits)[Symbol.asyncIterator]();
  const stop = async (): Promise<void> => void (await iterator.return(undefined));
  const first = await iterator.next();
  if (first.done === true) throw new FileRefused('exchange.empty-file');
  const top: Uint8Array = first.value;
  const mark = Buffer.from(top.subarray(0, 4));
  if (mark.equals(compoundMark)) {
    await stop();
    throw new FileRefused('exchange.xls-not-supported');
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield top;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  if (mark.equals(zipMark)) return openWorkbookTable(whole(), meter, { ...options, limits });
  let encoding: Encoding | null = null;
  const text = toUtf8(whole(), (found) => {
    encoding = found;
  });
  return {
    format: 'csv',
    rows: readCsv(text, limits),
    encoding: () => encoding,
    ...meter.asked(),
    merged: [],
    close: stop,
  };
}

/** A workbook's list of parts stands at its end, so it is put down as a file before it is read. */
async function openWorkbookTable(
  bytes: AsyncIterable<Uint8Array>,
  meter: Meter,
  options: TableOptions & { readonly limits: FileLimits },
): Promise<Table> {
  const { limits } = options;
  const folder = await mkdtemp(join(options.temporaryFolder ?? tmpdir(), 'sextant-import-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const path = join(folder, 'workbook');
    meter.bytesMax = limits.workbookBytesMax;
    await pipeline(Readable.from(bytes), createWriteStream(path, { mode: 0o600 }));
    const book = await openWorkbook(path, limits);
    const merged: string[] = [];
    const close = async (): Promise<void> => {
      book.archive.close();
      await remove();
    };
    try {
      const sheet = await chooseSheet(book, options.sheet, limits);
      const rows = readSheet(book, sheet, limits, merged);
      return { format: 'xlsx', rows, encoding: () => null, ...meter.asked(), merged, close };
    } catch (error) {
      book.archive.close();
      throw error;
    }
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Counts and digests the bytes that pass. */
class Meter {
  bytesMax = Number.MAX_SAFE_INTEGER;
  readonly #hash = createHash('sha256');
  #bytes = 0;
  #digest: string | null = null;

  async *measure(
    source: AsyncIterable<Uint8Array>,
    limits: FileLimits,
  ): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      this.#bytes += chunk.length;
      if (this.#bytes > Math.min(this.bytesMax, limits.fileBytesMax)) {
        throw new FileRefused('exchange.file-too-large', { bytes: this.#bytes });
      }
      this.#hash.update(chunk);
      yield chunk;
    }
  }

  asked(): Pick<Table, 'bytesRead' | 'digest'> {
    return {
      bytesRead: () => this.#bytes,
      digest: () => (this.#digest ??= this.#hash.digest('hex')),
    };
  }
}
