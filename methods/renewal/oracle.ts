import { gammaQuantile } from '../special/gamma-quantile.ts';
import { lowerGamma } from '../special/incomplete-gamma.ts';

/** The posterior, each sum written out as the paper has it; indices from 1 as there. */
export function slowPosterior(input: {
  readonly incidence: readonly number[];
  readonly imported: readonly number[];
  readonly interval: readonly number[];
  readonly from: number;
  readonly to: number;
  readonly prior: { readonly shape: number; readonly scale: number };
}): { shape: number; scale: number; quantile: (probability: number) => number } {
  const { incidence, imported, interval, from, to, prior } = input;
  let shape = prior.shape;
  let rate = 1 / prior.scale;
  for (let day = from; day <= to; day++) {
    shape += (incidence[day - 1] ?? 0) - (imported[day - 1] ?? 0);
    for (let lag = 0; lag < day; lag++) {
      rate += (interval[lag] ?? 0) * (incidence[day - lag - 1] ?? 0);
    }
  }
  const quantile = (probability: number): number => gammaQuantile(shape, probability) / rate;
  return { shape, scale: 1 / rate, quantile };
}

/** Probability of a lag by adding up the triangle of its two days in thin slices. */
export function slowInterval(lag: number, meanDays: number, sdDays: number): number {
  const shape = ((meanDays - 1) / sdDays) ** 2;
  const scale = sdDays ** 2 / (meanDays - 1);
  const slices = 4_000;
  const upTo = (x: number): number => (x <= 1 ? 0 : lowerGamma(shape, (x - 1) / scale));
  let sum = 0;
  for (let slice = 0; slice < 2 * slices; slice++) {
    const from = lag - 1 + slice / slices;
    const weight = 1 - Math.abs(from + 0.5 / slices - lag);
    sum += weight * (upTo(from + 1 / slices) - upTo(from));
  }
  return sum;
}
