import { laboratoryCodes } from './codes.ts';
import { fileCodes } from './instrument.ts';
import { keyPatterns } from '../../kernel/id.ts';
import { foldCode } from '../../kernel/id.ts';
import { defineAct, defineSubject, type Room } from '../../ledger/room.ts';
import { accession, loadPlate, readPlate, rejectPlate, signPlate, waiveRerun } from './acts.ts';
import {
  decideAccession,
  decideLoadPlate,
  decideReadPlate,
  decideRejectPlate,
  decideSignPlate,
  decideWaiveRerun,
} from './decide.ts';
import { accessionFacts, plateFacts } from './facts.ts';
import { policyDefaults, policySchema } from './rules.ts';
import { evolveAccession, evolvePlate, initialAccession, initialPlate } from './state.ts';
import { viewAccession, viewPlate } from './views.ts';

const plateOf = (act: { plate: string }): string => `plate:${foldCode(act.plate)}`;

/** 检 test: tubes taken in, plates loaded, read, called by rule and signed by a second person. */
export const laboratory: Room = {
  name: 'laboratory',
  codes: { ...laboratoryCodes, ...fileCodes },
  label: { en: 'Test', zh: '检' },
  subjects: [
    defineSubject({
      prefix: 'accession',
      keyPattern: keyPatterns.label,
      label: { en: 'Accession', zh: '接收登记' },
      facts: accessionFacts,
      initial: initialAccession,
      evolve: evolveAccession,
      view: viewAccession,
    }),
    defineSubject({
      prefix: 'plate',
      keyPattern: keyPatterns.label,
      label: { en: 'Plate', zh: '检测板' },
      facts: plateFacts,
      initial: initialPlate,
      evolve: evolvePlate,
      view: viewPlate,
    }),
  ],
  acts: {
    accession: defineAct({
      kind: 'report',
      label: { en: 'Take tubes in', zh: '样本接收' },
      body: accession,
      roles: ['laboratory'],
      subject: (act) => `accession:${foldCode(act.accession)}`,
      decide: decideAccession,
    }),
    'load-plate': defineAct({
      kind: 'report',
      label: { en: 'Load a plate', zh: '上样' },
      body: loadPlate,
      roles: ['laboratory'],
      subject: plateOf,
      reads: (act) => {
        const plates = act.wells.flatMap(({ rerunOf }) => (rerunOf === undefined ? [] : [rerunOf]));
        return [...new Set(plates.map((plate) => `plate:${foldCode(plate)}`))];
      },
      decide: decideLoadPlate,
    }),
    'read-plate': defineAct({
      kind: 'report',
      label: { en: 'Record the readings', zh: '录入读数' },
      body: readPlate,
      roles: ['laboratory'],
      subject: plateOf,
      decide: decideReadPlate,
    }),
    'sign-plate': defineAct({
      kind: 'report',
      label: { en: 'Sign a plate', zh: '复核签字' },
      body: signPlate,
      roles: ['laboratory'],
      subject: plateOf,
      decide: decideSignPlate,
    }),
    'reject-plate': defineAct({
      kind: 'report',
      label: { en: 'Reject a plate', zh: '整板作废' },
      body: rejectPlate,
      roles: ['laboratory'],
      subject: plateOf,
      decide: decideRejectPlate,
    }),
    'waive-rerun': defineAct({
      kind: 'report',
      label: { en: 'Say that a tube cannot run again', zh: '登记无法复测' },
      body: waiveRerun,
      roles: ['laboratory'],
      subject: plateOf,
      decide: decideWaiveRerun,
    }),
  },
  policySchema,
  policyDefaults,
};

export type {
  Accession,
  LoadPlate,
  ReadPlate,
  RejectPlate,
  SignPlate,
  WaiveRerun,
} from './acts.ts';
export {
  type CallReason,
  callWell,
  canonicalTarget,
  controlRan,
  type WellCall,
  type WellReading,
} from './calls.ts';
export { type LaboratoryCode, laboratoryCodes, type ReleaseCode, releaseCodes } from './codes.ts';
export {
  type AccessionFact,
  accessionFacts,
  type Call,
  call,
  type PlateFact,
  plateFacts,
  releaseLabel,
  resultList,
} from './facts.ts';
export {
  type FileCode,
  fileCodes,
  type FileFault,
  type InstrumentFile,
  parseInstrumentFile,
} from './instrument.ts';
export { openReruns, releasableResults, rulesOf, type TubeCall, tubeCalls } from './plate.ts';
export {
  type LaboratoryPolicy,
  nationalRuleSet,
  policyDefaults as laboratoryPolicyDefaults,
  type PlateAct,
  type PlateStage,
  plateStages,
  type RuleSet,
} from './rules.ts';
export {
  type AccessionState,
  evolveAccession,
  evolvePlate,
  initialAccession,
  initialPlate,
  type Load,
  type PlateState,
  type Reading,
  type Signing,
} from './state.ts';
export { viewAccession, viewPlate } from './views.ts';
export { isPlateWell, plateWells, readWell, wellByNumber } from './wells.ts';
