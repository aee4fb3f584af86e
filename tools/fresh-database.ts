import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { openDatabase } from '../adapters/postgres/database.ts';
import { startEmbedded } from '../adapters/postgres/embedded.ts';
import { migrate } from '../adapters/postgres/migrate.ts';

/** Runs `work` on a database made of the migrations and nothing else, then takes it down again. */
export async function withFreshDatabase<T>(work: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'sextant-schema-'));
  // Passable for the account that PostgreSQL runs as when we are root.
  chmodSync(folder, 0o711);
  const server = await startEmbedded({ dataDir: folder, throwaway: true, graceSeconds: 10 });
  try {
    const pool = await openDatabase(server.connectionString, { service: false });
    try {
      await migrate(pool);
      return await work(pool);
    } finally {
      await pool.end();
    }
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
