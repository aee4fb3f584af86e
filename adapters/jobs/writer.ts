import { limits } from '../../kernel/limits.ts';
import type { Instant } from '../../kernel/instant.ts';
import { keyOf, prefixOf } from '../../ledger/fact.ts';
import type { Hint, Store } from '../../ledger/ports.ts';
import type { Catalogue } from '../../ledger/catalogue.ts';
import { type Receipt, receive } from '../../ledger/receive.ts';
import { Work, type WorkContext } from '../../ledger/settle.ts';
import { Fault } from '../fault.ts';

interface Job {
  /** How much it brings: facts of a batch, 1 for an act. */
  readonly weight: number;
  /** What it does; for a batch of facts, its items, which are received with those of others. */
  readonly run: ((work: Work) => Promise<unknown>) | readonly Item[];
  readonly resolve: (outcome: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Facts that wait when devices are asked for short batches: about a second's work. */
const busyWeight = 4_000;
/** One being decided while the one before is on its way to the disk. */
const unitsOnTheWayMax = 2;
/** What a device begins with when it knows nothing of the line. */
const busyBatchMax = 50;

type Item = Parameters<typeof receive>[1][number];

/** What became of a batch, and the greatest number that orders facts after it. */
export interface ReceivedBatch {
  readonly receipts: readonly Receipt[];
  readonly lamport: number;
}

interface WriterOptions {
  readonly store: Store;
  /** Read anew for every unit of work, so that a new roster or policy is used at once. */
  readonly context: () => Omit<WorkContext, 'receivedAt'>;
  readonly clock: () => Instant;
  /** Called with the last receipt after every commit. */
  readonly committed: (receipt: number) => void;
}

/**
 * What may wait; beyond it a caller is told to come back rather than kept waiting. A fact takes
 * about 2 kB while it waits; so many are written in five to ten seconds by two processors.
 */
const waitingMax = { jobs: 10_000, weight: 40_000 } as const;

/**
 * Self-clocked group commit: while units of work are on their way, jobs gather; when the turn of
 * the next has come, they go together in it. Nobody is answered before the commit that holds their
 * facts.
 *
 * States: *idle*; *writing*, one unit of work being decided while the one before is on its way to
 * the disk; when one fails, *apart*: its jobs run one transaction each, so that a job which cannot
 * be done fails alone.
 */
export class Writer {
  readonly #options: WriterOptions;
  #waiting: Job[] = [];
  #waitingWeight = 0;
  /** Units of work on their way. */
  #writing = 0;
  #isWoken = false;
  #closed = false;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** Runs the job in one of the next units of work and answers after its commit. */
  submit<T>(run: (work: Work) => Promise<T>): Promise<T> {
    return this.#submit({ weight: 1, run }) as Promise<T>;
  }

  /** Receives a batch in one of the next units of work and answers after its commit. */
  receive(items: readonly Item[]): Promise<ReceivedBatch> {
    return this.#submit({ weight: items.length, run: items }) as Promise<ReceivedBatch>;
  }

  #submit({ weight, run }: Pick<Job, 'weight' | 'run'>): Promise<unknown> {
    if (this.#closed) return Promise.reject(new Fault('server.stopping', 'the server is stopping'));
    const tooMuch = this.#waiting.length > 0 && this.#waitingWeight + weight > waitingMax.weight;
    if (tooMuch || this.#waiting.length >= waitingMax.jobs) {
      const message = 'too many requests are waiting for the database';
      return Promise.reject(new Fault('server.busy', message, { retry: 'later' }));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ weight, run, resolve, reject });
      this.#waitingWeight += weight;
      this.#wake();
    });
  }

  /**
   * The most facts that a device had best send at once from now on: short batches while many wait,
   * so that all are answered in turn rather than some after all the others.
   */
  get batchMax(): number {
    return this.#waitingWeight > busyWeight ? busyBatchMax : limits.factsPerBatchMax;
  }

  /** Waits for what was submitted and takes nothing more. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#writing > 0 || this.#waiting.length > 0)
      await new Promise((resolve) => setTimeout(resolve, 5));
  }

  /** Begins a unit of work at the end of this turn, unless enough are on their way. */
  #wake(): void {
    if (this.#isWoken || this.#writing >= unitsOnTheWayMax || this.#waiting.length === 0) return;
    this.#isWoken = true;
    setImmediate(() => {
      this.#isWoken = false;
      void this.#writeNext();
    });
  }

  async #writeNext(): Promise<void> {
    this.#writing += 1;
    let batch: readonly Job[] = [];
    try {
      // What is taken is what waits when the turn comes, not what waited when it was asked for.
      await this.#write(() => (batch = this.#take()));
    } catch (error) {
      if (batch.length === 1) batch[0]?.reject(error);
      else await this.#writeApart(batch);
    } finally {
      this.#writing -= 1;
      this.#wake();
    }
  }

  /** The jobs of the next unit of work: short enough that nobody waits long for its commit. */
  #take(): Job[] {
    let weight = 0;
    let count = 0;
    for (const job of this.#waiting) {
      if (count > 0 && weight + job.weight > limits.factsPerCommitMax) break;
      weight += job.weight;
      count += 1;
      if (count >= limits.requestsPerCommitMax) break;
    }
    this.#waitingWeight -= weight;
    return this.#waiting.splice(0, count);
  }

  async #writeApart(batch: readonly Job[]): Promise<void> {
    for (const job of batch) await this.#write(() => [job]).catch(job.reject);
  }

  async #write(take: () => readonly Job[]): Promise<void> {
    const { store, context, clock, committed } = this.#options;
    let batch: readonly Job[] = [];
    const { outcomes, receipt } = await store.transact(
      async (transaction) => {
        const work = new Work(transaction, { ...context(), receivedAt: clock() });
        const done = await runAll(work, batch);
        await work.flush();
        return { outcomes: done, receipt: transaction.head.receipt };
      },
      () => {
        batch = take();
        return hintOf(batch, context().catalogue);
      },
    );
    committed(receipt);
    batch.forEach((job, index) => job.resolve(outcomes[index]));
  }
}

/**
 * What the facts of a unit of work will be asked about: their ids and numbers, and for tubes, which
 * have no row of their own, their earlier facts and records.
 */
function hintOf(batch: readonly Job[], catalogue: Catalogue): Hint {
  const facts = batch.flatMap(({ run }) => (typeof run === 'function' ? [] : run)).filter(isFact);
  const subjects = new Set<string>();
  for (const { subject } of facts) {
    if (catalogue.findSubject(prefixOf(subject))?.subject.recordOnly === true)
      subjects.add(subject);
  }
  return {
    ids: facts.map(({ id }) => id),
    numbers: facts.flatMap(({ deviceId, deviceSeq }) =>
      deviceSeq === null ? [] : [{ deviceId, deviceSeq }],
    ),
    subjects: [...subjects],
    keys: [...subjects].map(keyOf),
  };
}

function isFact(item: Item): item is Extract<Item, { deviceId: string }> {
  return item.kind !== 'set-aside';
}

/** Outcomes in the order of the jobs. */
async function runAll(work: Work, jobs: readonly Job[]): Promise<unknown[]> {
  const batches = await receiveAll(work, jobs);
  const outcomes: unknown[] = [];
  for (const job of jobs) {
    const { run } = job;
    outcomes.push(typeof run === 'function' ? await run(work) : batches.get(job));
  }
  return outcomes;
}

/**
 * Receives the items of all batches as one. Each question to the database is then asked once for
 * all of them, not once a batch, which is most of what a batch takes; every item has its own
 * receipt, so nobody can tell.
 */
async function receiveAll(
  work: Work,
  jobs: readonly Job[],
): Promise<ReadonlyMap<Job, ReceivedBatch>> {
  const batches = jobs.flatMap((job) =>
    typeof job.run === 'function' ? [] : [{ job, items: job.run }],
  );
  if (batches.length === 0) return new Map();
  const all = batches.flatMap(({ items }) => items);
  const { head } = work.transaction;
  const receipts = await receive(
    work,
    all.map((item) => setAsideIfFar(item, head.lamport)),
  );
  let from = 0;
  return new Map(
    batches.map(({ job, items }) => {
      const own = receipts.slice(from, from + items.length);
      from += items.length;
      return [job, { receipts: own, lamport: head.lamport }];
    }),
  );
}

/**
 * A device counts on from the greatest number it has seen, so it is never ahead of headquarters by
 * more than its own facts. One that is would leave all others no numbers below 2^53.
 */
function setAsideIfFar(item: Item, lamport: number): Item {
  if (item.kind === 'set-aside' || !('lamport' in item)) return item;
  if (item.lamport <= lamport + lamportAheadMax) return item;
  const detail = `headquarters has counted to ${lamport}; count on from there`;
  const code = 'ledger.malformed-fact';
  return { kind: 'set-aside', id: item.id, code, where: '/lamport', detail };
}

const lamportAheadMax = 1_000_000_000;
