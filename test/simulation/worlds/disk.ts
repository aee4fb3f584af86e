import type { Kept, OwnRecord, Table, Writes } from '../../../adapters/device/keep.ts';
import { Fault } from '../../../adapters/fault.ts';
import type { Fact } from '../../../ledger/fact.ts';

type Tables = { readonly [T in Table]: Map<string, unknown> };

/**
 * What survives when a phone's app does not: whole transactions or nothing, as the browser's
 * storage does it. It can be full, and it can be copied, which is what a backup is.
 */
export class Disk {
  isFull = false;
  /** Acts so far, for those who count them to name them. */
  acts = 0;
  readonly #tables: Tables;

  constructor(tables?: Tables) {
    this.#tables = tables ?? {
      meta: new Map(),
      own: new Map(),
      heard: new Map(),
      walkIns: new Map(),
    };
  }

  /** For one run of the app: once it is killed, nothing that it still does is written. */
  open(): Handle {
    return new Handle(this);
  }

  /** Everything as it was kept. */
  load(): Kept {
    const { own, heard, meta, walkIns } = this.#tables;
    return {
      own: [...own.values()] as OwnRecord[],
      heard: [...heard.values()] as Fact[],
      meta,
      walkIns: [...walkIns.values()],
    };
  }

  copy(): Disk {
    const { meta, own, heard, walkIns } = this.#tables;
    const copy = new Disk({
      meta: new Map(meta),
      own: new Map(own),
      heard: new Map(heard),
      walkIns: new Map(walkIns),
    });
    copy.acts = this.acts;
    return copy;
  }

  /** Applies a transaction: everything it wrote, or a fault and nothing. */
  commit(fill: (writes: Writes) => void): void {
    const steps: (() => void)[] = [];
    const tables = this.#tables;
    fill({
      put: (table, value, key) => {
        const at = key ?? keyIn(value);
        steps.push(() => tables[table].set(at, value));
      },
      delete: (table, key) => void steps.push(() => tables[table].delete(key)),
      clear: (table) => void steps.push(() => tables[table].clear()),
    });
    if (this.isFull) throw new Fault('device.storage-full', 'the disk is full', { retry: 'later' });
    for (const step of steps) step();
  }
}

function keyIn(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('id' in value)) return '';
  return String(value.id);
}

/** The disk as one run of the app holds it. */
export class Handle {
  readonly #disk: Disk;
  #isDead = false;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  async write(fill: (writes: Writes) => void): Promise<void> {
    if (this.#isDead) throw new Fault('device.taken-over', 'this run of the app was killed');
    this.#disk.commit(fill);
  }

  close(): void {
    this.#isDead = true;
  }
}
