import { type Static, Type } from 'typebox';
import { limits } from '../../kernel/limits.ts';
import { code, reason, typedLabel } from '../custody/index.ts';
import { ct, target } from './facts.ts';

const strict = { additionalProperties: false };
const typedWell = Type.String({ minLength: 1, maxLength: 8 });

/** Takes tubes in at a laboratory. */
export const accession = Type.Object(
  {
    accession: typedLabel,
    laboratory: code,
    place: code,
    tubes: Type.Array(typedLabel, { minItems: 1, maxItems: limits.tubesPerRecordMax }),
  },
  strict,
);
export type Accession = Static<typeof accession>;

/** Fills a plate. The number of the run follows from the plate before. */
export const loadPlate = Type.Object(
  {
    plate: typedLabel,
    laboratory: code,
    place: code,
    wells: Type.Array(
      Type.Object(
        {
          well: typedWell,
          tube: typedLabel,
          /** The plate on which this tube failed. */
          rerunOf: Type.Optional(typedLabel),
          /** Left out, or the number that follows. */
          attempt: Type.Optional(Type.Integer({ minimum: 1, maximum: 20 })),
        },
        strict,
      ),
      { minItems: 1, maxItems: 96 },
    ),
    controls: Type.Array(
      Type.Object(
        {
          well: typedWell,
          control: Type.Union([Type.Literal('positive'), Type.Literal('negative')]),
        },
        strict,
      ),
      { maxItems: 96 },
    ),
  },
  strict,
);
export type LoadPlate = Static<typeof loadPlate>;

/** Puts the readings of a plate on record. */
export const readPlate = Type.Object(
  {
    plate: typedLabel,
    instrument: Type.String({ minLength: 1, maxLength: 80 }),
    readings: Type.Array(Type.Object({ well: typedWell, target, ct }, strict), {
      minItems: 1,
      maxItems: 2000,
    }),
    /** Why these replace readings already on record, such as a wrong file. */
    correction: Type.Optional(reason),
  },
  strict,
);
export type ReadPlate = Static<typeof readPlate>;

/** Stands for the calls of a plate, as a second person. */
export const signPlate = Type.Object({ plate: typedLabel }, strict);
export type SignPlate = Static<typeof signPlate>;

/** Rejects a plate as a whole. */
export const rejectPlate = Type.Object({ plate: typedLabel, reason }, strict);
export type RejectPlate = Static<typeof rejectPlate>;

/** Says that tubes owed another run cannot have it. */
export const waiveRerun = Type.Object(
  {
    plate: typedLabel,
    tubes: Type.Array(typedLabel, { minItems: 1, maxItems: 96 }),
    reason,
  },
  strict,
);
export type WaiveRerun = Static<typeof waiveRerun>;
