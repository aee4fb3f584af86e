import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { dropDatabase, withClient } from '../../adapters/postgres/administer.ts';
import { stopEmbedded } from '../../adapters/postgres/embedded.ts';
import { isAlive } from '../../adapters/postgres/postmaster.ts';

/** What every test process of one run shares. */
export interface TestRun {
  /** Where the shared cluster lies, once a test has asked for a database. */
  readonly clusterDir: string;
  /** Begins the name of every database of this run. */
  readonly prefix: string;
  /** A server of the developer's own, in place of the embedded one. */
  readonly serverUrl: string | null;
}

declare module 'vitest' {
  interface ProvidedContext {
    testRun: TestRun;
  }
}

const folderName = /^sextant-test-(\d+)-/;

/** Before the first test: names what the tests share. The server itself starts when asked for. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await sweepLeftovers();
  const run: TestRun = {
    clusterDir: mkdtempSync(join(tmpdir(), `sextant-test-${process.pid}-`)),
    prefix: `sextant_test_${randomBytes(4).toString('hex')}_`,
    serverUrl: process.env['SEXTANT_TEST_DATABASE_URL'] ?? null,
  };
  project.provide('testRun', run);
  return () => teardown(run);
}

async function teardown(run: TestRun): Promise<void> {
  if (run.serverUrl !== null) await dropAll(run.serverUrl, run.prefix);
  await removeCluster(run.clusterDir);
}

async function dropAll(serverUrl: string, prefix: string): Promise<void> {
  const names = await withClient(serverUrl, async (client) => {
    const found = await client.query<{ datname: string }>(
      'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
      [prefix],
    );
    return found.rows.map((row) => row.datname);
  });
  for (const name of names) await dropDatabase(serverUrl, name);
}

/** A run killed with -9 leaves its folder; its server has been stopped by the watchdog. */
async function sweepLeftovers(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(folderName.exec(name)?.[1] ?? 0);
    if (pid === 0 || isAlive(pid)) continue;
    // Somebody else's leftovers on a shared machine are theirs to remove.
    await removeCluster(join(tmpdir(), name)).catch(() => undefined);
  }
}

/** Where the durable cluster of a run lies, once a test has asked for it. */
export function durableDir(clusterDir: string): string {
  return join(clusterDir, 'durable');
}

async function removeCluster(folder: string): Promise<void> {
  await stopEmbedded(folder);
  await stopEmbedded(durableDir(folder));
  rmSync(folder, { recursive: true, force: true });
}
