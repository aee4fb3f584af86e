import { type Instant, instant, minuteMs } from '../../kernel/instant.ts';
import {
  type Consequence,
  type Duty,
  emptyView,
  type RecordPatch,
  type SubjectView,
} from '../../ledger/derive.ts';
import type { ViewContext } from '../../ledger/room.ts';
import type { Mark } from '../custody/index.ts';
import { accessionFindings, plateFindings } from './findings.ts';
import { openReruns, type TubeCall, tubeCalls } from './plate.ts';
import type { LaboratoryPolicy } from './rules.ts';
import type { AccessionState, PlateState } from './state.ts';

/** What follows from an accession: each of its tubes is at the laboratory. */
export function viewAccession(state: AccessionState): SubjectView {
  const { first } = state;
  if (first === null) return emptyView;
  const entries = Object.entries(state.tubes).map(([key, { laboratory, at }]) => ({
    key,
    values: { laboratory, accessionedAt: at },
  }));
  return {
    ...emptyView,
    stage: 'accessioned',
    since: first.at,
    // The tubes are held one by one from here on; the number has nothing left to do.
    done: true,
    place: state.place,
    findings: accessionFindings(state),
    patches: [{ record: 'specimen', group: 'accession', entries }],
  };
}

/** Everything that follows from the state of a plate. */
export function viewPlate(
  state: PlateState,
  { policy }: ViewContext<LaboratoryPolicy>,
): SubjectView {
  const calls = tubeCalls(state, policy);
  const duties = dutiesOf(state, calls, policy);
  const isSettled = state.stage === 'signed' || state.stage === 'rejected';
  const done = isSettled && duties.every((duty) => duty.endedAt !== null);
  return {
    ...emptyView,
    stage: state.stage,
    since: state.since,
    done,
    holder: done || state.stage === 'unknown' ? null : 'role:laboratory',
    place: state.place,
    duties,
    findings: plateFindings(state, policy),
    patches: patchesOf(state, calls),
    consequences: consequencesOf(state),
  };
}

interface Clock {
  readonly key: string;
  readonly kind: string;
  readonly link: 'test' | 'report';
  readonly begun: Pick<Mark, 'at' | 'place'>;
  readonly minutesMax: number;
  readonly end: { readonly at: Instant; readonly ending: string } | null;
}

function dutyFrom({ key, kind, link, begun, minutesMax, end }: Clock): Duty {
  return {
    key,
    kind,
    account: null,
    link,
    person: null,
    owner: 'role:laboratory',
    place: begun.place,
    since: begun.at,
    dueAt: instant(begun.at + minutesMax * minuteMs),
    // A clock that ran backwards shows as no time, not as negative time.
    endedAt: end === null ? null : instant(Math.max(begun.at, end.at)),
    ending: end === null ? null : end.ending,
  };
}

/** Rule LA-9. What the laboratory owes: reading, signature, reruns, release, each in its time. */
function dutiesOf(state: PlateState, calls: readonly TubeCall[], policy: LaboratoryPolicy): Duty[] {
  const { load, reading, signing, rejection, stage } = state;
  if (load === null) return [];
  const rejected =
    stage === 'rejected' && rejection !== null ? { at: rejection.at, ending: 'rejected' } : null;
  const read = reading === null ? rejected : { at: reading.at, ending: 'read' };
  const duties = [
    dutyFrom({
      key: 'read',
      kind: 'laboratory.read-plate',
      link: 'test',
      begun: load,
      minutesMax: policy.readMinutesMax,
      end: read,
    }),
  ];
  if (reading !== null) {
    const { signMinutesMax: minutesMax } = policy;
    const end = signing === null ? rejected : { at: signing.at, ending: 'signed' };
    const kind = 'laboratory.sign-plate';
    duties.push(dutyFrom({ key: 'sign', kind, link: 'test', begun: reading, minutesMax, end }));
  }
  return [...duties, ...rerunDuty(state, calls, policy), ...releaseDuties(state, calls, policy)];
}

/** Rule LA-7. Tubes owed another run, as one duty a plate. */
function rerunDuty(
  state: PlateState,
  calls: readonly TubeCall[],
  policy: LaboratoryPolicy,
): Duty[] {
  const begun = state.stage === 'rejected' ? state.rejection : state.signing;
  const owed = calls.filter(({ isRerunOwed }) => isRerunOwed);
  if (begun === null || owed.length === 0) return [];
  const ends = owed.map(({ tube }) => state.rerunLoaded[tube] ?? state.waived[tube]);
  const isOpen = openReruns(state, calls).length > 0;
  const at = latest(
    ends.flatMap((mark) => (mark === undefined ? [] : [mark.at])),
    begun.at,
  );
  return [
    dutyFrom({
      key: 'rerun',
      kind: 'laboratory.rerun-tubes',
      link: 'test',
      begun,
      minutesMax: policy.rerunMinutesMax,
      end: isOpen ? null : { at, ending: 'loaded' },
    }),
  ];
}

/** Rule LA-9. Final results leave the laboratory in time; those given up later, from then. */
function releaseDuties(
  state: PlateState,
  calls: readonly TubeCall[],
  policy: LaboratoryPolicy,
): Duty[] {
  const { signing, stage } = state;
  if (stage !== 'signed' || signing === null) return [];
  const final = calls.filter(({ isFinal }) => isFinal);
  const given = final.filter(({ isRerunOwed }) => isRerunOwed);
  const waivedAt = latest(
    given.map(({ tube }) => state.waived[tube]?.at ?? signing.at),
    signing.at,
  );
  const { place } = signing;
  return [
    ...releaseDuty(
      state,
      final.filter(({ isRerunOwed }) => !isRerunOwed),
      policy,
      {
        key: 'release',
        begun: signing,
      },
    ),
    ...releaseDuty(state, given, policy, {
      key: 'release-waived',
      begun: { at: waivedAt, place },
    }),
  ];
}

function releaseDuty(
  state: PlateState,
  tubes: readonly TubeCall[],
  { releaseMinutesMax: minutesMax }: LaboratoryPolicy,
  { key, begun }: Pick<Clock, 'key' | 'begun'>,
): Duty[] {
  if (tubes.length === 0) return [];
  const releasedAt = new Map<string, Instant>();
  for (const { at, results } of Object.values(state.released)) {
    for (const tube of Object.keys(results)) releasedAt.set(tube, at);
  }
  const ends = tubes.flatMap(({ tube }) => releasedAt.get(tube) ?? []);
  const end =
    ends.length < tubes.length ? null : { at: latest(ends, begun.at), ending: 'released' };
  const kind = 'laboratory.release-plate';
  return [dutyFrom({ key, kind, link: 'report', begun, minutesMax, end })];
}

function latest(instants: readonly Instant[], earliest: Instant): Instant {
  return instants.reduce((left, right) => (left > right ? left : right), earliest);
}

/** What the plate says of each of its tubes. */
function patchesOf(state: PlateState, calls: readonly TubeCall[]): RecordPatch[] {
  const { load, reading, signing, stage, plate } = state;
  if (load === null) return [];
  const isCalled = stage === 'read' || stage === 'signed';
  const shared = {
    plate,
    plateStage: stage,
    loadedAt: load.at,
    calledAt: isCalled ? (reading?.at ?? null) : null,
    signedAt: stage === 'signed' ? (signing?.at ?? null) : null,
  };
  const entries = calls.map(({ tube, well, attempt, call }) => ({
    key: tube,
    values: { ...shared, well, attempt, call },
  }));
  return [{ record: 'specimen', group: 'plate', entries }];
}

/** Rule LA-7. Earlier plates are told that their failed tubes run again here. */
function consequencesOf({ load, plate }: PlateState): Consequence[] {
  if (load === null) return [];
  const { factId, lamport, at, place } = load;
  const tubesOf = new Map<string, Set<string>>();
  for (const { rerunOf, tube } of load.wells) {
    if (rerunOf === null || rerunOf === plate) continue;
    tubesOf.set(rerunOf, (tubesOf.get(rerunOf) ?? new Set()).add(tube));
  }
  return [...tubesOf].map(([before, tubes]) => ({
    causeId: factId,
    causeLamport: lamport,
    at,
    draft: {
      kind: 'laboratory.rerun-loaded',
      subject: `plate:${before}`,
      place,
      body: { plate, tubes: [...tubes] },
    },
  }));
}
