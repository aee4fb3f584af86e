import fc from 'fast-check';
import { Check } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { arbitraryOf, dayAt, factsOf, recordedAs } from '../../test/support/arbitrary.ts';
import { decideDeclareUnit, decideReportCount, declareUnit, reportCount } from './acts.ts';
import { capacityCodes } from './codes.ts';
import { unitDraft, type UnitFact, unitFacts } from './facts.ts';
import { foldUnit, see } from './fixture.ts';
import { capacity } from './index.ts';
import { availableBeds, claimPlaces, isRefused } from './places.ts';
import { policyDefaults } from './rules.ts';
import { evolveUnit } from './state.ts';

const [unit] = capacity.subjects;
if (unit === undefined) throw new Error('the room has a subject');
const facts = factsOf(unit, 'U1', 18);
const after = foldUnit;

describe('any record of a unit', () => {
  it('CP-8 any facts fold and can be seen, and no bed has two slots', () => {
    fc.assert(
      fc.property(facts, (recorded) => {
        const view = see(after(recorded));
        const slots = view.slots.map(({ resource, index }) => `${resource}#${index}`);
        expect(new Set(slots).size).toBe(slots.length);
        const keys = view.findings.map((finding) => finding.key);
        expect(new Set(keys).size).toBe(keys.length);
        for (const { code } of view.findings) expect(Object.keys(capacityCodes)).toContain(code);
        for (const { owner, dueAt } of view.duties) {
          expect([owner.startsWith('role:'), Number.isSafeInteger(dueAt)]).toEqual([true, true]);
        }
      }),
    );
  });

  it('CP-8 the same facts in any order of arrival, some twice, give the same state', () => {
    const shuffled = facts.chain((recorded) => {
      const twice = [...recorded, ...recorded];
      const arrived = fc.shuffledSubarray(twice, { minLength: twice.length });
      return fc.tuple(fc.constant(recorded), arrived);
    });
    fc.assert(
      fc.property(shuffled, ([recorded, arrived]) => {
        expect(after(arrived)).toEqual(after(recorded));
      }),
    );
  });

  it('CP-8 a claim never throws, and what it gives takes no slot and makes no finding', () => {
    const asked = fc.record({
      places: fc.integer({ min: 1, max: 3 }),
      day: fc.integer({ min: 0, max: 40 }),
    });
    fc.assert(
      fc.property(facts, asked, (recorded, { places, day }) => {
        let state = after(recorded);
        const asking = { now: dayAt(day), policy: policyDefaults };
        const answer = claimPlaces(state, { places }, asking);
        if (isRefused(answer)) return;
        expect(answer).toHaveLength(places);
        const before = see(state);
        const left = availableBeds(state, asking);
        for (const [index, bed] of answer.entries()) {
          const body = { promise: `new.${index}`, transfer: 'new', person: 900 + index, bed };
          const promised = { ...body, until: asking.now };
          const draft = unitDraft('capacity.place-promised', 'U1', '310113003', promised);
          state = evolveUnit(state, recordedAs(draft, asking.now, index) as UnitFact);
        }
        expect(see(state).slots).toHaveLength(before.slots.length + places);
        expect(availableBeds(state, asking)).toBe(left - places);
        const known = new Set(before.findings.map(({ key }) => key));
        // A stale count may say that fewer are free; the claim was right not to believe it.
        const fresh = see(state).findings.filter(
          ({ key, code }) => !known.has(key) && code !== 'capacity.over-promised',
        );
        expect(fresh).toEqual([]);
      }),
    );
  });

  it('CP-8 no decision throws, and what is accepted fits its schema', () => {
    const registers = { householdOf: () => [], homeOf: () => null, bornOn: () => null };
    const read = <S>(): S => null as S;
    const context = { policy: policyDefaults, now: dayAt(9), actor: 'li', registers, read };
    const acts = fc.tuple(arbitraryOf(declareUnit), arbitraryOf(reportCount));
    fc.assert(
      fc.property(facts, acts, (recorded, [declare, report]) => {
        const state = after(recorded);
        const decisions = [
          decideDeclareUnit(state, declare as never),
          decideReportCount(state, report as never, context),
        ];
        for (const decision of decisions) {
          if (decision.kind === 'refused') {
            expect(Object.keys(capacityCodes)).toContain(decision.code);
            continue;
          }
          for (const draft of decision.facts) {
            expect(Check(unitFacts[draft.kind as UnitFact['kind']].body, draft.body)).toBe(true);
          }
        }
      }),
    );
  });
});
