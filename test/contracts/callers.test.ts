import type { Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { defaultPatience } from '../../adapters/http/patience.ts';
import { heartbeatMs } from '../../adapters/http/routes/live.ts';
import { openPoint } from '../support/chain.ts';
import { RawCaller } from '../support/raw.ts';
import { type Counts, startServer, type TestServer } from '../support/server.ts';

/*
 * Who stalls is cut off. The limits are those of `adapters/http/patience.ts` made short, so that
 * each test takes as long as its limit; what is looked at is that the line is closed at all.
 */
let server: TestServer;
let before: Counts;

beforeAll(async () => {
  const patience = { headersMs: 400, requestMs: 900, silenceMs: 600, keepAliveMs: 300, lookMs: 50 };
  server = await startServer({ app: { patience } });
});
beforeEach(async () => {
  before = await server.counts();
});
afterAll(() => server.close());

const json = { 'content-type': 'application/json' };

/** Says one character after another until the line is closed, never silent for long. */
function drip(caller: RawCaller, character: string): void {
  const timer = setInterval(() => caller.say(character), 50);
  caller.socket.once('close', () => clearInterval(timer));
}

/** The line was closed, nothing was recorded, and others are answered. */
async function expectCutOff(caller: RawCaller): Promise<string> {
  const answered = await caller.answered;
  expect(await server.counts()).toEqual(before);
  expect((await server.nobody.get('/v1/health')).body['ok']).toBe(true);
  return answered;
}

test('who connects and says nothing is cut off', async () => {
  expect(await expectCutOff(await RawCaller.open(server.admin))).not.toContain('200');
});

test('who stops in the middle of the headers is cut off', async () => {
  const caller = await RawCaller.open(server.admin);
  caller.say('POST /v1/facts HTTP/1.1\r\nhost: here\r\nx-sl');
  expect(await expectCutOff(caller)).toMatch(/^(HTTP\/1\.1 408 |$)/);
});

test('who says the headers a letter at a time is cut off', async () => {
  const caller = await RawCaller.open(server.admin);
  caller.say('POST /v1/facts HTTP/1.1\r\nhost: here\r\nx-slow: ');
  drip(caller, 'a');
  expect(await expectCutOff(caller)).toMatch(/^HTTP\/1\.1 408 /);
});

test('who stops in the middle of a body is cut off', async () => {
  const caller = await RawCaller.open(server.admin);
  caller.head('POST /v1/facts', { ...json, 'content-length': 10_000 });
  caller.say('{"facts":[');
  expect(await expectCutOff(caller)).not.toContain('"accepted"');
});

test('who says a body a letter at a time is cut off', async () => {
  const caller = await RawCaller.open(server.admin);
  caller.head('POST /v1/facts', { ...json, 'content-length': 10_000 });
  drip(caller, ' ');
  expect(await expectCutOff(caller)).toMatch(/^HTTP\/1\.1 408 /);
});

test('who never reads the answers is cut off', async () => {
  const { text } = await server.admin.get('/v1/docs/json');
  const hungUp = new Promise<void>((resolve) => {
    server.app.server.once('connection', (line: Socket) => line.once('close', () => resolve()));
  });
  const caller = await RawCaller.open(server.admin);
  caller.socket.pause();
  // More than the buffers of the system hold on both sides.
  const times = Math.ceil(40_000_000 / text.length);
  for (let asked = 0; asked < times; asked++) caller.head('GET /v1/docs/json');
  await hungUp;
  caller.socket.destroy();
  await expectCutOff(caller);
});

test('who says nothing between two requests is cut off, and one who goes on is not', async () => {
  const caller = await RawCaller.open(server.admin);
  caller.head('GET /v1/health');
  await caller.hear('"ok":true');
  const going = await openPoint(server.admin, 'SP-GOES-ON');
  expect(going.status).toBe(200);
  expect(await caller.answered).toMatch(/^HTTP\/1\.1 200 /);
});

test('in use, the stream of changes says something before it is taken for a stalled line', () => {
  expect(2 * heartbeatMs).toBeLessThan(defaultPatience.silenceMs);
});
