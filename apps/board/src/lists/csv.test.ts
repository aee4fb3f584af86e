import { expect, test } from 'vitest';
import { toCsv } from './csv.ts';

test('BO-7 a spreadsheet reads the Chinese, and a cell keeps its commas, quotes and lines', () => {
  const text = toCsv(
    ['地点', '数'],
    [
      ['大场镇, "东"', 12],
      ['两\n行', null],
    ],
  );
  expect(text).toBe('\uFEFF地点,数\r\n"大场镇, ""东""",12\r\n"两\n行",\r\n');
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx'])('BO-7 "%s" is not run as a formula', (cell) => {
  expect(toCsv(['a'], [[cell]])).toContain(`'${cell}`);
});

test('BO-7 a negative number stays a number', () => {
  expect(toCsv(['a'], [[-1]])).toContain('\r\n-1\r\n');
});
