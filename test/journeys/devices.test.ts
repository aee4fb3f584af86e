import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { communities, placesCsv } from '../support/people.ts';
import { closePage, hasBrowser, pictures, signedIn, tellOnFailure } from './support/pages.ts';
import { type RunningServer, startServer } from './support/server.ts';

let browser: Browser;
let server: RunningServer;
const key = 'k'.repeat(43);

beforeAll(async () => {
  [browser, server] = await Promise.all([openBrowser(), startServer(['--empty'])]);
  mkdirSync(pictures, { recursive: true });
  await server.send('/imports/places', placesCsv);
  await registerPhone();
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** A phone that registered, loaded its place, keeps three facts of which one arrived, then two. */
async function registerPhone(): Promise<void> {
  const { account, password, url } = server;
  const ask = async (method: string, path: string, body?: object): Promise<{ token: string }> => {
    const reply = await fetch(`${url}/v1${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        'x-sextant-device-key': key,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect(reply.ok).toBe(true);
    return (await reply.json()) as { token: string };
  };
  let token = '';
  ({ token } = await ask('POST', '/sessions', { account, password }));
  await ask('PUT', '/devices/fphone1', { label: 'Team 3, phone 1', key, app: '1.0' });
  await ask('GET', `/field/package?place=${communities[0]}&device=fphone1`);
  const fact = {
    ...{ id: 'fphone1.00000001', deviceId: 'fphone1', deviceSeq: 1, lamport: 1 },
    ...{ kind: 'screening.tube-opened', subject: 'tube:T001', place: communities[0] },
    ...{ at: Date.now(), body: { round: 'R1', poolSize: 10, point: 'SP1' } },
  };
  const device = { id: 'fphone1', keptSeq: 3, waiting: 0, clockAt: Date.now() + 7_200_000 };
  const app = { version: '1.2', format: 1 };
  await ask('POST', '/facts', { facts: [fact], device: { ...device, app } });
  // Put back from a copy: it has counted less far than it said.
  const later = { ...device, keptSeq: 2, clockAt: device.clockAt + 60_000 };
  await ask('POST', '/facts', { facts: [fact], device: { ...later, app } });
}

test.skipIf(!hasBrowser)(
  'P1 the desk of devices says what is missing, whose it is, and takes the report of a loss',
  async () => {
    tellOnFailure(browser, server);
    const page = await signedIn(browser, server, { language: 'en' });
    await page.goto(`${server.url}/#/desk/devices`);
    const row = page.getByRole('row', { name: /Team 3, phone 1/ });
    await row.getByText('Numbers missing').waitFor();
    await row.getByRole('link', { name: 'Team 3, phone 1' }).click();
    await page.getByText(/2 records are missing \(numbers 2–3\).*admin used the device/).waitFor();
    await row.getByText('Was restored from a copy').waitFor();
    await page.getByText(/used by admin, it counted to 2 after it had counted to 3/).waitFor();
    await page.screenshot({ path: join(pictures, 'desk-devices.png'), fullPage: true });
    await page.getByLabel('How it was lost').fill('left on a bus');
    await page.getByRole('button', { name: 'Report it lost' }).click();
    await page.getByText(/admin reported it lost at .*: left on a bus/).waitFor();
    await row.getByText('Lost', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'It was found' }).click();
    await row.getByText('Numbers missing').waitFor();
    await closePage(page);
  },
  120_000,
);
