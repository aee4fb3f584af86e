import { limits } from '../../kernel/limits.ts';
import type { Instant } from '../../kernel/instant.ts';
import type { Store } from '../../ledger/ports.ts';
import { Work, type WorkContext } from '../../ledger/settle.ts';
import { Fault } from '../fault.ts';

interface Job {
  readonly run: (work: Work) => Promise<unknown>;
  readonly resolve: (outcome: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface WriterOptions {
  readonly store: Store;
  /** Read anew for every unit of work, so that a new roster or policy is used at once. */
  readonly context: () => Omit<WorkContext, 'receivedAt'>;
  readonly clock: () => Instant;
  /** Called with the last receipt after every commit. */
  readonly committed: (receipt: number) => void;
}

/** Jobs that may wait; beyond it a caller is told to come back rather than kept waiting. */
const waitingMax = 10_000;

/**
 * Self-clocked group commit: while one transaction is on its way, jobs gather; when it is back,
 * they go together in the next. Nobody is answered before the commit that holds their facts.
 *
 * States: *idle*; *writing* one batch; when a batch fails, *apart*: its jobs run one transaction
 * each, so that a job which cannot be done fails alone.
 */
export class Writer {
  readonly #options: WriterOptions;
  #waiting: Job[] = [];
  #writing = false;
  #closed = false;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** Runs the job in the next unit of work and answers after its commit. */
  submit<T>(run: (work: Work) => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new Fault('server.stopping', 'the server is stopping'));
    if (this.#waiting.length >= waitingMax) {
      const message = 'too many requests are waiting for the database';
      return Promise.reject(new Fault('server.busy', message, { retry: 'later' }));
    }
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ run, resolve: resolve as (outcome: unknown) => void, reject });
      if (!this.#writing) {
        this.#writing = true;
        setImmediate(() => void this.#writeAll());
      }
    });
  }

  /** Waits for what was submitted and takes nothing more. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#writing) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, limits.requestsPerCommitMax);
      try {
        await this.#write(batch);
      } catch (error) {
        if (batch.length === 1) batch[0]?.reject(error);
        else await this.#writeApart(batch);
      }
    }
    this.#writing = false;
  }

  async #writeApart(batch: readonly Job[]): Promise<void> {
    for (const job of batch) await this.#write([job]).catch(job.reject);
  }

  async #write(batch: readonly Job[]): Promise<void> {
    const { store, context, clock, committed } = this.#options;
    const { outcomes, receipt } = await store.transact(async (transaction) => {
      const work = new Work(transaction, { ...context(), receivedAt: clock() });
      const done: unknown[] = [];
      for (const job of batch) done.push(await job.run(work));
      await work.flush();
      return { outcomes: done, receipt: transaction.head.receipt };
    });
    committed(receipt);
    batch.forEach((job, index) => job.resolve(outcomes[index]));
  }
}
