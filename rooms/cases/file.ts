import { dayMs, type Instant } from '../../kernel/instant.ts';
import type { CaseCode } from './codes.ts';
import type { Result } from './facts.ts';
import type { CaseStage, DutyName } from './rules.ts';
import type { CaseEvent } from './state.ts';

/** A pool that came back positive or grey with this person in it. */
export interface Hold {
  readonly tube: string;
  result: 'positive' | 'grey';
  readonly at: Instant;
  /** Place in the person's history: what was sampled after the hold has a greater number. */
  readonly order: number;
  members: readonly number[];
}

/** A tube with this person alone. Its last result is the one that counts. */
export interface Single {
  readonly tube: string;
  readonly order: number;
  readonly at: Instant;
  lost: boolean;
  result: Result | null;
  resultAt: Instant | null;
  resultOrder: number;
}

/** Someone through whom this person is a contact. */
export interface Listing {
  readonly of: number;
  readonly via: 'household' | 'tube' | 'named';
  readonly tube: string | null;
  readonly at: Instant;
  readonly order: number;
  withdrawn: boolean;
}

/** A case: opened by a confirmed single result. */
export interface CaseRecord {
  readonly tube: string;
  readonly openedAt: Instant;
  /** The result that opened it; what follows for others is dated and ordered by it. */
  readonly cause: { readonly id: string; readonly lamport: number; readonly place: string };
  reportedAt: Instant | null;
  investigatedAt: Instant | null;
  foundIn: string | null;
  /** Rule CA-16. First day of symptoms, by the last investigation that knew it. */
  onsetOn: string | null;
  /** Rule CA-16. Null while nobody has said; false once there was a symptom. */
  asymptomatic: boolean | null;
  transferredAt: Instant | null;
  admittedAt: Instant | null;
  closedAt: Instant | null;
  ending: 'discharged' | 'died' | 'amended' | null;
}

/** A written decision that somebody is to be isolated, with its limits (P5). */
export interface IsolationOrder {
  readonly basis: string;
  readonly responsible: string;
  readonly orderedBy: string;
  readonly where: 'home' | 'facility';
  readonly at: Instant;
  readonly expiresAt: Instant;
  readonly appealTo: string | null;
  /** Whether a hold, a contact or a case stood behind it at any time. */
  hadCause: boolean;
  endedAt: Instant | null;
}

/** A time in isolation, from the report that it began. */
export interface IsolationSpell {
  where: 'home' | 'facility';
  readonly at: Instant;
  /** Whether an order, a hold or a case allowed it at any time while it lasted. */
  based: boolean;
  endedAt: Instant | null;
}

export interface Obligation {
  readonly name: DutyName;
  /** Running number of this duty for this person, from 1. */
  readonly count: number;
  readonly since: Instant;
  dueAt: Instant;
  endedAt: Instant | null;
  ending: string | null;
}

/** Recorded facts that do not go together; `key` is stable however late its facts arrived. */
export interface Contradiction {
  readonly code: CaseCode;
  readonly key: string;
  readonly at: Instant;
  readonly details: { readonly [k: string]: string | number | boolean | null };
}

/** What was told of a case before its result was on record. */
export type EarlyReports = Pick<
  CaseRecord,
  'reportedAt' | 'investigatedAt' | 'foundIn' | 'onsetOn' | 'asymptomatic'
>;

/** Nothing told yet. */
export function noEarlyReports(): EarlyReports {
  return {
    reportedAt: null,
    investigatedAt: null,
    foundIn: null,
    onsetOn: null,
    asymptomatic: null,
  };
}

/** Everything that can be read off a person's history under the settings. */
export interface CaseFile {
  readonly person: number;
  /** Number of events read: the `order` of the last one. */
  order: number;
  readonly holds: Hold[];
  readonly singles: Map<string, Single>;
  readonly listings: Listing[];
  readonly cases: CaseRecord[];
  readonly orders: IsolationOrder[];
  readonly spells: IsolationSpell[];
  /** Stay to the instant it ended, or null while it lasts. */
  readonly stays: Map<string, Instant | null>;
  /** Reports that came with no case open yet, kept for the case they belong to. */
  early: EarlyReports;
  /** Holds up to this place in the history have been dealt with. */
  holdsClosed: number;
  /** Positive results up to this place belong to cases that are closed. */
  casesClosed: number;
  /** Listings up to this place in the history have been dealt with. */
  contactsClosed: number;
  /** The contact test that is waited for, as an index of the schedule. */
  contactTestIndex: number;
  /** Singles that have counted as a contact's test. */
  readonly contactSamples: Set<string>;
  /** When this person was handed over at a facility, each time. */
  readonly arrivals: Instant[];
  needsNotedAt: Instant | null;
  careOf: number | null;
  urgent: boolean;
  appealedAt: Instant | null;
  diedAt: Instant | null;
  stage: CaseStage;
  stageSince: Instant | null;
  readonly obligations: Obligation[];
  /** The last obligation of each name. */
  readonly latest: Map<DutyName, Obligation>;
  /** What was owed after the last event, to see what has newly arisen. */
  readonly owed: Set<DutyName>;
  readonly contradictions: Contradiction[];
}

/** The file of a person of whom nothing is on record. */
export function emptyFile(person: number): CaseFile {
  return {
    person,
    order: 0,
    holds: [],
    singles: new Map(),
    listings: [],
    cases: [],
    orders: [],
    spells: [],
    stays: new Map(),
    early: noEarlyReports(),
    holdsClosed: 0,
    casesClosed: 0,
    contactsClosed: 0,
    contactTestIndex: 0,
    contactSamples: new Set(),
    arrivals: [],
    needsNotedAt: null,
    careOf: null,
    urgent: false,
    appealedAt: null,
    diedAt: null,
    stage: 'unknown',
    stageSince: null,
    obligations: [],
    latest: new Map(),
    owed: new Set(),
    contradictions: [],
  };
}

/** The case that is open now, if any. */
export function findOpenCase(file: CaseFile): CaseRecord | null {
  const last = file.cases.at(-1);
  return last !== undefined && last.closedAt === null ? last : null;
}

/** Whether this person has or had a case that was not taken back. */
export function hasHadCase(file: CaseFile): boolean {
  return file.cases.some((one) => one.ending !== 'amended');
}

/** The order that stands: neither ended nor replaced. It may have expired. */
export function findStandingOrder(file: CaseFile): IsolationOrder | null {
  const last = file.orders.at(-1);
  return last !== undefined && last.endedAt === null ? last : null;
}

/** The time in isolation that lasts, if any. */
export function findSpell(file: CaseFile): IsolationSpell | null {
  const last = file.spells.at(-1);
  return last !== undefined && last.endedAt === null ? last : null;
}

/** Stays that have begun and not ended, in the order of their beginning. */
export function openStays(file: CaseFile): string[] {
  return [...file.stays].filter(([, endedAt]) => endedAt === null).map(([stay]) => stay);
}

/** What a hold or an unclear single result still asks for. */
export interface Reason {
  readonly tube: string;
  readonly at: Instant;
  /** What a sample must come after to count, by order or by date. */
  readonly after: { readonly order: number; readonly at: Instant };
  /** False for an invalid result of a free person: to be repeated, nobody held. */
  readonly holds: boolean;
}

/** Rules CA-1 and CA-3: what is not yet answered by the needed number of negative singles. */
export function openReasons(file: CaseFile, releaseNegatives: number): Reason[] {
  const reasons: Reason[] = [];
  for (const hold of file.holds) {
    if (hold.order <= file.holdsClosed) continue;
    const { tube, at, order } = hold;
    reasons.push({ tube, at, after: { order, at }, holds: true });
  }
  for (const { tube, result, resultAt, resultOrder, order, at } of file.singles.values()) {
    if (resultAt === null || resultOrder <= file.holdsClosed) continue;
    if (result !== 'grey' && result !== 'invalid') continue;
    reasons.push({ tube, at: resultAt, after: { order, at }, holds: result === 'grey' });
  }
  return reasons.filter(
    (reason) => samplesAfter(file, reason, (one) => one.result === 'negative') < releaseNegatives,
  );
}

/**
 * Rule CA-3. How many singles of a certain kind were taken after a reason arose: ordered after
 * it, or dated after it by a device that had not heard of it. The order alone would keep people
 * held whose sampler was out of reach of headquarters.
 */
export function samplesAfter(
  file: CaseFile,
  reason: Reason,
  counts: (single: Single) => boolean,
): number {
  let count = 0;
  for (const single of file.singles.values()) {
    if (single.tube === reason.tube || !counts(single)) continue;
    if (single.order > reason.after.order || single.at > reason.after.at) count++;
  }
  return count;
}

/** Rule CA-6. When this person became a contact and until when; null for whoever is none. */
export function findContactSpan(
  file: CaseFile,
  isolationDays: number,
): { since: Instant; until: Instant } | null {
  // Who has or had a case is not a contact: the case rules hold them, and the recovered are immune.
  if (hasHadCase(file)) return null;
  let first: Instant | null = null;
  let last: Instant | null = null;
  for (const listing of file.listings) {
    if (listing.withdrawn || listing.order <= file.contactsClosed) continue;
    if (first === null || listing.at < first) first = listing.at;
    if (last === null || listing.at > last) last = listing.at;
  }
  if (first === null || last === null) return null;
  return { since: first, until: (last + isolationDays * dayMs) as Instant };
}

/** The events of one kind, with their own body. */
export type EventOf<K extends CaseEvent['kind']> = Extract<CaseEvent, { kind: K }>;
