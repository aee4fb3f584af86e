import { afterEach, expect, test } from 'vitest';
import type { Capacity } from '../../adapters/http/admission.ts';
import { limits } from '../../kernel/limits.ts';
import { hire, openRound } from '../support/chain.ts';
import { type Client, problemOf, type Reply } from '../support/client.ts';
import { openedTubes } from '../support/opened-tubes.ts';
import { rosterCsv } from '../support/people.ts';
import { RawCaller } from '../support/raw.ts';
import { password, startServer, type TestServer } from '../support/server.ts';

/*
 * Every queue has a limit, and whoever comes over it is sent away whole: 503, `server.busy`, with a
 * time to come back. Each test holds up what works a queue off, fills it, and lets go.
 */
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(capacity: Partial<Capacity> = {}): Promise<TestServer> {
  const server = await startServer({ app: { capacity } });
  closers.push(() => server.close());
  return server;
}

/** Somebody in the middle of a request, who leaves when the test is over. */
async function holding(client: Client): Promise<RawCaller> {
  const caller = await RawCaller.open(client);
  closers.push(async () => caller.socket.destroy());
  return caller;
}

function expectBusy(reply: Reply): void {
  expect(problemOf(reply)).toEqual([503, 'server.busy', null]);
  expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
}

test('L5 over the limit of what waits for the record a batch is refused whole, and taken later', async () => {
  const server = await start();
  const staff = await hire(server);
  await openRound(staff, 'R1');
  const before = await server.counts();
  const holder = await server.composed.owner.connect();
  closers.push(async () => holder.release());
  await holder.query('begin');
  await holder.query('select receipt from ledger_head for update');

  const batches = new Map<string, Promise<Reply>>();
  for (let isFull = false; !isFull;) {
    // Far beyond what can wait: a queue without a limit would take them all.
    expect(batches.size).toBeLessThan(200);
    const phone = `crowd-${batches.size}`;
    const answer = staff.sampler.facts(heavy(phone));
    batches.set(phone, answer);
    // A batch that is taken is not answered before the lock is given back; health always is.
    const told = await Promise.race([answer, untilRead(server)]);
    if (told !== null) isFull = true;
  }
  expect(await server.counts()).toEqual(before);

  await holder.query('commit');
  const turnedAway: string[] = [];
  for (const [phone, answer] of batches) {
    const reply = await answer;
    if (reply.status === 200) expect(reply.body['accepted']).toHaveLength(1);
    else expectBusy(reply);
    if (reply.status !== 200) turnedAway.push(phone);
  }
  expect(turnedAway.length).toBeGreaterThan(0);
  expect((await server.counts()).facts).toBe(before.facts + batches.size - turnedAway.length);
  for (const phone of turnedAway) {
    const again = await staff.sampler.facts(heavy(phone));
    expect(again.body['accepted']).toHaveLength(1);
    expect(again.body['known']).toEqual([]);
  }
});

/** As many items as a batch may have, one of them a fact: it weighs much and is soon written. */
function heavy(phone: string): unknown[] {
  const others = Array.from({ length: limits.factsPerBatchMax - 1 }, () => null);
  return [...openedTubes(phone, 1), ...others];
}

/** Null when a question asked after a batch has been answered: the batch waits, or is refused. */
async function untilRead(server: TestServer): Promise<null> {
  await server.nobody.get('/v1/health');
  await server.nobody.get('/v1/health');
  return null;
}

test('requests in hand', async () => {
  const server = await start({ requests: 2 });
  for (const each of [await holding(server.admin), await holding(server.admin)]) {
    each.head('GET /v1/live');
    await each.hear('event: receipt');
  }
  expectBusy(await server.admin.get('/v1/duties'));
  expect((await server.nobody.get('/v1/health')).body['ok']).toBe(true);
  await closers.pop()?.();
  await expect.poll(async () => (await server.admin.get('/v1/duties')).status).toBe(200);
});

test('bytes of bodies in hand: told by the length, before they are read', async () => {
  const server = await start({ bodyBytes: 5_500_000 });
  const slow = await holding(server.admin);
  const json = { 'content-type': 'application/json' };
  slow.head('POST /v1/facts', { ...json, 'transfer-encoding': 'chunked' });
  slow.chunk(' ');
  await server.nobody.get('/v1/health');
  const second = await holding(server.admin);
  second.head('POST /v1/facts', { ...json, 'content-length': 600_000 });
  await second.hear('"code":"server.busy"');
  expect((await server.admin.get('/v1/duties')).status).toBe(200);
  slow.socket.destroy();
  await expect
    .poll(async () => (await server.admin.facts([' '.repeat(600_000)])).status, { timeout: 10_000 })
    .not.toBe(503);
});

test('questions that wait for the database', async () => {
  const server = await start({ questions: 1 });
  const { pool } = server.composed.context;
  const all = await Promise.all(Array.from({ length: pool.options.max - 1 }, () => pool.connect()));
  closers.push(async () => all.forEach((each) => each.release()));
  const waiting = server.admin.get('/v1/duties');
  await expect.poll(() => pool.waitingCount).toBe(1);
  expectBusy(await server.admin.get('/v1/duties'));
  await closers.pop()?.();
  expect((await waiting).status).toBe(200);
});

test('screens that listen', async () => {
  const server = await start({ streams: 1 });
  const first = await holding(server.admin);
  first.head('GET /v1/live');
  await first.hear('event: receipt');
  expectBusy(await server.admin.get('/v1/live'));
  first.socket.destroy();
  const second = await holding(server.admin);
  await expect
    .poll(async () => {
      second.head('GET /v1/live');
      await second.hear('HTTP/1.1');
      return second.heard.includes('event: receipt');
    })
    .toBe(true);
});

test('passwords that are checked', async () => {
  const server = await start({ passwords: 2 });
  const credentials = { account: 'admin', password };
  const replies = await Promise.all(
    Array.from({ length: 20 }, () => server.nobody.post('/v1/sessions', credentials)),
  );
  const busy = replies.filter(({ status }) => status === 503);
  busy.forEach(expectBusy);
  expect(busy.length).toBeGreaterThan(0);
  expect(replies.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
  expect((await server.nobody.post('/v1/sessions', credentials)).status).toBe(200);
});

test('files that are imported: the second is refused unread', async () => {
  const server = await start({ imports: 1 });
  const first = await holding(server.admin);
  first.head('POST /v1/imports/persons', {
    'content-type': 'text/csv',
    'transfer-encoding': 'chunked',
  });
  first.chunk('name');
  const { pool } = server.composed.context;
  // One listens to the other servers, the other imports.
  await expect.poll(() => pool.totalCount - pool.idleCount).toBe(2);
  expectBusy(await server.admin.file('/v1/imports/persons', rosterCsv));
  first.socket.destroy();
  await expect
    .poll(async () => (await server.admin.file('/v1/imports/persons', rosterCsv)).status, {
      timeout: 10_000,
    })
    .not.toBe(503);
});

test('sheets that are drawn: who is sent away has used up no serials', async () => {
  const server = await start({ sheets: 1 });
  const order = { kind: 'tube', count: 300 };
  const replies = await Promise.all(
    Array.from({ length: 6 }, () => server.admin.post('/v1/labels', order)),
  );
  const drawn = replies.filter(({ status }) => status === 200);
  const busy = replies.filter(({ status }) => status === 503);
  busy.forEach(expectBusy);
  expect(busy.length).toBeGreaterThan(0);
  const runs = (await server.admin.get('/v1/labels')).body['rows'] as object[];
  expect(runs).toHaveLength(drawn.length);
});

test('trends that are read', async () => {
  const server = await start({ trends: 0 });
  expectBusy(await server.admin.get('/v1/trend'));
});
