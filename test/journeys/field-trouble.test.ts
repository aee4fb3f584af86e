import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { communities } from '../support/people.ts';
import { card, community, fieldPassword, Phone, prepareField, tube } from './support/field.ts';
import { hasBrowser, tellOnFailure } from './support/pages.ts';
import { type RunningServer, startServer } from './support/server.ts';

let browser: Browser;
let server: RunningServer;

beforeAll(async () => {
  [browser, server] = await Promise.all([
    openBrowser(),
    startServer(['--empty'], { face: 'field' }),
  ]);
  await prepareField(server);
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** A phone of the sampler at the table. */
async function atTable(): Promise<Phone> {
  tellOnFailure(browser, server);
  const phone = await Phone.open(browser, server);
  await phone.begin('chen');
  await phone.toTable();
  return phone;
}

/** Asks `/v1` past the screens, as somebody whose name stands in the register of accounts. */
async function tell(
  who: { readonly account: string; readonly password: string },
  [method, path]: readonly ['POST' | 'PATCH', string],
  body: object,
): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const signedIn = await fetch(`${server.url}/v1/sessions`, {
    ...{ method: 'POST', headers },
    body: JSON.stringify({ account: who.account, password: who.password }),
  });
  const { token } = (await signedIn.json()) as { token: string };
  const reply = await fetch(`${server.url}/v1${path}`, {
    ...{ method, headers: { ...headers, authorization: `Bearer ${token}` } },
    body: JSON.stringify(body),
  });
  if (!reply.ok) throw new Error(`${path}: ${await reply.text()}`);
}

const headquarters = { account: 'hua', password: fieldPassword };

/** What the phone gives when a button is pressed, line by line. */
async function exported(phone: Phone, button: string): Promise<Record<string, unknown>[]> {
  const [download] = await Promise.all([phone.page.waitForEvent('download'), phone.press(button)]);
  const lines = readFileSync(await download.path(), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** A change of somebody's roles ends their sessions: the phone says so, and nothing is lost. */
async function signInAgain(phone: Phone): Promise<void> {
  await phone.go('sync');
  await phone.page.getByRole('link', { name: 'Sign in again' }).click();
  await phone.page.getByLabel('Account').fill('chen');
  await phone.page.getByLabel('Password').fill(fieldPassword);
  await phone.press('Sign in');
  await phone.page.getByLabel('Password').waitFor({ state: 'detached' });
}

test.skipIf(!hasBrowser)(
  'FA-2 a walk-in gets a number without a signal, stands in the tube, and is known when it arrives',
  async () => {
    const phone = await atTable();
    await phone.context.setOffline(true);
    await phone.scanned(tube(1000), 'right');
    await phone.scanned('987654321', 'wrong');
    await phone.page.locator('.voice-offer').click();
    await phone.page.getByLabel('Name').fill('Ouyang Xue');
    await phone.page.getByLabel('Citizen ID number').fill('');
    await phone.press('Register and add');
    await phone.page.locator('.voice[data-tone="right"]').waitFor();
    expect(await phone.members()).toBe(1);
    await phone.scanned(tube(1000), 'done');
    await phone.context.setOffline(false);
    await phone.sees('all delivered');
    const { seal } = await server.ask<{ seal: { members: number[] } }>(`/tubes/${tube(1000)}`);
    expect(seal.members).toHaveLength(1);
    // The kept number came from the run of this phone, after everybody on the register.
    expect(seal.members[0]).toBeGreaterThan(30);
    await phone.close();
  },
  120_000,
);

test.skipIf(!hasBrowser)(
  'FA-1 what headquarters did not take is shown with why, exported, and taken when tried again',
  async () => {
    const phone = await atTable();
    await phone.context.setOffline(true);
    await phone.scanned(tube(1010), 'right');
    await phone.scanned(card(11), 'right');
    await phone.scanned(tube(1010), 'done');
    const roles = (place: string): object => ({ roles: [{ role: 'sampler', place }] });
    await tell(server, ['PATCH', '/accounts/chen'], roles(communities[1]));
    await phone.context.setOffline(false);
    await signInAgain(phone);
    await phone.sees('set aside');
    await phone.go('sync');
    await phone.sees('2 entries were not taken');
    await phone.sees('Your account may not');
    const items = await exported(phone, 'Export');
    expect(items).toMatchObject([
      { delivery: 'set-aside', problem: { code: 'access.not-permitted' } },
      { fact: { subject: `tube:${tube(1010)}`, body: { members: [11] } } },
    ]);
    await tell(server, ['PATCH', '/accounts/chen'], roles(community));
    await phone.page.locator('.thumb-row').getByRole('button', { name: 'Try again' }).click();
    await signInAgain(phone);
    await phone.go('sync');
    await phone.sees('Everything is delivered');
    expect(await phone.page.getByText('were not taken').count()).toBe(0);
    const { seal } = await server.ask<{ seal: { members: number[] } }>(`/tubes/${tube(1010)}`);
    expect(seal.members).toEqual([11]);
    await phone.close();
  },
  120_000,
);

test.skipIf(!hasBrowser)(
  'FA-1 a person who was moved or merged elsewhere: the phone says what became of its entries',
  async () => {
    const phone = await atTable();
    await phone.scanned(tube(1020), 'right');
    await phone.scanned(card(12), 'right');
    await phone.scanned(card(13), 'right');
    await phone.scanned(tube(1020), 'done');
    await phone.sees('all delivered');
    await tell(headquarters, ['POST', '/persons/12/merge'], { into: 14, reason: 'twice' });
    const move = { place: communities[1], room: '9', reason: 'moved in with family' };
    await tell(headquarters, ['POST', '/persons/13/move'], move);
    await phone.go('sync');
    await phone.press('Refresh');
    await phone.sees('What became of your entries');
    await phone.sees('Two numbers turned out to be one person');
    await phone.sees('has moved. Your entries stay valid');
    await phone.press('Got it');
    await phone.page.getByText('What became of your entries').waitFor({ state: 'detached' });
    // Who was merged is scanned by the old card and stands for the other.
    await phone.go('sampling');
    await phone.page.locator('.rack').waitFor();
    await phone.scanned(tube(1023), 'right');
    expect(await phone.scanned(card(12), 'wrong')).toContain('Sampled already');
    await phone.close();
  },
  120_000,
);

/**
 * Runs in the page: from now on the storage refuses as a full one does, until it is freed. The
 * browser is stood in for: it remembers for minutes how much room there was, whatever one sets.
 */
function fillStorageInPage(): void {
  const { prototype } = IDBObjectStore;
  const whole = Object.getOwnPropertyDescriptor(prototype, 'put') ?? {};
  const value = (): never => {
    throw new DOMException('no space left', 'QuotaExceededError');
  };
  Object.defineProperty(prototype, 'put', { ...whole, value });
  const free = (): void => void Object.defineProperty(prototype, 'put', whole);
  addEventListener('storage-freed', free, { once: true });
}

test.skipIf(!hasBrowser)(
  'FA-1 with the storage full nothing is said to be kept, and work goes on when there is room',
  async () => {
    const phone = await atTable();
    await phone.scanned(tube(1030), 'right');
    await phone.page.evaluate(fillStorageInPage);
    expect(await phone.scanned(card(15), 'wrong')).toContain('This entry was not kept');
    expect(await phone.members()).toBe(0);
    await phone.page.evaluate(() => dispatchEvent(new Event('storage-freed')));
    await phone.scanned(card(15), 'right');
    expect(await phone.members()).toBe(1);
    await phone.scanned(tube(1030), 'done');
    await phone.sees('all delivered');
    await phone.close();
  },
  120_000,
);

test.skipIf(!hasBrowser)(
  'FA-1 a place is removed from the phone only after what waits has been exported',
  async () => {
    const phone = await atTable();
    await phone.context.setOffline(true);
    await phone.scanned(tube(1040), 'right');
    await phone.scanned(card(16), 'right');
    await phone.go('sync');
    await phone.press('Remove this place');
    await phone.sees('Something is not delivered yet');
    const items = await exported(phone, 'Export and remove');
    const subject = `tube:${tube(1040)}`;
    expect(items.map(({ fact }) => fact)).toMatchObject([{ subject }, { subject }]);
    await phone.go('');
    await phone.sees('Where do you work today?');
    await phone.close();
  },
  120_000,
);
