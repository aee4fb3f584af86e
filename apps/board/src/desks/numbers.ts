import type { ActEntry } from '../api/types.ts';

/** Things without a printed label: their number is made here, by the letter of their kind. */
const letters: { readonly [field: string]: string } = {
  transfer: 'X',
  stay: 'S',
  promise: 'P',
  accession: 'A',
  release: 'L',
};

/**
 * A number for something that has no printed label, from the minute and chance: two desks that
 * make one in the same minute still make two. Null for what is scanned or named by people.
 */
export function suggestNumber(field: string, entry: ActEntry, now: number): string | null {
  const letter = letters[field];
  const begins = entry.schema.required?.includes(field) === true;
  if (letter === undefined || !begins) return null;
  const chance = crypto.getRandomValues(new Uint16Array(1))[0] ?? 0;
  const minute = Math.floor(now / 60_000).toString(36);
  return `${letter}${minute}${chance.toString(36).padStart(4, '0')}`.toUpperCase();
}
