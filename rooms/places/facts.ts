import { Type } from 'typebox';
import type { FactKind, FactOf } from '../../ledger/room.ts';

/** What stands at a point. */
export const pointKinds = [
  'sampling',
  'laboratory',
  'isolation',
  'fangcang',
  'hospital',
  'store',
  'worksite',
] as const;
export type PointKind = (typeof pointKinds)[number];

const strict = { additionalProperties: false };

/** The identifier of a point: short, for a sign on a door. */
export const pointId = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9-]{0,39}$' });

export const pointBody = Type.Object(
  {
    pointKind: Type.Enum([...pointKinds]),
    label: Type.Object(
      {
        zh: Type.String({ minLength: 1, maxLength: 120 }),
        en: Type.String({ minLength: 1, maxLength: 120 }),
      },
      strict,
    ),
    /** Degrees in WGS 84; GCJ-02 of Chinese maps is about 500 m off and is converted before. */
    lon: Type.Optional(Type.Number({ minimum: -180, maximum: 180 })),
    lat: Type.Optional(Type.Number({ minimum: -90, maximum: 90 })),
    /** Persons sampled, tubes tested or persons housed in a day, by kind. */
    capacityPerDay: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000_000 })),
  },
  strict,
);

export const closingBody = Type.Object(
  { reason: Type.String({ minLength: 1, maxLength: 200 }) },
  strict,
);

/** Rule PL-8. What can be put on record about a point. */
export const pointFacts = {
  'places.point-opened': {
    body: pointBody,
    permits: ['headquarters', 'community'],
    label: { en: 'Point opened', zh: '点位启用' },
  },
  'places.point-closed': {
    body: closingBody,
    permits: ['headquarters', 'community'],
    label: { en: 'Point closed', zh: '点位关闭' },
  },
} satisfies Record<string, FactKind>;

export type PointFact = FactOf<typeof pointFacts>;
export type PointBody = Extract<PointFact, { kind: 'places.point-opened' }>['body'];
