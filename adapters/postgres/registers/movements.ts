import { assert } from '../../../kernel/assert.ts';
import type { Instant } from '../../../kernel/instant.ts';
import { type Refusal, refuse } from '../../../ledger/decision.ts';
import type { Queryable } from '../database.ts';
import { type Moment, personsOfHousehold, refuseHome } from './persons.ts';

/** Where somebody moves: to a household, or to a room at a place. */
export interface Move {
  readonly person: number;
  readonly to:
    | { readonly household: number }
    | { readonly place: string; readonly room: string | null };
}

/** Where somebody lives after a move. */
export interface Moved {
  readonly kind: 'moved';
  readonly household: number;
  readonly place: string;
  readonly from: string;
  readonly isNew: boolean;
}

interface MovedRow {
  readonly [column: string]: unknown;
  readonly household: number;
  readonly from: string;
  readonly place: string;
  readonly isNew: boolean;
}

/** Rule PE-17. Moves one person. `isNew` is false for somebody who lives there already. */
export async function movePerson(
  client: Queryable,
  { person, to }: Move,
  now: Instant,
): Promise<Moved | Refusal> {
  if ('household' in to) {
    const home = await personsOfHousehold(client, to.household);
    if (home === null) return refuse('persons.unknown-household', { household: to.household });
  } else {
    const homeless = await refuseHome(client, to.place);
    if (homeless !== null) return homeless;
  }
  const { rows } = await client.query<MovedRow>(
    `select household_id as household, from_place as "from", place_code as place, is_new as "isNew"
     from move_person($1, $2, $3, $4, $5)`,
    [
      person,
      'household' in to ? to.household : null,
      'place' in to ? to.place : null,
      'place' in to ? (to.room ?? '') : null,
      now,
    ],
  );
  const [moved] = rows;
  return moved === undefined
    ? refuse('persons.unknown-person', { person })
    : { kind: 'moved', ...moved };
}

/** Rule PE-18. Two numbers are one person. `isNew` is false when that was on record. */
export async function mergePersons(
  client: Queryable,
  { person, into }: { readonly person: number; readonly into: number },
  { today, now }: Moment,
): Promise<{ readonly kind: 'merged'; readonly isNew: boolean } | Refusal> {
  const { rows } = await client.query<{ refused: string | null }>(
    'select merge_persons($1, $2, $3, $4) as refused',
    [person, into, today, now],
  );
  const refused = rows[0]?.refused ?? null;
  if (refused === null || refused === 'same') return { kind: 'merged', isNew: refused === null };
  return refuse(refused, { person, into });
}

/** A run of person numbers kept for a device's walk-ins; the same until half of it is used. */
export async function reserveNumbers(
  client: Queryable,
  device: string,
  now: Instant,
): Promise<{ readonly from: number; readonly to: number }> {
  const { rows } = await client.query<{ from: number; to: number }>(
    `select first_number as "from", last_number as "to"
     from reserve_person_numbers($1, $2, $3)`,
    [device, reservedCount, now],
  );
  const [run] = rows;
  assert(run !== undefined, 'a reservation answers with one row');
  return run;
}

/** A busy team registers some tens of walk-ins a day; more than this is fetched with a signal. */
const reservedCount = 200;
