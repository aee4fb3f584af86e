import { type Static, Type } from 'typebox';

/** Rule SC-3. Pool sizes that may be written on a tube. Source: FACTS.md §2, pooling by zone. */
export const poolSizes = [1, 5, 10, 20] as const;

/**
 * Rule SC-6. Reasons why a person need not be sampled in a round, and reasons that leave the
 * person owed. Source: CCTV 6 April 2022 (awaiting transfer: left out; own retest open: deferred;
 * home visits for the bed-ridden); refused and home visits stay open so that somebody goes there.
 */
export const dispositions = {
  excused: { settles: true },
  away: { settles: true },
  deferred: { settles: true },
  refused: { settles: false },
  'home-visit': { settles: false },
} as const satisfies Record<string, { settles: boolean }>;

export type Disposition = keyof typeof dispositions;

export const policySchema = Type.Object(
  {
    /** Minutes from opening a tube to sealing it before somebody looks. */
    openTubeMinutesMax: Type.Integer({ minimum: 1 }),
    /** Share of the pool size below which a sealed tube of a round is remarked upon, 0..1. */
    underFilledShare: Type.Number({ minimum: 0, maximum: 1 }),
    /** Minutes within which a person who refused or awaits a home visit is visited. */
    visitMinutesMax: Type.Integer({ minimum: 1 }),
    /** Whether tubes may carry labels of other makers, which have no check character of ours. */
    foreignLabelsTaken: Type.Boolean(),
  },
  { additionalProperties: false },
);

export type ScreeningPolicy = Static<typeof policySchema>;

/** Defaults: no figure for any of the three was found in the guides, so all are [B] settings. */
export const policyDefaults: ScreeningPolicy = {
  // A ten-person tube takes about 20 minutes at the guides' 1,800 people a day and group.
  openTubeMinutesMax: 60,
  // Half: the last tube of a queue is often short, a half-empty one in mid-queue is a waste.
  underFilledShare: 0.5,
  visitMinutesMax: 24 * 60,
  // Tubes often come labelled by their maker; a city that labels all of its own says no here.
  foreignLabelsTaken: true,
};
