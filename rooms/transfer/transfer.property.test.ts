import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayAt } from '../../test/support/arbitrary.ts';
import { arrivalsOf, RoomsTogether, wishesOf } from '../../test/support/rooms-together.ts';
import { capacity } from '../capacity/index.ts';
import { cases } from '../cases/index.ts';
import { foldTransfer, foldVehicle, registers } from './fixture.ts';
import { transfer } from './index.ts';

const together = new RoomsTogether([cases, capacity, transfer], registers);
/** Any facts of a few transfers, vehicles, units and people that know one another. */
const subjects = ['transfer:a1', 'vehicle:a1', 'vehicle:b2', 'unit:a1', 'person:1', 'person:2'];
const records = together.records(subjects, 8);

describe('any record of transfers', () => {
  it('TR-9 any facts fold and can be seen, with owners and clocks', () => {
    fc.assert(
      fc.property(records, (recorded) => {
        for (const subject of subjects) {
          const view = together.view(recorded, subject);
          for (const { owner, since, dueAt, endedAt, ending } of view.duties) {
            expect(owner).toMatch(/^(user|role):/);
            expect(Number.isSafeInteger(dueAt)).toBe(true);
            expect(endedAt === null).toBe(ending === null);
            if (endedAt !== null) expect(endedAt).toBeGreaterThanOrEqual(since);
          }
          for (const { draft } of view.consequences) expect(together.fits(draft)).toBe(true);
          const slots = view.slots.map(({ resource, index }) => `${resource}#${index}`);
          expect(new Set(slots).size).toBe(slots.length);
        }
      }),
    );
  });

  it('TR-9 the same facts in any order of arrival, some twice, give the same state', () => {
    const pairs = records.chain((recorded) => {
      const transfers = recorded.get('transfer:a1') ?? [];
      const vehicles = recorded.get('vehicle:a1') ?? [];
      return fc.tuple(
        fc.constant(transfers),
        arrivalsOf(transfers),
        fc.constant(vehicles),
        arrivalsOf(vehicles),
      );
    });
    fc.assert(
      fc.property(pairs, ([transfers, shuffled, vehicles, mixed]) => {
        expect(foldTransfer(shuffled)).toEqual(foldTransfer(transfers));
        expect(foldVehicle(mixed)).toEqual(foldVehicle(vehicles));
      }),
    );
  });

  it('TR-9 no decision throws, and what is accepted fits its schema and brings no finding', () => {
    const day = fc.integer({ min: 0, max: 40 });
    let accepted = 0;
    fc.assert(
      fc.property(records, wishesOf(transfer), day, (recorded, wish, on) => {
        const now = dayAt(on);
        const decision = together.decide(recorded, wish, { room: transfer, now });
        if (decision.kind === 'refused') return;
        accepted++;
        for (const draft of decision.facts) expect(together.fits(draft)).toBe(true);
        const brought = together.broughtBy(recorded, decision.facts, now);
        expect(brought.filter(({ code }) => !expected.has(code))).toEqual([]);
      }),
    );
    expect(accepted).toBeGreaterThan(0);
  });
});

/**
 * Findings that an accepted act may bring: urgent care does not wait for a child's carer, people
 * do arrive elsewhere than planned, a vehicle or a unit can be changed under those who use it, a
 * stale count is not believed, and someone may hold another bed by another transfer.
 */
const expected = new Set([
  'transfer.child-without-carer',
  'transfer.other-facility',
  'transfer.seat-unknown',
  'transfer.family-split',
  'capacity.over-promised',
  'capacity.person-in-two-beds',
]);
