import {
  foldName,
  parseName,
  parsePhone,
  type PersonsPolicy,
  personsPolicyDefaults,
} from '../../../rooms/persons/index.ts';
import { foldCode } from '../../../kernel/id.ts';
import { type Refusal, refuse } from '../../../ledger/decision.ts';
import { Fault } from '../../fault.ts';
import type { Queryable } from '../database.ts';

/** Who asks for names, and why: both go on record. */
export interface NameReader {
  readonly actor: string;
  readonly reason: string;
}

/** A person by name. Never logged, never put into a fact. */
export interface NamedPerson {
  readonly person: number;
  readonly name: string;
  readonly documentType: string | null;
  readonly documentNumber: string | null;
  readonly phone: string | null;
}

interface NamedRow {
  readonly [column: string]: unknown;
  readonly person_id: number;
  readonly name: string;
  readonly document_type: string | null;
  readonly document_number: string | null;
  readonly phone: string | null;
}

/**
 * Promise P6. Names of persons, on record with who asked and why. One statement and so its own
 * transaction: not to be called in one that may roll back, which would take the record with it.
 */
export async function readNames(
  client: Queryable,
  reader: NameReader,
  persons: readonly number[],
  { namesPerReadMax }: PersonsPolicy = personsPolicyDefaults,
): Promise<readonly NamedPerson[] | Refusal> {
  const refusal = checkReader(client, reader);
  if (refusal !== null) return refusal;
  if (persons.length > namesPerReadMax) {
    return refuse('persons.too-many-names', { asked: persons.length, max: namesPerReadMax });
  }
  const { rows } = await client.query<NamedRow>('select * from read_names($1, $2, $3)', [
    reader.actor,
    reader.reason,
    [...persons],
  ]);
  return rows.map(named);
}

/** What to look for. */
export interface NameSearch {
  /** Path of the place to look at and below; empty for everywhere. */
  readonly placePath: string;
  /** The beginning of a name, or a whole document or telephone number. */
  readonly query: string;
  readonly limit: number;
}

/** Promise P6. Finds persons by name, document or telephone, on record like every reading. */
export async function searchPersons(
  client: Queryable,
  reader: NameReader,
  { placePath, query, limit }: NameSearch,
): Promise<readonly NamedPerson[] | Refusal> {
  const refusal = checkReader(client, reader);
  if (refusal !== null) return refusal;
  const folded = foldQuery(query);
  if (folded === '') return refuse('persons.empty-query');
  const { rows } = await client.query<NamedRow>('select * from search_names($1, $2, $3, $4, $5)', [
    reader.actor,
    reader.reason,
    placePath,
    folded,
    Math.min(Math.max(1, limit), personsPolicyDefaults.namesPerReadMax),
  ]);
  return rows.map(named);
}

function foldQuery(query: string): string {
  if (!/[0-9\uff10-\uff19]/.test(query)) return foldName(query);
  const phone = parsePhone(query);
  return 'value' in phone && phone.value !== null ? phone.value : foldCode(query);
}

/** Corrects a name or telephone number; what is left out stays. */
export async function correctName(
  client: Queryable,
  reader: NameReader,
  change: { readonly person: number; readonly name?: string; readonly phone?: string },
): Promise<{ readonly kind: 'corrected' } | Refusal> {
  const refusal = checkReader(client, reader);
  if (refusal !== null) return refusal;
  const name = change.name === undefined ? { value: null } : parseName(change.name);
  if ('fault' in name) return refuse(name.fault, { field: 'name' });
  const phone = parsePhone(change.phone ?? '');
  if ('fault' in phone) return refuse(phone.fault, { field: 'phone' });
  const { rows } = await client.query<{ known: boolean }>(
    'select correct_name($1, $2, $3, $4, $5) as known',
    [reader.actor, reader.reason, change.person, name.value, phone.value],
  );
  if (rows[0]?.known === true) return { kind: 'corrected' };
  return refuse('persons.unknown-person', { person: change.person });
}

/** Retention: erases names and documents; numbers, homes and every count stay. */
export async function eraseNames(
  client: Queryable,
  reader: NameReader,
  persons: readonly number[],
): Promise<{ readonly kind: 'erased'; readonly erased: number } | Refusal> {
  const refusal = checkReader(client, reader);
  if (refusal !== null) return refusal;
  const { rows } = await client.query<{ erased: number }>(
    'select erase_names($1, $2, $3) as erased',
    [reader.actor, reader.reason, [...persons]],
  );
  return { kind: 'erased', erased: rows[0]?.erased ?? 0 };
}

function checkReader(client: Queryable, { actor, reason }: NameReader): Refusal | null {
  const status = (
    client as { getTransactionStatus?: () => string | null }
  ).getTransactionStatus?.();
  if (status === 'T' || status === 'E') {
    throw new Fault(
      'persons.read-in-transaction',
      'a reading of names is a transaction of its own',
    );
  }
  if (actor.trim() === '' || actor.length > 200) return refuse('persons.reader-required');
  const length = reason.trim().length;
  return length >= 1 && length <= 500 ? null : refuse('persons.reason-required');
}

function named(row: NamedRow): NamedPerson {
  return {
    person: row.person_id,
    name: row.name,
    documentType: row.document_type,
    documentNumber: row.document_number,
    phone: row.phone,
  };
}
