import type { Label } from '../../ledger/room.ts';

/**
 * Rule PE-8. Why a row of a roster is not taken, cell by cell. A code is never renamed, only
 * retired; the words may be bettered.
 */
export const faultReasons = {
  'persons.name-missing': { en: 'A name is required', zh: '缺少姓名' },
  'persons.name-too-long': {
    en: 'The name is longer than 100 characters',
    zh: '姓名超过100个字符',
  },
  'persons.bad-name': { en: 'A name holds letters, no digits or signs', zh: '姓名含有数字或符号' },
  'persons.bad-sex': { en: 'Sex is 男, 女, m, f or x', zh: '性别应为男或女' },
  'persons.bad-date': { en: 'Write the date as YYYY-MM-DD', zh: '日期格式应为YYYY-MM-DD' },
  'persons.date-ambiguous': {
    en: 'Year first: this could be two different days',
    zh: '请把年份写在前面，否则无法判断是哪一天',
  },
  'persons.date-does-not-exist': { en: 'There is no such day', zh: '日期不存在' },
  'persons.date-in-future': { en: 'The day of birth is still to come', zh: '出生日期晚于今天' },
  'persons.date-too-early': { en: 'Born before 1870', zh: '出生日期早于1870年' },
  'persons.bad-phone': {
    en: 'One telephone number: mobile, fixed line, or + and country code',
    zh: '电话号码格式不正确（每人一个）',
  },
  'persons.unknown-document-type': { en: 'Unknown kind of document', zh: '证件类型无法识别' },
  'persons.document-number-missing': {
    en: 'A kind of document is given without its number',
    zh: '有证件类型而无证件号码',
  },
  'persons.document-number-not-expected': {
    en: 'A document number is given although the kind says none',
    zh: '证件类型为“无”却有证件号码',
  },
  'persons.bad-document-number': {
    en: 'The number does not look like one of this kind of document',
    zh: '证件号码与证件类型不符',
  },
  'persons.id-number-shape': {
    en: 'A citizen identity number has 17 digits and a digit or X',
    zh: '身份证号应为17位数字加1位数字或X',
  },
  'persons.id-number-digits-lost': {
    en: 'The spreadsheet has rounded this number; format the column as text and enter it again',
    zh: '表格软件已丢失号码的末几位，请把该列设为文本后重新录入',
  },
  'persons.id-number-area': { en: 'The area code does not exist', zh: '身份证号的地区码不存在' },
  'persons.id-number-date': {
    en: 'The date of birth in the number does not exist or is still to come',
    zh: '身份证号中的出生日期不存在或晚于今天',
  },
  'persons.id-number-check': { en: 'The check digit is wrong', zh: '身份证号校验码错误' },
  'persons.sex-differs-from-id': {
    en: 'The sex differs from the one in the identity number',
    zh: '性别与身份证号不一致',
  },
  'persons.born-on-differs-from-id': {
    en: 'The day of birth differs from the one in the identity number',
    zh: '出生日期与身份证号不一致',
  },
  'persons.home-missing': { en: 'A community is required', zh: '缺少居委' },
  'persons.home-too-long': { en: 'Longer than 100 characters', zh: '超过100个字符' },
  'persons.document-twice': {
    en: 'The same document stands in an earlier row of this file',
    zh: '本文件前面已有相同证件号码',
  },
  'persons.twice-in-household': {
    en: 'An earlier row has the same name, birth and home; a document number would tell them apart',
    zh: '本文件前面已有同名、同生日、同住址的人；请补证件号码以便区分',
  },
  'persons.several-match': {
    en: 'Several persons on record fit this row; a document number would tell them apart',
    zh: '登记册中有多人与此行相符；请补证件号码以便区分',
  },
  'persons.matches-another-row': {
    en: 'Another row of this file already fits the same person on record',
    zh: '本文件另一行已对应登记册中的同一人',
  },
  'persons.outside-your-place': {
    en: 'The home is outside the place you are responsible for',
    zh: '住址不在您负责的范围内',
  },
} as const satisfies Record<string, Label>;

export type FaultCode = keyof typeof faultReasons;

/** Why a whole roster, a walk-in or a reading of names is refused. */
export const refusalReasons = {
  'persons.unknown-header': {
    en: 'A column is not known. Name its field, or say that it is to be left out.',
    zh: '有无法识别的列。请指明对应字段，或注明忽略该列。',
  },
  'persons.header-twice': { en: 'Two columns are the same field.', zh: '两列对应同一字段。' },
  'persons.header-missing': {
    en: 'A required column is missing: a roster has at least name and community.',
    zh: '缺少必需的列：名册至少应有姓名和居委。',
  },
  'persons.map-unknown-field': {
    en: 'A column is mapped to a field that does not exist.',
    zh: '列所指定的字段不存在。',
  },
  'persons.map-unknown-header': {
    en: 'A column that was mapped is not in the file.',
    zh: '所指定的列不在文件中。',
  },
  'persons.import-running': {
    en: 'Another import is running. Try again when it has ended.',
    zh: '另一导入正在进行，请稍后再试。',
  },
  'persons.bad-value': {
    en: 'What was entered of this person is not right; each field is named.',
    zh: '所填人员信息有误，详见各字段。',
  },
  'persons.unknown-household': { en: 'There is no such household.', zh: '没有此住户。' },
  'persons.number-taken': {
    en: 'This number is already somebody else’s. Register the person again without it.',
    zh: '该编号已属他人，请不带编号重新登记。',
  },
  'persons.number-not-kept': {
    en: 'This number was not kept for any device. Register the person without it.',
    zh: '该编号未预留给任何设备，请不带编号重新登记。',
  },
  'persons.already-merged': {
    en: 'This number is already merged into another one.',
    zh: '该编号已并入其他编号。',
  },
  'persons.cannot-merge': {
    en: 'A number cannot be merged into itself or into one that is merged away.',
    zh: '不能并入自身或已被合并的编号。',
  },
  'persons.unknown-person': { en: 'No such person is on the register.', zh: '登记册中没有此人。' },
  'persons.reader-required': { en: 'Whoever asks for names is named.', zh: '须注明查询人。' },
  'persons.reason-required': {
    en: 'Names are read for a reason of 1 to 500 characters.',
    zh: '查询姓名须填写理由（1至500字）。',
  },
  'persons.too-many-names': {
    en: 'Too many names in one reading.',
    zh: '一次查询的人数过多。',
  },
  'persons.empty-query': { en: 'Nothing to look for.', zh: '没有填写查询内容。' },
} as const satisfies Record<string, Label>;
