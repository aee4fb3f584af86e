import { Type } from 'typebox';
import type { FactKind, FactOf } from '../../ledger/room.ts';
import { code, label, reason } from '../custody/index.ts';
import { call, resultList } from '../laboratory/index.ts';

const strict = { additionalProperties: false };

/** What can be put on record about a release. */
export const releaseFacts = {
  'results.released': {
    body: Type.Object({ plate: label, laboratory: code, results: resultList }, strict),
    permits: ['laboratory'],
    label: { en: 'Results released', zh: '结果发布' },
  },
  'results.amended': {
    body: Type.Object({ tube: label, result: call, reason }, strict),
    permits: ['laboratory', 'headquarters'],
    label: { en: 'Result amended', zh: '结果更正' },
  },
  'results.informed': {
    body: Type.Object({ tube: label }, strict),
    permits: ['community', 'laboratory', 'headquarters'],
    label: { en: 'People told of the amendment', zh: '已告知更正' },
  },
} satisfies Record<string, FactKind>;

export type ReleaseFact = FactOf<typeof releaseFacts>;
