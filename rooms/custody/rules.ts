import { type Static, Type } from 'typebox';
import type { CustodyCode } from './codes.ts';
import type { BoxFactKind } from './facts.ts';

/**
 * A box of tubes on its way.
 *
 * *unknown*: no fact has named it. *sealed*: closed over its tubes, held by whoever sealed it.
 * *moving*: handed over at least once. *received*: a laboratory has opened and counted it.
 * *lost*: its holder says it is gone; if it turns up after all, its receipt says so.
 */
export const boxStages = ['unknown', 'sealed', 'moving', 'received', 'lost'] as const;
export type BoxStage = (typeof boxStages)[number];

/**
 * Rule CU-1. Where each report takes a box. Total: an unlisted stage or fact does not compile.
 *
 * Receipt outlives everything, because somebody has counted the tubes with their own hands; a
 * late sealing or leg fills in the history and moves nothing back. A leg after a loss does not
 * undo the loss: the record may only be late.
 */
export const nextStage = {
  unknown: {
    'custody.box-sealed': 'sealed',
    'custody.box-handed-over': 'moving',
    'custody.box-received': 'received',
    'custody.box-lost': 'lost',
    'custody.box-reconciled': 'unknown',
  },
  sealed: {
    'custody.box-sealed': 'sealed',
    'custody.box-handed-over': 'moving',
    'custody.box-received': 'received',
    'custody.box-lost': 'lost',
    'custody.box-reconciled': 'sealed',
  },
  moving: {
    'custody.box-sealed': 'moving',
    'custody.box-handed-over': 'moving',
    'custody.box-received': 'received',
    'custody.box-lost': 'lost',
    'custody.box-reconciled': 'moving',
  },
  received: {
    'custody.box-sealed': 'received',
    'custody.box-handed-over': 'received',
    'custody.box-received': 'received',
    'custody.box-lost': 'received',
    'custody.box-reconciled': 'received',
  },
  lost: {
    'custody.box-sealed': 'lost',
    'custody.box-handed-over': 'lost',
    'custody.box-received': 'received',
    'custody.box-lost': 'lost',
    'custody.box-reconciled': 'lost',
  },
} as const satisfies Record<BoxStage, Record<BoxFactKind, BoxStage>>;

export type CustodyAct = 'seal-box' | 'hand-over' | 'receive' | 'report-lost' | 'reconcile';

/**
 * Rule CU-1. Why an act is refused at a stage; null where the stage does not stand in its way.
 *
 * A sealing may be written down late (the sampler's phone died): whether one is on record already
 * is asked of the sealing itself, not of the stage.
 */
export const refusedAt = {
  'seal-box': {
    unknown: null,
    sealed: 'custody.already-sealed',
    moving: null,
    received: null,
    lost: null,
  },
  'hand-over': {
    unknown: 'custody.not-sealed',
    sealed: null,
    moving: null,
    received: 'custody.already-received',
    lost: 'custody.already-lost',
  },
  receive: {
    unknown: 'custody.not-sealed',
    sealed: null,
    moving: null,
    received: 'custody.already-received',
    lost: null,
  },
  'report-lost': {
    unknown: 'custody.not-sealed',
    sealed: null,
    moving: null,
    received: 'custody.already-received',
    lost: 'custody.already-lost',
  },
  reconcile: {
    unknown: 'custody.not-received',
    sealed: 'custody.not-received',
    moving: 'custody.not-received',
    received: null,
    lost: 'custody.not-received',
  },
} as const satisfies Record<CustodyAct, Record<BoxStage, CustodyCode | null>>;

export const policySchema = Type.Object(
  {
    /** Minutes from sealing (of the box, or of its earliest tube when given) to receipt. */
    deliverMinutesMax: Type.Integer({ minimum: 1 }),
    /** Minutes from receipt until every missing or extra tube is explained. */
    reconcileMinutesMax: Type.Integer({ minimum: 1 }),
    /** Coldest a box may arrive, degrees Celsius. */
    temperatureMinCelsius: Type.Number({ minimum: -100, maximum: 60 }),
    /** Warmest a box may arrive, degrees Celsius. */
    temperatureMaxCelsius: Type.Number({ minimum: -100, maximum: 60 }),
  },
  { additionalProperties: false },
);

export type CustodyPolicy = Static<typeof policySchema>;

/** Settings until a place sets its own. Marks: [V] read, [R] re-posting, [B] own choice. */
export const policyDefaults: CustodyPolicy = {
  // [R] Work manual for nucleic acid testing, 2nd edition (joint document 313 of 28 December
  // 2020), as re-posted: at room temperature no more than 4 h, at the laboratory in 2 to 4 h.
  deliverMinutesMax: 240,
  // [B] Long enough to open the next box of the same courier, short enough to find a dropped tube.
  reconcileMinutesMax: 120,
  // [V] PHE, UN 3373 category B: 2-8 degrees Celsius up to 72 h, else frozen (FACTS §6).
  temperatureMinCelsius: 2,
  temperatureMaxCelsius: 8,
};
