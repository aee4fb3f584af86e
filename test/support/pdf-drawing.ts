import { assert } from '../../kernel/assert.ts';

/** A black rectangle on a page, in points from its upper left corner. */
export interface DrawnBar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What stands on a page. */
export interface DrawnPage {
  readonly width: number;
  readonly height: number;
  readonly bars: readonly DrawnBar[];
  readonly texts: readonly string[];
}

/** Brightness of every pixel, 0 black to 255 white, row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

const number = String.raw`(-?\d+(?:\.\d+)?)`;
const rectangle = new RegExp(`^${number} ${number} ${number} ${number} re$`);
const pageSize = new RegExp(String.raw`/MediaBox \[0 0 ${number} ${number}\]`, 'g');

/**
 * Reads back what our own labels draw: filled rectangles and characters. Takes PDFs that were
 * written without compression, whose drawing is plain text, and knows no other operators.
 */
export function readDrawing(pdf: Buffer): DrawnPage[] {
  const text = pdf.toString('latin1');
  const sizes = [...text.matchAll(pageSize)].map(([, width, height]) => ({
    width: Number(width),
    height: Number(height),
  }));
  const streams = [...text.matchAll(/stream\n([\s\S]*?)\nendstream/g)].map(
    ([, body]) => body ?? '',
  );
  const drawings = streams.filter((body) => body.startsWith('1 0 0 -1 0 '));
  assert(drawings.length === sizes.length, 'every page has one drawing');
  return drawings.map((body, index) => {
    const size = sizes[index];
    assert(size !== undefined, 'every drawing has a page');
    return { ...size, ...drawnBy(body) };
  });
}

function drawnBy(body: string): Pick<DrawnPage, 'bars' | 'texts'> {
  const bars: DrawnBar[] = [];
  const texts: string[] = [];
  for (const line of body.split('\n')) {
    const found = rectangle.exec(line);
    if (found !== null) {
      const [x = 0, y = 0, width = 0, height = 0] = found.slice(1).map(Number);
      bars.push({ x, y, width, height });
    }
    if (!line.endsWith(' TJ')) continue;
    const hex = [...line.matchAll(/<([0-9a-f]*)>/g)].map(([, digits]) => digits).join('');
    texts.push(Buffer.from(hex, 'hex').toString('latin1'));
  }
  return { bars, texts };
}

/** The part of a page that `box` (points) holds, at some pixels a point. */
export function rasterise(page: DrawnPage, box: DrawnBar, pixelsPerPoint: number): Picture {
  const width = Math.ceil(box.width * pixelsPerPoint);
  const height = Math.ceil(box.height * pixelsPerPoint);
  const pixels = new Uint8Array(width * height).fill(255);
  for (const bar of page.bars) {
    const left = Math.max(0, Math.round((bar.x - box.x) * pixelsPerPoint));
    const right = Math.min(width, Math.round((bar.x + bar.width - box.x) * pixelsPerPoint));
    const top = Math.max(0, Math.round((bar.y - box.y) * pixelsPerPoint));
    const bottom = Math.min(height, Math.round((bar.y + bar.height - box.y) * pixelsPerPoint));
    for (let y = top; y < bottom; y++)
      pixels.fill(0, y * width + left, y * width + Math.max(left, right));
  }
  return { width, height, pixels };
}
