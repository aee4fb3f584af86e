import { instant, type Instant, minuteMs } from '../../kernel/instant.ts';
import type { Decision } from '../../ledger/decision.ts';
import type { Duty, SubjectView } from '../../ledger/derive.ts';
import type { Fact } from '../../ledger/fact.ts';
import { inOrder } from '../../ledger/order.ts';
import type { Registers } from '../../ledger/room.ts';

/** 08:00 in Shanghai on 4 April 2022, the day of the city-wide round. */
export const morning = instant(Date.UTC(2022, 3, 4, 0, 0));

/** So many minutes after the morning. */
export function minute(count: number): Instant {
  return instant(morning + count * minuteMs);
}

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
export function facts(
  subject: string,
  steps: readonly Step[],
  place: string = '310113003001',
): Fact[] {
  return steps.map((step, index) => ({
    id: step.id ?? `fact-${String(index + 1).padStart(6, '0')}`,
    kind: step.kind,
    subject,
    place,
    deviceId: 'device-1',
    deviceSeq: index + 1,
    lamport: step.lamport ?? index + 1,
    at: minute(step.minute ?? index),
    actor: step.actor ?? 'li',
    body: step.body as Fact['body'],
  }));
}

/** Folds facts in the agreed order; that they are the subject's own is the test's to see to. */
export function folded<State, F>(
  initial: State,
  evolve: (state: State, fact: F) => State,
  recorded: readonly Fact[],
): State {
  return inOrder(recorded).reduce((state, fact) => evolve(state, fact as F), initial);
}

/** Registers that know nobody. */
export const nobody: Registers = {
  householdOf: () => [],
  homeOf: () => null,
  bornOn: () => null,
};

/** Codes of the findings, sorted. */
export function codesOf(view: SubjectView): string[] {
  return view.findings.map((finding) => finding.code).sort();
}

/** The duty of a key, or undefined. */
export function dutyOf(view: SubjectView, key: string): Duty | undefined {
  return view.duties.find((duty) => duty.key === key);
}

/** What a box or a plate says of one tube. */
export function tubeOf(view: SubjectView, tube: string): { readonly [k: string]: unknown } {
  return view.patches[0]?.entries.find((entry) => entry.key === tube)?.values ?? {};
}

/** The code of a refusal, or `accepted`. */
export function answer(decision: Decision): string {
  return decision.kind === 'refused' ? decision.code : 'accepted';
}
