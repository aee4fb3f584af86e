import { type Static, Type } from 'typebox';
import { reason, typedLabel } from '../custody/index.ts';
import { call } from '../laboratory/index.ts';

const strict = { additionalProperties: false };

/** Releases what a signed plate has final. The results are the signed calls, nobody types them. */
export const release = Type.Object(
  {
    plate: typedLabel,
    /** The plate's label when left out; with `.2`, `.3` … for what became final later. */
    release: Type.Optional(typedLabel),
  },
  strict,
);
export type ReleaseAct = Static<typeof release>;

/** Puts one released result right. */
export const amend = Type.Object(
  { release: typedLabel, tube: typedLabel, result: call, reason },
  strict,
);
export type Amend = Static<typeof amend>;

/** Says that the people of an amended tube have been told. */
export const confirmInformed = Type.Object({ release: typedLabel, tube: typedLabel }, strict);
export type ConfirmInformed = Static<typeof confirmInformed>;
