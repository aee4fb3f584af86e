import { dayMs, type Instant, instant } from './instant.ts';

/** A calendar day, `YYYY-MM-DD`, without a time zone of its own. */
export type Day = string & { readonly __brand: 'Day' };

/** Reads `YYYY-MM-DD`; null when the text is malformed or the day does not exist. */
export function parseDay(text: string): Day | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const milliseconds = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(milliseconds)) return null;
  return new Date(milliseconds).toISOString().startsWith(text) ? (text as Day) : null;
}

/** The day on which an instant falls, at a fixed offset from UTC in minutes. */
export function dayOf(at: Instant, offsetMinutes: number): Day {
  return new Date(at + offsetMinutes * 60_000).toISOString().slice(0, 10) as Day;
}

/** The instant at which a day begins, at a fixed offset from UTC in minutes. */
export function startOfDay(day: Day, offsetMinutes: number): Instant {
  return instant(Date.parse(`${day}T00:00:00Z`) - offsetMinutes * 60_000);
}

/** The day `days` later; negative for earlier. */
export function addDays(day: Day, days: number): Day {
  const shifted = Date.parse(`${day}T00:00:00Z`) + days * dayMs;
  return new Date(shifted).toISOString().slice(0, 10) as Day;
}

/** Whole days from one day to another; negative when `to` is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs);
}
