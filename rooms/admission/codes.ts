import type { Json } from '../../kernel/assert.ts';
import { type Refusal, refuse } from '../../ledger/decision.ts';
import type { Label } from '../../ledger/room.ts';

/**
 * Every code of this room, for refusals at a desk and for findings on record, in the words that
 * screens show. Codes are never renamed, only retired.
 */
export const admissionCodes = {
  'admission.stay-exists': {
    en: 'A stay with this number is on record.',
    zh: '该住院（舱）号已存在。',
  },
  'admission.no-stay': {
    en: 'No admission with this number is on record.',
    zh: '没有此住院（舱）记录。',
  },
  'admission.stay-closed': {
    en: 'This stay has ended.',
    zh: '该次住院（舱）已结束。',
  },
  'admission.already-admitted': {
    en: 'This person is in a bed by another stay that has not ended.',
    zh: '此人另有未结束的住院（舱）记录。',
  },
  'admission.unknown-promise': {
    en: 'The unit holds no such promise.',
    zh: '该单元没有此床位预留。',
  },
  'admission.promise-of-another': {
    en: 'This bed is promised to somebody else.',
    zh: '该床位预留给另一人。',
  },
  'admission.day-in-future': {
    en: 'This day has not come yet.',
    zh: '日期晚于今天。',
  },
  'admission.day-before-admission': {
    en: 'This day is before the admission.',
    zh: '日期早于入院（舱）日。',
  },
  'admission.same-bed': {
    en: 'The patient is in this bed already.',
    zh: '患者已在该床位。',
  },
  'admission.wrong-direction': {
    en: 'The new bed gives more or less care than the move says.',
    zh: '新床位的救治级别与转床方向不符。',
  },
  'admission.discharge-before-rule': {
    en: 'The rule for discharge is not met yet.',
    zh: '尚未达到出院（舱）标准。',
  },
  'admission.stay-two-persons': {
    en: 'One stay is on record for two people or two beds. The first stands.',
    zh: '同一住院（舱）号登记了两个人或两张床：以先登记者为准。',
  },
  'admission.after-end': {
    en: 'Something is on record for this stay after its end.',
    zh: '住院（舱）结束后仍有记录。',
  },
  'admission.no-admission': {
    en: 'Something is on record for a stay that nobody admitted.',
    zh: '没有入院（舱）记录却有后续记录。',
  },
  'admission.status-gap': {
    en: 'Days between admission and the last status have no status.',
    zh: '住院（舱）期间有缺报病情的日期。',
  },
} as const satisfies Record<string, Label>;

export type AdmissionCode = keyof typeof admissionCodes;

/** Refuses with a code of this room. */
export function no(code: AdmissionCode, details: { readonly [k: string]: Json } = {}): Refusal {
  return refuse(code, details);
}
