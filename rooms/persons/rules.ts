import { type Static, Type } from 'typebox';
import { limits } from '../../kernel/limits.ts';

/** The kinds of document that a roster may name. */
export const documentTypes = [
  'resident-id',
  'passport',
  'hk-macao-permit',
  'taiwan-permit',
  'household-book',
  'other',
] as const;
export type DocumentType = (typeof documentTypes)[number];

/** The values of GB/T 2261.1 that a register needs; x is unknown or not stated. */
export const sexes = ['m', 'f', 'x'] as const;
export type Sex = (typeof sexes)[number];

/** Rule PE-4. Source: GB/T 2261.1-2003 (0 unknown, 1 male, 2 female, 9 not stated) and usage. */
export const sexNames: ReadonlyMap<string, Sex> = new Map<string, Sex>([
  ...pairs<Sex>('m', '男 男性 m male 1'),
  ...pairs<Sex>('f', '女 女性 f female 2'),
  ...pairs<Sex>('x', '未知 未说明 其他 x other unknown 0 9'),
]);

/** Rule PE-7. Names of documents as rosters write them, folded to lower case without spaces. */
export const documentTypeNames: ReadonlyMap<string, DocumentType | 'none'> = new Map([
  ...pairs(
    'resident-id' as const,
    '身份证 居民身份证 二代身份证 第二代身份证 residentid idcard id',
  ),
  ...pairs(
    'resident-id' as const,
    '港澳台居民居住证 港澳居民居住证 台湾居民居住证 residencepermit',
  ),
  ...pairs('resident-id' as const, '外国人永久居留身份证'),
  ...pairs('passport' as const, '护照 外国护照 中国护照 passport'),
  ...pairs(
    'hk-macao-permit' as const,
    '港澳通行证 港澳居民来往内地通行证 回乡证 hkmacaopermit hkmacao',
  ),
  ...pairs('taiwan-permit' as const, '台胞证 台湾居民来往大陆通行证 taiwanpermit taiwan'),
  ...pairs('household-book' as const, '户口簿 户口本 居民户口簿 householdbook householdregister'),
  ...pairs('other' as const, '其他 其它 军官证 士兵证 出生证 出生医学证明 other'),
  ...pairs('none' as const, '无 没有 无证件 none'),
]);

/**
 * Rule PE-7. What the numbers look like; wide enough for every issue still in use. Permits for
 * Hong Kong and Macao: a letter and 8 digits, before 2012 with 2 more. For Taiwan: 8 digits,
 * before 2015 10 and perhaps a letter. Passports: ICAO 9303 allows 9, older ones had more.
 */
export const documentShapes: Readonly<Record<DocumentType, RegExp>> = {
  'resident-id': /^\d{17}[\dX]$/,
  passport: /^[A-Z0-9]{5,17}$/,
  'hk-macao-permit': /^[HM]\d{8}(?:\d{2})?$/,
  'taiwan-permit': /^\d{8}(?:\d{2}[A-Z]?)?$/,
  'household-book': /^[\p{L}\p{N}()/-]{2,40}$/u,
  other: /^[\p{L}\p{N}()/-]{2,40}$/u,
};

/**
 * Rule PE-5. The greatest age on record is 122 years; numbers for tests are made with births from
 * 1880, which no living person can have. Anything earlier is a slip of the keyboard.
 */
export const bornOnEarliest = '1870-01-01';

/** The longest name on Chinese documents has 50 characters; foreign ones are given the double. */
export const nameCharsMax = 100;

/** How the register is kept; settings of the operation. */
export const policySchema = Type.Object(
  {
    /** Names in one logged read: a page of a list, never the district. */
    namesPerReadMax: Type.Integer({ minimum: 1, maximum: 10_000 }),
  },
  { additionalProperties: false },
);
export type PersonsPolicy = Static<typeof policySchema>;

/** Rule PE-14. Shipped settings. Persons: the longest page that a list may have. */
export const policyDefaults: PersonsPolicy = { namesPerReadMax: limits.pageRowsMax };

function pairs<T>(value: T, names: string): [string, T][] {
  return names.split(' ').map((name) => [name, value]);
}
