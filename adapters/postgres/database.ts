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

/** The least PostgreSQL version that is supported, as `server_version_num`. */
const versionMin = 150_000;

/**
 * Opens a pool. With `service` every connection drops to the role that may not change facts nor
 * read names. Throws `database.unreachable` or `database.too-old`.
 */
export async function openDatabase(
  connectionString: string,
  { service, connectionsMax = 8 }: { service: boolean; connectionsMax?: number },
): Promise<pg.Pool> {
  const options = service ? '-c role=sextant_service -c jit=off' : '-c jit=off';
  const pool = new pg.Pool({ connectionString, max: connectionsMax, types, options });
  // An idle connection that the server drops is replaced by the pool at its next use.
  pool.on('error', () => undefined);
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
