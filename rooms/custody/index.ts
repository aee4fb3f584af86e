import { custodyCodes } from './codes.ts';
import { keyPatterns } from '../../kernel/id.ts';
import { foldCode } from '../../kernel/id.ts';
import { defineAct, defineSubject, type Room } from '../../ledger/room.ts';
import { handOver, receive, reconcile, reportLost, sealBox } from './acts.ts';
import {
  decideHandOver,
  decideReceive,
  decideReconcile,
  decideReportLost,
  decideSealBox,
} from './decide.ts';
import { boxFacts } from './facts.ts';
import { policyDefaults, policySchema } from './rules.ts';
import { evolveBox, initialBox } from './state.ts';
import { viewBox } from './views.ts';

const subject = (act: { box: string }): string => `box:${foldCode(act.box)}`;

/** A box of tubes on its way to a laboratory. */
export const box = defineSubject({
  prefix: 'box',
  keyPattern: keyPatterns.label,
  label: { en: 'Box', zh: '样本箱' },
  facts: boxFacts,
  initial: initialBox,
  evolve: evolveBox,
  view: viewBox,
});

/** 送 deliver: boxes of tubes on their way to the laboratory, each in somebody's hands. */
export const custody: Room = {
  name: 'custody',
  codes: custodyCodes,
  label: { en: 'Deliver', zh: '送' },
  subjects: [box],
  acts: {
    'seal-box': defineAct({
      kind: 'report',
      label: { en: 'Seal a box', zh: '封箱' },
      body: sealBox,
      roles: ['sampler', 'courier', 'community', 'headquarters'],
      subject,
      decide: decideSealBox,
    }),
    'hand-over': defineAct({
      kind: 'report',
      label: { en: 'Hand a box over', zh: '交接样本箱' },
      body: handOver,
      roles: ['sampler', 'courier', 'community', 'laboratory', 'headquarters'],
      subject,
      decide: decideHandOver,
    }),
    receive: defineAct({
      kind: 'report',
      label: { en: 'Receive a box at the laboratory', zh: '实验室签收' },
      body: receive,
      roles: ['laboratory', 'headquarters'],
      subject,
      decide: decideReceive,
    }),
    'report-lost': defineAct({
      kind: 'report',
      label: { en: 'Report a box lost', zh: '报告样本箱遗失' },
      body: reportLost,
      roles: ['sampler', 'courier', 'community', 'laboratory', 'headquarters'],
      subject,
      decide: decideReportLost,
    }),
    reconcile: defineAct({
      kind: 'report',
      label: { en: 'Explain missing or extra tubes', zh: '核实差异' },
      body: reconcile,
      roles: ['courier', 'laboratory', 'headquarters'],
      subject,
      decide: decideReconcile,
    }),
  },
  policySchema,
  policyDefaults,
};

export type { HandOver, Receive, Reconcile, ReportLost, SealBox } from './acts.ts';
export {
  carrierOf,
  type Count,
  countOf,
  holderOf,
  journeyOf,
  nextLeg,
  unexplained,
} from './chain.ts';
export { type CustodyCode, custodyCodes } from './codes.ts';
export { type BoxFact, type BoxFactKind, boxFacts, type Outcome } from './facts.ts';
export {
  code,
  holder,
  instantBody,
  label,
  type Mark,
  markOf,
  readLabel,
  readLabels,
  reason,
  repeated,
  shortened,
  typedLabel,
} from './ids.ts';
export {
  type BoxStage,
  boxStages,
  type CustodyAct,
  type CustodyPolicy,
  policyDefaults as custodyPolicyDefaults,
} from './rules.ts';
export {
  type BoxState,
  type Conflict,
  evolveBox,
  initialBox,
  type Leg,
  type Receipt,
  type Sealing,
} from './state.ts';
export { type Condition, viewBox } from './views.ts';
