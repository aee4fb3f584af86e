import { admissionCodes } from './codes.ts';
import { type ActKind, defineAct, defineSubject, type Room } from '../../ledger/room.ts';
import { keyPattern } from '../capacity/index.ts';
import { actBodies } from './acts.ts';
import {
  decideAdmit,
  decideDischarge,
  decideGiveTreatment,
  decideRecordDeath,
  decideRecordStatus,
  decideStep,
  decideRecordTest,
} from './decide.ts';
import { stayFacts } from './facts.ts';
import { policyDefaults, policySchema } from './rules.ts';
import { evolveStay, initialStay, type StayState } from './state.ts';
import { viewStay } from './views.ts';

const stay = defineSubject({
  prefix: 'stay',
  label: { en: 'Stay', zh: '住院(舱)' },
  keyPattern,
  facts: stayFacts,
  initial: initialStay,
  evolve: evolveStay,
  view: viewStay,
});

const subject = (act: { stay: string }): string => `stay:${act.stay}`;
const roles: ActKind['roles'] = ['facility'];

/** 收 admission, and 治 treatment: one person in a bed, from admission to discharge or death. */
export const admission: Room = {
  name: 'admission',
  codes: admissionCodes,
  label: { en: 'Admission and treatment', zh: '收治' },
  subjects: [stay],
  acts: {
    admit: defineAct({
      kind: 'claim',
      label: { en: 'Admit', zh: '收治入院(舱)' },
      body: actBodies.admit,
      roles,
      subject,
      reads: ({ person, unit }) => [`person:${person}`, `unit:${unit}`],
      decide: decideAdmit,
    }),
    'record-status': defineAct({
      kind: 'report',
      label: { en: 'Record status', zh: '登记每日病情' },
      body: actBodies['record-status'],
      roles,
      subject,
      decide: decideRecordStatus,
    }),
    step: defineAct({
      kind: 'claim',
      label: { en: 'Move to another bed', zh: '转床' },
      body: actBodies.step,
      roles,
      subject,
      reads: ({ unit }) => [`unit:${unit}`],
      decide: decideStep,
    }),
    'record-test': defineAct({
      kind: 'report',
      label: { en: 'Record test', zh: '登记核酸复查' },
      body: actBodies['record-test'],
      roles: ['facility', 'laboratory'],
      subject,
      decide: decideRecordTest,
    }),
    'give-treatment': defineAct({
      kind: 'report',
      label: { en: 'Give treatment', zh: '登记治疗' },
      body: actBodies['give-treatment'],
      roles,
      subject,
      decide: decideGiveTreatment,
    }),
    discharge: defineAct({
      kind: 'report',
      label: { en: 'Discharge', zh: '出院(舱)' },
      body: actBodies.discharge,
      roles,
      subject,
      reads: (_act, { person }: StayState) => (person === null ? [] : [`person:${person}`]),
      decide: decideDischarge,
    }),
    'record-death': defineAct({
      kind: 'report',
      label: { en: 'Record death', zh: '登记死亡' },
      body: actBodies['record-death'],
      roles,
      subject,
      decide: decideRecordDeath,
    }),
  },
  policySchema,
  policyDefaults,
};

export { type AdmissionCode, admissionCodes } from './codes.ts';
export { missingDays } from './days.ts';
export { type DischargeReadiness, type Missing, readinessOf } from './discharge.ts';
export { type Severity, stayDraft, type StayFact, type StayFactKind, stayFacts } from './facts.ts';
export { type AdmissionPolicy, type StayStage, stayStages } from './rules.ts';
export {
  admittedAt,
  evolveStay,
  findLocation,
  initialStay,
  type Location,
  stageOf as stayStageOf,
  type StayState,
} from './state.ts';
export { viewStay } from './views.ts';
