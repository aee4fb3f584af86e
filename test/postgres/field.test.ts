import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verify } from '../../adapters/verify/verify.ts';
import { deliver, hire, openRound, type Staff, testPlate, tubeOf } from '../support/chain.ts';
import { type Client, problemOf, type Reply } from '../support/client.ts';
import { communities, everybody } from '../support/people.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let staff: Staff;
const here = communities[0];
const key = 'k'.repeat(43);

/** Registers a device of an account and gives what it asks with its key. */
async function deviceOf(who: Client, device: string, secret = key): Promise<Device> {
  const body = { label: `${who.account}’s`, key: secret, app: '1.0' };
  const reply = await who.ask('PUT', `/v1/devices/${device}`, { json: body });
  expect([200, 201]).toContain(reply.status);
  const headers = { 'x-sextant-device-key': secret };
  return {
    id: device,
    headers,
    get: (path) => who.ask('GET', path, { headers }),
    package: (place = here) =>
      who.ask('GET', `/v1/field/package?place=${place}&device=${device}`, { headers }),
    changes: (since, place = here) =>
      who.ask('GET', `/v1/field/changes?place=${place}&device=${device}&since=${since}`, {
        headers,
      }),
    facts: (facts, self) =>
      who.ask('POST', '/v1/facts', {
        json: { facts, ...(self === undefined ? {} : { device: self }) },
        headers,
      }),
  };
}

interface Device {
  readonly id: string;
  readonly headers: { readonly [name: string]: string };
  readonly get: (path: string) => Promise<Reply>;
  readonly package: (place?: string) => Promise<Reply>;
  readonly changes: (since: number, place?: string) => Promise<Reply>;
  readonly facts: (facts: readonly unknown[], self?: object) => Promise<Reply>;
}

beforeAll(async () => {
  server = await startServer();
  staff = await hire(server);
  await openRound(staff, 'R1');
});
afterAll(() => server.close());

test('P6 a package holds the place and its people, masked and hashed, and is one reading', async () => {
  const phone = await deviceOf(staff.sampler, 'f0000000001');
  await staff.sampler.must('screening.record-tube', tubeOf('PACK01', [1, 2, 3]));
  await staff.community.must('screening.dispose-person', {
    round: 'R1',
    person: 4,
    disposition: 'away',
    reason: 'out of town',
  });
  const reads = 'select count(*)::int from name_reads';
  const [before = 0] = await server.column<number>(reads);
  const { status, body, text, headers } = await phone.package();
  expect(status).toBe(200);
  expect(await server.column<number>(reads)).toEqual([before + 1]);
  expect(headers.get('content-encoding')).toBe('gzip');
  expect(body).toMatchObject({ format: 1, place: here, depth: 'household' });
  expect(body['persons'].id).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  expect(body['persons'].name[0]).toBe('欧○');
  const digest = (index: number): string =>
    createHash('sha256')
      .update(`${body['salt']}:${everybody[index]?.document}`)
      .digest('hex')
      .slice(0, 16);
  expect(body['persons'].hash[7]).toBe(digest(7));
  expect(body['persons'].bornYear[2]).toBe(2016);
  expect(body['households'].id).toHaveLength(10);
  expect(body['entries']).toEqual([
    {
      round: 'R1',
      sampled: [1, 2, 3],
      dispositions: [{ person: 4, disposition: 'away', reason: 'out of town', until: null }],
    },
  ]);
  const subjects = (body['facts'] as { subject: string }[]).map(({ subject }) => subject);
  expect(new Set(subjects)).toEqual(new Set(['round:R1', 'tube:PACK01']));
  expect(body['numbers'].to - body['numbers'].from).toBe(199);
  for (const { name, document, phone: number } of everybody) {
    expect([name, document, number].filter((secret) => text.includes(secret))).toEqual([]);
  }
  const places = (body['places'] as string[][]).map(([code]) => code);
  expect(places.slice(0, 3)).toEqual(['310113', '310113003', here]);
  const [, , , ...buildings] = places;
  expect(buildings.every((code) => code?.startsWith(`${here}-`))).toBe(true);
});

test('P6 another account’s place is refused, and a package of one community holds nothing of another', async () => {
  const [mine, other] = communities;
  const local = await server.signUp('li', [`sampler@${mine}`]);
  const phone = await deviceOf(local, 'f0000000002');
  expect(problemOf(await phone.package(other))).toEqual([403, 'access.not-permitted', '/place']);
  expect(problemOf(await phone.changes(0, other))).toEqual([403, 'access.not-permitted', '/place']);
  expect(problemOf(await phone.package('310113003'))).toEqual([
    403,
    'access.not-permitted',
    '/place',
  ]);
  expect(problemOf(await phone.package('nowhere'))).toEqual([
    404,
    'places.unknown-place',
    '/place',
  ]);
  await staff.sampler.must('screening.record-tube', {
    ...tubeOf('OTHER1', [31, 32]),
    place: other,
  });
  const { body, text } = await phone.package(mine);
  const others = new Set(Array.from({ length: 90 }, (_, index) => index + 31));
  expect((body['persons'].id as number[]).filter((person) => others.has(person))).toEqual([]);
  expect(text).not.toContain('OTHER1');
  expect((body['places'] as string[][]).filter(([code]) => code?.startsWith(other))).toEqual([]);
  const laboratory = await deviceOf(staff.laboratory, 'f0000000003');
  expect(problemOf(await laboratory.package())).toEqual([403, 'access.not-permitted', null]);
  expect((await server.nobody.get(`/v1/field/package?place=${mine}&device=f1`)).status).toBe(401);
});

test('P6 a courier is given boxes and no people, and nothing is read for them', async () => {
  const phone = await deviceOf(staff.courier, 'f0000000004');
  await staff.sampler.must('custody.seal-box', { box: 'BOXA', tubes: ['PACK01'], place: here });
  const [before = 0] = await server.column<number>('select count(*)::int from name_reads');
  const { body } = await phone.package('310113');
  expect(await server.column('select count(*)::int from name_reads')).toEqual([before]);
  expect(body).toMatchObject({ depth: 'place', salt: '', numbers: null, entries: [] });
  expect(body['persons'].id).toEqual([]);
  const kinds = (body['facts'] as { kind: string }[]).map(({ kind }) => kind);
  expect(kinds).toEqual(['screening.round-opened', 'custody.box-sealed']);
});

test('PE-16 a device that is not registered, lost, or without its key is given nothing', async () => {
  const phone = await deviceOf(staff.sampler, 'f0000000005');
  const path = `/v1/field/package?place=${here}&device=`;
  expect(problemOf(await phone.get(`${path}f9999999999`))).toEqual([
    404,
    'devices.unknown-device',
    '/device',
  ]);
  expect(problemOf(await staff.sampler.get(`${path}${phone.id}`))).toEqual([
    403,
    'devices.wrong-key',
    null,
  ]);
  await staff.headquarters.post(`/v1/devices/${phone.id}/lost`, { reason: 'left on a bus' });
  expect(problemOf(await phone.package())).toEqual([403, 'devices.lost', null]);
  await staff.headquarters.post(`/v1/devices/${phone.id}/found`, {});
  expect((await phone.package()).status).toBe(200);
});

const newcomer = { name: '欧阳獬豸', documentType: '身份证', documentNumber: '11010519491231002X' };

test('PE-16 somebody registered offline keeps their number, also in a tube that came first', async () => {
  const phone = await deviceOf(staff.sampler, 'f0000000006');
  const { body } = await phone.package();
  const person = body['numbers'].from as number;
  expect((await phone.package()).body['numbers'].from).toBe(person);
  const other = await deviceOf(staff.sampler, 'f0000000007');
  expect((await other.package()).body['numbers'].from).toBe(person + 200);
  await phone.facts([sealedBy(phone.id, { seq: 1, tube: 'WALK01', members: [person, 5] })]);
  const counted = async (): Promise<unknown> => {
    const reply = await staff.headquarters.get(`/v1/coverage?round=R1&place=${here}`);
    return [reply.body['roster'], reply.body['sampled']];
  };
  expect(await counted()).toEqual([30, 4]);
  const walkIn = { ...newcomer, place: here, room: '909', person };
  const register = (): Promise<Reply> => staff.sampler.post('/v1/persons', walkIn);
  expect((await register()).body).toEqual({ person, isNew: true, merged: false });
  expect((await register()).body).toEqual({ person, isNew: false, merged: false });
  expect(await counted()).toEqual([31, 5]);
  const desk = await staff.sampler.post('/v1/persons', { name: '欧阳甲', place: here, room: '1' });
  expect(desk.body['person']).toBeGreaterThan(person + 399);
  const taken = { ...walkIn, name: '欧阳乙', documentNumber: '', documentType: '' };
  expect(problemOf(await staff.sampler.post('/v1/persons', taken))).toEqual([
    409,
    'persons.number-taken',
    null,
  ]);
  const facts = `select count(*)::int from facts where subject = 'resident:${person}'`;
  expect(await server.column(facts)).toEqual([1]);
});

test('PE-16 a kept number of somebody on record is merged into theirs, and their tube counts', async () => {
  const phone = await deviceOf(staff.sampler, 'f0000000008');
  const person = (await phone.package()).body['numbers'].from as number;
  await phone.facts([sealedBy(phone.id, { seq: 1, tube: 'WALK02', members: [person] })]);
  const [known] = everybody.slice(9);
  const walkIn = {
    name: known?.name,
    documentType: '身份证',
    documentNumber: known?.document,
    place: here,
    person,
  };
  const before = await staff.headquarters.get(`/v1/coverage?round=R1&place=${here}`);
  const reply = await staff.sampler.post('/v1/persons', walkIn);
  expect(reply.body).toEqual({ person: 10, isNew: false, merged: true });
  expect((await staff.sampler.post('/v1/persons', walkIn)).body['person']).toBe(10);
  const after = await staff.headquarters.get(`/v1/coverage?round=R1&place=${here}`);
  expect(after.body['sampled']).toBe((before.body['sampled'] as number) + 1);
  expect(after.body['roster']).toBe(before.body['roster']);
  const { body } = await phone.package();
  expect(body['entries'][0].sampled).toContain(10);
  expect(body['persons'].id).not.toContain(person);
});

test('PE-17 a move and a merge are on record by number, and phones are told', async () => {
  const phone = await deviceOf(staff.sampler, 'f0000000009');
  const { receipt } = (await phone.package()).body as { receipt: number };
  const fact = sealedBy(phone.id, { seq: 1, tube: 'PHONE1', members: [11, 12, 13] });
  const sent = await phone.facts([fact]);
  expect(sent.body).toMatchObject({ accepted: [{ id: fact.id }], refused: [] });
  const [, other] = communities;
  const move = { place: other, room: '77', reason: 'moved in with her son', actId: 'move-0001' };
  expect((await staff.community.post('/v1/persons/11/move', move)).body['moved']).toBe(1);
  expect((await staff.community.post('/v1/persons/11/move', move)).status).toBe(200);
  const merge = { into: 14, reason: 'one person, two papers' };
  expect((await staff.community.post('/v1/persons/12/merge', merge)).body['isNew']).toBe(true);
  expect((await staff.community.post('/v1/persons/12/merge', merge)).body['isNew']).toBe(false);
  expect(
    problemOf(await staff.community.post('/v1/persons/14/merge', { ...merge, into: 12 })),
  ).toEqual([409, 'persons.cannot-merge', null]);
  expect(problemOf(await staff.sampler.post('/v1/persons/13/move', move))).toEqual([
    403,
    'access.not-permitted',
    null,
  ]);
  await staff.sampler.must('screening.void-tube', { tube: 'PHONE1', reason: 'leaked' });
  const { body } = await phone.changes(receipt);
  expect(body['resync']).toBe(false);
  expect(body['persons']).toMatchObject({ left: [11], merged: [{ person: 12, into: 14 }] });
  const fates = (body['fates'] as { subject: string; code: string }[]).map(
    ({ subject, code }) => `${subject} ${code}`,
  );
  expect(fates).toEqual(
    expect.arrayContaining([
      'tube:PHONE1 field.tube-voided',
      'tube:PHONE1 field.person-moved',
      'tube:PHONE1 field.person-merged',
    ]),
  );
  const [entry] = body['entries'] as { sampled: number[]; unsampled: number[] }[];
  expect([entry?.sampled, entry?.unsampled]).toEqual([[], [13, 14]]);
  const bodies = await server.column<string>(
    `select body::text from facts where kind like 'persons.person-%'`,
  );
  expect(bodies.filter((text) => /欧阳/.test(text))).toEqual([]);
  const replies = await server.column<string>(
    `select concat_ws(' ', kind, subject, body ->> 'into', body ->> 'reason') from facts
     where subject = 'resident:12'`,
  );
  expect(replies).toEqual(['persons.person-merged resident:12 14 one person, two papers']);
});

/** A tube sealed on a phone, as it travels. */
function sealedBy(
  device: string,
  { seq, tube, members }: { seq: number; tube: string; members: number[] },
): { readonly id: string } {
  return {
    id: `${device}.${String(seq).padStart(6, '0')}`,
    kind: 'screening.tube-sealed',
    subject: `tube:${tube}`,
    place: here,
    deviceId: device,
    deviceSeq: seq,
    lamport: 100 + seq,
    at: Date.now(),
    body: { round: 'R1', purpose: 'round', poolSize: 10, members, point: 'SP1' },
  } as { readonly id: string };
}

test('PE-16 changes tell who came and who was sampled since, and ask for a resync when lost', async () => {
  const phone = await deviceOf(staff.sampler, 'f0000000010');
  const { receipt, salt } = (await phone.package()).body as { receipt: number; salt: string };
  const quiet = (await phone.changes(receipt)).body;
  expect([quiet['facts'], quiet['entries'], quiet['persons'].added.id]).toEqual([[], [], []]);
  await staff.sampler.must('screening.record-tube', tubeOf('LATER1', [20, 21]));
  const walkIn = { name: '欧阳獬豸', bornOn: '1980-01-02', place: here, room: '808' };
  const { person } = (await staff.sampler.post('/v1/persons', walkIn)).body as { person: number };
  await staff.community.must('screening.dispose-person', {
    round: 'R1',
    person: 22,
    disposition: 'refused',
    reason: 'not today',
  });
  const { body } = await phone.changes(receipt);
  expect(body['entries']).toMatchObject([
    { round: 'R1', sampled: [20, 21], unsampled: [], dispositions: [{ person: 22 }] },
  ]);
  expect(body['persons'].added).toMatchObject({ id: [person], name: ['欧○'], hash: [null] });
  expect(body['persons'].households.label).toContain('808');
  expect(salt).toHaveLength(32);
  expect((await phone.changes((body['receipt'] as number) + 1000)).body['resync']).toBe(true);
});

test('PE-18 two numbers that are one person are owed one sample, and either tube gives it', async () => {
  const coverage = async (): Promise<unknown[]> => {
    const { body } = await staff.headquarters.get(`/v1/coverage?round=R1&place=${here}`);
    return [body['roster'], body['sampled'], body['open']];
  };
  const [roster, sampled, open] = (await coverage()) as [number, number, number];
  const reason = 'written down twice';
  expect((await staff.community.post('/v1/persons/28/merge', { into: 29, reason })).status).toBe(
    200,
  );
  expect(await coverage()).toEqual([roster - 1, sampled, open - 1]);
  const tube = { seq: 2, tube: 'PHONE2', members: [28] };
  const phone = await deviceOf(staff.sampler, 'f0000000009');
  expect((await phone.facts([sealedBy(phone.id, tube)])).body['refused']).toEqual([]);
  expect(await coverage()).toEqual([roster - 1, sampled + 1, open - 2]);
  const { body } = await staff.headquarters.get(`/v1/coverage?round=R1&place=${here}&missing=true`);
  const missing = (body['missing'] as { person: number }[]).map(({ person }) => person);
  expect(missing).not.toContain(28);
  expect(missing).not.toContain(29);
});

test('SC-11 a phone is told of contradictions with its own tubes, and which were boxed', async () => {
  const phone = await deviceOf(staff.community, 'f0000000011');
  const { receipt } = (await phone.package()).body as { receipt: number };
  await phone.facts([
    sealedBy(phone.id, { seq: 1, tube: 'TWICE1', members: [23] }),
    sealedBy(phone.id, { seq: 2, tube: 'TWICE2', members: [24] }),
  ]);
  await staff.sampler.must('screening.record-tube', tubeOf('TWICE3', [23]));
  await staff.courier.must('custody.seal-box', { box: 'BOXB', tubes: ['TWICE1'], place: here });
  const sealedAgain = await deviceOf(staff.sampler, 'f0000000012');
  const again = sealedBy(sealedAgain.id, { seq: 1, tube: 'TWICE2', members: [25] });
  expect((await sealedAgain.facts([again])).body['refused']).toEqual([]);
  const { body } = await phone.changes(receipt);
  const fates = (body['fates'] as { subject: string; code: string }[]).map(
    ({ subject, code }) => `${subject} ${code}`,
  );
  expect(fates).toEqual(
    expect.arrayContaining([
      'tube:TWICE1 screening.person-sampled-twice',
      'box:BOXB field.tube-boxed',
      'tube:TWICE2 field.tube-sealed',
      'tube:TWICE2 screening.tube-sealed-twice',
    ]),
  );
  // Its own facts are on the device already.
  const devices = (body['facts'] as { deviceId: string }[]).map(({ deviceId }) => deviceId);
  expect(devices).not.toContain(phone.id);
  expect(devices).toContain(sealedAgain.id);
  expect((body['duties'] as object[]).length).toBeGreaterThan(0);
  // A sampler is not told who is visited, isolated or ill.
  const owners = ((await sealedAgain.package()).body['duties'] as { owner: string }[]).map(
    ({ owner }) => owner,
  );
  expect(owners.filter((owner) => !['user:sampler', 'role:sampler'].includes(owner))).toEqual([]);
});

test('P2 P7 after moves, merges and kept numbers every promise still holds', async () => {
  // Somebody is found, so that the household are contacts; then one of them moves away.
  await staff.sampler.must(
    'screening.record-tube',
    tubeOf('SINGLE', [18], { purpose: 'recall', poolSize: 1 }),
  );
  await deliver(staff, 'BOXC', ['SINGLE']);
  await testPlate(staff, 'PLATE1', { tubes: { SINGLE: 22 } });
  const contacts = async (): Promise<string[]> =>
    server.column(`select subject from influences where source = 'person:18' order by subject`);
  expect(await contacts()).toEqual(['person:16', 'person:17']);
  const away = { place: communities[1], room: '78', reason: 'to her parents' };
  expect((await staff.community.post('/v1/persons/17/move', away)).status).toBe(200);
  expect(await contacts()).toEqual(['person:16']);
  const { context, owner: pool } = server.composed;
  const { catalogue, policy, coverages, roster } = context;
  const { checks } = await verify(
    { pool, catalogue, policy, coverages, roster: roster() },
    () => {},
  );
  expect(checks.filter(({ failed }) => failed > 0)).toEqual([]);
  expect(checks.filter(({ promise, looked }) => promise === 'P2' && looked > 0)).toHaveLength(3);
});

test('P6 a place of more people than a device may hold is refused, and nothing is read', async () => {
  const [, , , crowded] = communities;
  await server.column(
    `insert into persons (id, household_id)
     select 100000 + n, (select min(id) from households where place_code like $1 || '%')
     from generate_series(1, 20001) n`,
    [crowded],
  );
  const phone = await deviceOf(staff.sampler, 'f0000000013');
  const reads = 'select count(*)::int from name_reads';
  const before = await server.column<number>(reads);
  const reply = await phone.package(crowded);
  expect(problemOf(reply)).toEqual([409, 'field.too-many-persons', null]);
  expect(reply.body['details']).toEqual({ place: crowded, max: 20_000 });
  expect(reply.body['detail']).toContain('Choose a smaller place');
  expect(await server.column<number>(reads)).toEqual(before);
});
