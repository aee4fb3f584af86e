import { emptyView, type SubjectView } from '../../ledger/derive.ts';
import type { PointState } from './state.ts';

/** Rule PL-9. What follows from a point: headquarters holds it while it is open. */
export function viewPoint(state: PointState): SubjectView {
  return {
    ...emptyView,
    stage: state.stage,
    since: state.since,
    done: state.stage === 'closed',
    holder: state.stage === 'open' ? 'role:headquarters' : null,
    place: state.place,
    findings: state.oddities.map(({ factId, code, at, place, actor }) => ({
      key: `${code}/${factId}`,
      code,
      owner: 'role:headquarters',
      place,
      at,
      details: { point: state.point, actor },
    })),
  };
}
