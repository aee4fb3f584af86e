/** Every circle about a place, over every window of days, in one fixed order. */
export interface Cylinders {
  readonly places: number;
  readonly days: number;
  /** Windows of days for each circle. */
  readonly windows: number;
  /** [windows] first and last day of each window, both included. */
  readonly firstDays: Int32Array;
  readonly lastDays: Int32Array;
  /** [places + 1] where each centre's members begin. */
  readonly starts: Int32Array;
  /** [members] places by distance from their centre. */
  readonly members: Int32Array;
  /** [members] distance from the centre. */
  readonly radii: Float64Array;
  /** [members] 1 where a circle ends: not between places equally far. */
  readonly ends: Uint8Array;
  /** Circles times windows. */
  readonly size: number;
  /** [size] expected inside, and logarithms of what is expected inside and outside. */
  readonly expected: Float64Array;
  readonly logInside: Float64Array;
  readonly logOutside: Float64Array;
  /** [size] the ratio is at most this times the square of what is above the expected. */
  readonly bound: Float64Array;
}

interface Shape {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly days: number;
  readonly windowDaysMax: number;
  readonly alive: boolean;
  readonly shareMax: number;
}

/**
 * The circles and windows that a scan compares, and what is expected in each.
 *
 * Method    places by distance from each centre until the circle holds the largest share; windows
 *           of every length up to the longest, ending on the last day or anywhere
 * Input     x, y      [places]         position, any unit
 *           expected  [places x days]  expected events, place by place
 *           total     scalar           sum of the expected
 *           days, windowDaysMax, alive, shareMax  scalars
 * Output    members of circles and expected counts of cylinders, in the order of the scan
 * Refuses   nothing; a place that alone holds more than the share is still a circle
 * Asserts   nothing
 * Numerics  expected counts by sums over prefixes
 * Cost      O(places^2 log places) and memory of four doubles a cylinder
 * Source    Kulldorff 2001, J R Stat Soc A 164(1):61-72
 * Evidence  methods/scan/scan.test.ts
 */
export function makeCylinders(shape: Shape, expected: Float64Array, total: number): Cylinders {
  const places = shape.x.length;
  const { days } = shape;
  const { firstDays, lastDays } = windowsOf(shape);
  const circles = circlesOf(shape, expected, total);
  const windows = firstDays.length;
  let count = 0;
  for (const end of circles.ends) count += end;
  const size = count * windows;
  const inside = new Float64Array(size);
  const sums = new Float64Array(windows);
  let cylinder = 0;
  for (let centre = 0; centre < places; centre++) {
    sums.fill(0);
    const stop = circles.starts[centre + 1] as number;
    for (let at = circles.starts[centre] as number; at < stop; at++) {
      const row = (circles.members[at] as number) * days;
      for (let window = 0; window < windows; window++) {
        let part = 0;
        for (let day = firstDays[window] as number; day <= (lastDays[window] as number); day++) {
          part += expected[row + day] as number;
        }
        sums[window] = (sums[window] as number) + part;
      }
      if (circles.ends[at] === 0) continue;
      inside.set(sums, cylinder);
      cylinder += windows;
    }
  }
  const logInside = inside.map((mass) => (mass > 0 ? Math.log(mass) : 0));
  const logOutside = inside.map((mass) => (mass < total ? Math.log(total - mass) : 0));
  // (1 + u) log(1 + u) - u is at most u^2 / 2 for u > 0 and at most u^2 for -1 <= u <= 0.
  const bound = inside.map((mass) => 1 / (2 * mass) + 1 / (total - mass));
  const logs = { expected: inside, logInside, logOutside, bound };
  return { places, days, windows, firstDays, lastDays, ...circles, size, ...logs };
}

function windowsOf({ days, windowDaysMax, alive }: Shape): {
  firstDays: Int32Array;
  lastDays: Int32Array;
} {
  const first: number[] = [];
  const last: number[] = [];
  for (let end = alive ? days - 1 : 0; end < days; end++) {
    for (let length = 1; length <= Math.min(windowDaysMax, end + 1); length++) {
      first.push(end - length + 1);
      last.push(end);
    }
  }
  return { firstDays: Int32Array.from(first), lastDays: Int32Array.from(last) };
}

function circlesOf(
  { x, y, days, shareMax }: Shape,
  expected: Float64Array,
  total: number,
): Pick<Cylinders, 'starts' | 'members' | 'radii' | 'ends'> {
  const places = x.length;
  const mass = new Float64Array(places);
  for (let cell = 0; cell < expected.length; cell++) {
    const place = Math.floor(cell / days);
    mass[place] = (mass[place] as number) + (expected[cell] as number);
  }
  const starts = new Int32Array(places + 1);
  const members: number[] = [];
  const radii: number[] = [];
  const ends: number[] = [];
  const order = Int32Array.from({ length: places }, (_, place) => place);
  const distance = new Float64Array(places);
  for (let centre = 0; centre < places; centre++) {
    for (let place = 0; place < places; place++) {
      distance[place] = Math.hypot(
        (x[place] as number) - (x[centre] as number),
        (y[place] as number) - (y[centre] as number),
      );
    }
    const near = order.toSorted(
      (one, other) => (distance[one] as number) - (distance[other] as number) || one - other,
    );
    let held = 0;
    for (let rank = 0; rank < places; rank++) {
      const place = near[rank] as number;
      held += mass[place] as number;
      if (rank > 0 && held > shareMax * total) break;
      const next = near[rank + 1];
      const radius = distance[place] as number;
      const isLast = next === undefined || (distance[next] as number) > radius;
      members.push(place);
      radii.push(radius);
      ends.push(isLast ? 1 : 0);
    }
    starts[centre + 1] = members.length;
  }
  return {
    starts,
    members: Int32Array.from(members),
    radii: Float64Array.from(radii),
    ends: Uint8Array.from(ends),
  };
}
