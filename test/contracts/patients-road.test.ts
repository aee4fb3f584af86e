import { beforeAll, describe, expect, test } from 'vitest';
import { MemoryStore } from '../../adapters/memory/store.ts';
import type { Json } from '../../kernel/assert.ts';
import { canonicalJson } from '../../kernel/digest.ts';
import { hourMs, instant, type Instant } from '../../kernel/instant.ts';
import { Random } from '../../kernel/random.ts';
import type { Fact } from '../../ledger/fact.ts';
import { receive } from '../../ledger/receive.ts';
import { act, community, factsOfDay, inWork, playDay } from '../support/day.ts';

const at = (hours: number): Instant => instant(Date.UTC(2022, 3, 4, 0) + hours * hourMs);

async function done(store: MemoryStore, name: string, hours: number, body: Json): Promise<void> {
  const performed = await act(store, name, { at: at(hours), act: body });
  if (performed.kind === 'done') return;
  throw new Error(`${name}: ${performed.code} ${JSON.stringify(performed.details)}`);
}

async function refused(
  store: MemoryStore,
  name: string,
  hours: number,
  body: Json,
): Promise<string> {
  const performed = await act(store, name, { at: at(hours), act: body });
  return performed.kind === 'refused' ? performed.code : 'done';
}

/** The one person whose single result was positive. */
function findCase(store: MemoryStore): number {
  const row = [...store.subjects.values()].find(({ stage }) => stage === 'confirmed');
  if (row === undefined) throw new Error('the day has a case');
  return Number(row.subject.slice('person:'.length));
}

function stageOf(store: MemoryStore, subject: string): string | undefined {
  return store.subjects.get(subject)?.stage;
}

function endingsOf(store: MemoryStore, subject: string): Record<string, string | null> {
  const duties = store.derived.get(subject)?.duties ?? [];
  return Object.fromEntries(duties.map(({ kind, ending }) => [kind, ending]));
}

/** From the positive single to the way home: the case, a family member, two units, a vehicle. */
async function playRoad(store: MemoryStore): Promise<number> {
  const person = findCase(store);
  const first = person - ((person - 1) % 3);
  const label = { zh: '一区', en: 'Unit 1' };
  const unit = { place: '310113', facility: 'FC1', bedKind: 'fangcang', beds: 4, label };
  await done(store, 'capacity.declare-unit', 12, { unit: 'U1', ...unit });
  await done(store, 'capacity.declare-unit', 12, { unit: 'U2', ...unit, bedKind: 'ward', beds: 2 });
  const count = { unit: 'U1', occupied: 0, free: 4, outOfService: 0 };
  await done(store, 'capacity.report-count', 12.1, count);
  await done(store, 'transfer.register-vehicle', 12, { vehicle: 'V1', place: '310113', seats: 3 });
  await done(store, 'cases.report-case', 14, { person, reportedTo: 'network' });
  await done(store, 'cases.record-investigation', 15, { person, foundIn: 'community' });
  const asked = { from: community, priority: 'today', reason: 'case', destinationKind: 'fangcang' };
  const adult = first === person ? first + 1 : first;
  if (person % 3 === 0) {
    const alone = { transfer: 'X0', persons: [person], ...asked };
    expect(await refused(store, 'transfer.request', 14, alone)).toBe(
      'transfer.child-without-carer',
    );
  }
  const persons = [person, adult];
  await done(store, 'transfer.request', 14, { transfer: 'X1', persons, ...asked });
  await done(store, 'transfer.triage', 14.1, { transfer: 'X1', priority: 'today', needs: [] });
  await done(store, 'transfer.promise-place', 14.2, { transfer: 'X1', unit: 'U1' });
  const drive = { transfer: 'X1', vehicle: 'V1', driver: 'user:sun' };
  await done(store, 'transfer.assign-vehicle', 14.3, drive);
  await done(store, 'transfer.pick-up', 14.5, { transfer: 'X1' });
  const over = { transfer: 'X1', facility: 'FC1', to: 'user:nurse' };
  await done(store, 'transfer.hand-over', 15, over);
  await done(store, 'admission.admit', 15.1, { stay: 'S1', person, unit: 'U1' });
  await done(store, 'admission.record-status', 16, {
    stay: 'S1',
    on: '2022-04-05',
    severity: 'moderate',
    temperatureCelsius: 37,
  });
  await done(store, 'admission.step', 17, { stay: 'S1', unit: 'U2', direction: 'up' });
  await done(store, 'admission.record-test', 48, { stay: 'S1', on: '2022-04-06', ct: 'negative' });
  expect(await refused(store, 'admission.discharge', 49, { stay: 'S1' })).toBe(
    'admission.discharge-before-rule',
  );
  const clear = { ORF1ab: 36, N: null };
  await done(store, 'admission.record-test', 73, { stay: 'S1', on: '2022-04-07', ct: clear });
  const mild = { stay: 'S1', on: '2022-04-06', severity: 'mild' };
  await done(store, 'admission.record-status', 73, mild);
  await done(store, 'admission.discharge', 74, { stay: 'S1' });
  return person;
}

/** Everything that a store says, in one text. */
function pictureOf(store: MemoryStore): Record<string, string> {
  const picture: Record<string, string> = {};
  for (const { subject, state, stage, holder, done: isDone, since } of store.subjects.values()) {
    const { duties = [], findings = [], slots = [] } = store.derived.get(subject) ?? {};
    picture[subject] = canonicalJson([
      state,
      stage,
      holder,
      isDone,
      since,
      duties,
      findings,
      slots,
    ]);
  }
  return picture;
}

describe('the patient’s road', () => {
  const store = new MemoryStore();
  let person = 0;

  beforeAll(async () => {
    await playDay(store, 7);
    person = await playRoad(store);
  });

  test('CA-5 every duty towards the case has ended, and how is on record', () => {
    expect(stageOf(store, `person:${person}`)).toBe('discharged');
    expect(endingsOf(store, `person:${person}`)).toMatchObject({
      'cases.recall': 'already',
      'cases.report': 'reported',
      'cases.investigate': 'investigated',
      'cases.transfer': 'transferred',
      'cases.admit': 'admitted',
      'cases.take-in': 'admitted',
      'cases.treat': 'discharged',
    });
    expect(store.subjects.get(`person:${person}`)?.done).toBe(true);
  });

  test('CA-7 household and tube-mates are contacts', () => {
    const contacts = [...store.subjects.values()].filter(({ stage }) => stage === 'contact');
    expect(contacts.length).toBeGreaterThanOrEqual(9);
  });

  test('TR-8 the seats are free and the transfer has arrived', () => {
    expect(stageOf(store, 'transfer:X1')).toBe('arrived');
    expect(store.derived.get('vehicle:V1')?.slots).toEqual([]);
  });

  test('CP-6 only the bed that is still promised is a slot', () => {
    expect(store.derived.get('unit:U1')?.slots).toHaveLength(1);
    expect(store.derived.get('unit:U2')?.slots).toEqual([]);
  });

  test('CA-4 a result amended to negative takes the case back, and what was reported shows', async () => {
    const own = new MemoryStore();
    await playDay(own, 7);
    const case7 = findCase(own);
    await done(own, 'cases.report-case', 14, { person: case7, reportedTo: 'network' });
    const body = { tube: 'S001', result: 'negative', reason: 'wells exchanged', release: 'PL02' };
    const amend = await act(own, 'results.amend', { at: at(16), act: body });
    expect(amend.kind).toBe('done');
    expect(stageOf(own, `person:${case7}`)).toBe('released');
    expect(own.findings().map(({ code }) => code)).toContain('cases.reported-without-case');
    expect([...own.subjects.values()].filter(({ stage }) => stage === 'contact')).toEqual([]);
  });

  test('CA-15 any order of arrival gives the same road', async () => {
    const facts: Fact[] = factsOfDay(store.facts.values());
    const expected = pictureOf(store);
    for (let seed = 1; seed <= 10; seed++) {
      const random = new Random(seed);
      const other = new MemoryStore();
      const doubled = random.shuffle(
        facts.flatMap((fact) => (random.chance(0.2) ? [fact, fact] : [fact])),
      );
      while (doubled.length > 0) {
        const batch = doubled.splice(0, random.between(1, 40));
        await inWork(other, (work) => receive(work, batch));
      }
      expect(pictureOf(other)).toEqual(expected);
    }
  });

  test('CP-4 two hundred claims on fifty beds at once: fifty promises, one hundred and fifty refusals', async () => {
    const own = new MemoryStore();
    const label = { zh: '一区', en: 'Unit 1' };
    const unit = { unit: 'U1', place: '310113', facility: 'FC1', bedKind: 'fangcang', beds: 50 };
    await done(own, 'capacity.declare-unit', 12, { ...unit, label });
    const asked = { from: community, reason: 'contact', destinationKind: 'fangcang' };
    for (let index = 1; index <= 200; index++) {
      const body = {
        transfer: `X${index}`,
        persons: [1_000 + index],
        priority: 'urgent',
        ...asked,
      };
      await done(own, 'transfer.request', 12, body);
    }
    const claims = Array.from({ length: 200 }, (_, index) =>
      refused(own, 'transfer.promise-place', 13, { transfer: `X${index + 1}`, unit: 'U1' }),
    );
    const answers = await Promise.all(claims);
    expect(answers.filter((code) => code === 'done')).toHaveLength(50);
    expect(answers.filter((code) => code === 'capacity.no-free-place')).toHaveLength(150);
    expect(own.derived.get('unit:U1')?.slots).toHaveLength(50);
  });
});
