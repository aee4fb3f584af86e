import { describe, expect, it } from 'vitest';
import { answer, codesOf, minute } from '../../test/support/room.ts';
import { as, dutiesOf, endings, personAfter, see, step, type Step } from './fixture.ts';
import { decisions } from './decide.ts';
import { caseStages, holderAt, policyDefaults } from './rules.ts';
import { holdTermsOf, summariseCase } from './views.ts';

const day = 1_440;
const held = step(0, 'cases.person-held', {
  tube: 'POOL1',
  result: 'positive',
  members: [7, 8, 40],
});
const taken = step(30, 'cases.specimen-taken', { tube: 'SOLO1', purpose: 'recall' });
const negative = step(200, 'cases.specimen-resulted', {
  tube: 'SOLO1',
  result: 'negative',
  purpose: 'recall',
});
const positive = step(200, 'cases.specimen-resulted', {
  tube: 'SOLO1',
  result: 'positive',
  purpose: 'recall',
});
const order = {
  basis: 'contact',
  responsible: 'user:zhao',
  expiresAt: minute(14 * day),
  where: 'home',
  appealTo: 'role:headquarters',
} as const;

describe('holds and recalls', () => {
  it('CA-1 a positive pool holds each member: isolation and recall are owed at once', () => {
    const view = see(personAfter(held));
    expect(view.stage).toBe('held');
    expect(view.holder).toBe('role:community');
    expect(view.place).toBe('310113003001-2-5');
    expect(dutiesOf(view, 'isolate')).toMatchObject([
      { account: 'isolate', owner: 'role:community', person: 7, endedAt: null, dueAt: minute(60) },
    ]);
    expect(dutiesOf(view, 'recall')).toMatchObject([
      { account: 'test', owner: 'role:sampler', endedAt: null, dueAt: minute(240) },
    ]);
  });

  it('CA-1 somebody isolated already counts as isolated when held', () => {
    const view = see(
      personAfter(
        step(-60, 'cases.isolation-ordered', order),
        step(-50, 'cases.isolation-begun', { where: 'home' }),
        held,
      ),
    );
    expect(endings(view, 'isolate')).toEqual(['already']);
  });

  it('CA-2 two pools are one recall', () => {
    const second = step(10, 'cases.person-held', { tube: 'POOL2', result: 'grey' });
    const view = see(personAfter(held, second));
    expect(endings(view, 'recall')).toEqual(['open']);
    const after = see(personAfter(held, second, taken));
    expect(endings(after, 'recall')).toEqual(['taken']);
  });

  it('CA-2 a pool that comes back after the sample asks for another sample', () => {
    const second = step(60, 'cases.person-held', { tube: 'POOL2', result: 'grey' });
    const view = see(personAfter(held, taken, second, negative));
    expect(endings(view, 'recall')).toEqual(['taken', 'open']);
    expect(view.stage).toBe('held');
  });

  it('CA-2 between sample and result the laboratory owes the result', () => {
    const view = see(personAfter(held, taken));
    expect(dutiesOf(view, 'await-result')).toMatchObject([
      { owner: 'role:laboratory', endedAt: null, dueAt: minute(390) },
    ]);
  });

  it('CA-2 a sample that is lost, unclear or invalid is taken again', () => {
    const lost = step(50, 'cases.specimen-lost', { tube: 'SOLO1', reason: 'broken' });
    expect(endings(see(personAfter(held, taken, lost)), 'recall')).toEqual(['taken', 'open']);
    const grey = step(90, 'cases.specimen-resulted', {
      tube: 'SOLO1',
      result: 'grey',
      purpose: 'recall',
    });
    expect(endings(see(personAfter(held, taken, grey)), 'recall')).toEqual(['taken', 'open']);
  });

  it('CA-2 an invalid result of a free person is repeated and holds nobody', () => {
    const view = see(
      personAfter(
        step(0, 'cases.specimen-resulted', {
          tube: 'SOLO9',
          result: 'invalid',
          purpose: 'symptoms',
        }),
      ),
    );
    expect(view.stage).toBe('retest');
    expect(endings(view, 'isolate')).toEqual([]);
    expect(endings(view, 'recall')).toEqual(['open']);
  });

  it('CA-3 a negative single releases, and the basis stays on record', () => {
    const view = see(personAfter(held, taken, negative));
    expect(view.stage).toBe('released');
    expect(view.done).toBe(true);
    expect(endings(view, 'isolate')).toEqual(['released']);
    expect(endings(view, 'review-hold')).toEqual(['released']);
  });

  it('CA-3 a sample taken before the hold does not release', () => {
    const early = step(-30, 'cases.specimen-taken', { tube: 'SOLO1', purpose: 'symptoms' });
    expect(see(personAfter(early, held, negative)).stage).toBe('held');
  });

  it('CA-3 a sampler who had not heard of the hold releases all the same', () => {
    const state = personAfter(taken, { ...held, minute: 10 }, negative);
    expect(see(state).stage).toBe('released');
    expect(endings(see(state), 'recall')).toEqual(['already']);
  });

  it('CA-3 the settings may ask for a second negative', () => {
    const policy = { ...policyDefaults, releaseNegatives: 2 };
    const second = [
      step(300, 'cases.specimen-taken', { tube: 'SOLO2', purpose: 'recall' }),
      step(400, 'cases.specimen-resulted', {
        tube: 'SOLO2',
        result: 'negative',
        purpose: 'recall',
      }),
    ] as const;
    const once = see(personAfter(held, taken, negative), policy);
    expect([once.stage, endings(once, 'recall')]).toEqual(['held', ['open']]);
    expect(see(personAfter(held, taken, negative, ...second), policy).stage).toBe('released');
  });

  it('CA-3 whoever is still apart without cause is to be let out', () => {
    const begun = step(20, 'cases.isolation-begun', { where: 'home' });
    const view = see(personAfter(held, begun, taken, negative));
    expect(view.stage).toBe('isolated');
    expect(view.done).toBe(false);
    expect(dutiesOf(view, 'release')).toMatchObject([{ endedAt: null, dueAt: minute(320) }]);
    const out = step(210, 'cases.isolation-ended', { reason: 'negative' });
    const after = see(personAfter(held, begun, taken, negative, out));
    expect([after.stage, endings(after, 'release')]).toEqual(['released', ['released']]);
    expect(after.findings).toEqual([]);
  });
});

describe('cases', () => {
  it('CA-4 a confirmed single positive opens the case, to be reported in two hours', () => {
    const view = see(personAfter(held, taken, positive));
    expect([view.stage, view.holder]).toEqual(['confirmed', 'role:dispatcher']);
    expect(dutiesOf(view, 'report')).toMatchObject([
      { link: 'report', owner: 'role:headquarters', dueAt: minute(320), endedAt: null },
    ]);
    expect(dutiesOf(view, 'investigate')).toMatchObject([{ dueAt: minute(200 + day) }]);
  });

  it('CA-4 the last result of a tube counts', () => {
    const amended = step(300, 'cases.specimen-resulted', {
      tube: 'SOLO1',
      result: 'negative',
      purpose: 'recall',
    });
    const view = see(personAfter(held, taken, positive, amended));
    expect(view.stage).toBe('released');
    expect(endings(view, 'transfer')).toEqual(['amended']);
    expect(endings(view, 'admit')).toEqual(['amended']);
    expect(endings(view, 'report')).toEqual(['amended']);
    expect(view.consequences).toEqual([]);
    const worse = see(personAfter(held, taken, negative, { ...positive, minute: 500 }));
    expect(worse.stage).toBe('confirmed');
  });

  it('CA-5 transfer, arrival, admission, treatment and discharge each end what is owed', () => {
    const steps = [
      held,
      taken,
      positive,
      step(210, 'cases.case-reported', { reportedTo: 'network' }),
      step(240, 'cases.transferred', { transfer: 'X1' }),
      step(250, 'cases.admitted', { stay: 'S1' }),
    ] as const;
    const arrived = see(personAfter(...steps.slice(0, 5)));
    expect([arrived.stage, arrived.holder]).toEqual(['arrived', 'role:facility']);
    expect(dutiesOf(arrived, 'transfer')).toMatchObject([
      { account: 'isolate', link: 'transfer', ending: 'transferred', endedAt: minute(240) },
    ]);
    expect(dutiesOf(arrived, 'take-in')).toMatchObject([{ link: 'admit', ending: null }]);
    const admitted = see(personAfter(...steps));
    expect(admitted.stage).toBe('admitted');
    expect(dutiesOf(admitted, 'admit')).toMatchObject([{ account: 'admit', ending: 'admitted' }]);
    expect(dutiesOf(admitted, 'treat')).toMatchObject([{ account: 'treat', ending: null }]);
    const home = see(personAfter(...steps, step(9 * day, 'cases.discharged', { stay: 'S1' })));
    expect([home.stage, home.done]).toEqual(['discharged', false]);
    expect(endings(home, 'treat')).toEqual(['discharged']);
    expect(endings(home, 'investigate')).toEqual(['open']);
  });

  it('CA-5 nobody stands in two links at once', () => {
    const steps = [
      held,
      taken,
      positive,
      step(240, 'cases.transferred', { transfer: 'X1' }),
    ] as const;
    for (const length of [3, 4]) {
      const open = see(personAfter(...steps.slice(0, length))).duties.filter(
        (duty) => duty.endedAt === null && (duty.link === 'transfer' || duty.link === 'admit'),
      );
      expect(open).toHaveLength(1);
    }
  });

  it('CA-5 a patient confirmed in bed counts as transferred and admitted', () => {
    const view = see(personAfter(step(0, 'cases.admitted', { stay: 'S1' }), taken, positive));
    expect(endings(view, 'transfer')).toEqual(['already']);
    expect(endings(view, 'admit')).toEqual(['already']);
    expect(endings(view, 'treat')).toEqual(['open']);
    expect(endings(view, 'isolate')).toEqual([]);
  });

  it('CA-5 a driver who had not heard of the result has brought the patient all the same', () => {
    const view = see(
      personAfter(step(240, 'cases.transferred', { transfer: 'X1' }), taken, positive),
    );
    expect([view.stage, endings(view, 'transfer')]).toEqual(['arrived', ['already']]);
  });

  it('CA-5 death ends treatment and everything owed', () => {
    const view = see(
      personAfter(
        taken,
        positive,
        step(300, 'cases.admitted', { stay: 'S1' }),
        step(400, 'cases.discharged', { stay: 'S1', outcome: 'died' }),
      ),
    );
    expect([view.stage, view.holder]).toEqual(['died', null]);
    expect(endings(view, 'treat')).toEqual(['died']);
  });

  it('CA-5 a positive after discharge is a new case', () => {
    const again = step(20 * day, 'cases.specimen-resulted', {
      tube: 'SOLO5',
      result: 'positive',
      purpose: 'symptoms',
    });
    const view = see(
      personAfter(
        taken,
        positive,
        step(300, 'cases.admitted', { stay: 'S1' }),
        step(9 * day, 'cases.discharged', { stay: 'S1' }),
        again,
      ),
    );
    expect(view.stage).toBe('confirmed');
    expect(endings(view, 'transfer')).toEqual(['admitted', 'open']);
  });
});

describe('contacts', () => {
  const listed = step(0, 'cases.contact-listed', { of: 8, via: 'household', tube: 'SOLO8' });

  it('CA-6 a contact is to be isolated and tested by the schedule, one test at a time', () => {
    const view = see(personAfter(listed));
    expect(view.stage).toBe('contact');
    expect(dutiesOf(view, 'isolate')).toMatchObject([{ account: 'isolate', dueAt: minute(720) }]);
    expect(dutiesOf(view, 'contact-test')).toMatchObject([
      { account: 'test', owner: 'role:sampler', dueAt: minute(day), ending: null },
    ]);
    const second = step(300, 'cases.specimen-taken', { tube: 'SOLO3', purpose: 'recall' });
    const after = see(personAfter(listed, second));
    expect(endings(after, 'contact-test')).toEqual(['taken', 'open']);
    expect(dutiesOf(after, 'contact-test')[1]?.dueAt).toBe(minute(4 * day));
  });

  it('CA-6 tests that were not taken in their days are closed as missed', () => {
    const late = step(5 * day, 'cases.specimen-taken', { tube: 'SOLO3', purpose: 'recall' });
    const view = see(personAfter(listed, late));
    expect(endings(view, 'contact-test')).toEqual(['missed', 'missed', 'taken', 'open']);
  });

  it('CA-6 a sample of a sampler who had not heard of the contact counts by its date', () => {
    const before = step(300, 'cases.specimen-taken', { tube: 'SOLO3', purpose: 'exit' });
    const view = see(personAfter(before, listed));
    expect(endings(view, 'contact-test')).toEqual(['taken', 'open']);
    const earlier = step(-300, 'cases.specimen-taken', { tube: 'SOLO3', purpose: 'exit' });
    expect(endings(see(personAfter(earlier, listed)), 'contact-test')).toEqual(['open']);
  });

  it('CA-6 a hold hastens the isolation of a contact', () => {
    const view = see(personAfter(listed, { ...held, minute: 10 }));
    expect(dutiesOf(view, 'isolate')).toMatchObject([{ since: minute(0), dueAt: minute(70) }]);
  });

  it('CA-6 a contact is let out when the days are over and the tests taken', () => {
    const early = personAfter(listed, step(5, 'cases.isolation-ordered', order));
    const end = (state: typeof early, at: number): string =>
      answer(decisions['end-isolation'](state, { person: 7, reason: 'days-over' }, as('li', at)));
    expect(end(early, 3 * day)).toBe('cases.contact-before-days');
    expect(end(early, 14 * day)).toBe('cases.contact-tests-open');
    const tests = [0.5, 2, 5, 13].map((days, index) =>
      step(days * day, 'cases.specimen-taken', { tube: `DAY${index}`, purpose: 'recall' }),
    );
    const tested = personAfter(listed, step(5, 'cases.isolation-ordered', order), ...tests);
    expect(end(tested, 14 * day)).toBe('accepted');
  });

  it('CA-6 who has or had a case is no contact', () => {
    expect(see(personAfter(taken, positive, { ...listed, minute: 300 })).stage).toBe('confirmed');
    const view = see(
      personAfter(
        taken,
        positive,
        step(210, 'cases.admitted', { stay: 'S1' }),
        step(9 * day, 'cases.discharged', { stay: 'S1' }),
        { ...listed, minute: 10 * day },
      ),
    );
    expect(view.stage).toBe('discharged');
  });

  it('CA-7 a case lists its household and its tube-mates, each once', () => {
    const view = see(personAfter(held, taken, positive));
    expect(view.consequences.map(({ draft }) => [draft.subject, draft.body])).toEqual([
      ['person:8', { of: 7, via: 'household', tube: 'SOLO1' }],
      ['person:9', { of: 7, via: 'household', tube: 'SOLO1' }],
      ['person:40', { of: 7, via: 'tube', tube: 'SOLO1' }],
    ]);
    expect(view.consequences[0]).toMatchObject({ causeId: 'fact-000003', at: minute(200) });
  });

  it('CA-7 an old pool makes nobody a contact, and the settings may leave tubes out', () => {
    const later = { ...positive, minute: 4 * day };
    const subjects = (policy: typeof policyDefaults): string[] =>
      see(personAfter(held, taken, later), policy).consequences.map(({ draft }) => draft.subject);
    expect(subjects(policyDefaults)).toEqual(['person:8', 'person:9']);
    expect(subjects({ ...policyDefaults, contactOfHousehold: false })).toEqual([]);
  });

  it('CA-7 only a case has contacts, and nobody is their own', () => {
    const list = (of: number, others = {}): string =>
      answer(
        decisions['list-contact'](
          personAfter(),
          { person: 7, of, via: 'named' },
          as('li', 0, others),
        ),
      );
    expect(list(7)).toBe('cases.contact-of-self');
    expect(list(8)).toBe('cases.not-a-case');
    expect(list(8, { 'person:8': personAfter(taken, positive) })).toBe('accepted');
  });

  it('CA-7 a contact can be taken back', () => {
    const state = personAfter(listed);
    const take = (of: number): string =>
      answer(decisions['withdraw-contact'](state, { person: 7, of }, as('li', 5)));
    expect([take(8), take(9)]).toEqual(['accepted', 'cases.not-a-contact']);
    const view = see(personAfter(listed, step(5, 'cases.contact-withdrawn', { of: 8 })));
    expect([view.stage, endings(view, 'isolate')]).toEqual(['released', ['amended']]);
  });
});

describe('the limits of measures', () => {
  const place = (act: object, at = 10, steps: readonly Step[] = [held]): string =>
    answer(
      decisions['order-isolation'](
        personAfter(...steps),
        { person: 7, where: 'home', ...act },
        as('li', at),
      ),
    );

  it('CA-8 an order without basis, person responsible, expiry and appeal is refused', () => {
    const { where: _, ...limits } = order;
    expect(place(limits)).toBe('accepted');
    for (const name of Object.keys(limits)) {
      expect(place({ ...limits, [name]: undefined })).toBe('cases.order-without-limits');
    }
    const decision = decisions['order-isolation'](
      personAfter(held),
      { person: 7, where: 'home', basis: 'contact' },
      as('li', 0),
    );
    expect(decision).toMatchObject({
      details: { missing: ['responsible', 'expiresAt', 'appealTo'] },
    });
  });

  it('CA-8 an order is neither expired nor longer than the settings allow', () => {
    const { where: _, ...limits } = order;
    expect(place({ ...limits, expiresAt: minute(5) })).toBe('cases.order-expired');
    expect(place({ ...limits, expiresAt: minute(40 * day) })).toBe('cases.order-too-long');
  });

  it('CA-8 an order falls due for review when it expires, and a new one takes its place', () => {
    const first = step(10, 'cases.isolation-ordered', order);
    const view = see(personAfter(held, first));
    expect(dutiesOf(view, 'review-order')).toMatchObject([{ dueAt: minute(14 * day) }]);
    expect(endings(view, 'review-hold')).toEqual(['ordered']);
    expect(endings(view, 'plan-needs')).toEqual(['open']);
    const second = step(20, 'cases.isolation-ordered', { ...order, expiresAt: minute(15 * day) });
    const after = see(personAfter(held, first, second));
    expect(endings(after, 'review-order')).toEqual(['superseded', 'open']);
  });

  it('CA-8 an order lapses with its cause', () => {
    const view = see(personAfter(held, step(5, 'cases.isolation-ordered', order), taken, negative));
    expect(endings(view, 'review-order')).toEqual(['released']);
    expect(view.stage).toBe('released');
  });

  it('CA-9 a hold has its limits before anybody writes an order', () => {
    expect(holdTermsOf(personAfter(held), policyDefaults)).toEqual({
      basis: 'pool-rule',
      responsible: 'role:community',
      expiresAt: minute(day),
      appealTo: 'role:headquarters',
      ordered: false,
    });
    expect(dutiesOf(see(personAfter(held)), 'review-hold')).toMatchObject([{ dueAt: minute(day) }]);
    const ordered = personAfter(held, step(5, 'cases.isolation-ordered', order));
    expect(holdTermsOf(ordered, policyDefaults)).toMatchObject({ ordered: true, basis: 'contact' });
    expect(holdTermsOf(personAfter(held, taken, negative), policyDefaults)).toBeNull();
  });

  it('CA-9 isolation begins only under an order in force or a hold', () => {
    const begin = (at: number, ...steps: readonly Step[]): string =>
      answer(
        decisions['begin-isolation'](
          personAfter(...steps),
          { person: 7, where: 'home', place: '310113003001' },
          as('li', at),
        ),
      );
    const ordered = step(0, 'cases.isolation-ordered', order);
    expect(begin(5)).toBe('cases.no-order-in-force');
    expect(begin(5, held)).toBe('accepted');
    expect(begin(5, ordered)).toBe('accepted');
    expect(begin(15 * day, ordered)).toBe('cases.no-order-in-force');
    const begun = step(4, 'cases.isolation-begun', { where: 'home' });
    expect(begin(5, ordered, begun)).toBe('cases.already-isolated');
    expect(begin(5, held, step(1, 'cases.admitted', { stay: 'S1' }))).toBe('cases.in-a-facility');
  });

  it('CA-10 what breaks the limits all the same is a finding', () => {
    const begun = step(20, 'cases.isolation-begun', { where: 'home' });
    const out = step(25, 'cases.isolation-ended', { reason: 'tired' });
    const early = see(personAfter(held, begun, out));
    expect(codesOf(early)).toEqual(['cases.released-while-held']);
    expect(endings(early, 'isolate')).toEqual(['isolated', 'open']);
    expect(codesOf(see(personAfter(begun)))).toEqual(['cases.isolated-without-order']);
    expect(codesOf(see(personAfter(taken, positive, { ...out, minute: 230 })))).toEqual([
      'cases.released-while-confirmed',
    ]);
    const { appealTo: _, ...without } = order;
    const bad = step(0, 'cases.isolation-ordered', { ...without, expiresAt: minute(-5) });
    expect(codesOf(see(personAfter(bad)))).toEqual([
      'cases.order-expired',
      'cases.order-without-limits',
    ]);
    const listed = step(0, 'cases.contact-listed', { of: 8, via: 'household' });
    expect(codesOf(see(personAfter(listed, out)))).toEqual(['cases.contact-released-early']);
  });

  it('CA-11 an urgent need is owed until the person is moved, whatever any result says', () => {
    const urgent = step(5, 'cases.needs-noted', { urgent: true, notes: ['dialysis'] });
    const view = see(personAfter(urgent));
    expect(dutiesOf(view, 'urgent-care')).toMatchObject([{ dueAt: minute(35), ending: null }]);
    const moved = see(personAfter(urgent, step(20, 'cases.transferred', { transfer: 'X1' })));
    expect(endings(moved, 'urgent-care')).toEqual(['transferred']);
    expect(moved.stage).toBe('unknown');
  });

  it('CA-12 whoever is kept apart may appeal, and not to the one who ordered it', () => {
    const ordered = step(5, 'cases.isolation-ordered', order, 'zhao');
    const appealed = step(10, 'cases.appeal-made', { grounds: 'I live alone' });
    const appeal = (...steps: readonly Step[]): string =>
      answer(decisions.appeal(personAfter(...steps), { person: 7, grounds: 'x' }, as('li', 20)));
    expect(appeal(held)).toBe('accepted');
    expect(appeal()).toBe('cases.nothing-to-appeal');
    expect(appeal(held, appealed)).toBe('cases.appeal-pending');
    const decide = (actor: string, ...steps: readonly Step[]): string =>
      answer(
        decisions['decide-appeal'](
          personAfter(...steps),
          { person: 7, outcome: 'lifted', reason: 'x' },
          as(actor, 20),
        ),
      );
    expect(decide('zhao', held, ordered, appealed)).toBe('cases.appeal-own-order');
    expect(decide('qian', held, ordered, appealed)).toBe('accepted');
    expect(decide('qian', held, ordered)).toBe('cases.no-appeal');
    expect(decide('qian', taken, positive, { ...appealed, minute: 300 })).toBe('cases.case-open');
  });

  it('CA-12 an appeal that is lifted ends the hold and the order', () => {
    const view = see(
      personAfter(
        held,
        step(5, 'cases.isolation-ordered', order),
        step(10, 'cases.appeal-made', { grounds: 'x' }),
        step(20, 'cases.appeal-decided', { outcome: 'lifted', reason: 'x' }),
      ),
    );
    expect(view.stage).toBe('released');
    expect(endings(view, 'decide-appeal')).toEqual(['lifted']);
    expect(view.duties.filter((duty) => duty.endedAt === null)).toEqual([]);
  });
});

describe('stages and desks', () => {
  it('CA-13 every stage has its holder or is nobody’s', () => {
    expect(Object.keys(holderAt).sort()).toEqual([...caseStages].sort());
  });

  it('CA-14 reports that do not fit the record are findings', () => {
    const reported = step(5, 'cases.case-reported', { reportedTo: 'network' });
    expect(codesOf(see(personAfter(held, reported)))).toEqual(['cases.reported-without-case']);
    const late = see(personAfter(reported, taken, positive));
    expect([codesOf(late), endings(late, 'report')]).toEqual([[], []]);
    const twice = personAfter(
      step(0, 'cases.admitted', { stay: 'S1' }),
      step(5, 'cases.admitted', { stay: 'S2' }),
    );
    expect(codesOf(see(twice))).toEqual(['cases.admitted-twice']);
    expect(summariseCase(twice)).toEqual({
      hasOpenCase: false,
      openStays: ['S1', 'S2'],
      careOf: null,
    });
  });

  it('CA-14 a report is made once, of a case', () => {
    const report = (...steps: readonly Step[]): string =>
      answer(
        decisions['report-case'](
          personAfter(...steps),
          { person: 7, reportedTo: 'network' },
          as('li', 300),
        ),
      );
    const reported = step(205, 'cases.case-reported', { reportedTo: 'network' });
    expect(report(held)).toBe('cases.no-case');
    expect(report(taken, positive)).toBe('accepted');
    expect(report(taken, positive, reported)).toBe('cases.already-reported');
  });

  it('CA-14 somebody whom no register knows needs a place', () => {
    const note = (place?: string): string =>
      answer(
        decisions['note-needs'](
          { person: 500, events: [] },
          { person: 500, notes: [], ...(place === undefined ? {} : { place }) },
          as('li', 0),
        ),
      );
    expect([note(), note('310113003001')]).toEqual(['cases.unknown-place', 'accepted']);
  });
});
