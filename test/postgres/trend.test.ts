import { afterAll, beforeAll, expect, test } from 'vitest';
import { addDays, type Day, dayOf, startOfDay } from '../../kernel/day.ts';
import { dayMs, hourMs, instant, minuteMs } from '../../kernel/instant.ts';
import { Random } from '../../kernel/random.ts';
import { digestOf } from '../../adapters/http/trend-reader.ts';
import { hire, type Staff } from '../support/chain.ts';
import { type Body, type Client, problemOf } from '../support/client.ts';
import { communities, district, towns } from '../support/people.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let staff: Staff;

/** One infection of the made outbreak, as it is put on record through the desks. */
interface Made {
  readonly person: number;
  /** Days before today on which the sample was taken. */
  readonly daysAgo: number;
  readonly foundIn: 'community' | 'isolation';
  /** Days from onset to sample; null where nobody knows the onset. */
  readonly onsetDays: number | null;
  readonly reported: boolean;
}

const offsetMinutes = 480;
const today = dayOf(instant(Date.now()), offsetMinutes);
const noonOf = (daysAgo: number): number =>
  startOfDay(addDays(today, -daysAgo), offsetMinutes) + 4 * hourMs;
const onDay = (daysAgo: number): Day => addDays(today, -daysAgo);

/** Found in the west only in isolation: its towns differ in how they stand. */
function makeOutbreak(): Made[] {
  const random = new Random(7);
  const perDay = [1, 1, 2, 2, 3, 3, 4, 4, 5, 4, 4, 3, 3, 2];
  let person = 0;
  return perDay.flatMap((count, index) =>
    Array.from({ length: count }, (): Made => {
      person += 1;
      const isWest = person % 3 === 0;
      return {
        // Two households in three are of the east, persons 1 to 60; the rest are of the west.
        person: isWest ? 60 + person : person,
        daysAgo: 20 - index,
        foundIn: isWest || random.chance(0.5) ? 'isolation' : 'community',
        onsetDays: random.chance(0.2) ? null : random.between(0, 3),
        reported: random.chance(0.9),
      };
    }),
  );
}

const outbreak = makeOutbreak();

beforeAll(async () => {
  server = await startServer();
  staff = await hire(server);
  await staff.headquarters.must('screening.open-round', {
    round: 'R1',
    place: district,
    label: { en: 'Round R1', zh: 'R1 轮' },
    areas: [district],
    group: null,
    poolSize: 10,
    startsAt: noonOf(21),
    endsAt: noonOf(0),
  });
  for (const [daysAgo, cases] of Map.groupBy(outbreak, (made) => made.daysAgo)) {
    await recordDay(daysAgo, cases);
  }
}, 120_000);
afterAll(() => server.close());

/** A day: its cases sampled singly at noon, tested within seven hours, reported and visited. */
async function recordDay(daysAgo: number, cases: readonly Made[]): Promise<void> {
  const at = (minutes: number) => ({ at: noonOf(daysAgo) + minutes * minuteMs });
  const [box, plate] = [`BOX-${daysAgo}`, `PLATE-${daysAgo}`];
  const tubes = cases.map(({ person }) => `TUBE-${person}`);
  for (const { person } of cases) {
    const seal = { round: 'R1', purpose: 'round', poolSize: 1, point: 'SP1' };
    const place = communities[Math.floor((person - 1) / 30)] ?? communities[0];
    const body = { tube: `TUBE-${person}`, ...seal, place, members: [person] };
    await staff.sampler.must('screening.record-tube', body, at(0));
  }
  const place = communities[0];
  await staff.sampler.must('custody.seal-box', { box, tubes, place }, at(30));
  await staff.sampler.must('custody.hand-over', { box, to: 'user:courier' }, at(40));
  const received = { box, laboratory: 'LAB1', present: tubes, temperatureCelsius: 4 };
  await staff.laboratory.must('custody.receive', received, at(60));
  const wells = tubes.map((tube, index) => ({ well: `${'CDEFGH'[index] ?? 'H'}1`, tube }));
  const controls = [
    { well: 'A1', control: 'positive' },
    { well: 'B1', control: 'negative' },
  ];
  const load = { plate, laboratory: 'LAB1', place, wells, controls };
  await staff.laboratory.must('laboratory.load-plate', load, at(120));
  const readings = ['A1', 'B1', ...wells.map(({ well }) => well)].flatMap((well) => [
    { well, target: 'ORF1ab', ct: well === 'B1' ? null : 25 },
    { well, target: 'N', ct: well === 'B1' ? null : 25 },
    { well, target: 'IC', ct: 28 },
  ]);
  const read = { plate, instrument: 'cycler 1', readings };
  await staff.laboratory.must('laboratory.read-plate', read, at(240));
  await staff.signer.must('laboratory.sign-plate', { plate }, at(300));
  await staff.signer.must('results.release', { plate }, at(420));
  for (const { person, foundIn, onsetDays, reported } of cases) {
    const report = { person, reportedTo: 'network' };
    if (reported) await staff.headquarters.must('cases.report-case', report, at(480));
    const onset = onsetDays === null ? {} : { onsetOn: onDay(daysAgo + onsetDays) };
    const told = { person, foundIn, ...onset };
    await staff.community.must('cases.record-investigation', told, at(dayMs / minuteMs));
  }
}

async function trend(query = '', as: Client = server.admin): Promise<Body> {
  const reply = await as.get(`/v1/trend?${query}`);
  expect([reply.status, reply.text.slice(0, 200)]).toEqual([200, reply.text.slice(0, 200)]);
  return reply.body;
}

/** Days with their counts, those without any left out. */
function counted(days: readonly string[], counts: readonly number[]): Record<string, number> {
  return Object.fromEntries(
    days.flatMap((on, index) => ((counts[index] ?? 0) > 0 ? [[on, counts[index] ?? 0]] : [])),
  );
}

/** The same by hand. */
function tally(cases: readonly Made[], dayOfCase: (made: Made) => Day | null) {
  const counts: Record<string, number> = {};
  for (const made of cases) {
    const on = dayOfCase(made);
    if (on !== null) counts[on] = (counts[on] ?? 0) + 1;
  }
  return counts;
}

const sampledOn = ({ daysAgo }: Made): Day => onDay(daysAgo);
const onsetOn = ({ daysAgo, onsetDays }: Made): Day | null =>
  onsetDays === null ? null : onDay(daysAgo + onsetDays);

test('infections by onset, sample and report are those of a direct count, in every place', async () => {
  const isEast = ({ person }: Made): boolean => person <= 60;
  for (const [place, own] of [
    [district, outbreak],
    [towns[0], outbreak.filter(isEast)],
    [towns[1], outbreak.filter((made) => !isEast(made))],
    [communities[0], outbreak.filter(({ person }) => person <= 30)],
  ] as const) {
    const { incidence, quality } = await trend(`place=${place}`);
    const { days } = incidence;
    expect(counted(days, incidence.sampled)).toEqual(tally(own, sampledOn));
    expect(counted(days, incidence.onset)).toEqual(tally(own, onsetOn));
    const reported = own.filter((made) => made.reported);
    expect(counted(days, incidence.reported)).toEqual(tally(reported, sampledOn));
    const outside = own.filter(({ foundIn }) => foundIn === 'community');
    expect(counted(days, incidence.found.screening ?? [])).toEqual(tally(outside, sampledOn));
    expect(quality).toMatchObject({
      infections: own.length,
      unreported: own.length - reported.length,
      uninvestigated: 0,
      outOfOrder: 0,
      shareFoundUnknown: 0,
    });
    expect(quality.shareUndated.onset).toBeCloseTo(
      own.filter(({ onsetDays }) => onsetDays === null).length / own.length,
    );
  }
});

test('as it was known on an earlier day: nothing of what came on record later', async () => {
  const until = onDay(15);
  const { incidence, quality, until: said } = await trend(`until=${until}`);
  expect(said).toBe(until);
  const known = outbreak.filter(({ daysAgo }) => daysAgo >= 15);
  expect(counted(incidence.days, incidence.sampled)).toEqual(tally(known, sampledOn));
  // Visited a day after the sample: the cases of the day itself have no onset on record yet.
  const visited = known.filter(({ daysAgo }) => daysAgo > 15);
  expect(counted(incidence.days, incidence.onset)).toEqual(tally(visited, onsetOn));
  expect(quality.uninvestigated).toBe(known.length - visited.length);
});

test('hand-overs took what they took, and 7-1-7 counts the cases in time', async () => {
  const { delays, timeliness } = await trend();
  const median = Object.fromEntries(
    (delays as Body[]).map((each) => [`${each['from']} ${each['to']}`, each['medianMinutes']]),
  );
  expect(median).toMatchObject({
    'sampled received': 60,
    'signed released': 120,
    'released reported': 60,
  });
  const [detect, notify] = timeliness as Body[];
  const dated = outbreak.filter(({ onsetDays }) => onsetDays !== null).length;
  expect(detect).toMatchObject({ inTime: dated, late: 0, unknown: outbreak.length - dated });
  const told = outbreak.filter(({ reported }) => reported).length;
  expect(notify).toMatchObject({ inTime: told, late: outbreak.length - told, pending: 0 });
});

test('positivity of a round counts its tubes, and a place stands by what its community showed', async () => {
  const { positivity, standings } = await trend();
  expect(positivity).toMatchObject([
    { round: 'R1', tubes: outbreak.length, positive: outbreak.length, persons: outbreak.length },
  ]);
  const [whole, east, west] = standings as Body[];
  const outside = outbreak.filter(({ foundIn }) => foundIn === 'community');
  const last = Math.min(...outside.map(({ daysAgo }) => daysAgo));
  expect(whole).toMatchObject({ place: district, lastFoundOn: onDay(last), stage: 'clear' });
  // The day of the last finding is not clean; clear comes with the third clean day after it.
  expect(whole).toMatchObject({ since: onDay(last - 3), daysToClear: 0 });
  expect(east).toMatchObject({ place: towns[0], lastFoundOn: onDay(last) });
  expect(west).toMatchObject({ place: towns[1], lastFoundOn: null, stage: 'clear' });
});

test('reproduction, nowcast and forecast are told with their intervals, alike for the same record', async () => {
  const { estimates } = await trend();
  expect(estimates).toMatchObject({ basis: 'onset', noNowcast: null, noReproduction: null });
  expect(estimates.reproduction.length).toBeGreaterThan(5);
  expect(estimates.forecast).toHaveLength(14);
  for (const row of [...estimates.reproduction, ...estimates.forecast, ...estimates.nowcast]) {
    const quantiles = [row.q025, row.q05, row.q25, row.median, row.q75, row.q95, row.q975];
    expect(quantiles.toSorted((a, b) => a - b)).toEqual(quantiles);
  }
  for (const row of estimates.nowcast) expect(row.q025).toBeGreaterThanOrEqual(row.reported);
  expect((await trend())['estimates']).toEqual(estimates);
  const other = await startServer({ beside: server });
  const elsewhere = await trend('', other.admin);
  await other.close();
  expect(elsewhere['estimates']).toEqual(estimates);
});

test('where the record is too thin the reason is told instead of a figure', async () => {
  const { estimates } = await trend(`until=${onDay(19)}`);
  expect(estimates).toMatchObject({
    ...{ nowcast: null, reproduction: null, forecast: null },
    ...{ noNowcast: 'too-few-days', noReproduction: 'too-few-days', noForecast: 'too-few-days' },
  });
  const before = await trend(`until=${onDay(30)}`);
  expect(before['estimates']).toMatchObject({ noNowcast: 'no-infections', used: 0 });
});

test('frozen figures are cited by their digest, stay as they were, and cannot be changed', async () => {
  const frozen = await staff.headquarters.post('/v1/trend/snapshots', { until: onDay(1) });
  expect([frozen.status, frozen.body]).toMatchObject([201, { place: district, until: onDay(1) }]);
  const { id } = frozen.body;
  const { body } = await server.admin.get(`/v1/trend/snapshots/${id}`);
  expect(digestOf(body['figures'])).toBe(id);
  const now = await trend(`until=${onDay(1)}`);
  expect(body['figures'].incidence).toEqual(now['incidence']);
  const again = await staff.headquarters.post('/v1/trend/snapshots', { until: onDay(1) });
  expect(again.body['id']).toBe(id);
  const { body: list } = await server.admin.get('/v1/trend/snapshots');
  expect(list['rows']).toMatchObject([{ id, madeBy: 'hq' }]);
  const { pool } = server.composed.context;
  await expect(pool.query('update trend_snapshots set made_by = $1', ['x'])).rejects.toThrow(
    'permission denied',
  );
  await expect(pool.query('delete from trend_snapshots')).rejects.toThrow('permission denied');
});

test('a place is asked about by those who may see it, and of days that have come', async () => {
  const west = await server.signUp('west', [`headquarters@${towns[1]}`]);
  expect(problemOf(await west.get(`/v1/trend?place=${towns[0]}`))).toEqual([
    403,
    'access.not-permitted',
    '/place',
  ]);
  expect(problemOf(await server.nobody.get('/v1/trend'))[0]).toBe(401);
  const own = await trend('', west);
  expect(own['place']).toMatchObject({ code: towns[1] });
  const { body: made } = await staff.headquarters.post('/v1/trend/snapshots', {});
  const foreign = await west.get(`/v1/trend/snapshots/${made['id']}`);
  expect(problemOf(foreign)).toEqual([404, 'trend.unknown-snapshot', null]);
  const later = await server.admin.get(`/v1/trend?until=${onDay(-1)}`);
  expect(problemOf(later)).toEqual([400, 'trend.day-to-come', '/until']);
  const malformed = await server.admin.get('/v1/trend?until=yesterday');
  expect(problemOf(malformed)).toEqual([400, 'http.malformed-request', '/until']);
  const notTheirs = await staff.sampler.post('/v1/trend/snapshots', {});
  expect(problemOf(notTheirs)[1]).toBe('access.not-permitted');
});

test('a shape is taken for places that exist and degrees that do, and the map has its source', async () => {
  const square = (x: number, y: number) => [
    [x, y],
    [x + 0.1, y],
    [x + 0.1, y + 0.1],
    [x, y + 0.1],
    [x, y],
  ];
  const feature = (code: string, geometry: object) => ({
    type: 'Feature',
    properties: { code },
    geometry,
  });
  const put = (features: object[]) =>
    staff.headquarters.ask('PUT', '/v1/trend/shapes', {
      json: { type: 'FeatureCollection', attribution: 'made for tests', features },
    });
  const east = feature(towns[0], { type: 'Polygon', coordinates: [square(121.4, 31.4)] });
  const west = feature(towns[1], { type: 'Point', coordinates: [121.3, 31.4] });
  expect((await put([east, west])).body).toEqual({ saved: 2 });
  const { body } = await server.admin.get('/v1/trend/shapes');
  expect(body['rows']).toMatchObject([
    { place: towns[0], source: 'made for tests', outline: { type: 'Polygon' } },
    { place: towns[1], longitude: 121.3, latitude: 31.4, outline: null },
  ]);
  expect(body['rows'][0].longitude).toBeCloseTo(121.45);
  const unknown = await put([feature('nowhere', { type: 'Point', coordinates: [1, 1] })]);
  expect(problemOf(unknown)).toEqual([404, 'places.unknown-place', '/features/0']);
  const flat = feature(towns[0], {
    type: 'Polygon',
    coordinates: [
      [
        [1, 1],
        [2, 2],
        [3, 3],
        [1, 1],
      ],
    ],
  });
  const wrong = feature(towns[0], { type: 'Point', coordinates: [200, 31] });
  for (const each of [flat, wrong]) {
    const reply = await put([each]);
    expect(problemOf(reply)).toEqual([400, 'http.malformed-request', '/features/0/geometry']);
  }
});
