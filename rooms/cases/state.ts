import type { Instant } from '../../kernel/instant.ts';
import { type CaseBody, type CaseFact, type CaseFactKind, caseFacts } from './facts.ts';

/** One fact of a person's history, without what only the ledger needs. */
export type CaseEvent = {
  readonly [K in CaseFactKind]: {
    readonly kind: K;
    readonly id: string;
    readonly lamport: number;
    readonly at: Instant;
    readonly place: string;
    readonly actor: string;
    readonly body: CaseBody<K>;
  };
}[CaseFactKind];

/**
 * A person's state is what happened to them, in the agreed order. What follows from it (held,
 * contact, case, and every duty) depends on settings, so it is read off by `follow`, not stored:
 * a changed setting or an amended result then needs no repair of old states.
 */
export interface CaseState {
  readonly person: number;
  readonly events: readonly CaseEvent[];
}

/** A person of whom nothing is on record. */
export function initialCase(key: string): CaseState {
  const person = Number(key);
  return { person: Number.isSafeInteger(person) && person > 0 ? person : 0, events: [] };
}

/** Adds a fact; one that is given twice in a row counts once, and unknown kinds count nothing. */
export function evolveCase(state: CaseState, fact: CaseFact): CaseState {
  if (!Object.hasOwn(caseFacts, fact.kind)) return state;
  if (state.events.at(-1)?.id === fact.id) return state;
  const { kind, id, lamport, at, place, actor, body } = fact;
  // The pair of kind and body comes from one fact, which the compiler cannot see after the split.
  const event = { kind, id, lamport, at, place, actor, body } as CaseEvent;
  return { ...state, events: [...state.events, event] };
}
