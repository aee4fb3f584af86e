import { canonicalJson } from '../../kernel/digest.ts';
import type { Json } from '../../kernel/assert.ts';
import { type Check, Tally, type VerifyContext } from './check.ts';

/**
 * P7. The facts, folded in another order in memory, give the states, records, duties and findings
 * that the database holds.
 */
export async function checkSameState({ pool, replayed }: VerifyContext): Promise<Check[]> {
  const subjects = new Map<string, string>();
  for (const { subject, state, stage, holder, done, factCount } of replayed.subjects.values()) {
    // What bore on it was taken back: in another order it would never have been heard of.
    if (factCount === 0) continue;
    subjects.set(subject, canonicalJson([state, stage, holder, done]));
  }
  const records = new Map<string, string>();
  for (const { state, view } of replayed.records.values()) {
    const { stage, holder, done, counted } = view;
    records.set(state.key, canonicalJson([state, stage, holder, done, counted]));
  }
  const duties = new Map<string, string>();
  for (const { subject, key, ...duty } of replayed.duties()) {
    const { kind, owner, dueAt, endedAt, ending } = duty;
    duties.set(`${subject}~${key}`, canonicalJson([kind, owner, dueAt, endedAt, ending]));
  }
  const findings = new Map<string, string>();
  for (const { subject, key, code, details } of replayed.findings()) {
    findings.set(`${subject}~${key}`, canonicalJson([code, details]));
  }
  return [
    await compare(pool, 'subject: state, stage, holder', {
      expected: subjects,
      sql: 'select subject as key, json_build_array(state, stage, holder, done) as value from subjects where fact_count > 0',
    }),
    await compare(pool, 'specimen: record, stage, holder, counted', {
      expected: records,
      sql: `select tube as key, json_build_array(state, stage, holder, done, counted) as value
        from specimens`,
    }),
    await compare(pool, 'duty: kind, owner, due, ending', {
      expected: duties,
      sql: `select subject || '~' || key as key,
          json_build_array(kind, owner, due_ms, ended_ms, ending) as value from duties`,
    }),
    await compare(pool, 'finding: code and details', {
      expected: findings,
      sql: `select subject || '~' || key as key, json_build_array(code, details) as value
        from findings`,
    }),
  ];
}

async function compare(
  pool: VerifyContext['pool'],
  what: string,
  { expected, sql }: { expected: ReadonlyMap<string, string>; sql: string },
): Promise<Check> {
  const tally = new Tally('P7', what);
  const { rows } = await pool.query<{ key: string; value: Json }>(sql);
  const seen = new Set<string>();
  for (const { key, value } of rows) {
    seen.add(key);
    tally.look(expected.get(key) === canonicalJson(value) ? null : key);
  }
  for (const key of expected.keys())
    if (!seen.has(key)) tally.look(`${key} is not in the database`);
  return tally.check();
}
