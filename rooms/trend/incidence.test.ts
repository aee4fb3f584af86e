import { expect, test } from 'vitest';
import { addDays, type Day } from '../../kernel/day.ts';
import { countIncidence, seriesOf, type TrendCase } from './incidence.ts';
import { qualityOf } from './quality.ts';
import { policyDefaults } from './rules.ts';

const from = '2022-04-01' as Day;
const parents = new Map([
  ['31', null],
  ['310113', '31'],
  ['310113001', '310113'],
  ['310113002', '310113'],
]);
const on = (day: number): Day => addDays(from, day);
const one: TrendCase = {
  place: '310113001',
  found: 'screening',
  entry: 'first',
  onset: on(1),
  sampled: on(2),
  reported: on(3),
};
const span = { from, days: 6 };

test('TD-5 a conversion is counted once, a reinfection is a new infection', () => {
  const cases: TrendCase[] = [
    one,
    { ...one, entry: 'conversion', reported: on(5) },
    { ...one, entry: 'reinfection', reported: on(5) },
  ];
  const table = countIncidence(cases, parents, span);
  expect([...seriesOf(table, { place: '31', date: 'reported' })]).toEqual([0, 0, 0, 1, 0, 1]);
  expect(table.conversions[table.placeIndex.get('310113') ?? -1]).toBe(1);
});

test('TD-5 only what was found in the community counts for it; unknown does', () => {
  const cases: TrendCase[] = [
    one,
    { ...one, found: 'isolation' },
    { ...one, found: 'lockdown' },
    { ...one, found: 'unknown' },
  ];
  const table = countIncidence(cases, parents, span);
  const { community } = policyDefaults.clear;
  const found = seriesOf(table, { place: '310113', date: 'reported', found: community });
  expect([...found]).toEqual([0, 0, 0, 2, 0, 0]);
});

test('TD-6 each date is counted by itself; undated and outside are told, not dropped', () => {
  const cases: TrendCase[] = [one, { ...one, onset: null }, { ...one, onset: on(-3) }];
  const table = countIncidence(cases, parents, span);
  expect([...seriesOf(table, { place: '31', date: 'onset' })]).toEqual([0, 1, 0, 0, 0, 0]);
  expect([...seriesOf(table, { place: '31', date: 'sampled' })]).toEqual([0, 0, 3, 0, 0, 0]);
  const city = table.placeIndex.get('31') ?? -1;
  expect([table.undated.onset[city], table.outside.onset[city]]).toEqual([1, 1]);
});

test('TD-7 a place holds the figures of all that lie in it, and the unknown place is told', () => {
  const cases: TrendCase[] = [one, { ...one, place: '310113002' }, { ...one, place: '999' }];
  const table = countIncidence(cases, parents, span);
  const sum = (place: string) => seriesOf(table, { place, date: 'onset' })[1];
  expect(['310113001', '310113002', '310113', '31'].map(sum)).toEqual([1, 1, 2, 2]);
  expect(table.misplaced).toBe(1);
});

test('TD-7 places that lie in each other lie nowhere, and nothing is counted twice', () => {
  const ring = new Map([
    ['a', 'b'],
    ['b', 'a'],
    ['c', 'a'],
  ]);
  const table = countIncidence([{ ...one, place: 'a' }], ring, span);
  const sum = (place: string) => seriesOf(table, { place, date: 'onset' })[1];
  expect(['a', 'b', 'c'].map(sum)).toEqual([1, 0, 0]);
});

test('TD-8 the state of the data is told: shares without dates, delays, contradictions, silence', () => {
  const cases: TrendCase[] = [
    one,
    { ...one, onset: null },
    { ...one, found: 'unknown', reported: on(5) },
    { ...one, sampled: on(4), reported: on(3) },
    { ...one, entry: 'conversion' },
  ];
  expect(qualityOf(cases, on(6))).toEqual({
    infections: 4,
    conversions: 1,
    reinfections: 0,
    shareUndated: { onset: 0.25, sampled: 0, reported: 0 },
    shareFoundUnknown: 0.25,
    contradictions: 1,
    onsetToReportDays: { count: 2, median: 2, q90: 4, longest: 4 },
    sampleToReportDays: { count: 3, median: 1, q90: 3, longest: 3 },
    // Reports on days 3 and 5 of the four days 3 to 6.
    silentDays: 2,
  });
  expect(qualityOf([], on(6))).toMatchObject({ infections: 0, silentDays: 0 });
});
