import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../ledger/decision.ts';
import type { Fact } from '../../ledger/fact.ts';
import {
  decideHandOver,
  decideReceive,
  decideReconcile,
  decideReportLost,
  decideSealBox,
} from './decide.ts';
import { boxFacts, outcomes } from './facts.ts';
import { facts, type Step } from '../../test/support/room.ts';
import { as, foldBox, see } from './fixture.ts';
import { initialBox } from './state.ts';

const tube = fc.constantFrom('TUBE1', 'TUBE2', 'TUBE3', 'TUBE4');
const tubes = fc.array(tube, { maxLength: 5 });
const actor = fc.constantFrom('li', 'wang', 'zhao');
const holder = actor.map((name) => `user:${name}`);
const number = fc.integer({ min: 1, max: 4 });
// JSON knows no negative zero.
const degrees = fc.double({ min: -100, max: 60, noNaN: true }).map((value) => value + 0);
const outcomeList = fc.array(fc.record({ tube, outcome: fc.constantFrom(...outcomes) }), {
  minLength: 1,
  maxLength: 4,
});

const bodies = {
  'custody.box-sealed': fc.record(
    {
      tubes: fc.array(tube, { minLength: 1, maxLength: 5 }),
      from: holder,
      earliestTubeAt: fc.integer({ min: 0, max: 2_000_000_000_000 }),
    },
    { requiredKeys: ['tubes', 'from'] },
  ),
  'custody.box-handed-over': fc.record({ leg: number, from: holder, to: holder }),
  'custody.box-received': fc.record(
    {
      laboratory: fc.constantFrom('LAB1', 'LAB2'),
      present: tubes,
      missing: tubes,
      extra: tubes,
      broken: tubes,
      warm: fc.boolean(),
      temperatureCelsius: degrees,
    },
    { requiredKeys: ['laboratory', 'present', 'missing', 'extra', 'broken', 'warm'] },
  ),
  'custody.box-lost': fc.record({ reason: fc.constantFrom('left behind', 'stolen') }),
  'custody.box-reconciled': fc.record({ outcomes: outcomeList }),
} satisfies Record<keyof typeof boxFacts, fc.Arbitrary<unknown>>;

const kinds = Object.keys(bodies) as (keyof typeof bodies)[];
const step: fc.Arbitrary<Step> = fc.constantFrom(...kinds).chain((kind) =>
  fc.record({
    kind: fc.constant(kind),
    body: bodies[kind] as fc.Arbitrary<unknown>,
    actor,
    minute: fc.integer({ min: -100, max: 1000 }),
    lamport: fc.integer({ min: 1, max: 12 }),
  }),
);
const recorded = fc.array(step, { maxLength: 14 }).map((steps) => facts('box:BOX1', steps));

describe('laws of a box', () => {
  it('CU-2 every generated fact is one that the schema lets in', () => {
    fc.assert(
      fc.property(step, ({ kind, body }) => {
        expect(Value.Check(boxFacts[kind as keyof typeof boxFacts].body, body)).toBe(true);
      }),
    );
  });

  it('CU-1 any facts fold and are seen without throwing, and open duties have owner and time', () => {
    fc.assert(
      fc.property(recorded, (history) => {
        const view = see(foldBox(history));
        expect(JSON.parse(JSON.stringify(view))).toEqual(view);
        for (const duty of view.duties) {
          expect(duty.owner).toMatch(/^(user|role):./);
          expect(Number.isSafeInteger(duty.dueAt)).toBe(true);
          expect(duty.endedAt === null || duty.endedAt >= duty.since).toBe(true);
        }
        const keys = view.findings.map((finding) => finding.key);
        expect(new Set(keys).size).toBe(keys.length);
        const named = view.patches.flatMap((patch) => patch.entries.map((entry) => entry.key));
        expect(new Set(named).size).toBe(named.length);
        expect(view.holder === null).toBe(view.done || view.stage === 'unknown');
      }),
    );
  });

  it('CU-1 order of arrival and doubles do not matter', () => {
    const shuffled = recorded.chain((history) =>
      fc
        .shuffledSubarray([...history, ...history], { minLength: 2 * history.length })
        .map((other) => ({ history, other })),
    );
    fc.assert(
      fc.property(shuffled, ({ history, other }) => {
        expect(foldBox(other)).toEqual(foldBox(history));
      }),
    );
  });

  it('CU-2 acts never throw, and what they accept brings no finding they could have refused', () => {
    type Try = (history: readonly Fact[], actor: string) => Decision;
    const typed = fc.constantFrom('TUBE1', 'tube2', 'ＴＵＢＥ３', ' tube4 ');
    const messy = fc.oneof({ weight: 30, arbitrary: typed }, fc.constantFrom('x', 'tübe'));
    const list = fc.uniqueArray(messy, { minLength: 1, maxLength: 3 });
    const box = fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom('BOX1', 'box1') },
      fc.constant('!'),
    );
    const attempts: fc.Arbitrary<Try> = fc.oneof(
      fc.record({ box, tubes: list, place: fc.constant('310113') }).map(
        (act): Try =>
          (history, who) =>
            decideSealBox(foldBox(history), act, as(who)),
      ),
      fc.record({ box, to: holder, leg: number }, { requiredKeys: ['box', 'to'] }).map(
        (act): Try =>
          (history, who) =>
            decideHandOver(foldBox(history), act, as(who)),
      ),
      fc.record({ box, laboratory: fc.constant('LAB1'), present: list, broken: list }).map(
        (act): Try =>
          (history, who) =>
            decideReceive(foldBox(history), act, as(who)),
      ),
      fc.record({ box, reason: fc.constant('gone') }).map(
        (act): Try =>
          (history) =>
            decideReportLost(foldBox(history), act),
      ),
      fc.record({ box, outcomes: outcomeList }).map(
        (act): Try =>
          (history) =>
            decideReconcile(foldBox(history), act),
      ),
    );
    // What the world did, not what somebody should have been told at the desk.
    const observed = ['tubes-missing', 'tubes-extra', 'tubes-broken', 'box-lost'];
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(attempts, actor), { minLength: 6, maxLength: 20 }), (tries) => {
        let history: Fact[] = [];
        for (const [attempt, who] of tries) {
          const decision = attempt(history, who);
          if (decision.kind === 'refused') continue;
          accepted += 1;
          const steps = decision.facts.map(({ kind, body }) => ({ kind, body, actor: who }));
          for (const { kind, body } of decision.facts) {
            expect(Value.Check(boxFacts[kind as keyof typeof boxFacts].body, body)).toBe(true);
          }
          const fresh = facts('box:BOX1', steps).map((fact) => {
            const lamport = history.length + 1;
            return { ...fact, id: `later-${String(lamport).padStart(6, '0')}`, lamport };
          });
          history = [...history, ...fresh];
        }
        for (const { code } of see(foldBox(history)).findings) {
          expect(observed.map((name) => `custody.${name}`)).toContain(code);
        }
      }),
      { numRuns: 300 },
    );
    expect(accepted).toBeGreaterThan(300);
  });

  it('CU-1 a box nobody named has nothing to say', () => {
    const view = see(initialBox('BOX1'));
    expect(view).toMatchObject({ stage: 'unknown', done: false, duties: [], findings: [] });
  });
});
