import { Type } from 'typebox';
import type { Instant } from '../../kernel/instant.ts';
import { emptyView, type SubjectView } from '../../ledger/derive.ts';
import type { FactKind, FactOf } from '../../ledger/room.ts';

const strict = { additionalProperties: false };
const number = Type.Integer({ minimum: 1, maximum: 2_147_483_647 });
const reason = Type.String({ minLength: 1, maxLength: 200 });
const code = Type.String({ minLength: 1, maxLength: 80 });

/** Rules PE-16 to PE-18. What goes on record of one person on the register, by number only. */
export const residentFacts = {
  'persons.person-registered': {
    body: Type.Object({ household: number }, strict),
    permits: [],
    label: { en: 'Registered on the spot', zh: '现场登记' },
  },
  'persons.person-moved': {
    body: Type.Object({ household: number, from: code, reason }, strict),
    permits: [],
    label: { en: 'Moved to another home', zh: '变更住址' },
  },
  'persons.person-merged': {
    body: Type.Object({ into: number, reason }, strict),
    permits: [],
    label: { en: 'Merged into another number', zh: '并入另一编号' },
  },
} satisfies Record<string, FactKind>;

export type ResidentFact = FactOf<typeof residentFacts>;

/**
 * What is on record of one person's place on the register: *unknown* for everybody who came with a
 * roster and stayed where they were, *registered*, *moved*, or *merged* for good.
 */
export interface ResidentState {
  readonly person: number;
  readonly stage: 'unknown' | 'registered' | 'moved' | 'merged';
  readonly place: string | null;
  readonly household: number | null;
  readonly mergedInto: number | null;
  readonly since: Instant | null;
}

/** Nothing but the roster is known of the person. */
export function initialResident(key: string): ResidentState {
  const person = Number(key) || 0;
  const rest = { place: null, household: null, mergedInto: null, since: null };
  return { person, stage: 'unknown', ...rest };
}

/** Folds one fact of a person's place on the register. A merged number stays merged. */
export function evolveResident(state: ResidentState, fact: ResidentFact): ResidentState {
  const isMerged = state.stage === 'merged';
  switch (fact.kind) {
    case 'persons.person-registered':
    case 'persons.person-moved': {
      const stage = fact.kind === 'persons.person-moved' ? 'moved' : 'registered';
      const { household } = fact.body;
      const home = { place: fact.place, household, since: fact.at };
      return { ...state, ...home, stage: isMerged ? 'merged' : stage };
    }
    case 'persons.person-merged':
      return { ...state, stage: 'merged', mergedInto: fact.body.into, since: fact.at };
    default:
      return state;
  }
}

/** What follows: nothing that anybody must do. */
export function viewResident(state: ResidentState): SubjectView {
  const { stage, since, place } = state;
  return { ...emptyView, stage, since, done: stage !== 'unknown', place };
}
