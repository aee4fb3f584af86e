import type { Instant } from '../../kernel/instant.ts';
import {
  type CaseFile,
  type EventOf,
  emptyFile,
  findContactSpan,
  findOpenCase,
  findSpell,
  findStandingOrder,
  openReasons,
  openStays,
  type Single,
} from './file.ts';
import { type CasePolicy, daysAhead } from './rules.ts';
import { settle } from './settle.ts';
import type { CaseEvent, CaseState } from './state.ts';

type Note<K extends CaseEvent['kind']> = (
  file: CaseFile,
  event: EventOf<K>,
  policy: CasePolicy,
) => string;

/** Reads a person's history from the beginning, under the settings. */
export function follow(state: CaseState, policy: CasePolicy): CaseFile {
  const file = emptyFile(state.person);
  for (const event of state.events) {
    file.order++;
    const note = notes[event.kind] as Note<CaseEvent['kind']>;
    const ending = note(file, event, policy);
    settle(file, event, { ending, policy });
  }
  return file;
}

/** What each kind of event changes in the file, and the word for what it ends. Total. */
const notes: { readonly [K in CaseEvent['kind']]: Note<K> } = {
  'cases.person-held': noteHeld,
  'cases.specimen-taken': (file, event) => {
    findSingle(file, event.body.tube, event.at);
    return 'taken';
  },
  'cases.specimen-lost': (file, event) => {
    findSingle(file, event.body.tube, event.at).lost = true;
    return 'lost';
  },
  'cases.specimen-resulted': noteResult,
  'cases.case-reported': (file, event) => {
    const record = file.cases.at(-1);
    if (record === undefined) file.early.reportedAt ??= event.at;
    else record.reportedAt ??= event.at;
    return 'reported';
  },
  'cases.case-investigated': noteInvestigated,
  'cases.contact-listed': noteListed,
  'cases.contact-withdrawn': (file, event) => {
    for (const listing of file.listings) {
      if (listing.of !== event.body.of) continue;
      if (event.body.tube === undefined || event.body.tube === listing.tube) {
        listing.withdrawn = true;
      }
    }
    return 'amended';
  },
  'cases.isolation-ordered': noteOrdered,
  'cases.isolation-begun': (file, event) => {
    const spell = findSpell(file);
    if (spell === null) beginSpell(file, event.body.where, event.at);
    else spell.where = event.body.where;
    return 'isolated';
  },
  'cases.isolation-ended': noteIsolationEnded,
  'cases.appeal-made': (file, event) => {
    file.appealedAt ??= event.at;
    return 'appealed';
  },
  'cases.appeal-decided': (file, event) => {
    file.appealedAt = null;
    if (event.body.outcome === 'upheld') return 'upheld';
    // A confirmed case is not lifted by appeal; what the order says is, and CA-5 still stands.
    file.holdsClosed = file.order;
    file.contactsClosed = file.order;
    endOrder(file, event.at);
    return 'lifted';
  },
  'cases.transferred': noteTransferred,
  'cases.admitted': noteAdmitted,
  'cases.discharged': noteDischarged,
  'cases.needs-noted': (file, event) => {
    file.needsNotedAt = event.at;
    if (event.body.careOf !== undefined) file.careOf = event.body.careOf;
    if (event.body.urgent !== undefined) file.urgent = event.body.urgent;
    return 'noted';
  },
};

/** Rule CA-1. The same tube again changes only what was found in it. */
function noteHeld(file: CaseFile, event: EventOf<'cases.person-held'>): string {
  const { tube, result, members = [] } = event.body;
  const known = file.holds.find((hold) => hold.tube === tube);
  if (known === undefined) {
    file.holds.push({ tube, result, members, at: event.at, order: file.order });
    return 'held';
  }
  known.result = result;
  known.members = members;
  return 'held';
}

function findSingle(file: CaseFile, tube: string, at: Instant): Single {
  const known = file.singles.get(tube);
  if (known !== undefined) return known;
  const single: Single = {
    tube,
    order: file.order,
    at,
    lost: false,
    result: null,
    resultAt: null,
    resultOrder: 0,
  };
  file.singles.set(tube, single);
  return single;
}

/** Rules CA-3 and CA-4. The last result of a tube counts, whatever it said before. */
function noteResult(file: CaseFile, event: EventOf<'cases.specimen-resulted'>): string {
  const single = findSingle(file, event.body.tube, event.at);
  const before = single.result;
  single.result = event.body.result;
  single.resultAt = event.at;
  single.resultOrder = file.order;
  if (before !== null && before !== single.result) return 'amended';
  if (single.result === 'positive') return 'confirmed';
  return single.result === 'negative' ? 'released' : 'resulted';
}

/**
 * Rule CA-16. The last investigation counts, but what it does not mention stays as it was known: a
 * second visit that asks only where somebody was found takes no onset back.
 */
function noteInvestigated(file: CaseFile, event: EventOf<'cases.case-investigated'>): string {
  const record = file.cases.at(-1) ?? file.early;
  const { foundIn, onsetOn, asymptomatic } = event.body;
  record.investigatedAt ??= event.at;
  record.foundIn = foundIn;
  const mark = event.at.toString(36);
  if (onsetOn !== undefined && daysAhead(onsetOn, event.at) > 0) {
    file.contradictions.push({
      code: 'cases.onset-in-future',
      key: `onset-in-future.${mark}`,
      at: event.at,
      details: { onsetOn },
    });
  } else if (onsetOn !== undefined) {
    // Symptoms that came later make no second case of a symptom-free one.
    record.onsetOn = onsetOn;
    record.asymptomatic = false;
  } else if (asymptomatic !== undefined && record.onsetOn === null) {
    record.asymptomatic = asymptomatic;
  }
  if (asymptomatic === true && record.onsetOn !== null) {
    file.contradictions.push({
      code: 'cases.onset-without-symptoms',
      key: `onset-without-symptoms.${mark}`,
      at: event.at,
      details: { onsetOn: record.onsetOn },
    });
  }
  return 'investigated';
}

function noteListed(file: CaseFile, event: EventOf<'cases.contact-listed'>): string {
  const { of, via, tube } = event.body;
  if (of === file.person) return 'listed';
  file.listings.push({
    of,
    via,
    tube: tube ?? null,
    at: event.at,
    order: file.order,
    withdrawn: false,
  });
  return 'listed';
}

function noteOrdered(file: CaseFile, event: EventOf<'cases.isolation-ordered'>): string {
  const { basis, responsible, expiresAt, where, appealTo } = event.body;
  endOrder(file, event.at);
  file.orders.push({
    basis,
    responsible,
    orderedBy: event.actor,
    where,
    at: event.at,
    expiresAt: expiresAt as Instant,
    appealTo: appealTo ?? null,
    hadCause: false,
    endedAt: null,
  });
  const mark = event.at.toString(36);
  if (appealTo === undefined) {
    file.contradictions.push({
      code: 'cases.order-without-limits',
      key: `order-without-limits.${mark}`,
      at: event.at,
      details: { missing: 'appealTo' },
    });
  }
  if (expiresAt <= event.at) {
    file.contradictions.push({
      code: 'cases.order-expired',
      key: `order-expired.${mark}`,
      at: event.at,
      details: { expiresAt },
    });
  }
  return 'ordered';
}

/** Rules CA-3, CA-6 and CA-10. Somebody let out too early is out all the same, and it shows. */
function noteIsolationEnded(
  file: CaseFile,
  event: EventOf<'cases.isolation-ended'>,
  policy: CasePolicy,
): string {
  const held = openReasons(file, policy.releaseNegatives).find((reason) => reason.holds);
  const open = findOpenCase(file);
  const span = findContactSpan(file, policy.contactIsolationDays);
  const mark = event.at.toString(36);
  const outside = openStays(file).length === 0;
  if (outside && open !== null && open.transferredAt === null) {
    const details = { tube: open.tube, reason: event.body.reason };
    const key = `released-while-confirmed.${mark}`;
    file.contradictions.push({
      code: 'cases.released-while-confirmed',
      key,
      at: event.at,
      details,
    });
  } else if (outside && open === null && held !== undefined) {
    const details = { tube: held.tube, reason: event.body.reason };
    const key = `released-while-held.${mark}`;
    file.contradictions.push({ code: 'cases.released-while-held', key, at: event.at, details });
  } else if (span !== null && event.at < span.until) {
    const details = { until: span.until, reason: event.body.reason };
    const key = `contact-released-early.${mark}`;
    file.contradictions.push({ code: 'cases.contact-released-early', key, at: event.at, details });
  }
  endOrder(file, event.at);
  endSpell(file, event.at);
  file.contactsClosed = file.order;
  return 'released';
}

/** Rule CA-5. Arrival ends the transfer of a case and isolates whoever is no case yet. */
function noteTransferred(file: CaseFile, event: EventOf<'cases.transferred'>): string {
  const open = findOpenCase(file);
  file.urgent = false;
  file.arrivals.push(event.at);
  if (open !== null) {
    open.transferredAt ??= event.at;
    endSpell(file, event.at);
    return 'transferred';
  }
  const spell = findSpell(file);
  if (spell !== null) spell.where = 'facility';
  // Who is neither held nor a contact was moved for care and is nobody's prisoner.
  else if (file.owed.has('isolate')) beginSpell(file, 'facility', event.at);
  return 'transferred';
}

function noteAdmitted(file: CaseFile, event: EventOf<'cases.admitted'>): string {
  const { stay } = event.body;
  const others = openStays(file).filter((other) => other !== stay);
  if (!file.stays.has(stay)) file.stays.set(stay, null);
  file.urgent = false;
  const open = findOpenCase(file);
  if (open !== null) open.admittedAt ??= event.at;
  if (file.stays.get(stay) === null && others.length > 0) {
    file.contradictions.push({
      code: 'cases.admitted-twice',
      key: `admitted-twice.${stay}`,
      at: event.at,
      details: { stay, other: others[0] ?? null },
    });
  }
  endSpell(file, event.at);
  endOrder(file, event.at);
  return 'admitted';
}

function noteDischarged(file: CaseFile, event: EventOf<'cases.discharged'>): string {
  const died = event.body.outcome === 'died';
  file.stays.set(event.body.stay, file.stays.get(event.body.stay) ?? event.at);
  if (died) file.diedAt ??= event.at;
  const open = findOpenCase(file);
  // Of two stays at once, the case ends with the last.
  if (open !== null && (died || openStays(file).length === 0)) {
    open.closedAt = event.at;
    open.ending = died ? 'died' : 'discharged';
    file.holdsClosed = file.order;
    file.contactsClosed = file.order;
    file.casesClosed = file.order;
  }
  return died ? 'died' : 'discharged';
}

function beginSpell(file: CaseFile, where: 'home' | 'facility', at: Instant): void {
  file.spells.push({ where, at, based: false, endedAt: null });
}

function endSpell(file: CaseFile, at: Instant): void {
  const spell = findSpell(file);
  if (spell !== null) spell.endedAt = at;
}

function endOrder(file: CaseFile, at: Instant): void {
  const order = findStandingOrder(file);
  if (order !== null) order.endedAt = at;
}
