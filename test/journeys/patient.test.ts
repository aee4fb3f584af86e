import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { Desk } from './support/desk.ts';
import { closePage, hasBrowser, signedIn, tellOnFailure } from './support/pages.ts';
import { type RunningServer, startServer } from './support/server.ts';

let browser: Browser;
let server: RunningServer;

/** One person who may do everything at a desk, and a second for what needs two. */
const office = { account: 'office', password: 'fourth-star-2022' };
const second = { account: 'second', password: 'fifth-star-2022' };
const roles = [
  'headquarters',
  'community',
  'sampler',
  'courier',
  'laboratory',
  'dispatcher',
  'facility',
].map((role) => ({ role, place: '*' }));

const roster = [
  '姓名,性别,出生日期,证件类型,证件号码,手机号,街镇,居委,小区,楼栋,室号',
  '陈志强,男,1988-01-30,无,,13800000004,友谊路街道,宝钢一村居委会,宝钢一村,1号楼,102室',
].join('\n');

beforeAll(async () => {
  [browser, server] = await Promise.all([openBrowser(), startServer(['--empty'])]);
  await server.send('/imports/persons?createPlaces=true', roster);
  await server.send('/accounts', { ...office, roles });
  await server.send('/accounts', { ...second, roles });
  await confirmCase();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** The specimen's road, past the screens: a single swab of person 1 that is positive. */
async function confirmCase(): Promise<void> {
  const { rows } = await server.ask<{ rows: { code: string }[] }>('/places');
  const place = rows[0]?.code ?? '';
  const points = [
    ['S1', 'sampling'],
    ['L1', 'laboratory'],
    ['F1', 'fangcang'],
  ];
  for (const [point, pointKind] of points) {
    const label = { zh: `${point}点`, en: `Point ${point}` };
    await server.act(office, 'places/open-point', { point, place, pointKind, label });
  }
  const now = Date.now();
  const label = { zh: '第一轮', en: 'Round 1' };
  const times = { startsAt: now - 3_600_000, endsAt: now + 86_400_000 };
  const round = { round: 'R1', place, areas: [place], group: null, poolSize: 1, label, ...times };
  await server.act(office, 'screening/open-round', round);
  const tube = { tube: 'TUBE1', place, round: 'R1', point: 'S1', poolSize: 1, purpose: 'round' };
  await server.act(office, 'screening/record-tube', { ...tube, members: [1] });
  await server.act(office, 'custody/seal-box', { box: 'BOX1', place, tubes: ['TUBE1'] });
  const receipt = { box: 'BOX1', laboratory: 'L1', present: ['TUBE1'] };
  await server.act(office, 'custody/receive', receipt);
  const accession = { accession: 'ACC1', laboratory: 'L1', place, tubes: ['TUBE1'] };
  await server.act(office, 'laboratory/accession', accession);
  const controls = [
    { well: 'G12', control: 'negative' },
    { well: 'H12', control: 'positive' },
  ];
  const wells = [{ well: 'A1', tube: 'TUBE1' }];
  const plate = { plate: 'PLATE1', laboratory: 'L1', place, wells, controls };
  await server.act(office, 'laboratory/load-plate', plate);
  const cts = { A1: [28, 27, 30], G12: [null, null, 30], H12: [24, 23, 29] };
  const readings = Object.entries(cts).flatMap(([well, values]) =>
    ['ORF1ab', 'N', 'IC'].map((target, index) => ({ well, target, ct: values[index] ?? null })),
  );
  await server.act(office, 'laboratory/read-plate', {
    plate: 'PLATE1',
    instrument: 'Q5',
    readings,
  });
  await server.act(second, 'laboratory/sign-plate', { plate: 'PLATE1' });
  await server.act(second, 'results/release', { plate: 'PLATE1' });
}

test.skipIf(!hasBrowser)(
  'a patient is moved from a positive result to a bed by people at the desks',
  async () => {
    tellOnFailure(browser, server);
    const page = await signedIn(browser, server, office);
    const desk = new Desk(page, server);
    await declareBeds(desk);
    await orderIsolation(desk);
    await transfer(desk);
    await admit(desk);
    await desk.go('#/trace/person/1');
    await desk.sees('The chain has no gap.');
    const steps = await page.locator('.step-name').allTextContents();
    for (const step of ['Case reported', 'Transfer requested', 'Handed over', 'Admitted']) {
      expect(steps.some((name) => name.includes(step))).toBe(true);
    }
    await closePage(page);
  },
  120_000,
);

async function declareBeds(desk: Desk): Promise<void> {
  await desk.go('#/desk/beds?act=capacity.declare-unit');
  await desk.fill('Unit', 'U1');
  await desk.suggest('Facility', 'F1');
  await desk.choose('shelter hospital');
  await desk.fill('Beds', '20');
  await desk.fill('Chinese', '一舱');
  await desk.fill('English', 'Hall 1');
  await desk.press('Declare a unit');
  await desk.sees('has free beds');
  await desk.press('Report a count');
  await desk.fill('Taken', '4');
  await desk.fill('Free', '15');
  await desk.fill('Out of service', '0');
  await desk.send('Report a count');
  // What does not add up is refused in words, and what was typed stays.
  await desk.sees(/do not add up|does not add up|every bed/i);
  await desk.fill('Out of service', '1');
  await desk.send('Report a count');
  await desk.sees('Report a count: On record');
}

async function orderIsolation(desk: Desk): Promise<void> {
  await desk.go('#/desk/cases/person:1');
  await desk.sees('confirmed');
  await desk.press('Report case');
  await desk.send('Report case');
  await desk.sees('Report case: On record');
  await desk.press('Isolation has begun');
  await desk.choose('at home');
  await desk.send('Isolation has begun');
  await desk.sees('Isolation has begun: On record');
}

async function transfer(desk: Desk): Promise<void> {
  await desk.go('#/desk/transfer?act=transfer.register-vehicle');
  await desk.fill('Vehicle', 'V1');
  await desk.fill('Seats', '8');
  await desk.press('Register vehicle');
  await desk.sees('Vehicle V1');
  await desk.go('#/desk/cases/person:1');
  await desk.press('Request transfer');
  await desk.page.locator('.act-sheet .radio', { hasText: 'today' }).click();
  await desk.page.locator('.act-sheet .radio', { hasText: 'shelter hospital' }).click();
  await desk.send('Request transfer');
  await desk.sees('Request transfer: On record');
  await desk.go('#/desk/transfer');
  await desk.page.locator('.queue-row').first().click();
  await desk.press('Triage');
  await desk.page.locator('.act-sheet .radio', { hasText: 'today' }).click();
  await desk.send('Triage');
  await desk.sees('Triage: On record');
  await desk.press('Promise beds');
  await desk.suggest('Unit', 'U1');
  await desk.send('Promise beds');
  await desk.sees('Promise beds: On record');
  await desk.press('Assign vehicle');
  await desk.suggest('Vehicle', 'V1');
  await desk.suggest('Driver', 'office');
  await desk.send('Assign vehicle');
  await desk.sees('Assign vehicle: On record');
  await desk.press('Pick up');
  await desk.send('Pick up');
  await desk.sees('Pick up: On record');
  await desk.press('Hand over');
  await desk.suggest('To', 'office');
  await desk.send('Hand over');
  await desk.sees('Hand over: On record');
}

async function admit(desk: Desk): Promise<void> {
  await desk.go('#/desk/cases/person:1');
  await desk.press('Admit');
  await desk.suggest('Unit', 'U1');
  await desk.send('Admit');
  await desk.sees('Admit: On record');
  await desk.go('#/desk/admission');
  await desk.page.locator('.queue-row').first().click();
  await desk.press('Record status');
  await desk.fill('On', new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10));
  await desk.choose('mild');
  await desk.fill('Temperature \\(°C\\)', '36.8');
  await desk.send('Record status');
  await desk.sees('Record status: On record');
  // The rule for going home is not met: said in words, and nothing happens.
  await desk.press('Discharge');
  await desk.send('Discharge');
  await desk.page.locator('.notice-refused').waitFor();
}
