import type { Label } from '../../../ledger/room.ts';

/** Where labels stand on a sheet or a roll; all lengths in mm. */
export interface Layout {
  readonly label: Label;
  readonly page: { readonly width: number; readonly height: number };
  readonly columns: number;
  readonly rows: number;
  readonly labelWidth: number;
  readonly labelHeight: number;
  /** From the left edge of a label to that of the next, and from top to top. */
  readonly pitchX: number;
  readonly pitchY: number;
  /** Kept free inside a label: die cuts and printers are a millimetre or two off. */
  readonly inset: number;
}

const a4 = { width: 210, height: 297 };
const letter = { width: 215.9, height: 279.4 };

/**
 * SC-15. Sheets and rolls that are sold everywhere, by their makers' own measures: L7651 and its
 * like (65 on A4), the 24 on A4 without gaps, Avery 5160 (30 on Letter), and two rolls of
 * label printers with one label a page.
 */
export const layouts = {
  'a4-65': {
    label: { en: 'A4 sheet, 65 labels of 38.1 × 21.2 mm', zh: 'A4 整张 65 枚（38.1×21.2 毫米）' },
    page: a4,
    columns: 5,
    rows: 13,
    labelWidth: 38.1,
    labelHeight: 21.2,
    pitchX: 40.64,
    pitchY: 21.2,
    inset: 2,
  },
  'a4-24': {
    label: { en: 'A4 sheet, 24 labels of 70 × 37 mm', zh: 'A4 整张 24 枚（70×37 毫米）' },
    page: a4,
    columns: 3,
    rows: 8,
    labelWidth: 70,
    labelHeight: 37,
    pitchX: 70,
    pitchY: 37,
    // Without gaps to the paper's edge: most printers leave 4 to 5 mm there unprinted.
    inset: 5,
  },
  'letter-30': {
    label: {
      en: 'Letter sheet, 30 labels of 66.7 × 25.4 mm',
      zh: '美式信纸 30 枚（66.7×25.4 毫米）',
    },
    page: letter,
    columns: 3,
    rows: 10,
    labelWidth: 66.675,
    labelHeight: 25.4,
    pitchX: 69.85,
    pitchY: 25.4,
    inset: 2.5,
  },
  'roll-50x25': {
    label: { en: 'Roll, 50 × 25 mm', zh: '卷装标签（50×25 毫米）' },
    page: { width: 50, height: 25 },
    columns: 1,
    rows: 1,
    labelWidth: 50,
    labelHeight: 25,
    pitchX: 50,
    pitchY: 25,
    inset: 2,
  },
  'roll-60x40': {
    label: { en: 'Roll, 60 × 40 mm', zh: '卷装标签（60×40 毫米）' },
    page: { width: 60, height: 40 },
    columns: 1,
    rows: 1,
    labelWidth: 60,
    labelHeight: 40,
    pitchX: 60,
    pitchY: 40,
    inset: 3,
  },
} as const satisfies Record<string, Layout>;

/** The name of a sheet or a roll. */
export type LayoutName = keyof typeof layouts;

/** Whether there is such a sheet or roll. */
export function isLayoutName(name: string): name is LayoutName {
  return Object.hasOwn(layouts, name);
}

/** Labels on one page. */
export function labelsOnPage({ columns, rows }: Layout): number {
  return columns * rows;
}

/** The upper left corner of the label at `index` (from 0, row by row) of its page, mm. */
export function cornerOf(
  layout: Layout,
  index: number,
): { readonly x: number; readonly y: number } {
  const { page, columns, rows, labelWidth, labelHeight, pitchX, pitchY } = layout;
  // All of them stand in the middle of their paper.
  const left = (page.width - (columns - 1) * pitchX - labelWidth) / 2;
  const top = (page.height - (rows - 1) * pitchY - labelHeight) / 2;
  const onPage = index % (columns * rows);
  return {
    x: left + (onPage % columns) * pitchX,
    y: top + Math.floor(onPage / columns) * pitchY,
  };
}
