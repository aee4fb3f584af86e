import type { Json } from '../kernel/assert.ts';
import type { Duty, Finding, Slot } from './derive.ts';
import type { Fact, RecordedFact } from './fact.ts';
import type { RecordState, RecordView } from './room.ts';

/** The numbers that headquarters gives out: the last one of each. */
export interface Head {
  receipt: number;
  lamport: number;
  /** Running number of headquarters' own device. */
  deviceSeq: number;
}

/** One influence that a source exerts: its id and the subject it bears on. */
export interface InfluenceRef {
  readonly id: string;
  readonly subject: string;
}

/** A subject as last folded. */
export interface SubjectRow {
  readonly subject: string;
  readonly state: Json;
  readonly lastRank: string;
  readonly factCount: number;
  /** What it now means for other subjects. */
  readonly influences: readonly InfluenceRef[];
  /** What of it is on the store (`derivedMark`); a row without the mark may have anything. */
  readonly derived?: number;
  readonly stage: string;
  readonly since: number | null;
  readonly holder: string | null;
  readonly place: string | null;
  readonly done: boolean;
  readonly receipt: number;
}

/** What follows from one subject, to replace what followed from it before. */
export interface DerivedRow {
  readonly subject: string;
  readonly duties: readonly Duty[];
  readonly findings: readonly Finding[];
  readonly slots: readonly Slot[];
  /** What of the subject was on the store before (`derivedMark`): only that must be cleared. */
  readonly before: number;
}

/** Which derived rows there are: 1 duties, 2 findings, 4 slots, added up. */
export function derivedMark({
  duties,
  findings,
  slots,
}: Pick<DerivedRow, 'duties' | 'findings' | 'slots'>): number {
  const marks = [duties.length > 0 ? 1 : 0, findings.length > 0 ? 2 : 0, slots.length > 0 ? 4 : 0];
  return marks.reduce<number>((sum, mark) => sum + mark, 0);
}

/** The mark of a subject of which nobody knows what it has. */
export const anyDerived = 7;

/** A record with what was read from it. */
export interface RecordRow {
  readonly state: RecordState;
  readonly view: RecordView;
  /** Receipt at which members or counting last changed: coverage follows it. */
  readonly coverageReceipt: number;
  readonly influences: readonly InfluenceRef[];
  /** What of it is on the store (`derivedMark`). */
  readonly derived: number;
}

/** One serialised unit of work on the store. Everything in it happens, or nothing. */
export interface Transaction {
  readonly head: Head;
  /** Those of the ids that are on record. */
  readonly recorded: (ids: readonly string[]) => Promise<ReadonlyMap<string, RecordedFact>>;
  /** Ids on record under a device's own numbers, keyed `device/number`. */
  readonly numbered: (
    pairs: readonly { deviceId: string; deviceSeq: number }[],
  ) => Promise<ReadonlyMap<string, string>>;
  /** All facts of the subjects, in no particular order. */
  readonly factsOf: (subjects: readonly string[]) => Promise<readonly RecordedFact[]>;
  readonly subjectsOf: (subjects: readonly string[]) => Promise<ReadonlyMap<string, SubjectRow>>;
  readonly recordsOf: (keys: readonly string[]) => Promise<ReadonlyMap<string, RecordRow>>;
  /** Influences on the subjects, each with the subject it comes from. */
  readonly influencesOn: (
    subjects: readonly string[],
  ) => Promise<readonly { source: string; fact: Fact }[]>;
  readonly append: (facts: readonly RecordedFact[]) => Promise<void>;
  readonly saveSubjects: (rows: readonly SubjectRow[]) => Promise<void>;
  readonly saveRecords: (rows: readonly RecordRow[]) => Promise<void>;
  /** Replaces duties, findings and slots of these subjects. Throws `SlotTaken` on a clash. */
  readonly saveDerived: (rows: readonly DerivedRow[]) => Promise<void>;
  /** Replaces what each source means for others. */
  readonly saveInfluences: (bySource: ReadonlyMap<string, readonly Fact[]>) => Promise<void>;
}

/** What a unit of work will ask for first. A wrong guess costs time and changes nothing. */
export interface Hint {
  readonly ids: readonly string[];
  readonly numbers: readonly { deviceId: string; deviceSeq: number }[];
  /** Subjects whose facts and influences will be folded. */
  readonly subjects: readonly string[];
  /** Records that they speak of. */
  readonly keys: readonly string[];
}

/**
 * Where facts are kept. `transact` runs one unit of work at a time, in every process. `prepare` is
 * called when its turn has come, before anything is read, and may say what will be asked for.
 */
export interface Store {
  readonly transact: <T>(
    work: (transaction: Transaction) => Promise<T>,
    prepare?: () => Hint,
  ) => Promise<T>;
  readonly close: () => Promise<void>;
}
