import type { Instant } from '../../kernel/instant.ts';
import type { PointBody, PointFact } from './facts.ts';

/** Something reported of a point that does not fit what was known: kept for a finding. */
interface Oddity {
  readonly factId: string;
  readonly code: 'places.point-opened-twice' | 'places.point-not-open';
  readonly at: Instant;
  readonly place: string;
  readonly actor: string;
}

/**
 * A point: *unknown* before it is opened, *open*, *closed*; a closed point may open again.
 * An opening of an open point takes its new particulars over and leaves a finding when it says
 * another kind or place; a closing of a point that is not open leaves one, too.
 */
export interface PointState {
  readonly point: string;
  readonly stage: 'unknown' | 'open' | 'closed';
  readonly particulars: PointBody | null;
  readonly place: string | null;
  readonly since: Instant | null;
  readonly closedFor: string | null;
  readonly oddities: readonly Oddity[];
}

/** Nobody has opened the point yet. */
export function initialPoint(point: string): PointState {
  return {
    point,
    stage: 'unknown',
    particulars: null,
    place: null,
    since: null,
    closedFor: null,
    oddities: [],
  };
}

/** Folds one fact into a point. */
export function evolvePoint(state: PointState, fact: PointFact): PointState {
  switch (fact.kind) {
    case 'places.point-opened': {
      const isOther =
        state.place !== fact.place || state.particulars?.pointKind !== fact.body.pointKind;
      const isTwice = state.stage === 'open' && isOther;
      return {
        ...state,
        stage: 'open',
        particulars: fact.body,
        place: fact.place,
        since: state.stage === 'open' ? state.since : fact.at,
        closedFor: null,
        oddities: isTwice ? withOddity(state, fact, 'places.point-opened-twice') : state.oddities,
      };
    }
    case 'places.point-closed': {
      if (state.stage !== 'open') {
        return { ...state, oddities: withOddity(state, fact, 'places.point-not-open') };
      }
      return { ...state, stage: 'closed', since: fact.at, closedFor: fact.body.reason };
    }
    default:
      return state;
  }
}

function withOddity(state: PointState, fact: PointFact, code: Oddity['code']): readonly Oddity[] {
  const { id: factId, at, place, actor } = fact;
  return [...state.oddities, { factId, code, at, place, actor }];
}
