import { type Static, Type } from 'typebox';
import type { Json } from '../kernel/assert.ts';
import { type Instant, instantMax } from '../kernel/instant.ts';

/**
 * A fact: something that happened, as its device recorded it.
 *
 * `lamport` is one more than the greatest number the device had seen (Lamport 1978), so a fact
 * made in knowledge of another is always ordered after it. `at` is the device's clock: it dates
 * the fact and never orders it. `receipt` is given by the server and drives synchronisation only.
 */
export interface Fact<K extends string = string, B = Json> {
  readonly id: string;
  readonly kind: K;
  /** What it folds into: `box:B12`, `tube:T7`, `person:1041`. */
  readonly subject: string;
  /** Code of the place it concerns; decides who may record it and who is shown it. */
  readonly place: string;
  readonly deviceId: string;
  /** The device's own running number, from 1; null for a fact the server derived from others. */
  readonly deviceSeq: number | null;
  readonly lamport: number;
  readonly at: Instant;
  /** The account that recorded it, never a person's name. */
  readonly actor: string;
  readonly body: B;
}

/** A fact on record at headquarters. */
export interface RecordedFact extends Fact {
  readonly receipt: number;
  readonly receivedAt: Instant;
}

/** What a decision or a consequence puts on record, before it has a number. */
export interface FactDraft<K extends string = string, B = Json> {
  readonly kind: K;
  readonly subject: string;
  readonly place: string;
  readonly body: B;
}

const idPattern = '^[A-Za-z0-9][A-Za-z0-9._~-]{7,95}$';

/** The envelope as it travels. The body is checked by the room that owns the kind. */
export const factEnvelope = Type.Object(
  {
    id: Type.String({ pattern: idPattern }),
    kind: Type.String({ pattern: '^[a-z-]+\\.[a-z-]+$', maxLength: 80 }),
    subject: Type.String({ pattern: '^[a-z-]+:[^\\s:][^\\s]*$', maxLength: 120 }),
    place: Type.String({ minLength: 1, maxLength: 80 }),
    deviceId: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{1,63}$' }),
    deviceSeq: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    lamport: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    at: Type.Integer({ minimum: 0, maximum: instantMax }),
    body: Type.Unknown(),
  },
  { additionalProperties: false },
);

export type FactEnvelope = Static<typeof factEnvelope>;

/** The part before the colon: which kind of thing a subject is. */
export function prefixOf(subject: string): string {
  return subject.slice(0, subject.indexOf(':'));
}

/** The part after the colon: which one it is. */
export function keyOf(subject: string): string {
  return subject.slice(subject.indexOf(':') + 1);
}
