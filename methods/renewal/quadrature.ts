import { assert } from '../../kernel/assert.ts';

/**
 * Points and weights of Gauss and Legendre's rule on -1 .. 1.
 *
 * Method    zeros of the Legendre polynomial by Newton's steps from the cosine approximation
 * Input     size  scalar  number of points, >= 1
 * Output    [size] points, ascending, with weights that sum to 2
 * Asserts   size a whole number >= 1
 * Numerics  about 1e-15; exact for polynomials of degree 2 size - 1
 * Cost      O(size^2)
 * Source    Abramowitz and Stegun 1964, 25.4.29 and table 25.4
 * Evidence  methods/renewal/uncertain.test.ts
 */
export function gaussLegendre(size: number): { at: number; weight: number }[] {
  assert(Number.isInteger(size) && size >= 1, 'a rule has at least one point');
  const points: { at: number; weight: number }[] = [];
  for (let index = size - 1; index >= 0; index--) {
    let at = Math.cos((Math.PI * (index + 0.75)) / (size + 0.5));
    let slope = 1;
    for (let step = 0; step < 50; step++) {
      const [value, before] = legendre(size, at);
      slope = (size * (at * value - before)) / (at * at - 1);
      const change = value / slope;
      at -= change;
      if (Math.abs(change) < 1e-16) break;
    }
    points.push({ at, weight: 2 / ((1 - at * at) * slope * slope) });
  }
  return points;
}

/** The Legendre polynomials of a degree and of the one before it. */
function legendre(degree: number, x: number): [value: number, before: number] {
  let [before, value] = [0, 1];
  for (let n = 1; n <= degree; n++) {
    [before, value] = [value, ((2 * n - 1) * x * value - (n - 1) * before) / n];
  }
  return [value, before];
}
