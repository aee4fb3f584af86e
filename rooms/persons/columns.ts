import type { Label } from '../../ledger/room.ts';
import { type Refusal, refuse } from '../../ledger/decision.ts';

/** What a roster says of a person, in the order in which screens show it. */
export const rosterFields = [
  'name',
  'sex',
  'born_on',
  'document_type',
  'document_number',
  'phone',
  'town',
  'community',
  'compound',
  'building',
  'room',
] as const;
export type RosterField = (typeof rosterFields)[number];

/** The headers of the model file, as the manual and the download print them. */
export const fieldLabels: Readonly<Record<RosterField, Label>> = {
  name: { en: 'name', zh: '姓名' },
  sex: { en: 'sex', zh: '性别' },
  born_on: { en: 'date of birth', zh: '出生日期' },
  document_type: { en: 'document type', zh: '证件类型' },
  document_number: { en: 'document number', zh: '证件号码' },
  phone: { en: 'phone', zh: '手机号' },
  town: { en: 'town', zh: '街镇' },
  community: { en: 'community', zh: '居委' },
  compound: { en: 'compound', zh: '小区' },
  building: { en: 'building', zh: '楼栋' },
  room: { en: 'room', zh: '室号' },
};

/** Headers in use besides the model's; folded: lower case, no spaces, hyphens or brackets. */
const aliases: Readonly<Record<RosterField, string>> = {
  name: '名字 人员姓名 居民姓名 fullname',
  sex: 'gender',
  born_on: '出生年月日 生日 出生日 bornon birthdate dob',
  document_type: '证件种类 证件类别 idtype',
  document_number: '证件号 身份证 身份证号 身份证号码 公民身份号码 idnumber documentno idno',
  phone: '手机 手机号码 电话 电话号码 联系电话 联系方式 mobile telephone phonenumber',
  town: '街道 镇 乡镇 街道镇 街道乡镇 所属街镇 subdistrict',
  community: '居委会 村居 居村 居村委 村居委 社区 居民委员会 所属居委 committee neighbourhood',
  compound: '小区名称 居住小区 estate',
  building: '楼 楼号 幢 栋 幢号 栋号 号 楼栋号',
  room: '室 房号 房间号 门牌 门牌号 flat household roomnumber',
};

const requiredFields: readonly RosterField[] = ['name', 'community'];

/** Where each field stands: a column index from 0, or -1. */
export type RosterColumns = Readonly<Record<RosterField, number>>;

/** Named by the reader of a file for a column to leave out. */
const ignore = 'ignore';

const fieldByHeader: ReadonlyMap<string, RosterField> = new Map(
  rosterFields.flatMap((field) =>
    [field, fieldLabels[field].en, fieldLabels[field].zh, ...aliases[field].split(' ')].map(
      (header): [string, RosterField] => [foldHeader(header), field],
    ),
  ),
);

/** A header without what people decorate it with: width, case, spaces, stars, "(required)". */
export function foldHeader(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\((?:必填|选填|required|optional)\)/g, '')
    .replace(/[\s_\-*()/:'"\u200b\ufeff]/g, '');
}

/** Whether a row looks like the header of a roster: a title above it does not. */
export function looksLikeHeader(
  cells: readonly string[],
  map: ReadonlyMap<string, string> = new Map(),
): boolean {
  const named = new Set([...map.keys()].map(foldHeader));
  const known = cells
    .map(foldHeader)
    .filter((header) => fieldByHeader.has(header) || named.has(header));
  return new Set(known).size >= 2;
}

/** A header read: where each field stands, and the words of the file for the error list. */
export interface RosterHeader {
  readonly kind: 'header';
  readonly columns: RosterColumns;
  readonly headers: readonly string[];
  /** Columns that are left out by wish; everything else without a field must stay empty. */
  readonly ignored: readonly number[];
}

/**
 * Rule PE-1. Reads the header of a roster. Every column is a field, or named by `map` as a field
 * or as `ignore`: a column that nobody understood would be information silently lost.
 */
export function readHeader(
  cells: readonly string[],
  map: ReadonlyMap<string, string>,
): RosterHeader | Refusal {
  const named = readMap(map);
  if (named.kind === 'refused') return named;
  const columns: Record<RosterField, number> = { ...noColumns };
  const ignored: number[] = [];
  const unknown: string[] = [];
  const pending = new Set(named.fields.keys());
  for (const [index, cell] of cells.entries()) {
    const folded = foldHeader(cell);
    if (folded === '') continue;
    pending.delete(folded);
    const field = named.fields.get(folded) ?? fieldByHeader.get(folded);
    if (field === undefined) unknown.push(cell.trim());
    else if (field === ignore) ignored.push(index);
    else if (columns[field] >= 0) {
      const headers = [cells[columns[field]] ?? '', cell];
      return refuse('persons.header-twice', { field, headers });
    } else columns[field] = index;
  }
  if (unknown.length > 0) return refuse('persons.unknown-header', { headers: unknown });
  if (pending.size > 0) return refuse('persons.map-unknown-header', { headers: [...pending] });
  const missing = requiredFields.filter((field) => columns[field] < 0);
  if (missing.length > 0) {
    const headers = missing.map((field) => `${fieldLabels[field].zh} ${fieldLabels[field].en}`);
    return refuse('persons.header-missing', { fields: missing, headers });
  }
  return { kind: 'header', columns, headers: cells.map((cell) => cell.trim()), ignored };
}

const noColumns = Object.fromEntries(rosterFields.map((field) => [field, -1])) as Record<
  RosterField,
  number
>;

type Named = { kind: 'named'; fields: ReadonlyMap<string, RosterField | typeof ignore> } | Refusal;

function readMap(map: ReadonlyMap<string, string>): Named {
  const fields = new Map<string, RosterField | typeof ignore>();
  for (const [header, wanted] of map) {
    const field = wanted === ignore ? ignore : fieldByHeader.get(foldHeader(wanted));
    if (field === undefined) {
      return refuse('persons.map-unknown-field', {
        field: wanted,
        fields: [...rosterFields, ignore],
      });
    }
    fields.set(foldHeader(header), field);
  }
  return { kind: 'named', fields };
}
