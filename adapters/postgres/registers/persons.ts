import { assert } from '../../../kernel/assert.ts';
import type { Day } from '../../../kernel/day.ts';
import type { Instant } from '../../../kernel/instant.ts';
import { type Refusal, refuse } from '../../../ledger/decision.ts';
import {
  faultReasons,
  parseRosterRow,
  type RosterColumns,
  type RosterField,
  rosterFields,
} from '../../../rooms/persons/index.ts';
import type { Queryable } from '../database.ts';

/** Somebody who stands at a sampling point and is not on the roster; texts as typed. */
export interface WalkIn {
  readonly name: string;
  readonly sex?: string;
  readonly bornOn?: string;
  readonly documentType?: string;
  readonly documentNumber?: string;
  readonly phone?: string;
  /** Community, compound or building where they live. */
  readonly place: string;
  readonly room?: string;
  /** A number kept for the device that registered them offline. */
  readonly person?: number;
}

/** What became of a registration: whose number it is, and whether a kept number was merged away. */
export interface RegisteredPerson {
  readonly kind: 'registered';
  readonly person: number;
  readonly isNew: boolean;
  readonly merged: boolean;
}

/** Every field stands in the column of its own order. */
const walkInColumns = Object.fromEntries(
  rosterFields.map((field, index) => [field, index]),
) as RosterColumns;

/**
 * Rules PE-13, PE-16. Puts one person on the roster, read by the same rules as a row of a file.
 * Somebody who is on record already keeps their number: `isNew` is false then, and a kept number
 * under which they were registered is merged into theirs.
 */
export async function registerWalkIn(
  client: Queryable,
  walkIn: WalkIn,
  { today, now }: Moment,
): Promise<RegisteredPerson | Refusal> {
  const words: Partial<Record<RosterField, string | undefined>> = {
    name: walkIn.name,
    sex: walkIn.sex,
    born_on: walkIn.bornOn,
    document_type: walkIn.documentType,
    document_number: walkIn.documentNumber,
    phone: walkIn.phone,
    community: walkIn.place,
    room: walkIn.room,
  };
  const cells = rosterFields.map((field) => words[field] ?? '');
  const { person, faults } = parseRosterRow(cells, walkInColumns, today);
  if (person === null) {
    const known: { readonly [code: string]: { readonly en: string } } = faultReasons;
    return refuse('persons.bad-value', {
      faults: faults.map(({ field, code }) => ({ field, code, reason: known[code]?.en ?? code })),
    });
  }
  const homeless = await refuseHome(client, walkIn.place);
  if (homeless !== null) return homeless;
  const { rows } = await client.query<RegisteredRow>(
    `select person_id as person, is_new as "isNew", merged, refused
     from register_person($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      person.name,
      person.sex,
      person.bornOn,
      person.documentType,
      person.documentNumber,
      person.phone,
      walkIn.place,
      person.home.room,
      walkIn.person ?? null,
      today,
      now,
    ],
  );
  const [registered] = rows;
  assert(registered !== undefined, 'a registration answers with one row');
  const { refused, ...outcome } = registered;
  if (refused !== null) return refuse(refused, { person: outcome.person });
  return { kind: 'registered', ...outcome };
}

/** The day and the instant at which a register changes. */
export interface Moment {
  readonly today: Day;
  readonly now: Instant;
}

interface RegisteredRow {
  readonly [column: string]: unknown;
  readonly person: number;
  readonly isNew: boolean;
  readonly merged: boolean;
  readonly refused: string | null;
}

/** Why nobody can live at a place; null when somebody can. */
export async function refuseHome(client: Queryable, place: string): Promise<Refusal | null> {
  const { rows } = await client.query<{ kind: string }>('select kind from places where code = $1', [
    place,
  ]);
  const kind = rows[0]?.kind;
  if (kind === undefined) return refuse('places.unknown-place', { place });
  if (['community', 'compound', 'building'].includes(kind)) return null;
  return refuse('places.not-a-home', { place, kind });
}

/** A household with its people, by number. */
export interface HouseholdPersons {
  readonly household: number;
  readonly place: string;
  /** The room; null when it is not known. */
  readonly room: string | null;
  readonly persons: readonly number[];
}

/** The people of a household who have not left; null when there is no such household. */
export async function personsOfHousehold(
  client: Queryable,
  household: number,
): Promise<HouseholdPersons | null> {
  const { rows } = await client.query<{ place: string; label: string; persons: number[] }>(
    `select h.place_code as place, h.label,
       array(select p.id from persons p where p.household_id = h.id and p.left_on is null
         order by p.id) as persons
     from households h where h.id = $1`,
    [household],
  );
  const [row] = rows;
  if (row === undefined) return null;
  const room = row.label.startsWith('~') ? null : row.label;
  return { household, place: row.place, room, persons: row.persons };
}

/** The household of a person; null when the number is not given out. */
export async function householdOfPerson(
  client: Queryable,
  person: number,
): Promise<HouseholdPersons | null> {
  const { rows } = await client.query<{ household: number }>(
    'select household_id as household from persons where id = $1',
    [person],
  );
  const household = rows[0]?.household;
  return household === undefined ? null : personsOfHousehold(client, household);
}
