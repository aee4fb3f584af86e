import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { digestOf } from '../../adapters/http/trend-reader.ts';
import { Fault } from '../../adapters/fault.ts';
import { policyDefaults } from '../../rooms/trend/index.ts';
import { hire } from '../support/chain.ts';
import type { Body } from '../support/client.ts';
import { onDay, outbreak, recordOutbreak } from '../support/outbreak.ts';
import { district, towns } from '../support/people.ts';
import { startServer, type TestServer } from '../support/server.ts';

/** Another rule and other estimates than those of the room. */
const settings = {
  clear: {
    rule: 'ten-days',
    days: 10,
    basicDays: 2,
    basicPer100k: 1_000,
    community: ['screening', 'isolation', 'unknown'],
  },
  serialInterval: { meanDays: 6, sdDays: 3 },
  windowDays: 5,
  horizonDays: 6,
};

const folder = mkdtempSync(join(tmpdir(), 'sextant-trend-policy-'));
let usual: TestServer;
let strict: TestServer;

function policyFile(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

beforeAll(async () => {
  usual = await startServer();
  await recordOutbreak(await hire(usual));
  const file = policyFile('policy.json', { trend: settings });
  strict = await startServer({ beside: usual, policyFile: file });
}, 120_000);
afterAll(async () => {
  await strict?.close();
  await usual?.close();
  rmSync(folder, { recursive: true });
});

async function trendOf(server: TestServer): Promise<Body> {
  const { status, body } = await server.admin.get(`/v1/trend?until=${onDay(1)}`);
  expect(status).toBe(200);
  return body;
}

test('TD-1 another number of days, another standing: days to go follow the rule of the file', async () => {
  const inCommunity = outbreak.filter(({ foundIn }) => foundIn === 'community');
  const lastOf = (cases: typeof outbreak): number => Math.min(...cases.map((one) => one.daysAgo));
  const [before, after] = [await trendOf(usual), await trendOf(strict)];
  expect(before['policy']).toEqual(policyDefaults);
  expect(after['policy']).toEqual({ ...policyDefaults, ...settings });
  expect(before['standings'][0]).toMatchObject({
    ...{ place: district, stage: 'clear', lastFoundOn: onDay(lastOf(inCommunity)) },
  });
  // TD-5. Isolation counts here: so the last find is the last of all. Yesterday is over.
  const last = lastOf(outbreak);
  expect(after['standings'][0]).toMatchObject({
    ...{ place: district, stage: 'basically-clear', daysToClear: 10 - (last - 1) },
    lastFoundOn: onDay(last),
  });
  const west = (figures: Body): Body => figures['standings'][2];
  expect([west(before)['place'], west(before)['stage']]).toEqual([towns[1], 'clear']);
  expect(west(after)['stage']).toBe('basically-clear');
});

test('TD-9 window, serial interval and days ahead are those of the file', async () => {
  const [before, after] = [await trendOf(usual), await trendOf(strict)];
  expect(before['estimates'].forecast).toHaveLength(14);
  expect(after['estimates'].forecast).toHaveLength(6);
  expect(before['estimates'].needs).toEqual({ infections: 10, days: 9 });
  // The mean serial interval, six days, is longer than the window.
  expect(after['estimates'].needs).toEqual({ infections: 10, days: 8 });
  const [usualLast, strictLast] = [before, after].map(({ estimates }) =>
    estimates.reproduction.at(-1),
  );
  expect(usualLast).toMatchObject({ from: onDay(7), on: onDay(1) });
  expect(strictLast).toMatchObject({ from: onDay(5), on: onDay(1) });
  expect(strictLast.mean).not.toBeCloseTo(usualLast.mean, 3);
});

test('frozen figures say by which rules they were read, and other rules have another number', async () => {
  const ids: string[] = [];
  for (const [server, policy] of [
    [usual, policyDefaults],
    [strict, { ...policyDefaults, ...settings }],
  ] as const) {
    const made = await server.admin.post('/v1/trend/snapshots', { until: onDay(1) });
    expect(made.status).toBe(201);
    const id = String(made.body['id']);
    // Asked of the other server: what was frozen does not depend on who shows it.
    const { body } = await usual.admin.get(`/v1/trend/snapshots/${id}`);
    expect(body['figures'].policy).toEqual(policy);
    expect(digestOf(body['figures'])).toBe(id);
    ids.push(id);
  }
  expect(new Set(ids).size).toBe(2);
});

test('the rules of a file are kept for later starts, and the room is told with the others', async () => {
  const later = await startServer({ beside: usual });
  expect((await trendOf(later))['policy']).toEqual({ ...policyDefaults, ...settings });
  const { body } = await later.admin.get('/v1/acts');
  expect(body['rooms']).toContainEqual({ name: 'trend', label: { en: 'Trend', zh: '研判' } });
  await later.close();
});

test.for([
  ['/serialInterval/meanDays', { serialInterval: { meanDays: -3, sdDays: 2 } }],
  ['/clear/days', { clear: { ...settings.clear, days: 0 } }],
  ['/clear', { clear: { days: 5 } }],
  ['/clear/community/0', { clear: { ...settings.clear, community: ['street'] } }],
  ['/window', { window: 7 }],
  ['', 7],
  ['', null],
  ['', []],
] as const)(
  'a file with nonsense at %s does not start a server',
  async ([where, values], { task }) => {
    const file = policyFile(`${task.id}.json`, { trend: values });
    const refused = await startServer({ beside: usual, policyFile: file }).catch((error) => error);
    expect(refused).toBeInstanceOf(Fault);
    expect(refused.code).toBe('config.bad-policy');
    expect(refused.message).toContain(`trend${where}: `);
    // The rules that were kept stay.
    const [kept] = await usual.column<Body>(`select value from deployment where key = 'policy'`);
    expect(kept?.['trend']).toMatchObject(settings);
  },
);
