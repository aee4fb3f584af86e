import pg from 'pg';
import { Fault } from '../fault.ts';

/** One connection or a pool: whatever can run a statement. */
export interface Queryable {
  readonly query: <R extends pg.QueryResultRow>(
    text: string | pg.QueryConfig,
    values?: unknown[],
  ) => Promise<pg.QueryResult<R>>;
}

// int8 as a number: receipts, Lamport numbers and milliseconds stay far below 2^53.
const int8Oid = 20;
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): unknown {
    if (oid === int8Oid && format !== 'binary') return Number;
    return pg.types.getTypeParser(oid, format);
  },
};

/** How connections of a pool are. */
interface DatabaseOptions {
  /** Whether they drop to the role that may not change facts nor read names. */
  readonly service: boolean;
  readonly connectionsMax?: number;
  /**
   * For the record: statements follow each other without waiting (`Line`), so that nothing can be
   * copied, and everything is looked up by key.
   */
  readonly pipeline?: boolean;
}

/** The least PostgreSQL version that is supported, as `server_version_num`. */
const versionMin = 150_000;

/**
 * Opens a pool. With `service` every connection drops to the role that may not change facts nor
 * read names. Throws `database.unreachable` or `database.too-old`.
 */
export async function openDatabase(
  connectionString: string,
  { service, connectionsMax = 8, pipeline = false }: DatabaseOptions,
): Promise<pg.Pool> {
  const role = service ? '-c role=sextant_service' : '';
  const own = `${role} ${everySession} ${pipeline ? byKey : ''}`.trim();
  const address = withOptions(connectionString, own);
  const pool = new pg.Pool({ ...address, max: connectionsMax, types, pipeline });
  // A connection that the server drops is replaced at its next use, idle or not: whoever has it
  // between two statements learns of it with the next.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  try {
    const { rows } = await pool.query<{ version: number }>(
      `select current_setting('server_version_num')::int as version`,
    );
    const version = rows[0]?.version ?? 0;
    if (version >= versionMin) return pool;
    await pool.end();
    throw new Fault('database.too-old', `PostgreSQL ${version} is older than 15`);
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    await pool.end().catch(() => undefined);
    throw new Fault('database.unreachable', 'PostgreSQL did not answer', { retry: 'later', cause });
  }
}

/** A plan made while a table was empty would read all of it for as long as the server runs. */
const byKey = '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off';

/** A default of the database or of the login role may not weaken a commit. */
const everySession = '-c jit=off -c synchronous_commit=on';

/**
 * The address with our options after those that it names itself: alone they would replace ours,
 * the role without privileges among them.
 */
function withOptions(
  connectionString: string,
  own: string,
): { connectionString: string; options?: string } {
  if (!URL.canParse(connectionString)) return { connectionString, options: own };
  const url = new URL(connectionString);
  const given = url.searchParams.get('options') ?? '';
  url.searchParams.set('options', `${given} ${own}`.trim());
  return { connectionString: url.href };
}

/** Runs work in one transaction on one connection; rolls back when it throws. */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const outcome = await work(client);
    await client.query('commit');
    return outcome;
  } catch (error) {
    await client.query('rollback').catch((failed: Error) => {
      broken = failed;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Runs reads that must all be of one moment; nothing is written. */
export async function inSnapshot<T>(
  pool: pg.Pool,
  read: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  return inTransaction(pool, async (client) => {
    await client.query('set transaction isolation level repeatable read, read only');
    return read(client);
  });
}
