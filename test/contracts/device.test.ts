import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Device } from '../../adapters/device/types.ts';
import type { TubeState } from '../../rooms/screening/index.ts';
import {
  community,
  factsOf,
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
import { everybody } from '../support/people.ts';
import { password, startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let phone: Phone;
let device: Device;
/** Persons of the community whom no test has sampled. */
let untouched: number[] = [];

beforeAll(async () => {
  server = await startServer();
  await openRound(server);
  await server.signUp('li', ['sampler@310113', 'courier@310113']);
  await server.signUp('wang', ['sampler@310113']);
  untouched = everybody.flatMap(({ community: index }, person) =>
    index === 0 ? [person + 1] : [],
  );
});

afterAll(() => server.close());

beforeEach(async () => {
  phone = new Phone();
  device = await readyDevice(server, phone);
  return () => device.close();
});

function someone(): number {
  const person = untouched.shift();
  if (person === undefined) throw new Error('the community has no more people');
  return person;
}

const isDelivered = ({ waiting }: { waiting: number }): boolean => waiting === 0;

describe('what a phone keeps and delivers', () => {
  test('a tube sealed offline is one fact with its members, delivered when the network is back', async () => {
    phone.setOnline(false);
    const tube = newLabel();
    const persons = [someone(), someone(), someone()];
    const before = device.roster.progress('R1');
    await sealTube(device, tube, persons);
    expect(device.status()).toMatchObject({ kept: 2, waiting: 2, delivered: 0, drafts: 0 });
    expect(device.status().waitingSince).not.toBeNull();
    const sampled = { kind: 'sampled', tube, here: true };
    expect(device.roster.statusOf('R1', persons[0] ?? 0)).toMatchObject(sampled);
    expect(device.roster.progress('R1').sampled).toBe(before.sampled + 3);
    phone.setOnline(true);
    await until(device, isDelivered);
    expect(device.status()).toMatchObject({ kept: 2, delivered: 2, waitingSince: null });
    expect(await factsOf(server, device)).toMatchObject([
      { kind: 'screening.tube-opened', seq: 1 },
      { kind: 'screening.tube-sealed', seq: 2, body: { members: persons } },
    ]);
    await device.refresh();
    expect(device.roster.statusOf('R1', persons[0] ?? 0)).toMatchObject(sampled);
    expect(device.roster.progress('R1').sampled).toBe(before.sampled + 3);
  });

  test('what is undone with a reason is on record beside the sealing, the rest only in it', async () => {
    const tube = newLabel();
    const [stays, goes] = [someone(), someone()];
    await openTube(device, tube);
    for (const person of [stays, goes]) {
      await must(device, 'screening.add-person', { tube, person });
    }
    await must(device, 'screening.remove-person', { tube, person: goes, reason: 'wrong card' });
    expect(device.status()).toMatchObject({ drafts: 3 });
    expect(device.roster.statusOf('R1', goes)).toEqual({ kind: 'open' });
    await must(device, 'screening.seal-tube', { tube });
    await until(device, isDelivered);
    const facts = await factsOf(server, device);
    expect(facts.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(facts.slice(1)).toMatchObject([
      { kind: 'screening.tube-sealed', body: { members: [stays] } },
      { kind: 'screening.person-added', body: { person: goes } },
      { kind: 'screening.person-removed', body: { person: goes, reason: 'wrong card' } },
    ]);
    const there = await server.column<string>('select code from findings where subject = $1', [
      `tube:${tube}`,
    ]);
    expect(there).toEqual(['screening.tube-under-filled']);
  });

  test('whoever was entered into a tube that is voided is on record', async () => {
    const tube = newLabel();
    const person = someone();
    await openTube(device, tube);
    await must(device, 'screening.add-person', { tube, person });
    await must(device, 'screening.void-tube', { tube, reason: 'dropped' });
    await until(device, isDelivered);
    const kinds = (await factsOf(server, device)).map(({ kind }) => kind);
    expect(kinds.sort()).toEqual([
      'screening.person-added',
      'screening.tube-opened',
      'screening.tube-voided',
    ]);
    expect(device.roster.statusOf('R1', person)).toEqual({ kind: 'open' });
  });

  test('what the rules refuse is refused on the spot, without a network', async () => {
    phone.setOnline(false);
    const tube = newLabel();
    const person = someone();
    await sealTube(device, tube, [person]);
    const open = { tube, place: community, round: 'R1', poolSize: 1, point: 'SP1' };
    const code = async (name: string, body: object): Promise<string> => {
      const done = await device.act(name, body as never, phoneActId());
      return done.kind === 'refused' ? done.code : done.kind;
    };
    expect(await code('screening.open-tube', open)).toBe('screening.tube-label-used');
    const other = newLabel();
    expect(await code('screening.open-tube', { ...open, tube: other })).toBe('kept');
    const add = 'screening.add-person';
    expect(await code(add, { tube: other, person: 999_999 })).toBe('persons.unknown-person');
    expect(await code(add, { tube: other, person: someone() })).toBe('kept');
    expect(await code(add, { tube: other, person: someone() })).toBe('screening.tube-full');
    expect(await code(add, { tube: other, person: 'x' })).toBe('ledger.malformed-act');
    expect(await code('screening.open-round', {})).toBe('ledger.malformed-act');
    expect(device.openTubes()).toEqual([other]);
    expect((await device.state<TubeState>(`tube:${other}`)).added).toHaveLength(1);
  });

  test('a rehearsal goes through a whole tube and leaves nothing behind', async () => {
    const before = { status: device.status(), progress: device.roster.progress('R1') };
    let pauses = 0;
    const pause = async (): Promise<void> => void (pauses += 1);
    expect(await device.rehearse(pause)).toBe(true);
    expect(pauses).toBe(4);
    expect(device.openTubes()).toEqual([]);
    expect(device.status()).toEqual(before.status);
    expect(device.roster.progress('R1')).toEqual(before.progress);
    await openTube(device, newLabel());
    await until(device, isDelivered);
    expect(await factsOf(server, device)).toMatchObject([{ seq: 1 }]);
  });

  test('the same act sent again is done once', async () => {
    const tube = newLabel();
    const body = { tube, place: community, round: 'R1', poolSize: 5, point: 'SP1' };
    const id = phoneActId();
    const first = await device.act('screening.open-tube', body, id);
    expect(await device.act('screening.open-tube', body, id)).toEqual(first);
    expect(device.status().kept).toBe(1);
  });

  test('an item that headquarters sets aside is shown, retried and exported, and blocks nothing', async () => {
    phone.setOnline(false);
    const tubes = [newLabel(), newLabel()];
    for (const tube of tubes) await sealTube(device, tube, [someone()]);
    // Headquarters has the number already, for something else: as after a restored copy.
    await takeNumber(2);
    const restored = device.id;
    phone.setOnline(true);
    await until(device, isDelivered);
    expect(device.status()).toMatchObject({ setAside: 1, delivered: 3 });
    const [item] = await device.setAside();
    expect(item).toMatchObject({ code: 'ledger.sequence-reused', kind: 'screening.tube-sealed' });
    const lines = (await device.exportSetAside()).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ id: item?.id }]);
    await device.retry([item?.id ?? '']);
    await until(device, ({ waiting, setAside }) => waiting === 0 && setAside === 0);
    // It has taken another name, so that no number means two things.
    expect(device.id).not.toBe(restored);
    expect(await factsOf(server, device)).toMatchObject([{ seq: 1, subject: item?.subject }]);
    await openTube(device, newLabel());
    await until(device, isDelivered);
    expect(await factsOf(server, device)).toHaveLength(2);
  });

  /** Puts something else on record under a number of the device. */
  async function takeNumber(seq: number): Promise<void> {
    await server.column(
      `insert into facts (receipt, id, kind, subject, place, device_id, device_seq, lamport, at_ms,
         received_ms, actor, body)
       select receipt + 1, 'taken-' || $1 || $2, 'screening.tube-voided', 'tube:GONE0001', $3, $1,
         $2::int, 1, 1, 1, 'li', '{"reason":"taken"}' from ledger_head returning id`,
      [device.id, seq, community],
    );
    await server.column('update ledger_head set receipt = receipt + 1 returning receipt');
  }
});

describe('who works on a phone', () => {
  test('a session that ends stops delivery and no work; signing in delivers', async () => {
    await server.column('delete from sessions where account = $1 returning account', ['li']);
    await server.admin.ask('DELETE', '/v1/sessions/current');
    const tube = newLabel();
    await sealTube(device, tube, [someone()]);
    await until(device, ({ phase }) => phase === 'stopped');
    expect(device.status()).toMatchObject({ stoppedBy: 'device.signed-out', account: 'li' });
    await openTube(device, newLabel());
    expect(device.status().waiting).toBe(3);
    await device.signIn('li', password);
    await until(device, isDelivered);
    expect(device.status()).toMatchObject({ stoppedBy: null, delivered: 3 });
  });

  test('what somebody recorded is delivered as theirs after they signed out', async () => {
    phone.setOnline(false);
    await sealTube(device, newLabel(), [someone()]);
    await device.signOut();
    await expect(
      device.act('screening.seal-tube', { tube: 'T0000' }, phoneActId()),
    ).rejects.toThrow('nobody is signed in');
    phone.setOnline(true);
    await device.signIn('wang', password);
    await openTube(device, newLabel());
    await until(device, isDelivered);
    const actors = (await factsOf(server, device)).map(({ actor }) => actor);
    expect(actors).toEqual(['li', 'li', 'wang']);
  });

  test('what somebody left whose session has ended waits for them, and the next one works on', async () => {
    phone.setOnline(false);
    await sealTube(device, newLabel(), [someone()]);
    await device.signOut();
    await server.column('delete from sessions where account = $1 returning account', ['li']);
    await server.admin.ask('DELETE', '/v1/sessions/current');
    server = { ...server, admin: await server.signIn('admin') };
    phone.setOnline(true);
    await device.signIn('wang', password);
    await openTube(device, newLabel());
    await until(device, ({ delivered }) => delivered === 1);
    await until(device, ({ stoppedBy }) => stoppedBy === 'device.author-signed-out');
    expect(device.status()).toMatchObject({ waiting: 2, account: 'wang' });
    await device.signIn('li', password);
    await until(device, isDelivered);
    const actors = (await factsOf(server, device)).map(({ actor }) => actor);
    expect(actors).toEqual(['li', 'li', 'wang']);
  });

  test('a wrong password is said so, and no network too', async () => {
    await expect(device.signIn('li', 'wrong')).rejects.toMatchObject({
      code: 'device.wrong-password',
    });
    phone.setOnline(false);
    await expect(device.signIn('li', password)).rejects.toMatchObject({
      code: 'device.unreachable',
    });
    expect(device.status().account).toBe('li');
  });
});
