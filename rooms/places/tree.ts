/** The kinds of place, from the widest to the narrowest. */
export const placeKinds = [
  'city',
  'district',
  'town',
  'community',
  'compound',
  'building',
] as const;
export type PlaceKind = (typeof placeKinds)[number];

/** One place of the tree. */
export interface Place {
  readonly code: string;
  readonly parent: string | null;
  readonly kind: PlaceKind;
  readonly labelZh: string;
  readonly labelEn: string | null;
}

/**
 * Rule PL-2. What each kind may lie in. Total: a new kind does not compile until it is placed.
 * A building may stand in a community that has no compounds: lanes of old houses, villages.
 */
export const parentKinds = {
  city: [],
  district: ['city'],
  town: ['district'],
  community: ['town'],
  compound: ['community'],
  building: ['community', 'compound'],
} as const satisfies Record<PlaceKind, readonly PlaceKind[]>;

/** Rule PL-1. The alphabet of codes: official ones are digits, made ones add hyphens. */
export const placeCode = /^[A-Za-z0-9][A-Za-z0-9-]{0,59}$/;

/** Rule PL-2. Whether one kind may lie in another; null is the root. */
export function mayLieIn(kind: PlaceKind, parent: PlaceKind | null): boolean {
  if (parent === null) return kind === 'city' || kind === 'district';
  const allowed: readonly PlaceKind[] = parentKinds[kind];
  return allowed.includes(parent);
}

/** Rule PL-3. The code of a place made here: its parent's and a serial from 1. */
export function madeCode(parent: string, serial: number): string {
  return `${parent}-${serial}`;
}

/** The serial of a made code under its parent; 0 for any other code. */
export function serialOf(code: string, parent: string): number {
  if (!code.startsWith(`${parent}-`)) return 0;
  const serial = Number(code.slice(parent.length + 1));
  return Number.isSafeInteger(serial) ? serial : 0;
}

/** Rule PL-1. The kind that an official code of the statistics bureau has by its length. */
export function kindOfOfficialCode(code: string): PlaceKind | null {
  if (!/^\d+$/.test(code)) return null;
  if (code.length === 6) return 'district';
  if (code.length === 9) return 'town';
  return code.length === 12 && !/0{6}$/.test(code) ? 'community' : null;
}

/** Rule PL-1. The official code that a code is part of; null above a district. */
export function parentOfOfficialCode(code: string): string | null {
  const kind = kindOfOfficialCode(code);
  if (kind === 'town') return code.slice(0, 6);
  return kind === 'community' ? code.slice(0, 9) : null;
}

const plainLabel = /^[0-9A-Z\u4e00-\u9fff]*$/;

/** Rule PL-4. A label for comparison: width, spaces and case do not make two places. */
export function foldLabel(text: string): string {
  if (plainLabel.test(text)) return text;
  return text
    .normalize('NFKC')
    .replace(/[\s\u200b\ufeff]+/g, '')
    .toUpperCase();
}

/** A town for comparison: its office is the town. */
export function foldTown(text: string): string {
  return foldLabel(text).replace(/(?<=.)(?:办事处|人民政府)$/, '');
}

const committee = /(?<=.)(?:社区)?(居民委员会|村民委员会|居委会|村委会|居委|村委)$/;

/**
 * Rule PL-5. A community for comparison: how its committee is written out does not matter, but
 * whether it is a residents' or a villagers' committee does (Gucun has one of each).
 */
export function foldCommunity(text: string): { readonly bare: string; readonly exact: string } {
  const folded = foldLabel(text);
  const suffix = committee.exec(folded)?.[1];
  if (suffix === undefined) return { bare: folded.replace(/(?<=.)社区$/, ''), exact: folded };
  const bare = folded.replace(committee, '');
  return { bare, exact: `${bare}${suffix.startsWith('居') ? '居委' : '村委'}` };
}
