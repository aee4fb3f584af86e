import { dutiesCodes } from './codes.ts';
import { defineAct, defineSubject, type Room } from '../../ledger/room.ts';
import * as finding from './finding.ts';
import { policyDefaults, policySchema } from './rules.ts';

/** Who owes what to whom by when: clocks, the four accounts, what is done about findings. */
export const duties: Room = {
  name: 'duties',
  codes: dutiesCodes,
  label: { en: 'Duties', zh: '责任事项' },
  policySchema,
  policyDefaults,
  subjects: [
    defineSubject({
      prefix: 'finding',
      keyPattern: '^[a-z-]+:[^\\s~]+~\\S+$',
      label: { en: 'Finding', zh: '疑点' },
      facts: finding.findingFacts,
      initial: finding.initialFinding,
      evolve: finding.evolveFinding,
      view: finding.viewFinding,
    }),
  ],
  acts: {
    'take-finding': defineAct({
      kind: 'report',
      label: { en: 'Take up', zh: '接手核查' },
      body: finding.takeFinding,
      roles: finding.lookers,
      subject: (act) => `finding:${act.finding}`,
      decide: finding.decideTake,
    }),
    'close-finding': defineAct({
      kind: 'report',
      label: { en: 'Close with a note', zh: '注明并办结' },
      body: finding.closeFinding,
      roles: finding.lookers,
      subject: (act) => `finding:${act.finding}`,
      decide: finding.decideClose,
    }),
  },
};

export type { FindingState } from './finding.ts';
export { type DutiesPolicy } from './rules.ts';
export * from './views.ts';
