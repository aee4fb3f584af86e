import { assert } from '../../../kernel/assert.ts';
import { noBirthDay, type RosterArrays } from '../../../rooms/screening/index.ts';
import type { Queryable } from '../database.ts';

/** The roster as arrays, and who has left. */
export interface LoadedRoster extends RosterArrays {
  /** [persons + 1] last day here in days since 1970-01-01; `noBirthDay` for who has not left. */
  readonly leftOnDay: Int32Array;
}

/**
 * Each column comes as one value of four bytes a row, big-endian, from one statement and so one
 * snapshot: a row a person over the wire would take ten times as long and as much memory.
 * Parents stand before their children, and serials in the order of their numbers.
 */
const statement = `
  with ordered as materialized (
    select code, parent_code, kind,
      row_number() over (
        order by length(path) - length(replace(path, '/', '')), length(code), code collate "C"
      )::int - 1 as index
    from places
  ), all_places as (
    select coalesce(string_agg(o.code, E'\\n' order by o.index), '') as codes,
      string_agg(int4send(coalesce(p.index, -1)), '' order by o.index) as parents
    from ordered o left join ordered p on p.code = o.parent_code
  ), all_households as (
    select string_agg(int4send(h.id), '') as ids, string_agg(int4send(o.index), '') as places
    from households h join ordered o on o.code = h.place_code
  ), all_persons as (
    select string_agg(int4send(id), '') as ids,
      string_agg(int4send(case when m.person_id is null then household_id else 0 end), '')
        as households,
      string_agg(int4send(coalesce(born_on - date '1970-01-01', ${noBirthDay})), '') as born,
      string_agg(int4send(coalesce(left_on - date '1970-01-01', ${noBirthDay})), '') as gone
    from persons left join person_merges m on m.person_id = id
  )
  select a.codes, a.parents, h.ids as household_ids, h.places, p.ids, p.households, p.born, p.gone
  from all_places a, all_households h, all_persons p`;

interface Columns {
  readonly codes: string;
  readonly parents: Buffer | null;
  readonly household_ids: Buffer | null;
  readonly places: Buffer | null;
  readonly ids: Buffer | null;
  readonly households: Buffer | null;
  readonly born: Buffer | null;
  readonly gone: Buffer | null;
}

/** Reads who lives where, by number and without a name. About 20 bytes a person in memory. */
export async function loadRosterArrays(client: Queryable): Promise<LoadedRoster> {
  const { rows } = await client.query<Columns & { readonly [column: string]: unknown }>(statement);
  const [columns] = rows;
  assert(columns !== undefined, 'an aggregate has one row');
  const { codes } = columns;
  const ids = integers(columns.ids);
  const householdIds = integers(columns.household_ids);
  return {
    placeCodes: codes === '' ? [] : codes.split('\n'),
    parentOfPlace: integers(columns.parents),
    placeOfHousehold: byId(householdIds, integers(columns.places), 0),
    householdOf: byId(ids, integers(columns.households), 0),
    bornOnDay: byId(ids, integers(columns.born), noBirthDay),
    leftOnDay: byId(ids, integers(columns.gone), noBirthDay),
  };
}

function integers(bytes: Buffer | null): Int32Array {
  if (bytes === null) return new Int32Array(0);
  // A view needs an address that is a multiple of four, which the reply's buffer need not have.
  const aligned = new Uint8Array(bytes);
  Buffer.from(aligned.buffer).swap32();
  return new Int32Array(aligned.buffer);
}

/** Values by number: `[greatest number + 1]`, with `absent` where a number is not given out. */
function byId(ids: Int32Array, values: Int32Array, absent: number): Int32Array {
  let greatest = 0;
  for (const id of ids) if (id > greatest) greatest = id;
  const result = new Int32Array(greatest + 1).fill(absent);
  for (let index = 0; index < ids.length; index++) {
    result[ids[index] as number] = values[index] as number;
  }
  return result;
}
