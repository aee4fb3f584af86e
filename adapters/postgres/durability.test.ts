import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { withClient } from './administer.ts';
import { openDatabase } from './database.ts';
import { findWeakSettings, notDurable } from './durability.ts';
import { type EmbeddedServer, startEmbedded } from './embedded.ts';
import { migrate } from './migrate.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'sextant-durable-'));
// As root, PostgreSQL runs as another account, which must be able to pass through.
chmodSync(dataDir, 0o711);
let server: EmbeddedServer;

beforeAll(async () => {
  server = await startEmbedded({ dataDir });
  const owner = await openDatabase(server.connectionString, { service: false, connectionsMax: 1 });
  await migrate(owner);
  await owner.end();
});
afterEach(() => ask('alter system reset all; select pg_reload_conf()'));
afterAll(async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function ask(text: string): Promise<void> {
  await withClient(server.connectionString, async (client) => {
    for (const each of text.split('; ')) await client.query(each);
  });
}

/** What a connection of the service finds off, and as whom it asks. */
async function weakAt(address: string): Promise<{ weak: readonly string[]; role: unknown }> {
  const pool = await openDatabase(address, { service: true, connectionsMax: 1 });
  try {
    const weak = await findWeakSettings(pool);
    const { rows } = await pool.query<{ role: string }>('select current_user as role');
    return { weak, role: rows[0]?.role };
  } finally {
    await pool.end();
  }
}

const asService = { weak: [], role: 'sextant_service' };

test('a cluster of our own keeps what is answered', async () => {
  expect(await weakAt(server.connectionString)).toEqual(asService);
});

test.each(['fsync', 'full_page_writes'] as const)('%s turned off is found', async (setting) => {
  await ask(`alter system set ${setting} = off; select pg_reload_conf()`);
  // A running server reads its settings anew when it comes to it.
  await expect
    .poll(() => weakAt(server.connectionString), { timeout: 20_000 })
    .toEqual({ ...asService, weak: [setting] });
});

test.each([
  'alter system set synchronous_commit = off; select pg_reload_conf()',
  'alter database sextant set synchronous_commit = off',
  'alter role sextant set synchronous_commit = off',
  'alter role sextant in database sextant set synchronous_commit = off',
])('a default cannot weaken our commits: %s', async (weaken) => {
  await ask(weaken);
  expect(await weakAt(server.connectionString)).toEqual(asService);
  await ask('alter database sextant reset all; alter role sextant reset all');
  await ask('alter role sextant in database sextant reset all');
});

test('options in an address cannot weaken our commits, nor keep the owner’s privileges', async () => {
  const address = new URL(server.connectionString);
  address.searchParams.set('options', '-c synchronous_commit=off -c role=none -c work_mem=1MB');
  expect(await weakAt(address.href)).toEqual(asService);
});

test.each([
  ['off', ['synchronous_commit']],
  ['local', []],
  ['remote_write', []],
  ['remote_apply', []],
  ['on', []],
])('synchronous_commit %s, as a connection has it, is judged', async (value, weak) => {
  await withClient(server.connectionString, async (client) => {
    await client.query(`set synchronous_commit = ${value}`);
    expect(await findWeakSettings(client)).toEqual(weak);
  });
});

test('the refusal says which settings, why, and what to do', () => {
  const fault = notDurable(['fsync', 'full_page_writes']);
  expect(fault.code).toBe('postgres.not-durable');
  expect(fault.message).toMatch(/fsync is off: .+\n.+full_page_writes is off: .+\n[^]*--unsafe/);
});
