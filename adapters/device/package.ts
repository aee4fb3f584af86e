import type { Json } from '../../kernel/assert.ts';
import type { PolicyBook } from '../../ledger/catalogue.ts';
import type { RecordedFact } from '../../ledger/fact.ts';
import type { Label } from '../../ledger/room.ts';
import type { Disposition } from '../../rooms/screening/index.ts';

/** The form of what travels between headquarters and a device; another number, another form. */
export const fieldFormat = 1;

/** A place of a package: code, parent, kind and both labels, in this order. */
export type FieldPlace = readonly [
  code: string,
  parent: string | null,
  kind: string,
  labelZh: string,
  labelEn: string,
];

/** A spot where work is done, near the places of the package. */
export interface FieldPoint {
  readonly id: string;
  readonly kind: string;
  readonly label: Label;
  readonly place: string;
}

/** Households by column: the entries at one index belong together. */
export interface FieldHouseholds {
  readonly id: readonly number[];
  readonly place: readonly string[];
  /** The room; empty where it is not known. */
  readonly label: readonly string[];
}

/** Persons by column: the entries at one index belong together. */
export interface FieldPersons {
  readonly id: readonly number[];
  readonly household: readonly number[];
  readonly sex: readonly (string | null)[];
  readonly bornYear: readonly (number | null)[];
  /** First character and ○: enough to greet somebody, too little to look anybody up. */
  readonly name: readonly string[];
  /** First 16 hex digits of SHA-256 of `salt:document number`; null without a document. */
  readonly hash: readonly (string | null)[];
}

/** Why somebody is not sampled; `disposition` is null in changes when the reason was withdrawn. */
export interface FieldDisposition {
  readonly person: number;
  readonly disposition: Disposition | null;
  readonly reason: string | null;
  readonly until: number | null;
}

/** How the persons of the package stand in one round; whoever is not named is open. */
export interface FieldEntries {
  readonly round: string;
  readonly sampled: readonly number[];
  readonly dispositions: readonly FieldDisposition[];
}

/** An open duty at the places of the package. */
export interface FieldDuty {
  readonly subject: string;
  readonly key: string;
  readonly kind: string;
  readonly owner: string;
  readonly dueAt: number;
  readonly since: number;
  readonly place: string;
  readonly person: number | null;
}

/** Person numbers kept for one device, so that somebody registered offline keeps their number. */
export interface ReservedNumbers {
  readonly from: number;
  readonly to: number;
}

/**
 * What a device is given of one place and everything below it.
 *
 * Everything in it is at least as new as `receipt`; asking for the changes since `receipt` may
 * tell some of it again, which changes nothing. `depth` says how much is in it: `household` for
 * those who sample and visit, `place` for those who only carry, who are given no persons.
 */
export interface FieldPackage {
  readonly format: typeof fieldFormat;
  readonly place: string;
  readonly depth: 'household' | 'place';
  readonly asOf: number;
  readonly receipt: number;
  readonly lamport: number;
  readonly now: number;
  /** The places above, the place itself and those below it; parents stand before children. */
  readonly places: readonly FieldPlace[];
  readonly points: readonly FieldPoint[];
  /** Of the open rounds that touch these places, and of tubes and boxes under way at them. */
  readonly facts: readonly RecordedFact[];
  readonly households: FieldHouseholds;
  readonly persons: FieldPersons;
  readonly salt: string;
  readonly entries: readonly FieldEntries[];
  readonly duties: readonly FieldDuty[];
  readonly policy: PolicyBook;
  /** Null for an account that may not register anybody here. */
  readonly numbers: ReservedNumbers | null;
}

/** How the persons of the package stand in one round, as far as that changed. */
export interface FieldEntryChanges extends FieldEntries {
  readonly unsampled: readonly number[];
}

/** Who came, went, moved or turned out to be somebody else. */
export interface FieldPersonChanges {
  /** Within the package's places; `place` and `label` are those of the new household. */
  readonly moved: readonly {
    readonly person: number;
    readonly household: number;
    readonly place: string;
    readonly label: string;
  }[];
  readonly merged: readonly { readonly person: number; readonly into: number }[];
  /** Persons who no longer live at these places, or live nowhere. */
  readonly left: readonly number[];
  readonly added: FieldPersons;
  /** Homes of `added` that may be new. */
  readonly households: FieldHouseholds;
}

/** What became of something that this device put on record. */
export interface Fate {
  readonly subject: string;
  /** A finding's code, or one of `fateCodes`. */
  readonly code: string;
  readonly details: { readonly [k: string]: Json };
  readonly at: number;
}

/**
 * What happened at the places of a package since a receipt. With `resync` everything else is
 * empty: so much has changed that the device must ask for the whole package.
 */
export interface FieldChanges {
  readonly format: typeof fieldFormat;
  readonly place: string;
  readonly asOf: number;
  readonly receipt: number;
  readonly lamport: number;
  readonly now: number;
  readonly resync: boolean;
  /** By other devices and desks: a device has its own already. */
  readonly facts: readonly RecordedFact[];
  readonly entries: readonly FieldEntryChanges[];
  readonly persons: FieldPersonChanges;
  /** Every open contradiction with what this device recorded of late, and what others did to it. */
  readonly fates: readonly Fate[];
  /** All open duties at these places: they replace those that the device has. */
  readonly duties: readonly FieldDuty[];
}

/** What can become of a device's edits without being a contradiction, in the words of screens. */
export const fateCodes = {
  'field.tube-voided': {
    en: 'Somebody voided a tube of yours: its people are owed a sample again.',
    zh: '您的采样管已被他人作废，管内人员需重新采样。',
  },
  'field.tube-sealed': {
    en: 'Somebody else sealed a tube that you opened or sealed.',
    zh: '您的采样管已由他人封管。',
  },
  'field.tube-boxed': {
    en: 'Your tubes were sealed into a box.',
    zh: '您的采样管已装箱。',
  },
  'field.person-moved': {
    en: 'A person in a tube or list of yours has moved. Your entries stay valid.',
    zh: '您录入的人员已变更住址，原记录仍有效。',
  },
  'field.person-merged': {
    en: 'Two numbers turned out to be one person. Your entries count for that person.',
    zh: '两个编号确认为同一人，原记录计入该人。',
  },
} as const satisfies { readonly [code: string]: Label };
