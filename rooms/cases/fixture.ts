import type { Duty, SubjectView } from '../../ledger/derive.ts';
import type { Fact } from '../../ledger/fact.ts';
import type { DecideContext, Registers } from '../../ledger/room.ts';
import { facts, folded, minute } from '../../test/support/room.ts';
import type { CaseBody, CaseFact, CaseFactKind } from './facts.ts';
import { type CasePolicy, policyDefaults } from './rules.ts';
import { type CaseState, evolveCase, initialCase } from './state.ts';
import { viewCase } from './views.ts';

/** What a test says of a fact; the rest is filled in from its place in the list. */
export interface Step<K extends CaseFactKind = CaseFactKind> {
  readonly kind: K;
  readonly body: CaseBody<K>;
  readonly minute: number;
  readonly actor: string;
}

/** A step at a minute of the day. */
export function step<K extends CaseFactKind>(
  at: number,
  kind: K,
  body: CaseBody<K>,
  actor = 'li',
): Step<K> {
  return { kind, body, minute: at, actor };
}

/** A person after the steps, in the order given. Person 7 lives with 8 and 9. */
export function personAfter(...steps: readonly Step[]): CaseState {
  return foldPerson(facts('person:7', steps));
}

/** Folds facts into a person, in the agreed order. */
export function foldPerson(recorded: readonly Fact[]): CaseState {
  return folded<CaseState, CaseFact>(initialCase('7'), evolveCase, recorded);
}

export const registers: Registers = {
  householdOf: (person) => ([7, 8, 9].includes(person) ? [7, 8, 9] : [person]),
  homeOf: (person) => (person < 100 ? '310113003001-2-5' : null),
  bornOn: () => null,
};

/** A view of a person under the default settings. */
export function see(state: CaseState, policy: CasePolicy = policyDefaults): SubjectView {
  return viewCase(state, { policy, registers });
}

/** Duties of a kind, in words: `ending` or `open`, oldest first. */
export function endings(view: SubjectView, name: string): string[] {
  return dutiesOf(view, name).map((duty) => duty.ending ?? 'open');
}

/** Duties of a kind, oldest first. */
export function dutiesOf(view: SubjectView, name: string): Duty[] {
  return view.duties.filter((duty) => duty.kind === `cases.${name}`);
}

/** A context in which an account acts at a minute of the day. */
export function as(
  actor: string,
  at: number,
  others: { readonly [subject: string]: CaseState } = {},
): DecideContext<CasePolicy> {
  const read = <S>(subject: string): S => (others[subject] ?? initialCase(subject)) as S;
  return { policy: policyDefaults, now: minute(at), actor, registers, read };
}
