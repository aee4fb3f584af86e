import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { limits } from '../../kernel/limits.ts';
import { hire, openRound, type Staff } from '../support/chain.ts';
import { problemOf } from '../support/client.ts';
import { communities } from '../support/people.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let staff: Staff;

beforeAll(async () => {
  server = await startServer();
  staff = await hire(server);
  await openRound(staff, 'R1');
});
afterAll(() => server.close());

let letGo: (() => Promise<void>) | null = null;
afterEach(() => letGo?.());

/** Tubes opened by a device under its first numbers. */
function opened(device: string, count: number): object[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `${device}.${String(index + 1).padStart(8, '0')}`,
    kind: 'screening.tube-opened',
    subject: `tube:${device.toUpperCase()}-${index + 1}`,
    place: communities[0],
    deviceId: device,
    deviceSeq: index + 1,
    lamport: index + 1,
    at: 1_700_000_000_000,
    body: { round: 'R1', poolSize: 10, point: 'SP1' },
  }));
}

/** Holds up every unit of work until it is called. */
async function holdUp(): Promise<() => Promise<void>> {
  const client = await server.composed.owner.connect();
  await client.query('begin');
  await client.query('select receipt from ledger_head for update');
  letGo = async () => {
    letGo = null;
    await client.query('commit');
    client.release();
  };
  return letGo;
}

test('L5 when too much waits the answer is 503 with a time to come back, and nothing is half taken', async () => {
  const { writer } = server.composed.context;
  const before = await server.counts();
  const release = await holdUp();
  const waiting = [writer.submit(async () => 'first')];
  // Nothing is in these batches but what says that it is set aside: they weigh and do nothing.
  const heavy = Array.from({ length: limits.factsPerBatchMax }, () => ({
    ...{ kind: 'set-aside' as const, id: null, code: 'test', where: '', detail: '' },
  }));
  let refused = 0;
  const fill = (): void => {
    for (let batch = 0; batch < 100; batch++) {
      const received = writer.receive(heavy).then(
        () => 'received',
        () => {
          refused += 1;
          return 'refused';
        },
      );
      waiting.push(received);
    }
  };
  fill();
  // By the time of an answer the first unit of work is under way, and there is room again.
  await server.nobody.get('/v1/health');
  fill();
  expect(writer.batchMax).toBe(50);
  const reply = await staff.sampler.facts(opened('late-phone', 3));
  expect(problemOf(reply)).toEqual([503, 'server.busy', null]);
  expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await server.counts()).toEqual(before);
  await release();
  await Promise.all(waiting);
  expect(refused).toBeGreaterThan(0);
  expect(writer.batchMax).toBe(limits.factsPerBatchMax);
  const again = await staff.sampler.facts(opened('late-phone', 3));
  expect(again.body['accepted']).toHaveLength(3);
});

test('L4 batches that wait are received together, and each is answered for its own items', async () => {
  const release = await holdUp();
  const devices = ['one', 'two', 'three', 'four'].map((name) => `phone-${name}`);
  const asked = devices.map(async (device, index) => {
    const facts = opened(device, 5);
    const bad = { ...facts[index], kind: 'screening.no-such-thing' };
    return staff.sampler.facts([...facts.slice(0, index), bad, ...facts.slice(index + 1)]);
  });
  // The same batch again, while the first is still waiting.
  asked.push(staff.sampler.facts(opened('phone-one', 5).slice(1)));
  await release();
  const replies = await Promise.all(asked);
  devices.forEach((device, index) => {
    const { accepted, known, refused } = replies[index]?.body ?? {};
    const told = [...(accepted as { id: string }[]).map(({ id }) => id), ...(known as string[])];
    const own = opened(device, 5) as { id: string }[];
    expect(told.sort()).toEqual(own.filter((_, at) => at !== index).map(({ id }) => id));
    expect(refused).toMatchObject([{ index, code: 'ledger.unknown-kind', id: own[index]?.id }]);
  });
  const twice = replies[4]?.body ?? {};
  expect((twice['known'] as string[]).length + (twice['accepted'] as object[]).length).toBe(4);
  const numbers = await server.column<string>(
    `select device_id || '/' || device_seq from facts where device_id like 'phone-%'`,
  );
  expect(numbers).toHaveLength(16);
  expect(new Set(numbers).size).toBe(16);
});
