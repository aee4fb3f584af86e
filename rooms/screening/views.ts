import { instant, type Instant, minuteMs } from '../../kernel/instant.ts';
import { type Duty, emptyView, type Finding, type SubjectView } from '../../ledger/derive.ts';
import type { ViewContext } from '../../ledger/room.ts';
import { dispositions, type ScreeningPolicy } from './rules.ts';
import { type EntryState, membersOf, type RoundState, type Seal, type TubeState } from './state.ts';

/** What follows from a round: only its stage; its duties are kept as sets, one bit a person. */
export function viewRound(state: RoundState): SubjectView {
  return {
    ...emptyView,
    stage: state.stage,
    since: state.startsAt,
    done: state.stage === 'closed',
    holder: state.stage === 'open' ? 'role:headquarters' : null,
    place: state.place,
  };
}

/** What follows from a tube: its part of the specimen record, and what is wrong with it. */
export function viewTube(state: TubeState, { policy }: ViewContext<ScreeningPolicy>): SubjectView {
  const [first] = state.seals;
  const opened = state.opened;
  const source = first ?? opened;
  if (source === null || source === undefined) return emptyView;
  const sealedAt = first?.at ?? null;
  const values = {
    round: source.round,
    purpose: source.purpose,
    poolSize: source.poolSize,
    members: first === undefined ? [...state.added] : membersOf(state),
    point: source.point,
    place: source.place,
    openedAt: opened?.at ?? null,
    sealedAt,
    sealedBy: `user:${source.by}`,
    seals: state.seals.length,
    voidedAt: state.voided?.at ?? null,
    sealFactId: first?.factId ?? null,
  };
  return {
    ...emptyView,
    stage: state.stage,
    since: state.voided?.at ?? sealedAt ?? opened?.at ?? null,
    done: state.stage === 'voided',
    holder: `user:${source.by}`,
    place: source.place,
    duties: openTubeDuty(state, policy),
    findings: tubeFindings(state, policy),
    patches: [{ record: 'specimen', group: 'seal', entries: [{ key: state.tube, values }] }],
  };
}

/** Rule SC-4. An opened tube is sealed or voided in time by whoever opened it. */
function openTubeDuty(state: TubeState, policy: ScreeningPolicy): Duty[] {
  if (state.opened === null) return [];
  const { at, by, place } = state.opened;
  const [first] = state.seals;
  const endedAt = first?.at ?? state.voided?.at ?? null;
  return [
    {
      key: 'seal',
      kind: 'screening.seal-tube',
      account: null,
      link: 'collect',
      person: null,
      owner: `user:${by}`,
      place,
      since: at,
      dueAt: instant(at + policy.openTubeMinutesMax * minuteMs),
      endedAt,
      ending: endedAt === null ? null : first === undefined ? 'voided' : 'sealed',
    },
  ];
}

/** Rules SC-3 and SC-5. What a person must look at: sealed twice, over-filled, under-filled. */
export function tubeFindings(state: TubeState, policy: ScreeningPolicy): Finding[] {
  const findings: Finding[] = [];
  const add = (code: string, seal: Seal, details: Finding['details']): void => {
    const { factId, place, at } = seal;
    const whole = { tube: state.tube, by: seal.by, ...details };
    findings.push({
      key: `${code}/${factId}`,
      code,
      owner: 'role:headquarters',
      place,
      at,
      details: whole,
    });
  };
  for (const [index, seal] of state.seals.entries()) {
    const size = seal.members.length;
    if (index > 0) {
      const firstBy = state.seals[0]?.by ?? '';
      add('screening.tube-sealed-twice', seal, { firstBy, members: [...seal.members] });
    }
    if (size > seal.poolSize) {
      add('screening.tube-over-filled', seal, { poolSize: seal.poolSize, members: size });
    }
    if (seal.purpose === 'round' && size < seal.poolSize * policy.underFilledShare) {
      add('screening.tube-under-filled', seal, { poolSize: seal.poolSize, members: size });
    }
    if (new Set(seal.members).size < size) {
      add('screening.person-twice-in-tube', seal, { members: [...seal.members] });
    }
    const left = state.added.filter((person) => !seal.members.includes(person));
    if (index === 0 && state.opened !== null && left.length > 0) {
      add('screening.added-but-not-sealed', seal, { members: left });
    }
  }
  return findings;
}

/** What follows from an entry: someone must visit those who refused or wait at home. */
export function viewEntry(
  state: EntryState,
  { policy }: ViewContext<ScreeningPolicy>,
): SubjectView {
  const { disposition, since, place } = state;
  if (since === null) return emptyView;
  const visit = disposition !== null && !dispositions[disposition].settles;
  const owed = visit && state.sampledAt === null;
  return {
    ...emptyView,
    stage: disposition ?? (state.walkIn ? 'walk-in' : 'open'),
    since,
    done: !owed,
    holder: owed ? 'role:community' : null,
    place,
    duties: visit && place !== null ? [visitDuty(state, { since, place, policy })] : [],
  };
}

/** Rule SC-7. A refusal or a home visit is somebody's to settle; being sampled settles it. */
function visitDuty(
  state: EntryState,
  { since, place, policy }: { since: Instant; place: string; policy: ScreeningPolicy },
): Duty {
  return {
    key: 'visit',
    kind: state.disposition === 'refused' ? 'screening.talk-to-refuser' : 'screening.visit-at-home',
    account: null,
    link: 'collect',
    person: state.person,
    owner: 'role:community',
    place,
    since,
    dueAt: instant(Math.max(since, state.until ?? since + policy.visitMinutesMax * minuteMs)),
    endedAt: state.sampledAt === null ? null : instant(Math.max(since, state.sampledAt)),
    ending: state.sampledAt === null ? null : 'sampled',
  };
}

/** Whether the reason on record settles what the round owes the person. */
export function settlesEntry(state: EntryState): boolean {
  return state.disposition !== null && dispositions[state.disposition].settles;
}
