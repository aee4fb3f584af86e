import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { limits } from '../../kernel/limits.ts';
import { hire, openRound, type Staff } from '../support/chain.ts';
import { problemOf, type Reply } from '../support/client.ts';
import { openedTubes } from '../support/opened-tubes.ts';
import { RawCaller } from '../support/raw.ts';
import { type Counts, startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let staff: Staff;
let before: Counts;

beforeAll(async () => {
  server = await startServer();
  staff = await hire(server);
  await openRound(staff, 'R1');
});
beforeEach(async () => {
  before = await server.counts();
});
afterAll(() => server.close());

const largest = limits.factsPerBatchMax;
const json = { 'content-type': 'application/json' };

test('the largest batch is a thousand facts', () => expect(largest).toBe(1_000));

describe('one bad fact among 999 good ones', () => {
  type Fact = { readonly id: string; readonly body: object };
  const nested = JSON.parse(`${'{"a":'.repeat(500)}1${'}'.repeat(500)}`) as object;

  test.each<[string, string, string, (good: Fact) => unknown]>([
    ['is null', 'ledger.malformed-fact', '', () => null],
    ['is a list', 'ledger.malformed-fact', '', () => []],
    ['lacks a number', 'ledger.malformed-fact', '/deviceSeq', (f) => ({ ...f, deviceSeq: null })],
    ['has a field too many', 'ledger.malformed-fact', '/x', (f) => ({ ...f, x: 1 })],
    ['has a kind nobody knows', 'ledger.unknown-kind', '/kind', (f) => ({ ...f, kind: 'a.b' })],
    [
      'is of the wrong thing',
      'ledger.wrong-subject',
      '/subject',
      (f) => ({ ...f, subject: 'box:B' }),
    ],
    [
      'has a pool of seven',
      'ledger.malformed-body',
      '/body/poolSize',
      (f) => ({ ...f, body: { ...f.body, poolSize: 7 } }),
    ],
    [
      'has a number beyond all numbers',
      'ledger.malformed-body',
      '/body/poolSize',
      (f) => ({ ...f, body: { ...f.body, poolSize: '@1e400' } }),
    ],
    [
      'has an instant of 400 digits',
      'ledger.malformed-fact',
      '/at',
      (f) => ({ ...f, at: '@9e400' }),
    ],
    ['has a negative number', 'ledger.malformed-fact', '/lamport', (f) => ({ ...f, lamport: -1 })],
    [
      'is nested 500 deep',
      'ledger.malformed-fact',
      `/body${'/a'.repeat(31)}`,
      (f) => ({ ...f, body: nested }),
    ],
    [
      'holds U+0000',
      'ledger.malformed-fact',
      '/body/point',
      (f) => ({ ...f, body: { ...f.body, point: 'a\u0000' } }),
    ],
    [
      'holds half a character',
      'ledger.malformed-fact',
      '/body/point',
      (f) => ({ ...f, body: { ...f.body, point: '\ud83d' } }),
    ],
  ])('L4 one that %s is named, and the others are taken', async (what, code, where, spoil) => {
    const device = `p-${what.replaceAll(/[^a-z]/g, '')}`.slice(0, 20);
    const facts: unknown[] = openedTubes(device, largest);
    const index = 617;
    const good = facts[index] as Fact;
    facts[index] = spoil(good);
    // Numbers that JSON can say and JavaScript cannot hold.
    const raw = JSON.stringify({ facts }).replaceAll(/"@([^"]+)"/g, '$1');
    const reply = await staff.sampler.ask('POST', '/v1/facts', { raw, type: 'application/json' });
    expect(reply.status).toBe(200);
    expect(reply.body['refused']).toMatchObject([{ index, code, where }]);
    const { id, detail } = reply.body['refused'][0] as { id: string | null; detail: string };
    expect([good.id, null]).toContain(id);
    expect(detail.length).toBeGreaterThan(5);
    expect(reply.body['accepted']).toHaveLength(largest - 1);
    expect(reply.body['known']).toEqual([]);
    expect((await server.counts()).facts).toBe(before.facts + largest - 1);
  });

  test('L4 of two values under one name the last counts, on record as in the judgement', async () => {
    const facts = openedTubes('p-twice', 2);
    const raw = JSON.stringify({ facts })
      .replace('"poolSize":10', '"poolSize":7,"poolSize":10')
      .replace(/"poolSize":10([^"]*"[^"]*"[^"]*"SP1"\}\}\]\})$/, '"poolSize":10,"poolSize":7$1');
    const reply = await staff.sampler.ask('POST', '/v1/facts', { raw, type: 'application/json' });
    expect(reply.body['accepted']).toMatchObject([{ id: facts[0]?.id }]);
    expect(reply.body['refused']).toMatchObject([{ index: 1, where: '/body/poolSize' }]);
    const kept = await server.column(`select body->'poolSize' from facts where id = $1`, [
      facts[0]?.id,
    ]);
    expect(kept).toEqual([10]);
  });
});

describe('a batch that is refused whole', () => {
  /** Nothing of it is on record, and the same without the fault is taken. */
  async function expectWhole(
    reply: Reply,
    expected: [number, string, string | null],
  ): Promise<void> {
    expect(problemOf(reply)).toEqual(expected);
    expect(await server.counts()).toEqual(before);
  }
  const send = (raw: string | Uint8Array): Promise<Reply> =>
    staff.sampler.ask('POST', '/v1/facts', { raw, type: 'application/json' });

  test('holds one fact more than the largest', async () => {
    const facts = openedTubes('p-more', largest + 1);
    await expectWhole(await staff.sampler.facts(facts), [400, 'http.malformed-request', '/facts']);
    expect((await staff.sampler.facts(facts.slice(1))).body['accepted']).toHaveLength(largest);
  });

  test.each([
    ['holds a byte that is not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['holds half a character in bytes', Buffer.from([0x22, 0xe5, 0xbc, 0x22])],
    ['reaches for a prototype', Buffer.from('{"__proto__":{"grants":[]}}')],
    ['reaches for a constructor', Buffer.from('{"constructor":{"prototype":{"x":1}}}')],
    ['is cut short', Buffer.from('{"a":')],
  ])('%s', async (_what, bad) => {
    const [start = '', end = ''] = JSON.stringify({
      facts: [...openedTubes('p-whole', 9), '@'],
    }).split('"@"');
    const raw = Buffer.concat([Buffer.from(start), bad, Buffer.from(end)]);
    await expectWhole(await send(raw), [400, 'http.malformed-json', '/']);
    expect(({} as { grants?: unknown }).grants).toBeUndefined();
  });

  test('says a length over the limit: answered before a byte of it is read, and hung up on', async () => {
    const caller = await RawCaller.open(staff.sampler);
    const length = limits.requestBodyBytesMax + 1;
    caller.head('POST /v1/facts', { ...json, 'content-length': length });
    const answered = await caller.answered;
    expect(answered).toMatch(/^HTTP\/1\.1 413 [^]*"code":"http.body-too-large"/);
    expect(caller.socket.bytesWritten).toBeLessThan(1_000);
    expect(await server.counts()).toEqual(before);
  });

  test('says no length and passes the limit: cut off there', async () => {
    const caller = await RawCaller.open(staff.sampler);
    caller.head('POST /v1/facts', { ...json, 'transfer-encoding': 'chunked' });
    caller.chunk('{"facts":[');
    const piece = ' '.repeat(1_000_000);
    for (let sent = 0; sent < limits.requestBodyBytesMax; sent += piece.length) caller.chunk(piece);
    expect(await caller.answered).toMatch(/^HTTP\/1\.1 413 [^]*"code":"http.body-too-large"/);
    expect(await server.counts()).toEqual(before);
  });

  test('comes from nobody: answered before its body is read', async () => {
    const caller = await RawCaller.open(server.nobody);
    caller.head('POST /v1/facts', { ...json, 'content-length': 4_000_000 });
    await caller.hear('"code":"access.not-signed-in"');
    caller.socket.destroy();
    expect(await server.counts()).toEqual(before);
  });

  test('says two lengths: the line is closed, so that nothing of it is taken for a request', async () => {
    const caller = await RawCaller.open(staff.sampler);
    caller.head('POST /v1/facts', { ...json, 'content-length': '5\r\ntransfer-encoding: chunked' });
    caller.say('0\r\n\r\nGET /v1/duties HTTP/1.1\r\nhost: here\r\n\r\n');
    expect(await caller.answered).toMatch(/^HTTP\/1\.1 400 /);
    expect(await server.counts()).toEqual(before);
  });
});
