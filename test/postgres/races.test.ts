import { afterAll, beforeAll, expect, test } from 'vitest';
import { findingsOf, openRound } from '../support/chain.ts';
import { type Client, newActId, type Reply } from '../support/client.ts';
import { Device } from '../support/day.ts';
import { communities, district } from '../support/people.ts';
import { password, startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
/** A second server on the same database: both count the same beds. */
let beside: TestServer;
let admin: Client;
let dispatcher: Client;

beforeAll(async () => {
  server = await startServer();
  beside = await startServer({ beside: server });
  ({ admin } = server);
  dispatcher = await server.signUp('dispatcher', ['dispatcher', 'facility']);
  await openRound({ headquarters: admin }, 'R1');
});
afterAll(async () => {
  await beside.close();
  await server.close();
});

const times = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Replies by status and code. */
function tally(replies: readonly Reply[]): { [answer: string]: number } {
  const counts: { [answer: string]: number } = {};
  for (const { status, body } of replies) {
    const answer = status < 300 ? String(status) : `${status} ${String(body['code'])}`;
    counts[answer] = (counts[answer] ?? 0) + 1;
  }
  return counts;
}

async function declareUnit(unit: string, beds: number): Promise<void> {
  await dispatcher.must('capacity.declare-unit', {
    unit,
    place: district,
    facility: 'CABIN1',
    bedKind: 'fangcang',
    beds,
    label: { en: unit, zh: unit },
  });
}

/** Asks for the transfer of one person each; nobody of them is on the register. */
async function requestTransfers(prefix: string, count: number): Promise<string[]> {
  const transfers = times(count).map((index) => `${prefix}${index}`);
  await Promise.all(
    transfers.map((transfer, index) =>
      dispatcher.must('transfer.request', {
        transfer,
        persons: [100_000 + index],
        from: communities[0],
        priority: 'urgent',
        reason: 'case',
        destinationKind: 'fangcang',
      }),
    ),
  );
  return transfers;
}

/** Beds of a unit that somebody holds, and promises on record of the unit, each with its bed. */
async function heldBeds(unit: string): Promise<{ slots: number[]; promised: number[] }> {
  const resource = `unit:${unit}`;
  return {
    slots: await server.column('select index from slots where resource = $1 order by 1', [
      resource,
    ]),
    promised: await server.column(
      `select (body ->> 'bed')::int from facts
       where subject = $1 and kind = 'capacity.place-promised' order by 1`,
      [resource],
    ),
  };
}

test('P4 of 200 claims at once on 50 beds, 50 are promised and 150 refused with a code', async () => {
  await declareUnit('CABIN-A', 50);
  const transfers = await requestTransfers('A', 200);
  const replies = await Promise.all(
    transfers.map((transfer) =>
      dispatcher.act('transfer.promise-place', { transfer, unit: 'CABIN-A' }),
    ),
  );
  expect(tally(replies)).toEqual({ '200': 50, '409 capacity.no-free-place': 150 });
  const beds = times(50).map((index) => index + 1);
  expect(await heldBeds('CABIN-A')).toEqual({ slots: beds, promised: beds });
  const board = await admin.get('/v1/board');
  expect(board.body['beds']).toMatchObject([{ unit: 'CABIN-A', beds: 50, promised: 50 }]);
});

test('P4 two servers on one database promise no bed twice', async () => {
  await declareUnit('CABIN-B', 20);
  const transfers = await requestTransfers('B', 80);
  const second = await beside.signIn('dispatcher');
  const replies = await Promise.all(
    transfers.map((transfer, index) =>
      (index % 2 === 0 ? dispatcher : second).act('transfer.promise-place', {
        transfer,
        unit: 'CABIN-B',
      }),
    ),
  );
  expect(tally(replies)).toEqual({ '200': 20, '409 capacity.no-free-place': 60 });
  const beds = times(20).map((index) => index + 1);
  expect(await heldBeds('CABIN-B')).toEqual({ slots: beds, promised: beds });
});

test('P4 of many who ask for one and the same bed, one gets it', async () => {
  await declareUnit('CABIN-C', 10);
  const transfers = await requestTransfers('C', 20);
  const replies = await Promise.all(
    transfers.map((transfer) =>
      dispatcher.act('transfer.promise-place', { transfer, unit: 'CABIN-C', bed: 7 }),
    ),
  );
  expect(tally(replies)).toEqual({ '200': 1, '409 capacity.bed-taken': 19 });
  expect(await heldBeds('CABIN-C')).toEqual({ slots: [7], promised: [7] });
});

test('SC-5 fifty samplers who seal one label at once leave one tube, 49 findings, 50 facts', async () => {
  const samplers = await Promise.all(
    times(50).map((index) => server.signUp(`sampler-${index}`, [`sampler@${communities[0]}`])),
  );
  const before = await server.counts();
  const body = { round: 'R1', purpose: 'round', poolSize: 10, point: 'SP1' };
  const replies = await Promise.all(
    samplers.map((sampler, index) => {
      const members = [index + 1, 60, 61, 62, 63];
      const device = new Device(`phone-${index}`);
      const fact = { ...body, members };
      return sampler.facts([
        device.record('screening.tube-sealed', 'tube:SAME01', fact, Date.now() as never),
      ]);
    }),
  );
  expect(replies.every(({ body: { accepted } }) => accepted?.length === 1)).toBe(true);
  const after = await server.counts();
  expect(after.facts - before.facts).toBe(50);
  expect(after.specimens - before.specimens).toBe(1);
  const codes = await findingsOf(server, 'tube:SAME01');
  expect(codes).toEqual(times(49).map(() => 'screening.tube-sealed-twice'));
  const tube = await admin.get('/v1/tubes/SAME01');
  // Nobody knows whose swabs it holds, so it holds everybody's: 50 and the four in all lists.
  expect(tube.body['seal'].members).toEqual([
    ...times(50).map((index) => index + 1),
    60,
    61,
    62,
    63,
  ]);
});

test('L12 one act sent twenty times at once is done once and answered alike', async () => {
  const before = await server.counts();
  const actId = newActId();
  const label = { en: 'Gate', zh: '门口' };
  const point = { point: 'GATE1', place: district, pointKind: 'sampling', label };
  const replies = await Promise.all(
    times(20).map((index) =>
      (index % 2 === 0 ? admin : beside.admin).act('places.open-point', point, { actId }),
    ),
  );
  expect(tally(replies)).toEqual({ '200': 20 });
  expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
  expect((await server.counts()).facts).toBe(before.facts + 1);
});

test('L2 one fact sent twenty times at once is accepted once and known ever after', async () => {
  const fact = new Device('echo').record(
    'duties.finding-taken',
    'finding:tube:SAME01~other',
    {},
    1 as never,
  );
  const replies = await Promise.all(times(20).map(() => admin.facts([fact])));
  const accepted = replies.filter(({ body }) => body['accepted'].length === 1);
  const known = replies.filter(({ body }) => body['known'].length === 1);
  expect([accepted.length, known.length]).toEqual([1, 19]);
});

test('one account made twenty times at once is made once', async () => {
  const account = { account: 'new-one', password, roles: [{ role: 'sampler', place: '*' }] };
  const replies = await Promise.all(times(20).map(() => admin.post('/v1/accounts', account)));
  expect(tally(replies)).toEqual({ '201': 1, '409 accounts.name-taken': 19 });
});

test('one walk-in registered twenty times at once has one number', async () => {
  const before = await server.counts();
  const person = { name: '欧阳骐骥', bornOn: '1990-01-02', place: communities[1], room: '1' };
  const replies = await Promise.all(times(20).map(() => admin.post('/v1/persons', person)));
  expect(tally(replies)).toEqual({ '200': 19, '201': 1 });
  expect(new Set(replies.map(({ body }) => body['person'])).size).toBe(1);
  expect((await server.counts()).persons).toBe(before.persons + 1);
});

test('L13 of acts written together, one that cannot be written fails alone and leaves no gap', async () => {
  const before = await server.counts();
  await server.column(
    `alter table facts add constraint nothing_bad check (subject <> 'point:BAD') not valid`,
  );
  const replies = await Promise.all(
    times(20).map((index) => {
      const label = { en: 'Gate', zh: '门口' };
      const point = index === 7 ? 'BAD' : `GATE-${index}`;
      const act = { point, place: district, pointKind: 'sampling', label };
      return admin.act('places.open-point', act);
    }),
  );
  await server.column('alter table facts drop constraint nothing_bad');
  expect(tally(replies)).toEqual({ '200': 19, '500 http.bug': 1 });
  const after = await server.counts();
  expect([after.facts - before.facts, after.subjects - before.subjects]).toEqual([19, 19]);
  const [gap] = await server.column<number>('select (max(receipt) - count(*))::int from facts');
  expect(gap).toBe(0);
});
