import type { Call } from './facts.ts';
import type { RuleSet, Target } from './rules.ts';

/** One measurement of a well: target as written, cycles or null. */
export type WellReading = readonly [target: string, ct: number | null];

/** Why a call is what it is; screens show it beside the call. */
export type CallReason =
  | 'all-targets'
  | 'no-target'
  | 'one-target'
  | 'grey-zone'
  | 'no-internal-control'
  | 'not-read'
  | 'reading-unsure'
  | 'well-unsure'
  | 'control-failed';

export interface WellCall {
  readonly call: Call;
  readonly reason: CallReason;
}

/** Letters and digits of a target's name, so that `ORF1a/b`, `orf1ab` and `ORF 1ab` are one. */
export function foldTarget(name: string): string {
  return name
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** The rule set's own name for a target as written; null when it knows none. */
export function canonicalTarget(name: string, ruleSet: RuleSet): string | null {
  const names = namedTargets(ruleSet);
  if (names.some((known) => known.name === name)) return name;
  const folded = foldTarget(name);
  for (const known of names) {
    if ([known.name, ...known.aliases].some((alias) => foldTarget(alias) === folded)) {
      return known.name;
    }
  }
  return null;
}

/** Targets of the pathogen and the internal control, which every well must have readings of. */
export function namedTargets(ruleSet: RuleSet): { name: string; aliases: readonly string[] }[] {
  const { targets, internalControl } = ruleSet;
  return internalControl === null ? [...targets] : [...targets, internalControl];
}

/** Readings under the rule set's names; null for a target read twice with different values. */
export function namedReadings(
  readings: readonly WellReading[],
  ruleSet: RuleSet,
): Map<string, number | null> | null {
  const named = new Map<string, number | null>();
  for (const [written, ct] of readings) {
    const name = canonicalTarget(written, ruleSet);
    if (name === null) continue;
    const known = named.get(name);
    if (known !== undefined && known !== ct) return null;
    named.set(name, ct);
  }
  return named;
}

/** Rule LA-4. One target by its cut-offs. No Ct, or one at or beyond the grey zone, is negative. */
export function callTarget(ct: number | null, target: Target): 'negative' | 'positive' | 'grey' {
  if (ct === null || !Number.isFinite(ct) || ct >= target.greyBelowCt) return 'negative';
  return ct < target.positiveBelowCt ? 'positive' : 'grey';
}

/**
 * Rule LA-4. The call of one well. Total: any readings and any rule set give a call.
 *
 * All targets positive is positive; none at all is negative if the internal control ran, else
 * invalid; anything between is grey. A signal stands without the internal control unless the rule
 * set says otherwise.
 */
export function callWell(readings: readonly WellReading[], ruleSet: RuleSet): WellCall {
  const named = namedReadings(readings, ruleSet);
  if (named === null) return { call: 'invalid', reason: 'reading-unsure' };
  const calls: ReturnType<typeof callTarget>[] = [];
  for (const target of ruleSet.targets) {
    const ct = named.get(target.name);
    if (ct === undefined) return { call: 'invalid', reason: 'not-read' };
    calls.push(callTarget(ct, target));
  }
  const hasSignal = calls.some((call) => call !== 'negative');
  const needsControl = !hasSignal || ruleSet.signalNeedsInternalControl;
  if (needsControl && !internalControlRan(named, ruleSet)) {
    return { call: 'invalid', reason: 'no-internal-control' };
  }
  if (!hasSignal) return { call: 'negative', reason: 'no-target' };
  if (calls.every((call) => call === 'positive'))
    return { call: 'positive', reason: 'all-targets' };
  return { call: 'grey', reason: calls.includes('grey') ? 'grey-zone' : 'one-target' };
}

function internalControlRan(named: Map<string, number | null>, ruleSet: RuleSet): boolean {
  const { internalControl } = ruleSet;
  if (internalControl === null) return true;
  const ct = named.get(internalControl.name) ?? null;
  return ct !== null && Number.isFinite(ct) && ct <= internalControl.ctMax;
}

/**
 * Rule LA-5. Whether a control did what it is there for: a positive control shows every target
 * within its bounds, a negative control shows none.
 */
export function controlRan(
  control: 'positive' | 'negative',
  readings: readonly WellReading[],
  ruleSet: RuleSet,
): boolean {
  const named = namedReadings(readings, ruleSet);
  if (named === null) return false;
  const { positiveCtMin, positiveCtMax } = ruleSet.controls;
  return ruleSet.targets.every((target) => {
    const ct = named.get(target.name);
    if (ct === undefined) return false;
    if (control === 'negative') return callTarget(ct, target) === 'negative';
    return ct !== null && ct >= positiveCtMin && ct <= positiveCtMax;
  });
}

/** Whether any target of the pathogen shows in a well, the internal control apart. */
export function showsTarget(readings: readonly WellReading[], ruleSet: RuleSet): boolean {
  return readings.some(([written, ct]) => {
    const name = canonicalTarget(written, ruleSet);
    const target = ruleSet.targets.find((known) => known.name === name);
    return target !== undefined && callTarget(ct, target) !== 'negative';
  });
}

const severity = { positive: 3, grey: 2, invalid: 1, negative: 0 } as const satisfies Record<
  Call,
  number
>;

/** Rule LA-3. Of two wells with one tube, the one that calls for more care. */
export function graver(left: WellCall, right: WellCall): WellCall {
  return severity[right.call] > severity[left.call] ? right : left;
}
