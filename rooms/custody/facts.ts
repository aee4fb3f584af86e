import { Type } from 'typebox';
import { limits } from '../../kernel/limits.ts';
import type { FactKind, FactOf } from '../../ledger/room.ts';
import { code, holder, instantBody, label, reason } from './ids.ts';

const strict = { additionalProperties: false };
const tubes = Type.Array(label, { maxItems: limits.tubesPerRecordMax });
const sealedTubes = Type.Array(label, { minItems: 1, maxItems: limits.tubesPerRecordMax });
const temperature = Type.Number({ minimum: -100, maximum: 60 });

/** CU-6. How a difference found at receipt was explained. */
export const outcomes = ['found', 'lost', 'elsewhere', 'accepted'] as const;
export type Outcome = (typeof outcomes)[number];
export const outcome = Type.Union([
  Type.Literal('found'),
  Type.Literal('lost'),
  Type.Literal('elsewhere'),
  Type.Literal('accepted'),
]);

const carrying = ['sampler', 'courier', 'community', 'headquarters'] as const;
const receiving = ['laboratory', 'headquarters'] as const;

/** What can be put on record about a box. */
export const boxFacts = {
  'custody.box-sealed': {
    body: Type.Object(
      {
        tubes: sealedTubes,
        from: holder,
        /** When the first of its tubes was sealed: the clock of delivery starts there. */
        earliestTubeAt: Type.Optional(instantBody),
      },
      strict,
    ),
    permits: carrying,
    label: { en: 'Box sealed', zh: '封箱' },
  },
  'custody.box-handed-over': {
    body: Type.Object(
      { leg: Type.Integer({ minimum: 1, maximum: 1000 }), from: holder, to: holder },
      strict,
    ),
    permits: [...carrying, 'laboratory'],
    label: { en: 'Box handed over', zh: '样本箱交接' },
  },
  'custody.box-received': {
    body: Type.Object(
      {
        laboratory: code,
        /** Whole tubes in the box. */
        present: tubes,
        /** Sealed into the box and not in it. */
        missing: tubes,
        /** In the box and not sealed into it. */
        extra: tubes,
        /** In the box, and no use any more. */
        broken: tubes,
        warm: Type.Boolean(),
        temperatureCelsius: Type.Optional(temperature),
      },
      strict,
    ),
    permits: receiving,
    label: { en: 'Box received by the laboratory', zh: '实验室签收' },
  },
  'custody.box-lost': {
    body: Type.Object({ reason }, strict),
    permits: [...carrying, 'laboratory'],
    label: { en: 'Box lost', zh: '样本箱遗失' },
  },
  'custody.box-reconciled': {
    body: Type.Object(
      {
        outcomes: Type.Array(Type.Object({ tube: label, outcome }, strict), {
          minItems: 1,
          maxItems: limits.tubesPerRecordMax,
        }),
        note: Type.Optional(reason),
      },
      strict,
    ),
    permits: ['courier', 'laboratory', 'headquarters'],
    label: { en: 'Differences explained', zh: '差异已核实' },
  },
} satisfies Record<string, FactKind>;

export type BoxFact = FactOf<typeof boxFacts>;
export type BoxFactKind = BoxFact['kind'];
