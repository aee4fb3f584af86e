import { foldCode } from '../../kernel/id.ts';
import type { Instant } from '../../kernel/instant.ts';
import { instant } from '../../kernel/instant.ts';
import { dayOf } from '../../kernel/day.ts';
import type { Registers } from '../../ledger/room.ts';
import { parseCitizenNumber } from '../../rooms/persons/citizen-number.ts';
import { readLabel } from '../../rooms/screening/label.ts';
import type { FieldPackage } from './package.ts';
import { sha256Hex } from './sha256.ts';
import type { FieldBuilding, FieldHousehold, FieldPerson } from './types.ts';

/** A package as it is kept: brought up to date by changes, with what they say of numbers. */
export interface KeptPackage extends Omit<FieldPackage, 'facts'> {
  /** Numbers that turned out to be somebody already on the register. */
  readonly merged: readonly { readonly person: number; readonly into: number }[];
}

/**
 * The people and places of a package, ready to be asked: an index over its columns. It holds no
 * facts; how people stand in a round is laid over it by `standing.ts`.
 */
export class Register {
  readonly kept: KeptPackage;
  /** Index in the columns by person number. */
  readonly #persons = new Map<number, number>();
  readonly #households = new Map<number, number>();
  /** Person numbers by household. */
  readonly #members = new Map<number, number[]>();
  readonly #byHash = new Map<string, number>();
  readonly #into = new Map<number, number>();
  readonly #paths = new Map<string, string>();
  readonly #buildings = new Map<string, { households: number[]; persons: number }>();

  constructor(kept: KeptPackage) {
    this.kept = kept;
    for (const [code, parent] of kept.places) {
      const above = parent === null ? undefined : this.#paths.get(parent);
      this.#paths.set(code, above === undefined ? code : `${above}/${code}`);
    }
    kept.households.id.forEach((id, index) => {
      this.#households.set(id, index);
      this.#members.set(id, []);
      this.#buildingAt(kept.households.place[index] ?? '').households.push(id);
    });
    kept.persons.id.forEach((person, index) => {
      this.#persons.set(person, index);
      const household = kept.persons.household[index] ?? 0;
      this.#members.get(household)?.push(person);
      const home = kept.households.place[this.#households.get(household) ?? -1];
      if (home !== undefined) this.#buildingAt(home).persons += 1;
      const hash = kept.persons.hash[index];
      if (typeof hash === 'string') this.#byHash.set(hash, person);
    });
    for (const { person, into } of kept.merged) this.#into.set(person, into);
  }

  #buildingAt(code: string): { households: number[]; persons: number } {
    const known = this.#buildings.get(code);
    if (known !== undefined) return known;
    const building = { households: [], persons: 0 };
    this.#buildings.set(code, building);
    return building;
  }

  /** A place's codes from the root joined by `/`; null when it is not in the package. */
  pathOf(place: string): string | null {
    return this.#paths.get(place) ?? null;
  }

  /** All person numbers of the package. */
  get persons(): readonly number[] {
    return this.kept.persons.id;
  }

  /** The buildings where people of the package live. */
  buildings(): FieldBuilding[] {
    const labels = new Map(this.kept.places.map(([code, , , zh, en]) => [code, { zh, en }]));
    return [...this.#buildings].map(([code, { households, persons }]) => ({
      code,
      label: labels.get(code) ?? { zh: code, en: code },
      households: households.length,
      persons,
    }));
  }

  /** The households of a building, by their room. */
  households(building: string): FieldHousehold[] {
    const ids = this.#buildings.get(building)?.households ?? [];
    const found = ids.map((id) => ({
      id,
      label: this.kept.households.label[this.#households.get(id) ?? -1] ?? '',
      persons: this.#members.get(id) ?? [],
    }));
    return found.sort((left, right) => collator.compare(left.label, right.label));
  }

  /** What a phone may know of a person. */
  person(person: number): FieldPerson | null {
    const index = this.#persons.get(this.standsFor(person));
    if (index === undefined) return null;
    const { id, household, name, sex, bornYear } = this.kept.persons;
    const home = household[index] ?? 0;
    const at = this.#households.get(home) ?? -1;
    return {
      person: id[index] ?? 0,
      household: home,
      building: this.kept.households.place[at] ?? this.kept.place,
      room: this.kept.households.label[at] ?? '',
      name: name[index] ?? '',
      bornYear: bornYear[index] ?? null,
      sex: sex[index] ?? null,
    };
  }

  /** Whether the person stands in the package under this number. */
  has(person: number): boolean {
    return this.#persons.has(person);
  }

  /** The place where a person lives; empty for a stranger. */
  buildingOf(person: number): string {
    const household = this.kept.persons.household[this.#persons.get(person) ?? -1] ?? 0;
    return this.kept.households.place[this.#households.get(household) ?? -1] ?? '';
  }

  /** The number that a merged number now stands for. */
  standsFor(person: number): number {
    return this.#into.get(person) ?? person;
  }

  /** By `P` label, bare number or document number; null when nobody here has it. */
  findByCode(text: string): number | null {
    const folded = foldCode(text);
    const number = numberIn(folded);
    const person = number === null ? null : this.standsFor(number);
    if (person !== null && this.#persons.has(person)) return person;
    return this.#findByDocument(folded);
  }

  #findByDocument(folded: string): number | null {
    if (folded.length < 5 || folded.length > 40) return null;
    const citizen = parseCitizenNumber(folded, dayOf(instant(this.kept.now), 480));
    const document = typeof citizen === 'string' ? folded : citizen.number;
    const hash = sha256Hex(`${this.kept.salt}:${document}`).slice(0, 16);
    return this.#byHash.get(hash) ?? null;
  }

  /** Persons whose number begins so, whose room is so, or whose name begins so. */
  search(text: string, limit: number): number[] {
    const wanted = text.normalize('NFKC').trim().toLowerCase();
    if (wanted === '') return [];
    const found: number[] = [];
    const { id, name, household } = this.kept.persons;
    for (let index = 0; index < id.length && found.length < limit; index++) {
      const at = this.#households.get(household[index] ?? 0) ?? -1;
      const room = (this.kept.households.label[at] ?? '').toLowerCase();
      const isFound =
        String(id[index]).startsWith(wanted) ||
        room.startsWith(wanted) ||
        (name[index] ?? '').toLowerCase().startsWith(wanted);
      if (isFound) found.push(id[index] ?? 0);
    }
    return found;
  }

  /** The registers that rooms ask while they decide. A phone knows nobody's day of birth. */
  get registers(): Registers {
    return {
      householdOf: (person) => {
        const index = this.#persons.get(this.standsFor(person));
        const household = index === undefined ? 0 : (this.kept.persons.household[index] ?? 0);
        return [...(this.#members.get(household) ?? [])].sort((left, right) => left - right);
      },
      homeOf: (person) => this.person(person)?.building ?? null,
      bornOn: () => null,
    };
  }

  /** Whether the round owes the person a sample: lives in its areas, and may be of age. */
  isDue(person: number, round: DueRound): boolean {
    const found = this.person(person);
    if (found === null) return false;
    const path = `/${this.pathOf(found.building) ?? found.building}/`;
    if (!round.areas.some((area) => path.includes(`/${area}/`))) return false;
    const { ageMinYears = 0, ageMaxYears = 1000 } = round.group ?? {};
    if (found.bornYear === null || round.startsAt === null) return true;
    // Only the year is here, so whoever may be of age is owed: nobody is left out for a birthday.
    const years = new Date(round.startsAt).getUTCFullYear() - found.bornYear;
    return years >= ageMinYears && years - 1 <= ageMaxYears;
  }
}

/** What of a round decides whom it owes a sample. */
export interface DueRound {
  readonly areas: readonly string[];
  readonly group: { readonly ageMinYears?: number; readonly ageMaxYears?: number } | null;
  readonly startsAt: Instant | null;
}

/** A package of nowhere, for a device that has not loaded one. */
export const emptyPackage: KeptPackage = {
  format: 1,
  place: '',
  depth: 'place',
  asOf: 0,
  receipt: 0,
  lamport: 0,
  now: 0,
  places: [],
  points: [],
  households: { id: [], place: [], label: [] },
  persons: { id: [], household: [], sex: [], bornYear: [], name: [], hash: [] },
  salt: '',
  entries: [],
  duties: [],
  policy: {},
  numbers: null,
  merged: [],
};

/** Rooms in the order of people: 2 before 10. */
const collator = new Intl.Collator('zh', { numeric: true });

/** The number in a person's label or in a bare number; null for other texts. */
function numberIn(folded: string): number | null {
  if (/^\d{1,10}$/.test(folded)) return Number(folded);
  const reading = readLabel(folded);
  return reading.kind === 'person' ? reading.person : null;
}
