import { checkCharacter, foldCode } from '../../kernel/id.ts';
import { assert } from '../../kernel/assert.ts';

/** SC-12. The series of printed labels: what a label is for, and the letter that it begins with. */
export const labelSeries = { tube: 'T', box: 'B', person: 'P' } as const;

/** SC-12. What a label of our own series is for. */
export type LabelKind = keyof typeof labelSeries;

/** SC-12. Digits of a serial: 40 days of Shanghai's 2.4 million tubes (FACTS §7). */
export const serialDigits = 8;

/** SC-12. The last serial that a label has room for. */
export const serialMax = 10 ** serialDigits - 1;

/** SC-12. What a scanned or typed text is. */
export type LabelReading =
  | { readonly kind: 'tube' | 'box'; readonly label: string; readonly serial: number }
  | { readonly kind: 'person'; readonly label: string; readonly person: number }
  /** It has the form of our series, and its check character does not fit. */
  | { readonly kind: 'misread'; readonly label: string; readonly like: LabelKind }
  | { readonly kind: 'foreign'; readonly label: string };

// A letter and nine more: typing a letter for a digit leaves the form as it is, so that such a
// slip is called a misread and does not pass as somebody else's label.
const serialForm = /^[TB][0-9A-Z]{9}$/;
const personForm = /^P[0-9]{1,10}[0-9A-Z]$/;
const personMax = 2_147_483_647;

/** SC-12. The label of a tube or a box with this serial. */
export function serialLabel(kind: 'tube' | 'box', serial: number): string {
  assert(
    Number.isInteger(serial) && serial >= 1 && serial <= serialMax,
    'a serial is 1..serialMax',
  );
  return closed(labelSeries[kind] + String(serial).padStart(serialDigits, '0'));
}

/** SC-12. The code on a person's card: the register's number with letter and check character. */
export function personLabel(person: number): string {
  assert(Number.isInteger(person) && person >= 1, 'a person has a number from 1');
  return closed(labelSeries.person + String(person));
}

/** SC-12, SC-13. What a text is, after full width, spaces and lower case are put right. */
export function readLabel(text: string): LabelReading {
  const label = foldCode(text);
  if (serialForm.test(label)) {
    const kind = label.startsWith(labelSeries.tube) ? 'tube' : 'box';
    const serial = Number(label.slice(1, -1));
    if (!fits(label)) return { kind: 'misread', label, like: kind };
    // Somebody else's letters in the middle, closed by the same method: not one of ours.
    return serial >= 1 ? { kind, label, serial } : { kind: 'foreign', label };
  }
  if (personForm.test(label)) {
    const person = Number(label.slice(1, -1));
    if (!fits(label)) return { kind: 'misread', label, like: 'person' };
    const known = person >= 1 && person <= personMax && label[1] !== '0';
    return known ? { kind: 'person', label, person } : { kind: 'foreign', label };
  }
  return { kind: 'foreign', label };
}

/** SC-12. Which of our series a text belongs to, if any. */
export function labelKindOf(text: string): LabelReading['kind'] {
  return readLabel(text).kind;
}

/**
 * SC-13. What is wrong with a label for a tube or a box: typed or read wrongly, of our series for
 * the other kind, or of somebody else where only ours are taken. Null when nothing is.
 */
export function labelFault(
  kind: 'tube' | 'box',
  text: string,
  foreignTaken: boolean,
): 'misread' | 'of-other-kind' | 'foreign' | null {
  const reading = readLabel(text);
  // Makers number tubes with P and digits too: what only resembles a person's card is foreign.
  const alien =
    reading.kind === 'foreign' || reading.kind === 'person' || like(reading) === 'person';
  if (alien) return foreignTaken ? null : 'foreign';
  if (reading.kind === 'misread') return 'misread';
  return reading.kind === kind ? null : 'of-other-kind';
}

function like(reading: LabelReading): LabelKind | null {
  return reading.kind === 'misread' ? reading.like : null;
}

/**
 * SC-14. The first `count` serials from `from` on whose labels are fit to be printed, and the
 * serial to go on from; null when the series is used up. About 8 serials in 100 are left out.
 */
export function pickSerials(
  kind: 'tube' | 'box',
  from: number,
  count: number,
): { readonly serials: readonly number[]; readonly next: number } | null {
  const serials: number[] = [];
  let next = from;
  while (serials.length < count) {
    if (next > serialMax) return null;
    if (isPrintable(serialLabel(kind, next))) serials.push(next);
    next += 1;
  }
  return { serials, next };
}

/**
 * SC-14. Whether a label is fit to be printed: no exchange of neighbours makes another valid one
 * (MOD 37,36 alone misses 36 of 22,680), and it does not end in a letter that people read as a
 * digit.
 */
export function isPrintable(label: string): boolean {
  return !/[OI]$/.test(label) && !hasTwin(label);
}

/** Whether an exchange of two neighbours makes another label with a right check. */
function hasTwin(label: string): boolean {
  for (let i = 1; i < label.length; i++) {
    const before = label[i - 1] ?? '';
    const after = label[i] ?? '';
    if (before === after) continue;
    if (fits(label.slice(0, i - 1) + after + before + label.slice(i + 1))) return true;
  }
  return false;
}

function closed(body: string): string {
  return body + (checkCharacter(body) ?? '');
}

function fits(label: string): boolean {
  return checkCharacter(label.slice(0, -1)) === label.at(-1);
}
