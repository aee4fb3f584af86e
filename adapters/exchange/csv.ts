import { once } from 'node:events';
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { checkCells, type Row } from './cells.ts';
import type { FileLimits } from './limits.ts';
import { FileRefused } from './refusal.ts';

/** Rows that travel together: a promise a row would cost more than the row. */
const batchRows = 2_000;

/**
 * Reads rows from UTF-8 text with commas, semicolons or tabs. Empty lines count as rows, so that
 * every number is the one that a spreadsheet shows.
 */
export async function* readCsv(
  text: AsyncIterable<Uint8Array>,
  limits: FileLimits,
): AsyncGenerator<readonly Row[]> {
  const { top, whole } = await peek(text);
  const options = {
    delimiter: delimiterOf(top),
    // Named and not left to discovery: files put together from several have several line ends.
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: limits.rowCharsMax,
    // An option of the stream beneath: rows that the parser may have ready.
    readableHighWaterMark: batchRows * 2,
  };
  const parser = parse(options);
  const source = Readable.from(whole);
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let row = 0;
  try {
    for (;;) {
      const batch: Row[] = [];
      let record: string[] | null;
      while (batch.length < batchRows && (record = parser.read() as string[] | null) !== null) {
        row += 1;
        if (row > limits.rowsMax) throw new FileRefused('exchange.too-many-rows', { row });
        if (record.length > limits.columnsMax) {
          throw new FileRefused('exchange.too-many-columns', { row, columns: record.length });
        }
        batch.push({ row, cells: checkCells(record, limits) });
      }
      if (batch.length > 0) yield batch;
      else if (parser.readableEnded) return;
      else await moved(parser);
    }
  } catch (error) {
    throw translate(error, row);
  } finally {
    source.destroy();
    parser.destroy();
  }
}

/** Waits until the parser has a row, has ended, or has failed. */
async function moved(parser: Readable): Promise<void> {
  if (parser.destroyed) throw parser.errored ?? new FileRefused('exchange.csv-malformed');
  const stop = new AbortController();
  const { signal } = stop;
  try {
    await Promise.race([once(parser, 'readable', { signal }), once(parser, 'end', { signal })]);
  } finally {
    stop.abort();
  }
}

function translate(error: unknown, row: number): unknown {
  if (!(error instanceof CsvError)) return error;
  const details = { row: row + 1, line: Number(error['lines'] ?? 0) };
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') {
    return new FileRefused('exchange.csv-unclosed-quote', details);
  }
  if (error.code === 'CSV_MAX_RECORD_SIZE') {
    return new FileRefused('exchange.csv-row-too-long', details);
  }
  return new FileRefused('exchange.csv-malformed', { ...details, reason: error.code });
}

/** The separator that most lines near the top have most of, outside quotation marks. */
function delimiterOf(top: string): string {
  const lines = top.replace(/"[^"]*"/g, '').split(/[\r\n]+/, linesThatVote);
  const votes = new Map([',', ';', '\t'].map((mark): [string, number] => [mark, 0]));
  for (const line of lines) {
    const mark = greatest(
      new Map([...votes.keys()].map((each) => [each, line.split(each).length])),
    );
    if (line.includes(mark)) votes.set(mark, (votes.get(mark) ?? 0) + 1);
  }
  return greatest(votes);
}

const linesThatVote = 10;

/** The key with the greatest count; of equals the first. */
function greatest(counts: ReadonlyMap<string, number>): string {
  let best = ',';
  for (const [key, count] of counts) if (count > (counts.get(best) ?? 0)) best = key;
  return best;
}

/** Enough to hold a title, a header and a few rows. */
const topBytes = 8_000;

/** The top of a text, and the whole text again. */
async function peek(
  text: AsyncIterable<Uint8Array>,
): Promise<{ top: string; whole: AsyncIterable<Uint8Array> }> {
  const iterator = text[Symbol.asyncIterator]();
  const seen: Uint8Array[] = [];
  let size = 0;
  while (size < topBytes) {
    const next = await iterator.next();
    if (next.done === true) break;
    seen.push(next.value);
    size += next.value.length;
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    try {
      yield* seen;
      yield* { [Symbol.asyncIterator]: () => iterator };
    } finally {
      await iterator.return?.();
    }
  }
  return { top: Buffer.concat(seen).toString('utf8', 0, topBytes), whole: whole() };
}
