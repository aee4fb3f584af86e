import type { Json } from '../../kernel/assert.ts';
import { type Refusal, refuse } from '../../ledger/decision.ts';
import type { Label } from '../../ledger/room.ts';

/**
 * Every code of this room, for refusals at a desk and for findings on record, in the words that
 * screens show. Codes are never renamed, only retired.
 */
export const transferCodes = {
  'transfer.not-at-this-stage': {
    en: 'A transfer at this stage does not allow that.',
    zh: '转运处于当前环节时不能进行此操作。',
  },
  'transfer.child-without-carer': {
    en: 'A child would travel without its carer. Add an adult of the household, or note a carer.',
    zh: '儿童将与照护人分开。请加入同户成人，或登记照护人。',
  },
  'transfer.family-split': {
    en: 'A child and its carer would be in different units or facilities.',
    zh: '儿童与照护人将被分到不同单元或机构。',
  },
  'transfer.unit-refuses-children': {
    en: 'This unit does not take children.',
    zh: '该单元不收治儿童。',
  },
  'transfer.not-in-transfer': {
    en: 'Somebody named is not part of this transfer.',
    zh: '所列人员不在本次转运名单中。',
  },
  'transfer.already-promised': {
    en: 'Everybody named has a bed promised.',
    zh: '所列人员均已落实床位。',
  },
  'transfer.one-bed-one-person': {
    en: 'A bed can be named only for one person.',
    zh: '指定床号时只能对应一人。',
  },
  'transfer.unknown-promise': {
    en: 'This transfer holds no such promise.',
    zh: '本次转运没有此床位预留。',
  },
  'transfer.unknown-vehicle': {
    en: 'No such vehicle is registered.',
    zh: '没有登记该车辆。',
  },
  'transfer.same-vehicle': {
    en: 'This vehicle is assigned already.',
    zh: '已派此车。',
  },
  'transfer.no-free-seat': {
    en: 'The vehicle has not enough free seats.',
    zh: '车辆空余座位不足。',
  },
  'transfer.already-picked-up': {
    en: 'Everybody named has been picked up.',
    zh: '所列人员均已上车。',
  },
  'transfer.not-picked-up': {
    en: 'Somebody named is not on record as picked up, or has been handed over.',
    zh: '所列人员没有上车记录，或已交接。',
  },
  'transfer.not-requested': {
    en: 'Something happened to a transfer that nobody asked for on record.',
    zh: '没有申请记录的转运发生了后续动作。',
  },
  'transfer.requested-twice': {
    en: 'The same transfer was requested again with other content. The first stands.',
    zh: '同一转运被再次申请且内容不同：以先登记者为准。',
  },
  'transfer.handed-over-twice': {
    en: 'One person was handed over at two facilities.',
    zh: '同一人在两处机构交接。',
  },
  'transfer.other-facility': {
    en: 'Handed over at another facility than the one with the promised bed.',
    zh: '交接机构与预留床位所在机构不同。',
  },
  'transfer.cancelled-under-way': {
    en: 'Cancelled when people had already been picked up.',
    zh: '人员上车后转运被取消。',
  },
  'transfer.seat-taken-twice': {
    en: 'One seat is taken for two transfers. The first on record keeps it.',
    zh: '同一座位分配给两次转运：先登记者保留。',
  },
  'transfer.seat-unknown': {
    en: 'A seat is taken that the vehicle does not have.',
    zh: '占用了车辆没有的座位。',
  },
} as const satisfies Record<string, Label>;

export type TransferCode = keyof typeof transferCodes;

/** Refuses with a code of this room. */
export function no(code: TransferCode, details: { readonly [k: string]: Json } = {}): Refusal {
  return refuse(code, details);
}
