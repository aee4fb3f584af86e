import { addDays, type Day, parseDay } from '../kernel/day.ts';
import { assert } from '../kernel/assert.ts';
import { drawHousehold, randomFor } from './households.ts';
import { drawFamilyName, drawGivenName, type Sex } from './names.ts';
import { type Community, compoundName } from './tree.ts';

/** A household with its address below the community. */
export interface Household {
  readonly buildingIndex: number;
  readonly compound: string;
  readonly building: string;
  readonly room: string;
  readonly members: readonly {
    readonly ageYears: number;
    readonly sex: Sex;
    readonly kin: boolean;
  }[];
}

/** Flats in a block: six floors of four to eight. Buildings in a compound. Both assumed. */
const floors = 6;
const buildingsPerCompound = 18;

/** The day on which the ages hold; the scenario's people neither age nor are born. */
const referenceDay = parseDay('2022-03-01');

/**
 * The households of one community in the order of their addresses. The same community, count and
 * seed give the same households, so any community can be drawn alone and in any order.
 */
export function* householdsOf(community: Community, seed: number): Generator<Household> {
  const random = randomFor(seed, `households ${community.code}`);
  let left = community.personCount;
  let buildingIndex = 0;
  let flatsPerFloor = random.between(4, 8);
  let flatIndex = 0;
  while (left > 0) {
    if (flatIndex === flatsPerFloor * floors) {
      buildingIndex++;
      flatIndex = 0;
      flatsPerFloor = random.between(4, 8);
    }
    const members = drawHousehold(random, left);
    const serial = (buildingIndex % buildingsPerCompound) + 1;
    const flat =
      (Math.floor(flatIndex / flatsPerFloor) + 1) * 100 + (flatIndex % flatsPerFloor) + 1;
    yield {
      buildingIndex,
      compound: compoundName(community, Math.floor(buildingIndex / buildingsPerCompound)),
      building: community.village ? `第${serial}组` : `${serial}号楼`,
      room: community.village ? `${flatIndex + 1}号` : `${flat}室`,
      members,
    };
    left -= members.length;
    flatIndex++;
  }
}

/** The header of a roster, as `sextant import persons` knows it. */
export const rosterHeader = '姓名,性别,出生日期,证件类型,证件号码,手机号,街镇,居委,小区,楼栋,室号';

/**
 * The document number of a synthetic person, of the type `other`: no identity card has this form.
 * It stays the same for the n-th person of a community, so a second import updates.
 */
export function documentNumber(community: Community, personIndex: number): string {
  return `SX${community.code.slice(4)}${String(personIndex).padStart(6, '0')}`;
}

/**
 * A telephone number nobody has: the block 194 had not been given to any operator in July 2022
 * (m.zgznzx.sosol.com.cn/roll/2022/0701/6534.html, which names 142, 143, 154, 161, 164 and 194).
 */
export function phoneNumber(globalIndex: number): string {
  return `194${String(globalIndex).padStart(8, '0')}`;
}

const sexNames: Record<Sex, string> = { male: '男', female: '女' };

/** The lines of one community's roster, in the order of `householdsOf`. */
export function* rosterLines(community: Community, seed: number): Generator<string> {
  const random = randomFor(seed, `names ${community.code}`);
  assert(referenceDay !== null, 'the reference day exists');
  let personIndex = 0;
  for (const household of householdsOf(community, seed)) {
    const address =
      `${community.townName},${community.name},` +
      `${household.compound},${household.building},${household.room}`;
    const familyName = drawFamilyName(random);
    for (const member of household.members) {
      const surname = member.kin ? familyName : drawFamilyName(random);
      const name = surname + drawGivenName(random, member.sex);
      const born = bornOn(referenceDay, member.ageYears, random.below(365));
      const phone = member.ageYears < 12 ? '' : phoneNumber(community.firstIndex + personIndex);
      const id = documentNumber(community, personIndex);
      yield `${name},${sexNames[member.sex]},${born},其他,${id},${phone},${address}\n`;
      personIndex++;
    }
  }
}

const birthdays = new Map<number, Day>();

/** The birthday of somebody of `ageYears`; kept, as there are few and millions ask. */
function bornOn(reference: Day, ageYears: number, daysSinceBirthday: number): Day {
  const key = ageYears * 400 + daysSinceBirthday;
  let day = birthdays.get(key);
  if (day === undefined) {
    const year = String(Number(reference.slice(0, 4)) - ageYears);
    const anniversary = parseDay(year + reference.slice(4));
    assert(anniversary !== null, 'the first of March is in every year');
    day = addDays(anniversary, -daysSinceBirthday);
    birthdays.set(key, day);
  }
  return day;
}

/** A whole roster as text in chunks of about 64 KB; nothing but the chunk is held. */
export function* rosterCsv(communities: readonly Community[], seed: number): Generator<string> {
  let chunk = `${rosterHeader}\n`;
  for (const community of communities) {
    for (const line of rosterLines(community, seed)) {
      chunk += line;
      if (chunk.length >= 65_536) {
        yield chunk;
        chunk = '';
      }
    }
  }
  if (chunk !== '') yield chunk;
}

/**
 * Everybody as columns, by index: people of a household, a building and a community are
 * neighbours, so each of these is a run of indices. Names are not needed to act and not held.
 */
export interface Population {
  readonly personCount: number;
  readonly communities: readonly Community[];
  readonly ageYears: Uint8Array;
  /** Index of the person's household, building and community. */
  readonly household: Uint32Array;
  readonly building: Uint32Array;
  readonly community: Uint16Array;
  /** First person of each household and building; one more entry at the end. */
  readonly householdStart: Uint32Array;
  readonly buildingStart: Uint32Array;
}

/** Draws the population that `rosterCsv` writes, as columns. */
export function drawPopulation(communities: readonly Community[], seed: number): Population {
  const personCount = communities.reduce((sum, community) => sum + community.personCount, 0);
  const ageYears = new Uint8Array(personCount);
  const household = new Uint32Array(personCount);
  const building = new Uint32Array(personCount);
  const community = new Uint16Array(personCount);
  const householdStart: number[] = [];
  const buildingStart: number[] = [];
  let person = 0;
  communities.forEach((place, communityIndex) => {
    let lastBuilding = -1;
    for (const home of householdsOf(place, seed)) {
      if (home.buildingIndex !== lastBuilding) buildingStart.push(person);
      lastBuilding = home.buildingIndex;
      householdStart.push(person);
      for (const member of home.members) {
        ageYears[person] = member.ageYears;
        household[person] = householdStart.length - 1;
        building[person] = buildingStart.length - 1;
        community[person] = communityIndex;
        person++;
      }
    }
  });
  householdStart.push(personCount);
  buildingStart.push(personCount);
  return {
    personCount,
    communities,
    ageYears,
    household,
    building,
    community,
    householdStart: Uint32Array.from(householdStart),
    buildingStart: Uint32Array.from(buildingStart),
  };
}
