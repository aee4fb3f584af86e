import type { SubjectView } from '../../ledger/derive.ts';
import type { Fact } from '../../ledger/fact.ts';
import type { DecideContext } from '../../ledger/room.ts';
import { facts, folded, morning, nobody, type Step } from '../../test/support/room.ts';
import type { BoxFact } from './facts.ts';
import { type CustodyPolicy, policyDefaults } from './rules.ts';
import { type BoxState, evolveBox, initialBox } from './state.ts';
import { viewBox } from './views.ts';

/** Folds steps into a box, in the agreed order. */
export function boxAfter(...steps: readonly Step[]): BoxState {
  return foldBox(facts('box:BOX1', steps));
}

/** Folds facts into a box, in the agreed order. */
export function foldBox(recorded: readonly Fact[]): BoxState {
  return folded<BoxState, BoxFact>(initialBox('BOX1'), evolveBox, recorded);
}

/** A view of a box under the default settings. */
export function see(state: BoxState, policy: CustodyPolicy = policyDefaults): SubjectView {
  return viewBox(state, { policy, registers: nobody });
}

/** A context in which an account acts on the morning of the round. */
export function as(actor: string): DecideContext<CustodyPolicy> {
  const read = (): never => {
    throw new Error('custody reads no other subject');
  };
  return { policy: policyDefaults, now: morning, actor, registers: nobody, read };
}
