// How fast the board opens, with the server that runs on DIR: `npm run bench -- board --data DIR`.
import { parseArgs } from 'node:util';
import { findServer } from '../apps/server/where.ts';
import { openBrowser } from '../test/support/browser.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '.sextant' },
    account: { type: 'string', default: 'admin' },
    password: { type: 'string' },
    times: { type: 'string', default: '7' },
  },
});

/** Median of some measurements, in milliseconds. */
function median(measured: readonly number[]): number {
  const sorted = [...measured].sort((left, right) => left - right);
  return Math.round((sorted[Math.floor(sorted.length / 2)] ?? 0) * 10) / 10;
}

async function repeat(times: number, once: () => Promise<number>): Promise<number[]> {
  const measured: number[] = [];
  for (let round = 0; round < times; round++) measured.push(await once());
  return measured;
}

const server = findServer(values.data);
if (server === null) throw new Error(`no server runs on ${values.data}: start one first`);
const { url } = server;
const { account, password } = values;
const signedIn = await fetch(`${url}/v1/sessions`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ account, password }),
});
const { token } = (await signedIn.json()) as { token: string };
const headers = { authorization: `Bearer ${token}` };
const times = Number(values.times);

const answer = (path: string) => async (): Promise<number> => {
  const start = performance.now();
  await (await fetch(url + path, { headers })).text();
  return performance.now() - start;
};
const boardMs = await repeat(times * 3, answer('/v1/board'));
const nothingMs = await repeat(times * 3, answer('/v1/sessions/current'));
const board = (await (await fetch(`${url}/v1/board`, { headers })).json()) as {
  coverage: { roster: number; sampled: number };
};

const browser = await openBrowser();
const { hostname } = new URL(url);
const openMs = await repeat(times, async () => {
  // A new context each time: nothing is in the browser's cache.
  const context = await browser.newContext({ viewport: { width: 1440, height: 1000 } });
  await context.addCookies([
    { name: 'sextant_session', value: token, domain: hostname, path: '/' },
  ]);
  const page = await context.newPage();
  const start = performance.now();
  await page.goto(url);
  await page
    .getByText(/The four accounts|四应四尽/)
    .first()
    .waitFor();
  const taken = performance.now() - start;
  await context.close();
  return taken;
});
await browser.close();
process.stdout.write(
  `${JSON.stringify({
    roster: board.coverage.roster,
    sampled: board.coverage.sampled,
    boardAnswerMs: median(boardMs),
    emptyAnswerMs: median(nothingMs),
    pageOpenMs: median(openMs),
    pageOpenWorstMs: Math.round(Math.max(...openMs)),
  })}\n`,
);
