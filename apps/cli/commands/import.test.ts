import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeWorkbook } from '../../../adapters/exchange/workbook-fixture.ts';
import { type TestDatabase, testDatabase } from '../../../test/support/postgres.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sextant-import-command-'));
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function sextant(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const target = ['--database-url', database.connectionString, '--data', join(folder, 'data')];
  const args = [main, 'import', ...words, ...target];
  return new Promise((resolve) => {
    execFile(process.execPath, args, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}

test('a roster goes in by one command, its faults into the error file, and nothing else on stdout', async () => {
  const roster = file('roster.csv', '人名,街镇,居委,手机号\n王芳,甲镇,一村,\n李四,甲镇,一村,12\n');
  const errors = join(folder, 'errors.csv');
  const map = ['--map', '人名=name'];
  const first = await sextant(
    'persons',
    roster,
    ...map,
    '--create-places',
    '--errors',
    errors,
    '--json',
  );
  expect(first).toMatchObject({ code: 1, err: '' });
  expect(JSON.parse(first.out)).toMatchObject({ rows: 2, imported: 1, updated: 0, rejected: 1 });
  expect(readFileSync(errors, 'utf8').split('\r\n')[1]).toMatch(/^3,手机号,12,persons.bad-phone,/);

  const workbook = makeWorkbook({
    sheets: {
      甲: [
        ['姓名', '居委'],
        ['赵六', '一村'],
      ],
    },
  });
  const second = await sextant('persons', file('roster.xlsx', workbook), '--json');
  expect(second).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(second.out)).toMatchObject({ rows: 1, imported: 1, rejected: 0 });
});

test('a file that is refused says its code, in JSON too, and exits with 1', async () => {
  const roster = file('unknown.csv', '姓名,居委,血型\n王芳,一村,A\n');
  const refused = await sextant('persons', roster, '--json');
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.out)).toMatchObject({ code: 'persons.unknown-header' });
  const missing = await sextant('persons', join(folder, 'none.csv'));
  expect(missing).toMatchObject({ code: 1, out: '' });
  expect(missing.err).toContain('import.no-such-file');
  const unwritable = await sextant('persons', roster, '--errors', join(folder, 'no', 'errors.csv'));
  expect(unwritable.err).toContain('import.errors-not-written');
});
