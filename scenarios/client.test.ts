import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { instant } from '../kernel/instant.ts';
import { Random } from '../kernel/random.ts';
import { Client, ServerProblem } from './client.ts';
import { Outbox } from './outbox.ts';

type Handler = (request: IncomingMessage, body: string, response: ServerResponse) => void;
const closers: (() => Promise<void>)[] = [];

/** A bare HTTP server in the place of the real one, to see what is sent and to fail at will. */
async function serve(handler: Handler): Promise<string> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => handler(request, body, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function reply(response: ServerResponse, status: number, json: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
}

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

test('a batch is sent again, unchanged, until the server has answered', async () => {
  const seen: string[] = [];
  const acknowledged: string[] = [];
  const baseUrl = await serve((request, body, response) => {
    if (request.url === '/v1/sessions') return reply(response, 200, { token: 't' });
    seen.push(body);
    // The server dies while answering, then is too busy, then answers.
    if (seen.length === 1) return void response.destroy();
    if (seen.length === 2) return reply(response, 503, { code: 'server.busy' });
    const { facts } = JSON.parse(body) as { facts: { id: string }[] };
    const accepted = facts.map(({ id }) => ({ id }));
    reply(response, 200, { accepted, known: [], refused: [], lamport: 9_000_000 });
  });
  const client = new Client({ baseUrl, acknowledged: (ids) => acknowledged.push(...ids) });
  const outbox = outboxOf(client);
  const device = outbox.device('S1', 'sampler');
  const draft = { kind: 'a.b', subject: 'tube:T1', place: 'P', body: {} };
  outbox.record(device, instant(1_000), draft);
  outbox.record(device, instant(2_000), draft);
  await outbox.flush(instant(3_000));
  expect(seen).toHaveLength(3);
  expect(new Set(seen).size).toBe(1);
  expect(acknowledged).toEqual(['TAG1-S1-1', 'TAG1-S1-2']);
  expect(client.retries).toBe(2);
  // What is recorded after the answer is numbered after everything the server had seen.
  outbox.record(device, instant(4_000), draft);
  await outbox.flush(instant(5_000));
  const last = JSON.parse(seen.at(-1) ?? '') as { facts: { lamport: number; deviceSeq: number }[] };
  expect(last.facts[0]?.lamport).toBeGreaterThan(9_000_000);
  expect(last.facts[0]?.deviceSeq).toBe(3);
});

function outboxOf(client: Client): Outbox {
  const session = () => client.signIn('sampler', 'password');
  return new Outbox({
    session,
    tag: 'TAG1',
    random: new Random(1),
    startsAt: instant(0),
    doubledShare: 0,
  });
}

test('a refused act is counted once and answered with its code; a chain keeps its order', async () => {
  const seen: string[] = [];
  const baseUrl = await serve((request, body, response) => {
    if (request.url === '/v1/sessions') return reply(response, 200, { token: 't' });
    const { actId } = JSON.parse(body) as { actId: string };
    seen.push(actId);
    if (actId.endsWith('bad')) return reply(response, 409, { code: 'room.no', title: 'no' });
    reply(response, 200, {
      facts: [{ id: `act.${actId}.0`, kind: 'a.b', subject: 's:1', lamport: 1 }],
    });
  });
  const outbox = outboxOf(new Client({ baseUrl }));
  const codes: string[] = [];
  const act = { account: 'a', room: 'room', act: 'do', at: instant(1), body: {}, chain: 'one' };
  for (const key of ['first', 'bad', 'third']) {
    outbox.act({ ...act, key }, (answer) => codes.push(answer.done ? 'done' : answer.code));
  }
  await outbox.flush(instant(2));
  expect(codes).toEqual(['done', 'room.no', 'done']);
  expect(seen).toEqual(['TAG1-do-first', 'TAG1-do-bad', 'TAG1-do-third']);
  expect(outbox.tally.acts).toBe(2);
  expect([...outbox.tally.refusals]).toEqual([['room.no', 1]]);
});

test('a token that the server forgot is renewed once; a wrong password is told', async () => {
  let signIns = 0;
  const baseUrl = await serve((request, body, response) => {
    if (request.url === '/v1/sessions') {
      if ((JSON.parse(body) as { password: string }).password !== 'right') {
        return reply(response, 401, { code: 'access.wrong-password' });
      }
      return reply(response, 200, { token: `t${++signIns}` });
    }
    if (request.headers.authorization !== 'Bearer t2') {
      return reply(response, 401, { code: 'access.not-signed-in' });
    }
    reply(response, 200, { ok: true });
  });
  const client = new Client({ baseUrl });
  const session = await client.signIn('li', 'right');
  expect(await session.get('/v1/board')).toEqual({ ok: true });
  expect(signIns).toBe(2);
  await expect(client.signIn('li', 'wrong')).rejects.toThrow(ServerProblem);
});

test('a run that is called off stops trying', async () => {
  const controller = new AbortController();
  const client = new Client({ baseUrl: 'http://127.0.0.1:9', signal: controller.signal });
  const attempt = client.signIn('li', 'x');
  controller.abort();
  await expect(attempt).rejects.toThrow('abort');
});
