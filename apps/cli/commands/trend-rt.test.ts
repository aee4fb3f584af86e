import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { InputRefused } from '../../../adapters/exchange/columns.ts';
import reference from '../../../methods/renewal/cases/epiestim-2.2.json' with { type: 'json' };
import { Misuse } from '../misuse.ts';
import { trend } from './trend.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sextant-trend-rt-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, lines: readonly (string | number)[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

function sextant(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, 'trend', 'rt', ...words], (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}

// The first two weeks of influenza in a school, 2009, as EpiEstim ships them (Cauchemez et al.).
const counts = [1, 1, 0, 2, 5, 3, 3, 3, 6, 2, 5, 9, 13, 12];
const good = file('good.csv', ['incidence', ...counts]);
const si = file('si.csv', ['probability', 0, 0.233, 0.359, 0.198, 0.103, 0.053, 0.054]);

interface Answer {
  readonly rows: { readonly [name: string]: number | null }[];
  readonly [name: string]: unknown;
}

test('the rows have EpiEstim’s indices and figures, and nothing else is on standard output', async () => {
  const { code, out, err } = await sextant(
    ...['--incidence', good, '--si-mean', '2.6', '--si-sd', '1.5', '--json'],
  );
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const answer = JSON.parse(out) as Answer;
  expect(Object.keys(answer.rows[0] ?? {})).toEqual(
    'tStart tEnd mean sd q025 q05 q25 median q75 q95 q975'.split(' '),
  );
  expect(answer.rows.length).toBe(7);
  // EpiEstim 2.2-4 on the whole series: a window does not see what comes after it.
  const expected = reference.cases.find(({ name }) => name === 'flu2009-parametric')?.rows[0];
  expect(expected?.length).toBe(11);
  Object.values(answer.rows[0] ?? {}).forEach((value, index) => {
    expect(value).toBeCloseTo(expected?.[index] ?? 0, 11);
  });
  expect(answer).toMatchObject({ method: 'parametric-si', days: 14, dates: null });
});

test('misuse exits with 2, what is refused with 1, its code and its place in JSON', async () => {
  const misused = await sextant('--incidence', good, '--json');
  expect(misused).toMatchObject({ code: 2, out: '' });
  expect(misused.err).toContain('the serial interval is missing');
  const bad = file('bad.csv', ['date,incidence', '2022-03-01,3', '2022-03-02,-4']);
  const refused = await sextant('--incidence', bad, '--si', si, '--json');
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.out)).toMatchObject({
    ok: false,
    code: 'exchange.negative-number',
    place: { file: bad, row: 3, column: 'incidence', value: '-4' },
  });
});

test.for([
  ['exchange.no-such-file', null, null, ['incidence']],
  ['exchange.no-rows', null, null, ['incidence']],
  ['exchange.column-missing', 1, 'incidence', ['deaths', 3, 4]],
  ['exchange.column-twice', 1, 'cases', ['incidence,cases', '3,4']],
  ['exchange.value-missing', 3, 'incidence', ['date,incidence', '2022-03-01,3', '2022-03-02,']],
  ['exchange.value-missing', 3, 'incidence', ['incidence', 3, '', 4, 5, 6]],
  ['exchange.not-a-number', 4, 'incidence', ['incidence', 3, 4, 'NA', 5]],
  ['exchange.negative-number', 2, 'incidence', ['incidence', -1, 4, 5]],
  ['exchange.not-whole', 3, 'incidence', ['incidence', 3, 4.5, 5]],
  ['exchange.number-too-large', 3, 'incidence', ['incidence', 3, '1e300', 5]],
  ['exchange.not-a-day', 3, 'date', ['date,incidence', '2022-02-28,3', '2022-02-29,4']],
  ['exchange.day-twice', 3, 'date', ['date,incidence', '2022-02-28,3', '2022-02-28,4']],
  ['exchange.day-missing', 3, 'date', ['date,incidence', '2022-02-28,3', '2022-03-02,4']],
  ['exchange.days-out-of-order', 3, 'date', ['date,incidence', '2022-02-28,3', '2022-02-27,4']],
  ['trend.all-zero', null, 'incidence', ['incidence', 0, 0, 0, 0, 0, 0, 0, 0, 0]],
  ['trend.series-too-short', null, null, ['incidence', 3, 4, 5, 6, 7, 8, 9]],
  ['trend.imported-exceeds-incidence', 3, 'imported', ['incidence,imported', '3,3', '4,5']],
] as const)('%s, at row %s, column %s', async ([code, row, column, lines]) => {
  const path =
    code === 'exchange.no-such-file' ? join(folder, 'none.csv') : file('case.csv', lines);
  const refused = trend(['rt', '--incidence', path, '--si', si, '--json']);
  await expect(refused).rejects.toBeInstanceOf(InputRefused);
  await expect(refused).rejects.toMatchObject({ code, place: { file: path, row, column } });
});

test.for([
  ['trend.interval-not-one', null, 'probability', ['probability', 0, 0.5, 0.3]],
  ['trend.interval-not-one', null, 'probability', ['probability', 0, 0, 0]],
  ['trend.interval-at-nought', 2, 'probability', ['probability', 0.5, 0.5]],
  ['trend.lag-out-of-order', 3, 'lag', ['lag,probability', '0,0', '2,1']],
  ['exchange.negative-number', 4, 'probability', ['probability', 0, 1.1, -0.1]],
  ['exchange.column-missing', 1, 'probability', ['share', 0, 1]],
] as const)('a serial interval: %s, at row %s, column %s', async ([code, row, column, lines]) => {
  const path = file('interval.csv', lines);
  const refused = trend(['rt', '--incidence', good, '--si', path, '--json']);
  await expect(refused).rejects.toMatchObject({ code, place: { file: path, row, column } });
});

test('windows of one’s own are read, and those outside the series refused', async () => {
  const windows = (lines: readonly string[]) =>
    trend(['rt', '--incidence', good, '--si', si, '--windows', file('windows.csv', lines)]);
  await expect(windows(['t_start,t_end', '2,5', '1,5'])).rejects.toMatchObject({
    ...{ code: 'trend.bad-window', place: { row: 3, column: 't_start' } },
  });
  await expect(windows(['t_start,t_end', '2,15'])).rejects.toMatchObject({
    ...{ code: 'trend.bad-window', place: { row: 2, column: 't_end' } },
  });
});

test.for([
  [['--si', 'a.csv'], 'incidence'],
  [['--incidence', 'a.csv', '--si', 'b.csv', '--si-mean', '3'], 'not both'],
  [['--incidence', 'a.csv', '--si-mean', '3'], 'missing'],
  [['--incidence', 'a.csv', '--si-mean', '1', '--si-sd', '1'], 'above 1'],
  [['--incidence', 'a.csv', '--si-mean', '3', '--si-sd', '0'], 'above 0'],
  [['--incidence', 'a.csv', '--si-mean', 'x', '--si-sd', '1'], 'is a number'],
  [['--incidence', 'a.csv', '--si', 'b.csv', '--window', '2.5'], 'whole number'],
  [['--incidence', 'a.csv', '--si', 'b.csv', '--prior-sd', '0'], 'prior'],
  [['--incidence', 'a.csv', '--si-mean', '3', '--si-sd', '1', '--si-mean-sd', '1'], 'together'],
  [['--incidence', 'a.csv', '--si', 'b.csv', '--dispersion', '0.5'], '1 or more'],
  [['--incidence', 'a.csv', '--nonsense', '3'], 'nonsense'],
] as const)('misuse: %s', async ([words, told]) => {
  const misused = trend(['rt', ...words]);
  await expect(misused).rejects.toBeInstanceOf(Misuse);
  await expect(misused).rejects.toThrow(told);
});
