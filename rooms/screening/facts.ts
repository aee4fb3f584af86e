import { Type } from 'typebox';
import { limits } from '../../kernel/limits.ts';
import type { FactKind, FactOf } from '../../ledger/room.ts';

/** Labels of tubes, boxes and plates: capitals, digits and hyphens, as every scanner reads them. */
export const labelPattern = '^[A-Z0-9][A-Z0-9-]{3,31}$';

export const label = Type.String({ pattern: labelPattern });
export const person = Type.Integer({ minimum: 1, maximum: 2_147_483_647 });
export const bilingual = Type.Object(
  {
    en: Type.String({ minLength: 1, maxLength: 120 }),
    zh: Type.String({ minLength: 1, maxLength: 120 }),
  },
  { additionalProperties: false },
);
export const roundId = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9-]{0,39}$' });
const instant = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 });
const code = Type.String({ minLength: 1, maxLength: 80 });
export const poolSize = Type.Union([
  Type.Literal(1),
  Type.Literal(5),
  Type.Literal(10),
  Type.Literal(20),
]);
const strict = { additionalProperties: false };

/** Why a specimen was taken: in a round, after a mixed tube, to leave isolation, for symptoms. */
export const purpose = Type.Union([
  Type.Literal('round'),
  Type.Literal('recall'),
  Type.Literal('exit'),
  Type.Literal('symptoms'),
]);

export const roundBody = Type.Object(
  {
    label: bilingual,
    areas: Type.Array(code, { minItems: 1, maxItems: 2000 }),
    group: Type.Union([
      Type.Null(),
      Type.Object(
        {
          ageMinYears: Type.Optional(Type.Integer({ minimum: 0, maximum: 150 })),
          ageMaxYears: Type.Optional(Type.Integer({ minimum: 0, maximum: 150 })),
        },
        strict,
      ),
    ]),
    poolSize,
    startsAt: instant,
    endsAt: instant,
  },
  strict,
);

const at = ['headquarters'] as const;
const sampling = ['sampler', 'community', 'headquarters'] as const;

/** SC-1. What can be put on record about a round. */
export const roundFacts = {
  'screening.round-opened': {
    body: roundBody,
    permits: at,
    label: { en: 'Round opened', zh: '轮次开始' },
  },
  'screening.round-closed': {
    body: Type.Object({}, strict),
    permits: at,
    label: { en: 'Round closed', zh: '轮次结束' },
  },
} satisfies Record<string, FactKind>;

/** SC-2. What can be put on record about a tube. A sealed tube is one fact with its members. */
export const tubeFacts = {
  'screening.tube-opened': {
    body: Type.Object(
      { round: roundId, poolSize, point: code, purpose: Type.Optional(purpose) },
      strict,
    ),
    permits: sampling,
    label: { en: 'Tube opened', zh: '开管' },
  },
  'screening.person-added': {
    body: Type.Object({ person }, strict),
    permits: sampling,
    label: { en: 'Person sampled into the tube', zh: '采样入管' },
  },
  'screening.person-removed': {
    body: Type.Object({ person, reason: Type.String({ minLength: 1, maxLength: 200 }) }, strict),
    permits: sampling,
    label: { en: 'Entry undone', zh: '撤销录入' },
  },
  'screening.tube-sealed': {
    body: Type.Object(
      {
        round: roundId,
        purpose,
        poolSize,
        members: Type.Array(person, { minItems: 1, maxItems: limits.tubeMembersMax }),
        point: code,
      },
      strict,
    ),
    permits: sampling,
    label: { en: 'Tube sealed', zh: '封管' },
  },
  'screening.tube-voided': {
    body: Type.Object({ reason: Type.String({ minLength: 1, maxLength: 200 }) }, strict),
    permits: [...sampling, 'laboratory'],
    label: { en: 'Tube voided: its people are owed a sample again', zh: '作废：需重新采样' },
  },
} satisfies Record<string, FactKind>;

const disposition = Type.Union([
  Type.Literal('excused'),
  Type.Literal('away'),
  Type.Literal('deferred'),
  Type.Literal('refused'),
  Type.Literal('home-visit'),
]);

/** SC-6. What can be put on record about one person in one round. */
export const entryFacts = {
  'screening.walk-in-added': {
    body: Type.Object({}, strict),
    permits: sampling,
    label: { en: 'Added to the roster of the round', zh: '加入本轮名单' },
  },
  'screening.person-disposed': {
    body: Type.Object(
      {
        disposition,
        reason: Type.String({ minLength: 1, maxLength: 200 }),
        until: Type.Optional(instant),
      },
      strict,
    ),
    permits: sampling,
    label: {
      en: 'Excused, refused, away, deferred or home visit',
      zh: '豁免、拒检、外出、延后或上门',
    },
  },
  'screening.person-sampled': {
    body: Type.Object({ tube: label, sampledAt: instant }, strict),
    permits: [],
    label: { en: 'Sampled after all', zh: '已补采' },
  },
  'screening.sample-lost': {
    body: Type.Object({}, strict),
    permits: [],
    label: { en: 'The sample no longer counts', zh: '样本作废，需重采' },
  },
  'screening.disposition-withdrawn': {
    body: Type.Object({}, strict),
    permits: sampling,
    label: { en: 'Reason withdrawn', zh: '撤回原因' },
  },
} satisfies Record<string, FactKind>;

export type RoundFact = FactOf<typeof roundFacts>;
export type TubeFact = FactOf<typeof tubeFacts>;
export type EntryFact = FactOf<typeof entryFacts>;
export type Purpose = 'round' | 'recall' | 'exit' | 'symptoms';
