import { Fault } from '../../../../adapters/fault.ts';
import { scanCodes, type FoundCode, type Region } from './codes.ts';
import type { BarcodeReader, Look } from './look.ts';

/** A picture to look at, and the number under which the answer comes back. */
export type ZxingQuestion =
  | { readonly number: number; readonly bitmap: ImageBitmap }
  | { readonly number: number; readonly image: ImageData };

/** What was found in the picture of that number, or why it could not be looked at. */
export type ZxingAnswer =
  | {
      readonly number: number;
      readonly found: readonly FoundCode[];
      readonly width: number;
      readonly height: number;
    }
  | { readonly number: number; readonly failed: string };

interface Waiting {
  resolve(look: Look): void;
  reject(error: Error): void;
}

// More pixels cost time on a cheap phone and find nothing more: a label held at arm's length
// spans a third of the picture, which leaves its narrowest bar three pixels.
const longestSide = 1024;

/**
 * SN-1. zxing in a worker of its own, so that a look never holds up the screen: at most one
 * picture is under way at a time.
 */
export async function openZxing(): Promise<BarcodeReader> {
  const worker = new Worker(new URL('./zxing-worker.ts', import.meta.url), { type: 'module' });
  const waiting = new Map<number, Waiting>();
  let number = 0;
  worker.addEventListener('message', (event: MessageEvent<ZxingAnswer>) => {
    const reply = event.data;
    const asked = waiting.get(reply.number);
    waiting.delete(reply.number);
    if ('failed' in reply) asked?.reject(missing(reply.failed));
    else asked?.resolve(reply);
  });
  worker.addEventListener('error', (event) => {
    for (const asked of waiting.values()) asked.reject(missing(event.message));
    waiting.clear();
  });
  const ask = (question: ZxingQuestion, transfer: Transferable[]): Promise<Look> =>
    new Promise((resolve, reject) => {
      waiting.set(question.number, { resolve, reject });
      worker.postMessage(question, transfer);
    });
  const reader: BarcodeReader = {
    engine: 'zxing',
    look: async (video, region) => {
      number += 1;
      const size = fitted(region);
      if (typeof OffscreenCanvas === 'undefined') {
        const image = draw(video, region, size);
        return ask({ number, image }, [image.data.buffer]);
      }
      const { x, y, width, height } = region;
      const bitmap = await createImageBitmap(video, x, y, width, height, {
        resizeWidth: size.width,
        resizeHeight: size.height,
        resizeQuality: 'low',
      });
      return ask({ number, bitmap }, [bitmap]);
    },
    close: () => {
      worker.terminate();
      for (const asked of waiting.values()) asked.reject(missing('closed'));
      waiting.clear();
    },
  };
  // The first look starts the wasm; an empty picture does so before anybody aims at a tube, and
  // says at once when it is not to be had.
  await ask({ number, image: new ImageData(16, 16) }, []);
  return reader;
}

function missing(cause: string): Fault {
  return new Fault('scan.reader-missing', scanCodes['scan.reader-missing'].en, {
    retry: 'later',
    cause,
  });
}

function fitted(region: Region): { readonly width: number; readonly height: number } {
  const scale = Math.min(1, longestSide / Math.max(region.width, region.height));
  return {
    width: Math.max(1, Math.round(region.width * scale)),
    height: Math.max(1, Math.round(region.height * scale)),
  };
}

/** For browsers without an off-screen canvas (Safari before 16.4, Firefox before 105). */
function draw(
  video: HTMLVideoElement,
  region: Region,
  size: { readonly width: number; readonly height: number },
): ImageData {
  const canvas = document.createElement('canvas');
  canvas.width = size.width;
  canvas.height = size.height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw missing('no drawing context');
  const { x, y, width, height } = region;
  context.drawImage(video, x, y, width, height, 0, 0, size.width, size.height);
  return context.getImageData(0, 0, size.width, size.height);
}
