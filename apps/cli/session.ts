import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { createApp } from '../../adapters/http/app.ts';
import { Fault } from '../../adapters/fault.ts';
import type { Actor } from '../../ledger/access.ts';
import { roles } from '../../ledger/room.ts';
import { compose, type Composed } from '../server/compose.ts';
import { findServer, openEmbedded } from '../server/where.ts';

/** Where a command finds its data. */
export interface Target {
  readonly data: string;
  readonly databaseUrl: string | null;
}

/** Whoever holds the database may do everything; what is done is on record under this name. */
export const operator: Actor = {
  account: 'operator',
  grants: roles.map((role) => ({ role, place: '*' })),
};

/** An open deployment: the same application a server runs, asked without a network. */
export interface Session {
  readonly composed: Composed;
  readonly app: FastifyInstance;
  readonly get: (
    path: string,
    query?: { readonly [k: string]: string | undefined },
  ) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

/** The data folder and database that arguments and environment name. */
export function targetOf(values: { data?: string; 'database-url'?: string }): Target {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const data = values.data ?? process.env['SEXTANT_DATA'] ?? resolve(root, '.sextant');
  const databaseUrl = values['database-url'] ?? process.env['SEXTANT_DATABASE_URL'] ?? null;
  return { data: resolve(data), databaseUrl };
}

/** Opens the deployment: a running server's database, their own, or the embedded one, started. */
export async function openSession(target: Target): Promise<Session> {
  mkdirSync(target.data, { recursive: true });
  const connection = await connect(target);
  const { connectionString, release } = connection;
  // A database that may lose what it answers for can be looked at, and be carried to a better one.
  const composed = await compose({
    connectionString,
    clock: 'as-recorded',
    unsafe: true,
  }).catch(async (error) => {
    await release();
    throw error;
  });
  const app = await createApp(composed.context, { logLevel: 'silent', local: operator });
  const get: Session['get'] = async (path, query = {}) => {
    const kept = Object.entries(query).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    const reply = await app.inject({ method: 'GET', url: path, query: Object.fromEntries(kept) });
    const body = reply.json<{ code?: string; detail?: string }>();
    if (reply.statusCode < 400) return body;
    throw new Fault(body.code ?? 'http.bug', body.detail ?? `${path} answered ${reply.statusCode}`);
  };
  const close = async (): Promise<void> => {
    await app.close();
    await composed.close();
    await release();
  };
  return { composed, app, get, close };
}

async function connect(
  target: Target,
): Promise<{ connectionString: string; release: () => Promise<void> }> {
  const nothing = async (): Promise<void> => undefined;
  if (target.databaseUrl !== null) {
    return { connectionString: target.databaseUrl, release: nothing };
  }
  const running = findServer(target.data);
  if (running !== null) return { connectionString: running.database, release: nothing };
  return openEmbedded(target.data);
}
