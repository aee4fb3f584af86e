import { expect, test } from 'vitest';
import type { FactEnvelope } from '../../ledger/fact.ts';
import type { Settlement } from '../../ledger/outbox.ts';
import type { FactsRequest } from '../../ledger/wire.ts';
import { Schedule } from './worlds/schedule.ts';
import { Fault } from '../../adapters/fault.ts';
import { type PostOutcome, Sync } from '../../adapters/device/sync.ts';

type Post = (request: FactsRequest, signal: AbortSignal) => Promise<PostOutcome>;

/** A sync over a queue in memory, in time that only moves when asked. */
class Bench {
  readonly schedule = new Schedule();
  readonly sync: Sync;
  readonly posts: string[][] = [];
  readonly delivered: string[] = [];
  readonly setAside: string[] = [];
  readonly waiting: FactEnvelope[] = [];
  isFull = false;
  #serial = 0;

  constructor(post: Post) {
    const { schedule } = this;
    this.sync = new Sync({
      next: async (sizeMax) => this.waiting.slice(0, sizeMax),
      settle: (settlement) => this.#settle(settlement),
      report: () => ({
        id: 'f1',
        keptSeq: this.#serial,
        waiting: this.waiting.length,
        clockAt: 0,
        app: { version: '1', format: 1 },
      }),
      post: (request, signal) => {
        this.posts.push(request.facts.map(({ id }) => id));
        return post(request, signal);
      },
      clock: () => schedule.now,
      draw: () => 0.5,
      timer: (ms, ring) => schedule.after(ms, ring),
    });
  }

  async #settle({ delivered, setAside }: Settlement): Promise<void> {
    if (this.isFull) throw new Fault('device.storage-full', 'the disk is full');
    this.delivered.push(...delivered.map(({ id }) => id));
    this.setAside.push(...setAside.map(({ id }) => id));
    const gone = new Set([...delivered, ...setAside].map(({ id }) => id));
    const left = this.waiting.filter(({ id }) => !gone.has(id));
    this.waiting.splice(0, this.waiting.length, ...left);
  }

  keep(): void {
    this.#serial += 1;
    const numbers = { deviceId: 'f1', deviceSeq: this.#serial, lamport: this.#serial, at: 1 };
    const id = `fact-${this.#serial}`;
    this.waiting.push({ id, kind: 'a.b', subject: 'tube:T1', place: 'p', body: {}, ...numbers });
    this.sync.tell('kept');
  }

  async run(ms: number): Promise<void> {
    const isAtRest = await this.schedule.run(this.schedule.now + ms, 10_000);
    if (!isAtRest) throw new Error('something is sent for ever');
  }
}

const take: Post = async ({ facts }) => {
  const accepted = facts.map(({ id }, index) => ({ id, receipt: index + 1 }));
  return { kind: 'answered', body: { accepted, known: [], refused: [], lamport: 1 } };
};

test('L15 what is kept goes out, and the next batch only after the last was kept as settled', async () => {
  const bench = new Bench(take);
  bench.keep();
  bench.keep();
  await bench.run(10);
  bench.keep();
  await bench.run(10);
  expect(bench.posts.flat()).toEqual(['fact-1', 'fact-2', 'fact-3']);
  expect(bench.delivered).toEqual(['fact-1', 'fact-2', 'fact-3']);
  expect(bench.sync.state.phase).toBe('idle');
});

test('L16 a batch whose answer the device could not keep is sent again with the same ids', async () => {
  const bench = new Bench(take);
  bench.isFull = true;
  bench.keep();
  await bench.run(500);
  expect(bench.sync.state).toMatchObject({ phase: 'resting', trouble: 'device.storage-full' });
  bench.isFull = false;
  await bench.run(600_000);
  expect(new Set(bench.posts.flat())).toEqual(new Set(['fact-1']));
  expect(bench.posts.length).toBeGreaterThan(1);
  expect(bench.delivered).toEqual(['fact-1']);
});

test('L15 a batch without an answer is given up in time, and its late answer is of no interest', async () => {
  const late = Promise.withResolvers<PostOutcome>();
  let signal: AbortSignal | null = null;
  const bench = new Bench((request, given) => {
    signal ??= given;
    return bench.posts.length === 1 ? late.promise : take(request, given);
  });
  bench.keep();
  await bench.run(30_000);
  expect(signal).toMatchObject({ aborted: true });
  expect(bench.sync.state.phase).toBe('resting');
  late.resolve({ kind: 'answered', body: 'whatever' });
  await bench.run(600_000);
  expect(bench.delivered).toEqual(['fact-1']);
});

test('L16 the page of a network that asks to sign in first is no answer', async () => {
  const bench = new Bench(async () => ({ kind: 'answered', body: '<html>welcome</html>' }));
  bench.keep();
  await bench.run(100);
  expect(bench.sync.state.trouble).toBe('outbox.unreadable-answer');
  expect(bench.waiting.length).toBe(1);
});

test('L18 closed, it gives up what is on its way and sends nothing more', async () => {
  const bench = new Bench(() => new Promise(() => undefined));
  bench.keep();
  await bench.run(1);
  await bench.sync.close();
  bench.sync.tell('online');
  await bench.run(600_000);
  expect(bench.posts.length).toBe(1);
  expect(bench.waiting.length).toBe(1);
});
