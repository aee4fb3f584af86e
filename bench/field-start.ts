// How soon the field app can be used on a slow phone: `npm run bench -- field-start [--times N]`.
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { personLabel, serialLabel } from '../rooms/screening/label.ts';
import * as field from './support/field-bench.ts';

const { values } = parseArgs({ options: { times: { type: 'string', default: '3' } } });

const bench = await field.openFieldBench();
try {
  const runs: Run[] = [];
  for (let turn = 0; turn < Number(values.times); turn += 1) runs.push(await once(turn));
  const figure = (of: (run: Run) => number): number => field.quantile(runs.map(of), 0.5);
  const scans = runs.flatMap((run) => run.scanMs);
  const report = {
    firstUsableMs: figure((run) => run.firstUsableMs),
    placeLoadedMs: figure((run) => run.placeLoadedMs),
    secondStartOfflineMs: figure((run) => run.secondStartOfflineMs),
    scanToConfirmationMedianMs: field.quantile(scans, 0.5),
    scanToConfirmationP95Ms: field.quantile(scans, 0.95),
    scanToConfirmationWorstMs: field.quantile(scans, 1),
    scans: scans.length,
    residents: field.communities * 1000,
    slowdown: field.slowdown,
    times: runs.length,
  };
  process.stdout.write(`${JSON.stringify(report)}\n`);
} finally {
  await bench.close();
}

interface Run {
  readonly firstUsableMs: number;
  readonly placeLoadedMs: number;
  readonly secondStartOfflineMs: number;
  readonly scanMs: readonly number[];
}

/** A new phone: opened, signed in, loaded, used for a tube, and opened again without a signal. */
async function once(turn: number): Promise<Run> {
  const context = await field.newPhone(bench.browser);
  const page = await field.openPage(context, field.slowdown);
  await page.goto(`${bench.url}/field/`, { waitUntil: 'commit' });
  const firstUsableMs = await usableAt(page, '.entry .input');
  const placeLoadedMs = await field.loadTown(page);
  await field.openTable(page);
  const tube = serialLabel('tube', 1000 + turn);
  const people = Array.from({ length: 10 }, (_, index) => personLabel(100 + turn * 20 + index));
  const scanMs = await field.scanAll(page, [tube, ...people, tube]);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.close();
  await context.setOffline(true);
  const again = await field.openPage(context, field.slowdown);
  await again.goto(`${bench.url}/field/`, { waitUntil: 'commit' });
  const secondStartOfflineMs = await usableAt(again, '.works');
  await context.close();
  return { firstUsableMs, placeLoadedMs, secondStartOfflineMs, scanMs };
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
