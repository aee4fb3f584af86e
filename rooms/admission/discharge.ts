import { addDays, type Day, parseDay } from '../../kernel/day.ts';
import { hourMs, type Instant } from '../../kernel/instant.ts';
import { dayOn } from '../transfer/index.ts';
import type { AdmissionPolicy } from './rules.ts';
import type { StayState, StayTest } from './state.ts';

/** What the rule for discharge still asks for. */
export type Missing = 'clear-tests' | 'fever' | 'severity';

export interface DischargeReadiness {
  /** Nothing when the rule is met. */
  readonly missing: readonly Missing[];
  /** The clear tests that count, oldest first. */
  readonly evidence: readonly StayTest[];
  /** When the next test may count; null when no more tests are needed. */
  readonly nextTestFrom: Instant | null;
}

/** Rule AD-6. A test is clear when negative, or when every target has a Ct from the limit up. */
export function isClear(
  { ct }: StayTest,
  { targets, ctFrom }: AdmissionPolicy['discharge'],
): boolean {
  if (ct === 'negative') return true;
  return targets.every((target) => {
    const value = ct[target];
    return value === null || (value !== undefined && value >= ctFrom);
  });
}

/**
 * Rule AD-6. The last unbroken run of clear tests, reduced to those that lie far enough apart.
 * A test between two others neither counts nor harms while it is clear.
 */
function clearRun(tests: readonly StayTest[], discharge: AdmissionPolicy['discharge']): StayTest[] {
  const inTime = [...tests].sort((left, right) => left.sampledAt - right.sampledAt);
  const lastUnclear = inTime.findLastIndex((test) => !isClear(test, discharge));
  const counted: StayTest[] = [];
  for (const test of inTime.slice(lastUnclear + 1)) {
    const before = counted.at(-1);
    const apart = before === undefined ? Infinity : test.sampledAt - before.sampledAt;
    if (apart >= discharge.hoursApart * hourMs) counted.push(test);
  }
  return counted;
}

/** Rule AD-6. Whether a patient may go, by the tests and the status known, and what is missing. */
export function readinessOf(
  state: Pick<StayState, 'tests' | 'statuses'>,
  at: Instant,
  policy: AdmissionPolicy,
): DischargeReadiness {
  const { discharge } = policy;
  const run = clearRun(state.tests, discharge);
  const missing: Missing[] = [];
  const last = run.at(-1);
  const enough = run.length >= discharge.clearTests;
  if (!enough) missing.push('clear-tests');
  if (hadFever(state, at, policy)) missing.push('fever');
  const lastDay = Object.keys(state.statuses).sort().at(-1);
  const latest = lastDay === undefined ? undefined : state.statuses[lastDay];
  if (latest !== undefined && !discharge.severities.includes(latest.severity)) {
    missing.push('severity');
  }
  const nextTestFrom =
    enough || last === undefined
      ? null
      : ((last.sampledAt + discharge.hoursApart * hourMs) as Instant);
  return { missing, evidence: run.slice(-discharge.clearTests), nextTestFrom };
}

function hadFever(
  state: Pick<StayState, 'statuses'>,
  at: Instant,
  policy: AdmissionPolicy,
): boolean {
  const { feverFreeDays, feverCelsius } = policy.discharge;
  const since: Day = addDays(dayOn(at, policy.utcOffsetMinutes), -feverFreeDays);
  return Object.entries(state.statuses).some(([on, { temperatureCelsius }]) => {
    if (temperatureCelsius === null || temperatureCelsius < feverCelsius) return false;
    return parseDay(on) !== null && on > since;
  });
}
