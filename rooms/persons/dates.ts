import { addDays, type Day } from '../../kernel/day.ts';

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/**
 * The calendar day of a year, month and day of month; null when there is no such day.
 *
 * Arithmetic and not `Date`: an import asks twice a row, a million times.
 */
export function calendarDay(year: number, month: number, dayOfMonth: number): Day | null {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || dayOfMonth < 1) return null;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const last = month === 2 && isLeap ? 29 : (monthDays[month - 1] ?? 0);
  if (dayOfMonth > last) return null;
  const yearText = String(year).padStart(4, '0');
  const monthText = month < 10 ? `0${month}` : String(month);
  const dayText = dayOfMonth < 10 ? `0${dayOfMonth}` : String(dayOfMonth);
  return `${yearText}-${monthText}-${dayText}` as Day;
}

/** Serial number of 1970-01-01 in a spreadsheet that counts from 1900. */
const serialOf1970 = 25_569;

/** Days by which a workbook that counts from 1904 (older Macintosh files) is behind. */
const daysFrom1900To1904 = 1_462;

/**
 * The day that a spreadsheet keeps as a serial number; null outside 1900-03-01 to 9999-12-31.
 *
 * Earlier serials are not read: Excel counts a 29 February 1900 that did not exist
 * (ECMA-376 part 1, 18.17.4.1), so below 61 two programs disagree on the day.
 */
export function dayOfSerial(serial: number, from1904: boolean): Day | null {
  const days = Math.floor(serial) + (from1904 ? daysFrom1900To1904 : 0);
  if (!(days >= 61 && days <= 2_958_465)) return null;
  return addDays('1970-01-01' as Day, days - serialOf1970);
}
