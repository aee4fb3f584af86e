import { derivedMark, type DerivedRow } from '../../ledger/ports.ts';
import type { Fact } from '../../ledger/fact.ts';
import { SlotTaken } from '../memory/store.ts';
import type { Queryable } from './database.ts';
import type { Line } from './line.ts';
import type { PathOf } from './roster.ts';

type DerivedTable = 'duties' | 'findings' | 'slots';

/** The bit of each table in `derivedMark`. */
const bits = { duties: 1, findings: 2, slots: 4 } as const satisfies Record<DerivedTable, number>;

const uniqueViolation = '23505';

/** Replaces duties, findings and slots of subjects. Throws `SlotTaken` on a clash. */
export function saveDerived(line: Line, all: readonly DerivedRow[], pathOf: PathOf): void {
  const rows = all.filter((row) => row.before + derivedMark(row) > 0);
  clear(line, rows);
  const duties = rows.flatMap(({ subject, duties: own }) =>
    own.map((duty) => ({ subject, ...duty, path: pathOf(duty.place) })),
  );
  const findings = rows.flatMap(({ subject, findings: own }) =>
    own.map((finding) => ({ subject, ...finding, path: pathOf(finding.place) })),
  );
  const slots = rows.flatMap(({ subject, slots: own }) =>
    own.map((slot) => ({ subject, ...slot })),
  );
  if (duties.length > 0) insertJson(line, 'duties', duties);
  if (findings.length > 0) insertJson(line, 'findings', findings);
  if (slots.length === 0) return;
  insertJson(line, 'slots', slots, (error) => {
    return isUniqueViolation(error)
      ? new SlotTaken('a bed, seat or well is held by another')
      : error;
  });
}

/** Only what a subject had is cleared: most have nothing. */
function clear(line: Line, rows: readonly DerivedRow[]): void {
  for (const table of ['duties', 'findings', 'slots'] as const) {
    const held = rows.filter(({ before }) => (before & bits[table]) !== 0);
    if (held.length === 0) continue;
    const text = `delete from ${table} where subject = any($1::text[])`;
    const values = [held.map(({ subject }) => subject)];
    line.send({ name: `clear-${table}`, text, values });
  }
}

const insertions = {
  duties: `insert into duties (subject, key, kind, account, link, person, owner, place, path,
      since_ms, due_ms, ended_ms, ending)
    select subject, key, kind, account, link, person, owner, place, path, since, "dueAt",
      "endedAt", ending
    from json_to_recordset($1::json) as d (subject text, key text, kind text, account text,
      link text, person integer, owner text, place text, path text, since bigint, "dueAt" bigint,
      "endedAt" bigint, ending text)`,
  findings: `insert into findings (subject, key, code, owner, place, path, at_ms, details)
    select subject, key, code, owner, place, path, at, details
    from json_to_recordset($1::json) as f (subject text, key text, code text, owner text,
      place text, path text, at bigint, details jsonb)`,
  slots: `insert into slots (resource, index, subject)
    select resource, index, subject
    from json_to_recordset($1::json) as s (resource text, index integer, subject text)`,
  influences: `insert into influences (source, id, subject, fact)
    select source, id, subject, fact
    from json_to_recordset($1::json) as i (source text, id text, subject text, fact jsonb)`,
} as const satisfies Record<DerivedTable | 'influences', string>;

function insertJson(
  line: Line,
  table: keyof typeof insertions,
  rows: object[],
  meaning?: (error: unknown) => unknown,
): void {
  const text = insertions[table];
  line.send({ name: `insert-${table}`, text, values: [JSON.stringify(rows)] }, meaning);
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === uniqueViolation;
}

/** Influences on subjects, each with where it comes from. */
export async function influencesOn(
  client: Queryable,
  subjects: readonly string[],
): Promise<readonly { source: string; fact: Fact }[]> {
  if (subjects.length === 0) return [];
  const { rows } = await client.query<{ source: string; fact: Fact }>({
    name: 'influences-on',
    text: 'select source, fact from influences where subject = any($1::text[])',
    values: [subjects],
  });
  return rows;
}

/** Replaces what each source means for others. */
export function saveInfluences(line: Line, bySource: ReadonlyMap<string, readonly Fact[]>): void {
  line.send({
    name: 'clear-influences',
    text: 'delete from influences where source = any($1::text[])',
    values: [[...bySource.keys()]],
  });
  const rows = [...bySource].flatMap(([source, facts]) =>
    facts.map((fact) => ({ source, id: fact.id, subject: fact.subject, fact })),
  );
  if (rows.length > 0) insertJson(line, 'influences', rows);
}
