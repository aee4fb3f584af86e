import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { FaultFile } from '../../../adapters/exchange/fault-file.ts';
import { Fault } from '../../../adapters/fault.ts';
import { wordsOf } from '../../../adapters/http/refusal.ts';
import { announceRoster } from '../../../adapters/postgres/roster.ts';
import {
  type FaultSink,
  type ImportProgress,
  importPersons,
} from '../../../adapters/postgres/registers/import-persons.ts';
import { importPlaces } from '../../../adapters/postgres/registers/import-places.ts';
import { dayOf } from '../../../kernel/day.ts';
import { instant } from '../../../kernel/instant.ts';
import type { Actor } from '../../../ledger/access.ts';
import type { Refusal } from '../../../ledger/decision.ts';
import type { FactDraft } from '../../../ledger/fact.ts';
import { recordDrafts } from '../../../ledger/perform.ts';
import type { Composed } from '../../server/compose.ts';
import { printJson, printTable, progress, progressDone } from '../print.ts';
import { openSession, type Target } from '../session.ts';

/** What is imported, and how. */
export interface ImportOrder {
  readonly what: 'persons' | 'places';
  readonly file: string;
  /** Where the faults go, one line each; null for nowhere. */
  readonly errors: string | null;
  readonly createPlaces: boolean;
  /** `header=field`, once for each column that is named. */
  readonly map: readonly string[];
  /** The sheet of a workbook; by default the only one with rows. */
  readonly sheet?: string;
  readonly json: boolean;
}

interface Done {
  readonly kind: 'done';
  readonly counts: { readonly [count: string]: unknown; readonly rejected: number };
}

/**
 * `sextant import`: a roster or a tree of places from a CSV file or a workbook. It works on the
 * database itself, beside a running server, which is told. Exit 1 when any row was rejected.
 */
export async function importFile(target: Target, order: ImportOrder): Promise<number> {
  const { size } = await stat(order.file).catch(() => {
    throw new Fault('import.no-such-file', `${order.file} cannot be read`);
  });
  const map = readMap(order.map);
  const faults = await openFaults(order.errors);
  const session = await openSession(target);
  const { composed } = session;
  const client = await composed.context.pool.connect();
  try {
    const work = { composed, client, order, map, size, faults: faults.sink };
    const outcome = order.what === 'persons' ? await roster(work) : await tree(work);
    progressDone();
    if (outcome.kind === 'refused') throw refused(composed, outcome);
    await announceRoster(client, 'imported');
    await faults.close();
    tell(order, outcome, faults);
    return outcome.counts.rejected > 0 ? 1 : 0;
  } finally {
    progressDone();
    client.release();
    await faults.close();
    await session.close();
  }
}

interface Work {
  readonly composed: Composed;
  readonly client: PoolClient;
  readonly order: ImportOrder;
  readonly map: ReadonlyMap<string, string>;
  /** Bytes of the file. */
  readonly size: number;
  readonly faults: FaultSink;
}

async function roster(work: Work): Promise<Done | Refusal> {
  const { composed, client, order, map, size, faults } = work;
  const importId = randomUUID();
  const outcome = await importPersons({
    client,
    source: createReadStream(order.file),
    importId,
    place: composed.context.roster().childrenOf(null)[0]?.code ?? '*',
    today: dayOf(instant(Date.now()), shanghaiMinutes),
    map,
    ...(order.sheet === undefined ? {} : { tableOptions: { sheet: order.sheet } }),
    createPlaces: order.createPlaces,
    faults,
    onProgress: (at) => progress(describe(at, size)),
  });
  if (outcome.kind === 'refused') return outcome;
  const { kind: _kind, fact, ...counts } = outcome;
  await record(composed, importId, fact);
  return { kind: 'done', counts };
}

/** China Standard Time: the day on which "today" falls for a date of birth. */
const shanghaiMinutes = 480;

async function tree({ client, order, faults }: Work): Promise<Done | Refusal> {
  const outcome = await importPlaces({ client, source: createReadStream(order.file), faults });
  if (outcome.kind === 'refused') return outcome;
  const { kind: _kind, ...counts } = outcome;
  return { kind: 'done', counts };
}

/** Whoever holds the database may import; the record says so under this name. */
const operator: Actor = { account: 'operator', grants: [{ role: 'headquarters', place: '*' }] };

async function record(composed: Composed, importId: string, fact: FactDraft): Promise<void> {
  const request = { actId: importId, at: composed.context.clock.now() };
  await composed.context.writer.submit((work) => recordDrafts(work, request, operator, [fact]));
}

function describe({ step, rows, bytesRead }: ImportProgress, size: number): string {
  if (step !== 'reading') return `${step} ${rows} rows`;
  const percent = size === 0 ? 100 : Math.floor((bytesRead / size) * 100);
  return `reading ${rows} rows, ${percent} %`;
}

function refused({ context }: Composed, { code, details }: Refusal): Fault {
  const words = wordsOf(context)[code]?.en ?? 'refused';
  const where = Object.keys(details).length === 0 ? '' : ` ${JSON.stringify(details)}`;
  return new Fault(code, `${words}${where}`);
}

/** A header may hold any sign, a field never an equals sign: the last one parts them. */
function readMap(pairs: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    pairs.map((pair): [string, string] => {
      const at = pair.lastIndexOf('=');
      if (at < 1) throw new Fault('import.bad-map', `--map is HEADER=FIELD, not ${pair}`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

interface OpenFaults {
  readonly sink: FaultSink;
  /** The first few, for people who asked for no file. */
  readonly shown: readonly object[];
  readonly close: () => Promise<void>;
}

const shownMax = 20;

/** Opens the error file before anything is imported: faults that cannot be kept stop the import. */
async function openFaults(path: string | null): Promise<OpenFaults> {
  const out = path === null ? null : createWriteStream(path);
  const unwritten = (cause: unknown): never => {
    throw new Fault('import.errors-not-written', `${path} cannot be written`, { cause });
  };
  if (out !== null) await once(out, 'open').catch(unwritten);
  const file = out === null ? null : new FaultFile(out);
  // A full disk shows at the next write, which waits for it.
  const failed = new Promise<never>((_, reject) => out?.once('error', reject));
  failed.catch(() => undefined);
  const shown: object[] = [];
  const sink: FaultSink = {
    add: (fault) => {
      file?.add(fault);
      if (shown.length < shownMax) shown.push(fault);
    },
    flush: async () => {
      if (file !== null) await Promise.race([file.flush(), failed]).catch(unwritten);
    },
  };
  let closing: Promise<void> | null = null;
  const closeNow = async (): Promise<void> => {
    if (out === null || out.errored !== null) return;
    await sink.flush();
    out.end();
    await finished(out).catch(unwritten);
  };
  return { sink, shown, close: () => (closing ??= closeNow()) };
}

function tell(order: ImportOrder, { counts }: Done, { shown }: OpenFaults): void {
  if (order.json) {
    printJson(counts);
    return;
  }
  const { digest: _digest, ...numbers } = counts;
  printTable([numbers]);
  if (counts.rejected === 0) return;
  if (order.errors !== null) process.stdout.write(`\nfaults are in ${order.errors}\n`);
  else {
    process.stdout.write('\n');
    printTable(shown as { readonly [column: string]: unknown }[]);
    process.stdout.write('\n--errors OUT.csv writes every fault, one line each\n');
  }
}
