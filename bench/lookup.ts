// In which tube was this person: `npm run bench -- lookup [--people N | --full]`. The
// limit beside it is one look into an index of persons in PostgreSQL, without HTTP or accounts.
import { parseArgs } from 'node:util';
import pg from 'pg';
import { cityCode, mix } from './support/city.ts';
import {
  benchCity,
  cityOptions,
  type CityReport,
  driveCity,
  getAs,
  wavesOf,
} from './support/city-drive.ts';
import { tubeLabel } from './support/city-facts.ts';
import { countsPath, isOffered, ownResultPath, tracePath } from './support/city-paths.ts';
import { indexPersons } from './support/city-recount.ts';
import type { CityServer } from './support/city-server.ts';
import { headquarters } from './support/city-staff.ts';
import { Lines } from './support/line.ts';
import { Latencies, rounded } from './support/measure.ts';

const { values } = parseArgs({
  options: {
    ...cityOptions,
    seconds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '16' },
  },
});
const seed = Number(values.seed);
const connections = Number(values.connections);

type Ask = (person: number) => Promise<string>;

interface Rate {
  readonly perSecond: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly wrong: number;
}

async function measure(server: CityServer): Promise<CityReport> {
  await getAs(server, headquarters, countsPath(cityCode));
  const { load } = await driveCity(server, {
    ...{ connections: 64, waves: wavesOf(server.city.people), single: false, questions: false },
    ...{ sampleOnly: false, share: 1 },
  }).done;
  const faults = [...load.desk.firstErrors];
  const lines = new Lines(server.url(), connections);
  const token = server.tokens[headquarters] ?? '';
  const of =
    (pathOf: (person: number) => string): Ask =>
    async (person) =>
      (await lines.get(pathOf(person), token)).text;
  const offered = isOffered(await lines.get(ownResultPath(1), token));
  const ownResult = offered ? await rateOf(server, of(ownResultPath), 'own result') : null;
  const trace = await rateOf(server, of(tracePath), 'trace');
  lines.close();
  await indexPersons(server.owner);
  const pool = new pg.Pool({ connectionString: server.database, max: connections });
  const index = await rateOf(server, (person) => indexLook(pool, person), 'index');
  await pool.end();
  for (const [kind, rate] of Object.entries({ ownResult, trace, index })) {
    if (rate !== null && rate.wrong > 0) faults.push(`${kind}: ${rate.wrong} answers were wrong`);
  }
  const share = (rate: Rate | null): number | null =>
    rate === null ? null : rounded(rate.perSecond / index.perSecond, 3);
  return {
    ...{ people: server.city.people, tubes: load.tubes },
    ...{ ownResult, trace, sqlIndex: index },
    ...{ ratioOwnResultToIndex: share(ownResult), ratioTraceToIndex: share(trace), faults },
  };
}

/** Asks about drawn people for some seconds, as many at once as there are connections. */
async function rateOf({ city }: CityServer, ask: Ask, kind: string): Promise<Rate> {
  const latencies = new Latencies();
  const began = performance.now();
  const until = began + Number(values.seconds) * 1000;
  const looked: { readonly person: number; readonly text: string }[] = [];
  let serial = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() < until) {
      serial += 1;
      const person = 1 + (mix(serial, seed ^ 0x100c) % city.people);
      const asked = performance.now();
      const text = await ask(person);
      latencies.add(performance.now() - asked);
      if (looked.length < 200) looked.push({ person, text });
    }
  };
  await Promise.all(Array.from({ length: connections }, lane));
  const seconds = (performance.now() - began) / 1000;
  // Looked through afterwards, so that checking costs the answers nothing.
  const wrong = looked.filter(({ person, text }) => {
    const tube = city.tubeOf(person);
    return tube !== null && !text.includes(tubeLabel(tube.serial));
  });
  const [first] = wrong;
  if (first !== undefined) {
    process.stderr.write(`${kind} of ${first.person}: ${first.text.slice(0, 200)}\n`);
  }
  const { p50Ms, p95Ms, p99Ms } = latencies.summary();
  const perSecond = Math.round(latencies.count / seconds);
  return { perSecond, p50Ms, p95Ms, p99Ms, wrong: wrong.length };
}

async function indexLook(pool: pg.Pool, person: number): Promise<string> {
  const { rows } = await pool.query<{ tube: string }>({
    name: 'bench-index-look',
    text: 'select tube from city_person_tubes where person = $1',
    values: [person],
  });
  return rows.map(({ tube }) => tube).join();
}

await benchCity(values, measure);
