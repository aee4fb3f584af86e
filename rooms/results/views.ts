import { instant, minuteMs } from '../../kernel/instant.ts';
import {
  type Consequence,
  type Duty,
  emptyView,
  type RecordPatch,
  type SubjectView,
} from '../../ledger/derive.ts';
import type { ViewContext } from '../../ledger/room.ts';
import { releaseFindings } from './findings.ts';
import type { ResultsPolicy } from './rules.ts';
import { type ReleaseState, standingResults } from './state.ts';

/** Everything that follows from the state of a release. */
export function viewRelease(
  state: ReleaseState,
  { policy }: ViewContext<ResultsPolicy>,
): SubjectView {
  const duties = informDuties(state, policy);
  const done = state.stage !== 'unknown' && duties.every((duty) => duty.endedAt !== null);
  return {
    ...emptyView,
    stage: state.stage,
    since: state.since,
    done,
    holder: done || state.stage === 'unknown' ? null : 'role:community',
    place: state.place,
    duties,
    findings: releaseFindings(state),
    patches: patchesOf(state),
    consequences: consequencesOf(state),
  };
}

/** Rule RE-4. People who were told a wrong result are told the right one, in time. */
function informDuties(state: ReleaseState, policy: ResultsPolicy): Duty[] {
  const amended = [...standingResults(state).values()].flatMap(({ tube, amendedAt, cause }) =>
    amendedAt === null ? [] : [{ tube, since: amendedAt, place: cause.place }],
  );
  return amended.map(({ tube, since, place }) => {
    const told = state.informed[tube];
    return {
      key: `inform/${tube}`,
      kind: 'results.inform-of-amendment',
      account: null,
      link: 'report',
      person: null,
      owner: 'role:community',
      place,
      since,
      dueAt: instant(since + policy.informMinutesMax * minuteMs),
      // A clock that ran backwards shows as no time, not as negative time.
      endedAt: told === undefined ? null : instant(Math.max(since, told.at)),
      ending: told === undefined ? null : 'informed',
    };
  });
}

/** What the release says of each of its tubes. */
function patchesOf(state: ReleaseState): RecordPatch[] {
  const { released, release } = state;
  if (released === null) return [];
  const { at: releasedAt } = released;
  const entries = [...standingResults(state).values()].map(({ tube, result, amendedAt, cause }) => {
    const { factId: causeId, lamport: causeLamport, at: causeAt } = cause;
    const said = { result, releasedAt, release, amendedAt };
    return { key: tube, values: { ...said, causeId, causeLamport, causeAt } };
  });
  return [{ record: 'specimen', group: 'result', entries }];
}

/** Rule RE-5. The plate learns that its results have left. */
function consequencesOf({ released, release }: ReleaseState): Consequence[] {
  if (released === null) return [];
  const { plate, results, factId, lamport, at, place } = released;
  return [
    {
      causeId: factId,
      causeLamport: lamport,
      at,
      draft: {
        kind: 'laboratory.plate-released',
        subject: `plate:${plate}`,
        place,
        body: { release, results },
      },
    },
  ];
}
