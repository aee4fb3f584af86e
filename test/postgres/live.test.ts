import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { dayMs, hourMs } from '../../kernel/instant.ts';
import { openPoint } from '../support/chain.ts';
import { type Client, problemOf } from '../support/client.ts';
import { communities, district } from '../support/people.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let admin: Client;
const streams: Stream[] = [];

beforeAll(async () => {
  server = await startServer({ clock: 'driven' });
  ({ admin } = server);
});
afterEach(() => {
  for (const stream of streams.splice(0)) stream.close();
});
afterAll(() => server.close());

/** A screen that listens: each event with when it came. */
interface Stream {
  readonly events: { readonly receipt: number; readonly asOf: string; readonly at: number }[];
  readonly close: () => void;
}

async function listen(): Promise<Stream> {
  const controller = new AbortController();
  const { signal } = controller;
  const headers = { authorization: `Bearer ${admin.token}` };
  const reply = await fetch(`${server.url}/v1/live`, { headers, signal });
  expect(reply.headers.get('content-type')).toBe('text/event-stream');
  const stream: Stream = { events: [], close: () => controller.abort() };
  streams.push(stream);
  void read(reply, stream).catch(() => undefined);
  return stream;
}

async function read(reply: Response, { events }: Stream): Promise<void> {
  let text = '';
  for await (const chunk of reply.body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString();
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = /^event: receipt\ndata: (.*)$/.exec(block)?.[1];
      if (data === undefined) continue;
      events.push({ ...(JSON.parse(data) as { receipt: number; asOf: string }), at: Date.now() });
    }
  }
}

let serial = 0;

/** Puts one fact on record and gives the receipt that the server now has. */
async function commit(): Promise<number> {
  serial += 1;
  return Number((await openPoint(admin, `SP${serial}`)).body['receipt']);
}

test('a screen is told where it stands as soon as it listens, and of a commit within 2 s', async () => {
  const before = await commit();
  const stream = await listen();
  await expect.poll(() => stream.events[0]?.receipt, { timeout: 2_000 }).toBe(before);
  const started = Date.now();
  const receipt = await commit();
  await expect.poll(() => stream.events.at(-1)?.receipt, { timeout: 2_000 }).toBe(receipt);
  expect((stream.events.at(-1)?.at ?? Infinity) - started).toBeLessThan(2_000);
});

test('however many commits there are, a screen is told at most once a second, and of the last', async () => {
  const started = Date.now();
  const [one, two] = [await listen(), await listen()];
  let commits = 0;
  let last = 0;
  for (; Date.now() - started < 2_500; commits++) last = await commit();
  for (const { events } of [one, two]) {
    await expect.poll(() => events.at(-1)?.receipt, { timeout: 2_000 }).toBe(last);
    // One at once, and one for each second since; when each arrives is up to the machine's load.
    expect(events.length).toBeLessThanOrEqual(2 + Math.floor((Date.now() - started) / 1_000));
    expect(events.length).toBeGreaterThanOrEqual(3);
    expect(commits).toBeGreaterThan(events.length);
  }
});

test('a screen that goes away disturbs nobody, and a server stops although screens listen', async () => {
  const stream = await listen();
  const gone = await listen();
  gone.close();
  const receipt = await commit();
  await expect.poll(() => stream.events.at(-1)?.receipt, { timeout: 2_000 }).toBe(receipt);
  const beside = await startServer({ beside: server });
  const headers = { authorization: `Bearer ${beside.admin.token}` };
  const open = await fetch(`${beside.url}/v1/live`, { headers });
  const started = Date.now();
  await beside.close();
  expect(Date.now() - started).toBeLessThan(2_000);
  await open.body?.cancel().catch(() => undefined);
});

test('a screen at one server is told of what another server put on record', async () => {
  const stream = await listen();
  const beside = await startServer({ beside: server });
  const { body } = await openPoint(beside.admin, 'BESIDE1');
  await expect.poll(() => stream.events.at(-1)?.receipt, { timeout: 2_000 }).toBe(body['receipt']);
  expect((await server.nobody.get('/v1/health')).body['receipt']).toBe(body['receipt']);
  await beside.close();
});

test('a server whose line to the database breaks hears the others again, and what it missed', async () => {
  const stream = await listen();
  const beside = await startServer({ beside: server });
  await server.column(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and query like 'listen %'`,
  );
  const missed = (await openPoint(beside.admin, 'MISSED1')).body['receipt'];
  await expect.poll(() => stream.events.at(-1)?.receipt, { timeout: 10_000 }).toBe(missed);
  const heard = (await openPoint(beside.admin, 'HEARD1')).body['receipt'];
  await expect.poll(() => stream.events.at(-1)?.receipt, { timeout: 10_000 }).toBe(heard);
  await beside.close();
});

test('health says that the server is up, by which clock, and how far the record is', async () => {
  const receipt = await commit();
  const reply = await server.nobody.get('/v1/health');
  expect(reply.body).toMatchObject({ ok: true, clock: 'driven', receipt });
  expect(Date.parse(reply.body['now'])).not.toBeNaN();
  const head = await server.nobody.ask('HEAD', '/v1/health');
  expect(head.status).toBe(200);
});

test('a driven clock runs as it is set, never backwards, and dates acts and duties', async () => {
  const start = Date.UTC(2022, 3, 4, 0);
  const set = (now: number) => admin.post('/v1/clock', { now });
  expect((await set(start)).body).toEqual({ now: start });
  expect((await set(start - dayMs)).body).toEqual({ now: start });
  expect((await server.nobody.get('/v1/health')).body['now']).toBe('2022-04-04T00:00:00.000Z');
  await admin.must('screening.open-round', {
    round: 'R1',
    place: district,
    label: { en: 'Round', zh: '第一轮' },
    areas: [district],
    group: null,
    poolSize: 10,
    startsAt: start,
    endsAt: start + dayMs,
  });
  const sampler = await server.signUp('sampler', ['sampler']);
  const tube = { tube: 'SLOW01', round: 'R1', poolSize: 10, point: 'SP1', place: communities[0] };
  await sampler.must('screening.open-tube', tube);
  const overdue = async (): Promise<number> =>
    (await admin.get('/v1/board')).body['duties'].overdue;
  expect(await overdue()).toBe(0);
  await set(start + 2 * hourMs);
  expect(await overdue()).toBe(1);
  const [duty] = (await admin.get('/v1/duties?state=overdue')).body['rows'];
  expect(duty).toMatchObject({ kind: 'screening.seal-tube', owner: 'user:sampler', since: start });
  expect(duty.dueAt).toBe(start + hourMs);
  expect((await admin.get('/v1/board')).body['asOf']).toBe('2022-04-04T02:00:00.000Z');
});

test('an act dated in the future is dated now, one dated earlier keeps its date', async () => {
  const now = Date.UTC(2022, 3, 4, 2);
  const dispose = (person: number, at: number) =>
    admin.must(
      'screening.dispose-person',
      { round: 'R1', person, disposition: 'away', reason: 'abroad' },
      { at },
    );
  await dispose(1, now + dayMs);
  await dispose(2, now - hourMs);
  const at = (person: number) =>
    server.column<string>(`select at_ms::text from facts where subject = 'entry:R1/${person}'`);
  expect([await at(1), await at(2)]).toEqual([[String(now)], [String(now - hourMs)]]);
});

test('a server that goes by the machine’s time is not driven', async () => {
  const beside = await startServer({ beside: server });
  const reply = await beside.admin.post('/v1/clock', { now: 1 });
  expect(problemOf(reply)).toEqual([409, 'server.clock-not-driven', null]);
  expect((await beside.nobody.get('/v1/health')).body['clock']).toBe('system');
  await beside.close();
});

test('a server whose connections are cut goes on as soon as the database answers again', async () => {
  await server.column(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid()`,
  );
  const replies = await Promise.all(Array.from({ length: 10 }, () => admin.get('/v1/board')));
  for (const { status } of replies) expect([200, 503]).toContain(status);
  await expect.poll(async () => (await admin.get('/v1/board')).status).toBe(200);
  expect(await commit()).toBeGreaterThan(0);
});
