import type { SubjectView } from '../../ledger/derive.ts';
import type { Fact } from '../../ledger/fact.ts';
import type { DecideContext, Registers } from '../../ledger/room.ts';
import { facts, folded, minute } from '../../test/support/room.ts';
import { evolveUnit, initialUnit, unitDraft, type UnitState } from '../capacity/index.ts';
import type { StayBody, StayFact, StayFactKind } from './facts.ts';
import { type AdmissionPolicy, policyDefaults } from './rules.ts';
import { evolveStay, initialStay, type StayState } from './state.ts';
import { viewStay } from './views.ts';

/** Minutes in a day. */
export const day = 1_440;

/** What a test says of a fact; the rest is filled in from its place in the list. */
export interface Step<K extends StayFactKind = StayFactKind> {
  readonly kind: K;
  readonly body: StayBody<K>;
  readonly minute: number;
}

/** A step at a minute of the day. */
export function step<K extends StayFactKind>(at: number, kind: K, body: StayBody<K>): Step<K> {
  return { kind, body, minute: at };
}

/** Person 7 is admitted to bed 1 of unit U1, a fangcang. */
export const admitted = step(0, 'admission.admitted', {
  person: 7,
  unit: 'U1',
  bed: 1,
  bedKind: 'fangcang',
});

/** The stay S1 after the steps, in the order given. */
export function stayAfter(...steps: readonly Step[]): StayState {
  return foldStay(facts('stay:S1', steps, '310113'));
}

/** Folds facts into a stay, in the agreed order. */
export function foldStay(recorded: readonly Fact[]): StayState {
  return folded<StayState, StayFact>(initialStay('S1'), evolveStay, recorded);
}

/** The unit U1 of so many beds, with beds promised to people. */
export function unitWith(
  beds: number,
  promised: readonly (readonly [person: number, bed: number])[] = [],
  bedKind: 'fangcang' | 'ward' = 'fangcang',
): UnitState {
  const label = { zh: '一区', en: 'Unit 1' };
  const declared = { facility: 'F1', bedKind, beds, label };
  const drafts = [
    unitDraft('capacity.unit-declared', 'U1', '310113', declared),
    ...promised.map(([person, bed]) => {
      const promise = `P${person}`;
      const body = { promise, transfer: `X${person}`, person, bed, until: minute(240) };
      return unitDraft('capacity.place-promised', 'U1', '310113', body);
    }),
  ];
  let state = initialUnit('U1');
  for (const [index, draft] of drafts.entries()) {
    const fact = { ...draft, id: `unit-fact-${index}`, lamport: index + 1, at: minute(0) };
    const rest = { deviceId: 'headquarters', deviceSeq: index + 1, actor: 'li' };
    state = evolveUnit(state, { ...fact, ...rest });
  }
  return state;
}

export const registers: Registers = {
  householdOf: (person) => [person],
  homeOf: (person) => (person < 100 ? '310113003001-2-5' : null),
  bornOn: () => null,
};

/** A view of a stay under the default settings. */
export function see(state: StayState, policy: AdmissionPolicy = policyDefaults): SubjectView {
  return viewStay(state, { policy, registers });
}

/** A context in which a nurse acts at a minute of the day. */
export function acting(
  count: number,
  others: { readonly [subject: string]: unknown } = {},
): DecideContext<AdmissionPolicy> {
  const read = <S>(subject: string): S => others[subject] as S;
  return { policy: policyDefaults, now: minute(count), actor: 'nurse', registers, read };
}
