import type { Json } from '../../kernel/assert.ts';
import { type Refusal, refuse } from '../../ledger/decision.ts';
import type { Label } from '../../ledger/room.ts';

/**
 * Every code of this room, for refusals at a desk and for findings on record, in the words that
 * screens show. Codes are never renamed, only retired.
 */
export const capacityCodes = {
  'capacity.unknown-unit': {
    en: 'No such unit is declared, or it is closed.',
    zh: '没有登记该床位单元，或已停用。',
  },
  'capacity.no-free-place': {
    en: 'There are not enough free beds in this unit.',
    zh: '该单元空余床位不足。',
  },
  'capacity.bed-taken': {
    en: 'This bed is promised or taken.',
    zh: '该床位已预留或已入住。',
  },
  'capacity.bed-unknown': {
    en: 'The unit has no bed of this number.',
    zh: '该单元没有此床号。',
  },
  'capacity.bed-out-of-service': {
    en: 'This bed is out of service.',
    zh: '该床位停用。',
  },
  'capacity.count-does-not-add-up': {
    en: 'Occupied, free and out of service do not add up to the beds declared.',
    zh: '在用、空余、停用之和与登记床位数不符。',
  },
  'capacity.unknown-promise': {
    en: 'There is no such promise in this unit, or the bed has been taken.',
    zh: '该单元没有此预留，或已入住。',
  },
  'capacity.promise-not-later': {
    en: 'The new end of the promise is not later than now.',
    zh: '延长后的时间不晚于当前时间。',
  },
  'capacity.bed-promised-twice': {
    en: 'One bed is promised to two people. The first on record keeps it.',
    zh: '同一床位预留给两个人：先登记者保留。',
  },
  'capacity.bed-taken-twice': {
    en: 'Two people are on record in one bed.',
    zh: '同一床位登记了两个人。',
  },
  'capacity.person-in-two-beds': {
    en: 'One person holds more than one bed in this unit.',
    zh: '同一人在该单元占用多张床位。',
  },
  'capacity.over-promised': {
    en: 'More beds are promised or taken than the unit can give.',
    zh: '预留和入住数超过可用床位。',
  },
  'capacity.taken-without-bed': {
    en: 'Somebody was admitted to this unit and no bed is named.',
    zh: '有人入住该单元但未注明床号。',
  },
  'capacity.unit-undeclared': {
    en: 'Beds are promised or taken in a unit that nobody has declared.',
    zh: '未登记的单元发生了预留或入住。',
  },
} as const satisfies Record<string, Label>;

export type CapacityCode = keyof typeof capacityCodes;

/** Refuses with a code of this room. */
export function no(code: CapacityCode, details: { readonly [k: string]: Json } = {}): Refusal {
  return refuse(code, details);
}
