import type { FoundCode, Region } from './codes.ts';

/** What one look at the video found, and the size of the picture that the places refer to. */
export interface Look {
  readonly found: readonly FoundCode[];
  readonly width: number;
  readonly height: number;
}

/** Finds barcodes in the present picture of a video. */
export interface BarcodeReader {
  readonly engine: 'native' | 'zxing';
  look(video: HTMLVideoElement, region: Region): Promise<Look>;
  close(): void;
}

/** Thrown by a reader that will never find anything on this device: another is taken instead. */
export class ReaderUnavailable extends Error {
  override name = 'ReaderUnavailable';
}
