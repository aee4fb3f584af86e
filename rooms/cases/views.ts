import type { Instant } from '../../kernel/instant.ts';
import { minuteMs } from '../../kernel/instant.ts';
import { type Duty, emptyView, type SubjectView } from '../../ledger/derive.ts';
import type { ViewContext } from '../../ledger/room.ts';
import { consequencesOf } from './consequences.ts';
import { type CaseFile, findOpenCase, findStandingOrder, openReasons, openStays } from './file.ts';
import { findingsOf } from './findings.ts';
import { follow } from './follow.ts';
import { type CasePolicy, dutyTerms, holderAt, policyDefaults } from './rules.ts';
import type { CaseState } from './state.ts';

/** Everything that follows from a person's history: stage, duties, findings, contacts. */
export function viewCase(state: CaseState, context: ViewContext<CasePolicy>): SubjectView {
  const { policy, registers } = context;
  if (state.events.length === 0) return emptyView;
  const file = follow(state, policy);
  const place = placeOf(state, registers.homeOf(state.person));
  const holder = holderAt[file.stage];
  const duties = dutiesOf(file, place);
  return {
    ...emptyView,
    stage: file.stage,
    since: file.stageSince ?? state.events[0]?.at ?? null,
    done: holder === null && duties.every((duty) => duty.endedAt !== null),
    holder,
    place,
    duties,
    findings: findingsOf(file, place),
    consequences: consequencesOf(file, registers, policy),
  };
}

/** Home by the register, else where the person was first met; null for somebody nowhere known. */
export function placeOf(state: CaseState, home: string | null): string {
  return home ?? state.events[0]?.place ?? '';
}

function dutiesOf(file: CaseFile, place: string): Duty[] {
  return file.obligations.map((one) => {
    const { owner, account, link } = dutyTerms[one.name];
    return {
      key: `${one.name}/${one.count}`,
      kind: `cases.${one.name}`,
      account,
      link,
      person: file.person,
      owner,
      place,
      since: one.since,
      dueAt: one.dueAt,
      endedAt: one.endedAt,
      ending: one.ending,
    };
  });
}

/** The limits of a hold or an isolation: basis, who answers for it, its end, where to appeal. */
export interface HoldTerms {
  readonly basis: string;
  readonly responsible: string;
  readonly expiresAt: Instant;
  readonly appealTo: string;
  /** Whether a person ordered it; otherwise it is the interim hold that the settings allow. */
  readonly ordered: boolean;
}

/** Rule CA-9. The terms under which somebody is kept apart now; null for whoever is free. */
export function holdTermsOf(state: CaseState, policy: CasePolicy): HoldTerms | null {
  const file = follow(state, policy);
  const order = findStandingOrder(file);
  if (order !== null) {
    return {
      basis: order.basis,
      responsible: order.responsible,
      expiresAt: order.expiresAt,
      appealTo: order.appealTo ?? policy.interimAppealTo,
      ordered: true,
    };
  }
  const since = interimSince(file, policy);
  if (since === null) return null;
  return {
    basis: policy.interimBasis,
    responsible: policy.interimResponsible,
    expiresAt: (since + policy.interimHoldMinutes * minuteMs) as Instant,
    appealTo: policy.interimAppealTo,
    ordered: false,
  };
}

function interimSince(file: CaseFile, policy: CasePolicy): Instant | null {
  const open = findOpenCase(file);
  if (open !== null) return open.openedAt;
  if (file.stage !== 'held') return null;
  const reasons = openReasons(file, policy.releaseNegatives).filter((reason) => reason.holds);
  return reasons[0]?.at ?? null;
}

/** What the rooms further along the patient's road ask about a person. */
export interface CaseSummary {
  /** A confirmed case that has not been closed. */
  readonly hasOpenCase: boolean;
  /** Stays in a facility that have begun and not ended. */
  readonly openStays: readonly string[];
  /** Who cares for this person, when it was noted. */
  readonly careOf: number | null;
}

/** A person as the rooms below see them: nothing in it depends on the settings of this room. */
export function summariseCase(state: CaseState): CaseSummary {
  const file = follow(state, policyDefaults);
  return {
    hasOpenCase: findOpenCase(file) !== null,
    openStays: openStays(file),
    careOf: file.careOf,
  };
}
