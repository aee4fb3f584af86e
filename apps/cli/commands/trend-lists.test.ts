import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { policyDefaults } from '../../../rooms/trend/index.ts';
import { Misuse } from '../misuse.ts';
import { trend } from './trend.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sextant-trend-lists-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;

function file(name: string, lines: readonly string[]): string {
  // Written before any test runs, so that no two cases may share a file.
  files += 1;
  const path = join(folder, `${files}-${name}`);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

function sextant(...words: string[]): Promise<{ [name: string]: unknown }> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [main, 'trend', ...words, '--json'], (error, out, err) => {
      if (error === null && err === '') resolve(JSON.parse(out) as { [name: string]: unknown });
      else reject(new Error(`${out}${err}`));
    });
  });
}

const day = (index: number): string => `2022-04-${String(index).padStart(2, '0')}`;

/** Five cases a day, 1 to 20 April: one reported on the day, two a day later, two after three. */
const list = Array.from({ length: 20 }, (_, index) => index + 1).flatMap((onset) =>
  [0, 1, 1, 3, 3].map((delay) => `${day(onset)},${day(onset + delay)}`),
);
const linelist = file('list.csv', ['onset,report', ...list]);
const people = file('people.csv', ['district,population', '甲区,1000000', '乙区,300000']);
const places = file('places.csv', [
  'place,lon,lat,population',
  ...Array.from({ length: 12 }, (_, index) => `P${index},${121 + index / 50},31.2,1000`),
]);

test('nowcast answers a row a day: what is known, and between what the whole lies', async () => {
  const answer = await sextant(
    ...['nowcast', '--linelist', linelist, '--onset', 'onset', '--report', 'report'],
    ...['--as-of', day(20), '--days', '4'],
  );
  const rows = answer['rows'] as { [name: string]: number | string }[];
  expect(rows.map((row) => [row['date'], row['reported']])).toEqual([
    [day(17), 5],
    [day(18), 3],
    [day(19), 3],
    [day(20), 1],
  ]);
  expect(rows[0]).toMatchObject({ median: 5, q05: 5, q95: 5 });
  for (const row of rows) {
    expect(row['q05']).toBeLessThanOrEqual(5);
    expect(row['q95']).toBeGreaterThanOrEqual(5);
  }
  expect(answer).toMatchObject({ ok: true, asOf: day(20), quality: { withoutOnset: 0 } });
}, 60_000);

test('forecast answers a row a day ahead, dated where the series is', async () => {
  const incidence = file('incidence.csv', [
    'date,incidence',
    ...Array.from({ length: 20 }, (_, index) => `${day(index + 1)},${10 + (index % 3)}`),
  ]);
  const answer = await sextant(
    ...['forecast', '--incidence', incidence, '--si-mean', '3', '--si-sd', '1.5', '--days', '3'],
  );
  const rows = answer['rows'] as { [name: string]: number | string }[];
  expect(rows.map((row) => [row['ahead'], row['date']])).toEqual([
    [1, day(21)],
    [2, day(22)],
    [3, day(23)],
  ]);
  for (const row of rows) {
    expect(row['q05']).toBeLessThan(11);
    expect(row['q95']).toBeGreaterThan(11);
  }
  expect(Object.keys(answer['members'] as object)).toEqual(['renewal', 'level', 'steady']);
}, 60_000);

test('clusters answers the place and days that have more than their share', async () => {
  const spread = Array.from(
    { length: 24 },
    (_, index) => `P${index % 12},${day(1 + (index % 20))}`,
  );
  const burst = Array.from({ length: 12 }, (_, index) => `P7,${day(18 + (index % 3))}`);
  const cases = file('cases.csv', ['place,date', ...spread, ...burst]);
  const answer = await sextant(
    ...['clusters', '--cases', cases, '--places', places, '--days', '20', '--replicates', '99'],
  );
  const [first] = answer['clusters'] as { [name: string]: unknown }[];
  expect(first).toMatchObject({ centre: 'P7', places: ['P7'], from: day(18), to: day(20) });
  expect(first?.['pValue']).toBe(0.01);
}, 60_000);

test('clear answers the standing of each district on each day, conversions left out', async () => {
  const counts = file('counts.csv', [
    'date,district,found_in,count',
    `${day(1)},甲区,screening,4`,
    `${day(1)},乙区,screening,3`,
    `${day(2)},甲区,conversion,9`,
    `${day(3)},甲区,quarantine,5`,
    `${day(4)},乙区,screening,1`,
  ]);
  const answer = await sextant('clear', '--counts', counts, '--population', people);
  const districts = answer['districts'] as {
    district: string;
    days: { stage: string }[];
    clear: { from: string; to: string }[];
  }[];
  const stages = Object.fromEntries(
    districts.map(({ district, days }) => [district, days.map(({ stage }) => stage)]),
  );
  // 甲区: 4 a day is below 10; clear on the third day without a find. 乙区: 3 a day is not below 3.
  expect(stages).toEqual({
    甲区: ['not-clear', 'not-clear', 'basically-clear', 'clear'],
    乙区: ['not-clear', 'not-clear', 'not-clear', 'basically-clear'],
  });
  expect(districts.find(({ district }) => district === '甲区')?.clear).toEqual([
    { from: day(4), to: day(4) },
  ]);
}, 60_000);

test('clear goes by another rule when one is given, and says by which', async () => {
  const counts = file('ruled.csv', [
    'date,district,found_in,count',
    `${day(1)},甲区,screening,4`,
    `${day(2)},甲区,quarantine,5`,
    `${day(3)},甲区,quarantine,0`,
    `${day(4)},甲区,quarantine,0`,
  ]);
  const clear = {
    ...{ rule: 'two-days', days: 2, basicDays: 1, basicPer100k: 0.45 },
    community: ['screening', 'isolation'],
  };
  const stagesBy = async (...rule: string[]): Promise<string[]> => {
    const words = ['clear', '--counts', counts, '--population', people, ...rule];
    const answer = await sextant(...words);
    if (rule.length > 0) expect(answer['rule']).toEqual(clear);
    else expect(answer['rule']).toMatchObject({ rule: 'shanghai-2022-05-01', days: 3 });
    const [only] = answer['districts'] as { days: { stage: string }[] }[];
    return (only?.days ?? []).map(({ stage }) => stage);
  };
  expect(await stagesBy()).toEqual(['not-clear', 'not-clear', 'basically-clear', 'clear']);
  // 0.45 in 100,000 of a million are 4.5 a day: 4 is below and 5, in isolation, is not.
  const ruled = ['basically-clear', 'not-clear', 'basically-clear', 'clear'];
  expect(await stagesBy('--rule', file('rule.json', [JSON.stringify({ clear })]))).toEqual(ruled);
  // The file of a deployment's settings is taken as it is, other rooms and all.
  const whole = JSON.stringify({ duties: {}, trend: { clear, windowDays: 5 } });
  expect(await stagesBy('--rule', file('policy.json', [whole]))).toEqual(ruled);
}, 60_000);

test.for([
  ['/clear/days', { clear: { ...policyDefaults.clear, days: 0 } }],
  ['/clear/days', { trend: { clear: { ...policyDefaults.clear, days: -1 } } }],
  ['/clear/basicPer100k', { clear: { ...policyDefaults.clear, basicPer100k: 0 } }],
  ['/clear/community', { clear: { ...policyDefaults.clear, community: [] } }],
  ['/clear', { clear: { days: 5 } }],
  ['/serialInterval/meanDays', { serialInterval: { meanDays: -2, sdDays: 1 } }],
  ['/days', { days: 5 }],
  [null, 'three days'],
  [null, { trend: null }],
  [null, undefined],
] as const)('a rule that is none is refused at %s', async ([column, settings]) => {
  const words = clearOn('2022-04-01,甲区,screening,1');
  const rule = file('bad-rule.json', [JSON.stringify(settings) ?? '{ "clear": ']);
  await expect(trend([...words, '--rule', rule])).rejects.toMatchObject({
    code: 'trend.bad-rule',
    place: { file: rule, row: null, column },
  });
});

const nowcastOn = (lines: readonly string[]): string[] => [
  ...['nowcast', '--linelist', file('bad-list.csv', lines), '--onset', 'onset'],
  ...['--report', 'report'],
];
const clearOn = (...lines: string[]): string[] => [
  ...['clear', '--population', people, '--counts'],
  file('bad-counts.csv', ['date,district,found_in,count', ...lines]),
];
const clustersOn = (lines: readonly string[], of: string = places): string[] => [
  ...['clusters', '--places', of, '--cases', file('bad-cases.csv', lines)],
];

test.for([
  ['exchange.column-missing', 1, 'report', nowcastOn(['onset,seen', '2022-04-01,2022-04-02'])],
  ['exchange.value-missing', 3, 'onset', nowcastOn(['onset,report', list[0] ?? '', ',2022-04-02'])],
  ['exchange.not-a-day', 2, 'report', nowcastOn(['onset,report', '2022-04-01,2022-02-30'])],
  ['trend.report-before-onset', 2, 'report', nowcastOn(['onset,report', '2022-04-02,2022-04-01'])],
  ['exchange.not-a-day', 2, 'date', clearOn('soon,甲区,screening,1')],
  ['exchange.negative-number', 2, 'count', clearOn('2022-04-01,甲区,screening,-1')],
  ['exchange.not-whole', 2, 'count', clearOn('2022-04-01,甲区,screening,1.5')],
  ['exchange.value-missing', 2, 'count', clearOn('2022-04-01,甲区,screening,')],
  ['trend.unknown-found-in', 2, 'found_in', clearOn('2022-04-01,甲区,street,1')],
  [
    'exchange.day-missing',
    3,
    'date',
    clearOn('2022-04-01,甲区,screening,1', '2022-04-03,甲区,screening,1'),
  ],
  [
    'exchange.days-out-of-order',
    3,
    'date',
    clearOn('2022-04-02,甲区,screening,1', '2022-04-01,甲区,screening,1'),
  ],
  [
    'trend.row-twice',
    3,
    'date',
    clearOn('2022-04-01,甲区,screening,1', '2022-04-01,甲区,screening,1'),
  ],
  ['trend.no-population', null, null, clearOn('2022-04-01,丙区,screening,1')],
  ['trend.unknown-place', 2, 'place', clustersOn(['place,date', 'P99,2022-04-01'])],
  ['exchange.value-missing', 2, 'date', clustersOn(['place,date', 'P1,'])],
  [
    'trend.not-a-position',
    2,
    'lat',
    clustersOn(
      ['place,date', 'P1,2022-04-01'],
      file('far.csv', ['place,lon,lat,population', 'P1,121,310,5']),
    ),
  ],
  ['trend.nothing-reported', null, null, [...clustersOn(['place,date,count', 'P1,2022-04-01,0'])]],
] as const)('%s at row %s, column %s', async ([code, row, column, words]) => {
  await expect(trend(words)).rejects.toMatchObject({ code, place: { row, column } });
});

test('a day before the first report, and options that make no sense, are told as such', async () => {
  const good = ['nowcast', '--linelist', linelist, '--onset', 'onset', '--report', 'report'];
  await expect(trend([...good, '--as-of', '2021-01-01'])).rejects.toMatchObject({
    code: 'trend.nothing-reported',
  });
  await expect(trend([...good, '--as-of', 'today'])).rejects.toThrow(Misuse);
  await expect(trend([...good, '--days', '0'])).rejects.toThrow(Misuse);
  await expect(trend(['nowcast', '--linelist', linelist])).rejects.toThrow(Misuse);
  const clusters = clustersOn(['place,date', 'P1,2022-04-01']);
  await expect(trend([...clusters, '--share', '0.9'])).rejects.toThrow(Misuse);
  const ruleless = [...clearOn('2022-04-01,甲区,screening,1'), '--rule', join(folder, 'none')];
  await expect(trend(ruleless)).rejects.toMatchObject({ code: 'exchange.no-such-file' });
});
