import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type pg from 'pg';
import { Compile } from 'typebox/compile';
import { Fault } from '../../adapters/fault.ts';
import type { Clock, ServerContext } from '../../adapters/http/context.ts';
import { hashPassword } from '../../adapters/http/passwords.ts';
import { Writer } from '../../adapters/jobs/writer.ts';
import { insertAccount } from '../../adapters/postgres/accounts.ts';
import { Coverages } from '../../adapters/postgres/coverages.ts';
import { openDatabase } from '../../adapters/postgres/database.ts';
import { watchRoom } from '../../adapters/postgres/disk-room.ts';
import { findWeakSettings, notDurable } from '../../adapters/postgres/durability.ts';
import { PostgresStore } from '../../adapters/postgres/fact-store.ts';
import { Listening } from '../../adapters/postgres/listening.ts';
import { migrate } from '../../adapters/postgres/migrate.ts';
import { announceRoster, Roster } from '../../adapters/postgres/roster.ts';
import type { Json } from '../../kernel/assert.ts';
import { instant, type Instant } from '../../kernel/instant.ts';
import { type Catalogue, firstFault, type PolicyBook } from '../../ledger/catalogue.ts';
import { createCatalogue } from '../../rooms/catalogue.ts';

/** A composed server: its context, and how to take it down. */
export interface Composed {
  readonly context: ServerContext;
  /** As the database's owner: migrations and imports run here, requests never do. */
  readonly owner: pg.Pool;
  readonly close: () => Promise<void>;
}

interface ComposeOptions {
  readonly connectionString: string;
  readonly clock: 'system' | 'driven' | 'as-recorded';
  readonly policyFile?: string | null;
  /** Takes a PostgreSQL that may lose what was answered; else it is `postgres.not-durable`. */
  readonly unsafe?: boolean;
  /** Folder that the database fills, when it is on this machine and ours. */
  readonly folder?: string | null;
}

/** Opens the database, brings its schema up to date and puts the parts together. */
export async function compose(options: ComposeOptions): Promise<Composed> {
  const owner = await openOwner(options);
  const pool = await openDatabase(options.connectionString, { service: true, connectionsMax: 8 });
  const catalogue = createCatalogue();
  const policy = await settlePolicy(pool, catalogue, options.policyFile ?? null);
  const clock = await createClock(pool, options.clock);
  let roster = await Roster.load(owner);
  const coverages = new Coverages(roster);
  const inTurn = turns();
  const instance = randomUUID();
  const record = new RecordLine(await readReceipt(pool));
  const hear = (receipt: number): void => record.hear(receipt);
  const recordPool = await openDatabase(options.connectionString, {
    service: true,
    connectionsMax: 2,
    pipeline: true,
  });
  const store = new PostgresStore(recordPool, {
    pathOf: (place) => roster.pathOf(place ?? '') ?? place ?? '',
    views: () => ({ catalogue, policy, registers: roster }),
  });
  const writer = new Writer({
    store,
    context: () => ({ catalogue, policy, registers: roster }),
    clock: () => instant(Date.now()),
    committed: hear,
  });
  // One after the other: two at once would take in the same people, or forget an import.
  const reload = inTurn(async () => {
    roster = await Roster.load(owner);
    await coverages.useRoster(roster);
  });
  const grow = inTurn(async () => {
    roster = await roster.grown(pool);
    await coverages.growRoster(roster);
  });
  const context: ServerContext = {
    pool,
    writer,
    catalogue,
    policy,
    clock,
    coverages,
    roster: () => roster,
    reloadRoster: reload,
    growRoster: grow,
    announce: (change) => announceRoster(pool, change, instance),
    onCommit: (listener) => record.listen(listener),
    lastReceipt: () => record.last,
    hasRoom: watchRoom(options.folder ?? null),
  };
  const listening = await Listening.open(pool, {
    roster: async (by, change) => {
      if (by !== instance) await (change === 'grown' ? grow() : reload());
    },
    receipt: hear,
    missed: async () => {
      await reload();
      hear(await readReceipt(pool));
    },
  });
  const close = async (): Promise<void> => {
    await writer.close();
    listening.close();
    await store.close();
    await pool.end();
    await owner.end();
  };
  return { context, owner, close };
}

/** Opens as the owner, refuses what would lose answers before anything is written, and migrates. */
async function openOwner({ connectionString, unsafe }: ComposeOptions): Promise<pg.Pool> {
  const owner = await openDatabase(connectionString, { service: false, connectionsMax: 3 });
  const weak = unsafe === true ? [] : await findWeakSettings(owner);
  if (weak.length > 0) {
    await owner.end();
    throw notDurable(weak);
  }
  await migrate(owner);
  return owner;
}

/** How far the record has come, by this server's commits and those it heard of. */
class RecordLine {
  readonly #listeners = new Set<(receipt: number) => void>();
  last: number;

  constructor(last: number) {
    this.last = last;
  }

  hear(receipt: number): void {
    if (receipt <= this.last) return;
    this.last = receipt;
    for (const listener of this.#listeners) listener(receipt);
  }

  listen(listener: (receipt: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** Changes of one thing, each begun when the one before has ended. */
function turns(): (change: () => Promise<void>) => () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  const after = async (earlier: Promise<void>, change: () => Promise<void>): Promise<void> => {
    await earlier.catch(() => undefined);
    await change();
  };
  return (change) => () => {
    last = after(last, change);
    return last;
  };
}

async function readReceipt(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ receipt: number }>('select receipt from ledger_head');
  return rows[0]?.receipt ?? 0;
}

/**
 * The settings the operation runs by: those of a file, which are kept for every later start and
 * for the command line; without one, those kept; without either, the defaults.
 */
async function settlePolicy(
  pool: pg.Pool,
  catalogue: Catalogue,
  file: string | null,
): Promise<PolicyBook> {
  if (file !== null) {
    const policy = await readPolicy(catalogue, file);
    await pool.query(
      `insert into deployment (key, value) values ('policy', $1)
       on conflict (key) do update set value = excluded.value`,
      [JSON.stringify(policy)],
    );
    return policy;
  }
  const { rows } = await pool.query<{ value: PolicyBook }>(
    `select value from deployment where key = 'policy'`,
  );
  return { ...catalogue.policyDefaults(), ...rows[0]?.value };
}

/** Settings by room: the defaults with a file's rooms and keys put over them, checked whole. */
async function readPolicy(catalogue: Catalogue, file: string): Promise<PolicyBook> {
  const book: { [room: string]: Json } = { ...catalogue.policyDefaults() };
  const given = await readSettings(file);
  for (const [name, values] of Object.entries(given)) {
    const room = catalogue.rooms.find((each) => each.name === name);
    if (room === undefined) throw new Fault('config.bad-policy', `${file}: no room ${name}`);
    if (!isObject(values)) {
      throw new Fault('config.bad-policy', `${file}: ${name}: must be an object of settings`);
    }
    const merged = { ...(room.policyDefaults as object), ...values };
    const fault = firstFault(Compile(room.policySchema), merged);
    if (fault !== null) {
      throw new Fault('config.bad-policy', `${file}: ${name}${fault.where}: ${fault.detail}`);
    }
    book[name] = merged as Json;
  }
  return book;
}

async function readSettings(file: string): Promise<{ readonly [room: string]: unknown }> {
  let given: unknown;
  try {
    given = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Fault('config.bad-policy', `${file}: ${String(error)}`);
  }
  if (isObject(given)) return given;
  throw new Fault('config.bad-policy', `${file}: must be an object of rooms`);
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The clock the operation runs by. A driven one goes on from where it stood. */
async function createClock(
  pool: pg.Pool,
  kind: 'system' | 'driven' | 'as-recorded',
): Promise<Clock> {
  const { rows } = await pool.query<{ value: number }>(
    `select value from deployment where key = 'driven-clock'`,
  );
  const recorded = rows[0]?.value;
  if (kind === 'system' || (kind === 'as-recorded' && recorded === undefined)) {
    return { now: () => instant(Date.now()), drive: null };
  }
  let driven = recorded === undefined ? null : instant(recorded);
  const now = (): Instant => driven ?? instant(Date.now());
  if (kind === 'as-recorded') return { now, drive: null };
  const drive = (next: Instant): void => {
    // Time never runs backwards, even when two drivers disagree.
    driven = instant(Math.max(driven ?? 0, next));
    void pool
      .query(
        `insert into deployment (key, value) values ('driven-clock', to_jsonb($1::bigint))
         on conflict (key) do update set value = excluded.value`,
        [driven],
      )
      .catch(() => undefined);
  };
  return { now, drive };
}

/** Makes the first administrator when there is none; answers the password when it made one. */
export async function ensureAdmin(pool: pg.Pool, wanted: string | null): Promise<string | null> {
  const { rows } = await pool.query('select 1 from accounts limit 1');
  if (rows.length > 0) return null;
  const password = wanted ?? randomBytes(9).toString('base64url');
  const roles = ['admin', 'headquarters'] as const;
  const made = await insertAccount(pool, {
    account: 'admin',
    passwordHash: await hashPassword(password),
    grants: roles.map((role) => ({ role, place: '*' })),
    createdAt: instant(Date.now()),
  });
  return made ? password : null;
}
