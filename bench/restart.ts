// A server killed twice: `npm run bench -- restart [--people N | --full] [--database]`. What it had
// acknowledged is there, once; beside it, how long reading the tubes' members by COPY takes.
import { parseArgs } from 'node:util';
import { cityCode } from './support/city.ts';
import { benchCity, cityOptions, type CityReport, driveCity, getAs } from './support/city-drive.ts';
import { countsPath } from './support/city-paths.ts';
import {
  copyMembers,
  differences,
  expectedCounts,
  type PlaceCounts,
  recount,
  servedCounts,
} from './support/city-recount.ts';
import type { CityServer } from './support/city-server.ts';
import { headquarters } from './support/city-staff.ts';
import { rounded, secondsSince, serverPeakMb } from './support/measure.ts';

const { values } = parseArgs({
  options: {
    ...cityOptions,
    /** The database is killed with the server, as in a power cut, and recovers. */
    database: { type: 'boolean', default: false },
  },
});

async function measure(server: CityServer): Promise<CityReport> {
  const get = (path: string): Promise<unknown> => getAs(server, headquarters, path);
  const ask = (): Promise<PlaceCounts> => get(countsPath(cityCode)) as Promise<PlaceCounts>;
  await ask();
  const running = driveCity(server, {
    ...{ connections: 64, waves: 4, single: false, questions: false },
    ...{ sampleOnly: true, share: 1 },
  });
  const half = server.city.people / 2;
  let acknowledged = 0;
  while (acknowledged < half) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    acknowledged = (await ask()).sampled;
  }
  const atWork = await ready(server, ask, ({ sampled }) => sampled >= acknowledged);
  const { load } = await running.done;
  const faults = [...load.desk.firstErrors];
  const expected = expectedCounts(server.city);
  const before = await servedCounts(server.city, get);
  faults.push(...differences('sent and served', expected, before).slice(0, 5));
  const whole = before.get(cityCode);
  const atRest = await ready(server, ask, (now) => differs(now, whole).length === 0);
  const after = await servedCounts(server.city, get);
  faults.push(...differences('before and after', before, after).slice(0, 5));
  faults.push(
    ...differences('recounted and served', await recount(server.owner), after).slice(0, 5),
  );
  const board = (await get(`/v1/board?place=${cityCode}`)) as { findings: { open: number } };
  if (board.findings.open > 0) faults.push(`${board.findings.open} findings`);
  const copying = performance.now();
  const copiedBytes = await copyMembers(server.owner);
  const copySeconds = secondsSince(copying);
  return {
    ...{ people: server.city.people, databaseKilledToo: values.database },
    killedAtWork: { sampled: acknowledged, ...atWork },
    killedAtRest: { sampled: whole?.sampled ?? 0, ...atRest },
    // Sent again because the connection broke and on record already: known, and not doubled.
    sentAgain: load.desk.factsKnown,
    requestsRepeated: load.desk.pushedBack,
    ...{ copySeconds, copiedBytes },
    microsecondsPerPerson: rounded((atRest.readySeconds * 1e6) / server.city.people, 2),
    ratioToCopy: rounded(atRest.readySeconds / Math.max(copySeconds, 0.01), 1),
    serverPeakMb: serverPeakMb(server.pid()),
    faults,
  };
}

function differs(left: PlaceCounts, right: PlaceCounts | undefined): string[] {
  const one = new Map([[cityCode, left]]);
  return right === undefined ? [cityCode] : differences('', pick(one), pick([[cityCode, right]]));
}

/** The four counts alone, whatever else an answer holds. */
function pick(entries: Iterable<readonly [string, PlaceCounts]>): Map<string, PlaceCounts> {
  return new Map(
    [...entries].map(([code, { roster, sampled, excused, open }]) => [
      code,
      { roster, sampled, excused, open },
    ]),
  );
}

/** Kills the server, starts another, and asks until the answer is right. */
async function ready(
  server: CityServer,
  ask: () => Promise<PlaceCounts>,
  isRight: (counts: PlaceCounts) => boolean,
): Promise<{ readonly listenSeconds: number; readonly readySeconds: number }> {
  const began = performance.now();
  const listenSeconds = await server.killAndStart({ database: values.database });
  const giveUpAt = began + 120_000;
  for (;;) {
    const counts = await ask();
    if (isRight(counts)) return { listenSeconds, readySeconds: secondsSince(began) };
    if (performance.now() > giveUpAt) throw new Error(`never right: ${JSON.stringify(counts)}`);
  }
}

await benchCity(values, measure);
