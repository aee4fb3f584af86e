import type { LinkFigures } from '../api/types.ts';

/** The narrowest band that still reads as a band, as a share of the road's height. */
const narrowest = 0.05;
/** The widest: leaves air above and below. */
const widest = 0.72;

/**
 * Width of a band for what has passed. Links count from hundreds of patients to millions of
 * people, so it grows with the logarithm; the exact number stands on the band.
 */
export function bandWidth(passed: number, most: number, height: number): number {
  if (passed <= 0) return height * 0.02;
  const share = Math.log1p(passed) / Math.log1p(Math.max(passed, most));
  return height * (narrowest + (widest - narrowest) * share * share);
}

/** Levels of a station from 0 to 1: what waits, and what of it is overdue. */
export function levels(figures: LinkFigures): { waiting: number; overdue: number } {
  const { waiting, overdue, passed, limit } = figures;
  const whole = typeof limit === 'number' && limit > 0 ? limit : waiting + passed;
  if (waiting <= 0 || whole <= 0) return { waiting: 0, overdue: 0 };
  const level = Math.min(1, Math.max(0.04, waiting / whole));
  const late = overdue <= 0 ? 0 : Math.max(0.04, level * Math.min(1, overdue / waiting));
  return { waiting: level, overdue: Math.min(level, late) };
}
