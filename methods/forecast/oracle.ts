/**
 * The renewal equation without chance: what is expected day by day.
 *
 * Method    each new day is R times the past weighted by the interval, and joins the past
 * Input     past      [days]  events/day, oldest first
 *           interval  [lags]  probabilities, lag 0 first
 *           horizonDays   scalar  days ahead
 *           reproduction  R of each day ahead, from 1
 * Output    [horizonDays] events/day
 * Source    Fraser 2007, PLoS One 2(8):e758
 * Evidence  methods/forecast/forecast.test.ts
 */
export function carriedOn({
  past,
  interval,
  horizonDays,
  reproduction,
}: {
  past: readonly number[];
  interval: readonly number[];
  horizonDays: number;
  reproduction: (ahead: number) => number;
}): number[] {
  const all = [...past];
  for (let ahead = 1; ahead <= horizonDays; ahead++) {
    const force = interval.reduce(
      (sum, share, lag) => sum + share * (lag === 0 ? 0 : (all[all.length - lag] ?? 0)),
      0,
    );
    all.push(reproduction(ahead) * force);
  }
  return all.slice(past.length);
}
