import type { Actor, Grant } from '../../ledger/access.ts';
import type { Instant } from '../../kernel/instant.ts';
import type { Queryable } from './database.ts';

/** An account without its password. */
export interface AccountRow {
  readonly account: string;
  readonly grants: readonly Grant[];
  readonly disabled: boolean;
}

/** The account with its hash; null when there is none. */
export async function findAccount(
  client: Queryable,
  account: string,
): Promise<(AccountRow & { passwordHash: string }) | null> {
  const { rows } = await client.query<AccountRow & { passwordHash: string }>(
    `select account, grants, disabled_ms is not null as disabled, password_hash as "passwordHash"
     from accounts where account = $1`,
    [account],
  );
  return rows[0] ?? null;
}

/** All accounts by name. */
export async function listAccounts(client: Queryable): Promise<AccountRow[]> {
  const { rows } = await client.query<AccountRow & { readonly [c: string]: unknown }>(
    'select account, grants, disabled_ms is not null as disabled from accounts order by account',
  );
  return rows;
}

/** Makes an account; false when the name is taken. */
export async function insertAccount(
  client: Queryable,
  account: { account: string; passwordHash: string; grants: readonly Grant[]; createdAt: Instant },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into accounts (account, password_hash, grants, created_ms)
     values ($1, $2, $3, $4) on conflict do nothing`,
    [account.account, account.passwordHash, JSON.stringify(account.grants), account.createdAt],
  );
  return rowCount === 1;
}

/**
 * Changes an account. Answers `unknown`, `last-admin` when nobody would be left who may manage
 * accounts, or `changed`. The table is locked so that two admins cannot remove each other.
 */
export async function changeAccount(
  client: Queryable,
  change: {
    account: string;
    grants?: readonly Grant[];
    passwordHash?: string;
    disabledAt?: Instant | null;
  },
): Promise<'changed' | 'unknown' | 'last-admin'> {
  // Readers go on; a second change waits until this one is committed.
  await client.query('select account from accounts order by account for update');
  const { rowCount } = await client.query(
    `update accounts set grants = coalesce($2::jsonb, grants),
       password_hash = coalesce($3, password_hash),
       disabled_ms = case when $4 then $5::bigint else disabled_ms end
     where account = $1`,
    [
      change.account,
      change.grants === undefined ? null : JSON.stringify(change.grants),
      change.passwordHash ?? null,
      change.disabledAt !== undefined,
      change.disabledAt ?? null,
    ],
  );
  if (rowCount !== 1) return 'unknown';
  const { rows } = await client.query<{ admins: number }>(
    `select count(*)::int as admins from accounts
     where disabled_ms is null and grants @> '[{"role": "admin", "place": "*"}]'`,
  );
  if ((rows[0]?.admins ?? 0) === 0) return 'last-admin';
  await client.query('delete from sessions where account = $1', [change.account]);
  return 'changed';
}

/** Opens a session. */
export async function insertSession(
  client: Queryable,
  session: { tokenHash: Buffer; account: string; createdAt: Instant; expiresAt: Instant },
): Promise<void> {
  await client.query(
    `insert into sessions (token_hash, account, created_ms, expires_ms) values ($1, $2, $3, $4)`,
    [session.tokenHash, session.account, session.createdAt, session.expiresAt],
  );
}

/** Who a session belongs to; null when it is unknown, expired or its account disabled. */
export async function findSession(
  client: Queryable,
  tokenHash: Buffer,
  now: Instant,
): Promise<Actor | null> {
  const { rows } = await client.query<{ account: string; grants: Grant[] }>({
    name: 'find-session',
    text: `select account, grants from sessions join accounts using (account)
      where token_hash = $1 and expires_ms > $2 and disabled_ms is null`,
    values: [tokenHash, now],
  });
  return rows[0] ?? null;
}

/** Ends a session. */
export async function deleteSession(client: Queryable, tokenHash: Buffer): Promise<void> {
  await client.query('delete from sessions where token_hash = $1', [tokenHash]);
}

/** Wrong passwords for an account since an instant. */
export async function countFailures(
  client: Queryable,
  account: string,
  since: Instant,
): Promise<number> {
  const { rows } = await client.query<{ failures: number }>(
    'select count(*)::int as failures from sign_in_failures where account = $1 and at_ms > $2',
    [account, since],
  );
  return rows[0]?.failures ?? 0;
}

/** Notes a wrong password. */
export async function noteFailure(client: Queryable, account: string, at: Instant): Promise<void> {
  await client.query('insert into sign_in_failures (account, at_ms) values ($1, $2)', [
    account,
    at,
  ]);
  await client.query('delete from sign_in_failures where account = $1 and at_ms < $2', [
    account,
    at - 86_400_000,
  ]);
}
