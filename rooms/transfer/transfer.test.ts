import { describe, expect, it } from 'vitest';
import { recordedAs } from '../../test/support/arbitrary.ts';
import {
  evolveUnit,
  initialUnit,
  unitDraft,
  type UnitFact,
  type UnitState,
} from '../capacity/index.ts';
import { caseDraft, type CaseFact, type CaseState } from '../cases/index.ts';
import {
  decideAssignVehicle,
  decideCancel,
  decideHandOver,
  decidePickUp,
  decideRequest,
  decideTriage,
} from './decide.ts';
import { vehicleDraft } from './facts.ts';
import { yearsOld } from './family.ts';
import { answer, codesOf, minute } from '../../test/support/room.ts';
import { acting, foldVehicle, promised, requested } from './fixture.ts';
import { see, step, type Step, transferAfter } from './fixture.ts';
import { decideExtendPromise, decidePromisePlace, decideReleasePromise } from './promises.ts';
import { actsAllowed, actsAllowedUrgent, isAllowed, transferStages } from './rules.ts';
import { stageOf, type TransferState } from './state.ts';
import type { VehicleState } from './vehicle.ts';
import { viewVehicle } from './vehicle.ts';

const triaged = step(10, 'transfer.triaged', { priority: 'today', needs: [] });
const assigned = step(30, 'transfer.vehicle-assigned', { vehicle: 'V1', driver: 'user:sun' });
const pickedUp = (...persons: number[]): Step => step(50, 'transfer.picked-up', { persons });
const handedOver = (persons: number[], facility = 'F-U1'): Step =>
  step(80, 'transfer.handed-over', { facility, persons, to: 'user:nurse' });

function unit(beds: number, acceptsChildren = true): UnitState {
  const label = { zh: '一区', en: 'Unit 1' };
  const body = { facility: 'F-U1', bedKind: 'fangcang', beds, label, acceptsChildren } as const;
  const draft = unitDraft('capacity.unit-declared', 'U1', '310113', body);
  return evolveUnit(initialUnit('U1'), recordedAs(draft, minute(0)) as UnitFact);
}

function vehicle(seats: number, ...taken: [string, number[]][]): VehicleState {
  const register = vehicleDraft('transfer.vehicle-registered', 'V1', '310113', { seats });
  const drafts = taken.map(([transfer, numbers]) =>
    vehicleDraft('transfer.seats-taken', 'V1', '310113', { transfer, seats: numbers }),
  );
  const facts = [register, ...drafts].map((draft, index) => recordedAs(draft, minute(0), index));
  return foldVehicle(facts);
}

describe('stages', () => {
  it('TR-1 a transfer goes from request to arrival', () => {
    const steps = [
      requested([6]),
      triaged,
      promised(20, 6),
      assigned,
      pickedUp(6),
      handedOver([6]),
    ];
    const stages = steps.map((_, index) => see(transferAfter(...steps.slice(0, index + 1))));
    expect(stages.map((view) => view.stage)).toEqual([
      'requested',
      'triaged',
      'promised',
      'assigned',
      'moving',
      'arrived',
    ]);
    expect(stages.map((view) => view.holder)).toEqual([
      'role:dispatcher',
      'role:dispatcher',
      'role:dispatcher',
      'user:sun',
      'user:sun',
      null,
    ]);
    expect(stages.map((view) => view.since)).toEqual([0, 10, 20, 30, 50, 80].map(minute));
    expect(stages.at(-1)?.done).toBe(true);
  });

  it('TR-1 the tables answer for every stage', () => {
    for (const table of [actsAllowed, actsAllowedUrgent]) {
      expect(Object.keys(table).sort()).toEqual([...transferStages].sort());
    }
  });

  it('TR-1 an act that the stage does not allow is refused, and urgency skips the papers', () => {
    const state = transferAfter(requested([6]));
    expect(answer(decidePickUp(state, { transfer: 'X1' }, acting(5)))).toBe(
      'transfer.not-at-this-stage',
    );
    const urgent = transferAfter(requested([6], { priority: 'urgent', reason: 'care' }));
    expect(answer(decidePickUp(urgent, { transfer: 'X1' }, acting(5)))).toBe('accepted');
    expect(answer(decideTriage(state, { transfer: 'X1', priority: 'today', needs: [] }))).toBe(
      'accepted',
    );
    const moving = transferAfter(requested([6]), pickedUp(6));
    expect(answer(decideCancel(moving, { transfer: 'X1', reason: 'other' }))).toBe(
      'transfer.not-at-this-stage',
    );
  });

  it('TR-1 nothing an urgent transfer may do needs a bed, a vehicle or a result', () => {
    for (const stage of ['requested', 'triaged', 'promised', 'assigned'] as const) {
      expect(isAllowed('pick-up', stage, 'urgent')).toBe(true);
    }
  });

  it('TR-2 the whole way and the next step each have an owner and a due time', () => {
    const view = see(transferAfter(requested([6], { reason: 'contact' }), triaged));
    expect(view.duties).toMatchObject([
      { key: 'complete', link: 'transfer', dueAt: minute(480), endedAt: null },
      { key: 'triage', ending: 'done', endedAt: minute(10) },
      { key: 'place', since: minute(10), dueAt: minute(40), endedAt: null },
    ]);
    const hurried = see(transferAfter(requested([6], { priority: 'urgent' }), pickedUp(6)));
    expect(hurried.duties.map(({ key, ending }) => [key, ending])).toEqual([
      ['complete', null],
      ['triage', 'passed-over'],
      ['place', 'passed-over'],
      ['vehicle', 'passed-over'],
      ['pick-up', 'done'],
      ['hand-over', null],
    ]);
  });

  it('TR-2 a case is counted in the link by its own duty and not by the transfer', () => {
    expect(see(transferAfter(requested([6]))).duties[0]?.link).toBeNull();
  });
});

describe('families', () => {
  const request = (persons: number[], more = {}, noted: Record<number, number> = {}): string => {
    const people = Object.fromEntries(
      persons.map((person): [string, CaseState] => {
        const carer = noted[person];
        if (carer === undefined) return [`person:${person}`, { person, events: [] }];
        const draft = caseDraft('cases.needs-noted', person, 'P', { careOf: carer, notes: [] });
        const event = recordedAs(draft, minute(0)) as CaseFact;
        return [`person:${person}`, { person, events: [event] }];
      }),
    );
    const { body } = requested(persons, more);
    return answer(decideRequest(transferAfter(), { transfer: 'X1', ...body }, acting(0, people)));
  };

  it('TR-3 a child is not moved without an adult of its household', () => {
    expect(request([3])).toBe('transfer.child-without-carer');
    expect(request([3, 4])).toBe('transfer.child-without-carer');
    expect(request([3, 6])).toBe('transfer.child-without-carer');
    expect(request([3, 2])).toBe('accepted');
    expect(request([4])).toBe('accepted');
  });

  it('TR-3 a child with no adult on the register, or with a carer noted, may go', () => {
    expect(request([5])).toBe('accepted');
    expect(request([3], {}, { 3: 6 })).toBe('accepted');
  });

  it('TR-3 urgent care does not wait for a carer, and the child is laid before a person', () => {
    expect(request([3], { reason: 'care', priority: 'urgent' })).toBe('accepted');
    const body = { reason: 'care', priority: 'urgent' } as const;
    expect(codesOf(see(transferAfter(requested([3], body))))).toEqual([
      'transfer.child-without-carer',
    ]);
    const careOf = [{ child: 3, carer: 6 }];
    expect(codesOf(see(transferAfter(requested([3], { careOf }))))).toEqual([]);
  });

  it('TR-3 age is counted in whole years on the day', () => {
    expect(yearsOld('2008-04-05', '2022-04-04' as never)).toBe(13);
    expect(yearsOld('2008-04-04', '2022-04-04' as never)).toBe(14);
    expect(yearsOld('2008-02-30', '2022-04-04' as never)).toBeNull();
    expect(yearsOld(null, '2022-04-04' as never)).toBeNull();
  });

  it('TR-3 child and carer are picked up together and handed over together', () => {
    const state = transferAfter(
      requested([2, 3]),
      triaged,
      promised(20, 2),
      promised(20, 3),
      assigned,
    );
    const pick = (persons: number[]): string =>
      answer(decidePickUp(state, { transfer: 'X1', persons }, acting(40)));
    expect(pick([3])).toBe('transfer.child-without-carer');
    expect(pick([2])).toBe('transfer.child-without-carer');
    expect(pick([2, 3])).toBe('accepted');
    const aboard = transferAfter(requested([1, 2, 3]), assigned, pickedUp(1, 2, 3));
    const hand = (persons: number[], facility = 'F-U1', from = aboard): string =>
      answer(
        decideHandOver(from, { transfer: 'X1', facility, to: 'user:nurse', persons }, acting(60)),
      );
    expect(hand([3])).toBe('transfer.child-without-carer');
    expect(hand([1])).toBe('accepted');
    expect(hand([2, 3])).toBe('accepted');
    const one = transferAfter(requested([1, 2, 3]), assigned, pickedUp(1, 2, 3), handedOver([1]));
    expect(hand([2, 3], 'F-U2', one)).toBe('accepted');
    const both = transferAfter(requested([1, 2, 3]), assigned, pickedUp(1, 2, 3), handedOver([1]));
    expect(hand([3], 'F-U2', both)).toBe('transfer.family-split');
  });

  it('TR-3 with a child everybody goes to one unit, and it takes children', () => {
    const promise = (state: TransferState, more = {}, where = unit(9)): string => {
      const context = acting(20, { 'transfer:X1': state });
      return answer(decidePromisePlace(where, { transfer: 'X1', unit: 'U1', ...more }, context));
    };
    const family = transferAfter(requested([2, 3]), triaged);
    expect(promise(family)).toBe('accepted');
    expect(promise(family, { persons: [2] })).toBe('transfer.family-split');
    expect(promise(family, {}, unit(9, false))).toBe('transfer.unit-refuses-children');
    expect(promise(family, {}, unit(1))).toBe('capacity.no-free-place');
    const begun = transferAfter(requested([2, 3]), triaged, promised(15, 2, 'U2'));
    expect(promise(begun)).toBe('transfer.family-split');
    const adults = transferAfter(requested([1, 2]), triaged, promised(15, 2, 'U2'));
    expect(promise(adults)).toBe('accepted');
    const split = see(transferAfter(requested([2, 3]), promised(15, 2, 'U2'), promised(16, 3)));
    expect(codesOf(split)).toEqual(['transfer.family-split']);
  });
});

describe('places', () => {
  const state = transferAfter(requested([6, 7]), triaged);
  const promise = (act = {}, from = state, beds = 9) =>
    decidePromisePlace(
      unit(beds),
      { transfer: 'X1', unit: 'U1', ...act },
      acting(20, { 'transfer:X1': from }),
    );

  it('TR-4 beds for everybody or for nobody, on record in the unit and in the transfer', () => {
    const decision = promise();
    expect(decision).toMatchObject({ kind: 'accepted' });
    if (decision.kind === 'refused') return;
    expect(decision.facts.map(({ kind, subject }) => [kind, subject])).toEqual([
      ['capacity.place-promised', 'unit:U1'],
      ['transfer.place-promised', 'transfer:X1'],
      ['capacity.place-promised', 'unit:U1'],
      ['transfer.place-promised', 'transfer:X1'],
    ]);
    expect(decision.facts[0]?.body).toEqual({
      promise: 'X1.6.1',
      transfer: 'X1',
      person: 6,
      bed: 1,
      until: minute(20 + 240),
    });
    expect(decision.facts[0]?.place).toBe('310113');
    expect(decision.facts[1]?.place).toBe('310113003001');
    expect(answer(promise({}, state, 1))).toBe('capacity.no-free-place');
  });

  it('TR-4 nobody is promised two beds, and a bed is named for one person', () => {
    expect(answer(promise({ persons: [8] }))).toBe('transfer.not-in-transfer');
    expect(answer(promise({ bed: 3 }))).toBe('transfer.one-bed-one-person');
    expect(answer(promise({ bed: 3, persons: [6] }))).toBe('accepted');
    const held = transferAfter(requested([6]), triaged, promised(15, 6));
    expect(answer(promise({}, held))).toBe('transfer.already-promised');
    expect(answer(promise({}, transferAfter()))).toBe('transfer.not-at-this-stage');
  });

  it('TR-4 a promise is released or extended by a person, on both sides', () => {
    const given = promise({ persons: [6] });
    if (given.kind === 'refused') throw new Error('a bed is free');
    let where = unit(9);
    for (const [index, draft] of given.facts.entries()) {
      if (draft.subject === 'unit:U1') {
        where = evolveUnit(where, recordedAs(draft, minute(20), index + 10) as UnitFact);
      }
    }
    const held = transferAfter(requested([6, 7]), triaged, promised(20, 6));
    const context = acting(200, { 'unit:U1': where });
    const act = { transfer: 'X1', promise: 'X1.6.1', reason: 'expired' };
    const released = decideReleasePromise(held, act, context);
    expect(released.kind === 'accepted' && released.facts.map(({ kind }) => kind)).toEqual([
      'capacity.promise-released',
      'transfer.promise-released',
    ]);
    const extended = decideExtendPromise(held, { ...act, minutes: 9_999 }, context);
    expect(extended).toMatchObject({ facts: [{ body: { until: minute(200 + 1_440) } }] });
    const none = acting(200, { 'unit:U1': unit(9) });
    expect(answer(decideReleasePromise(held, act, none))).toBe('transfer.unknown-promise');
    const again = transferAfter(
      requested([6, 7]),
      triaged,
      promised(20, 6),
      step(25, 'transfer.promise-released', { promise: 'X1.6.1', reason: 'expired' }),
    );
    expect(promise({ persons: [6] }, again)).toMatchObject({
      facts: [{ body: { promise: 'X1.6.2' } }, {}],
    });
  });
});

describe('vehicles and the road', () => {
  const state = transferAfter(requested([6, 7]), triaged, promised(20, 6), promised(20, 7));
  const assign = (of: VehicleState, from = state) =>
    decideAssignVehicle(
      from,
      { transfer: 'X1', vehicle: 'V1', driver: 'user:sun' },
      acting(25, { 'vehicle:V1': of, 'vehicle:V0': { ...vehicle(4), vehicle: 'V0' } }),
    );

  it('TR-5 a vehicle gives its lowest free seats, or says how many it has', () => {
    const decision = assign(vehicle(4, ['X9', [1, 3]]));
    expect(decision).toMatchObject({
      facts: [
        { kind: 'transfer.seats-taken', subject: 'vehicle:V1', body: { seats: [2, 4] } },
        { kind: 'transfer.vehicle-assigned', subject: 'transfer:X1' },
      ],
    });
    expect(assign(vehicle(3, ['X9', [1, 3]]))).toMatchObject({
      code: 'transfer.no-free-seat',
      details: { seats: 3, free: 1, needed: 2 },
    });
    expect(answer(assign(foldVehicle([])))).toBe('transfer.unknown-vehicle');
  });

  it('TR-5 another vehicle gives up the seats in the first', () => {
    const before = step(24, 'transfer.vehicle-assigned', { vehicle: 'V0', driver: 'user:qi' });
    const given = transferAfter(
      requested([6, 7]),
      triaged,
      promised(20, 6),
      promised(20, 7),
      before,
    );
    expect(assign(vehicle(4), given)).toMatchObject({
      facts: [{ kind: 'transfer.seats-freed', subject: 'vehicle:V0' }, {}, {}],
    });
    const same = transferAfter(
      requested([6, 7]),
      triaged,
      promised(20, 6),
      promised(20, 7),
      assigned,
    );
    expect(answer(assign(vehicle(4), same))).toBe('transfer.same-vehicle');
  });

  it('TR-5 of two transfers in one seat the first keeps the slot and the other is a finding', () => {
    const view = viewVehicle(vehicle(2, ['X8', [1]], ['X9', [1, 3]]));
    expect(view.slots).toEqual([
      { resource: 'vehicle:V1', index: 1 },
      { resource: 'vehicle:V1', index: 3 },
    ]);
    expect(codesOf(view)).toEqual(['transfer.seat-taken-twice', 'transfer.seat-unknown']);
  });

  it('TR-6 only who is in the transfer is picked up, and only who is aboard handed over', () => {
    const ready = transferAfter(requested([6, 7]), assigned, promised(20, 6), promised(20, 7));
    const pick = (from: TransferState, persons?: number[]): string =>
      answer(decidePickUp(from, { transfer: 'X1', ...(persons && { persons }) }, acting(40)));
    expect(pick(ready, [9])).toBe('transfer.not-in-transfer');
    expect(pick(ready)).toBe('accepted');
    const half = transferAfter(requested([6, 7]), assigned, pickedUp(6));
    expect(pick(half, [6])).toBe('transfer.already-picked-up');
    expect(pick(half)).toBe('accepted');
    const hand = (from: TransferState, persons?: number[]): string =>
      answer(
        decideHandOver(
          from,
          { transfer: 'X1', facility: 'F-U1', to: 'user:nurse', ...(persons && { persons }) },
          acting(60),
        ),
      );
    expect(hand(half, [7])).toBe('transfer.not-picked-up');
    expect(hand(half)).toBe('accepted');
    const done = transferAfter(requested([6, 7]), pickedUp(6), handedOver([6]));
    expect([stageOf(done), hand(done)]).toEqual(['moving', 'transfer.not-picked-up']);
  });

  it('TR-7 what cannot be is a finding', () => {
    const found = (...steps: Step[]): string[] => codesOf(see(transferAfter(...steps)));
    expect(found(triaged)).toEqual(['transfer.not-requested']);
    expect(found(requested([6]), requested([7]))).toEqual(['transfer.requested-twice']);
    expect(found(requested([6]), pickedUp(9))).toEqual(['transfer.not-in-transfer']);
    expect(found(requested([6]), handedOver([6]))).toEqual(['transfer.not-picked-up']);
    expect(found(requested([6]), promised(9, 6), pickedUp(6), handedOver([6], 'F9'))).toEqual([
      'transfer.other-facility',
    ]);
    expect(found(requested([6]), pickedUp(6), handedOver([6]), handedOver([6], 'F9'))).toEqual([
      'transfer.handed-over-twice',
    ]);
    const cancelled = step(60, 'transfer.cancelled', { reason: 'other' });
    expect(found(requested([6]), pickedUp(6), cancelled)).toEqual(['transfer.cancelled-under-way']);
    expect(see(transferAfter(requested([6]), pickedUp(6), cancelled)).stage).toBe('moving');
  });

  it('TR-8 a hand-over is told to each person, and arrival frees the seats', () => {
    const half = [requested([6, 7]), assigned, pickedUp(6, 7), handedOver([6])] as const;
    const told = (steps: readonly Step[]) =>
      see(transferAfter(...steps)).consequences.map(({ draft }) => [draft.kind, draft.subject]);
    expect(told(half)).toEqual([['cases.transferred', 'person:6']]);
    expect(told([...half, handedOver([7])])).toEqual([
      ['cases.transferred', 'person:6'],
      ['cases.transferred', 'person:7'],
      ['transfer.seats-freed', 'vehicle:V1'],
    ]);
  });

  it('TR-8 a cancelled transfer gives back its beds and its seats', () => {
    const cancelled = step(60, 'transfer.cancelled', { reason: 'other' });
    const view = see(
      transferAfter(requested([6, 7]), promised(9, 6), promised(9, 7), assigned, cancelled),
    );
    expect(view.consequences.map(({ draft }) => [draft.kind, draft.subject, draft.body])).toEqual([
      ['transfer.seats-freed', 'vehicle:V1', { transfer: 'X1' }],
      ['capacity.promise-released', 'unit:U1', { transfer: 'X1', reason: 'transfer-cancelled' }],
    ]);
    expect(view.duties.every((duty) => duty.endedAt !== null)).toBe(true);
  });
});
