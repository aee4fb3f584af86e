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

/**
 * The whole record in memory: for tests, simulation and small worlds. It keeps the promises of
 * the PostgreSQL store (`test/contracts` runs one suite on both) except surviving its process.
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
  #tail: Promise<unknown> = Promise.resolve();

  transact<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const turn = this.#tail.then(() => this.#run(work));
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  async close(): Promise<void> {
    await this.#tail;
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

  async #run<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const undo: (() => void)[] = [];
    const headBefore = { ...this.head };
    try {
      return await work(this.#transaction(undo));
    } catch (error) {
      for (const step of undo.reverse()) step();
      Object.assign(this.head, headBefore);
      throw error;
    }
  }

  #transaction(undo: (() => void)[]): Transaction {
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
        for (const fact of facts) {
          set(this.facts, fact.id, fact);
          set(this.#bySubject, fact.subject, [...(this.#bySubject.get(fact.subject) ?? []), fact]);
          if (fact.deviceSeq !== null) {
            set(this.#numbers, `${fact.deviceId}/${fact.deviceSeq}`, fact.id);
          }
        }
      },
      saveSubjects: async (rows) => {
        for (const row of rows) set(this.subjects, row.subject, row);
      },
      saveRecords: async (rows) => {
        for (const row of rows) set(this.records, row.state.key, row);
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
    };
  }

  #saveDerived(
    rows: readonly DerivedRow[],
    {
      undo,
      set,
    }: { undo: (() => void)[]; set: <V>(map: Map<string, V>, key: string, value: V) => void },
  ): void {
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

function pick<V>(map: ReadonlyMap<string, V>, keys: readonly string[]): Map<string, V> {
  const found = new Map<string, V>();
  for (const key of keys) {
    const value = map.get(key);
    if (value !== undefined) found.set(key, value);
  }
  return found;
}
