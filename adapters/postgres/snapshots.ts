import type { Json } from '../../kernel/assert.ts';
import type { Queryable } from './database.ts';

/** Figures as they were frozen, and what they were read from. */
export interface TrendSnapshot {
  /** Digest of the figures. */
  readonly id: string;
  readonly place: string;
  readonly path: string;
  readonly until: string;
  readonly receipt: number;
  readonly madeAt: number;
  readonly madeBy: string;
  readonly figures: Json;
}

const columns = `id, place, path, to_char(until_on, 'YYYY-MM-DD') as until, receipt,
  made_ms as "madeAt", made_by as "madeBy"`;

/** Freezes figures. The same figures frozen again stay as they were frozen first. */
export async function freezeSnapshot(client: Queryable, snapshot: TrendSnapshot): Promise<void> {
  const { id, place, path, until, receipt, madeAt, madeBy, figures } = snapshot;
  await client.query(
    `insert into trend_snapshots (id, place, path, until_on, receipt, made_ms, made_by, figures)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (id) do nothing`,
    [id, place, path, until, receipt, madeAt, madeBy, JSON.stringify(figures)],
  );
}

/** Frozen figures by their digest; null when nobody froze any. */
export async function findSnapshot(client: Queryable, id: string): Promise<TrendSnapshot | null> {
  const { rows } = await client.query<TrendSnapshot & { readonly [column: string]: unknown }>(
    `select ${columns}, figures from trend_snapshots where id = $1`,
    [id],
  );
  return rows[0] ?? null;
}

/** What was frozen for a place, the latest first, without the figures. */
export async function listSnapshots(
  client: Queryable,
  place: string,
): Promise<Omit<TrendSnapshot, 'figures'>[]> {
  const { rows } = await client.query<TrendSnapshot & { readonly [column: string]: unknown }>(
    `select ${columns} from trend_snapshots where place = $1 order by made_ms desc, id limit 50`,
    [place],
  );
  return rows;
}
