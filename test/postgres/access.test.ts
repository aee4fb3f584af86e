import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { minuteMs } from '../../kernel/instant.ts';
import { deliver, hire, openRound, runPlate, type Staff, tubeOf } from '../support/chain.ts';
import { Client, problemOf, type Reply } from '../support/client.ts';
import { Device } from '../support/day.ts';
import { communities, district, everybody, towns } from '../support/people.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let staff: Staff;
let east: Client;
let west: Client;
const [east1, , west1] = communities;

beforeAll(async () => {
  server = await startServer();
  staff = await hire(server);
  east = await server.signUp('east', [`sampler@${towns[0]}`, `community@${towns[0]}`]);
  west = await server.signUp('west', [`sampler@${towns[1]}`, `community@${towns[1]}`]);
  await openRound(staff, 'R1');
});
afterAll(() => server.close());

const notSignedIn = [401, 'access.not-signed-in', null];
const notPermitted = [403, 'access.not-permitted', null];

interface Operation {
  readonly method: string;
  readonly path: string;
}

/** Every route that the OpenAPI page lists, with 1 for each parameter. */
async function operations(): Promise<Operation[]> {
  const { body } = await server.nobody.get('/v1/docs/json');
  return Object.entries(body['paths'] as { [path: string]: object }).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({
      method: method.toUpperCase(),
      path: path.replace(/\{[^}]+\}/g, '1'),
    })),
  );
}

const isOpen = ({ method, path }: Operation): boolean =>
  path === '/v1/health' ||
  path === '/v1/sessions' ||
  (method === 'DELETE' && path === '/v1/sessions/current');

describe('sessions', () => {
  test('every route but signing in and out and health asks who you are, before all else', async () => {
    const asked = (await operations()).filter((operation) => !isOpen(operation));
    expect(asked.length).toBeGreaterThan(80);
    for (const { method, path } of asked) {
      const json = method === 'GET' ? {} : { json: { nonsense: true } };
      const reply = await server.nobody.ask(method, path, json);
      expect([method, path, ...problemOf(reply)]).toEqual([method, path, ...notSignedIn]);
    }
  });

  test('tokens that are malformed, unknown, expired or signed out open nothing', async () => {
    const ask = (token: string): Promise<Reply> =>
      new Client(server.url, '', token).get('/v1/sessions/current');
    for (const token of ['x', 'A'.repeat(43), '']) {
      expect(problemOf(await ask(token))).toEqual(notSignedIn);
    }
    const leaving = await server.signIn('admin');
    expect((await leaving.get('/v1/sessions/current')).status).toBe(200);
    expect((await leaving.ask('DELETE', '/v1/sessions/current')).status).toBe(200);
    expect(problemOf(await leaving.get('/v1/sessions/current'))).toEqual(notSignedIn);
    const old = await server.signUp('old', ['sampler']);
    await server.column(`update sessions set expires_ms = $1 where account = 'old'`, [Date.now()]);
    expect(problemOf(await old.get('/v1/sessions/current'))).toEqual(notSignedIn);
  });

  test('an account that is disabled is out at once and cannot come back until it is enabled', async () => {
    const leaver = await server.signUp('leaver', ['sampler']);
    expect((await leaver.get('/v1/sessions/current')).status).toBe(200);
    const change = (disabled: boolean): Promise<Reply> =>
      server.admin.ask('PATCH', '/v1/accounts/leaver', { json: { disabled } });
    expect((await change(true)).status).toBe(200);
    expect(problemOf(await leaver.get('/v1/sessions/current'))).toEqual(notSignedIn);
    await expect(server.signIn('leaver')).rejects.toThrow('access.wrong-password');
    expect((await change(false)).status).toBe(200);
    expect((await server.signIn('leaver')).token).toHaveLength(43);
  });

  test('the cookie of a session is out of reach of scripts and other sites', async () => {
    const credentials = { account: 'admin', password: 'only-for-tests' };
    const reply = await server.nobody.post('/v1/sessions', credentials);
    const [cookie = '', ...attributes] = (reply.headers.get('set-cookie') ?? '').split('; ');
    expect(cookie).toBe(`sextant_session=${reply.body['token']}`);
    expect(attributes.sort()).toEqual(['HttpOnly', 'Max-Age=50400', 'Path=/', 'SameSite=Strict']);
    const stored = await server.column<string>(`select encode(token_hash, 'base64') from sessions`);
    expect(stored.join()).not.toContain(reply.body['token']);
    const asked = await server.nobody.ask('GET', '/v1/sessions/current', { headers: { cookie } });
    expect(asked.body['account']).toBe('admin');
    const secure = await fetch(`${server.url}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-proto': 'https' },
      body: JSON.stringify(credentials),
    });
    expect(secure.headers.get('set-cookie')).toContain('; Secure');
  });

  test('after ten wrong passwords an account must wait, however many come at once', async () => {
    await server.signUp('guessed', ['sampler']);
    const guess = (word: string): Promise<Reply> =>
      server.nobody.post('/v1/sessions', { account: 'guessed', password: word });
    const guesses = Array.from({ length: 16 }, (_, index) => guess(`guess-${index}`));
    const codes = (await Promise.all(guesses)).map((reply) => problemOf(reply).join(' '));
    expect(codes.filter((each) => each === '401 access.wrong-password ')).toHaveLength(10);
    expect(codes.filter((each) => each === '429 access.too-many-attempts ')).toHaveLength(6);
    expect(problemOf(await guess('only-for-tests'))[1]).toBe('access.too-many-attempts');
    await server.column(
      `update sign_in_failures set at_ms = at_ms - $1 where account = 'guessed'`,
      [15 * minuteMs],
    );
    expect((await guess('only-for-tests')).status).toBe(200);
  });
});

describe('other sites', () => {
  const point = {
    point: 'GATE1',
    place: east1,
    pointKind: 'sampling',
    label: { en: 'Gate', zh: '门口' },
  };
  let serial = 0;
  const post = async (headers: { [name: string]: string }): Promise<Reply> => {
    serial += 1;
    const json = { actId: `cross-site-${serial}`, act: point };
    const cookie = `sextant_session=${server.admin.token}`;
    return server.nobody.ask('POST', '/v1/acts/places/open-point', {
      json,
      headers: { cookie, ...headers },
    });
  };

  test.each([
    ['of another origin', { origin: 'https://evil.example' }],
    ['of a sandboxed page', { origin: 'null' }],
    ['of a page on another port', { origin: 'http://127.0.0.1:1' }],
    ['that says cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['of a neighbouring name', { 'sec-fetch-site': 'same-site' }],
    ['that does not say where it comes from', {}],
  ])('a change %s is refused although its cookie is right', async (_what, headers) => {
    const before = await server.counts();
    expect(problemOf(await post(headers))).toEqual([403, 'access.cross-site', null]);
    expect(await server.counts()).toEqual(before);
  });

  test('a change from our own pages is taken, and reading needs no origin', async () => {
    expect((await post({ origin: server.url })).status).toBe(200);
    const own = await post({ 'sec-fetch-site': 'same-origin' });
    expect(own.body['code']).toBe('places.point-already-open');
    const cookie = `sextant_session=${server.admin.token}`;
    const read = await server.nobody.ask('GET', '/v1/acts', { headers: { cookie } });
    expect(read.status).toBe(200);
  });

  test('another site’s page cannot sign somebody in either', async () => {
    const json = { account: 'admin', password: 'only-for-tests' };
    const headers = { origin: 'https://evil.example' };
    const reply = await server.nobody.ask('POST', '/v1/sessions', { json, headers });
    expect(problemOf(reply)).toEqual([403, 'access.cross-site', null]);
  });
});

describe('places', () => {
  test('L4 a sampler of one town records nothing in another, at a desk or from a device', async () => {
    const before = await server.counts();
    const tube = tubeOf('EASTERN', [1], { place: east1 });
    expect(problemOf(await west.act('screening.record-tube', tube))).toEqual(notPermitted);
    const device = new Device('western-phone');
    const { tube: _tube, place: _place, ...seal } = tube;
    const fact = device.record('screening.tube-sealed', 'tube:EASTERN', seal, 1 as never);
    const sent = await west.facts([{ ...fact, place: east1 }]);
    expect(sent.body['refused']).toMatchObject([{ code: 'access.not-permitted' }]);
    expect(await server.counts()).toEqual(before);
    expect((await east.act('screening.record-tube', tube)).status).toBe(200);
  });

  test('L4 naming one’s own place does not let a device undo what stands in another town', async () => {
    await east.must('screening.record-tube', tubeOf('EASTERN3', [7], { place: east1 }));
    const device = new Device('western-phone-2');
    const fact = device.record(
      'screening.tube-voided',
      'tube:EASTERN3',
      { reason: 'not mine' },
      1 as never,
    );
    const sent = await west.facts([{ ...fact, place: towns[1] }]);
    expect(sent.body['refused']).toMatchObject([
      { code: 'access.not-permitted', where: '/subject' },
    ]);
    expect(
      (await east.act('screening.void-tube', { tube: 'EASTERN3', reason: 'leaked' })).status,
    ).toBe(200);
  });

  test('a role at one town shows no list, count, tube, box, person or household of another', async () => {
    const tube = tubeOf('EASTERN2', [4, 5], { place: east1 });
    await east.must('screening.record-tube', tube);
    await east.must('custody.seal-box', { box: 'EASTBOX', tubes: ['EASTERN2'], place: east1 });
    await east.must('screening.dispose-person', {
      round: 'R1',
      person: 6,
      disposition: 'refused',
      reason: 'said no',
    });
    const questions = ['board', 'coverage', 'chain', 'accounts-four', 'duties', 'findings'];
    const lists = ['links/deliver', 'subjects?prefix=box', 'subjects?prefix=tube'];
    for (const path of [...questions, ...lists]) {
      const asked = `/v1/${path}${path.includes('?') ? '&' : '?'}place=${towns[0]}`;
      expect([path, ...problemOf(await west.get(asked))]).toEqual([
        path,
        403,
        'access.not-permitted',
        '/place',
      ]);
      expect((await east.get(asked)).status).toBe(200);
    }
    const named = ['tubes/EASTERN2', 'trace/tube/EASTERN2', 'trace/box/EASTBOX'];
    const subjects = ['subjects/box:EASTBOX', 'subjects/entry:R1%2F6', 'trace/person/6'];
    for (const path of [...named, ...subjects]) {
      expect([path, (await west.get(`/v1/${path}`)).status]).toEqual([path, 404]);
      expect([path, (await east.get(`/v1/${path}`)).status]).toEqual([path, 200]);
    }
    expect(problemOf(await west.get('/v1/households/1'))[1]).toBe('access.not-permitted');
    expect(problemOf(await west.get(`/v1/places/${east1}`))[1]).toBe('access.not-permitted');
    const own = await west.get('/v1/subjects?prefix=tube');
    expect(own.body['rows']).toEqual([]);
    const walkIn = await west.post('/v1/persons', { name: '欧阳骐骥', place: east1 });
    expect(problemOf(walkIn)[1]).toBe('access.not-permitted');
  });

  test('P6 names are given at one’s own places alone, to the roles that need them', async () => {
    const stranger = everybody[0]?.name ?? '';
    const ask = (who: Client, place: string, persons = '1,61'): Promise<Reply> =>
      who.get(`/v1/persons?place=${place}&persons=${persons}&reason=visit`);
    expect((await ask(east, towns[0])).body['rows']).toMatchObject([{ person: 1 }]);
    expect((await ask(west, towns[1])).body['rows']).toMatchObject([{ person: 61 }]);
    expect(problemOf(await ask(west, towns[0]))[1]).toBe('access.not-permitted');
    const search = await west.get(`/v1/persons?q=${encodeURIComponent(stranger)}&reason=visit`);
    expect(search.body['rows']).toEqual([]);
    for (const who of [staff.courier, staff.laboratory]) {
      expect(problemOf(await ask(who, district))[1]).toBe('access.not-permitted');
    }
  });
});

describe('roles', () => {
  test('a courier signs no plate, a laboratory seals no tube, a sampler releases nothing', async () => {
    await staff.sampler.must('screening.record-tube', tubeOf('TUBE1', [31, 32, 33, 34, 35]));
    await deliver(staff, 'BOX1', ['TUBE1']);
    await runPlate(staff, 'PLATE1', { tubes: { TUBE1: null } });
    const before = await server.counts();
    const attempts = [
      staff.courier.act('laboratory.sign-plate', { plate: 'PLATE1' }),
      staff.laboratory.act('screening.record-tube', tubeOf('TUBE2', [36])),
      staff.sampler.act('results.release', { plate: 'PLATE1' }),
      staff.community.act('custody.receive', { box: 'BOX1', laboratory: 'L', present: [] }),
      staff.courier.file(
        '/v1/laboratory/plates/PLATE1/instrument-file?actId=file-00001&instrument=x',
        'Well,Target,Ct\nA1,N,20\n',
      ),
    ];
    for (const reply of await Promise.all(attempts)) expect(problemOf(reply)).toEqual(notPermitted);
    const signing = new Device('courier-phone').record(
      'laboratory.plate-signed',
      'plate:PLATE1',
      {},
      1 as never,
    );
    const sent = await staff.courier.facts([signing]);
    expect(sent.body['refused']).toMatchObject([{ code: 'access.not-permitted' }]);
    expect(await server.counts()).toEqual(before);
  });

  test('an administrator manages accounts and is nothing else: no act is open to them', async () => {
    const only = await server.signUp('only-admin', ['admin']);
    const { body } = await only.get('/v1/acts');
    const acts = body['acts'] as { room: string; act: string; roles: string[] }[];
    expect(acts.length).toBeGreaterThan(50);
    expect(acts.filter(({ roles }) => roles.includes('admin'))).toEqual([]);
    for (const { room, act } of acts) {
      const reply = await only.act(`${room}.${act}`, {});
      expect([room, act, ...problemOf(reply)]).toEqual([room, act, ...notPermitted]);
    }
    const seal = new Device('desk').record(
      'screening.tube-voided',
      'tube:TUBE1',
      { reason: 'x' },
      1 as never,
    );
    expect((await only.facts([seal])).body['refused']).toMatchObject([
      { code: 'access.not-permitted' },
    ]);
    expect(problemOf(await only.get('/v1/persons?persons=1&reason=x'))).toEqual(notPermitted);
    expect(problemOf(await only.file('/v1/imports/persons', 'x'))).toEqual(notPermitted);
    expect((await only.get('/v1/accounts')).status).toBe(200);
  });

  test('nobody but an administrator sees or changes accounts, or sets the clock', async () => {
    const { headquarters } = staff;
    expect(problemOf(await headquarters.get('/v1/accounts'))).toEqual(notPermitted);
    const made = { account: 'friend', password: 'only-for-tests', roles: [] };
    expect(problemOf(await headquarters.post('/v1/accounts', made))).toEqual(notPermitted);
    const promoted = { roles: [{ role: 'admin', place: '*' }] };
    const self = await headquarters.ask('PATCH', '/v1/accounts/hq', { json: promoted });
    expect(problemOf(self)).toEqual(notPermitted);
    expect(problemOf(await headquarters.post('/v1/clock', { now: 1 }))).toEqual(notPermitted);
  });
});

describe('administrators', () => {
  const patch = (who: Client, account: string, json: object): Promise<Reply> =>
    who.ask('PATCH', `/v1/accounts/${account}`, { json });

  test('an administrator of a town manages that town’s accounts and gives no role beyond it', async () => {
    const local = await server.signUp('town-admin', [`admin@${towns[0]}`]);
    const make = (account: string, place: string): Promise<Reply> => {
      const roles = [{ role: 'sampler', place }];
      return local.post('/v1/accounts', { account, password: 'only-for-tests', roles });
    };
    expect((await make('town-sampler', east1)).status).toBe(201);
    for (const place of ['*', district, towns[1], west1]) {
      expect(problemOf(await make('town-other', place))).toEqual([
        403,
        'access.not-permitted',
        '/roles/0/place',
      ]);
    }
    expect(problemOf(await make('town-nowhere', '999'))[1]).toBe('places.unknown-place');
    for (const account of ['admin', 'west']) {
      expect(problemOf(await patch(local, account, { disabled: true }))).toEqual(notPermitted);
    }
    const raise = { roles: [{ role: 'admin', place: '*' }] };
    expect(problemOf(await patch(local, 'town-admin', raise))[1]).toBe('access.not-permitted');
    const listed = await local.get('/v1/accounts');
    const names = (listed.body['rows'] as { account: string }[]).map(({ account }) => account);
    expect(names).toEqual(['east', 'town-admin', 'town-sampler']);
    expect((await patch(local, 'town-sampler', { disabled: true })).status).toBe(200);
  });

  test('the last administrator is not disabled, stripped or moved to a place', async () => {
    await patch(server.admin, 'only-admin', { disabled: true });
    const attempts = [
      { disabled: true },
      { roles: [] },
      { roles: [{ role: 'headquarters', place: '*' }] },
      { roles: [{ role: 'admin', place: district }] },
    ];
    for (const attempt of attempts) {
      const reply = await patch(server.admin, 'admin', attempt);
      expect(problemOf(reply)).toEqual([409, 'accounts.last-admin', null]);
    }
    expect((await server.admin.get('/v1/accounts')).status).toBe(200);
  });

  test('two administrators who remove each other at once leave one', async () => {
    for (const turn of ['a', 'b']) {
      const [first, second] = [`first-${turn}`, `second-${turn}`];
      const one = await server.signUp(first, ['admin']);
      const two = await server.signUp(second, ['admin']);
      // The one who does not take part is out of the way for the moment.
      await server.column(`update accounts set disabled_ms = 1 where account = 'admin'`);
      const replies = await whileHeld(() => [
        patch(one, second, { roles: [] }),
        patch(two, first, { disabled: true }),
      ]);
      const codes = replies.map(({ status, body }) => String(body['code'] ?? status));
      expect(codes.toSorted()).toEqual(['200', 'accounts.last-admin']);
      const left = await server.column<number>(
        `select count(*)::int from accounts
         where disabled_ms is null and grants @> '[{"role": "admin", "place": "*"}]'`,
      );
      expect(left).toEqual([1]);
      await server.column(`update accounts set disabled_ms = null where account = 'admin'`);
      await server.column(`update accounts set disabled_ms = 1 where account like '%-${turn}'`);
    }
  });

  /** Sends requests that change accounts and lets them go on only when all of them wait. */
  async function whileHeld(send: () => Promise<Reply>[]): Promise<Reply[]> {
    const holder = await server.composed.owner.connect();
    await holder.query('begin');
    await holder.query('select 1 from accounts for update');
    const replies = send();
    const waiting = `select count(*)::int from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    await expect.poll(() => server.column(waiting)).toEqual([replies.length]);
    await holder.query('rollback');
    holder.release();
    return Promise.all(replies);
  }

  test('passwords that are too short and names that are no account names are refused', async () => {
    const make = (account: string, password: string): Promise<Reply> =>
      server.admin.post('/v1/accounts', { account, password, roles: [] });
    expect(problemOf(await make('new', 'short'))[2]).toBe('/password');
    expect(problemOf(await make('New Account', 'long-enough'))[2]).toBe('/account');
    const unknown = await patch(server.admin, 'no-one', { disabled: true });
    expect(problemOf(unknown)).toEqual([404, 'accounts.unknown-account', null]);
  });
});
