import { gammaQuantile } from '../special/gamma-quantile.ts';

/** Beyond this many shapes the table begins anew: 100,000 hold about 15 MB. */
const shapesMax = 100_000;

/**
 * Quantiles of gammas with scale 1, worked out once for each shape. Posteriors of small areas have
 * few shapes, prior shape plus a small count, so that thousands of series cost what one does.
 */
export class StandardQuantiles {
  readonly probabilities: readonly number[];
  readonly #known = new Map<number, Float64Array>();

  constructor(probabilities: readonly number[]) {
    this.probabilities = probabilities;
  }

  /** The quantiles at the probabilities, in their order. */
  of(shape: number): Float64Array {
    const known = this.#known.get(shape);
    if (known !== undefined) return known;
    const made = new Float64Array(this.probabilities.length);
    for (let index = 0; index < made.length; index++) {
      made[index] = gammaQuantile(shape, this.probabilities[index] ?? 0);
    }
    if (this.#known.size >= shapesMax) this.#known.clear();
    this.#known.set(shape, made);
    return made;
  }
}
