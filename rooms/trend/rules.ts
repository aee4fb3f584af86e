import { type Static, Type } from 'typebox';

const runDays = Type.Integer({ minimum: 1, maximum: 60 });

/** Where a new positive was found: what decides whether it speaks of spread in the community. */
export const foundKinds = [
  'isolation',
  'lockdown',
  'control',
  'precaution',
  'screening',
  'self-presented',
  'closed-loop',
  'imported',
  'unknown',
] as const;

export type FoundKind = (typeof foundKinds)[number];

/**
 * The settings of this room. The bounds keep any two settings apart that would contradict each
 * other: every span that is looked back over is longer than the longest window and delay.
 */
export const policySchema = Type.Object(
  {
    utcOffsetMinutes: Type.Integer({ minimum: -840, maximum: 840 }),
    clear: Type.Object(
      {
        rule: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' }),
        days: runDays,
        basicDays: runDays,
        basicPer100k: Type.Number({ exclusiveMinimum: 0, maximum: 1_000 }),
        community: Type.Array(Type.Enum([...foundKinds]), {
          minItems: 1,
          maxItems: foundKinds.length,
          uniqueItems: true,
        }),
      },
      { additionalProperties: false },
    ),
    serialInterval: Type.Object(
      {
        meanDays: Type.Number({ exclusiveMinimum: 1, maximum: 30 }),
        sdDays: Type.Number({ minimum: 0.1, maximum: 30 }),
      },
      { additionalProperties: false },
    ),
    windowDays: Type.Integer({ minimum: 1, maximum: 28 }),
    priorMean: Type.Number({ minimum: 0.1, maximum: 100 }),
    priorSd: Type.Number({ minimum: 0.1, maximum: 100 }),
    horizonDays: Type.Integer({ minimum: 1, maximum: 28 }),
    infectionsMin: Type.Integer({ minimum: 1, maximum: 10_000 }),
    onsetsMin: Type.Integer({ minimum: 1, maximum: 10_000 }),
    delayDaysMax: Type.Integer({ minimum: 2, maximum: 60 }),
    weeklyDaysMin: Type.Integer({ minimum: 14, maximum: 400 }),
    spanDaysMax: Type.Integer({ minimum: 62, maximum: 400 }),
    reinfectionDays: Type.Integer({ minimum: 1, maximum: 3_650 }),
  },
  { additionalProperties: false },
);

export type TrendPolicy = Static<typeof policySchema>;
export type ClearPolicy = TrendPolicy['clear'];

/** Values for the outbreak of spring 2022. [V] read in a named source, [B] our own choice. */
export const policyDefaults: TrendPolicy = {
  /** Minutes east of UTC that decide on which day something happened: China. */
  utcOffsetMinutes: 480,
  /**
   * When a place is clear. Whoever sets one of these names all five, so that no other rule goes by
   * the name of this one.
   */
  clear: {
    /** Which rule the other settings write down. */
    rule: 'shanghai-2022-05-01',
    /** TD-1. Three days in a row without a new positive: press conference of 2022-05-01 [V]. */
    days: 3,
    /** TD-2. Three days in a row below the limit: the same [V]. */
    basicDays: 3,
    /** TD-2. New positives a day below one in 100,000 of the population: the same [V]. */
    basicPer100k: 1,
    /**
     * TD-5. The community is the control and precaution areas and people who move outside closed
     * loops: the same [V]. Not known where counts as the community, on the safe side [B].
     */
    community: ['control', 'precaution', 'screening', 'self-presented', 'unknown'],
  },
  /** TD-9. Days from one infection to those it causes, as a gamma shifted by a day. */
  serialInterval: {
    /** Omicron: mean 3.5 days, standard deviation 2.4, after Backer et al. 2022 [B]. */
    meanDays: 3.5,
    sdDays: 2.4,
  },
  /** TD-9. Days pooled into one reproduction number: one week, so that weekdays cancel [V]. */
  windowDays: 7,
  /** TD-9. What is held of the reproduction number before any data: Cori et al. 2013 [V]. */
  priorMean: 5,
  priorSd: 5,
  /** TD-9. Days forecast: beyond two weeks the forecasts of 2022 were no better than none [B]. */
  horizonDays: 14,
  /** TD-9. Below so many infections nothing is estimated: the fan is too wide to be of use [B]. */
  infectionsMin: 10,
  /** TD-9. Estimates go by onset when so many are known and half of all; else by sampling [B]. */
  onsetsMin: 10,
  /** TD-9. Infections on record later than this count as on record after so many days [B]. */
  delayDaysMax: 21,
  /** TD-9. From so many days of record on, weekdays may differ in the nowcast: four weeks [B]. */
  weeklyDaysMin: 28,
  /** TD-9. So many days are looked back at most: delays and spread of before say little [B]. */
  spanDaysMax: 120,
  /** TD-10. A positive so soon after an infection is the same, as counted in 2022 [B]. */
  reinfectionDays: 90,
};

/**
 * Rule TD-9. Days of record that a trend takes: one window or mean serial interval, whichever is
 * longer, the day before it, and one more.
 */
export function daysNeeded({ windowDays, serialInterval }: TrendPolicy): number {
  return Math.max(windowDays, Math.ceil(serialInterval.meanDays)) + 2;
}
