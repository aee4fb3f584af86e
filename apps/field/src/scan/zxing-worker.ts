import { prepareZXingModule, type ReaderOptions, readBarcodes } from 'zxing-wasm/reader';
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';
import type { FoundCode, ScanFormat } from './codes.ts';
import type { ZxingAnswer, ZxingQuestion } from './zxing.ts';

// The package would fetch its wasm from a public network otherwise, which a phone without signal
// cannot reach and a hospital's network may not.
prepareZXingModule({ overrides: { locateFile: () => wasmUrl } });

const formats: { readonly [name: string]: ScanFormat } = {
  QRCode: 'qr-code',
  Code128: 'code-128',
  DataMatrix: 'data-matrix',
};

/**
 * Labels lie at any angle under good or bad light, but are never printed white on black. The quick
 * look takes most pictures; every third is looked at thoroughly, for glare and blur.
 */
const quick: ReaderOptions = {
  formats: ['QRCode', 'Code128', 'DataMatrix'],
  tryHarder: false,
  tryRotate: true,
  tryInvert: false,
  tryDownscale: false,
  maxNumberOfSymbols: 8,
};
const thorough: ReaderOptions = { ...quick, tryHarder: true, tryDownscale: true };
const thoroughEvery = 3;

let looks = 0;

async function answer(question: ZxingQuestion): Promise<ZxingAnswer> {
  const image = 'bitmap' in question ? pixelsOf(question.bitmap) : question.image;
  looks += 1;
  const options = looks % thoroughEvery === 0 ? thorough : quick;
  const results = await readBarcodes(image, options);
  const found: FoundCode[] = [];
  for (const { text, format, isValid, position } of results) {
    const name = formats[format];
    if (!isValid || name === undefined || text === '') continue;
    const { topLeft, topRight, bottomRight, bottomLeft } = position;
    found.push({ text, format: name, corners: [topLeft, topRight, bottomRight, bottomLeft] });
  }
  return { number: question.number, found, width: image.width, height: image.height };
}

let canvas: OffscreenCanvas | null = null;

function pixelsOf(bitmap: ImageBitmap): ImageData {
  const { width, height } = bitmap;
  if (canvas?.width !== width || canvas.height !== height) {
    canvas = new OffscreenCanvas(width, height);
  }
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('no drawing context in this worker');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, width, height);
}

addEventListener('message', (event: MessageEvent<ZxingQuestion>) => {
  const { number } = event.data;
  answer(event.data).then(
    (reply) => postMessage(reply),
    (error: unknown) => postMessage({ number, failed: String(error) } satisfies ZxingAnswer),
  );
});
