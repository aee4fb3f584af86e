import { caseCodes } from './codes.ts';
import { keyPatterns } from '../../kernel/id.ts';
import { defineAct, defineSubject, type Room } from '../../ledger/room.ts';
import { actBodies, actTerms, type CaseActName } from './acts.ts';
import { decisions, type CaseAct } from './decide.ts';
import { type CaseFact, caseFacts } from './facts.ts';
import { type CasePolicy, policyDefaults, policySchema } from './rules.ts';
import { type CaseState, evolveCase, initialCase } from './state.ts';
import { viewCase } from './views.ts';

export { type CaseCode, caseCodes } from './codes.ts';
export { type CaseFact, type CaseFactKind, caseDraft, caseFacts, personNumber } from './facts.ts';
export type { CaseFile, CaseRecord, IsolationOrder, Listing } from './file.ts';
export { follow } from './follow.ts';
export { type CasePolicy, type CaseStage, caseStages } from './rules.ts';
export type { CaseEvent, CaseState } from './state.ts';
export { type CaseSummary, holdTermsOf, type HoldTerms, summariseCase } from './views.ts';

const person = defineSubject<CaseState, CaseFact, CasePolicy>({
  prefix: 'person',
  keyPattern: keyPatterns.number,
  label: { en: 'Person', zh: '人员' },
  facts: caseFacts,
  initial: initialCase,
  evolve: evolveCase,
  view: viewCase,
});

function act<N extends CaseActName>(name: N) {
  return defineAct<(typeof actBodies)[N], CaseState, CasePolicy>({
    kind: 'report',
    label: actTerms[name].label,
    roles: actTerms[name].roles,
    body: actBodies[name],
    subject: (body: CaseAct<N>) => `person:${body.person}`,
    decide: decisions[name],
  });
}

/** Cases: who is held, who is a contact, who is a case, and what is owed to each of them. */
export const cases: Room = {
  name: 'cases',
  codes: caseCodes,
  label: { en: 'Cases and contacts', zh: '病例与密接' },
  subjects: [person],
  acts: {
    'report-case': act('report-case'),
    'record-investigation': act('record-investigation'),
    'order-isolation': act('order-isolation'),
    'begin-isolation': act('begin-isolation'),
    'end-isolation': act('end-isolation'),
    'list-contact': defineAct<(typeof actBodies)['list-contact'], CaseState, CasePolicy>({
      kind: 'report',
      ...actTerms['list-contact'],
      body: actBodies['list-contact'],
      subject: ({ person: number }) => `person:${number}`,
      reads: ({ of }) => [`person:${of}`],
      decide: decisions['list-contact'],
    }),
    'withdraw-contact': act('withdraw-contact'),
    'note-needs': act('note-needs'),
    appeal: act('appeal'),
    'decide-appeal': act('decide-appeal'),
  },
  policySchema,
  policyDefaults,
};
