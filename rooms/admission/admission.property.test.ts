import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrivalsOf, RoomsTogether, wishesOf } from '../../test/support/rooms-together.ts';
import { dayAt } from '../../test/support/arbitrary.ts';
import { capacity } from '../capacity/index.ts';
import { cases } from '../cases/index.ts';
import { foldStay, registers } from './fixture.ts';
import { admission } from './index.ts';

const together = new RoomsTogether([cases, capacity, admission], registers);
/** Any facts of a stay, two units and two people that know one another. */
const subjects = ['stay:a1', 'unit:a1', 'unit:b2', 'person:1', 'person:2'];
const records = together.records(subjects, 10);

describe('any record of a stay', () => {
  it('AD-9 any facts fold and can be seen, with owners and clocks', () => {
    fc.assert(
      fc.property(records, (recorded) => {
        const view = together.view(recorded, 'stay:a1');
        for (const { owner, since, dueAt } of view.duties) {
          expect(owner).toBe('role:facility');
          expect(Number.isSafeInteger(since) && Number.isSafeInteger(dueAt)).toBe(true);
        }
        for (const { draft } of view.consequences) expect(together.fits(draft)).toBe(true);
      }),
    );
  });

  it('AD-9 the same facts in any order of arrival, some twice, give the same state', () => {
    const pairs = records.chain((recorded) => {
      const facts = recorded.get('stay:a1') ?? [];
      return fc.tuple(fc.constant(facts), arrivalsOf(facts));
    });
    fc.assert(
      fc.property(pairs, ([facts, arrived]) => {
        expect(foldStay(arrived)).toEqual(foldStay(facts));
      }),
    );
  });

  it('AD-9 no decision throws, and what it accepts fits its schema and brings no finding', () => {
    // Acts come after the facts by every clock: what is dated after an end is a finding of its own.
    const day = fc.integer({ min: 31, max: 60 });
    const wishes = wishesOf(admission, { stay: 'a1', unit: 'a1', person: 1, bed: 1 });
    let accepted = 0;
    fc.assert(
      fc.property(records, wishes, day, (recorded, wish, on) => {
        const now = dayAt(on);
        fc.pre((recorded.get('stay:a1') ?? []).every(({ at }) => at <= now));
        const decision = together.decide(recorded, wish, { room: admission, now });
        if (decision.kind === 'refused') return;
        accepted++;
        for (const draft of decision.facts) expect(together.fits(draft)).toBe(true);
        const own = decision.facts.filter(({ subject }) => subject.startsWith('stay:'));
        const brought = together.broughtBy(recorded, own, now).map(({ code }) => code);
        // A status may be recorded for today before the one of yesterday is made up for.
        expect(brought.filter((code) => code !== 'admission.status-gap')).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
    expect(accepted).toBeGreaterThan(10);
  });
});
