import { type Static, Type } from 'typebox';
import type { Priority } from './facts.ts';

const minutes = Type.Integer({ minimum: 1, maximum: 43_200 });
const years = Type.Integer({ minimum: 0, maximum: 30 });

/** The settings of this room. */
export const policySchema = Type.Object(
  {
    childYears: years,
    adultYears: years,
    utcOffsetMinutes: Type.Integer({ minimum: -840, maximum: 840 }),
    promiseMinutes: minutes,
    promiseMinutesMax: minutes,
    completeMinutes: Type.Object(
      { urgent: minutes, today: minutes, routine: minutes },
      { additionalProperties: false },
    ),
    stepMinutes: Type.Object(
      {
        triage: minutes,
        place: minutes,
        vehicle: minutes,
        'pick-up': minutes,
        'hand-over': minutes,
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);

export type TransferPolicy = Static<typeof policySchema>;

export const policyDefaults: TransferPolicy = {
  /**
   * TR-3. Years below which a child is never parted from its carer: 14. The guide of 2022-05
   * says "14 and younger" [R] (hunanyuer.com), which would be 15 here.
   */
  childYears: 14,
  /** TR-3. Years from which somebody can be a carer: 18, majority [B]. */
  adultYears: 18,
  /** Minutes east of UTC that decide on which day somebody is how old: China. */
  utcOffsetMinutes: 480,
  /** TR-4. Minutes that a bed stays promised: the 2 h to move a case, doubled [B]. */
  promiseMinutes: 240,
  /** TR-4. Longest promise, minutes: one day [B]. */
  promiseMinutesMax: 1_440,
  /** TR-2. Minutes from request to hand-over. Urgent as an ambulance [B]; "cleared daily" [V]. */
  completeMinutes: { urgent: 60, today: 480, routine: 1_440 },
  /** TR-2. Minutes for each step. No figures found [B]. */
  stepMinutes: { triage: 15, place: 30, vehicle: 30, 'pick-up': 60, 'hand-over': 60 },
};

/** The stages of a transfer. */
export const transferStages = [
  'unknown',
  'requested',
  'triaged',
  'promised',
  'assigned',
  'moving',
  'arrived',
  'cancelled',
] as const;
export type TransferStage = (typeof transferStages)[number];

export type TransferActName =
  | 'request'
  | 'triage'
  | 'promise-place'
  | 'release-promise'
  | 'extend-promise'
  | 'assign-vehicle'
  | 'pick-up'
  | 'hand-over'
  | 'cancel';

const keeping = ['release-promise', 'extend-promise'] as const;

/** Rule TR-1. Acts that each stage of a transfer allows. Total. */
export const actsAllowed = {
  unknown: ['request'],
  requested: ['triage', 'cancel'],
  triaged: ['triage', 'promise-place', 'assign-vehicle', 'cancel', ...keeping],
  promised: ['triage', 'promise-place', 'assign-vehicle', 'cancel', ...keeping],
  assigned: ['triage', 'promise-place', 'assign-vehicle', 'pick-up', 'cancel', ...keeping],
  moving: ['promise-place', 'pick-up', 'hand-over', ...keeping],
  arrived: keeping,
  cancelled: keeping,
} as const satisfies Record<TransferStage, readonly TransferActName[]>;

/** Rule TR-1. What an urgent transfer may do besides: it waits for no bed, car or paper. Total. */
export const actsAllowedUrgent = {
  unknown: [],
  requested: ['promise-place', 'assign-vehicle', 'pick-up', ...keeping],
  triaged: ['pick-up'],
  promised: ['pick-up'],
  assigned: [],
  moving: ['assign-vehicle'],
  arrived: [],
  cancelled: [],
} as const satisfies Record<TransferStage, readonly TransferActName[]>;

/** Whether a stage allows an act, given how urgent the transfer is. */
export function isAllowed(
  act: TransferActName,
  stage: TransferStage,
  urgency: Priority | null,
): boolean {
  const always: readonly TransferActName[] = actsAllowed[stage];
  const urgent: readonly TransferActName[] = actsAllowedUrgent[stage];
  return always.includes(act) || (urgency === 'urgent' && urgent.includes(act));
}
