import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '../../kernel/assert.ts';
import { instant } from '../../kernel/instant.ts';
import { admit, receive } from '../../ledger/receive.ts';
import {
  act,
  actorNamed,
  catalogue,
  community,
  Device,
  inWork,
  pathOf,
  send,
} from '../support/day.ts';
import { openMemory, openPhone, openPostgres, type OpenStore } from '../support/stores.ts';

const at = instant(Date.UTC(2022, 3, 4, 6));
const seal = (members: number[]): Json => {
  return { round: 'R1', purpose: 'round', poolSize: 10, members, point: 'SP1' };
};
const round = {
  round: 'R1',
  place: '310113',
  label: { en: 'Round 1', zh: '第一轮' },
  areas: ['310113'],
  group: null,
  poolSize: 10,
  startsAt: at,
  endsAt: at + 1,
};

describe.each([
  ['memory', openMemory],
  ['a phone', openPhone],
  ['PostgreSQL', openPostgres],
])('the record in %s', (_name, open) => {
  let held: OpenStore;
  beforeAll(async () => {
    held = await open();
  });
  afterAll(() => held.close());

  test('L2 a fact sent many times, in one batch or several, is on record once', async () => {
    const device = new Device('again');
    const fact = device.record('screening.tube-sealed', 'tube:A001', seal([1, 2, 3, 4, 5]), at);
    const before = await held.counts();
    const first = await send(held.store, [fact, fact]);
    const second = await send(held.store, [fact]);
    expect(first.map(({ kind }) => kind)).toEqual(['accepted', 'known']);
    expect(second).toEqual([{ ...first[0], kind: 'known' }]);
    expect((await held.counts()).facts).toBe(before.facts + 1);
  });

  test('L3 an id or a number used again for other content is set aside and the first stays', async () => {
    const device = new Device('reuse');
    const fact = device.record('screening.tube-sealed', 'tube:B001', seal([1, 2, 3, 4, 5]), at);
    await send(held.store, [fact]);
    const otherContent = { ...fact, body: seal([6, 7, 8, 9, 10]) };
    const otherId = { ...fact, id: 'reuse-9990000' };
    const receipts = await send(held.store, [otherContent, otherId]);
    expect(receipts).toMatchObject([
      { kind: 'set-aside', code: 'ledger.id-reused', where: '/id' },
      { kind: 'set-aside', code: 'ledger.sequence-reused', where: '/deviceSeq' },
    ]);
    const again = await send(held.store, [fact]);
    expect(again[0]?.kind).toBe('known');
  });

  test('L4 items that cannot be taken are told one by one and block nothing', async () => {
    const device = new Device('mixed');
    const good = (tube: string): { [k: string]: Json } =>
      device.record('screening.tube-sealed', `tube:${tube}`, seal([1, 2, 3, 4, 5]), at);
    const bad: unknown[] = [
      null,
      'text',
      { ...good('C900'), extra: 1 },
      { ...good('C901'), at: '2022-04-04' },
      { ...good('C902'), kind: 'screening.tube-eaten' },
      { ...good('C903'), subject: 'box:C903' },
      { ...good('C904'), body: { round: 'R1' } },
      { ...good('C905'), body: seal([1.5]) },
      { ...good('C906'), place: '999999' },
      { ...good('C907'), kind: 'cases.person-held', subject: 'person:1', body: {} },
      { ...good('C908'), id: 'd.0123456789abcdef' },
    ];
    const items = [good('C001'), ...bad, good('C002')];
    const receipts = await send(held.store, items);
    expect(receipts.at(0)?.kind).toBe('accepted');
    expect(receipts.at(-1)?.kind).toBe('accepted');
    const codes = receipts
      .slice(1, -1)
      .map((each) => (each.kind === 'set-aside' ? each.code : each.kind));
    expect(codes.slice(0, 9)).toEqual([
      'ledger.malformed-fact',
      'ledger.malformed-fact',
      'ledger.malformed-fact',
      'ledger.malformed-fact',
      'ledger.unknown-kind',
      'ledger.wrong-subject',
      'ledger.malformed-body',
      'ledger.malformed-body',
      'places.unknown-place',
    ]);
    expect(codes[9]).toMatch(/^(access\.not-permitted|ledger\.malformed-body)$/);
    expect(codes[10]).toBe('ledger.reserved-id');
  });

  test('L4 a role held elsewhere permits nothing here', async () => {
    const device = new Device('stranger');
    const fact = device.record('screening.tube-sealed', 'tube:C100', seal([1, 2, 3, 4, 5]), at);
    const outsider = { account: 'wang', grants: [{ role: 'sampler' as const, place: '310114' }] };
    const courier = actorNamed('zhou', ['courier']);
    const [far, wrong] = await inWork(held.store, (work) =>
      receive(work, [
        admit(fact, outsider, { catalogue, pathOf }),
        admit(fact, courier, { catalogue, pathOf }),
      ]),
    );
    expect(far).toMatchObject({ kind: 'set-aside', code: 'access.not-permitted' });
    expect(wrong).toMatchObject({ kind: 'set-aside', code: 'access.not-permitted' });
  });

  test('L8 a specimen tested before its sealing is known is a finding, and heals', async () => {
    const load = {
      plate: 'PX01',
      laboratory: 'LAB1',
      place: community,
      wells: [{ well: 'C1', tube: 'D001' }],
      controls: [
        { well: 'A1', control: 'positive' },
        { well: 'B1', control: 'negative' },
      ],
    };
    await act(held.store, 'laboratory.load-plate', { at, act: load });
    expect(await held.findingCodes('specimen:D001')).toContain('results.specimen-without-seal');
    const device = new Device('late');
    await send(held.store, [
      device.record('screening.tube-sealed', 'tube:D001', seal([11, 12, 13, 14, 15]), at),
    ]);
    expect(await held.findingCodes('specimen:D001')).not.toContain('results.specimen-without-seal');
  });

  test('L9 fifty samplers who seal one label leave one tube, 49 findings and everybody in it', async () => {
    const before = await held.counts();
    const facts = Array.from({ length: 50 }, (_, index) =>
      new Device(`sampler${index}`).record(
        'screening.tube-sealed',
        'tube:E001',
        seal([index + 1, 60, 61, 62, 63]),
        at,
      ),
    );
    const receipts = await Promise.all(facts.map((fact) => send(held.store, [fact])));
    expect(receipts.flat().filter(({ kind }) => kind === 'accepted')).toHaveLength(50);
    const after = await held.counts();
    expect([after.facts - before.facts, after.specimens - before.specimens]).toEqual([50, 1]);
    const codes = await held.findingCodes('tube:E001');
    expect(codes.filter((code) => code === 'screening.tube-sealed-twice')).toHaveLength(49);
    const members = await inWork(held.store, async (work) => {
      return (await work.transaction.recordsOf(['E001'])).get('E001')?.view.members.length;
    });
    expect(members).toBe(54);
  });

  test('L12 the same act sent again is done once and answered the same', async () => {
    const request = { at, act: round, actId: 'round-once-1' };
    const first = await act(held.store, 'screening.open-round', request);
    const again = await act(held.store, 'screening.open-round', request);
    expect(again).toEqual(first);
    expect(first.kind).toBe('done');
    const other = await act(held.store, 'screening.open-round', { at, act: round });
    expect(other).toMatchObject({ kind: 'refused', code: 'screening.round-exists' });
  });

  test('L13 receipts rise without gaps, and a failed unit of work leaves nothing', async () => {
    const before = await held.counts();
    const device = new Device('broken');
    const fact = device.record('screening.tube-sealed', 'tube:F001', seal([1, 2, 3, 4, 5]), at);
    const failing = inWork(held.store, async (work) => {
      await receive(work, [admit(fact, actorNamed('li'), { catalogue, pathOf })]);
      throw new Error('pulled the plug');
    });
    await expect(failing).rejects.toThrow('pulled the plug');
    expect(await held.counts()).toEqual(before);
    const [receipt] = await send(held.store, [fact]);
    const { facts } = await held.counts();
    expect(receipt).toMatchObject({ kind: 'accepted', receipt: facts });
  });
});
