import type { Static, TSchema } from 'typebox';
import type { Json } from '../kernel/assert.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Decision } from './decision.ts';
import type { SubjectView } from './derive.ts';
import type { Fact } from './fact.ts';

/** What an account may be. Each role is held at a place and counts for everything below it. */
export const roles = [
  'admin',
  'headquarters',
  'community',
  'sampler',
  'courier',
  'laboratory',
  'dispatcher',
  'facility',
] as const;
export type Role = (typeof roles)[number];

/** One kind of fact: its body, who may record it, and how screens name it. */
export interface FactKind<S extends TSchema = TSchema> {
  readonly body: S;
  /** Roles that may put it on record; empty when only the server derives it. */
  readonly permits: readonly Role[];
  readonly label: Label;
}

/** The same words in both languages. */
export interface Label {
  readonly en: string;
  readonly zh: string;
}

/** Facts of a table of kinds, as a union discriminated by `kind`. */
export type FactOf<Kinds extends Record<string, FactKind>> = {
  [K in keyof Kinds & string]: Fact<K, Static<Kinds[K]['body']>>;
}[keyof Kinds & string];

/** Read-only questions about the registers, answered by the store while a view is computed. */
export interface Registers {
  /** Persons of the same household, the person included; ascending. */
  readonly householdOf: (person: number) => readonly number[];
  /** Home of a person: community or building code; null when the person is not on the roster. */
  readonly homeOf: (person: number) => string | null;
  /** Calendar day of birth; null when not known. */
  readonly bornOn: (person: number) => string | null;
}

/** What a view may look at besides the state. */
export interface ViewContext<Policy> {
  readonly policy: Policy;
  readonly registers: Registers;
}

/**
 * A kind of thing with a history. `evolve` is total and never throws; it is given the facts in
 * the agreed order (`ledger/order.ts`), so a state is a function of the set of its facts.
 */
export interface SubjectKind<State = Json, F extends Fact<string, unknown> = Fact, Policy = Json> {
  readonly prefix: string;
  readonly label: Label;
  /** What may stand after the colon, as a regular expression: an alphabet of labels, a number. */
  readonly keyPattern: string;
  readonly facts: Record<string, FactKind>;
  /** True when a state is so plentiful that only its records are kept, not its snapshot. */
  readonly recordOnly?: boolean;
  readonly initial: (key: string) => State;
  readonly evolve: (state: State, fact: F) => State;
  readonly view: (state: State, context: ViewContext<Policy>) => SubjectView;
}

/** What a decision may look at besides the state and the act. */
export interface DecideContext<Policy> {
  readonly policy: Policy;
  readonly now: Instant;
  /** Settings of a room above, by its name; left out, that room's defaults are meant. */
  readonly policyOf?: (room: string) => Json;
  /** The account that acts. */
  readonly actor: string;
  readonly registers: Registers;
  /** Folded state of another subject named by the act's `reads`. */
  readonly read: <S>(subject: string) => S;
}

/**
 * Something a person may do at a desk. A `report` says what happened; a `claim` asks for
 * something scarce and is decided where it is counted, one at a time.
 */
export interface ActKind<S extends TSchema = TSchema, State = Json, Policy = Json> {
  readonly kind: 'report' | 'claim';
  readonly label: Label;
  readonly body: S;
  readonly roles: readonly Role[];
  /** The subject it is decided against. */
  readonly subject: (act: Static<S>) => string;
  /** Further subjects whose state the decision reads. */
  readonly reads?: (act: Static<S>, state: State) => readonly string[];
  readonly decide: (state: State, act: Static<S>, context: DecideContext<Policy>) => Decision;
}

/** A room: its subjects, its acts, its settings. */
export interface Room {
  readonly name: string;
  readonly label: Label;
  readonly subjects: readonly SubjectKind[];
  /** By name without the room: `hand-over`. */
  readonly acts: { readonly [name: string]: ActKind };
  readonly policySchema: TSchema;
  readonly policyDefaults: Json;
  /** Its refusals and findings, in the words that screens show. */
  readonly codes: { readonly [code: string]: Label };
}

/**
 * Kept JSON with the type of whoever put it there: states and settings come back as they were
 * kept, and only their own room knows their shape.
 */
export function keptAs<T>(kept: unknown): T {
  return kept as T;
}

/** Erases a subject's own types once, where it is declared: no list of rooms needs casts. */
export function defineSubject<State, F extends Fact<string, unknown>, Policy>(
  subject: SubjectKind<State, F, Policy>,
): SubjectKind {
  return keptAs(subject);
}

/** Checks an act against its own schema's type and then erases it. */
export function defineAct<S extends TSchema, State, Policy>(
  act: ActKind<S, State, Policy>,
): ActKind {
  return keptAs(act);
}

/** Folds the facts of one subject, which must be in the agreed order. */
export function fold(subject: SubjectKind, key: string, facts: readonly Fact[]): Json {
  let state = subject.initial(key);
  for (const fact of facts) state = subject.evolve(state, fact);
  return state;
}

/**
 * A row that several rooms fill in: a specimen is sealed by one, carried by the next, tested by a
 * third. Each group holds what every source says; the source of greatest rank is believed.
 */
export interface RecordState {
  readonly key: string;
  /** Entries in the order of their sources' names. */
  readonly groups: { readonly [group: string]: readonly RecordEntry[] };
}

/** What one source says of one group, and the rank of its last fact. */
export interface RecordEntry {
  readonly source: string;
  readonly rank: string;
  readonly values: { readonly [k: string]: Json };
}

/** What follows from a record, beside what follows from any subject. */
export interface RecordView extends SubjectView {
  /** When the present stage is overdue; null when it is done. */
  readonly dueAt: Instant | null;
  readonly round: string | null;
  /** Persons in the specimen. */
  readonly members: readonly number[];
  /** Whether its members count as sampled in the round. */
  readonly counted: boolean;
}

/** A kind of record and the rule that reads it. */
export interface RecordKind<Policy = Json> {
  readonly record: 'specimen';
  readonly room: string;
  readonly view: (state: RecordState, context: ViewContext<Policy>) => RecordView;
}

/** The entry believed among those of a group: the one of greatest rank; null when there is none. */
export function believed(state: RecordState, group: string): RecordEntry | null {
  let best: RecordEntry | null = null;
  for (const entry of state.groups[group] ?? []) {
    if (best === null || entry.rank > best.rank) best = entry;
  }
  return best;
}
