import type { Fact } from '../../ledger/fact.ts';
import { Fault } from '../fault.ts';

/** How far one of the device's own facts has come. */
export type Delivery = 'draft' | 'waiting' | 'delivered' | 'covered' | 'set-aside';

/** One of the device's own facts with how far it has come. */
export interface OwnRecord {
  readonly id: string;
  readonly fact: Fact;
  readonly delivery: Delivery;
  /** Why headquarters set it aside, and since when. */
  readonly problem?: {
    readonly code: string;
    readonly where: string;
    readonly detail: string;
    readonly since: number;
  };
}

/** Everything that the device keeps, as it stood when it was opened. */
export interface Kept {
  readonly own: readonly OwnRecord[];
  readonly heard: readonly Fact[];
  readonly meta: ReadonlyMap<string, unknown>;
  readonly walkIns: readonly unknown[];
}

/** The tables of the device. Later versions only add to them. */
export const tables = ['meta', 'own', 'heard', 'walkIns'] as const;
export type Table = (typeof tables)[number];

const databaseVersion = 1;

/** What one transaction writes. All of it is kept, or nothing. */
export interface Writes {
  put(table: Table, value: unknown, key?: string): void;
  delete(table: Table, key: string): void;
  clear(table: Table): void;
}

/** Called when this copy of the program may no longer write: why, as a code. */
export type Ousted = (code: OustedBy) => void;

/** Why this copy of the program may no longer write. */
export type OustedBy = 'device.newer-app' | 'device.taken-over' | 'device.storage-failed';

/**
 * The device's storage: one IndexedDB database, written in whole transactions.
 *
 * States: *open*; *ousted* when a newer program or another tab has taken over, after which every
 * write fails. Each transaction first reads the epoch that its opener put there and gives up when
 * another has opened since, so a tab that was frozen in mid-act cannot write behind the back of
 * the one that took over, locks or no locks.
 */
export class Keep {
  readonly #database: IDBDatabase;
  readonly #epoch: number;
  readonly #ousted: Ousted;
  #oustedBy: string | null = null;

  private constructor(database: IDBDatabase, epoch: number, ousted: Ousted) {
    this.#database = database;
    this.#epoch = epoch;
    this.#ousted = ousted;
    // An upgrade in another tab waits for us: we close, and the screen asks to load the page again.
    database.addEventListener('versionchange', () => this.oust('device.newer-app'));
    // Closed from outside: somebody cleared the browser's data, or the system did.
    database.addEventListener('close', () => this.oust('device.storage-failed'));
  }

  /** Opens or makes the database, and takes over from whoever had it open before. */
  static async open(factory: IDBFactory, name: string, ousted: Ousted): Promise<Keep> {
    const database = await openDatabase(factory, name);
    let epoch = 0;
    await run(database, ['meta'], (transaction) => {
      const meta = transaction.objectStore('meta');
      const asked = meta.get('epoch');
      asked.onsuccess = () => {
        epoch = (typeof asked.result === 'number' ? asked.result : 0) + 1;
        meta.put(epoch, 'epoch');
      };
    });
    return new Keep(database, epoch, ousted);
  }

  /** Reads everything at once. */
  async load(): Promise<Kept> {
    const { result } = await this.#read((transaction) => {
      const meta = transaction.objectStore('meta');
      const asked = {
        own: transaction.objectStore('own').getAll(),
        heard: transaction.objectStore('heard').getAll(),
        walkIns: transaction.objectStore('walkIns').getAll(),
        keys: meta.getAllKeys(),
        values: meta.getAll(),
      };
      return () => ({
        // The tables hold what this program put there, in the form of `databaseVersion`.
        own: asked.own.result as OwnRecord[],
        heard: asked.heard.result as Fact[],
        walkIns: asked.walkIns.result as unknown[],
        meta: new Map(asked.keys.result.map((key, n) => [String(key), asked.values.result[n]])),
      });
    });
    return result;
  }

  async #read<T>(ask: (transaction: IDBTransaction) => () => T): Promise<{ result: T }> {
    let answer: (() => T) | null = null;
    await run(
      this.#database,
      tables,
      (transaction) => {
        answer = ask(transaction);
      },
      'readonly',
    );
    const ready = answer as (() => T) | null;
    if (ready === null) throw new Fault('device.storage-failed', 'nothing was asked');
    return { result: ready() };
  }

  /** Writes in one strictly durable transaction; when it fails, nothing of it is kept. */
  async write(fill: (writes: Writes) => void): Promise<void> {
    if (this.#oustedBy !== null) throw new Fault(this.#oustedBy, 'this tab no longer writes');
    let isOurs = true;
    await run(this.#database, tables, (transaction, guard) => {
      const asked = transaction.objectStore('meta').get('epoch');
      asked.onsuccess = () => {
        isOurs = asked.result === this.#epoch;
        if (!isOurs) return;
        guard(() => {
          fill(writesOf(transaction));
          // Nothing more is asked, so the storage need not tell of each write before it ends.
          transaction.commit();
        });
      };
    });
    if (isOurs) return;
    this.oust('device.taken-over');
    throw new Fault('device.taken-over', 'another tab has taken over');
  }

  /** Stops writing for good. */
  oust(code: OustedBy): void {
    if (this.#oustedBy !== null) return;
    this.#oustedBy = code;
    this.#database.close();
    this.#ousted(code);
  }

  /** Closes the database; nobody is told. */
  close(): void {
    this.#oustedBy ??= 'device.taken-over';
    this.#database.close();
  }
}

function writesOf(transaction: IDBTransaction): Writes {
  return {
    put: (table, value, key) => {
      if (key === undefined) transaction.objectStore(table).put(value);
      else transaction.objectStore(table).put(value, key);
    },
    delete: (table, key) => void transaction.objectStore(table).delete(key),
    clear: (table) => void transaction.objectStore(table).clear(),
  };
}

function openDatabase(factory: IDBFactory, name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = factory.open(name, databaseVersion);
    asked.addEventListener('upgradeneeded', () => {
      const database = asked.result;
      const has = (table: string): boolean => database.objectStoreNames.contains(table);
      if (!has('meta')) database.createObjectStore('meta');
      for (const table of ['own', 'heard', 'walkIns']) {
        if (!has(table)) database.createObjectStore(table, { keyPath: 'id' });
      }
    });
    let isGivenUp = false;
    asked.addEventListener('error', () => reject(faultOf(asked.error)));
    asked.addEventListener('success', () => {
      // Given up and open after all, it must not stand in the way of the next attempt.
      if (isGivenUp) asked.result.close();
      else resolve(asked.result);
    });
    asked.addEventListener('blocked', () => {
      const message = 'another tab holds an older form of the storage open';
      reject(new Fault('device.upgrade-blocked', message, { retry: 'later' }));
      isGivenUp = true;
    });
  });
}

/** Runs a step in a transaction; what it throws ends the transaction and is its cause. */
type Guard = (step: () => void) => void;

/** Runs one transaction to its end: resolves once it is complete, rejects when nothing was kept. */
function run(
  database: IDBDatabase,
  scope: readonly Table[],
  fill: (transaction: IDBTransaction, guard: Guard) => void,
  mode: 'readwrite' | 'readonly' = 'readwrite',
): Promise<void> {
  return new Promise((resolve, reject) => {
    let cause: unknown = null;
    try {
      const transaction = database.transaction(scope, mode, { durability: 'strict' });
      transaction.addEventListener('complete', () => resolve());
      transaction.addEventListener('abort', () => reject(faultOf(cause ?? transaction.error)));
      const guard: Guard = (step) => {
        try {
          step();
        } catch (error) {
          cause = error;
          transaction.abort();
        }
      };
      guard(() => fill(transaction, guard));
    } catch (error) {
      reject(faultOf(error));
    }
  });
}

/** What the storage said, as a fault: full, of a newer form, or broken. */
function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  const message = error instanceof Error ? error.message : 'the storage gave no reason';
  if (name === 'QuotaExceededError') {
    return new Fault('device.storage-full', message, { cause: error, retry: 'later' });
  }
  if (name === 'VersionError') return new Fault('device.newer-app', message, { cause: error });
  return new Fault('device.storage-failed', message, { cause: error, retry: 'later' });
}
