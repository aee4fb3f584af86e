import type { EntryStatus } from '../../../../../adapters/device/types.ts';
import { labelPattern } from '../../../../../rooms/screening/index.ts';
import { readLabel } from '../../../../../rooms/screening/label.ts';

/** What a scan means at a sampling table. */
export type Meaning =
  | { readonly kind: 'open'; readonly tube: string }
  | { readonly kind: 'seal'; readonly tube: string }
  | { readonly kind: 'add'; readonly person: number }
  /** Somebody who can be added when a person says so. */
  | {
      readonly kind: 'ask';
      readonly why: 'sampled' | 'not-on-roster';
      readonly person: number;
      readonly tube: string | null;
    }
  | { readonly kind: 'wrong'; readonly why: WrongScan };

/** Why a scan cannot be meant. */
export type WrongScan = 'tube-first' | 'other-tube' | 'box-here' | 'misread' | 'nobody';

/** What is known when something is scanned. */
export interface Table {
  /** The tube that is open, if any. */
  readonly openTube: string | null;
  readonly members: readonly number[];
  readonly findPerson: (text: string) => number | null;
  readonly statusOf: (person: number) => EntryStatus;
  readonly isOnRoster: (person: number) => boolean;
}

const tubeForm = new RegExp(labelPattern);

/**
 * FA-2. What a scan means. The same label opens a tube and, scanned again, seals it; between the
 * two every scan is a person. Whatever does not fit is said on the spot, without a signal.
 */
export function meaningOf(text: string, table: Table): Meaning {
  const reading = readLabel(text);
  const { openTube } = table;
  if (openTube !== null && reading.label === openTube) return { kind: 'seal', tube: openTube };
  if (reading.kind === 'misread') return { kind: 'wrong', why: 'misread' };
  if (reading.kind === 'box') return { kind: 'wrong', why: 'box-here' };
  if (reading.kind === 'tube') {
    if (openTube !== null) return { kind: 'wrong', why: 'other-tube' };
    return { kind: 'open', tube: reading.label };
  }
  const person = table.findPerson(text);
  if (person !== null) return personMeaning(person, table);
  const isLabel = reading.kind === 'foreign' && tubeForm.test(reading.label);
  // Labels of another maker open a tube, unless they are all digits: those are people's numbers.
  if (openTube === null && isLabel && /[A-Z]/.test(reading.label)) {
    return { kind: 'open', tube: reading.label };
  }
  return { kind: 'wrong', why: openTube === null ? 'tube-first' : 'nobody' };
}

function personMeaning(person: number, table: Table): Meaning {
  if (table.openTube === null) return { kind: 'wrong', why: 'tube-first' };
  // Twice in one tube is the room's to refuse, in its own words.
  if (table.members.includes(person)) return { kind: 'add', person };
  const status = table.statusOf(person);
  if (status.kind === 'sampled') {
    return { kind: 'ask', why: 'sampled', person, tube: status.tube };
  }
  if (!table.isOnRoster(person)) return { kind: 'ask', why: 'not-on-roster', person, tube: null };
  return { kind: 'add', person };
}
