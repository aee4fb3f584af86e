import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Device } from '../../adapters/device/types.ts';
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
import { personLabel } from '../../rooms/screening/label.ts';
import { communities, everybody } from '../support/people.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let phone: Phone;
let device: Device;
let untouched: number[] = [];

beforeAll(async () => {
  server = await startServer();
  await openRound(server);
  await server.signUp('li', ['sampler@310113', 'courier@310113', 'community@310113']);
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
const disposed = { disposition: 'excused', reason: 'in hospital' };

describe('the people on a phone', () => {
  test('a person is found by label, number and document, however it is typed', () => {
    const person = untouched[0] ?? 0;
    const { document } = everybody[person - 1] ?? { document: '' };
    const { roster } = device;
    expect(roster.findByCode(personLabel(person))).toBe(person);
    expect(roster.findByCode(personLabel(person).toLowerCase())).toBe(person);
    expect(roster.findByCode(String(person))).toBe(person);
    expect(roster.findByCode(document)).toBe(person);
    const wide = document.replace(/[0-9X]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
    expect(roster.findByCode(wide.replace('Ｘ', 'ｘ'))).toBe(person);
    expect(roster.findByCode(`P${person}Q`)).toBeNull();
    expect(roster.findByCode('99999')).toBeNull();
    expect(roster.findByCode('')).toBeNull();
  });

  test('names are masked, and a phone holds the people of its own places only', () => {
    const { roster } = device;
    const all = roster.buildings().flatMap(({ code }) => roster.households(code));
    const persons = all.flatMap((household) => household.persons);
    expect(persons).toHaveLength(30);
    expect(persons.map((person) => roster.person(person)?.name)).toEqual(persons.map(() => '欧○'));
    expect(roster.person(31)).toBeNull();
    expect(roster.progress('R1').roster).toBe(30);
    expect(roster.search('欧', 5)).toHaveLength(5);
  });

  test('what headquarters says of entries and tubes is laid under what this phone knows', async () => {
    const [away, elsewhere, mine] = [someone(), someone(), someone()];
    await server.admin.must('screening.dispose-person', { round: 'R1', person: away, ...disposed });
    const tube = newLabel();
    const body = { purpose: 'round', poolSize: 10, members: [elsewhere], point: 'SP9' };
    await server.admin.must('screening.record-tube', {
      tube,
      place: community,
      round: 'R1',
      ...body,
    });
    await must(device, 'screening.dispose-person', { round: 'R1', person: mine, ...disposed });
    await until(device, isDelivered);
    await device.refresh();
    const { roster } = device;
    expect(roster.statusOf('R1', away)).toMatchObject({ kind: 'excused', reason: 'in hospital' });
    expect(roster.statusOf('R1', elsewhere)).toMatchObject({ kind: 'sampled', tube, here: false });
    expect(roster.statusOf('R1', mine)).toMatchObject({ kind: 'excused' });
    expect(roster.progress('R1')).toMatchObject({ roster: 30, excused: 2 });
    // Withdrawn here offline: what the package said of the entry is in the fold.
    phone.setOnline(false);
    await must(device, 'screening.withdraw-disposition', { round: 'R1', person: away });
    expect(device.roster.statusOf('R1', away)).toEqual({ kind: 'open' });
    // Withdrawn at headquarters: this phone's own word, which it had delivered, gives way.
    await server.admin.must('screening.withdraw-disposition', { round: 'R1', person: mine });
    phone.setOnline(true);
    await until(device, isDelivered);
    await device.refresh();
    expect(device.roster.statusOf('R1', mine)).toEqual({ kind: 'open' });
    expect(device.roster.statusOf('R1', away)).toEqual({ kind: 'open' });
    expect(device.roster.progress('R1').excused).toBe(0);
  });

  test('a tube of this phone that headquarters voids is told, and its people are owed again', async () => {
    const tube = newLabel();
    const person = someone();
    await sealTube(device, tube, [person]);
    await until(device, isDelivered);
    await device.refresh();
    expect(device.roster.statusOf('R1', person)).toMatchObject({ kind: 'sampled' });
    await server.admin.must('screening.void-tube', { tube, reason: 'leaked' });
    await device.refresh();
    expect(device.roster.statusOf('R1', person)).toEqual({ kind: 'open' });
    const codes = device.fates().map(({ code }) => code);
    expect(codes).toContain('field.tube-voided');
    await device.dismissFates();
    await device.refresh();
    expect(device.fates().map(({ code }) => code)).not.toContain('field.tube-voided');
  });

  test('a tube that others seal while it is open here puts whoever was entered here on record', async () => {
    const tube = newLabel();
    const [here, there] = [someone(), someone()];
    await openTube(device, tube);
    await must(device, 'screening.add-person', { tube, person: here });
    await until(device, isDelivered);
    const wang = await server.signUp(`other${tube}`, ['sampler@310113']);
    const sealed = { round: 'R1', purpose: 'round', poolSize: 5, members: [there], point: 'SP1' };
    await wang.facts([factOf('screening.tube-sealed', `tube:${tube}`, sealed)]);
    await device.refresh();
    await until(device, isDelivered);
    expect(device.status()).toMatchObject({ drafts: 0, setAside: 0 });
    const kinds = (await factsOf(server, device)).map(({ kind }) => kind);
    expect(kinds).toEqual(['screening.tube-opened', 'screening.person-added']);
    const codes = await server.column<string>('select code from findings where subject = $1', [
      `tube:${tube}`,
    ]);
    expect(codes).toContain('screening.added-but-not-sealed');
  });

  test('a person who moves away, or is merged, leaves the phone, and the phone is told', async () => {
    const [mover, twin, other] = [someone(), someone(), someone()];
    await sealTube(device, newLabel(), [mover]);
    await until(device, isDelivered);
    const move = { place: communities[1], room: '901', reason: 'moved in with family' };
    await server.admin.post(`/v1/persons/${mover}/move`, move);
    await server.admin.post(`/v1/persons/${twin}/merge`, { into: other, reason: 'one person' });
    await device.refresh();
    const { roster } = device;
    expect(roster.person(mover)).toBeNull();
    expect(roster.findByCode(String(twin))).toBe(other);
    expect(device.fates().map(({ code }) => code)).toContain('field.person-moved');
  });
});

describe('walk-ins', () => {
  test('somebody registered offline keeps their number; the name leaves the phone when delivered', async () => {
    phone.setOnline(false);
    const actId = phoneActId();
    const walkIn = {
      name: '司马光',
      place: community,
      sex: 'm',
      bornOn: '1970-02-03',
      room: '1203',
    };
    const person = await device.addWalkIn(walkIn, actId);
    expect(await device.addWalkIn(walkIn, actId)).toBe(person);
    expect(device.roster.person(person)).toMatchObject({ name: '司○', room: '1203' });
    const tube = newLabel();
    await must(device, 'screening.add-walk-in', { round: 'R1', person });
    await sealTube(device, tube, [person]);
    expect(device.roster.statusOf('R1', person)).toMatchObject({ kind: 'sampled', tube });
    await device.close();
    device = await phone.open(server.url);
    expect(await heldBy(phone)).toContain('司马光');
    expect(device.roster.person(person)).toMatchObject({ name: '司○' });
    phone.setOnline(true);
    await until(device, isDelivered);
    expect(await heldBy(phone)).not.toContain('司马光');
    const [order] = await server.column<boolean>(
      `select (select receipt from facts where subject = $1 and kind = 'persons.person-registered')
         < (select min(receipt) from facts where device_id = $2)`,
      [`resident:${person}`, device.id],
    );
    expect(order).toBe(true);
    await device.refresh();
    expect(device.roster.person(person)).toMatchObject({
      name: '司○',
      household: expect.any(Number),
    });
    expect(device.roster.person(person)?.household).toBeGreaterThan(0);
    expect(device.roster.statusOf('R1', person)).toMatchObject({ kind: 'sampled', tube });
  });

  test('a registration that headquarters refuses is set aside and its facts go on', async () => {
    phone.setOnline(false);
    const walkIn = { name: '司马懿', place: community, documentNumber: '110105194912310021' };
    const person = await device.addWalkIn(walkIn, phoneActId());
    await sealTube(device, newLabel(), [person]);
    phone.setOnline(true);
    await until(device, ({ waiting, setAside }) => waiting === 0 && setAside === 1);
    const [item] = await device.setAside();
    expect(item).toMatchObject({ kind: 'persons.walk-in', subject: `person:${person}` });
    expect(JSON.stringify(item)).not.toContain('司马懿');
    expect(await device.exportSetAside()).toContain('司马懿');
  });
});

describe('what a phone lets go of', () => {
  test('a place is not dropped while something waits, unless forced; numbers are never given again', async () => {
    phone.setOnline(false);
    await sealTube(device, newLabel(), [someone()]);
    await expect(device.dropPackage()).rejects.toMatchObject({ code: 'device.waiting-facts' });
    expect((await device.exportSetAside()).trim().split('\n')).toHaveLength(2);
    await device.dropPackage({ forced: true });
    expect(device.status()).toMatchObject({ place: null, waiting: 0, kept: 0 });
    expect(device.roster.buildings()).toEqual([]);
    phone.setOnline(true);
    await device.loadPackage(community);
    await openTube(device, newLabel());
    await until(device, isDelivered);
    expect(await factsOf(server, device)).toMatchObject([{ seq: 3 }]);
  });

  test('a place loaded again says the same of what was delivered, and counts go on', async () => {
    const [tube, person] = [newLabel(), someone()];
    await sealTube(device, tube, [person]);
    await until(device, isDelivered);
    const before = device.roster.progress('R1');
    await device.loadPackage(community);
    expect(device.status()).toMatchObject({ kept: 2, delivered: 2, waiting: 0 });
    expect(device.roster.statusOf('R1', person)).toMatchObject({
      kind: 'sampled',
      tube,
      here: true,
    });
    expect(device.roster.progress('R1')).toEqual(before);
  });
});

let numbered = 0;

function factOf(kind: string, subject: string, body: object): object {
  numbered += 1;
  const numbers = { deviceId: 'other-phone', deviceSeq: numbered, lamport: 1_000, at: Date.now() };
  return {
    id: `other-phone.${subject}.${numbered}`.replaceAll(':', '-'),
    kind,
    subject,
    place: community,
    ...numbers,
    body,
  };
}

/** Everything that the phone's storage holds, as one text. */
async function heldBy({ indexedDB }: Phone): Promise<string> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const asked = indexedDB.open('sextant-field');
    asked.addEventListener('success', () => resolve(asked.result));
    asked.addEventListener('error', () => reject(asked.error));
  });
  const transaction = database.transaction([...database.objectStoreNames]);
  const rows = [...database.objectStoreNames].map((table) => {
    return new Promise<unknown>((resolve) => {
      const asked = transaction.objectStore(table).getAll();
      asked.addEventListener('success', () => resolve(asked.result));
    });
  });
  const text = JSON.stringify(await Promise.all(rows));
  database.close();
  return text;
}
