import { type Static, Type } from 'typebox';
import type { FactDraft } from '../../ledger/fact.ts';
import type { FactKind, FactOf } from '../../ledger/room.ts';

export type BedKind = Static<typeof bedKind>;
/** Kinds of bed, from a room for the healthy exposed to intensive care. */
export const bedKinds = ['isolation', 'fangcang', 'ward', 'icu'] as const satisfies BedKind[];
export const bedKind = Type.Union([
  Type.Literal('isolation'),
  Type.Literal('fangcang'),
  Type.Literal('ward'),
  Type.Literal('icu'),
]);

/** The part of a subject after its colon: a unit, a transfer, a stay. */
export const keyPattern = '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$';
export const key = Type.String({ pattern: keyPattern });
/** One promise of one bed to one person. */
export const promiseId = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$' });
/** Above it, declare several units: a nursing unit has 20 beds in the guide (FACTS.md §5). */
export const bedsMax = 2_000;
/** The number on the bed, from 1. */
export const bedNumber = Type.Integer({ minimum: 1, maximum: bedsMax });
export const personNumber = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
export const reason = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' });
const beds = Type.Integer({ minimum: 0, maximum: bedsMax });
/** Before the year 2200: a later one is a slip of the keyboard. */
export const moment = Type.Integer({ minimum: 0, maximum: 7_258_118_400_000 });
const text = Type.String({ minLength: 1, maxLength: 120 });
const closed = { additionalProperties: false } as const;

/** What a unit is, as declared. */
export const declaration = {
  facility: key,
  bedKind,
  beds,
  label: Type.Object({ zh: text, en: text }, closed),
  acceptsChildren: Type.Optional(Type.Boolean()),
};

/** What a facility counted, bed by bed. */
export const count = {
  occupied: beds,
  free: beds,
  outOfService: beds,
  /** Which beds are out of service, when that is known. */
  outOfServiceBeds: Type.Optional(Type.Array(bedNumber, { maxItems: bedsMax })),
};

/**
 * Every kind of fact in the history of a unit, with who may record it. Promises are claims: they
 * are decided at headquarters and never arrive as reports.
 */
export const unitFacts = {
  'capacity.unit-declared': {
    body: Type.Object(declaration, closed),
    permits: ['facility', 'headquarters'],
    label: { en: 'Unit declared', zh: '登记床位单元' },
  },
  'capacity.count-reported': {
    /** A count made at a desk says until when it may be believed, by the settings of its day. */
    body: Type.Object({ ...count, believedUntil: Type.Optional(moment) }, closed),
    permits: ['facility', 'headquarters'],
    label: { en: 'Beds counted', zh: '上报床位' },
  },
  'capacity.place-promised': {
    body: Type.Object(
      { promise: promiseId, transfer: key, person: personNumber, bed: bedNumber, until: moment },
      closed,
    ),
    permits: [],
    label: { en: 'Bed promised', zh: '床位已预留' },
  },
  'capacity.promise-extended': {
    body: Type.Object({ promise: promiseId, until: moment, reason }, closed),
    permits: [],
    label: { en: 'Promise extended', zh: '预留延长' },
  },
  'capacity.promise-released': {
    /** One promise, or all that a transfer holds in this unit. */
    body: Type.Object(
      { promise: Type.Optional(promiseId), transfer: Type.Optional(key), reason },
      closed,
    ),
    permits: [],
    label: { en: 'Promise released', zh: '预留取消' },
  },
  'capacity.place-taken': {
    body: Type.Object(
      {
        stay: key,
        promise: Type.Optional(promiseId),
        bed: Type.Optional(bedNumber),
        person: Type.Optional(personNumber),
      },
      closed,
    ),
    permits: [],
    label: { en: 'Bed taken', zh: '床位已入住' },
  },
  'capacity.place-freed': {
    /** The bed is named when a stay goes on in another bed. */
    body: Type.Object({ stay: key, bed: Type.Optional(bedNumber) }, closed),
    permits: [],
    label: { en: 'Bed freed', zh: '床位已腾空' },
  },
} as const satisfies Record<string, FactKind>;

export type UnitFactKind = keyof typeof unitFacts;
export type UnitFact = FactOf<typeof unitFacts>;
export type UnitBody<K extends UnitFactKind> = Static<(typeof unitFacts)[K]['body']>;

/** A fact about a unit, ready to be put on record. */
export function unitDraft<K extends UnitFactKind>(
  kind: K,
  unit: string,
  place: string,
  body: UnitBody<K>,
): FactDraft<K, UnitBody<K>> {
  return { kind, subject: `unit:${unit}`, place, body };
}
