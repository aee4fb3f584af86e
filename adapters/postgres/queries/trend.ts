import type { Instant } from '../../../kernel/instant.ts';
import type { CaseState } from '../../../rooms/cases/index.ts';
import { type ReleaseState, standingResults } from '../../../rooms/results/index.ts';
import {
  type PersonRecord,
  type SpecimenTimes,
  specimenTimes,
} from '../../../rooms/trend/infection.ts';
import type { RoundResults } from '../../../rooms/trend/positivity.ts';
import type { Queryable } from '../database.ts';
import { readRecords, type Views } from '../specimens.ts';

/** So many changed rows are read at a time. */
const rowsPerRead = 5_000;
/** A release names up to a hundred tubes: so many releases are looked up together. */
const releasesPerRead = 200;

interface PersonRow {
  readonly [column: string]: unknown;
  readonly subject: string;
  readonly path: string;
  readonly receipt: number;
  /** Null for somebody in whom no single sample is positive: they are no case. */
  readonly state: CaseState | null;
}

interface ReleaseRow {
  readonly [column: string]: unknown;
  readonly subject: string;
  readonly receipt: number;
  readonly state: ReleaseState;
}

interface TubeRow {
  readonly [column: string]: unknown;
  readonly tube: string;
  readonly round: string | null;
  /** Null for a tube that nobody has sealed. */
  readonly purpose: string | null;
  readonly persons: number;
}

/**
 * Cases and released results, kept in memory and brought up to the record before each answer:
 * only what has changed since the last one is read. Cases are few; of the many tubes that found
 * nobody only how many a release told of is kept.
 */
export class TrendRecord {
  readonly #persons = new Map<string, PersonRecord>();
  readonly #releases = new Map<string, readonly RoundResults[]>();
  /** Releases with tubes whose seal was not on record when they were read. */
  readonly #unsealed = new Set<string>();
  #receipt = 0;
  #turn: Promise<unknown> = Promise.resolve();

  /** Everything up to now; answers the receipt number that it goes up to. */
  catchUp(client: Queryable, views: Views): Promise<number> {
    const turn = this.#turn.then(() => this.#read(client, views));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Everybody who is or was a case. */
  get persons(): readonly PersonRecord[] {
    return [...this.#persons.values()];
  }

  /** Results of rounds, a release each. */
  get results(): readonly RoundResults[] {
    return [...this.#releases.values()].flat();
  }

  async #read(client: Queryable, views: Views): Promise<number> {
    const { rows } = await client.query<{ receipt: number }>('select receipt from ledger_head');
    const until = rows[0]?.receipt ?? 0;
    if (until === this.#receipt) return until;
    await this.#readPersons(client, until, views);
    await this.#readReleases(client, until);
    this.#receipt = until;
    return until;
  }

  async #readPersons(client: Queryable, until: number, views: Views): Promise<void> {
    const changed = new Map<string, PersonRow>();
    for (let after = this.#receipt, more = true; more;) {
      const rows = await casesAfter(client, after, until);
      for (const row of rows) changed.set(row.subject, row);
      more = rows.length >= rowsPerRead;
      after = rows.at(-1)?.receipt ?? after;
    }
    for (const { subject, path, state } of changed.values()) {
      if (state === null) this.#persons.delete(subject);
      else this.#persons.set(subject, { path, state, times: new Map() });
    }
    // A box that was received without a line is on record late: what is not whole is read again.
    const open = [...this.#persons].filter(([, { state, times }]) => {
      return tubesOf(state).some((tube) => !isWhole(times.get(tube)));
    });
    const tubes = open.flatMap(([, { state }]) => tubesOf(state));
    const found = new Map<string, SpecimenTimes>();
    for (let from = 0; from < tubes.length; from += rowsPerRead) {
      const records = await readRecords(client, tubes.slice(from, from + rowsPerRead), views);
      for (const [tube, state] of records) found.set(tube, specimenTimes(state));
    }
    for (const [subject, record] of open) {
      const own = tubesOf(record.state).flatMap((tube): [string, SpecimenTimes][] => {
        const times = found.get(tube);
        return times === undefined ? [] : [[tube, times]];
      });
      this.#persons.set(subject, { ...record, times: new Map(own) });
    }
  }

  async #readReleases(client: Queryable, until: number): Promise<void> {
    const again = [...this.#unsealed];
    this.#unsealed.clear();
    for (let from = 0; from < again.length; from += releasesPerRead) {
      const subjects = again.slice(from, from + releasesPerRead);
      await this.#countReleases(client, await releasesNamed(client, subjects, until));
    }
    for (let after = this.#receipt, more = true; more;) {
      const rows = await releasesAfter(client, after, until);
      await this.#countReleases(client, rows);
      more = rows.length >= releasesPerRead;
      after = rows.at(-1)?.receipt ?? after;
    }
  }

  async #countReleases(client: Queryable, releases: readonly ReleaseRow[]): Promise<void> {
    const results = releases.map(({ state }) => standingResults(state));
    const tubes = await tubesIn(
      client,
      results.flatMap((of) => [...of.keys()]),
    );
    releases.forEach(({ subject, state }, index) => {
      const counts = new Map<string, Counting>();
      for (const [tube, { result }] of results[index] ?? []) {
        const known = tubes.get(tube);
        if (known === undefined || known.purpose === null) this.#unsealed.add(subject);
        // A recall or somebody with symptoms says nothing of how many a round finds.
        if (known?.purpose !== 'round' || known.round === null) continue;
        const own = counts.get(known.round) ?? { ...nothing };
        own.tubes += 1;
        own.persons += known.persons;
        if (result !== 'negative') own[result] += 1;
        counts.set(known.round, own);
      }
      const at = state.released?.at ?? (0 as Instant);
      this.#releases.set(
        subject,
        [...counts].map(([round, count]) => ({ round, at, ...count })),
      );
    });
  }
}

interface Counting {
  tubes: number;
  persons: number;
  positive: number;
  grey: number;
  invalid: number;
}

const nothing: Counting = { tubes: 0, persons: 0, positive: 0, grey: 0, invalid: 0 };

/** Tubes of one person alone that came back positive. */
function tubesOf({ events }: CaseState): string[] {
  const tubes = events.flatMap((event) => {
    if (event.kind !== 'cases.specimen-resulted') return [];
    return event.body.result === 'positive' ? [event.body.tube] : [];
  });
  return [...new Set(tubes)];
}

function isWhole(times: SpecimenTimes | undefined): boolean {
  return times !== undefined && Object.values(times).every((at) => at !== null);
}

/** People whose record has changed, cases with their state; a receipt's rows come together. */
async function casesAfter(client: Queryable, after: number, until: number): Promise<PersonRow[]> {
  const { rows } = await client.query<PersonRow>({
    name: 'trend-cases',
    text: `select subject, path, receipt, case when state -> 'events' @>
          '[{"kind": "cases.specimen-resulted", "body": {"result": "positive"}}]'
        then state end as state
      from subjects where prefix = 'person' and receipt > $1 and receipt <= $2
      order by receipt fetch first $3 rows with ties`,
    values: [after, until, rowsPerRead],
  });
  return rows;
}

async function releasesAfter(
  client: Queryable,
  after: number,
  until: number,
): Promise<ReleaseRow[]> {
  const { rows } = await client.query<ReleaseRow>({
    name: 'trend-releases',
    text: `select subject, receipt, state from subjects
      where prefix = 'release' and receipt > $1 and receipt <= $2
      order by receipt fetch first $3 rows with ties`,
    values: [after, until, releasesPerRead],
  });
  return rows;
}

async function releasesNamed(
  client: Queryable,
  subjects: readonly string[],
  until: number,
): Promise<ReleaseRow[]> {
  const { rows } = await client.query<ReleaseRow>({
    name: 'trend-releases-named',
    text: `select subject, receipt, state from subjects
      where subject = any($1::text[]) and receipt <= $2`,
    values: [subjects, until],
  });
  return rows;
}

async function tubesIn(
  client: Queryable,
  tubes: readonly string[],
): Promise<ReadonlyMap<string, TubeRow>> {
  const { rows } = await client.query<TubeRow>({
    name: 'trend-tubes',
    text: `select tube, round, cardinality(members) as persons,
        said #>> '{0,4,5}' as purpose
      from specimens where tube = any($1::text[])`,
    values: [tubes],
  });
  return new Map(rows.map((row) => [row.tube, row]));
}
