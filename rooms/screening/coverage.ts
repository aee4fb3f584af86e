import { assert } from '../../kernel/assert.ts';
import type { Disposition } from './rules.ts';
import { dispositions } from './rules.ts';

/** The roster as arrays by person number; index 0 is nobody. */
export interface RosterArrays {
  /** [persons + 1] household number of each person; 0 when the number is not given out. */
  readonly householdOf: Int32Array;
  /** [households + 1] index of the place of each household in `placeCodes`. */
  readonly placeOfHousehold: Int32Array;
  readonly placeCodes: readonly string[];
  /** [places] index of the parent place, -1 at a root. */
  readonly parentOfPlace: Int32Array;
  /** [persons + 1] day of birth in days since 1970-01-01; `noBirthDay` when not known. */
  readonly bornOnDay: Int32Array;
  /** [persons + 1] last day in the district in days since 1970-01-01; `noBirthDay` when here. */
  readonly leftOnDay?: Int32Array;
}

/** Stands in `bornOnDay` where no day of birth is known. */
export const noBirthDay = -2_147_483_648;

/** How a place stands in a round: roster = sampled + excused + open, always. */
export interface CoverageCounts {
  readonly roster: number;
  readonly sampled: number;
  readonly excused: number;
  readonly open: number;
}

/**
 * Rule SC-10. One round's completeness, exact to the household, as sets over person numbers.
 *
 * A person counts as sampled while at least one counted tube holds them, however often that is
 * reported or withdrawn: the set is a counter a person, so any order gives the same answer.
 * Whoever was sampled or joined as a walk-in is on the roster too. Memory: 4 bytes a person.
 */
export class CoverageBook {
  #roster: RosterArrays;
  /** [persons + 1] 1 when owed by the round's areas and group. */
  #due: Uint8Array;
  #walkIn: Uint8Array;
  /** [persons + 1] counted tubes that hold the person. */
  #tubes: Uint8Array;
  #disposed: Uint8Array;
  readonly #twice = new Set<number>();
  /** The counts last worked out, until something changes. */
  #counts: Int32Array | null = null;

  constructor(roster: RosterArrays, due: Uint8Array) {
    assert(due.length === roster.householdOf.length, 'one due mark for each person');
    this.#roster = roster;
    this.#due = due;
    this.#walkIn = new Uint8Array(due.length);
    this.#tubes = new Uint8Array(due.length);
    this.#disposed = new Uint8Array(due.length);
  }

  /** Goes on with a register that people have joined: nobody new is owed by the round as such. */
  grow(roster: RosterArrays): void {
    const size = roster.householdOf.length;
    const grown = (marks: Uint8Array): Uint8Array => {
      const larger = new Uint8Array(size);
      larger.set(marks);
      return larger;
    };
    assert(size >= this.#due.length, 'a register does not lose people');
    this.#counts = null;
    this.#roster = roster;
    this.#due = grown(this.#due);
    this.#walkIn = grown(this.#walkIn);
    this.#tubes = grown(this.#tubes);
    this.#disposed = grown(this.#disposed);
  }

  /** Counts a tube's people as sampled (`by` 1) or no longer (`by` -1). */
  addTube(members: readonly number[], by: 1 | -1): void {
    this.#counts = null;
    for (const person of members) {
      if (person >= this.#tubes.length) continue;
      const tubes = (this.#tubes[person] ?? 0) + by;
      this.#tubes[person] = tubes;
      if (tubes > 1) this.#twice.add(person);
      else this.#twice.delete(person);
    }
  }

  /** Rule SC-11. Persons in more than one counted tube, at the places (indexes); ascending. */
  sampledTwice(within: Uint8Array): number[] {
    const { householdOf, placeOfHousehold } = this.#roster;
    return [...this.#twice]
      .filter((person) => within[placeOfHousehold[householdOf[person] as number] as number] === 1)
      .sort((left, right) => left - right);
  }

  /** Notes the reason on record for a person; null when there is none. */
  setDisposition(person: number, disposition: Disposition | null): void {
    if (person >= this.#disposed.length) return;
    const code = disposition === null ? 0 : dispositionNames.indexOf(disposition) + 1;
    this.#counts = null;
    this.#disposed[person] = code;
  }

  /** Puts a person on the roster of the round who was not owed by it. */
  addWalkIn(person: number): void {
    this.#counts = null;
    if (person < this.#walkIn.length) this.#walkIn[person] = 1;
  }

  /** Tubes that count for a person in this round. */
  tubesOf(person: number): number {
    return this.#tubes[person] ?? 0;
  }

  /** The reason on record for a person; null when there is none. */
  dispositionOf(person: number): Disposition | null {
    return dispositionNames[(this.#disposed[person] ?? 0) - 1] ?? null;
  }

  /** Whether the person is on the roster of the round. */
  onRoster(person: number): boolean {
    return this.#stageOf(person) !== 0;
  }

  /** Whether the person is on the roster and neither sampled nor excused. */
  isOpen(person: number): boolean {
    return this.#stageOf(person) === open;
  }

  #stageOf(person: number): 0 | 1 | 2 | 3 {
    // A number kept for a device counts as soon as somebody is registered under it.
    if (this.#roster.householdOf[person] === 0) return 0;
    if ((this.#tubes[person] ?? 0) > 0) return sampled;
    if (this.#due[person] === 0 && this.#walkIn[person] === 0) return 0;
    return settles[this.#disposed[person] ?? 0] === 1 ? excused : open;
  }

  /**
   * Counts by place, for every place at once: `[places × 3]` sampled, excused, open, each place
   * including all below it. Cost: one pass over persons and places after each change. The caller
   * must not write into it.
   */
  countByPlace(): Int32Array {
    this.#counts ??= this.#countAgain();
    return this.#counts;
  }

  #countAgain(): Int32Array {
    const { householdOf, placeOfHousehold, placeCodes, parentOfPlace } = this.#roster;
    const counts = new Int32Array(placeCodes.length * 3);
    for (let person = 1; person < householdOf.length; person++) {
      const stage = this.#stageOf(person);
      if (stage === 0) continue;
      const place = placeOfHousehold[householdOf[person] as number] as number;
      counts[place * 3 + stage - 1] = (counts[place * 3 + stage - 1] as number) + 1;
    }
    // Places stand after their parents, so one pass from the end adds each to the one above it.
    for (let place = placeCodes.length - 1; place >= 0; place--) {
      const parent = parentOfPlace[place] as number;
      if (parent < 0) continue;
      assert(parent < place, 'a place stands after its parent');
      for (let column = 0; column < 3; column++) {
        const own = counts[place * 3 + column] as number;
        counts[parent * 3 + column] = (counts[parent * 3 + column] as number) + own;
      }
    }
    return counts;
  }

  /**
   * Persons at the places (indexes) who are still owed a sample, ascending: at most `limit` of
   * those after a number. A page costs a pass over the people it skips, not over everybody.
   */
  openPersons(within: Uint8Array, { after = 0, limit = Infinity } = {}): number[] {
    const { householdOf, placeOfHousehold } = this.#roster;
    const persons: number[] = [];
    for (let person = after + 1; person < householdOf.length; person++) {
      if (persons.length >= limit) break;
      if (this.#stageOf(person) !== open) continue;
      const place = placeOfHousehold[householdOf[person] as number] as number;
      if (within[place] === 1) persons.push(person);
    }
    return persons;
  }
}

const sampled = 1;
const excused = 2;
const open = 3;
const dispositionNames = Object.keys(dispositions) as Disposition[];
const settles = [0, ...dispositionNames.map((name) => (dispositions[name].settles ? 1 : 0))];

/** The counts of one place out of `countByPlace`. */
export function countsAt(counts: Int32Array, place: number): CoverageCounts {
  const [done = 0, out = 0, left = 0] = counts.subarray(place * 3, place * 3 + 3);
  return { roster: done + out + left, sampled: done, excused: out, open: left };
}

/** Marks a place and everything below it: `[places]` 1 when within. */
export function placesWithin(roster: RosterArrays, place: number): Uint8Array {
  const within = new Uint8Array(roster.placeCodes.length);
  within[place] = 1;
  for (let index = place + 1; index < within.length; index++) {
    const parent = roster.parentOfPlace[index] as number;
    if (parent >= 0 && within[parent] === 1) within[index] = 1;
  }
  return within;
}

/** Rule SC-1. Who is owed by a round: those living in its areas whose age is in its group. */
export function dueOf(
  roster: RosterArrays,
  round: {
    areas: readonly string[];
    group: { ageMinYears?: number; ageMaxYears?: number } | null;
    startsOnDay: number;
  },
): Uint8Array {
  const { householdOf, placeOfHousehold, placeCodes, bornOnDay, leftOnDay } = roster;
  const within = new Uint8Array(placeCodes.length);
  for (const area of round.areas) {
    const index = placeCodes.indexOf(area);
    if (index < 0) continue;
    placesWithin(roster, index).forEach((mark, place) => {
      if (mark === 1) within[place] = 1;
    });
  }
  const due = new Uint8Array(householdOf.length);
  const { ageMinYears = 0, ageMaxYears = 1000 } = round.group ?? {};
  for (let person = 1; person < due.length; person++) {
    const household = householdOf[person] as number;
    if (household === 0 || within[placeOfHousehold[household] as number] !== 1) continue;
    const left = leftOnDay?.[person] ?? noBirthDay;
    if (left !== noBirthDay && left < round.startsOnDay) continue;
    const born = bornOnDay[person] as number;
    // Somebody whose age is not known is owed a sample: nobody is left out for want of a date.
    const ageYears = born === noBirthDay ? ageMinYears : (round.startsOnDay - born) / 365.2425;
    if (ageYears >= ageMinYears && ageYears < ageMaxYears + 1) due[person] = 1;
  }
  return due;
}
