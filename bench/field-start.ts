// How soon the field app can be used on a slow phone: `npm run bench -- field-start [--times N]`.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { personLabel, serialLabel } from '../rooms/screening/label.ts';
import { openBrowser } from '../test/support/browser.ts';
import { startProcess } from '../test/support/process.ts';
import { buildField } from '../tools/build-field.mjs';
import { communityCode, placesFile, rosterFile } from './support/field-world.ts';

const { values } = parseArgs({ options: { times: { type: 'string', default: '3' } } });
/** Five communities of a thousand: what one phone is given at most on a long day. */
const communities = 5;
const town = '310113101';
const password = 'only-for-the-bench';
/** A cheap phone on a busy cell: 4 × slower than this machine, 3 Mbit/s, 60 ms there and back. */
const slowdown = 4;
const bytesPerSecond = 375_000;
const roundTripMs = 60;

if ((await buildField(process.execPath)) !== 0) throw new Error('the field app did not build');
const data = await mkdtemp(join(tmpdir(), 'sextant-field-start-'));
// Passable for the account that PostgreSQL runs as when the bench runs as root.
await chmod(data, 0o711);
const server = await startProcess([
  ...['--empty', '--port', '0', '--data', join(data, 'data')],
  ...['--admin-password', password],
]);
const browser = await openBrowser();
try {
  await furnish(server.url);
  const runs: Run[] = [];
  for (let turn = 0; turn < Number(values.times); turn += 1) runs.push(await once(browser, turn));
  const figure = (of: (run: Run) => number): number => median(runs.map(of));
  const report = {
    firstUsableMs: figure((run) => run.firstUsableMs),
    placeLoadedMs: figure((run) => run.placeLoadedMs),
    secondStartOfflineMs: figure((run) => run.secondStartOfflineMs),
    scanToConfirmationMedianMs: median(runs.flatMap((run) => run.scanMs)),
    scanToConfirmationWorstMs: Math.max(...runs.flatMap((run) => run.scanMs)),
    scans: runs.flatMap((run) => run.scanMs).length,
    residents: communities * 1000,
    slowdown,
    times: runs.length,
  };
  process.stdout.write(`${JSON.stringify(report)}\n`);
} finally {
  await browser.close();
  await server.stop();
  await rm(data, { recursive: true, force: true });
}

interface Run {
  readonly firstUsableMs: number;
  readonly placeLoadedMs: number;
  readonly secondStartOfflineMs: number;
  readonly scanMs: readonly number[];
}

/** A new phone: opened, signed in, loaded, used for a tube, and opened again without a signal. */
async function once(phones: Browser, turn: number): Promise<Run> {
  const context = await phones.newContext({
    locale: 'zh-CN',
    viewport: { width: 360, height: 740 },
    isMobile: true,
    hasTouch: true,
  });
  const page = await slowPage(context);
  await page.goto(`${server.url}/field/`, { waitUntil: 'commit' });
  const firstUsableMs = await usableAt(page, '.entry .input');
  await page.getByLabel('账号').fill('admin');
  await page.getByLabel('密码').fill(password);
  await page.getByRole('button', { name: '登录', exact: true }).click();
  for (let depth = 0; depth < 2; depth += 1) await page.locator('.row').first().click();
  const loading = performance.now();
  await page.getByRole('button', { name: '下载', exact: true }).click();
  await page.locator('.works').waitFor({ timeout: 120_000 });
  const placeLoadedMs = Math.round(performance.now() - loading);
  const scanMs = await fillTube(page, turn);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.close();
  await context.setOffline(true);
  const again = await slowPage(context);
  await again.goto(`${server.url}/field/`, { waitUntil: 'commit' });
  const secondStartOfflineMs = await usableAt(again, '.works');
  await context.close();
  return { firstUsableMs, placeLoadedMs, secondStartOfflineMs, scanMs };
}

async function slowPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: roundTripMs,
    downloadThroughput: bytesPerSecond,
    uploadThroughput: bytesPerSecond,
  });
  return page;
}

/** When the element stood on the screen, in ms since the page was asked for. */
async function usableAt(page: Page, selector: string): Promise<number> {
  const at = await page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const look = (): void => {
          if (document.querySelector(wanted) === null) requestAnimationFrame(look);
          // Once more, so that it has been painted.
          else requestAnimationFrame(() => resolve(performance.now()));
        };
        look();
      }),
    selector,
  );
  return Math.round(at);
}

/** Twelve scans; for each the time from the last key to the frame that shows the answer. */
async function fillTube(page: Page, turn: number): Promise<number[]> {
  await page.evaluate(() => {
    location.hash = '#/sampling';
  });
  await page.getByRole('button', { name: '开始', exact: true }).click();
  await page.locator('.rack').waitFor();
  const label = serialLabel('tube', 1000 + turn);
  const first = 100 + turn * 20;
  const people = Array.from({ length: 10 }, (_, index) => personLabel(first + index));
  const measured: number[] = [];
  for (const code of [label, ...people, label]) {
    measured.push(await page.evaluate(scanInPage, code));
  }
  return measured.map((ms) => Math.round(ms));
}

/** Runs in the page: types the code as a scanner does and waits for the voice to turn. */
function scanInPage(code: string): Promise<number> {
  return new Promise((resolve) => {
    const turnOf = (): string => document.querySelector('.voice')?.getAttribute('data-turn') ?? '';
    const before = turnOf();
    for (const key of [...Array.from(code), 'Enter']) {
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    }
    const start = performance.now();
    const look = (): void => {
      if (turnOf() === before) requestAnimationFrame(look);
      else requestAnimationFrame(() => resolve(performance.now() - start));
    };
    requestAnimationFrame(look);
  });
}

/** Places, residents, a point and a round for the town of the phone. */
async function furnish(url: string): Promise<void> {
  const reply = await fetch(`${url}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account: 'admin', password }),
  });
  const { token } = (await reply.json()) as { token: string };
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

function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((left, right) => left - right);
  return Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0);
}
