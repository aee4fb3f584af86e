import { Client, escapeIdentifier } from 'pg';
import { Fault } from '../fault.ts';

/** The oldest PostgreSQL that Sextant runs on: the statements use what 15 brought. */
export const oldestServerMajor = 15;

/** Connects once and refuses a server that is too old. Returns its version, `18.4`. */
export async function requireSupportedServer(connectionString: string): Promise<string> {
  return withClient(connectionString, async (client) => {
    const answer = await client.query<ServerVersion>(
      `SELECT current_setting('server_version_num')::int AS number,
              current_setting('server_version') AS version`,
    );
    return supportedVersion(answer.rows[0] ?? { number: 0, version: 'unknown' });
  });
}

/** A version as the server states it: 180004 and `18.4`. */
export interface ServerVersion {
  readonly number: number;
  readonly version: string;
}

/** The version, unless it is too old. */
export function supportedVersion({ number, version }: ServerVersion): string {
  if (number >= oldestServerMajor * 10_000) return version;
  throw new Fault(
    'postgres.too-old',
    `The server is PostgreSQL ${version}; Sextant needs ${oldestServerMajor} or later.`,
  );
}

/**
 * Creates database `name` unless it is there, as a copy of `template` if one is named. Nobody
 * may be connected to the template. `connectionString` names any database of the server.
 */
export async function createDatabase(
  connectionString: string,
  name: string,
  options: { readonly template?: string } = {},
): Promise<string> {
  checkName(name);
  const template = options.template ?? 'template1';
  checkName(template);
  await withClient(connectionString, async (client) => {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount !== 0) return;
    const names = [name, template].map(escapeIdentifier);
    await client
      .query(`CREATE DATABASE ${names.join(' TEMPLATE ')}`)
      .catch((error: { code?: string }) => {
        // Another process was quicker (duplicate_database, or the unique index below it).
        if (error.code !== '42P04' && error.code !== '23505') throw error;
      });
  });
  return databaseAddress(connectionString, name);
}

/** Drops database `name` if it exists and ends the sessions in it. */
export async function dropDatabase(connectionString: string, name: string): Promise<void> {
  checkName(name);
  await withClient(connectionString, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`);
  });
}

/** The address of another database on the same server. */
export function databaseAddress(connectionString: string, name: string): string {
  const address = new URL(connectionString);
  address.pathname = `/${name}`;
  return address.href;
}

/** Runs `work` on a connection of its own. A server that does not answer is a fault. */
export async function withClient<T>(
  connectionString: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 10_000 });
  // A connection that breaks between two statements is reported by the next statement.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (cause) {
    await client.end().catch(() => undefined);
    throw connectionFault(cause);
  }
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Classes of SQLSTATE: 28 invalid authorisation, 3D invalid catalogue name. */
function connectionFault(cause: unknown): Fault {
  const { code = '', message } = cause as { code?: string; message: string };
  if (code.startsWith('28')) {
    return new Fault('postgres.access-denied', 'The database refuses our account.', { cause });
  }
  if (code.startsWith('3D')) {
    return new Fault('postgres.no-such-database', message, { cause });
  }
  return new Fault('postgres.unreachable', `The database does not answer: ${message || code}`, {
    cause,
    retry: 'later',
  });
}

function checkName(name: string): void {
  if (/^[a-z][a-z0-9_]{0,62}$/.test(name)) return;
  throw new Fault(
    'postgres.database-name',
    'The name of a database has small letters, digits and underscores, begins with a letter ' +
      'and has at most 63 of them.',
  );
}
