import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openDevice } from '../../adapters/device/open.ts';
import type { Device } from '../../adapters/device/types.ts';
import type { TubeState } from '../../rooms/screening/index.ts';
import {
  community,
  factsOf,
  fillStorage,
  must,
  newLabel,
  openRound,
  openTube,
  Phone,
  phoneActId,
  readyDevice,
  sealTube,
  until,
} from '../support/device.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let phone: Phone;
let device: Device;

beforeAll(async () => {
  server = await startServer();
  await openRound(server);
  await server.signUp('li', ['sampler@310113', 'courier@310113']);
});

afterAll(() => server.close());

beforeEach(async () => {
  phone = new Phone();
  device = await readyDevice(server, phone);
  return () => device.close();
});

const isDelivered = ({ waiting }: { waiting: number }): boolean => waiting === 0;

describe('a full storage', () => {
  test('an act that cannot be kept leaves nothing, whichever write fails, and says so', async () => {
    phone.setOnline(false);
    const tube = newLabel();
    await openTube(device, tube);
    await must(device, 'screening.add-person', { tube, person: 1 });
    await must(device, 'screening.add-person', { tube, person: 2 });
    await must(device, 'screening.remove-person', { tube, person: 2, reason: 'wrong card' });
    const acts: [string, object][] = [
      ['screening.add-person', { tube, person: 3 }],
      ['screening.remove-person', { tube, person: 1, reason: 'left' }],
      ['screening.seal-tube', { tube }],
      ['screening.void-tube', { tube, reason: 'dropped' }],
    ];
    const failures = [];
    for (const [name, body] of acts) failures.push(await failUntilKept(name, body, tube));
    // The fact and the last number; a sealing puts what was undone beside it.
    expect(failures).toEqual([2, 2, 6, 2]);
    const before = device.status();
    await device.close();
    device = await phone.open(server.url);
    expect(device.status().kept).toBe(before.kept);
  });

  /** Lets one write more succeed each time until the act is kept; gives how often it was not. */
  async function failUntilKept(name: string, body: object, tube: string): Promise<number> {
    const before = device.status();
    const state = await device.state<TubeState>(`tube:${tube}`);
    const progress = device.roster.progress('R1');
    for (let writes = 0; writes < 20; writes++) {
      const free = fillStorage(writes);
      const outcome = await device.act(name, body as never, phoneActId()).catch((error) => error);
      free();
      if (outcome.kind === 'kept') return writes;
      expect(outcome).toMatchObject({ name: 'Fault', code: 'device.storage-full' });
      expect(device.status()).toEqual(before);
      expect(await device.state(`tube:${tube}`)).toEqual(state);
      expect(device.roster.progress('R1')).toEqual(progress);
    }
    throw new Error(`${name} was never kept`);
  }

  test('numbers have no gap after a failed act', async () => {
    const tube = newLabel();
    await openTube(device, tube);
    await must(device, 'screening.add-person', { tube, person: 4 });
    const free = fillStorage(1);
    await expect(device.act('screening.seal-tube', { tube }, phoneActId())).rejects.toMatchObject({
      code: 'device.storage-full',
    });
    free();
    await must(device, 'screening.seal-tube', { tube });
    await until(device, isDelivered);
    expect((await factsOf(server, device)).map(({ seq }) => seq)).toEqual([1, 2]);
  });

  test('an answer that cannot be kept is asked for again, and nothing is on record twice', async () => {
    phone.setOnline(false);
    await sealTube(device, newLabel(), [5]);
    const free = fillStorage(0);
    phone.setOnline(true);
    await until(device, ({ phase }) => phase === 'resting');
    expect(device.status()).toMatchObject({ waiting: 2, delivered: 0 });
    free();
    device.syncNow();
    await until(device, isDelivered);
    expect(await factsOf(server, device)).toHaveLength(2);
  });

  test('a package that does not fit leaves the one before it', async () => {
    const free = fillStorage(2);
    await expect(device.loadPackage(community)).rejects.toMatchObject({
      code: 'device.storage-full',
    });
    free();
    expect(device.roster.progress('R1').roster).toBe(30);
    await openTube(device, newLabel());
  });
});

describe('a box that is being packed', () => {
  test('its tubes are on the phone until it is sealed, also when the app was killed', async () => {
    await device.pack('B1', ['T1']);
    const free = fillStorage(0);
    await expect(device.pack('B1', ['T1', 'T2'])).rejects.toMatchObject({
      code: 'device.storage-full',
    });
    free();
    phone.kill();
    device = await phone.open(server.url);
    expect([...device.packing()]).toEqual([['B1', ['T1']]]);
    await device.pack('B1', []);
    expect(device.packing().size).toBe(0);
  });
});

describe('an app that is killed', () => {
  test('whatever was said to be kept is there again, tubes half filled too', async () => {
    phone.setOnline(false);
    const [sealed, open] = [newLabel(), newLabel()];
    await sealTube(device, sealed, [7, 8]);
    await openTube(device, open);
    await must(device, 'screening.add-person', { tube: open, person: 9 });
    const before = device.status();
    // Killed in mid-act: it is kept whole, or not at all.
    void device
      .act('screening.add-person', { tube: open, person: 10 }, phoneActId())
      .catch(() => 0);
    phone.kill();
    device = await phone.open(server.url);
    const { added } = await device.state<TubeState>(`tube:${open}`);
    expect(added.slice(0, 1)).toEqual([9]);
    expect(device.status().kept - before.kept).toBe(added.length - 1);
    expect(device.openTubes()).toEqual([open]);
    expect(device.status()).toMatchObject({ account: 'li', place: community });
    await must(device, 'screening.seal-tube', { tube: open });
    phone.setOnline(true);
    await until(device, isDelivered);
    expect((await factsOf(server, device)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  });
});

describe('two tabs', () => {
  test('the second is told so, and takes over when asked', async () => {
    const { locks } = navigator;
    const name = `locks-${phoneActId()}`;
    const world = { ...phone.world(server.url), locks, name };
    const first = await openDevice(world);
    await expect(openDevice(world)).rejects.toMatchObject({ code: 'device.open-elsewhere' });
    const second = await openDevice({ ...world, takeOver: true });
    await until(first, ({ stoppedBy }) => stoppedBy === 'device.taken-over');
    expect(second.id).toBe(first.id);
    await first.close();
    await second.close();
    await (await openDevice(world)).close();
  });

  test('without locks the storage itself keeps an old tab from writing', async () => {
    const tube = newLabel();
    const other = await phone.open(server.url);
    await expect(openTube(device, tube)).rejects.toMatchObject({ code: 'device.taken-over' });
    expect(device.status()).toMatchObject({ stoppedBy: 'device.taken-over', kept: 0 });
    await openTube(other, tube);
    expect(other.status().kept).toBe(1);
    await other.close();
  });

  test('an older program stops when a newer one changes the form of the storage', async () => {
    const upgraded = await new Promise<IDBDatabase>((resolve, reject) => {
      const asked = phone.indexedDB.open('sextant-field', 99);
      asked.addEventListener('success', () => resolve(asked.result));
      asked.addEventListener('error', () => reject(asked.error));
      asked.addEventListener('blocked', () => reject(new Error('the old tab did not let go')));
    });
    upgraded.close();
    expect(device.status().stoppedBy).toBe('device.newer-app');
    const body = { tube: newLabel() };
    await expect(device.act('screening.seal-tube', body, phoneActId())).rejects.toMatchObject({
      code: 'device.newer-app',
    });
    await expect(phone.open(server.url)).rejects.toMatchObject({ code: 'device.newer-app' });
  });
});

describe('the clock of a phone', () => {
  test('set wrong by hours, it dates nothing wrong once headquarters has answered', async () => {
    await device.close();
    phone.wallOffsetMs = 5 * 3_600_000;
    device = await phone.open(server.url);
    await openTube(device, newLabel());
    await until(device, isDelivered);
    expect(Math.abs((device.status().clockAheadMs ?? 0) - phone.wallOffsetMs)).toBeLessThan(60_000);
    await openTube(device, newLabel());
    await until(device, isDelivered);
    const [first, second] = await server.column<number>(
      'select received_ms::float8 - at_ms from facts where device_id = $1 order by device_seq',
      [device.id],
    );
    // The first was dated before anybody told the phone; the second is right.
    expect(Math.abs((first ?? 0) + phone.wallOffsetMs)).toBeLessThan(60_000);
    expect(Math.abs(second ?? 1e9)).toBeLessThan(60_000);
    const [ahead] = await server.column<number>(
      `select clock_ahead_ms::float8 from devices where device = $1`,
      [device.id],
    );
    expect(Math.abs((ahead ?? 0) - phone.wallOffsetMs)).toBeLessThan(60_000);
  });
});
