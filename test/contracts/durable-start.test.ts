import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { withClient } from '../../adapters/postgres/administer.ts';
import { root } from '../../tools/sources.ts';
import { Client } from '../support/client.ts';
import { type TestDatabase, testDatabase } from '../support/postgres.ts';

// The tests' cluster has fsync and full_page_writes off, and is what these tests are about.
let database: TestDatabase;
let data: string;
const undo: (() => unknown)[] = [];

beforeAll(async () => {
  database = await testDatabase();
  data = mkdtempSync(join(tmpdir(), 'sextant-unsafe-'));
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});
afterAll(async () => {
  await database.drop();
  rmSync(data, { recursive: true, force: true });
});

/** Runs the server until it ends or listens. */
async function run(...options: string[]): Promise<{ code: number | null; said: string }> {
  const args = ['--empty', '--port', '0', '--data', data, '--log-level', 'warn'];
  const child = spawn(
    process.execPath,
    ['apps/server/main.ts', ...args, '--database-url', database.connectionString, ...options],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  const listening = new Promise<null>((resolve) => {
    const hear = (text: Buffer): void => {
      said += text.toString();
      if (/Sextant is at [^]*password/.test(said)) resolve(null);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
  });
  const ended = once(child, 'close').then(([code]) => code as number);
  undo.push(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  return { code: await Promise.race([listening, ended]), said };
}

test('a start on a PostgreSQL that may lose what was answered is refused, and nothing is written', async () => {
  const { code, said } = await run();
  expect(code).toBe(1);
  expect(said).toMatch(/^postgres\.not-durable: /);
  expect(said).toMatch(/fsync is off: [^]*full_page_writes is off: [^]*own\.conf[^]*--unsafe/);
  const tables = await withClient(database.connectionString, async (client) => {
    const { rows } = await client.query(`select 1 from pg_tables where schemaname = 'public'`);
    return rows.length;
  });
  expect(tables).toBe(0);
});

test('--unsafe starts all the same: the log and whoever asks for the health are told', async () => {
  const { code, said } = await run('--unsafe');
  expect(code).toBeNull();
  expect(said).toMatch(/UNSAFE: [^]*fsync, full_page_writes/);
  expect(said).toMatch(/"weak":\["fsync","full_page_writes"\],"msg":"postgres.not-durable"/);
  const url = /Sextant is at (http:\S+)/.exec(said)?.[1] ?? '';
  const { body } = await new Client(url).get('/v1/health');
  const weak = ['fsync', 'full_page_writes'];
  expect(body).toMatchObject({ ok: true, durable: false, weak, room: true });
});
