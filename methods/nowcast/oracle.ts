import type { ReportingTriangle } from './triangle.ts';

/**
 * The plain chain ladder: each day's reports, times how much such days still grew.
 *
 * Method    volume-weighted development factors from one delay to the next
 * Input     triangle  [days x (delayMax + 1)]  reports, counts
 * Output    totals [days] expected once all reports are in, and shares [days] reported by now
 * Source    Mack 1993, ASTIN Bull 23(2):213-225
 * Evidence  methods/nowcast/nowcast.test.ts
 */
export function chainLadder({ days, delayMax, counts }: ReportingTriangle): {
  totals: number[];
  shares: number[];
} {
  const upTo = (day: number, delay: number): number => {
    let sum = 0;
    for (let each = 0; each <= delay; each++) sum += counts[day * (delayMax + 1) + each] ?? 0;
    return sum;
  };
  const factors = Array.from({ length: delayMax + 1 }, (_, delay) => {
    if (delay === 0) return 1;
    let before = 0;
    let after = 0;
    for (let day = 0; day + delay < days; day++) {
      before += upTo(day, delay - 1);
      after += upTo(day, delay);
    }
    return before > 0 ? after / before : 1;
  });
  const shares = Array.from({ length: days }, (_, day) => {
    const known = Math.min(delayMax, days - 1 - day);
    return 1 / factors.slice(known + 1).reduce((product, factor) => product * factor, 1);
  });
  const totals = shares.map((share, day) => upTo(day, Math.min(delayMax, days - 1 - day)) / share);
  return { totals, shares };
}
