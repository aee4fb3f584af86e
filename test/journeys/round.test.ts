import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { Desk } from './support/desk.ts';
import { closePage, hasBrowser, signedIn, tellOnFailure } from './support/pages.ts';
import { type RunningServer, startServer } from './support/server.ts';

let browser: Browser;
let server: RunningServer;
const files = join(tmpdir(), `sextant-journey-files-${process.pid}`);

beforeAll(async () => {
  [browser, server] = await Promise.all([openBrowser(), startServer(['--empty'])]);
  mkdirSync(files, { recursive: true });
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(files, { recursive: true, force: true });
});

/** Two doors of one building; the last row has an identity number with a wrong check digit. */
const roster = [
  '姓名,性别,出生日期,证件类型,证件号码,手机号,街镇,居委,小区,楼栋,室号',
  '王建国,男,1962-03-05,无,,13800000001,友谊路街道,宝钢一村居委会,宝钢一村,1号楼,101室',
  '李秀英,女,1964-11-20,无,,13800000002,友谊路街道,宝钢一村居委会,宝钢一村,1号楼,101室',
  '王小雨,女,2012-06-01,无,,,友谊路街道,宝钢一村居委会,宝钢一村,1号楼,101室',
  '陈志强,男,1988-01-30,无,,13800000004,友谊路街道,宝钢一村居委会,宝钢一村,1号楼,102室',
  '错误行,男,1988-01-30,居民身份证,110101198801301231,,友谊路街道,宝钢一村居委会,宝钢一村,1号楼,102室',
].join('\n');

/** What an instrument would write of one positive pool and both controls. */
const readings = [
  'Well,Target,Ct',
  ...['A1,ORF1ab,28.4', 'A1,N,27.9', 'A1,IC,30.1'],
  ...['G12,ORF1ab,Undetermined', 'G12,N,Undetermined', 'G12,IC,29.8'],
  ...['H12,ORF1ab,24.0', 'H12,N,23.5', 'H12,IC,28.8'],
].join('\n');

const password = 'second-star-2022';

test.skipIf(!hasBrowser)(
  'a round is run by people at the desks, from the roster to the people held',
  async () => {
    tellOnFailure(browser, server);
    const page = await signedIn(browser, server);
    const desk = new Desk(page, server);
    await desk.sees('Begin here');
    await importRoster(desk);
    await makeAccounts(desk);
    await openPoints(desk);
    await openRound(desk);
    await sample(desk);
    await deliver(desk);
    await closePage(page);
    await testTubes();
    await looksBack();
  },
  170_000,
);

async function importRoster(desk: Desk): Promise<void> {
  const file = join(files, 'roster.csv');
  writeFileSync(file, roster);
  await desk.go('#/desk/persons');
  await desk.choose('Make towns and communities');
  const chooser = desk.page.waitForEvent('filechooser');
  await desk.press('Import a roster of persons');
  await (await chooser).setFiles(file);
  await desk.sees('roster.csv is imported');
  await desk.sees('The check digit is wrong');
  const download = desk.page.waitForEvent('download');
  await desk.press('Save the error file (1)');
  expect((await download).suggestedFilename()).toBe('roster-errors.csv');
}

async function makeAccounts(desk: Desk): Promise<void> {
  const staff = [
    ['bench', 'laboratory'],
    ['review', 'laboratory'],
    ['wang', 'courier'],
  ];
  for (const [account = '', role = ''] of staff) {
    await desk.go('#/desk/accounts');
    await desk.fill('Account', account);
    await desk.page.getByLabel('Password', { exact: true }).fill(password);
    await desk.page.getByRole('button', { name: /Role$/ }).click();
    await desk.page.getByRole('option', { name: role, exact: true }).click();
    await desk.press('Add');
    await desk.press('Make the account');
    await desk.sees('On record');
  }
}

async function openPoints(desk: Desk): Promise<void> {
  const points = [
    ['S1', 'sampling point', '一号采样点', 'Sampling point 1'],
    ['L1', 'laboratory', '一号实验室', 'Laboratory 1'],
  ];
  for (const [point = '', kind = '', zh = '', en = ''] of points) {
    await desk.go('#/desk/places?act=places.open-point');
    await desk.fill('Point', point);
    await desk.page.getByRole('button', { name: /Kind of point/ }).click();
    await desk.page.getByRole('option', { name: kind, exact: true }).click();
    await desk.fill('Chinese', zh);
    await desk.fill('English', en);
    await desk.press('Open a point');
    await desk.sees(new RegExp(`Point ${point}`));
  }
}

async function openRound(desk: Desk): Promise<void> {
  await desk.go('#/desk/rounds?act=screening.open-round');
  await desk.fill('Round', 'R1');
  await desk.fill('Chinese', '第一轮');
  await desk.fill('English', 'Round 1');
  await desk.choose('5 in 1');
  await desk.press('Open a round');
  await desk.sees('Close the round');
  await desk.go('#/board');
  await desk.sees(/Of 4 people 0 are sampled/);
}

async function sample(desk: Desk): Promise<void> {
  await desk.go('#/desk/sampling?act=screening.open-tube');
  await desk.suggest('Point', 'S1');
  await desk.fill('Label of the tube \\(scan\\)', 'tube0001');
  await desk.page.keyboard.press('Enter');
  await desk.sees('Tube TUBE0001');
  await desk.press('all 3');
  await desk.page.locator('.rack-count', { hasText: '3 / 5' }).waitFor();
  await desk.fill('Scan or type a person.s number', '4');
  await desk.page.keyboard.press('Enter');
  await desk.page.locator('.rack-count', { hasText: '4 / 5' }).waitFor();
  await desk.press('Seal the tube');
  await desk.page.waitForURL(/open-tube/);
  await desk.go('#/board');
  await desk.sees(/All 4 people are accounted for/);
}

async function deliver(desk: Desk): Promise<void> {
  await desk.go('#/desk/boxes?act=custody.seal-box');
  await desk.fill('Box', 'BOX1');
  await desk.fill('Tubes', 'TUBE0001');
  await desk.press('Seal a box');
  await desk.sees('Box BOX1');
  await desk.press('Hand a box over');
  await desk.suggest('To', 'wang');
  await desk.send('Hand a box over');
  await desk.sees('held by wang');
}

async function testTubes(): Promise<void> {
  const page = await signedIn(browser, server, { account: 'bench', password });
  const bench = new Desk(page, server);
  await bench.go('#/desk/boxes/box:BOX1');
  await bench.press('Receive a box at the laboratory');
  await bench.suggest('Laboratory', 'L1');
  await bench.fill('Present', 'TUBE0001');
  await bench.send('Receive a box at the laboratory');
  await bench.sees('Box received by the laboratory');
  await bench.go('#/desk/laboratory?act=laboratory.accession');
  await bench.suggest('Laboratory', 'L1');
  await bench.fill('Tubes', 'TUBE0001');
  await bench.press('Take tubes in');
  await bench.sees('Whole record');
  await bench.go('#/desk/laboratory?act=laboratory.load-plate');
  await bench.fill('Label of the plate \\(scan\\)', 'PLATE1');
  await bench.suggest('Laboratory', 'L1');
  await bench.fill('Tubes, scanned into the next free well', 'TUBE0001');
  await bench.press('Load a plate');
  await bench.sees('Plate PLATE1');
  await readPlate(bench);
  await bench.sees('read, not signed');
  // Whoever read the plate does not sign it: the refusal is in words.
  await bench.press('Sign a plate');
  await bench.send('Sign a plate');
  await bench.sees('A second person signs');
  await closePage(page);
}

async function readPlate(bench: Desk): Promise<void> {
  const file = join(files, 'plate.csv');
  writeFileSync(file, readings);
  await bench.press('Record the readings');
  const chooser = bench.page.waitForEvent('filechooser');
  await bench.press('Choose a file');
  await (await chooser).setFiles(file);
  await bench.send('Record the readings');
}

async function looksBack(): Promise<void> {
  const page = await signedIn(browser, server, { account: 'review', password });
  const review = new Desk(page, server);
  await review.go('#/desk/laboratory/plate:PLATE1');
  await review.page.getByRole('button', { name: /A1 TUBE0001 positive/ }).waitFor();
  await review.press('Sign a plate');
  await review.send('Sign a plate');
  await review.press('Release results');
  await review.send('Release results');
  await review.sees('Release results: On record');
  await review.go('#/trace/tube/TUBE0001');
  await review.sees('The chain has no gap.');
  const steps = await page.locator('.step-name').allTextContents();
  expect(steps.length).toBeGreaterThanOrEqual(8);
  await closePage(page);
  const office = await signedIn(browser, server, { at: '#/desk/cases' });
  await office.getByText('Person 1').waitFor();
  expect(await office.locator('.queue-row').count()).toBe(4);
  await closePage(office);
}
