import type { Json } from '../../kernel/assert.ts';
import type { Label } from '../../ledger/room.ts';

/** Why a whole file is not read. Codes are never renamed, only retired. */
export const fileReasons = {
  'exchange.empty-file': { en: 'The file has no rows', zh: '文件为空' },
  'exchange.file-too-large': { en: 'The file is too large', zh: '文件过大' },
  'exchange.not-text': {
    en: 'The file is neither a text file nor an XLSX workbook',
    zh: '文件既不是文本也不是XLSX工作簿',
  },
  'exchange.xls-not-supported': {
    en: 'Old Excel or password-protected workbook; save it as XLSX without a password or as CSV',
    zh: '旧版或加密的Excel文件，请另存为无密码的XLSX或CSV',
  },
  'exchange.csv-unclosed-quote': {
    en: 'A quotation mark is opened and never closed',
    zh: '引号未闭合',
  },
  'exchange.csv-row-too-long': {
    en: 'A row is too long; a quotation mark may be open',
    zh: '某行过长，可能有引号未闭合',
  },
  'exchange.csv-malformed': { en: 'The text is not a table', zh: 'CSV格式错误' },
  'exchange.too-many-rows': { en: 'Too many rows', zh: '行数过多' },
  'exchange.too-many-columns': { en: 'Too many columns', zh: '列数过多' },
  'exchange.xlsx-malformed': { en: 'The workbook is damaged', zh: '工作簿已损坏' },
  'exchange.xlsx-encrypted': { en: 'The workbook is encrypted', zh: '工作簿已加密' },
  'exchange.xlsx-too-many-entries': { en: 'The workbook has too many parts', zh: '工作簿部件过多' },
  'exchange.xlsx-too-large': { en: 'The workbook unpacks to too much', zh: '工作簿解压后过大' },
  'exchange.xlsx-compression-ratio': {
    en: 'The workbook unpacks to a suspicious multiple of its size',
    zh: '工作簿压缩比异常',
  },
  'exchange.xlsx-too-many-strings': { en: 'The workbook has too many texts', zh: '工作簿文本过多' },
  'exchange.xlsx-no-sheet': { en: 'The workbook has no sheet with rows', zh: '工作簿没有内容' },
  'exchange.xlsx-unknown-sheet': { en: 'No sheet has this name', zh: '没有此名称的工作表' },
  'exchange.xlsx-several-sheets': {
    en: 'Several sheets have rows; name the one to read, or put all rows on one',
    zh: '多个工作表有内容，请指定一个，或合并到一个工作表',
  },
  'exchange.merged-cells': {
    en: 'Cells are merged over several rows; unmerge them and fill every row',
    zh: '有跨行合并的单元格，请取消合并并逐行填写',
  },
} as const satisfies Record<string, Label>;

/** Why one cell is not read, whatever it should have held. */
export const cellReasons = {
  'exchange.formula-cell': {
    en: 'A formula; enter the value itself',
    zh: '单元格为公式，请填写数值本身',
  },
  'exchange.error-cell': { en: 'The spreadsheet shows an error here', zh: '单元格为错误值' },
  'exchange.cell-too-long': { en: 'Longer than 500 characters', zh: '内容超过500个字符' },
  'exchange.undecodable-character': {
    en: 'A character could not be read, or is a control character',
    zh: '含有无法识别的字符或控制字符',
  },
  'exchange.line-break-in-cell': {
    en: 'A line break; a quotation mark may be open',
    zh: '单元格内换行，可能有引号未闭合',
  },
  'exchange.number-shown-as-date': {
    en: 'The spreadsheet has turned this text into a date; format the column as text',
    zh: '表格软件把文本变成了日期，请把该列设为文本后重新录入',
  },
  'exchange.cell-without-header': {
    en: 'A value in a column without a header',
    zh: '该列没有表头',
  },
} as const satisfies Record<string, Label>;

export type FileRefusalCode = keyof typeof fileReasons;
export type CellRefusalCode = keyof typeof cellReasons;

/**
 * Thrown while a file is being read, and caught where the reading was asked for: a file is read in
 * a stream, and its refusal may come after a million rows.
 */
export class FileRefused extends Error {
  override name = 'FileRefused';
  readonly code: string;
  readonly details: { readonly [k: string]: Json };

  constructor(code: FileRefusalCode, details: { readonly [k: string]: Json } = {}) {
    super(fileReasons[code].en);
    this.code = code;
    this.details = details;
  }
}
