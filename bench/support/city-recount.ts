import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { type City, cityCode, round } from './city.ts';

/** Counts of a round at one place. */
export interface PlaceCounts {
  readonly roster: number;
  readonly sampled: number;
  readonly excused: number;
  readonly open: number;
}

/** Counts by code of community, and of the city under its own code. */
export type CountsByPlace = ReadonlyMap<string, PlaceCounts>;

/*
 * The one place of the benches that knows how the record lies in the tables.
 */

/** People in a tube that counts, and people with a reason that settles: $1 is the round. */
const people = `
  sampled as materialized (
    select distinct unnest(members) as person from specimens where round = $1 and counted
  ), excused as materialized (
    select (state ->> 'person')::int as person from subjects
    where prefix = 'entry' and subject like 'entry:' || $1 || '/%'
      and stage in ('excused', 'away', 'deferred')
  )`;

/** Every pair of person and tube. */
const personTubes = 'select unnest(members) as person, tube from specimens';

/** The members of every tube, as they lie there. */
const membersOfTubes = 'select members from specimens';

/** Everybody of the register, and whether the record holds a tube or a reason of theirs. */
const statement = `
  with ${people}
  select split_part(h.place_code, '-', 1) as code, count(*)::int as roster,
    count(s.person)::int as sampled,
    count(*) filter (where s.person is null and e.person is not null)::int as excused
  from persons p
  join households h on h.id = p.household_id
  left join sampled s on s.person = p.id
  left join excused e on e.person = p.id
  group by 1`;

/** Recounts the round from the tables by an anti-join, without help of any counter or bit. */
export async function recount(client: pg.ClientBase): Promise<CountsByPlace> {
  await client.query("set work_mem = '512MB'");
  const { rows } = await client.query<{
    code: string;
    roster: number;
    sampled: number;
    excused: number;
  }>(statement, [round]);
  return withCity(
    rows.map(({ code, ...counts }) => {
      const open = counts.roster - counts.sampled - counts.excused;
      return [code, { ...counts, open }];
    }),
  );
}

/** What the day that was sent must come to, from the made city alone. */
export function expectedCounts(city: City): CountsByPlace {
  return withCity(
    Array.from({ length: city.communities }, (_, index) => {
      const { code, first, end } = city.community(index);
      const { tubes, away, absent } = city.day(index);
      const sampled = tubes.reduce((sum, { members }) => sum + members.length, 0);
      const counts = { sampled, excused: away.length, open: absent.length };
      return [code, { roster: end - first, ...counts }];
    }),
  );
}

/** What the server says: the city, and each community as a child of its town. */
export async function servedCounts(
  city: City,
  get: (path: string) => Promise<unknown>,
): Promise<CountsByPlace> {
  type Served = PlaceCounts & { readonly children: readonly (PlaceCounts & { code: string })[] };
  const ask = (place: string): Promise<Served> =>
    get(`/v1/coverage?round=${round}&place=${place}`) as Promise<Served>;
  const towns = new Set<string>();
  for (let index = 0; index < city.communities; index++) towns.add(city.community(index).town);
  const counts = new Map<string, PlaceCounts>();
  for (const town of towns) {
    for (const child of (await ask(town)).children) counts.set(child.code, countsOf(child));
  }
  counts.set(cityCode, countsOf(await ask(cityCode)));
  return counts;
}

function countsOf({ roster, sampled, excused, open }: PlaceCounts): PlaceCounts {
  return { roster, sampled, excused, open };
}

function withCity(entries: readonly (readonly [string, PlaceCounts])[]): CountsByPlace {
  const city = { roster: 0, sampled: 0, excused: 0, open: 0 };
  for (const [, counts] of entries) {
    for (const key of ['roster', 'sampled', 'excused', 'open'] as const) city[key] += counts[key];
  }
  return new Map([...entries, [cityCode, city]]);
}

/** Places where two counts differ, in words; empty when they agree everywhere. */
export function differences(name: string, left: CountsByPlace, right: CountsByPlace): string[] {
  const codes = new Set([...left.keys(), ...right.keys()]);
  const told = (counts: PlaceCounts | undefined): string =>
    counts === undefined
      ? 'nothing'
      : `${counts.roster} = ${counts.sampled} + ${counts.excused} + ${counts.open}`;
  return [...codes].flatMap((code) => {
    const [one, other] = [told(left.get(code)), told(right.get(code))];
    return one === other ? [] : [`${name} ${code}: ${one} and ${other}`];
  });
}

/** Numbers of those of a community who are still owed a sample, ascending, by an anti-join. */
export async function missingBySql(client: pg.ClientBase, community: string): Promise<number[]> {
  const { rows } = await client.query<{ person: number }>(
    `with ${people}
     select p.id as person from persons p join households h on h.id = p.household_id
     where split_part(h.place_code, '-', 1) = $2
       and not exists (select from sampled s where s.person = p.id)
       and not exists (select from excused e where e.person = p.id)
     order by p.id`,
    [round, community],
  );
  return rows.map(({ person }) => person);
}

/** A table of persons and their tubes with an index, beside the record: the limit of a look. */
export async function indexPersons(client: pg.ClientBase): Promise<void> {
  await client.query(`create unlogged table city_person_tubes as ${personTubes}`);
  await client.query('create index on city_person_tubes (person)');
  await client.query('analyze city_person_tubes');
}

/** Reads the members of all tubes by COPY and forgets them; answers the bytes that came. */
export async function copyMembers(client: pg.ClientBase): Promise<number> {
  let bytes = 0;
  const count = new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done();
    },
  });
  await pipeline(client.query(copyTo(`copy (${membersOfTubes}) to stdout (format binary)`)), count);
  return bytes;
}
