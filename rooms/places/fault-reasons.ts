import type { Label } from '../../ledger/room.ts';

/** Rule PL-6. Why a home or a place of a file is not taken. Codes are never renamed. */
export const placeFaultReasons = {
  'places.unknown-town': {
    en: 'No such town in the tree; create it, or import with --create-places',
    zh: '没有这个街镇；请先建立，或导入时加 --create-places',
  },
  'places.unknown-community': {
    en: 'No such community in the tree; create it, or import with --create-places',
    zh: '没有这个居委；请先建立，或导入时加 --create-places',
  },
  'places.ambiguous-town': {
    en: 'Several towns have this name; give the code',
    zh: '有多个同名街镇，请填代码',
  },
  'places.ambiguous-community': {
    en: 'Several communities have this name; give the town, the full name or the code',
    zh: '有多个同名居委，请填街镇、全称或代码',
  },
  'places.community-not-in-town': {
    en: 'The community lies in another town',
    zh: '该居委不属于此街镇',
  },
  'places.town-missing': {
    en: 'The town is required before a community can be created',
    zh: '新建居委须填街镇',
  },
  'places.which-district': {
    en: 'The tree has several districts; create the town by itself first',
    zh: '有多个区，请先单独建立街镇',
  },
  'places.bad-code': {
    en: 'A code has letters, digits and hyphens, at most 60',
    zh: '代码只能含字母、数字和连字符，最多60个',
  },
  'places.code-twice': { en: 'The code stands in an earlier row', zh: '前面已有相同代码' },
  'places.bad-kind': {
    en: 'The kind is city, district, town, community, compound or building',
    zh: '类别应为市、区、街镇、居委、小区或楼栋',
  },
  'places.kind-missing': {
    en: 'The kind is required where the code is not an official one',
    zh: '非官方代码须填类别',
  },
  'places.label-missing': { en: 'A name is required', zh: '缺少名称' },
  'places.label-too-long': {
    en: 'The name is longer than 100 characters',
    zh: '名称超过100个字符',
  },
  'places.unknown-parent': {
    en: 'The parent is neither in the tree nor taken from this file',
    zh: '上级不在目录中，也未从本文件导入',
  },
  'places.wrong-parent': {
    en: 'A place of this kind cannot lie in its parent',
    zh: '上级类别不符',
  },
  'places.parent-changed': {
    en: 'A place that is on record cannot change its parent or kind',
    zh: '已登记的地点不能更换上级或类别',
  },
} as const satisfies Record<string, Label>;

export type PlaceFaultCode = keyof typeof placeFaultReasons;

/** Why a file of places or an act at a point is refused, and what is found of a point. */
export const placeRefusalReasons = {
  'places.unknown-header': { en: 'A column is not known.', zh: '有无法识别的列。' },
  'places.header-twice': { en: 'Two columns are the same field.', zh: '两列对应同一字段。' },
  'places.header-missing': {
    en: 'A required column is missing: a place has at least a code and a name.',
    zh: '缺少必需的列：地点至少应有代码和名称。',
  },
  'places.unknown-place': { en: 'No place has this code.', zh: '没有此代码的地点。' },
  'places.not-a-home': {
    en: 'People live in a community, a compound or a building.',
    zh: '住址应为居委、小区或楼栋。',
  },
  'places.point-already-open': { en: 'This point is open.', zh: '该点位已启用。' },
  'places.point-not-open': {
    en: 'This point is not open.',
    zh: '该点位未启用。',
  },
  'places.position-incomplete': {
    en: 'A position has both a longitude and a latitude.',
    zh: '位置须同时有经度和纬度。',
  },
  'places.point-opened-twice': {
    en: 'This point is on record as opened with another kind or at another place.',
    zh: '该点位的启用记录在类别或地点上不一致。',
  },
} as const satisfies Record<string, Label>;
