import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildBoard } from '../../tools/build-board.mjs';
import { openBrowser } from '../support/browser.ts';
import { Phone, prepareField } from './support/field.ts';
import { fieldFaults } from './support/field-looks.ts';
import {
  closePage,
  hasBrowser,
  type Language,
  openPage,
  signedIn,
  tellOnFailure,
} from './support/pages.ts';
import { type RunningServer, startServer } from './support/server.ts';

let browser: Browser;
let server: RunningServer;

beforeAll(async () => {
  if ((await buildBoard(process.execPath)) !== 0) throw new Error('the board did not build');
  [browser, server] = await Promise.all([
    openBrowser(),
    startServer(['--empty', '--unsafe'], { face: 'field', durable: false }),
  ]);
  await prepareField(server);
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const words = {
  zh: ['登记的内容可能丢失', 'fsync', '仅供试用'],
  en: ['what is recorded may be lost', 'fsync', 'For trials only'],
} as const;
const screens = ['board', 'trend', 'desk', 'desk/accounts', 'trace', 'list/beds', 'no-such-screen'];

async function expectCaution(page: Page, language: Language): Promise<void> {
  const caution = page.locator('.cautions');
  await caution.waitFor();
  const text = await caution.innerText();
  for (const word of words[language]) expect(text).toContain(word);
  // A shape beside the words, and in sight wherever the page is scrolled to.
  expect(await caution.locator('svg').count()).toBe(1);
  const { bottom, height } = await caution.evaluate((element) => ({
    bottom: element.getBoundingClientRect().bottom,
    height: window.innerHeight,
  }));
  expect(bottom).toBeLessThanOrEqual(height + 1);
  expect((await fieldFaults(page)).problems.filter((each) => each.includes('contrast'))).toEqual(
    [],
  );
}

test.skipIf(!hasBrowser).each<Language>(['zh', 'en'])(
  'a server that may lose what it answers for says so on every screen of the board, in %s',
  async (language) => {
    tellOnFailure(browser, server);
    const outside = await openPage(browser, server, { language });
    await expectCaution(outside, language);
    await closePage(outside);
    const page = await signedIn(browser, server, { language });
    for (const screen of screens) {
      await page.evaluate((hash) => void (location.hash = `#/${hash}`), screen);
      await expectCaution(page, language);
    }
    await closePage(page);
  },
  120_000,
);

test.skipIf(!hasBrowser)(
  'and on the phone, in both languages',
  async () => {
    tellOnFailure(browser, server);
    const phone = await Phone.open(browser, server);
    const caution = phone.page.locator('.caution');
    await caution.waitFor();
    const first = await caution.innerText();
    await phone.page.getByRole('button', { name: /中文|English/ }).click();
    await expect.poll(() => caution.innerText()).not.toBe(first);
    const second = await caution.innerText();
    expect([first, second].sort().join('\n')).toMatch(/Warning: [^]*总部服务器以不安全方式运行/);
    expect(await caution.locator('svg').count()).toBe(1);
    expect((await fieldFaults(phone.page)).problems).toEqual([]);
    await phone.page.getByRole('button', { name: /English/ }).click();
    await phone.begin('chen');
    for (const screen of ['', 'sampling', 'doors', 'courier', 'duties', 'sync']) {
      await phone.page.evaluate((hash) => void (location.hash = `#/${hash}`), screen);
      expect(await caution.innerText()).toContain('Warning');
      expect((await fieldFaults(phone.page)).problems).toEqual([]);
    }
    await phone.close();
  },
  120_000,
);
