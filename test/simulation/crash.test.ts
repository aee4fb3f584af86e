import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { expect, test } from 'vitest';
import type { Check } from '../../adapters/verify/check.ts';
import { Random } from '../../kernel/random.ts';
import { runScenario } from '../../scenarios/index.ts';
import { runCommand, startProcess } from '../support/process.ts';
import { testDatabase } from '../support/postgres.ts';

const kills = 20;

/** A port that is free now, so that every restart is found at the same address. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test('P1 a server killed twenty times in a running scenario loses nothing and does nothing twice', async () => {
  const data = await mkdtemp(join(tmpdir(), 'sextant-crash-'));
  const database = await testDatabase();
  const port = await freePort();
  const args = ['--empty', '--clock', 'driven', '--data', data, '--port', String(port)];
  args.push('--admin-password', 'only-for-this-test', '--database-url', database.connectionString);
  const random = new Random(20);
  let server = await startProcess(args);
  const acknowledged: string[] = [];
  let isPlaying = true;
  const played = runScenario({
    baseUrl: server.url,
    account: 'admin',
    password: 'only-for-this-test',
    name: 'baoshan-spring-2022',
    scale: 0.005,
    days: 1,
    seed: 5,
    untilIdle: true,
    acknowledged: (ids) => acknowledged.push(...ids),
  }).finally(() => {
    isPlaying = false;
  });
  let killed = 0;
  // Every kill comes after something new was acknowledged, so that each one can lose something.
  for (let heard = 0; killed < kills && isPlaying; killed++) {
    while (acknowledged.length === heard && isPlaying) await pause(20);
    await pause(random.between(20, 300));
    heard = acknowledged.length;
    await server.kill();
    server = await startProcess(args);
  }
  const totals = await played;
  await server.stop();
  const pool = new pg.Client(database.connectionString);
  await pool.connect();
  const { rows } = await pool.query<{ id: string; times: string }>(
    'select id, count(*) as times from facts group by id',
  );
  const twice = rows.filter(({ times }) => times !== '1');
  const known = new Set(rows.map(({ id }) => id));
  const lost = acknowledged.filter((id) => !known.has(id));
  await pool.end();
  console.log(
    `${killed} kills, ${acknowledged.length} acknowledgements, ${known.size} facts, ` +
      `${totals.retries} retries`,
  );
  expect(killed).toBe(kills);
  expect(acknowledged.length).toBeGreaterThan(200);
  expect(lost).toEqual([]);
  expect(twice).toEqual([]);
  const verified = await runCommand([
    'verify',
    '--json',
    '--database-url',
    database.connectionString,
  ]);
  const { checks } = JSON.parse(verified.stdout) as { checks: Check[] };
  expect(checks.filter(({ looked, failed }) => looked === 0 || failed > 0)).toEqual([]);
  expect(checks.length).toBeGreaterThan(10);
  expect(verified.code).toBe(0);
  await database.drop();
  await rm(data, { recursive: true, force: true });
});
