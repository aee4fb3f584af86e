import type { Fact, RecordedFact } from '../../ledger/fact.ts';
import type { Settlement } from '../../ledger/outbox.ts';
import type { Store } from '../../ledger/ports.ts';
import { Work, type WorkContext } from '../../ledger/settle.ts';
import { type Changes, MemoryStore, type MemoryTransaction } from '../memory/store.ts';
import { Fault } from '../fault.ts';
import { staleIds } from './stale.ts';
import type { Delivery, Keep, Kept, OwnRecord, Writes } from './keep.ts';

/** What is counted although its facts are gone. */
export interface Counters {
  /** Delivered facts that were let go of. */
  readonly letGo: number;
}

/** A unit of work on the device: it may also write beside the record, in the same transaction. */
export interface DeviceTransaction extends MemoryTransaction {
  readonly beside: (write: (writes: Writes) => void) => void;
}

/** Where units of work are written; the simulation has disks of its own. */
type Keeping = Pick<Keep, 'write' | 'close'>;

interface StoreOptions {
  readonly keep: Keeping;
  readonly deviceId: string;
  readonly former?: readonly string[];
  readonly kept: Kept;
}

/**
 * The record on a device: the memory store holds it, and every unit of work is written to
 * IndexedDB in one transaction before it counts. If that fails the memory is as it was before.
 *
 * Own facts go *draft* (in an open tube, no number), *waiting* (numbered), *delivered*
 * (headquarters has it), *covered* (what headquarters has told since includes it); or *set aside*.
 */
export class DeviceStore implements Store {
  readonly memory: MemoryStore;
  #deviceId: string;
  readonly #ownIds: Set<string>;
  readonly #keep: Keeping;
  readonly #own = new Map<string, OwnRecord>();
  readonly #counts: Record<Delivery, number>;
  /** What waits, by number. */
  #waiting: Map<string, OwnRecord> = new Map();
  #letGo: number;
  #beside: ((writes: Writes) => void)[] = [];
  #isLoading = true;
  /** Called after every unit of work with the records and subjects that it changed. */
  onChange: (changes: Changes) => void = () => undefined;

  private constructor({ keep, deviceId, former = [], kept }: StoreOptions) {
    this.#keep = keep;
    this.#deviceId = deviceId;
    this.#ownIds = new Set([deviceId, ...former]);
    this.#counts = { draft: 0, waiting: 0, delivered: 0, covered: 0, 'set-aside': 0 };
    this.memory = new MemoryStore((changes) => this.#journal(changes));
    const counters = kept.meta.get('counters') as Counters | undefined;
    this.#letGo = counters?.letGo ?? 0;
  }

  /** Brings what was kept back into memory and folds it, without what is no longer needed. */
  static async open(options: StoreOptions, context: WorkContext): Promise<DeviceStore> {
    const store = new DeviceStore(options);
    const { own, heard } = await store.#letGoOfStale(options.kept, context.receivedAt);
    const { meta } = options.kept;
    for (const record of own) store.#note(record);
    store.#sortWaiting();
    const isKnown = ({ kind }: Fact): boolean => context.catalogue.findFact(kind) !== undefined;
    const facts = [...own.map(({ fact }) => fact), ...heard].filter(isKnown);
    const head = meta.get('head') as { deviceSeq: number; lamport: number } | undefined;
    await store.memory.transact(async (transaction) => {
      transaction.head.deviceSeq = head?.deviceSeq ?? 0;
      transaction.head.lamport = head?.lamport ?? 0;
      const work = new Work(transaction, context);
      await work.apply(facts);
      await work.settle();
      await work.flush();
    });
    store.#isLoading = false;
    return store;
  }

  async #letGoOfStale(kept: Kept, now: number): Promise<Pick<Kept, 'own' | 'heard'>> {
    const own = kept.own.map(({ fact, delivery }) => ({ fact, isCovered: delivery === 'covered' }));
    const heard = kept.heard.map((fact) => ({ fact, isCovered: true }));
    const stale = staleIds([...own, ...heard], now);
    if (stale.size === 0) return kept;
    const isStale = ({ id }: { id: string }): boolean => stale.has(id);
    const gone = kept.own.filter(isStale);
    const letGo = this.#letGo + gone.length;
    try {
      await this.#keep.write((writes) => {
        for (const { id } of gone) writes.delete('own', id);
        for (const { id } of kept.heard.filter(isStale)) writes.delete('heard', id);
        writes.put('meta', { letGo }, 'counters');
      });
    } catch (error) {
      // A full storage may not even take a deletion; the app opens all the same, with everything.
      if (error instanceof Fault && error.code === 'device.storage-full') return kept;
      throw error;
    }
    this.#letGo = letGo;
    return {
      own: kept.own.filter((record) => !isStale(record)),
      heard: kept.heard.filter((fact) => !isStale(fact)),
    };
  }

  transact<T>(work: (transaction: DeviceTransaction) => Promise<T>): Promise<T> {
    return this.memory.transact((transaction) => {
      this.#beside = [];
      const beside = (write: (writes: Writes) => void): void => void this.#beside.push(write);
      return work({ ...transaction, beside });
    });
  }

  async close(): Promise<void> {
    await this.memory.close();
    this.#keep.close();
  }

  /** The name under which the device records. */
  get deviceId(): string {
    return this.#deviceId;
  }

  /** Goes on under another name, whose numbers begin at 1; what was recorded stays its own. */
  rename(deviceId: string): void {
    this.#deviceId = deviceId;
    this.#ownIds.add(deviceId);
  }

  /** Whether a fact was recorded by this device, under whatever name. */
  isOwn({ deviceId }: Pick<Fact, 'deviceId'>): boolean {
    return this.#ownIds.has(deviceId);
  }

  /** One of the device's own facts; undefined when it is somebody else's or let go of. */
  findOwn(id: string): OwnRecord | undefined {
    return this.#own.get(id);
  }

  /** The device's own facts that have come so far. */
  ownFacts(delivery: Delivery): OwnRecord[] {
    return [...this.#own.values()].filter((record) => record.delivery === delivery);
  }

  /** What waits, lowest number first. */
  waiting(): Iterable<OwnRecord> {
    return this.#waiting.values();
  }

  get waitingCount(): number {
    return this.#waiting.size;
  }

  /** How many facts have come how far, those that were let go of included. */
  counts(): { kept: number; delivered: number; setAside: number; drafts: number } {
    const { draft, waiting, delivered, covered, 'set-aside': setAside } = this.#counts;
    const done = this.#letGo + delivered + covered;
    return { kept: done + draft + waiting + setAside, delivered: done, setAside, drafts: draft };
  }

  /** Keeps what an answer settled. */
  settle({ delivered, setAside, lamport }: Settlement, since: number): Promise<void> {
    const moved = delivered.flatMap(({ id }) => this.#moved(id, { delivery: 'delivered' }));
    for (const { id, code, where, detail } of setAside) {
      const problem = { code, where, detail, since };
      moved.push(...this.#moved(id, { delivery: 'set-aside', problem }));
    }
    return this.move(moved, lamport ?? 0);
  }

  #moved(id: string, to: Pick<OwnRecord, 'delivery' | 'problem'>): OwnRecord[] {
    const record = this.#own.get(id);
    return record === undefined ? [] : [{ id, fact: record.fact, ...to }];
  }

  /** Keeps how far own facts have come, and counts on from headquarters' number. */
  async move(moved: readonly OwnRecord[], lamport = 0): Promise<void> {
    await this.transact(async ({ head, beside }) => {
      head.lamport = Math.max(head.lamport, lamport);
      beside((writes) => {
        for (const record of moved) writes.put('own', record);
      });
    });
    this.noteMoved(moved);
  }

  /** Takes note of how far own facts have come, once that has been kept. */
  noteMoved(moved: readonly OwnRecord[]): void {
    for (const record of moved) this.#note(record);
    this.#sortWaiting();
    this.onChange({ ...nothing, head: this.memory.head });
  }

  /** Delivered facts that the device no longer holds. */
  get letGo(): number {
    return this.#letGo;
  }

  async #journal(changes: Changes): Promise<void> {
    if (this.#isLoading) return;
    const besides = this.#beside;
    const { appended, forgotten } = changes;
    if (appended.length + forgotten.length + besides.length === 0) return;
    const own = appended.filter((fact) => this.isOwn(fact)).map(toOwn);
    const heard = appended.filter((fact) => !this.isOwn(fact));
    const back = new Set(appended.map(({ id }) => id));
    const gone = forgotten.filter((id) => !back.has(id));
    const letGo = this.#letGo + gone.filter((id) => this.#isDone(id)).length;
    await this.#keep.write((writes) => {
      for (const id of gone) writes.delete(this.#own.has(id) ? 'own' : 'heard', id);
      for (const record of own) writes.put('own', record);
      for (const fact of heard) writes.put('heard', fact);
      const { deviceSeq, lamport } = changes.head;
      writes.put('meta', { deviceSeq, lamport }, 'head');
      if (letGo !== this.#letGo) writes.put('meta', { letGo }, 'counters');
      for (const beside of besides) beside(writes);
    });
    this.#letGo = letGo;
    for (const id of gone) this.#drop(id);
    for (const record of own) this.#note(record);
    this.onChange(changes);
  }

  #isDone(id: string): boolean {
    const delivery = this.#own.get(id)?.delivery;
    return delivery === 'delivered' || delivery === 'covered';
  }

  #drop(id: string): void {
    const record = this.#own.get(id);
    if (record === undefined) return;
    this.#counts[record.delivery] -= 1;
    this.#waiting.delete(id);
    this.#own.delete(id);
  }

  #note(record: OwnRecord): void {
    const before = this.#own.get(record.id);
    if (before !== undefined) this.#counts[before.delivery] -= 1;
    this.#counts[record.delivery] += 1;
    this.#own.set(record.id, record);
    if (record.delivery === 'waiting') this.#waiting.set(record.id, record);
    else this.#waiting.delete(record.id);
  }

  #sortWaiting(): void {
    const seq = ({ fact }: OwnRecord): number => fact.deviceSeq ?? 0;
    const sorted = [...this.#waiting.values()].sort((left, right) => seq(left) - seq(right));
    this.#waiting = new Map(sorted.map((record) => [record.id, record]));
  }
}

const nothing = { appended: [], forgotten: [], subjects: [], records: [] };

function toOwn({ receipt: _receipt, receivedAt: _receivedAt, ...fact }: RecordedFact): OwnRecord {
  return { id: fact.id, fact, delivery: fact.deviceSeq === null ? 'draft' : 'waiting' };
}
