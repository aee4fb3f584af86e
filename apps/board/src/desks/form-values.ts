import type { Json, JsonObject, Schema } from '../api/types.ts';
import { fromLocalText, toLocalText } from '../language/format.ts';

/** What a form holds while it is being filled in: texts as typed, not yet values. */
export type Draft = string | boolean | readonly string[] | DraftObject | readonly DraftObject[];
export interface DraftObject {
  readonly [name: string]: Draft;
}

/** How a field is asked for: told by its name and schema, so that every act has a form. */
export type FieldKind =
  | 'choice'
  | 'choices'
  | 'switch'
  | 'instant'
  | 'day'
  | 'number'
  | 'scan'
  | 'bilingual'
  | 'group'
  | 'rows'
  | 'holder'
  | 'place'
  | 'reference'
  | 'code'
  | 'ct'
  | 'codes'
  | 'long-text'
  | 'text';

/** Something wrong in a form, before it is sent: the field by its path, and what it lacks. */
export interface FormFault {
  readonly path: string;
  readonly fault:
    | 'required'
    | 'number'
    | 'date'
    | 'pattern'
    | 'range'
    | 'too-long'
    | 'both-languages';
  /** The line of a scanned list, when only one of its lines is wrong. */
  readonly text?: string;
}

const instantName = /(At|^until)$/;
const dayName = /(On|^on)$/;
const holderNames = ['from', 'to', 'responsible', 'appealTo', 'holder', 'driver', 'owner'];
const longTextNames = ['note', 'grounds', 'evidence', 'remark'];

/** Fields that name another thing on record, by the kind of thing. */
export const referenceKinds: { readonly [name: string]: string } = {
  round: 'round',
  point: 'point',
  laboratory: 'point',
  facility: 'point',
  unit: 'unit',
  transfer: 'transfer',
  vehicle: 'vehicle',
  stay: 'stay',
};

/** The schema without the alternative "null", which is the same as leaving the field out. */
export function withoutNull(schema: Schema): { schema: Schema; nullable: boolean } {
  const options = schema.anyOf ?? [];
  const kept = options.filter(({ type }) => type !== 'null');
  if (kept.length === options.length) return { schema, nullable: false };
  const [only] = kept;
  return {
    schema: kept.length === 1 && only !== undefined ? only : { anyOf: kept },
    nullable: true,
  };
}

/** The values of a field that is one of a few; null when it is free. */
export function constantsOf(schema: Schema): readonly Json[] | null {
  if (schema.enum !== undefined) return schema.enum;
  if (schema.const !== undefined) return [schema.const];
  const options = schema.anyOf;
  if (options === undefined || options.length === 0) return null;
  const values = options.map((option) => option.const);
  return values.every((value) => value !== undefined) ? values : null;
}

/** How a field is asked for. */
export function fieldKind(name: string, whole: Schema): FieldKind {
  const { schema } = withoutNull(whole);
  if (name === 'ct' && schema.anyOf !== undefined) return 'ct';
  if (constantsOf(schema) !== null) return 'choice';
  if (schema.type === 'boolean') return 'switch';
  if (schema.type === 'array') {
    const items = schema.items ?? {};
    if (constantsOf(items) !== null) return 'choices';
    if (items.type === 'object') return 'rows';
    return isCode(items) ? 'codes' : 'scan';
  }
  if (schema.type === 'object') {
    const names = Object.keys(schema.properties ?? {});
    return names.length === 2 && names.includes('zh') && names.includes('en')
      ? 'bilingual'
      : 'group';
  }
  if (schema.type === 'integer' || schema.type === 'number') {
    return instantName.test(name) ? 'instant' : 'number';
  }
  return textKind(name, schema);
}

/** A code of a list that may grow: small letters, digits and hyphens. */
function isCode({ pattern }: Schema): boolean {
  return pattern?.startsWith('^[a-z0-9]') === true;
}

function textKind(name: string, schema: Schema): FieldKind {
  if (schema.format === 'date' || dayName.test(name)) return 'day';
  if (holderNames.includes(name) && (schema.pattern ?? '').includes('user')) return 'holder';
  if (name === 'place' || name === 'from') return 'place';
  if (isCode(schema)) return 'code';
  if (referenceKinds[name] !== undefined) return 'reference';
  return longTextNames.includes(name) ? 'long-text' : 'text';
}

/** A form before anybody has typed in it, with what is already known filled in. */
export function emptyDraft(schema: Schema, known: JsonObject = {}): DraftObject {
  const draft: Record<string, Draft> = {};
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const value = known[name] ?? property.default;
    draft[name] =
      value === undefined || value === null ? blank(name, property) : typed(name, property, value);
  }
  return draft;
}

/** Genes that a discharge rule asks about; a laboratory with others records them at its plates. */
export const ctTargets = ['ORF1ab', 'N'] as const;

function blank(name: string, property: Schema): Draft {
  const { schema } = withoutNull(property);
  switch (fieldKind(name, property)) {
    case 'switch':
      return false;
    case 'choices':
    case 'rows':
      return [];
    case 'bilingual':
    case 'group':
      return emptyDraft(schema);
    case 'ct':
      return Object.fromEntries(ctTargets.map((target) => [target, '']));
    default:
      return '';
  }
}

function typed(name: string, property: Schema, value: Json): Draft {
  const { schema } = withoutNull(property);
  const kind = fieldKind(name, property);
  if (kind === 'switch') return value === true;
  if (kind === 'instant') return typeof value === 'number' ? toLocalText(value) : '';
  if (kind === 'choices' && Array.isArray(value)) return value.map(String);
  if ((kind === 'scan' || kind === 'codes') && Array.isArray(value))
    return value.map(String).join('\n');
  if (kind === 'rows' && Array.isArray(value)) {
    return value.map((row) => emptyDraft(schema.items ?? {}, row as JsonObject));
  }
  if (kind === 'bilingual' || kind === 'group') return emptyDraft(schema, value as JsonObject);
  return String(value);
}

/** What a form says, as the act's body; or what is wrong with it. */
export function readDraft(
  schema: Schema,
  draft: DraftObject,
  at = '',
): { body: JsonObject; faults: readonly FormFault[] } {
  const body: Record<string, Json> = {};
  const faults: FormFault[] = [];
  const required = new Set(schema.required ?? []);
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const path = `${at}/${name}`;
    const read = readField(name, property, draft[name] ?? '', path);
    faults.push(...read.faults);
    if (read.value !== undefined) body[name] = read.value;
    else if (withoutNull(property).nullable && required.has(name)) body[name] = null;
    else if (required.has(name) && read.faults.length === 0) {
      if (fieldKind(name, property) === 'switch') body[name] = false;
      else faults.push({ path, fault: 'required' });
    }
  }
  return { body, faults };
}

interface Read {
  readonly value: Json | undefined;
  readonly faults: readonly FormFault[];
}

const nothing: Read = { value: undefined, faults: [] };

function readField(name: string, property: Schema, draft: Draft, path: string): Read {
  const { schema } = withoutNull(property);
  const kind = fieldKind(name, property);
  if (kind === 'switch') return { value: draft === true ? true : undefined, faults: [] };
  if (kind === 'choices') return readChoices(schema, draft as readonly string[]);
  if (kind === 'rows') return readRows(schema, draft as readonly DraftObject[], path);
  if (kind === 'ct') return readCt(draft as DraftObject, path);
  if (kind === 'bilingual') return readBilingual(draft as DraftObject, path);
  if (kind === 'group') return readGroup(schema, draft as DraftObject, path);
  const text = String(draft).trim();
  if (kind === 'scan' || kind === 'codes') return readScan(schema, text, path);
  if (text === '') return nothing;
  return readText({ kind, schema, text, path });
}

function readText(field: { kind: FieldKind; schema: Schema; text: string; path: string }): Read {
  const { kind, schema, text, path } = field;
  const fault = (why: FormFault['fault']): Read => ({
    value: undefined,
    faults: [{ path, fault: why }],
  });
  if (kind === 'choice') {
    const value = constantsOf(schema)?.find((each) => String(each) === text);
    return value === undefined ? fault('required') : { value, faults: [] };
  }
  if (kind === 'instant') {
    const at = fromLocalText(text);
    return at === null ? fault('date') : { value: at, faults: [] };
  }
  if (kind === 'number') return readNumber(schema, text, path);
  const whole = kind === 'holder' && !/^(user|role):/.test(text) ? `user:${text}` : text;
  const folded = isLabel(schema) ? foldLabel(whole) : whole;
  if (schema.pattern !== undefined && !new RegExp(schema.pattern).test(folded))
    return fault('pattern');
  if (folded.length > (schema.maxLength ?? Infinity)) return fault('too-long');
  return { value: folded, faults: [] };
}

/** Labels of tubes and boxes are capitals: what a keyboard or a phone typed is folded to them. */
function isLabel({ pattern }: Schema): boolean {
  return pattern?.startsWith('^[A-Z0-9]') === true;
}

/** Full width to half, small to capital, spaces out: as the server folds labels. */
export function foldLabel(text: string): string {
  return text.normalize('NFKC').replace(/\s+/g, '').toUpperCase();
}

function readNumber(schema: Schema, text: string, path: string): Read {
  const value = Number(text.normalize('NFKC').replace(/[\s,]/g, ''));
  const whole = schema.type !== 'integer' || Number.isInteger(value);
  if (!Number.isFinite(value) || !whole)
    return { value: undefined, faults: [{ path, fault: 'number' }] };
  const inside = value >= (schema.minimum ?? -Infinity) && value <= (schema.maximum ?? Infinity);
  return inside ? { value, faults: [] } : { value: undefined, faults: [{ path, fault: 'range' }] };
}

function readChoices(schema: Schema, chosen: readonly string[]): Read {
  const all = constantsOf(schema.items ?? {}) ?? [];
  return { value: all.filter((each) => chosen.includes(String(each))), faults: [] };
}

function readRows(schema: Schema, rows: readonly DraftObject[], path: string): Read {
  const reads = rows.map((row, index) => readDraft(schema.items ?? {}, row, `${path}/${index}`));
  const faults = reads.flatMap((read) => read.faults);
  if (rows.length < (schema.minItems ?? 0)) faults.push({ path, fault: 'required' });
  return { value: reads.map(({ body }) => body), faults };
}

function readBilingual(draft: DraftObject, path: string): Read {
  const zh = String(draft['zh'] ?? '').trim();
  const en = String(draft['en'] ?? '').trim();
  if (zh === '' && en === '') return nothing;
  if (zh === '' || en === '')
    return { value: undefined, faults: [{ path, fault: 'both-languages' }] };
  return { value: { zh, en }, faults: [] };
}

/** Ct by gene; nothing amplified in any of them is negative. */
function readCt(draft: DraftObject, path: string): Read {
  const values: [string, number | null][] = ctTargets.map((target) => {
    const text = String(draft[target] ?? '').trim();
    return [target, text === '' ? null : Number(text.normalize('NFKC'))];
  });
  if (values.every(([, ct]) => ct === null)) return { value: 'negative', faults: [] };
  const wrong = values.some(([, ct]) => ct !== null && !(ct >= 0 && ct <= 60));
  if (wrong) return { value: undefined, faults: [{ path, fault: 'range' }] };
  return { value: Object.fromEntries(values), faults: [] };
}

function readGroup(schema: Schema, draft: DraftObject, path: string): Read {
  const touched = Object.values(draft).some((value) => value !== '' && value !== false);
  if (!touched) return nothing;
  const { body, faults } = readDraft(schema, draft, path);
  return { value: body, faults };
}

/** The lines of a scanned list: one code a line, or several parted by commas or spaces. */
export function scannedLines(text: string): readonly string[] {
  return text
    .normalize('NFKC')
    .split(/[\s,;、]+/)
    .filter((line) => line !== '');
}

function readScan(schema: Schema, text: string, path: string): Read {
  const items = schema.items ?? {};
  const numbers = items.type === 'integer' || items.type === 'number';
  const values: Json[] = [];
  const faults: FormFault[] = [];
  for (const line of scannedLines(text)) {
    const folded = isLabel(items) ? line.toUpperCase() : line;
    const fits = items.pattern === undefined || new RegExp(items.pattern).test(folded);
    if (numbers && !Number.isSafeInteger(Number(line)))
      faults.push({ path, fault: 'number', text: line });
    else if (!fits) faults.push({ path, fault: 'pattern', text: line });
    else values.push(numbers ? Number(line) : folded);
  }
  if (values.length === 0 && faults.length === 0) {
    return (schema.minItems ?? 0) > 0 ? nothing : { value: [], faults };
  }
  return { value: values, faults };
}
