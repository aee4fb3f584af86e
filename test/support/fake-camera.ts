import { closeSync, openSync, writeSync } from 'node:fs';
import type { Picture } from './pdf-drawing.ts';

/** What the camera sees for a while. */
export interface Scene {
  /** What is held before it; null for the bare table. */
  readonly picture: Picture | null;
  readonly seconds: number;
  /** How the label lies, clockwise. */
  readonly angleDegrees?: number;
  /** How much of the picture's height the label takes, 0..1. */
  readonly share?: number;
  /** Where its middle is, as shares of the picture's width and height; the middle by default. */
  readonly at?: { readonly x: number; readonly y: number };
}

/** The size and speed of the made film: a phone's front camera, at a rate that keeps it small. */
export const film = { width: 640, height: 480, framesPerSecond: 5 } as const;

const table = 96;

/**
 * Writes a film for Chromium's fake camera
 * (`--use-fake-device-for-media-stream --use-file-for-fake-video-capture=FILE`): Y4M, grey. The
 * camera starts at its beginning and goes round. Edges are soft, as a lens makes them.
 */
export function writeFilm(path: string, scenes: readonly Scene[]): void {
  const { width, height, framesPerSecond } = film;
  const file = openSync(path, 'w');
  try {
    writeSync(file, `YUV4MPEG2 W${width} H${height} F${framesPerSecond}:1 Ip A1:1 C420mpeg2\n`);
    // Grey has both colour differences in the middle.
    const colours = Buffer.alloc((width * height) / 2, 128);
    for (const scene of scenes) {
      const frame = takeFrame(scene);
      const count = Math.max(1, Math.round(scene.seconds * framesPerSecond));
      for (let made = 0; made < count; made++) {
        writeSync(file, 'FRAME\n');
        writeSync(file, frame);
        writeSync(file, colours);
      }
    }
  } finally {
    closeSync(file);
  }
}

/** Brightness in video runs from 16 to 235. */
function takeFrame(scene: Scene): Buffer {
  const { width, height } = film;
  const frame = Buffer.alloc(width * height, 16 + Math.round((table * 219) / 255));
  const { picture, angleDegrees = 0, share = 0.6, at = { x: 0.5, y: 0.5 } } = scene;
  if (picture === null) return frame;
  const scale = picture.height / (height * share);
  const angle = (angleDegrees * Math.PI) / 180;
  const across = { x: Math.cos(angle) * scale, y: -Math.sin(angle) * scale };
  const down = { x: Math.sin(angle) * scale, y: Math.cos(angle) * scale };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      // Nine samples a pixel, reaching half a pixel into its neighbours.
      for (let sub = 0; sub < 9; sub++) {
        const fromX = x + ((sub % 3) - 1) * 0.6 - width * at.x;
        const fromY = y + (Math.floor(sub / 3) - 1) * 0.6 - height * at.y;
        sum += brightness(
          picture,
          picture.width / 2 + fromX * across.x + fromY * down.x,
          picture.height / 2 + fromX * across.y + fromY * down.y,
        );
      }
      frame[y * width + x] = 16 + Math.round((sum / 9) * (219 / 255));
    }
  }
  return frame;
}

function brightness({ width, height, pixels }: Picture, x: number, y: number): number {
  const column = Math.floor(x);
  const row = Math.floor(y);
  if (column < 0 || row < 0 || column >= width || row >= height) return table;
  return pixels[row * width + column] ?? table;
}
