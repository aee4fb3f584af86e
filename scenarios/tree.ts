import { readFileSync } from 'node:fs';
import { assert } from '../kernel/assert.ts';
import { randomFor } from './households.ts';

/** One line of a scenario's `places.csv`. */
export interface PlaceRow {
  readonly code: string;
  readonly name: string;
  /** In Latin letters, for boards in English. */
  readonly nameEn: string;
  readonly parent: string;
}

/** A residents' or villagers' committee with its share of the scenario's people. */
export interface Community {
  readonly code: string;
  readonly name: string;
  readonly townCode: string;
  readonly townName: string;
  /** Villages have houses by group, not blocks of flats. */
  readonly village: boolean;
  readonly personCount: number;
  /** Index of its first person in the whole population. */
  readonly firstIndex: number;
}

/** Reads `code,name,name_en,parent` lines; the file is ours, so a bad line is a bug. */
export function readPlaces(file: string): PlaceRow[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n').slice(1);
  return lines.map((line) => {
    const [code, name, nameEn, parent, ...rest] = line.split(',');
    const isWhole = code && name && nameEn && parent !== undefined && rest.length === 0;
    assert(isWhole, `a bad place: ${line}`);
    return { code, name, nameEn, parent };
  });
}

/**
 * Shares people out over the communities.
 *
 * The census by town was not found, so every committee weighs the same but for a seeded spread
 * (log-normal, 0.35): a town's share is its number of committees. Largest remainders, so the
 * shares add up to `personCount` and no community is left out.
 */
export function allocate(
  places: readonly PlaceRow[],
  personCount: number,
  seed: number,
): Community[] {
  const names = new Map(places.map((place) => [place.code, place]));
  const committees = places.filter((place) => place.code.length === 12);
  assert(committees.length > 0, 'a scenario has communities');
  const random = randomFor(seed, 'communities');
  const weights = committees.map(() => Math.exp(0.35 * random.normal()));
  const counts = shareOut(weights, personCount);
  let firstIndex = 0;
  return committees.map((committee, index) => {
    const count = counts[index] ?? 0;
    const community: Community = {
      code: committee.code,
      name: committee.name,
      townCode: committee.parent,
      townName: names.get(committee.parent)?.name ?? committee.parent,
      village: committee.name.endsWith('村委会') || committee.name.endsWith('村民委员会'),
      personCount: count,
      firstIndex,
    };
    firstIndex += count;
    return community;
  });
}

/** Whole numbers in proportion to the weights that add up to `total` (largest remainders). */
export function shareOut(weights: readonly number[], total: number): number[] {
  const sum = weights.reduce((left, right) => left + right, 0);
  const exact = weights.map((weight) => (weight / sum) * total);
  const counts = exact.map(Math.floor);
  const left = total - counts.reduce((a, b) => a + b, 0);
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, left)) counts[index] = (counts[index] ?? 0) + 1;
  return counts;
}

const committeeSuffix = /(第[一二三四五六七八九十]+)?(居民委员会|村民委员会|居委会|村委会|社区)$/;
const compoundEndings = ['', '东苑', '西苑', '南苑', '北苑', '新苑', '中苑', '嘉苑'];

/** Name of a community's compound by its index: `宝钢一村`, `宝钢一村东苑`, … */
export function compoundName(community: Community, compoundIndex: number): string {
  const base = community.name.replace(committeeSuffix, '') || community.name;
  if (community.village && compoundIndex === 0) return `${base}自然村`;
  const ending = compoundEndings[compoundIndex % compoundEndings.length] ?? '';
  const lap = Math.floor(compoundIndex / compoundEndings.length);
  return base + ending + (lap === 0 ? '' : `${lap + 1}期`);
}
