import { screeningCodes } from './codes.ts';
import { keyPatterns } from '../../kernel/id.ts';
import { defineAct, defineSubject, type Room, type Role } from '../../ledger/room.ts';
import * as decide from './decide.ts';
import { entryFacts, roundFacts, tubeFacts } from './facts.ts';
import { policyDefaults, policySchema } from './rules.ts';
import * as state from './state.ts';
import { viewEntry, viewRound, viewTube } from './views.ts';

const sampling: readonly Role[] = ['sampler', 'community', 'headquarters'];
const readsRound = (act: { round: string }): string[] => [`round:${act.round}`];
const ofTube = (act: { tube: string }): string => `tube:${act.tube}`;
const ofEntry = (act: { round: string; person: number }): string =>
  state.entrySubject(act.round, act.person);

/** 采: rounds, tubes, and everybody who is not in a tube yet. */
export const screening: Room = {
  name: 'screening',
  codes: screeningCodes,
  label: { en: 'Screening', zh: '采样筛查' },
  policySchema,
  policyDefaults,
  subjects: [
    defineSubject({
      prefix: 'round',
      keyPattern: keyPatterns.name,
      label: { en: 'Round', zh: '轮次' },
      facts: roundFacts,
      initial: state.initialRound,
      evolve: state.evolveRound,
      view: viewRound,
    }),
    defineSubject({
      prefix: 'tube',
      keyPattern: keyPatterns.label,
      label: { en: 'Tube', zh: '采样管' },
      facts: tubeFacts,
      recordOnly: true,
      initial: state.initialTube,
      evolve: state.evolveTube,
      view: viewTube,
    }),
    defineSubject({
      prefix: 'entry',
      keyPattern: '^[A-Za-z0-9][A-Za-z0-9-]{0,39}/[1-9][0-9]{0,9}$',
      label: { en: 'Person in a round', zh: '本轮人员' },
      facts: entryFacts,
      initial: state.initialEntry,
      evolve: state.evolveEntry,
      view: viewEntry,
    }),
  ],
  acts: {
    'open-round': defineAct({
      kind: 'report',
      label: { en: 'Open a round', zh: '开始一轮' },
      body: decide.openRound,
      roles: ['headquarters'],
      subject: (act) => `round:${act.round}`,
      decide: decide.decideOpenRound,
    }),
    'close-round': defineAct({
      kind: 'report',
      label: { en: 'Close the round', zh: '结束本轮' },
      body: decide.closeRound,
      roles: ['headquarters'],
      subject: (act) => `round:${act.round}`,
      decide: decide.decideCloseRound,
    }),
    'open-tube': defineAct({
      kind: 'report',
      label: { en: 'Open a tube', zh: '开管' },
      body: decide.openTube,
      roles: sampling,
      subject: ofTube,
      reads: readsRound,
      decide: decide.decideOpenTube,
    }),
    'add-person': defineAct({
      kind: 'report',
      label: { en: 'Add a person', zh: '录入人员' },
      body: decide.addPerson,
      roles: sampling,
      subject: ofTube,
      decide: decide.decideAddPerson,
    }),
    'remove-person': defineAct({
      kind: 'report',
      label: { en: 'Undo an entry', zh: '撤销录入' },
      body: decide.removePerson,
      roles: sampling,
      subject: ofTube,
      decide: decide.decideRemovePerson,
    }),
    'seal-tube': defineAct({
      kind: 'report',
      label: { en: 'Seal the tube', zh: '封管' },
      body: decide.sealTube,
      roles: sampling,
      subject: ofTube,
      decide: decide.decideSealTube,
    }),
    'record-tube': defineAct({
      kind: 'report',
      label: { en: 'Enter a sealed tube', zh: '补录整管' },
      body: decide.recordTube,
      roles: sampling,
      subject: ofTube,
      reads: readsRound,
      decide: decide.decideRecordTube,
    }),
    'void-tube': defineAct({
      kind: 'report',
      label: { en: 'Void the tube', zh: '作废此管' },
      body: decide.voidTube,
      roles: [...sampling, 'laboratory'],
      subject: ofTube,
      decide: decide.decideVoidTube,
    }),
    'dispose-person': defineAct({
      kind: 'report',
      label: { en: 'Record why not sampled', zh: '登记未采原因' },
      body: decide.disposePerson,
      roles: sampling,
      subject: ofEntry,
      reads: readsRound,
      decide: decide.decideDispose,
    }),
    'withdraw-disposition': defineAct({
      kind: 'report',
      label: { en: 'Withdraw the reason', zh: '撤回原因' },
      body: decide.withdrawDisposition,
      roles: sampling,
      subject: ofEntry,
      reads: readsRound,
      decide: decide.decideWithdraw,
    }),
    'add-walk-in': defineAct({
      kind: 'report',
      label: { en: 'Add to the roster', zh: '加入名单' },
      body: decide.addWalkIn,
      roles: sampling,
      subject: ofEntry,
      reads: readsRound,
      decide: decide.decideWalkIn,
    }),
  },
};

export type { Purpose } from './facts.ts';
export { label as labelSchema, labelPattern, person as personSchema } from './facts.ts';
export { type Disposition, dispositions, poolSizes, type ScreeningPolicy } from './rules.ts';
export { entrySubject, type EntryState, type RoundState, type TubeState } from './state.ts';
export { settlesEntry } from './views.ts';
export {
  labelFault,
  type LabelKind,
  labelKindOf,
  type LabelReading,
  labelSeries,
  personLabel,
  pickSerials,
  readLabel,
  serialLabel,
  serialMax,
} from './label.ts';
export * from './coverage.ts';
