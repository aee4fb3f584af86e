import type { Json } from '../../kernel/assert.ts';
import type { RecordedFact } from '../../ledger/fact.ts';
import type { Label } from '../../ledger/room.ts';
import type * as told from './package.ts';

/** What became of something that this device put on record, as headquarters tells it. */
export type Fate = told.Fate;

/** Something owed at the places of the device, as headquarters tells it. */
export type FieldDuty = told.FieldDuty;

/** A point where work is done, as headquarters tells it. */
export type FieldPoint = told.FieldPoint;

/** What became of an act: kept on this device, or refused by a rule with a stable code. */
export type Acted =
  | { readonly kind: 'kept'; readonly facts: readonly RecordedFact[] }
  | {
      readonly kind: 'refused';
      readonly code: string;
      readonly details: { readonly [k: string]: Json };
    };

/** What synchronisation is doing. */
export type SyncPhase = 'idle' | 'sending' | 'resting' | 'stopped';

/** How things stand on the device, for the bar that is always shown. */
export interface DeviceStatus {
  /** Everything that this device has ever kept: entries of open tubes, sent and unsent facts. */
  readonly kept: number;
  /** Of those, what headquarters said that it has. */
  readonly delivered: number;
  /** Of those, what is still to be sent. */
  readonly waiting: number;
  /** When the oldest of what waits was kept; null when nothing waits. */
  readonly waitingSince: number | null;
  /** What headquarters did not take and somebody must look at. */
  readonly setAside: number;
  /** Entries of open tubes: they travel when their tube is sealed. */
  readonly drafts: number;
  readonly phase: SyncPhase;
  readonly nextTryAt: number | null;
  readonly online: boolean;
  /** Why nothing is sent, as a code of `deviceCodes`: signed out, another tab, a newer program. */
  readonly stoppedBy: string | null;
  /** How far the device's own clock is ahead of headquarters'; null until that is known. */
  readonly clockAheadMs: number | null;
  readonly storage: { readonly usedBytes: number; readonly quotaBytes: number } | null;
  readonly account: string | null;
  readonly roles: readonly { readonly role: string; readonly place: string }[];
  readonly place: string | null;
  readonly asOf: number | null;
}

/** Something that headquarters did not take: shown, explained, retryable, exportable. */
export interface SetAsideItem {
  readonly id: string;
  readonly code: string;
  readonly where: string;
  readonly detail: string;
  /** When headquarters' answer was kept. */
  readonly since: number;
  readonly kind: string;
  readonly subject: string;
  readonly at: number;
  readonly body: Json;
}

/** A round as the roster shows it. */
export interface FieldRound {
  readonly id: string;
  readonly label: Label;
  readonly stage: string;
  readonly areas: readonly string[];
  readonly poolSize: number;
  readonly startsAt: number | null;
  readonly endsAt: number | null;
}

/** A building with how many live there. */
export interface FieldBuilding {
  readonly code: string;
  readonly label: Label;
  readonly households: number;
  readonly persons: number;
}

/** A household with its persons by number. */
export interface FieldHousehold {
  readonly id: number;
  readonly label: string;
  readonly persons: readonly number[];
}

/** A person as far as a phone may know: the name is masked. */
export interface FieldPerson {
  readonly person: number;
  readonly household: number;
  readonly building: string;
  readonly room: string;
  readonly name: string;
  readonly bornYear: number | null;
  readonly sex: string | null;
}

/** How a person stands in a round, this device's own facts included. */
export type EntryStatus =
  | { readonly kind: 'open' }
  | {
      readonly kind: 'sampled';
      /** The tube, when this device knows it. */
      readonly tube: string | null;
      readonly at: number | null;
      /** Whether it was done on this device. */
      readonly here: boolean;
    }
  | {
      readonly kind: 'excused' | 'away' | 'deferred' | 'refused' | 'home-visit';
      readonly reason: string | null;
      readonly until: number | null;
    };

/** How far a round has come among the people on this device. */
export interface RoundProgress {
  readonly roster: number;
  readonly sampled: number;
  readonly excused: number;
  readonly open: number;
}

/** The people and places of the device, in memory, with its own facts laid over. */
export interface FieldRoster {
  readonly place: string | null;
  readonly asOf: number | null;
  readonly receipt: number;
  readonly rounds: readonly FieldRound[];
  readonly points: readonly FieldPoint[];
  readonly duties: readonly FieldDuty[];
  buildings(): readonly FieldBuilding[];
  households(building: string): readonly FieldHousehold[];
  person(person: number): FieldPerson | null;
  /** By `P` label, bare number or document number; null when nobody on the device has it. */
  findByCode(text: string): number | null;
  search(text: string, limit: number): readonly number[];
  /** Whether the person is owed a sample by the round or has joined it. */
  isOnRoster(round: string, person: number): boolean;
  statusOf(round: string, person: number): EntryStatus;
  progress(round: string, building?: string): RoundProgress;
}

/** Somebody who is not on the register: the name stays here until headquarters has it. */
export interface WalkIn {
  readonly name: string;
  readonly place: string;
  readonly sex?: string;
  readonly bornOn?: string;
  readonly documentType?: string;
  readonly documentNumber?: string;
  readonly phone?: string;
  readonly room?: string;
}

/** The phone's own copy of the record and everything it does with it. */
export interface Device {
  /** `f` and ten characters, made once. */
  readonly id: string;
  readonly roster: FieldRoster;
  status(): DeviceStatus;
  subscribe(listener: () => void): () => void;
  /** Decides an act and keeps what it puts on record; throws a `Fault` when it cannot be kept. */
  act(name: string, body: Json, actId: string): Promise<Acted>;
  /** The folded state of one subject: `tube:T0001`. */
  state<S>(subject: string): Promise<S>;
  /** Tubes opened on this device and neither sealed nor voided, the latest first. */
  openTubes(): readonly string[];
  /**
   * Goes once through what a scan does, without keeping anything, so that the first scan need not
   * wait for code that never ran. Each step begins when `pause` lets it, and none after an act.
   * Whether there was a round to do it with.
   */
  rehearse(pause: () => Promise<void>): Promise<boolean>;
  /** Tubes in boxes that are being packed on this device, by box; sealing puts them on record. */
  packing(): ReadonlyMap<string, readonly string[]>;
  /** Keeps which tubes lie in a box now; none when it was sealed. */
  pack(box: string, tubes: readonly string[]): Promise<void>;
  /** Registers somebody under a number reserved for this device, and answers with the number. */
  addWalkIn(walkIn: WalkIn, actId: string): Promise<number>;
  /** Asks headquarters for something that is not kept here: `/v1/places`. Needs a signal. */
  ask(path: string): Promise<unknown>;
  signIn(account: string, password: string): Promise<void>;
  /** Signs out; what waits is kept and still delivered under the account that recorded it. */
  signOut(): Promise<void>;
  loadPackage(place: string, onProgress?: (progress: LoadProgress) => void): Promise<void>;
  refresh(): Promise<void>;
  /** Drops the place; refused while something waits, unless forced after an export. */
  dropPackage(options?: { readonly forced?: boolean }): Promise<void>;
  setAside(): Promise<readonly SetAsideItem[]>;
  retry(ids: readonly string[]): Promise<void>;
  /** What is set aside and what waits, as JSON lines. */
  exportSetAside(): Promise<string>;
  fates(): readonly Fate[];
  /** Clears fates that somebody has read. */
  dismissFates(): Promise<void>;
  syncNow(): void;
  close(): Promise<void>;
}

/** How much of a package has come. */
export interface LoadProgress {
  readonly receivedBytes: number;
  /** Null when the server does not say. */
  readonly totalBytes: number | null;
  readonly step: 'asking' | 'receiving' | 'keeping' | 'done';
}
