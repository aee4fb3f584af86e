import {
  type InputCell,
  type InputPlace,
  InputRefused,
  refuseInput,
} from '../../../adapters/exchange/columns.ts';
import type { Label } from '../../../ledger/room.ts';

/** Why a list of cases, places or finds is not taken. Codes are never renamed, only retired. */
export const listReasons = {
  'trend.report-before-onset': {
    en: 'The report is earlier than the onset',
    zh: '报告日期早于发病日期',
  },
  'trend.nothing-reported': { en: 'Nothing was reported by the day asked', zh: '截至该日无报告' },
  'trend.row-twice': { en: 'The same row is there twice', zh: '重复行' },
  'trend.unknown-found-in': {
    en: 'Not a way in which cases are found',
    zh: '未知的发现途径',
  },
  'trend.no-population': { en: 'There is no population for the place', zh: '缺少人口数' },
  'trend.unknown-place': { en: 'The place is not among the places', zh: '地点不在名单中' },
  'trend.not-a-position': { en: 'Not a longitude or latitude', zh: '不是经纬度' },
  'trend.bad-rule': { en: 'Not settings of the trend', zh: '不是研判规则的设置' },
  'trend.too-many-places': { en: 'Too many places', zh: '地点过多' },
} as const satisfies Record<string, Label>;

/** Stops the reading with a code of this module and the place. */
export function refuseList(code: keyof typeof listReasons, place: InputPlace): never {
  throw new InputRefused(code, listReasons[code].en, place);
}

/** A cell that is asked of a row; columns that are there are in every row. */
export function cellOf(row: { readonly [name: string]: InputCell }, name: string): InputCell {
  const cell = row[name];
  if (cell !== undefined) return cell;
  const place = { file: '', row: null, column: name, value: null };
  return refuseInput('exchange.column-missing', place);
}

/** A text that must be there. */
export function toText({ text, place }: InputCell): string {
  if (text === '') refuseInput('exchange.value-missing', place);
  return text;
}

/** Degrees east or north. */
export function toDegrees({ text, place }: InputCell, most: number): number {
  if (text === '') refuseInput('exchange.value-missing', place);
  const value = Number(text);
  if (!Number.isFinite(value)) refuseInput('exchange.not-a-number', place);
  if (Math.abs(value) > most) refuseList('trend.not-a-position', place);
  return value;
}
