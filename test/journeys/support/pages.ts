import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { onTestFailed } from 'vitest';
import { root } from '../../../tools/sources.ts';
import type { RunningServer } from './server.ts';

export type Language = 'zh' | 'en';

/** Whether there is a Chromium here: a named one, the system's, or the one of the package. */
export const hasBrowser =
  (process.env['SEXTANT_CHROMIUM'] ?? '') !== '' ||
  existsSync('/usr/bin/chromium') ||
  (process.platform === 'linux' && process.arch === 'x64');

export interface Wishes {
  readonly language?: Language;
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  readonly account?: string;
  readonly password?: string;
  /** Where to go after signing in: `#/desk/boxes`. */
  readonly at?: string;
}

/** Opens the web app in a browser of its own, not signed in. */
export async function openPage(
  browser: Browser,
  server: RunningServer,
  wishes: Wishes = {},
): Promise<Page> {
  const { language = 'en', theme = 'light', width = 1280, height = 900, at = '' } = wishes;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    // A browser of another country: what the screen says must not depend on it.
    locale: 'de-DE',
    timezoneId: 'America/Lima',
    acceptDownloads: true,
  });
  await context.addInitScript((chosen) => {
    try {
      localStorage.setItem('sextant.language', chosen);
    } catch {
      // A page without storage is not ours.
    }
  }, language);
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(`${server.url}/${at}`);
  return page;
}

const words = {
  zh: { account: '账号', password: '密码', signIn: '登录' },
  en: { account: 'Account', password: 'Password', signIn: 'Sign in' },
} as const;

/** Opens the web app and signs in: as the first administrator unless another is named. */
export async function signedIn(
  browser: Browser,
  server: RunningServer,
  wishes: Wishes = {},
): Promise<Page> {
  const page = await openPage(browser, server, wishes);
  const said = words[wishes.language ?? 'en'];
  await page.getByLabel(said.account).fill(wishes.account ?? server.account);
  await page.getByLabel(said.password).fill(wishes.password ?? server.password);
  await page.getByRole('button', { name: said.signIn }).click();
  await page.getByRole('banner').waitFor();
  return page;
}

/** Where pictures of failures and of every view are put. */
export const pictures = join(root, 'test-output', 'journeys');

/** When the test that is running fails: pictures of its pages, and what the server printed. */
export function tellOnFailure(browser: Browser, server: RunningServer): void {
  onTestFailed(async ({ task }) => {
    const pages = browser.contexts().flatMap((context) => context.pages());
    for (const [index, page] of pages.entries()) {
      const name = `failed-${task.name.slice(0, 40).replace(/\W+/g, '-')}-${index}.png`;
      await page.screenshot({ path: join(pictures, name) }).catch(() => undefined);
    }
    console.error(server.said());
  });
}

/** Closes a page with everything its browser kept. */
export async function closePage(page: Page): Promise<void> {
  await page.context().close();
}
