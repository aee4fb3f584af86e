import type { Label } from '../../../ledger/room.ts';

/** Why labels are not printed. Codes are never renamed, only retired. */
export const labelReasons = {
  'labels.unknown-kind': {
    en: 'Labels are for tubes, boxes or persons. Choose one of these.',
    zh: '标签只有采样管、转运箱和人员三种，请选择其一。',
  },
  'labels.bad-count': {
    en: 'How many labels? A whole number from 1 to 5,000.',
    zh: '请填写标签数量：1 到 5000 之间的整数。',
  },
  'labels.unknown-layout': {
    en: 'There is no such sheet or roll. Choose one of the list.',
    zh: '没有此种标签纸，请从列表中选择。',
  },
  'labels.unknown-symbol': {
    en: 'Codes are QR, Data Matrix or Code 128. Choose one of these.',
    zh: '条码只有 QR 码、DM 码和 128 码三种，请选择其一。',
  },
  'labels.symbol-too-wide': {
    en: 'This code does not fit on so small a label. Choose Data Matrix or a larger label.',
    zh: '此条码在该标签上放不下，请选择 DM 码或更大的标签。',
  },
  'labels.no-persons': {
    en: 'Cards need people. Name a building whose residents are on the register.',
    zh: '请指定要打印人员码的楼栋，且楼内须有登记人员。',
  },
  'labels.too-many-persons': {
    en: 'More than 5,000 people live here. Choose a smaller place.',
    zh: '此处登记人员超过 5000 人，请选择更小的范围。',
  },
  'labels.series-used-up': {
    en: 'All numbers of this series are given out. Ask the operator for a new series.',
    zh: '此序列号已用完，请联系系统管理员启用新序列。',
  },
  'labels.unknown-run': {
    en: 'There is no such print run.',
    zh: '没有此打印记录。',
  },
  'labels.file-not-writable': {
    en: 'The file cannot be written. Check the folder and the space that is left.',
    zh: '文件无法写入，请检查文件夹和剩余空间。',
  },
  'labels.run-differs': {
    en: 'Under this number something else was asked for. Ask under a new number.',
    zh: '此请求号已用于另一次打印，请使用新的请求号。',
  },
} as const satisfies Record<string, Label>;

/** Why labels are not printed. */
export type LabelRefusalCode = keyof typeof labelReasons;
