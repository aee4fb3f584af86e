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

/** The settings of this room. */
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
        }),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);

export type TrendPolicy = Static<typeof policySchema>;
export type ClearPolicy = TrendPolicy['clear'];

export const policyDefaults: TrendPolicy = {
  /** Minutes east of UTC that decide on which day something happened: China. */
  utcOffsetMinutes: 480,
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
};
