import type { Json } from '../../kernel/assert.ts';
import { type Refusal, refuse } from '../../ledger/decision.ts';
import type { Label } from '../../ledger/room.ts';
import { releaseCodes } from '../laboratory/index.ts';

/**
 * Every code of this room, for refusals at a desk and for findings on record, in the words that
 * screens show. Codes are never renamed, only retired.
 */
export const resultsCodes = {
  ...releaseCodes,
  'results.bad-label': {
    en: 'A release carries the label of its plate, or that label with .2, .3 and so on.',
    zh: '发布编号应为板号，或板号加“.2”“.3”等。',
  },
  'results.already-released': {
    en: 'This release is on record with other results.',
    zh: '该发布已有记录，且结果不同。',
  },
  'results.nothing-to-release': {
    en: 'No result of this plate is final: its tubes are owed another run.',
    zh: '该板尚无终判结果：样本需复测。',
  },
  'results.tube-twice': {
    en: 'A tube is listed with two different results.',
    zh: '同一采样管列有两个不同结果。',
  },
  'results.not-released': {
    en: 'Nothing has been released under this label.',
    zh: '该编号下尚无发布结果。',
  },
  'results.nothing-to-amend': {
    en: 'The result on record is the same.',
    zh: '与现有结果相同，无需更正。',
  },
  'results.nothing-to-inform': {
    en: 'No amendment of this tube waits to be told.',
    zh: '该管没有待告知的更正。',
  },
  'results.differs-from-call': {
    en: 'The released result differs from the signed call.',
    zh: '发布的结果与签核判读不一致。',
  },
  'results.specimen-without-seal': {
    en: 'This tube is on its way or tested, and nobody knows whose swabs are in it.',
    zh: '此管已在途或已检测，但没有封管记录，不知样本属于何人。',
  },
} as const satisfies Record<string, Label>;

export type ResultsCode = keyof typeof resultsCodes;

/** Refuses with a code of this room. */
export function no(code: ResultsCode, details: { readonly [k: string]: Json } = {}): Refusal {
  return refuse(code, details);
}
