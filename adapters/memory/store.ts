import type { Duty, Finding } from '../../ledger/derive.ts';
import type { Fact, RecordedFact } from '../../ledger/fact.ts';
import type {
  DerivedRow,
  Head,
  RecordRow,
  Store,
  SubjectRow,
  Transaction,
} from '../../ledger/ports.ts';

/** Two holders of one bed, seat or well: the store refuses the second. */
export class SlotTaken extends Error {
  override name = 'SlotTaken';
}

/** What one unit of work changed: told before it counts, so that it can be kept elsewhere. */
export interface Changes {
  readonly appended: readonly RecordedFact[];
  /** Ids of facts that this store no longer holds. */
  readonly forgotten: readonly string[];
  readonly subjects: readonly string[];
  readonly records: readonly string[];
  readonly head: Readonly<Head>;
}

/** Keeps what a unit of work changed; when it throws, the unit of work has not happened. */
export type Journal = (changes: Changes) => Promise<void>;

/** A unit of work that may also let go of facts, which only a copy of the record may do. */
export interface MemoryTransaction extends Transaction {
  readonly forget: (ids: readonly string[]) => void;
}

/**
 * The whole record in memory: for tests, simulation, small worlds, and as a phone's own copy. It
 * keeps the promises of the PostgreSQL store (`test/contracts` runs one suite on both) except
 * surviving its process, which is what a journal adds.
 */
export class MemoryStore implements Store {
  readonly facts = new Map<string, RecordedFact>();
  readonly subjects = new Map<string, SubjectRow>();
  readonly records = new Map<string, RecordRow>();
  readonly derived = new Map<string, DerivedRow>();
  readonly head: Head = { receipt: 0, lamport: 0, deviceSeq: 0 };
  readonly influences = new Map<string, readonly Fact[]>();
  readonly #bySubject = new Map<string, RecordedFact[]>();
  readonly #sourcesOn = new Map<string, ReadonlySet<string>>();
  readonly #numbers = new Map<string, string>();
  readonly #slots = new Map<string, string>();
  readonly #journal: Journal | null;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(journal: Journal | null = null) {
    this.#journal = journal;
  }

  transact<T>(
    work: (transaction: MemoryTransaction) => Promise<T>,
    prepare?: () => unknown,
  ): Promise<T> {
    const turn = this.#tail.then(() => {
      prepare?.();
      return this.#run(work);
    });
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  async close(): Promise<void> {
    await this.#tail;
  }

  /** Facts on record of one subject, in no particular order. */
  factsOn(subject: string): readonly RecordedFact[] {
    return this.#bySubject.get(subject) ?? [];
  }

  /** Open and ended duties of all subjects. */
  duties(): (Duty & { subject: string })[] {
    return [...this.derived.values()].flatMap(({ subject, duties }) =>
      duties.map((duty) => ({ subject, ...duty })),
    );
  }

  /** Findings of all subjects. */
  findings(): (Finding & { subject: string })[] {
    return [...this.derived.values()].flatMap(({ subject, findings }) =>
      findings.map((finding) => ({ subject, ...finding })),
    );
  }

  async #run<T>(work: (transaction: MemoryTransaction) => Promise<T>): Promise<T> {
    const undo: (() => void)[] = [];
    const headBefore = { ...this.head };
    const changes = { appended: [], forgotten: [], subjects: [], records: [], head: this.head };
    try {
      const outcome = await work(this.#transaction(undo, changes));
      await this.#journal?.(changes);
      return outcome;
    } catch (error) {
      for (const step of undo.reverse()) step();
      Object.assign(this.head, headBefore);
      throw error;
    }
  }

  #transaction(undo: (() => void)[], changes: OpenChanges): MemoryTransaction {
    const set = <V>(map: Map<string, V>, key: string, value: V): void => {
      const before = map.get(key);
      undo.push(before === undefined ? () => map.delete(key) : () => map.set(key, before));
      map.set(key, value);
    };
    return {
      head: this.head,
      recorded: async (ids) => pick(this.facts, ids),
      numbered: async (pairs) =>
        pick(
          this.#numbers,
          pairs.map(({ deviceId, deviceSeq }) => `${deviceId}/${deviceSeq}`),
        ),
      factsOf: async (subjects) => subjects.flatMap((key) => this.#bySubject.get(key) ?? []),
      subjectsOf: async (subjects) => pick(this.subjects, subjects),
      recordsOf: async (keys) => pick(this.records, keys),
      append: async (facts) => {
        changes.appended.push(...facts);
        for (const fact of facts) {
          set(this.facts, fact.id, fact);
          set(this.#bySubject, fact.subject, [...(this.#bySubject.get(fact.subject) ?? []), fact]);
          if (fact.deviceSeq !== null) {
            set(this.#numbers, `${fact.deviceId}/${fact.deviceSeq}`, fact.id);
          }
        }
      },
      saveSubjects: async (rows) => {
        for (const row of rows) {
          changes.subjects.push(row.subject);
          set(this.subjects, row.subject, row);
        }
      },
      saveRecords: async (rows) => {
        for (const row of rows) {
          changes.records.push(row.state.key);
          set(this.records, row.state.key, row);
        }
      },
      influencesOn: async (subjects) =>
        subjects.flatMap((subject) =>
          [...(this.#sourcesOn.get(subject) ?? [])].flatMap((source) =>
            (this.influences.get(source) ?? [])
              .filter((fact) => fact.subject === subject)
              .map((fact) => ({ source, fact })),
          ),
        ),
      saveInfluences: async (bySource) => {
        for (const [source, facts] of bySource) {
          set(this.influences, source, facts);
          for (const { subject } of facts) {
            set(
              this.#sourcesOn,
              subject,
              new Set([...(this.#sourcesOn.get(subject) ?? []), source]),
            );
          }
        }
      },
      saveDerived: async (rows) => this.#saveDerived(rows, { undo, set }),
      forget: (ids) => {
        for (const id of ids) this.#forget(id, { undo, set });
        changes.forgotten.push(...ids);
      },
    };
  }

  #forget(id: string, { undo, set }: Undoable): void {
    const fact = this.facts.get(id);
    if (fact === undefined) return;
    this.facts.delete(id);
    undo.push(() => this.facts.set(id, fact));
    const others = (this.#bySubject.get(fact.subject) ?? []).filter((other) => other.id !== id);
    set(this.#bySubject, fact.subject, others);
  }

  #saveDerived(rows: readonly DerivedRow[], { undo, set }: Undoable): void {
    for (const row of rows) {
      for (const slot of this.derived.get(row.subject)?.slots ?? []) {
        const key = `${slot.resource}#${slot.index}`;
        if (this.#slots.get(key) !== row.subject) continue;
        this.#slots.delete(key);
        undo.push(() => this.#slots.set(key, row.subject));
      }
    }
    for (const row of rows) {
      for (const slot of row.slots) {
        const key = `${slot.resource}#${slot.index}`;
        const holder = this.#slots.get(key);
        if (holder !== undefined) throw new SlotTaken(`${key} is held by ${holder}`);
        set(this.#slots, key, row.subject);
      }
      set(this.derived, row.subject, row);
    }
  }
}

interface Undoable {
  readonly undo: (() => void)[];
  readonly set: <V>(map: Map<string, V>, key: string, value: V) => void;
}

interface OpenChanges extends Changes {
  readonly appended: RecordedFact[];
  readonly forgotten: string[];
  readonly subjects: string[];
  readonly records: string[];
}

function pick<V>(map: ReadonlyMap<string, V>, keys: readonly string[]): Map<string, V> {
  const found = new Map<string, V>();
  for (const key of keys) {
    const value = map.get(key);
    if (value !== undefined) found.set(key, value);
  }
  return found;
}
