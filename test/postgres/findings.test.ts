import { afterAll, beforeAll, expect, test } from 'vitest';
import { hire, openRound, type Staff, tubeOf } from '../support/chain.ts';
import { type Client, problemOf } from '../support/client.ts';
import { communities, district } from '../support/people.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let staff: Staff;
let admin: Client;

beforeAll(async () => {
  server = await startServer();
  ({ admin } = server);
  staff = await hire(server);
  await openRound(staff, 'R1');
  // Two people for a tube of ten: half-empty is a finding of SC-3.
  await staff.sampler.must('screening.record-tube', tubeOf('HALF01', [1, 2]));
  await staff.sampler.must('screening.record-tube', tubeOf('HALF02', [3, 4]));
});
afterAll(() => server.close());

interface Row {
  readonly id: string;
  readonly subject: string;
  readonly code: string;
  readonly stage: string;
  readonly holder: string | null;
  readonly note: string | null;
  readonly place: string;
}

async function listed(query = ''): Promise<Row[]> {
  const { body } = await admin.get(`/v1/findings?${query}`);
  return body['rows'] as Row[];
}

async function openOnBoard(): Promise<number> {
  return Number((await admin.get('/v1/board')).body['findings'].open);
}

test('DU-4 a finding is open until somebody takes it, and is theirs then', async () => {
  const rows = await listed('code=screening.tube-under-filled');
  expect(rows.map(({ subject, stage }) => [subject, stage])).toEqual(
    expect.arrayContaining([
      ['tube:HALF01', 'open'],
      ['tube:HALF02', 'open'],
    ]),
  );
  expect(await openOnBoard()).toBe(2);
  const finding = rows.find(({ subject }) => subject === 'tube:HALF01')?.id ?? '';
  await staff.community.must('duties.take-finding', { finding, place: communities[0] });
  const taken = (await listed()).find(({ id }) => id === finding);
  expect(taken).toMatchObject({ stage: 'taken', holder: 'user:community', note: null });
  expect(await openOnBoard()).toBe(2);
});

test('DU-4 a finding is closed once, with a note, and stands among the closed ones', async () => {
  const [first] = (await listed()).filter(({ stage }) => stage === 'taken');
  const finding = first?.id ?? '';
  const close = { finding, place: communities[0], note: 'last tube of the queue' };
  const noteless = await staff.community.act('duties.close-finding', { ...close, note: '' });
  expect(problemOf(noteless)).toEqual([400, 'http.malformed-request', '/act/note']);
  await staff.community.must('duties.close-finding', close);
  expect((await listed()).map(({ id }) => id)).not.toContain(finding);
  expect(await listed('state=closed')).toMatchObject([
    { id: finding, stage: 'closed', note: 'last tube of the queue' },
  ]);
  expect(await openOnBoard()).toBe(1);
  for (const act of ['close-finding', 'take-finding']) {
    const { note: _note, ...take } = close;
    const body = act === 'take-finding' ? take : close;
    const again = await staff.headquarters.act(`duties.${act}`, body);
    expect(problemOf(again)).toEqual([409, 'duties.finding-already-closed', null]);
  }
  const history = await admin.get(`/v1/subjects/${encodeURIComponent(`finding:${finding}`)}`);
  expect(history.body['facts']).toMatchObject([
    { kind: 'duties.finding-taken', actor: 'community' },
    { kind: 'duties.finding-closed', actor: 'community' },
  ]);
});

test('DU-4 only what was found is closed, and only by somebody whose places it lies in', async () => {
  const before = await server.counts();
  const note = 'looked';
  const unknown = { finding: 'tube:HALF99~x', place: communities[0], note };
  const nothing = await staff.headquarters.act('duties.close-finding', unknown);
  expect(problemOf(nothing)).toEqual([404, 'duties.unknown-finding', null]);
  const [row] = await listed('code=screening.tube-under-filled');
  const west = await server.signUp('west', [`community@${communities[2]}`]);
  // Naming one's own place does not make another's finding one's own.
  const close = { finding: row?.id ?? '', place: communities[2], note };
  const foreign = await west.act('duties.close-finding', close);
  expect(problemOf(foreign)).toEqual([403, 'access.not-permitted', null]);
  expect({ ...(await server.counts()), accounts: 0 }).toEqual({ ...before, accounts: 0 });
});

test('L12 closing again with the same act is answered as before, though the finding has gone', async () => {
  const half = tubeOf('HALF03', [5, 6]);
  await staff.sampler.must('screening.record-tube', half);
  const [row] = (await listed()).filter(({ subject }) => subject === 'tube:HALF03');
  const close = { finding: row?.id ?? '', place: communities[0], note: 'voided' };
  const first = await staff.community.act('duties.close-finding', close, { actId: 'close-once' });
  await server.column(`delete from findings where subject = 'tube:HALF03'`);
  const again = await staff.community.act('duties.close-finding', close, { actId: 'close-once' });
  expect([first.status, again.text]).toEqual([200, first.text]);
});

test('SC-11 somebody in two tubes of a round is a finding of the person, listed and closable', async () => {
  await staff.sampler.must('screening.record-tube', tubeOf('FULL01', [1, 11, 12, 13, 14]));
  const code = 'screening.person-sampled-twice';
  const [row] = await listed(`code=${code}`);
  expect(row).toMatchObject({
    id: `entry:R1/1~${code}`,
    subject: 'entry:R1/1',
    stage: 'open',
    place: `${communities[0]}-1`,
    details: { person: 1, tubes: 2 },
  });
  expect(await openOnBoard()).toBe(2);
  const finding = row?.id ?? '';
  await staff.community.must('duties.take-finding', { finding, place: communities[0] });
  expect(await listed(`code=${code}`)).toMatchObject([
    { stage: 'taken', holder: 'user:community' },
  ]);
  const note = 'sampled at home and again at the gate';
  await staff.community.must('duties.close-finding', { finding, place: communities[0], note });
  expect(await listed(`code=${code}`)).toEqual([]);
  expect(await listed(`code=${code}&state=closed`)).toMatchObject([{ id: finding, note }]);
  expect(await openOnBoard()).toBe(1);
});

test('SC-11 the finding goes when one of the two tubes is voided', async () => {
  const code = 'screening.person-sampled-twice';
  await staff.sampler.must('screening.record-tube', tubeOf('FULL02', [3, 15, 16, 17, 18]));
  expect(await listed(`code=${code}`)).toMatchObject([{ subject: 'entry:R1/3' }]);
  await staff.sampler.must('screening.void-tube', { tube: 'FULL02', reason: 'spilt' });
  expect(await listed(`code=${code}`)).toEqual([]);
});

test('a page of findings goes on where the last ended, newest first, none twice, none left out', async () => {
  const tubes = Array.from({ length: 12 }, (_, index) => `PAGE${String(index).padStart(2, '0')}`);
  for (const [index, tube] of tubes.entries()) {
    await staff.sampler.must('screening.record-tube', tubeOf(tube, [60 + index, 80 + index]));
  }
  const code = 'screening.tube-under-filled';
  const all = await listed(`code=${code}`);
  const pages: Row[] = [];
  let after = '';
  for (let page = 0; page < 10; page++) {
    const query = `code=${code}&limit=5&after=${encodeURIComponent(after)}`;
    const { body } = await admin.get(`/v1/findings?${query}`);
    pages.push(...(body['rows'] as Row[]));
    if (body['next'] === null) break;
    after = String(body['next']);
  }
  expect(all.length).toBe(13);
  expect(pages).toEqual(all);
  expect((await listed(`code=${code}&place=${communities[1]}`)).length).toBe(0);
  expect((await listed(`code=${code}&place=${district}`)).length).toBe(13);
});
