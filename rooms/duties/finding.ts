import { type Static, Type } from 'typebox';
import type { Instant } from '../../kernel/instant.ts';
import { accept, type Decision, refuse } from '../../ledger/decision.ts';
import { emptyView, type SubjectView } from '../../ledger/derive.ts';
import type { FactKind, FactOf, Role } from '../../ledger/room.ts';

const strict = { additionalProperties: false };
const note = Type.String({ minLength: 1, maxLength: 1000 });
/** Everybody who may be the owner of a finding may look at it and close it. */
export const lookers: readonly Role[] = [
  'headquarters',
  'community',
  'sampler',
  'courier',
  'laboratory',
  'dispatcher',
  'facility',
];

/** DU-4. What can be put on record about a finding. */
export const findingFacts = {
  'duties.finding-taken': {
    body: Type.Object({}, strict),
    permits: lookers,
    label: { en: 'Finding taken up', zh: '接手核查' },
  },
  'duties.finding-closed': {
    body: Type.Object({ note }, strict),
    permits: lookers,
    label: { en: 'Finding closed', zh: '核查完毕' },
  },
} satisfies Record<string, FactKind>;

export type FindingFact = FactOf<typeof findingFacts>;

/** What has been done about a finding. The finding itself follows from the facts it is about. */
export interface FindingState {
  readonly finding: string;
  readonly stage: 'open' | 'taken' | 'closed';
  readonly by: string | null;
  readonly place: string | null;
  readonly at: Instant | null;
  readonly note: string | null;
}

/** Nobody has looked at the finding yet. */
export function initialFinding(finding: string): FindingState {
  return { finding, stage: 'open', by: null, place: null, at: null, note: null };
}

/** Folds one fact into what has been done about a finding. */
export function evolveFinding(state: FindingState, fact: FindingFact): FindingState {
  const { actor: by, place, at } = fact;
  switch (fact.kind) {
    case 'duties.finding-taken':
      return state.stage === 'closed' ? state : { ...state, stage: 'taken', by, place, at };
    case 'duties.finding-closed':
      return { ...state, stage: 'closed', by, place, at, note: fact.body.note };
  }
}

/** What follows: who has it, and whether it is done. */
export function viewFinding(state: FindingState): SubjectView {
  return {
    ...emptyView,
    stage: state.stage,
    since: state.at,
    done: state.stage === 'closed',
    holder: state.stage === 'taken' ? `user:${state.by ?? ''}` : null,
    place: state.place,
  };
}

const finding = Type.String({ pattern: '^[a-z-]+:[^\\s~]+~\\S+$', maxLength: 240 });
const place = Type.String({ minLength: 1, maxLength: 80 });
export const takeFinding = Type.Object({ finding, place }, strict);
export const closeFinding = Type.Object({ finding, place, note }, strict);

/** Rule DU-4. A finding is taken by one person; another takes over openly. */
export function decideTake(state: FindingState, act: Static<typeof takeFinding>): Decision {
  if (state.stage === 'closed')
    return refuse('duties.finding-already-closed', { finding: act.finding });
  const subject = `finding:${act.finding}`;
  return accept({ kind: 'duties.finding-taken', subject, place: act.place, body: {} });
}

/** Rule DU-4. A finding is closed once, with a note of what was found. */
export function decideClose(state: FindingState, act: Static<typeof closeFinding>): Decision {
  if (state.stage === 'closed')
    return refuse('duties.finding-already-closed', { finding: act.finding });
  const subject = `finding:${act.finding}`;
  const body = { note: act.note };
  return accept({ kind: 'duties.finding-closed', subject, place: act.place, body });
}
