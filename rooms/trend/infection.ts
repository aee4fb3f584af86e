import { type Day, daysBetween, dayOf, parseDay } from '../../kernel/day.ts';
import { dayMs, type Instant, minuteMs } from '../../kernel/instant.ts';
import { type CaseRecord, type CaseState, follow, type CasePolicy } from '../cases/index.ts';
import { readSpecimen } from '../results/index.ts';
import type { RecordState } from '../../ledger/room.ts';
import type { TrendCase } from './incidence.ts';
import type { FoundKind } from './rules.ts';

/** How a case was found, as an investigation has it; null while nobody has said. */
export type FoundIn = 'community' | 'isolation' | 'closed-loop' | 'clinic';

/** The hands a specimen goes through before its result is out, by the links' own time stamps. */
export interface SpecimenTimes {
  readonly sampledAt: Instant | null;
  readonly receivedAt: Instant | null;
  readonly accessionedAt: Instant | null;
  readonly signedAt: Instant | null;
  readonly releasedAt: Instant | null;
}

/** One infection as it stands on record: about nobody by name, once whatever it was called. */
export interface Infection extends SpecimenTimes {
  readonly person: number;
  /** Codes of the place from the root, joined by `/`; empty for somebody of no known place. */
  readonly path: string;
  readonly foundIn: FoundIn | null;
  readonly onsetOn: Day | null;
  /** Null while no investigation has said. */
  readonly asymptomatic: boolean | null;
  /** When the result that makes it a case was on record. */
  readonly confirmedAt: Instant;
  readonly reportedAt: Instant | null;
  readonly investigatedAt: Instant | null;
  readonly isolatedAt: Instant | null;
  readonly movedAt: Instant | null;
  readonly admittedAt: Instant | null;
  /** A later infection of somebody who had one before. */
  readonly reinfection: boolean;
}

/** What of a person's record the trend is read from. */
export interface PersonRecord {
  readonly state: CaseState;
  readonly path: string;
  /** Times of the tubes that made a case of them. */
  readonly times: ReadonlyMap<string, SpecimenTimes>;
}

/** How far the record is read, and by which rules. */
export interface RecordReading {
  /** Nothing that happened after this is known. */
  readonly until: Instant;
  readonly policy: CasePolicy;
  /** A positive so soon after an infection is the same infection. */
  readonly reinfectionDays: number;
  readonly offsetMinutes: number;
}

/** The times that a specimen's record tells. */
export function specimenTimes(state: RecordState): SpecimenTimes {
  const { seal, custody, accession, plate, result } = readSpecimen(state);
  return {
    sampledAt: seal?.sealedAt ?? null,
    receivedAt: custody?.receivedAt ?? null,
    accessionedAt: accession?.accessionedAt ?? null,
    signedAt: plate?.signedAt ?? null,
    releasedAt: result?.releasedAt ?? null,
  };
}

/** The infections of one person as they were known at an instant, earliest first. */
export function infectionsOf(
  { state, path, times }: PersonRecord,
  reading: RecordReading,
): Infection[] {
  const { until, policy, reinfectionDays, offsetMinutes } = reading;
  const known = state.events.filter(({ at }) => at <= until);
  if (known.length === 0) return [];
  const file = follow({ ...state, events: known }, policy);
  const counted: Infection[] = [];
  let lastOn: Day | null = null;
  for (const record of file.cases) {
    if (record.ending === 'amended') continue;
    const on = dayOf(record.openedAt, offsetMinutes);
    // A positive soon after an infection is its tail, whatever the record calls it.
    if (lastOn !== null && daysBetween(lastOn, on) < reinfectionDays) continue;
    const isolatedAt = file.spells.find(({ at }) => at >= record.openedAt)?.at ?? null;
    counted.push({
      ...timesUntil(times.get(record.tube), until),
      ...whatIsKnown(record),
      person: file.person,
      path,
      isolatedAt: earliest([isolatedAt, record.transferredAt, record.admittedAt]),
      reinfection: lastOn !== null,
    });
    lastOn = on;
  }
  return counted;
}

function whatIsKnown(record: CaseRecord) {
  return {
    foundIn: record.foundIn as FoundIn | null,
    onsetOn: record.onsetOn === null ? null : parseDay(record.onsetOn),
    asymptomatic: record.asymptomatic,
    confirmedAt: record.openedAt,
    reportedAt: record.reportedAt,
    investigatedAt: record.investigatedAt,
    movedAt: record.transferredAt,
    admittedAt: record.admittedAt,
  };
}

const noTimes: SpecimenTimes = {
  sampledAt: null,
  receivedAt: null,
  accessionedAt: null,
  signedAt: null,
  releasedAt: null,
};

function timesUntil(times: SpecimenTimes | undefined, until: Instant): SpecimenTimes {
  if (times === undefined) return noTimes;
  const known = Object.entries(times).map(([name, at]: [string, Instant | null]) => {
    return [name, at === null || at > until ? null : at];
  });
  return { ...noTimes, ...Object.fromEntries(known) };
}

function earliest(moments: readonly (Instant | null)[]): Instant | null {
  const known = moments.filter((at) => at !== null);
  return known.length === 0 ? null : (Math.min(...known) as Instant);
}

/** The kinds of the trend for what an investigation says: screening is the community's. */
const foundKindOf = {
  community: 'screening',
  clinic: 'self-presented',
  'closed-loop': 'closed-loop',
  isolation: 'isolation',
} as const satisfies Record<FoundIn, FoundKind>;

/** Names days at an offset from UTC; each is worked out once, since many infections share it. */
export function dayTeller(offsetMinutes: number): (at: Instant) => Day {
  const known = new Map<number, Day>();
  return (at) => {
    const number = Math.floor((at + offsetMinutes * minuteMs) / dayMs);
    const found = known.get(number);
    if (found !== undefined) return found;
    const day = dayOf(at, offsetMinutes);
    known.set(number, day);
    return day;
  };
}

/** An infection as the list that series are counted from has it. */
export function trendCaseOf(infection: Infection, tell: (at: Instant) => Day): TrendCase {
  const { path, foundIn, onsetOn, sampledAt, reportedAt, reinfection } = infection;
  const on = (at: Instant | null): Day | null => (at === null ? null : tell(at));
  return {
    place: path.slice(path.lastIndexOf('/') + 1),
    found: foundIn === null ? 'unknown' : foundKindOf[foundIn],
    entry: reinfection ? 'reinfection' : 'first',
    onset: onsetOn,
    sampled: on(sampledAt),
    reported: on(reportedAt),
  };
}

/**
 * The same, counted on the day of its result. A place's standing must not wait for a report that
 * is late.
 */
export function foundCaseOf(infection: Infection, tell: (at: Instant) => Day): TrendCase {
  return { ...trendCaseOf(infection, tell), reported: tell(infection.confirmedAt) };
}
