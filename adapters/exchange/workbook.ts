import { Archive } from './archive.ts';
import type { FileLimits } from './limits.ts';
import { FileRefused } from './refusal.ts';
import { StringPool } from './string-pool.ts';
import { readWhole } from './xml.ts';

/** A sheet that people can see. */
export interface SheetRef {
  readonly name: string;
  readonly part: string;
}

/** What must be known of a workbook before the cells of a sheet mean anything. */
export interface Workbook {
  readonly archive: Archive;
  readonly sheets: readonly SheetRef[];
  /** Days count from 1904, as older Macintosh versions write it. */
  readonly from1904: boolean;
  /** [cell formats] whether numbers of this format are shown as days. */
  readonly isDateFormat: readonly boolean[];
  readonly strings: StringPool;
}

/** Opens a workbook (ECMA-376) and reads all but its sheets. */
export async function openWorkbook(path: string, limits: FileLimits): Promise<Workbook> {
  const archive = await Archive.open(path, limits);
  try {
    const { sheets, from1904, parts } = await readBook(archive, limits);
    const styles = parts.get('styles');
    const isDateFormat = styles === undefined ? [] : await readStyles(archive, styles, limits);
    const strings = await readStrings(archive, parts.get('sharedStrings'), limits);
    return { archive, sheets, from1904, isDateFormat, strings };
  } catch (error) {
    archive.close();
    throw error;
  }
}

interface Book {
  readonly sheets: readonly SheetRef[];
  readonly from1904: boolean;
  /** Parts by the last word of their relation's type: `styles`, `sharedStrings`. */
  readonly parts: ReadonlyMap<string, string>;
}

async function readBook(archive: Archive, limits: FileLimits): Promise<Book> {
  const book = await findBook(archive, limits);
  const folder = book.slice(0, book.lastIndexOf('/') + 1);
  const relations = `${folder}_rels/${book.slice(folder.length)}.rels`;
  const parts = new Map<string, string>();
  const targets = new Map<string, string>();
  const small = limits.smallPartBytesMax;
  const onRelation = (name: string, { Id, Type, Target }: Record<string, string>): void => {
    if (name !== 'Relationship' || Target === undefined) return;
    const part = Target.startsWith('/') ? Target.slice(1) : folder + Target;
    if (Id !== undefined) targets.set(Id, part);
    const type = Type?.slice(Type.lastIndexOf('/') + 1);
    if (type !== undefined && archive.has(part)) parts.set(type, part);
  };
  await readWhole(await archive.stream(relations, small), { open: onRelation }, limits);
  const sheets: SheetRef[] = [];
  let from1904 = false;
  const onBook = (name: string, attributes: Record<string, string>): void => {
    if (name === 'workbookPr') from1904 = /^(?:1|true)$/.test(attributes['date1904'] ?? '');
    if (name !== 'sheet' || (attributes['state'] ?? 'visible') !== 'visible') return;
    const part = targets.get(attributes['r:id'] ?? '');
    if (part !== undefined) sheets.push({ name: attributes['name'] ?? '', part });
  };
  await readWhole(await archive.stream(book, small), { open: onBook }, limits);
  return { sheets, from1904, parts };
}

async function findBook(archive: Archive, limits: FileLimits): Promise<string> {
  let book = 'xl/workbook.xml';
  if (!archive.has('_rels/.rels')) throw new FileRefused('exchange.not-text');
  const stream = await archive.stream('_rels/.rels', limits.smallPartBytesMax);
  const open = (_: string, { Type, Target }: Record<string, string>): void => {
    if (Type?.endsWith('/officeDocument') === true && Target !== undefined) {
      book = Target.replace(/^\//, '');
    }
  };
  await readWhole(stream, { open }, limits);
  if (!archive.has(book)) throw new FileRefused('exchange.not-text');
  return book;
}

/** Built-in number formats that show a day; 27 to 36 and 50 to 58 are the East Asian ones. */
function isBuiltInDate(id: number): boolean {
  return (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
}

/** Whether a format shows years or days; quoted text, brackets and escapes are not format codes. */
export function showsDay(format: string): boolean {
  return /[yd]/i.test(format.replace(/"[^"]*"|\[[^\]]*\]|\\./g, ''));
}

async function readStyles(archive: Archive, part: string, limits: FileLimits): Promise<boolean[]> {
  const custom = new Map<number, boolean>();
  const formats: boolean[] = [];
  let isInCells = false;
  const open = (name: string, attributes: Record<string, string>): void => {
    const id = Number(attributes['numFmtId'] ?? 0);
    if (name === 'numFmt') custom.set(id, showsDay(attributes['formatCode'] ?? ''));
    if (name === 'cellXfs') isInCells = true;
    if (name === 'xf' && isInCells) formats.push(custom.get(id) ?? isBuiltInDate(id));
  };
  const close = (name: string): void => {
    if (name === 'cellXfs') isInCells = false;
  };
  const stream = await archive.stream(part, limits.smallPartBytesMax);
  await readWhole(stream, { open, close }, limits);
  return formats;
}

async function readStrings(
  archive: Archive,
  part: string | undefined,
  limits: FileLimits,
): Promise<StringPool> {
  const pool = new StringPool(limits);
  if (part === undefined) return pool;
  const stream = await archive.stream(part, limits.stringsBytesMax);
  let text = '';
  let isText = false;
  let phonetics = 0;
  const handler = {
    open: (name: string): void => {
      if (name === 'si') text = '';
      // Phonetic runs repeat the text in another script: they are no part of it.
      else if (name === 'rPh') phonetics += 1;
      else if (name === 't') isText = phonetics === 0;
    },
    close: (name: string): void => {
      if (name === 'si') pool.add(text);
      else if (name === 'rPh') phonetics -= 1;
      else if (name === 't') isText = false;
    },
    text: (piece: string): void => {
      if (isText) text += piece;
    },
  };
  await readWhole(stream, handler, limits);
  return pool;
}
