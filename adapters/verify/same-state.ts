import { canonicalJson } from '../../kernel/digest.ts';
import type { Json } from '../../kernel/assert.ts';
import type { RecordState, RecordView } from '../../ledger/room.ts';
import { countKey } from '../postgres/specimen-rows.ts';
import { readKept, wholeRecords } from '../postgres/specimens.ts';
import { type Check, Tally, type VerifyContext } from './check.ts';

/**
 * P7. The facts, folded in another order in memory, give the states, records, duties and findings
 * that the database holds.
 */
export async function checkSameState(context: VerifyContext): Promise<Check[]> {
  const { pool, replayed } = context;
  const subjects = new Map<string, string>();
  for (const { subject, state, stage, holder, done, factCount } of replayed.subjects.values()) {
    // What bore on it was taken back: in another order it would never have been heard of.
    if (factCount === 0) continue;
    subjects.set(subject, canonicalJson([state, stage, holder, done]));
  }
  const records = new Map<string, string>();
  const standing = new Map<string, number>();
  for (const { state, view } of replayed.records.values()) {
    records.set(state.key, pictureOf(state, view));
    const key = countKey({ ...view, due: view.dueAt }, pathOf(context, view.place));
    const name = `${key.path}|${key.round}|${key.stage}|${key.since}|${key.due}|${key.done}`;
    standing.set(name, (standing.get(name) ?? 0) + 1);
  }
  const counted = new Map<string, string>();
  for (const [name, specimens] of standing) {
    const end = name.lastIndexOf('|');
    counted.set(name.slice(0, end), canonicalJson([specimens, name.slice(end + 1) === 'true']));
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
    await compareRecords(context, records),
    await compare(pool, 'place × round × stage: how many specimens stand there', {
      expected: counted,
      sql: `select path || '|' || round || '|' || stage || '|' || since_ms || '|' || due_ms as key,
          json_build_array(specimens, done) as value from specimen_counts`,
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

/** A record and what follows from it, in one text. */
function pictureOf(state: RecordState, view: Pictured): string {
  const { stage, holder, done, counted } = view;
  return canonicalJson([state, stage, holder, done, counted]);
}

type Pictured = Pick<RecordView, 'stage' | 'holder' | 'done' | 'counted'>;

function pathOf({ roster }: VerifyContext, place: string | null): string {
  return roster.pathOf(place ?? '') ?? place ?? '';
}

/** Records page by page: what boxes and plates say of a tube is read from their own rows. */
async function compareRecords(
  context: VerifyContext,
  expected: ReadonlyMap<string, string>,
): Promise<Check> {
  const tally = new Tally('P7', 'specimen: record, stage, holder, counted');
  const seen = new Set<string>();
  const { pool } = context;
  for (let after = '', more = true; more;) {
    const page = await pool.query<{ tube: string }>(
      'select tube from specimens where tube > $1 order by tube limit $2',
      [after, recordsPerPage],
    );
    const tubes = page.rows.map(({ tube }) => tube);
    const kept = await readKept(pool, tubes);
    const states = await wholeRecords(pool, kept, context);
    for (const row of kept) {
      seen.add(row.tube);
      const state = states.get(row.tube);
      const same = state !== undefined && expected.get(row.tube) === pictureOf(state, row);
      tally.look(same ? null : row.tube);
    }
    after = tubes.at(-1) ?? after;
    more = tubes.length === recordsPerPage;
  }
  for (const tube of expected.keys()) {
    if (!seen.has(tube)) tally.look(`${tube} is not in the database`);
  }
  return tally.check();
}

const recordsPerPage = 5_000;

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
