import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DayQuantiles, TrendFigures } from '../../rooms/trend/index.ts';
import { openBrowser } from '../support/browser.ts';
import type { Staff } from '../support/chain.ts';
import { Client } from '../support/client.ts';
import { onDay, recordOutbreak } from '../support/outbreak.ts';
import { district, placesCsv, rosterCsv } from '../support/people.ts';
import {
  closePage,
  hasBrowser,
  type Language,
  pictures,
  signedIn,
  tellOnFailure,
} from './support/pages.ts';
import { type RunningServer, startServer } from './support/server.ts';

let browser: Browser;
let server: RunningServer;

/** Until yesterday: the record of a day that is over does not change while it is looked at. */
const until = onDay(1);

beforeAll(async () => {
  [browser, server] = await Promise.all([openBrowser(), startServer(['--empty'])]);
  mkdirSync(pictures, { recursive: true });
  await server.send('/imports/places', placesCsv);
  await server.send('/imports/persons', rosterCsv);
  await recordOutbreak(await hire());
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** Accounts of an operation, made and signed in as people do. */
async function hire(): Promise<Staff> {
  const make = async (account: string, role: string): Promise<Client> => {
    const secret = { account, password: 'only-for-the-trend' };
    await server.send('/accounts', { ...secret, roles: [{ role, place: district }] });
    const { body } = await new Client(server.url).post('/v1/sessions', secret);
    return new Client(server.url, account, String(body['token']));
  };
  return {
    headquarters: await make('hq', 'headquarters'),
    community: await make('community', 'community'),
    sampler: await make('sampler', 'sampler'),
    courier: await make('courier', 'courier'),
    laboratory: await make('lab-one', 'laboratory'),
    signer: await make('lab-two', 'laboratory'),
    dispatcher: await make('dispatcher', 'dispatcher'),
    facility: await make('ward', 'facility'),
  };
}

const said = {
  zh: { saveAs: '下载此图：', heading: '试验区疫情研判', few: '至少要 9 天才能估计走势' },
  en: {
    saveAs: 'Download this figure as ',
    heading: 'The trend in Trial District',
    few: 'The record covers 1 day. It takes 9 to read a trend.',
  },
} as const;

async function openTrend(language: Language, day: string): Promise<Page> {
  const page = await signedIn(browser, server, { language });
  await page.goto(`${server.url}/#/trend?until=${day}`);
  await page.getByRole('heading', { name: said[language].heading }).waitFor();
  await page.evaluate(() => document.fonts.ready);
  return page;
}

/** The file that a button of a figure gives. */
async function download(figure: Locator, name: string): Promise<{ name: string; bytes: Buffer }> {
  const given = figure.page().waitForEvent('download');
  await figure.getByRole('button', { name, exact: true }).click();
  const file = await given;
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

/** An SVG as a program reads it that knows nothing of our page. */
function readSvg(page: Page, text: string) {
  return page.evaluate((source) => {
    const read = new DOMParser().parseFromString(source, 'image/svg+xml');
    const all = [...read.querySelectorAll('*')];
    const root = read.documentElement;
    return {
      error: read.querySelector('parsererror')?.textContent ?? null,
      root: `${root.namespaceURI} ${root.localName}`,
      width: Number(root.getAttribute('width')),
      height: Number(root.getAttribute('height')),
      title: read.querySelector('title')?.textContent ?? '',
      texts: [...read.querySelectorAll('text')].map((each) => each.textContent ?? ''),
      shapes: read.querySelectorAll('path, rect, line').length,
      /** What would need our page: classes, variables, files. */
      needs: all.flatMap((each) =>
        [...each.attributes]
          .filter(({ name, value }) => name === 'class' || /var\(|url\(|href/.test(name + value))
          .map(({ name, value }) => `${each.localName} ${name}="${value}"`),
      ),
    };
  }, text);
}

/** Width, height and how many colours a picture has, as the browser draws it. */
function readPng(page: Page, bytes: Buffer) {
  return page.evaluate(
    async (numbers) => {
      const blob = new Blob([Uint8Array.from(numbers)], { type: 'image/png' });
      const picture = await createImageBitmap(blob);
      const canvas = new OffscreenCanvas(picture.width, picture.height);
      const context = canvas.getContext('2d');
      context?.drawImage(picture, 0, 0);
      const { data } = context?.getImageData(0, 0, picture.width, picture.height) ?? { data: [] };
      const colours = new Set<number>();
      for (let at = 0; at < data.length; at += 4) {
        colours.add(((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0));
      }
      return { width: picture.width, height: picture.height, colours: colours.size };
    },
    [...bytes],
  );
}

/** Rows of a CSV without quotes, numbers as numbers and nothing as null. */
function readCsv(bytes: Buffer): (string | number | null)[][] {
  const text = bytes.toString('utf8');
  expect(text.startsWith('\uFEFF')).toBe(true);
  expect(text.endsWith('\r\n')).toBe(true);
  const lines = text.slice(1, -2).split('\r\n');
  return lines.slice(1).map((line) =>
    line.split(',').map((cell) => {
      if (cell === '') return null;
      return /^-?[\d.e+-]+$/.test(cell) && !/^\d{4}-\d\d-\d\d$/.test(cell) ? Number(cell) : cell;
    }),
  );
}

const five = (row: DayQuantiles | undefined) =>
  row === undefined
    ? [null, null, null, null, null]
    : [row.q05, row.q25, row.median, row.q75, row.q95];

/** What the file of the first figure must hold, from the API's reply. */
function fanRows({ estimates }: TrendFigures): (string | number | null)[][] {
  const { days, reported, nowcast, forecast } = estimates;
  const none = five(undefined);
  return [
    ...days.map((on, index) => [
      ...[on, reported[index] ?? 0],
      ...[...five(nowcast?.find((row) => row.on === on)), ...none],
    ]),
    ...(forecast ?? []).map((row) => [row.on, null, ...none, ...five(row)]),
  ];
}

const squeezed = (text: string): string => text.replace(/\s+/g, '');

test.skipIf(!hasBrowser).each<Language>(['zh', 'en'])(
  'a figure of the trend is kept as SVG, PNG and CSV, each with what the screen says: %s',
  async (language) => {
    tellOnFailure(browser, server);
    const page = await openTrend(language, until);
    const trend = await server.ask<TrendFigures>(`/trend?until=${until}`);
    const figure = page.getByRole('figure').first();
    const sentence = await figure.getByRole('heading').innerText();
    const quality = await figure.locator('.chart-quality').innerText();
    const { saveAs } = said[language];
    const stem = `trend-${district}-${until}`;

    const svg = await download(figure, `${saveAs}SVG`);
    expect(svg.name).toBe(`${stem}.svg`);
    const drawn = await readSvg(page, svg.bytes.toString('utf8'));
    expect(drawn).toMatchObject({ error: null, root: 'http://www.w3.org/2000/svg svg', needs: [] });
    expect(drawn.title).toBe(sentence);
    const written = squeezed(drawn.texts.join(''));
    expect(written).toContain(squeezed(sentence));
    expect(written).toContain(squeezed(quality.split('·')[1] ?? quality));
    expect(drawn.shapes).toBeGreaterThan(20);

    const png = await download(figure, `${saveAs}PNG`);
    expect(png.name).toBe(`${stem}.png`);
    expect(png.bytes.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
    const picture = await readPng(page, png.bytes);
    expect(picture).toMatchObject({
      width: Math.floor(2 * drawn.width),
      height: Math.floor(2 * drawn.height),
    });
    expect(picture.colours).toBeGreaterThan(10);

    const csv = await download(figure, `${saveAs}CSV`);
    expect(csv.name).toBe(`${stem}.csv`);
    expect(readCsv(csv.bytes)).toEqual(fanRows(trend));

    const second = page.getByRole('figure').nth(1);
    const reproduction = await download(second, `${saveAs}CSV`);
    expect(readCsv(reproduction.bytes)).toEqual(
      (trend.estimates.reproduction ?? []).map((row) => [
        ...[row.on, row.mean, row.q025, row.q05, row.q25],
        ...[row.median, row.q75, row.q95, row.q975],
      ]),
    );
    await page.evaluate(() => scrollTo(0, 0));
    await page.screenshot({ path: join(pictures, `trend-full-${language}.png`), fullPage: true });
    await closePage(page);
  },
  120_000,
);

test.skipIf(!hasBrowser).each<Language>(['zh', 'en'])(
  'a figure with too little data is one line that says why, with nothing to keep: %s',
  async (language) => {
    tellOnFailure(browser, server);
    // The first day of the outbreak: one infection.
    const page = await openTrend(language, onDay(20));
    const thin = page.getByRole('figure').filter({ hasText: said[language].few });
    expect(await thin.count()).toBeGreaterThan(1);
    for (const figure of await thin.all()) {
      expect(await figure.getByRole('button').count()).toBe(0);
      const { height } = (await figure.boundingBox()) ?? { height: 0 };
      expect(height).toBeGreaterThan(20);
      expect(height).toBeLessThan(80);
    }
    await page.evaluate(() => scrollTo(0, 0));
    await page.screenshot({ path: join(pictures, `trend-thin-${language}.png`), fullPage: true });
    await closePage(page);
  },
  60_000,
);
