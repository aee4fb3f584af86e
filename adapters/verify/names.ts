import type { Json } from '../../kernel/assert.ts';
import { keptAs } from '../../ledger/room.ts';
import { type Check, Tally, type VerifyContext } from './check.ts';

/**
 * P6. No name, document number or phone of anybody on the register stands in any fact, state,
 * duty or finding; the service may not read names but through the function that records it; and
 * every such read is on record with who and why.
 */
export async function checkNames(context: VerifyContext): Promise<Check[]> {
  return [await checkLedger(context), await checkPrivileges(context), await checkReads(context)];
}

async function checkLedger({ pool, facts, replayed }: VerifyContext): Promise<Check> {
  const tally = new Tally('P6', 'texts in facts, states, records and findings: nobody’s identity');
  const { rows } = await pool.query<{ words: (string | null)[] }>(
    'select array[name, document_number, phone] as words from person_names',
  );
  const identities = new Set<string>();
  for (const { words } of rows) for (const word of words) if (word !== null) identities.add(word);
  identities.delete('');
  const look = (where: string, value: Json): void => {
    for (const text of textsIn(value)) {
      tally.look(identities.has(text) ? `${where} holds an identity` : null);
    }
  };
  for (const { id, body } of facts) look(`fact ${id}`, body);
  for (const { subject, state } of replayed.subjects.values()) look(subject, state);
  for (const { state } of replayed.records.values())
    look(`specimen ${state.key}`, keptAs<Json>(state));
  for (const { subject, key, details } of replayed.findings()) look(`${subject} ${key}`, details);
  return tally.check();
}

function* textsIn(value: Json): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const item of value) yield* textsIn(item);
  else if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) yield* textsIn(item);
  }
}

async function checkPrivileges({ pool }: VerifyContext): Promise<Check> {
  const tally = new Tally('P6', 'the service’s privileges: names only through the recorded read');
  const { rows } = await pool.query<{ allowed: boolean; what: string }>(
    `select c.what, case when c.columned
         then has_column_privilege('sextant_service', 'person_names', c.what, 'select')
         else has_table_privilege('sextant_service', 'facts', c.what) end as allowed
     from (values ('name', true), ('document_number', true), ('phone', true),
       ('update', false), ('delete', false), ('truncate', false)) as c (what, columned)`,
  );
  for (const { what, allowed } of rows) tally.look(allowed ? `the service may ${what}` : null);
  return tally.check();
}

async function checkReads({ pool }: VerifyContext): Promise<Check> {
  const tally = new Tally('P6', 'reads of names: who, when, why');
  // The verifier reads one name itself, through the same door, and must find its own trace.
  const before = await countReads(pool);
  await pool.query(`select * from read_names('system:verify', 'verification of P6', array[1])`);
  const after = await countReads(pool);
  tally.look(after === before + 1 ? null : 'a read of a name left no record');
  const { rows } = await pool.query<{ id: number; complete: boolean }>(
    `select id, actor <> '' and reason <> '' and read_at is not null as complete from name_reads`,
  );
  for (const { id, complete } of rows) tally.look(complete ? null : `read ${id} says too little`);
  return tally.check();
}

async function countReads(pool: VerifyContext['pool']): Promise<number> {
  const { rows } = await pool.query<{ reads: number }>(
    'select count(*)::int as reads from name_reads',
  );
  return rows[0]?.reads ?? 0;
}
