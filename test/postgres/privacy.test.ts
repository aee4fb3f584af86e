import { afterAll, beforeAll, expect, test } from 'vitest';
import { deliver, hire, openRound, type Staff, testPlate, tubeOf } from '../support/chain.ts';
import { type Client, problemOf } from '../support/client.ts';
import { communities, district, everybody, rosterHeader, rosterRow } from '../support/people.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let staff: Staff;
let admin: Client;
const log: string[] = [];

const newcomer = { name: '欧阳獬豸', document: '11010519491231002X', phone: '13812345678' };
/** Everything that only the room of persons may hold. */
const secrets = [...everybody, newcomer].flatMap(({ name, document, phone }) => [
  name,
  document,
  phone,
]);

/** Secrets that a text holds, also as an address or JSON would write them. */
function secretsIn(text: string): string[] {
  const escaped = (secret: string): string =>
    secret.replace(/[^ -~]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16)}`);
  return secrets.filter((secret) =>
    [secret, encodeURIComponent(secret), escaped(secret)].some((form) => text.includes(form)),
  );
}

beforeAll(async () => {
  server = await startServer({ log });
  ({ admin } = server);
  staff = await hire(server);
  await openRound(staff, 'R1');
  await staff.sampler.must('screening.record-tube', tubeOf('POOL01', [1, 2, 3, 4, 5]));
  await staff.sampler.must(
    'screening.record-tube',
    tubeOf('SINGLE', [6], { purpose: 'recall', poolSize: 1 }),
  );
  await deliver(staff, 'BOX1', ['POOL01', 'SINGLE']);
  await testPlate(staff, 'PLATE1', { tubes: { POOL01: 24, SINGLE: 22 } });
  await staff.community.must('screening.dispose-person', {
    round: 'R1',
    person: 7,
    disposition: 'refused',
    reason: 'said no at the door',
  });
});
afterAll(() => server.close());

const walkIn = {
  name: newcomer.name,
  documentType: '身份证',
  documentNumber: newcomer.document,
  phone: newcomer.phone,
  place: communities[0],
};

/** Sends what must not be logged through a route, in every part of the request. */
async function sendSecrets(method: string, template: string): Promise<number[]> {
  // Signing out would make strangers of all later requests.
  const who = method === 'DELETE' ? server.nobody : admin;
  const [{ name, document, phone } = newcomer] = everybody;
  const statuses: number[] = [];
  for (const secret of [name, document, phone]) {
    const word = encodeURIComponent(secret);
    const path = template.replace(/\{[^}]+\}/g, word);
    const headers = { 'user-agent': word, referer: `http://x/?q=${word}` };
    const query = `?q=${word}&reason=${word}&place=${word}&account=${word}`;
    if (method === 'GET' && template === '/v1/live') continue;
    if (method === 'GET') {
      for (const asked of [path, path + query]) {
        statuses.push((await who.ask(method, asked, { headers })).status);
      }
      continue;
    }
    const json = { account: secret, password: secret, [secret]: secret, facts: [{ id: secret }] };
    const raw = `{"name":"${secret}" ${secret}`;
    statuses.push((await who.ask(method, path, { json, headers })).status);
    statuses.push((await who.ask(method, path, { raw, type: 'application/json' })).status);
    statuses.push((await who.ask(method, path + query, { raw, type: 'text/csv' })).status);
  }
  return statuses;
}

test('P6 no name, document or phone sent through any route stands in the log', async () => {
  const { body } = await admin.get('/v1/docs/json');
  const paths = Object.entries(body['paths'] as { [path: string]: object });
  let requests = 0;
  for (const [path, methods] of paths) {
    for (const method of Object.keys(methods)) {
      const statuses = await sendSecrets(method.toUpperCase(), path);
      expect([path, method, Math.max(0, ...statuses) < 500]).toEqual([path, method, true]);
      requests += statuses.length;
    }
  }
  const people = everybody.slice(0, 5);
  await admin.file('/v1/imports/persons', [rosterHeader, ...people.map(rosterRow)].join('\n'));
  const sideways = people.map((one) => rosterRow({ ...one, bornOn: one.name, document: 'x' }));
  const faulty = await admin.file('/v1/imports/persons', [rosterHeader, ...sideways].join('\n'));
  expect(faulty.body['rejected']).toBe(5);
  const [first] = people;
  await admin.get(`/v1/persons?q=${encodeURIComponent(first?.name ?? '')}&reason=visit`);
  await admin.get(`/v1/${encodeURIComponent(newcomer.name)}/%zz`);
  expect(requests).toBeGreaterThan(500);
  expect(secretsIn(log.join('\n'))).toEqual([]);
});

test('P6 not even a failing database puts what it quotes into the log', async () => {
  // PostgreSQL says which row it would not take: "Failing row contains (121, …)".
  await server.column(
    `alter table person_names add constraint nobody_new check (person_id < 0) not valid`,
  );
  const lines = log.length;
  const reply = await admin.post('/v1/persons', walkIn);
  await server.column('alter table person_names drop constraint nobody_new');
  expect(problemOf(reply)).toEqual([500, 'http.bug', null]);
  expect(secretsIn(reply.text)).toEqual([]);
  const told = log.slice(lines);
  expect(told).toHaveLength(1);
  expect(JSON.parse(told[0] ?? '')).toMatchObject({
    level: 50,
    msg: 'http.failed',
    code: 'http.bug',
    cause: '23514',
  });
  expect(secretsIn(told.join())).toEqual([]);
});

test('P6 no reply but that of /v1/persons holds a name, a document or a phone', async () => {
  await admin.post('/v1/persons', walkIn);
  const prefixes = ['round', 'tube', 'entry', 'box', 'plate', 'release', 'person', 'roster'];
  const paths = [
    ...['board', 'chain', 'coverage?missing=true', 'accounts-four', 'duties', 'findings'],
    ...['duties?state=done', 'findings?state=closed', 'places', 'places?q=一', 'acts', 'accounts'],
    ...['collect', 'deliver', 'test', 'report', 'transfer', 'admit'].map((link) => `links/${link}`),
    ...prefixes.map((prefix) => `subjects?prefix=${prefix}`),
    ...['person:6', 'box:BOX1', 'plate:PLATE1', 'entry:R1%2F7'].map((each) => `subjects/${each}`),
    ...['tube/POOL01', 'person/6', 'person/7', 'box/BOX1'].map((each) => `trace/${each}`),
    ...['tubes/POOL01', 'households/1', `places/${communities[0]}`, 'sessions/current', 'health'],
  ];
  for (const path of paths) {
    const reply = await admin.get(`/v1/${path}`);
    expect([path, reply.status, secretsIn(reply.text)]).toEqual([path, 200, []]);
    expect(reply.text.length).toBeGreaterThan(20);
  }
  const named = await admin.get('/v1/persons?persons=6&reason=visit');
  expect(secretsIn(named.text)).toHaveLength(3);
});

test('P6 every table but the one of names is free of them', async () => {
  const tables = await server.column<string>(
    `select tablename from pg_tables where schemaname = 'public' and tablename <> 'person_names'`,
  );
  expect(tables.length).toBeGreaterThan(15);
  let rows = 0;
  for (const table of tables) {
    const texts = await server.column<string>(`select t::text from ${table} t`);
    rows += texts.length;
    expect([table, secretsIn(texts.join('\n'))]).toEqual([table, []]);
  }
  expect(rows).toBeGreaterThan(250);
});

test('P6 each reading of a name is on record with who, why and whose, and not what was typed', async () => {
  const reads = (): Promise<string[]> =>
    server.column(
      `select concat_ws('|', actor, reason, purpose, place_path, array_to_string(person_ids, ','))
       from name_reads order by id`,
    );
  const before = await reads();
  const [one] = everybody;
  const { sampler, community, facility } = staff;
  const word = encodeURIComponent(one?.name ?? '');
  await sampler.get('/v1/persons?persons=1,2&reason=sampling');
  await community.get(`/v1/persons?q=${word}&place=${communities[0]}&reason=door%20visit`);
  await facility.get(`/v1/persons?q=${one?.document}&reason=admission`);
  await admin.get(`/v1/persons?q=${one?.phone}&reason=call%20back`);
  const path = `${district}/310113003/${communities[0]}`;
  expect((await reads()).slice(before.length)).toEqual([
    'sampler|sampling|read|1,2',
    `community|door visit|search|${path}|1`,
    `ward|admission|search|${district}|1`,
    `admin|call back|search|${district}|1`,
  ]);
});

test('P6 without a reason, or the role, nothing is read and nothing is told', async () => {
  const before = await server.column<number>('select count(*)::int from name_reads');
  const ask = (who: Client, query: string): Promise<unknown> =>
    who.get(`/v1/persons?persons=1${query}`).then(problemOf);
  expect(await ask(admin, '')).toEqual([400, 'http.malformed-request', '']);
  expect(await ask(admin, '&reason=')).toEqual([400, 'http.malformed-request', '/reason']);
  expect(await ask(admin, '&reason=%20%20')).toEqual([409, 'persons.reason-required', null]);
  expect(await ask(staff.courier, '&reason=x')).toEqual([403, 'access.not-permitted', null]);
  expect(await ask(staff.laboratory, '&reason=x')).toEqual([403, 'access.not-permitted', null]);
  expect(await ask(server.nobody, '&reason=x')).toEqual([401, 'access.not-signed-in', null]);
  expect(await server.column<number>('select count(*)::int from name_reads')).toEqual(before);
});
