import type { Json } from '../../kernel/assert.ts';
import { type Refusal, refuse } from '../../ledger/decision.ts';
import type { Label } from '../../ledger/room.ts';

/**
 * Every code of this room, for refusals at a desk and for findings on record, in the words that
 * screens show. Codes are never renamed, only retired.
 */
export const custodyCodes = {
  'custody.bad-label': {
    en: 'A label has 4 to 32 capitals, digits or hyphens. Scan it again.',
    zh: '标签应为4至32位大写字母、数字或连字符，请重新扫码。',
  },
  'custody.label-misread': {
    en: 'A label was typed or read wrongly: its last character does not fit. Scan it again.',
    zh: '标签输入或识读有误（校验位不符），请重新扫码。',
  },
  'custody.label-of-other-kind': {
    en: 'A box is labelled as a tube, or a tube as a box. Check what was scanned.',
    zh: '箱码与管码混淆，请核对所扫标签。',
  },
  'custody.place-missing': {
    en: 'Nothing is known of this box yet: say at which place it is.',
    zh: '系统中尚无此箱记录：请注明所在地点。',
  },
  'custody.tube-twice': {
    en: 'A tube is listed more than once.',
    zh: '同一采样管被重复列出。',
  },
  'custody.already-sealed': {
    en: 'This box is on record as sealed with other tubes or by somebody else.',
    zh: '此箱已封箱，且所列采样管或封箱人不同。',
  },
  'custody.not-sealed': {
    en: 'No sealing of this box is on record. Check the label, or say that it came unrecorded.',
    zh: '没有此箱的封箱记录。请核对箱号，或注明“未登记到达”。',
  },
  'custody.not-the-holder': {
    en: 'The one who hands the box over does not hold it.',
    zh: '交出人并非此箱当前持有人。',
  },
  'custody.same-holder': {
    en: 'A box cannot be handed over to the one who holds it.',
    zh: '不能把箱子交接给同一持有人。',
  },
  'custody.leg-twice': {
    en: 'This leg of the journey is on record with other people.',
    zh: '该段交接已有记录，且交接人不同。',
  },
  'custody.leg-skipped': {
    en: 'A leg of the journey is missing: nobody knows who held the box in between.',
    zh: '缺少一段交接记录：其间持有人不明。',
  },
  'custody.already-received': {
    en: 'A laboratory has received this box.',
    zh: '此箱已由实验室签收。',
  },
  'custody.not-received': {
    en: 'This box has not been received, so there is nothing to reconcile.',
    zh: '此箱尚未签收，无可核对。',
  },
  'custody.already-lost': {
    en: 'This box is on record as lost. If it was found, receive it.',
    zh: '此箱已报遗失。如已找到，请直接签收。',
  },
  'custody.no-difference': {
    en: 'This tube is neither missing nor extra in this box.',
    zh: '该管在此箱中既不缺少也不多出。',
  },
  'custody.outcome-unfit': {
    en: 'A missing tube was found, is lost or is elsewhere; an extra tube is accepted.',
    zh: '缺少的管只能“找到、遗失、在别处”；多出的管只能“接受”。',
  },
  'custody.tubes-missing': {
    en: 'Tubes sealed into the box were not in it on arrival.',
    zh: '封箱时在列的采样管到达时缺少。',
  },
  'custody.tubes-extra': {
    en: 'Tubes were in the box that nobody sealed into it.',
    zh: '箱内有封箱记录之外的采样管。',
  },
  'custody.tubes-broken': {
    en: 'Tubes arrived broken: their people must be sampled again.',
    zh: '采样管破损：相关人员需重新采样。',
  },
  'custody.box-warm': {
    en: 'The box arrived warmer than allowed.',
    zh: '箱内温度超过上限。',
  },
  'custody.box-cold': {
    en: 'The box arrived colder than allowed.',
    zh: '箱内温度低于下限。',
  },
  'custody.box-lost': {
    en: 'The box is lost: all its people must be sampled again.',
    zh: '样本箱遗失：箱内全部人员需重新采样。',
  },
  'custody.tube-in-two-boxes': {
    en: 'Two boxes say that they hold this tube.',
    zh: '两个样本箱都登记了此管。',
  },
  'custody.tested-but-never-received': {
    en: 'This tube is on a plate, and no receipt of it is on record.',
    zh: '此管已上板，但没有签收记录。',
  },
} as const satisfies Record<string, Label>;

export type CustodyCode = keyof typeof custodyCodes;

/** Refuses with a code of this room. */
export function no(code: CustodyCode, details: { readonly [k: string]: Json } = {}): Refusal {
  return refuse(code, details);
}
