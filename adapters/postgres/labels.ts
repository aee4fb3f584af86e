import type pg from 'pg';
import type { Instant } from '../../kernel/instant.ts';
import {
  type LabelKind,
  personLabel,
  pickSerials,
  serialLabel,
} from '../../rooms/screening/index.ts';
import { inTransaction, type Queryable } from './database.ts';

/** A print run: which labels, on what, for whom. */
export interface LabelRun {
  readonly run: string;
  readonly kind: LabelKind;
  readonly count: number;
  readonly firstSerial: number | null;
  readonly lastSerial: number | null;
  readonly place: string | null;
  readonly layout: string;
  readonly symbology: string;
  readonly account: string;
  readonly madeAt: Instant;
}

/** What somebody asks to be printed. */
export interface LabelOrder extends Pick<
  LabelRun,
  'run' | 'kind' | 'count' | 'place' | 'layout' | 'symbology' | 'account' | 'madeAt'
> {
  /** A serial to go on from when the series has not come so far, to share it between servers. */
  readonly from: number;
  /** For cards: whose. */
  readonly persons: readonly number[] | null;
}

const columns = `run, kind, label_count as count, first_serial as "firstSerial",
  last_serial as "lastSerial", place_code as place, layout, symbology, account,
  made_ms as "madeAt"`;

/**
 * SC-14. Gives out the serials of a run and puts it on record in one transaction, before anything
 * is drawn. The row of the series makes two printers wait for each other. A run that is on record
 * is answered as it stands, so a request that is sent twice takes no serials twice.
 */
export async function takeLabels(pool: pg.Pool, order: LabelOrder): Promise<LabelRun | 'used-up'> {
  return inTransaction(pool, async (client) => {
    // Two requests under one number at the same moment: the second finds the first one's run.
    await client.query('select pg_advisory_xact_lock(20220327, hashtext($1))', [order.run]);
    const known = await findLabelRun(client, order.run);
    if (known !== null) return known;
    const { kind } = order;
    if (kind === 'person') return record(client, order, null);
    await client.query('insert into label_series (kind) values ($1) on conflict do nothing', [
      kind,
    ]);
    const { rows } = await client.query<{ next: number }>(
      `select greatest(next_serial, (select coalesce(max(last_serial), 0) + 1 from label_runs r
         where r.kind = s.kind)) as next
       from label_series s where kind = $1 for update`,
      [kind],
    );
    const picked = pickSerials(kind, Math.max(rows[0]?.next ?? 1, order.from), order.count);
    if (picked === null) return 'used-up';
    await client.query('update label_series set next_serial = $2 where kind = $1', [
      kind,
      picked.next,
    ]);
    return record(client, order, picked.serials);
  });
}

async function record(
  client: Queryable,
  order: LabelOrder,
  serials: readonly number[] | null,
): Promise<LabelRun> {
  const { rows } = await client.query<LabelRun & pg.QueryResultRow>(
    `insert into label_runs (run, kind, label_count, first_serial, last_serial, place_code,
       person_ids, layout, symbology, account, made_ms)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning ${columns}`,
    [
      order.run,
      order.kind,
      order.count,
      serials?.[0] ?? null,
      serials?.at(-1) ?? null,
      order.place,
      order.persons,
      order.layout,
      order.symbology,
      order.account,
      order.madeAt,
    ],
  );
  const [made] = rows;
  if (made === undefined) throw new Error('an insert returns its row');
  return made;
}

/** A run by its number; null when there is none. */
export async function findLabelRun(client: Queryable, run: string): Promise<LabelRun | null> {
  const { rows } = await client.query<LabelRun & pg.QueryResultRow>(
    `select ${columns} from label_runs where run = $1`,
    [run],
  );
  return rows[0] ?? null;
}

/** The latest runs, those of one account or everybody's. */
export async function listLabelRuns(
  client: Queryable,
  { account, limit }: { readonly account: string | null; readonly limit: number },
): Promise<LabelRun[]> {
  const { rows } = await client.query<LabelRun & pg.QueryResultRow>(
    `select ${columns} from label_runs where $1::text is null or account = $1
     order by made_ms desc, run limit $2`,
    [account, limit],
  );
  return rows;
}

/** SC-14. The labels of a run, the same at every printing. */
export async function labelsOfRun(client: Queryable, run: LabelRun): Promise<readonly string[]> {
  const { kind, firstSerial, count } = run;
  if (kind === 'person' || firstSerial === null) {
    const { rows } = await client.query<{ person: number }>(
      'select unnest(person_ids) as person from label_runs where run = $1',
      [run.run],
    );
    return rows.map(({ person }) => personLabel(person));
  }
  const picked = pickSerials(kind, firstSerial, count);
  return (picked?.serials ?? []).map((serial) => serialLabel(kind, serial));
}

/** The people who live at a place or below it, building by building and room by room. */
export async function personsAt(
  client: Queryable,
  { path, limit }: { readonly path: string; readonly limit: number },
): Promise<number[]> {
  const { rows } = await client.query<{ person: number }>(
    `select p.id as person
     from places l
     join households h on h.place_code = l.code
     join persons p on p.household_id = h.id
     where (l.path = $1 or starts_with(l.path, $1 || '/')) and p.left_on is null
     order by l.path, h.label, h.id, p.id limit $2`,
    [path, limit],
  );
  return rows.map(({ person }) => person);
}
