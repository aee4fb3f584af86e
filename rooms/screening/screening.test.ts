import { describe, expect, test } from 'vitest';
import { instant } from '../../kernel/instant.ts';
import type { Decision } from '../../ledger/decision.ts';
import type { Fact } from '../../ledger/fact.ts';
import type { DecideContext, Registers } from '../../ledger/room.ts';
import * as decide from './decide.ts';
import type { EntryFact, RoundFact, TubeFact } from './facts.ts';
import { policyDefaults, type ScreeningPolicy } from './rules.ts';
import * as state from './state.ts';
import { settlesEntry, tubeFindings, viewEntry, viewTube } from './views.ts';

const registers: Registers = {
  householdOf: (person) => [person],
  homeOf: (person) => (person < 1000 ? '310113003001' : null),
  bornOn: () => null,
};

const openRound: state.RoundState = { ...state.initialRound('R1'), stage: 'open', place: '310113' };

function context(round: state.RoundState = openRound): DecideContext<ScreeningPolicy> {
  const read = <S>(): S => round as S;
  return { policy: policyDefaults, now: instant(5), actor: 'li', registers, read };
}

let serial = 0;

function fact(kind: string, body: object): Fact<string, never> {
  serial += 1;
  const id = `fact-${String(serial).padStart(6, '0')}`;
  const envelope = { id, kind, subject: 'tube:T100', place: '310113003001', deviceId: 'd1' };
  const numbers = { deviceSeq: serial, lamport: serial, at: instant(serial * 60_000), actor: 'li' };
  return { ...envelope, ...numbers, body: body as never };
}

const foldTube = (...facts: Fact<string, never>[]): state.TubeState =>
  facts.reduce((held, each) => state.evolveTube(held, each as TubeFact), state.initialTube('T100'));

const opened = (): Fact<string, never> =>
  fact('screening.tube-opened', { round: 'R1', poolSize: 5, point: 'P1' });
const added = (person: number): Fact<string, never> => fact('screening.person-added', { person });
const sealed = (members: number[], poolSize = 10): Fact<string, never> =>
  fact('screening.tube-sealed', { round: 'R1', purpose: 'round', poolSize, members, point: 'P1' });

const codeOf = (decision: Decision): string =>
  decision.kind === 'refused' ? decision.code : `accepted ${decision.facts.map((f) => f.kind)}`;

const views = { policy: policyDefaults, registers };

describe('rounds', () => {
  const label = { en: 'Round 1', zh: '第一轮' };
  const act = { round: 'R1', place: '310113', label, areas: ['310113'], group: null };

  test('SC-1 a round is opened once and ends after it starts', () => {
    const times = { startsAt: 10, endsAt: 20, poolSize: 10 as const };
    const none = state.initialRound('R1');
    expect(codeOf(decide.decideOpenRound(none, { ...act, ...times }))).toBe(
      'accepted screening.round-opened',
    );
    const backwards = { ...act, ...times, endsAt: 10 };
    expect(codeOf(decide.decideOpenRound(none, backwards))).toBe(
      'screening.round-ends-before-start',
    );
    expect(codeOf(decide.decideOpenRound(openRound, { ...act, ...times }))).toBe(
      'screening.round-exists',
    );
  });

  test('SC-1 a closed round stays closed when its opening arrives late', () => {
    const close = fact('screening.round-closed', {}) as RoundFact;
    const open = fact('screening.round-opened', {
      ...act,
      poolSize: 10,
      startsAt: 1,
      endsAt: 2,
    }) as RoundFact;
    const folded = [close, open].reduce(state.evolveRound, state.initialRound('R1'));
    expect(folded.stage).toBe('closed');
  });
});

describe('tubes', () => {
  test('SC-2 a label is used for one tube', () => {
    const used = foldTube(opened());
    const act = { tube: 'T100', place: 'x', round: 'R1', poolSize: 10 as const, point: 'P1' };
    expect(codeOf(decide.decideOpenTube(used, act, context()))).toBe('screening.tube-label-used');
    const closed = context({ ...openRound, stage: 'closed' });
    const fresh = state.initialTube('T100');
    expect(codeOf(decide.decideOpenTube(fresh, act, closed))).toBe('screening.round-not-open');
  });

  test('SC-2 an empty tube is not sealed, and an undone entry is not in it', () => {
    expect(codeOf(decide.decideSealTube(foldTube(opened())))).toBe('screening.tube-empty');
    const removed = fact('screening.person-removed', { person: 7, reason: 'wrong person' });
    const held = foldTube(opened(), added(7), added(8), removed);
    const decision = decide.decideSealTube(held);
    expect(decision).toMatchObject({ facts: [{ body: { members: [8] } }] });
  });

  test('SC-2 a label sealed fifty times is one tube with everybody in it and 49 findings', () => {
    const seals = Array.from({ length: 50 }, (_, index) => sealed([index + 1, 900]));
    const held = foldTube(...seals);
    const codes = tubeFindings(held, policyDefaults).map(({ code }) => code);
    expect(codes.filter((code) => code === 'screening.tube-sealed-twice')).toHaveLength(49);
    expect(state.membersOf(held)).toHaveLength(51);
  });

  test('SC-3 a full tube takes nobody more, and an over-filled report is found', () => {
    const full = foldTube(opened(), added(1), added(2), added(3), added(4), added(5));
    const act = { tube: 'T100', person: 6 };
    expect(codeOf(decide.decideAddPerson(full, act, context()))).toBe('screening.tube-full');
    const over = foldTube(sealed([1, 2, 3, 4, 5, 6], 5));
    expect(tubeFindings(over, policyDefaults)).toMatchObject([
      { code: 'screening.tube-over-filled', details: { poolSize: 5, members: 6 } },
    ]);
  });

  test('SC-4 an opened tube is owed a seal by whoever opened it', () => {
    const [duty] = viewTube(foldTube(opened()), views).duties;
    expect(duty).toMatchObject({ kind: 'screening.seal-tube', owner: 'user:li', endedAt: null });
    const [ended] = viewTube(foldTube(opened(), added(1), sealed([1], 1)), views).duties;
    expect(ended?.ending).toBe('sealed');
  });

  test('SC-5 a half-empty tube, a person twice, and one left out are remarked upon', () => {
    const codes = (held: state.TubeState): string[] =>
      tubeFindings(held, policyDefaults).map(({ code }) => code);
    expect(codes(foldTube(sealed([1, 2, 3, 4])))).toEqual(['screening.tube-under-filled']);
    expect(codes(foldTube(sealed([1, 2, 3, 4, 4])))).toEqual(['screening.person-twice-in-tube']);
    expect(codes(foldTube(opened(), added(9), sealed([1, 2, 3, 4, 5])))).toEqual([
      'screening.added-but-not-sealed',
    ]);
  });

  test('SC-8 a voided tube says so in its record', () => {
    const voided = fact('screening.tube-voided', { reason: 'leaked' });
    const view = viewTube(foldTube(sealed([1, 2, 3, 4, 5]), voided), views);
    expect(view.stage).toBe('voided');
    expect(view.patches[0]?.entries[0]?.values['voidedAt']).toBe(voided.at);
  });
});

describe('people of a round', () => {
  const foldEntry = (...facts: Fact<string, never>[]): state.EntryState =>
    facts.reduce(
      (held, each) => state.evolveEntry(held, each as EntryFact),
      state.initialEntry('R1/7'),
    );
  const disposed = (disposition: string): Fact<string, never> =>
    fact('screening.person-disposed', { disposition, reason: 'said so' });

  test('SC-6 excused, away and deferred settle; refused and home visit do not; the latest counts', () => {
    const settled = (...facts: Fact<string, never>[]): boolean => settlesEntry(foldEntry(...facts));
    expect(['excused', 'away', 'deferred'].map((word) => settled(disposed(word)))).toEqual([
      true,
      true,
      true,
    ]);
    expect(['refused', 'home-visit'].map((word) => settled(disposed(word)))).toEqual([
      false,
      false,
    ]);
    expect(settled(disposed('excused'), disposed('refused'))).toBe(false);
    expect(settled(disposed('excused'), fact('screening.disposition-withdrawn', {}))).toBe(false);
  });

  test('SC-7 a refusal is a duty of the community with a due time', () => {
    const [duty] = viewEntry(foldEntry(disposed('refused')), views).duties;
    expect(duty).toMatchObject({ owner: 'role:community', person: 7, endedAt: null });
    expect(viewEntry(foldEntry(disposed('excused')), views).duties).toEqual([]);
    const sampled = fact('screening.person-sampled', { tube: 'T100', sampledAt: 9e9 });
    const [ended] = viewEntry(foldEntry(disposed('refused'), sampled), views).duties;
    expect(ended).toMatchObject({ endedAt: 9e9, ending: 'sampled' });
    const lost = fact('screening.sample-lost', {});
    const [again] = viewEntry(foldEntry(disposed('refused'), sampled, lost), views).duties;
    expect(again?.endedAt).toBeNull();
  });

  test('SC-9 a walk-in joins once, and must be on the register', () => {
    const act = { round: 'R1', person: 7 };
    const entry = foldEntry();
    expect(codeOf(decide.decideWalkIn(entry, act, context()))).toBe(
      'accepted screening.walk-in-added',
    );
    const joined = foldEntry(fact('screening.walk-in-added', {}));
    expect(codeOf(decide.decideWalkIn(joined, act, context()))).toBe('screening.already-on-roster');
    const stranger = decide.decideWalkIn(entry, { round: 'R1', person: 4711 }, context());
    expect(codeOf(stranger)).toBe('persons.unknown-person');
  });
});
