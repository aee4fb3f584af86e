import { addDays, startOfDay } from '../../kernel/day.ts';
import { instant, type Instant, minuteMs } from '../../kernel/instant.ts';
import { type Consequence, type Duty, emptyView, type SubjectView } from '../../ledger/derive.ts';
import type { Registers, ViewContext } from '../../ledger/room.ts';
import { unitDraft } from '../capacity/index.ts';
import { caseDraft } from '../cases/index.ts';
import { firstDay, lastStatusDay } from './days.ts';
import { readinessOf } from './discharge.ts';
import { findingsOf } from './findings.ts';
import { type AdmissionPolicy, bedsFor, holderAt } from './rules.ts';
import { admittedAt, type Cause, findLocation, stageOf, type StayState } from './state.ts';

/** Everything that follows from the history of a stay. */
export function viewStay(state: StayState, context: ViewContext<AdmissionPolicy>): SubjectView {
  if (state.firstAt === null) return emptyView;
  const stage = stageOf(state);
  return {
    ...emptyView,
    stage,
    since: state.ended?.cause.at ?? admittedAt(state) ?? state.firstAt,
    done: stage === 'discharged' || stage === 'died',
    holder: holderAt[stage],
    place: state.place,
    duties: stage === 'admitted' ? dutiesOf(state, context.policy) : [],
    findings: findingsOf(state, context.policy),
    consequences: consequencesOf(state, context.registers),
  };
}

/** Rules AD-3, AD-5 and AD-7. The next status, a better bed, and the way home. */
function dutiesOf(state: StayState, policy: AdmissionPolicy): Duty[] {
  const begun = admittedAt(state);
  const first = firstDay(state, policy);
  if (begun === null || first === null) return [];
  const fixed = {
    account: null,
    link: null,
    person: state.person,
    owner: 'role:facility',
    place: state.place ?? '',
    endedAt: null,
    ending: null,
  } as const;
  const last = lastStatusDay(state, policy);
  const next = last === null ? first : addDays(last, 1);
  const dayBegins = startOfDay(next, policy.utcOffsetMinutes);
  const dayEnds = startOfDay(addDays(next, 1), policy.utcOffsetMinutes);
  const soonest = instant(begun + policy.firstStatusMinutes * minuteMs);
  const duties: Duty[] = [
    {
      ...fixed,
      key: 'status',
      kind: 'admission.record-status',
      since: begun > dayBegins ? begun : dayBegins,
      dueAt: last === null && soonest > dayEnds ? soonest : dayEnds,
    },
  ];
  const lastDay = Object.keys(state.statuses).sort().at(-1);
  const status = lastDay === undefined ? undefined : state.statuses[lastDay];
  const bedKind = findLocation(state)?.bedKind ?? null;
  const suits = status === undefined || bedKind === null || includes(status.severity, bedKind);
  if (status !== undefined && !suits) {
    const dueAt = instant(status.at + policy.stepUpMinutes * minuteMs);
    duties.push({ ...fixed, key: 'step-up', kind: 'admission.step-up', since: status.at, dueAt });
  }
  const { missing, evidence } = readinessOf(state, evidenceAt(state), policy);
  const ready = evidence.at(-1);
  if (missing.length === 0 && ready !== undefined) {
    const since = ready.sampledAt > begun ? ready.sampledAt : begun;
    const dueAt = instant(since + policy.dischargeMinutes * minuteMs);
    duties.push({ ...fixed, key: 'discharge', kind: 'admission.discharge', since, dueAt });
  }
  return duties;
}

function includes(severity: keyof typeof bedsFor, bedKind: string): boolean {
  const kinds: readonly string[] = bedsFor[severity];
  return kinds.includes(bedKind);
}

/** A view has no clock of its own: the latest thing on record is its present. */
function evidenceAt(state: StayState): Instant {
  let latest = admittedAt(state) ?? instant(0);
  for (const { at } of Object.values(state.statuses)) if (at > latest) latest = at;
  for (const { sampledAt } of state.tests) if (sampledAt > latest) latest = sampledAt;
  return latest;
}

/** Rule AD-2. What a stay means for the person and for the beds. */
function consequencesOf(state: StayState, registers: Registers): Consequence[] {
  const { stay, person, ended } = state;
  const consequences: Consequence[] = [];
  if (person === null) return consequences;
  const homeOr = (place: string): string => registers.homeOf(person) ?? place;
  for (const [index, location] of state.locations.entries()) {
    const { cause, unit, bed, promise } = location;
    const before = state.locations[index - 1];
    if (before === undefined) {
      const admitted = caseDraft('cases.admitted', person, homeOr(cause.place), { stay });
      consequences.push(follows(cause, admitted));
    } else if (before.unit !== unit || before.bed !== bed) {
      const left = { stay, bed: before.bed };
      const freed = unitDraft('capacity.place-freed', before.unit, cause.place, left);
      consequences.push(follows(cause, freed));
    }
    const taken = { stay, bed, person, ...(promise === null ? {} : { promise }) };
    consequences.push(follows(cause, unitDraft('capacity.place-taken', unit, cause.place, taken)));
  }
  if (ended !== null) {
    const { cause, how } = ended;
    const gone = { stay, outcome: how };
    const home = homeOr(cause.place);
    consequences.push(follows(cause, caseDraft('cases.discharged', person, home, gone)));
    for (const unit of new Set(state.locations.map((location) => location.unit))) {
      const freed = unitDraft('capacity.place-freed', unit, cause.place, { stay });
      consequences.push(follows(cause, freed));
    }
  }
  return consequences;
}

function follows({ id, lamport, at }: Cause, draft: Consequence['draft']): Consequence {
  return { causeId: id, causeLamport: lamport, at, draft };
}
