import { expect, test } from 'vitest';
import { Random } from '../kernel/random.ts';
import { baoshanSpring2022 } from './baoshan-spring-2022/index.ts';
import { ctOf, ctOfPool, drawCourse } from './ct.ts';
import { byDay, drawInfections, RunningRound, runOf } from './epidemic.ts';
import { drawPopulation } from './population.ts';
import { allocate } from './tree.ts';

const scenario = baoshanSpring2022();
const { series } = scenario;
const policy = scenario.policy.epidemic;

function world(scale: number, seed: number) {
  const count = Math.round(scenario.personCount * scale);
  const population = drawPopulation(allocate(scenario.places, count, seed), seed);
  return { population, infections: drawInfections(population, series, { scale, seed, policy }) };
}

test('the series holds each infected person of the official bulletins once', () => {
  // Sums over 26 March to 31 May 2022 of the district's bulletins: 39,550 and 592 without
  // symptoms, 1,280 and 311 confirmed; the 1,459 confirmed who had been counted before are out.
  const sum = (foundIn: string, kind: 'asymptomatic' | 'confirmed') =>
    series
      .filter((finds) => finds.foundIn === foundIn)
      .reduce((total, one) => total + one[kind], 0);
  expect(sum('quarantine', 'asymptomatic')).toBe(39_550);
  expect(sum('screening', 'asymptomatic')).toBe(592);
  expect(sum('quarantine', 'confirmed')).toBe(1_280);
  expect(sum('screening', 'confirmed')).toBe(311);
  expect(series).toHaveLength(67 * 2);
  // The bulletin of 8 April, as FACTS.md gives it: 2,778 and 21.
  const peak = series.filter(({ on }) => on === '2022-04-08');
  expect(peak.map((one) => one.asymptomatic + one.confirmed)).toEqual([2_778, 21]);
});

test.each([0.01, 0.1, 0.37])('finds add up to the series times the scale %d', (scale) => {
  const { infections } = world(scale, 5);
  // Four running rounds, each within one of its exact total.
  expect(Math.abs(infections.length - 41_733 * scale)).toBeLessThan(4);
  const days = byDay(infections, series[0]?.on ?? scenario.firstDay);
  const count = (days.get(13) ?? []).length;
  expect(Math.abs(count - 2_799 * scale)).toBeLessThan(8);
});

test('nobody is infected twice, and the same seed infects the same people', () => {
  const first = world(0.02, 9).infections;
  expect(new Set(first.map(({ person }) => person)).size).toBe(first.length);
  expect(world(0.02, 9).infections).toEqual(first);
});

test('finds cluster in households and buildings', () => {
  const { population, infections } = world(0.1, 2);
  const of = (tie: 'household' | 'building') =>
    new Set(infections.map(({ person }) => population[tie][person])).size / infections.length;
  // By chance alone 4,173 finds among 97,000 households would hardly ever meet.
  expect(of('household')).toBeLessThan(0.85);
  expect(of('building')).toBeLessThan(0.3);
  for (const { person } of infections.slice(0, 50)) {
    const [first, end] = runOf(population, person, 'building');
    expect(person >= first && person < end).toBe(true);
  }
});

test('everybody found in a small world is found even when all are infected', () => {
  const population = drawPopulation(allocate(scenario.places, 600, 1), 1);
  const infections = drawInfections(population, series, { scale: 1, seed: 1, policy });
  expect(infections).toHaveLength(600);
});

test('a rounded series never strays more than one from the exact total', () => {
  const random = new Random(3);
  const round = new RunningRound(random.unit());
  let exact = 0;
  let given = 0;
  for (let step = 0; step < 2_000; step++) {
    const value = random.unit() * 3;
    exact += value;
    given += round.next(value);
    expect(Math.abs(exact - given)).toBeLessThanOrEqual(1);
  }
});

test('cycle thresholds fall to the peak, rise to negative and then show nothing', () => {
  const random = new Random(8);
  const days: number[] = [];
  for (let index = 0; index < 4_000; index++) {
    const course = drawCourse(random, policy.course);
    expect(ctOf(course, -0.1, policy.course)).toBeNull();
    expect(ctOf(course, 0, policy.course)).toBeLessThanOrEqual(policy.course.ctFoundMax);
    expect(ctOf(course, course.peakAfterDays, policy.course)).toBeCloseTo(course.ctPeak, 6);
    expect(ctOf(course, course.negativeAfterDays, policy.course)).toBeCloseTo(35, 6);
    expect(ctOf(course, 60, policy.course)).toBeNull();
    days.push(course.negativeAfterDays);
  }
  const mean = days.reduce((sum, value) => sum + value, 0) / days.length;
  // Between the 6.7 days of the NECC fangcang and the ten of discharge in practice.
  expect(mean).toBeGreaterThan(6.7);
  expect(mean).toBeLessThan(10);
});

test('one positive swab among ten shows log2(10) = 3.32 cycles later', () => {
  const pool = ctOfPool([25, ...Array.from({ length: 9 }, () => null)]);
  expect(pool).toBeCloseTo(25 + Math.log2(10), 9);
  expect(ctOfPool([25, 25])).toBeCloseTo(25, 9);
  expect(ctOfPool([null, null])).toBeNull();
});
