// A city's day from swab to bed, over HTTP, with its own load generator on the same processors:
// `npm run bench -- city-day [--people N | --full] [--phased] [--single] [--data DIR]`.
import { parseArgs } from 'node:util';
import { runCommand } from '../test/support/process.ts';
import { cityCode, mix } from './support/city.ts';
import {
  benchCity,
  cityOptions,
  type CityReport,
  driveCity,
  type Driven,
  getAs,
  wavesOf,
} from './support/city-drive.ts';
import { tubeLabel } from './support/city-facts.ts';
import { ownResultPath, tracePath } from './support/city-paths.ts';
import { differences, expectedCounts, recount, servedCounts } from './support/city-recount.ts';
import type { CityServer } from './support/city-server.ts';
import { headquarters } from './support/city-staff.ts';
import {
  diskPerPerson,
  rounded,
  secondsSince,
  serverPeakMb,
  tableBytes,
  walBytes,
} from './support/measure.ts';

const { values } = parseArgs({
  options: {
    ...cityOptions,
    connections: { type: 'string', default: '64' },
    /** Link by link in place of overlapping, to see what each costs. */
    phased: { type: 'boolean', default: false },
    /** One tube a request in place of a hundred. */
    single: { type: 'boolean', default: false },
    /** Without people who ask meanwhile. */
    quiet: { type: 'boolean', default: false },
    'no-verify': { type: 'boolean', default: false },
  },
});

async function cityDay(city: CityServer): Promise<CityReport> {
  // The first question of a round fixes whom it is owed to.
  const fixing = performance.now();
  await getAs(city, headquarters, `/v1/coverage?place=${cityCode}`);
  const preparation = { ...city.preparation, rosterFixedSeconds: secondsSince(fixing) };
  const tables = await tableBytes(city.owner);
  const wal = await walBytes(city.owner);
  const driven = await driveCity(city, {
    connections: Number(values.connections),
    waves: values.phased ? 1 : wavesOf(city.city.people),
    single: values.single,
    questions: !values.quiet,
    sampleOnly: false,
    share: 1,
  }).done;
  const peakMb = serverPeakMb(city.pid());
  const walOfDay = (await walBytes(city.owner)) - wal;
  const disk = diskPerPerson(tables, await tableBytes(city.owner), driven.load.peopleSampled);
  const proof = await prove(city, driven);
  const { load } = driven;
  const seconds = load.seconds;
  return {
    people: city.city.people,
    seconds,
    peoplePerSecond: Math.round(load.peopleSampled / seconds),
    tubesPerSecond: Math.round(load.tubes / seconds),
    ...{ peopleSampled: load.peopleSampled, tubes: load.tubes },
    ...{ plates: load.plates, cases: load.cases },
    ...{ factsAccepted: load.desk.factsAccepted, actsDone: load.desk.actsDone },
    errors: Object.values(load.desk.errors).reduce((sum, count) => sum + count, 0),
    pushedBack: load.desk.pushedBack,
    findings: proof.findings,
    serverPeakMb: peakMb,
    cpuSeconds: {
      server: driven.serverCpuSeconds,
      postgres: driven.postgresCpuSeconds,
      generator: load.cpuSeconds,
    },
    generatorPeakMb: load.peakMb,
    bytesPerPerson: {
      ledger: disk.ledger,
      projections: disk.projections,
      total: rounded(disk.ledger + disk.projections, 2),
      wal: rounded(walOfDay / load.peopleSampled, 2),
      byTable: disk.byTable,
    },
    ...{ requests: load.desk.requests, questions: load.questions, phases: driven.phases },
    ...{ preparation, ...proof.seconds },
    faults: proof.faults,
  };
}

interface Proof {
  readonly findings: number;
  readonly seconds: { readonly [part: string]: number };
  readonly faults: readonly string[];
}

/** Whether everything that was sent is there, once, and nothing contradicts anything. */
async function prove(city: CityServer, { load }: Driven): Promise<Proof> {
  const faults = [...load.desk.firstErrors, ...load.questionsSaid];
  const get = (path: string): Promise<unknown> => getAs(city, headquarters, path);
  const asking = performance.now();
  const served = await servedCounts(city.city, get);
  const servedSeconds = secondsSince(asking);
  faults.push(...differences('sent and served', expectedCounts(city.city), served).slice(0, 5));
  const counting = performance.now();
  const counted = await recount(city.owner);
  const recountSeconds = secondsSince(counting);
  faults.push(...differences('recounted and served', counted, served).slice(0, 5));
  const board = (await get(`/v1/board?place=${cityCode}`)) as { findings: { open: number } };
  const findings = board.findings.open;
  if (findings > 0) {
    const { rows } = await city.owner.query<{ code: string; count: number }>(
      'select code, count(*)::int as count from findings group by code order by 2 desc limit 5',
    );
    faults.push(`${findings} findings: ${JSON.stringify(rows)}`);
  }
  faults.push(...(await wrongRoads(city, load.questions?.ownResult != null)));
  const verifying = performance.now();
  if (values['no-verify']) return { findings, seconds: { servedSeconds, recountSeconds }, faults };
  const { code, stdout, stderr } = await runCommand(['verify', '--data', city.data, '--json']);
  if (code !== 0) faults.push(`verify ended with ${code}: ${(stdout + stderr).slice(0, 500)}`);
  const verifySeconds = secondsSince(verifying);
  return { findings, seconds: { servedSeconds, recountSeconds, verifySeconds }, faults };
}

const peopleLookedAt = 20;

/** Some people, drawn: their trace names the tube they were in, and their result is there. */
async function wrongRoads(city: CityServer, hasResults: boolean): Promise<string[]> {
  const wrong: string[] = [];
  for (let serial = 1; serial <= peopleLookedAt; serial++) {
    const person = 1 + (mix(serial, city.city.seed ^ 0xfeed) % city.city.people);
    const tube = city.city.tubeOf(person);
    if (tube === null) continue;
    const label = tubeLabel(tube.serial);
    const get = async (path: string): Promise<string> =>
      JSON.stringify(await getAs(city, headquarters, path).catch(String));
    const trace = await get(tracePath(person));
    if (!trace.includes(label)) wrong.push(`trace of ${person} has no ${label}: ${trace}`);
    if (!hasResults) continue;
    const result = await get(ownResultPath(person));
    if (!result.includes(label)) wrong.push(`result of ${person} has no ${label}: ${result}`);
  }
  return wrong.map((each) => each.slice(0, 300)).slice(0, 5);
}

await benchCity(values, cityDay);
