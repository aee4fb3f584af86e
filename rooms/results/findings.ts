import type { Finding } from '../../ledger/derive.ts';
import type { Mark } from '../custody/index.ts';
import type { ResultsCode } from './codes.ts';
import { type ReleaseState, resultsOf } from './state.ts';

/** Everything about a release that a person must look at. */
export function releaseFindings(state: ReleaseState): Finding[] {
  const conflicts = state.conflicts.map(({ code, ...mark }) => found(state, code, mark));
  return [...conflicts, ...amendmentFindings(state)];
}

function found(
  { release }: ReleaseState,
  code: ResultsCode,
  mark: Mark,
  details: Finding['details'] = {},
): Finding {
  const { factId: fact, at, by, place } = mark;
  const whole = { release, by, fact, ...details };
  return { key: `${code}/${fact}`, code, owner: 'role:laboratory', place, at, details: whole };
}

/** Rule RE-3. Amendments of nothing: no release yet (heals), a tube not in it, the same result. */
function amendmentFindings(state: ReleaseState): Finding[] {
  const results = state.released === null ? null : resultsOf(state.released);
  const findings: Finding[] = [];
  for (const amendment of state.amendments) {
    const { tube, result } = amendment;
    const standing = results?.get(tube);
    const details = { tube, result };
    if (results === null) findings.push(found(state, 'results.not-released', amendment, details));
    else if (standing === undefined) {
      findings.push(found(state, 'results.unknown-tube', amendment, details));
    } else if (standing === result) {
      findings.push(found(state, 'results.nothing-to-amend', amendment, details));
    } else results.set(tube, result);
  }
  return findings;
}
