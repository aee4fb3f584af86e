import { Fault } from '../fault.ts';
import type { Queryable } from './database.ts';

/** The settings without which an answer may be given for what a power cut still takes away. */
export const durableSettings = {
  fsync: 'nothing is forced onto the disk, so a power cut can take what was answered',
  synchronous_commit: 'commits are answered before they are on the disk',
  full_page_writes: 'a page that was half written in a power cut cannot be mended',
} as const;

/** A setting of PostgreSQL that has to be on. */
export type DurableSetting = keyof typeof durableSettings;

const names = Object.keys(durableSettings) as DurableSetting[];

/**
 * The settings that are off as one connection has them; none when an answer means "on the disk".
 * Every other value of `synchronous_commit` waits for the own disk at least: `local` for nothing
 * else, `remote_write`, `on` and `remote_apply` for standby servers too (PostgreSQL 18, §19.5.1).
 */
export async function findWeakSettings(connection: Queryable): Promise<readonly DurableSetting[]> {
  const columns = names.map((name) => `current_setting('${name}') as ${name}`);
  const { rows } = await connection.query<Record<DurableSetting, string>>(
    `select ${columns.join(', ')}`,
  );
  const [values] = rows;
  return names.filter((name) => values?.[name] === 'off');
}

/** What a start without durability is told: which settings, why it matters, what to do. */
export function notDurable(weak: readonly DurableSetting[]): Fault {
  const lines = weak.map((name) => `  ${name} is off: ${durableSettings[name]}`);
  return new Fault(
    'postgres.not-durable',
    [
      'PostgreSQL would not keep what this server answers for:',
      ...lines,
      'Turn them on (own.conf in the cluster, postgresql.conf or ALTER SYSTEM) and start again.',
      '--unsafe starts all the same, and every screen says so.',
    ].join('\n'),
  );
}
