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
 * Whoever was sampled or joined as a walk-in is on the roster too. Counts by place are kept as
 * people change, so an answer costs nothing. Memory: 8 bytes a person and 20 a place.
 */
export class CoverageBook {
  #roster: RosterArrays;
  /** [persons + 1] 1 when owed by the round's areas and group. */
  #due: Uint8Array;
  #walkIn: Uint8Array;
  /** [persons + 1] counted tubes that hold the person. */
  #tubes: Uint8Array;
  #disposed: Uint8Array;
  /** [persons + 1] index of the place where the person lives; -1 for a number not given out. */
  #home: Int32Array;
  /** [places] least and greatest number of those who lived there when the book was made. */
  #first: Int32Array;
  #last: Int32Array;
  /** Whoever joined or moved since: they need not be between `first` and `last` of their place. */
  readonly #strays = new Set<number>();
  readonly #twice = new Set<number>();
  /** [places × 3] sampled, excused, open, each place including all below it. */
  #counts: Int32Array;

  constructor(roster: RosterArrays, due: Uint8Array) {
    assert(due.length === roster.householdOf.length, 'one due mark for each person');
    this.#roster = roster;
    this.#due = due;
    this.#walkIn = new Uint8Array(due.length);
    this.#tubes = new Uint8Array(due.length);
    this.#disposed = new Uint8Array(due.length);
    this.#home = homesOf(roster);
    [this.#first, this.#last] = rangesOf(this.#home, roster.placeCodes.length);
    this.#counts = this.#countAgain();
  }

  /**
   * Goes on with a register that people have joined: nobody new is owed by the round as such.
   * `changed` names whoever joined, moved or left; null when that may be anybody.
   */
  grow(roster: RosterArrays, changed: readonly number[] | null): void {
    const size = roster.householdOf.length;
    assert(size >= this.#due.length, 'a register does not lose people');
    this.#due = grown(this.#due, size);
    this.#walkIn = grown(this.#walkIn, size);
    this.#tubes = grown(this.#tubes, size);
    this.#disposed = grown(this.#disposed, size);
    this.#roster = roster;
    if (changed === null) {
      this.#home = homesOf(roster);
      [this.#first, this.#last] = rangesOf(this.#home, roster.placeCodes.length);
      this.#strays.clear();
      this.#counts = this.#countAgain();
      return;
    }
    const home = new Int32Array(size).fill(-1);
    home.set(this.#home);
    this.#home = home;
    for (const person of changed) {
      this.#count(person, -1);
      this.#home[person] = homeIn(roster, person);
      this.#strays.add(person);
      this.#count(person, 1);
    }
  }

  /** Counts a tube's people as sampled (`by` 1) or no longer (`by` -1). */
  addTube(members: ArrayLike<number>, by: 1 | -1): void {
    for (let index = 0; index < members.length; index++) {
      const person = members[index] as number;
      if (person >= this.#tubes.length) continue;
      this.#change(person, () => {
        const tubes = (this.#tubes[person] as number) + by;
        this.#tubes[person] = tubes;
        if (tubes > 1) this.#twice.add(person);
        else if (by < 0) this.#twice.delete(person);
      });
    }
  }

  /** Rule SC-11. Persons in more than one counted tube, at the places (indexes); ascending. */
  sampledTwice(within: Uint8Array): number[] {
    return [...this.#twice]
      .filter((person) => within[this.#home[person] as number] === 1)
      .sort((left, right) => left - right);
  }

  /** Notes the reason on record for a person; null when there is none. */
  setDisposition(person: number, disposition: Disposition | null): void {
    if (person >= this.#disposed.length) return;
    const code = disposition === null ? 0 : dispositionNames.indexOf(disposition) + 1;
    this.#change(person, () => {
      this.#disposed[person] = code;
    });
  }

  /** Puts a person on the roster of the round who was not owed by it. */
  addWalkIn(person: number): void {
    if (person >= this.#walkIn.length) return;
    this.#change(person, () => {
      this.#walkIn[person] = 1;
    });
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
    if ((this.#home[person] ?? -1) < 0) return 0;
    if ((this.#tubes[person] ?? 0) > 0) return sampled;
    if (this.#due[person] === 0 && this.#walkIn[person] === 0) return 0;
    return settles[this.#disposed[person] ?? 0] === 1 ? excused : open;
  }

  #change(person: number, change: () => void): void {
    const before = this.#stageOf(person);
    change();
    if (this.#stageOf(person) === before) return;
    this.#add(this.#home[person] as number, before, -1);
    this.#count(person, 1);
  }

  #count(person: number, by: 1 | -1): void {
    this.#add(this.#home[person] ?? -1, this.#stageOf(person), by);
  }

  /** Counts somebody in a stage at a place and at all above it. */
  #add(home: number, stage: 0 | 1 | 2 | 3, by: 1 | -1): void {
    if (stage === 0) return;
    const { parentOfPlace } = this.#roster;
    for (let place = home; place >= 0; place = parentOfPlace[place] as number) {
      const at = place * 3 + stage - 1;
      this.#counts[at] = (this.#counts[at] as number) + by;
    }
  }

  /**
   * Counts by place, for every place at once: `[places × 3]` sampled, excused, open, each place
   * including all below it. The caller must not write into it; it changes as people do.
   */
  countByPlace(): Int32Array {
    return this.#counts;
  }

  #countAgain(): Int32Array {
    const { placeCodes, parentOfPlace } = this.#roster;
    const counts = new Int32Array(placeCodes.length * 3);
    for (let person = 1; person < this.#home.length; person++) {
      const stage = this.#stageOf(person);
      if (stage === 0) continue;
      const at = (this.#home[person] as number) * 3 + stage - 1;
      counts[at] = (counts[at] as number) + 1;
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
   * those after a number. A page costs a pass over the numbers between the least and the greatest
   * of those places that it skips: numbers are given out place by place when a roster is imported.
   */
  openPersons(within: Uint8Array, { after = 0, limit = Infinity } = {}): number[] {
    const isMeant = (person: number): boolean =>
      within[this.#home[person] as number] === 1 && this.#stageOf(person) === open;
    const strays = [...this.#strays].filter((person) => person > after && isMeant(person));
    const { from, to } = this.#rangeOf(within);
    const persons: number[] = [];
    for (let person = Math.max(from, after + 1); person <= to; person++) {
      if (persons.length >= limit) break;
      if (isMeant(person) && !this.#strays.has(person)) persons.push(person);
    }
    if (strays.length === 0) return persons;
    return [...persons, ...strays].sort((left, right) => left - right).slice(0, limit);
  }

  #rangeOf(within: Uint8Array): { from: number; to: number } {
    let from = this.#home.length;
    let to = 0;
    for (let place = 0; place < within.length; place++) {
      if (within[place] !== 1 || this.#last[place] === 0) continue;
      from = Math.min(from, this.#first[place] as number);
      to = Math.max(to, this.#last[place] as number);
    }
    return { from, to };
  }
}

function grown(marks: Uint8Array, size: number): Uint8Array {
  if (size === marks.length) return marks;
  const larger = new Uint8Array(size);
  larger.set(marks);
  return larger;
}

function homeIn({ householdOf, placeOfHousehold }: RosterArrays, person: number): number {
  const household = householdOf[person] ?? 0;
  return household === 0 ? -1 : (placeOfHousehold[household] as number);
}

/** [persons + 1] index of the place where each lives; -1 for a number not given out. */
function homesOf(roster: RosterArrays): Int32Array {
  const home = new Int32Array(roster.householdOf.length).fill(-1);
  for (let person = 1; person < home.length; person++) home[person] = homeIn(roster, person);
  return home;
}

/** [places] least and greatest number at each place; 0 and 0 where nobody lives. */
function rangesOf(home: Int32Array, places: number): [Int32Array, Int32Array] {
  const first = new Int32Array(places);
  const last = new Int32Array(places);
  for (let person = home.length - 1; person > 0; person--) {
    const place = home[person] as number;
    if (place < 0) continue;
    first[place] = person;
    if (last[place] === 0) last[place] = person;
  }
  return [first, last];
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
