import type { Label } from '../../ledger/room.ts';

/** Every code of this room, in the words that screens show. Never renamed, only retired. */
export const dutiesCodes = {
  'duties.finding-already-closed': {
    en: 'Somebody has already closed this finding.',
    zh: '此疑点已办结。',
  },
  'duties.unknown-finding': {
    en: 'Nothing was found under this name. Choose it from the list.',
    zh: '没有此疑点，请从列表中选择。',
  },
} as const satisfies { readonly [code: string]: Label };
