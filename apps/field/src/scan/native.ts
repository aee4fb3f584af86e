import type { FoundCode, Point, Region, ScanFormat } from './codes.ts';
import { type BarcodeReader, type Look, ReaderUnavailable } from './look.ts';

/** The part of the Barcode Detection API that is used; TypeScript's library does not have it. */
interface NativeDetector {
  detect(source: CanvasImageSource): Promise<readonly NativeCode[]>;
}

interface NativeCode {
  readonly rawValue: string;
  readonly format: string;
  readonly cornerPoints: readonly Point[];
}

interface NativeConstructor {
  new (options: { formats: readonly string[] }): NativeDetector;
  getSupportedFormats(): Promise<readonly string[]>;
}

const formats: { readonly [name: string]: ScanFormat } = {
  qr_code: 'qr-code',
  code_128: 'code-128',
  data_matrix: 'data-matrix',
};

/**
 * SN-1. The browser's detector, or null when there is none or it lacks one of the three kinds.
 * Phones without the maker's services have the class and no format (W3C Shape Detection: the
 * list of supported formats may be empty).
 */
export async function openNative(): Promise<BarcodeReader | null> {
  const { BarcodeDetector: Detector } = globalThis as { BarcodeDetector?: NativeConstructor };
  if (Detector === undefined) return null;
  const wanted = Object.keys(formats);
  let detector: NativeDetector;
  try {
    const supported = await Detector.getSupportedFormats();
    if (!wanted.every((format) => supported.includes(format))) return null;
    detector = new Detector({ formats: wanted });
  } catch {
    return null;
  }
  return { engine: 'native', look: (video, region) => look(detector, video, region), close() {} };
}

async function look(
  detector: NativeDetector,
  video: HTMLVideoElement,
  region: Region,
): Promise<Look> {
  let codes: readonly NativeCode[];
  try {
    codes = await detector.detect(video);
  } catch (error) {
    // A picture that is not ready is worth another look; a missing service is not.
    if (error instanceof DOMException && error.name === 'InvalidStateError') codes = [];
    else throw new ReaderUnavailable('the browser’s detector failed', { cause: error });
  }
  const found: FoundCode[] = [];
  for (const { rawValue, format, cornerPoints } of codes) {
    const name = formats[format];
    if (name === undefined || rawValue === '') continue;
    const corners = cornerPoints.map(({ x, y }) => ({ x: x - region.x, y: y - region.y }));
    // Only what the person sees counts: the detector looked at the whole picture.
    if (!corners.every((corner) => isWithin(corner, region))) continue;
    found.push({ text: rawValue, format: name, corners });
  }
  return { found, width: region.width, height: region.height };
}

function isWithin({ x, y }: Point, region: Region): boolean {
  return x >= 0 && y >= 0 && x <= region.width && y <= region.height;
}
