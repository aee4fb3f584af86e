import type { Static } from 'typebox';
import { dayMs } from '../../kernel/instant.ts';
import { accept, type Decision } from '../../ledger/decision.ts';
import type { DecideContext } from '../../ledger/room.ts';
import type { actBodies, CaseActName } from './acts.ts';
import { no } from './codes.ts';
import { type CaseBody, caseDraft, type CaseFactKind } from './facts.ts';
import {
  type CaseFile,
  findContactSpan,
  findOpenCase,
  findSpell,
  findStandingOrder,
  hasHadCase,
  openReasons,
  openStays,
} from './file.ts';
import { follow } from './follow.ts';
import { type CasePolicy, daysAhead } from './rules.ts';
import type { CaseState } from './state.ts';

export type CaseAct<N extends CaseActName> = Static<(typeof actBodies)[N]>;
type Decide<N extends CaseActName> = (
  state: CaseState,
  act: CaseAct<N>,
  context: DecideContext<CasePolicy>,
) => Decision;

/** One decision for each act. Total. */
export const decisions: { readonly [N in CaseActName]: Decide<N> } = {
  'report-case': decideReport,
  'record-investigation': decideInvestigation,
  'order-isolation': decideOrder,
  'begin-isolation': decideBegin,
  'end-isolation': decideEnd,
  'list-contact': decideContact,
  'withdraw-contact': decideWithdraw,
  'note-needs': decideNeeds,
  appeal: decideAppeal,
  'decide-appeal': decideDecideAppeal,
};

interface Putting {
  readonly state: CaseState;
  /** The place that the act names, for people without a home on the register. */
  readonly place: string | undefined;
  readonly context: DecideContext<CasePolicy>;
}

/** Records one fact about the person, at their home. */
function put<K extends CaseFactKind>(
  { state, place, context }: Putting,
  kind: K,
  body: CaseBody<K>,
): Decision {
  const home = context.registers.homeOf(state.person);
  const where = home ?? place ?? state.events[0]?.place ?? null;
  if (where === null) return no('cases.unknown-place', { person: state.person });
  return accept(caseDraft(kind, state.person, where, body));
}

function decideReport(
  state: CaseState,
  { reportedTo, place }: CaseAct<'report-case'>,
  context: DecideContext<CasePolicy>,
): Decision {
  const record = follow(state, context.policy).cases.at(-1);
  if (record === undefined || record.ending === 'amended') {
    return no('cases.no-case', { person: state.person });
  }
  if (record.reportedAt !== null) {
    return no('cases.already-reported', { reportedAt: record.reportedAt });
  }
  return put({ state, place, context }, 'cases.case-reported', { reportedTo });
}

function decideInvestigation(
  state: CaseState,
  { person: _person, place, ...body }: CaseAct<'record-investigation'>,
  context: DecideContext<CasePolicy>,
): Decision {
  const record = follow(state, context.policy).cases.at(-1);
  if (record === undefined || record.ending === 'amended') {
    return no('cases.no-case', { person: state.person });
  }
  const { onsetOn, asymptomatic } = body;
  if (onsetOn !== undefined && daysAhead(onsetOn, context.now) > 0) {
    return no('cases.onset-in-future', { onsetOn });
  }
  const onset = onsetOn ?? record.onsetOn;
  if (asymptomatic === true && onset !== null) {
    return no('cases.onset-without-symptoms', { onsetOn: onset });
  }
  return put({ state, place, context }, 'cases.case-investigated', body);
}

/** Rule CA-8. No order without basis, person responsible, expiry and a way to appeal (P5). */
function decideOrder(
  state: CaseState,
  act: CaseAct<'order-isolation'>,
  context: DecideContext<CasePolicy>,
): Decision {
  const { basis, responsible, expiresAt, appealTo, where, place } = act;
  if (
    basis === undefined ||
    responsible === undefined ||
    expiresAt === undefined ||
    appealTo === undefined
  ) {
    const limits = { basis, responsible, expiresAt, appealTo };
    const missing = Object.entries(limits)
      .filter(([, value]) => value === undefined)
      .map(([name]) => name);
    return no('cases.order-without-limits', { missing });
  }
  if (expiresAt <= context.now) return no('cases.order-expired', { expiresAt });
  const latest = context.now + context.policy.orderDaysMax * dayMs;
  if (expiresAt > latest) return no('cases.order-too-long', { expiresAt, latest });
  const file = follow(state, context.policy);
  if (file.diedAt !== null) return no('cases.person-died', { diedAt: file.diedAt });
  const stays = openStays(file);
  if (stays.length > 0) return no('cases.in-a-facility', { stay: stays[0] ?? null });
  const body = { basis, responsible, expiresAt, where, appealTo };
  return put({ state, place, context }, 'cases.isolation-ordered', body);
}

/** Rule CA-9. Isolation rests on an order in force or on a hold, which is reviewed by itself. */
function decideBegin(
  state: CaseState,
  { where, place }: CaseAct<'begin-isolation'>,
  context: DecideContext<CasePolicy>,
): Decision {
  const file = follow(state, context.policy);
  if (file.diedAt !== null) return no('cases.person-died', { diedAt: file.diedAt });
  const stays = openStays(file);
  if (stays.length > 0) return no('cases.in-a-facility', { stay: stays[0] ?? null });
  if (findSpell(file)?.where === where) return no('cases.already-isolated', { where });
  const order = findStandingOrder(file);
  const inForce = order !== null && order.expiresAt > context.now;
  if (!inForce && findOpenCase(file) === null && !isHeld(file, context.policy)) {
    const expiredAt = order?.expiresAt ?? null;
    return no('cases.no-order-in-force', { person: state.person, expiredAt });
  }
  return put({ state, place, context }, 'cases.isolation-begun', { where });
}

/** Rules CA-3 and CA-6. Nobody is let out while a pool, a case or a contact's days stand. */
function decideEnd(
  state: CaseState,
  { reason, place }: CaseAct<'end-isolation'>,
  context: DecideContext<CasePolicy>,
): Decision {
  const { policy, now } = context;
  const file = follow(state, policy);
  if (findSpell(file) === null && findStandingOrder(file) === null) {
    return no('cases.not-isolated', { person: state.person });
  }
  const open = findOpenCase(file);
  if (open !== null) return no('cases.case-open', { tube: open.tube });
  const holding = openReasons(file, policy.releaseNegatives).filter((one) => one.holds);
  if (holding.length > 0) {
    return no('cases.still-held', { tubes: holding.map((one) => one.tube) });
  }
  const span = findContactSpan(file, policy.contactIsolationDays);
  if (span !== null && now < span.until) {
    return no('cases.contact-before-days', { until: span.until });
  }
  const test = file.obligations.find((one) => one.name === 'contact-test' && one.endedAt === null);
  if (span !== null && test !== undefined) {
    return no('cases.contact-tests-open', { dueAt: test.dueAt });
  }
  return put({ state, place, context }, 'cases.isolation-ended', { reason });
}

function decideContact(
  state: CaseState,
  { of, via, tube, place }: CaseAct<'list-contact'>,
  context: DecideContext<CasePolicy>,
): Decision {
  if (of === state.person) return no('cases.contact-of-self', { person: of });
  const other = follow(context.read<CaseState>(`person:${of}`), context.policy);
  if (!hasHadCase(other)) return no('cases.not-a-case', { of });
  const body = tube === undefined ? { of, via } : { of, via, tube };
  return put({ state, place, context }, 'cases.contact-listed', body);
}

function decideWithdraw(
  state: CaseState,
  { of, place }: CaseAct<'withdraw-contact'>,
  context: DecideContext<CasePolicy>,
): Decision {
  const { listings } = follow(state, context.policy);
  if (!listings.some((listing) => listing.of === of && !listing.withdrawn)) {
    return no('cases.not-a-contact', { of });
  }
  return put({ state, place, context }, 'cases.contact-withdrawn', { of });
}

/** Rule CA-11. A need is put down at any time, of anybody. */
function decideNeeds(
  state: CaseState,
  act: CaseAct<'note-needs'>,
  context: DecideContext<CasePolicy>,
): Decision {
  const { person: _, place, ...body } = act;
  return put({ state, place, context }, 'cases.needs-noted', body);
}

/** Rule CA-12. Whoever is kept apart may appeal, once at a time. */
function decideAppeal(
  state: CaseState,
  { grounds, place }: CaseAct<'appeal'>,
  context: DecideContext<CasePolicy>,
): Decision {
  const file = follow(state, context.policy);
  if (file.appealedAt !== null) {
    return no('cases.appeal-pending', { appealedAt: file.appealedAt });
  }
  const kept = findSpell(file) !== null || findStandingOrder(file) !== null;
  const owed = file.owed.has('isolate') || openStays(file).length > 0;
  if (!kept && !owed) return no('cases.nothing-to-appeal', { person: state.person });
  return put({ state, place, context }, 'cases.appeal-made', { grounds });
}

/** Rule CA-12. Nobody decides an appeal against their own order. */
function decideDecideAppeal(
  state: CaseState,
  { outcome, reason, place }: CaseAct<'decide-appeal'>,
  context: DecideContext<CasePolicy>,
): Decision {
  const file = follow(state, context.policy);
  if (file.appealedAt === null) return no('cases.no-appeal', { person: state.person });
  const order = findStandingOrder(file);
  const own = [order?.orderedBy, order?.responsible].includes(context.actor);
  if (own || order?.responsible === `user:${context.actor}`) {
    return no('cases.appeal-own-order', { responsible: order?.responsible ?? null });
  }
  const open = findOpenCase(file);
  if (outcome === 'lifted' && open !== null) return no('cases.case-open', { tube: open.tube });
  return put({ state, place, context }, 'cases.appeal-decided', { outcome, reason });
}

function isHeld(file: CaseFile, policy: CasePolicy): boolean {
  return openReasons(file, policy.releaseNegatives).some((reason) => reason.holds);
}
