import type pg from 'pg';
import type { Queryable } from './database.ts';

/** A statement as `pg` takes it. */
type Statement = pg.QueryConfig;

/**
 * A connection on which statements follow each other without waiting for answers.
 *
 * What is *asked* is waited for; what is *sent* is answered for by `sent`. The connection must be
 * one that pipelines (`openDatabase`): PostgreSQL runs what it is sent in order and after a failure
 * refuses the rest of the transaction, so nothing is half done. Statements of one turn of the event
 * loop travel in one write.
 */
export class Line implements Queryable {
  readonly client: pg.PoolClient;
  #waiting: Promise<unknown>[] = [];
  #corked = false;
  /** Whether the transaction's end has been sent: whatever follows is another one's. */
  isCommitted = false;
  /** What went wrong with the connection itself; it cannot be used again. */
  broken: Error | undefined;

  constructor(client: pg.PoolClient) {
    this.client = client;
  }

  readonly query: Queryable['query'] = async (text, values) => {
    this.#cork();
    return this.client.query(text, values);
  };

  /** Asks and waits for the rows. */
  async ask<R extends pg.QueryResultRow>(statement: Statement): Promise<R[]> {
    return (await this.query<R>(statement)).rows;
  }

  /** Sends without waiting; `meaning` says what a failure is called. */
  send(statement: Statement, meaning?: (error: unknown) => unknown): void {
    if (statement.text === 'commit') this.isCommitted = true;
    const answered = this.query(statement);
    const told =
      meaning === undefined
        ? answered
        : answered.catch((error: unknown) => {
            throw meaning(error);
          });
    // Whoever waits for `sent` hears of it; until then it is nobody's.
    told.catch(() => undefined);
    this.#waiting.push(told);
  }

  /** Waits for everything that was sent; throws the first failure. */
  async sent(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    await Promise.all(waiting);
  }

  /** Takes the transaction back; a connection that cannot even do that is given up. */
  async rollBack(): Promise<void> {
    await Promise.allSettled(this.#waiting);
    this.#waiting = [];
    await this.query('rollback').catch((error: unknown) => {
      this.broken = error instanceof Error ? error : new Error(String(error));
    });
  }

  /** Holds the socket's writes until this turn is over. */
  #cork(): void {
    const { stream } = (this.client as Socketed).connection ?? {};
    if (this.#corked || stream === undefined) return;
    this.#corked = true;
    stream.cork();
    queueMicrotask(() => {
      process.nextTick(() => {
        this.#corked = false;
        stream.uncork();
      });
    });
  }
}

/** What `pg` has and its types do not name. */
type Socketed = pg.PoolClient & {
  readonly connection?: { readonly stream?: { cork(): void; uncork(): void } };
};
