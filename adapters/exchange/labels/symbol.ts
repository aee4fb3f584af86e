import bwip from 'bwip-js/node';
import { assert } from '../../../kernel/assert.ts';
import type { Label } from '../../../ledger/room.ts';

/** SC-15. The barcodes that every scanner and the field app read. */
export const symbologies = {
  'data-matrix': { en: 'Data Matrix', zh: 'DM 码（二维）' },
  'qr-code': { en: 'QR code', zh: 'QR 码（二维）' },
  'code-128': { en: 'Code 128', zh: '128 码（一维）' },
} as const satisfies Record<string, Label>;

/** The name of a kind of barcode. */
export type SymbologyName = keyof typeof symbologies;

/** Whether there is such a kind of barcode. */
export function isSymbologyName(name: string): name is SymbologyName {
  return Object.hasOwn(symbologies, name);
}

/** A black rectangle, in modules from the upper left corner. */
export interface Bar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A barcode as black rectangles on white. */
export interface BarcodeShape {
  /** Size without the white around it, in modules; a linear code is one module high. */
  readonly width: number;
  readonly height: number;
  /** Modules that have to stay white on every side where readers need them. */
  readonly quiet: number;
  readonly bars: readonly Bar[];
}

// White around a code: ISO/IEC 16022 asks 1 module for Data Matrix, ISO/IEC 18004 asks 4 for QR,
// ISO/IEC 15417 asks 10 on both sides of Code 128. Data Matrix gets 2, for old readers.
const quietModules: Record<SymbologyName, number> = {
  'data-matrix': 2,
  'qr-code': 4,
  'code-128': 10,
};

/** SC-15. The black parts of the barcode that says `text`. */
export function drawSymbol(symbology: SymbologyName, text: string): BarcodeShape {
  const quiet = quietModules[symbology];
  if (symbology === 'code-128') return { ...linear(text), quiet };
  const made =
    symbology === 'qr-code'
      ? bwip.raw('qrcode', text, qrOptions)
      : bwip.raw('datamatrix', text, {});
  return { ...matrix(made), quiet };
}

// Level M mends 15 %, enough for a wet label; a fixed mask saves trying all eight. Options of one
// symbology are beside those that the types know.
const qrOptions: object = { eclevel: 'M', mask: 3 };

/** What the encoder gives: widths of bars and spaces, or a grid of modules. */
type RawPart =
  | { readonly sbs: readonly number[] }
  | { readonly pixs: readonly number[]; readonly pixx: number; readonly pixy: number };

/** Widths of bars and spaces in turn, beginning with a bar. */
function linear(text: string): Omit<BarcodeShape, 'quiet'> {
  const [part]: readonly RawPart[] = bwip.raw('code128', text, {});
  assert(part !== undefined && 'sbs' in part, 'Code 128 is bars and spaces');
  const bars: Bar[] = [];
  let x = 0;
  for (const [index, width] of part.sbs.entries()) {
    if (index % 2 === 0) bars.push({ x, y: 0, width, height: 1 });
    x += width;
  }
  return { width: x, height: 1, bars };
}

/** Runs of black modules in a row, joined with the same run below: fewer edges, fewer hairlines. */
function matrix(made: readonly RawPart[]): Omit<BarcodeShape, 'quiet'> {
  const [part] = made;
  assert(part !== undefined && 'pixs' in part, 'a matrix code is a grid of modules');
  const { pixs, pixx: width, pixy: height } = part;
  const bars: Bar[] = [];
  let above = new Map<string, Bar>();
  for (let y = 0; y < height; y++) {
    const here = new Map<string, Bar>();
    for (let x = 0; x < width; x++) {
      if (pixs[y * width + x] !== 1) continue;
      const from = x;
      while (x + 1 < width && pixs[y * width + x + 1] === 1) x += 1;
      const key = `${from}-${x}`;
      const bar = above.get(key) ?? { x: from, y, width: x + 1 - from, height: 0 };
      here.set(key, { ...bar, height: bar.height + 1 });
      above.delete(key);
    }
    bars.push(...above.values());
    above = here;
  }
  bars.push(...above.values());
  return { width, height, bars };
}
