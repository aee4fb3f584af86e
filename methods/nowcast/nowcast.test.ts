import { expect, test } from 'vitest';
import { Random } from '../../kernel/random.ts';
import { drawPoisson } from '../chance/chance.ts';
import { delaysOf, followDelays } from './delays.ts';
import { learnDelays, nowcast, quantileOfSorted } from './nowcast.ts';
import { chainLadder } from './oracle.ts';
import { buildTriangle, fitReporting, reportedByDay, sharesReported } from './triangle.ts';

const everyDay = new Float64Array(7).fill(1);

/** Events at a steady level with given delays, and on some weekdays fewer reports. */
function made(
  seed: number,
  { delays, weekend, days }: { delays: number[]; weekend: number; days: number },
) {
  const random = new Random(seed);
  const eventDays: number[] = [];
  const reportDays: number[] = [];
  for (let day = 0; day < days; day++) {
    const weights = delays.map((share, delay) => share * ((day + delay) % 7 >= 5 ? weekend : 1));
    for (let event = drawPoisson(random, 40); event > 0; event--) {
      eventDays.push(day);
      reportDays.push(day + random.weighted(weights));
    }
  }
  return { eventDays, reportDays, asOf: days - 1, days, weekdayOfDayZero: 0 };
}

test('a triangle holds what was known on the day, by day and delay', () => {
  // Day 2 is the present: the report of day 3 is not known; a delay of 3 is counted with 2.
  const triangle = buildTriangle({
    eventDays: [0, 0, 1, 2, -1],
    reportDays: [0, 2, 3, 2, 2],
    asOf: 2,
    days: 4,
    delayMax: 2,
    weekdayOfDayZero: 3,
  });
  expect([...triangle.counts]).toEqual([0, 0, 1, 1, 0, 1, 0, 0, 0, 1, 0, 0]);
  expect([...reportedByDay(triangle)]).toEqual([1, 2, 0, 1]);
  // Day -1 is the first day, a day before weekday 3.
  expect(triangle.firstWeekday).toBe(2);
});

test('without weekdays the reporting pattern is that of the chain ladder', () => {
  for (let seed = 1; seed <= 5; seed++) {
    const shape = { delays: [0.3, 0.4, 0.2, 0.1], weekend: 1, days: 25 };
    const triangle = buildTriangle({ ...made(seed, shape), delayMax: 3 });
    const pattern = fitReporting(triangle, { weekly: false });
    const { shares } = chainLadder(triangle);
    shares.forEach((share, day) => expect(pattern?.reported[day]).toBeCloseTo(share, 5));
  }
});

test('weekdays on which less is reported are found, and delays do not suffer from them', () => {
  const delays = [0.4, 0.3, 0.2, 0.1];
  const triangle = buildTriangle({ ...made(3, { delays, weekend: 0.4, days: 84 }), delayMax: 3 });
  const pattern = fitReporting(triangle, { weekly: true });
  const weekend = ((pattern?.weekdays[5] ?? 0) + (pattern?.weekdays[6] ?? 0)) / 2;
  const week = (pattern?.weekdays.slice(0, 5).reduce((sum, each) => sum + each, 0) ?? 0) / 5;
  // 0.4 in truth, pulled towards 1: some 480 reports a weekday against a prior worth 150.
  expect(weekend / week).toBeGreaterThan(0.4);
  expect(weekend / week).toBeLessThan(0.6);
  const evened = delaysOf(followDelays(triangle, pattern?.weekdays ?? everyDay), null);
  delays.forEach((share, delay) =>
    expect(Math.abs((evened[delay] ?? 0) - share)).toBeLessThan(0.04),
  );
});

test('delays that change are followed: the fast memory takes over', () => {
  const slow = made(1, { delays: [0.1, 0.2, 0.3, 0.4], weekend: 1, days: 60 });
  const fast = made(2, { delays: [0.7, 0.2, 0.1, 0], weekend: 1, days: 30 });
  const triangle = buildTriangle({
    eventDays: [...slow.eventDays, ...fast.eventDays.map((day) => day + 60)],
    reportDays: [...slow.reportDays, ...fast.reportDays.map((day) => day + 60)],
    asOf: 89,
    days: 90,
    delayMax: 3,
    weekdayOfDayZero: 0,
  });
  const filter = followDelays(triangle, everyDay);
  const [week = 0, fortnight = 0] = filter.weights;
  expect(week + fortnight).toBeGreaterThan(0.9);
  expect(delaysOf(filter, null)[0]).toBeGreaterThan(0.6);
  expect(filter.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
});

test('shares reported fall towards the present, and all is in after the longest delay', () => {
  const triangle = buildTriangle({
    ...made(1, { delays: [0.5, 0.3, 0.2], weekend: 1, days: 20 }),
    delayMax: 2,
  });
  const shares = sharesReported(triangle, {
    delays: Float64Array.of(0.5, 0.3, 0.2),
    weekdays: everyDay,
  });
  expect([...shares.slice(-3)].map((share) => Math.round(share * 100))).toEqual([100, 80, 50]);
});

test('totals are never below what is reported, come sorted, and are what is in when all is in', () => {
  const world = made(5, { delays: [0.2, 0.4, 0.3, 0.1], weekend: 0.6, days: 50 });
  const triangle = buildTriangle({ ...world, delayMax: 3 });
  const random = new Random(1);
  const shape = { targetDays: 6, weekly: true, random, draws: 200, patterns: 10 };
  const result = nowcast({ triangle, ...shape });
  expect(result).not.toBeNull();
  if (result === null) return;
  for (let target = 0; target < 6; target++) {
    const day = result.totals.subarray(target * 200, (target + 1) * 200);
    expect(day[0]).toBeGreaterThanOrEqual(result.reported[target] ?? 0);
    expect([...day]).toEqual([...day].sort((one, other) => one - other));
  }
  expect(result.totals[199]).toBe(result.reported[0]);
  const today = result.totals.subarray(5 * 200);
  expect(Math.abs(quantileOfSorted(today, 0.5) - 40)).toBeLessThan(15);
});

test('the same seed gives the same draws; delays learnt elsewhere can be given', () => {
  const world = made(6, { delays: [0.3, 0.4, 0.3], weekend: 1, days: 40 });
  const triangle = buildTriangle({ ...world, delayMax: 2 });
  const shape = { triangle, targetDays: 3, weekly: false, draws: 100, patterns: 10 };
  const one = nowcast({ ...shape, random: new Random(9) });
  expect(nowcast({ ...shape, random: new Random(9) })).toEqual(one);
  const learnt = learnDelays(triangle, { weekly: false });
  expect(learnt).not.toBeNull();
  if (learnt === null) return;
  expect(nowcast({ ...shape, learnt, random: new Random(9) })).toEqual(one);
});

test('with no report nothing is known; with one, something is said', () => {
  const empty = { asOf: 9, days: 10, delayMax: 3, weekdayOfDayZero: 0 };
  const shape = { targetDays: 3, weekly: true, draws: 100, patterns: 10 };
  const none = buildTriangle({ eventDays: [], reportDays: [], ...empty });
  expect(nowcast({ triangle: none, ...shape, random: new Random(1) })).toBeNull();
  const single = buildTriangle({ eventDays: [9], reportDays: [9], ...empty });
  const result = nowcast({ triangle: single, ...shape, random: new Random(1) });
  expect(result?.reported[2]).toBe(1);
  expect([...(result?.totals ?? [])].every((total) => Number.isFinite(total))).toBe(true);
});

test('a quantile is one of the draws: the smallest with at least its share below', () => {
  const sorted = Float64Array.of(1, 2, 3, 4);
  expect(
    [0, 0.25, 0.26, 0.5, 0.75, 0.9, 1].map((level) => quantileOfSorted(sorted, level)),
  ).toEqual([1, 1, 2, 2, 3, 4, 4]);
});
