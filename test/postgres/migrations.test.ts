import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDatabase, databaseAddress } from '../../adapters/postgres/administer.ts';
import { openDatabase } from '../../adapters/postgres/database.ts';
import { startEmbedded } from '../../adapters/postgres/embedded.ts';
import { listMigrations, migrate } from '../../adapters/postgres/migrate.ts';

test('databases of a new cluster are migrated at once, each by two programs', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'sextant-migrate-'));
  chmodSync(dataDir, 0o711);
  const server = await startEmbedded({ dataDir, throwaway: true, graceSeconds: 10 });
  try {
    const cluster = databaseAddress(server.connectionString, 'postgres');
    const names = ['one', 'two', 'three'];
    const made = await Promise.all(names.map((name) => createDatabase(cluster, name)));
    const pools = await Promise.all(
      [...made, ...made].map((url) => openDatabase(url, { service: false, connectionsMax: 1 })),
    );
    const applied = await Promise.all(pools.map((pool) => migrate(pool)));
    await Promise.all(pools.map((pool) => pool.end()));
    const files = await listMigrations();
    expect(files.length).toBeGreaterThan(0);
    for (let index = 0; index < names.length; index++) {
      expect((applied[index] ?? 0) + (applied[index + names.length] ?? 0)).toBe(files.length);
    }
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
