import type pg from 'pg';
import { receiptChannel } from './fact-store.ts';
import { rosterChannel } from './roster.ts';

/** What a server does with what the others on its database say. */
export interface Followed {
  /** Another program changed the register. */
  readonly roster: (by: string, change: string) => Promise<void>;
  readonly receipt: (receipt: number) => void;
  /** The line was down: whatever was said meanwhile must be looked up. */
  readonly missed: () => Promise<void>;
}

const retryMsMin = 500;
const retryMsMax = 30_000;

/**
 * Hears what the other servers of a database have changed, on a connection of its own.
 *
 * States: *listening*; *broken* when PostgreSQL drops the connection, tried again after 0.5 s, then
 * after twice as long each time up to half a minute; *closed*.
 */
export class Listening {
  readonly #pool: pg.Pool;
  readonly #followed: Followed;
  #client: pg.PoolClient | null = null;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  private constructor(pool: pg.Pool, followed: Followed) {
    this.#pool = pool;
    this.#followed = followed;
  }

  /** Resolves when it listens. */
  static async open(pool: pg.Pool, followed: Followed): Promise<Listening> {
    const listening = new Listening(pool, followed);
    await listening.#connect();
    return listening;
  }

  /** Ends the connection, and tries no more. */
  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#drop();
  }

  async #connect(): Promise<void> {
    const client = await this.#pool.connect();
    this.#client = client;
    client.on('notification', ({ channel, payload = '' }) => {
      if (channel === receiptChannel) return this.#followed.receipt(Number(payload));
      const [by = '', change = ''] = payload.split(' ');
      void this.#followed.roster(by, change).catch(() => undefined);
    });
    client.on('error', () => this.#broken(retryMsMin));
    await client.query(`listen ${rosterChannel}; listen ${receiptChannel}`);
  }

  #broken(afterMs: number): void {
    this.#drop();
    if (this.#closed || this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#again().catch(() => this.#broken(Math.min(retryMsMax, afterMs * 2)));
    }, afterMs);
  }

  async #again(): Promise<void> {
    await this.#connect();
    if (this.#closed) return this.#drop();
    // First listening, then looking: what is said in between is heard twice and never missed.
    await this.#followed.missed();
  }

  #drop(): void {
    const client = this.#client;
    this.#client = null;
    client?.release(true);
  }
}
