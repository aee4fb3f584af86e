import type pg from 'pg';

/** Rows of each table of a database, by name; those of a partition count for the whole table. */
export async function countRows(owner: pg.Pool): Promise<Map<string, number>> {
  const { rows: tables } = await owner.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
     order by 1`,
  );
  const counts = new Map<string, number>();
  for (const { name } of tables) {
    const { rows } = await owner.query<{ count: number }>(`select count(*) from "${name}"`);
    counts.set(name, rows[0]?.count ?? 0);
  }
  return counts;
}

/** Tables that have more rows than before, and how many more. */
export function growthOf(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): Map<string, number> {
  const grown = new Map<string, number>();
  for (const [name, count] of after) {
    const more = count - (before.get(name) ?? 0);
    if (more > 0) grown.set(name, more);
  }
  return grown;
}
