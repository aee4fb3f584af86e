import { instant, type Instant, minuteMs } from '../../kernel/instant.ts';
import { type Consequence, type Duty, emptyView, type SubjectView } from '../../ledger/derive.ts';
import type { Registers, ViewContext } from '../../ledger/room.ts';
import { unitDraft } from '../capacity/index.ts';
import { caseDraft } from '../cases/index.ts';
import { vehicleDraft } from './facts.ts';
import { findingsOf } from './findings.ts';
import type { TransferPolicy, TransferStage } from './rules.ts';
import {
  type Cause,
  findArrival,
  findVehicle,
  personsOf,
  priorityOf,
  stageOf,
  standingPromises,
  type TransferState,
  unpromised,
} from './state.ts';

/** Everything that follows from the history of a transfer. */
export function viewTransfer(
  state: TransferState,
  context: ViewContext<TransferPolicy>,
): SubjectView {
  if (state.firstAt === null) return emptyView;
  const stage = stageOf(state);
  return {
    ...emptyView,
    stage,
    since: sinceOf(state, stage),
    done: stage === 'arrived' || stage === 'cancelled',
    holder: holderOf(state, stage),
    place: state.place,
    duties: dutiesOf(state, context.policy),
    findings: findingsOf(state, context),
    consequences: consequencesOf(state, stage, context.registers),
  };
}

/** Rule TR-2. Who holds the transfer: the dispatcher, and the driver once there is one. */
function holderOf(state: TransferState, stage: TransferStage): string | null {
  if (stage === 'arrived' || stage === 'cancelled') return null;
  return findVehicle(state)?.driver ?? 'role:dispatcher';
}

function sinceOf(state: TransferState, stage: TransferStage): Instant | null {
  const requestedAt = state.requested?.cause.at ?? state.firstAt;
  switch (stage) {
    case 'unknown':
    case 'requested':
      return requestedAt;
    case 'triaged':
      return state.triaged?.at ?? requestedAt;
    case 'promised':
      return promisedAt(state) ?? requestedAt;
    case 'assigned':
      return state.vehicles.at(-1)?.at ?? requestedAt;
    case 'moving':
      return Object.values(state.pickedUp)[0] ?? state.handOvers[0]?.cause.at ?? requestedAt;
    case 'arrived':
      return findArrival(state)?.cause.at ?? requestedAt;
    case 'cancelled':
      return state.cancelled?.cause.at ?? requestedAt;
  }
}

function promisedAt(state: TransferState): Instant | null {
  if (unpromised(state).length > 0) return null;
  return standingPromises(state).at(-1)?.at ?? null;
}

function pickedUpAt(state: TransferState): Instant | null {
  let last: Instant | null = null;
  for (const person of personsOf(state)) {
    const at = state.pickedUp[person];
    if (at === undefined) return null;
    if (last === null || at > last) last = at;
  }
  return last;
}

/** Rule TR-2. One duty for the whole way and one for the step that is next. */
function dutiesOf(state: TransferState, policy: TransferPolicy): Duty[] {
  const { requested } = state;
  if (requested === null) return [];
  const requestedAt = requested.cause.at;
  const arrivedAt = findArrival(state)?.cause.at ?? null;
  const cancelledAt = stageOf(state) === 'cancelled' ? (state.cancelled?.cause.at ?? null) : null;
  const overAt = arrivedAt ?? cancelledAt;
  const over = arrivedAt === null ? 'cancelled' : 'arrived';
  const driver = findVehicle(state)?.driver ?? 'role:dispatcher';
  const fixed = { account: null, person: null, place: state.place ?? '' } as const;
  const priority = priorityOf(state) ?? 'routine';
  const duties: Duty[] = [
    {
      ...fixed,
      key: 'complete',
      kind: 'transfer.complete',
      // A case stands in the link by its own duty (CA-5) and is not counted twice.
      link: requested.reason === 'case' ? null : 'transfer',
      owner: driver,
      since: requestedAt,
      dueAt: after(requestedAt, policy.completeMinutes[priority]),
      ...ended(overAt, requestedAt, over),
    },
  ];
  const steps = [
    { step: 'triage', doneAt: state.triaged?.at ?? null, owner: 'role:dispatcher' },
    { step: 'place', doneAt: promisedAt(state), owner: 'role:dispatcher' },
    { step: 'vehicle', doneAt: state.vehicles[0]?.at ?? null, owner: 'role:dispatcher' },
    { step: 'pick-up', doneAt: pickedUpAt(state), owner: driver },
    { step: 'hand-over', doneAt: arrivedAt, owner: driver },
  ] as const;
  let since = requestedAt;
  for (const [index, { step, doneAt, owner }] of steps.entries()) {
    // A step that was skipped, as urgency allows, ends with the first later step that was taken.
    const laterAt = steps.slice(index + 1).find((later) => later.doneAt !== null)?.doneAt ?? null;
    const endAt = doneAt ?? laterAt ?? overAt;
    const word = doneAt !== null ? 'done' : laterAt !== null ? 'passed-over' : over;
    duties.push({
      ...fixed,
      key: step,
      kind: `transfer.${step}`,
      link: null,
      owner,
      since,
      dueAt: after(since, policy.stepMinutes[step]),
      ...ended(endAt, since, word),
    });
    if (endAt === null) break;
    if (endAt > since) since = endAt;
  }
  return duties;
}

function after(at: Instant, minutes: number): Instant {
  return instant(at + minutes * minuteMs);
}

/** Device clocks may run behind: nothing ends before it began. */
function ended(at: Instant | null, since: Instant, word: string): Pick<Duty, 'endedAt' | 'ending'> {
  if (at === null) return { endedAt: null, ending: null };
  return { endedAt: at < since ? since : at, ending: word };
}

/** Rule TR-8. Arrival moves the people's own records; its end gives back seats and beds. */
function consequencesOf(
  state: TransferState,
  stage: TransferStage,
  registers: Registers,
): Consequence[] {
  const { transfer } = state;
  const consequences = state.handOvers.flatMap(({ cause, persons, facility, to }) =>
    persons.map((person) => {
      const body = { transfer, facility, to };
      const home = registers.homeOf(person) ?? cause.place;
      return follows(cause, caseDraft('cases.transferred', person, home, body));
    }),
  );
  const vehicle = findVehicle(state);
  const end = stage === 'cancelled' ? state.cancelled?.cause : findArrival(state)?.cause;
  if (vehicle !== null && end !== undefined) {
    const draft = vehicleDraft('transfer.seats-freed', vehicle.vehicle, end.place, { transfer });
    consequences.push(follows(end, draft));
  }
  if (stage === 'cancelled' && end !== undefined) {
    const units = new Set(standingPromises(state).map((one) => one.unit));
    for (const unit of units) {
      const body = { transfer, reason: 'transfer-cancelled' };
      consequences.push(
        follows(end, unitDraft('capacity.promise-released', unit, end.place, body)),
      );
    }
  }
  return consequences;
}

function follows({ id, lamport, at }: Cause, draft: Consequence['draft']): Consequence {
  return { causeId: id, causeLamport: lamport, at, draft };
}
