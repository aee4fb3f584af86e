import { PassThrough, type Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import PDFDocument from 'pdfkit';
import { cornerOf, type Layout, labelsOnPage } from './layouts.ts';
import { type BarcodeShape, drawSymbol, type SymbologyName } from './symbol.ts';

/** What is printed on how many labels of which sheet. */
export interface SheetOrder {
  readonly labels: readonly string[];
  readonly layout: Layout;
  readonly symbology: SymbologyName;
  /** In the document's own description, which viewers show as its title. */
  readonly title: string;
  /** Off in tests, which read the drawing back. */
  readonly compress?: boolean;
}

/** A rectangle on a label, mm from its upper left corner. */
interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const pointsPerMm = 72 / 25.4;
/** 0.19 mm (7.5 mil): the narrowest bar that phones and cheap scanners read without a fight. */
const moduleMmMin = 0.19;
/** Larger modules read no better and leave the characters less room. */
const moduleMmMax = 1.2;

/**
 * SC-15. Draws labels as vectors into a PDF: barcode, and the same in characters for people. The
 * reader pulls, so a long run neither fills memory nor keeps other requests waiting.
 */
export function drawSheets(order: SheetOrder): Readable {
  const { layout, labels } = order;
  const size: [number, number] = [pt(layout.page.width), pt(layout.page.height)];
  const document = new PDFDocument({
    size,
    margin: 0,
    autoFirstPage: false,
    compress: order.compress ?? true,
    info: { Title: order.title, Producer: 'Sextant', Creator: 'Sextant' },
  });
  const out = new PassThrough();
  document.on('error', (error: Error) => out.destroy(error));
  document.pipe(out);
  const draw = async (): Promise<void> => {
    for (const [index, label] of labels.entries()) {
      if (out.destroyed) return;
      if (index % labelsOnPage(layout) === 0) document.addPage();
      drawLabel(document, label, { order, corner: cornerOf(layout, index) });
      // Every label lets others have their turn: a QR code takes some milliseconds.
      await turn();
    }
    document.end();
  };
  draw().catch((error: unknown) => out.destroy(error instanceof Error ? error : undefined));
  return out;
}

/** Whether the barcode fits on the label with bars that can be read. */
export function fitsOn({ layout, symbology, label }: FitQuestion): boolean {
  return placeOnLabel(drawSymbol(symbology, label), { layout, symbology }).moduleMm >= moduleMmMin;
}

interface FitQuestion {
  readonly layout: Layout;
  readonly symbology: SymbologyName;
  readonly label: string;
}

/** Where barcode and characters stand on a label. */
interface Placement {
  readonly moduleMm: number;
  /** The bars themselves; the white around them is kept free. */
  readonly code: Box;
  readonly text: Box;
}

/** SC-15. A matrix code stands left of its characters, a linear one above them. */
function placeOnLabel(
  shape: BarcodeShape,
  { layout, symbology }: Pick<SheetOrder, 'layout' | 'symbology'>,
): Placement {
  const { inset } = layout;
  const width = layout.labelWidth - 2 * inset;
  const height = layout.labelHeight - 2 * inset;
  // Half of the white around a code may lie in the inset, which stays white anyway.
  const quiet = 2 * shape.quiet;
  if (symbology === 'code-128') {
    const moduleMm = Math.min(0.4, (width + inset) / (shape.width + quiet));
    const codeWidth = shape.width * moduleMm;
    const textHeight = Math.min(6, height * 0.3);
    const x = (layout.labelWidth - codeWidth) / 2;
    const code = { x, y: inset, width: codeWidth, height: height - textHeight - 0.8 };
    const y = layout.labelHeight - inset - textHeight;
    return { moduleMm, code, text: { x: inset, y, width, height: textHeight } };
  }
  const side = Math.min(height, width * 0.55);
  const moduleMm = Math.min(moduleMmMax, side / (shape.height + shape.quiet));
  const codeSide = shape.height * moduleMm;
  const x = inset + (shape.quiet * moduleMm) / 2;
  const y = (layout.labelHeight - codeSide) / 2;
  const textX = x + codeSide + shape.quiet * moduleMm;
  const textWidth = layout.labelWidth - inset - textX;
  return {
    moduleMm,
    code: { x, y, width: codeSide, height: codeSide },
    text: { x: textX, y: inset, width: textWidth, height },
  };
}

function drawLabel(
  document: PDFKit.PDFDocument,
  label: string,
  { order, corner }: { readonly order: SheetOrder; readonly corner: { x: number; y: number } },
): void {
  const shape = drawSymbol(order.symbology, label);
  const { moduleMm, code, text } = placeOnLabel(shape, order);
  const tall = code.height / shape.height;
  for (const bar of shape.bars) {
    document.rect(
      pt(corner.x + code.x + bar.x * moduleMm),
      pt(corner.y + code.y + bar.y * tall),
      pt(bar.width * moduleMm),
      pt(bar.height * tall),
    );
  }
  // One path and one fill: a viewer leaves no hairlines between parts of one path.
  document.fill('black');
  drawText(document, linesOf(label, order.symbology), {
    ...text,
    x: corner.x + text.x,
    y: corner.y + text.y,
  });
}

/** Five or so characters a line beside a matrix, one line in groups of four below bars. */
function linesOf(label: string, symbology: SymbologyName): readonly string[] {
  if (symbology === 'code-128') {
    const body = label.slice(1, -1).replace(/(.{4})(?=.)/g, '$1 ');
    return [`${label[0] ?? ''} ${body} ${label.at(-1) ?? ''}`];
  }
  const half = Math.ceil(label.length / 2);
  return label.length <= 6 ? [label] : [label.slice(0, half), label.slice(half)];
}

/** Courier is in every PDF viewer and its zeros and letters stand at even distances. */
const font = { name: 'Courier-Bold', advance: 0.6, lineHeight: 1.05, pointsMax: 22 };

function drawText(document: PDFKit.PDFDocument, lines: readonly string[], box: Box): void {
  const longest = Math.max(...lines.map((line) => line.length));
  const points = Math.min(
    font.pointsMax,
    pt(box.width) / (longest * font.advance),
    pt(box.height) / (lines.length * font.lineHeight),
  );
  const total = lines.length * points * font.lineHeight;
  document.font(font.name).fontSize(points).fillColor('black');
  for (const [index, line] of lines.entries()) {
    const width = line.length * points * font.advance;
    const x = pt(box.x) + (pt(box.width) - width) / 2;
    const y = pt(box.y) + (pt(box.height) - total) / 2 + index * points * font.lineHeight;
    document.text(line, x, y, { lineBreak: false });
  }
}

function pt(mm: number): number {
  return mm * pointsPerMm;
}
