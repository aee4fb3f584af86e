import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryOf, dayAt, factsOf } from '../../test/support/arbitrary.ts';
import { Check } from 'typebox/value';
import { actBodies, type CaseActName } from './acts.ts';
import { caseCodes } from './codes.ts';
import { decisions } from './decide.ts';
import { caseFacts } from './facts.ts';
import { foldPerson, registers } from './fixture.ts';
import { cases } from './index.ts';
import { policyDefaults } from './rules.ts';
import type { CaseFact } from './facts.ts';
import { type CaseState, evolveCase } from './state.ts';
import { viewCase } from './views.ts';

const [person] = cases.subjects;
if (person === undefined) throw new Error('the room has a subject');
const facts = factsOf(person, '7', 18);
const context = { policy: policyDefaults, registers };

const after = foldPerson;

describe('any record of a person', () => {
  it('CA-15 any facts fold and can be seen, and every open duty has an owner and a clock', () => {
    fc.assert(
      fc.property(facts, (recorded) => {
        const view = viewCase(after(recorded), context);
        for (const duty of view.duties) {
          expect(duty.owner).toMatch(/^(user|role):/);
          expect(Number.isSafeInteger(duty.dueAt)).toBe(true);
          expect(duty.endedAt === null).toBe(duty.ending === null);
          if (duty.endedAt !== null) expect(duty.endedAt).toBeGreaterThanOrEqual(duty.since);
        }
        expect(new Set(view.duties.map((duty) => duty.key)).size).toBe(view.duties.length);
        const open = view.duties.filter((duty) => duty.endedAt === null).map((duty) => duty.kind);
        expect(new Set(open).size).toBe(open.length);
        if (!view.done && recorded.length > 0) expect(view.place).not.toBe('');
        for (const finding of view.findings) expect(Object.keys(caseCodes)).toContain(finding.code);
        for (const { draft } of view.consequences) {
          expect(Check(caseFacts['cases.contact-listed'].body, draft.body)).toBe(true);
        }
      }),
    );
  });

  it('CA-15 the same facts in any order of arrival, some twice, give the same state', () => {
    const shuffled = facts.chain((recorded) =>
      fc.tuple(
        fc.constant(recorded),
        fc.shuffledSubarray([...recorded, ...recorded], { minLength: recorded.length * 2 }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([recorded, arrived]) => {
        expect(after(arrived)).toEqual(after(recorded));
      }),
    );
  });

  it('CA-15 no decision throws, and what is accepted fits its schema and brings no finding', () => {
    const names = Object.keys(actBodies) as CaseActName[];
    const act = fc.oneof(
      ...names.map((name) => arbitraryOf(actBodies[name]).map((body) => ({ name, body }))),
    );
    fc.assert(
      fc.property(facts, act, fc.integer({ min: 0, max: 40 }), (recorded, { name, body }, day) => {
        const state = after(recorded);
        const now = dayAt(day);
        const read = <S>(): S => state as S;
        const decide = decisions[name] as (s: CaseState, a: unknown, c: unknown) => unknown;
        const decision = decide(state, body, { ...context, now, actor: 'li', read }) as ReturnType<
          (typeof decisions)['appeal']
        >;
        if (decision.kind === 'refused') {
          expect(Object.keys(caseCodes)).toContain(decision.code);
          return;
        }
        const before = new Set(viewCase(state, context).findings.map((finding) => finding.key));
        let next = state;
        for (const [index, draft] of decision.facts.entries()) {
          expect(Check(caseFacts[draft.kind as CaseFact['kind']].body, draft.body)).toBe(true);
          const fact = { ...draft, id: `act.${index}`, lamport: 99, at: now, actor: 'li' };
          next = evolveCase(next, fact as CaseFact);
        }
        const fresh = viewCase(next, context).findings.filter(({ key }) => !before.has(key));
        expect(fresh).toEqual([]);
      }),
    );
  });
});
