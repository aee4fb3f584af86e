import { accept, type Decision } from '../../ledger/decision.ts';
import type { DecideContext } from '../../ledger/room.ts';
import {
  capacityPolicyOf as capacityPolicy,
  claimPlaces,
  findPromise,
  isRefused,
  unitDraft,
  type UnitState,
} from '../capacity/index.ts';
import type { TransferAct } from './acts.ts';
import { no } from './codes.ts';
import { checkStage, promisedUntil } from './decide.ts';
import { transferDraft } from './facts.ts';
import { childrenAmong } from './family.ts';
import type { TransferPolicy } from './rules.ts';
import { personsOf, standingPromises, type TransferState, unpromised } from './state.ts';

type Context = DecideContext<TransferPolicy>;

/**
 * Rules TR-3 and TR-4. Beds in one unit for everybody who has none: all of them or nobody. It is
 * decided against the unit, where beds are counted, and is put on record on both sides.
 */
export function decidePromisePlace(
  unit: UnitState,
  act: TransferAct<'promise-place'>,
  context: Context,
): Decision {
  const state = context.read<TransferState>(`transfer:${act.transfer}`);
  const refused = checkStage(state, 'promise-place');
  if (refused !== null) return refused;
  const { transfer } = state;
  const waiting = unpromised(state);
  const persons = act.persons ?? waiting;
  const strangers = persons.filter((person) => !personsOf(state).includes(person));
  if (strangers.length > 0) return no('transfer.not-in-transfer', { transfer, persons: strangers });
  const again = persons.filter((person) => !waiting.includes(person));
  if (again.length > 0 || persons.length === 0) {
    return no('transfer.already-promised', { transfer, persons: again });
  }
  if (act.bed !== undefined && persons.length > 1) {
    return no('transfer.one-bed-one-person', { transfer, persons: [...persons] });
  }
  const parting = refuseParting(state, unit, { persons, context });
  if (parting !== null) return parting;
  const asking = { now: context.now, policy: capacityPolicy(context) };
  const beds = claimPlaces(unit, { places: persons.length, bed: act.bed }, asking);
  if (isRefused(beds)) return beds;
  const until = promisedUntil(context, act.minutes);
  const drafts = persons.flatMap((person, index) => {
    const bed = beds[index] ?? 0;
    const promise = nextPromise(state, person);
    const facility = unit.declared?.facility ?? '';
    const held = { promise, transfer, person, bed, until };
    const placed = { unit: unit.unit, promise, person, facility, bed, until };
    const from = state.requested?.from ?? '';
    return [
      unitDraft('capacity.place-promised', unit.unit, unit.place ?? '', held),
      transferDraft('transfer.place-promised', transfer, from, placed),
    ];
  });
  return accept(...drafts);
}

/** Rule TR-3. With a child among them, everybody goes to one unit, and it takes children. */
function refuseParting(
  state: TransferState,
  unit: UnitState,
  { persons, context }: { persons: readonly number[]; context: Context },
): Decision | null {
  const { transfer } = state;
  const children = childrenAmong(personsOf(state), { ...context, at: context.now });
  if (children.length === 0) return null;
  if (unit.declared?.acceptsChildren === false && children.some((one) => persons.includes(one))) {
    return no('transfer.unit-refuses-children', { unit: unit.unit, children });
  }
  const elsewhere = standingPromises(state).find((one) => one.unit !== unit.unit);
  const left = unpromised(state).filter((person) => !persons.includes(person));
  if (elsewhere === undefined && left.length === 0) return null;
  return no('transfer.family-split', {
    transfer,
    unit: unit.unit,
    other: elsewhere?.unit ?? null,
    left,
  });
}

function nextPromise(state: TransferState, person: number): string {
  const earlier = state.promises.filter((one) => one.person === person).length;
  return `${state.transfer}.${person}.${earlier + 1}`;
}

/** Rule TR-4. A promise is given up by a person, with a reason, never silently. */
export function decideReleasePromise(
  state: TransferState,
  { promise, reason }: TransferAct<'release-promise'>,
  context: Context,
): Decision {
  const held = findHeld(state, promise, context);
  if ('kind' in held) return held;
  const { unit, unitPlace } = held;
  const from = state.requested?.from ?? '';
  return accept(
    unitDraft('capacity.promise-released', unit, unitPlace, { promise, reason }),
    transferDraft('transfer.promise-released', state.transfer, from, { promise, reason }),
  );
}

/** Rule TR-4. A promise is prolonged by a person, with a reason, never beyond the longest. */
export function decideExtendPromise(
  state: TransferState,
  { promise, minutes, reason }: TransferAct<'extend-promise'>,
  context: Context,
): Decision {
  const held = findHeld(state, promise, context);
  if ('kind' in held) return held;
  const until = promisedUntil(context, minutes);
  const body = { promise, until, reason };
  return accept(unitDraft('capacity.promise-extended', held.unit, held.unitPlace, body));
}

/** The unit of a promise that stands here and there; a bed that was taken is no promise. */
function findHeld(state: TransferState, promise: string, context: Context) {
  const refused = checkStage(state, 'release-promise');
  if (refused !== null) return refused;
  const { transfer } = state;
  const held = standingPromises(state).find((one) => one.promise === promise);
  if (held === undefined) return no('transfer.unknown-promise', { transfer, promise });
  const unit = context.read<UnitState>(`unit:${held.unit}`);
  const there = findPromise(unit, promise);
  if (there === null || there.claimant.stay !== null) {
    return no('transfer.unknown-promise', { transfer, promise, unit: held.unit });
  }
  return { unit: held.unit, unitPlace: unit.place ?? state.requested?.from ?? '' };
}

/** The unit that an act about a promise must read. */
export function unitOfPromise(state: TransferState, promise: string): string[] {
  const held = state.promises.find((one) => one.promise === promise);
  return held === undefined ? [] : [`unit:${held.unit}`];
}
