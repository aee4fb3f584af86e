import { describe, expect, it } from 'vitest';
import { minuteMs } from '../../kernel/instant.ts';
import {
  decideHandOver,
  decideReceive,
  decideReconcile,
  decideReportLost,
  decideSealBox,
} from './decide.ts';
import { answer, codesOf, dutyOf, morning, type Step, tubeOf } from '../../test/support/room.ts';
import { as, boxAfter, see } from './fixture.ts';
import { initialBox } from './state.ts';

const sealed: Step = {
  kind: 'custody.box-sealed',
  body: { tubes: ['TUBE1', 'TUBE2', 'TUBE3'], from: 'user:li' },
};
const leg = (number: number, from: string, to: string, more: Partial<Step> = {}): Step => ({
  kind: 'custody.box-handed-over',
  body: { leg: number, from: `user:${from}`, to: `user:${to}` },
  ...more,
});
const received = (body: object = {}, more: Partial<Step> = {}): Step => ({
  kind: 'custody.box-received',
  body: {
    laboratory: 'LAB1',
    present: ['TUBE1', 'TUBE2', 'TUBE3'],
    missing: [],
    extra: [],
    broken: [],
    warm: false,
    ...body,
  },
  ...more,
});
const lost: Step = { kind: 'custody.box-lost', body: { reason: 'left in a van' } };

describe('CU-1 stages', () => {
  it('CU-1 a box goes from sealed to moving to received', () => {
    expect(boxAfter().stage).toBe('unknown');
    expect(boxAfter(sealed).stage).toBe('sealed');
    expect(boxAfter(sealed, leg(1, 'li', 'wang')).stage).toBe('moving');
    const view = see(boxAfter(sealed, leg(1, 'li', 'wang'), received()));
    expect(view).toMatchObject({ stage: 'received', done: true, holder: null, findings: [] });
  });

  it('CU-1 acts out of season are refused with the code of the stage', () => {
    const unknown = initialBox('BOX1');
    const there = boxAfter(sealed, received());
    const gone = boxAfter(sealed, lost);
    const give = { box: 'BOX1', to: 'user:wang' };
    expect(answer(decideHandOver(unknown, give, as('li')))).toBe('custody.not-sealed');
    expect(answer(decideHandOver(there, give, as('li')))).toBe('custody.already-received');
    expect(answer(decideHandOver(gone, give, as('li')))).toBe('custody.already-lost');
    const take = { box: 'BOX1', laboratory: 'LAB1', present: ['TUBE1'] };
    expect(answer(decideReceive(there, take, as('lab')))).toBe('custody.already-received');
    const mourn = { box: 'BOX1', reason: 'gone' };
    expect(answer(decideReportLost(unknown, mourn))).toBe('custody.not-sealed');
    expect(answer(decideReportLost(there, mourn))).toBe('custody.already-received');
    expect(answer(decideReportLost(gone, mourn))).toBe('custody.already-lost');
  });
});

describe('CU-2 sealing', () => {
  it('CU-2 a typed label is folded: full-width, lower case and spaces', () => {
    const decision = decideSealBox(
      initialBox('BOX1'),
      { box: 'ｂｏｘ1', tubes: [' tube1', 'ＴＵＢＥ２'], place: '310113' },
      as('li'),
    );
    expect(decision).toMatchObject({
      facts: [{ subject: 'box:BOX1', body: { tubes: ['TUBE1', 'TUBE2'], from: 'user:li' } }],
    });
  });

  it('CU-2 a label of the wrong alphabet is refused', () => {
    const act = { box: 'BOX1', tubes: ['TUBE1', 'tübe2'], place: '310113' };
    expect(answer(decideSealBox(initialBox('BOX1'), act, as('li')))).toBe('custody.bad-label');
  });

  it('CU-2 a tube listed twice is refused, and on record it is a finding', () => {
    const act = { box: 'BOX1', tubes: ['TUBE1', 'tube1'], place: '310113' };
    expect(answer(decideSealBox(initialBox('BOX1'), act, as('li')))).toBe('custody.tube-twice');
    const body = { tubes: ['TUBE1', 'TUBE1'], from: 'user:li' };
    const state = boxAfter({ kind: 'custody.box-sealed', body });
    expect(state.seal?.tubes).toEqual(['TUBE1']);
    expect(codesOf(see(state))).toEqual(['custody.tube-twice']);
  });

  it('CU-2 a box is sealed once: the first report is believed, a different one is a finding', () => {
    const again = { ...sealed, body: { tubes: ['TUBE9'], from: 'user:li' } };
    const state = boxAfter(sealed, again);
    expect(state.seal?.tubes).toEqual(['TUBE1', 'TUBE2', 'TUBE3']);
    expect(codesOf(see(state))).toEqual(['custody.already-sealed']);
    const act = { box: 'BOX1', tubes: ['TUBE9'], place: '310113' };
    expect(answer(decideSealBox(boxAfter(sealed), act, as('li')))).toBe('custody.already-sealed');
  });

  it('CU-2 two reports that agree confirm each other', () => {
    const state = boxAfter(sealed, sealed, leg(1, 'li', 'wang'), leg(1, 'li', 'wang'), received(), {
      ...received(),
      actor: 'another',
    });
    expect(codesOf(see(state))).toEqual([]);
  });

  it('CU-2 nothing is sealed nowhere', () => {
    const act = { box: 'BOX1', tubes: ['TUBE1'] };
    expect(answer(decideSealBox(initialBox('BOX1'), act, as('li')))).toBe('custody.place-missing');
  });
});

describe('CU-3 hand-over', () => {
  it('CU-3 only the holder hands a box over', () => {
    const state = boxAfter(sealed, leg(1, 'li', 'wang'));
    const give = { box: 'BOX1', to: 'user:zhao' };
    expect(answer(decideHandOver(state, give, as('li')))).toBe('custody.not-the-holder');
    expect(answer(decideHandOver(state, give, as('wang')))).toBe('accepted');
    const forWang = { ...give, from: 'user:wang' };
    expect(answer(decideHandOver(state, forWang, as('desk')))).toBe('accepted');
  });

  it('CU-3 the same as a report is a finding with the same code, and the box has moved', () => {
    const view = see(boxAfter(sealed, leg(1, 'thief', 'wang')));
    expect(codesOf(view)).toEqual(['custody.not-the-holder']);
    expect(view.holder).toBe('user:wang');
  });

  it('CU-3 legs are ordered by number, so late records fall into place', () => {
    const late = boxAfter(sealed, leg(2, 'wang', 'zhao'), leg(1, 'li', 'wang'));
    const view = see(late);
    expect(codesOf(view)).toEqual([]);
    expect(view.holder).toBe('user:zhao');
  });

  it('CU-3 a skipped leg is a finding until it comes, and refused at a desk', () => {
    const view = see(boxAfter(sealed, leg(2, 'wang', 'zhao')));
    expect(codesOf(view)).toEqual(['custody.leg-skipped']);
    const act = { box: 'BOX1', to: 'user:zhao', leg: 3 };
    expect(answer(decideHandOver(boxAfter(sealed), act, as('li')))).toBe('custody.leg-skipped');
  });

  it('CU-3 a doubled leg with other people is a finding, and refused at a desk', () => {
    const state = boxAfter(sealed, leg(1, 'li', 'wang'), leg(1, 'li', 'zhao'));
    expect(codesOf(see(state))).toEqual(['custody.leg-twice']);
    expect(see(state).holder).toBe('user:wang');
    const act = { box: 'BOX1', to: 'user:zhao', from: 'user:wang', leg: 1 };
    expect(answer(decideHandOver(state, act, as('wang')))).toBe('custody.leg-twice');
  });

  it('CU-3 nobody hands a box to themselves', () => {
    const act = { box: 'BOX1', to: 'user:li' };
    expect(answer(decideHandOver(boxAfter(sealed), act, as('li')))).toBe('custody.same-holder');
    expect(codesOf(see(boxAfter(sealed, leg(1, 'li', 'li'))))).toEqual(['custody.same-holder']);
  });
});

describe('CU-4 a journey without a sealing', () => {
  it('CU-4 is a finding that heals when the sealing comes, before or after in order', () => {
    const bare = boxAfter(leg(1, 'li', 'wang'), received({ extra: ['TUBE1'] }));
    expect(codesOf(see(bare))).toEqual(['custody.not-sealed', 'custody.tubes-extra']);
    const healed = boxAfter(leg(1, 'li', 'wang'), received({ extra: ['TUBE1'] }), sealed);
    expect(codesOf(see(healed))).toEqual([]);
    expect(healed.stage).toBe('received');
    expect(tubeOf(see(healed), 'TUBE1')).toMatchObject({ condition: 'ok', boxStage: 'received' });
  });

  it('CU-4 at the desk it must be said that the box came unrecorded', () => {
    const act = { box: 'BOX1', laboratory: 'LAB1', present: ['TUBE1'], place: '310113' };
    const unknown = initialBox('BOX1');
    expect(answer(decideReceive(unknown, act, as('lab')))).toBe('custody.not-sealed');
    const said = { ...act, unsealed: true };
    expect(decideReceive(unknown, said, as('lab'))).toMatchObject({
      facts: [{ body: { present: ['TUBE1'], missing: [], extra: [], broken: [] } }],
    });
  });

  it('CU-4 a sealing written down late must fit the first leg', () => {
    const state = boxAfter(leg(1, 'li', 'wang'));
    const act = { box: 'BOX1', tubes: ['TUBE1'] };
    expect(answer(decideSealBox(state, act, as('zhao')))).toBe('custody.not-the-holder');
    expect(answer(decideSealBox(state, act, as('li')))).toBe('accepted');
  });
});

describe('CU-5 receipt', () => {
  it('CU-5 missing and extra are worked out from the sealing', () => {
    const act = { box: 'BOX1', laboratory: 'LAB1', present: ['TUBE1', 'TUBE9'], broken: ['TUBE3'] };
    const decision = decideReceive(boxAfter(sealed), act, as('lab'));
    expect(decision).toMatchObject({
      facts: [
        {
          body: {
            present: ['TUBE1', 'TUBE9'],
            missing: ['TUBE2'],
            extra: ['TUBE9'],
            broken: ['TUBE3'],
            warm: false,
          },
        },
      ],
    });
  });

  it('CU-5 each tube is told what became of it, and each kind of difference is a finding', () => {
    const body = {
      present: ['TUBE1', 'TUBE9'],
      missing: ['TUBE2'],
      extra: ['TUBE9'],
      broken: ['TUBE3'],
    };
    const view = see(boxAfter(sealed, leg(1, 'li', 'wang'), received(body)));
    const receivedAt = morning + 2 * minuteMs;
    const here = { box: 'BOX1', boxStage: 'received', laboratory: 'LAB1', receivedAt };
    expect(tubeOf(view, 'TUBE1')).toEqual({
      ...here,
      holder: 'role:laboratory',
      custodySince: receivedAt,
      condition: 'ok',
    });
    expect(tubeOf(view, 'TUBE9')).toMatchObject({ ...here, condition: 'extra' });
    expect(tubeOf(view, 'TUBE3')).toMatchObject({ ...here, condition: 'broken' });
    expect(tubeOf(view, 'TUBE2')).toMatchObject({
      condition: 'missing',
      receivedAt: null,
      holder: 'user:wang',
      custodySince: morning + minuteMs,
    });
    expect(codesOf(view)).toEqual([
      'custody.tubes-broken',
      'custody.tubes-extra',
      'custody.tubes-missing',
    ]);
    expect(view.done).toBe(false);
  });

  it('CU-5 a tube in two lists is refused, and on record it is a finding', () => {
    const act = { box: 'BOX1', laboratory: 'LAB1', present: ['TUBE1'], broken: ['TUBE1'] };
    expect(answer(decideReceive(boxAfter(sealed), act, as('lab')))).toBe('custody.tube-twice');
    const view = see(boxAfter(sealed, received({ broken: ['TUBE1'] })));
    expect(codesOf(view)).toEqual(['custody.tube-twice', 'custody.tubes-broken']);
    expect(tubeOf(view, 'TUBE1')).toMatchObject({ condition: 'broken' });
  });

  it('CU-5 a second receipt that counts otherwise is a finding', () => {
    const state = boxAfter(sealed, received(), received({ laboratory: 'LAB2' }));
    expect(codesOf(see(state))).toEqual(['custody.already-received']);
    expect(state.receipt?.laboratory).toBe('LAB1');
  });
});

describe('CU-6 reconciliation', () => {
  const short = received({ present: ['TUBE1', 'TUBE9'], missing: [], extra: [] });
  const explain = (tube: string, outcome: string): Step => ({
    kind: 'custody.box-reconciled',
    body: { outcomes: [{ tube, outcome }] },
  });

  it('CU-6 the couriers owe an explanation of every missing and extra tube', () => {
    const state = boxAfter(sealed, short);
    expect(dutyOf(see(state), 'reconcile')).toMatchObject({
      kind: 'custody.reconcile-box',
      owner: 'role:courier',
      link: 'deliver',
      since: morning + minuteMs,
      dueAt: morning + 121 * minuteMs,
      endedAt: null,
    });
    const done = boxAfter(
      sealed,
      short,
      explain('TUBE2', 'found'),
      explain('TUBE3', 'lost'),
      explain('TUBE9', 'accepted'),
    );
    const view = see(done);
    const end = { endedAt: morning + 4 * minuteMs, ending: 'reconciled' };
    expect(dutyOf(view, 'reconcile')).toMatchObject(end);
    expect(view.done).toBe(true);
    expect(tubeOf(view, 'TUBE2')).toMatchObject({ condition: 'ok', holder: 'role:laboratory' });
    expect(tubeOf(view, 'TUBE3')).toMatchObject({ condition: 'lost' });
    // A lost tube stays a finding: its people are owed a sample.
    expect(codesOf(view)).toEqual(['custody.tubes-missing']);
  });

  it('CU-6 an explanation must be of a difference, and fit it', () => {
    const state = boxAfter(sealed, short);
    const say = (tube: string, outcome: 'found' | 'accepted'): string =>
      answer(decideReconcile(state, { box: 'BOX1', outcomes: [{ tube, outcome }] }));
    expect(say('TUBE1', 'found')).toBe('custody.no-difference');
    expect(say('TUBE2', 'accepted')).toBe('custody.outcome-unfit');
    expect(say('TUBE9', 'found')).toBe('custody.outcome-unfit');
    expect(say('TUBE9', 'accepted')).toBe('accepted');
    const act = { box: 'BOX1', outcomes: [{ tube: 'TUBE1', outcome: 'found' as const }] };
    expect(answer(decideReconcile(boxAfter(sealed), act))).toBe('custody.not-received');
    const codes = codesOf(see(boxAfter(sealed, received(), explain('TUBE1', 'found'))));
    expect(codes).toEqual(['custody.no-difference']);
  });
});

describe('CU-7 temperature', () => {
  it('CU-7 a warm box is received all the same, and is a finding', () => {
    const act = { box: 'BOX1', laboratory: 'LAB1', present: ['TUBE1'], temperatureCelsius: 8.1 };
    const decision = decideReceive(boxAfter(sealed), act, as('lab'));
    expect(decision).toMatchObject({ facts: [{ body: { warm: true, temperatureCelsius: 8.1 } }] });
    const view = see(boxAfter(sealed, received({ warm: true })));
    expect(codesOf(view)).toEqual(['custody.box-warm']);
    expect(tubeOf(view, 'TUBE1')).toMatchObject({ condition: 'warm' });
  });

  it('CU-7 the limits are settings: 2 and 8 degrees are still right, 1.9 is cold', () => {
    const at = (temperatureCelsius: number): string[] =>
      codesOf(see(boxAfter(sealed, received({ temperatureCelsius }))));
    expect(at(2)).toEqual([]);
    expect(at(8)).toEqual([]);
    expect(at(1.9)).toEqual(['custody.box-cold']);
  });
});

describe('CU-8 loss', () => {
  it('CU-8 a lost box takes its tubes with it, so that its people are sampled again', () => {
    const view = see(boxAfter(sealed, leg(1, 'li', 'wang'), lost));
    expect(codesOf(view)).toEqual(['custody.box-lost']);
    expect(tubeOf(view, 'TUBE2')).toMatchObject({ boxStage: 'lost', condition: 'lost' });
    expect(dutyOf(view, 'deliver')).toMatchObject({
      ending: 'lost',
      endedAt: morning + 2 * minuteMs,
    });
  });

  it('CU-8 a box that turns up is received, and the loss is over', () => {
    const view = see(boxAfter(sealed, lost, received()));
    expect(codesOf(view)).toEqual([]);
    expect(dutyOf(view, 'deliver')).toMatchObject({ ending: 'received' });
  });

  it('CU-8 a loss reported of a received box, or a leg of a lost one, is a finding', () => {
    expect(codesOf(see(boxAfter(sealed, received(), lost)))).toEqual(['custody.already-received']);
    const codes = codesOf(see(boxAfter(sealed, lost, leg(1, 'li', 'wang'))));
    expect(codes).toEqual(['custody.already-lost', 'custody.box-lost']);
  });
});

describe('CU-9 delivery in time', () => {
  it('CU-9 the holder owes the box within the limit of the sealing', () => {
    const view = see(boxAfter(sealed, leg(1, 'li', 'wang')));
    expect(dutyOf(view, 'deliver')).toEqual({
      key: 'deliver',
      kind: 'custody.deliver-box',
      account: null,
      link: 'deliver',
      person: null,
      owner: 'user:wang',
      place: '310113003001',
      since: morning,
      dueAt: morning + 240 * minuteMs,
      endedAt: null,
      ending: null,
    });
  });

  it('CU-9 the limit runs from the earliest tube when that is known', () => {
    const earliestTubeAt = morning - 50 * minuteMs;
    const body = { tubes: ['TUBE1'], from: 'user:li', earliestTubeAt };
    const view = see(boxAfter({ kind: 'custody.box-sealed', body }));
    const dueAt = earliestTubeAt + 240 * minuteMs;
    expect(dutyOf(view, 'deliver')).toMatchObject({ since: earliestTubeAt, dueAt });
  });

  it('CU-9 a clock that ran backwards gives no negative time', () => {
    const view = see(boxAfter(sealed, received({}, { minute: -30 })));
    expect(dutyOf(view, 'deliver')).toMatchObject({ since: morning, endedAt: morning });
  });
});
