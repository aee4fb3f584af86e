import { canonicalJson } from '../kernel/digest.ts';
import { instant } from '../kernel/instant.ts';
import { type Actor, mayAct } from './access.ts';
import { type Catalogue, firstFault } from './catalogue.ts';
import { Compile } from 'typebox/compile';
import {
  type Fact,
  factEnvelope,
  type FactEnvelope,
  keyOf,
  prefixOf,
  type RecordedFact,
} from './fact.ts';
import type { Work } from './settle.ts';
import type { Json } from '../kernel/assert.ts';

/** What becomes of one item of a batch. Nothing that is set aside blocks the rest. */
export type Receipt =
  | { readonly kind: 'accepted'; readonly id: string; readonly receipt: number }
  | { readonly kind: 'known'; readonly id: string; readonly receipt: number }
  | SetAside;

/** An item headquarters did not take, and why; the device keeps it and shows it. */
export interface SetAside {
  readonly kind: 'set-aside';
  readonly id: string | null;
  readonly code: string;
  readonly where: string;
  readonly detail: string;
}

/** Where a place lies: its codes from the root joined by `/`; null when nobody knows the place. */
export type PathOf = (place: string) => string | null;

const checkEnvelope = Compile(factEnvelope);

/** Reads one item as it came over the wire: envelope, kind, body, permission. Pure. */
export function admit(
  item: unknown,
  actor: Actor,
  world: { catalogue: Catalogue; pathOf: PathOf },
): Fact | SetAside {
  const id = idOf(item);
  const fault = firstFault(checkEnvelope, item);
  if (fault !== null) return setAside(id, 'ledger.malformed-fact', fault.where, fault.detail);
  const envelope = item as FactEnvelope;
  const known = world.catalogue.findFact(envelope.kind);
  if (known === undefined) {
    return setAside(id, 'ledger.unknown-kind', '/kind', `no room records ${envelope.kind}`);
  }
  if (prefixOf(envelope.subject) !== known.subject.prefix) {
    const detail = `${envelope.kind} belongs to ${known.subject.prefix}:…`;
    return setAside(id, 'ledger.wrong-subject', '/subject', detail);
  }
  if (!known.subjectKey.test(keyOf(envelope.subject))) {
    const detail = `after ${known.subject.prefix}: must match ${known.subject.keyPattern}`;
    return setAside(id, 'ledger.malformed-subject', '/subject', detail);
  }
  const bodyFault = firstFault(known.check, envelope.body);
  if (bodyFault !== null) {
    return setAside(id, 'ledger.malformed-body', `/body${bodyFault.where}`, bodyFault.detail);
  }
  const path = world.pathOf(envelope.place);
  if (path === null) {
    return setAside(id, 'places.unknown-place', '/place', `no place has code ${envelope.place}`);
  }
  if (known.kind.permits.length === 0 || !mayAct(actor, known.kind.permits, path)) {
    return setAside(id, 'access.not-permitted', '/kind', permitted(known.kind.permits));
  }
  if (envelope.id.startsWith('d.')) {
    return setAside(
      id,
      'ledger.reserved-id',
      '/id',
      'ids that begin with d. are headquarters’ own',
    );
  }
  const body = envelope.body as Json;
  return { ...envelope, at: instant(envelope.at), body, actor: actor.account };
}

/**
 * The receiving half of synchronisation. Idempotent: an item is *accepted* the first time,
 * *known* every time after, and *set aside* when its number or its id already names another fact.
 */
export async function receive(work: Work, items: readonly (Fact | SetAside)[]): Promise<Receipt[]> {
  const facts = items.filter((item): item is Fact => !isSetAside(item));
  const [recorded, numbered] = await Promise.all([
    work.transaction.recorded(facts.map((fact) => fact.id)),
    work.transaction.numbered(
      facts.flatMap(({ deviceId, deviceSeq }) =>
        deviceSeq === null ? [] : [{ deviceId, deviceSeq }],
      ),
    ),
  ]);
  const fresh = new Map<string, Fact>();
  const numbers = new Map(numbered);
  const verdicts = items.map((item): Receipt | { kind: 'fresh'; id: string } => {
    if (isSetAside(item)) return item;
    const earlier = recorded.get(item.id) ?? fresh.get(item.id);
    if (earlier !== undefined) return again(item, earlier);
    const number = `${item.deviceId}/${item.deviceSeq}`;
    const holder = numbers.get(number);
    if (holder !== undefined) return reused(item, holder);
    numbers.set(number, item.id);
    fresh.set(item.id, item);
    return { kind: 'fresh', id: item.id };
  });
  const appended = await work.apply([...fresh.values()]);
  await work.settle();
  const receipts = new Map(appended.map((fact) => [fact.id, fact.receipt]));
  return verdicts.map((verdict) => answer(verdict, receipts));
}

function answer(
  verdict: Receipt | { kind: 'fresh'; id: string },
  receipts: ReadonlyMap<string, number>,
): Receipt {
  if (verdict.kind === 'fresh') {
    return { kind: 'accepted', id: verdict.id, receipt: receipts.get(verdict.id) ?? 0 };
  }
  if (verdict.kind !== 'known' || verdict.receipt > 0) return verdict;
  return { ...verdict, receipt: receipts.get(verdict.id) ?? 0 };
}

/** Sent again: known when it is the same fact, set aside when the id now names something else. */
function again(item: Fact, earlier: Fact | RecordedFact): Receipt {
  if (contentOf(item) !== contentOf(earlier)) {
    return setAside(item.id, 'ledger.id-reused', '/id', 'this id is on record with other content');
  }
  return { kind: 'known', id: item.id, receipt: 'receipt' in earlier ? earlier.receipt : 0 };
}

function reused(item: Fact, holder: string): SetAside {
  const detail = `number ${item.deviceSeq} of ${item.deviceId} is already ${holder}`;
  return setAside(item.id, 'ledger.sequence-reused', '/deviceSeq', detail);
}

function contentOf({ kind, subject, place, deviceId, deviceSeq, lamport, at, body }: Fact): string {
  return canonicalJson([kind, subject, place, deviceId, deviceSeq, lamport, at, body]);
}

function setAside(id: string | null, code: string, where: string, detail: string): SetAside {
  return { kind: 'set-aside', id, code, where, detail };
}

function isSetAside(item: Fact | SetAside): item is SetAside {
  return item.kind === 'set-aside';
}

function idOf(item: unknown): string | null {
  if (typeof item !== 'object' || item === null || !('id' in item)) return null;
  return typeof item.id === 'string' ? item.id.slice(0, 96) : null;
}

function permitted(roles: readonly string[]): string {
  return roles.length === 0 ? 'only headquarters derives it' : `needs one of: ${roles.join(', ')}`;
}
