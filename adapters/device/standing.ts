import type { Fact } from '../../ledger/fact.ts';
import type { MemoryStore } from '../memory/store.ts';
import { dispositions, type EntryState, type RoundState } from '../../rooms/screening/index.ts';
import type { KeptPackage, Register } from './roster.ts';
import type { DeviceStore } from './store.ts';
import type { EntryStatus, FieldRound, RoundProgress } from './types.ts';

/** A tube as far as it says that people were sampled. */
interface TubeWord {
  readonly tube: string;
  readonly round: string;
  readonly members: readonly number[];
  readonly at: number | null;
  /** Whether it counts, or is open on this device and will. */
  readonly counts: boolean;
  /** Whether this device knows of it what headquarters had not when the package was made. */
  readonly isNews: boolean;
  readonly here: boolean;
}

interface RoundStanding {
  readonly state: RoundState;
  readonly due: ReadonlySet<number>;
  readonly sampled: ReadonlySet<number>;
}

/**
 * How people stand in each round: what headquarters said when the package was made or brought up
 * to date, with this device's own facts laid over it as long as headquarters' word does not
 * include them.
 */
export class Standing {
  readonly #store: DeviceStore;
  readonly #register: Register;
  /** Tubes by round and person: the answer to "which tube was this person in?". */
  readonly #tubesOf = new Map<string, Map<number, string[]>>();
  readonly #tubes = new Map<string, TubeWord>();
  readonly #rounds = new Map<string, RoundStanding>();
  readonly #tallies = new Map<string, Tally>();

  constructor(store: DeviceStore, register: Register) {
    this.#store = store;
    this.#register = register;
    for (const subject of this.#memory.subjects.keys()) this.#lookAtSubject(subject);
    for (const key of this.#memory.records.keys()) this.#lookAtTube(key);
  }

  get #memory(): MemoryStore {
    return this.#store.memory;
  }

  /** Brings it up to what a unit of work changed. */
  follow({ subjects, records }: { subjects: readonly string[]; records: readonly string[] }): void {
    for (const subject of subjects) this.#lookAtSubject(subject);
    for (const key of records) this.#lookAtTube(key);
  }

  #lookAtSubject(subject: string): void {
    if (subject.startsWith('entry:')) {
      const slash = subject.lastIndexOf('/');
      this.#count(subject.slice('entry:'.length, slash), Number(subject.slice(slash + 1)));
    }
    if (!subject.startsWith('round:')) return;
    // The round's own room folded it.
    const state = this.#memory.subjects.get(subject)?.state as RoundState | undefined;
    if (state === undefined) return;
    const id = state.round;
    const register = this.#register;
    const due = new Set(register.persons.filter((person) => register.isDue(person, state)));
    const entries = register.kept.entries.find(({ round }) => round === id);
    this.#rounds.set(id, { state, due, sampled: new Set(entries?.sampled ?? []) });
    this.#tallies.delete(id);
  }

  #lookAtTube(tube: string): void {
    this.#takeBack(tube);
    const view = this.#memory.records.get(tube)?.view;
    if (view === undefined || view.round === null) return;
    const facts = this.#memory.factsOn(`tube:${tube}`);
    const own = facts.filter((fact) => this.#store.isOwn(fact));
    const isOpenHere = view.stage === 'open' && own.length > 0;
    const word: TubeWord = {
      tube,
      round: view.round,
      members: view.members,
      at: view.since,
      counts: view.counted || isOpenHere,
      isNews: own.some((fact) => this.#isNews(fact)),
      here: own.length > 0,
    };
    this.#tubes.set(tube, word);
    const persons = this.#tubesOf.get(word.round) ?? new Map<number, string[]>();
    this.#tubesOf.set(word.round, persons);
    for (const person of word.members) {
      const known = persons.get(person);
      if (known === undefined) persons.set(person, [tube]);
      else known.push(tube);
      this.#count(word.round, person);
    }
  }

  #takeBack(tube: string): void {
    const before = this.#tubes.get(tube);
    if (before === undefined) return;
    this.#tubes.delete(tube);
    const persons = this.#tubesOf.get(before.round);
    for (const person of before.members) {
      const left = (persons?.get(person) ?? []).filter((other) => other !== tube);
      if (left.length === 0) persons?.delete(person);
      else persons?.set(person, left);
      this.#count(before.round, person);
    }
  }

  #isNews({ id }: Fact): boolean {
    const delivery = this.#store.findOwn(id)?.delivery;
    return delivery !== undefined && delivery !== 'covered';
  }

  /** The rounds that touch these places, the open ones first, the latest of them first. */
  rounds(): FieldRound[] {
    const rank = ({ stage, startsAt }: FieldRound): number =>
      (stage === 'open' ? 0 : 1e15) - (startsAt ?? 0);
    return [...this.#rounds.values()]
      .flatMap(({ state }) => {
        const { round: id, label, stage, areas, poolSize, startsAt, endsAt } = state;
        return label === null ? [] : [{ id, label, stage, areas, poolSize, startsAt, endsAt }];
      })
      .sort((left, right) => rank(left) - rank(right));
  }

  /** Whether the round owes the person a sample, or the person has joined it. */
  isOnRoster(round: string, person: number): boolean {
    if (this.#rounds.get(round)?.due.has(person) === true) return true;
    return this.#entry(round, person)?.walkIn === true || this.#sampled(round, person) !== null;
  }

  /** How a person stands in a round. */
  statusOf(round: string, person: number): EntryStatus {
    const sampled = this.#sampled(round, person);
    if (sampled !== null) return sampled;
    const entry = this.#entry(round, person);
    if (entry === null || entry.disposition === null) return open;
    return { kind: entry.disposition, reason: entry.reason, until: entry.until };
  }

  #sampled(round: string, person: number): Extract<EntryStatus, { kind: 'sampled' }> | null {
    const labels = this.#tubesOf.get(round)?.get(person);
    const isTold = this.#rounds.get(round)?.sampled.has(person) === true;
    if (labels === undefined) return isTold ? sampledSomewhere : null;
    const tubes = labels.flatMap((label) => this.#tubes.get(label) ?? []);
    const counting = tubes.filter(({ counts }) => counts);
    const news = counting.find(({ isNews }) => isNews);
    if (news !== undefined) return { kind: 'sampled', tube: news.tube, at: news.at, here: true };
    if (!isTold) return null;
    const [word] = counting;
    if (word !== undefined) {
      return { kind: 'sampled', tube: word.tube, at: word.at, here: word.here };
    }
    // Voided here since: headquarters does not know yet that the sample no longer counts.
    if (tubes.some(({ isNews }) => isNews)) return null;
    return sampledSomewhere;
  }

  #entry(round: string, person: number): EntryState | null {
    const row = this.#memory.subjects.get(`entry:${round}/${person}`);
    return row === undefined ? null : (row.state as unknown as EntryState); // folded by its room
  }

  /** How far a round has come, of one building or of all. */
  progress(round: string, building?: string): RoundProgress {
    const tally = this.#tallies.get(round) ?? this.#countAll(round);
    return { ...(tally.counts.get(building ?? '') ?? nobody) };
  }

  /** Counted once, then kept up with every change: a scan must not cost a pass over everybody. */
  #countAll(round: string): Tally {
    const tally: Tally = { kinds: new Map(), counts: new Map() };
    this.#tallies.set(round, tally);
    for (const person of this.#register.persons) this.#count(round, person);
    return tally;
  }

  #count(round: string, person: number): void {
    const tally = this.#tallies.get(round);
    if (tally === undefined) return;
    const before = tally.kinds.get(person);
    const kind = this.#kindOf(round, person);
    if (kind === before) return;
    if (kind === undefined) tally.kinds.delete(person);
    else tally.kinds.set(person, kind);
    for (const key of ['', this.#register.buildingOf(person)]) {
      const count = tally.counts.get(key) ?? { ...nobody };
      tally.counts.set(key, count);
      if (before !== undefined) count[before] -= 1;
      if (kind !== undefined) count[kind] += 1;
      count.roster += (kind === undefined ? 0 : 1) - (before === undefined ? 0 : 1);
    }
  }

  #kindOf(round: string, person: number): Counted | undefined {
    if (!this.#register.has(person)) return undefined;
    if (this.#sampled(round, person) !== null) return 'sampled';
    const entry = this.#entry(round, person);
    const isDue = this.#rounds.get(round)?.due.has(person) === true || entry?.walkIn === true;
    if (!isDue) return undefined;
    const disposition = entry?.disposition ?? null;
    return disposition !== null && dispositions[disposition].settles ? 'excused' : 'open';
  }
}

const open: EntryStatus = { kind: 'open' };
const sampledSomewhere = { kind: 'sampled', tube: null, at: null, here: false } as const;
type Counted = 'sampled' | 'excused' | 'open';

/** How each person on the roster of a round is counted, and how many by building. */
interface Tally {
  readonly kinds: Map<number, Counted>;
  readonly counts: Map<string, { -readonly [K in keyof RoundProgress]: number }>;
}

const nobody: RoundProgress = { roster: 0, sampled: 0, excused: 0, open: 0 };

/** Facts of lowest rank that stand for what a package says of entries. */
export function baseFacts({ entries, asOf, place, receipt }: BaseOf): Fact[] {
  return entries.flatMap(({ round, dispositions: said }) =>
    said.map(({ person, disposition, reason, until }): Fact => {
      const isGiven = disposition !== null;
      return {
        id: baseId(round, person, receipt),
        kind: isGiven ? 'screening.person-disposed' : 'screening.disposition-withdrawn',
        subject: `entry:${round}/${person}`,
        place,
        deviceId: 'headquarters',
        deviceSeq: null,
        lamport: 0,
        at: asOf as Fact['at'],
        actor: 'headquarters',
        body: isGiven
          ? { disposition, reason: reason ?? '', ...(until === null ? {} : { until }) }
          : {},
      };
    }),
  );
}

type BaseOf = Pick<KeptPackage, 'entries' | 'asOf' | 'place' | 'receipt'>;

function baseId(round: string, person: number, receipt: number): string {
  return `base.${round}.${person}.${receipt}`;
}
