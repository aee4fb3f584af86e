import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Day } from '../../kernel/day.ts';
import { digestOf } from '../../adapters/http/trend-reader.ts';
import { hire, type Staff } from '../support/chain.ts';
import { type Body, type Client, problemOf } from '../support/client.ts';
import { type Made, onDay, outbreak, recordOutbreak } from '../support/outbreak.ts';
import { communities, district, towns } from '../support/people.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let staff: Staff;

beforeAll(async () => {
  server = await startServer();
  staff = await hire(server);
  await recordOutbreak(staff);
}, 120_000);
afterAll(() => server.close());

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
  // Headquarters of one town who samples in the other: seeing a place is not freezing it.
  const both = await server.signUp('both', [`headquarters@${towns[1]}`, `sampler@${towns[0]}`]);
  const frozen = await both.post('/v1/trend/snapshots', { place: towns[0] });
  expect(problemOf(frozen)[1]).toBe('access.not-permitted');
  expect((await both.post('/v1/trend/snapshots', { place: towns[1] })).status).toBe(201);
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

test('headquarters of a town draws its own places and nobody else’s', async () => {
  const point = (code: string) => ({
    type: 'Feature',
    properties: { code },
    geometry: { type: 'Point', coordinates: [121.31, 31.41] },
  });
  const west = await server.signUp('west-maps', [`headquarters@${towns[1]}`]);
  const put = (codes: readonly string[], as: Client = west) =>
    as.ask('PUT', '/v1/trend/shapes', {
      json: {
        type: 'FeatureCollection',
        attribution: 'drawn in the west',
        features: codes.map(point),
      },
    });
  const shapes = async () => (await server.admin.get('/v1/trend/shapes')).body['rows'];
  const before = await shapes();
  // The second is not theirs: neither is kept.
  const foreign = await put([towns[1], towns[0]]);
  expect(problemOf(foreign)).toEqual([403, 'access.not-permitted', '/features/1']);
  expect(problemOf(await put([district]))).toEqual([403, 'access.not-permitted', '/features/0']);
  const sampler = await server.signUp('sampler-maps', [`sampler@${towns[1]}`]);
  expect(problemOf(await put([towns[1]], sampler))[1]).toBe('access.not-permitted');
  expect(await shapes()).toEqual(before);
  expect((await put([towns[1], communities[2]])).body).toEqual({ saved: 2 });
});
