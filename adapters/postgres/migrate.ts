import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { Fault } from '../fault.ts';
import { inTransaction } from './database.ts';

const folder = fileURLToPath(new URL('../../migrations/', import.meta.url));

/** Numbered migration files in order: `000001_ledger.sql`. */
export async function listMigrations(): Promise<{ number: number; name: string }[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{6}_[a-z-]+\.sql$/.test(name)).sort();
  return names.map((name) => ({ number: Number(name.slice(0, 6)), name }));
}

/**
 * Brings the schema up to date, one transaction a file. The number is claimed first, so two
 * programs that start together do each step once. A schema from a newer program is refused.
 */
export async function migrate(pool: pg.Pool): Promise<number> {
  await inTransaction(pool, async (client) => {
    // Even `if not exists` fails when two make one table at once.
    await client.query('select pg_advisory_xact_lock(20220326, 0)');
    await client.query(
      `create table if not exists schema_migrations (number integer primary key, name text not null,
         applied_at timestamptz not null default now())`,
    );
  });
  const files = await listMigrations();
  const { rows } = await pool.query<{ latest: number | null }>(
    'select max(number) as latest from schema_migrations',
  );
  const latest = rows[0]?.latest ?? 0;
  const newest = files.at(-1)?.number ?? 0;
  if (latest > newest) {
    throw new Fault(
      'database.schema-too-new',
      `the database has migration ${latest}, this program knows ${newest}: update the program`,
    );
  }
  let applied = 0;
  for (const { number, name } of files) {
    const sql = await readFile(folder + name, 'utf8');
    applied += await inTransaction(pool, async (client) => {
      const claim = await client.query(
        'insert into schema_migrations (number, name) values ($1, $2) on conflict do nothing',
        [number, name],
      );
      if (claim.rowCount !== 1) return 0;
      await client.query(sql);
      return 1;
    });
  }
  return applied;
}
