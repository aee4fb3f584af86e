import { accept, type Decision, type Refusal } from '../../ledger/decision.ts';
import type { DecideContext } from '../../ledger/room.ts';
import {
  capacityPolicyOf as capacityPolicy,
  claimPlaces,
  findPromise,
  isRefused,
  openPromises,
  type UnitState,
} from '../capacity/index.ts';
import { type CaseState, summariseCase } from '../cases/index.ts';
import { dayOn } from '../transfer/index.ts';
import type { StayAct } from './acts.ts';
import { no } from './codes.ts';
import { firstDay } from './days.ts';
import { readinessOf } from './discharge.ts';
import { type StayBody, stayDraft, type StayFactKind } from './facts.ts';
import { type AdmissionPolicy, careOf, noCaseRule } from './rules.ts';
import { findLocation, type StayState } from './state.ts';

type Context = DecideContext<AdmissionPolicy>;

function put<K extends StayFactKind>(state: StayState, kind: K, body: StayBody<K>): Decision {
  return accept(stayDraft(kind, state.stay, state.place ?? '', body));
}

/** Rule AD-1. Only a stay that has begun and not ended goes on. */
function checkOpen(state: StayState): Refusal | null {
  const { stay, person, ended } = state;
  if (person === null) return no('admission.no-stay', { stay });
  return ended === null ? null : no('admission.stay-closed', { stay, endedAt: ended.cause.at });
}

/** Rule AD-2. Into the promised bed, else into a free one: nobody at the door is turned away. */
export function decideAdmit(state: StayState, act: StayAct<'admit'>, context: Context): Decision {
  const { stay, person, unit: unitKey } = act;
  if (state.firstAt !== null) return no('admission.stay-exists', { stay });
  const { openStays } = summariseCase(context.read<CaseState>(`person:${person}`));
  const [other] = openStays;
  if (other !== undefined) return no('admission.already-admitted', { person, stay: other });
  const unit = context.read<UnitState>(`unit:${unitKey}`);
  const own = openPromises(unit).find(({ claimant }) => claimant.person === person);
  const promise = act.promise ?? own?.claimant.promise ?? null;
  const place = choosePlace(unit, { ...act, promise }, context);
  if ('kind' in place) return place;
  const { bed, transfer } = place;
  const body: StayBody<'admission.admitted'> = {
    person,
    unit: unitKey,
    bed,
    ...(transfer === null ? {} : { transfer }),
    ...(promise === null ? {} : { promise }),
    ...(unit.declared === null ? {} : { bedKind: unit.declared.bedKind }),
  };
  return accept(stayDraft('admission.admitted', stay, unit.place ?? '', body));
}

interface Wanted {
  readonly person: number;
  readonly promise: string | null;
  readonly bed?: number | undefined;
  readonly transfer?: string | undefined;
}

function choosePlace(
  unit: UnitState,
  { person, promise, bed, transfer }: Wanted,
  context: Context,
): { bed: number; transfer: string | null } | Refusal {
  const held = promise === null ? null : findPromise(unit, promise);
  if (promise !== null) {
    if (held === null || held.claimant.stay !== null) {
      return no('admission.unknown-promise', { unit: unit.unit, promise });
    }
    if (held.claimant.person !== person) {
      return no('admission.promise-of-another', { promise, person });
    }
    const first = unit.beds[held.bed]?.[0]?.promise === promise;
    if (first && (bed === undefined || bed === held.bed)) {
      return { bed: held.bed, transfer: transfer ?? held.claimant.transfer };
    }
  }
  const asking = { now: context.now, policy: capacityPolicy(context) };
  const beds = claimPlaces(unit, { places: 1, bed }, asking);
  if (isRefused(beds)) return beds;
  return { bed: beds[0] ?? 0, transfer: transfer ?? held?.claimant.transfer ?? null };
}

function checkDay(state: StayState, on: string, context: Context): Refusal | null {
  const today = dayOn(context.now, context.policy.utcOffsetMinutes);
  if (on > today) return no('admission.day-in-future', { on, today });
  const first = firstDay(state, context.policy);
  if (first !== null && on < first) return no('admission.day-before-admission', { on, first });
  return null;
}

/** Rule AD-3. A status for a day of the stay; the last report of a day counts. */
export function decideRecordStatus(
  state: StayState,
  { stay: _, ...body }: StayAct<'record-status'>,
  context: Context,
): Decision {
  const refused = checkOpen(state) ?? checkDay(state, body.on, context);
  return refused ?? put(state, 'admission.status-recorded', body);
}

/** Rule AD-4. To more care or less, or to another bed: a claim on the new bed. */
export function decideStep(state: StayState, act: StayAct<'step'>, context: Context): Decision {
  const refused = checkOpen(state);
  if (refused !== null) return refused;
  const { unit: unitKey, bed, direction } = act;
  const unit = context.read<UnitState>(`unit:${unitKey}`);
  const here = findLocation(state);
  if (here?.unit === unitKey && here.bed === bed) {
    return no('admission.same-bed', { unit: unitKey, bed });
  }
  const from = here?.bedKind ?? null;
  const to = unit.declared?.bedKind ?? null;
  if (from !== null && to !== null) {
    const more = careOf[to] - careOf[from];
    const right = { up: more > 0, down: more < 0, across: more === 0 }[direction];
    if (!right) return no('admission.wrong-direction', { from, to, direction });
  }
  const asking = { now: context.now, policy: capacityPolicy(context) };
  const beds = claimPlaces(unit, { places: 1, bed }, asking);
  if (isRefused(beds)) return beds;
  const kind = to === null ? {} : { bedKind: to };
  const body = { unit: unitKey, bed: beds[0] ?? 0, direction, ...kind };
  return put(state, 'admission.stepped', body);
}

/** Rule AD-6. A test of a day of the stay; when it was sampled decides what it counts for. */
export function decideRecordTest(
  state: StayState,
  { stay: _, ...body }: StayAct<'record-test'>,
  context: Context,
): Decision {
  const refused = checkOpen(state) ?? checkDay(state, body.on, context);
  if (refused !== null) return refused;
  const sampledAt = body.sampledAt ?? context.now;
  if (sampledAt > context.now) return no('admission.day-in-future', { on: body.on, sampledAt });
  return put(state, 'admission.tested', { ...body, sampledAt });
}

/** Rule AD-1. What was given, by code. */
export function decideGiveTreatment(
  state: StayState,
  { what }: StayAct<'give-treatment'>,
): Decision {
  return checkOpen(state) ?? put(state, 'admission.treatment-given', { what });
}

/** Rule AD-6. By the rule of the settings; who has no open case is held by no rule (P5). */
export function decideDischarge(
  state: StayState,
  { stay }: StayAct<'discharge'>,
  context: Context,
): Decision {
  const refused = checkOpen(state);
  if (refused !== null) return refused;
  const person = context.read<CaseState>(`person:${state.person}`);
  if (!summariseCase(person).hasOpenCase) {
    return put(state, 'admission.discharged', { rule: noCaseRule, evidence: [] });
  }
  const { policy, now } = context;
  const { missing, evidence, nextTestFrom } = readinessOf(state, now, policy);
  if (missing.length > 0) {
    return no('admission.discharge-before-rule', {
      stay,
      rule: policy.discharge.rule,
      missing: [...missing],
      clearTests: evidence.length,
      clearTestsNeeded: policy.discharge.clearTests,
      nextTestFrom,
    });
  }
  const tests = evidence.map(({ on, sampledAt }) => ({ on, sampledAt }));
  return put(state, 'admission.discharged', { rule: policy.discharge.rule, evidence: tests });
}

/** Rule AD-1. A death ends the stay. */
export function decideRecordDeath(
  state: StayState,
  { stay: _, ...body }: StayAct<'record-death'>,
): Decision {
  return checkOpen(state) ?? put(state, 'admission.died', body);
}
