import { assert } from '../../kernel/assert.ts';
import { infectiousness } from './reproduction.ts';

/** What the scatter of counts is judged from. */
export interface DispersionInput {
  readonly incidence: ArrayLike<number>;
  /** Part of the incidence that was infected elsewhere; nothing by default. */
  readonly imported?: ArrayLike<number>;
  readonly interval: ArrayLike<number>;
  /** Days within which the reproduction number is taken as constant; 7 by default. */
  readonly blockDays?: number;
}

/**
 * How much more than chance the daily infections scatter about what the renewal equation expects.
 *
 * Method    Pearson's statistic over blocks of days, each with its own reproduction number, divided
 *           by its degrees of freedom. When each infected person's number of infections is negative
 *           binomial with clustering k, it estimates 1 + R / k, whatever the size of the epidemic
 * Input     incidence  [days]  new infections by day, persons/day, >= 0, oldest first
 *           imported   [days]  of these infected elsewhere, persons/day, <= incidence
 *           interval   [lags]  serial interval from lag 0, which is 0
 *           blockDays  scalar  >= 2
 * Output    multiple of the Poisson variance, 1 or more; 1 also when nothing can be judged
 * Refuses   nothing
 * Asserts   equal lengths, blockDays >= 2
 * Numerics  expectations below a hundredth are passed over: their share would be a ratio of noughts
 * Cost      O(days x lags)
 * Source    McCullagh and Nelder 1989, ch. 9; Lloyd-Smith et al. 2005, doi:10.1038/nature04153
 * Evidence  test/evidence/renewal.test.ts: coverage under superspreading, with and without
 */
export function dispersionOf(input: DispersionInput): number {
  const { incidence, imported, interval, blockDays = 7 } = input;
  const days = incidence.length;
  assert(imported === undefined || imported.length === days, 'both series have the same days');
  assert(blockDays >= 2, 'within a block days are compared with each other');
  const pressure = infectiousness(incidence, interval);
  const localOn = (day: number): number => (incidence[day] ?? 0) - (imported?.[day] ?? 0);
  let [squares, freedom] = [0, 0];
  // From the end backwards, so that the last days, which matter most, lie in a whole block.
  for (let to = days; to - blockDays >= 1; to -= blockDays) {
    let [cases, force] = [0, 0];
    for (let day = to - blockDays; day < to; day++) {
      cases += localOn(day);
      force += pressure[day] ?? 0;
    }
    if (cases === 0 || force <= 0) continue;
    let used = 0;
    for (let day = to - blockDays; day < to; day++) {
      const expected = (cases / force) * (pressure[day] ?? 0);
      if (expected < 0.01) continue;
      squares += (localOn(day) - expected) ** 2 / expected;
      used += 1;
    }
    freedom += Math.max(0, used - 1);
  }
  return freedom === 0 ? 1 : Math.max(1, squares / freedom);
}
