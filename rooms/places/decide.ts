import { type Static, Type } from 'typebox';
import { accept, type Decision, refuse } from '../../ledger/decision.ts';
import { closingBody, pointBody, pointId } from './facts.ts';
import type { PointState } from './state.ts';

const place = Type.String({ minLength: 1, maxLength: 80 });
const strict = { additionalProperties: false };

export const openPoint = Type.Object({ point: pointId, place, ...pointBody.properties }, strict);
export const closePoint = Type.Object({ point: pointId, ...closingBody.properties }, strict);

/** Rule PL-8. A point is opened once until it is closed, and has a whole position or none. */
export function decideOpenPoint(state: PointState, act: Static<typeof openPoint>): Decision {
  if (state.stage === 'open') return refuse('places.point-already-open', { point: act.point });
  if ((act.lon === undefined) !== (act.lat === undefined)) {
    return refuse('places.position-incomplete', { point: act.point });
  }
  const { point, place: at, ...body } = act;
  return accept({ kind: 'places.point-opened', subject: `point:${point}`, place: at, body });
}

/** Rule PL-8. Only an open point is closed. */
export function decideClosePoint(state: PointState, act: Static<typeof closePoint>): Decision {
  if (state.stage !== 'open' || state.place === null) {
    return refuse('places.point-not-open', { point: act.point, stage: state.stage });
  }
  const body = { reason: act.reason };
  const subject = `point:${act.point}`;
  return accept({ kind: 'places.point-closed', subject, place: state.place, body });
}
