import type { Label } from '../../ledger/room.ts';

/**
 * Every code of this room, for refusals at a desk and for findings on record, in the words that
 * screens show. Codes are never renamed, only retired.
 */
export const screeningCodes = {
  'screening.round-exists': { en: 'There is already a round of this name.', zh: '已有同名轮次。' },
  'screening.round-not-open': {
    en: 'The round is not open. Choose an open round, or ask headquarters to open it.',
    zh: '该轮次未开放。请选择进行中的轮次，或请指挥部开启。',
  },
  'screening.round-ends-before-start': {
    en: 'The round must end after it starts.',
    zh: '轮次的结束时间应晚于开始时间。',
  },
  'screening.tube-label-used': {
    en: 'This label is already on another tube. Take a new label.',
    zh: '此管码已被使用，请换用新码。',
  },
  'screening.label-misread': {
    en: 'The label was typed or read wrongly: its last character does not fit. Scan it again.',
    zh: '管码输入或识读有误（校验位不符），请重新扫码。',
  },
  'screening.label-of-other-kind': {
    en: 'This is the label of a box. Scan the label of the tube.',
    zh: '这是转运箱码，请扫描采样管上的管码。',
  },
  'screening.label-foreign': {
    en: 'This label is not of our series. Only tubes with printed labels of ours are used here.',
    zh: '此管码不属于本系统序列，此处只使用本系统打印的管码。',
  },
  'screening.tube-not-open': {
    en: 'The tube is not open. Open it first, or check the label.',
    zh: '此管未开管。请先开管，或核对管码。',
  },
  'screening.tube-full': {
    en: 'The tube holds all it may. Seal it and open another.',
    zh: '此管已满。请封管并另开新管。',
  },
  'screening.tube-empty': {
    en: 'Nobody is in the tube. Add people, or void it.',
    zh: '管内无人。请录入人员，或作废此管。',
  },
  'screening.already-in-tube': {
    en: 'This person is already in the tube.',
    zh: '此人已在本管中。',
  },
  'screening.not-in-tube': { en: 'This person is not in the tube.', zh: '此人不在本管中。' },
  'screening.nothing-to-withdraw': {
    en: 'No reason is on record for this person in this round.',
    zh: '本轮没有此人的未采原因记录。',
  },
  'screening.already-on-roster': {
    en: 'This person is already on the roster of the round.',
    zh: '此人已在本轮名单中。',
  },
  'screening.unknown-round': { en: 'There is no such round.', zh: '没有此轮次。' },
  'screening.tube-sealed-twice': {
    en: 'One label was sealed more than once. Nobody knows whose swabs the tube holds.',
    zh: '同一管码多次封管，无法确定管内为何人样本。',
  },
  'screening.tube-over-filled': {
    en: 'The tube holds more people than it is made for.',
    zh: '管内人数超过混采人数。',
  },
  'screening.tube-under-filled': {
    en: 'The tube holds few people for its size.',
    zh: '管内人数偏少。',
  },
  'screening.person-twice-in-tube': {
    en: 'A person is listed twice in one tube.',
    zh: '同一人在同管中重复列出。',
  },
  'screening.added-but-not-sealed': {
    en: 'People were added to the tube and are not in it as sealed.',
    zh: '有人已录入但封管时不在管内。',
  },
  'screening.person-sampled-twice': {
    en: 'A person is in more than one tube of the round.',
    zh: '同一人在本轮有多管样本。',
  },
} as const satisfies { readonly [code: string]: Label };
