import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { chineseLeft, emptyBoxes, englishLeft, saidByScreen } from './support/language.ts';
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
/** One thing of each kind that the played day has put on record. */
let things: { readonly [prefix: string]: string };
let names: readonly string[];

/** A day of a few thousand people, played as fast as the machine can: the figures are real. */
const day = ['--scale', '0.004', '--days', '1', '--pace', '100000'];

beforeAll(async () => {
  [browser, server] = await Promise.all([openBrowser(), startServer(day)]);
  mkdirSync(pictures, { recursive: true });
  await server.played();
  things = await findThings();
  names = await findNames();
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const prefixes = [
  'box',
  'plate',
  'person',
  'unit',
  'transfer',
  'vehicle',
  'point',
  'release',
  'round',
];

async function findThings(): Promise<{ [prefix: string]: string }> {
  const found: { [prefix: string]: string } = {};
  for (const prefix of [...prefixes, 'tube', 'stay', 'accession']) {
    const { rows } = await server.ask<{ rows: { subject: string }[] }>(
      `/subjects?prefix=${prefix}&limit=1`,
    );
    if (rows[0] !== undefined) found[prefix] = rows[0].subject;
  }
  return found;
}

async function findNames(): Promise<string[]> {
  const { rows } = await server.ask<{ rows: { account: string }[] }>('/accounts');
  const accounts = rows.map(({ account }) => account);
  return accounts.sort((a, b) => b.length - a.length);
}

/** Every screen, by a name for its picture. */
function views(): { name: string; at: string }[] {
  const desks = ['rounds', 'sampling', 'boxes', 'laboratory', 'results', 'cases', 'beds'];
  const others = ['transfer', 'admission', 'places', 'persons', 'duties', 'findings', 'accounts'];
  const key = (prefix: string): string => things[prefix]?.slice(prefix.length + 1) ?? '1';
  return [
    { name: 'board', at: '#/board' },
    { name: 'trend', at: '#/trend' },
    ...['collect', 'deliver', 'test', 'report', 'transfer', 'admit'].map((link) => ({
      name: `link-${link}`,
      at: `#/list/link/${link}`,
    })),
    { name: 'duties-open', at: '#/list/duties?state=open' },
    { name: 'duties-done', at: '#/list/duties?state=done' },
    { name: 'findings', at: '#/list/findings' },
    { name: 'beds', at: '#/list/beds' },
    { name: 'missing', at: '#/missing' },
    { name: 'trace-tube', at: `#/trace/tube/${key('tube')}` },
    { name: 'trace-box', at: `#/trace/box/${key('box')}` },
    { name: 'trace-person', at: `#/trace/person/${key('person')}` },
    { name: 'desks', at: '#/desk' },
    ...[...desks, ...others].map((desk) => ({ name: `desk-${desk}`, at: `#/desk/${desk}` })),
    ...Object.entries(things).map(([prefix, subject]) => ({
      name: `subject-${prefix}`,
      at: `#/subject/${encodeURIComponent(subject)}`,
    })),
  ];
}

async function look(page: Page, at: string): Promise<void> {
  await page.goto(`${server.url}/${at}`);
  await page.locator('main').waitFor();
  await page.locator('.loading').first().waitFor({ state: 'detached' });
  // Names of places come after their codes, and their characters after the names.
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
  await page.evaluate(() => document.fonts.ready);
}

test.skipIf(!hasBrowser).each<Language>(['zh', 'en'])(
  'every view speaks one language and shows every character: %s',
  async (language) => {
    tellOnFailure(browser, server);
    const page = await signedIn(browser, server, { language });
    const problems: string[] = [];
    let characters = 0;
    for (const { name, at } of views()) {
      await look(page, at);
      const texts = await saidByScreen(page);
      const left = language === 'zh' ? englishLeft(texts, names) : chineseLeft(texts);
      const failed = texts.some((text) => /^(这个页面出错了|This page failed)/.test(text));
      if (failed) problems.push(`${name}: failed`);
      problems.push(...left.map((text) => `${name}: ${text.slice(0, 80)}`));
      const { looked, boxes } = await emptyBoxes(page);
      characters += looked;
      problems.push(...boxes.map((box) => `${name}: an empty box for ${box}`));
      await page.screenshot({ path: join(pictures, `${name}-${language}.png`) });
    }
    console.log(`looked at ${views().length} views and ${characters} characters`);
    expect([...new Set(problems)]).toEqual([]);
    expect(characters).toBeGreaterThan(language === 'zh' ? 2000 : 50);
    await closePage(page);
  },
  120_000,
);
