import { createReadStream } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';

const face = 'Noto Sans SC Variable';
const fonts = dirname(fileURLToPath(import.meta.resolve('@fontsource-variable/noto-sans-sc')));

let browser: Browser;
let server: Server;

beforeAll(async () => {
  browser = await openBrowser();
  server = createServer((request, response) => {
    const path = request.url ?? '/';
    response.setHeader('content-type', path.endsWith('.css') ? 'text/css' : 'font/woff2');
    if (path !== '/') {
      createReadStream(join(fonts, path)).pipe(response);
      return;
    }
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end('<!doctype html><link rel="stylesheet" href="/index.css"><title>fonts</title>');
  }).listen(0, '127.0.0.1');
});

afterAll(async () => {
  await browser.close();
  server.close();
});

test('Chinese shows with the packaged face and leaves nothing without it', async () => {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const ink = (family: string) =>
    page.evaluate(async (name) => {
      const text = '采送检报转收';
      await document.fonts.load(`32px '${name}'`, text);
      const canvas = document.createElement('canvas');
      const context = canvas.getContext('2d');
      if (context === null) return -1;
      context.font = `32px '${name}'`;
      context.fillText(text, 10, 60);
      const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
      return pixels.filter((value, index) => index % 4 === 3 && value > 0).length;
    }, family);
  // Six characters of 32 pixels cover well over a thousand; the other face is the proof that
  // the machine's own fonts do not help out.
  expect(await ink(face)).toBeGreaterThan(1000);
  expect(await ink('Open Sans')).toBe(0);
  await page.close();
});
