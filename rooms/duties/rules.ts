import { type Static, Type } from 'typebox';

const minutes = Type.Integer({ minimum: 1, maximum: 60 * 24 * 365 });

export const policySchema = Type.Object(
  {
    /** Minutes a specimen may spend in each link before it is overdue. */
    linkMinutesMax: Type.Object(
      { collect: minutes, deliver: minutes, test: minutes, report: minutes },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);

export type DutiesPolicy = Static<typeof policySchema>;

export const policyDefaults: DutiesPolicy = {
  linkMinutesMax: {
    // A ten-person tube takes about 20 minutes at the guides' 1,800 people a day and group [C].
    collect: 60,
    // The guides' time from sample to laboratory was not found; 2 h and 4 h are both named [?].
    deliver: 240,
    // In-patients and carers: result within 12 h [R], FACTS.md §2.
    test: 720,
    // Shanghai 2022 asked for results the same day; an hour from signature is a setting [B].
    report: 60,
  },
};
