import { chmodSync } from 'node:fs';
import { inject } from 'vitest';
import {
  createDatabase,
  databaseAddress,
  dropDatabase,
  withClient,
} from '../../adapters/postgres/administer.ts';
import { startEmbedded } from '../../adapters/postgres/embedded.ts';
import { durableDir, type TestRun } from './global-setup.ts';

/** A database that nobody else uses. */
export interface TestDatabase {
  readonly name: string;
  readonly connectionString: string;
  readonly drop: () => Promise<void>;
}

/** A database made once in a run, of which tests get copies. */
export interface TestTemplate {
  readonly name: string;
  /** Fills it: migrations, registers. Must close its connections. */
  readonly prepare: (connectionString: string) => Promise<void>;
}

const serverUrls = new Map<'fast' | 'durable', Promise<string>>();
let made = 0;

/**
 * A fresh database on the cluster that the whole test run shares, empty or a copy of a template.
 * `SEXTANT_TEST_DATABASE_URL` names a server to use in place of the embedded one. What is not
 * dropped goes with the run. The cluster is made for speed; `durable` is of another, on which a
 * server starts without `--unsafe` and says nothing of it on its screens.
 */
export async function testDatabase(
  options: { readonly template?: TestTemplate; readonly durable?: boolean } = {},
): Promise<TestDatabase> {
  const run = inject('testRun');
  const kind = options.durable === true ? 'durable' : 'fast';
  const found = serverUrls.get(kind) ?? findServer(run, kind);
  serverUrls.set(kind, found);
  const url = await found;
  const template =
    options.template === undefined ? null : await ensureTemplate(url, run, options.template);
  made += 1;
  const name = `${run.prefix}${process.pid}_${threadMark}_${made}`;
  const connectionString = await createDatabase(url, name, template === null ? {} : { template });
  return { name, connectionString, drop: () => dropDatabase(url, name) };
}

/** Threads share the process number, and each has its own copy of this module. */
const threadMark = Math.floor(performance.timeOrigin * 1000).toString(36);

async function findServer(run: TestRun, kind: 'fast' | 'durable'): Promise<string> {
  if (run.serverUrl !== null) return run.serverUrl;
  // Passable for the account that PostgreSQL runs as when the tests run as root.
  chmodSync(run.clusterDir, 0o711);
  const server = await startEmbedded({
    dataDir: kind === 'fast' ? run.clusterDir : durableDir(run.clusterDir),
    throwaway: kind === 'fast',
    graceSeconds: 10,
  });
  return databaseAddress(server.connectionString, 'postgres');
}

async function ensureTemplate(url: string, run: TestRun, template: TestTemplate): Promise<string> {
  const name = `${run.prefix}${template.name}`;
  const making = `${name}_making`;
  await withClient(url, async (client) => {
    // Test processes wait here for the first of them; the lock ends with the connection.
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [name]);
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount !== 0) return;
    await dropDatabase(url, making);
    await template.prepare(await createDatabase(url, making));
    await client.query(`ALTER DATABASE "${making}" RENAME TO "${name}"`);
  });
  return name;
}
