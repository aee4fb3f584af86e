import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readLabel } from '../../rooms/screening/index.ts';
import { openBrowser } from '../support/browser.ts';
import { chineseLeft, emptyBoxes, englishLeft, saidByScreen } from './support/language.ts';
import { closePage, pictures, signedIn, tellOnFailure } from './support/pages.ts';
import { type RunningServer, startServer } from './support/server.ts';

let browser: Browser;
let server: RunningServer;

beforeAll(async () => {
  [browser, server] = await Promise.all([openBrowser(), startServer(['--empty'])]);
  mkdirSync(pictures, { recursive: true });
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

interface Printed {
  readonly name: string;
  readonly text: string;
}

/** Presses the button and takes the file that comes. */
async function print(page: Page, button: string): Promise<Printed> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button, exact: true }).click(),
  ]);
  const text = readFileSync(await download.path(), 'latin1');
  return { name: download.suggestedFilename(), text };
}

const firstRow = (page: Page): Promise<string[]> =>
  page.getByRole('row').nth(1).getByRole('cell').allTextContents();

test('SC-14: somebody prints tube labels at the desk, and the same ones again', async () => {
  tellOnFailure(browser, server);
  const page = await signedIn(browser, server, { at: '#/desk/labels' });
  await page.getByText('No labels have been printed yet.').waitFor();
  await page.getByLabel('How many').fill('130');
  await page.getByText('2 pages').waitFor();
  const printed = await print(page, 'Print labels');
  expect(printed.text.startsWith('%PDF-')).toBe(true);
  const [, first = ''] = /^labels-(\w+)\.pdf$/.exec(printed.name) ?? [];
  expect(readLabel(first)).toMatchObject({ kind: 'tube', serial: 2 });
  await page.getByText(`130 labels from ${first} to`).waitFor();
  await expect.poll(async () => (await firstRow(page))[3] ?? '').toContain(first);

  // The same button again: the next labels, not the same.
  const next = await print(page, 'Print labels');
  expect(next.name).not.toBe(printed.name);
  await expect.poll(() => page.getByRole('row').count()).toBe(3);
  const again = await page.getByRole('link', { name: 'Print again' }).last().getAttribute('href');
  const reply = await page.request.get(`${server.url}${again ?? ''}`);
  expect(reply.headers()['x-sextant-label-first']).toBe(first);
  expect(chineseLeft(await saidByScreen(page))).toEqual([]);
  await page.screenshot({ path: join(pictures, 'labels-en.png') });
  await closePage(page);
});

test('SC-14: a wrong number of labels is refused in the reader’s words, and nothing is lost', async () => {
  tellOnFailure(browser, server);
  const page = await signedIn(browser, server, { at: '#/desk/labels', language: 'zh' });
  await page.getByLabel('数量').fill('0');
  await page.getByRole('button', { name: '打印标签', exact: true }).click();
  await page.getByText('请填写标签数量：1 到 5000 之间的整数。').waitFor();
  await page.getByLabel('数量').fill('5001');
  await page.getByRole('button', { name: '打印标签', exact: true }).click();
  await page.getByText('labels.bad-count').waitFor();
  await page.getByLabel('数量').fill('3');
  const printed = await print(page, '打印标签');
  expect(readLabel(/^labels-(\w+)\.pdf$/.exec(printed.name)?.[1] ?? '').kind).toBe('tube');
  expect(englishLeft(await saidByScreen(page), [server.account])).toEqual([]);
  expect((await emptyBoxes(page)).boxes).toEqual([]);
  await page.screenshot({ path: join(pictures, 'labels-zh.png') });
  await closePage(page);
});
