import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Day } from '../../kernel/day.ts';
import { checkDigit, parseCitizenNumber } from './index.ts';

const today = '2022-04-01' as Day;

// The first two are the examples of GB 11643-1999 itself, the third a public test number.
test.each([
  ['11010519491231002X', '1949-12-31', 'f'],
  ['440524188001010014', '1880-01-01', 'm'],
  ['53010219200508011X', '1920-05-08', 'm'],
])('PE-3 %s is a citizen identity number', (number, bornOn, sex) => {
  expect(parseCitizenNumber(number, today)).toEqual({ number, bornOn, sex });
});

test.each([
  ['11010519491231002x', 'lower-case x'],
  ['１１０１０５１９４９１２３１００２Ｘ', 'full width'],
  [' 110105 19491231 002X', 'spaces'],
  ['110105491231002', 'fifteen digits of before 1999'],
])('PE-3 %s (%s) is folded to the same number', (text) => {
  expect(parseCitizenNumber(text, today)).toMatchObject({ number: '11010519491231002X' });
});

test.each([
  ['110105194912310021', 'persons.id-number-check'],
  ['440524188001010015', 'persons.id-number-check'],
  ['110105194902310026', 'persons.id-number-date'],
  ['110105491331002', 'persons.id-number-date'],
  ['310113204901010013', 'persons.id-number-date'],
  ['000000194912310021', 'persons.id-number-area'],
  ['11010519491331002', 'persons.id-number-shape'],
  ['1101051949123100ZX', 'persons.id-number-shape'],
  ['', 'persons.id-number-shape'],
  ['1.10105E+17', 'persons.id-number-digits-lost'],
])('PE-3 %s is refused with %s', (text, code) => {
  expect(parseCitizenNumber(text, today)).toBe(code);
});

const body = fc
  .record({
    area: fc.constantFrom('310113', '110105', '659001', '810000'),
    day: fc.date({ min: new Date('1880-01-01'), max: new Date('2022-03-31'), noInvalidDate: true }),
    sequence: fc.integer({ min: 1, max: 999 }),
  })
  .map(
    ({ area, day, sequence }) =>
      area + day.toISOString().slice(0, 10).replaceAll('-', '') + String(sequence).padStart(3, '0'),
  );

test('PE-3 a body with its own check digit is read, full width or not', () => {
  fc.assert(
    fc.property(body, (digits) => {
      const number = digits + checkDigit(digits);
      const wide = number.replace(/[0-9X]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
      expect(parseCitizenNumber(number, today)).toMatchObject({ number });
      expect(parseCitizenNumber(wide, today)).toMatchObject({ number });
    }),
  );
});

// ISO 7064 MOD 11-2 finds every single wrong character and every exchange of two neighbours.
test('PE-3 one wrong digit or two exchanged neighbours are never taken', () => {
  const slip = fc.record({ at: fc.nat(16), digit: fc.nat(9), swap: fc.boolean() });
  fc.assert(
    fc.property(body, slip, (digits, { at, digit, swap }) => {
      const number = (digits + checkDigit(digits)).split('');
      const other = [...number];
      if (swap) [other[at], other[at + 1]] = [other[at + 1] ?? '', other[at] ?? ''];
      else other[at] = String(digit);
      fc.pre(other.join('') !== number.join(''));
      expect(typeof parseCitizenNumber(other.join(''), today)).toBe('string');
    }),
    { numRuns: 500 },
  );
});

const vectorFile = new URL('../../../shared/data/identity/gb11643-vectors.json', import.meta.url);

describe.skipIf(!existsSync(vectorFile))('PE-3 the shared vectors', () => {
  interface Vectors {
    readonly valid: readonly { readonly id: string }[];
    readonly invalid: readonly { readonly input: string; readonly reason: string }[];
    readonly old_15_digit: readonly { readonly input: string; readonly upgrades_to: string }[];
    readonly synthetic_baoshan: readonly {
      readonly id: string;
      readonly birth: string;
      readonly sex: string;
    }[];
  }
  const vectors = existsSync(vectorFile)
    ? (JSON.parse(readFileSync(vectorFile, 'utf8')) as Vectors)
    : { valid: [], invalid: [], old_15_digit: [], synthetic_baoshan: [] };

  test('PE-3 are read as they say', () => {
    for (const { id } of vectors.valid) {
      expect(parseCitizenNumber(id, today)).toMatchObject({ number: id });
    }
    for (const { input, reason } of vectors.invalid) {
      const isFoldable = /folding|full-width/.test(reason);
      expect([input, typeof parseCitizenNumber(input, today)]).toEqual([
        input,
        isFoldable ? 'object' : 'string',
      ]);
    }
    for (const { input, upgrades_to: number } of vectors.old_15_digit) {
      expect(parseCitizenNumber(input, today)).toMatchObject({ number });
    }
    for (const { id, birth, sex } of vectors.synthetic_baoshan) {
      const expected = { number: id, bornOn: birth, sex: sex.toLowerCase() };
      expect(parseCitizenNumber(id, today)).toEqual(expected);
    }
  });
});
