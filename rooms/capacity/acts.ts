import { type Static, Type } from 'typebox';
import { minuteMs } from '../../kernel/instant.ts';
import { accept, type Decision } from '../../ledger/decision.ts';
import type { DecideContext } from '../../ledger/room.ts';
import { no } from './codes.ts';
import { count, declaration, key, unitDraft } from './facts.ts';
import type { CapacityPolicy } from './rules.ts';
import type { UnitState } from './state.ts';

const closed = { additionalProperties: false } as const;

export const declareUnit = Type.Object(
  { unit: key, place: Type.String({ minLength: 1, maxLength: 80 }), ...declaration },
  closed,
);
export const reportCount = Type.Object({ unit: key, ...count }, closed);

/** Rule CP-1. Declared again, the unit has the new beds; with none it is closed. */
export function decideDeclareUnit(
  _state: UnitState,
  { unit, place, ...body }: Static<typeof declareUnit>,
): Decision {
  return accept(unitDraft('capacity.unit-declared', unit, place, body));
}

/** Rule CP-3. A count names every bed: in use, free, or out of service. */
export function decideReportCount(
  state: UnitState,
  { unit, ...body }: Static<typeof reportCount>,
  { now, policy }: DecideContext<CapacityPolicy>,
): Decision {
  const { declared, place } = state;
  if (declared === null || place === null) return no('capacity.unknown-unit', { unit });
  const { occupied, free, outOfService, outOfServiceBeds = [] } = body;
  const named = new Set(outOfServiceBeds);
  const tooHigh = outOfServiceBeds.find((bed) => bed > declared.beds);
  if (tooHigh !== undefined) {
    return no('capacity.bed-unknown', { bed: tooHigh, beds: declared.beds });
  }
  const sum = occupied + free + outOfService;
  if (sum !== declared.beds || named.size > outOfService || named.size < outOfServiceBeds.length) {
    return no('capacity.count-does-not-add-up', { beds: declared.beds, sum, named: named.size });
  }
  const believedUntil = now + policy.countMaxAgeMinutes * minuteMs;
  return accept(unitDraft('capacity.count-reported', unit, place, { ...body, believedUntil }));
}
