import { afterAll, beforeAll, expect, test } from 'vitest';
import { hire, openRound, type Staff } from '../support/chain.ts';
import { type Client, problemOf, type Reply } from '../support/client.ts';
import { communities } from '../support/people.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let staff: Staff;
const [here, elsewhere] = communities;
const key = 'A'.repeat(43);
const otherKey = 'B'.repeat(43);
const device = 'fphone00001';

beforeAll(async () => {
  server = await startServer();
  staff = await hire(server);
  await openRound(staff, 'R1');
});
afterAll(() => server.close());

function register(who: Client, id: string, secret = key): Promise<Reply> {
  const json = { label: 'Team 3, phone 1', key: secret, app: '1.0' };
  return who.ask('PUT', `/v1/devices/${id}`, { json });
}

/** Facts of a device under numbers, as it sends them with its key. */
function send(
  numbers: readonly number[],
  options: { readonly secret?: string | null; readonly self?: object; readonly of?: string } = {},
): Promise<Reply> {
  const { secret = key, self, of = device } = options;
  const facts = numbers.map((seq) => ({
    id: `${of}.${String(seq).padStart(8, '0')}`,
    kind: 'screening.tube-opened',
    subject: `tube:${of.toUpperCase()}-${seq}`,
    place: here,
    deviceId: of,
    deviceSeq: seq,
    lamport: seq,
    at: Date.now(),
    body: { round: 'R1', poolSize: 10, point: 'SP1' },
  }));
  return staff.sampler.ask('POST', '/v1/facts', {
    json: { facts, ...(self === undefined ? {} : { device: self }) },
    headers: secret === null ? {} : { 'x-sextant-device-key': secret },
  });
}

function selfOf(keptSeq: number, waiting: number, aheadMs = 0): object {
  const clockAt = Date.now() + aheadMs;
  return { id: device, keptSeq, waiting, clockAt, app: { version: '1.2', format: 1 } };
}

async function listed(
  who: Client = staff.headquarters,
  place: string = here,
): Promise<Reply['body']> {
  const { body } = await who.get(`/v1/devices?place=${place}`);
  return body['rows'].find((row: { device: string }) => row.device === device);
}

test('L3 a device is registered once, and only under its own key', async () => {
  expect((await register(staff.sampler, device)).status).toBe(201);
  expect((await register(staff.courier, device)).status).toBe(200);
  expect(problemOf(await register(staff.courier, device, otherKey))).toEqual([
    403,
    'devices.wrong-key',
    null,
  ]);
  expect(problemOf(await register(staff.sampler, 'headquarters'))).toEqual([
    409,
    'ledger.reserved-id',
    null,
  ]);
  expect(problemOf(await register(staff.sampler, 'fphone00002', 'short'))).toEqual([
    400,
    'http.malformed-request',
    '/key',
  ]);
  const nobody = await server.signUp('no-role', []);
  expect((await register(nobody, 'fphone00003')).status).toBe(403);
  const texts = await server.column<string>('select d::text from devices d');
  expect(texts.filter((text) => text.includes(key))).toEqual([]);
});

test('L3 without its key nobody takes the numbers of a registered device, and the rest goes in', async () => {
  expect((await send([1, 2], { secret: null })).body['refused']).toMatchObject([
    { index: 0, code: 'devices.wrong-key', where: '/deviceId' },
    { index: 1, code: 'devices.wrong-key', where: '/deviceId' },
  ]);
  expect((await send([1], { secret: otherKey })).body['accepted']).toEqual([]);
  expect((await send([1, 2])).body).toMatchObject({ refused: [], batchMax: 1_000 });
  // A client that never registered goes on as before.
  expect((await send([1], { secret: null, of: 'other-client' })).body['refused']).toEqual([]);
});

test('P1 a number that a device gave out and that did not arrive shows, with whose and since when', async () => {
  await staff.sampler.ask('GET', `/v1/field/package?place=${here}&device=${device}`, {
    headers: { 'x-sextant-device-key': key },
  });
  const { body } = await send([3, 6], { self: selfOf(9, 5, 7_200_000) });
  expect(Math.abs((body['now'] as number) - Date.now())).toBeLessThan(60_000);
  expect(await listed()).toMatchObject({
    account: 'sampler',
    app: '1.2 (1)',
    place: here,
    keptSeq: 9,
    receivedSeq: 6,
    missing: [
      [4, 5],
      [7, 9],
    ],
    missingCount: 5,
    waiting: 5,
    stage: 'waiting',
    lost: null,
  });
  expect((await listed())['clockAheadMs']).toBeGreaterThan(7_000_000);
  await send([7, 8, 9], { self: selfOf(9, 0) });
  expect(await listed()).toMatchObject({ missing: [[4, 5]], missingCount: 2, stage: 'gap' });
  await send([4, 5], { self: selfOf(9, 0) });
  const whole = await listed();
  expect(whole).toMatchObject({ missing: [], missingSince: null, stage: 'complete' });
  // What one device says never counts for another, and counts only with the key.
  await send([10], { self: selfOf(50, 40), secret: null });
  expect((await listed())['keptSeq']).toBe(9);
});

test('P1 a device that counts less far than it said was restored from a copy, and it shows whose', async () => {
  const id = 'fphone00009';
  expect((await register(staff.sampler, id)).status).toBe(201);
  await staff.sampler.ask('GET', `/v1/field/package?place=${here}&device=${id}`, {
    headers: { 'x-sextant-device-key': key },
  });
  const wentBack = async (): Promise<unknown> => {
    const { body } = await staff.headquarters.get(`/v1/devices?place=${here}`);
    return body['rows'].find((row: { device: string }) => row.device === id)['wentBack'];
  };
  let at = Date.now();
  const tell = async (seq: number, keptSeq: number, clockAt = (at += 1_000)): Promise<unknown> => {
    await send([seq], { of: id, self: { ...selfOf(keptSeq, keptSeq - seq), id, clockAt } });
    return wentBack();
  };
  // It has counted to 15 and delivered 8; headquarters never sees 9 to 15 of that life.
  expect(await tell(8, 15)).toBeNull();
  // A message that was on its way for long is no sign of anything.
  expect(await tell(7, 7, at - 60_000)).toBeNull();
  expect(await tell(6, 15)).toBeNull();
  expect(await tell(9, 12)).toMatchObject({ from: 15, to: 12, account: 'sampler' });
  // Told once: what it counts from there on is no second restoring.
  const first = await wentBack();
  expect(await tell(10, 13)).toEqual(first);
  expect(await tell(11, 20)).toEqual(first);
});

test('P1 a lost device is reported with a reason, keeps its gap, and can be found again', async () => {
  await send([10], { self: selfOf(12, 2) });
  const lost = { reason: 'fell into the river' };
  const path = `/v1/devices/${device}/lost`;
  expect((await staff.sampler.post(path, lost)).body).toEqual({ device, lost: true });
  await staff.headquarters.post(path, { reason: 'said again' });
  expect(await listed()).toMatchObject({
    stage: 'lost',
    missing: [[11, 12]],
    lost: { by: 'sampler', reason: lost.reason },
  });
  // It has happened: what a device that was found still sends is taken.
  expect((await send([11])).body['refused']).toEqual([]);
  expect((await staff.headquarters.post(`/v1/devices/${device}/found`, {})).status).toBe(200);
  expect((await listed())['lost']).toBeNull();
  expect(problemOf(await staff.headquarters.post('/v1/devices/none/lost', lost))).toEqual([
    404,
    'devices.unknown-device',
    null,
  ]);
});

test('P6 devices are shown where they work, to those who answer for them there', async () => {
  const away = await server.signUp('wang', [`community@${elsewhere}`]);
  expect((await away.get(`/v1/devices?place=${here}`)).status).toBe(403);
  expect((await away.get(`/v1/devices?place=${elsewhere}`)).body['rows']).toEqual([]);
  expect((await staff.courier.get(`/v1/devices?place=${here}`)).status).toBe(403);
  expect((await away.post(`/v1/devices/${device}/lost`, { reason: 'x' })).status).toBe(403);
  expect(await listed(staff.community)).toBeDefined();
});
