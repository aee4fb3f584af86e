import type { Label } from './room.ts';

/** Why an item or an act is not taken whatever its room, in the words that screens show. */
export const ledgerCodes = {
  'ledger.malformed-fact': {
    en: 'The record is not in the expected form.',
    zh: '记录格式不正确。',
  },
  'ledger.malformed-body': {
    en: 'A value in the record is not as expected.',
    zh: '记录内容不正确。',
  },
  'ledger.malformed-act': { en: 'A value in the form is not as expected.', zh: '表单内容不正确。' },
  'ledger.malformed-subject': {
    en: 'The label or number is not in the expected form. Scan it again.',
    zh: '编码格式不正确，请重新扫码。',
  },
  'ledger.unknown-kind': { en: 'This kind of record is not known.', zh: '未知的记录类型。' },
  'ledger.unknown-act': { en: 'This act is not known.', zh: '未知的操作。' },
  'ledger.unknown-subject': { en: 'Nothing is on record of it.', zh: '没有相关记录。' },
  'ledger.wrong-subject': {
    en: 'The record names the wrong kind of thing.',
    zh: '记录对象类型不符。',
  },
  'ledger.reserved-id': {
    en: 'This number is reserved for headquarters.',
    zh: '该编号由指挥部保留。',
  },
  'ledger.id-reused': {
    en: 'This number is already on record for something else.',
    zh: '该编号已用于其他记录。',
  },
  'ledger.sequence-reused': {
    en: 'The device has used this running number before. It may have been restored from a copy.',
    zh: '该设备流水号已使用过，设备可能由备份恢复。',
  },
  'ledger.claim-elsewhere': {
    en: 'This is promised only at headquarters. Ask for it there, or when there is a signal.',
    zh: '此项须由指挥部统一落实，请联系指挥部或联网后再试。',
  },
  'outbox.no-answer-in-time': {
    en: 'Headquarters did not answer in time. It is tried again by itself.',
    zh: '指挥部未及时答复，将自动重试。',
  },
  'outbox.unreachable': {
    en: 'Headquarters cannot be reached. It is tried again by itself.',
    zh: '无法连接指挥部，将自动重试。',
  },
  'outbox.unreadable-answer': {
    en: 'What came back is not from headquarters: perhaps the network wants you to sign in.',
    zh: '收到的不是指挥部的答复，可能是网络要求登录。',
  },
  'outbox.refused-whole': {
    en: 'Headquarters refused to read this record. Send it again, or hand it to headquarters.',
    zh: '指挥部拒绝接收此记录。请重试，或导出后交指挥部。',
  },
  'outbox.server-fault': {
    en: 'Headquarters fails each time it is sent this record. Tell them, and send it again later.',
    zh: '指挥部处理此记录时反复出错。请告知指挥部，稍后重试。',
  },
  'outbox.unanswered': {
    en: 'Headquarters never says what became of this record. Send it again, or hand it over.',
    zh: '指挥部多次未答复此记录。请重试，或导出后交指挥部。',
  },
  'access.not-permitted': {
    en: 'Your account may not do this here. Ask headquarters.',
    zh: '您的账号无权在此操作，请联系指挥部。',
  },
  'places.unknown-place': { en: 'No place has this code.', zh: '没有此地点编码。' },
  'persons.unknown-person': {
    en: 'Nobody on the register has this number. Register the person first.',
    zh: '名册中没有此人，请先登记。',
  },
} as const satisfies { readonly [code: string]: Label };
