import { instant, type Instant, minuteMs } from '../../kernel/instant.ts';
import type { Refusal } from '../../ledger/decision.ts';
import { type DecideContext, keptAs } from '../../ledger/room.ts';
import { no } from './codes.ts';
import { type CapacityPolicy, policyDefaults } from './rules.ts';
import type { Claimant, UnitState } from './state.ts';

interface Asking {
  readonly now: Instant;
  readonly policy: CapacityPolicy;
}

/** How the beds of a unit are used, by our own record. */
export interface Usage {
  readonly beds: number;
  readonly promised: number;
  readonly taken: number;
  readonly outOfService: number;
}

/** Rule CP-2. Beds promised and taken; whoever waits behind another in a bed is not counted. */
export function usageOf(state: UnitState): Usage {
  let promised = 0;
  let taken = Object.keys(state.unplaced).length;
  for (const [first] of Object.values(state.beds)) {
    if (first === undefined) continue;
    if (first.stay === null) promised++;
    else taken++;
  }
  const outOfService = state.count?.outOfService ?? 0;
  return { beds: state.declared?.beds ?? 0, promised, taken, outOfService };
}

/** Rule CP-3. Until when the last count may be believed; null when there is none. */
export function believedUntil({ count }: UnitState, policy: CapacityPolicy): Instant | null {
  if (count === null) return null;
  return count.believedUntil ?? instant(count.at + policy.countMaxAgeMinutes * minuteMs);
}

/** Rule CP-3. Whether the last count is too old to be believed; true when there is none. */
export function isStale(state: UnitState, { now, policy }: Asking): boolean {
  const until = believedUntil(state, policy);
  return until === null || now > until;
}

/**
 * Rule CP-4. Beds that can still be promised: the fewer of what our record and, while it is
 * fresh, the facility's count leave. A stale count stops nobody from being given a bed.
 */
export function availableBeds(state: UnitState, asking: Asking): number {
  const { beds, promised, taken, outOfService } = usageOf(state);
  const byRecord = beds - promised - taken - outOfService;
  const { count } = state;
  if (count === null || isStale(state, asking)) return Math.max(0, byRecord);
  // The facility counts who is there, so beds promised to people on their way look free to it.
  const byCount = count.free - promised - count.takenSince + count.freedSince;
  return Math.max(0, Math.min(byRecord, byCount));
}

/** Rule CP-3. Free beds as shown: null, that is unknown, without a fresh count. */
export function freeBeds(state: UnitState, now: Instant, policy: CapacityPolicy): number | null {
  if (state.declared === null || isStale(state, { now, policy })) return null;
  return availableBeds(state, { now, policy });
}

/** What a claim asks of a unit: how many beds, or which one. */
export interface PlaceClaim {
  readonly places: number;
  /** A bed by its number; only for one place. */
  readonly bed?: number | undefined;
}

/**
 * Rule CP-4. Beds for a claim, the lowest free numbers first, or why there are none. Whoever asks
 * must be the only one asking: the answer is only true inside the serialised transaction.
 */
export function claimPlaces(
  state: UnitState,
  { places, bed }: PlaceClaim,
  asking: Asking,
): readonly number[] | Refusal {
  const { declared } = state;
  if (declared === null || declared.beds === 0) {
    return no('capacity.unknown-unit', { unit: state.unit });
  }
  const outOfService = new Set(state.count?.outOfServiceBeds ?? []);
  if (bed !== undefined) {
    if (bed > declared.beds) return no('capacity.bed-unknown', { bed, beds: declared.beds });
    if (state.beds[bed] !== undefined) return no('capacity.bed-taken', { unit: state.unit, bed });
    if (outOfService.has(bed)) return no('capacity.bed-out-of-service', { unit: state.unit, bed });
  }
  const available = availableBeds(state, asking);
  const details = { unit: state.unit, ...usageOf(state), available, needed: places };
  if (available < places) return no('capacity.no-free-place', details);
  if (bed !== undefined) return [bed];
  const chosen: number[] = [];
  for (let number = 1; number <= declared.beds && chosen.length < places; number++) {
    if (state.beds[number] === undefined && !outOfService.has(number)) chosen.push(number);
  }
  return chosen.length < places ? no('capacity.no-free-place', details) : chosen;
}

/** Whether an answer of `claimPlaces` is a refusal. */
export function isRefused(answer: readonly number[] | Refusal): answer is Refusal {
  return 'kind' in answer;
}

/** Promises that have not been taken, by bed number. */
export function openPromises(
  state: UnitState,
): { readonly bed: number; readonly claimant: Claimant & { readonly until: Instant } }[] {
  return Object.entries(state.beds).flatMap(([bed, claimants]) =>
    claimants.flatMap((claimant) =>
      claimant.stay === null && claimant.until !== null
        ? [{ bed: Number(bed), claimant: { ...claimant, until: claimant.until } }]
        : [],
    ),
  );
}

/** Rule CP-5. Promises whose time has run out and that nobody has released or extended. */
export function expiredPromises(
  state: UnitState,
  now: Instant,
): { bed: number; promise: string }[] {
  return openPromises(state).flatMap(({ bed, claimant }) =>
    claimant.until <= now && claimant.promise !== null ? [{ bed, promise: claimant.promise }] : [],
  );
}

/** The settings that beds are counted by, for rooms that claim them. */
export function capacityPolicyOf(context: Pick<DecideContext<never>, 'policyOf'>): CapacityPolicy {
  return keptAs(context.policyOf?.('capacity') ?? policyDefaults);
}
