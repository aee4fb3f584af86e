import type { Instant } from '../../kernel/instant.ts';
import { keyOf } from '../../ledger/fact.ts';
import type { Label } from '../../ledger/room.ts';
import type { EntryFact, Purpose, RoundFact, TubeFact } from './facts.ts';
import type { Disposition } from './rules.ts';

/** A round: *unknown* before it is opened, *open*, *closed*. */
export interface RoundState {
  readonly round: string;
  readonly stage: 'unknown' | 'open' | 'closed';
  readonly place: string | null;
  readonly label: Label | null;
  readonly areas: readonly string[];
  readonly group: { readonly ageMinYears?: number; readonly ageMaxYears?: number } | null;
  readonly poolSize: number;
  readonly startsAt: Instant | null;
  readonly endsAt: Instant | null;
  readonly openedBy: string | null;
}

/** Nobody has opened the round yet. */
export function initialRound(round: string): RoundState {
  return {
    round,
    stage: 'unknown',
    place: null,
    label: null,
    areas: [],
    group: null,
    poolSize: 10,
    startsAt: null,
    endsAt: null,
    openedBy: null,
  };
}

/** Folds one fact into a round. */
export function evolveRound(state: RoundState, fact: RoundFact): RoundState {
  switch (fact.kind) {
    case 'screening.round-opened': {
      const { label, areas, group, poolSize, startsAt, endsAt } = fact.body;
      return {
        round: state.round,
        stage: state.stage === 'closed' ? 'closed' : 'open',
        place: fact.place,
        label,
        areas,
        group,
        poolSize,
        startsAt: startsAt as Instant,
        endsAt: endsAt as Instant,
        openedBy: fact.actor,
      };
    }
    case 'screening.round-closed':
      return { ...state, stage: 'closed' };
  }
}

/** One sealing of a tube, as reported. */
export interface Seal {
  readonly factId: string;
  readonly round: string;
  readonly purpose: Purpose;
  readonly poolSize: number;
  readonly members: readonly number[];
  readonly point: string;
  readonly place: string;
  readonly at: Instant;
  readonly by: string;
}

/**
 * A tube: *unknown*, *open* while people are added, *sealed* (several sealings of one label are
 * all kept: nobody knows whose swabs the tube holds, so it holds everybody's), *voided*.
 */
export interface TubeState {
  readonly tube: string;
  readonly stage: 'unknown' | 'open' | 'sealed' | 'voided';
  readonly opened: Omit<Seal, 'members' | 'factId'> | null;
  /** People added and not removed since the tube was opened. */
  readonly added: readonly number[];
  readonly seals: readonly Seal[];
  readonly voided: { readonly reason: string; readonly at: Instant; readonly by: string } | null;
}

/** Nobody has seen the tube yet. */
export function initialTube(tube: string): TubeState {
  return { tube, stage: 'unknown', opened: null, added: [], seals: [], voided: null };
}

/** Folds one fact into a tube. */
export function evolveTube(state: TubeState, fact: TubeFact): TubeState {
  switch (fact.kind) {
    case 'screening.tube-opened': {
      const { round, poolSize, point, purpose = 'round' } = fact.body;
      const { place, at, actor } = fact;
      const opened = { round, poolSize, point, purpose, place, at, by: actor };
      return { ...state, stage: state.stage === 'unknown' ? 'open' : state.stage, opened };
    }
    case 'screening.person-added': {
      if (state.added.includes(fact.body.person)) return state;
      return { ...state, added: [...state.added, fact.body.person] };
    }
    case 'screening.person-removed':
      return { ...state, added: state.added.filter((person) => person !== fact.body.person) };
    case 'screening.tube-sealed': {
      const { place, at, actor } = fact;
      const seal = { factId: fact.id, ...fact.body, place, at, by: actor };
      const stage = state.stage === 'voided' ? 'voided' : 'sealed';
      return { ...state, stage, seals: [...state.seals, seal] };
    }
    case 'screening.tube-voided': {
      const voided = { reason: fact.body.reason, at: fact.at, by: fact.actor };
      return { ...state, stage: 'voided', voided };
    }
  }
}

/** One person in one round, where more is known than sampled or not. */
export interface EntryState {
  readonly round: string;
  readonly person: number;
  readonly walkIn: boolean;
  readonly disposition: Disposition | null;
  readonly reason: string | null;
  readonly until: Instant | null;
  readonly since: Instant | null;
  readonly by: string | null;
  readonly place: string | null;
  /** When the person was sampled in this round, as far as a visit is owed; null while not. */
  readonly sampledAt: Instant | null;
}

/** Key of an entry, `round/person`. */
export function entrySubject(round: string, person: number): string {
  return `entry:${round}/${person}`;
}

/** Nothing is known of the person beyond the roster. */
export function initialEntry(key: string): EntryState {
  const slash = key.lastIndexOf('/');
  return {
    round: key.slice(0, Math.max(slash, 0)),
    person: Number(key.slice(slash + 1)) || 0,
    walkIn: false,
    disposition: null,
    reason: null,
    until: null,
    since: null,
    by: null,
    place: null,
    sampledAt: null,
  };
}

/** Folds one fact into an entry. The latest disposition counts. */
export function evolveEntry(state: EntryState, fact: EntryFact): EntryState {
  switch (fact.kind) {
    case 'screening.walk-in-added':
      return { ...state, walkIn: true, place: fact.place, by: fact.actor, since: fact.at };
    case 'screening.person-disposed': {
      const { disposition, reason, until } = fact.body;
      return {
        ...state,
        disposition,
        reason,
        until: (until ?? null) as Instant | null,
        since: fact.at,
        by: fact.actor,
        place: fact.place,
      };
    }
    case 'screening.person-sampled':
      return { ...state, sampledAt: fact.body.sampledAt as Instant };
    case 'screening.sample-lost':
      return { ...state, sampledAt: null };
    case 'screening.disposition-withdrawn':
      return { ...state, disposition: null, reason: null, until: null, since: fact.at };
  }
}

/** People a tube holds: the union over its sealings, ascending. */
export function membersOf(state: TubeState): number[] {
  const members = new Set(state.seals.flatMap((seal) => seal.members));
  return [...members].sort((left, right) => left - right);
}

/** The tube label in a subject `tube:T`. */
export const tubeOf = keyOf;
