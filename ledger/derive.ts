import type { Json } from '../kernel/assert.ts';
import type { Instant } from '../kernel/instant.ts';
import type { FactDraft } from './fact.ts';

/** The six links: collect 采, deliver 送, test 检, report 报, transfer 转, admit 收. */
export const links = ['collect', 'deliver', 'test', 'report', 'transfer', 'admit'] as const;
export type Link = (typeof links)[number];

/** The four accounts 四应尽: test 检, isolate 隔, admit 收, treat 治. */
export const accounts = ['test', 'isolate', 'admit', 'treat'] as const;
export type Account = (typeof accounts)[number];

/**
 * Who owes what to whom by when. Kept by `subject` and `key`; when it ends, it keeps its history.
 * An open duty always has an owner and a due time: that is promise P3.
 */
export interface Duty {
  readonly key: string;
  /** `custody.deliver-box`: room, then what is owed. */
  readonly kind: string;
  readonly account: Account | null;
  readonly link: Link | null;
  /** Whom it concerns, by person number; null when it concerns a thing. */
  readonly person: number | null;
  /** Account or role that owes it: `user:li` or `role:laboratory`. */
  readonly owner: string;
  readonly place: string;
  readonly since: Instant;
  readonly dueAt: Instant;
  readonly endedAt: Instant | null;
  /** How it ended, in the room's word: `received`, `withdrawn`; null while open. */
  readonly ending: string | null;
}

/** Recorded facts that contradict each other or the rules: laid before a person, never lost. */
export interface Finding {
  readonly key: string;
  /** `custody.not-the-holder`: stable, in the catalogue of codes. */
  readonly code: string;
  /** The role that must look at it. */
  readonly owner: string;
  readonly place: string;
  readonly at: Instant;
  readonly details: { readonly [k: string]: Json };
}

/** One unit of something scarce, taken: the database lets nobody else take it. */
export interface Slot {
  /** `unit:U4/negative-pressure` or `plate:P9`. */
  readonly resource: string;
  /** Which one: bed 17, well 3. */
  readonly index: number;
}

/**
 * What one subject says of many records (a box of its hundred tubes). Of two subjects that speak
 * of the same group of the same record, the one of greater rank is believed, and both are kept
 * in the record's `sources` so that the contradiction shows.
 */
export interface RecordPatch {
  readonly record: 'specimen';
  /** What changes together and has one owner room. */
  readonly group: 'seal' | 'custody' | 'accession' | 'plate' | 'result';
  readonly entries: readonly {
    readonly key: string;
    readonly values: { readonly [k: string]: Json };
  }[];
}

/**
 * What follows for another subject. It is dated and ordered by its cause, bears on that subject
 * like a fact of its own, and is taken back as soon as the source no longer says so.
 */
export interface Consequence {
  readonly causeId: string;
  readonly causeLamport: number;
  readonly at: Instant;
  readonly draft: FactDraft;
}

/** Everything that follows from the state of one subject. */
export interface SubjectView {
  /** The stage in the room's own word, and since when; `done` subjects leave the desks. */
  readonly stage: string;
  readonly since: Instant | null;
  readonly done: boolean;
  /** Who holds the baton now: `user:…` or `role:…`; null only when done or not yet begun. */
  readonly holder: string | null;
  readonly place: string | null;
  readonly duties: readonly Duty[];
  readonly findings: readonly Finding[];
  readonly slots: readonly Slot[];
  readonly patches: readonly RecordPatch[];
  readonly consequences: readonly Consequence[];
}

/** A view with nothing but a stage, to be spread and filled in. */
export const emptyView: SubjectView = {
  stage: 'unknown',
  since: null,
  done: false,
  holder: null,
  place: null,
  duties: [],
  findings: [],
  slots: [],
  patches: [],
  consequences: [],
};
