import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { minuteMs } from '../../kernel/instant.ts';
import type { Decision } from '../../ledger/decision.ts';
import type { Fact } from '../../ledger/fact.ts';
import { decideAmend, decideConfirmInformed, decideRelease } from './decide.ts';
import { releaseFacts } from './facts.ts';
import { answer, codesOf, facts, morning, type Step } from '../../test/support/room.ts';
import { foldRelease, plateAfter, plateSteps, reading, releaseAfter, see } from './fixture.ts';
import { type PersonSpecimen, personStatuses, resultForPerson } from './person.ts';
import { initialRelease } from './state.ts';

const released = (results: object[] = []): Step => ({
  kind: 'results.released',
  body: {
    plate: 'PLATE1',
    laboratory: 'LAB1',
    results:
      results.length > 0
        ? results
        : [
            { tube: 'TUBE1', result: 'positive' },
            { tube: 'TUBE2', result: 'negative' },
          ],
  },
});
const amended = (tube: string, result: string): Step => ({
  kind: 'results.amended',
  body: { tube, result, reason: 'wells read in mirror' },
});
const informed = (tube: string): Step => ({ kind: 'results.informed', body: { tube } });
const unknown = initialRelease('PLATE1');
const plate = { plate: 'plate1' };

describe('RE-1 release', () => {
  it('RE-1 a signed plate releases its final calls, which nobody types', () => {
    const state = plateAfter(...plateSteps());
    expect(decideRelease(unknown, plate, reading(state))).toMatchObject({
      facts: [
        {
          kind: 'results.released',
          subject: 'release:PLATE1',
          place: '310113003001',
          body: {
            plate: 'PLATE1',
            laboratory: 'LAB1',
            results: [
              { tube: 'TUBE1', result: 'positive' },
              { tube: 'TUBE2', result: 'negative' },
            ],
          },
        },
      ],
    });
  });

  it('RE-1 an unsigned plate releases nothing', () => {
    for (const count of [0, 1, 2]) {
      const state = plateAfter(...plateSteps().slice(0, count));
      const code = answer(decideRelease(unknown, plate, reading(state)));
      expect(code).toBe('results.plate-not-signed');
    }
  });

  it('RE-1 a tube that is owed another run waits, and goes out under the next label', () => {
    const state = plateAfter(...plateSteps('invalid'));
    const decision = decideRelease(unknown, plate, reading(state));
    expect(decision).toMatchObject({
      facts: [{ body: { results: [{ tube: 'TUBE1', result: 'positive' }] } }],
    });
    const out: Step = {
      kind: 'laboratory.plate-released',
      body: { release: 'PLATE1', results: [{ tube: 'TUBE1', result: 'positive' }] },
    };
    const body = { tubes: ['TUBE2'], reason: 'empty' };
    const waived: Step = { kind: 'laboratory.rerun-waived', body };
    const later = plateAfter(...plateSteps('invalid'), out, waived);
    const second = { plate: 'PLATE1', release: 'PLATE1.2' };
    expect(decideRelease(initialRelease('PLATE1.2'), second, reading(later))).toMatchObject({
      facts: [{ body: { results: [{ tube: 'TUBE2', result: 'invalid' }] } }],
    });
  });

  it('RE-1 nothing final, nothing released', () => {
    const unread: Step = {
      kind: 'laboratory.plate-read',
      body: { instrument: 'CFX96', readings: [] },
    };
    const signed: Step = { kind: 'laboratory.plate-signed', body: {}, actor: 'wang' };
    const state = plateAfter(...plateSteps().slice(0, 1), unread, signed);
    const code = answer(decideRelease(unknown, plate, reading(state)));
    expect(code).toBe('results.nothing-to-release');
  });
});

describe('RE-2 labels', () => {
  it('RE-2 a label is used for one release; the same again confirms it', () => {
    const state = releaseAfter(released());
    const code = answer(decideRelease(state, plate, reading(plateAfter(...plateSteps()))));
    expect(code).toBe('results.already-released');
    expect(codesOf(see(releaseAfter(released(), released())))).toEqual([]);
  });

  it('RE-2 released twice with different results is a finding, and the first stands', () => {
    const other = released([{ tube: 'TUBE1', result: 'negative' }]);
    const view = see(releaseAfter(released(), other));
    expect(codesOf(view)).toEqual(['results.already-released']);
    expect(view.patches[0]?.entries[0]?.values).toMatchObject({ result: 'positive' });
  });

  it('RE-2 a plate whose results are all out releases nothing under another label', () => {
    const all = [
      { tube: 'TUBE1', result: 'positive' },
      { tube: 'TUBE2', result: 'negative' },
    ];
    const body = { release: 'PLATE1', results: all };
    const state = plateAfter(...plateSteps(), { kind: 'laboratory.plate-released', body });
    const act = { plate: 'PLATE1', release: 'PLATE1.2' };
    const code = answer(decideRelease(initialRelease('PLATE1.2'), act, reading(state)));
    expect(code).toBe('results.already-released');
  });

  it('RE-2 a release carries the label of its plate', () => {
    const state = reading(plateAfter(...plateSteps()));
    const say = (release: string, name = 'PLATE1'): string =>
      answer(decideRelease(initialRelease(release), { plate: name, release }, state));
    expect(say('PLATE1')).toBe('accepted');
    expect(say('PLATE1.12')).toBe('accepted');
    expect(say('PLATE2')).toBe('results.bad-label');
    expect(say('PLATE1.0')).toBe('results.bad-label');
    expect(say('plate!', 'plate!')).toBe('results.bad-label');
  });

  it('RE-2 a tube with two results in one list is a finding', () => {
    const both = released([
      { tube: 'TUBE1', result: 'negative' },
      { tube: 'TUBE1', result: 'positive' },
    ]);
    expect(codesOf(see(releaseAfter(both)))).toEqual(['results.tube-twice']);
  });
});

describe('RE-3 amendment', () => {
  const act = { release: 'PLATE1', tube: 'tube1', result: 'negative' as const, reason: 'mirror' };

  it('RE-3 a result is put right with a reason, and the patch says since when and by which fact', () => {
    expect(answer(decideAmend(releaseAfter(released()), act))).toBe('accepted');
    const view = see(releaseAfter(released(), amended('TUBE1', 'negative')));
    expect(codesOf(view)).toEqual([]);
    expect(view.stage).toBe('amended');
    expect(view.patches[0]?.entries).toEqual([
      {
        key: 'TUBE1',
        values: {
          result: 'negative',
          releasedAt: morning,
          release: 'PLATE1',
          amendedAt: morning + minuteMs,
          causeId: 'fact-000002',
          causeLamport: 2,
          causeAt: morning + minuteMs,
        },
      },
      {
        key: 'TUBE2',
        values: {
          result: 'negative',
          releasedAt: morning,
          release: 'PLATE1',
          amendedAt: null,
          causeId: 'fact-000001',
          causeLamport: 1,
          causeAt: morning,
        },
      },
    ]);
  });

  it('RE-3 only what was released can be amended, and only to something else', () => {
    expect(answer(decideAmend(unknown, act))).toBe('results.not-released');
    const state = releaseAfter(released());
    expect(answer(decideAmend(state, { ...act, tube: 'TUBE9' }))).toBe('results.unknown-tube');
    const same = { ...act, result: 'positive' as const };
    expect(answer(decideAmend(state, same))).toBe('results.nothing-to-amend');
    expect(answer(decideAmend(state, { ...act, tube: 'tübe' }))).toBe('results.bad-label');
  });

  it('RE-3 the same as reports are findings, and an early amendment heals', () => {
    const codes = (...steps: Step[]): string[] => codesOf(see(releaseAfter(...steps)));
    expect(codes(amended('TUBE1', 'negative'))).toEqual(['results.not-released']);
    expect(codes(amended('TUBE1', 'negative'), released())).toEqual([]);
    expect(codes(released(), amended('TUBE9', 'negative'))).toEqual(['results.unknown-tube']);
    expect(codes(released(), amended('TUBE1', 'positive'))).toEqual(['results.nothing-to-amend']);
  });
});

describe('RE-4 telling people', () => {
  it('RE-4 the people of an amended tube are told in time', () => {
    const state = releaseAfter(released(), amended('TUBE1', 'negative'));
    expect(see(state)).toMatchObject({ done: false, holder: 'role:community' });
    expect(see(state).duties).toEqual([
      {
        key: 'inform/TUBE1',
        kind: 'results.inform-of-amendment',
        account: null,
        link: 'report',
        person: null,
        owner: 'role:community',
        place: '310113003001',
        since: morning + minuteMs,
        dueAt: morning + 121 * minuteMs,
        endedAt: null,
        ending: null,
      },
    ]);
    const told = releaseAfter(released(), amended('TUBE1', 'negative'), informed('TUBE1'));
    expect(see(told).duties).toMatchObject([
      { endedAt: morning + 2 * minuteMs, ending: 'informed' },
    ]);
    expect(see(told)).toMatchObject({ done: true, holder: null });
  });

  it('RE-4 another amendment must be told again; a repeated one need not', () => {
    const first = [released(), amended('TUBE1', 'negative'), informed('TUBE1')];
    const again = see(releaseAfter(...first, amended('TUBE1', 'grey')));
    expect(again.duties).toMatchObject([{ since: morning + 3 * minuteMs, endedAt: null }]);
    const same = see(releaseAfter(...first, amended('TUBE1', 'negative')));
    expect(same.duties).toMatchObject([{ ending: 'informed' }]);
  });

  it('RE-4 nobody confirms what does not wait', () => {
    const act = { release: 'PLATE1', tube: 'TUBE1' };
    expect(answer(decideConfirmInformed(unknown, act))).toBe('results.not-released');
    const plain = releaseAfter(released());
    expect(answer(decideConfirmInformed(plain, act))).toBe('results.nothing-to-inform');
    const open = releaseAfter(released(), amended('TUBE1', 'negative'));
    expect(answer(decideConfirmInformed(open, act))).toBe('accepted');
    const other = { ...act, tube: 'TUBE2' };
    expect(answer(decideConfirmInformed(open, other))).toBe('results.nothing-to-inform');
    const codes = codesOf(see(releaseAfter(released(), informed('TUBE1'))));
    expect(codes).toEqual(['results.nothing-to-inform']);
  });
});

describe('RE-5 the plate', () => {
  it('RE-5 the plate learns what has left the laboratory, dated by the release', () => {
    const results = [{ tube: 'TUBE1', result: 'positive' }];
    expect(see(releaseAfter(released(results))).consequences).toEqual([
      {
        causeId: 'fact-000001',
        causeLamport: 1,
        at: morning,
        draft: {
          kind: 'laboratory.plate-released',
          subject: 'plate:PLATE1',
          place: '310113003001',
          body: { release: 'PLATE1', results },
        },
      },
    ]);
  });
});

describe('RE-6 and RE-7 a person’s own result', () => {
  const pool: PersonSpecimen = { poolSize: 10, sealedAt: morning };
  const status = (specimen: PersonSpecimen): string => resultForPerson(specimen).status;

  it('RE-6 a positive mixed tube is not a positive person', () => {
    const given = { ...pool, result: 'positive' as const, releasedAt: morning };
    const { title, text, note } = resultForPerson(given);
    expect(title).toEqual({ en: 'Mixed tube positive: not confirmed', zh: '混管阳性：尚未确诊' });
    expect(text.en).toContain('a sample from you alone');
    expect(text.zh).toContain('单独采样');
    expect(note).toBeNull();
    expect(status({ ...given, poolSize: 1 })).toBe('positive');
    expect(status({ ...given, result: 'grey' })).toBe('grey-pool');
  });

  it('RE-6 before a result the step is told, and only released results are shown', () => {
    expect(status(pool)).toBe('sampled');
    expect(status({ ...pool, receivedAt: morning })).toBe('at-laboratory');
    expect(status({ ...pool, receivedAt: morning, loadedAt: morning })).toBe('testing');
    expect(status({ ...pool, condition: 'lost' })).toBe('sample-again');
    expect(status({ ...pool, voidedAt: morning })).toBe('sample-again');
    expect(status({ ...pool, condition: 'missing' })).toBe('sampled');
    expect(status({ ...pool, result: 'invalid' })).toBe('invalid');
  });

  it('RE-6 a corrected result says so', () => {
    const releasedAt = morning;
    const amendedAt = morning + minuteMs;
    const given = resultForPerson({
      ...pool,
      result: 'negative',
      releasedAt,
      amendedAt: amendedAt as typeof morning,
    });
    expect(given.note?.zh).toContain('更正');
    expect(given.resultAt).toBe(amendedAt);
  });

  it('RE-7 whatever the result, urgent care waits for none', () => {
    const results = [null, 'negative', 'positive', 'grey', 'invalid'] as const;
    const seen = new Set<string>();
    for (const poolSize of [1, 10]) {
      for (const result of results) {
        const given = resultForPerson({ poolSize, result });
        seen.add(given.status);
        expect(given.rights.en).toContain('120');
        expect(given.rights.zh).toContain('不得');
        expect(personStatuses).toContain(given.status);
      }
    }
    expect(seen.size).toBe(7);
  });
});

describe('laws of a release', () => {
  const tube = fc.constantFrom('TUBE1', 'TUBE2', 'TUBE3');
  const result = fc.constantFrom('negative' as const, 'positive' as const, 'grey' as const);
  const reason = fc.constant('mirror');
  const results = fc.array(fc.record({ tube, result }), { minLength: 1, maxLength: 3 });
  const bodies = {
    'results.released': fc.record({
      plate: fc.constantFrom('PLATE1', 'PLATE2'),
      laboratory: fc.constant('LAB1'),
      results,
    }),
    'results.amended': fc.record({ tube, result, reason }),
    'results.informed': fc.record({ tube }),
  } satisfies Record<keyof typeof releaseFacts, fc.Arbitrary<unknown>>;
  const kinds = Object.keys(bodies) as (keyof typeof bodies)[];
  const step = fc.constantFrom(...kinds).chain((kind) =>
    fc.record({
      kind: fc.constant(kind),
      body: bodies[kind] as fc.Arbitrary<unknown>,
      minute: fc.integer({ min: -50, max: 500 }),
      lamport: fc.integer({ min: 1, max: 8 }),
    }),
  );
  const recorded = fc.array(step, { maxLength: 10 }).map((steps) => facts('release:PLATE1', steps));

  it('RE-2 any facts fold in any order of arrival, doubled or not, and are seen', () => {
    const twice = recorded.chain((history) =>
      fc
        .shuffledSubarray([...history, ...history], { minLength: 2 * history.length })
        .map((other) => ({ history, other })),
    );
    fc.assert(
      fc.property(twice, ({ history, other }) => {
        for (const { kind, body } of history) {
          expect(Value.Check(releaseFacts[kind as keyof typeof releaseFacts].body, body)).toBe(
            true,
          );
        }
        expect(foldRelease(other)).toEqual(foldRelease(history));
        const view = see(foldRelease(history));
        expect(JSON.parse(JSON.stringify(view))).toEqual(view);
        const keys = view.findings.map((finding) => finding.key);
        expect(new Set(keys).size).toBe(keys.length);
        for (const duty of view.duties) {
          expect(duty.dueAt).toBeGreaterThan(duty.since);
          expect(duty.endedAt === null || duty.endedAt >= duty.since).toBe(true);
        }
      }),
    );
  });

  it('RE-3 acts never throw, and what they accept brings no finding', () => {
    type Try = (history: readonly Fact[]) => Decision;
    const typed = fc.constantFrom('TUBE1', 'tube2', 'ＴＵＢＥ１', 'TUBE9', 'x');
    const release = fc.constantFrom('PLATE1', 'plate1');
    const state = reading(plateAfter(...plateSteps()));
    const attempts: fc.Arbitrary<Try> = fc.oneof(
      fc.constant<Try>((history) => decideRelease(foldRelease(history), plate, state)),
      fc.record({ release, tube: typed, result, reason }).map(
        (act): Try =>
          (history) =>
            decideAmend(foldRelease(history), act),
      ),
      fc.record({ release, tube: typed }).map(
        (act): Try =>
          (history) =>
            decideConfirmInformed(foldRelease(history), act),
      ),
    );
    const accepted = new Set<string>();
    fc.assert(
      fc.property(fc.array(attempts, { maxLength: 16 }), (tries) => {
        let history: Fact[] = [];
        for (const attempt of tries) {
          const decision = attempt(history);
          if (decision.kind === 'refused') continue;
          for (const { kind, body } of decision.facts) {
            accepted.add(kind);
            expect(Value.Check(releaseFacts[kind as keyof typeof releaseFacts].body, body)).toBe(
              true,
            );
            const lamport = history.length + 1;
            const [fresh] = facts('release:PLATE1', [{ kind, body, lamport }]);
            const id = `later-${String(lamport).padStart(6, '0')}`;
            if (fresh !== undefined) history = [...history, { ...fresh, id }];
          }
        }
        expect(codesOf(see(foldRelease(history)))).toEqual([]);
      }),
    );
    expect(accepted.size).toBe(3);
  });
});
