import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { openDevice } from '../../adapters/device/open.ts';
import type { Device } from '../../adapters/device/types.ts';
import type { DeviceWorld } from '../../adapters/device/world.ts';
import type { Json } from '../../kernel/assert.ts';
import { Random } from '../../kernel/random.ts';
import { communities } from './people.ts';
import { password, type TestServer } from './server.ts';

/** A phone of the tests: its storage outlives the app, its clocks are turned by hand. */
export class Phone {
  readonly indexedDB: IDBFactory = new IDBFactory();
  readonly #random: Random;
  readonly #timers = new Set<() => void>();
  /** Put into the wall clock: what somebody set it wrong by. */
  wallOffsetMs = 0;
  isOnline = true;
  #network: () => void = () => undefined;

  constructor(seed = 1) {
    this.#random = new Random(seed);
  }

  /** Opens the app on this phone. */
  open(baseUrl: string, given: Partial<DeviceWorld> = {}): Promise<Device> {
    return openDevice({ ...this.world(baseUrl), ...given });
  }

  /** What the phone gives the app. */
  world(baseUrl: string): DeviceWorld {
    return {
      indexedDB: this.indexedDB,
      baseUrl,
      fetch: async (input, init) => {
        if (!this.isOnline) throw new TypeError('fetch failed');
        return fetch(input, init);
      },
      locks: null,
      storage: null,
      clocks: {
        wall: () => Date.now() + this.wallOffsetMs,
        monotonic: () => performance.now(),
      },
      draw: () => this.#random.unit(),
      crypto: globalThis.crypto,
      timer: (ms, ring) => {
        const timer = setTimeout(ring, ms);
        const cancel = (): void => {
          clearTimeout(timer);
          this.#timers.delete(cancel);
        };
        this.#timers.add(cancel);
        return cancel;
      },
      app: { version: 'test' },
      network: {
        isOnline: () => this.isOnline,
        subscribe: (changed) => {
          this.#network = changed;
          return () => undefined;
        },
      },
    };
  }

  /** The network goes or comes back. */
  setOnline(isOnline: boolean): void {
    this.isOnline = isOnline;
    this.#network();
  }

  /** Kills the app: nothing is closed, nothing is said; only its timers end with it. */
  kill(): void {
    for (const cancel of this.#timers) cancel();
  }
}

/** Waits until the device's status is as wanted. */
export function until(
  device: Device,
  isSo: (status: ReturnType<Device['status']>) => boolean,
): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!isSo(device.status())) return;
      forget();
      resolve();
    };
    const forget = device.subscribe(look);
    look();
  });
}

/** The community that the phones of the tests work in. */
export const community = communities[0];

let serial = 0;

/** An act identifier that nobody has used. */
export function phoneActId(): string {
  serial += 1;
  return `phone-act-${process.pid}-${String(serial).padStart(6, '0')}`;
}

/** A label that nobody has used: eight characters, none of our own series. */
export function newLabel(letter = 'T'): string {
  serial += 1;
  return `${letter}${String(serial).padStart(7, '0')}`;
}

/** Opens a round for everybody. */
export async function openRound(server: TestServer, round = 'R1'): Promise<void> {
  const now = Date.now();
  await server.admin.must('screening.open-round', {
    round,
    place: '310113',
    label: { en: 'Round 1', zh: '第一轮' },
    areas: ['310113'],
    group: null,
    poolSize: 10,
    startsAt: now - 3_600_000,
    endsAt: now + 36_000_000,
  });
}

/** A phone with somebody signed in and their community loaded. */
export async function readyDevice(
  server: TestServer,
  phone: Phone,
  account = 'li',
): Promise<Device> {
  const device = await phone.open(server.url);
  await device.signIn(account, password);
  await device.loadPackage(community);
  return device;
}

/** Does an act that must be kept. */
export async function must(device: Device, name: string, body: Json): Promise<void> {
  const done = await device.act(name, body, phoneActId());
  if (done.kind === 'kept') return;
  throw new Error(`${name}: ${done.code} ${JSON.stringify(done.details)}`);
}

/** Opens a tube on the device. */
export function openTube(device: Device, tube: string, poolSize = 5): Promise<void> {
  const body = { tube, place: community, round: 'R1', poolSize, point: 'SP1' };
  return must(device, 'screening.open-tube', body);
}

/** Fills and seals a tube on the device. */
export async function sealTube(
  device: Device,
  tube: string,
  persons: readonly number[],
): Promise<void> {
  await openTube(device, tube);
  for (const person of persons) await must(device, 'screening.add-person', { tube, person });
  await must(device, 'screening.seal-tube', { tube });
}

/** What headquarters has of a device, by number. */
export function factsOf(server: TestServer, device: Device): Promise<FactSeen[]> {
  return server.column<FactSeen>(
    `select json_build_object('kind', kind, 'subject', subject, 'seq', device_seq, 'body', body,
       'actor', actor) from facts where device_id = $1 order by device_seq`,
    [device.id],
  );
}

interface FactSeen {
  readonly kind: string;
  readonly subject: string;
  readonly seq: number;
  readonly body: Json;
  readonly actor: string;
}

/**
 * Fills the storage up: from the write of this number on (0 is the next) each fails as a browser's
 * does. Gives what frees it again. The browser is what is stood in for, not a part of ours.
 */
export function fillStorage(afterWrites: number): () => void {
  const { prototype } = IDBObjectStore;
  const whole = Object.getOwnPropertyDescriptor(prototype, 'put') ?? {};
  let writes = 0;
  const value = function put(this: object, ...values: readonly unknown[]): unknown {
    writes += 1;
    if (writes > afterWrites) throw new DOMException('no space left', 'QuotaExceededError');
    return Reflect.apply(whole.value as () => unknown, this, values);
  };
  Object.defineProperty(prototype, 'put', { ...whole, value });
  return () => void Object.defineProperty(prototype, 'put', whole);
}
