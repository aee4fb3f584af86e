import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Day, parseDay } from '../../kernel/day.ts';
import { calendarDay, dayOfSerial } from './dates.ts';
import { foldCell, foldName } from './fold.ts';
import * as values from './values.ts';

const today = '2022-04-01' as Day;

test.each([
  [' 张　三 ', '张三'],
  ['张 三', '张三'],
  ['Ａｎｎａ  Ｌｉ', 'Anna Li'],
  ['阿依古丽•买买提', '阿依古丽·买买提'],
  ['\ufeff王\u200b芳', '王芳'],
  ["'李四", '李四'],
  ['Rene\u0301e', 'Renée'],
])('PE-2 the name %j is %j', (text, name) => {
  expect(values.parseName(text)).toEqual({ value: name });
});

test('PE-2 rare characters of names survive: no normalisation form is applied to them', () => {
  // U+FA0E has no decomposition, U+F9D1 would become U+516D, U+E863 is a private-use character.
  for (const name of ['王\uf9d1', '李\ufa0e', '张\ue863', '陈\u{2f800}', '赵\u{20089}']) {
    expect(foldName(name)).toBe(name);
    expect(values.parseName(name)).toEqual({ value: name });
  }
});

test.each([
  ['', 'persons.name-missing'],
  ['　', 'persons.name-missing'],
  ['王5', 'persons.bad-name'],
  ['???', 'persons.bad-name'],
  ['·', 'persons.bad-name'],
  ['王'.repeat(101), 'persons.name-too-long'],
])('PE-2 the name %j is refused', (text, fault) => {
  expect(values.parseName(text)).toEqual({ fault });
});

test('PE-2 folding a second time changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const once = foldName(text);
      // Apostrophes are taken off one at a time, as a spreadsheet puts them on.
      fc.pre(!once.startsWith("'"));
      expect(foldName(once)).toBe(once);
      const cell = foldCell(text);
      fc.pre(!cell.startsWith("'") && cell.trim() === cell);
      expect(foldCell(cell)).toBe(cell);
    }),
  );
});

test.each([
  ['男', 'm'],
  ['女 ', 'f'],
  ['Ｍ', 'm'],
  ['Female', 'f'],
  ['1', 'm'],
  ['9', 'x'],
  ['未知', 'x'],
  ['', null],
])('PE-4 the sex %j is %j', (text, value) => {
  expect(values.parseSex(text)).toEqual({ value });
});

test('PE-4 another word is refused', () => {
  expect(values.parseSex('先生')).toEqual({ fault: 'persons.bad-sex' });
});

test.each([
  ['1950-03-04', '1950-03-04'],
  ['1950/3/4', '1950-03-04'],
  ['1950.03.04', '1950-03-04'],
  ['19500304', '1950-03-04'],
  ['1950年3月4日', '1950-03-04'],
  ['１９５０年３月４日', '1950-03-04'],
  ['1950-03-04 00:00:00', '1950-03-04'],
  ['2020-02-29', '2020-02-29'],
  ['', null],
])('PE-5 the day %j is %j', (text, value) => {
  expect(values.parseBornOn(text, today)).toEqual({ value });
});

test.each([
  ['1950-02-30', 'persons.date-does-not-exist'],
  ['1900-02-29', 'persons.date-does-not-exist'],
  ['2022-04-02', 'persons.date-in-future'],
  ['1869-12-31', 'persons.date-too-early'],
  ['03/04/1950', 'persons.date-ambiguous'],
  ['4.3.50', 'persons.date-ambiguous'],
  ['1950', 'persons.bad-date'],
  ['36526', 'persons.bad-date'],
  ['昨天', 'persons.bad-date'],
])('PE-5 the day %j is refused', (text, fault) => {
  expect(values.parseBornOn(text, today)).toEqual({ fault });
});

test('PE-5 a day exists here exactly when it exists in the calendar', () => {
  const part = fc.integer({ min: 0, max: 40 });
  fc.assert(
    fc.property(fc.integer({ min: 1870, max: 2100 }), part, part, (year, month, day) => {
      const text = [year, month, day].map((n) => String(n).padStart(2, '0')).join('-');
      expect(calendarDay(year, month, day)).toBe(parseDay(text));
    }),
    { numRuns: 1_000 },
  );
});

// 25569 is 1970-01-01 and 36526 is 2000-01-01 in every spreadsheet that counts from 1900.
test.each([
  [25_569, false, '1970-01-01'],
  [36_526, false, '2000-01-01'],
  [36_526.75, false, '2000-01-01'],
  [61, false, '1900-03-01'],
  [36_526 - 1_462, true, '2000-01-01'],
  [60, false, null],
  [-1, false, null],
  [2_958_466, false, null],
  [Number.NaN, false, null],
])('PE-5 the serial %d (from 1904: %s) is %j', (serial, from1904, day) => {
  expect(dayOfSerial(serial, from1904)).toBe(day);
});

test.each([
  ['13912345678', '13912345678'],
  ['+86 139-1234-5678', '13912345678'],
  ['0086 13912345678', '13912345678'],
  ['１３９１２３４５６７８', '13912345678'],
  ['(021) 5612 3456', '02156123456'],
  ['56123456', '56123456'],
  ['+852 2123 4567', '+85221234567'],
  ['', null],
])('PE-6 the telephone number %j is %j', (text, value) => {
  expect(values.parsePhone(text)).toEqual({ value });
});

test.each(['12345', '12345678901', '13912345678/13800000000', '1.39123E+10', '无'])(
  'PE-6 the telephone number %j is refused',
  (text) => {
    expect(values.parsePhone(text)).toEqual({ fault: 'persons.bad-phone' });
  },
);

test.each([
  ['居民身份证', 'resident-id'],
  ['护照', 'passport'],
  ['Document Type', null],
  ['台湾居民来往大陆通行证', 'taiwan-permit'],
  ['HK-Macao permit', 'hk-macao-permit'],
  ['无', 'none'],
])('PE-7 the kind of document %j is %j', (text, type) => {
  const expected = type === null ? { fault: 'persons.unknown-document-type' } : { value: type };
  expect(values.parseDocumentType(text)).toEqual(expected);
});

test.each([
  ['passport', 'e12345678', { value: 'E12345678' }],
  ['passport', 'E1', { fault: 'persons.bad-document-number' }],
  ['hk-macao-permit', 'H12345678', { value: 'H12345678' }],
  ['hk-macao-permit', '12345678', { fault: 'persons.bad-document-number' }],
  ['taiwan-permit', '12345678', { value: '12345678' }],
  ['other', '军字第2001988号', { value: '军字第2001988号' }],
  ['other', '1.23E+15', { fault: 'persons.id-number-digits-lost' }],
] as const)('PE-7 a %s numbered %j', (type, text, expected) => {
  expect(values.parseDocumentNumber(type, text)).toEqual(expected);
});
