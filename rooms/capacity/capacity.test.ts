import { describe, expect, it } from 'vitest';
import { recordedAs } from '../../test/support/arbitrary.ts';
import { decideReportCount } from './acts.ts';
import { codesOf, minute } from '../../test/support/room.ts';
import { declared, promised, see, step, type Step, unitAfter } from './fixture.ts';
import { unitDraft, type UnitFact } from './facts.ts';
import { claimPlaces, expiredPromises, freeBeds, isRefused, type PlaceClaim } from './places.ts';
import { holderAt, policyDefaults, unitStages } from './rules.ts';
import { evolveUnit, type UnitState } from './state.ts';
import { bedsRowOf } from './views.ts';

const asking = { now: minute(60), policy: policyDefaults };
const counted = (at: number, occupied: number, free: number, outOfService = 0): Step =>
  step(at, 'capacity.count-reported', { occupied, free, outOfService });

function claim(state: UnitState, asked: PlaceClaim = { places: 1 }): readonly number[] | string {
  const answer = claimPlaces(state, asked, asking);
  return isRefused(answer) ? answer.code : answer;
}

describe('units and counts', () => {
  it('CP-1 a unit is declared, filled, emptied and closed', () => {
    expect(see(unitAfter())).toMatchObject({ stage: 'unknown', done: false });
    expect(see(unitAfter(declared(2)))).toMatchObject({ stage: 'open', holder: 'role:facility' });
    expect(see(unitAfter(declared(1), promised(1, 'P1', 7, 1)))).toMatchObject({ stage: 'full' });
    expect(see(unitAfter(declared(2), declared(0)))).toMatchObject({
      stage: 'closed',
      done: true,
      holder: null,
    });
  });

  it('CP-1 every stage says who keeps the figures', () => {
    expect(Object.keys(holderAt).sort()).toEqual([...unitStages].sort());
  });

  it('CP-2 only the first in a bed is counted', () => {
    const state = unitAfter(declared(4), promised(1, 'P1', 7, 1), promised(2, 'P2', 8, 1));
    expect(bedsRowOf(state, minute(3), policyDefaults)).toMatchObject({ beds: 4, promised: 1 });
  });

  it('CP-3 free beds are unknown without a count and once the count is stale', () => {
    expect(freeBeds(unitAfter(declared(10)), minute(0), policyDefaults)).toBeNull();
    const state = unitAfter(declared(10), counted(0, 4, 6));
    expect(freeBeds(state, minute(240), policyDefaults)).toBe(6);
    expect(freeBeds(state, minute(241), policyDefaults)).toBeNull();
    expect(bedsRowOf(state, minute(300), policyDefaults)).toMatchObject({
      free: null,
      occupied: null,
      countAgeMinutes: 300,
      stale: true,
    });
  });

  it('CP-3 a count that says until when it holds is believed until then', () => {
    const body = { occupied: 4, free: 6, outOfService: 0, believedUntil: minute(30) };
    const state = unitAfter(declared(10), step(0, 'capacity.count-reported', body));
    expect(freeBeds(state, minute(30), policyDefaults)).toBe(6);
    expect(freeBeds(state, minute(31), policyDefaults)).toBeNull();
  });

  it('CP-3 the next count is owed by the facility before the last goes stale', () => {
    const view = see(unitAfter(declared(10), counted(30, 4, 6)));
    expect(view.duties).toMatchObject([
      { kind: 'capacity.report-count', owner: 'role:facility', dueAt: minute(270) },
    ]);
  });

  it('CP-3 a count at the desk must add up', () => {
    const registers = { householdOf: () => [], homeOf: () => null, bornOn: () => null };
    const context = { ...asking, actor: 'li', registers, read: <S>(): S => null as S };
    const state = unitAfter(declared(10));
    const report = (more: object, unit = state): string => {
      const body = { unit: 'U1', occupied: 4, free: 5, outOfService: 1, ...more };
      const decision = decideReportCount(unit, body, context);
      return decision.kind === 'refused' ? decision.code : 'accepted';
    };
    expect(report({})).toBe('accepted');
    expect(report({ free: 6 })).toBe('capacity.count-does-not-add-up');
    expect(report({ outOfServiceBeds: [3] })).toBe('accepted');
    expect(report({ outOfServiceBeds: [3, 4] })).toBe('capacity.count-does-not-add-up');
    expect(report({ outOfServiceBeds: [11] })).toBe('capacity.bed-unknown');
    expect(report({}, unitAfter())).toBe('capacity.unknown-unit');
  });
});

describe('promises', () => {
  it('CP-4 a claim takes the lowest free bed, or the one it names', () => {
    const state = unitAfter(declared(4), promised(1, 'P1', 7, 1), promised(2, 'P2', 8, 3));
    expect(claim(state)).toEqual([2]);
    expect(claim(state, { places: 2 })).toEqual([2, 4]);
    expect(claim(state, { places: 1, bed: 4 })).toEqual([4]);
    expect(claim(state, { places: 1, bed: 3 })).toBe('capacity.bed-taken');
    expect(claim(state, { places: 1, bed: 5 })).toBe('capacity.bed-unknown');
    expect(claim(state, { places: 3 })).toBe('capacity.no-free-place');
    expect(claim(unitAfter())).toBe('capacity.unknown-unit');
  });

  it('CP-4 a refusal says how the beds are used', () => {
    const state = unitAfter(declared(1), promised(1, 'P1', 7, 1));
    expect(claimPlaces(state, { places: 1 }, asking)).toMatchObject({
      code: 'capacity.no-free-place',
      details: { beds: 1, promised: 1, taken: 0, outOfService: 0, available: 0, needed: 1 },
    });
  });

  it('CP-4 two hundred claims on fifty beds give fifty promises and one hundred and fifty refusals', () => {
    let state = unitAfter(declared(50));
    const given: number[] = [];
    const refused: string[] = [];
    for (let index = 0; index < 200; index++) {
      const answer = claimPlaces(state, { places: 1 }, asking);
      if (isRefused(answer)) {
        refused.push(answer.code);
        continue;
      }
      const [bed = 0] = answer;
      given.push(bed);
      const body = { promise: `P${index}`, transfer: `X${index}`, person: index + 1, bed };
      const draft = unitDraft('capacity.place-promised', 'U1', '310113003', {
        ...body,
        until: minute(120),
      });
      state = evolveUnit(state, recordedAs(draft, minute(60), index) as UnitFact);
    }
    expect(new Set(given).size).toBe(50);
    expect(refused).toEqual(Array.from({ length: 150 }, () => 'capacity.no-free-place'));
    expect(see(state).slots).toHaveLength(50);
    expect(see(state).findings).toEqual([]);
  });

  it('CP-4 a fresh count that leaves less than the record is believed, a stale one is not', () => {
    const few = unitAfter(declared(10), counted(30, 8, 2));
    expect(claim(few, { places: 3 })).toBe('capacity.no-free-place');
    expect(claim(few, { places: 2 })).toEqual([1, 2]);
    const stale = unitAfter(declared(10), counted(-300, 8, 2));
    expect(claim(stale, { places: 3 })).toEqual([1, 2, 3]);
    const since = unitAfter(declared(10), counted(30, 8, 2), promised(40, 'P1', 7, 1));
    expect(claim(since, { places: 2 })).toBe('capacity.no-free-place');
  });

  it('CP-4 beds out of service are not given', () => {
    const body = { occupied: 0, free: 2, outOfService: 2, outOfServiceBeds: [1, 2] };
    const state = unitAfter(declared(4), step(30, 'capacity.count-reported', body));
    expect(claim(state)).toEqual([3]);
    expect(claim(state, { places: 1, bed: 2 })).toBe('capacity.bed-out-of-service');
    expect(claim(state, { places: 3 })).toBe('capacity.no-free-place');
  });

  it('CP-5 an expired promise stays until somebody releases or extends it', () => {
    const steps = [declared(2), promised(0, 'P1', 7, 1), promised(10, 'P2', 8, 2)];
    const view = see(unitAfter(...steps));
    expect(view.duties.find((duty) => duty.key === 'promises')).toMatchObject({
      kind: 'capacity.release-or-extend',
      owner: 'role:dispatcher',
      dueAt: minute(120),
    });
    expect(expiredPromises(unitAfter(...steps), minute(125))).toEqual([{ bed: 1, promise: 'P1' }]);
    expect(claim(unitAfter(...steps))).toBe('capacity.no-free-place');
    const extended = step(115, 'capacity.promise-extended', {
      promise: 'P1',
      until: minute(300),
      reason: 'traffic',
    });
    expect(expiredPromises(unitAfter(...steps, extended), minute(125))).toEqual([]);
    const released = step(126, 'capacity.promise-released', { promise: 'P1', reason: 'expired' });
    expect(claim(unitAfter(...steps, released))).toEqual([1]);
    const both = step(126, 'capacity.promise-released', { transfer: 'X8', reason: 'cancelled' });
    expect(claim(unitAfter(...steps, released, both), { places: 2 })).toEqual([1, 2]);
  });
});

describe('beds', () => {
  it('CP-6 of two promises of one bed the first keeps the slot and the other is a finding', () => {
    const steps = [declared(2), promised(0, 'P1', 7, 1), promised(10, 'P2', 8, 1)] as const;
    const view = see(unitAfter(...steps));
    expect(view.slots).toEqual([{ resource: 'unit:U1', index: 1 }]);
    expect(codesOf(view)).toEqual(['capacity.bed-promised-twice']);
    const after = unitAfter(
      ...steps,
      step(20, 'capacity.promise-released', { promise: 'P1', reason: 'other' }),
    );
    expect(see(after).findings).toEqual([]);
    expect(after.beds['1']?.[0]?.promise).toBe('P2');
  });

  it('CP-6 a promise becomes the stay, in its bed or in another', () => {
    const steps = [declared(3), promised(0, 'P1', 7, 1)] as const;
    const taken = (bed?: number): UnitState => {
      const body = { stay: 'S1', promise: 'P1', ...(bed === undefined ? {} : { bed }) };
      return unitAfter(...steps, step(9, 'capacity.place-taken', body));
    };
    expect(taken().beds).toMatchObject({ 1: [{ stay: 'S1', person: 7, until: null }] });
    expect(Object.keys(taken(2).beds)).toEqual(['2']);
    expect(see(taken(2)).findings).toEqual([]);
    expect(see(taken()).duties.map((duty) => duty.key)).toEqual(['count']);
  });

  it('CP-6 two stays in one bed are a finding, and the bed is one slot', () => {
    const view = see(
      unitAfter(
        declared(3),
        step(1, 'capacity.place-taken', { stay: 'S1', bed: 2 }),
        step(2, 'capacity.place-taken', { stay: 'S2', bed: 2 }),
      ),
    );
    expect(codesOf(view)).toEqual(['capacity.bed-taken-twice']);
    expect(view.slots).toEqual([{ resource: 'unit:U1', index: 2 }]);
  });

  it('CP-6 a freed bed can be given again; in a move only the bed that is named is freed', () => {
    const taken = step(1, 'capacity.place-taken', { stay: 'S1', bed: 1 });
    const moved = step(2, 'capacity.place-taken', { stay: 'S1', bed: 2 });
    const left = step(2, 'capacity.place-freed', { stay: 'S1', bed: 1 });
    expect(claim(unitAfter(declared(2), taken, moved, left))).toEqual([1]);
    const gone = step(3, 'capacity.place-freed', { stay: 'S1' });
    expect(claim(unitAfter(declared(2), taken, moved, left, gone), { places: 2 })).toEqual([1, 2]);
  });

  it('CP-7 what the unit cannot give is a finding', () => {
    const two = [promised(0, 'P1', 7, 1), promised(0, 'P2', 8, 2)] as const;
    expect(codesOf(see(unitAfter(...two)))).toEqual(['capacity.unit-undeclared']);
    expect(codesOf(see(unitAfter(declared(2), ...two, declared(1))))).toEqual([
      'capacity.bed-unknown',
      'capacity.over-promised',
    ]);
    expect(codesOf(see(unitAfter(declared(2), ...two, counted(5, 1, 1))))).toEqual([
      'capacity.over-promised',
    ]);
    expect(codesOf(see(unitAfter(declared(2), counted(5, 1, 2))))).toEqual([
      'capacity.count-does-not-add-up',
    ]);
    const nowhere = step(1, 'capacity.place-taken', { stay: 'S1' });
    expect(codesOf(see(unitAfter(declared(2), nowhere)))).toEqual(['capacity.taken-without-bed']);
    expect(
      codesOf(
        see(unitAfter(declared(2), nowhere, step(2, 'capacity.place-freed', { stay: 'S1' }))),
      ),
    ).toEqual([]);
    const twice = [promised(0, 'P1', 7, 1), promised(0, 'P2', 7, 2)] as const;
    expect(codesOf(see(unitAfter(declared(2), ...twice)))).toEqual(['capacity.person-in-two-beds']);
  });
});
