import type { Actor } from '../../ledger/access.ts';
import type { Catalogue, PolicyBook } from '../../ledger/catalogue.ts';
import type { WorkContext } from '../../ledger/settle.ts';
import { Fault } from '../fault.ts';
import type { DeviceClock } from './clock.ts';
import type { Headquarters } from './headquarters.ts';
import type { Keep, Kept, Writes } from './keep.ts';
import { type KeptPackage, Register } from './roster.ts';
import type { Sessions } from './sessions.ts';
import { Standing } from './standing.ts';
import { DeviceStore } from './store.ts';
import type { Fate } from './types.ts';
import type { WalkInRecord } from './walk-ins.ts';
import type { DeviceWorld, Identity } from './world.ts';

/** What a device is put together from. */
export interface DeviceParts {
  readonly world: DeviceWorld;
  readonly keep: Keep;
  readonly kept: Kept;
  readonly release: () => void;
  readonly catalogue: Catalogue;
  readonly headquarters: Headquarters;
  readonly clock: DeviceClock;
  readonly identity: Identity;
  readonly sessions: Sessions;
  readonly package: KeptPackage;
  readonly fates: readonly Fate[];
  readonly fatesRead: readonly string[];
  readonly packing: Packing;
  readonly numberUsed: number | null;
  readonly walkIns: readonly WalkInRecord[];
}

/** Tubes that lie in boxes which nobody has sealed yet, by box: no facts before the sealing. */
export type Packing = Readonly<Record<string, readonly string[]>>;

/** What stands beside the record in the storage, by its key there. */
interface Beside {
  identity: Identity;
  sessions: Sessions;
  package: KeptPackage;
  fates: readonly Fate[];
  /** Digests of those that somebody has read. */
  fatesRead: readonly string[];
  numberUsed: number | null;
  packing: Packing;
}

/**
 * Everything that a device holds in memory, each part as it is kept. A part is replaced only after
 * the storage has it, so what screens see was kept.
 */
export class Holdings {
  readonly parts: DeviceParts;
  #beside: Beside;
  #store: DeviceStore;
  #register: Register;
  #standing: Standing;
  readonly #walkIns: Map<string, WalkInRecord>;
  readonly #changed: () => void;
  #tail: Promise<unknown> = Promise.resolve();

  private constructor(parts: DeviceParts, store: DeviceStore, changed: () => void) {
    const { identity, sessions, fates, fatesRead, numberUsed, packing } = parts;
    this.parts = parts;
    const { package: held } = parts;
    this.#beside = { identity, sessions, package: held, fates, fatesRead, numberUsed, packing };
    this.#store = store;
    this.#register = new Register(parts.package);
    this.#standing = new Standing(store, this.#register);
    this.#walkIns = new Map(parts.walkIns.map((record) => [record.id, record]));
    this.#changed = changed;
    this.#listen();
  }

  /** Folds what was kept. */
  static async open(parts: DeviceParts, changed: () => void): Promise<Holdings> {
    const store = await openStore(parts, parts.kept, parts);
    return new Holdings(parts, store, changed);
  }

  #listen(): void {
    this.#store.onChange = (changes) => {
      this.#standing.follow(changes);
      this.#changed();
    };
  }

  get store(): DeviceStore {
    return this.#store;
  }

  get register(): Register {
    return this.#register;
  }

  get standing(): Standing {
    return this.#standing;
  }

  get identity(): Identity {
    return this.#beside.identity;
  }

  get sessions(): Sessions {
    return this.#beside.sessions;
  }

  get package(): KeptPackage {
    return this.#beside.package;
  }

  get fates(): readonly Fate[] {
    return this.#beside.fates;
  }

  get fatesRead(): readonly string[] {
    return this.#beside.fatesRead;
  }

  get numberUsed(): number | null {
    return this.#beside.numberUsed;
  }

  get packing(): Packing {
    return this.#beside.packing;
  }

  get walkIns(): readonly WalkInRecord[] {
    return [...this.#walkIns.values()];
  }

  /** Settings in force at the places of the device. */
  get policy(): PolicyBook {
    return { ...this.parts.catalogue.policyDefaults(), ...this.package.policy };
  }

  /** What a unit of work is given. */
  context(): WorkContext {
    const { catalogue, clock } = this.parts;
    const { registers } = this.#register;
    return { catalogue, policy: this.policy, registers, receivedAt: clock.now() };
  }

  /** Who works on the device; throws when nobody is signed in. */
  actor(): Actor {
    const { current } = this.sessions;
    if (current === null) throw new Fault('device.signed-out', 'nobody is signed in');
    return current;
  }

  /** One after another: acts, what is learnt, and what is let go of never overlap. */
  inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(run);
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  /** Keeps parts, and whatever else goes with them, in one transaction; then shows them. */
  async put(
    parts: Partial<Beside>,
    also: (writes: Writes) => void = () => undefined,
  ): Promise<void> {
    await this.parts.keep.write((writes) => {
      writeBeside(writes, parts);
      also(writes);
    });
    this.show(parts);
  }

  /** Shows parts that a unit of work has kept beside it. */
  show(parts: Partial<Beside>): void {
    this.#beside = { ...this.#beside, ...parts };
    if (parts.package !== undefined) {
      this.#register = new Register(parts.package);
      this.#standing = new Standing(this.#store, this.#register);
    }
    this.#changed();
  }

  /** Shows a registration that has been kept. */
  showWalkIn(record: WalkInRecord): void {
    this.#walkIns.set(record.id, record);
    this.#changed();
  }

  /** Reads everything again from the storage, after it was written past the record in memory. */
  async reopen(): Promise<void> {
    const kept = await this.parts.keep.load();
    const before = this.#store;
    this.#store = await openStore(this.parts, kept, this.#beside);
    before.onChange = () => undefined;
    this.#walkIns.clear();
    for (const record of kept.walkIns as readonly WalkInRecord[])
      this.#walkIns.set(record.id, record);
    this.#standing = new Standing(this.#store, this.#register);
    this.#listen();
    this.#changed();
  }
}

/** Writes parts under their keys. */
export function writeBeside(writes: Writes, parts: Partial<Beside>): void {
  for (const [key, value] of Object.entries(parts)) writes.put('meta', value, key);
}

function openStore(
  { keep, catalogue, clock }: DeviceParts,
  kept: Kept,
  { identity, package: held }: Pick<Beside, 'identity' | 'package'>,
): Promise<DeviceStore> {
  const policy = { ...catalogue.policyDefaults(), ...held.policy };
  const { registers } = new Register(held);
  const { id: deviceId, former = [] } = identity;
  return DeviceStore.open(
    { keep, kept, deviceId, former },
    {
      ...{ catalogue, policy, registers },
      receivedAt: clock.now(),
    },
  );
}
