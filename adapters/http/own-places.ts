import { type Actor, mayAct } from '../../ledger/access.ts';
import type { Fact } from '../../ledger/fact.ts';
import type { SetAside } from '../../ledger/receive.ts';
import type { ServerContext } from './context.ts';

/**
 * Facts that undo or decide what somebody else put on record. The place written on them is the
 * sender's word, so their permission is also asked at the place where the thing is on record;
 * facts that only add to the record, such as a second sealing, are never refused for that.
 */
const undoing: ReadonlySet<string> = new Set([
  'screening.tube-voided',
  'screening.person-removed',
  'screening.round-closed',
  'screening.disposition-withdrawn',
  'laboratory.plate-signed',
  'laboratory.plate-rejected',
  'results.amended',
  'cases.isolation-ended',
  'duties.finding-taken',
  'duties.finding-closed',
]);

interface Standing {
  readonly [column: string]: unknown;
  readonly subject: string;
  readonly place: string | null;
}

/** Items with those set aside whose sender may not undo things at the place they stand at. */
export async function withinOwnPlaces(
  context: ServerContext,
  actor: Actor,
  items: readonly (Fact | SetAside)[],
): Promise<(Fact | SetAside)[]> {
  const subjects = items.flatMap((item) =>
    'subject' in item && undoing.has(item.kind) ? [item.subject] : [],
  );
  if (subjects.length === 0) return [...items];
  const { rows } = await context.pool.query<Standing>(
    `select 'tube:' || tube as subject, place from specimens
       where tube = any($3)
     union all select subject, place from subjects where subject = any($1) and place is not null
     union all select 'finding:' || subject || '~' || key, place from findings
       where subject || '~' || key = any($2)`,
    [
      subjects,
      subjects.map((subject) => subject.replace(/^finding:/, '')),
      subjects.map((subject) => subject.replace(/^tube:/, '')),
    ],
  );
  const roster = context.roster();
  const elsewhere = (item: Fact): boolean => {
    const permits = context.catalogue.findFact(item.kind)?.kind.permits ?? [];
    return rows.some(({ subject, place }) => {
      const path = place === null ? null : roster.pathOf(place);
      return subject === item.subject && path !== null && !mayAct(actor, permits, path);
    });
  };
  return items.map((item) => {
    if (!('subject' in item) || !undoing.has(item.kind) || !elsewhere(item)) return item;
    const detail = `${item.subject} is on record at a place that is not yours`;
    return {
      kind: 'set-aside',
      id: item.id,
      code: 'access.not-permitted',
      where: '/subject',
      detail,
    };
  });
}
