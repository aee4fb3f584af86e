import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { limits } from '../../kernel/limits.ts';
import { openPoint } from '../support/chain.ts';
import { type Client, problemOf, type Reply } from '../support/client.ts';
import { communities, district } from '../support/people.ts';
import { type Counts, type TestServer, startServer } from '../support/server.ts';
import { Device } from '../support/day.ts';

let server: TestServer;
let admin: Client;
/** Somebody with every role that a label passes. */
let hands: Client;
let before: Counts;

beforeAll(async () => {
  server = await startServer();
  ({ admin } = server);
  hands = await server.signUp('hands', ['sampler', 'courier', 'laboratory']);
});
beforeEach(async () => {
  before = await server.counts();
});
afterAll(() => server.close());

/** A problem with its code, what to do in words, and nothing recorded. */
async function expectRefused(
  reply: Reply,
  expected: [number, string, (string | null)?],
): Promise<void> {
  const [status, code, where = null] = expected;
  expect(problemOf(reply)).toEqual([status, code, where]);
  expect(reply.type).toMatch(/^application\/problem\+json/);
  expect(reply.body['detail'].length).toBeGreaterThan(8);
  expect(await server.counts()).toEqual(before);
}

const json = 'application/json';
const round = {
  round: 'R1',
  place: district,
  label: { en: 'Round', zh: '第一轮' },
  areas: [district],
  group: null,
  poolSize: 10,
  startsAt: 1,
  endsAt: 2,
};
const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

test.each([
  ['is cut short', '{"actId":"act-00000001","act":{', 'the body is not JSON'],
  ['has a comma too many', '{"actId":1,}', 'from character 12 on'],
  ['is no JSON at all', '<act/>', 'the body is not JSON'],
  ['is empty', '', 'is empty'],
  ['reaches for a prototype', '{"__proto__":{"roles":[]}}', '__proto__'],
  ['is an unfinished nest', '['.repeat(1_000_000), 'the body is not JSON'],
])('a body that %s is refused and said where', async (_what, raw, detail) => {
  const reply = await admin.ask('POST', '/v1/acts/screening/open-round', { raw, type: json });
  expect(reply.body['detail']).toContain(detail);
  await expectRefused(reply, [400, 'http.malformed-json', '/']);
});

test('a body in GBK is refused, not recorded as replacement characters', async () => {
  const name = Buffer.from([0xd5, 0xc5]); // 张
  const raw = Buffer.concat([Buffer.from('{"name":"'), name, Buffer.from('"}')]);
  const reply = await admin.ask('POST', '/v1/persons', { raw, type: json });
  await expectRefused(reply, [400, 'http.malformed-json', '/']);
});

test('a body beyond the limit is refused unread, one just within is read', async () => {
  const fill = (size: number): string => `{"facts":[]}${' '.repeat(size - 12)}`;
  const ask = (raw: string): Promise<Reply> => admin.ask('POST', '/v1/facts', { raw, type: json });
  await expectRefused(await ask(fill(limits.requestBodyBytesMax + 1)), [
    413,
    'http.body-too-large',
  ]);
  await expectRefused(await ask(fill(limits.requestBodyBytesMax)), [
    400,
    'http.malformed-request',
    '/facts',
  ]);
});

test('a body nested beyond every schema is refused without walking it', async () => {
  const raw = nested(200_000);
  const reply = await admin.ask('POST', '/v1/acts/screening/open-round', { raw, type: json });
  await expectRefused(reply, [400, 'http.malformed-request', '/a'.repeat(32)]);
});

test.each(['text/csv', 'text/plain', 'application/xml', 'multipart/form-data', undefined])(
  'a body of type %s is no JSON and is refused',
  async (type) => {
    const raw = Buffer.from(JSON.stringify({ actId: 'act-00000001', act: round }));
    const reply = await admin.ask('POST', '/v1/acts/screening/open-round', {
      raw,
      ...(type === undefined ? {} : { type }),
    });
    await expectRefused(reply, [415, 'http.unsupported-media-type']);
  },
);

test.each([
  ['an unknown field in the envelope', { actId: 'act-00000001', act: round, x: 1 }, '/x'],
  [
    'an unknown field in the act',
    { actId: 'act-00000001', act: { ...round, force: true } },
    '/act/force',
  ],
  [
    'a number where a text belongs',
    { actId: 'act-00000001', act: { ...round, place: 7 } },
    '/act/place',
  ],
  [
    'a text where a number belongs',
    { actId: 'act-00000001', act: { ...round, startsAt: '2022-04-04' } },
    '/act/startsAt',
  ],
  [
    'an instant with a fraction',
    { actId: 'act-00000001', act: { ...round, startsAt: 1.5 } },
    '/act/startsAt',
  ],
  [
    'an instant beyond the calendar',
    { actId: 'act-00000001', act: { ...round, endsAt: 1e300 } },
    '/act/endsAt',
  ],
  [
    'a pool size that no tube has',
    { actId: 'act-00000001', act: { ...round, poolSize: 7 } },
    '/act/poolSize',
  ],
  ['an act identifier with a space', { actId: 'act 0001', act: round }, '/actId'],
  ['no act at all', { actId: 'act-00000001' }, ''],
  [
    'U+0000 in a text',
    { actId: 'act-00000001', act: { ...round, place: 'a\u0000b' } },
    '/act/place',
  ],
  [
    'half a surrogate pair',
    { actId: 'act-00000001', act: { ...round, label: { en: '\ud83d', zh: '一' } } },
    '/act/label/en',
  ],
])('%s is refused with the place where it stands', async (_what, body, where) => {
  const reply = await admin.post('/v1/acts/screening/open-round', body);
  await expectRefused(reply, [400, 'http.malformed-request', where]);
});

test.each([
  ['/v1/coverage?limit=1e9', '/limit'],
  ['/v1/coverage?after=x', '/after'],
  ['/v1/coverage?missing=perhaps', '/missing'],
  ['/v1/board?plase=310113', '/plase'],
  ['/v1/board?place=%00', '/place'],
  ['/v1/duties?after=yesterday', '/after'],
  ['/v1/duties?after=1%7Cbox:B1', '/after'],
  ['/v1/findings?after=x%7Cy%7Cz', '/after'],
  ['/v1/links/deliver?after=duty%7Cx', '/after'],
  ['/v1/links/lunch', '/link'],
  ['/v1/subjects?prefix=Box', '/prefix'],
  ['/v1/subjects?prefix=box&after=%00', '/after'],
  ['/v1/households/99999999999', '/id'],
  ['/v1/households/first', '/id'],
  ['/v1/persons?persons=1,two&reason=visit', '/persons'],
  ['/v1/persons?q=x', ''],
  ['/v1/trace/tube/%00', '/id'],
  ['/v1/trace/cat/1', '/what'],
])('the question %s is refused with the place where it stands', async (path, where) => {
  await expectRefused(await admin.get(path), [400, 'http.malformed-request', where]);
});

test('an address that is no address, or longer than any, is a problem like the others', async () => {
  await expectRefused(await admin.get('/v1/places/%zz'), [400, 'http.malformed-request']);
  const long = await admin.get(`/v1/places/${'3'.repeat(500)}`);
  expect(long.status).toBeLessThan(500);
  expect(long.type).toMatch(/^application\/problem\+json/);
});

test('L4 what cannot be kept is set aside by itself, and the rest of its batch is taken', async () => {
  const device = new Device('zero');
  const close = (key: string, note: string): { [k: string]: unknown } =>
    device.record('duties.finding-closed', `finding:tube:TX01~${key}`, { note }, 1 as never);
  const deep = JSON.parse(nested(200)) as unknown;
  const items = [
    close('a', 'sound'),
    close('b', 'with \u0000 in it'),
    close('c', 'with half a pair \ud800'),
    { ...close('d', 'deep'), body: deep },
    { ...close('e', 'x'), ['\u0000']: 1 },
    close('f', 'sound too'),
  ];
  const reply = await admin.facts(items);
  expect(reply.status).toBe(200);
  expect(reply.body['accepted'].map(({ id }: { id: string }) => id)).toEqual([
    'zero-10000',
    'zero-60000',
  ]);
  const refused = reply.body['refused'] as { index: number; code: string; where: string }[];
  expect(refused.map(({ index, code, where }) => [index, code, where])).toEqual([
    [1, 'ledger.malformed-fact', '/body/note'],
    [2, 'ledger.malformed-fact', '/body/note'],
    [3, 'ledger.malformed-fact', `/body${'/a'.repeat(31)}`],
    [4, 'ledger.malformed-fact', ''],
  ]);
  expect((await server.counts()).facts).toBe(before.facts + 2);
});

test('L3 no device records under the names and numbers that are headquarters’ own', async () => {
  const [next = 0] = await server.column<number>('select device_seq + 1 from ledger_head');
  const note = (device: Device): { [k: string]: unknown } =>
    device.record('duties.finding-closed', 'finding:tube:TX02~a', { note: 'x' }, 1 as never);
  const reply = await admin.facts([
    { ...note(new Device('headquarters')), deviceSeq: next },
    note(new Device('derived')),
    { ...note(new Device('imitator')), id: 'act.open-point-1.0' },
  ]);
  const refused = reply.body['refused'] as { code: string; where: string }[];
  expect(refused.map(({ code, where }) => [code, where])).toEqual([
    ['ledger.reserved-id', '/deviceId'],
    ['ledger.reserved-id', '/deviceId'],
    ['ledger.reserved-id', '/id'],
  ]);
  expect(await server.counts()).toEqual(before);
  expect((await openPoint(admin, 'SP1')).status).toBe(200);
});

test('L6 a device that counts far ahead of everybody is set aside, and the others have numbers', async () => {
  const device = new Device('leaper');
  const close = (lamport: number): { [k: string]: unknown } => ({
    ...device.record('duties.finding-closed', 'finding:tube:TX03~a', { note: 'x' }, 1 as never),
    lamport,
  });
  const reply = await admin.facts([close(Number.MAX_SAFE_INTEGER), close(5_000_000)]);
  expect(reply.body['refused']).toMatchObject([
    { code: 'ledger.malformed-fact', where: '/lamport', id: 'leaper-10000' },
  ]);
  expect(reply.body['accepted']).toHaveLength(1);
  expect(reply.body['lamport']).toBe(5_000_000);
  const point = await openPoint(admin, 'SP2');
  expect(point.body['facts'][0].lamport).toBe(5_000_001);
});

const [community] = communities;
const tubeAct = {
  round: 'R1',
  place: community,
  purpose: 'round',
  poolSize: 10,
  members: [1],
  point: 'SP1',
};
const plateAct = {
  plate: 'PLATE1',
  laboratory: 'LAB1',
  place: community,
  wells: [{ well: 'C1', tube: 'TUBE1' }],
  controls: [
    { well: 'A1', control: 'positive' },
    { well: 'B1', control: 'negative' },
  ],
};

const malformedTube = [400, 'http.malformed-request', '/act/tube'] as const;
const badBox = [409, 'custody.bad-label', null] as const;
const badPlate = [409, 'laboratory.bad-label', null] as const;

test.each([
  {
    what: 'a tube',
    name: 'screening.record-tube',
    act: { ...tubeAct, tube: 'T_01*' },
    expected: malformedTube,
  },
  {
    what: 'a tube in Chinese',
    name: 'screening.record-tube',
    act: { ...tubeAct, tube: '管0001' },
    expected: malformedTube,
  },
  {
    what: 'a box',
    name: 'custody.seal-box',
    act: { box: 'BOX#1', tubes: ['TUBE1'], place: community },
    expected: badBox,
  },
  {
    what: 'a tube in a box',
    name: 'custody.seal-box',
    act: { box: 'BOX1', tubes: ['TÜBE'], place: community },
    expected: badBox,
  },
  {
    what: 'a plate',
    name: 'laboratory.load-plate',
    act: { ...plateAct, plate: 'P/1' },
    expected: badPlate,
  },
  {
    what: 'a tube on a plate',
    name: 'laboratory.load-plate',
    act: { ...plateAct, wells: [{ well: 'C1', tube: 'T!' }] },
    expected: badPlate,
  },
])('$what whose label has the wrong alphabet is refused at the desk', async (given) => {
  const [status, code, where] = given.expected;
  await expectRefused(await hands.act(given.name, given.act), [status, code, where]);
});

test('a label of the wrong alphabet is set aside in a batch, with its place', async () => {
  const device = new Device('labels');
  const at = 1 as never;
  const seal = { round: 'R1', purpose: 'round', poolSize: 10, members: [1], point: 'SP1' };
  const box = { tubes: ['TUBE1', 'tube2'], from: 'user:li' };
  const load = { ...plateAct, wells: [{ well: 'C1', tube: 'T*01', attempt: 1 }] };
  const { plate: _plate, place: _place, ...body } = load;
  const reply = await admin.facts([
    device.record('screening.tube-sealed', 'tube:T*01', seal, at),
    device.record('custody.box-sealed', 'box:BOX1', box, at),
    device.record('custody.box-sealed', 'box:盒0001', { ...box, tubes: ['TUBE1'] }, at),
    device.record('laboratory.plate-loaded', 'plate:PLATE1', body, at),
  ]);
  const refused = reply.body['refused'] as { code: string; where: string }[];
  expect(refused.map(({ code, where }) => [code, where])).toEqual([
    ['ledger.malformed-subject', '/subject'],
    ['ledger.malformed-body', '/body/tubes/1'],
    ['ledger.malformed-subject', '/subject'],
    ['ledger.malformed-body', '/body/wells/0/tube'],
  ]);
  expect(await server.counts()).toEqual(before);
});

test('a day that does not exist is refused at every door', async () => {
  const walkIn = { name: '欧阳骐骥', place: community, bornOn: '2022-02-30' };
  const person = await admin.post('/v1/persons', walkIn);
  expect(person.body['details'].faults).toMatchObject([
    { field: 'born_on', code: 'persons.date-does-not-exist' },
  ]);
  await expectRefused(person, [409, 'persons.bad-value']);
  const facility = await server.signUp('ward-of-days', ['facility']);
  before = await server.counts();
  for (const on of ['2022-02-30', '2022-13-01', '22-04-04', 'today']) {
    const status = { stay: 'S1', on, severity: 'mild' };
    const reply = await facility.act('admission.record-status', status);
    await expectRefused(reply, [400, 'http.malformed-request', '/act/on']);
  }
});

test('a walk-in whose identity number fails its check digit is refused, and nobody is made', async () => {
  const walkIn = { name: '欧阳骐骥', place: community, documentType: '身份证' };
  const reply = await admin.post('/v1/persons', {
    ...walkIn,
    documentNumber: '310113195005011002',
  });
  expect(reply.body['details'].faults).toMatchObject([
    { field: 'document_number', code: 'persons.id-number-check' },
  ]);
  await expectRefused(reply, [409, 'persons.bad-value']);
});
