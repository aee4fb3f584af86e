import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { escapeIdentifier } from 'pg';
import type pg from 'pg';
import { countRows, growthOf } from './table-counts.ts';

/** What PostgreSQL itself takes to load rows, each table with all of its indexes. */
export interface CopyOutcome {
  /** Seconds of all COPY FROM together, their commits included. */
  readonly seconds: number;
  /** Rows loaded, by table. */
  readonly rows: { readonly [table: string]: number };
  /** Bytes of write-ahead log. */
  readonly walBytes: number;
}

/** Where a database stands: rows by table, and the first transaction that is still to come. */
export interface Standing {
  readonly counts: ReadonlyMap<string, number>;
  readonly xid: string;
}

/** Notes where a database stands, once nothing is written behind what was acknowledged. */
export async function standNow(owner: pg.Pool): Promise<Standing> {
  let counts = await countRows(owner);
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    const later = await countRows(owner);
    const isStill = growthOf(counts, later).size === 0;
    counts = later;
    if (isStill) break;
  }
  const { rows } = await owner.query<{ xid: string }>(
    'select pg_snapshot_xmax(pg_current_snapshot())::text as xid',
  );
  return { counts, xid: rows[0]?.xid ?? '0' };
}

/**
 * Loads the very rows that were written since, by binary COPY, into empty tables with the same
 * columns, constraints and indexes in the same database: for every table that has grown. Only
 * COPY FROM is timed; the files are written by the server before.
 */
export async function copyAgain(owner: pg.Pool, since: Standing): Promise<CopyOutcome> {
  const { counts } = await standNow(owner);
  const rows: Record<string, number> = {};
  let seconds = 0;
  let walBytes = 0;
  for (const table of growthOf(since.counts, counts).keys()) {
    const columns = await columnsOf(owner, table);
    const name = escapeIdentifier(table);
    const shape = `(like ${name} including all)`;
    // xmin is 32 bits wide, and a fresh cluster is far from their end.
    const source = `select ${columns} from ${name} where xmin::text::bigint >= ${since.xid}`;
    const loaded = await timeCopy(owner, { shape, source, columns });
    rows[table] = loaded.rows;
    seconds += loaded.seconds;
    walBytes += loaded.walBytes;
  }
  return { seconds, rows, walBytes };
}

/** People a second of the same COPY for bare tubes: campaign, tube, site, time, people. */
export async function copyBareTubes(owner: pg.Pool, tubes: number): Promise<number> {
  const shape = `(campaign_id int4, tube_id int8, site_id int4, at timestamptz, people int4[],
    primary key (campaign_id, tube_id))`;
  const columns = 'campaign_id, tube_id, site_id, at, people';
  const people = Array.from({ length: 10 }, (_, at) => `(n * 10 + ${at})::int4`);
  const source = `select 1, n::int8, (n % 20000)::int4, now(), array[${people.join(', ')}]
    from generate_series(1, ${tubes}) n`;
  const { seconds } = await timeCopy(owner, { shape, source, columns });
  return (tubes * people.length) / seconds;
}

interface Copied {
  readonly rows: number;
  readonly seconds: number;
  readonly walBytes: number;
}

async function timeCopy(
  owner: pg.Pool,
  { shape, source, columns }: { shape: string; source: string; columns: string },
): Promise<Copied> {
  const { rows: folders } = await owner.query<{ folder: string }>(
    `select current_setting('data_directory') as folder`,
  );
  const file = join(folders[0]?.folder ?? '', 'bench-copy.bin');
  try {
    await owner.query(`copy (${source}) to '${file}' (format binary)`);
    await owner.query('drop table if exists bench_copy');
    await owner.query(`create table bench_copy ${shape}`);
    const from = await walPosition(owner);
    const began = performance.now();
    const load = `copy bench_copy (${columns}) from '${file}' (format binary)`;
    const { rowCount } = await owner.query(load);
    const seconds = (performance.now() - began) / 1000;
    const walBytes = (await walPosition(owner)) - from;
    await owner.query('drop table bench_copy');
    return { rows: rowCount ?? 0, seconds, walBytes };
  } finally {
    await rm(file, { force: true });
  }
}

/** Columns that can be written, as a list for COPY. */
async function columnsOf(owner: pg.Pool, table: string): Promise<string> {
  const { rows } = await owner.query<{ name: string }>(
    `select attname as name from pg_attribute
     where attrelid = format('%I', $1::text)::regclass and attnum > 0 and not attisdropped
       and attgenerated = '' order by attnum`,
    [table],
  );
  return rows.map(({ name }) => escapeIdentifier(name)).join(', ');
}

/** Bytes of write-ahead log since the cluster was made. */
export async function walPosition(owner: pg.Pool): Promise<number> {
  const { rows } = await owner.query<{ bytes: string }>(
    `select (pg_current_wal_lsn() - '0/0')::text as bytes`,
  );
  return Number(rows[0]?.bytes ?? 0);
}

/** How often a second this disk makes 8 kB durable, one after the other, over one second. */
export function syncsPerSecond(folder: string): number {
  const file = openSync(join(folder, 'sync-probe'), 'w');
  const page = Buffer.alloc(8192, 1);
  try {
    writeSync(file, page, 0, page.length, 0);
    fdatasyncSync(file);
    const began = performance.now();
    let count = 0;
    while (performance.now() - began < 1000) {
      writeSync(file, page, 0, page.length, 0);
      fdatasyncSync(file);
      count += 1;
    }
    return count / ((performance.now() - began) / 1000);
  } finally {
    closeSync(file);
  }
}
