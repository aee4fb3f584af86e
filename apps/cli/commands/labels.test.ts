import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pickSerials, serialLabel } from '../../../rooms/screening/index.ts';
import { type TestDatabase, testDatabase } from '../../../test/support/postgres.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sextant-labels-command-'));
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function sextant(...words: string[]): Promise<Run> {
  const target = ['--database-url', database.connectionString, '--data', join(folder, 'data')];
  return new Promise((resolve) => {
    execFile(process.execPath, [main, 'labels', ...words, ...target], (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}

const first = serialLabel('tube', pickSerials('tube', 1, 1)?.serials[0] ?? 0);
const outFile = (name: string): string => join(folder, name);

test('SC-14: a run goes into a PDF by one command, and again with the same numbers', async () => {
  const file = outFile('tubes.pdf');
  const printed = await sextant('--kind', 'tube', '--count', '70', '--out', file, '--json');
  expect(printed).toMatchObject({ code: 0, err: '' });
  const told = JSON.parse(printed.out) as { run: string; last: string };
  expect(told).toMatchObject({ ok: true, count: 70, pages: 2, first, file });
  expect(readFileSync(file, 'latin1').startsWith('%PDF-')).toBe(true);
  const again = await sextant('--again', told.run, '--out', outFile('again.pdf'));
  expect(again.code).toBe(0);
  expect(again.out).toContain(`70 labels, ${first} to ${told.last}, on 2 pages`);
  const next = await sextant('--kind', 'tube', '--count', '1', '--out', file, '--json');
  expect(JSON.parse(next.out)).not.toMatchObject({ first });
});

test('SC-14: two commands at once print different labels', async () => {
  const order = (name: string): Promise<Run> =>
    sextant(
      '--kind',
      'box',
      '--count',
      '3',
      '--layout',
      'roll-60x40',
      '--out',
      outFile(name),
      '--json',
    );
  const both = await Promise.all([order('one.pdf'), order('two.pdf')]);
  const firsts = both.map(({ out }) => (JSON.parse(out) as { first: string }).first);
  expect(new Set(firsts).size).toBe(2);
});

test('SC-14: bad orders exit 1 with a code, or 2 for what is no order, and leave no file', async () => {
  const file = outFile('bad.pdf');
  const refused = async (...words: string[]): Promise<unknown> => {
    const { code, out } = await sextant(...words, '--out', file, '--json');
    expect(code).toBe(1);
    return (JSON.parse(out) as { code: string }).code;
  };
  expect(await refused('--kind', 'tube', '--count', '0')).toBe('labels.bad-count');
  expect(await refused('--kind', 'tube', '--count', '-3')).toBe('labels.bad-count');
  expect(await refused('--kind', 'plate', '--count', '3')).toBe('labels.unknown-kind');
  expect(await refused('--kind', 'box', '--count', '3', '--layout', 'a9')).toBe(
    'labels.unknown-layout',
  );
  expect(await refused('--again', 'no-such-run')).toBe('labels.unknown-run');
  const nowhere = await sextant('--kind', 'box', '--count', '1', '--out', '/no/such/folder/x.pdf');
  expect([nowhere.code, nowhere.err]).toEqual([
    1,
    expect.stringMatching('labels.file-not-writable'),
  ]);
  expect((await sextant('--kind', 'tube', '--count', 'many', '--out', file)).code).toBe(2);
  expect((await sextant('--kind', 'tube', '--count', '3')).code).toBe(2);
  expect(existsSync(file)).toBe(false);
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
});
