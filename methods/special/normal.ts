import { assert } from '../../kernel/assert.ts';
import { upperGamma } from './incomplete-gamma.ts';

/** Wichura's rational approximations (AS 241, PPND16): numerators and denominators. */
const centre = {
  above: [
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946,
    1971.5909503065513, 133.14166789178438, 3.3871328727963665,
  ],
  below: [
    5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751,
    687.1870074920579, 42.31333070160091, 1,
  ],
};
const shoulder = {
  above: [
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684,
    3.6478483247632045, 5.769497221460691, 4.630337846156546, 1.4234371107496835,
  ],
  below: [
    1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008,
    0.6897673349851, 1.6763848301838038, 2.053191626637759, 1,
  ],
};
const tail = {
  above: [
    2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124,
    0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ],
  below: [
    2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133,
    0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1,
  ],
};

/**
 * Quantile of the standard normal distribution.
 *
 * Method    three rational approximations of degree 7
 * Input     probability  scalar  0 .. 1
 * Output    z; -Infinity at 0 and Infinity at 1
 * Refuses   nothing
 * Asserts   probability within 0 .. 1
 * Numerics  relative error about 1e-16
 * Cost      constant
 * Source    Wichura 1988, Algorithm AS 241, doi:10.2307/2347330
 * Evidence  methods/special/normal.test.ts
 */
export function normalQuantile(probability: number): number {
  assert(probability >= 0 && probability <= 1, 'a probability lies between 0 and 1');
  const q = probability - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(centre, 0.180625 - q * q);
  const smaller = q < 0 ? probability : 1 - probability;
  if (smaller === 0) return q < 0 ? -Infinity : Infinity;
  const r = Math.sqrt(-Math.log(smaller));
  const z = r <= 5 ? ratio(shoulder, r - 1.6) : ratio(tail, r - 5);
  return q < 0 ? -z : z;
}

/**
 * Distribution function of the standard normal.
 *
 * Method    half the upper incomplete gamma function of 1/2 at z squared over 2
 * Input     z  scalar
 * Output    a probability, 0 .. 1
 * Numerics  relative error about 1e-14 on the left, absolute 1e-16 on the right
 * Cost      some tens of terms
 * Source    DLMF 7.11.2
 * Evidence  methods/special/normal.test.ts
 */
export function normalCdf(z: number): number {
  const half = upperGamma(0.5, (z * z) / 2) / 2;
  return z < 0 ? half : 1 - half;
}

function ratio(
  { above, below }: { above: readonly number[]; below: readonly number[] },
  r: number,
): number {
  let top = 0;
  for (const coefficient of above) top = top * r + coefficient;
  let bottom = 0;
  for (const coefficient of below) bottom = bottom * r + coefficient;
  return top / bottom;
}
