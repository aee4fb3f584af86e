import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { withClient } from './administer.ts';
import { startEmbedded, stopEmbedded } from './embedded.ts';
import { findPostmaster } from './postmaster.ts';

// One cluster serves all tests of this file, since creating one takes a second; each test begins
// with the server stopped.
const parent = mkdtempSync(join(tmpdir(), 'sextant-embedded-'));
const dataDir = join(parent, 'data');
const cluster = join(dataDir, 'postgres', 'cluster');
// As root, PostgreSQL runs as another account, which must be able to pass through.
chmodSync(parent, 0o711);

afterEach(() => stopEmbedded(dataDir));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

test('a server starts on an empty folder, keeps what it was given, and stops', async () => {
  const first = await startEmbedded({ dataDir, throwaway: true });
  expect(first).toMatchObject({ host: '127.0.0.1', database: 'sextant', alreadyRunning: false });
  await ask(first.connectionString, 'CREATE TABLE kept AS SELECT 41 + 1 AS answer');
  await first.stop();
  await first.stop();
  expect(findPostmaster(cluster)).toBeNull();

  const second = await startEmbedded({ dataDir, throwaway: true });
  expect(await ask(second.connectionString, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  expect(second.port).toBe(first.port);
  await second.stop();
});

test('a durable cluster has checksums, locale C, UTF8, fsync and a password', async () => {
  const server = await startEmbedded({ dataDir });
  const shown = await ask(
    server.connectionString,
    `SELECT current_setting('data_checksums') AS checksums, current_setting('fsync') AS fsync,
            current_setting('synchronous_commit') AS commit, current_setting('jit') AS jit,
            current_setting('server_encoding') AS encoding,
            (SELECT datcollate FROM pg_database WHERE datname = 'sextant') AS collate`,
  );
  expect(shown).toEqual([
    { checksums: 'on', fsync: 'on', commit: 'on', jit: 'off', encoding: 'UTF8', collate: 'C' },
  ]);
  const withoutPassword = new URL(server.connectionString);
  withoutPassword.password = 'wrong';
  await expect(ask(withoutPassword.href, 'SELECT 1')).rejects.toMatchObject({
    code: 'postgres.access-denied',
  });
  expect(statSync(join(cluster, 'sextant-key.json')).mode & 0o077).toBe(0);
  await server.stop();
});

test('several who start at once share one server, and the last one to go stops it', async () => {
  const servers = await Promise.all(
    [1, 2, 3].map(() => startEmbedded({ dataDir, throwaway: true })),
  );
  expect(servers.filter((server) => !server.alreadyRunning)).toHaveLength(1);
  expect(new Set(servers.map((server) => server.port)).size).toBe(1);
  const [first, second, third] = servers;
  await Promise.all([first?.stop(), second?.stop()]);
  expect(findPostmaster(cluster)).not.toBeNull();
  await third?.stop();
  expect(findPostmaster(cluster)).toBeNull();
});

test('a server whose starter was killed is adopted, and stopped by who adopted it', async () => {
  const pid = await startInProcessAndKill(60);
  expect(findPostmaster(cluster)?.pid).toBe(pid);
  const server = await startEmbedded({ dataDir, throwaway: true });
  expect(server.alreadyRunning).toBe(true);
  await server.stop();
  expect(findPostmaster(cluster)).toBeNull();
});

test('a server whose starter was killed and that nobody adopts stops by itself', async () => {
  await startInProcessAndKill(1);
  await expect.poll(() => findPostmaster(cluster), { timeout: 15_000 }).toBeNull();
  const server = await startEmbedded({ dataDir, throwaway: true });
  expect(server.alreadyRunning).toBe(false);
  await server.stop();
});

test('a server that was killed itself starts again', async () => {
  const first = await startEmbedded({ dataDir, throwaway: true });
  const killed = findPostmaster(cluster);
  process.kill(killed?.pid ?? 0, 'SIGKILL');
  await expect.poll(() => findPostmaster(cluster)).toBeNull();
  const second = await startEmbedded({ dataDir, throwaway: true });
  expect(second.alreadyRunning).toBe(false);
  expect(await ask(second.connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await first.stop();
  await second.stop();
});

test('a stale process number that now belongs to another program blocks nothing', async () => {
  const first = await startEmbedded({ dataDir, throwaway: true });
  process.kill(findPostmaster(cluster)?.pid ?? 0, 'SIGKILL');
  await expect.poll(() => findPostmaster(cluster)).toBeNull();
  await first.stop();
  const file = join(cluster, 'postmaster.pid');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(process.pid)));
  const second = await startEmbedded({ dataDir, throwaway: true });
  expect(second.alreadyRunning).toBe(false);
  await second.stop();
});

test('a taken port, an older cluster and a lost key are faults with a code', async () => {
  const first = await startEmbedded({ dataDir, throwaway: true });
  const other = join(parent, 'other');
  await expect(
    startEmbedded({ dataDir: other, port: first.port, throwaway: true }),
  ).rejects.toMatchObject({
    code: 'postgres.port-taken',
  });
  await first.stop();
  const key = join(cluster, 'sextant-key.json');
  const kept = readFileSync(key, 'utf8');
  rmSync(key);
  await expect(startEmbedded({ dataDir })).rejects.toMatchObject({ code: 'postgres.key-missing' });
  writeFileSync(key, kept);
  writeFileSync(join(cluster, 'PG_VERSION'), '14\n');
  await expect(startEmbedded({ dataDir })).rejects.toMatchObject({
    code: 'postgres.cluster-version',
  });
});

/** Starts a server from a process that is then killed with -9; the postmaster's number. */
async function startInProcessAndKill(graceSeconds: number): Promise<number> {
  const module = new URL('./embedded.ts', import.meta.url).href;
  const options = JSON.stringify({ dataDir, throwaway: true, graceSeconds });
  const program = `
    const { startEmbedded } = await import(${JSON.stringify(module)});
    await startEmbedded(${options});
    process.kill(process.pid, 'SIGKILL');`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program]);
  await once(child, 'exit');
  return findPostmaster(cluster)?.pid ?? 0;
}

async function ask(connectionString: string, text: string): Promise<unknown[]> {
  return withClient(connectionString, async (client) => (await client.query(text)).rows);
}
