import { serverNow } from '../api/live.ts';
import type { ActEntry, Json, JsonObject } from '../api/types.ts';
import type { Suggestion } from './fields/field-parts.tsx';
import { suggestNumber } from './numbers.ts';
import type { Thing } from './thing.ts';

/** The fields of an act that the name of the thing itself fills. */
export function nameOf(prefix: string, key: string): JsonObject {
  if (prefix === 'person') return { person: Number(key) };
  if (prefix !== 'entry') return { [prefix]: key };
  const [round = '', person = ''] = key.split('/');
  return { round, person: Number(person) };
}

const minuteMs = 60_000;
const dayMs = 86_400_000;

/**
 * What is known before anybody types: where it is, whom it is about, what is on record. It is
 * filled in and may be changed; nothing is sent that the person at the desk has not seen.
 */
export function knownBefore(
  entry: ActEntry,
  thing: Thing,
  { place, round }: { place: string | null; round: string | null },
): JsonObject {
  const now = Math.ceil(serverNow() / minuteMs) * minuteMs;
  const [prefix = '', key = ''] = thing.subject.split(':');
  const known: Record<string, Json> = {
    round,
    place: thing.place ?? place,
    ...detailsOf(entry, thing, now),
  };
  if (prefix === 'person') {
    known['persons'] = [Number(key)];
    known['members'] = [Number(key)];
    known['from'] = thing.place;
  }
  for (const name of Object.keys(entry.schema.properties ?? {})) {
    const suggested = known[name] === undefined ? suggestNumber(name, entry, now) : null;
    if (suggested !== null) known[name] = suggested;
  }
  return known;
}

/** Particulars by act: what the record already says about the answer. */
function detailsOf(entry: ActEntry, thing: Thing, now: number): JsonObject {
  const { state } = thing;
  switch (`${entry.room}.${entry.act}`) {
    case 'capacity.declare-unit':
      return objectOf(state['declared']);
    case 'places.open-point':
      return objectOf(state['particulars']);
    case 'cases.order-isolation':
      return { expiresAt: now + 14 * dayMs, appealTo: 'role:headquarters' };
    case 'cases.report-case':
      return { reportedTo: 'national-network' };
    case 'custody.reconcile':
      return { outcomes: unexplained(objectOf(state['receipt'])) };
    case 'screening.record-tube':
      return { purpose: 'recall', poolSize: 1 };
    case 'transfer.request':
      return { reason: thing.stage === 'confirmed' ? 'case' : 'contact' };
    case 'transfer.hand-over':
      return { facility: listOf(state['promises']).at(-1)?.['facility'] ?? null };
    default:
      return {};
  }
}

/** The missing and extra tubes of a box, each to be explained in a row of its own. */
function unexplained(receipt: JsonObject): Json {
  const tubes = [receipt['missing'], receipt['extra']].flatMap((list) => {
    return Array.isArray(list) ? list.map(String) : [];
  });
  return tubes.map((tube) => ({ tube }));
}

/** Fields that choose among what the thing itself has on record. */
export function choicesOf(thing: Thing): { readonly [field: string]: readonly Suggestion[] } {
  const promises = listOf(thing.state['promises']).filter(({ released }) => released !== true);
  if (promises.length === 0) return {};
  return {
    promise: promises.map(({ promise, unit, person }) => {
      return { id: String(promise), text: `${person}`, note: String(unit) };
    }),
  };
}

/** Whether a transfer is urgent: by its triage, before that by its request. */
export function isUrgent({ state }: Thing): boolean {
  const { priority } = { ...objectOf(state['requested']), ...objectOf(state['triaged']) };
  return priority === 'urgent';
}

function objectOf(value: Json | undefined): JsonObject {
  if (value === null || value === undefined || typeof value !== 'object') return {};
  return Array.isArray(value) ? {} : (value as JsonObject);
}

function listOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}
