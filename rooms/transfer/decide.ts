import { minuteMs } from '../../kernel/instant.ts';
import { accept, type Decision, type Refusal } from '../../ledger/decision.ts';
import type { DecideContext } from '../../ledger/room.ts';
import { type CaseState, summariseCase } from '../cases/index.ts';
import type { TransferAct } from './acts.ts';
import { no } from './codes.ts';
import { type TransferBody, transferDraft, type TransferFactKind, vehicleDraft } from './facts.ts';
import { childrenParted, childrenWithoutCarer } from './family.ts';
import { isAllowed, type TransferActName, type TransferPolicy } from './rules.ts';
import {
  aboard,
  findVehicle,
  handedOver,
  personsOf,
  priorityOf,
  stageOf,
  type TransferState,
} from './state.ts';
import { claimSeats, type VehicleState } from './vehicle.ts';

type Context = DecideContext<TransferPolicy>;

/** Rule TR-1. Refuses what the stage does not allow. */
export function checkStage(state: TransferState, act: TransferActName): Refusal | null {
  const stage = stageOf(state);
  if (isAllowed(act, stage, priorityOf(state))) return null;
  return no('transfer.not-at-this-stage', { transfer: state.transfer, stage, act });
}

function put<K extends TransferFactKind>(
  state: TransferState,
  kind: K,
  body: TransferBody<K>,
): Decision {
  return accept(transferDraft(kind, state.transfer, state.requested?.from ?? '', body));
}

/** Rules TR-1 and TR-3. A child does not set out without its carer. */
export function decideRequest(
  state: TransferState,
  act: TransferAct<'request'>,
  context: Context,
): Decision {
  const refused = checkStage(state, 'request');
  if (refused !== null) return refused;
  const { transfer, ...body } = act;
  const careOf = body.persons.flatMap((child) => {
    const carer = summariseCase(context.read<CaseState>(`person:${child}`)).careOf;
    return carer === null || carer === child ? [] : [{ child, carer }];
  });
  const asking = { ...context, at: context.now };
  const alone = childrenWithoutCarer(body.persons, careOf, asking);
  // Urgent care waits for nobody; the view lays the child before a person all the same.
  const emergency = body.priority === 'urgent' && body.reason === 'care';
  if (alone.length > 0 && !emergency) {
    return no('transfer.child-without-carer', { transfer, children: alone });
  }
  const full = careOf.length === 0 ? body : { ...body, careOf };
  return accept(transferDraft('transfer.requested', transfer, act.from, full));
}

/** Rule TR-2. Urgency and needs; may be said again while nobody is on the road. */
export function decideTriage(
  state: TransferState,
  { priority, needs }: TransferAct<'triage'>,
): Decision {
  return checkStage(state, 'triage') ?? put(state, 'transfer.triaged', { priority, needs });
}

/** Rule TR-5. Seats for everybody still to be moved; those in another vehicle are given up. */
export function decideAssignVehicle(
  state: TransferState,
  { vehicle, driver }: TransferAct<'assign-vehicle'>,
  context: Context,
): Decision {
  const refused = checkStage(state, 'assign-vehicle');
  if (refused !== null) return refused;
  const { transfer } = state;
  const before = findVehicle(state);
  if (before?.vehicle === vehicle) return no('transfer.same-vehicle', { transfer, vehicle });
  const wanted = context.read<VehicleState>(`vehicle:${vehicle}`);
  const arrived = new Set(handedOver(state));
  const needed = personsOf(state).filter((person) => !arrived.has(person)).length;
  const seats = claimSeats(wanted, needed);
  if ('kind' in seats) return seats;
  const from = state.requested?.from ?? '';
  const taken = { transfer, seats: [...seats] };
  const drafts = [
    vehicleDraft('transfer.seats-taken', vehicle, wanted.place ?? from, taken),
    transferDraft('transfer.vehicle-assigned', transfer, from, { vehicle, driver }),
  ];
  if (before === null) return accept(...drafts);
  const old = context.read<VehicleState>(`vehicle:${before.vehicle}`);
  const freed = { transfer };
  return accept(
    vehicleDraft('transfer.seats-freed', before.vehicle, old.place ?? from, freed),
    ...drafts,
  );
}

/** Rules TR-3 and TR-6. Nobody is picked up twice, and no child without its carer. */
export function decidePickUp(
  state: TransferState,
  act: TransferAct<'pick-up'>,
  context: Context,
): Decision {
  const refused = checkStage(state, 'pick-up');
  if (refused !== null) return refused;
  const { transfer } = state;
  const waiting = personsOf(state).filter((person) => state.pickedUp[person] === undefined);
  const persons = act.persons ?? waiting;
  const strangers = persons.filter((person) => !personsOf(state).includes(person));
  if (strangers.length > 0) return no('transfer.not-in-transfer', { transfer, persons: strangers });
  const again = persons.filter((person) => !waiting.includes(person));
  if (again.length > 0 || persons.length === 0) {
    return no('transfer.already-picked-up', { transfer, persons: again });
  }
  const together = [...persons, ...Object.keys(state.pickedUp).map(Number)];
  const parted = childrenParted(state, together, { ...context, at: context.now });
  if (parted.length > 0) {
    return no('transfer.child-without-carer', { transfer, children: parted });
  }
  return put(state, 'transfer.picked-up', { persons });
}

/** Rules TR-3 and TR-6. Only who is aboard is handed over, and no child without its carer. */
export function decideHandOver(
  state: TransferState,
  act: TransferAct<'hand-over'>,
  context: Context,
): Decision {
  const refused = checkStage(state, 'hand-over');
  if (refused !== null) return refused;
  const { transfer } = state;
  const { facility, to } = act;
  const travelling = aboard(state).filter((person) => personsOf(state).includes(person));
  const persons = act.persons ?? travelling;
  const missing = persons.filter((person) => !travelling.includes(person));
  if (missing.length > 0 || persons.length === 0) {
    return no('transfer.not-picked-up', { transfer, persons: missing });
  }
  const together = [...persons, ...handedOver(state)];
  const parted = childrenParted(state, together, { ...context, at: context.now });
  if (parted.length > 0) {
    return no('transfer.child-without-carer', { transfer, children: parted });
  }
  const elsewhere = state.handOvers.find((one) => one.facility !== facility);
  const here = { handOvers: [...state.handOvers, { facility, persons }] };
  if (elsewhere !== undefined && childrenSplit(state, here.handOvers, context).length > 0) {
    return no('transfer.family-split', { transfer, facility, other: elsewhere.facility });
  }
  return put(state, 'transfer.handed-over', { facility, persons, to });
}

/** Children at another facility than every carer of theirs in the transfer. */
function childrenSplit(
  state: TransferState,
  handOvers: readonly { readonly facility: string; readonly persons: readonly number[] }[],
  context: Context,
): number[] {
  const asking = { ...context, at: context.now };
  const facilities = new Set(handOvers.map((one) => one.facility));
  return [...facilities].flatMap((facility) => {
    const here = handOvers.filter((one) => one.facility === facility);
    const persons = here.flatMap((one) => one.persons);
    return childrenParted(state, persons, asking).filter((child) => persons.includes(child));
  });
}

/** Rule TR-1. Only before anybody is on the road. */
export function decideCancel(state: TransferState, { reason }: TransferAct<'cancel'>): Decision {
  return checkStage(state, 'cancel') ?? put(state, 'transfer.cancelled', { reason });
}

/** Rule TR-5. Registered again, the vehicle has the new seats; with none it is out of use. */
export function decideRegisterVehicle(
  _state: VehicleState,
  { vehicle, place, seats }: TransferAct<'register-vehicle'>,
): Decision {
  return accept(vehicleDraft('transfer.vehicle-registered', vehicle, place, { seats }));
}

/** The end of a promise that begins now. */
export function promisedUntil(context: Context, minutes: number | undefined): number {
  const { promiseMinutes, promiseMinutesMax } = context.policy;
  return context.now + Math.min(minutes ?? promiseMinutes, promiseMinutesMax) * minuteMs;
}
