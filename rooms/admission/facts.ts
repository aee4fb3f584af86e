import { type Static, Type } from 'typebox';
import type { FactDraft } from '../../ledger/fact.ts';
import type { FactKind, FactOf } from '../../ledger/room.ts';
import {
  bedKind,
  bedNumber,
  key,
  moment,
  personNumber,
  promiseId,
  reason,
} from '../capacity/index.ts';

/** A calendar day that exists, within what anybody alive can mean. */
export const day = Type.String({ format: 'date', pattern: '^(19|20|21)\\d{2}-\\d{2}-\\d{2}$' });
const closed = { additionalProperties: false } as const;

export const severity = Type.Union([
  Type.Literal('asymptomatic'),
  Type.Literal('mild'),
  Type.Literal('moderate'),
  Type.Literal('severe'),
  Type.Literal('critical'),
]);
export type Severity = Static<typeof severity>;

/** To more care, to less, or to another bed of the same kind. */
export const direction = Type.Union([
  Type.Literal('up'),
  Type.Literal('down'),
  Type.Literal('across'),
]);

/** Ct values by target, null where nothing was amplified; or negative as a whole. */
export const ct = Type.Union([
  Type.Literal('negative'),
  Type.Record(
    Type.String({ pattern: '^[A-Za-z0-9]{1,16}$' }),
    Type.Union([Type.Number({ minimum: 0, maximum: 60 }), Type.Null()]),
    { additionalProperties: false, maxProperties: 8 },
  ),
]);

export const temperatureCelsius = Type.Number({ minimum: 25, maximum: 45 });

export const admission = {
  person: personNumber,
  unit: key,
  transfer: Type.Optional(key),
  promise: Type.Optional(promiseId),
};

/** Every kind of fact in the history of a stay, with who may record it. */
export const stayFacts = {
  'admission.admitted': {
    body: Type.Object({ ...admission, bed: bedNumber, bedKind: Type.Optional(bedKind) }, closed),
    permits: ['facility'],
    label: { en: 'Admitted', zh: '已收治' },
  },
  'admission.status-recorded': {
    body: Type.Object(
      { on: day, severity, temperatureCelsius: Type.Optional(temperatureCelsius) },
      closed,
    ),
    permits: ['facility'],
    label: { en: 'Status recorded', zh: '每日病情' },
  },
  'admission.stepped': {
    body: Type.Object(
      { unit: key, bed: bedNumber, direction, bedKind: Type.Optional(bedKind) },
      closed,
    ),
    permits: ['facility'],
    label: { en: 'Moved to another bed', zh: '转床' },
  },
  'admission.tested': {
    body: Type.Object({ on: day, ct, sampledAt: Type.Optional(moment) }, closed),
    permits: ['facility', 'laboratory'],
    label: { en: 'Tested', zh: '核酸复查' },
  },
  'admission.treatment-given': {
    body: Type.Object({ what: reason }, closed),
    permits: ['facility'],
    label: { en: 'Treatment given', zh: '已施治疗' },
  },
  'admission.discharged': {
    body: Type.Object(
      {
        rule: reason,
        evidence: Type.Array(Type.Object({ on: day, sampledAt: moment }, closed), { maxItems: 10 }),
      },
      closed,
    ),
    permits: ['facility'],
    label: { en: 'Discharged', zh: '出院(舱)' },
  },
  'admission.died': {
    body: Type.Object({ of: Type.Optional(reason) }, closed),
    permits: ['facility'],
    label: { en: 'Died', zh: '死亡' },
  },
} as const satisfies Record<string, FactKind>;

export type StayFactKind = keyof typeof stayFacts;
export type StayFact = FactOf<typeof stayFacts>;
export type StayBody<K extends StayFactKind> = Static<(typeof stayFacts)[K]['body']>;

/** A fact about a stay, ready to be put on record. */
export function stayDraft<K extends StayFactKind>(
  kind: K,
  stay: string,
  place: string,
  body: StayBody<K>,
): FactDraft<K, StayBody<K>> {
  return { kind, subject: `stay:${stay}`, place, body };
}
