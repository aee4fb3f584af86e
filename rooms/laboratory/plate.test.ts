import { describe, expect, it } from 'vitest';
import { minuteMs } from '../../kernel/instant.ts';
import {
  decideLoadPlate,
  decideReadPlate,
  decideRejectPlate,
  decideSignPlate,
  decideWaiveRerun,
} from './decide.ts';
import { answer, codesOf, dutyOf, morning, type Step, tubeOf } from '../../test/support/room.ts';
import { as, loaded, plateAfter, read, readingsFor, rowsOf, see, signed } from './fixture.ts';
import { releasableResults } from './plate.ts';
import { policyDefaults } from './rules.ts';
import { initialPlate } from './state.ts';

const rejected: Step = { kind: 'laboratory.plate-rejected', body: { reason: 'power cut' } };
const released: Step = {
  kind: 'laboratory.plate-released',
  body: { release: 'PLATE1', results: [{ tube: 'TUBE1', result: 'negative' }] },
};
const controls = [
  { well: 'H11', control: 'positive' as const },
  { well: 'H12', control: 'negative' as const },
];
const load = (wells: { well: string; tube: string; rerunOf?: string; attempt?: number }[]) => ({
  plate: 'PLATE1',
  laboratory: 'LAB1',
  place: '310113',
  wells,
  controls,
});
const unknown = initialPlate('PLATE1');

describe('LA-1 stages of a plate', () => {
  it('LA-1 a plate is loaded, read, signed; the patch follows it', () => {
    const one = loaded(['TUBE1']);
    expect(tubeOf(see(plateAfter(one)), 'TUBE1')).toEqual({
      plate: 'PLATE1',
      well: 'A1',
      attempt: 1,
      plateStage: 'loaded',
      call: null,
      loadedAt: morning,
      calledAt: null,
      signedAt: null,
    });
    const view = see(plateAfter(one, read(['negative']), signed));
    expect(codesOf(view)).toEqual([]);
    expect(tubeOf(view, 'TUBE1')).toMatchObject({
      plateStage: 'signed',
      call: 'negative',
      calledAt: morning + minuteMs,
      signedAt: morning + 2 * minuteMs,
    });
  });

  it('LA-1 acts out of season are refused with the code of the stage', () => {
    const at = {
      unknown,
      loaded: plateAfter(loaded(['TUBE1'])),
      read: plateAfter(loaded(['TUBE1']), read(['negative'])),
      signed: plateAfter(loaded(['TUBE1']), read(['negative']), signed),
      rejected: plateAfter(loaded(['TUBE1']), rejected),
    };
    const readings = [{ well: 'A1', target: 'N', ct: 20 }];
    const reading = { plate: 'PLATE1', instrument: 'CFX96', readings };
    const sign = { plate: 'PLATE1' };
    const reject = { plate: 'PLATE1', reason: 'spilt' };
    const waive = { plate: 'PLATE1', tubes: ['TUBE1'], reason: 'empty' };
    const wells = [{ well: 'A1', tube: 'TUBE1' }];
    expect(answer(decideLoadPlate(at.read, load(wells), as('li')))).toBe(
      'laboratory.already-loaded',
    );
    expect(answer(decideReadPlate(at.unknown, reading, as('li')))).toBe('laboratory.not-loaded');
    expect(answer(decideReadPlate(at.read, reading, as('li')))).toBe('laboratory.already-read');
    expect(answer(decideReadPlate(at.signed, reading, as('li')))).toBe('laboratory.already-signed');
    expect(answer(decideReadPlate(at.rejected, reading, as('li')))).toBe(
      'laboratory.already-rejected',
    );
    expect(answer(decideSignPlate(at.loaded, sign, as('wang')))).toBe('laboratory.not-read');
    expect(answer(decideSignPlate(at.signed, sign, as('wang')))).toBe('laboratory.already-signed');
    expect(answer(decideRejectPlate(at.rejected, reject))).toBe('laboratory.already-rejected');
    expect(answer(decideRejectPlate(at.signed, reject))).toBe('accepted');
    expect(answer(decideWaiveRerun(at.read, waive, as('li')))).toBe('laboratory.not-signed');
  });

  it('LA-1 a step without the one before is a finding that heals when that comes', () => {
    expect(codesOf(see(plateAfter(read(['negative']))))).toEqual(['laboratory.not-loaded']);
    expect(codesOf(see(plateAfter(loaded(['TUBE1']), signed)))).toEqual(['laboratory.not-read']);
    const healed = plateAfter(signed, read(['negative']), loaded(['TUBE1']));
    expect(healed.stage).toBe('signed');
    expect(codesOf(see(healed))).toEqual([]);
  });

  it('LA-1 the first report of a part is believed; another that differs is a finding', () => {
    const twice = plateAfter(loaded(['TUBE1']), loaded(['TUBE2']), loaded(['TUBE1']));
    expect(codesOf(see(twice))).toEqual(['laboratory.already-loaded']);
    expect(twice.load?.wells.map(({ tube }) => tube)).toEqual(['TUBE1']);
    const reread = plateAfter(loaded(['TUBE1']), read(['negative']), read(['positive']));
    expect(codesOf(see(reread))).toEqual(['laboratory.already-read']);
    expect(tubeOf(see(reread), 'TUBE1')).toMatchObject({ call: 'negative' });
    const late = plateAfter(loaded(['TUBE1']), read(['negative']), signed, read(['positive']));
    expect(codesOf(see(late))).toEqual(['laboratory.already-signed']);
  });

  it('LA-1 before signature a wrong file is put right with a reason', () => {
    const right = read(['positive'], {}, { correction: 'file of another plate' });
    const state = plateAfter(loaded(['TUBE1']), read(['negative']), right);
    expect(codesOf(see(state))).toEqual([]);
    expect(tubeOf(see(state), 'TUBE1')).toMatchObject({ call: 'positive' });
    const before = plateAfter(loaded(['TUBE1']), read(['negative']));
    const readings = rowsOf({ A1: readingsFor.positive, H11: readingsFor.positive });
    const act = {
      plate: 'PLATE1',
      instrument: 'CFX96',
      readings: [...readings, ...rowsOf({ H12: readingsFor.negative })],
      correction: 'file of another plate',
    };
    expect(answer(decideReadPlate(before, act, as('li')))).toBe('accepted');
  });

  it('LA-1 a rejected plate counts for nothing, unless its results are out', () => {
    const view = see(plateAfter(loaded(['TUBE1']), read(['positive']), rejected));
    expect(tubeOf(view, 'TUBE1')).toMatchObject({ plateStage: 'rejected', call: null });
    const out = plateAfter(loaded(['TUBE1']), read(['negative']), signed, released, rejected);
    expect(out.stage).toBe('signed');
    expect(codesOf(see(out))).toEqual(['laboratory.already-released']);
    const act = { plate: 'PLATE1', reason: 'spilt' };
    expect(answer(decideRejectPlate(out, act))).toBe('laboratory.already-released');
  });
});

describe('LA-2 and LA-3 wells and tubes', () => {
  it('LA-2 wells are A1 to H12, however written', () => {
    const decision = decideLoadPlate(unknown, load([{ well: 'a01', tube: 'tube1' }]), as('li'));
    expect(decision).toMatchObject({
      facts: [{ body: { wells: [{ well: 'A1', tube: 'TUBE1', attempt: 1 }] } }],
    });
    for (const well of ['I1', 'A13', 'A0', '']) {
      const act = load([{ well, tube: 'TUBE1' }]);
      expect(answer(decideLoadPlate(unknown, act, as('li')))).toBe('laboratory.unknown-well');
    }
  });

  it('LA-2 an unknown well on record is a finding, and its tube invalid', () => {
    const body = {
      laboratory: 'LAB1',
      wells: [{ well: 'Z9', tube: 'TUBE1', attempt: 1 }],
      controls,
    };
    const load9 = { kind: 'laboratory.plate-loaded', body };
    const view = see(plateAfter(load9, read([], { Z9: readingsFor.negative })));
    expect(codesOf(view)).toEqual(['laboratory.unknown-well', 'laboratory.unknown-well']);
    expect(tubeOf(view, 'TUBE1')).toMatchObject({ call: 'invalid' });
  });

  it('LA-3 a well or a tube used twice is refused, and on record a finding', () => {
    const sameWell = load([
      { well: 'A1', tube: 'TUBE1' },
      { well: 'A01', tube: 'TUBE2' },
    ]);
    expect(answer(decideLoadPlate(unknown, sameWell, as('li')))).toBe('laboratory.well-twice');
    const onControl = load([{ well: 'H12', tube: 'TUBE1' }]);
    expect(answer(decideLoadPlate(unknown, onControl, as('li')))).toBe('laboratory.well-twice');
    const sameTube = load([
      { well: 'A1', tube: 'TUBE1' },
      { well: 'A2', tube: 'TUBE1' },
    ]);
    expect(answer(decideLoadPlate(unknown, sameTube, as('li')))).toBe('laboratory.tube-twice');
  });

  it('LA-3 of two tubes in one well neither has a result', () => {
    const wells = ['TUBE1', 'TUBE2'].map((tube) => ({ well: 'A1', tube, attempt: 1 }));
    const body = { laboratory: 'LAB1', wells, controls };
    const view = see(plateAfter({ kind: 'laboratory.plate-loaded', body }, read(['negative'])));
    expect(codesOf(view)).toEqual(['laboratory.well-twice']);
    expect(tubeOf(view, 'TUBE1')).toMatchObject({ call: 'invalid' });
    expect(tubeOf(view, 'TUBE2')).toMatchObject({ call: 'invalid' });
  });

  it('LA-3 of two wells with one tube the graver counts', () => {
    const view = see(plateAfter(loaded(['TUBE1', 'TUBE1']), read(['negative', 'grey'])));
    expect(codesOf(view)).toEqual(['laboratory.tube-twice']);
    expect(tubeOf(view, 'TUBE1')).toMatchObject({ call: 'grey' });
  });
});

describe('LA-5 controls', () => {
  it('LA-5 a plate without its controls is refused, and on record invalid', () => {
    const act = { ...load([{ well: 'A1', tube: 'TUBE1' }]), controls: controls.slice(1) };
    expect(answer(decideLoadPlate(unknown, act, as('li')))).toBe('laboratory.controls-missing');
    const body = {
      laboratory: 'LAB1',
      wells: [{ well: 'A1', tube: 'TUBE1', attempt: 1 }],
      controls: [],
    };
    const view = see(plateAfter({ kind: 'laboratory.plate-loaded', body }, read(['negative'])));
    expect(codesOf(view)).toContain('laboratory.controls-missing');
    expect(tubeOf(view, 'TUBE1')).toMatchObject({ call: 'invalid' });
  });

  it('LA-5 a control that failed makes every well invalid, and is a finding', () => {
    const faults = [
      // The negative control shows virus, or is grey; the positive one nothing, or late, or early.
      { H12: readingsFor.positive },
      { H12: readingsFor.grey },
      { H11: readingsFor.negative },
      { H11: { ORF1ab: 36, N: 30, IC: 28 } },
      { H11: { ORF1ab: 9, N: 20, IC: 28 } },
    ];
    for (const wells of faults) {
      const state = plateAfter(
        loaded(['TUBE1', 'TUBE2']),
        read(['positive', 'negative'], wells),
        signed,
      );
      const view = see(state);
      expect(codesOf(view)).toEqual(['laboratory.control-failed']);
      expect(tubeOf(view, 'TUBE1')).toMatchObject({ call: 'invalid' });
      expect(tubeOf(view, 'TUBE2')).toMatchObject({ call: 'invalid' });
      expect(releasableResults(state)).toEqual([]);
    }
  });
});

describe('LA-6 signature', () => {
  it('LA-6 whoever loaded or read a plate does not sign it', () => {
    const state = plateAfter(loaded(['TUBE1']), read(['negative'], {}, { actor: 'zhao' }));
    const act = { plate: 'PLATE1' };
    expect(answer(decideSignPlate(state, act, as('li')))).toBe('laboratory.same-signer');
    expect(answer(decideSignPlate(state, act, as('zhao')))).toBe('laboratory.same-signer');
    expect(answer(decideSignPlate(state, act, as('wang')))).toBe('accepted');
  });

  it('LA-6 the same as a report is a finding with the same code', () => {
    const view = see(plateAfter(loaded(['TUBE1']), read(['negative']), { ...signed, actor: 'li' }));
    expect(codesOf(view)).toEqual(['laboratory.same-signer']);
    expect(view.stage).toBe('signed');
  });

  it('LA-6 signed calls stand under the rules they were signed under', () => {
    const before = plateAfter(loaded(['TUBE1']), read(['grey']));
    const decision = decideSignPlate(before, { plate: 'PLATE1' }, as('wang'));
    const [draft] = decision.kind === 'accepted' ? decision.facts : [];
    const state = plateAfter(loaded(['TUBE1']), read(['grey']), {
      kind: 'laboratory.plate-signed',
      body: draft?.body,
      actor: 'wang',
    });
    const { ruleSet } = policyDefaults;
    const targets = ruleSet.targets.map((target) => ({ ...target, positiveBelowCt: 40 }));
    const lenient = { ...policyDefaults, ruleSet: { ...ruleSet, targets } };
    expect(tubeOf(see(before, lenient), 'TUBE1')).toMatchObject({ call: 'positive' });
    expect(tubeOf(see(state, lenient), 'TUBE1')).toMatchObject({ call: 'grey' });
  });
});

describe('LA-7 reruns', () => {
  const failed = plateAfter(loaded(['TUBE1', 'TUBE2']), read(['invalid', 'negative']), signed);
  const again: Step = {
    kind: 'laboratory.rerun-loaded',
    body: { plate: 'PLATE2', tubes: ['TUBE1'] },
    actor: 'system',
  };

  it('LA-7 an invalid tube is owed another run, and only the others are final', () => {
    const view = see(failed);
    expect(dutyOf(view, 'rerun')).toMatchObject({
      kind: 'laboratory.rerun-tubes',
      link: 'test',
      owner: 'role:laboratory',
      since: morning + 2 * minuteMs,
      dueAt: morning + 242 * minuteMs,
      endedAt: null,
    });
    expect(releasableResults(failed)).toEqual([{ tube: 'TUBE2', result: 'negative' }]);
    const done = plateAfter(
      loaded(['TUBE1', 'TUBE2']),
      read(['invalid', 'negative']),
      signed,
      again,
    );
    const end = { endedAt: morning + 3 * minuteMs, ending: 'loaded' };
    expect(dutyOf(see(done), 'rerun')).toMatchObject(end);
    expect(codesOf(see(done))).toEqual([]);
  });

  it('LA-7 the later plate tells the earlier one, with the number of the run', () => {
    const next = initialPlate('PLATE2');
    const act = { ...load([{ well: 'A1', tube: 'TUBE1', rerunOf: 'plate1' }]), plate: 'PLATE2' };
    expect(decideLoadPlate(next, act, as('li', failed))).toMatchObject({
      facts: [{ body: { wells: [{ well: 'A1', tube: 'TUBE1', attempt: 2, rerunOf: 'PLATE1' }] } }],
    });
    const wrong = { ...load([{ well: 'A1', tube: 'TUBE1', rerunOf: 'PLATE1', attempt: 3 }]) };
    const other = { ...wrong, plate: 'PLATE2' };
    expect(answer(decideLoadPlate(next, other, as('li', failed)))).toBe('laboratory.wrong-attempt');
    const view = see(plateAfter(loaded(['TUBE9'], { attempt: 2, rerunOf: 'PLATE0' })));
    expect(view.consequences).toEqual([
      {
        causeId: 'fact-000001',
        causeLamport: 1,
        at: morning,
        draft: {
          kind: 'laboratory.rerun-loaded',
          subject: 'plate:PLATE0',
          place: '310113003001',
          body: { plate: 'PLATE1', tubes: ['TUBE9'] },
        },
      },
    ]);
  });

  it('LA-7 a run nobody owes is refused, and on record a finding', () => {
    const next = initialPlate('PLATE2');
    const from = (tube: string) => ({
      ...load([{ well: 'A1', tube, rerunOf: 'PLATE1' }]),
      plate: 'PLATE2',
    });
    const say = (tube: string): string =>
      answer(decideLoadPlate(next, from(tube), as('li', failed)));
    expect(say('TUBE2')).toBe('laboratory.rerun-not-due');
    expect(say('TUBE7')).toBe('laboratory.rerun-not-due');
    const strange = { ...again, body: { plate: 'PLATE2', tubes: ['TUBE2'] } };
    const view = see(
      plateAfter(loaded(['TUBE1', 'TUBE2']), read(['invalid', 'negative']), signed, strange),
    );
    expect(codesOf(view)).toEqual(['laboratory.rerun-not-due']);
  });

  it('LA-7 after the last run an invalid result is final', () => {
    const last = plateAfter(loaded(['TUBE1'], { attempt: 2 }), read(['invalid']), signed);
    expect(releasableResults(last)).toEqual([{ tube: 'TUBE1', result: 'invalid' }]);
    expect(dutyOf(see(last), 'rerun')).toBeUndefined();
    const act = { ...load([{ well: 'A1', tube: 'TUBE1', rerunOf: 'PLATE1' }]), plate: 'PLATE3' };
    expect(answer(decideLoadPlate(initialPlate('PLATE3'), act, as('li', last)))).toBe(
      'laboratory.attempts-exhausted',
    );
  });

  it('LA-7 what failed with its plate runs again whatever its number', () => {
    const bad = { H12: readingsFor.positive };
    const spoilt = plateAfter(loaded(['TUBE1'], { attempt: 2 }), read(['negative'], bad), signed);
    expect(releasableResults(spoilt)).toEqual([]);
    expect(dutyOf(see(spoilt), 'rerun')).toMatchObject({ endedAt: null });
    const dropped = plateAfter(loaded(['TUBE1'], { attempt: 2 }), rejected);
    expect(dutyOf(see(dropped), 'rerun')).toMatchObject({ endedAt: null });
    const act = { ...load([{ well: 'A1', tube: 'TUBE1', rerunOf: 'PLATE1' }]), plate: 'PLATE3' };
    const decision = decideLoadPlate(initialPlate('PLATE3'), act, as('li', dropped));
    expect(decision).toMatchObject({ facts: [{ body: { wells: [{ attempt: 3 }] } }] });
  });

  it('LA-7 a run that cannot be made is given up with a reason, and the result is invalid', () => {
    const act = { plate: 'PLATE1', tubes: ['TUBE1'], reason: 'nothing left in the tube' };
    expect(answer(decideWaiveRerun(failed, act, as('li')))).toBe('accepted');
    const other = { ...act, tubes: ['TUBE2'] };
    expect(answer(decideWaiveRerun(failed, other, as('li')))).toBe('laboratory.rerun-not-due');
    const waived: Step = {
      kind: 'laboratory.rerun-waived',
      body: { tubes: ['TUBE1'], reason: 'nothing left in the tube' },
    };
    const state = plateAfter(
      loaded(['TUBE1', 'TUBE2']),
      read(['invalid', 'negative']),
      signed,
      waived,
    );
    expect(releasableResults(state)).toContainEqual({ tube: 'TUBE1', result: 'invalid' });
    expect(dutyOf(see(state), 'release-waived')).toMatchObject({ since: morning + 3 * minuteMs });
  });
});

describe('LA-8 contamination', () => {
  it('LA-8 an empty well that shows virus is a finding; an internal control in it is none', () => {
    const empty = { C1: readingsFor.positive, C2: { ORF1ab: null, N: null, IC: 20 } };
    const view = see(plateAfter(loaded(['TUBE1']), read(['negative'], empty)));
    const [finding] = view.findings;
    expect(codesOf(view)).toEqual(['laboratory.contamination']);
    expect(finding?.details).toMatchObject({ count: 1, first: ['C1'] });
  });
});

describe('LA-9 time', () => {
  it('LA-9 reading, signature and release are owed in turn', () => {
    const one = plateAfter(loaded(['TUBE1']));
    expect(dutyOf(see(one), 'read')).toMatchObject({
      kind: 'laboratory.read-plate',
      link: 'test',
      since: morning,
      dueAt: morning + 240 * minuteMs,
      endedAt: null,
    });
    const two = plateAfter(loaded(['TUBE1']), read(['negative']));
    expect(dutyOf(see(two), 'read')).toMatchObject({ ending: 'read' });
    expect(dutyOf(see(two), 'sign')).toMatchObject({ dueAt: morning + 61 * minuteMs });
    const three = plateAfter(loaded(['TUBE1']), read(['negative']), signed);
    expect(see(three)).toMatchObject({ done: false, holder: 'role:laboratory' });
    expect(dutyOf(see(three), 'release')).toMatchObject({
      kind: 'laboratory.release-plate',
      link: 'report',
      since: morning + 2 * minuteMs,
      dueAt: morning + 122 * minuteMs,
      endedAt: null,
    });
    const four = plateAfter(loaded(['TUBE1']), read(['negative']), signed, released);
    const end = { ending: 'released', endedAt: morning + 3 * minuteMs };
    expect(dutyOf(see(four), 'release')).toMatchObject(end);
    expect(see(four)).toMatchObject({ done: true, holder: null });
  });

  it('LA-9 a rejected plate owes no reading and no signature, only its tubes', () => {
    const view = see(plateAfter(loaded(['TUBE1']), rejected));
    expect(view.duties.filter((duty) => duty.endedAt === null).map((duty) => duty.key)).toEqual([
      'rerun',
    ]);
  });
});

describe('RE-1 seen from the plate', () => {
  it('RE-1 a release from an unsigned plate is a finding that heals with the signature', () => {
    const early = plateAfter(loaded(['TUBE1']), read(['negative']), released);
    expect(codesOf(see(early))).toEqual(['results.plate-not-signed']);
    const healed = plateAfter(loaded(['TUBE1']), read(['negative']), released, signed);
    expect(codesOf(see(healed))).toEqual([]);
  });

  it('RE-1 a result for a tube that is not on the plate is a finding', () => {
    const view = see(plateAfter(loaded(['TUBE2']), read(['negative']), signed, released));
    expect(codesOf(view)).toEqual(['results.unknown-tube']);
  });
});
