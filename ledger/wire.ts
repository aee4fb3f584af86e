import type { Fact, FactEnvelope } from './fact.ts';

/** What this program writes and reads; raised when an older one could not understand it. */
export const wireFormat = 1;

/** The header by which a registered device proves that its numbers are its own. */
export const deviceKeyHeader = 'x-sextant-device-key';

/** What a device says of itself beside its facts, so that headquarters can see what is missing. */
export interface DeviceReport {
  readonly id: string;
  /** The last number it has given out: every one below it was kept and must arrive. */
  readonly keptSeq: number;
  /** Facts that wait on the device, those of this batch included. */
  readonly waiting: number;
  /** The device's own clock, milliseconds since 1970; dates nothing, shows how far it is off. */
  readonly clockAt: number;
  readonly app: { readonly version: string; readonly format: number };
}

/** One batch as it travels to `POST /v1/facts`. */
export interface FactsRequest {
  readonly facts: readonly FactEnvelope[];
  readonly device?: DeviceReport;
}

/** An item that headquarters set aside: by its place in the batch, because its id may be unread. */
export interface RefusedItem {
  readonly index: number;
  readonly id: string | null;
  readonly code: string;
  readonly where: string;
  readonly detail: string;
}

/** What headquarters answers to a batch. */
export interface FactsAnswer {
  readonly accepted: readonly { readonly id: string; readonly receipt: number }[];
  readonly known: readonly string[];
  readonly refused: readonly RefusedItem[];
  /** The greatest number that orders facts there: the next fact of the device comes after it. */
  readonly lamport: number;
  /** Headquarters' clock, milliseconds since 1970; null from a server that does not tell. */
  readonly now: number | null;
  /** The most facts it takes in one batch; null from a server that does not tell. */
  readonly batchMax: number | null;
}

/** A fact as it travels: without what only a server adds. */
export function toEnvelope(fact: Fact & { readonly deviceSeq: number }): FactEnvelope {
  const { id, kind, subject, place, deviceId, deviceSeq, lamport, at, body } = fact;
  return { id, kind, subject, place, deviceId, deviceSeq, lamport, at, body };
}

/**
 * Reads an answer from outside. Null when it is no answer of this program's: the page of a network
 * that asks to sign in, a cut-off text. What cannot be read is no answer and delivers nothing.
 * Parts that are not known are passed over, so that a newer server may say more.
 */
export function parseAnswer(value: unknown): FactsAnswer | null {
  if (!isRecord(value)) return null;
  const accepted = listOf(value['accepted'], readAccepted);
  const known = listOf(value['known'], readText);
  const refused = listOf(value['refused'], readRefused);
  const lamport = readCount(value['lamport']);
  if (accepted === null || known === null || refused === null || lamport === null) return null;
  const now = readCount(value['now']);
  const batchMax = readCount(value['batchMax']);
  return { accepted, known, refused, lamport, now, batchMax };
}

function readAccepted(value: unknown): FactsAnswer['accepted'][number] | null {
  if (!isRecord(value)) return null;
  const id = readText(value['id']);
  const receipt = readCount(value['receipt']);
  return id === null || receipt === null ? null : { id, receipt };
}

function readRefused(value: unknown): RefusedItem | null {
  if (!isRecord(value)) return null;
  const index = readCount(value['index']);
  const code = readText(value['code']);
  if (index === null || code === null) return null;
  const id = readText(value['id']);
  return { index, id, code, where: toText(value['where']), detail: toText(value['detail']) };
}

function isRecord(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A list all of whose items can be read; null when it is none, or one of them cannot. */
function listOf<T>(value: unknown, read: (item: unknown) => T | null): T[] | null {
  if (!Array.isArray(value)) return null;
  const items: T[] = [];
  for (const each of value) {
    const item = read(each);
    if (item === null) return null;
    items.push(item);
  }
  return items;
}

function readText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function toText(value: unknown): string {
  return readText(value) ?? '';
}

/** A whole number from 0 on. */
function readCount(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
