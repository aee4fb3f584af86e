import { Fault } from '../fault.ts';
import type { Clocks } from './clock.ts';

/** Everything that a device is given from outside; tests and simulations give their own. */
export interface DeviceWorld {
  readonly indexedDB: IDBFactory;
  readonly fetch: typeof fetch;
  /** Where headquarters is: `''` in a browser, which is served by it. */
  readonly baseUrl: string;
  /** Web Locks; without them only the epoch in the storage keeps two tabs apart. */
  readonly locks: Pick<LockManager, 'request'> | null;
  readonly storage: Pick<StorageManager, 'estimate' | 'persist'> | null;
  readonly clocks: Clocks;
  /** A draw in [0, 1). */
  readonly draw: () => number;
  readonly crypto: Pick<Crypto, 'getRandomValues'>;
  /** Calls back once after so many milliseconds; gives what takes it back. */
  readonly timer: (ms: number, ring: () => void) => () => void;
  readonly app: { readonly version: string };
  readonly network?: Network;
  /** Takes over from another tab that has the device open. */
  readonly takeOver?: boolean;
  /** Name of the database; several devices may live in one browser. */
  readonly name?: string;
}

/** What the system says of the network. */
export interface Network {
  readonly isOnline: () => boolean;
  readonly subscribe: (changed: () => void) => () => void;
}

/** The world of a browser tab. */
export function browserWorld(app: { readonly version: string }): DeviceWorld {
  return {
    indexedDB: globalThis.indexedDB,
    fetch: (input, init) => globalThis.fetch(input, init),
    baseUrl: '',
    // An insecure page has neither, whatever the types say.
    locks: navigator.locks ?? null,
    storage: navigator.storage ?? null,
    clocks: { wall: () => Date.now(), monotonic: () => performance.now() },
    draw: () => Math.random(),
    crypto: globalThis.crypto,
    timer: (ms, ring) => {
      const timer = setTimeout(ring, ms);
      return () => clearTimeout(timer);
    },
    app,
    network: {
      isOnline: () => navigator.onLine,
      subscribe: (changed) => {
        addEventListener('online', changed);
        addEventListener('offline', changed);
        return () => {
          removeEventListener('online', changed);
          removeEventListener('offline', changed);
        };
      },
    },
  };
}

/**
 * Holds the one lock of the device until it is released. Throws when another tab has it and this
 * one was not told to take over; `lost` is called when another tab takes over later.
 */
export function holdLock(
  { locks, takeOver = false, name = databaseName }: DeviceWorld,
  lost: () => void,
): Promise<() => void> {
  if (locks === null) return Promise.resolve(() => undefined);
  return new Promise((resolve, reject) => {
    const options: LockOptions = takeOver ? { steal: true } : { ifAvailable: true };
    const held = locks.request(name, options, (lock) => {
      if (lock === null) {
        reject(new Fault('device.open-elsewhere', 'another tab has the device open'));
        return undefined;
      }
      return new Promise<void>((release) => resolve(release));
    });
    held.catch((error: unknown) => {
      const message = 'the lock of the device was lost';
      reject(new Fault('device.open-elsewhere', message, { cause: error }));
      lost();
    });
  });
}

/** The database's name unless the world says otherwise. */
export const databaseName = 'sextant-field';

/** Who the device is: its name on every fact, and the secret that proves it. */
export interface Identity {
  readonly id: string;
  readonly key: string;
  /** Whether headquarters knows the key. */
  readonly isRegistered: boolean;
  /** Names under which it recorded before it was found to be restored from a copy. */
  readonly former?: readonly string[];
}

const base32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** So many characters of chance, five bits each. */
export function drawText(crypto: DeviceWorld['crypto'], size: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(size));
  return Array.from(bytes, (byte) => base32[byte & 31] ?? 'a').join('');
}
