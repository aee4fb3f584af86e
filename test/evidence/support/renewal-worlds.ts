import { Random } from '../../../kernel/random.ts';
import { drawNegativeBinomial, drawPoisson } from '../../../methods/chance/chance.ts';
import { delayQuantile, type DelayDistribution } from '../../../methods/delay/distribution.ts';
import type { DelayObservation } from '../../../methods/delay/fit.ts';
import { intervalOfMoments } from '../../../methods/renewal/serial-interval.ts';

/** An epidemic whose reproduction number is known on every day. */
export interface RenewalWorld {
  readonly incidence: readonly number[];
  readonly imported: readonly number[];
  readonly interval: Float64Array;
  /** [days] the number with which each day's local infections were drawn. */
  readonly truth: readonly number[];
}

const days = 60;

/**
 * A renewal process: R wanders about 1 and in half of the worlds falls at once, as under a
 * lockdown; a few infections are brought in. Ended and exploding epidemics are drawn again. With a
 * clustering k of a person's infections few people cause most of them; Infinity for Poisson.
 */
export function renewalWorld(seed: number, clustering = Infinity): RenewalWorld {
  const random = new Random(seed);
  for (;;) {
    const interval = intervalOfMoments(
      { meanDays: 2.5 + 4 * random.unit(), sdDays: 1 + 2 * random.unit() },
      days,
    );
    const step = 0.06 * random.unit();
    const fallsOn = random.chance(0.5) ? random.between(20, 50) : Infinity;
    const truth: number[] = [];
    const imported: number[] = [];
    const incidence: number[] = [];
    let level = Math.log(0.9 + 0.9 * random.unit());
    for (let day = 0; day < days; day++) {
      level += step * random.normal();
      if (day === fallsOn) level -= 0.5 + 0.5 * random.unit();
      const reproduction = Math.exp(level);
      let force = 0;
      for (let lag = 1; lag <= day; lag++) {
        force += (interval[lag] ?? 0) * (incidence[day - lag] ?? 0);
      }
      const fromElsewhere = day === 0 ? random.between(5, 40) : drawPoisson(random, 0.3);
      truth.push(reproduction);
      imported.push(fromElsewhere);
      const local =
        clustering === Infinity || force === 0
          ? drawPoisson(random, reproduction * force)
          : drawNegativeBinomial(random, reproduction * force, clustering * force);
      incidence.push(fromElsewhere + local);
    }
    const total = incidence.reduce((sum, count) => sum + count, 0);
    if (total > 150 && total < 1e6) return { incidence, imported, interval, truth };
  }
}

/** What a window estimates: the truth of its days, weighted by their infectiousness. */
export function truthOnWindow(
  { incidence, interval, truth }: RenewalWorld,
  { tStart, tEnd }: { tStart: number; tEnd: number },
): number {
  let [weighted, total] = [0, 0];
  for (let day = tStart - 1; day < tEnd; day++) {
    let force = 0;
    for (let lag = 1; lag <= day; lag++) {
      force += (interval[lag] ?? 0) * (incidence[day - lag] ?? 0);
    }
    weighted += force * (truth[day] ?? 0);
    total += force;
  }
  return weighted / total;
}

/** Two weeks of counts about an exponential, some of them scattered more than chance alone does. */
export function growingWorld(seed: number): { counts: number[]; rate: number } {
  const random = new Random(seed);
  const rate = 0.3 * (2 * random.unit() - 1);
  const level = 10 + 90 * random.unit();
  const size = random.pick([Infinity, 20, 8]);
  const counts = Array.from({ length: 14 }, (_, day) =>
    drawNegativeBinomial(random, level * Math.exp(rate * (day - 7)), size),
  );
  return { counts, rate };
}

/** Delays known by their days, of which only those that had ended by day 30 are seen. */
export function delayedWorld(seed: number, truth: DelayDistribution): DelayObservation[] {
  const random = new Random(seed);
  const seenUntil = 30;
  const observations: DelayObservation[] = [];
  while (observations.length < 200) {
    const first = random.unit() * seenUntil;
    const second = first + delayQuantile(truth, random.unit());
    if (second >= seenUntil) continue;
    const [firstFrom, secondFrom] = [Math.floor(first), Math.floor(second)];
    observations.push({
      ...{ firstFrom, firstTo: firstFrom + 1, secondFrom, secondTo: secondFrom + 1, seenUntil },
    });
  }
  return observations;
}
