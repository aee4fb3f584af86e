import { instant, type Instant, minuteMs } from '../../kernel/instant.ts';
import { type Duty, emptyView, type Slot, type SubjectView } from '../../ledger/derive.ts';
import type { ViewContext } from '../../ledger/room.ts';
import { findingsOf } from './findings.ts';
import { believedUntil, freeBeds, isStale, openPromises, usageOf } from './places.ts';
import { type CapacityPolicy, holderAt, type UnitStage } from './rules.ts';
import type { UnitState } from './state.ts';

/** Everything that follows from the history of a unit. */
export function viewUnit(state: UnitState, { policy }: ViewContext<CapacityPolicy>): SubjectView {
  if (state.firstAt === null) return emptyView;
  const stage = stageOf(state);
  const duties = dutiesOf(state, policy);
  return {
    ...emptyView,
    stage,
    since: state.declared?.at ?? state.firstAt,
    done: stage === 'closed' && duties.length === 0,
    holder: holderAt[stage],
    place: state.place,
    duties,
    findings: findingsOf(state),
    slots: slotsOf(state),
  };
}

function stageOf(state: UnitState): UnitStage {
  if (state.declared === null) return 'undeclared';
  if (state.declared.beds === 0) return 'closed';
  const { beds, promised, taken, outOfService } = usageOf(state);
  return promised + taken + outOfService >= beds ? 'full' : 'open';
}

/** Rule CP-6. One slot a bed, for the first in its queue: the database forbids a second. */
function slotsOf(state: UnitState): Slot[] {
  const resource = `unit:${state.unit}`;
  return Object.keys(state.beds).map((bed) => ({ resource, index: Number(bed) }));
}

/** Rules CP-3 and CP-5. The next count, and the promise that runs out first. */
function dutiesOf(state: UnitState, policy: CapacityPolicy): Duty[] {
  const fixed = {
    account: null,
    link: null,
    person: null,
    place: state.place ?? '',
    endedAt: null,
    ending: null,
  } as const;
  const duties: Duty[] = [];
  if (state.declared !== null && state.declared.beds > 0) {
    const since = state.count?.at ?? state.declared.at;
    duties.push({
      ...fixed,
      key: 'count',
      kind: 'capacity.report-count',
      owner: 'role:facility',
      since,
      dueAt: believedUntil(state, policy) ?? instant(since + policy.countMaxAgeMinutes * minuteMs),
    });
  }
  let next: { readonly at: Instant; readonly until: Instant } | null = null;
  for (const { claimant } of openPromises(state)) {
    if (next === null || claimant.until < next.until) next = claimant;
  }
  if (next !== null) {
    duties.push({
      ...fixed,
      key: 'promises',
      kind: 'capacity.release-or-extend',
      owner: 'role:dispatcher',
      since: next.at,
      dueAt: next.until,
    });
  }
  return duties;
}

/** A unit as the board shows it. */
export interface BedsRow {
  readonly unit: string;
  readonly facility: string | null;
  readonly label: { readonly zh: string; readonly en: string } | null;
  readonly bedKind: string | null;
  readonly beds: number;
  readonly promised: number;
  readonly occupied: number | null;
  /** Null when not known. */
  readonly free: number | null;
  readonly countAgeMinutes: number | null;
  readonly stale: boolean;
}

/** Rule CP-3. A unit's figures now, each as old as it is; unknown rather than stale. */
export function bedsRowOf(state: UnitState, now: Instant, policy: CapacityPolicy): BedsRow {
  const { beds, promised } = usageOf(state);
  const { declared, count } = state;
  const stale = isStale(state, { now, policy });
  return {
    unit: state.unit,
    facility: declared?.facility ?? null,
    label: declared?.label ?? null,
    bedKind: declared?.bedKind ?? null,
    beds,
    promised,
    occupied: stale || count === null ? null : count.occupied + count.takenSince - count.freedSince,
    free: freeBeds(state, now, policy),
    countAgeMinutes: count === null ? null : Math.max(0, Math.floor((now - count.at) / minuteMs)),
    stale,
  };
}
