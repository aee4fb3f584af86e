import type { Instant } from '../../kernel/instant.ts';
import { emptyView, type SubjectView } from '../../ledger/derive.ts';
import type { FactDraft } from '../../ledger/fact.ts';
import type { RosterFact, RosterImported } from './facts.ts';

/**
 * An import of a roster. It happens in one transaction, so it has two states: not on record, and
 * imported. A second fact of the same import says the same and is passed over.
 */
export interface RosterState {
  readonly importId: string;
  readonly imported: (RosterImported & { readonly at: Instant; readonly place: string }) | null;
}

/** Nothing is on record of the import yet. */
export function initialRoster(importId: string): RosterState {
  return { importId, imported: null };
}

/** Folds one fact of an import. */
export function evolveRoster(state: RosterState, fact: RosterFact): RosterState {
  if (fact.kind !== 'persons.roster-imported' || state.imported !== null) return state;
  return { ...state, imported: { ...fact.body, at: fact.at, place: fact.place } };
}

/** What follows from an import: nothing that anybody must do, so it is done when it is recorded. */
export function viewRoster(state: RosterState): SubjectView {
  if (state.imported === null) return emptyView;
  const { at, place } = state.imported;
  return { ...emptyView, stage: 'imported', since: at, done: true, place };
}

/** Rule PE-11. The fact that an import puts on record. */
export function rosterImported(body: RosterImported, place: string): FactDraft {
  return { kind: 'persons.roster-imported', subject: `roster:${body.importId}`, place, body };
}
