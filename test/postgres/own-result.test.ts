import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  deliver,
  hire,
  openRound,
  runPlate,
  type Staff,
  testPlate,
  tubeOf,
} from '../support/chain.ts';
import { problemOf } from '../support/client.ts';
import { communities, towns } from '../support/people.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let staff: Staff;
const [here, , elsewhere] = communities;

beforeAll(async () => {
  server = await startServer();
  staff = await hire(server);
  await openRound(staff, 'R1');
  // The second tube is of the first person's own place, the third of somebody else's.
  await staff.sampler.must('screening.record-tube', tubeOf('OWN01', [1, 2, 3, 4, 5]));
  await staff.sampler.must('screening.record-tube', tubeOf('OWN02', [6, 7, 8, 9, 10]));
  await staff.sampler.must(
    'screening.record-tube',
    tubeOf('FAR01', [11, 12, 13, 14, 15], { place: elsewhere }),
  );
  await deliver(staff, 'BOX1', ['OWN01', 'FAR01']);
  await testPlate(staff, 'PLATE1', { tubes: { OWN01: null, FAR01: null } });
});
afterAll(() => server.close());

interface Told {
  readonly tube: string;
  readonly stage: string;
  readonly result: string | null;
  readonly persons: number;
}

async function resultsOf(person: number): Promise<Told[]> {
  const { body, status } = await server.admin.get(`/v1/persons/${person}/result`);
  expect(status).toBe(200);
  return body['tubes'] as Told[];
}

test('RE-20 everybody in a mixed tube is told how far it is and what came of it', async () => {
  for (const person of [1, 5]) {
    expect(await resultsOf(person)).toMatchObject([
      { tube: 'OWN01', stage: 'released', result: 'negative', persons: 5, round: 'R1' },
    ]);
  }
  expect(await resultsOf(7)).toMatchObject([{ tube: 'OWN02', stage: 'sealed', result: null }]);
  expect(await resultsOf(30)).toEqual([]);
});

test('whoever was sampled away from home is found all the same, and so is who moved since', async () => {
  expect(await resultsOf(12)).toMatchObject([{ tube: 'FAR01', result: 'negative' }]);
  const moved = await server.admin.post('/v1/persons/6/move', {
    place: elsewhere,
    room: '901',
    reason: 'moved to her daughter',
  });
  expect([200, 201]).toContain(moved.status);
  expect(await resultsOf(6)).toMatchObject([{ tube: 'OWN02', stage: 'sealed' }]);
  const trace = await server.admin.get('/v1/trace/person/6');
  expect(JSON.stringify(trace.body)).toContain('OWN02');
});

test('who asks sees only people of their own places', async () => {
  const west = await server.signUp('west', [`community@${towns[1]}`]);
  const refused = await west.get('/v1/persons/1/result');
  expect(problemOf(refused)).toEqual([404, 'persons.unknown-person', null]);
  const unknown = await server.admin.get('/v1/persons/999999/result');
  expect(unknown.status).toBe(404);
  expect((await west.get(`/v1/persons/0/result`)).status).toBe(400);
});

test('a positive and a voided tube are told as they stand', async () => {
  await staff.sampler.must('screening.record-tube', tubeOf('OWN03', [21, 22, 23, 24, 25]));
  await deliver(staff, 'BOX2', ['OWN03']);
  await runPlate(staff, 'PLATE2', { tubes: { OWN03: 27 } });
  expect(await resultsOf(21)).toMatchObject([{ tube: 'OWN03', stage: 'read', result: null }]);
  await staff.sampler.must('screening.record-tube', tubeOf('OWN04', [26, 27, 28, 29, 30]));
  await staff.sampler.must('screening.void-tube', { tube: 'OWN04', reason: 'spilt' });
  expect(await resultsOf(26)).toMatchObject([{ tube: 'OWN04', stage: 'voided', result: null }]);
  expect(here).toBeDefined();
});
