import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { FaultFile } from '../adapters/exchange/fault-file.ts';
import { openDatabase } from '../adapters/postgres/database.ts';
import { startEmbedded } from '../adapters/postgres/embedded.ts';
import { migrate } from '../adapters/postgres/migrate.ts';
import { importPersons } from '../adapters/postgres/registers/import-persons.ts';
import { importPlaces } from '../adapters/postgres/registers/import-places.ts';
import type { Day } from '../kernel/day.ts';
import { rosterLines, treeLines } from './support/roster-file.ts';

const usage = 'npm run bench -- import [--rows N] [--seed N] [--database-url URL]';

/**
 * Imports a made roster with one bad row in a hundred, and copies the same bytes into a bare table
 * in the same run: the ratio says what parsing, checking, matching and indexes cost.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string', default: '1000000' },
      seed: { type: 'string', default: '1' },
      'database-url': { type: 'string' },
    },
  });
  const rows = Number(values.rows);
  const seed = Number(values.seed);
  if (!Number.isInteger(rows) || rows < 1 || !Number.isInteger(seed)) throw new Error(usage);
  const folder = await mkdtemp(join(tmpdir(), 'sextant-bench-'));
  // Passable for the account that PostgreSQL runs as when the bench runs as root.
  await chmod(folder, 0o711);
  const server =
    values['database-url'] === undefined
      ? await startEmbedded({ dataDir: join(folder, 'data'), graceSeconds: 5 })
      : null;
  try {
    const url = values['database-url'] ?? server?.connectionString ?? '';
    const file = join(folder, 'roster.csv');
    await pipeline(Readable.from(rosterLines({ rows, seed })), createWriteStream(file));
    const report = await measure({ url, file, rows, errors: join(folder, 'errors.csv') });
    process.stdout.write(`${JSON.stringify(report)}\n`);
  } finally {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Bench {
  readonly url: string;
  readonly file: string;
  readonly errors: string;
  readonly rows: number;
}

async function measure({ url, file, errors, rows }: Bench): Promise<object> {
  const admin = await openDatabase(url, { service: false });
  await migrate(admin);
  const pool = await openDatabase(url, { service: true });
  const client = await pool.connect();
  try {
    await importPlaces({ client, source: Readable.from([treeLines()]) });
    const first = await importOnce(client, file, errors);
    const again = await importOnce(client, file, errors);
    const copySeconds = await rawCopy(admin, file);
    return {
      rows,
      seconds: first.seconds,
      // Of this process alone: what remains when the machine is busy with something else.
      cpuSeconds: first.cpuSeconds,
      rowsPerSecond: Math.round(rows / first.seconds),
      rssMb: Math.round(process.resourceUsage().maxRSS / 1024),
      rawCopySeconds: copySeconds,
      ratio: Number((first.seconds / copySeconds).toFixed(2)),
      outcome: first.outcome,
      again,
    };
  } finally {
    client.release();
    await pool.end();
    await admin.end();
  }
}

async function importOnce(
  client: pg.PoolClient,
  file: string,
  errors: string,
): Promise<{ seconds: number; cpuSeconds: number; outcome: unknown }> {
  const faults = new FaultFile(createWriteStream(errors));
  const start = performance.now();
  const cpu = process.cpuUsage();
  let step = start;
  const stepSeconds: Record<string, number> = {};
  let current = 'reading';
  const outcome = await importPersons({
    client,
    source: createReadStream(file),
    importId: 'bench-import',
    place: '310113',
    today: '2022-04-01' as Day,
    faults,
    onProgress: ({ step: now }) => {
      if (now === current) return;
      stepSeconds[current] = seconds(step);
      current = now;
      step = performance.now();
    },
  });
  stepSeconds[current] = seconds(step);
  const { fact: _, ...counts } = 'fact' in outcome ? outcome : { ...outcome, fact: null };
  const { user, system } = process.cpuUsage(cpu);
  const cpuSeconds = Number(((user + system) / 1e6).toFixed(2));
  return { seconds: seconds(start), cpuSeconds, outcome: { ...counts, stepSeconds } };
}

async function rawCopy(pool: pg.Pool, file: string): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query(`create temp table raw_rows (name text, sex text, born_on text,
      document_type text, document_number text, phone text, town text, community text,
      compound text, building text, room text)`);
    const start = performance.now();
    const copy = client.query(copyFrom('copy raw_rows from stdin (format csv, header)'));
    await pipeline(createReadStream(file), copy);
    return seconds(start);
  } finally {
    client.release();
  }
}

function seconds(since: number): number {
  return Number(((performance.now() - since) / 1000).toFixed(2));
}

await main();
