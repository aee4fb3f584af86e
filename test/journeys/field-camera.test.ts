import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { type Scene, writeFilm } from '../support/fake-camera.ts';
import { box, card, Phone, prepareField, tube } from './support/field.ts';
import { tellOnFailure } from './support/pages.ts';
import { printed } from './support/printed.ts';
import { type RunningServer, startServer } from './support/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'sextant-camera-'));
const film = join(folder, 'film.y4m');
let browser: Browser;
let server: RunningServer;

beforeAll(async () => {
  writeFilm(film, await scenes());
  [browser, server] = await Promise.all([
    openBrowser({ camera: film }),
    startServer(['--empty'], { face: 'field' }),
  ]);
  await prepareField(server);
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A tube of two and a box that does not belong there, held before a phone that stands upright. */
async function scenes(): Promise<Scene[]> {
  const pause: Scene = { picture: null, seconds: 1.4 };
  const held = async (label: string): Promise<Scene> => ({
    picture: await printed(label, 'a4-65', 'data-matrix'),
    seconds: 1.4,
    share: 0.42,
    angleDegrees: 88,
  });
  const labels = [tube(700), card(21), card(22), box(700), tube(700)];
  const shown = await Promise.all(labels.map(held));
  return [pause, ...shown.flatMap((scene) => [scene, pause]), { picture: null, seconds: 20 }];
}

/** Waits until the browser has kept the reader, which comes in the background. */
async function readerIsKept(page: Page): Promise<void> {
  const isKept = (): Promise<boolean> =>
    page.evaluate(async () => {
      for (const name of await caches.keys()) {
        const kept = await (await caches.open(name)).keys();
        if (kept.some(({ url }) => url.endsWith('.wasm'))) return true;
      }
      return false;
    });
  await expect.poll(isKept, { timeout: 60_000 }).toBe(true);
}

test('SN-1: a tube is filled and sealed by camera without a signal, and arrives later', async () => {
  tellOnFailure(browser, server);
  const phone = await Phone.open(browser, server);
  await phone.begin('chen');
  await phone.toTable();
  await phone.shellIsKept();
  await readerIsKept(phone.page);
  await phone.context.setOffline(true);
  await phone.press('Scan by camera');
  // The tube, two people, the box that is told apart, and the tube again: sealed over two.
  await phone.page.locator('.voice[data-tone="done"]').waitFor({ timeout: 60_000 });
  expect(await phone.voice()).toContain('2 people, kept on this phone');
  await phone.context.setOffline(false);
  await phone.sees('all delivered');
  const { seal } = await server.ask<{ seal: { members: number[] } }>(`/tubes/${tube(700)}`);
  expect(seal.members).toEqual([21, 22]);
  await phone.close();
}, 240_000);
