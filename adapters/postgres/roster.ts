import type { Registers } from '../../ledger/room.ts';
import { noBirthDay, type RosterArrays } from '../../rooms/screening/index.ts';
import type { Queryable } from './database.ts';
import { loadRosterArrays } from './registers/load-roster.ts';

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

/** Who lives together, as it was when the register was loaded, and who has joined since. */
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

  /** Notes somebody who joined; numbers only ever grow. */
  join(person: number, household: number): void {
    const joined = this.#joined.get(household);
    if (joined === undefined) this.#joined.set(household, [person]);
    else joined.push(person);
  }

  /** Persons of a household, ascending. */
  of(household: number): number[] {
    const joined = this.#joined.get(household) ?? [];
    if (household + 1 >= this.#first.length) return [...joined];
    const [from, to] = this.#first.subarray(household, household + 2);
    return [...this.#persons.subarray(from, to), ...joined];
  }
}

/**
 * The registers in memory: who lives with whom and where, by number, without a name. Loaded at
 * start and again after an import; about 20 bytes a person.
 */
export class Roster implements Registers {
  readonly arrays: RosterArrays;
  readonly places: ReadonlyMap<string, Place>;
  /** Number of persons, which is also the greatest person number. */
  readonly personCount: number;
  readonly #households: Households;
  readonly #indexOfPlace: ReadonlyMap<string, number>;
  #children: ReadonlyMap<string | null, Place[]> | null = null;

  constructor(arrays: RosterArrays, places: ReadonlyMap<string, Place>, before?: Roster) {
    this.arrays = arrays;
    this.places = places;
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
    return new Roster(await loadRosterArrays(client), places);
  }

  /** The roster with the people who joined since it was loaded; itself when nobody did. */
  async grown(client: Queryable): Promise<Roster> {
    const { rows } = await client.query<Joined>(
      `select p.id, p.household_id as household, h.place_code as place,
         p.born_on - date '1970-01-01' as born
       from persons p join households h on h.id = p.household_id where p.id > $1 order by p.id`,
      [this.personCount],
    );
    if (rows.length === 0) return this;
    if (rows.some(({ place }) => this.indexOf(place) < 0)) return Roster.load(client);
    const people = (rows.at(-1)?.id ?? this.personCount) + 1;
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
    for (const { id, household, place, born } of rows) {
      arrays.householdOf[id] = household;
      arrays.placeOfHousehold[household] = this.indexOf(place);
      arrays.bornOnDay[id] = born ?? noBirthDay;
      this.#households.join(id, household);
    }
    return new Roster(arrays, this.places, this);
  }

  readonly householdOf = (person: number): readonly number[] => {
    const household = this.arrays.householdOf[person] ?? 0;
    if (household === 0) return [];
    return this.#households.of(household);
  };

  readonly homeOf = (person: number): string | null => {
    const household = this.arrays.householdOf[person] ?? 0;
    if (household === 0) return null;
    return this.arrays.placeCodes[this.arrays.placeOfHousehold[household] as number] ?? null;
  };

  readonly bornOn = (person: number): string | null => {
    const day = this.arrays.bornOnDay[person] ?? noBirthDay;
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
