import { resultsCodes } from './codes.ts';
import { keyPatterns } from '../../kernel/id.ts';
import { foldCode } from '../../kernel/id.ts';
import { defineAct, defineSubject, type Room } from '../../ledger/room.ts';
import { amend, confirmInformed, release } from './acts.ts';
import { decideAmend, decideConfirmInformed, decideRelease, releaseOf } from './decide.ts';
import { releaseFacts } from './facts.ts';
import { policyDefaults, policySchema } from './rules.ts';
import { evolveRelease, initialRelease } from './state.ts';
import { viewRelease } from './views.ts';

const subject = (act: { release?: string | undefined; plate?: string }): string =>
  `release:${releaseOf(act)}`;

/** 报 report: results leave the laboratory, are put right, and reach those they are about. */
export const results: Room = {
  name: 'results',
  codes: resultsCodes,
  label: { en: 'Report', zh: '报' },
  subjects: [
    defineSubject({
      prefix: 'release',
      keyPattern: keyPatterns.label,
      label: { en: 'Release', zh: '结果发布' },
      facts: releaseFacts,
      initial: initialRelease,
      evolve: evolveRelease,
      view: viewRelease,
    }),
  ],
  acts: {
    release: defineAct({
      kind: 'report',
      label: { en: 'Release results', zh: '发布结果' },
      body: release,
      roles: ['laboratory'],
      subject,
      reads: (act) => [`plate:${foldCode(act.plate)}`],
      decide: decideRelease,
    }),
    amend: defineAct({
      kind: 'report',
      label: { en: 'Amend a result', zh: '更正结果' },
      body: amend,
      roles: ['laboratory', 'headquarters'],
      subject,
      decide: decideAmend,
    }),
    'confirm-informed': defineAct({
      kind: 'report',
      label: { en: 'People told of the amendment', zh: '已告知更正' },
      body: confirmInformed,
      roles: ['community', 'laboratory', 'headquarters'],
      subject,
      decide: decideConfirmInformed,
    }),
  },
  policySchema,
  policyDefaults,
};

export type { Amend, ConfirmInformed, ReleaseAct } from './acts.ts';
export { type ResultsCode, resultsCodes } from './codes.ts';
export { type ReleaseFact, releaseFacts } from './facts.ts';
export {
  type PersonResult,
  type PersonSpecimen,
  type PersonStatus,
  personStatuses,
  resultForPerson,
} from './person.ts';
export {
  policyDefaults as resultsPolicyDefaults,
  type ReleaseStage,
  releaseStages,
  type ResultsPolicy,
} from './rules.ts';
export * from './specimen.ts';
export {
  type Amendment,
  evolveRelease,
  initialRelease,
  type Released,
  type ReleaseState,
  type StandingResult,
  standingResults,
} from './state.ts';
export { viewRelease } from './views.ts';
