import { assert } from '../../kernel/assert.ts';

/** Persons found positive on 4 April 2022 in Shanghai, of those sampled (FACTS.md §7). */
const positiveShare = 13_354 / 25_665_000;
const peoplePerBuilding = 50;
const peoplePerCommunity = 4_000;
const communitiesPerTown = 20;
const tubesPerBox = 50;
export const poolSize = 10;
/** Of a thousand people so many are away, and so many are simply not found. */
const awayPerMille = 19;
const absentPerMille = 1;

/** Shanghai's sixteen districts, without their common beginning. */
const districtCodes = [
  ...['01', '04', '05', '06', '07', '09', '10', '12'],
  ...['13', '14', '15', '16', '17', '18', '20', '51'],
];

/** The root of the tree. */
export const cityCode = '310000';
export const round = 'R1';

/** Household of each of the 50 places of a building, from 0, and the place in that household. */
const householdSizes = [1, 2, 3, 2, 4, 3, 1, 2, 3, 4];
export const householdsPerBuilding = 2 * householdSizes.length;
const seats = [...householdSizes, ...householdSizes].flatMap((size, household) =>
  Array.from({ length: size }, (_, seat) => ({ household, seat })),
);

/** One community: where it lies, and who lives in it, by number from `first` up to not `end`. */
export interface CityCommunity {
  readonly index: number;
  readonly code: string;
  readonly district: number;
  readonly town: string;
  readonly first: number;
  readonly end: number;
}

/** A tube of the round: its serial, and its members by number. */
export interface CityTube {
  readonly serial: number;
  readonly members: readonly number[];
}

/** What is due of everybody in a community on the day. */
export interface CommunityDay {
  readonly tubes: readonly CityTube[];
  readonly away: readonly number[];
  readonly absent: readonly number[];
}

/**
 * A made city of which everything follows from the number of its people and a seed, so that a
 * load generator and a check need no memory of it: about 16 districts, 20 communities a town,
 * 4,000 people a community, 50 a building in households of one to four.
 */
export class City {
  readonly people: number;
  readonly buildings: number;
  readonly communities: number;
  readonly districts: number;
  readonly seed: number;
  readonly #positiveEvery: number;

  constructor(people: number, seed: number) {
    assert(people >= 1_000, 'a city has at least a thousand people');
    this.buildings = Math.floor(people / peoplePerBuilding);
    this.people = this.buildings * peoplePerBuilding;
    this.communities = Math.ceil(this.people / peoplePerCommunity);
    this.districts = Math.min(districtCodes.length, this.communities);
    this.seed = seed;
    const positives = Math.max(1, Math.round(this.people * positiveShare));
    this.#positiveEvery = Math.floor(this.people / positives);
  }

  /** Code of a district, from 0 on. */
  districtCode(district: number): string {
    return `3101${districtCodes[district] ?? '99'}`;
  }

  /** Communities of a district: from, up to not including. */
  communitiesOf(district: number): { readonly from: number; readonly to: number } {
    const at = (index: number): number =>
      Math.ceil((index * this.communities) / this.districts - 1e-9);
    return { from: at(district), to: at(district + 1) };
  }

  community(index: number): CityCommunity {
    let district = Math.floor((index * this.districts) / this.communities);
    while (this.communitiesOf(district).to <= index) district += 1;
    while (this.communitiesOf(district).from > index) district -= 1;
    const within = index - this.communitiesOf(district).from;
    const townSerial = 1 + Math.floor(within / communitiesPerTown);
    const town = this.districtCode(district) + String(townSerial).padStart(3, '0');
    const code = town + String(1 + (within % communitiesPerTown)).padStart(3, '0');
    const first = this.firstBuilding(index) * peoplePerBuilding + 1;
    const end = this.firstBuilding(index + 1) * peoplePerBuilding + 1;
    return { index, code, district, town, first, end };
  }

  /** Index of the first building of a community; that of the one after the last ends the list. */
  firstBuilding(community: number): number {
    return Math.floor((community * this.buildings) / this.communities);
  }

  communityOf(person: number): CityCommunity {
    const building = Math.floor((person - 1) / peoplePerBuilding);
    let index = Math.floor((building * this.communities) / this.buildings);
    while (this.firstBuilding(index + 1) <= building) index += 1;
    return this.community(index);
  }

  /** Whether somebody is the third or fourth of a household: a child in this city. */
  isChild(person: number): boolean {
    return (seats[(person - 1) % peoplePerBuilding]?.seat ?? 0) >= 2;
  }

  /** Every so many people one grown-up, by chance of the seed, is infected. */
  isPositive(person: number): boolean {
    return this.#positiveOf(Math.floor((person - 1) / this.#positiveEvery)) === person;
  }

  /** Infected people with numbers from `first` up to not `end`, ascending. */
  positivesWithin(first: number, end: number): number[] {
    const found: number[] = [];
    const from = Math.max(0, Math.floor((first - 1) / this.#positiveEvery) - 1);
    const to = Math.floor((end - 1) / this.#positiveEvery) + 1;
    for (let block = from; block <= to; block++) {
      const person = this.#positiveOf(block);
      if (person >= first && person < end) found.push(person);
    }
    return found;
  }

  #positiveOf(block: number): number {
    const size = this.#positiveEvery;
    const last = Math.min(this.people, (block + 1) * size);
    let person = block * size + 1 + (mix(block, this.seed ^ 0x51ed) % size);
    // Grown-ups alone: a child's transfer needs its carer in it, which is another story.
    while (person <= last && this.isChild(person)) person += 1;
    return person > last ? 0 : person;
  }

  #standing(person: number): 'here' | 'away' | 'absent' {
    const drawn = mix(person, this.seed) % 1000;
    if (drawn >= awayPerMille + absentPerMille || this.isPositive(person)) return 'here';
    return drawn < awayPerMille ? 'away' : 'absent';
  }

  /** The tubes of a community household by household, and who is in none. */
  day(index: number): CommunityDay {
    const { first, end } = this.community(index);
    const here: number[] = [];
    const away: number[] = [];
    const absent: number[] = [];
    for (let person = first; person < end; person++) {
      const standing = this.#standing(person);
      if (standing === 'here') here.push(person);
      else if (standing === 'away') away.push(person);
      else absent.push(person);
    }
    const tubes: CityTube[] = [];
    for (let from = 0; from < here.length;) {
      const left = here.length - from;
      // The last two tubes share what is left, so that neither is half empty.
      const size = left > poolSize && left < 2 * poolSize ? Math.ceil(left / 2) : poolSize;
      const serial = firstSerial(index) + tubes.length;
      tubes.push({ serial, members: here.slice(from, from + size) });
      from += size;
    }
    return { tubes, away, absent };
  }

  /** The tube of somebody on the day; null for who is in none. */
  tubeOf(person: number): CityTube | null {
    const { tubes } = this.day(this.communityOf(person).index);
    return tubes.find(({ members }) => members.includes(person)) ?? null;
  }
}

/** Serials a community may use: 400 tubes of ten, and room. */
const serialsPerCommunity = 420;
const boxesPerCommunity = 10;
/** Serials of single tubes and their boxes begin here, beyond all those of the round. */
export const firstSingleSerial = 50_000_000;

function firstSerial(community: number): number {
  return 1 + community * serialsPerCommunity;
}

/** Boxes of a community's tubes: serials of boxes, each with its tubes. */
export function boxesOf(
  community: number,
  tubes: readonly CityTube[],
): { readonly serial: number; readonly tubes: readonly CityTube[] }[] {
  return Array.from({ length: Math.ceil(tubes.length / tubesPerBox) }, (_, box) => ({
    serial: 1 + community * boxesPerCommunity + box,
    tubes: tubes.slice(box * tubesPerBox, (box + 1) * tubesPerBox),
  }));
}

/** A number of 31 bits that looks drawn: the last step of MurmurHash3 over a value and a seed. */
export function mix(value: number, seed: number): number {
  let hash = Math.imul(value ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(seed + 1, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 1;
}

/** Place in its building of the n-th person, and its household there, both from 0. */
export function homesOfBuilding(): readonly { household: number; seat: number }[] {
  return seats;
}
