import { assert, type Json } from '../kernel/assert.ts';
import { canonicalJson, digest } from '../kernel/digest.ts';
import type { Instant } from '../kernel/instant.ts';
import { limits } from '../kernel/limits.ts';
import type { Catalogue, PolicyBook } from './catalogue.ts';
import type { Consequence, RecordPatch, SubjectView } from './derive.ts';
import { type Fact, keyOf, prefixOf, type RecordedFact } from './fact.ts';
import { type Patched, patchedBy, sameNumbers, withEntry } from './entries.ts';
import { inOrder, rankOf } from './order.ts';
import {
  anyDerived,
  derivedMark,
  type DerivedRow,
  type InfluenceRef,
  type RecordRow,
  type SubjectRow,
  type Transaction,
} from './ports.ts';
import type { RecordEntry, RecordState, Registers, SubjectKind, ViewContext } from './room.ts';

/** What a unit of work is given besides the store. */
export interface WorkContext {
  readonly catalogue: Catalogue;
  readonly policy: PolicyBook;
  readonly registers: Registers;
  /** The server's own clock, for `receivedAt`. */
  readonly receivedAt: Instant;
}

interface Live {
  readonly kind: SubjectKind;
  readonly policy: Json;
  state: Json;
  lastRank: string;
  factCount: number;
  view: SubjectView | null;
  /** The records it last spoke of. */
  patched: ReadonlyMap<string, Patched>;
  influences: readonly InfluenceRef[];
  /** What of it the store holds already (`derivedMark`). */
  derived: number;
  dirty: boolean;
}

interface PendingPatch {
  readonly source: string;
  readonly rank: string;
  readonly group: RecordPatch['group'];
  readonly key: string;
  /** Null when the source no longer speaks of this record. */
  readonly values: RecordEntry['values'] | null;
}

/** The device under whose name a subject's influence on another stands in that one's history. */
export const derivedDevice = 'derived';

/**
 * One unit of work: facts go in, everything that follows is worked out until nothing more
 * follows, and the outcome is written once at the end.
 *
 * States: *open* while facts are applied; *settled* when no patch and no influence waits;
 * *flushed* when the rows are written. `apply` may be called again after `settle`.
 *
 * What one subject means for another is not a fact but an *influence*: it stands as long as its
 * source says so and is taken back when the source no longer does. A subject's state is therefore
 * a function of the facts alone, whatever was believed in between (invariant L7 of SPEC.md).
 */
export class Work {
  readonly transaction: Transaction;
  readonly context: WorkContext;
  readonly #live = new Map<string, Live>();
  readonly #records = new Map<string, RecordRow>();
  readonly #dirtyRecords = new Set<string>();
  #patches: PendingPatch[] = [];
  /** Influences of each source as this work leaves them, until they are written. */
  readonly #influences = new Map<string, readonly Fact[]>();
  /** Subjects to fold again, and what newly bears on them; null when something was taken back. */
  #bearing = new Map<string, Fact[] | null>();

  constructor(transaction: Transaction, context: WorkContext) {
    this.transaction = transaction;
    this.context = context;
  }

  /** Gives facts their receipt numbers, appends them and folds them into their subjects. */
  async apply(facts: readonly Fact[]): Promise<RecordedFact[]> {
    if (facts.length === 0) return [];
    const { head } = this.transaction;
    const recorded = facts.map((fact) => {
      head.receipt += 1;
      head.lamport = Math.max(head.lamport, fact.lamport);
      return { ...fact, receipt: head.receipt, receivedAt: this.context.receivedAt };
    });
    // Folded before they are appended, so that the store is not asked for what it was just given.
    await this.#foldIn(recorded);
    await this.transaction.append(recorded);
    return recorded;
  }

  async #foldIn(fresh: readonly Fact[]): Promise<void> {
    const bySubject = Map.groupBy(fresh, (fact) => fact.subject);
    await this.#load([...bySubject.keys()]);
    const refold: Fact[] = [];
    for (const [subject, own] of bySubject) {
      const live = this.#get(subject);
      const ordered = inOrder(own);
      const [first] = ordered;
      assert(first !== undefined, 'a group has at least one fact');
      const isUnfolded = live.kind.recordOnly === true && live.factCount === 0;
      // A fact that belongs before the last one folded means folding again from the start.
      if (isUnfolded || rankOf(first) < live.lastRank) refold.push(...own);
      else this.#evolve(subject, ordered);
    }
    await this.#refold([...new Set(refold.map(({ subject }) => subject))], refold);
    for (const subject of bySubject.keys()) this.#look(subject);
  }

  #evolve(subject: string, ordered: readonly Fact[]): void {
    const live = this.#get(subject);
    for (const fact of ordered) {
      live.state = live.kind.evolve(live.state, fact);
      live.lastRank = rankOf(fact);
      live.factCount += 1;
    }
    live.dirty = true;
  }

  /** Folds subjects from the start: what the store holds, what bears on them, and `fresh`. */
  async #refold(subjects: readonly string[], fresh: readonly Fact[] = []): Promise<void> {
    if (subjects.length === 0) return;
    const [facts, standing] = await Promise.all([
      this.transaction.factsOf(subjects),
      this.#influencesOn(subjects),
    ]);
    const before = Map.groupBy([...facts, ...standing], (fact) => fact.subject);
    const added = Map.groupBy(fresh, (fact) => fact.subject);
    for (const subject of subjects) {
      const live = this.#get(subject);
      const known = before.get(subject) ?? [];
      // Nothing was ever known of it, so nothing follows from it on the store.
      if (live.kind.recordOnly === true && known.length === 0) live.derived = 0;
      // Whatever waited to bear on the subject is among what is folded now.
      this.#bearing.delete(subject);
      live.state = live.kind.initial(keyOf(subject));
      live.factCount = 0;
      live.lastRank = '';
      this.#evolve(subject, inOrder(once([...known, ...(added.get(subject) ?? [])])));
    }
  }

  /** Influences on subjects as they stand now: those on the store, corrected by this work's own. */
  async #influencesOn(subjects: readonly string[]): Promise<Fact[]> {
    const wanted = new Set(subjects);
    const stored = await this.transaction.influencesOn(subjects);
    const kept = stored.filter(({ source }) => !this.#influences.has(source));
    const own = [...this.#influences.values()].flat().filter((fact) => wanted.has(fact.subject));
    return once([...kept.map(({ fact }) => fact), ...own]);
  }

  #look(subject: string): void {
    const live = this.#get(subject);
    const view = live.kind.view(live.state, this.#viewContext(live.policy));
    live.view = view;
    const before = live.patched;
    live.patched = patchedBy(view);
    for (const { group, entries } of view.patches) {
      for (const { key, values } of entries) {
        this.#patches.push({ source: subject, rank: live.lastRank, group, key, values });
      }
    }
    for (const [id, { group, key }] of before) {
      if (live.patched.has(id)) continue;
      this.#patches.push({ source: subject, rank: live.lastRank, group, key, values: null });
    }
    live.influences = this.#exert(subject, live.influences, view.consequences);
  }

  /** Notes what a source now means for others, against what it meant before. */
  #exert(
    source: string,
    before: readonly InfluenceRef[],
    consequences: readonly Consequence[],
  ): readonly InfluenceRef[] {
    if (before.length === 0 && consequences.length === 0) return before;
    const now = new Map<string, Fact>();
    for (const each of consequences) {
      const fact = influenceOf(source, each);
      now.set(fact.id, fact);
      // Whoever acts next has seen this, so its number must come after.
      this.transaction.head.lamport = Math.max(this.transaction.head.lamport, fact.lamport);
    }
    const earlier = new Set(before.map(({ id }) => id));
    for (const ref of before) if (!now.has(ref.id)) this.#bearing.set(ref.subject, null);
    for (const fact of now.values()) {
      if (earlier.has(fact.id)) continue;
      const waiting = this.#bearing.get(fact.subject);
      if (waiting === undefined) this.#bearing.set(fact.subject, [fact]);
      else waiting?.push(fact);
    }
    this.#influences.set(source, [...now.values()]);
    return [...now.values()].map(({ id, subject }) => ({ id, subject }));
  }

  #viewContext(policy: Json): ViewContext<Json> {
    return { policy, registers: this.context.registers };
  }

  /** Loads what is known of subjects; those never heard of begin at their initial state. */
  async #load(subjects: readonly string[]): Promise<void> {
    const missing = subjects.filter((subject) => !this.#live.has(subject));
    if (missing.length === 0) return;
    const kept = missing.filter((subject) => this.#kindOf(subject).subject.recordOnly !== true);
    const rows: ReadonlyMap<string, SubjectRow> =
      kept.length === 0 ? new Map() : await this.transaction.subjectsOf(kept);
    for (const subject of missing) {
      const { subject: kind, room } = this.#kindOf(subject);
      const row = rows.get(subject);
      const policy = this.context.policy[room.name] ?? room.policyDefaults;
      const earlier = row === undefined ? null : kind.view(row.state, this.#viewContext(policy));
      this.#live.set(subject, {
        kind,
        policy,
        patched: earlier === null ? new Map() : patchedBy(earlier),
        state: row?.state ?? kind.initial(keyOf(subject)),
        lastRank: row?.lastRank ?? '',
        factCount: row?.factCount ?? 0,
        view: null,
        influences: row?.influences ?? [],
        derived: row?.derived ?? (kind.recordOnly === true ? anyDerived : 0),
        dirty: false,
      });
    }
  }

  /** The folded state of subjects, for a decision. */
  async states(subjects: readonly string[]): Promise<ReadonlyMap<string, Json>> {
    await this.#load(subjects);
    const unfolded = subjects.filter((subject) => {
      const live = this.#get(subject);
      return live.kind.recordOnly === true && live.factCount === 0;
    });
    if (unfolded.length > 0) await this.#refold(unfolded);
    return new Map(subjects.map((subject) => [subject, this.#get(subject).state]));
  }

  /** Works out anew what subjects mean and what bears on them: their people's homes changed. */
  async lookAgain(subjects: readonly string[]): Promise<void> {
    const standing = await this.transaction.influencesOn(subjects);
    // Specimens among the sources are no subjects, and look at no register.
    const sources = standing
      .map(({ source }) => source)
      .filter((source) => this.context.catalogue.findSubject(prefixOf(source)) !== undefined);
    await this.#load([...sources, ...subjects]);
    for (const subject of new Set([...sources, ...subjects])) {
      const live = this.#get(subject);
      if (live.lastRank === '') continue;
      live.dirty = true;
      this.#look(subject);
      if (subjects.includes(subject)) this.#bearing.set(subject, null);
    }
    await this.settle();
  }

  /** Follows patches and influences until nothing more follows. */
  async settle(): Promise<void> {
    for (let depth = 0; ; depth++) {
      assert(depth <= limits.consequenceDepthMax, 'influences follow each other without end');
      await this.#mergePatches();
      if (this.#bearing.size === 0) return;
      const bearing = this.#bearing;
      this.#bearing = new Map();
      await this.#load([...bearing.keys()]);
      const again = [...bearing].flatMap(([subject, fresh]) => (fresh === null ? [subject] : []));
      await this.#refold(again);
      for (const subject of again) this.#look(subject);
      await this.#foldIn([...bearing.values()].flatMap((fresh) => fresh ?? []));
    }
  }

  async #mergePatches(): Promise<void> {
    if (this.#patches.length === 0) return;
    const patches = this.#patches;
    this.#patches = [];
    const keys = new Set(patches.map(({ key }) => key));
    const unknown = [...keys].filter((key) => !this.#records.has(key));
    if (unknown.length > 0) {
      for (const [key, row] of await this.transaction.recordsOf(unknown))
        this.#records.set(key, row);
    }
    const groups = new Map<string, RecordState>();
    for (const { source, rank, group, key, values } of patches) {
      const state = groups.get(key) ?? this.#records.get(key)?.state ?? { key, groups: {} };
      const entry = values === null ? null : { rank, values };
      groups.set(key, withEntry(state, { group, source }, entry));
    }
    for (const [key, state] of groups) this.#lookAtRecord(key, state);
  }

  #lookAtRecord(key: string, state: RecordState): void {
    const { record } = this.context.catalogue;
    const policy = this.context.policy[record.room] ?? {};
    const view = record.view(state, this.#viewContext(policy));
    const before = this.#records.get(key);
    const changed =
      before === undefined ||
      before.view.counted !== view.counted ||
      before.view.round !== view.round ||
      !sameNumbers(before.view.members, view.members);
    const coverageReceipt = changed ? this.transaction.head.receipt : before.coverageReceipt;
    const influences = this.#exert(`specimen:${key}`, before?.influences ?? [], view.consequences);
    // What the store holds stays as it was until it is written.
    const derived = before?.derived ?? 0;
    this.#records.set(key, { state, view, coverageReceipt, influences, derived });
    this.#dirtyRecords.add(key);
  }

  /** Writes every subject, record, duty, finding and slot that changed. */
  async flush(): Promise<void> {
    const subjects: SubjectRow[] = [];
    const derived: DerivedRow[] = [];
    for (const [subject, live] of this.#live) {
      if (!live.dirty || live.view === null) continue;
      live.dirty = false;
      const row = derivedRow(subject, live.view, live.derived);
      live.derived = derivedMark(row);
      derived.push(row);
      if (live.kind.recordOnly !== true) subjects.push(this.#row(subject, live, live.view));
    }
    const records: RecordRow[] = [];
    for (const key of this.#dirtyRecords) {
      const record = this.#getRecord(key);
      const row = derivedRow(`specimen:${key}`, record.view, record.derived);
      const written = { ...record, derived: derivedMark(row) };
      derived.push(row);
      this.#records.set(key, written);
      records.push(written);
    }
    this.#dirtyRecords.clear();
    if (subjects.length > 0) await this.transaction.saveSubjects(subjects);
    if (records.length > 0) await this.transaction.saveRecords(records);
    if (derived.length > 0) await this.transaction.saveDerived(derived);
    if (this.#influences.size > 0) await this.transaction.saveInfluences(this.#influences);
    this.#influences.clear();
  }

  #row(subject: string, live: Live, view: SubjectView): SubjectRow {
    const { stage, since, holder, place, done } = view;
    const { state, lastRank, factCount, influences, derived } = live;
    const { receipt } = this.transaction.head;
    const folded = { subject, state, lastRank, factCount, influences, derived, receipt };
    return { ...folded, stage, since, holder, place, done };
  }

  #get(subject: string): Live {
    const live = this.#live.get(subject);
    assert(live !== undefined, `${subject} was not loaded`);
    return live;
  }

  #getRecord(key: string): RecordRow {
    const row = this.#records.get(key);
    assert(row !== undefined, `${key} was not loaded`);
    return row;
  }

  #kindOf(subject: string): { subject: SubjectKind; room: { name: string; policyDefaults: Json } } {
    const known = this.context.catalogue.findSubject(prefixOf(subject));
    assert(known !== undefined, `no room owns ${subject}`);
    return known;
  }
}

/**
 * An influence in the form of a fact. Its id is a function of all that it says: one that says
 * anything else, its date included, is another influence and takes the place of the earlier.
 */
export function influenceOf(source: string, consequence: Consequence): Fact {
  const { causeId, causeLamport, at, draft } = consequence;
  const { kind, subject, place, body } = draft;
  const name = canonicalJson([source, causeId, causeLamport, at, kind, subject, place, body]);
  return {
    id: `d.${digest(name)}`,
    ...draft,
    deviceId: derivedDevice,
    deviceSeq: null,
    lamport: causeLamport + 1,
    at,
    actor: 'system',
  };
}

function derivedRow(subject: string, view: SubjectView, before: number): DerivedRow {
  return { subject, duties: view.duties, findings: view.findings, slots: view.slots, before };
}

/** Facts with each id once. */
function once(facts: readonly Fact[]): Fact[] {
  return [...new Map(facts.map((fact) => [fact.id, fact])).values()];
}
