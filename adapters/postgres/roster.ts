import type { Registers } from '../../ledger/room.ts';
import { noBirthDay, type RosterArrays } from '../../rooms/screening/index.ts';
import type { Queryable } from './database.ts';
import { loadRosterArrays } from './registers/load-roster.ts';

/** Codes from the root joined by `/` for a place; the code itself when the place is unknown. */
export type PathOf = (place: string | null) => string;

/** Where a process that changed the registers says so to the others. */
export const rosterChannel = 'sextant_roster';

/**
 * Tells other processes that the registers have changed. `by` is the server that has taken the
 * change in already; process numbers would not do, in containers all are 1.
 */
export async function announceRoster(
  client: Queryable,
  change: 'imported' | 'grown',
  by = '-',
): Promise<void> {
  await client.query('select pg_notify($1, $2)', [rosterChannel, `${by} ${change}`]);
}

/** One place of the tree, as screens and permissions need it. */
export interface Place {
  readonly code: string;
  readonly parent: string | null;
  readonly path: string;
  readonly kind: string;
  readonly label: { readonly zh: string; readonly en: string };
}

interface Joined {
  readonly [column: string]: unknown;
  readonly id: number;
  readonly household: number;
  readonly place: string;
  readonly born: number | null;
  readonly gone: number | null;
  readonly into: number | null;
}

/** What a roster knows of changes one by one: up to which, and who turned out to be whom. */
interface Changes {
  readonly serial: number;
  /** Numbers that are another person's, each with that person's number. */
  readonly mergedInto: ReadonlyMap<number, number>;
}

async function changesNow(client: Queryable): Promise<Changes> {
  const { rows } = await client.query<{ serial: number; merges: [number, number][] }>(
    `select (select coalesce(max(serial), 0) from person_changes) as serial,
       (select coalesce(json_agg(json_build_array(person_id, into_person_id)), '[]')
        from person_merges) as merges`,
  );
  return { serial: rows[0]?.serial ?? 0, mergedInto: new Map(rows[0]?.merges ?? []) };
}

/** What a roster that follows another is told. */
interface Later {
  readonly changes?: Changes;
  readonly before?: Roster;
  readonly changed?: readonly number[];
}

/** The same values in a longer array: on spare room behind them where there is some. */
function longer(values: Int32Array, size: number, filler: number): Int32Array {
  const spare = values.buffer.byteLength / 4 - values.byteOffset / 4;
  if (spare >= size) {
    const grown = new Int32Array(values.buffer, values.byteOffset, size);
    return grown.fill(filler, values.length);
  }
  const room = new Int32Array(Math.ceil(size * 1.05) + 1024);
  room.set(values);
  return room.subarray(0, size).fill(filler, values.length);
}

/** Who lives together, as it was when the register was loaded, and who has come there since. */
class Households {
  readonly #first: Int32Array;
  readonly #persons: Int32Array;
  readonly #joined = new Map<number, number[]>();

  constructor({ householdOf, placeOfHousehold }: RosterArrays) {
    const households = placeOfHousehold.length;
    this.#first = new Int32Array(households + 1);
    for (const household of householdOf) {
      this.#first[household + 1] = (this.#first[household + 1] ?? 0) + 1;
    }
    for (let household = 1; household <= households; household++) {
      const before = this.#first[household - 1] as number;
      this.#first[household] = (this.#first[household] as number) + before;
    }
    const next = this.#first.slice();
    this.#persons = new Int32Array(householdOf.length);
    householdOf.forEach((household, person) => {
      const slot = next[household] as number;
      this.#persons[slot] = person;
      next[household] = slot + 1;
    });
  }

  /** Notes somebody who joined a household, or moved there. */
  join(person: number, household: number): void {
    const joined = this.#joined.get(household);
    if (joined === undefined) this.#joined.set(household, [person]);
    else joined.push(person);
  }

  /** Persons whose household it is now, ascending. */
  of(household: number, householdOf: Int32Array): number[] {
    const joined = this.#joined.get(household) ?? [];
    const persons = [...this.#atFirst(household), ...joined];
    const here = persons.filter((person) => householdOf[person] === household);
    // Whoever moved away and came back is named twice.
    return joined.length === 0 ? here : [...new Set(here)].sort((left, right) => left - right);
  }

  #atFirst(household: number): Int32Array {
    if (household + 1 >= this.#first.length) return new Int32Array(0);
    const [from, to] = this.#first.subarray(household, household + 2);
    return this.#persons.subarray(from, to);
  }
}

/**
 * The registers in memory: who lives with whom and where, by number, without a name. Loaded at
 * start and again after an import; about 20 bytes a person.
 */
export class Roster implements Registers {
  readonly arrays: RosterArrays;
  readonly places: ReadonlyMap<string, Place>;
  /** The greatest person number; some below it may be kept for devices and not given out. */
  readonly personCount: number;
  /** Whoever joined, moved or left since the roster before it; null when that may be anybody. */
  readonly changed: readonly number[] | null;
  readonly #changes: Changes;
  readonly #households: Households;
  readonly #indexOfPlace: ReadonlyMap<string, number>;
  #children: ReadonlyMap<string | null, Place[]> | null = null;

  constructor(
    arrays: RosterArrays,
    places: ReadonlyMap<string, Place>,
    { changes, before, changed }: Later = {},
  ) {
    this.arrays = arrays;
    this.places = places;
    this.changed = changed ?? null;
    this.#changes = changes ?? { serial: 0, mergedInto: new Map() };
    this.personCount = arrays.householdOf.length - 1;
    this.#indexOfPlace =
      before === undefined
        ? new Map(arrays.placeCodes.map((code, index) => [code, index]))
        : before.#indexOfPlace;
    this.#households = before === undefined ? new Households(arrays) : before.#households;
    this.#children = before === undefined ? null : before.#children;
  }

  /** Reads the registers anew. */
  static async load(client: Queryable): Promise<Roster> {
    const { rows } = await client.query<Place & { label_zh: string; label_en: string | null }>(
      'select code, parent_code as parent, path, kind, label_zh, label_en from places',
    );
    const places = new Map(
      rows.map(({ label_zh: zh, label_en: en, ...place }): [string, Place] => [
        place.code,
        { ...place, label: { zh, en: en ?? zh } },
      ]),
    );
    // Read before the register: what changes in between is taken in again, which changes nothing.
    const changes = await changesNow(client);
    return new Roster(await loadRosterArrays(client), places, { changes });
  }

  /** The roster with who joined, moved or was merged since it was loaded; itself when nobody. */
  async grown(client: Queryable): Promise<Roster> {
    const changes = await changesNow(client);
    if (changes.serial === this.#changes.serial) return this;
    const { rows } = await client.query<Joined>(
      `select p.id, p.household_id as household, h.place_code as place,
         p.born_on - date '1970-01-01' as born, p.left_on - date '1970-01-01' as gone,
         m.into_person_id as into
       from persons p join households h on h.id = p.household_id
       left join person_merges m on m.person_id = p.id
       where p.id in (select person_id from person_changes where serial > $1) order by p.id`,
      [this.#changes.serial],
    );
    if (rows.some(({ place }) => this.indexOf(place) < 0)) return Roster.load(client);
    const people = Math.max(this.personCount, rows.at(-1)?.id ?? 0) + 1;
    const homes = Math.max(
      this.arrays.placeOfHousehold.length,
      ...rows.map((row) => row.household + 1),
    );
    const { leftOnDay = new Int32Array(0) } = this.arrays;
    const arrays = {
      ...this.arrays,
      householdOf: longer(this.arrays.householdOf, people, 0),
      bornOnDay: longer(this.arrays.bornOnDay, people, noBirthDay),
      leftOnDay: longer(leftOnDay, people, noBirthDay),
      placeOfHousehold: longer(this.arrays.placeOfHousehold, homes, 0),
    };
    for (const { id, household, place, born, gone, into } of rows) {
      if (arrays.householdOf[id] !== household) this.#households.join(id, household);
      // A number that is another person's lives nowhere: nothing is owed to it.
      arrays.householdOf[id] = into === null ? household : 0;
      arrays.placeOfHousehold[household] = this.indexOf(place);
      arrays.bornOnDay[id] = born ?? noBirthDay;
      arrays.leftOnDay[id] = gone ?? noBirthDay;
    }
    const changed = rows.map(({ id }) => id);
    return new Roster(arrays, this.places, { changes, before: this, changed });
  }

  /** The number under which a person counts: another's when it was merged into that one. */
  readonly personOf = (person: number): number => this.#changes.mergedInto.get(person) ?? person;

  /** Household of a person, also under a number that was merged; 0 when there is none. */
  #homeNumber(person: number): number {
    return this.arrays.householdOf[this.personOf(person)] ?? 0;
  }

  /** Numbers that were merged into others. */
  get mergedInto(): ReadonlyMap<number, number> {
    return this.#changes.mergedInto;
  }

  readonly householdOf = (person: number): readonly number[] => {
    const household = this.#homeNumber(person);
    if (household === 0) return [];
    return this.#households.of(household, this.arrays.householdOf);
  };

  readonly homeOf = (person: number): string | null => {
    const household = this.#homeNumber(person);
    if (household === 0) return null;
    return this.arrays.placeCodes[this.arrays.placeOfHousehold[household] as number] ?? null;
  };

  readonly bornOn = (person: number): string | null => {
    const day = this.arrays.bornOnDay[this.personOf(person)] ?? noBirthDay;
    return day === noBirthDay ? null : new Date(day * 86_400_000).toISOString().slice(0, 10);
  };

  /** Codes from the root joined by `/`; null when the place is not known. */
  readonly pathOf = (place: string): string | null => this.places.get(place)?.path ?? null;

  /** Index of a place in the arrays; -1 when it is not known. */
  indexOf(place: string): number {
    return this.#indexOfPlace.get(place) ?? -1;
  }

  /** Places directly below one, in the order of the arrays; those at the root for null. */
  childrenOf(place: string | null): Place[] {
    this.#children ??= Map.groupBy(this.places.values(), ({ parent }) => parent);
    return [...(this.#children.get(place) ?? [])].sort(
      (left, right) => this.indexOf(left.code) - this.indexOf(right.code),
    );
  }
}
