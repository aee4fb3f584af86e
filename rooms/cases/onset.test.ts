import { describe, expect, it } from 'vitest';
import { decisions } from './decide.ts';
import { answer, codesOf, minute } from '../../test/support/room.ts';
import { as, personAfter, see, step, type Step } from './fixture.ts';
import { follow } from './follow.ts';
import { policyDefaults } from './rules.ts';

const day = 1_440;
const held = step(0, 'cases.person-held', { tube: 'POOL1', result: 'positive' });
const taken = step(30, 'cases.specimen-taken', { tube: 'SOLO1', purpose: 'recall' });
const positive = step(200, 'cases.specimen-resulted', {
  tube: 'SOLO1',
  result: 'positive',
  purpose: 'recall',
});

describe('investigation', () => {
  const investigated = (at: number, body: Partial<Step<'cases.case-investigated'>['body']>) =>
    step(at, 'cases.case-investigated', { foundIn: 'community', ...body });
  const recordOf = (...steps: readonly Step[]) =>
    follow(personAfter(held, taken, positive, ...steps), policyDefaults).cases[0];
  const today = new Date(minute(300)).toISOString().slice(0, 10);
  const future = new Date(minute(3 * day)).toISOString().slice(0, 10);
  it('CA-16 symptoms that come later make no second case of a symptom-free one', () => {
    const free = investigated(300, { asymptomatic: true });
    expect(recordOf(free)).toMatchObject({ onsetOn: null, asymptomatic: true });
    const state = personAfter(held, taken, positive, free, investigated(400, { onsetOn: today }));
    expect(follow(state, policyDefaults).cases).toMatchObject([
      { onsetOn: today, asymptomatic: false, investigatedAt: minute(300) },
    ]);
    expect(codesOf(see(state))).toEqual([]);
  });
  it('CA-16 what a later investigation does not mention stays as it was known', () => {
    const again = investigated(400, { foundIn: 'isolation' });
    expect(recordOf(investigated(300, { onsetOn: today }), again)).toMatchObject({
      onsetOn: today,
      foundIn: 'isolation',
    });
  });
  it('CA-16 an onset told before the result belongs to the case that the result opens', () => {
    const early = investigated(100, { onsetOn: today });
    const state = personAfter(held, taken, early, positive);
    expect(follow(state, policyDefaults).cases).toMatchObject([{ onsetOn: today }]);
  });
  it('CA-16 no onset lies in the future: refused at a desk, a finding from a device', () => {
    const { 'record-investigation': decide } = decisions;
    const act = { person: 7, foundIn: 'community', onsetOn: future } as const;
    const state = personAfter(held, taken, positive);
    expect(answer(decide(state, act, as('hq', 300)))).toBe('cases.onset-in-future');
    expect(recordOf(investigated(300, { onsetOn: future }))).toMatchObject({ onsetOn: null });
    const reported = personAfter(held, taken, positive, investigated(300, { onsetOn: future }));
    expect(codesOf(see(reported))).toEqual(['cases.onset-in-future']);
  });
  it('CA-16 a case with symptoms is not said to have none', () => {
    const { 'record-investigation': decide } = decisions;
    const act = { person: 7, foundIn: 'community', asymptomatic: true } as const;
    const state = personAfter(held, taken, positive, investigated(300, { onsetOn: today }));
    expect(answer(decide(state, act, as('hq', 300)))).toBe('cases.onset-without-symptoms');
  });
});
