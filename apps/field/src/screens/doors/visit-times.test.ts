import { expect, test } from 'vitest';
import { visitTimes } from './visit-times.ts';

const at = (text: string): number => Date.parse(`${text}+08:00`);

test('FA-5 the next half days, in the zone of the operation', () => {
  expect(visitTimes(at('2022-04-24T09:00'))).toEqual([
    { key: 'today-evening', at: at('2022-04-24T20:00') },
    { key: 'tomorrow-morning', at: at('2022-04-25T12:00') },
    { key: 'tomorrow-evening', at: at('2022-04-25T20:00') },
  ]);
});

test('FA-5 an evening that is over is not offered', () => {
  const keys = visitTimes(at('2022-04-24T20:00')).map(({ key }) => key);
  expect(keys).toEqual(['tomorrow-morning', 'tomorrow-evening']);
  // Past midnight it is today again, though still yesterday at Greenwich.
  expect(visitTimes(at('2022-04-25T00:30'))[0]?.at).toBe(at('2022-04-25T20:00'));
});
