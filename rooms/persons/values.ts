import type { Day } from '../../kernel/day.ts';
import { foldCode } from '../../kernel/id.ts';
import { calendarDay } from './dates.ts';
import type { FaultCode } from './fault-reasons.ts';
import { foldCell, foldName } from './fold.ts';
import {
  bornOnEarliest,
  type DocumentType,
  documentShapes,
  documentTypeNames,
  nameCharsMax,
  type Sex,
  sexNames,
} from './rules.ts';

/** A value read from a text, or why it could not be. */
export type Read<T> = { readonly value: T } | { readonly fault: FaultCode };

/** Letters of any script, marks, what stands between them; private use holds rare characters. */
const nameShape = /^[\p{L}\p{M}\p{Co}〇·' .,\-/()]+$/u;

/** Rule PE-2. A person's name: folded, with at least one letter and no digits. */
export function parseName(text: string): Read<string> {
  const name = foldName(text);
  if (name === '') return { fault: 'persons.name-missing' };
  if (name.length > nameCharsMax) return { fault: 'persons.name-too-long' };
  if (!nameShape.test(name) || !/[\p{L}\p{Co}]/u.test(name)) return { fault: 'persons.bad-name' };
  return { value: name };
}

/** Rule PE-4. A sex in words or in the digits of GB/T 2261.1; null when the cell is empty. */
export function parseSex(text: string): Read<Sex | null> {
  if (text === '男') return { value: 'm' };
  if (text === '女') return { value: 'f' };
  const folded = foldCell(text).toLowerCase();
  if (folded === '') return { value: null };
  const sex = sexNames.get(folded);
  return sex === undefined ? { fault: 'persons.bad-sex' } : { value: sex };
}

const separated =
  /^(\d{4})([-/.年])(\d{1,2})([-/.月])(\d{1,2})日?(?:[ T]0{1,2}:00(?::00(?:\.0+)?)?Z?)?$/;
const joined = /^(\d{4})(\d{2})(\d{2})$/;

/**
 * Rule PE-5. A day of birth, year first; null when the cell is empty. Day-first and month-first
 * texts are refused: 03/04/1950 is two days, and a guess is a wrong date of birth.
 */
export function parseBornOn(text: string, today: Day): Read<Day | null> {
  const folded = foldCell(text);
  if (folded === '') return { value: null };
  const parts = separated.exec(folded);
  const digits = parts === null ? joined.exec(folded) : null;
  if (parts === null && digits === null) {
    const yearLast = /^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}$/.test(folded);
    return { fault: yearLast ? 'persons.date-ambiguous' : 'persons.bad-date' };
  }
  const [year, month, day] =
    parts === null ? (digits ?? []).slice(1) : [parts[1], parts[3], parts[5]];
  return checkBornOn(calendarDay(Number(year), Number(month), Number(day)), today);
}

/** Rule PE-5. A day of birth exists, is not to come, and is not of a person long dead. */
export function checkBornOn(day: Day | null, today: Day): Read<Day> {
  if (day === null) return { fault: 'persons.date-does-not-exist' };
  if (day > today) return { fault: 'persons.date-in-future' };
  if (day < bornOnEarliest) return { fault: 'persons.date-too-early' };
  return { value: day };
}

/** Rule PE-6. A telephone number as digits, with + in front of a foreign one; null when empty. */
export function parsePhone(text: string): Read<string | null> {
  if (/^1[3-9]\d{9}$/.test(text)) return { value: text };
  const folded = foldCell(text);
  if (folded === '') return { value: null };
  const digits = folded.replace(/[\s()-]/g, '').replace(/^(?:\+|00)86(?=[01])/, '');
  if (/^1[3-9]\d{9}$/.test(digits)) return { value: digits };
  // Fixed lines: seven or eight digits, or an area code of three or four digits before them.
  if (/^(?:0\d{2,3})?[2-9]\d{6,7}$/.test(digits)) return { value: digits };
  if (/^(?:\+|00)[1-9]\d{6,14}$/.test(digits)) return { value: digits.replace(/^00/, '+') };
  return { fault: 'persons.bad-phone' };
}

/** Rule PE-7. A kind of document by its usual names; null when the cell is empty. */
export function parseDocumentType(text: string): Read<DocumentType | 'none' | null> {
  const known = documentTypeNames.get(text);
  if (known !== undefined) return { value: known };
  const folded = foldCell(text)
    .toLowerCase()
    .replace(/[\s_-]/g, '');
  if (folded === '') return { value: null };
  const type = documentTypeNames.get(folded);
  return type === undefined ? { fault: 'persons.unknown-document-type' } : { value: type };
}

/** Rule PE-7. The number of a document that is not a citizen identity number. */
export function parseDocumentNumber(type: DocumentType, text: string): Read<string> {
  const number = foldCode(text).replace(/^'/, '');
  if (/^\d(\.\d+)?E\+\d+$/.test(number)) return { fault: 'persons.id-number-digits-lost' };
  return documentShapes[type].test(number)
    ? { value: number }
    : { fault: 'persons.bad-document-number' };
}
