import type { Json } from '../../kernel/assert.ts';
import { type Refusal, refuse } from '../../ledger/decision.ts';
import type { Label } from '../../ledger/room.ts';

/**
 * Every code of this room, for refusals at a desk and for findings on record, in the words that
 * screens show. Codes are never renamed, only retired.
 */
export const caseCodes = {
  'cases.unknown-place': {
    en: 'This person has no home on the register: say at which place they are.',
    zh: '名册中没有此人住址：请注明所在地点。',
  },
  'cases.no-case': {
    en: 'No confirmed case of this person is on record.',
    zh: '此人没有确诊记录。',
  },
  'cases.onset-in-future': {
    en: 'Symptoms cannot have begun on {onsetOn}: that day has not come yet.',
    zh: '发病日期 {onsetOn} 尚未到来，请核对。',
  },
  'cases.onset-without-symptoms': {
    en: 'Symptoms since {onsetOn} are on record: this case is not without symptoms.',
    zh: '已登记 {onsetOn} 发病，不能同时记为无症状。',
  },
  'cases.already-reported': {
    en: 'This case has been reported.',
    zh: '该病例已完成网络直报。',
  },
  'cases.order-without-limits': {
    en: 'An order needs its basis, a person responsible, an expiry and a way to appeal.',
    zh: '隔离决定必须写明依据、责任人、期限和申诉途径。',
  },
  'cases.order-expired': {
    en: 'The order has expired before it begins.',
    zh: '隔离决定的期限早于当前时间。',
  },
  'cases.order-too-long': {
    en: 'The order is longer than the settings allow. Order less, and extend it if need be.',
    zh: '隔离期限超过规定上限。请缩短，必要时再行延长。',
  },
  'cases.person-died': {
    en: 'This person has died.',
    zh: '此人已死亡。',
  },
  'cases.in-a-facility': {
    en: 'This person has been admitted: the facility’s own rules hold.',
    zh: '此人已入院（舱），按医疗机构规定管理。',
  },
  'cases.already-isolated': {
    en: 'This person is already isolated there.',
    zh: '此人已在该处隔离。',
  },
  'cases.no-order-in-force': {
    en: 'There is no order in force and no hold. Order the isolation first.',
    zh: '没有有效的隔离决定，也未被管控。请先下达隔离决定。',
  },
  'cases.not-isolated': {
    en: 'This person is not isolated and not under an order.',
    zh: '此人未被隔离，也没有隔离决定。',
  },
  'cases.case-open': {
    en: 'This person has a confirmed case that is not closed.',
    zh: '此人确诊后尚未治愈出院。',
  },
  'cases.still-held': {
    en: 'A positive or grey pool is not yet answered by a single sample.',
    zh: '混管异常尚未经单管复核排除。',
  },
  'cases.contact-before-days': {
    en: 'The days of a contact are not over.',
    zh: '密切接触者隔离期未满。',
  },
  'cases.contact-tests-open': {
    en: 'A scheduled test of this contact has not been taken.',
    zh: '密切接触者尚有规定日期的检测未做。',
  },
  'cases.contact-of-self': {
    en: 'Nobody is their own contact.',
    zh: '不能把本人列为自己的密切接触者。',
  },
  'cases.not-a-case': {
    en: 'The person named is not a confirmed case.',
    zh: '所指的人没有确诊记录。',
  },
  'cases.not-a-contact': {
    en: 'This person is not on record as a contact of the one named.',
    zh: '此人未被列为所指病例的密切接触者。',
  },
  'cases.appeal-pending': {
    en: 'An appeal has been made and is not decided.',
    zh: '已有申诉尚未答复。',
  },
  'cases.nothing-to-appeal': {
    en: 'This person is not held, isolated or under an order.',
    zh: '此人未被管控、隔离，也没有隔离决定。',
  },
  'cases.no-appeal': {
    en: 'There is no appeal to decide.',
    zh: '没有待答复的申诉。',
  },
  'cases.appeal-own-order': {
    en: 'Whoever ordered the isolation or answers for it does not decide the appeal.',
    zh: '作出隔离决定的人和责任人不得答复该申诉。',
  },
  'cases.released-while-held': {
    en: 'Let out although a pool was not yet answered by a single sample.',
    zh: '混管异常尚未排除即被解除隔离。',
  },
  'cases.released-while-confirmed': {
    en: 'Let out although a confirmed case had not yet reached a facility.',
    zh: '确诊后尚未转运即被解除隔离。',
  },
  'cases.contact-released-early': {
    en: 'A contact was let out before the days were over.',
    zh: '密切接触者隔离期未满即被解除。',
  },
  'cases.isolated-without-order': {
    en: 'Isolated with no order in force and no hold.',
    zh: '没有有效隔离决定即被隔离。',
  },
  'cases.reported-without-case': {
    en: 'Reported to the network, but no case stands on record. Correct the report.',
    zh: '已网络直报，但系统中没有病例。请订正报告。',
  },
  'cases.admitted-twice': {
    en: 'Admitted while another stay of the same person was open.',
    zh: '同一人同时有两次住院（舱）记录。',
  },
} as const satisfies Record<string, Label>;

export type CaseCode = keyof typeof caseCodes;

/** Refuses with a code of this room. */
export function no(code: CaseCode, details: { readonly [k: string]: Json } = {}): Refusal {
  return refuse(code, details);
}
