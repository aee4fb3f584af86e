import type { Instant } from '../../kernel/instant.ts';
import { minuteMs } from '../../kernel/instant.ts';
import { type Account, accounts, type Duty, type Link } from '../../ledger/derive.ts';

/** One account: how many are owed it, have had it, still wait, and wait too long. */
export interface AccountCounts {
  readonly due: number;
  readonly done: number;
  readonly open: number;
  readonly overdue: number;
}

/** How a link stands: how much waits, how old the oldest is, how much is past its limit. */
export interface LinkCounts {
  readonly waiting: number;
  readonly oldestMinutes: number | null;
  readonly overdue: number;
}

/** Rule DU-2. The accounts as sums over duties: due = done + open. */
export function countAccounts(
  duties: Iterable<Duty>,
  now: Instant,
): Record<Account, AccountCounts> {
  const counts = Object.fromEntries(
    accounts.map((account) => [account, { due: 0, done: 0, open: 0, overdue: 0 }]),
  ) as Record<Account, { due: number; done: number; open: number; overdue: number }>;
  for (const duty of duties) {
    if (duty.account === null) continue;
    const own = counts[duty.account];
    own.due += 1;
    if (duty.endedAt !== null) own.done += 1;
    else own.open += 1;
    if (isOverdue(duty, now)) own.overdue += 1;
  }
  return counts;
}

/** Rule DU-3. Open and past its time. */
export function isOverdue(duty: Pick<Duty, 'endedAt' | 'dueAt'>, now: Instant): boolean {
  return duty.endedAt === null && duty.dueAt < now;
}

/** Rule DU-3. What waits in one link, from the duties that belong to it. */
export function countLink(duties: Iterable<Duty>, link: Link, now: Instant): LinkCounts {
  let waiting = 0;
  let overdue = 0;
  let oldest: number | null = null;
  for (const duty of duties) {
    if (duty.link !== link || duty.endedAt !== null) continue;
    waiting += 1;
    if (isOverdue(duty, now)) overdue += 1;
    oldest = oldest === null ? duty.since : Math.min(oldest, duty.since);
  }
  const oldestMinutes = oldest === null ? null : Math.floor((now - oldest) / minuteMs);
  return { waiting, oldestMinutes, overdue };
}
