import { assert } from '../../kernel/assert.ts';

/** Where a search ended. */
export interface Minimum {
  readonly at: readonly number[];
  readonly value: number;
  /** Whether the search closed in, or only ran out of steps. */
  readonly isSettled: boolean;
}

/**
 * Minimum of a function of a few numbers.
 *
 * Method    Nelder and Mead's simplex, begun anew where it ended until that gains nothing
 * Input     f     function  of [parameters], smaller better; Infinity where it is not defined
 *           from  [parameters]  start, dimensionless, where f is finite
 *           step  scalar        first step along each axis
 * Output    the place, the value, and whether it settled
 * Asserts   f is finite at the start
 * Numerics  values agree to 1e-12; places to about 1e-6
 * Cost      about 100 to 200 evaluations for two parameters
 * Source    Nelder and Mead 1965, doi:10.1093/comjnl/7.4.308
 * Evidence  methods/delay/simplex.test.ts
 */
export function minimise(
  f: (at: readonly number[]) => number,
  from: readonly number[],
  step = 0.2,
): Minimum {
  let best: Minimum = { at: from, value: f(from), isSettled: false };
  assert(Number.isFinite(best.value), 'a search begins where the function is defined');
  for (let turn = 0; turn < 6; turn++) {
    const found = descend(f, best.at, turn === 0 ? step : step / 4);
    const gained = best.value - found.value;
    best = found.value <= best.value ? found : best;
    if (turn > 0 && gained < 1e-11 * (1 + Math.abs(best.value))) break;
  }
  return best;
}

interface Corner {
  readonly at: readonly number[];
  readonly value: number;
}

const stepsMax = 2_000;

function descend(
  f: (at: readonly number[]) => number,
  from: readonly number[],
  step: number,
): Minimum {
  const measured = (at: readonly number[]): Corner => ({ at, value: f(at) });
  const corners = [
    measured(from),
    ...from.map((_, axis) => measured(from.map((x, each) => (each === axis ? x + step : x)))),
  ];
  for (let turn = 0; turn < stepsMax; turn++) {
    corners.sort((one, other) => one.value - other.value);
    const [best, worst, second] = [corners[0], corners.at(-1), corners.at(-2)];
    assert(best !== undefined && worst !== undefined && second !== undefined, 'it has corners');
    if (isClose(corners, best)) return { ...best, isSettled: true };
    const others = corners.slice(0, -1);
    const centre = from.map(
      (_, axis) => others.reduce((sum, { at }) => sum + (at[axis] ?? 0), 0) / others.length,
    );
    const along = (share: number): Corner =>
      measured(centre.map((x, axis) => x + share * ((worst.at[axis] ?? 0) - x)));
    const mirrored = along(-1);
    if (mirrored.value < best.value) {
      const further = along(-2);
      corners[corners.length - 1] = further.value < mirrored.value ? further : mirrored;
    } else if (mirrored.value < second.value) {
      corners[corners.length - 1] = mirrored;
    } else {
      const nearer = along(mirrored.value < worst.value ? -0.5 : 0.5);
      if (nearer.value < Math.min(mirrored.value, worst.value)) {
        corners[corners.length - 1] = nearer;
        continue;
      }
      for (let index = 1; index < corners.length; index++) {
        const { at } = corners[index] ?? best;
        corners[index] = measured(at.map((x, axis) => (x + (best.at[axis] ?? 0)) / 2));
      }
    }
  }
  corners.sort((one, other) => one.value - other.value);
  return { ...(corners[0] ?? measured(from)), isSettled: false };
}

function isClose(corners: readonly Corner[], best: Corner): boolean {
  return corners.every(
    ({ at, value }) =>
      Math.abs(value - best.value) <= 1e-12 * (1 + Math.abs(best.value)) &&
      at.every((x, axis) => Math.abs(x - (best.at[axis] ?? 0)) <= 1e-7 * (1 + Math.abs(x))),
  );
}
