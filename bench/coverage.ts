// Who was sampled and who was not: `npm run bench -- coverage [--people N | --full]`. Half of a
// made city is sampled; the answers are compared with an anti-join over the tables.
import { parseArgs } from 'node:util';
import { type City, cityCode, mix } from './support/city.ts';
import { benchCity, cityOptions, type CityReport, driveCity, getAs } from './support/city-drive.ts';
import { countsPath, missingPath } from './support/city-paths.ts';
import { differences, missingBySql, recount, servedCounts } from './support/city-recount.ts';
import type { CityServer } from './support/city-server.ts';
import { headquarters } from './support/city-staff.ts';
import { Latencies, rounded, secondsSince } from './support/measure.ts';

const { values } = parseArgs({
  options: {
    ...cityOptions,
    questions: { type: 'string', default: '300' },
    /** Communities whose list is compared with the anti-join. */
    compared: { type: 'string', default: '10' },
  },
});
const seed = Number(values.seed);

async function measure(server: CityServer): Promise<CityReport> {
  await getAs(server, headquarters, countsPath(cityCode));
  const { load } = await driveCity(server, {
    ...{ connections: 64, waves: 2, single: false, questions: false },
    ...{ sampleOnly: true, share: 0.5 },
  }).done;
  const faults = [...load.desk.firstErrors];
  const get = (path: string): Promise<unknown> => getAs(server, headquarters, path);
  const counts = await timedQuestions(server.city, get, countsPathOf);
  const missing = await timedQuestions(server.city, get, (city, drawn) =>
    missingPath(city.community(drawn % city.communities).code),
  );
  const served = await servedCounts(server.city, get);
  const counting = performance.now();
  const counted = await recount(server.owner);
  const recountSeconds = secondsSince(counting);
  faults.push(...differences('recounted and served', counted, served).slice(0, 5));
  const compared = await compareLists(server, get);
  faults.push(...compared.faults);
  const ratio = (sqlMs: number, ms: number | null): number | null =>
    ms === null || ms === 0 ? null : Math.round(sqlMs / ms);
  return {
    ...{ people: server.city.people, sampled: load.peopleSampled },
    ...{ counts: counts.summary(), missing: missing.summary() },
    recountSeconds,
    ratioCountsToSql: ratio(recountSeconds * 1000, counts.at(0.5)),
    antiJoinMs: rounded(compared.sqlMs, 1),
    wholeListMs: rounded(compared.servedMs, 1),
    ratioListToSql: rounded(compared.sqlMs / compared.servedMs, 1),
    ...{ listsCompared: compared.lists, personsCompared: compared.persons, faults },
  };
}

function countsPathOf(city: City, drawn: number): string {
  const { code, town } = city.community(drawn % city.communities);
  const places = [cityCode, city.districtCode(drawn % city.districts), town, code, `${code}-1`];
  return countsPath(places[drawn % places.length] ?? cityCode);
}

async function timedQuestions(
  city: City,
  get: (path: string) => Promise<unknown>,
  pathOf: (city: City, drawn: number) => string,
): Promise<Latencies> {
  const latencies = new Latencies();
  for (let serial = 1; serial <= Number(values.questions); serial++) {
    const path = pathOf(city, mix(serial, seed));
    const began = performance.now();
    await get(path);
    latencies.add(performance.now() - began);
  }
  return latencies;
}

/** Whole lists of some communities, page by page, against the anti-join; means in milliseconds. */
async function compareLists(
  server: CityServer,
  get: (path: string) => Promise<unknown>,
): Promise<{
  faults: string[];
  sqlMs: number;
  servedMs: number;
  lists: number;
  persons: number;
}> {
  const faults: string[] = [];
  const lists = Math.min(Number(values.compared), server.city.communities);
  let [sqlMs, servedMs, persons] = [0, 0, 0];
  for (let list = 0; list < lists; list++) {
    const index = Math.floor((list * server.city.communities) / lists);
    const { code } = server.city.community(index);
    const asking = performance.now();
    const served = await wholeList(get, code);
    servedMs += performance.now() - asking;
    const counting = performance.now();
    const missing = await missingBySql(server.owner, code);
    sqlMs += performance.now() - counting;
    persons += missing.length;
    if (served.join() !== missing.join()) {
      faults.push(`missing of ${code}: ${served.length} served, ${missing.length} by SQL`);
    }
  }
  return { faults, sqlMs: sqlMs / lists, servedMs: servedMs / lists, lists, persons };
}

async function wholeList(
  get: (path: string) => Promise<unknown>,
  place: string,
): Promise<number[]> {
  const persons: number[] = [];
  for (let after: number | null = 0; after !== null;) {
    const path = `${missingPath(place, 1_000)}&after=${after}`;
    const page = (await get(path)) as {
      missing: { person: number }[];
      next?: number | null;
    };
    persons.push(...page.missing.map(({ person }) => person));
    after = page.next ?? null;
  }
  return persons;
}

await benchCity(values, measure);
