import { instant, type Instant, minuteMs } from '../../kernel/instant.ts';
import type { Decision } from '../../ledger/decision.ts';
import type { Duty, SubjectView } from '../../ledger/derive.ts';
import { inOrder } from '../../ledger/order.ts';
import type { DecideContext, Registers } from '../../ledger/room.ts';
import type { CaseBody, CaseFact, CaseFactKind } from './facts.ts';
import { type CasePolicy, policyDefaults } from './rules.ts';
import { type CaseState, evolveCase, initialCase } from './state.ts';
import { viewCase } from './views.ts';

/** 08:00 in Shanghai on 4 April 2022, the day of the city-wide round. */
export const morning = instant(Date.UTC(2022, 3, 4, 0, 0));

/** So many minutes after the morning. */
export function minute(count: number): Instant {
  return instant(morning + count * minuteMs);
}

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
  const facts = steps.map(
    (one, index) =>
      ({
        id: `fact-${String(index + 1).padStart(6, '0')}`,
        kind: one.kind,
        subject: 'person:7',
        place: '310113003001',
        deviceId: 'device-1',
        deviceSeq: index + 1,
        lamport: index + 1,
        at: minute(one.minute),
        actor: one.actor,
        body: one.body,
      }) as CaseFact,
  );
  return foldPerson(facts);
}

/** Folds facts into a person, in the agreed order. */
export function foldPerson(facts: readonly CaseFact[]): CaseState {
  let state = initialCase('7');
  for (const fact of inOrder(facts as never) as never as CaseFact[])
    state = evolveCase(state, fact);
  return state;
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

/** Codes of the findings, sorted. */
export function codesOf(view: SubjectView): string[] {
  return view.findings.map((finding) => finding.code).sort();
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

/** The code of a refusal, or `accepted`. */
export function answer(decision: Decision): string {
  return decision.kind === 'refused' ? decision.code : 'accepted';
}
