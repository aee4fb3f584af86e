import { type Static, Type } from 'typebox';
import { limits } from '../../kernel/limits.ts';
import { outcome } from './facts.ts';
import { code, holder, instantBody, reason, typedLabel } from './ids.ts';

const strict = { additionalProperties: false };
const typedTubes = Type.Array(typedLabel, { maxItems: limits.tubesPerRecordMax });

/** Seals a box over its tubes. */
export const sealBox = Type.Object(
  {
    box: typedLabel,
    tubes: Type.Array(typedLabel, { minItems: 1, maxItems: limits.tubesPerRecordMax }),
    place: Type.Optional(code),
    /** Who holds it; the acting account when left out. */
    from: Type.Optional(holder),
    /** When the first of its tubes was sealed: the clock of delivery starts there. */
    earliestTubeAt: Type.Optional(instantBody),
  },
  strict,
);
export type SealBox = Static<typeof sealBox>;

/** Hands a box from its holder to somebody else. */
export const handOver = Type.Object(
  {
    box: typedLabel,
    to: holder,
    /** Who gives it; the acting account when left out. */
    from: Type.Optional(holder),
    /** The next one when left out. */
    leg: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  },
  strict,
);
export type HandOver = Static<typeof handOver>;

/** Receives a box at a laboratory. What is missing and what is extra is worked out. */
export const receive = Type.Object(
  {
    box: typedLabel,
    laboratory: code,
    /** Whole tubes in the box. */
    present: typedTubes,
    broken: Type.Optional(typedTubes),
    warm: Type.Optional(Type.Boolean()),
    temperatureCelsius: Type.Optional(Type.Number({ minimum: -100, maximum: 60 })),
    /** Yes, it is here although no sealing is on record. */
    unsealed: Type.Optional(Type.Boolean()),
    /** Needed only when nothing is known of the box. */
    place: Type.Optional(code),
  },
  strict,
);
export type Receive = Static<typeof receive>;

/** Reports a box lost. */
export const reportLost = Type.Object({ box: typedLabel, reason }, strict);
export type ReportLost = Static<typeof reportLost>;

/** Explains missing or extra tubes of a received box. */
export const reconcile = Type.Object(
  {
    box: typedLabel,
    outcomes: Type.Array(Type.Object({ tube: typedLabel, outcome }, strict), {
      minItems: 1,
      maxItems: limits.tubesPerRecordMax,
    }),
    note: Type.Optional(reason),
  },
  strict,
);
export type Reconcile = Static<typeof reconcile>;
