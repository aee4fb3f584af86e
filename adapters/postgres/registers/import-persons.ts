import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Day } from '../../../kernel/day.ts';
import { type Refusal, refuse } from '../../../ledger/decision.ts';
import type { FactDraft } from '../../../ledger/fact.ts';
import { rosterImported } from '../../../rooms/persons/index.ts';
import type { FileFault } from '../../exchange/fault-file.ts';
import { FileRefused } from '../../exchange/refusal.ts';
import { openTable, type Table, type TableOptions } from '../../exchange/table.ts';
import { insertPlaces, loadDirectory } from './places.ts';
import { type ComparedFault, RosterReading, type TakenRow } from './roster-reading.ts';

/** Where the faults of a file go. */
export interface FaultSink {
  readonly add: (fault: FileFault) => void;
  readonly flush: () => Promise<void>;
}

/** How far an import has come. */
export interface ImportProgress {
  readonly step: 'reading' | 'matching' | 'writing';
  readonly rows: number;
  readonly bytesRead: number;
}

/** An import of a roster. */
export interface PersonsImport {
  /** A connection of its own, not in a transaction. */
  readonly client: ClientBase;
  /** The bytes of the file: CSV of any encoding, or a workbook. */
  readonly source: AsyncIterable<Uint8Array>;
  readonly tableOptions?: TableOptions;
  readonly importId: string;
  /** The place that the fact is recorded at: whose roster it is. */
  readonly place: string;
  readonly today: Day;
  readonly map?: ReadonlyMap<string, string>;
  readonly createPlaces?: boolean;
  /** Only homes at or below this place are taken: where the account's role is held. */
  readonly within?: string;
  readonly faults?: FaultSink;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Called in the transaction before it commits, on the same connection. */
  readonly beforeCommit?: (fact: FactDraft) => Promise<void>;
}

/** What an import did: rows = imported + updated + unchanged + rejected. */
export interface ImportedPersons {
  readonly kind: 'imported';
  readonly rows: number;
  readonly imported: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
  readonly placesMade: number;
  readonly digest: string;
  /** To be put on record, unless `beforeCommit` has done so. */
  readonly fact: FactDraft;
}

/**
 * Rules PE-8 to PE-12. Imports a roster in one transaction: all good rows, or nothing when the
 * file is refused, the connection breaks or the process dies. It never stops for a question.
 */
export async function importPersons(work: PersonsImport): Promise<ImportedPersons | Refusal> {
  return withTable(work.source, work.tableOptions, (table) =>
    inOwnTransaction(work.client, () => importInTransaction(work, table)),
  );
}

/** Opens a table for some work; a file that is refused is a refusal, and the table is closed. */
export async function withTable<T>(
  source: AsyncIterable<Uint8Array>,
  options: TableOptions | undefined,
  work: (table: Table) => Promise<T>,
): Promise<T | Refusal> {
  let table: Table | null = null;
  try {
    table = await openTable(source, options);
    return await work(table);
  } catch (error) {
    if (error instanceof FileRefused) return refuse(error.code, error.details);
    throw error;
  } finally {
    await table?.close();
  }
}

/** Commits what was imported; rolls back a refusal and an error. */
export async function inOwnTransaction<T extends { readonly kind: string }>(
  client: ClientBase,
  work: () => Promise<T>,
): Promise<T> {
  await client.query('begin');
  try {
    const outcome = await work();
    await client.query(outcome.kind === 'imported' ? 'commit' : 'rollback');
    return outcome;
  } catch (error) {
    // The first error says what happened; a connection that is gone has rolled back by itself.
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

/** A roster that made its own tree is on record at the root of that tree. */
async function placeOfRoster(client: ClientBase, place: string): Promise<string> {
  if (place !== '*') return place;
  const { rows } = await client.query<{ code: string }>(
    'select code from places where parent_code is null order by code limit 1',
  );
  return rows[0]?.code ?? place;
}

async function importInTransaction(
  work: PersonsImport,
  table: Table,
): Promise<ImportedPersons | Refusal> {
  const { client, importId, faults } = work;
  await client.query('set local statement_timeout = 0');
  const begun = await client.query<{ begun: boolean }>('select roster_begin() as begun');
  if (begun.rows[0]?.begun !== true) return refuse('persons.import-running');
  const directory = await loadDirectory(client);
  const reading = new RosterReading({
    directory,
    today: work.today,
    map: work.map ?? new Map(),
    createPlaces: work.createPlaces ?? false,
    within: work.within ?? null,
  });
  await stage(work, table, reading);
  if (reading.refusal !== null) return reading.refusal;
  const made = directory.takeMade();
  await insertPlaces(client, made);
  const report = (step: ImportProgress['step']): void =>
    work.onProgress?.({ step, rows: reading.rows, bytesRead: table.bytesRead() });
  report('matching');
  for (const step of ['roster_refuse_twice', 'roster_match']) {
    const refused = await client.query<ComparedFault & { readonly [column: string]: unknown }>(
      `select row_no, field, value, code, first_row from ${step}() order by row_no`,
    );
    for (const fault of refused.rows) reading.reject(fault);
  }
  await drainFaults(reading, faults);
  report('writing');
  // New rooms are made first: somebody on record may have moved into one.
  const fresh = await client.query<{ n: number }>('select roster_write_new() as n');
  const known = await client.query<{ n: number }>('select roster_write_known() as n');
  await client.query('select roster_end()');
  const { rows, rejected } = reading;
  const imported = fresh.rows[0]?.n ?? 0;
  const updated = known.rows[0]?.n ?? 0;
  const unchanged = rows - rejected - imported - updated;
  const digest = table.digest();
  const body = { importId, rows, imported, updated, rejected, digest };
  const fact = rosterImported(body, await placeOfRoster(client, work.place));
  await work.beforeCommit?.(fact);
  const counts = { rows, imported, updated, unchanged, rejected };
  return { kind: 'imported', ...counts, placesMade: made.length, digest, fact };
}

/** Reads the file and streams its good rows into the staging table while it goes. */
async function stage(work: PersonsImport, table: Table, reading: RosterReading): Promise<void> {
  const { client, faults, onProgress } = work;
  const copy = client.query(copyFrom(copyStatement));
  const failed = new Promise<never>((_, reject) => copy.once('error', reject));
  // Waited for below; a failure while nobody waits must not end the process.
  failed.catch(() => undefined);
  try {
    for await (const batch of table.rows) {
      const lines: string[] = [];
      for (const row of batch) {
        const taken = reading.take(row);
        if (taken !== null) lines.push(copyLine(taken));
        if (reading.refusal !== null) break;
      }
      if (reading.refusal !== null) break;
      if (lines.length > 0) await Promise.race([write(copy, lines.join('')), failed]);
      await drainFaults(reading, faults);
      onProgress?.({ step: 'reading', rows: reading.rows, bytesRead: table.bytesRead() });
    }
    if (reading.refusal === null) reading.finish(table.merged);
    copy.end();
    await Promise.race([once(copy, 'finish'), failed]);
  } catch (error) {
    copy.destroy();
    throw error;
  }
}

async function write(copy: Writable, text: string): Promise<void> {
  if (!copy.write(text)) await once(copy, 'drain');
}

async function drainFaults(reading: RosterReading, sink: FaultSink | undefined): Promise<void> {
  if (reading.faults.length === 0) return;
  for (const fault of reading.faults) sink?.add(fault);
  reading.faults.length = 0;
  await sink?.flush();
}

const copyStatement = `copy roster_staging
  (row_no, place_code, room, name, sex, born_on, document_type, document_number, phone)
  from stdin`;

/** One line of COPY's text format. */
function copyLine({ row, placeCode, person }: TakenRow): string {
  const { name, sex, bornOn, documentType, documentNumber, phone, home } = person;
  const values = [placeCode, home.room, name, sex, bornOn, documentType, documentNumber, phone];
  let line = String(row);
  for (const value of values) line += value === null ? '\t\\N' : `\t${escape(value)}`;
  return `${line}\n`;
}

function escape(text: string): string {
  return /[\\\t\n\r]/.test(text)
    ? text.replace(/[\\\t\n\r]/g, (mark) => `\\${escapes[mark] ?? mark}`)
    : text;
}

const escapes: { readonly [mark: string]: string } = { '\t': 't', '\n': 'n', '\r': 'r' };
