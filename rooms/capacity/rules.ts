import { type Static, Type } from 'typebox';
import type { Role } from '../../ledger/room.ts';

const minutes = Type.Integer({ minimum: 1, maximum: 43_200 });

/** The settings of this room. */
export const policySchema = Type.Object(
  { countMaxAgeMinutes: minutes },
  { additionalProperties: false },
);

export type CapacityPolicy = Static<typeof policySchema>;

export const policyDefaults: CapacityPolicy = {
  /** CP-3. Minutes after which a count is shown as unknown. No rule found; four hours [B]. */
  countMaxAgeMinutes: 240,
};

/** The stages of a unit. */
export const unitStages = ['undeclared', 'open', 'full', 'closed'] as const;
export type UnitStage = (typeof unitStages)[number];

/** Rule CP-1. Who keeps a unit's figures at each stage. Total. */
export const holderAt = {
  undeclared: 'role:headquarters',
  open: 'role:facility',
  full: 'role:facility',
  closed: null,
} as const satisfies Record<UnitStage, `role:${Role}` | null>;
