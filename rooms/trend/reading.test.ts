import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import { type Day, startOfDay } from '../../kernel/day.ts';
import { dayMs, hourMs, instant } from '../../kernel/instant.ts';
import { firstFault } from '../../ledger/catalogue.ts';
import { keptAs } from '../../ledger/room.ts';
import { type CaseEvent, type CasePolicy, cases as caseRoom } from '../cases/index.ts';
import { clustersOf } from './clusters.ts';
import { estimate } from './estimates.ts';
import { dayTeller, foundCaseOf, type Infection, infectionsOf } from './infection.ts';
import { positivityByRound } from './positivity.ts';
import { policyDefaults, policySchema, type TrendPolicy } from './rules.ts';
import { standingsOf } from './standings.ts';
import { handOverDelays, isOutOfOrder, quantileOf, timeliness } from './timeliness.ts';

const offsetMinutes = 480;
const at = (day: number, hour = 12) =>
  instant(startOfDay('2022-04-01' as Day, offsetMinutes) + (day - 1) * dayMs + hour * hourMs);

function resulted(day: number, tube: string, result: 'positive' | 'negative' = 'positive') {
  return {
    ...{ kind: 'cases.specimen-resulted', id: `result-${tube}`, lamport: day, at: at(day) },
    ...{ place: '310113', actor: 'lab', body: { tube, result, purpose: 'round' } },
  } as CaseEvent;
}

function told(kind: string, day: number, body: object): CaseEvent {
  return {
    ...{
      kind,
      id: `${kind}-${day}`,
      lamport: day,
      at: at(day),
      place: '310113',
      actor: 'hq',
      body,
    },
  } as CaseEvent;
}

function read(events: readonly CaseEvent[], untilDay = 400): Infection[] {
  const record = { state: { person: 7, events }, path: '310113/310113003', times: new Map() };
  const { reinfectionDays } = policyDefaults;
  const until = at(untilDay, 23);
  const policy = keptAs<CasePolicy>(caseRoom.policyDefaults);
  return infectionsOf(record, { until, policy, reinfectionDays, offsetMinutes });
}

/** Somebody who was admitted, discharged, and is positive again. */
const twice = (again: number): CaseEvent[] => [
  resulted(1, 'T1'),
  told('cases.admitted', 2, { stay: 'S1' }),
  told('cases.discharged', 9, { stay: 'S1' }),
  resulted(again, 'T2'),
];

test('TD-10 a positive soon after an infection is the same one, and much later a reinfection', () => {
  expect(read(twice(30))).toMatchObject([{ confirmedAt: at(1), reinfection: false }]);
  expect(read(twice(92))).toMatchObject([{ reinfection: false }, { reinfection: true }]);
});

test('a result taken back leaves no infection, and later news is not known earlier', () => {
  const amended = [resulted(1, 'T1'), { ...resulted(2, 'T1', 'negative'), id: 'amended' }];
  expect(read(amended)).toEqual([]);
  expect(read(amended, 1)).toHaveLength(1);
  const visited = told('cases.case-investigated', 3, {
    foundIn: 'community',
    onsetOn: '2022-03-30',
  });
  expect(read([resulted(1, 'T1'), visited], 2)).toMatchObject([{ onsetOn: null, foundIn: null }]);
  expect(read([resulted(1, 'T1'), visited], 3)).toMatchObject([{ onsetOn: '2022-03-30' }]);
});

const [plain] = read([resulted(5, 'T1')]);
const infection = (changes: Partial<Infection>): Infection => ({
  ...(plain as Infection),
  ...changes,
});

test('a hand-over with a wrong clock is counted as such and left out of the delays', () => {
  const good = infection({ sampledAt: at(5, 1), receivedAt: at(5, 3) });
  const wrong = infection({ sampledAt: at(5, 4), receivedAt: at(5, 3) });
  expect([good, wrong].map(isOutOfOrder)).toEqual([false, true]);
  expect(handOverDelays([good, wrong])[0]).toMatchObject({
    ...{ from: 'sampled', to: 'received', count: 1, open: 0, medianMinutes: 120 },
  });
});

test('7-1-7: late is what came after the limit, and what has not come when it has passed', () => {
  const cases = [
    infection({ reportedAt: at(6, 11) }),
    infection({ reportedAt: at(6, 13) }),
    infection({ reportedAt: null }),
  ];
  const notify = (now: ReturnType<typeof at>) => timeliness(cases, { now, offsetMinutes })[1];
  expect(notify(at(7))).toMatchObject({ inTime: 1, late: 2, pending: 0 });
  expect(notify(at(6, 11))).toMatchObject({ inTime: 1, late: 1, pending: 1 });
});

test('the quantile of a sample is that of type 7', () => {
  // R: quantile(c(1, 2, 4, 8), c(.25, .5, .9)) is 1.75, 3, 6.8.
  expect([0.25, 0.5, 0.9].map((level) => quantileOf([8, 1, 4, 2], level))).toEqual([
    1.75,
    3,
    expect.closeTo(6.8),
  ]);
  expect(quantileOf([], 0.5)).toBeNull();
});

test('positivity of people is worked back from tubes, with the interval of their share', () => {
  const part = { round: 'R1', at: at(1), grey: 0, invalid: 0 };
  const [row] = positivityByRound([
    { ...part, tubes: 60, persons: 600, positive: 4 },
    { ...part, at: at(2), tubes: 40, persons: 400, positive: 6 },
  ]);
  // 1 - 0.9 ^ 0.1 is 1.048 %; Wilson's interval of 10 in 100 is 5.52 % to 17.44 %.
  expect(row?.per100k).toBeCloseTo(1048.07, 1);
  expect(row?.per100kLow).toBeCloseTo(1e5 * (1 - (1 - 0.05523) ** 0.1), 0);
  expect(row?.per100kHigh).toBeCloseTo(1e5 * (1 - (1 - 0.17437) ** 0.1), 0);
});

test('today ends nothing while it lasts, but somebody found today begins the count anew', () => {
  const days = [1, 2, 6].map((day) => infection({ confirmedAt: at(day) }));
  const standing = (cases: readonly Infection[], isOver: boolean) =>
    standingsOf(
      cases.map((one) => foundCaseOf(one, dayTeller(offsetMinutes))),
      {
        places: [{ code: '310113003', population: 200_000 }],
        parents: new Map([['310113003', null]]),
        recordFrom: '2022-04-01' as Day,
        until: '2022-04-06' as Day,
        isOver,
        policy: policyDefaults.clear,
      },
    )[0];
  expect(standing(days.slice(0, 2), false)).toMatchObject({ stage: 'clear', since: '2022-04-05' });
  expect(standing(days, false)).toMatchObject({ daysToClear: 3, lastFoundOn: '2022-04-06' });
  expect(standing(days.slice(0, 1), true)?.days.at(-7)).toMatchObject({ community: null });
});

test('a cluster of all there is has no relative risk; a place without a point is left out', () => {
  const places = ['a', 'b', 'c', 'd'].map((code) => ({ code, population: 1_000 }));
  const positions = new Map(
    ['a', 'b', 'c'].map((code, index) => [code, { longitude: 121 + index, latitude: 31 }]),
  );
  const cases = Array.from({ length: 12 }, () =>
    foundCaseOf(infection({ path: 'a', confirmedAt: at(20) }), dayTeller(offsetMinutes)),
  );
  const parents = new Map(places.map(({ code }): [string, null] => [code, null]));
  const question = { places, positions, parents, until: '2022-04-20' as Day, seed: 1 };
  const { found, leftOut } = clustersOf(cases, question);
  expect(leftOut).toBe(1);
  expect(found).toMatchObject([{ places: ['a'], observed: 12, relativeRisk: null }]);
  const everywhere = ['a', 'b', 'c'].flatMap((path) =>
    Array.from({ length: 4 }, () =>
      foundCaseOf(infection({ path, confirmedAt: at(20) }), dayTeller(offsetMinutes)),
    ),
  );
  // All on one day, but everywhere alike: a wave is no cluster.
  expect(clustersOf(everywhere, question).found).toEqual([]);
  expect(clustersOf(cases, { ...question, positions: new Map() }).reason).toBe('no-positions');
  expect(clustersOf([], question).reason).toBe('no-infections');
});

test('TD-9 a thin record says why nothing is estimated', () => {
  const asked = { until: '2022-04-20' as Day, offsetMinutes, policy: policyDefaults, seed: 1 };
  const sampled = (day: number) => infection({ sampledAt: at(day, 8), confirmedAt: at(day) });
  const few = [2, 20].map(sampled);
  expect(estimate([], asked).noForecast).toBe('no-infections');
  expect(estimate(few, asked).noNowcast).toBe('too-few-infections');
  expect(estimate([19, 20].map(sampled), asked).noReproduction).toBe('too-few-days');
  // A window of 12 days and two before it are 14: a record of 13 is enough for the default only.
  const many = Array.from({ length: 13 }, (_, index) => sampled(index + 8));
  expect(estimate(many, asked).noReproduction).toBeNull();
  const wide = { ...asked, policy: { ...policyDefaults, windowDays: 12 } };
  expect(estimate(many, wide)).toMatchObject({
    ...{ noReproduction: 'too-few-days', needs: { infections: 10, days: 14 } },
  });
  // A window of one day ends before the mean serial interval: nobody's source is on record.
  const short = { ...asked, policy: { ...policyDefaults, windowDays: 1 } };
  const three = many.filter(({ confirmedAt }) => confirmedAt > at(18));
  expect(estimate([...three, ...three, ...three, ...three], short).noReproduction).toBe(
    'too-few-days',
  );
});

test('TD-9 every estimate goes by the settings', () => {
  const cases = Array.from({ length: 40 }, (_, index) =>
    infection({ sampledAt: at(1 + (index >> 1), 8), confirmedAt: at(1 + (index >> 1)) }),
  );
  const by = (changes: Partial<TrendPolicy>) =>
    estimate(cases, {
      ...{ until: '2022-04-20' as Day, offsetMinutes, seed: 1 },
      policy: { ...policyDefaults, ...changes },
    });
  const last = (changes: Partial<TrendPolicy>) => by(changes).reproduction?.at(-1);
  const usual = last({});
  expect(last({ windowDays: 14 })?.from).toBe('2022-04-07');
  expect(by({ horizonDays: 5 }).forecast).toHaveLength(5);
  expect(by({ infectionsMin: 41 }).noForecast).toBe('too-few-infections');
  for (const changes of [
    { serialInterval: { meanDays: 9, sdDays: 2.4 } },
    { serialInterval: { meanDays: 3.5, sdDays: 1 } },
    { priorMean: 1 },
    { priorSd: 0.1 },
  ]) {
    expect([changes, last(changes)?.mean]).not.toEqual([changes, usual?.mean]);
  }
});

test('TD-9 the settings refuse what contradicts itself, and the bounds hold together', () => {
  const check = Compile(policySchema);
  const faultOf = (changes: object) => firstFault(check, { ...policyDefaults, ...changes })?.where;
  const { clear, serialInterval } = policyDefaults;
  expect(firstFault(check, policyDefaults)).toBeNull();
  expect(faultOf({ serialInterval: { ...serialInterval, meanDays: -3 } })).toBe(
    '/serialInterval/meanDays',
  );
  // Nobody infects on the day on which he is infected: the gamma begins a day later.
  expect(faultOf({ serialInterval: { meanDays: 1, sdDays: 2 } })).toBe('/serialInterval/meanDays');
  expect(faultOf({ clear: { ...clear, days: 0 } })).toBe('/clear/days');
  expect(faultOf({ clear: { days: 5 } })).toBe('/clear');
  expect(faultOf({ clear: { ...clear, community: ['street'] } })).toBe('/clear/community/0');
  expect(faultOf({ clear: { ...clear, community: ['control', 'control'] } })).toBe(
    '/clear/community',
  );
  expect(faultOf({ windowDays: 6.5 })).toBe('/windowDays');
  expect(faultOf({ lags: 22 })).toBe('/lags');
  // The narrowest settings that are taken: nothing throws, and figures are told.
  const narrow = { windowDays: 28, spanDaysMax: 62, delayDaysMax: 60, weeklyDaysMin: 14 };
  const skewed = { serialInterval: { meanDays: 30, sdDays: 30 }, priorMean: 0.1, priorSd: 100 };
  expect(faultOf({ ...narrow, ...skewed })).toBeUndefined();
  const cases = Array.from({ length: 80 }, (_, day) =>
    infection({ sampledAt: at(1 + day, 8), confirmedAt: at(1 + day) }),
  );
  const policy = { ...policyDefaults, ...narrow, ...skewed };
  const { reproduction, noReproduction, forecast } = estimate(cases, {
    ...{ until: '2022-06-19' as Day, offsetMinutes, seed: 1, policy },
  });
  expect([reproduction?.length, noReproduction]).toEqual([expect.any(Number), null]);
  for (const row of [...(reproduction ?? []), ...(forecast ?? [])]) {
    expect(Number.isFinite(row.median)).toBe(true);
  }
});
