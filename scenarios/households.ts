import { Random } from '../kernel/random.ts';
import type { Sex } from './names.ts';

/** Someone made up: an age in whole years on the reference day and a sex. */
export interface Member {
  readonly ageYears: number;
  readonly sex: Sex;
  /** Takes the family name of the household's first member. */
  readonly kin: boolean;
}

/**
 * How one member of a household is drawn: an age range of their own, or a gap in years to an
 * earlier member (negative for younger). `shape` above 1 crowds the range towards its young end.
 */
interface MemberRule {
  readonly of?: number;
  readonly from: number;
  readonly to: number;
  readonly shape?: number;
  readonly sex?: 'opposite' | 'mostly-male';
  readonly kin?: true;
}

interface HouseholdKind {
  readonly weight: number;
  readonly members: readonly MemberRule[];
}

const worker: MemberRule = { from: 19, to: 45, shape: 1.3, sex: 'mostly-male' };
const adult: MemberRule = { from: 24, to: 60 };
const elder: MemberRule = { from: 60, to: 96, shape: 1.7 };
const parent: MemberRule = { from: 26, to: 52 };
const lateParent: MemberRule = { from: 46, to: 64 };
const spouse: MemberRule = { of: 0, from: -5, to: 5, sex: 'opposite' };
const child: MemberRule = { of: 0, from: -36, to: -24, kin: true };
const grownChild: MemberRule = { of: 0, from: -32, to: -24, kin: true };
const grandparent: MemberRule = { of: 0, from: 22, to: 33, kin: true };
const otherGrandparent: MemberRule = { of: 0, from: 21, to: 33 };

/**
 * Kinds of household with weights in per mille of households.
 *
 * Fitted by hand to the 2020 census of Shanghai: 2.32 persons a household, 23.4 % aged 60 and
 * over, 16.3 % aged 65 and over (stats bureau's figures as quoted at wapiknow.baidu.com/question/
 * 2274719971066462908), 9.8 % aged 0 to 14 (census bulletin; from memory, not re-read). Figures
 * for Baoshan alone, and the mix of kinds, were not found: the mix is an assumption.
 */
const kinds: readonly HouseholdKind[] = [
  { weight: 94, members: [worker] },
  { weight: 112, members: [elder] },
  { weight: 72, members: [adult] },
  { weight: 150, members: [elder, spouse] },
  { weight: 112, members: [parent, spouse] },
  { weight: 26, members: [parent, child] },
  { weight: 44, members: [worker, worker] },
  { weight: 130, members: [parent, spouse, child] },
  { weight: 58, members: [lateParent, spouse, grownChild] },
  { weight: 34, members: [worker, worker, worker] },
  { weight: 34, members: [parent, spouse, child, child] },
  { weight: 36, members: [parent, spouse, child, grandparent] },
  { weight: 24, members: [worker, worker, worker, worker] },
  { weight: 28, members: [parent, spouse, child, grandparent, otherGrandparent] },
  { weight: 8, members: [worker, worker, worker, worker, worker] },
  { weight: 12, members: [parent, spouse, child, child, grandparent, otherGrandparent] },
  { weight: 7, members: [worker, worker, worker, worker, worker, worker] },
];

const weightsUpTo = (personsMax: number): number[] =>
  kinds.map((kind) => (kind.members.length <= personsMax ? kind.weight : 0));
const weightsBySizeMax = [1, 2, 3, 4, 5, 6].map(weightsUpTo);

/** 107.33 men to 100 women: census 2020, source as for `kinds`. */
const shareMale = 107.33 / 207.33;

function drawMember(random: Random, rule: MemberRule, drawn: readonly Member[]): Member {
  const span = rule.to - rule.from + 1;
  const offset = rule.from + Math.floor(random.unit() ** (rule.shape ?? 1) * span);
  const relative = rule.of === undefined ? undefined : drawn[rule.of];
  const years = relative === undefined ? offset : relative.ageYears + offset;
  const male = random.unit() < (rule.sex === 'mostly-male' ? 0.56 : shareMale);
  const opposite = rule.sex === 'opposite' && relative !== undefined;
  const sex = opposite ? (relative.sex === 'male' ? 'female' : 'male') : male ? 'male' : 'female';
  const ageYears = Math.min(104, Math.max(0, years));
  return { ageYears, sex, kin: drawn.length === 0 || rule.kin === true };
}

/** Draws one household of at most `personsMax` people (1 or more). */
export function drawHousehold(random: Random, personsMax: number): Member[] {
  const weights = weightsBySizeMax[Math.min(6, personsMax) - 1] ?? weightsUpTo(1);
  const kind = kinds[random.weighted(weights)];
  const members: Member[] = [];
  for (const rule of kind?.members ?? [adult]) members.push(drawMember(random, rule, members));
  return members;
}

/** A generator for one part of the world, unrelated to every other part of the same seed. */
export function randomFor(seed: number, part: string): Random {
  // FNV-1a: any mixing of the characters will do, the generator scrambles its seed again.
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let index = 0; index < part.length; index++) {
    hash = Math.imul(hash ^ part.charCodeAt(index), 0x01000193) >>> 0;
  }
  return new Random(hash);
}
