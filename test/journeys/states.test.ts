import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { Desk } from './support/desk.ts';
import {
  closePage,
  hasBrowser,
  openPage,
  pictures,
  signedIn,
  tellOnFailure,
} from './support/pages.ts';
import { type RunningServer, startServer } from './support/server.ts';

let browser: Browser;
let server: RunningServer;
const staff = { account: 'courier-li', password: 'third-star-2022' };

beforeAll(async () => {
  const day = ['--scale', '0.001', '--days', '1', '--pace', '100000'];
  [browser, server] = await Promise.all([openBrowser(), startServer(day)]);
  mkdirSync(pictures, { recursive: true });
  await server.played();
  const roles = [{ role: 'courier', place: '310113102' }];
  await server.send('/accounts', { ...staff, roles });
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

test.skipIf(!hasBrowser)(
  'BO-12 the board is there within a second, and the fonts of one screen are a few files',
  async () => {
    tellOnFailure(browser, server);
    const page = await signedIn(browser, server, { language: 'zh' });
    const times: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      const again = await page.context().newPage();
      const before = performance.now();
      await again.goto(`${server.url}/#/board`);
      await again.locator('.station .figure').first().waitFor();
      times.push(performance.now() - before);
      await again.close();
    }
    const fonts = await page.evaluate(
      () =>
        performance.getEntriesByType('resource').filter(({ name }) => name.includes('.woff2'))
          .length,
    );
    console.log(
      `the board opened in ${times.map(Math.round).join(', ')} ms with ${fonts} files of fonts`,
    );
    expect(Math.min(...times)).toBeLessThan(1000);
    expect(fonts).toBeLessThan(80);
    await closePage(page);
  },
);

test.skipIf(!hasBrowser).each([
  ['light', 1280, 900],
  ['dark', 1920, 1080],
  ['dark', 390, 844],
] as const)(
  'the board stands in %s at %i wide without a line cut off',
  async (theme, width, height) => {
    tellOnFailure(browser, server);
    for (const language of ['zh', 'en'] as const) {
      const page = await signedIn(browser, server, { language, theme, width, height });
      await page.locator('.station').nth(5).waitFor();
      await page.evaluate(() => document.fonts.ready);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect([language, wider]).toEqual([language, 0]);
      const name = `board-${theme}-${width}-${language}.png`;
      await page.screenshot({ path: join(pictures, name), fullPage: true });
      await closePage(page);
    }
  },
);

test.skipIf(!hasBrowser)('every number of the board opens the list behind it', async () => {
  tellOnFailure(browser, server);
  const page = await signedIn(browser, server);
  await page.locator('.station').nth(5).waitFor();
  const links = await page
    .locator('.station a, .accounts td a, .coverage td a, .panel-title a, #beds-title a')
    .evaluateAll((found) => found.map((link) => link.getAttribute('href') ?? ''));
  const unique = [...new Set(links)];
  expect(unique.length).toBeGreaterThan(30);
  for (const link of unique.slice(0, 40)) {
    await page.goto(`${server.url}/${link}`);
    await page.locator('main h1').first().waitFor({ state: 'attached' });
    expect([link, await page.locator('.notice-refused').count()]).toEqual([link, 0]);
  }
  await closePage(page);
});

test.skipIf(!hasBrowser)('the board moves by itself when something happens', async () => {
  tellOnFailure(browser, server);
  const page = await signedIn(browser, server);
  await page.locator('.line-done').waitFor();
  const now = Date.now();
  const round = {
    round: 'R78',
    place: '310113',
    areas: ['310113'],
    label: { zh: '复核轮', en: 'Round of the check' },
    group: null,
    poolSize: 10,
    startsAt: now,
    endsAt: now + 86_400_000,
  };
  await server.act(server, 'screening/open-round', round);
  await page.locator('.round').getByText('Round of the check').filter({ visible: true }).waitFor();
  await page.getByText(/people 0 are sampled/).waitFor();
  await closePage(page);
});

test.skipIf(!hasBrowser)(
  'BO-11 a wrong password and a role that is not held are said in words, in both languages',
  async () => {
    tellOnFailure(browser, server);
    const page = await openPage(browser, server, { language: 'zh' });
    await page.getByLabel('账号').fill('admin');
    await page.getByLabel('密码').fill('wrong-password');
    await page.getByRole('button', { name: '登录' }).click();
    await page.getByText('账号或密码不对。').waitFor();
    await page.getByRole('button', { name: 'Switch to English' }).click();
    await page.getByText('Account or password is wrong.').waitFor();
    await closePage(page);
    const courier = await signedIn(browser, server, { ...staff, at: '#/board?place=310113' });
    await courier
      .getByRole('alert')
      .getByText(/may not/)
      .waitFor();
    await courier.goto(`${server.url}/#/desk/rounds?act=screening.open-round`);
    await courier
      .getByText(/Needs the role: headquarters/i)
      .first()
      .waitFor();
    await closePage(courier);
  },
);

test.skipIf(!hasBrowser)(
  'BO-11 when the server cannot be reached the screen says so, and goes on by itself after',
  async () => {
    tellOnFailure(browser, server);
    const page = await signedIn(browser, server, { at: '#/list/beds' });
    await page.locator('.list-table').waitFor();
    await page.context().setOffline(true);
    await page.goto(`${server.url}/#/list/duties?state=done`);
    await page.getByText('The server cannot be reached').first().waitFor();
    // The figures of the board are kept, and their age is told.
    await page.goto(`${server.url}/#/board`);
    await page.locator('.station .figure').first().waitFor();
    await page.locator('.freshness .age').waitFor();
    await page.context().setOffline(false);
    await page.goto(`${server.url}/#/list/duties?state=done`);
    await page.locator('.list-table').waitFor();
    await closePage(page);
  },
);

test.skipIf(!hasBrowser)(
  'BO-9 an act that got no answer is sent again as the same act, and happens once',
  async () => {
    tellOnFailure(browser, server);
    const page = await signedIn(browser, server);
    const desk = new Desk(page, server);
    const sent: string[] = [];
    await page.route('**/v1/acts/places/open-point', async (route) => {
      const body = route.request().postDataJSON() as { actId: string };
      sent.push(body.actId);
      // The first time the server acts and its answer is lost on the way.
      if (sent.length > 1) return route.continue();
      await route.fetch();
      return route.abort();
    });
    await desk.go('#/desk/places?act=places.open-point');
    await desk.fill('Point', 'S77');
    await page.getByRole('button', { name: /Kind of point/ }).click();
    await page.getByRole('option', { name: 'store', exact: true }).click();
    await desk.fill('Chinese', '仓库');
    await desk.fill('English', 'Store');
    await desk.press('Open a point');
    await desk.sees('The server cannot be reached');
    await desk.press('Open a point');
    await desk.sees('Point S77');
    expect(sent.length).toBe(2);
    expect(new Set(sent).size).toBe(1);
    expect(await page.locator('.timeline .step').count()).toBe(1);
    await closePage(page);
  },
);

test.skipIf(!hasBrowser)(
  'BO-10 names are shown only after a purpose, and the reader is told that it is recorded',
  async () => {
    tellOnFailure(browser, server);
    const asked: string[] = [];
    const page = await signedIn(browser, server);
    page.on('request', (request) => {
      if (request.url().includes('/v1/persons')) asked.push(request.url());
    });
    await openRoundFor(page);
    await page.goto(`${server.url}/#/missing`);
    await page.locator('.list-table tbody tr').first().waitFor();
    expect(asked).toEqual([]);
    await page.getByRole('button', { name: 'Show names' }).click();
    await page.getByText('Every reading of names is recorded').waitFor();
    expect(asked).toEqual([]);
    await page.getByRole('button', { name: /Read names/ }).click();
    await page.getByRole('columnheader', { name: 'Name' }).waitFor();
    expect(asked[0]).toContain('reason=visit');
    const cells = await page
      .locator('.list-table tbody tr')
      .first()
      .locator('td')
      .allTextContents();
    expect(cells.some((cell) => /^[\u3400-\u9fff]{2,4}$/.test(cell))).toBe(true);
    await closePage(page);
  },
);

/** A second round, in which nobody has been sampled yet. */
async function openRoundFor(page: Page): Promise<void> {
  const desk = new Desk(page, server);
  await desk.go('#/desk/rounds?act=screening.open-round');
  await desk.fill('Round', 'R77');
  await desk.fill('Chinese', '第二轮');
  await desk.fill('English', 'Round 2');
  await desk.choose('10 in 1');
  await desk.press('Open a round');
  await desk.sees('Close the round');
}

test.skipIf(!hasBrowser)('a desk is worked with the keyboard alone', async () => {
  tellOnFailure(browser, server);
  const page = await signedIn(browser, server, { at: '#/desk/places' });
  await page.locator('.queue-row').nth(2).waitFor();
  await page.locator('body').press('/');
  const search = page.getByRole('searchbox');
  expect(await search.evaluate((field) => field === document.activeElement)).toBe(true);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const rows = page.locator('.queue-row');
  expect(await rows.nth(1).evaluate((row) => row === document.activeElement)).toBe(true);
  await page.keyboard.press('Enter');
  await page.locator('.detail').waitFor();
  await page.locator('body').press('?');
  await page.getByRole('dialog').getByText('move along what waits').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await closePage(page);
});
