import type { Json } from '../../../kernel/assert.ts';
import type { Fact, RecordedFact } from '../../../ledger/fact.ts';
import { inOrder } from '../../../ledger/order.ts';
import type { RecordState } from '../../../ledger/room.ts';
import type { Queryable } from '../database.ts';
import { factsOf } from '../fact-store.ts';
import { readRecords, type Views } from '../specimens.ts';

/** One step of a chain: what happened, when, at whose hands. */
export interface Step {
  readonly at: number;
  readonly kind: string;
  readonly subject: string;
  readonly place: string;
  readonly actor: string;
  readonly receipt: number | null;
  readonly body: Json;
}

/** Everything on record about a subject and whatever else bears on it, in the agreed order. */
export async function historyOf(client: Queryable, subjects: readonly string[]): Promise<Step[]> {
  const facts: readonly (Fact & Partial<RecordedFact>)[] = await factsOf(client, subjects);
  const { rows } = await client.query<{ fact: Fact }>(
    'select fact from influences where subject = any($1::text[])',
    [subjects],
  );
  const all: (Fact & Partial<RecordedFact>)[] = [...facts, ...rows.map(({ fact }) => fact)];
  return inOrder(all).map(({ at, kind, subject, place, actor, receipt, body }) => ({
    at,
    kind,
    subject,
    place,
    actor,
    receipt: receipt ?? null,
    body,
  }));
}

/** The record of a tube; null when nobody has seen it. */
export async function findSpecimen(
  client: Queryable,
  tube: string,
  views: Views,
): Promise<RecordState | null> {
  return (await readRecords(client, [tube], views)).get(tube) ?? null;
}

/** Subjects that speak of a tube: its own, its boxes, accessions, plates and releases. */
export function subjectsOfTube(tube: string, state: RecordState | null): string[] {
  const sources = Object.values(state?.groups ?? {}).flatMap((entries) =>
    entries.map(({ source }) => source),
  );
  return [...new Set([`tube:${tube}`, ...sources])];
}

/** A tube that holds a person, and the round it belongs to. */
export interface HeldIn {
  readonly [column: string]: unknown;
  readonly tube: string;
  readonly round: string | null;
}

/**
 * Tubes that hold a person, the latest first. Looked for among those of the places where the
 * person lives, from the building up, and among the few that took somebody from elsewhere: no
 * index of people is kept, which would take more room than the record (decision 0022).
 */
export async function tubesOfPerson(
  client: Queryable,
  person: number,
  homePaths: readonly string[],
): Promise<HeldIn[]> {
  const { rows } = await client.query<HeldIn>({
    name: 'tubes-of-person',
    text: `select tube, round from (
        select tube, round, since_ms from specimens
          where path = any($2::text[]) and members @> array[$1::integer]
        union
        select s.tube, s.round, s.since_ms from sampled_elsewhere e join specimens s using (tube)
          where e.person = $1 and s.members @> array[$1::integer]) held
      order by since_ms desc, tube limit 200`,
    values: [person, homePaths],
  });
  return rows;
}

/** Whether a person has ever moved: then their tubes may lie at places that are not theirs now. */
export async function hasMoved(client: Queryable, person: number): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'has-moved',
    text: 'select 1 from person_moves where person = $1',
    values: [person],
  });
  return rowCount === 1;
}

/** The same among all tubes of the record: for somebody who has moved since being sampled. */
export async function tubesAnywhere(client: Queryable, person: number): Promise<HeldIn[]> {
  const { rows } = await client.query<HeldIn>({
    name: 'tubes-anywhere',
    text: `select tube, round from specimens where members @> array[$1::integer]
      order by since_ms desc, tube limit 200`,
    values: [person],
  });
  return rows;
}

/** Subjects about a person: the person, their transfers and stays. */
export async function subjectsOfPerson(client: Queryable, person: number): Promise<string[]> {
  const { rows } = await client.query<{ subject: string }>(
    `select source as subject from influences where subject = $1 and source not like 'specimen:%'
     union select subject from subjects where prefix = 'entry' and subject like $2`,
    [`person:${person}`, `entry:%/${person}`],
  );
  return [`person:${person}`, ...rows.map(({ subject }) => subject)];
}
