import { dayMs, instant, type Instant, minuteMs } from '../../kernel/instant.ts';
import {
  type CaseFile,
  type CaseRecord,
  findContactSpan,
  findOpenCase,
  findSpell,
  findStandingOrder,
  hasHadCase,
  noEarlyReports,
  type Obligation,
  openReasons,
  openStays,
  type Reason,
  samplesAfter,
} from './file.ts';
import { type CasePolicy, type CaseStage, type DutyName, dutyNames, dutyTerms } from './rules.ts';
import type { CaseEvent } from './state.ts';

interface Settling {
  /** The word for how duties end that end with this event. */
  readonly ending: string;
  readonly policy: CasePolicy;
}

/** What is true of a person after an event: the ground on which every duty is decided. */
interface Situation {
  readonly reasons: readonly Reason[];
  readonly held: boolean;
  readonly contact: { readonly since: Instant; readonly until: Instant } | null;
  readonly open: CaseRecord | null;
  readonly inStay: boolean;
  readonly dead: boolean;
  /** Hold, contact or case: some reason of health for keeping this person apart. */
  readonly cause: boolean;
}

/** After each event: opens and closes the case, the orders and every duty. */
export function settle(file: CaseFile, event: CaseEvent, settling: Settling): void {
  settleCase(file, event);
  const now = situationOf(file, settling.policy);
  settleOrder(file, event, now);
  settleContactTests(file, event, { now, ...settling });
  const owes = owedNow(file, now, settling.policy);
  for (const name of dutyNames) {
    if (name === 'contact-test') continue;
    const { owed, met } = owes[name];
    let running = findRunning(file, name);
    if (running !== null && name === 'review-order' && event.kind === 'cases.isolation-ordered') {
      end(running, event.at, 'superseded');
      running = null;
    }
    const newlyOwed = owed && !file.owed.has(name);
    if (owed && !met && running === null) {
      start(file, name, event.at, dueAtOf(file, name, event.at, { now, ...settling }));
    } else if (running !== null && (!owed || met)) {
      end(running, event.at, settling.ending);
    } else if (newlyOwed && met && running === null && dutyTerms[name].countedWhenMet) {
      end(start(file, name, event.at, event.at), event.at, 'already');
    } else if (running !== null && name === 'isolate') {
      const dueAt = dueAtOf(file, name, event.at, { now, ...settling });
      if (dueAt < running.dueAt) running.dueAt = dueAt;
    }
    if (owed) file.owed.add(name);
    else file.owed.delete(name);
  }
  settleStage(file, event.at, now);
}

/** Rule CA-4. A single whose last result is positive opens a case; none left takes it back. */
function settleCase(file: CaseFile, event: CaseEvent): void {
  const open = findOpenCase(file);
  let positive: { tube: string } | null = null;
  for (const single of file.singles.values()) {
    if (single.result !== 'positive' || single.resultOrder <= file.casesClosed) continue;
    positive = single;
    break;
  }
  if (open === null && positive !== null && file.diedAt === null) {
    const inStay = openStays(file).length > 0;
    file.cases.push({
      tube: positive.tube,
      openedAt: event.at,
      cause: { id: event.id, lamport: event.lamport, place: event.place },
      ...file.early,
      // Whoever brought the patient may not have heard of the result that opened the case.
      transferredAt: file.arrivals.find((at) => at > event.at) ?? null,
      admittedAt: inStay ? event.at : null,
      closedAt: null,
      ending: null,
    });
    file.early = noEarlyReports();
  } else if (open !== null && positive === null) {
    open.closedAt = event.at;
    open.ending = 'amended';
  }
}

function situationOf(file: CaseFile, policy: CasePolicy): Situation {
  const dead = file.diedAt !== null;
  const open = findOpenCase(file);
  const reasons = dead || open !== null ? [] : openReasons(file, policy.releaseNegatives);
  const held = reasons.some((reason) => reason.holds);
  const contact = dead ? null : findContactSpan(file, policy.contactIsolationDays);
  const inStay = openStays(file).length > 0;
  const cause = !dead && (held || contact !== null || open !== null);
  return { reasons, held, contact, open, inStay, dead, cause };
}

/** Rules CA-3 and CA-8. An order whose cause has gone lapses; in a ward the ward's rules hold. */
function settleOrder(file: CaseFile, event: CaseEvent, now: Situation): void {
  const order = findStandingOrder(file);
  const spell = findSpell(file);
  if (order !== null) {
    if (now.cause) order.hadCause = true;
    if (now.inStay || now.dead || (order.hadCause && !now.cause)) order.endedAt = event.at;
  }
  if (spell !== null) {
    if (now.held || now.open !== null) spell.based = true;
    if (order !== null && order.endedAt === null && order.expiresAt > event.at) spell.based = true;
    if (now.inStay || now.dead) spell.endedAt = event.at;
  }
}

/** Which duties are owed, and which of those are met, after an event. Total. */
function owedNow(
  file: CaseFile,
  now: Situation,
  policy: CasePolicy,
): Record<DutyName, { owed: boolean; met: boolean }> {
  const last = file.cases.at(-1) ?? null;
  const counted = last !== null && last.ending !== 'amended' ? last : null;
  const order = findStandingOrder(file);
  const spell = findSpell(file);
  const open = now.open;
  const arrived = open !== null && (open.transferredAt !== null || open.admittedAt !== null);
  const sampled = now.reasons.every(
    (reason) => samplesAfter(file, reason, isUseful) >= policy.releaseNegatives,
  );
  const unclear = now.reasons.length > 0;
  const apart = !now.inStay && !(open !== null && open.transferredAt !== null);
  return {
    isolate: { owed: now.cause && apart, met: spell !== null },
    recall: { owed: unclear, met: sampled },
    'await-result': { owed: unclear && sampled, met: false },
    'review-hold': { owed: now.held && order === null && apart, met: false },
    'review-order': { owed: order !== null, met: false },
    // P5: nobody stays apart without a cause or an order, whatever began it.
    release: { owed: spell !== null && !now.cause && order === null, met: false },
    report: { owed: counted !== null, met: (counted?.reportedAt ?? null) !== null },
    investigate: { owed: counted !== null, met: (counted?.investigatedAt ?? null) !== null },
    transfer: { owed: open !== null, met: arrived },
    admit: { owed: open !== null, met: (open?.admittedAt ?? null) !== null },
    'take-in': { owed: arrived, met: (open?.admittedAt ?? null) !== null },
    treat: { owed: open !== null && now.inStay, met: false },
    'contact-test': { owed: false, met: false },
    'plan-needs': { owed: order !== null, met: file.needsNotedAt !== null },
    'urgent-care': { owed: file.urgent && !now.dead, met: false },
    'decide-appeal': { owed: file.appealedAt !== null && !now.dead, met: false },
  };
}

function isUseful(single: { lost: boolean; result: string | null }): boolean {
  if (single.result === null) return !single.lost;
  return single.result === 'negative';
}

function dueAtOf(
  file: CaseFile,
  name: DutyName,
  at: Instant,
  { now, policy }: Settling & { readonly now: Situation },
): Instant {
  if (name === 'isolate') {
    const soon = now.held || now.open !== null;
    const allowed = soon ? policy.isolateHeldMinutes : policy.isolateContactMinutes;
    return instant(at + allowed * minuteMs);
  }
  if (name === 'review-order') {
    const expiresAt = findStandingOrder(file)?.expiresAt ?? at;
    return expiresAt < at ? at : expiresAt;
  }
  return instant(at + (dutyTerms[name].minutes?.(policy) ?? 0) * minuteMs);
}

/**
 * Rule CA-6. The scheduled tests of a contact, one owed at a time. A sample counts for the last
 * test whose window has begun; those before it that were not taken are closed as missed.
 */
function settleContactTests(
  file: CaseFile,
  event: CaseEvent,
  { now, ending, policy }: Settling & { readonly now: Situation },
): void {
  const { contact } = now;
  if (contact === null) {
    const running = findRunning(file, 'contact-test');
    if (running !== null) end(running, event.at, ending);
    file.contactTestIndex = 0;
    return;
  }
  const schedule = policy.contactTestDays.map((day, index, days) => ({
    from: instant(contact.since + (days[index - 1] ?? 0) * dayMs),
    until: instant(contact.since + day * dayMs),
  }));
  oweContactTest(file, schedule);
  const samples = [...file.singles.values()].sort((left, right) => left.at - right.at);
  for (const { tube, at, lost } of samples) {
    if (lost || file.contactSamples.has(tube)) continue;
    let missed = true;
    while (missed) {
      const window = schedule[file.contactTestIndex];
      const running = findRunning(file, 'contact-test');
      if (window === undefined || running === null || at < window.from) break;
      file.contactSamples.add(tube);
      missed = at > window.until && file.contactTestIndex + 1 < schedule.length;
      end(running, at, missed ? 'missed' : 'taken');
      file.contactTestIndex++;
      oweContactTest(file, schedule);
    }
  }
}

function oweContactTest(
  file: CaseFile,
  schedule: readonly { readonly from: Instant; readonly until: Instant }[],
): void {
  const window = schedule[file.contactTestIndex];
  if (window === undefined || findRunning(file, 'contact-test') !== null) return;
  start(file, 'contact-test', window.from, window.until);
}

function findRunning(file: CaseFile, name: DutyName): Obligation | null {
  const last = file.latest.get(name);
  return last !== undefined && last.endedAt === null ? last : null;
}

function start(file: CaseFile, name: DutyName, since: Instant, dueAt: Instant): Obligation {
  const count = (file.latest.get(name)?.count ?? 0) + 1;
  const obligation: Obligation = { name, count, since, dueAt, endedAt: null, ending: null };
  file.obligations.push(obligation);
  file.latest.set(name, obligation);
  return obligation;
}

function end(obligation: Obligation, at: Instant, ending: string): void {
  // Device clocks may run behind: nothing ends before it began.
  obligation.endedAt = at < obligation.since ? obligation.since : at;
  obligation.ending = ending;
}

/** Rule CA-13. The most pressing thing that is true of a person names their stage. */
function settleStage(file: CaseFile, at: Instant, now: Situation): void {
  const stage = stageOf(file, now);
  if (stage === file.stage) return;
  file.stage = stage;
  file.stageSince = at;
}

function stageOf(file: CaseFile, now: Situation): CaseStage {
  if (now.dead) return 'died';
  if (now.inStay) return 'admitted';
  if (now.open !== null) return now.open.transferredAt === null ? 'confirmed' : 'arrived';
  if (now.held) return 'held';
  if (now.contact !== null) return 'contact';
  if (now.reasons.length > 0) return 'retest';
  if (findSpell(file) !== null || findStandingOrder(file) !== null) return 'isolated';
  if (hasHadCase(file)) return 'discharged';
  if (file.holds.length > 0 || file.listings.length > 0) return 'released';
  if (file.cases.length > 0 || file.spells.length > 0) return 'released';
  return 'unknown';
}
