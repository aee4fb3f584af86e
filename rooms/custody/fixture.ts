import { instant, minuteMs } from '../../kernel/instant.ts';
import type { Decision } from '../../ledger/decision.ts';
import type { Duty, SubjectView } from '../../ledger/derive.ts';
import type { Fact } from '../../ledger/fact.ts';
import { inOrder } from '../../ledger/order.ts';
import type { DecideContext, Registers } from '../../ledger/room.ts';
import type { BoxFact } from './facts.ts';
import { type CustodyPolicy, policyDefaults } from './rules.ts';
import { type BoxState, evolveBox, initialBox } from './state.ts';
import { viewBox } from './views.ts';

/** 08:00 in Shanghai on 4 April 2022, the day of the city-wide round. */
export const morning = instant(Date.UTC(2022, 3, 4, 0, 0));

/** What a test says of a fact; the rest is filled in from its place in the list. */
export interface Step {
  readonly kind: string;
  readonly body: unknown;
  readonly actor?: string;
  readonly minute?: number;
  readonly lamport?: number;
  readonly id?: string;
}

/** Facts of one subject, numbered and dated in the order given, a minute apart. */
export function facts(subject: string, steps: readonly Step[]): Fact[] {
  return steps.map((step, index) => ({
    id: step.id ?? `fact-${String(index + 1).padStart(6, '0')}`,
    kind: step.kind,
    subject,
    place: '310113003001',
    deviceId: 'device-1',
    deviceSeq: index + 1,
    lamport: step.lamport ?? index + 1,
    at: instant(morning + (step.minute ?? index) * minuteMs),
    actor: step.actor ?? 'li',
    body: step.body as Fact['body'],
  }));
}

/** Folds steps into a box, in the agreed order. */
export function boxAfter(...steps: readonly Step[]): BoxState {
  return foldBox(facts('box:BOX1', steps));
}

/** Folds facts into a box, in the agreed order. */
export function foldBox(recorded: readonly Fact[]): BoxState {
  let state = initialBox('BOX1');
  for (const fact of inOrder(recorded)) state = evolveBox(state, fact as BoxFact);
  return state;
}

const registers: Registers = { householdOf: () => [], homeOf: () => null, bornOn: () => null };

/** A view of a box under the default settings. */
export function see(state: BoxState, policy: CustodyPolicy = policyDefaults): SubjectView {
  return viewBox(state, { policy, registers });
}

/** Codes of the findings, sorted. */
export function codesOf(view: SubjectView): string[] {
  return view.findings.map((finding) => finding.code).sort();
}

/** The duty of a key, or undefined. */
export function dutyOf(view: SubjectView, key: string): Duty | undefined {
  return view.duties.find((duty) => duty.key === key);
}

/** What the box says of one tube. */
export function tubeOf(view: SubjectView, tube: string): { readonly [k: string]: unknown } {
  return view.patches[0]?.entries.find((entry) => entry.key === tube)?.values ?? {};
}

/** A context in which an account acts on the morning of the round. */
export function as(actor: string): DecideContext<CustodyPolicy> {
  const read = (): never => {
    throw new Error('custody reads no other subject');
  };
  return { policy: policyDefaults, now: morning, actor, registers, read };
}

/** The code of a refusal, or `accepted`. */
export function answer(decision: Decision): string {
  return decision.kind === 'refused' ? decision.code : 'accepted';
}
