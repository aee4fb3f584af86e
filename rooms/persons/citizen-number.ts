import type { Day } from '../../kernel/day.ts';
import { foldCode } from '../../kernel/id.ts';
import { calendarDay } from './dates.ts';

/** What a citizen identity number says about its holder. */
export interface CitizenNumber {
  readonly number: string;
  readonly bornOn: Day;
  readonly sex: 'm' | 'f';
}

/** Why a text is no citizen identity number. */
export type CitizenNumberFault =
  | 'persons.id-number-shape'
  | 'persons.id-number-digits-lost'
  | 'persons.id-number-area'
  | 'persons.id-number-date'
  | 'persons.id-number-check';

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const checkCharacters = '10X98765432';

/**
 * The first two digits: provinces of GB/T 2260, and 81 to 83 of the residence permits for Hong
 * Kong, Macao and Taiwan. Counties are not checked: a number keeps the code of a county that has
 * been merged away since. A 9 in front is a foreigner's permanent residence card of 2023.
 */
const areas = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65'
    .concat(' 71 81 82 83 91 92 93 94 95 96')
    .split(' '),
);

/**
 * Rule PE-3. Reads a citizen identity number: GB 11643-1999, check digit ISO 7064 MOD 11-2.
 *
 * Full-width digits and a lower-case x are folded first. The fifteen-digit form of before 1999 is
 * carried over to eighteen digits. The date is tested as well as the digit: a wrong number with a
 * right check digit is common, because people complete made-up numbers with a calculator.
 */
export function parseCitizenNumber(text: string, today: Day): CitizenNumber | CitizenNumberFault {
  const folded = /^\d{17}[\dX]$/.test(text) ? text : foldCode(text);
  if (/^\d(\.\d+)?E\+1[4-7]$/.test(folded)) return 'persons.id-number-digits-lost';
  const isOldForm = /^\d{15}$/.test(folded);
  if (!isOldForm && !/^\d{17}[\dX]$/.test(folded)) return 'persons.id-number-shape';
  const body = isOldForm ? `${folded.slice(0, 6)}19${folded.slice(6)}` : folded.slice(0, 17);
  if (!areas.has(body.slice(0, 2))) return 'persons.id-number-area';
  const bornOn = calendarDay(
    Number(body.slice(6, 10)),
    Number(body.slice(10, 12)),
    Number(body.slice(12, 14)),
  );
  if (bornOn === null || bornOn > today) return 'persons.id-number-date';
  const number = body + checkDigit(body);
  if (!isOldForm && number !== folded) return 'persons.id-number-check';
  return { number, bornOn, sex: Number(body[16]) % 2 === 1 ? 'm' : 'f' };
}

/** The check character of the first seventeen digits. */
export function checkDigit(body: string): string {
  let sum = 0;
  for (let index = 0; index < 17; index++) {
    sum += (body.charCodeAt(index) - 48) * (weights[index] ?? 0);
  }
  return checkCharacters[sum % 11] ?? '';
}
