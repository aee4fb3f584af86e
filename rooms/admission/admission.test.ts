import { describe, expect, it } from 'vitest';
import { recordedAs } from '../../test/support/arbitrary.ts';
import type { UnitState } from '../capacity/index.ts';
import { caseDraft, type CaseFact, type CaseState } from '../cases/index.ts';
import {
  decideAdmit,
  decideDischarge,
  decideGiveTreatment,
  decideRecordDeath,
  decideRecordStatus,
  decideRecordTest,
  decideStep,
} from './decide.ts';
import { answer, codesOf, minute } from '../../test/support/room.ts';
import { acting, admitted, day, see, stayAfter } from './fixture.ts';
import { step, type Step, unitWith } from './fixture.ts';
import { readinessOf } from './discharge.ts';
import { bedsFor, careOf, holderAt, policyDefaults, stayStages } from './rules.ts';
import type { StayState } from './state.ts';

function person(...drafts: ReturnType<typeof caseDraft>[]): CaseState {
  const events = drafts.map((draft, index) => recordedAs(draft, minute(0), index) as CaseFact);
  return { person: 7, events };
}

const confirmed = person(
  caseDraft('cases.specimen-resulted', 7, 'P', {
    tube: 'SOLO1',
    result: 'positive',
    purpose: 'recall',
  }),
);
const free: CaseState = { person: 7, events: [] };
const status = (on: string, severity: 'mild' | 'severe', celsius?: number): Step =>
  step(Number(on.slice(-2)) * day - 4 * day, 'admission.status-recorded', {
    on,
    severity,
    ...(celsius === undefined ? {} : { temperatureCelsius: celsius }),
  });
const tested = (hours: number, ct: 'negative' | Record<string, number | null>): Step =>
  step(hours * 60, 'admission.tested', { on: '2022-04-05', ct, sampledAt: minute(hours * 60) });

describe('admission', () => {
  const admit = (more: object, unit: UnitState, of: CaseState = confirmed, state = stayAfter()) =>
    decideAdmit(
      state,
      { stay: 'S1', person: 7, unit: 'U1', ...more },
      acting(10, { 'unit:U1': unit, 'person:7': of }),
    );

  it('AD-1 a stay goes from admission to discharge or death', () => {
    expect(see(stayAfter())).toMatchObject({ stage: 'unknown' });
    expect(see(stayAfter(admitted))).toMatchObject({
      stage: 'admitted',
      holder: 'role:facility',
      since: minute(0),
    });
    const home = step(90, 'admission.discharged', { rule: 'no-open-case', evidence: [] });
    expect(see(stayAfter(admitted, home))).toMatchObject({ stage: 'discharged', done: true });
    const died = step(90, 'admission.died', {});
    expect(see(stayAfter(admitted, died))).toMatchObject({ stage: 'died', holder: null });
  });

  it('AD-1 the tables answer for every stage', () => {
    expect(Object.keys(holderAt).sort()).toEqual([...stayStages].sort());
  });

  it('AD-1 only a stay that has begun and not ended goes on', () => {
    const died = step(90, 'admission.died', {});
    const give = (state: StayState): string =>
      answer(decideGiveTreatment(state, { stay: 'S1', what: 'oxygen' }));
    expect(give(stayAfter())).toBe('admission.no-stay');
    expect(give(stayAfter(admitted))).toBe('accepted');
    expect(give(stayAfter(admitted, died))).toBe('admission.stay-closed');
    expect(answer(decideRecordDeath(stayAfter(admitted, died), { stay: 'S1' }))).toBe(
      'admission.stay-closed',
    );
  });

  it('AD-2 into the promised bed, which is found by the person', () => {
    expect(admit({}, unitWith(3, [[7, 2]]))).toMatchObject({
      facts: [
        {
          kind: 'admission.admitted',
          place: '310113',
          body: {
            person: 7,
            unit: 'U1',
            bed: 2,
            promise: 'P7',
            transfer: 'X7',
            bedKind: 'fangcang',
          },
        },
      ],
    });
    expect(admit({ bed: 3 }, unitWith(3, [[7, 2]]))).toMatchObject({
      facts: [{ body: { bed: 3 } }],
    });
  });

  it('AD-2 somebody without a promise gets a free bed, and never a promised one', () => {
    expect(admit({}, unitWith(3, [[8, 1]]))).toMatchObject({ facts: [{ body: { bed: 2 } }] });
    expect(answer(admit({ bed: 1 }, unitWith(3, [[8, 1]])))).toBe('capacity.bed-taken');
    expect(answer(admit({}, unitWith(1, [[8, 1]])))).toBe('capacity.no-free-place');
    expect(answer(admit({ promise: 'P8' }, unitWith(3, [[8, 1]])))).toBe(
      'admission.promise-of-another',
    );
    expect(answer(admit({ promise: 'P9' }, unitWith(3)))).toBe('admission.unknown-promise');
  });

  it('AD-2 nobody is admitted twice, by number or by person', () => {
    expect(answer(admit({}, unitWith(3), confirmed, stayAfter(admitted)))).toBe(
      'admission.stay-exists',
    );
    const elsewhere = person(caseDraft('cases.admitted', 7, 'P', { stay: 'S9' }));
    expect(admit({}, unitWith(3), elsewhere)).toMatchObject({
      code: 'admission.already-admitted',
      details: { stay: 'S9' },
    });
  });

  it('AD-2 no result and no case is asked for at the door', () => {
    expect(answer(admit({}, unitWith(3), free))).toBe('accepted');
  });

  it('AD-2 a stay tells the person and the beds what it means for them', () => {
    const moved = step(60, 'admission.stepped', { unit: 'U2', bed: 4, direction: 'up' });
    const home = step(90, 'admission.discharged', { rule: 'no-open-case', evidence: [] });
    const told = see(stayAfter(admitted, moved, home)).consequences.map(
      ({ draft, causeLamport }) => [causeLamport, draft.kind, draft.subject, draft.body],
    );
    expect(told).toEqual([
      [1, 'cases.admitted', 'person:7', { stay: 'S1' }],
      [1, 'capacity.place-taken', 'unit:U1', { stay: 'S1', bed: 1, person: 7 }],
      [2, 'capacity.place-freed', 'unit:U1', { stay: 'S1', bed: 1 }],
      [2, 'capacity.place-taken', 'unit:U2', { stay: 'S1', bed: 4, person: 7 }],
      [3, 'cases.discharged', 'person:7', { stay: 'S1', outcome: 'discharged' }],
      [3, 'capacity.place-freed', 'unit:U1', { stay: 'S1' }],
      [3, 'capacity.place-freed', 'unit:U2', { stay: 'S1' }],
    ]);
  });
});

describe('daily status and moves', () => {
  const duty = (state: StayState, key: string) => see(state).duties.find((one) => one.key === key);

  it('AD-3 the status of the next day is owed until that day ends', () => {
    // 08:00 on the 4th; the day ends at midnight, sixteen hours later.
    expect(duty(stayAfter(admitted), 'status')).toMatchObject({
      kind: 'admission.record-status',
      person: 7,
      since: minute(0),
      dueAt: minute(16 * 60),
    });
    expect(duty(stayAfter(admitted, status('2022-04-04', 'mild')), 'status')).toMatchObject({
      since: minute(16 * 60),
      dueAt: minute(16 * 60 + day),
    });
    const late = { ...admitted, minute: 15.5 * 60 };
    expect(duty(stayAfter(late), 'status')?.dueAt).toBe(minute(15.5 * 60 + 360));
  });

  it('AD-3 a day left out is a finding until its status comes', () => {
    const gap = [admitted, status('2022-04-06', 'mild')] as const;
    expect(see(stayAfter(...gap)).findings).toMatchObject([
      { code: 'admission.status-gap', details: { days: ['2022-04-04', '2022-04-05'] } },
    ]);
    const filled = [...gap, status('2022-04-05', 'mild'), status('2022-04-04', 'mild')];
    expect(see(stayAfter(...filled)).findings).toEqual([]);
  });

  it('AD-3 a status is of a day of the stay', () => {
    const record = (on: string): string => {
      const act = { stay: 'S1', on, severity: 'mild' } as const;
      return answer(decideRecordStatus(stayAfter(admitted), act, acting(day)));
    };
    expect(record('2022-04-05')).toBe('accepted');
    expect(record('2022-04-06')).toBe('admission.day-in-future');
    expect(record('2022-04-03')).toBe('admission.day-before-admission');
  });

  it('AD-4 a move claims the new bed and says truly whether it is up or down', () => {
    const move = (more: object, unit = unitWith(3, [[8, 2]], 'ward')) =>
      answer(
        decideStep(
          stayAfter(admitted),
          { stay: 'S1', unit: 'U9', direction: 'up', ...more },
          acting(60, { 'unit:U9': unit, 'unit:U1': unitWith(3) }),
        ),
      );
    expect(move({})).toBe('accepted');
    expect(move({ bed: 2 })).toBe('capacity.bed-taken');
    expect(move({ direction: 'down' })).toBe('admission.wrong-direction');
    expect(move({ unit: 'U1', bed: 1, direction: 'across' })).toBe('admission.same-bed');
    expect(move({ unit: 'U1', bed: 2, direction: 'across' })).toBe('accepted');
    expect(Object.keys(careOf)).toHaveLength(4);
  });

  it('AD-5 who needs more care than the bed can give is to be moved within the hour', () => {
    const worse = [admitted, status('2022-04-04', 'severe')] as const;
    expect(duty(stayAfter(...worse), 'step-up')).toMatchObject({
      kind: 'admission.step-up',
      dueAt: minute(60),
    });
    const moved = { unit: 'U2', bed: 4, direction: 'up', bedKind: 'ward' } as const;
    const better = stayAfter(...worse, step(30, 'admission.stepped', moved));
    expect(duty(better, 'step-up')).toBeUndefined();
    expect(duty(stayAfter(admitted, status('2022-04-04', 'mild')), 'step-up')).toBeUndefined();
    expect(Object.keys(bedsFor)).toHaveLength(5);
  });
});

describe('discharge', () => {
  const leave = (at: number, of: CaseState, ...steps: Step[]) =>
    decideDischarge(stayAfter(admitted, ...steps), { stay: 'S1' }, acting(at, { 'person:7': of }));
  const clear = { ORF1ab: 36.2, N: 35 };

  it('AD-6 two clear tests in a row, a day apart, allow the discharge and are its evidence', () => {
    const decision = leave(4 * day, confirmed, tested(24, 'negative'), tested(48, clear));
    expect(decision).toMatchObject({
      facts: [
        {
          kind: 'admission.discharged',
          body: {
            rule: 'two-clear-tests',
            evidence: [{ sampledAt: minute(24 * 60) }, { sampledAt: minute(48 * 60) }],
          },
        },
      ],
    });
  });

  it('AD-6 before that it is refused with what is missing', () => {
    expect(leave(day, confirmed)).toMatchObject({
      code: 'admission.discharge-before-rule',
      details: { missing: ['clear-tests'], clearTests: 0, clearTestsNeeded: 2, nextTestFrom: null },
    });
    expect(leave(2 * day, confirmed, tested(24, 'negative'), tested(47, clear))).toMatchObject({
      details: { clearTests: 1, nextTestFrom: minute(48 * 60) },
    });
    const broken = [tested(24, 'negative'), tested(36, { ORF1ab: 30, N: 31 }), tested(60, clear)];
    expect(leave(3 * day, confirmed, ...broken)).toMatchObject({ details: { clearTests: 1 } });
    expect(leave(3 * day, confirmed, tested(24, 'negative'), tested(50, { N: 38 }))).toMatchObject({
      details: { clearTests: 0 },
    });
  });

  it('AD-6 a clear test in between neither counts nor harms', () => {
    const often = [tested(24, clear), tested(36, clear), tested(48, { ORF1ab: null, N: 40 })];
    expect(answer(leave(3 * day, confirmed, ...often))).toBe('accepted');
  });

  it('AD-6 tests count in the order in which they were sampled', () => {
    expect(answer(leave(3 * day, confirmed, tested(48, clear), tested(24, 'negative')))).toBe(
      'accepted',
    );
  });

  it('AD-6 neither fever within three days nor severe illness goes home', () => {
    const clearTests = [tested(24, 'negative'), tested(48, clear)];
    const fever = status('2022-04-05', 'mild', 38.4);
    expect(leave(3 * day, confirmed, ...clearTests, fever)).toMatchObject({
      details: { missing: ['fever'] },
    });
    expect(answer(leave(4 * day, confirmed, ...clearTests, fever))).toBe('accepted');
    expect(leave(4 * day, confirmed, ...clearTests, status('2022-04-06', 'severe'))).toMatchObject({
      details: { missing: ['severity'] },
    });
  });

  it('AD-6 the settings decide how many, how far apart and from which Ct', () => {
    const discharge = { ...policyDefaults.discharge, clearTests: 1, ctFrom: 38 };
    const policy = { ...policyDefaults, discharge };
    const missing = (ct: number): readonly string[] =>
      readinessOf(stayAfter(admitted, tested(24, { ORF1ab: ct, N: ct })), minute(day), policy)
        .missing;
    expect([missing(37.9), missing(38)]).toEqual([['clear-tests'], []]);
  });

  it('AD-6 who has no open case is held by no rule', () => {
    expect(leave(60, free)).toMatchObject({ facts: [{ body: { rule: 'no-open-case' } }] });
  });

  it('AD-6 a test is not of the future', () => {
    const act = { stay: 'S1', on: '2022-04-04', ct: 'negative', sampledAt: minute(99) } as const;
    expect(answer(decideRecordTest(stayAfter(admitted), act, acting(60)))).toBe(
      'admission.day-in-future',
    );
    expect(decideRecordTest(stayAfter(admitted), act, acting(120))).toMatchObject({
      facts: [{ body: { sampledAt: minute(99) } }],
    });
  });

  it('AD-7 whoever may go is owed the way home', () => {
    const view = see(stayAfter(admitted, tested(24, 'negative'), tested(48, clear)));
    expect(view.duties.find((one) => one.key === 'discharge')).toMatchObject({
      kind: 'admission.discharge',
      since: minute(48 * 60),
      dueAt: minute(48 * 60 + day),
    });
  });

  it('AD-8 what must not have been is a finding', () => {
    const home = step(60, 'admission.discharged', { rule: 'two-clear-tests', evidence: [] });
    expect(codesOf(see(stayAfter(admitted, home)))).toEqual(['admission.discharge-before-rule']);
    const tests = [tested(24, 'negative'), tested(48, clear)];
    expect(codesOf(see(stayAfter(admitted, ...tests, { ...home, minute: 3 * day })))).toEqual([]);
    expect(codesOf(see(stayAfter(admitted, home, ...tests)))).toEqual([
      'admission.after-end',
      'admission.discharge-before-rule',
    ]);
    const other = step(5, 'admission.admitted', { person: 8, unit: 'U1', bed: 2 });
    expect(codesOf(see(stayAfter(admitted, other)))).toEqual(['admission.stay-two-persons']);
    expect(codesOf(see(stayAfter(status('2022-04-06', 'mild'))))).toEqual([
      'admission.no-admission',
    ]);
  });
});
