import { expect, test } from 'vitest';
import { basicLimit, clearDays, clearSpells } from './clear.ts';
import { policyDefaults } from './rules.ts';

const rule = policyDefaults.clear;
const stages = (found: readonly (number | null)[], population: number | null = 2_235_218) =>
  clearDays({ population, found }, rule).map(({ stage }) => stage);

test('TD-1 three days in a row without a new positive make a place clear, the third included', () => {
  expect(stages([40, 0, 0, 0, 0, 1])).toEqual([
    'not-clear',
    'not-clear',
    'not-clear',
    'clear',
    'clear',
    // One positive ends it; below 22.35 a day it has been basically clear since the fourth day.
    'basically-clear',
  ]);
});

test('TD-1 as many days as the setting says', () => {
  const found = [0, 0, 0, 0, 0];
  const days = clearDays({ population: null, found }, { ...rule, days: 5 });
  expect(days.map(({ stage }) => stage === 'clear')).toEqual([false, false, false, false, true]);
});

test('TD-2 below 1 in 100,000 is strictly below, and exact where the limit is a whole number', () => {
  // Baoshan 2,235,218: 22.35 a day, so 22 is below and 23 is not.
  expect(stages([22, 22, 22, 23])).toEqual([
    'not-clear',
    'not-clear',
    'basically-clear',
    'not-clear',
  ]);
  // 300,000 people: exactly 3 a day is not below.
  expect(basicLimit(300_000, rule)).toBe(3);
  expect(stages([3, 3, 3], 300_000)).toEqual(['not-clear', 'not-clear', 'not-clear']);
  expect(stages([2, 2, 2], 300_000)[2]).toBe('basically-clear');
});

test('TD-2 without a population nothing is said of basically clear', () => {
  const [day] = clearDays({ population: null, found: [1] }, rule);
  expect(day).toMatchObject({ stage: 'not-clear', basicRun: null, daysToBasic: null });
  expect(day?.basicResetAt).toBeNull();
});

test('TD-3 a day without a count is unknown and begins both runs again', () => {
  expect(stages([0, 0, null, 0, 0, 0])).toEqual([
    'not-clear',
    'not-clear',
    'unknown',
    'not-clear',
    'not-clear',
    'clear',
  ]);
});

test('TD-4 days to go count down, and what would begin each run again is told', () => {
  const days = clearDays({ population: 2_235_218, found: [30, 0, 5, 0, 0, 0] }, rule);
  expect(days.map(({ daysToClear }) => daysToClear)).toEqual([3, 2, 3, 2, 1, 0]);
  expect(days.map(({ daysToBasic }) => daysToBasic)).toEqual([3, 2, 1, 0, 0, 0]);
  expect(days[0]).toMatchObject({ clearResetAt: 1, basicResetAt: 23 });
});

test('TD-4 spells say when a standing was reached and lost; clear is also basically clear', () => {
  const days = clearDays({ population: 1_000_000, found: [0, 0, 0, 4, 0, 0, 0, 0, 50] }, rule);
  expect(clearSpells(days, 'clear')).toEqual([
    { stage: 'clear', from: 2, to: 2 },
    { stage: 'clear', from: 6, to: 7 },
  ]);
  expect(clearSpells(days, 'basically-clear')).toEqual([
    { stage: 'basically-clear', from: 2, to: 7 },
  ]);
  expect(clearSpells([], 'clear')).toEqual([]);
});

test('TD-4 a day more of nothing never makes a standing worse', () => {
  const rank = { unknown: 0, 'not-clear': 0, 'basically-clear': 1, clear: 2 };
  for (let seed = 0; seed < 200; seed++) {
    const found = Array.from({ length: 12 }, (_, day) => ((seed * 7919 + day * 104_729) % 11) % 4);
    const days = clearDays({ population: 250_000, found }, rule);
    days.forEach((day, index) => {
      const before = days[index - 1];
      if (found[index] !== 0 || before === undefined) return;
      expect(rank[day.stage]).toBeGreaterThanOrEqual(rank[before.stage]);
    });
  }
});
