import { afterEach, expect, test } from 'vitest';
import { withClient } from '../../adapters/postgres/administer.ts';
import { keepEmbedded } from '../../adapters/postgres/keeper.ts';
import { findServer } from '../../apps/server/where.ts';
import type { Client, Reply } from '../support/client.ts';
import { adminArgs, furnish, SendingPhone } from '../support/phones.ts';
import { runCommand, startProcess } from '../support/process.ts';
import { mountSmallVolume, type SmallVolume } from '../support/small-volume.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const sizeMega = 420;
const volume = (): SmallVolume | null => {
  const mounted = mountSmallVolume(sizeMega);
  if (mounted !== null) undo.push(mounted.remove);
  return mounted;
};

const health = (client: Client): Promise<Reply> => client.get('/v1/health');

/** Everything answered for is on record once, and the record agrees with itself. */
async function expectKept(connectionString: string, acknowledged: string[]): Promise<void> {
  const ids = await withClient(connectionString, async (client) => {
    const { rows } = await client.query<{ id: string }>('select id from facts');
    return rows.map(({ id }) => id);
  });
  expect(new Set(ids).size).toBe(ids.length);
  const kept = new Set(ids);
  expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
  const verified = await runCommand(['verify', '--database-url', connectionString]);
  expect(verified.stdout + verified.stderr).not.toBe('');
  expect(verified.code).toBe(0);
}

test('a disk of our own that fills: new facts are refused in time, the rest is answered, and it resumes', async (context) => {
  const disk = volume();
  if (disk === null) return context.skip('no small volume can be mounted here');
  const data = `${disk.folder}/data`;
  const args = ['--empty', '--port', '0', '--data', data, ...adminArgs];
  const server = await startProcess(args);
  undo.push(server.stop);
  const sampler = await furnish(server.url);
  const phone = new SendingPhone(sampler, 'before-full', 100);
  expect(await phone.send()).toBe(true);
  expect((await health(sampler)).body).toMatchObject({ durable: true, weak: [], room: true });

  disk.fill(20);
  await expect.poll(async () => (await health(sampler)).body['room']).toBe(false);
  expect(await phone.send()).toBe(false);
  expect([...phone.answers]).toEqual([
    ['200', 1],
    ['503 server.no-room', 1],
  ]);
  const refused = await sampler.facts([null]);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  // Whoever only looks is answered as ever.
  expect((await sampler.get('/v1/duties')).status).toBe(200);

  disk.empty();
  await expect.poll(() => phone.send()).toBe(true);
  await expectKept(findServer(data)?.database ?? '', phone.acknowledged);
});

test('a disk that is not ours to see fills to the last byte: PostgreSQL ends, the server does not, and it resumes', async (context) => {
  const disk = volume();
  if (disk === null) return context.skip('no small volume can be mounted here');
  const said: string[] = [];
  const kept = await keepEmbedded({ dataDir: disk.folder, log: (line) => said.push(line) });
  undo.push(kept.stop);
  const { connectionString } = kept.server;
  const args = ['--empty', '--port', '0', '--data', `${disk.folder}/server`, ...adminArgs];
  const server = await startProcess([...args, '--database-url', connectionString]);
  undo.push(server.stop);
  const sampler = await furnish(server.url);
  const phone = new SendingPhone(sampler, 'to-the-brim', 500);
  expect(await phone.send()).toBe(true);

  disk.fill(6);
  while (await phone.send()) expect(phone.acknowledged.length).toBeLessThan(100_000);
  // It ends, and it cannot begin again as long as there is no room.
  await expect
    .poll(() => said.filter((line) => line.startsWith('It did not start')).length, {
      timeout: 60_000,
    })
    .toBeGreaterThan(0);
  expect(await phone.send()).toBe(false);
  expect((await health(sampler)).status).toBe(503);
  expect(server.child.exitCode).toBeNull();

  disk.empty();
  await expect.poll(() => phone.send(), { timeout: 60_000, interval: 200 }).toBe(true);
  const told = [...phone.answers.keys()].filter((answer) => answer !== '200').sort();
  console.log(`answers: ${JSON.stringify(Object.fromEntries(phone.answers))}`);
  expect(told[0]).toBe('503 database.unreachable');
  expect(['503 server.no-room', undefined]).toContain(told[1]);
  await expectKept(connectionString, phone.acknowledged);
});
