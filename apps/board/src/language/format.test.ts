import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  formatCount,
  formatMoment,
  formatReading,
  formatShare,
  formatSpan,
  fromLocalText,
  toLocalText,
  zoneName,
} from './format.ts';

const at = Date.parse('2022-04-24T14:05:12+08:00');
const minuteMs = 60_000;

test('BO-3 counts have separators and no abbreviation', () => {
  expect(formatCount(2_235_218)).toBe('2,235,218');
  expect(formatCount(0)).toBe('0');
});

test('BO-3 a share is never 100 % while something is open, nor 0 % once something is done', () => {
  expect(formatShare(2_235_217, 2_235_218)).toBe('99.9 %');
  expect(formatShare(1, 2_235_218)).toBe('0.1 %');
  expect(formatShare(3, 3)).toBe('100 %');
  expect(formatShare(0, 3)).toBe('0 %');
  expect(formatShare(0, 0)).toBe('–');
  fc.assert(
    fc.property(fc.nat(5_000_000), fc.nat(5_000_000), (part, more) => {
      const text = formatShare(part, part + more);
      expect(text === '100 %').toBe(more === 0 && part > 0);
    }),
  );
});

test.each([
  [40, '40 s', '40 秒'],
  [12 * 60, '12 min', '12 分钟'],
  [3 * 3600 + 2 * 60, '3 h 02', '3 小时 02 分'],
  [2 * 3600, '2 h', '2 小时'],
  [47 * 3600 + 59 * 60, '47 h 59', '47 小时 59 分'],
  [2 * 86_400 + 5 * 3600, '2 d 5 h', '2 天 5 小时'],
  [12 * 86_400 + 5 * 3600, '12 d', '12 天'],
  [-5, '0 s', '0 秒'],
])('BO-4 %i seconds are said in the largest useful unit', (seconds, en, zh) => {
  expect(formatSpan(seconds, 'en')).toBe(en);
  expect(formatSpan(seconds, 'zh')).toBe(zh);
});

test('BO-4 the clock alone for today, the date beside it otherwise', () => {
  expect(formatMoment(at, at, 'en')).toBe('14:05');
  expect(formatMoment(at - 86_400_000, at, 'en')).toBe('23 Apr 14:05');
  expect(formatMoment(at - 86_400_000, at, 'zh')).toBe('4月23日 14:05');
  expect(formatReading(at, Date.parse('2026-01-01T00:00:00Z'), 'en')).toBe('24 Apr 2022 14:05:12');
});

test('BO-4 times are those of the operation, whatever the machine’s zone', () => {
  expect(toLocalText(at)).toBe('2022-04-24 14:05');
  expect(zoneName(at, 'zh')).toBe('中国标准时间');
  expect(zoneName(at, 'en')).toBe('China Standard Time');
});

test('BO-4 a moment that is typed is read back as the same moment', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 70_000_000 }), (minutes) => {
      const moment = minutes * minuteMs;
      expect(fromLocalText(toLocalText(moment))).toBe(moment);
    }),
  );
});

test.each([
  ['2022-4-24 14:05', at - 12_000],
  ['2022/04/24 14:05', at - 12_000],
  ['２０２２－０４－２４ １４：０５', at - 12_000],
  ['2022年4月24日 14时5分', at - 12_000],
  ['2022-02-30 10:00', null],
  ['2022-04-24', null],
  ['24.4.2022 14:05', null],
  ['', null],
])('BO-4 "%s" is read as people write it, or not at all', (text, moment) => {
  expect(fromLocalText(text)).toBe(moment);
});
