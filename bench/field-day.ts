// A day without a signal on one phone, and then all of it delivered: `npm run bench -- field-day
// [--tubes 500] [--boxes 40]`, through the screens, at 3 Mbit/s.
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { personLabel, serialLabel } from '../rooms/screening/label.ts';
import * as field from './support/field-bench.ts';

const { values } = parseArgs({
  options: {
    tubes: { type: 'string', default: '500' },
    boxes: { type: 'string', default: '40' },
  },
});
const tubes = Number(values.tubes);
const boxes = Number(values.boxes);
const poolSize = 10;
/** Everybody whose card a hand scanner tells from typing: shorter ones are typed. */
const cards = Array.from({ length: field.communities * 1000 - 9 }, (_, index) =>
  personLabel(10 + index),
);

const bench = await field.openFieldBench();
try {
  process.stdout.write(`${JSON.stringify(await playDay())}\n`);
} finally {
  await bench.close();
}

async function playDay(): Promise<object> {
  const context = await field.newPhone(bench.browser);
  const page = await field.openPage(context, 1);
  await page.goto(`${bench.url}/field/`, { waitUntil: 'commit' });
  await field.loadTown(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await context.setOffline(true);
  await field.openTable(page);
  const filling = performance.now();
  const scanMs: number[] = [];
  for (let index = 0; index < tubes; index += 1) {
    const tube = serialLabel('tube', 1000 + index);
    const people = cards.slice(index * poolSize, (index + 1) * poolSize);
    scanMs.push(...(await field.scanAll(page, [tube, ...people, tube])));
  }
  const fillSeconds = seconds(filling);
  const packing = performance.now();
  for (let index = 0; index < boxes; index += 1) await packBox(page, index);
  const packSeconds = seconds(packing);
  const before = await barOf(page);
  await page.reload();
  await page.locator('.bar-cell').first().waitFor();
  const afterRestart = await barOf(page);
  const delivering = performance.now();
  await context.setOffline(false);
  await page.waitForFunction(
    () => {
      const [kept, delivered] = [...document.querySelectorAll('.bar-cell b')].map(
        ({ textContent }) => textContent,
      );
      return kept === delivered;
    },
    undefined,
    { timeout: 300_000 },
  );
  const deliverSeconds = seconds(delivering);
  const after = await barOf(page);
  await context.close();
  return {
    residents: field.communities * 1000,
    ...{ tubes, boxes, scans: scanMs.length },
    ...{ fillSeconds, packSeconds },
    scanMedianMs: field.quantile(scanMs, 0.5),
    scanP99Ms: field.quantile(scanMs, 0.99),
    ...{ keptOffline: before[0], keptAfterRestart: afterRestart[0] },
    ...{ delivered: after[1], deliverSeconds },
    headquarters: await sampledAtHeadquarters(),
  };
}

/** A box with its share of the tubes, sealed by scanning it again. */
async function packBox(page: Page, index: number): Promise<void> {
  await field.go(page, 'home');
  await field.go(page, 'courier');
  await page.locator('.voice').waitFor();
  const label = serialLabel('box', 500 + index);
  const from = Math.floor((index * tubes) / boxes);
  const to = Math.floor(((index + 1) * tubes) / boxes);
  const inside = Array.from({ length: to - from }, (_, nth) =>
    serialLabel('tube', 1000 + from + nth),
  );
  await field.scanAll(page, [label]);
  await page.waitForFunction((path) => location.hash.includes(path), label);
  await field.scanAll(page, [...inside, label]);
}

/** What the bar at the top says: kept, delivered. */
async function barOf(page: Page): Promise<number[]> {
  const texts = await page.locator('.bar-cell b').allTextContents();
  return texts.slice(0, 2).map((text) => Number(text.replace(/\D/g, '')));
}

async function sampledAtHeadquarters(): Promise<number> {
  const coverage = await field.askAsAdmin<{ sampled: number }>(bench.url, '/coverage?round=R1');
  return coverage.sampled;
}

function seconds(since: number): number {
  return Math.round((performance.now() - since) / 100) / 10;
}
