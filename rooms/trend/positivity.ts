import type { Instant } from '../../kernel/instant.ts';

/** What one release told of the tubes of one round. */
export interface RoundResults {
  readonly round: string;
  readonly at: Instant;
  readonly tubes: number;
  readonly persons: number;
  readonly positive: number;
  readonly grey: number;
  readonly invalid: number;
}

/** Positivity of one round: of its tubes, and what that says of its people. */
export interface RoundPositivity {
  readonly round: string;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
  readonly tubes: number;
  readonly persons: number;
  readonly positive: number;
  readonly grey: number;
  readonly invalid: number;
  /** Infected among 100,000 people sampled, by the share of tubes that were positive. */
  readonly per100k: number | null;
  readonly per100kLow: number | null;
  readonly per100kHigh: number | null;
}

/** 97.5th percentile of the standard normal distribution. */
const z = 1.959963984540054;

/**
 * Positivity by round, the earliest first. The share of people is worked back from that of tubes
 * of their mean size (Dorfman 1943), with Wilson's interval of the share of tubes (Wilson 1927).
 * It takes people as mixed at random: households in one tube make it an underestimate.
 */
export function positivityByRound(results: readonly RoundResults[]): RoundPositivity[] {
  const byRound = Map.groupBy(results, ({ round }) => round);
  const rows = [...byRound].map(([round, parts]): RoundPositivity => {
    const sum = (of: (part: RoundResults) => number): number =>
      parts.reduce((total, part) => total + of(part), 0);
    const tubes = sum((part) => part.tubes);
    const positive = sum((part) => part.positive);
    const persons = sum((part) => part.persons);
    const read = tubes - sum((part) => part.invalid);
    const moments = parts.map(({ at }) => at);
    return {
      round,
      firstAt: Math.min(...moments) as Instant,
      lastAt: Math.max(...moments) as Instant,
      tubes,
      persons,
      positive,
      grey: sum((part) => part.grey),
      invalid: sum((part) => part.invalid),
      ...shareOfPeople(positive, read, tubes === 0 ? 0 : persons / tubes),
    };
  });
  return rows.sort((left, right) => left.firstAt - right.firstAt);
}

function shareOfPeople(
  positive: number,
  read: number,
  poolSize: number,
): Pick<RoundPositivity, 'per100k' | 'per100kLow' | 'per100kHigh'> {
  if (read <= 0 || poolSize <= 0) return { per100k: null, per100kLow: null, per100kHigh: null };
  const share = positive / read;
  const centre = (share + (z * z) / (2 * read)) / (1 + (z * z) / read);
  const half =
    (z * Math.sqrt((share * (1 - share)) / read + (z * z) / (4 * read * read))) /
    (1 + (z * z) / read);
  const people = (tubes: number): number =>
    1e5 * (1 - (1 - Math.min(1, Math.max(0, tubes))) ** (1 / poolSize));
  return {
    per100k: people(share),
    per100kLow: positive === 0 ? 0 : people(centre - half),
    per100kHigh: people(centre + half),
  };
}
