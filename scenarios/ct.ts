import type { Random } from '../kernel/random.ts';

/** The course of one infection as cycle thresholds: low means much virus. */
export interface Course {
  /** Cycle threshold of a single swab when found, at the peak, and when it counts as negative. */
  readonly ctFound: number;
  readonly ctPeak: number;
  /** Days from being found to the peak and to a threshold of `ctNegative`. */
  readonly peakAfterDays: number;
  readonly negativeAfterDays: number;
}

/** Numbers of `drawCourse` and `ctOf`; cycles and days. */
export interface CoursePolicy {
  readonly ctPeakMean: number;
  readonly ctPeakSpread: number;
  readonly ctPeakMin: number;
  readonly ctFoundMax: number;
  readonly ctNegative: number;
  readonly ctDetectable: number;
  readonly peakAfterDaysMean: number;
  readonly negativeAfterDaysMedian: number;
  readonly negativeAfterDaysSpread: number;
}

/** Draws a course: a peak, how far it still is from it when found, and how long it lasts. */
export function drawCourse(random: Random, policy: CoursePolicy): Course {
  const ctPeak = Math.max(
    policy.ctPeakMin,
    policy.ctPeakMean + policy.ctPeakSpread * random.normal(),
  );
  const peakAfterDays = policy.peakAfterDaysMean * 2 * random.unit();
  // About two cycles a day on the way up; nobody is found who is not yet detectable in a pool.
  const ctFound = Math.min(policy.ctFoundMax, ctPeak + 2 * peakAfterDays + random.unit());
  const spread = Math.exp(policy.negativeAfterDaysSpread * random.normal());
  const negativeAfterDays = policy.negativeAfterDaysMedian * spread;
  return {
    ctFound,
    ctPeak: Math.min(ctPeak, ctFound),
    peakAfterDays,
    negativeAfterDays: Math.min(30, Math.max(peakAfterDays + 1.5, negativeAfterDays)),
  };
}

/**
 * Cycle threshold of a single swab at a time after the start of the day on which the infection
 * was found: straight down to the peak, straight up to the negative threshold and on. Null
 * before, since the daily tests before found nothing, and when too little is left to detect.
 */
export function ctOf(course: Course, days: number, policy: CoursePolicy): number | null {
  if (days < 0) return null;
  const { ctFound, ctPeak, peakAfterDays, negativeAfterDays } = course;
  let ct: number;
  if (days < peakAfterDays) ct = ctFound + ((ctPeak - ctFound) * days) / peakAfterDays;
  else {
    const slope = (policy.ctNegative - ctPeak) / (negativeAfterDays - peakAfterDays);
    const since = days - negativeAfterDays;
    // Past the threshold the rest goes at a cycle a day or faster.
    ct = policy.ctNegative + since * (since > 0 ? Math.max(1, slope) : slope);
  }
  return ct > policy.ctDetectable ? null : ct;
}

/**
 * Cycle threshold of a tube with several swabs: the amounts of virus are averaged, so one
 * positive swab among ten shows log2(10) = 3.3 cycles later. Null when no swab has any.
 */
export function ctOfPool(ctBySwab: readonly (number | null)[]): number | null {
  let amount = 0;
  for (const ct of ctBySwab) if (ct !== null) amount += 2 ** -ct;
  return amount === 0 ? null : -Math.log2(amount / ctBySwab.length);
}
