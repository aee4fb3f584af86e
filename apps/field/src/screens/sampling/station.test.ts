import { expect, test } from 'vitest';
import type { FieldPoint, FieldRoster, FieldRound } from '../../../../../adapters/device/types.ts';
import { isReady, settle } from './station.ts';

const round = (id: string, stage = 'open'): FieldRound => ({
  id,
  stage,
  label: { zh: id, en: id },
  areas: ['A'],
  poolSize: 10,
  startsAt: 0,
  endsAt: 1,
});
const point = (id: string, kind = 'sampling'): FieldPoint => ({
  id,
  kind,
  label: { zh: id, en: id },
  place: 'A',
});
const nothing = { round: '', point: '', poolSize: 0 };

/** The part of a roster that a station is settled from. */
function roster(rounds: FieldRound[], points: FieldPoint[]): FieldRoster {
  return { rounds, points } as unknown as FieldRoster; // the rest is not asked
}

test('FA-3 the only round and the only point are chosen', () => {
  const station = settle(nothing, roster([round('R1'), round('R0', 'closed')], [point('S1')]));
  expect(station).toEqual({ round: 'R1', point: 'S1', poolSize: 10 });
  expect(isReady(station)).toBe(true);
});

test('FA-3 of several none is chosen for the person', () => {
  const station = settle(nothing, roster([round('R1'), round('R2')], [point('S1'), point('S2')]));
  expect(station).toEqual(nothing);
  expect(isReady(station)).toBe(false);
});

test('FA-3 a choice of before stands while there is such a round, and no longer', () => {
  const kept = { round: 'R1', point: 'S2', poolSize: 5 };
  const points = [point('S1'), point('S2'), point('L1', 'laboratory')];
  expect(settle(kept, roster([round('R1'), round('R2')], points))).toEqual(kept);
  const later = settle(kept, roster([round('R1', 'closed'), round('R2')], points));
  expect(later).toEqual({ round: 'R2', point: 'S2', poolSize: 10 });
});
