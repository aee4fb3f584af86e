import type { Instant } from '../../kernel/instant.ts';
import { hourMs } from '../../kernel/instant.ts';
import type { Queryable } from './database.ts';

/** A device as it registers itself. */
export interface Registration {
  readonly device: string;
  readonly label: string;
  readonly keyHash: Buffer;
  readonly account: string;
  readonly app: string;
  readonly now: Instant;
}

/** What is asked of a device with every batch: its key, and whether it was reported lost. */
export interface KnownDevice {
  readonly keyHash: Buffer;
  readonly lost: boolean;
}

/** Puts a device on the register, or brings it up to date; only under the same key. */
export async function registerDevice(
  client: Queryable,
  { device, label, keyHash, account, app, now }: Registration,
): Promise<'new' | 'known' | 'wrong-key'> {
  const { rows } = await client.query<{ isNew: boolean }>(
    `insert into devices as d (device, label, key_hash, account, app, registered_ms, last_seen_ms)
     values ($1, $2, $3, $4, $5, $6, $6)
     on conflict (device) do update set label = excluded.label, account = excluded.account,
       app = excluded.app, last_seen_ms = greatest(d.last_seen_ms, excluded.last_seen_ms)
       where d.key_hash = excluded.key_hash
     returning xmax = 0 as "isNew"`,
    [device, label, keyHash, account, app, now],
  );
  const [row] = rows;
  if (row === undefined) return 'wrong-key';
  return row.isNew ? 'new' : 'known';
}

/** Of the devices named, those that are registered. */
export async function findDevices(
  client: Queryable,
  devices: readonly string[],
): Promise<ReadonlyMap<string, KnownDevice>> {
  const { rows } = await client.query<{ device: string } & KnownDevice>({
    name: 'find-devices',
    text: `select device, key_hash as "keyHash", lost_ms is not null as lost
      from devices where device = any($1::text[])`,
    values: [devices],
  });
  return new Map(rows.map(({ device, ...known }) => [device, known]));
}

/** What a device says of itself with a batch. */
export interface Contact {
  readonly device: string;
  readonly account: string;
  readonly app: string;
  readonly at: Instant;
  readonly keptSeq: number;
  readonly waiting: number;
  readonly clockAheadMs: number;
}

/**
 * Notes what devices said of themselves, of each the last word; only of those registered. One that
 * has counted less far than it said before was restored from a copy: the numbers between mean
 * something else from now on, also those that headquarters never saw. A message that is older by
 * the device's own clock was on its way for long, and says nothing of the kind.
 */
export async function noteContacts(client: Queryable, contacts: readonly Contact[]): Promise<void> {
  await client.query({
    name: 'note-contacts',
    text: `update devices d set account = c.account, app = c.app,
        last_seen_ms = greatest(d.last_seen_ms, c.at), kept_seq = greatest(d.kept_seq, c."keptSeq"),
        waiting = c.waiting, clock_ahead_ms = c."clockAheadMs", told_seq = c."keptSeq",
        told_clock_ms = c.at + c."clockAheadMs",
        went_back_ms = case when b.back then c.at else d.went_back_ms end,
        went_back_from = case when b.back then d.told_seq else d.went_back_from end,
        went_back_to = case when b.back then c."keptSeq" else d.went_back_to end,
        went_back_account = case when b.back then c.account else d.went_back_account end
      from json_to_recordset($1::json) as c (device text, account text, app text, at bigint,
        "keptSeq" bigint, waiting integer, "clockAheadMs" bigint)
      join devices o on o.device = c.device
      cross join lateral (select
        c."keptSeq" < o.told_seq and c.at + c."clockAheadMs" > o.told_clock_ms as back) b
      where d.device = c.device`,
    values: [JSON.stringify(contacts)],
  });
}

/** Notes which place a device was given. */
export async function notePlace(client: Queryable, device: string, place: string): Promise<void> {
  await client.query('update devices set place = $2 where device = $1', [device, place]);
}

/** How a device stands, the most pressing word first. */
export type DeviceStage = 'lost' | 'gap' | 'silent' | 'waiting' | 'complete';

/** A device as the desk shows it. */
export interface DeviceRow {
  readonly device: string;
  readonly label: string;
  readonly account: string;
  readonly app: string;
  readonly place: string | null;
  readonly lastSeenAt: number;
  readonly keptSeq: number;
  readonly receivedSeq: number;
  /** Numbers given on the device that are not on record: from–to, the first twenty ranges. */
  readonly missing: readonly (readonly [from: number, to: number])[];
  readonly missingCount: number;
  /** Since when the first of them is owed; null when none is. */
  readonly missingSince: number | null;
  readonly waiting: number;
  readonly clockAheadMs: number | null;
  readonly stage: DeviceStage;
  readonly lost: { readonly at: number; readonly by: string; readonly reason: string } | null;
  /** When it last told a smaller number than before, between which, and who used it; else null. */
  readonly wentBack: {
    readonly at: number;
    readonly from: number;
    readonly to: number;
    readonly account: string;
  } | null;
}

interface ListedRow {
  readonly [column: string]: unknown;
  readonly device: string;
  readonly label: string;
  readonly account: string;
  readonly app: string;
  readonly place: string | null;
  readonly lastSeenAt: number;
  readonly keptSeq: number;
  readonly waiting: number;
  readonly clockAheadMs: number | null;
  readonly completeSeq: number;
  readonly lostAt: number | null;
  readonly lostBy: string | null;
  readonly lostReason: string | null;
  readonly wentBack: DeviceRow['wentBack'];
  readonly receivedSeq: number;
  readonly completeNow: number;
  readonly gaps: readonly (readonly [from: number, to: number])[];
  readonly gapCount: number;
  readonly gapSince: number | null;
}

/** A device that holds something back is silent when it was not heard of for a shift. */
const silentMs = 12 * hourMs;
const rangesMax = 20;
const devicesMax = 2_000;

/**
 * Devices at places, those to look at first. Promise P1: a number that a device gave out and that
 * is not on record shows here, with whose device it was and since when.
 */
export async function listDevices(
  client: Queryable,
  { below, now }: { readonly below: readonly string[]; readonly now: Instant },
): Promise<DeviceRow[]> {
  const { rows } = await client.query<ListedRow>({
    name: 'list-devices',
    text: `select d.device, d.label, d.account, d.app, d.place, d.last_seen_ms as "lastSeenAt",
        d.kept_seq as "keptSeq", d.waiting, d.clock_ahead_ms as "clockAheadMs",
        d.complete_seq as "completeSeq", d.lost_ms as "lostAt", d.lost_by as "lostBy",
        d.lost_reason as "lostReason", case when d.went_back_ms is not null then
          json_build_object('at', d.went_back_ms, 'from', d.went_back_from, 'to', d.went_back_to,
            'account', d.went_back_account) end as "wentBack",
        f.received as "receivedSeq", f.complete as "completeNow",
        f.gaps, f.gap_count as "gapCount", f.gap_since as "gapSince"
      from devices d left join places l on l.code = d.place
      cross join lateral (
        select coalesce(max(s.device_seq), d.complete_seq) as received,
          coalesce(min(s.before) filter (where s.device_seq > s.before + 1), max(s.device_seq),
            d.complete_seq) as complete,
          coalesce(json_agg(json_build_array(s.before + 1, s.device_seq - 1) order by s.device_seq)
            filter (where s.device_seq > s.before + 1), '[]') as gaps,
          coalesce(sum(s.device_seq - s.before - 1), 0)::bigint as gap_count,
          (array_agg(s.received_ms order by s.device_seq)
            filter (where s.device_seq > s.before + 1))[1] as gap_since
        from (
          select device_seq, received_ms,
            lag(device_seq, 1, d.complete_seq) over (order by device_seq) as before
          from facts where device_id = d.device and device_seq > d.complete_seq
        ) s
      ) f
      where coalesce(l.path, '') || '/' like any($1::text[])
      order by d.last_seen_ms desc, d.device limit ${devicesMax}`,
    values: [below],
  });
  await rememberComplete(client, rows);
  return rows
    .map((row) => shown(row, now))
    .sort((left, right) => order.indexOf(left.stage) - order.indexOf(right.stage));
}

const order: readonly DeviceStage[] = ['lost', 'gap', 'silent', 'waiting', 'complete'];

/** The next search for gaps begins where this one found the first. */
async function rememberComplete(client: Queryable, rows: readonly ListedRow[]): Promise<void> {
  const further = rows.filter(({ completeSeq, completeNow }) => completeNow > completeSeq);
  if (further.length === 0) return;
  await client.query(
    `update devices d set complete_seq = greatest(d.complete_seq, c.seq)
     from unnest($1::text[], $2::bigint[]) as c (device, seq) where d.device = c.device`,
    [further.map(({ device }) => device), further.map(({ completeNow }) => completeNow)],
  );
}

function shown(row: ListedRow, now: Instant): DeviceRow {
  const { device, label, account, app, place, lastSeenAt, keptSeq, receivedSeq, waiting } = row;
  const { lostAt, lostBy, lostReason, clockAheadMs, wentBack } = row;
  const ahead = Math.max(0, keptSeq - receivedSeq);
  const tail = ahead === 0 ? [] : [[receivedSeq + 1, keptSeq] as const];
  const missingCount = row.gapCount + ahead;
  const lost = lostAt === null ? null : { at: lostAt, by: lostBy ?? '', reason: lostReason ?? '' };
  const stage = stageOf({ lost: lost !== null, missingCount, waiting, idleMs: now - lastSeenAt });
  const missingSince = missingCount === 0 ? null : (row.gapSince ?? lastSeenAt);
  return {
    ...{ device, label, account, app, place, lastSeenAt, keptSeq, receivedSeq },
    missing: [...row.gaps, ...tail].slice(0, rangesMax),
    ...{ missingCount, missingSince, waiting, clockAheadMs, stage, lost, wentBack },
  };
}

function stageOf(of: {
  readonly lost: boolean;
  readonly missingCount: number;
  readonly waiting: number;
  readonly idleMs: number;
}): DeviceStage {
  if (of.lost) return 'lost';
  // What the device still holds is on its way; what it no longer holds is gone.
  if (of.missingCount > of.waiting) return 'gap';
  if (of.waiting === 0) return 'complete';
  return of.idleMs > silentMs ? 'silent' : 'waiting';
}

/** Where a device belongs; null when it is not registered. */
export async function placeOfDevice(
  client: Queryable,
  device: string,
): Promise<{ readonly place: string | null } | null> {
  const { rows } = await client.query<{ place: string | null }>(
    'select place from devices where device = $1',
    [device],
  );
  return rows[0] ?? null;
}

/** Reports a device lost, or found again when `lost` is null. The first report of a loss stays. */
export async function markLost(
  client: Queryable,
  device: string,
  lost: { readonly at: Instant; readonly by: string; readonly reason: string } | null,
): Promise<void> {
  if (lost === null) {
    await client.query(
      'update devices set lost_ms = null, lost_by = null, lost_reason = null where device = $1',
      [device],
    );
    return;
  }
  await client.query(
    `update devices set lost_ms = $2, lost_by = $3, lost_reason = $4
     where device = $1 and lost_ms is null`,
    [device, lost.at, lost.by, lost.reason],
  );
}
