import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withClient } from '../../adapters/postgres/administer.ts';
import { findPostmaster } from '../../adapters/postgres/postmaster.ts';
import { findServer } from '../../apps/server/where.ts';
import { adminArgs, furnish, SendingPhone } from '../support/phones.ts';
import { runCommand, startProcess } from '../support/process.ts';

const kills = 8;
const phonesCount = 6;

/** The processes that a process has started, where the system tells. */
function childrenOf(parent: number): number[] {
  if (process.platform !== 'linux') return [];
  const pids = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  return pids.filter((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // Field 4, counted after the name, which may hold spaces.
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
    } catch {
      return false;
    }
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It was quicker.
  }
}

test('P1 PostgreSQL killed again and again under batches loses nothing that was answered, and is started again', async () => {
  const data = mkdtempSync(join(tmpdir(), 'sextant-crash-database-'));
  // As root, PostgreSQL runs as another account, which must be able to pass through.
  chmodSync(data, 0o711);
  const server = await startProcess(['--empty', '--port', '0', '--data', data, ...adminArgs]);
  const sampler = await furnish(server.url);
  const cluster = join(data, 'postgres', 'postgres', 'cluster');
  const phones = Array.from(
    { length: phonesCount },
    (_, index) => new SendingPhone(sampler, `killed-${index}`, 5 + 15 * index),
  );
  const acknowledged = (): string[] => phones.flatMap((phone) => phone.acknowledged);
  let isOver = false;
  const sent = phones.map((phone) => phone.sendUntil(() => isOver));
  for (let killed = 0; killed < kills; killed++) {
    // Each kill comes after something new was answered for, so that each one can lose something.
    const heard = acknowledged().length;
    await expect
      .poll(() => acknowledged().length, { timeout: 60_000, interval: 20 })
      .toBeGreaterThan(heard + 200);
    // A backend whose postmaster is gone still answers while it has work, and durably.
    await expect
      .poll(() => findPostmaster(cluster)?.pid ?? 0, { timeout: 60_000, interval: 20 })
      .toBeGreaterThan(0);
    const postmaster = findPostmaster(cluster)?.pid ?? 0;
    const children = childrenOf(postmaster);
    // In turn: everything at once, as a power cut; the first process alone; one of the others.
    if (killed % 3 !== 2) kill(postmaster);
    if (killed % 3 === 0) children.forEach(kill);
    if (killed % 3 === 2) kill(children.at(-1) ?? postmaster);
  }
  const last = acknowledged().length;
  await expect.poll(() => acknowledged().length, { timeout: 60_000 }).toBeGreaterThan(last + 200);
  isOver = true;
  await Promise.all(sent);
  expect(server.child.exitCode).toBeNull();

  const database = findServer(data)?.database ?? '';
  const { ids, numbers } = await withClient(database, async (client) => {
    const { rows } = await client.query<{ id: string; number: string }>(
      `select id, device_id || '/' || device_seq as number from facts`,
    );
    return { ids: rows.map(({ id }) => id), numbers: rows.map(({ number }) => number) };
  });
  const known = new Set(ids);
  const answers = new Map<string, number>();
  for (const phone of phones) {
    for (const [told, times] of phone.answers) answers.set(told, (answers.get(told) ?? 0) + times);
  }
  console.log(
    `${kills} kills, ${acknowledged().length} facts answered for, ` +
      `answers: ${JSON.stringify(Object.fromEntries(answers))}`,
  );
  expect(acknowledged().filter((id) => !known.has(id))).toEqual([]);
  expect(known.size).toBe(ids.length);
  expect(new Set(numbers).size).toBe(numbers.length);
  // A phone told of a fault in the program would suspect its batch; this is none.
  expect([...answers.keys()].sort()).toEqual(['200', '503 database.unreachable']);
  const verified = await runCommand(['verify', '--database-url', database]);
  expect(verified.code).toBe(0);
  await server.stop();
  rmSync(data, { recursive: true, force: true });
});
