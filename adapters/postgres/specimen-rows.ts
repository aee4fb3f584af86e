import type { Catalogue } from '../../ledger/catalogue.ts';
import type { RecordRow } from '../../ledger/ports.ts';
import type { RecordView } from '../../ledger/room.ts';
import { arrays } from './binary-arrays.ts';
import type { Line } from './line.ts';
import type { PathOf } from './roster.ts';
import {
  type Before,
  countOwn,
  keptForm,
  type KeptSpecimen,
  readKept,
  toRecordRow,
  type Views,
  wholeRecords,
} from './specimens.ts';

/** How fine the clock of `specimen_counts` is: ages on screens are exact to it. */
export const countStepMs = 300_000;

/** Specimens in one unit of work: read whole, written back only where they changed. */
export class SpecimenRows {
  readonly #line: Line;
  readonly #views: Views;
  readonly #pathOf: PathOf;
  /** What the store holds of those that were read. */
  readonly #kept = new Map<string, KeptSpecimen>();
  /** Those as they were read, whole. */
  readonly #read = new Map<string, Before>();

  constructor(line: Line, views: Views, pathOf: PathOf) {
    this.#line = line;
    this.#views = views;
    this.#pathOf = pathOf;
  }

  /** Records with everything that is said of them; `early` are their rows when asked for. */
  async read(
    tubes: readonly string[],
    early: Promise<KeptSpecimen[]> | null,
  ): Promise<ReadonlyMap<string, RecordRow>> {
    const kept = await (early ?? readKept(this.#line, tubes));
    for (const row of kept) this.#kept.set(row.tube, row);
    const states = await wholeRecords(this.#line, kept, this.#views);
    return new Map(
      kept.flatMap((row) => {
        const state = states.get(row.tube);
        if (state === undefined) return [];
        this.#read.set(row.tube, { row, state, own: countOwn(state, row) });
        return [[row.tube, toRecordRow(row, state)]];
      }),
    );
  }

  /** Writes records: new ones in one copy, changed ones as little as has changed. */
  save(rows: readonly RecordRow[]): void {
    const fresh: KeptRow[] = [];
    const moved: KeptRow[] = [];
    const changed: KeptRow[] = [];
    const counts = new Counts(this.#pathOf);
    for (const record of rows) {
      const before = this.#kept.get(record.state.key);
      const row = toKept(record, this.#views.catalogue, this.#read.get(record.state.key) ?? null);
      if (before === undefined) fresh.push(row);
      else if (!saysTheSame(before, row)) changed.push(row);
      else if (!standsTheSame(before, row)) moved.push(row);
      else continue;
      if (before !== undefined) counts.add(before, -1);
      counts.add(row, 1);
    }
    this.#noteCoverage(changed);
    for (const row of [...fresh, ...moved, ...changed]) this.#kept.set(row.tube, row);
    if (fresh.length > 0) this.#insert(fresh);
    if (moved.length > 0) this.#move(moved);
    if (changed.length > 0) this.#change(changed);
    counts.save(this.#line);
    this.#noteElsewhere([...fresh, ...changed]);
  }

  /** Whoever is in a tube of a place that is not theirs would not be found among their own. */
  #noteElsewhere(rows: readonly KeptRow[]): void {
    const { homeOf } = this.#views.registers;
    const noted = rows.flatMap(({ tube, place, memberList }) => {
      const path = this.#pathOf(place);
      const away = memberList.filter((person) => {
        const home = homeOf(person);
        return home === null || !isWithin(this.#pathOf(home), path);
      });
      return away.map((person) => ({ person, tube }));
    });
    if (noted.length === 0) return;
    this.#line.send({
      name: 'sampled-elsewhere',
      text: `insert into sampled_elsewhere (person, tube)
        select person, tube from json_to_recordset($1::json) as e (person integer, tube text)
        on conflict do nothing`,
      values: [JSON.stringify(noted)],
    });
  }

  #insert(fresh: readonly KeptRow[]): void {
    this.#line.send({
      name: 'specimens-insert',
      text: `insert into specimens (tube, said, speakers, derived, influences, stage, since_ms,
          due_ms, holder, place, path, done, round, members, counted, coverage_receipt)
        select tube, said::json, string_to_array(speakers, ' '), derived, influences::jsonb, stage,
          since, due, holder, place, path, done, round, members::integer[], counted, coverage
        from unnest($1::text[], $2::text[], $3::text[], $4::smallint[], $5::text[], $6::text[],
          $7::bigint[], $8::bigint[], $9::text[], $10::text[], $11::text[], $12::boolean[],
          $13::text[], $14::text[], $15::boolean[], $16::bigint[])
          as f (tube, said, speakers, derived, influences, stage, since, due, holder, place, path,
          done, round, members, counted, coverage)`,
      values: [
        arrays.text(fresh.map(({ tube }) => tube)),
        arrays.text(fresh.map(({ said }) => said)),
        arrays.text(fresh.map(({ speakers }) => speakers)),
        arrays.int2(fresh.map(({ derived }) => derived)),
        arrays.text(
          fresh.map(({ influences }) => (influences === null ? null : JSON.stringify(influences))),
        ),
        arrays.text(fresh.map(({ stage }) => stage)),
        arrays.int8(fresh.map(({ since }) => since)),
        arrays.int8(fresh.map(({ due }) => due)),
        arrays.text(fresh.map(({ holder }) => holder)),
        arrays.text(fresh.map(({ place }) => place)),
        arrays.text(fresh.map(({ place }) => this.#pathOf(place))),
        arrays.bool(fresh.map(({ done }) => done)),
        arrays.text(fresh.map(({ round }) => round)),
        arrays.text(fresh.map(({ memberList }) => `{${memberList.join(',')}}`)),
        arrays.bool(fresh.map(({ counted }) => counted)),
        arrays.int8(fresh.map(({ coverageReceipt }) => coverageReceipt)),
      ],
    });
  }

  /** Nothing new is said of these: they stand elsewhere, or somebody else speaks of them too. */
  #move(moved: readonly KeptRow[]): void {
    this.#line.send({
      name: 'specimens-move',
      text: `update specimens s set speakers = string_to_array(m.speakers, ' '), stage = m.stage,
          since_ms = m.since, due_ms = m.due, holder = m.holder, done = m.done
        from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::text[],
          $7::boolean[]) as m (tube, speakers, stage, since, due, holder, done)
        where s.tube = m.tube`,
      values: [
        arrays.text(moved.map(({ tube }) => tube)),
        arrays.text(moved.map(({ speakers }) => speakers)),
        arrays.text(moved.map(({ stage }) => stage)),
        arrays.int8(moved.map(({ since }) => since)),
        arrays.int8(moved.map(({ due }) => due)),
        arrays.text(moved.map(({ holder }) => holder)),
        arrays.bool(moved.map(({ done }) => done)),
      ],
    });
  }

  #change(changed: readonly KeptRow[]): void {
    const values = changed.map((row) => ({
      ...row,
      path: this.#pathOf(row.place),
      said: JSON.parse(row.said) as unknown,
      members: row.memberList,
    }));
    this.#line.send({
      name: 'specimens-change',
      text: `update specimens s set said = c.said, speakers = string_to_array(c.speakers, ' '),
          derived = c.derived, influences = c.influences, stage = c.stage, since_ms = c.since,
          due_ms = c.due, holder = c.holder, place = c.place, path = c.path, done = c.done,
          round = c.round, members = c.members, counted = c.counted,
          coverage_receipt = c."coverageReceipt"
        from json_to_recordset($1::json) as c (tube text, said json, speakers text,
          derived smallint, influences jsonb, stage text, since bigint, due bigint, holder text,
          place text, path text, done boolean, round text, members integer[], counted boolean,
          "coverageReceipt" bigint)
        where s.tube = c.tube`,
      values: [JSON.stringify(values)],
    });
  }

  /** What coverage counted for a tube until now is written down before it is something else. */
  #noteCoverage(changed: readonly KeptRow[]): void {
    const noted = changed.flatMap(({ tube, coverageReceipt }) => {
      const before = this.#kept.get(tube);
      if (before === undefined || before.coverageReceipt === coverageReceipt) return [];
      const { counted, round, members } = before;
      if (!counted || round === null) return [];
      const since = before.coverageReceipt;
      const list = JSON.parse(members) as number[];
      return [{ receipt: coverageReceipt, tube, since, round, members: list }];
    });
    if (noted.length === 0) return;
    this.#line.send({
      name: 'coverage-change',
      text: `insert into coverage_changes (receipt, tube, since_receipt, round, members)
        select receipt, tube, since, round, members
        from json_to_recordset($1::json)
          as c (receipt bigint, tube text, since bigint, round text, members integer[])`,
      values: [JSON.stringify(noted)],
    });
  }
}

/** Whether a place lies at another or below it, by their paths. */
function isWithin(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}/`);
}

interface KeptRow extends KeptSpecimen {
  readonly memberList: readonly number[];
}

function toKept(record: RecordRow, catalogue: Catalogue, before: Before | null): KeptRow {
  const { view, state, derived, coverageReceipt, influences } = record;
  const { said, speakers, members } = keptForm(record, catalogue, before);
  return {
    tube: state.key,
    said,
    speakers,
    derived,
    influences: influences.length === 0 ? null : [...influences],
    ...standing(view),
    members,
    memberList: view.members,
    coverageReceipt,
  };
}

type Standing = Pick<
  KeptSpecimen,
  'stage' | 'since' | 'due' | 'holder' | 'place' | 'done' | 'round' | 'counted'
>;

function standing(view: RecordView): Standing {
  const { stage, since, dueAt: due, holder, place, done, round, counted } = view;
  return { stage, since, due, holder, place, done, round, counted };
}

/** Whether nothing is to be written but how far the specimen has come and who speaks of it. */
function saysTheSame(before: KeptSpecimen, now: KeptSpecimen): boolean {
  return (
    before.said === now.said &&
    before.members === now.members &&
    before.round === now.round &&
    before.place === now.place &&
    before.counted === now.counted &&
    before.derived === now.derived &&
    before.coverageReceipt === now.coverageReceipt &&
    sameInfluences(before.influences, now.influences)
  );
}

function sameInfluences(
  before: KeptSpecimen['influences'],
  now: KeptSpecimen['influences'],
): boolean {
  if (before === null || now === null) return before === now;
  return JSON.stringify(before) === JSON.stringify(now);
}

function standsTheSame(before: KeptSpecimen, now: KeptSpecimen): boolean {
  return (
    before.speakers === now.speakers &&
    before.stage === now.stage &&
    before.since === now.since &&
    before.due === now.due &&
    before.holder === now.holder &&
    before.done === now.done
  );
}

/** What one unit of work changes in `specimen_counts`. */
class Counts {
  readonly #pathOf: PathOf;
  readonly #changes = new Map<string, { by: number; readonly key: CountKey }>();

  constructor(pathOf: PathOf) {
    this.#pathOf = pathOf;
  }

  /** Counts a specimen where it stands (`by` 1) or no longer stands (-1). */
  add(stands: Standing, by: 1 | -1): void {
    const key = countKey(stands, this.#pathOf(stands.place));
    const name = `${key.path} ${key.round} ${key.stage} ${key.since} ${key.due}`;
    const known = this.#changes.get(name);
    if (known === undefined) this.#changes.set(name, { by, key });
    else known.by += by;
  }

  /** Writes what has changed. */
  save(line: Line): void {
    const changes = [...this.#changes.values()]
      .filter(({ by }) => by !== 0)
      .map(({ by, key }) => ({ by, ...key }));
    if (changes.length === 0) return;
    line.send({
      name: 'specimen-counts',
      text: `merge into specimen_counts c
        using (select * from json_to_recordset($1::json) as d (path text, round text, stage text,
          since bigint, due bigint, done boolean, by integer)) d
        on c.path = d.path and c.round = d.round and c.stage = d.stage and c.since_ms = d.since
          and c.due_ms = d.due
        when matched and c.specimens + d.by = 0 then delete
        when matched then update set specimens = c.specimens + d.by
        when not matched then insert (path, round, stage, since_ms, due_ms, done, specimens)
          values (d.path, d.round, d.stage, d.since, d.due, d.done, d.by)`,
      values: [JSON.stringify(changes)],
    });
  }
}

/** Where a specimen is counted. */
interface CountKey {
  readonly path: string;
  readonly round: string;
  readonly stage: string;
  readonly since: number;
  readonly due: number;
  readonly done: boolean;
}

/** Where a specimen is counted: when it came is rounded down, when it falls due is rounded up. */
export function countKey(stands: Omit<Standing, 'holder' | 'counted'>, path: string): CountKey {
  const { round, stage, since, due, done } = stands;
  return {
    path,
    round: round ?? '',
    stage,
    since: done || since === null ? -1 : since - (since % countStepMs),
    due: done || due === null ? -1 : Math.ceil(due / countStepMs) * countStepMs,
    done,
  };
}
