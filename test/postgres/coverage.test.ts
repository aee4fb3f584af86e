import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  deliver,
  hire,
  openRound,
  runPlate,
  type Staff,
  testPlate,
  tubeOf,
} from '../support/chain.ts';
import { Client, type Reply } from '../support/client.ts';
import { Device } from '../support/day.ts';
import { communities, district } from '../support/people.ts';
import { type ServerProcess, startProcess } from '../support/process.ts';
import { password, startServer, type TestServer } from '../support/server.ts';

interface Counts {
  readonly roster: number;
  readonly sampled: number;
  readonly excused: number;
  readonly open: number;
}

type Stage = 'sampled' | 'excused' | 'open';

let server: TestServer;
let staff: Staff;
/** A second server in a process of its own, on the same database. */
let second: ServerProcess;
let beside: Client;
let data: string;
/** Codes from the root down to the home of each person, as the database has them. */
const paths = new Map<number, string[]>();
/** Who the round owes, and how each stands: worked out here by hand, step by step. */
const expected = new Map<number, Stage>();

beforeAll(async () => {
  server = await startServer();
  staff = await hire(server);
  data = await mkdtemp(join(tmpdir(), 'sextant-beside-'));
  const { connectionString } = server.database;
  const args = ['--empty', '--data', data, '--port', '0', '--database-url', connectionString];
  second = await startProcess(args);
  const signed = await new Client(second.url).post('/v1/sessions', { account: 'admin', password });
  beside = new Client(second.url, 'admin', String(signed.body['token']));
  await openRound(staff, 'R1');
  await readPaths();
  for (const person of paths.keys()) expected.set(person, 'open');
});
afterAll(async () => {
  await second.stop();
  await server.close();
  await rm(data, { recursive: true, force: true });
});

async function readPaths(): Promise<void> {
  const rows = await server.column<string>(
    `select p.id || '|' || l.path from persons p join households h on h.id = p.household_id
     join places l on l.code = h.place_code`,
  );
  for (const row of rows) {
    const [person = '', path = ''] = row.split('|');
    paths.set(Number(person), path.split('/'));
  }
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

function stand(persons: readonly number[], stage: Stage): void {
  for (const person of persons) expected.set(person, stage);
}

/** Counts of every place, added up from the expectation of each person. */
function expectedCounts(): Map<string, Counts> {
  const counts = new Map<string, { -readonly [K in keyof Counts]: number }>();
  for (const [person, stage] of expected) {
    for (const code of paths.get(person) ?? []) {
      const own = counts.get(code) ?? { roster: 0, sampled: 0, excused: 0, open: 0 };
      own.roster += 1;
      own[stage] += 1;
      counts.set(code, own);
    }
  }
  return counts;
}

/** What a server says of a place and everything below it. */
async function told(client: Client, place: string, round: string): Promise<Map<string, Counts>> {
  const { body } = await client.get(`/v1/coverage?round=${round}&place=${place}`);
  const { roster, sampled, excused, open } = body as typeof body & Counts;
  const all = new Map([[place, { roster, sampled, excused, open }]]);
  const children = body['children'] as (Counts & { code: string })[];
  for (const { code, ...counts } of children) {
    const below = await told(client, code, round);
    expect(counts).toMatchObject(below.get(code) ?? {});
    for (const [each, its] of below) all.set(each, its);
  }
  return all;
}

/** Who is still owed, page by page, with the household of each. */
async function missing(client: Client, place: string): Promise<number[]> {
  const persons: number[] = [];
  let after: number | null = 0;
  while (after !== null) {
    const query = `round=R1&place=${place}&missing=true&limit=7&after=${after}`;
    const { body }: Pick<Reply, 'body'> = await client.get(`/v1/coverage?${query}`);
    for (const { person, household } of body['missing'] as Missing[]) {
      persons.push(person);
      expect(household).toBe(Math.ceil(person / 3));
    }
    after = (body['next'] ?? null) as number | null;
  }
  return persons;
}

interface Missing {
  readonly person: number;
  readonly household: number;
  readonly reason: string | null;
  readonly disposition: string | null;
  readonly holder: string | null;
}

/** Both servers, asked at once, say of every place what is expected of its people. */
async function expectExact(): Promise<void> {
  const wanted = Object.fromEntries(expectedCounts());
  const answers = await Promise.all(
    [server.admin, beside].map((each) => told(each, district, 'R1')),
  );
  for (const answer of answers) {
    const places = [...answer].filter(([code, { roster }]) => roster > 0 || code in wanted);
    expect(Object.fromEntries(places)).toEqual(wanted);
    for (const { roster, sampled, excused, open } of answer.values()) {
      expect(roster).toBe(sampled + excused + open);
    }
  }
  const open = [...expected].filter(([, stage]) => stage === 'open').map(([person]) => person);
  const ascending = open.toSorted((left, right) => left - right);
  expect(await missing(server.admin, district)).toEqual(ascending);
  expect(await missing(beside, district)).toEqual(ascending);
}

describe('P2 everybody is accounted for', () => {
  test('P2 at first everybody of the round’s areas is owed a sample', async () => {
    await expectExact();
    expect(expectedCounts().get(district)).toMatchObject({ roster: 120, open: 120 });
  });

  test('P2 whoever is in a sealed tube is sampled, once however often they are', async () => {
    const { sampler } = staff;
    await sampler.must('screening.record-tube', tubeOf('POOL01', range(1, 10)));
    await sampler.must('screening.record-tube', tubeOf('POOL02', range(11, 20)));
    await sampler.must('screening.record-tube', tubeOf('POOL03', [...range(31, 39), 10]));
    stand([...range(1, 20), ...range(31, 39)], 'sampled');
    await expectExact();
    const single = tubeOf('RECALL', [50], { purpose: 'recall', poolSize: 1 });
    await sampler.must('screening.record-tube', single);
    // A recall answers a pool; it is no sample of the round.
    await expectExact();
  });

  test('P2 an open tube samples nobody until it is sealed', async () => {
    const { sampler } = staff;
    const { members: _none, ...opened } = tubeOf('POOL04', []);
    await sampler.must('screening.open-tube', opened);
    for (const person of [61, 62, 63]) {
      await sampler.must('screening.add-person', { tube: 'POOL04', person });
    }
    await sampler.must('screening.remove-person', { tube: 'POOL04', person: 62, reason: 'error' });
    await expectExact();
    await sampler.must('screening.seal-tube', { tube: 'POOL04' });
    stand([61, 63], 'sampled');
    await expectExact();
  });

  test('SC-6 excused, away and deferred settle the round; refused and home visit do not', async () => {
    const reasons = ['excused', 'away', 'deferred', 'refused', 'home-visit'] as const;
    for (const [index, disposition] of reasons.entries()) {
      const act = { round: 'R1', person: 21 + index, disposition, reason: `said ${disposition}` };
      await staff.community.must('screening.dispose-person', act);
    }
    stand([21, 22, 23], 'excused');
    await expectExact();
    const { body } = await server.admin.get(`/v1/coverage?round=R1&missing=true&after=23&limit=2`);
    expect(body['missing']).toMatchObject([
      { person: 24, disposition: 'refused', reason: 'said refused', holder: 'role:community' },
      { person: 25, disposition: 'home-visit', reason: 'said home-visit' },
    ]);
    await staff.community.must('screening.withdraw-disposition', { round: 'R1', person: 22 });
    stand([22], 'open');
    await expectExact();
  });

  test('P2 somebody who was excused and then sampled is sampled', async () => {
    await staff.sampler.must('screening.record-tube', tubeOf('POOL05', [23, 24]));
    stand([23, 24], 'sampled');
    await expectExact();
  });

  test('SC-8 a voided tube owes its people a sample again, but not those in another tube', async () => {
    await staff.sampler.must('screening.void-tube', { tube: 'POOL03', reason: 'spilt' });
    stand(range(31, 39), 'open');
    await expectExact();
  });

  test('RE-21 a lost box, a missing and a broken tube owe their people a sample again', async () => {
    const { sampler, courier, laboratory } = staff;
    const place = communities[0];
    await sampler.must('custody.seal-box', { box: 'BOX1', tubes: ['POOL02'], place });
    await expectExact();
    await sampler.must('custody.report-lost', { box: 'BOX1', reason: 'fell off the bicycle' });
    stand(range(11, 20), 'open');
    await expectExact();
    for (const [index, tube] of ['HALF01', 'HALF02', 'HALF03'].entries()) {
      const members = range(71 + index * 5, 75 + index * 5);
      await sampler.must('screening.record-tube', tubeOf(tube, members));
    }
    stand(range(71, 85), 'sampled');
    const tubes = ['HALF01', 'HALF02', 'HALF03'];
    await sampler.must('custody.seal-box', { box: 'BOX2', tubes, place });
    await sampler.must('custody.hand-over', { box: 'BOX2', to: 'user:courier' });
    await courier.must('custody.hand-over', { box: 'BOX2', to: 'user:lab-one' });
    const received = { box: 'BOX2', laboratory: 'LAB1', present: ['HALF01'], broken: ['HALF02'] };
    await laboratory.must('custody.receive', received);
    stand(range(76, 85), 'open');
    await expectExact();
    const outcomes = [{ tube: 'HALF03', outcome: 'found' }];
    await laboratory.must('custody.reconcile', { box: 'BOX2', outcomes });
    stand(range(81, 85), 'sampled');
    await expectExact();
  });

  test('RE-21 a result that is invalid for good owes its people a sample again', async () => {
    await staff.sampler.must('screening.record-tube', tubeOf('DUD001', range(41, 45)));
    await deliver(staff, 'BOX3', ['DUD001']);
    stand(range(41, 45), 'sampled');
    await runPlate(staff, 'PLATE1', { tubes: { DUD001: 'invalid' } });
    await staff.signer.must('laboratory.sign-plate', { plate: 'PLATE1' });
    // It is owed another run, which may still say something.
    await expectExact();
    await testPlate(staff, 'PLATE2', { tubes: { DUD001: 'invalid' }, rerunOf: 'PLATE1' });
    stand(range(41, 45), 'open');
    await expectExact();
    await staff.sampler.must('screening.record-tube', tubeOf('DUD002', range(41, 45)));
    stand(range(41, 45), 'sampled');
    await expectExact();
  });

  test('SC-9 a walk-in counts from the moment they join, on both servers', async () => {
    const register = async (name: string): Promise<number> => {
      const home = { place: communities[2], room: '909' };
      const reply = await server.admin.post('/v1/persons', { name, bornOn: '1977-07-07', ...home });
      return Number(reply.body['person']);
    };
    const first = await register('欧阳獬豸');
    // On the register is not yet on the roster of a round that has begun.
    expect(first).toBe(121);
    await staff.community.must('screening.add-walk-in', { round: 'R1', person: first });
    expected.set(first, 'open');
    await readPaths();
    await expectTold((body) => body['roster'] === 121);
    const other = await register('欧阳狻猊');
    await staff.sampler.must('screening.record-tube', tubeOf('WALKIN', [other]));
    expected.set(other, 'sampled');
    await readPaths();
    await expectTold((body) => body['roster'] === 122);
  });
});

/** A new person reaches the other server by a notification: at once, but not in the same breath. */
async function expectTold(isTold: (body: { [k: string]: unknown }) => boolean): Promise<void> {
  await expect
    .poll(async () => isTold((await beside.get('/v1/coverage?round=R1')).body), { timeout: 2_000 })
    .toBe(true);
  const wanted = expectedCounts();
  for (const client of [server.admin, beside]) {
    const answer = await told(client, district, 'R1');
    for (const [code, counts] of wanted) expect([code, answer.get(code)]).toEqual([code, counts]);
  }
}

test('SC-1 a round of one town and one age owes exactly those', async () => {
  const [east] = communities;
  await staff.headquarters.must('screening.open-round', {
    round: 'R2',
    place: district,
    label: { en: 'Children', zh: '儿童' },
    areas: [east],
    group: { ageMaxYears: 18 },
    poolSize: 5,
    startsAt: Date.now() - 1,
    endsAt: Date.now() + 1_000,
  });
  // The third of each of the community's ten households is born in 2016.
  const answer = await told(server.admin, district, 'R2');
  expect(answer.get(district)).toEqual({ roster: 10, sampled: 0, excused: 0, open: 10 });
  expect(answer.get(east)).toEqual(answer.get(district));
  expect(answer.get(communities[2])).toEqual({ roster: 0, sampled: 0, excused: 0, open: 0 });
  const stranger = tubeOf('GUEST1', [91], { round: 'R2', poolSize: 5 });
  await staff.sampler.must('screening.record-tube', stranger);
  const after = await told(beside, district, 'R2');
  expect(after.get(district)).toEqual({ roster: 11, sampled: 1, excused: 0, open: 10 });
});

test('P7 a number sampled before it was given out counts as soon as it is, on both servers', async () => {
  const next = Math.max(...paths.keys()) + 1;
  const { tube: _tube, place: _place, ...body } = tubeOf('EARLY1', [next]);
  const device = new Device('early-phone');
  const seal = device.record('screening.tube-sealed', 'tube:EARLY1', body, 1 as never);
  expect((await staff.sampler.facts([seal])).body['accepted']).toHaveLength(1);
  await expectTold((counts) => counts['roster'] === 122);
  const home = { place: communities[3], room: '909' };
  const registered = await server.admin.post('/v1/persons', { name: '欧阳貔貅', ...home });
  expect(registered.body['person']).toBe(next);
  expected.set(next, 'sampled');
  await readPaths();
  await expectTold((counts) => counts['roster'] === 123);
});
