import type { Json } from '../../kernel/assert.ts';
import type { Instant } from '../../kernel/instant.ts';
import type { Finding } from '../../ledger/derive.ts';
import type { AdmissionCode } from './codes.ts';
import { missingDays } from './days.ts';
import { readinessOf } from './discharge.ts';
import type { AdmissionPolicy } from './rules.ts';
import { admittedAt, type StayState } from './state.ts';

/** Rules AD-6 and AD-8. What a stay's record says that cannot be, or must not have been. */
export function findingsOf(state: StayState, policy: AdmissionPolicy): Finding[] {
  const findings: Finding[] = [];
  const { firstAt, ended, lastDoneAt } = state;
  if (firstAt === null) return findings;
  const add = (code: AdmissionCode, at: Instant, details: { [k: string]: Json } = {}): void => {
    const key = code.slice(code.indexOf('.') + 1);
    findings.push({ key, code, owner: 'role:facility', place: state.place ?? '', at, details });
  };
  if (state.person === null) add('admission.no-admission', firstAt);
  if (state.admittedAgainAt !== null) add('admission.stay-two-persons', state.admittedAgainAt);
  if (ended !== null && lastDoneAt !== null && lastDoneAt > ended.cause.at) {
    add('admission.after-end', lastDoneAt);
  }
  const gaps = missingDays(state, policy);
  if (gaps.length > 0) add('admission.status-gap', admittedAt(state) ?? firstAt, { days: gaps });
  if (ended?.how === 'discharged' && state.rule === policy.discharge.rule) {
    // Judged by what was known then, by the dates: a device may send its tests later.
    const tests = state.tests.filter((test) => test.at <= ended.cause.at);
    const known = { ...state, tests };
    const { missing } = readinessOf(known, ended.cause.at, policy);
    if (missing.length > 0) {
      add('admission.discharge-before-rule', ended.cause.at, { missing: [...missing] });
    }
  }
  return findings;
}
