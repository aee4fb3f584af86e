import type { Registers } from '../../ledger/room.ts';
import { noBirthDay, type RosterArrays } from '../../rooms/screening/index.ts';
import type { Queryable } from './database.ts';
import { loadRosterArrays } from './registers/load-roster.ts';

/** Where a process that changed the registers says so to the others. */
export const rosterChannel = 'sextant_roster';

/** Tells other processes that the registers have changed. */
export async function announceRoster(
  client: Queryable,
  change: 'imported' | 'grown',
): Promise<void> {
  await client.query('select pg_notify($1, $2)', [rosterChannel, `${process.pid} ${change}`]);
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

function longer(values: Int32Array, size: number, filler: number): Int32Array {
  const grown = new Int32Array(size).fill(filler);
  grown.set(values);
  return grown;
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
  readonly #firstOfHousehold: Int32Array;
  readonly #personsByHousehold: Int32Array;
  readonly #indexOfPlace: ReadonlyMap<string, number>;

  constructor(arrays: RosterArrays, places: ReadonlyMap<string, Place>) {
    this.arrays = arrays;
    this.places = places;
    this.personCount = arrays.householdOf.length - 1;
    this.#indexOfPlace = new Map(arrays.placeCodes.map((code, index) => [code, index]));
    const households = arrays.placeOfHousehold.length;
    this.#firstOfHousehold = new Int32Array(households + 1);
    for (const household of arrays.householdOf) {
      this.#firstOfHousehold[household + 1] = (this.#firstOfHousehold[household + 1] ?? 0) + 1;
    }
    for (let household = 1; household <= households; household++) {
      const before = this.#firstOfHousehold[household - 1] as number;
      this.#firstOfHousehold[household] = (this.#firstOfHousehold[household] as number) + before;
    }
    const next = this.#firstOfHousehold.slice();
    this.#personsByHousehold = new Int32Array(arrays.householdOf.length);
    arrays.householdOf.forEach((household, person) => {
      const slot = next[household] as number;
      this.#personsByHousehold[slot] = person;
      next[household] = slot + 1;
    });
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
    }
    return new Roster(arrays, this.places);
  }

  readonly householdOf = (person: number): readonly number[] => {
    const household = this.arrays.householdOf[person] ?? 0;
    if (household === 0) return [];
    const from = this.#firstOfHousehold[household] as number;
    return [...this.#personsByHousehold.subarray(from, this.#firstOfHousehold[household + 1])];
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
    return [...this.places.values()]
      .filter(({ parent }) => parent === place)
      .sort((left, right) => this.indexOf(left.code) - this.indexOf(right.code));
  }
}
