import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { buffer } from 'node:stream/consumers';
import { beforeAll, describe, expect, test } from 'vitest';
import { prepareZXingModule, type ReadResult, readBarcodes } from 'zxing-wasm/reader';
import { personLabel, pickSerials, serialLabel } from '../../../rooms/screening/index.ts';
import {
  type DrawnBar,
  type DrawnPage,
  type Picture,
  rasterise,
  readDrawing,
} from '../../../test/support/pdf-drawing.ts';
import { cornerOf, type Layout, type LayoutName, labelsOnPage, layouts } from './layouts.ts';
import { drawSheets, fitsOn } from './sheet.ts';
import { drawSymbol, type SymbologyName } from './symbol.ts';

const points = 72 / 25.4;
const symbols: readonly SymbologyName[] = ['data-matrix', 'qr-code', 'code-128'];
const names = Object.keys(layouts) as LayoutName[];
const combinations = names.flatMap((name) => symbols.map((symbol) => [name, symbol] as const));

beforeAll(async () => {
  const path = fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm'));
  const wasmBinary = new Uint8Array(await readFile(path)).buffer;
  await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
});

function tubes(count: number): string[] {
  const picked = pickSerials('tube', 1, count);
  return (picked?.serials ?? []).map((serial) => serialLabel('tube', serial));
}

async function pages(
  labels: readonly string[],
  layout: Layout,
  symbology: SymbologyName,
): Promise<DrawnPage[]> {
  const order = { labels, layout, symbology, title: 'Test', compress: false };
  return readDrawing(await buffer(drawSheets(order)));
}

/** What an independent reader finds on a picture. */
async function read({ width, height, pixels }: Picture): Promise<ReadResult[]> {
  const data = new Uint8ClampedArray(width * height * 4);
  for (const [index, value] of pixels.entries()) data.fill(value, index * 4, index * 4 + 3);
  for (let index = 3; index < data.length; index += 4) data[index] = 255;
  return readBarcodes(
    { data, width, height, colorSpace: 'srgb' },
    {
      formats: ['QRCode', 'Code128', 'DataMatrix'],
      tryHarder: true,
    },
  );
}

/** The part of a page where the label at `index` is, and nothing of its neighbours. */
function labelAt(layout: Layout, index: number): DrawnBar {
  const { x, y } = cornerOf(layout, index);
  return {
    x: x * points,
    y: y * points,
    width: layout.labelWidth * points,
    height: layout.labelHeight * points,
  };
}

describe('sheets', () => {
  test.each(combinations)(
    'SC-15: %s with %s: every label reads as it says',
    async (name, symbol) => {
      const layout = layouts[name];
      const labels = [...tubes(4), personLabel(17), personLabel(2_147_483_647)];
      const drawn = await pages(labels, layout, symbol);
      expect(drawn).toHaveLength(Math.ceil(labels.length / labelsOnPage(layout)));
      for (const [index, label] of labels.entries()) {
        const page = drawn[Math.floor(index / labelsOnPage(layout))];
        if (page === undefined) throw new Error('no page');
        const picture = rasterise(page, labelAt(layout, index % labelsOnPage(layout)), 5);
        const found = await read(picture);
        expect(found.map(({ text }) => text)).toEqual([label]);
      }
      const texts = drawn
        .flatMap((page) => page.texts)
        .join('')
        .replaceAll(' ', '');
      expect(texts).toBe(labels.join(''));
    },
  );

  test.each(combinations)(
    'SC-15: %s with %s: ink stays on its label, bars wide enough',
    async (...given) => {
      const [name, symbol] = given;
      const layout = layouts[name];
      const onPage = labelsOnPage(layout);
      const drawn = await pages(tubes(onPage + 1), layout, symbol);
      expect(drawn).toHaveLength(2);
      const [page] = drawn;
      if (page === undefined) throw new Error('no page');
      expect(page.width).toBeCloseTo(layout.page.width * points, 3);
      expect(page.height).toBeCloseTo(layout.page.height * points, 3);
      const areas = Array.from({ length: onPage }, (_, index) => labelAt(layout, index));
      // 1 mm inside its label, whatever the sheet: what a die cut may be off.
      const isInside = (bar: DrawnBar): boolean =>
        areas.some(
          (area) =>
            bar.x >= area.x + points &&
            bar.y >= area.y + points &&
            bar.x + bar.width <= area.x + area.width - points &&
            bar.y + bar.height <= area.y + area.height - points,
        );
      expect(page.bars.length).toBeGreaterThan(onPage * 10);
      expect(page.bars.filter((bar) => !isInside(bar))).toEqual([]);
      const thinnest = Math.min(...page.bars.map(({ width, height }) => Math.min(width, height)));
      expect(thinnest / points).toBeGreaterThanOrEqual(0.19);
    },
  );

  test('SC-15: sheets have the measures that their makers print on the box', () => {
    // L7651: 65 labels, pitch 40.64 x 21.2, margins 4.67 left and 10.7 top. Avery 5160: 0.5 inch
    // top, 3/16 inch left, pitch 2.75 x 1 inch.
    expect(labelsOnPage(layouts['a4-65'])).toBe(65);
    expect(cornerOf(layouts['a4-65'], 0).x).toBeCloseTo(4.67, 2);
    expect(cornerOf(layouts['a4-65'], 0).y).toBeCloseTo(10.7, 2);
    expect(cornerOf(layouts['letter-30'], 0).x).toBeCloseTo((25.4 * 3) / 16, 2);
    expect(cornerOf(layouts['letter-30'], 0).y).toBeCloseTo(12.7, 2);
    expect(cornerOf(layouts['letter-30'], 29).y).toBeCloseTo(12.7 + 9 * 25.4, 2);
    expect(cornerOf(layouts['a4-24'], 23).x).toBeCloseTo(140, 2);
  });

  test('SC-15: a code that would be too fine for its label is not printed', () => {
    const narrow = { ...layouts['roll-50x25'], labelWidth: 20 };
    const question = { layout: narrow, label: 'T00000001O' };
    expect(fitsOn({ ...question, symbology: 'code-128' })).toBe(false);
    expect(fitsOn({ ...question, symbology: 'data-matrix' })).toBe(true);
    for (const [name, symbology] of combinations) {
      expect(fitsOn({ layout: layouts[name], symbology, label: 'P2147483647A' })).toBe(true);
    }
  });

  test('SC-15: a reader that goes away stops the drawing', async () => {
    const stream = drawSheets({
      labels: tubes(3000),
      layout: layouts['a4-65'],
      symbology: 'code-128',
      title: 'Test',
    });
    for await (const chunk of stream) if (chunk !== null) break;
    expect(stream.destroyed).toBe(true);
  });
});

describe('barcodes', () => {
  test('SC-15: bars cover exactly the black modules and never each other', () => {
    for (const symbol of symbols) {
      const { width, height, bars } = drawSymbol(symbol, 'T00004711B');
      const seen = new Set<number>();
      for (const bar of bars) {
        for (let y = bar.y; y < bar.y + bar.height; y++) {
          for (let x = bar.x; x < bar.x + bar.width; x++) seen.add(y * width + x);
        }
      }
      const area = bars.reduce((sum, bar) => sum + bar.width * bar.height, 0);
      expect(seen.size).toBe(area);
      expect(Math.max(...seen)).toBeLessThan(width * height);
    }
  });

  test('SC-12: tube labels take the smallest codes that hold ten characters', () => {
    // ISO/IEC 16022 table 7: 14 x 14 holds 16 digits or 10 letters; ISO/IEC 18004: version 1.
    expect(drawSymbol('data-matrix', 'T00004711B').width).toBe(14);
    expect(drawSymbol('qr-code', 'T00004711B').width).toBe(21);
  });
});
