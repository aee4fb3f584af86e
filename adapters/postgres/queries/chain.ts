import type { Instant } from '../../../kernel/instant.ts';
import { minuteMs } from '../../../kernel/instant.ts';
import { type Account, accounts, type Link, links } from '../../../ledger/derive.ts';
import type { AccountCounts, LinkCounts } from '../../../rooms/duties/index.ts';
import { specimenStages } from '../../../rooms/results/index.ts';
import type { CoverageCounts } from '../../../rooms/screening/index.ts';
import type { Queryable } from '../database.ts';

/** Where and when a question about the chain is asked. */
export interface ChainQuestion {
  /** Patterns of the paths that are meant, each ended by `/`. */
  readonly below: readonly string[];
  /** Only specimens of this round; every open one when null. */
  readonly round: string | null;
  readonly now: Instant;
}

/** How a link stands, with how many have passed it. */
export interface LinkRow extends LinkCounts {
  readonly passed: number;
}

interface Waiting {
  readonly waiting: number;
  readonly oldest: number | null;
  readonly overdue: number;
}

const stagesBefore: { readonly [l in Link]?: readonly string[] } = {
  deliver: ['received', 'accessioned', 'plated', 'read', 'signed', 'released'],
  test: ['signed', 'released'],
  report: ['released'],
};

/** The six links: specimens in the first four, people in the last three (report counts both). */
export async function chainLinks(
  client: Queryable,
  question: ChainQuestion,
  collect: { counts: CoverageCounts | null; startsAt: Instant | null; endsAt: Instant | null },
): Promise<Record<Link, LinkRow>> {
  const stages = await specimenStagesNow(client, question);
  const duties = await dutiesByLink(client, question);
  const entries = links.map((link): [Link, LinkRow] => {
    const parts: Waiting[] = stages
      .filter(({ stage, done }) => !done && linkOfStage(stage) === link)
      .map(({ waiting, oldest, overdue }) => ({ waiting, oldest, overdue }));
    const owed = duties.find((row) => row.link === link);
    if (owed !== undefined) parts.push(owed);
    if (link === 'collect' && collect.counts !== null) {
      const late = collect.endsAt !== null && collect.endsAt < question.now;
      const { open } = collect.counts;
      const oldest = open > 0 ? collect.startsAt : null;
      parts.push({ waiting: open, oldest, overdue: late ? open : 0 });
    }
    const passed = passedBy(link, { stages, ended: owed?.ended ?? 0, counts: collect.counts });
    return [link, { ...addUp(parts, question.now), passed }];
  });
  return Object.fromEntries(entries) as Record<Link, LinkRow>;
}

function passedBy(
  link: Link,
  from: { stages: readonly StageRow[]; ended: number; counts: CoverageCounts | null },
): number {
  if (link === 'collect') return from.counts?.sampled ?? 0;
  const beyond = stagesBefore[link];
  if (beyond === undefined) return from.ended;
  return from.stages
    .filter(({ stage }) => beyond.includes(stage))
    .reduce((sum, { waiting }) => sum + waiting, 0);
}

function linkOfStage(stage: string): Link | null {
  const table: { readonly [s: string]: Link | null } = specimenStages;
  return table[stage] ?? null;
}

function addUp(parts: readonly Waiting[], now: Instant): LinkCounts {
  let waiting = 0;
  let overdue = 0;
  let oldest: number | null = null;
  for (const part of parts) {
    waiting += part.waiting;
    overdue += part.overdue;
    if (part.oldest !== null) oldest = Math.min(oldest ?? part.oldest, part.oldest);
  }
  const age = oldest === null ? null : Math.max(0, Math.floor((now - oldest) / minuteMs));
  return { waiting, oldestMinutes: age, overdue };
}

interface StageRow extends Waiting {
  readonly [column: string]: unknown;
  readonly stage: string;
  readonly done: boolean;
}

/**
 * Specimens by stage; finished ones only of the round asked about. Counted as they move, so that a
 * day of millions is never walked through; times are exact to five minutes (`countStepMs`).
 */
async function specimenStagesNow(
  client: Queryable,
  { below, round, now }: ChainQuestion,
): Promise<StageRow[]> {
  const { rows } = await client.query<StageRow>({
    name: 'specimen-stages',
    text: `select stage, done, sum(specimens)::int as waiting,
        min(since_ms) filter (where since_ms >= 0) as oldest,
        coalesce(sum(specimens) filter (where due_ms >= 0 and due_ms < $3), 0)::int as overdue
      from specimen_counts
      where path || '/' like any($1::text[]) and (round = $2 or ($2::text is null and not done))
      group by stage, done`,
    values: [below, round, now],
  });
  return rows;
}

interface DutyLinkRow extends Waiting {
  readonly [column: string]: unknown;
  readonly link: Link;
  readonly ended: number;
}

/** Duties of people by link. Those of things (boxes, plates) stand for specimens counted above. */
async function dutiesByLink(
  client: Queryable,
  { below, now }: ChainQuestion,
): Promise<DutyLinkRow[]> {
  const { rows } = await client.query<DutyLinkRow>({
    name: 'duties-by-link',
    text: `select link, count(*) filter (where ended_ms is null)::int as waiting,
        min(since_ms) filter (where ended_ms is null) as oldest,
        count(*) filter (where ended_ms is null and due_ms < $2)::int as overdue,
        count(*) filter (where ended_ms is not null)::int as ended
      from duties where link is not null and person is not null and path || '/' like any($1::text[])
      group by link`,
    values: [below, now],
  });
  return rows;
}

interface AccountRow {
  readonly [column: string]: unknown;
  readonly account: Account;
  readonly done: number;
  readonly open: number;
  readonly overdue: number;
}

/** The four accounts: people owed, done, waiting, waiting too long; due = done + open. */
export async function fourAccounts(
  client: Queryable,
  question: ChainQuestion,
  round: { counts: CoverageCounts | null; endsAt: Instant | null },
): Promise<Record<Account, AccountCounts>> {
  const { rows } = await client.query<AccountRow>({
    name: 'four-accounts',
    text: `select account, count(*) filter (where ended_ms is not null)::int as done,
        count(*) filter (where ended_ms is null)::int as open,
        count(*) filter (where ended_ms is null and due_ms < $2)::int as overdue
      from duties where account is not null and path || '/' like any($1::text[]) group by account`,
    values: [question.below, question.now],
  });
  const entries = accounts.map((account): [Account, AccountCounts] => {
    let { done, open, overdue } = rows.find((row) => row.account === account) ?? nothing;
    if (account === 'test' && round.counts !== null) {
      done += round.counts.sampled;
      open += round.counts.open;
      if (round.endsAt !== null && round.endsAt < question.now) overdue += round.counts.open;
    }
    return [account, { due: done + open, done, open, overdue }];
  });
  return Object.fromEntries(entries) as Record<Account, AccountCounts>;
}

const nothing = { done: 0, open: 0, overdue: 0 };
