import type { RecordedFact } from '../../ledger/fact.ts';
import type { RoundState } from '../../rooms/screening/index.ts';
import type {
  Fate,
  FieldDisposition,
  FieldDuty,
  FieldHouseholds,
  FieldPersons,
  FieldPoint,
} from '../device/package.ts';
import type { Queryable } from './database.ts';
import { factColumns } from './fact-store.ts';

/** Who asks for a device's persons, and where: all of it goes on record. */
export interface FieldReader {
  readonly actor: string;
  readonly device: string;
  /** Path of the place. */
  readonly path: string;
}

/** The most persons that a device is given: a large community has half as many. */
export const fieldPersonsMax = 20_000;

/**
 * Promise P6. The persons of a place for one device, names masked and documents hashed by the
 * database, as one reading on record; null when they are too many, and then nothing was read.
 * `only` names those who are wanted; null for everybody. Its own transaction, like every reading.
 */
export async function fieldPersons(
  client: Queryable,
  { actor, device, path }: FieldReader,
  only: readonly number[] | null,
): Promise<{ readonly salt: string; readonly persons: FieldPersons | null }> {
  const reason = `${only === null ? 'field package' : 'field changes'}, device ${device}`;
  const { rows } = await client.query<{ salt: string; persons: FieldPersons | null }>({
    name: 'field-persons',
    text: 'select salt, persons from field_persons($1, $2, $3, $4, $5, $6)',
    values: [actor, reason, path, device, only, fieldPersonsMax],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('field_persons answers with one row');
  return row;
}

/**
 * Whatever lies at the path `$1` or below it. Everything below begins with the path and `/`, and
 * `0` follows `/`, so an index on the path finds it whatever the plan.
 */
const within = `(path = $1 or path > $1 || '/' and path < $1 || '0')`;

/** Households at places, or those of them that are named. */
export async function fieldHouseholds(
  client: Queryable,
  places: readonly string[],
  only: readonly number[] | null,
): Promise<FieldHouseholds> {
  const { rows } = await client.query<{ households: FieldHouseholds }>({
    name: 'field-households',
    text: `select json_build_object('id', coalesce(json_agg(h.id), '[]'),
        'place', coalesce(json_agg(h.place_code), '[]'),
        'label', coalesce(json_agg(case when h.label like '~%' then '' else h.label end), '[]')
      ) as households
      from (
        select id, place_code, label from households
        where place_code = any($1::text[]) and ($2::integer[] is null or id = any($2))
        order by place_code, label
      ) h`,
    values: [places, only],
  });
  return rows[0]?.households ?? { id: [], place: [], label: [] };
}

/** Points at and below a place that are open. */
export async function fieldPoints(client: Queryable, path: string): Promise<FieldPoint[]> {
  const { rows } = await client.query<{ point: FieldPoint }>({
    name: 'field-points',
    text: `select json_build_object('id', state ->> 'point',
        'kind', state -> 'particulars' ->> 'pointKind', 'label', state -> 'particulars' -> 'label',
        'place', place) as point
      from subjects where prefix = 'point' and stage = 'open' and ${within}
      order by subject`,
    values: [path],
  });
  return rows.map(({ point }) => point);
}

/** The rounds that are open. */
export async function openRounds(client: Queryable): Promise<readonly RoundState[]> {
  const { rows } = await client.query<{ state: RoundState }>({
    name: 'field-rounds',
    text: `select state from subjects where prefix = 'round' and not done and stage = 'open'`,
  });
  return rows.map(({ state }) => state);
}

/** Boxes that no laboratory has, and tubes that are open or in no laboratory, at a place. */
export async function subjectsUnderWay(
  client: Queryable,
  path: string,
  { stages, withTubes }: { readonly stages: readonly string[]; readonly withTubes: boolean },
): Promise<readonly string[]> {
  const { rows } = await client.query<{ subject: string }>({
    name: 'field-under-way',
    text: `select subject from subjects
        where prefix = 'box' and not done and ${within}
      union
      select 'tube:' || tube from specimens
        where $2 and not done and stage = any($3::text[]) and ${within}
      union
      select subject from duties
        where $2 and ended_ms is null and subject like 'tube:%' and ${within}`,
    values: [path, withTubes, stages],
  });
  return rows.map(({ subject }) => subject);
}

/** Reasons on record of the persons of a place, in one round. */
export async function fieldDispositions(
  client: Queryable,
  path: string,
  round: string,
): Promise<FieldDisposition[]> {
  const { rows } = await client.query<{ entry: FieldDisposition }>({
    name: 'field-dispositions',
    text: `select json_build_object('person', state -> 'person', 'disposition',
        state -> 'disposition', 'reason', state -> 'reason', 'until', state -> 'until') as entry
      from subjects where prefix = 'entry' and ${within}
        and state ->> 'round' = $2 and state ->> 'disposition' is not null`,
    values: [path, round],
  });
  return rows.map(({ entry }) => entry);
}

/** Open duties at a place, the most pressing first; `owners` names whose, null for everybody's. */
export async function fieldDuties(
  client: Queryable,
  path: string,
  owners: readonly string[] | null,
): Promise<FieldDuty[]> {
  const { rows } = await client.query<{ [column: string]: unknown } & FieldDuty>({
    name: 'field-duties',
    text: `select subject, key, kind, owner, due_ms as "dueAt", since_ms as since, place, person
      from duties where ended_ms is null and ${within}
        and ($2::text[] is null or owner = any($2)) order by due_ms, subject, key limit 2000`,
    values: [path, owners],
  });
  return rows;
}

/** The numbers that headquarters has given out. */
export async function headNow(
  client: Queryable,
): Promise<{ readonly receipt: number; readonly lamport: number }> {
  const { rows } = await client.query<{ receipt: number; lamport: number }>({
    name: 'field-head',
    text: 'select receipt, lamport from ledger_head',
  });
  return rows[0] ?? { receipt: 0, lamport: 0 };
}

/** Facts of after a receipt that concern places, or subjects named; not those of one device. */
export async function factsSince(
  client: Queryable,
  asked: {
    readonly since: number;
    readonly until: number;
    readonly places: readonly string[];
    readonly subjects: readonly string[];
    readonly notOf: string;
  },
): Promise<readonly RecordedFact[]> {
  const { rows } = await client.query<RecordedFact & { readonly [column: string]: unknown }>({
    name: 'field-facts-since',
    text: `select ${factColumns} from facts
      where receipt > $1 and receipt <= $2 and device_id <> $5
        and (subject = any($4::text[]) or place = any($3::text[])
          or kind = 'persons.person-moved' and body ->> 'from' = any($3::text[]))
        and (kind like 'screening.%' or kind like 'custody.%' or kind like 'persons.%')
      order by receipt`,
    values: [asked.since, asked.until, asked.places, asked.subjects, asked.notOf],
  });
  return rows;
}

/** A tube that changed for its members: whose they are, and in which round. */
export interface ChangedTube {
  readonly [column: string]: unknown;
  readonly tube: string;
  readonly round: string | null;
  readonly members: readonly number[];
}

/** Tubes whose members or counting changed after a receipt. */
export async function tubesSince(client: Queryable, since: number): Promise<ChangedTube[]> {
  const { rows } = await client.query<ChangedTube>({
    name: 'field-tubes-since',
    text: 'select tube, round, members from specimens where coverage_receipt > $1',
    values: [since],
  });
  return rows;
}

/** A reason given or withdrawn, and in which round. */
export interface ChangedEntry extends FieldDisposition {
  readonly round: string;
}

/** Reasons of the persons of a place that changed after a receipt, withdrawn ones with null. */
export async function dispositionsSince(
  client: Queryable,
  path: string,
  since: number,
): Promise<ChangedEntry[]> {
  const { rows } = await client.query<{ entry: ChangedEntry }>({
    name: 'field-dispositions-since',
    text: `select json_build_object('round', state -> 'round', 'person', state -> 'person',
        'disposition', state -> 'disposition', 'reason', state -> 'reason',
        'until', state -> 'until') as entry
      from subjects where receipt > $2 and prefix = 'entry' and ${within}`,
    values: [path, since],
  });
  return rows.map(({ entry }) => entry);
}

/** What a device put on record of late, by subject. */
export async function subjectsOfDevice(
  client: Queryable,
  device: string,
  since: number,
): Promise<readonly string[]> {
  const { rows } = await client.query<{ subject: string }>({
    name: 'field-own-subjects',
    text: `select distinct subject from facts
      where device_id = $1 and received_ms > $2 and subject !~ '^(round|point):'`,
    values: [device, since],
  });
  return rows.map(({ subject }) => subject);
}

/** Of persons, those in tubes that a device sealed of late. */
export async function personsOfDevice(
  client: Queryable,
  { device, since, persons }: { device: string; since: number; persons: readonly number[] },
): Promise<ReadonlyMap<number, string>> {
  if (persons.length === 0) return new Map();
  const { rows } = await client.query<{ person: number; subject: string }>({
    name: 'field-own-persons',
    text: `select distinct on (m.person) m.person::integer as person, f.subject from facts f
      cross join json_array_elements_text(f.body -> 'members') as m (person)
      where f.device_id = $1 and f.received_ms > $2 and f.kind = 'screening.tube-sealed'
        and m.person::integer = any($3::integer[])
      order by m.person, f.receipt desc`,
    values: [device, since, persons],
  });
  return new Map(rows.map(({ person, subject }) => [person, subject]));
}

/** Contradictions that nobody has closed, about subjects. */
export async function findingsOn(
  client: Queryable,
  subjects: readonly string[],
): Promise<readonly Fate[]> {
  const { rows } = await client.query<Fate & { readonly [column: string]: unknown }>({
    name: 'field-findings',
    text: `select f.subject, f.code, f.details, f.at_ms as at from findings f
      left join subjects s on s.subject = 'finding:' || f.subject || '~' || f.key
      where f.subject = any($1::text[]) and coalesce(s.stage, 'open') <> 'closed'
      order by f.at_ms desc limit 500`,
    values: [subjects],
  });
  return rows;
}

/** Places of the rosters that were imported after a receipt. */
export async function rostersSince(client: Queryable, since: number): Promise<readonly string[]> {
  const { rows } = await client.query<{ place: string }>({
    name: 'field-rosters-since',
    text: `select place from subjects
      where receipt > $1 and prefix = 'roster' and place is not null`,
    values: [since],
  });
  return rows.map(({ place }) => place);
}
