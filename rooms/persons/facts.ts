import { Type } from 'typebox';
import type { FactKind, FactOf } from '../../ledger/room.ts';

const count = Type.Integer({ minimum: 0, maximum: 50_000_000 });

/** Rule PE-11. What goes on record of a roster: counts and the digest of the file, never a name. */
export const rosterFacts = {
  'persons.roster-imported': {
    body: Type.Object(
      {
        importId: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9-]{3,63}$' }),
        rows: count,
        imported: count,
        updated: count,
        rejected: count,
        /** SHA-256 of the bytes of the file, in hexadecimal. */
        digest: Type.String({ pattern: '^[0-9a-f]{64}$' }),
      },
      { additionalProperties: false },
    ),
    permits: [],
    label: { en: 'Roster imported', zh: '名册已导入' },
  },
} satisfies Record<string, FactKind>;

export type RosterFact = FactOf<typeof rosterFacts>;
export type RosterImported = RosterFact['body'];
