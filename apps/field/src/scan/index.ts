import { foldCode } from '../../../../kernel/id.ts';
import { aimedAt, seenRegion } from './aim.ts';
import { cameraFault, hasTorch, openCamera, setTorch } from './camera.ts';
import type { OnCode, Region } from './codes.ts';
import { Once } from './once.ts';
import { type BarcodeReader, ReaderUnavailable } from './look.ts';
import { openReader } from './reader.ts';

/** An open camera that tells codes until it is closed. */
export interface Scanner {
  /** Which reader is at work: the browser's, or zxing from our own origin. */
  readonly engine: 'native' | 'zxing';
  /** Whether the camera has a light. */
  readonly hasTorch: boolean;
  setTorch(on: boolean): Promise<void>;
  /** Tells nothing while a question stands on the screen; the picture goes on. */
  pause(): void;
  resume(): void;
  /** Gives the camera back. Nothing is told afterwards. */
  close(): void;
}

/** What else somebody may want to know of an open scanner. */
export interface ScannerOptions {
  /** The camera was taken away: unplugged, or by the system while the app was in the background. */
  readonly onLost?: (error: Error) => void;
}

// A look at most every 60 ms: about 16 a second, of which a hand-held label needs one or two, and
// the phone stays cool.
const restMs = 60;

/**
 * SN-1 to SN-4. Opens the camera in `video` and tells each code that somebody aims at, once.
 * Rejects with a fault of `scanCodes` when there is no camera or no reader to be had.
 */
export async function openScanner(
  video: HTMLVideoElement,
  onCode: OnCode,
  options: ScannerOptions = {},
): Promise<Scanner> {
  const stream = await openCamera();
  try {
    video.muted = true;
    // Without it, iPhones show the picture in a player of their own.
    video.playsInline = true;
    video.srcObject = stream;
    await video.play();
    const loop = new Loop(video, await openReader(), onCode);
    const lost = (): void => {
      loop.close();
      options.onLost?.(cameraFault('scan.camera-lost'));
    };
    for (const track of stream.getTracks()) track.addEventListener('ended', lost, { once: true });
    loop.start(lost);
    return {
      get engine() {
        return loop.engine;
      },
      hasTorch: hasTorch(stream),
      setTorch: (on) => setTorch(stream, on),
      pause: () => loop.pause(true),
      resume: () => loop.pause(false),
      close: () => {
        loop.close();
        release(stream, video);
      },
    };
  } catch (error) {
    release(stream, video);
    throw error;
  }
}

function release(stream: MediaStream, video: HTMLVideoElement): void {
  for (const track of stream.getTracks()) track.stop();
  if (video.srcObject === stream) video.srcObject = null;
}

/**
 * One look after another, never two at once. *running*: looks and tells. *paused*: looks, so that
 * a code which lies there is not new when telling starts again, and tells nothing. *closed*: over.
 */
class Loop {
  readonly #video: HTMLVideoElement;
  readonly #onCode: OnCode;
  readonly #once = new Once();
  #reader: BarcodeReader;
  #paused = false;
  #closed = false;

  constructor(video: HTMLVideoElement, reader: BarcodeReader, onCode: OnCode) {
    this.#video = video;
    this.#reader = reader;
    this.#onCode = onCode;
  }

  get engine(): 'native' | 'zxing' {
    return this.#reader.engine;
  }

  pause(paused: boolean): void {
    this.#paused = paused;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#reader.close();
  }

  start(lost: () => void): void {
    const next = async (): Promise<void> => {
      try {
        if (this.#video.videoWidth > 0) await this.#look();
      } catch (error) {
        if (this.#closed) return;
        if (!(error instanceof ReaderUnavailable)) return lost();
        await this.#replaceReader(lost);
      }
      if (!this.#closed) setTimeout(() => void next(), restMs);
    };
    void next();
  }

  async #look(): Promise<void> {
    const { found, width, height } = await this.#reader.look(this.#video, this.#region());
    if (this.#closed) return;
    const at = performance.now();
    const aimed = aimedAt(found, { width, height });
    for (const code of found) {
      const text = foldCode(code.text);
      // A label beside the one that is aimed at is not told, and is still new when its turn comes.
      if (code !== aimed) this.#once.stays(text, at);
      else if (this.#once.isNew(text, at) && !this.#paused) this.#onCode(text, code.format);
    }
  }

  async #replaceReader(lost: () => void): Promise<void> {
    this.#reader.close();
    try {
      this.#reader = await openReader(true);
    } catch {
      lost();
    }
    if (this.#closed) this.#reader.close();
  }

  #region(): Region {
    const { videoWidth, videoHeight, clientWidth, clientHeight } = this.#video;
    return seenRegion({
      videoWidth,
      videoHeight,
      shownWidth: clientWidth,
      shownHeight: clientHeight,
      cover: getComputedStyle(this.#video).objectFit === 'cover',
    });
  }
}
