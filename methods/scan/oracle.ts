import type { ScanInput } from './scan.ts';

/** The best cylinder, found by looking at every set of places within a distance. */
export interface OracleCluster {
  readonly members: readonly number[];
  readonly firstDay: number;
  readonly lastDay: number;
  readonly observed: number;
  readonly expected: number;
  readonly ratio: number;
}

/**
 * The largest likelihood ratio, the slow way.
 *
 * Method    for every centre, every other place as the rim and every window: sets by comparing
 *           distances, sums cell by cell, the ratio as Kulldorff writes it
 * Input     as scanClusters; [places x days] and [places]
 * Output    the best cylinder, or null
 * Source    Kulldorff 1997, Commun Stat Theory Methods 26(6):1481-1496
 * Evidence  methods/scan/scan.test.ts
 */
export function bestCylinder(input: Omit<ScanInput, 'random'>): OracleCluster | null {
  const { counts, baseline, x, y, days } = input;
  const places = x.length;
  const cells = Array.from({ length: places * days }, (_, cell) => cell);
  const total = cells.reduce((sum, cell) => sum + (counts[cell] ?? 0), 0);
  const mass = cells.reduce((sum, cell) => sum + (baseline[cell] ?? 0), 0);
  let best: OracleCluster | null = null;
  for (let centre = 0; centre < places; centre++) {
    const far = (place: number): number =>
      Math.hypot((x[place] ?? 0) - (x[centre] ?? 0), (y[place] ?? 0) - (y[centre] ?? 0));
    for (let rim = 0; rim < places; rim++) {
      const members = Array.from({ length: places }, (_, place) => place).filter(
        (place) => far(place) <= far(rim),
      );
      const held = members.flatMap((place) =>
        Array.from({ length: days }, (_, day) => baseline[place * days + day] ?? 0),
      );
      const share = held.reduce((sum, each) => sum + each, 0) / mass;
      if (share > input.shareMax && members.length > 1) continue;
      for (let firstDay = 0; firstDay < days; firstDay++) {
        for (let lastDay = firstDay; lastDay < days; lastDay++) {
          if (lastDay - firstDay + 1 > input.windowDaysMax) continue;
          if (input.alive && lastDay !== days - 1) continue;
          const inside = members.flatMap((place) =>
            Array.from({ length: lastDay - firstDay + 1 }, (_, ahead) => {
              const cell = place * days + firstDay + ahead;
              return [counts[cell] ?? 0, ((baseline[cell] ?? 0) * total) / mass] as const;
            }),
          );
          const observed = inside.reduce((sum, [count]) => sum + count, 0);
          const expected = inside.reduce((sum, [, each]) => sum + each, 0);
          const ratio = ratioOf({ observed, expected, total });
          if (best !== null && ratio <= best.ratio + 1e-12) continue;
          if (ratio > 0) best = { members, firstDay, lastDay, observed, expected, ratio };
        }
      }
    }
  }
  return best;
}

function ratioOf({
  observed: c,
  expected: e,
  total: n,
}: {
  observed: number;
  expected: number;
  total: number;
}): number {
  if (c <= e) return 0;
  const outside = n - c === 0 ? 0 : (n - c) * Math.log((n - c) / (n - e));
  return c * Math.log(c / e) + outside;
}
