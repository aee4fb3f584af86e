import { Type } from 'typebox';
import { foldCode } from '../../kernel/id.ts';
import type { Instant } from '../../kernel/instant.ts';
import type { Fact } from '../../ledger/fact.ts';
import { labelPattern, labelSchema } from '../screening/index.ts';

const labelExpression = new RegExp(labelPattern);

/** A label as it goes on record: already folded, in the alphabet that tubes have. */
export const label = labelSchema;

/** A label as a person typed it or a scanner gave it: folded and judged by `readLabel`. */
export const typedLabel = Type.String({ minLength: 1, maxLength: 64 });

/** Who may hold something: an account, or a role when no one account is known. */
export const holder = Type.String({ pattern: '^(user|role):[^\\s:]{1,64}$' });

/** Code of a place or of a point. */
export const code = Type.String({ minLength: 1, maxLength: 80 });

/** A moment in a body, milliseconds since 1970. */
export const instantBody = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 });

/** A few words of explanation by a person. */
export const reason = Type.String({ minLength: 1, maxLength: 200 });

/** Folds a typed label; null when a character is outside the alphabet or the length is wrong. */
export function readLabel(text: string): string | null {
  const folded = foldCode(text);
  return labelExpression.test(folded) ? folded : null;
}

/** Folds a list of typed labels and separates those that are none. */
export function readLabels(texts: readonly string[]): { labels: string[]; bad: string[] } {
  const labels: string[] = [];
  const bad: string[] = [];
  for (const text of texts) {
    const read = readLabel(text);
    if (read === null) bad.push(text);
    else labels.push(read);
  }
  return { labels, bad };
}

/** Items that occur more than once, each named once, in order of first repetition. */
export function repeated(items: readonly string[]): string[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const item of items) {
    if (seen.has(item)) twice.add(item);
    seen.add(item);
  }
  return [...twice];
}

/** Which fact said so, when, where and by whom: what duties and consequences are dated by. */
export interface Mark {
  readonly factId: string;
  readonly lamport: number;
  readonly at: Instant;
  readonly by: string;
  readonly place: string;
}

/** The mark that a fact leaves in a state. */
export function markOf(fact: Fact): Mark {
  const { id, lamport, at, actor, place } = fact;
  return { factId: id, lamport, at, by: actor, place };
}

/** A list short enough for the details of a finding, beside its true count. */
export function shortened(items: readonly string[]): { count: number; first: readonly string[] } {
  return { count: items.length, first: items.slice(0, 20) };
}
