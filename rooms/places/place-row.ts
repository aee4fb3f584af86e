import { type Refusal, refuse } from '../../ledger/decision.ts';
import type { PlaceFaultCode } from './fault-reasons.ts';
import {
  foldLabel,
  kindOfOfficialCode,
  parentOfOfficialCode,
  type Place,
  placeCode,
  type PlaceKind,
  placeKinds,
} from './tree.ts';

/** What a file of places says of each. */
export const placeFields = ['code', 'kind', 'label_zh', 'label_en', 'parent'] as const;
export type PlaceField = (typeof placeFields)[number];

/** Where each field stands: a column index from 0, or -1. */
export type PlaceColumns = Readonly<Record<PlaceField, number>>;

const headers: ReadonlyMap<string, PlaceField> = new Map([
  ...named('code', 'code 代码 编码 区划代码'),
  ...named('kind', 'kind 类别 级别 类型'),
  ...named('label_zh', 'label_zh name 名称 中文名'),
  ...named('label_en', 'label_en name_en 英文名'),
  ...named('parent', 'parent parent_code town_code 上级 上级代码'),
]);

const kindNames: ReadonlyMap<string, PlaceKind> = new Map([
  ...placeKinds.map((kind): [string, PlaceKind] => [kind, kind]),
  ...kinds('city', '市'),
  ...kinds('district', '区 县 区县'),
  ...kinds('town', '街镇 街道 镇 乡 乡镇'),
  ...kinds('community', '居委 居委会 村委 村委会 居村委 社区'),
  ...kinds('compound', '小区'),
  ...kinds('building', '楼栋 楼'),
]);

/** Rule PL-10. Reads the header of a file of places: code and a name are required. */
export function readPlaceHeader(cells: readonly string[]): PlaceColumns | Refusal {
  const columns: Record<PlaceField, number> = {
    code: -1,
    kind: -1,
    label_zh: -1,
    label_en: -1,
    parent: -1,
  };
  for (const [index, cell] of cells.entries()) {
    const folded = cell
      .normalize('NFKC')
      .replace(/[\s\ufeff]/g, '')
      .toLowerCase();
    if (folded === '') continue;
    const field = headers.get(folded);
    if (field === undefined) return refuse('places.unknown-header', { header: cell });
    if (columns[field] >= 0) return refuse('places.header-twice', { header: cell });
    columns[field] = index;
  }
  const missing = (['code', 'label_zh'] as const).filter((field) => columns[field] < 0);
  if (missing.length > 0) return refuse('places.header-missing', { fields: missing });
  return columns;
}

/** Rule PL-10. Reads one place; official codes say their kind and parent themselves. */
export function parsePlaceRow(
  cells: readonly string[],
  columns: PlaceColumns,
): Place | { readonly field: PlaceField; readonly code: PlaceFaultCode } {
  const text = (field: PlaceField): string => (cells[columns[field]] ?? '').trim();
  const code = text('code').normalize('NFKC');
  if (!placeCode.test(code)) return { field: 'code', code: 'places.bad-code' };
  const kindText = foldLabel(text('kind')).toLowerCase();
  const kind = kindText === '' ? kindOfOfficialCode(code) : kindNames.get(kindText);
  if (kind === undefined) return { field: 'kind', code: 'places.bad-kind' };
  if (kind === null) return { field: 'kind', code: 'places.kind-missing' };
  const labelZh = text('label_zh');
  if (labelZh === '') return { field: 'label_zh', code: 'places.label-missing' };
  const labelEn = text('label_en');
  if (labelZh.length > 100) return { field: 'label_zh', code: 'places.label-too-long' };
  if (labelEn.length > 100) return { field: 'label_en', code: 'places.label-too-long' };
  const parentText = text('parent').normalize('NFKC');
  const parent = parentText === '' ? parentOfOfficialCode(code) : parentText;
  return { code, parent, kind, labelZh, labelEn: labelEn === '' ? null : labelEn };
}

function named(field: PlaceField, words: string): [string, PlaceField][] {
  return words.split(' ').map((word) => [word, field]);
}

function kinds(kind: PlaceKind, words: string): [string, PlaceKind][] {
  return words.split(' ').map((word) => [word, kind]);
}
