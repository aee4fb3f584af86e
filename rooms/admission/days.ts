import { addDays, type Day, parseDay } from '../../kernel/day.ts';
import { dayOn } from '../transfer/index.ts';
import type { AdmissionPolicy } from './rules.ts';
import { admittedAt, type StayState } from './state.ts';

/** No stay is looked at for longer than this: a wrong year must not make a list without end. */
const daysMax = 400;

/** The day on which the stay began; null while nobody is on record as admitted. */
export function firstDay(state: StayState, policy: AdmissionPolicy): Day | null {
  const at = admittedAt(state);
  return at === null ? null : dayOn(at, policy.utcOffsetMinutes);
}

/** The last day with a status, not before the stay began; null when there is none. */
export function lastStatusDay(state: StayState, policy: AdmissionPolicy): Day | null {
  const first = firstDay(state, policy);
  const last = Object.keys(state.statuses).sort().at(-1);
  const day = last === undefined ? null : parseDay(last);
  return day === null || first === null || day < first ? null : day;
}

/** Rule AD-3. Days between the admission and the last status that have none. */
export function missingDays(state: StayState, policy: AdmissionPolicy): Day[] {
  const first = firstDay(state, policy);
  const last = lastStatusDay(state, policy);
  const missing: Day[] = [];
  if (first === null || last === null) return missing;
  let day = first;
  for (let count = 0; count < daysMax && day < last; count++) {
    if (!Object.hasOwn(state.statuses, day)) missing.push(day);
    day = addDays(day, 1);
  }
  return missing;
}
