import { type Static, Type } from 'typebox';
import type { ResultsCode } from './codes.ts';

/**
 * A release: results that left the laboratory together.
 *
 * *unknown*: nothing has been released under this label. *released*: the results stand as they
 * were signed. *amended*: at least one was put right since, with a reason.
 */
export const releaseStages = ['unknown', 'released', 'amended'] as const;
export type ReleaseStage = (typeof releaseStages)[number];

export type ResultsAct = 'release' | 'amend' | 'confirm-informed';

/** Rule RE-1. Why an act is refused at a stage; null where the stage does not stand in its way. */
export const refusedAt = {
  release: {
    unknown: null,
    released: 'results.already-released',
    amended: 'results.already-released',
  },
  amend: { unknown: 'results.not-released', released: null, amended: null },
  'confirm-informed': {
    unknown: 'results.not-released',
    released: 'results.nothing-to-inform',
    amended: null,
  },
} as const satisfies Record<ResultsAct, Record<ReleaseStage, ResultsCode | null>>;

export const policySchema = Type.Object(
  {
    /** Minutes from an amendment until the people of that tube have been told. */
    informMinutesMax: Type.Integer({ minimum: 1 }),
  },
  { additionalProperties: false },
);

export type ResultsPolicy = Static<typeof policySchema>;

/** Settings until a place sets its own. Marks as in the README: [V] read, [B] own. */
export const policyDefaults: ResultsPolicy = {
  // [B] As long as a positive has to be reported (2 h, [V] State Council rule of April 2020): a
  // wrong result weighs as much as a new one.
  informMinutesMax: 120,
};
