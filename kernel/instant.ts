/** A moment: milliseconds since 1970-01-01T00:00:00Z, as an integer. */
export type Instant = number & { readonly __brand: 'Instant' };

/** The last instant that a record may carry: the year 2200. Later is a clock gone wrong. */
export const instantMax = 7_258_118_400_000;

/** A span of time in milliseconds. */
export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

const isoInstant =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,3}))?(Z|[+-]\d{2}:\d{2})$/;

/** Reads an ISO 8601 instant with offset; null when it is malformed or names no real moment. */
export function parseInstant(text: string): Instant | null {
  const match = isoInstant.exec(text);
  if (match === null) return null;
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) return null;
  // Date.parse rolls 2022-02-30 over into March, so the calendar day is checked by itself.
  const [, year, month, day] = match;
  const calendar = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const shown = new Date(calendar).toISOString().slice(0, 10);
  return shown === text.slice(0, 10) ? (milliseconds as Instant) : null;
}

/** An integer of milliseconds as an instant. */
export function instant(milliseconds: number): Instant {
  return Math.round(milliseconds) as Instant;
}

/** ISO 8601 in UTC. */
export function formatInstant(at: Instant): string {
  return new Date(at).toISOString();
}
