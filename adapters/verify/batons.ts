import { type Check, Tally, type VerifyContext } from './check.ts';

interface BatonRow {
  readonly [column: string]: unknown;
  readonly subject: string;
  readonly stage: string;
  readonly holder: string | null;
  readonly since: number | null;
  readonly due: number | null;
}

/** P3. Every tube, box, plate, patient and duty that is not finished has a holder and a clock. */
export async function checkBatons({ pool }: VerifyContext): Promise<Check[]> {
  const specimens = new Tally('P3', 'specimens on their way: holder, since, due');
  const subjects = new Tally('P3', 'boxes, plates, people, transfers, stays: holder and since');
  const duties = new Tally('P3', 'duties: owner, since, due; open or ended with its ending');
  const tubes = await pool.query<BatonRow>(
    `select 'tube:' || tube as subject, stage, holder, since_ms as since, due_ms as due, done
     from specimens where stage <> 'unknown'`,
  );
  for (const row of tubes.rows) {
    const held =
      row['done'] === true || (row.holder !== null && row.since !== null && row.due !== null);
    specimens.look(held ? null : `${row.subject} (${row.stage}) has no holder or no clock`);
  }
  const others = await pool.query<BatonRow>(
    `select subject, stage, holder, since_ms as since, done from subjects
     where prefix in ('box', 'plate', 'person', 'transfer', 'stay', 'round')
       and stage <> 'unknown'`,
  );
  for (const row of others.rows) {
    const held = row['done'] === true || (row.holder !== null && row.since !== null);
    subjects.look(held ? null : `${row.subject} (${row.stage}) has no holder or no clock`);
  }
  const owed = await pool.query<BatonRow & { owner: string; ended: number | null; ending: string }>(
    `select subject, kind as stage, owner, since_ms as since, due_ms as due, ended_ms as ended,
       ending from duties`,
  );
  for (const row of owed.rows) {
    const named = /^(user|role):\S+$/.test(row.owner);
    const timed = row.since !== null && row.due !== null && row.due >= row.since;
    const ended = (row.ended === null) === (row.ending === null);
    duties.look(named && timed && ended ? null : `${row.subject} ${row.stage}`);
  }
  return [specimens.check(), subjects.check(), duties.check()];
}
