import type { Instant } from '../../kernel/instant.ts';
import { type Mark, markOf } from '../custody/index.ts';
import type { Call } from '../laboratory/index.ts';
import type { ResultsCode } from './codes.ts';
import type { ReleaseFact } from './facts.ts';
import type { ReleaseStage } from './rules.ts';

/** What was released, as first reported. */
export interface Released extends Mark {
  readonly plate: string;
  readonly laboratory: string;
  readonly results: readonly { readonly tube: string; readonly result: Call }[];
}

/** One result put right. */
export interface Amendment extends Mark {
  readonly tube: string;
  readonly result: Call;
  readonly reason: string;
}

/** A later report that contradicts the one believed, or a report that contradicts itself. */
export interface Conflict extends Mark {
  readonly code: ResultsCode;
}

/** A release and what was put right in it. */
export interface ReleaseState {
  readonly release: string;
  readonly stage: ReleaseStage;
  readonly since: Instant | null;
  /** Place of the release; until that is known, of the first fact. */
  readonly place: string | null;
  readonly released: Released | null;
  /** In the agreed order; the last word on a tube counts. */
  readonly amendments: readonly Amendment[];
  /** By tube: its people were told of its latest amendment. */
  readonly informed: { readonly [tube: string]: Mark };
  readonly conflicts: readonly Conflict[];
  /** The last fact folded, so that the same fact twice in a row counts once. */
  readonly lastFactId: string | null;
}

/** Nothing has been released under the label yet. */
export function initialRelease(release: string): ReleaseState {
  return {
    release,
    stage: 'unknown',
    since: null,
    place: null,
    released: null,
    amendments: [],
    informed: {},
    conflicts: [],
    lastFactId: null,
  };
}

/** Folds one fact into a release. An amendment that comes on record early waits for its release. */
export function evolveRelease(state: ReleaseState, fact: ReleaseFact): ReleaseState {
  if (state.lastFactId === fact.id) return state;
  const mark = markOf(fact);
  const moved = { ...state, place: state.place ?? fact.place, lastFactId: fact.id };
  switch (fact.kind) {
    case 'results.released':
      return staged(withReport(moved, { ...mark, ...fact.body }, mark));
    case 'results.amended': {
      const { tube, result } = fact.body;
      const { [tube]: told, ...others } = state.informed;
      // Whoever was told this very result need not be told again.
      const last = state.amendments.findLast((amendment) => amendment.tube === tube);
      const isNews = told === undefined || last?.result !== result;
      const amendments = [...state.amendments, { ...mark, ...fact.body }];
      return staged({ ...moved, amendments, informed: isNews ? others : state.informed });
    }
    case 'results.informed': {
      const { tube } = fact.body;
      if (state.amendments.some((amendment) => amendment.tube === tube)) {
        return { ...moved, informed: { ...state.informed, [tube]: mark } };
      }
      return conflict(moved, 'results.nothing-to-inform', mark);
    }
  }
}

function withReport(state: ReleaseState, released: Released, mark: Mark): ReleaseState {
  const first = state.released;
  if (first !== null) {
    const agrees = textOf(first) === textOf(released);
    return agrees ? state : conflict(state, 'results.already-released', mark);
  }
  const known = { ...state, released, place: released.place };
  const words = new Set(released.results.map(({ tube, result }) => `${tube} ${result}`));
  const contradictsItself = words.size > resultsOf(released).size;
  return contradictsItself ? conflict(known, 'results.tube-twice', mark) : known;
}

/** What a report says of each tube; of two words in one list the first counts. */
export function resultsOf(report: Released): Map<string, Call> {
  const results = new Map<string, Call>();
  for (const { tube, result } of report.results) {
    if (!results.has(tube)) results.set(tube, result);
  }
  return results;
}

function textOf({ plate, laboratory, results }: Released): string {
  const words = new Set(results.map(({ tube, result }) => `${tube} ${result}`).sort());
  return [plate, laboratory, ...words].join('\n');
}

function conflict(state: ReleaseState, code: ResultsCode, mark: Mark): ReleaseState {
  return { ...state, conflicts: [...state.conflicts, { code, ...mark }] };
}

function staged(state: ReleaseState): ReleaseState {
  if (state.released === null) return { ...state, stage: 'unknown', since: null };
  const last = state.amendments.at(-1);
  if (last === undefined) return { ...state, stage: 'released', since: state.released.at };
  return { ...state, stage: 'amended', since: last.at };
}

/** What stands for a tube, and the fact that says so. */
export interface StandingResult {
  readonly tube: string;
  readonly result: Call;
  readonly amendedAt: Instant | null;
  readonly cause: Mark;
}

/** Rule RE-3. Results as they stand: the believed release with its amendments, last word last. */
export function standingResults(state: ReleaseState): Map<string, StandingResult> {
  const { released } = state;
  const standing = new Map<string, StandingResult>();
  if (released === null) return standing;
  for (const [tube, result] of resultsOf(released)) {
    standing.set(tube, { tube, result, amendedAt: null, cause: released });
  }
  for (const amendment of state.amendments) {
    const { tube, result, at } = amendment;
    const known = standing.get(tube);
    if (known === undefined || known.result === result) continue;
    standing.set(tube, { tube, result, amendedAt: at, cause: amendment });
  }
  return standing;
}
