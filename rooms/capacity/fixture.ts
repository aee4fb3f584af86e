import type { SubjectView } from '../../ledger/derive.ts';
import type { Fact } from '../../ledger/fact.ts';
import { facts, folded, minute, nobody } from '../../test/support/room.ts';
import type { UnitBody, UnitFact, UnitFactKind } from './facts.ts';
import { type CapacityPolicy, policyDefaults } from './rules.ts';
import { evolveUnit, initialUnit, type UnitState } from './state.ts';
import { viewUnit } from './views.ts';

/** What a test says of a fact; the rest is filled in from its place in the list. */
export interface Step<K extends UnitFactKind = UnitFactKind> {
  readonly kind: K;
  readonly body: UnitBody<K>;
  readonly minute: number;
}

/** A step at a minute of the day. */
export function step<K extends UnitFactKind>(at: number, kind: K, body: UnitBody<K>): Step<K> {
  return { kind, body, minute: at };
}

/** Declares the unit U1 with so many beds. */
export function declared(beds: number): Step<'capacity.unit-declared'> {
  const label = { zh: '一区', en: 'Unit 1' };
  return step(0, 'capacity.unit-declared', { facility: 'F1', bedKind: 'fangcang', beds, label });
}

/** Promises a bed to a person, for two hours. */
export function promised(
  at: number,
  promise: string,
  person: number,
  bed: number,
): Step<'capacity.place-promised'> {
  const body = { promise, transfer: `X${person}`, person, bed, until: minute(at + 120) };
  return step(at, 'capacity.place-promised', body);
}

/** The unit U1 after the steps, in the order given. */
export function unitAfter(...steps: readonly Step[]): UnitState {
  return foldUnit(facts('unit:U1', steps, '310113003'));
}

/** Folds facts into a unit, in the agreed order. */
export function foldUnit(recorded: readonly Fact[]): UnitState {
  return folded<UnitState, UnitFact>(initialUnit('U1'), evolveUnit, recorded);
}

/** A view of a unit under the default settings. */
export function see(state: UnitState, policy: CapacityPolicy = policyDefaults): SubjectView {
  return viewUnit(state, { policy, registers: nobody });
}
