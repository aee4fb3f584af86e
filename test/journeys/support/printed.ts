import { buffer } from 'node:stream/consumers';
import { cornerOf, type LayoutName, layouts } from '../../../adapters/exchange/labels/layouts.ts';
import { drawSheets } from '../../../adapters/exchange/labels/sheet.ts';
import type { SymbologyName } from '../../../adapters/exchange/labels/symbol.ts';
import { type Picture, rasterise, readDrawing } from '../../support/pdf-drawing.ts';

/** A label cut from the sheet that the program prints. */
export async function printed(
  label: string,
  name: LayoutName,
  symbology: SymbologyName,
): Promise<Picture> {
  const layout = layouts[name];
  const order = { labels: [label], layout, symbology, title: 'Test', compress: false };
  const [page] = readDrawing(await buffer(drawSheets(order)));
  if (page === undefined) throw new Error('no page');
  const points = 72 / 25.4;
  const corner = cornerOf(layout, 0);
  const cut = {
    x: corner.x * points,
    y: corner.y * points,
    width: layout.labelWidth * points,
    height: layout.labelHeight * points,
  };
  return rasterise(page, cut, 8);
}
