import { capacityCodes } from './codes.ts';
import { defineAct, defineSubject, type Room } from '../../ledger/room.ts';
import { decideDeclareUnit, decideReportCount, declareUnit, reportCount } from './acts.ts';
import { keyPattern, unitFacts } from './facts.ts';
import { policyDefaults, policySchema } from './rules.ts';
import { evolveUnit, initialUnit } from './state.ts';
import { viewUnit } from './views.ts';

const unit = defineSubject({
  prefix: 'unit',
  keyPattern,
  label: { en: 'Unit of beds', zh: '床位单元' },
  facts: unitFacts,
  initial: initialUnit,
  evolve: evolveUnit,
  view: viewUnit,
});

/**
 * Beds by facility, unit and kind, and who has been promised which. The promises themselves are
 * made by `transfer.promise-place`, which also knows who may not be parted from whom.
 */
export const capacity: Room = {
  name: 'capacity',
  codes: capacityCodes,
  label: { en: 'Beds', zh: '床位' },
  subjects: [unit],
  acts: {
    'declare-unit': defineAct({
      kind: 'report',
      label: { en: 'Declare a unit', zh: '登记床位单元' },
      body: declareUnit,
      roles: ['headquarters', 'facility'],
      subject: (act) => `unit:${act.unit}`,
      decide: decideDeclareUnit,
    }),
    'report-count': defineAct({
      kind: 'report',
      label: { en: 'Report a count', zh: '上报床位' },
      body: reportCount,
      roles: ['facility', 'headquarters'],
      subject: (act) => `unit:${act.unit}`,
      decide: decideReportCount,
    }),
  },
  policySchema,
  policyDefaults,
};

export { type CapacityCode, capacityCodes, no as refuseCapacity } from './codes.ts';
export {
  type BedKind,
  bedKind,
  bedKinds,
  bedNumber,
  key,
  keyPattern,
  moment,
  personNumber,
  promiseId,
  reason,
  unitDraft,
  type UnitFact,
  type UnitFactKind,
  unitFacts,
} from './facts.ts';
export {
  availableBeds,
  capacityPolicyOf,
  claimPlaces,
  expiredPromises,
  freeBeds,
  isRefused,
  isStale,
  openPromises,
  type PlaceClaim,
  type Usage,
  usageOf,
} from './places.ts';
export { type CapacityPolicy, policyDefaults as capacityPolicyDefaults } from './rules.ts';
export { type Claimant, evolveUnit, findPromise, initialUnit, type UnitState } from './state.ts';
export { type BedsRow, bedsRowOf, viewUnit } from './views.ts';
