import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { box, card, fieldPassword, Phone, prepareField, tube } from './support/field.ts';
import { fieldFaults } from './support/field-looks.ts';
import { chineseLeft, englishLeft, saidByScreen } from './support/language.ts';
import { hasBrowser, tellOnFailure } from './support/pages.ts';
import { type RunningServer, startServer } from './support/server.ts';

let browser: Browser;
let server: RunningServer;

/** A tube as headquarters has it. */
interface TubeOnRecord {
  readonly seal: { readonly members: readonly number[]; readonly sealedAt: number };
}

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

test.skipIf(!hasBrowser)(
  'FA-2 a tube of ten people is twelve scans and no tap, offline, and arrives when there is a signal',
  async () => {
    tellOnFailure(browser, server);
    const phone = await Phone.open(browser, server);
    await phone.begin('chen');
    await phone.toTable();
    await phone.context.setOffline(true);
    const label = tube(100);
    await phone.scanned(label, 'right');
    for (let person = 11; person <= 20; person++) await phone.scanned(card(person), 'right');
    expect(await phone.members()).toBe(10);
    expect(await phone.scanned(label, 'done')).toContain('10 people, kept on this phone');
    // Two facts: the tube was opened, and sealed over its ten.
    await phone.sees('waiting since');
    expect(await phone.page.locator('.bar-state').innerText()).toMatch(/2 kept\s+0 delivered/);
    await phone.context.setOffline(false);
    await phone.sees('all delivered');
    expect(await phone.page.locator('.bar-state').innerText()).toMatch(/2 kept\s+2 delivered/);
    const { seal } = await server.ask<TubeOnRecord>(`/tubes/${label}`);
    expect(seal.members).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
    await phone.close();
  },
  120_000,
);

test.skipIf(!hasBrowser)(
  'FA-2 what does not fit is said on the spot, without a signal, and undone with a reason',
  async () => {
    tellOnFailure(browser, server);
    const phone = await Phone.open(browser, server, { language: 'zh' });
    await phone.begin('chen');
    await phone.toTable();
    await phone.context.setOffline(true);
    expect(await phone.scanned(card(21), 'wrong')).toContain('请先扫采样管');
    await phone.scanned(tube(300), 'right');
    await phone.scanned(card(21), 'right');
    expect(await phone.scanned(card(21), 'wrong')).toContain('此人已在本管中');
    expect(await phone.scanned(tube(303), 'wrong')).toContain('不是这支管');
    expect(await phone.scanned(box(300), 'wrong')).toContain('这是样本箱');
    // The digit before the check character is another one.
    const digit = tube(300).at(-2) === '7' ? '8' : '7';
    const misread = tube(300).slice(0, -2) + digit + tube(300).slice(-1);
    expect(await phone.scanned(misread, 'wrong')).toContain('标签没读准');
    // Persons 11 to 20 are in the tube of the test before, which headquarters had told.
    expect(await phone.scanned(card(11), 'wrong')).toContain('已经采过');
    expect(await phone.scanned('987654321', 'wrong')).toContain('本机没有此人');
    await phone.page.locator('.rack-tap').click();
    await phone.page.locator('.sheet .row').first().click();
    await phone.press('扫错人');
    await phone.sees('已撤销');
    expect(await phone.members()).toBe(0);
    await phone.close();
  },
  120_000,
);

test.skipIf(!hasBrowser)(
  'FA-1 a tab killed in the middle of a tube opens again offline with everything in it',
  async () => {
    tellOnFailure(browser, server);
    const phone = await Phone.open(browser, server);
    await phone.begin('chen');
    await phone.toTable();
    await phone.shellIsKept();
    await phone.context.setOffline(true);
    await phone.scanned(tube(400), 'right');
    await phone.scanned(card(22), 'right');
    await phone.scanned(card(23), 'right');
    // In the middle of an act: the scan is given and nobody waits for its answer.
    await phone.scan(card(24));
    await phone.killAndReopen();
    await phone.page.locator('.works').waitFor();
    await phone.go('sampling');
    await phone.page.locator('.rack-tap').waitFor();
    const members = await phone.members();
    // Kept or not, never half: whoever is not in the tube is scanned again.
    expect([2, 3]).toContain(members);
    if (members === 2) await phone.scanned(card(24), 'right');
    await phone.scanned(tube(400), 'done');
    await phone.context.setOffline(false);
    await phone.sees('all delivered');
    await phone.close();
  },
  120_000,
);

test.skipIf(!hasBrowser)(
  'FA-7 a phone whose clock is three hours fast says so and dates what it keeps by headquarters',
  async () => {
    tellOnFailure(browser, server);
    const phone = await Phone.open(browser, server);
    await phone.page.clock.install({ time: Date.now() + 3 * 3_600_000 });
    await phone.page.reload();
    await phone.begin('chen');
    await phone.toTable();
    await phone.scanned(tube(500), 'right');
    await phone.scanned(card(25), 'right');
    await phone.scanned(tube(500), 'done');
    await phone.go('sync');
    await phone.sees(/3 h fast, corrected|2 h 59 fast, corrected/);
    await phone.sees('Everything is delivered');
    const { seal } = await server.ask<TubeOnRecord>(`/tubes/${tube(500)}`);
    expect(Math.abs(seal.sealedAt - Date.now())).toBeLessThan(3_600_000);
    await phone.close();
  },
  120_000,
);

test.skipIf(!hasBrowser)(
  'FA-4 a box is packed, sealed, handed over, taken over and counted by scanning',
  async () => {
    tellOnFailure(browser, server);
    const giver = await Phone.open(browser, server);
    await giver.begin('wang');
    await giver.go('courier');
    await giver.page.locator('.voice').waitFor();
    const label = box(600);
    await giver.scan(label);
    await giver.sees('Scan tubes into it');
    await giver.scanned(tube(100), 'right');
    expect(await giver.scanned(tube(100), 'wrong')).toContain('In the box already');
    await giver.scanned(tube(400), 'right');
    await giver.scanned(label, 'done');
    await giver.press('Hand over');
    await giver.page.getByLabel('Account of the receiver').fill('zhao');
    await giver.page.locator('.sheet').getByRole('button', { name: 'Hand over' }).click();
    await giver.sees('Handed over');
    await giver.sees('all delivered');
    await giver.close();
    const bench = await Phone.open(browser, server, { language: 'zh' });
    await bench.begin('hua');
    await bench.go(`courier/${label}`);
    await bench.press('由我接收');
    await bench.sees('已接收');
    await bench.press('签收');
    await bench.sees('逐管清点');
    // One of two is in the box: the other is missing, and somebody says what became of it.
    await bench.scanned(tube(100), 'right');
    await bench.scanned(label, 'done');
    await bench.page.locator('.row', { hasText: tube(400) }).click();
    await bench.press('遗失');
    await bench.sees('已说明');
    await bench.sees('全部送达');
    await bench.close();
  },
  120_000,
);

test.skipIf(!hasBrowser)(
  'FA-5 a home visit is booked at the door, becomes a duty, and is closed with evidence',
  async () => {
    tellOnFailure(browser, server);
    const phone = await Phone.open(browser, server);
    await phone.begin('li');
    await phone.go('doors');
    await phone.page.locator('.row').first().click();
    await phone.page.locator('.household .row').last().click();
    await phone.page.locator('.choice', { hasText: 'home visit' }).click();
    await phone.page.locator('.choice', { hasText: 'Tomorrow morning' }).click();
    await phone.press('Record');
    await phone.page.locator('.household .row', { hasText: 'home visit' }).waitFor();
    await phone.sees('all delivered');
    await phone.go('sync');
    await phone.press('Refresh');
    await phone.go('duties');
    await phone.page.locator('.row', { hasText: 'Visit at home' }).click();
    await phone.page.locator('.choice', { hasText: 'away' }).click();
    await phone.page.getByLabel('How was it settled?').fill('Neighbour: left for Suzhou');
    await phone.page.locator('.sheet').getByRole('button', { name: 'Close it' }).click();
    await phone.page.locator('.sheet').waitFor({ state: 'detached' });
    await phone.sees('all delivered');
    await phone.close();
  },
  120_000,
);

const languages = ['zh', 'en'] as const;

test.skipIf(!hasBrowser).each(languages)(
  'FA-8 every screen in %s: no overflow at 320 px, targets of 48 px, contrast AA, one language',
  async (language) => {
    tellOnFailure(browser, server);
    const theme = language === 'zh' ? 'light' : 'dark';
    const phone = await Phone.open(browser, server, { language, theme, width: 320, height: 568 });
    const faults: string[] = [];
    const look = async (screen: string): Promise<void> => {
      const { looked, problems } = await fieldFaults(phone.page);
      expect(looked.texts).toBeGreaterThan(3);
      expect(looked.targets).toBeGreaterThan(0);
      faults.push(...problems.map((problem) => `${screen}: ${problem}`));
      const texts = await saidByScreen(phone.page);
      const left = language === 'zh' ? englishLeft(texts, []) : chineseLeft(texts);
      faults.push(...left.map((text) => `${screen}: ${text} is not in ${language}`));
    };
    await look('sign-in');
    await phone.begin('li');
    await look('home');
    await phone.go('sampling');
    await phone.page.locator('.choice').first().waitFor();
    await look('station');
    await phone.toTable();
    await look('table');
    await phone.scanned(tube(language === 'zh' ? 700 : 704), 'right');
    const person = language === 'zh' ? 26 : 27;
    await phone.scanned(card(person), 'right');
    await look('right');
    await phone.scanned(card(person), 'wrong');
    await look('wrong');
    await phone.page.locator('.rack-tap').click();
    await look('members');
    await phone.page.locator('.sheet .row').first().click();
    await look('undo');
    await phone.page.keyboard.press('Escape');
    for (const screen of ['doors', 'courier', 'duties', 'sync', 'place']) {
      await phone.go(screen);
      await phone.page.locator('.main').waitFor();
      await look(screen);
    }
    expect(faults).toEqual([]);
    await phone.close();
  },
  120_000,
);

test.skipIf(!hasBrowser)(
  'FA-1 a second tab says that the app is open elsewhere and takes over when told',
  async () => {
    tellOnFailure(browser, server);
    const phone = await Phone.open(browser, server);
    await phone.page.getByLabel('Account').fill('chen');
    await phone.page.getByLabel('Password').fill(fieldPassword);
    const second = await phone.context.newPage();
    await second.goto(`${server.url}/field/`);
    await second.getByText('open in another tab').waitFor();
    await second.getByRole('button', { name: 'Take over here' }).click();
    await second.getByLabel('Account').waitFor();
    await phone.sees('Another tab has taken over');
    await phone.close();
  },
  120_000,
);

test('FA-10 the app is sent packed, and what carries a digest in its name is kept for a year', async () => {
  const ask = (path: string, packing: string): Promise<Response> =>
    fetch(server.url + path, { headers: { 'accept-encoding': packing }, redirect: 'manual' });
  const page = await ask('/field/', 'br');
  expect(page.headers.get('content-encoding')).toBe('br');
  expect(page.headers.get('cache-control')).toBe('no-cache');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
  const script = /src="\.\/(assets\/[^"]+\.js)"/.exec(await page.text())?.[1] ?? '';
  expect(script).not.toBe('');
  for (const packing of ['br', 'gzip']) {
    const reply = await ask(`/field/${script}`, packing);
    expect(reply.headers.get('content-encoding')).toBe(packing);
    expect(reply.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(reply.headers.get('vary') ?? '').toContain('accept-encoding');
  }
  const worker = await ask('/field/worker.js', 'br');
  expect(worker.headers.get('cache-control')).toBe('no-cache');
  expect(await worker.text()).toContain(script);
  expect((await ask('/field', 'br')).headers.get('location')).toBe('/field/');
});
