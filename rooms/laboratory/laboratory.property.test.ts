import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../ledger/decision.ts';
import type { Fact } from '../../ledger/fact.ts';
import { inOrder } from '../../ledger/order.ts';
import {
  decideAccession,
  decideLoadPlate,
  decideReadPlate,
  decideRejectPlate,
  decideSignPlate,
  decideWaiveRerun,
} from './decide.ts';
import { type AccessionFact, accessionFacts, plateFacts } from './facts.ts';
import { answer, facts, type Step } from '../../test/support/room.ts';
import { as, foldPlate, readingsFor, rowsOf, see } from './fixture.ts';
import { releasableResults, tubeCalls } from './plate.ts';
import { nationalRuleSet, policyDefaults } from './rules.ts';
import { evolveAccession, initialAccession } from './state.ts';
import { viewAccession } from './views.ts';

const tube = fc.constantFrom('TUBE1', 'TUBE2', 'TUBE3');
const plate = fc.constantFrom('PLATE1', 'PLATE2', 'PLATE3');
const well = fc.constantFrom('A1', 'A2', 'A3', 'B1', 'H11', 'H12', 'Z9');
const control = fc.constantFrom('positive' as const, 'negative' as const);
const ct = fc.option(fc.double({ min: 0.01, max: 60, noNaN: true }));
const target = fc.constantFrom('ORF1ab', 'N', 'IC', 'N gene', 'S', '内标');
const actor = fc.constantFrom('li', 'wang', 'zhao');
const tubes = fc.array(tube, { minLength: 1, maxLength: 4 });
const reason = fc.constant('spilt');
const attempt = fc.integer({ min: 1, max: 3 });
const call = fc.constantFrom('negative', 'positive', 'grey', 'invalid');
const calls = fc.constantFrom(...Object.values(readingsFor));

/** Readings that mean something, beside those that mean nothing. */
const sensible = fc
  .record({ A1: calls, A2: calls, A3: calls, H11: calls, H12: calls })
  .map((wells) => rowsOf(wells));
const senseless = fc.array(fc.record({ well, target, ct }), { maxLength: 12 });

const bodies = {
  'laboratory.plate-loaded': fc.record({
    laboratory: fc.constantFrom('LAB1', 'LAB2'),
    wells: fc.array(
      fc.record(
        { well, tube, attempt, rerunOf: plate },
        { requiredKeys: ['well', 'tube', 'attempt'] },
      ),
      { minLength: 1, maxLength: 4 },
    ),
    controls: fc.oneof(
      fc.constant([
        { well: 'H11', control: 'positive' },
        { well: 'H12', control: 'negative' },
      ]),
      fc.array(fc.record({ well, control }), { maxLength: 3 }),
    ),
  }),
  'laboratory.plate-read': fc.record(
    {
      instrument: fc.constant('CFX96'),
      readings: fc.oneof(sensible, senseless),
      correction: reason,
    },
    { requiredKeys: ['instrument', 'readings'] },
  ),
  'laboratory.plate-signed': fc.record(
    { ruleSet: fc.constant(nationalRuleSet), attemptsMax: attempt },
    { requiredKeys: [] },
  ),
  'laboratory.plate-rejected': fc.record({ reason }),
  'laboratory.rerun-waived': fc.record({ tubes, reason }),
  'laboratory.rerun-loaded': fc.record({ plate, tubes }),
  'laboratory.plate-released': fc.record({
    release: fc.constantFrom('PLATE1', 'PLATE1.2'),
    results: fc.array(fc.record({ tube, result: call }), { minLength: 1, maxLength: 3 }),
  }),
} satisfies Record<keyof typeof plateFacts, fc.Arbitrary<unknown>>;

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
const recorded = fc.array(step, { maxLength: 14 }).map((steps) => facts('plate:PLATE1', steps));

function twiceShuffled(
  histories: fc.Arbitrary<Fact[]>,
): fc.Arbitrary<{ history: Fact[]; other: Fact[] }> {
  return histories.chain((history) =>
    fc
      .shuffledSubarray([...history, ...history], { minLength: 2 * history.length })
      .map((other) => ({ history, other })),
  );
}

type Try = (history: readonly Fact[], who: string) => Decision;

/** Acts as people at a bench may type them, most of them sensible. */
function attemptsAtBench(): fc.Arbitrary<Try> {
  const wells = fc.uniqueArray(
    fc.record({ well: fc.constantFrom('A1', 'a02', 'A3', 'Z9'), tube }),
    { minLength: 1, maxLength: 3, selector: ({ tube: label }) => label },
  );
  const proper = [
    { well: 'H11', control: 'positive' as const },
    { well: 'h12', control: 'negative' as const },
  ];
  const controls = fc.constantFrom(0, 2).map((count) => proper.slice(0, count));
  const shared = { plate: fc.constant('plate1'), laboratory: fc.constant('LAB1') };
  const place = fc.constant('310113');
  const load = fc.record({ ...shared, place, wells, controls });
  const readings = fc.oneof({ weight: 3, arbitrary: sensible }, senseless);
  const reading = fc.record(
    { plate: shared.plate, instrument: fc.constant('CFX96'), readings, correction: reason },
    { requiredKeys: ['plate', 'instrument', 'readings'] },
  );
  return fc.oneof(
    load.map(
      (act): Try =>
        (history, who) =>
          decideLoadPlate(foldPlate(history), act, as(who)),
    ),
    reading.map(
      (act): Try =>
        (history, who) =>
          decideReadPlate(foldPlate(history), act, as(who)),
    ),
    shared.plate.map(
      (name): Try =>
        (history, who) =>
          decideSignPlate(foldPlate(history), { plate: name }, as(who)),
    ),
    fc.record({ plate: shared.plate, reason }).map(
      (act): Try =>
        (history) =>
          decideRejectPlate(foldPlate(history), act),
    ),
    fc.record({ plate: shared.plate, tubes, reason }).map(
      (act): Try =>
        (history, who) =>
          decideWaiveRerun(foldPlate(history), act, as(who)),
    ),
  );
}

describe('laws of a plate', () => {
  it('LA-1 every generated fact is one that the schema lets in', () => {
    fc.assert(
      fc.property(step, ({ kind, body }) => {
        expect(Value.Check(plateFacts[kind as keyof typeof plateFacts].body, body)).toBe(true);
      }),
    );
  });

  it('LA-1 any facts fold and are seen without throwing, and open duties have owner and time', () => {
    fc.assert(
      fc.property(recorded, (history) => {
        const view = see(foldPlate(history));
        expect(JSON.parse(JSON.stringify(view))).toEqual(view);
        for (const duty of view.duties) {
          expect(duty.owner).toBe('role:laboratory');
          expect(duty.dueAt).toBeGreaterThan(duty.since);
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

  it('LA-1 order of arrival and doubles do not matter', () => {
    fc.assert(
      fc.property(twiceShuffled(recorded), ({ history, other }) => {
        expect(foldPlate(other)).toEqual(foldPlate(history));
      }),
    );
  });

  it('LA-7 a tube is final or owed another run, never both unless it was given up', () => {
    fc.assert(
      fc.property(recorded, (history) => {
        const state = foldPlate(history);
        for (const given of tubeCalls(state, policyDefaults)) {
          const settled = state.stage === 'signed' || state.stage === 'rejected';
          expect(given.isFinal || given.isRerunOwed).toBe(settled);
          if (given.isFinal && given.isRerunOwed) expect(state.waived).toHaveProperty(given.tube);
        }
        for (const { result } of releasableResults(state)) expect(result).not.toBeNull();
      }),
    );
  });

  it('LA-1 acts never throw, and what they accept brings no finding they could have refused', () => {
    // What the instrument saw, not what somebody should have been told at the bench.
    const observed = ['laboratory.control-failed', 'laboratory.contamination'];
    const accepted = new Map<string, number>();
    fc.assert(
      fc.property(
        fc.array(fc.tuple(attemptsAtBench(), actor), { minLength: 6, maxLength: 20 }),
        (tries) => {
          let history: Fact[] = [];
          for (const [attempt_, who] of tries) {
            const decision = attempt_(history, who);
            if (decision.kind === 'refused') continue;
            for (const { kind, body } of decision.facts) {
              accepted.set(kind, (accepted.get(kind) ?? 0) + 1);
              expect(Value.Check(plateFacts[kind as keyof typeof plateFacts].body, body)).toBe(
                true,
              );
              const [fresh] = facts('plate:PLATE1', [{ kind, body, actor: who }]);
              if (fresh === undefined) continue;
              const lamport = history.length + 1;
              history = [
                ...history,
                { ...fresh, id: `later-${String(lamport).padStart(6, '0')}`, lamport },
              ];
            }
          }
          const view = see(foldPlate(history));
          for (const { code } of view.findings) expect(observed).toContain(code);
        },
      ),
      { numRuns: 400 },
    );
    expect([...accepted.keys()].sort()).toEqual([
      'laboratory.plate-loaded',
      'laboratory.plate-read',
      'laboratory.plate-rejected',
      'laboratory.plate-signed',
      'laboratory.rerun-waived',
    ]);
  });
});

describe('LA-1 accessions', () => {
  const body = fc.record({ laboratory: fc.constantFrom('LAB1', 'LAB2'), tubes });
  const kind = 'laboratory.specimens-accessioned';
  const histories = fc
    .array(fc.record({ body, lamport: fc.integer({ min: 1, max: 6 }) }), { maxLength: 6 })
    .map((steps) =>
      facts(
        'accession:ACC1',
        steps.map((each) => ({ kind, ...each })),
      ),
    );
  const fold = (history: readonly Fact[]) => {
    let state = initialAccession('ACC1');
    for (const fact of inOrder(history)) state = evolveAccession(state, fact as AccessionFact);
    return state;
  };

  it('LA-1 tubes taken in are at the laboratory, in any order of arrival', () => {
    fc.assert(
      fc.property(twiceShuffled(histories), ({ history, other }) => {
        expect(fold(other)).toEqual(fold(history));
        const view = viewAccession(fold(history));
        const named = new Set(history.flatMap((fact) => (fact as AccessionFact).body.tubes));
        const entries = view.patches.flatMap((patch) => patch.entries.map((entry) => entry.key));
        expect(new Set(entries)).toEqual(named);
      }),
    );
  });

  it('LA-1 a number is used once, a tube named once, labels are folded', () => {
    const act = { accession: 'acc1', laboratory: 'LAB1', place: '310113', tubes: ['tube1'] };
    const fresh = initialAccession('ACC1');
    const decision = decideAccession(fresh, act);
    expect(decision).toMatchObject({
      facts: [{ subject: 'accession:ACC1', body: { laboratory: 'LAB1', tubes: ['TUBE1'] } }],
    });
    const twice = { ...act, tubes: ['tube1', 'TUBE1'] };
    expect(answer(decideAccession(fresh, twice))).toBe('laboratory.tube-twice');
    const bad = { ...act, tubes: ['tübe'] };
    expect(answer(decideAccession(fresh, bad))).toBe('laboratory.bad-label');
    const drafted = decision.kind === 'accepted' ? decision.facts[0]?.body : null;
    expect(Value.Check(accessionFacts[kind].body, drafted)).toBe(true);
    const used = fold(facts('accession:ACC1', [{ kind, body: drafted }]));
    expect(answer(decideAccession(used, act))).toBe('laboratory.already-accessioned');
    const more = { laboratory: 'LAB1', tubes: ['TUBE2'] };
    const steps = [
      { kind, body: drafted },
      { kind, body: more },
    ];
    const view = viewAccession(fold(facts('accession:ACC1', steps)));
    expect(view.findings.map(({ code }) => code)).toEqual(['laboratory.already-accessioned']);
    expect(view.patches[0]?.entries).toHaveLength(2);
  });
});
