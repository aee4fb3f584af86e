type Polynomial = readonly number[];

/** Terms beyond the normal quantile itself. */
const termCount = 14;

/**
 * Quantile of a gamma distribution with scale 1 from that of the normal, for great shapes.
 *
 * Method    Cornish and Fisher's expansion in powers of 1 / sqrt(shape). Its polynomials are
 *           worked out when the program starts, from the differential equation that every quantile
 *           obeys: of y = (x - a) / sqrt(a), with e = 1 / sqrt(a), it is
 *           y'' (1 + e y) = y' (-z (1 + e y) + (y + e) y')
 * Input     shape  scalar  >= 60
 *           z      scalar  normal quantile, at most 3 in size (4 from shapes of 1,000 on)
 * Output    x with P(shape, x) = Phi(z)
 * Numerics  relative error below 1e-14 within these limits
 * Cost      14 polynomials, about 60 products
 * Source    Cornish and Fisher 1938; the first terms are those of Goldberg and Levine 1946,
 *           Ann Math Stat 17(2):216-225
 * Evidence  methods/special/gamma-quantile.test.ts
 */
export function expandedQuantile(shape: number, z: number): number {
  const root = Math.sqrt(shape);
  const square = z * z;
  let sum = 0;
  // The greater the shape, the fewer terms are above rounding.
  const last = shape > 1_000 ? 9 : shape > 200 ? 11 : termCount;
  for (let order = last; order >= 0; order--) {
    const polynomial = polynomials[order] ?? [];
    let value = 0;
    // Every second coefficient is nought: even and odd powers alternate from order to order.
    for (let power = polynomial.length - 1; power >= 0; power -= 2) {
      value = value * square + (polynomial[power] ?? 0);
    }
    sum = sum / root + (order % 2 === 0 ? value * z : value);
  }
  return shape + root * sum;
}

/** The polynomials in z of each power of e, the first of them z itself. */
const polynomials: readonly Polynomial[] = deriveAll();

function deriveAll(): Polynomial[] {
  const known: Polynomial[] = [[0, 1]];
  for (let order = 1; order <= termCount; order++) known.push(derive(known, order));
  return known;
}

/** The polynomial q of an order: q'' - z q' - q is what the lower orders leave over. */
function derive(known: readonly Polynomial[], order: number): Polynomial {
  const slopes = known.map(slope);
  const source = Array.from({ length: order + 3 }, () => 0);
  const add = (factor: number, ...parts: readonly (Polynomial | undefined)[]): void => {
    const product = parts.reduce<Polynomial>((all, part = []) => times(all, part), [factor]);
    product.forEach((value, power) => (source[power] = (source[power] ?? 0) + value));
  };
  for (let one = 0; one < order; one++) {
    const other = order - 1 - one;
    add(-1, slope(slopes[one] ?? []), known[other]);
    add(-1, [0, 1], slopes[one], known[other]);
    add(1, slopes[one], slopes[other]);
  }
  for (let one = 0; one < order; one++) {
    for (let two = 0; two < order; two++) {
      const three = order - one - two;
      if (three >= 0 && three < order) add(1, known[one], slopes[two], slopes[three]);
    }
  }
  const found = Array.from({ length: order + 2 }, () => 0);
  for (let power = order + 1; power >= 0; power--) {
    const above = (power + 2) * (power + 1) * (found[power + 2] ?? 0);
    found[power] = (above - (source[power] ?? 0)) / (power + 1);
  }
  return found;
}

function slope(polynomial: Polynomial): Polynomial {
  return polynomial.slice(1).map((value, index) => value * (index + 1));
}

function times(one: Polynomial, other: Polynomial): Polynomial {
  const product = Array.from({ length: Math.max(0, one.length + other.length - 1) }, () => 0);
  one.forEach((left, power) => {
    other.forEach((right, more) => {
      product[power + more] = (product[power + more] ?? 0) + left * right;
    });
  });
  return product;
}
