import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { personLabel, serialLabel } from '../../rooms/screening/label.ts';
import { openBrowser } from '../support/browser.ts';
import { type Scene, writeFilm } from '../support/fake-camera.ts';
import type { Picture } from '../support/pdf-drawing.ts';
import { printed } from './support/printed.ts';
import { type ScanServer, startScanServer } from './support/scan-server.ts';

const tube = serialLabel('tube', 4711);
const box = serialLabel('box', 12);
const person = personLabel(30_081);
const beside = serialLabel('tube', 815);

const folder = mkdtempSync(join(tmpdir(), 'sextant-film-'));
let server: ScanServer;
let browser: Browser;

beforeAll(async () => {
  server = await startScanServer();
  writeFilm(join(folder, 'film.y4m'), await scenes());
  browser = await openBrowser({ camera: join(folder, 'film.y4m') });
});
afterAll(async () => {
  await browser.close();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What the camera sees: labels as our own PDFs draw them, lying as people hold them. */
async function scenes(): Promise<Scene[]> {
  const matrix = await printed(tube, 'a4-65', 'data-matrix');
  const pause: Scene = { picture: null, seconds: 1 };
  const both = sideBySide(await printed(beside, 'a4-65', 'qr-code'), matrix);
  return [
    pause,
    // Longer than the time after which a code that had left would be told again.
    { picture: matrix, seconds: 2.4, angleDegrees: 8 },
    pause,
    { picture: await printed(person, 'a4-24', 'qr-code'), seconds: 1, angleDegrees: -15 },
    pause,
    { picture: await printed(box, 'roll-60x40', 'code-128'), seconds: 1, angleDegrees: 3 },
    pause,
    // Two labels at once, the tube in the middle.
    { picture: both, seconds: 1, share: 0.35 },
  ];
}

/** Two labels side by side, the second in the middle of the picture. */
function sideBySide(left: Picture, middle: Picture): Picture {
  const width = middle.width + 2 * left.width;
  const height = Math.max(left.height, middle.height);
  const pixels = new Uint8Array(width * height).fill(255);
  for (const [picture, from] of [
    [left, 0],
    [middle, left.width],
  ] as const) {
    for (let y = 0; y < picture.height; y++) {
      const row = picture.pixels.subarray(y * picture.width, (y + 1) * picture.width);
      pixels.set(row, y * width + from);
    }
  }
  return { width, height, pixels };
}

async function openPage(before?: () => void): Promise<Page> {
  const context = await browser.newContext();
  const page = await context.newPage();
  if (before !== undefined) await page.addInitScript(before);
  await page.goto(server.url);
  return page;
}

const told = (page: Page): Promise<string[]> => page.locator('li').allTextContents();
const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();
const state = (page: Page): Promise<string | null> => page.locator('output').textContent();

/** Opens the scanner and waits for the reader that it found, or for the code of what is wrong. */
async function opened(page: Page): Promise<string> {
  await press(page, 'Open');
  await expect.poll(() => state(page), { timeout: 30_000 }).not.toBe('');
  return (await state(page)) ?? '';
}

const round = [`data-matrix ${tube}`, `qr-code ${person}`, `code-128 ${box}`];
const waits = { timeout: 60_000 };

describe('the camera', () => {
  test('SN-1 to SN-4: labels from our own sheets are told once each, in order, by zxing', async () => {
    const page = await openPage();
    const foreign: string[] = [];
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(server.url) && !url.startsWith('data:')) foreign.push(url);
    });
    expect(await opened(page)).toBe('zxing');
    // The film goes round, so somebody who starts in its middle sees all of it twice.
    await expect.poll(async () => (await told(page)).length, waits).toBeGreaterThanOrEqual(9);
    const codes = await told(page);
    const first = codes.indexOf(round[0] ?? '');
    expect(codes.slice(first, first + 4)).toEqual([...round, round[0]]);
    // The label at the side was in the picture with the tube, and nobody meant it.
    expect(codes.filter((code) => code.includes(beside))).toEqual([]);
    await press(page, 'Close');
    expect(await page.evaluate(() => document.querySelector('video')?.srcObject)).toBeNull();
    expect(foreign).toEqual([]);
    expect(server.asked.filter((path) => path.endsWith('.wasm'))).not.toEqual([]);
    await page.context().close();
  });

  test('SN-1: the reader works without an off-screen canvas, and tells nothing while paused', async () => {
    const page = await openPage(() => Reflect.deleteProperty(globalThis, 'OffscreenCanvas'));
    await opened(page);
    await press(page, 'Pause');
    await page.locator('video').evaluate(seeLabel);
    expect(await told(page)).toEqual([]);
    await press(page, 'Resume');
    await expect.poll(() => told(page), waits).not.toEqual([]);
    await page.context().close();
  });

  test('SN-1: the browser’s own detector is used where it reads all three kinds', async () => {
    const page = await openPage(() => {
      const cornerPoints = [
        { x: 300, y: 220 },
        { x: 340, y: 220 },
        { x: 340, y: 260 },
        { x: 300, y: 260 },
      ];
      class BarcodeDetector {
        static getSupportedFormats = async () => ['qr_code', 'code_128', 'data_matrix', 'ean_13'];
        detect = async () => [
          { rawValue: 'ｔ1-from-the-browser', format: 'qr_code', cornerPoints },
        ];
      }
      Object.assign(globalThis, { BarcodeDetector });
    });
    const asked = server.asked.length;
    expect(await opened(page)).toBe('native');
    await expect.poll(() => told(page), waits).toEqual(['qr-code T1-FROM-THE-BROWSER']);
    expect(server.asked.slice(asked).filter((path) => path.endsWith('.wasm'))).toEqual([]);
    await page.context().close();
  });

  test('SN-1: a detector that lacks a kind, or fails when it is used, is replaced by zxing', async () => {
    const lacking = await openPage(() => {
      class BarcodeDetector {
        static getSupportedFormats = async () => ['qr_code'];
        detect = async () => [];
      }
      Object.assign(globalThis, { BarcodeDetector });
    });
    expect(await opened(lacking)).toBe('zxing');
    await lacking.context().close();
    // A phone without the maker's services says that it can, and cannot.
    const failing = await openPage(() => {
      class BarcodeDetector {
        static getSupportedFormats = async () => ['qr_code', 'code_128', 'data_matrix'];
        detect = async () => {
          throw new DOMException('Barcode detection service unavailable.', 'NotSupportedError');
        };
      }
      Object.assign(globalThis, { BarcodeDetector });
    });
    expect(await opened(failing)).toBe('native');
    await expect.poll(() => told(failing), waits).not.toEqual([]);
    await failing.context().close();
  });

  test('SN-4: no camera, no leave, a camera in use and a missing reader each have a code', async () => {
    const without = await openPage(() =>
      Object.defineProperty(navigator, 'mediaDevices', { value: undefined }),
    );
    expect(await opened(without)).toBe('scan.no-camera');
    await without.context().close();
    const denied = await openPage(() => {
      navigator.mediaDevices.getUserMedia = async () => {
        throw new DOMException('', 'NotAllowedError');
      };
    });
    expect(await opened(denied)).toBe('scan.camera-denied');
    await denied.context().close();
    const busy = await openPage(() => {
      navigator.mediaDevices.getUserMedia = async () => {
        throw new DOMException('', 'NotReadableError');
      };
    });
    expect(await opened(busy)).toBe('scan.camera-busy');
    await busy.context().close();
    const offline = await openPage();
    await offline.context().route('**/*.wasm', (route) => route.abort());
    expect(await opened(offline)).toBe('scan.reader-missing');
    // The camera was given back: its light is off.
    expect(await offline.evaluate(() => document.querySelector('video')?.srcObject)).toBeNull();
    await offline.context().close();
  });

  test('SN-4: a camera that is taken away says so', async () => {
    const page = await openPage();
    await opened(page);
    await page.locator('video').evaluate((video: HTMLVideoElement) => {
      const [track] = (video.srcObject as MediaStream).getTracks();
      track?.dispatchEvent(new Event('ended'));
    });
    await expect.poll(() => state(page)).toBe('lost');
    await page.context().close();
  });
});

/** Resolves when the film has shown a bright picture and then none: a label came and went. */
function seeLabel(video: Element): Promise<void> {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  let seen = false;
  return new Promise((resolve) => {
    const look = (): void => {
      context?.drawImage(video as HTMLVideoElement, 0, 0, canvas.width, canvas.height);
      const { data } = context?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      const bright = [...data].some((value, index) => index % 4 === 0 && value > 200);
      if (seen && !bright) return resolve();
      seen ||= bright;
      setTimeout(look, 100);
    };
    look();
  });
}

describe('a scanner that types', () => {
  /**
   * Keys with the times at which they are pressed, however busy this machine is: the system
   * stamps keys, and the page goes by the stamps. A scanner takes 4 ms from one to the next.
   */
  async function type(
    page: Page,
    text: string,
    { end = 'Enter', gapMs = 4 }: { readonly end?: 'Enter' | 'Tab'; readonly gapMs?: number } = {},
  ): Promise<void> {
    const session = await page.context().newCDPSession(page);
    const began = Date.now() / 1000;
    for (const [index, key] of [...Array.from(text), end].entries()) {
      const event = { key, timestamp: began + (index * gapMs) / 1000 };
      const writes = key === 'Tab' ? {} : { text: key === 'Enter' ? '\r' : key };
      await session.send('Input.dispatchKeyEvent', { type: 'keyDown', ...event, ...writes });
      await session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event });
    }
    await session.detach();
  }

  test('SN-5, SN-6: its text is told and leaves field, form and button as they were', async () => {
    const page = await openPage();
    await press(page, 'Listen');
    const field = page.getByLabel('Search');
    await field.fill('欧阳');
    await type(page, tube);
    expect(await told(page)).toEqual([`wedge ${tube}`]);
    expect(await field.inputValue()).toBe('欧阳');
    await page.getByLabel('Note').focus();
    await type(page, box, { end: 'Tab' });
    expect(await page.getByLabel('Note').inputValue()).toBe('');
    await page.getByRole('button', { name: 'Press' }).focus();
    await type(page, person);
    expect(await told(page)).toEqual([`wedge ${tube}`, `wedge ${box}`, `wedge ${person}`]);
    await page.context().close();
  });

  test('SN-5: a person who types and presses Enter sends the form', async () => {
    const page = await openPage();
    await press(page, 'Listen');
    const field = page.getByLabel('Search');
    await field.focus();
    await type(page, tube, { gapMs: 90 });
    expect(await field.inputValue()).toBe(tube);
    expect(await told(page)).toEqual(['form submitted']);
    await page.context().close();
  });
});

describe('feedback and size', () => {
  test('SN-7: in a browser right and wrong are heard and felt', async () => {
    const page = await openPage(() => {
      const noted: string[] = [];
      Object.assign(globalThis, { noted });
      navigator.vibrate = (ms) => noted.push(`buzz ${String(ms)}`) > 0;
      // Every tone has an oscillator of its own.
      AudioContext.prototype.createOscillator = function (this: AudioContext) {
        noted.push('tone');
        return new OscillatorNode(this);
      };
    });
    await press(page, 'Signals');
    const noted = await page.evaluate(() => (globalThis as { noted?: string[] }).noted);
    expect(noted).toEqual(['buzz 40', 'tone', 'buzz 400', 'tone', 'tone']);
    await page.context().close();
  });

  test('SN-8: the scanner is a chunk of its own of at most 1.2 MB, and the rest stays small', () => {
    const chunk = server.files.filter(({ name }) => /zxing/.test(name));
    const bytes = chunk.reduce((sum, file) => sum + file.bytes, 0);
    expect(chunk.map(({ name }) => name).some((name) => name.endsWith('.wasm'))).toBe(true);
    expect(bytes).toBeLessThanOrEqual(1_200_000);
    const rest = server.files.filter((file) => !chunk.includes(file));
    expect(rest.reduce((sum, file) => sum + file.gzipBytes, 0)).toBeLessThan(10_000);
  });
});
