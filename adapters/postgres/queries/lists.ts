import type { Json } from '../../../kernel/assert.ts';
import type { Instant } from '../../../kernel/instant.ts';
import type { Queryable } from '../database.ts';

/** One page of a list: rows after a key, at most `limit`. */
export interface Page {
  /** Patterns of the paths that are meant, each ended by `/`. */
  readonly below: readonly string[];
  readonly after: string;
  readonly limit: number;
}

/** A duty as a list shows it. */
export interface DutyRow {
  readonly [column: string]: unknown;
  readonly subject: string;
  readonly key: string;
  readonly kind: string;
  readonly account: string | null;
  readonly link: string | null;
  readonly person: number | null;
  readonly owner: string;
  readonly place: string;
  readonly since: number;
  readonly dueAt: number;
  readonly endedAt: number | null;
  readonly ending: string | null;
  readonly overdue: boolean;
}

const dutyColumns = `subject, key, kind, account, link, person, owner, place, since_ms as since,
  due_ms as "dueAt", ended_ms as "endedAt", ending`;

/** Duties by due time, the most pressing first; `after` is `dueAt|subject|key` of the last row. */
export async function listDuties(
  client: Queryable,
  page: Page & {
    readonly account: string | null;
    readonly link: string | null;
    readonly state: 'open' | 'overdue' | 'done';
    readonly now: Instant;
  },
): Promise<DutyRow[]> {
  const [due = '', subject = '', key = ''] = page.after.split('|');
  const { rows } = await client.query<DutyRow>({
    name: `list-duties-${page.state}`,
    text: `select ${dutyColumns}, ended_ms is null and due_ms < $1 as overdue from duties
      where ${dutyStates[page.state]} and path || '/' like any($2::text[])
        and ($3::text is null or account = $3) and ($4::text is null or link = $4)
        and (due_ms, subject, key) > ($5::bigint, $6::text collate "C", $7::text)
      order by due_ms, subject, key limit $8`,
    values: [
      page.now,
      page.below,
      page.account,
      page.link,
      due === '' ? -1 : Number(due),
      subject,
      key,
      page.limit,
    ],
  });
  return rows;
}

const dutyStates = {
  open: 'ended_ms is null and $1::bigint is not null',
  overdue: 'ended_ms is null and due_ms < $1',
  done: 'ended_ms is not null and $1::bigint is not null',
} as const;

/** How many duties are open and past their time. */
export async function countOverdue(
  client: Queryable,
  below: readonly string[],
  now: Instant,
): Promise<number> {
  const { rows } = await client.query<{ overdue: number }>({
    name: 'count-overdue',
    text: `select count(*)::int as overdue from duties
      where ended_ms is null and due_ms < $2 and path || '/' like any($1::text[])`,
    values: [below, now],
  });
  return rows[0]?.overdue ?? 0;
}

/** A finding with what has been done about it. */
export interface FindingRow {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly subject: string;
  readonly key: string;
  readonly code: string;
  readonly owner: string;
  readonly place: string;
  readonly at: number;
  readonly details: Json;
  readonly stage: 'open' | 'taken' | 'closed';
  readonly holder: string | null;
  readonly note: string | null;
}

const findingsFrom = `from findings f
  left join subjects s on s.subject = 'finding:' || f.subject || '~' || f.key
  where f.path || '/' like any($1::text[]) and (coalesce(s.stage, 'open') = 'closed') = $2`;

/** Findings, newest first, open or closed; `after` is `at|subject|key` of the last row. */
export async function listFindings(
  client: Queryable,
  page: Page & { readonly closed: boolean; readonly code: string | null },
): Promise<FindingRow[]> {
  const [at = '', subject = '', key = ''] = page.after.split('|');
  const { rows } = await client.query<FindingRow>({
    name: 'list-findings',
    text: `select f.subject || '~' || f.key as id, f.subject, f.key, f.code, f.owner, f.place,
        f.at_ms as at, f.details, coalesce(s.stage, 'open') as stage, s.holder,
        s.state ->> 'note' as note
      ${findingsFrom} and ($3::text is null or f.code = $3)
        and (f.at_ms, f.subject, f.key) < ($4::bigint, $5::text collate "C", $6::text)
      order by f.at_ms desc, f.subject desc, f.key desc limit $7`,
    values: [
      page.below,
      page.closed,
      page.code,
      at === '' ? Number.MAX_SAFE_INTEGER : Number(at),
      subject === '' ? '\u{10ffff}' : subject,
      key,
      page.limit,
    ],
  });
  return rows;
}

/** How many findings nobody has closed. */
export async function countFindings(client: Queryable, below: readonly string[]): Promise<number> {
  const { rows } = await client.query<{ open: number }>({
    name: 'count-findings',
    text: `select count(*)::int as open ${findingsFrom}`,
    values: [below, false],
  });
  return rows[0]?.open ?? 0;
}

/** A specimen as a list shows it. */
export interface SpecimenListRow {
  readonly [column: string]: unknown;
  readonly subject: string;
  readonly stage: string;
  readonly since: number | null;
  readonly dueAt: number | null;
  readonly holder: string | null;
  readonly place: string | null;
}

/** Specimens in the stages given, by label. */
export async function listSpecimens(
  client: Queryable,
  page: Page & { readonly stages: readonly string[]; readonly round: string | null },
): Promise<SpecimenListRow[]> {
  const { rows } = await client.query<SpecimenListRow>({
    name: 'list-specimens',
    text: `select 'tube:' || tube as subject, stage, since_ms as since, due_ms as "dueAt", holder,
        place
      from specimens where stage = any($1::text[]) and path || '/' like any($2::text[])
        and ($3::text is null or round = $3) and tube > $4
      order by tube limit $5`,
    values: [page.stages, page.below, page.round, page.after.replace(/^tube:/, ''), page.limit],
  });
  return rows;
}

/** A subject as a desk shows it. */
export interface SubjectListRow {
  readonly [column: string]: unknown;
  readonly subject: string;
  readonly stage: string;
  readonly since: number | null;
  readonly holder: string | null;
  readonly place: string | null;
  readonly done: boolean;
  readonly state: Json;
}

/** Subjects of one kind, by name; only those in a stage, or not done, when asked. */
export async function listSubjects(
  client: Queryable,
  page: Page & {
    readonly prefix: string;
    readonly stage: string | null;
    readonly done: boolean | null;
    readonly search: string | null;
  },
): Promise<SubjectListRow[]> {
  const { rows } = await client.query<SubjectListRow>({
    name: 'list-subjects',
    text: `select subject, stage, since_ms as since, holder, place, done, state from subjects
      where prefix = $1 and path || '/' like any($2::text[]) and ($3::text is null or stage = $3)
        and ($4::boolean is null or done = $4)
        and ($5::text is null or position(upper($5) in upper(subject)) > 0)
        and subject > $6::text collate "C"
      order by subject limit $7`,
    values: [page.prefix, page.below, page.stage, page.done, page.search, page.after, page.limit],
  });
  return rows;
}
