import type { Json } from '../kernel/assert.ts';
import type { FactDraft } from './fact.ts';

/** What a room answers to an act: facts to record, or why not. */
export type Decision =
  | { readonly kind: 'accepted'; readonly facts: readonly FactDraft[] }
  | Refusal;

/** The world or the rules say no. Codes are never renamed, only retired. */
export interface Refusal {
  readonly kind: 'refused';
  readonly code: string;
  readonly details: { readonly [k: string]: Json };
}

/** Accepts an act with what it puts on record. */
export function accept(...facts: FactDraft[]): Decision {
  return { kind: 'accepted', facts };
}

/** Refuses an act with a stable code, `room.reason`, and what the person needs to know. */
export function refuse(code: string, details: Refusal['details'] = {}): Refusal {
  return { kind: 'refused', code, details };
}
