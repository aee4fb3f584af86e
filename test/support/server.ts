import type { FastifyInstance } from 'fastify';
import { type AppOptions, createApp } from '../../adapters/http/app.ts';
import { newToken } from '../../adapters/http/passwords.ts';
import { findAccount, insertAccount, insertSession } from '../../adapters/postgres/accounts.ts';
import { compose, type Composed, ensureAdmin } from '../../apps/server/compose.ts';
import { dayMs, instant } from '../../kernel/instant.ts';
import type { Role } from '../../ledger/room.ts';
import { Client, type Reply } from './client.ts';
import { placesCsv, rosterCsv } from './people.ts';
import { type TestDatabase, testDatabase, type TestTemplate } from './postgres.ts';

/** Password of every account of the tests. */
export const password = 'only-for-tests';

/** How many rows each table has: what is refused must leave them as they were. */
export interface Counts {
  readonly facts: number;
  readonly subjects: number;
  readonly specimens: number;
  readonly duties: number;
  readonly findings: number;
  readonly slots: number;
  readonly influences: number;
  readonly persons: number;
  readonly households: number;
  readonly places: number;
  readonly accounts: number;
}

const counted = [
  'facts',
  'subjects',
  'specimens',
  'duties',
  'findings',
  'slots',
  'influences',
  'persons',
  'households',
  'places',
  'accounts',
] as const satisfies (keyof Counts)[];

/** A whole server: real HTTP on a free port, real PostgreSQL. */
export interface TestServer {
  readonly url: string;
  readonly app: FastifyInstance;
  readonly composed: Composed;
  readonly database: TestDatabase;
  /** The first administrator, who is headquarters too. */
  readonly admin: Client;
  /** Somebody who is not signed in. */
  readonly nobody: Client;
  /** Makes an account with roles `role` or `role@place` and opens a session for it. */
  readonly signUp: (account: string, roles: readonly string[]) => Promise<Client>;
  /** Signs in with a password, as people do. */
  readonly signIn: (account: string, secret?: string) => Promise<Client>;
  readonly counts: () => Promise<Counts>;
  /** One column of a query as the database's owner. */
  readonly column: <T>(sql: string, values?: unknown[]) => Promise<T[]>;
  readonly close: () => Promise<void>;
}

/** What a server of the tests is started with. */
export interface ServerOptions {
  /** Joins the database of another server. */
  readonly beside?: TestServer;
  readonly clock?: 'system' | 'driven';
  /** The tree and the 120 people of `people.ts`; false for an empty register. */
  readonly roster?: boolean;
  /** Settings by room, as `--policy` takes them. */
  readonly policyFile?: string;
  /** Takes the lines of the log. */
  readonly log?: string[];
  /** Less of both than in use. */
  readonly app?: Pick<AppOptions, 'patience' | 'capacity'>;
}

/** Starts a server on a fresh database with the tree and the roster of the tests. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const { beside, clock = 'system', roster = true, policyFile = null, log } = options;
  const template = roster ? withRoster : withAdmin;
  const database = beside?.database ?? (await testDatabase({ template }));
  const { connectionString } = database;
  // The tests' cluster is made for speed: a power cut may spoil it.
  const composed = await compose({ connectionString, clock, policyFile, unsafe: true });
  const app = await createApp(composed.context, { ...logging(log), ...options.app });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const signIn = (account: string, secret = password): Promise<Client> =>
    signedIn(url, account, secret);
  const admin = await signIn('admin');
  const column = async <T>(sql: string, values: unknown[] = []): Promise<T[]> => {
    const { rows } = await composed.owner.query<{ [c: string]: T }>(sql, values);
    return rows.map((row) => Object.values(row)[0] as T);
  };
  return {
    url,
    app,
    composed,
    database,
    admin,
    nobody: new Client(url),
    signIn,
    signUp: (account, roles) => signUp(composed, url, { account, roles }),
    column,
    counts: () => countRows(composed),
    close: async () => {
      await app.close();
      await composed.close();
      if (beside === undefined) await database.drop();
    },
  };
}

function logging(log: string[] | undefined): AppOptions {
  if (log === undefined) return { logLevel: 'silent' };
  return { logLevel: 'debug', logTo: { write: (line: string) => void log.push(line) } };
}

async function signedIn(url: string, account: string, secret: string): Promise<Client> {
  const reply = await new Client(url).post('/v1/sessions', { account, password: secret });
  if (reply.status !== 200) throw new Error(`${account}: ${reply.status} ${reply.text}`);
  return new Client(url, account, String(reply.body['token']));
}

/** Past the routes: deriving two keys an account would be half the time of some tests. */
async function signUp(
  { context, owner }: Composed,
  url: string,
  { account, roles }: { account: string; roles: readonly string[] },
): Promise<Client> {
  const grants = roles.map((each) => {
    const [role = '', place = '*'] = each.split('@');
    return { role: role as Role, place };
  });
  const passwordHash = (await findAccount(owner, 'admin'))?.passwordHash ?? '';
  const createdAt = instant(Date.now());
  await insertAccount(context.pool, { account, passwordHash, grants, createdAt });
  const { token, hash: tokenHash } = newToken();
  const expiresAt = instant(createdAt + dayMs);
  await insertSession(context.pool, { tokenHash, account, createdAt, expiresAt });
  return new Client(url, account, token);
}

async function countRows({ owner }: Composed): Promise<Counts> {
  const columns = counted.map((table) => `(select count(*)::int from ${table}) as ${table}`);
  const { rows } = await owner.query<Counts & { readonly [c: string]: unknown }>(
    `select ${columns.join(', ')}`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('a count has one row');
  return row;
}

function expectStatus(reply: Reply, status: number): void {
  if (reply.status !== status) throw new Error(`${reply.status} ${reply.text}`);
}

const withAdmin: TestTemplate = { name: 'admin', prepare: (url) => prepare(url, false) };
const withRoster: TestTemplate = { name: 'roster', prepare: (url) => prepare(url, true) };

/** Migrations, the first administrator and, through the same routes as anybody, the registers. */
async function prepare(connectionString: string, roster: boolean): Promise<void> {
  const composed = await compose({ connectionString, clock: 'system', unsafe: true });
  await ensureAdmin(composed.context.pool, password);
  if (roster) {
    const app = await createApp(composed.context, { logLevel: 'silent' });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const admin = await signedIn(url, 'admin', password);
    expectStatus(await admin.file('/v1/imports/places', placesCsv), 200);
    const imported = await admin.file('/v1/imports/persons', rosterCsv);
    if (imported.body['imported'] !== 120) throw new Error(imported.text);
    await app.close();
  }
  await composed.close();
}
