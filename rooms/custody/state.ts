import type { Instant } from '../../kernel/instant.ts';
import type { CustodyCode } from './codes.ts';
import type { BoxFact, Outcome } from './facts.ts';
import { type Mark, markOf } from './ids.ts';
import { type BoxStage, nextStage } from './rules.ts';

/** The sealing of a box. */
export interface Sealing extends Mark {
  readonly tubes: readonly string[];
  readonly from: string;
  readonly earliestTubeAt: Instant | null;
}

/** One hand-over. Legs are numbered along the journey, so late records fall into place. */
export interface Leg extends Mark {
  readonly leg: number;
  readonly from: string;
  readonly to: string;
}

/** The receipt at a laboratory, as the receiver counted. */
export interface Receipt extends Mark {
  readonly laboratory: string;
  readonly present: readonly string[];
  readonly missing: readonly string[];
  readonly extra: readonly string[];
  readonly broken: readonly string[];
  readonly warm: boolean;
  readonly temperatureCelsius: number | null;
}

/** A later report that contradicts the one believed. */
export interface Conflict extends Mark {
  readonly code: CustodyCode;
}

/** A box: what was first reported of each step, and what contradicts it. */
export interface BoxState {
  readonly box: string;
  readonly stage: BoxStage;
  /** Place of the sealing; until that is known, of the first fact. */
  readonly place: string | null;
  readonly since: Instant | null;
  readonly seal: Sealing | null;
  /** As recorded, in the agreed order, without twins that say the same. */
  readonly legs: readonly Leg[];
  readonly receipt: Receipt | null;
  readonly loss: (Mark & { readonly reason: string }) | null;
  /** By tube: how its difference was explained; the latest word counts. */
  readonly outcomes: { readonly [tube: string]: { readonly outcome: Outcome } & Mark };
  readonly conflicts: readonly Conflict[];
  /** The last fact folded, so that the same fact twice in a row counts once. */
  readonly lastFactId: string | null;
}

/** No fact has named the box yet. */
export function initialBox(box: string): BoxState {
  return {
    box,
    stage: 'unknown',
    place: null,
    since: null,
    seal: null,
    legs: [],
    receipt: null,
    loss: null,
    outcomes: {},
    conflicts: [],
    lastFactId: null,
  };
}

/**
 * Folds one fact into a box.
 *
 * The first report of a step, in the agreed order, is believed (CU-2). A second one that says the
 * same is a confirmation (giver and receiver both wrote it down); one that says otherwise is kept
 * as a conflict, which becomes a finding.
 */
export function evolveBox(state: BoxState, fact: BoxFact): BoxState {
  if (state.lastFactId === fact.id) return state;
  const stage = nextStage[state.stage][fact.kind];
  const moved: BoxState = {
    ...state,
    stage,
    place: state.place ?? fact.place,
    since: stage === state.stage ? state.since : fact.at,
    lastFactId: fact.id,
  };
  switch (fact.kind) {
    case 'custody.box-sealed':
      return withSeal(moved, fact);
    case 'custody.box-handed-over':
      return withLeg(moved, fact);
    case 'custody.box-received':
      return withReceipt(moved, fact);
    case 'custody.box-lost':
      return withLoss(moved, fact);
    case 'custody.box-reconciled': {
      const outcomes = { ...moved.outcomes };
      for (const { tube, outcome } of fact.body.outcomes) {
        outcomes[tube] = { outcome, ...markOf(fact) };
      }
      return { ...moved, outcomes };
    }
  }
}

type Of<K extends BoxFact['kind']> = Extract<BoxFact, { kind: K }>;

function withSeal(state: BoxState, fact: Of<'custody.box-sealed'>): BoxState {
  const { tubes, from, earliestTubeAt = null } = fact.body;
  const first = state.seal;
  if (first !== null) {
    const agrees = first.from === from && sameSet(first.tubes, tubes);
    return agrees ? state : conflict(state, 'custody.already-sealed', fact);
  }
  const seal: Sealing = {
    ...markOf(fact),
    tubes: [...new Set(tubes)],
    from,
    earliestTubeAt: earliestTubeAt as Instant | null,
  };
  const sealed = { ...state, seal, place: fact.place };
  const listedTwice = seal.tubes.length < tubes.length;
  return listedTwice ? conflict(sealed, 'custody.tube-twice', fact) : sealed;
}

function withLeg(state: BoxState, fact: Of<'custody.box-handed-over'>): BoxState {
  const { leg, from, to } = fact.body;
  const first = state.legs.find((known) => known.leg === leg);
  if (first !== undefined) {
    const agrees = first.from === from && first.to === to;
    return agrees ? state : conflict(state, 'custody.leg-twice', fact);
  }
  const legs = [...state.legs, { ...markOf(fact), leg, from, to }];
  const moved = { ...state, legs };
  return state.stage === 'lost' ? conflict(moved, 'custody.already-lost', fact) : moved;
}

function withReceipt(state: BoxState, fact: Of<'custody.box-received'>): BoxState {
  const { laboratory, present, missing, extra, broken, warm, temperatureCelsius } = fact.body;
  const first = state.receipt;
  if (first !== null) {
    const agrees =
      first.laboratory === laboratory &&
      sameSet(first.present, present) &&
      sameSet(first.broken, broken);
    return agrees ? state : conflict(state, 'custody.already-received', fact);
  }
  const receipt: Receipt = {
    ...markOf(fact),
    laboratory,
    present,
    missing,
    extra,
    broken,
    warm,
    temperatureCelsius: temperatureCelsius ?? null,
  };
  const received = { ...state, receipt };
  const counted = present.length + broken.length + missing.length;
  const listedTwice = new Set([...present, ...broken, ...missing]).size < counted;
  return listedTwice ? conflict(received, 'custody.tube-twice', fact) : received;
}

function withLoss(state: BoxState, fact: Of<'custody.box-lost'>): BoxState {
  // A box that was counted at a laboratory is not lost, whoever says so afterwards.
  if (state.receipt !== null) return conflict(state, 'custody.already-received', fact);
  if (state.loss !== null) return state;
  return { ...state, loss: { ...markOf(fact), reason: fact.body.reason } };
}

function conflict(state: BoxState, code: CustodyCode, fact: BoxFact): BoxState {
  return { ...state, conflicts: [...state.conflicts, { code, ...markOf(fact) }] };
}

function sameSet(left: readonly string[], right: readonly string[]): boolean {
  const one = new Set(left);
  const other = new Set(right);
  return one.size === other.size && [...one].every((item) => other.has(item));
}
