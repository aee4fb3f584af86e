import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openBrowser } from '../../test/support/browser.ts';
import { startProcess } from '../../test/support/process.ts';
import { buildField } from '../../tools/build-field.mjs';
import { communityCode, placesFile, rosterFile } from './field-world.ts';

/** Five communities of a thousand: what one phone is given at most on a long day. */
export const communities = 5;
const town = '310113101';
const password = 'only-for-the-bench';
/** A cheap phone on a busy cell: 4 × slower than this machine, 3 Mbit/s, 60 ms there and back. */
export const slowdown = 4;
const bytesPerSecond = 375_000;
const roundTripMs = 60;

/** A server with a town of 5,000 and an open round, and a browser to be the phones. */
export interface FieldBench {
  readonly url: string;
  readonly browser: Browser;
  readonly close: () => Promise<void>;
}

/** Builds the app and starts the server and the browser. */
export async function openFieldBench(): Promise<FieldBench> {
  if ((await buildField(process.execPath)) !== 0) throw new Error('the field app did not build');
  const data = await mkdtemp(join(tmpdir(), 'sextant-field-bench-'));
  // Passable for the account that PostgreSQL runs as when the bench runs as root.
  await chmod(data, 0o711);
  const server = await startProcess([
    ...['--empty', '--port', '0', '--data', join(data, 'data')],
    ...['--admin-password', password],
  ]);
  const browser = await openBrowser();
  const close = async (): Promise<void> => {
    await browser.close();
    await server.stop();
    await rm(data, { recursive: true, force: true });
  };
  try {
    await furnish(server.url);
  } catch (error) {
    await close();
    throw error;
  }
  return { url: server.url, browser, close };
}

/** A phone that nobody has used. */
export function newPhone(browser: Browser): Promise<BrowserContext> {
  return browser.newContext({
    locale: 'zh-CN',
    viewport: { width: 360, height: 740 },
    isMobile: true,
    hasTouch: true,
  });
}

/** A page on a line of 3 Mbit/s, in a processor so many times slower than this one. */
export async function openPage(context: BrowserContext, rate: number): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate });
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: roundTripMs,
    downloadThroughput: bytesPerSecond,
    uploadThroughput: bytesPerSecond,
  });
  return page;
}

/** Signs in and loads the town; answers how long the loading took, in ms. */
export async function loadTown(page: Page): Promise<number> {
  await page.getByLabel('账号').fill('admin');
  await page.getByLabel('密码').fill(password);
  await page.getByRole('button', { name: '登录', exact: true }).click();
  for (let depth = 0; depth < 2; depth += 1) await page.locator('.row').first().click();
  const loading = performance.now();
  await page.getByRole('button', { name: '下载', exact: true }).click();
  await page.locator('.works').waitFor({ timeout: 120_000 });
  return Math.round(performance.now() - loading);
}

/** Goes to a screen by its address. */
export async function go(page: Page, path: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/${path}`);
}

/** Opens the sampling table at the only point of the town. */
export async function openTable(page: Page): Promise<void> {
  await go(page, 'sampling');
  await page.getByRole('button', { name: '开始', exact: true }).click();
  await page.locator('.rack').waitFor();
}

/** Scans codes one after another; for each the ms from the last key to the painted answer. */
export async function scanAll(page: Page, codes: readonly string[]): Promise<number[]> {
  const measured: number[] = [];
  for (const code of codes) {
    const { ms, tone } = await page.evaluate(scanInPage, code);
    if (tone === 'wrong') throw new Error(`${code} was not taken`);
    measured.push(ms);
  }
  return measured;
}

/** Runs in the page: types the code as a scanner does and waits for the voice to turn. */
function scanInPage(code: string): Promise<{ ms: number; tone: string }> {
  return new Promise((resolve) => {
    const said = (name: string): string =>
      document.querySelector('.voice')?.getAttribute(`data-${name}`) ?? '';
    const turnOf = (): string => said('turn');
    const before = turnOf();
    for (const key of [...Array.from(code), 'Enter']) {
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    }
    const start = performance.now();
    const look = (): void => {
      if (turnOf() === before) requestAnimationFrame(look);
      else {
        requestAnimationFrame(() => resolve({ ms: performance.now() - start, tone: said('tone') }));
      }
    };
    requestAnimationFrame(look);
  });
}

/** Places, residents, a point and a round for the town of the phone. */
async function furnish(url: string): Promise<void> {
  const token = await signIn(url);
  const post = async (path: string, body: object | string): Promise<void> => {
    const isText = typeof body === 'string';
    const type = isText ? 'text/csv' : 'application/json';
    const answer = await fetch(`${url}/v1${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': type },
      body: isText ? body : JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  };
  await post('/imports/places', placesFile(communities));
  await post('/imports/persons', rosterFile(communities));
  await post('/acts/places/open-point', {
    actId: 'bench-point-1',
    act: {
      ...{ point: 'S1', place: communityCode(0), pointKind: 'sampling', lon: 121.4, lat: 31.4 },
      label: { zh: '一号采样点', en: 'Sampling point 1' },
    },
  });
  await post('/acts/screening/open-round', {
    actId: 'bench-round-1',
    act: {
      ...{ round: 'R1', place: town, areas: [town], group: null, poolSize: 10 },
      label: { zh: '第一轮', en: 'Round 1' },
      startsAt: Date.now() - 3_600_000,
      endsAt: Date.now() + 86_400_000,
    },
  });
}

/** Asks headquarters past the screens. */
export async function askAsAdmin<Reply>(url: string, path: string): Promise<Reply> {
  const headers = { authorization: `Bearer ${await signIn(url)}` };
  return (await (await fetch(`${url}/v1${path}`, { headers })).json()) as Reply;
}

async function signIn(url: string): Promise<string> {
  const reply = await fetch(`${url}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account: 'admin', password }),
  });
  return ((await reply.json()) as { token: string }).token;
}

/** The figure that so large a share of the others does not exceed, rounded. */
export function quantile(figures: readonly number[], share: number): number {
  const sorted = figures.toSorted((left, right) => left - right);
  const index = Math.min(sorted.length - 1, Math.floor(sorted.length * share));
  return Math.round(sorted[index] ?? 0);
}
