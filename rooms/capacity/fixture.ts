import { instant, type Instant, minuteMs } from '../../kernel/instant.ts';
import type { SubjectView } from '../../ledger/derive.ts';
import { inOrder } from '../../ledger/order.ts';
import type { Registers } from '../../ledger/room.ts';
import type { UnitBody, UnitFact, UnitFactKind } from './facts.ts';
import { type CapacityPolicy, policyDefaults } from './rules.ts';
import { evolveUnit, initialUnit, type UnitState } from './state.ts';
import { viewUnit } from './views.ts';

/** So many minutes after 08:00 in Shanghai on 4 April 2022. */
export function minute(count: number): Instant {
  return instant(Date.UTC(2022, 3, 4, 0, 0) + count * minuteMs);
}

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
  const facts = steps.map(
    (one, index) =>
      ({
        id: `fact-${String(index + 1).padStart(6, '0')}`,
        kind: one.kind,
        subject: 'unit:U1',
        place: '310113003',
        deviceId: 'device-1',
        deviceSeq: index + 1,
        lamport: index + 1,
        at: minute(one.minute),
        actor: 'li',
        body: one.body,
      }) as UnitFact,
  );
  return foldUnit(facts);
}

/** Folds facts into a unit, in the agreed order. */
export function foldUnit(facts: readonly UnitFact[]): UnitState {
  let state = initialUnit('U1');
  for (const fact of inOrder(facts as never) as never as UnitFact[])
    state = evolveUnit(state, fact);
  return state;
}

const registers: Registers = { householdOf: () => [], homeOf: () => null, bornOn: () => null };

/** A view of a unit under the default settings. */
export function see(state: UnitState, policy: CapacityPolicy = policyDefaults): SubjectView {
  return viewUnit(state, { policy, registers });
}

/** Codes of the findings, sorted. */
export function codesOf(view: SubjectView): string[] {
  return view.findings.map((finding) => finding.code).sort();
}
