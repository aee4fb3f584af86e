import type { Instant } from '../../kernel/instant.ts';
import { emptyView, type Finding, type SubjectView } from '../../ledger/derive.ts';
import type { Refusal } from '../../ledger/decision.ts';
import { no } from './codes.ts';
import { type VehicleFact, vehicleFacts } from './facts.ts';

/**
 * A vehicle. Each seat has a queue of transfers in the agreed order: the first has the seat, and
 * whoever stands behind is a contradiction that a person resolves.
 */
export interface VehicleState {
  readonly vehicle: string;
  readonly seats: number | null;
  readonly place: string | null;
  readonly taken: { readonly [seat: string]: readonly string[] };
  readonly firstAt: Instant | null;
  readonly lastAt: Instant | null;
  /** Guards against a fact given twice in a row. */
  readonly lastId: string | null;
}

/** A vehicle of which nothing is on record. */
export function initialVehicle(key: string): VehicleState {
  return {
    vehicle: key,
    seats: null,
    place: null,
    taken: {},
    firstAt: null,
    lastAt: null,
    lastId: null,
  };
}

/** Adds a fact; one that is given twice in a row counts once, and unknown kinds count nothing. */
export function evolveVehicle(state: VehicleState, fact: VehicleFact): VehicleState {
  if (!Object.hasOwn(vehicleFacts, fact.kind) || state.lastId === fact.id) return state;
  const seen = {
    ...state,
    place: state.place ?? fact.place,
    firstAt: state.firstAt ?? fact.at,
    lastAt: fact.at,
    lastId: fact.id,
  };
  switch (fact.kind) {
    case 'transfer.vehicle-registered':
      return { ...seen, seats: fact.body.seats, place: fact.place };
    case 'transfer.seats-taken': {
      const taken: { [seat: string]: readonly string[] } = { ...state.taken };
      for (const seat of fact.body.seats) {
        const queue = taken[seat] ?? [];
        if (!queue.includes(fact.body.transfer)) taken[seat] = [...queue, fact.body.transfer];
      }
      return { ...seen, taken };
    }
    case 'transfer.seats-freed': {
      const taken: { [seat: string]: readonly string[] } = {};
      for (const [seat, queue] of Object.entries(state.taken)) {
        const kept = queue.filter((transfer) => transfer !== fact.body.transfer);
        if (kept.length > 0) taken[seat] = kept;
      }
      return { ...seen, taken };
    }
  }
}

/** Rule TR-5. Seats for so many people, the lowest free numbers first, or why there are none. */
export function claimSeats(state: VehicleState, needed: number): readonly number[] | Refusal {
  const { vehicle, seats } = state;
  if (seats === null || seats === 0) return no('transfer.unknown-vehicle', { vehicle });
  const free: number[] = [];
  for (let seat = 1; seat <= seats; seat++) if (state.taken[seat] === undefined) free.push(seat);
  if (free.length < needed) {
    return no('transfer.no-free-seat', { vehicle, seats, free: free.length, needed });
  }
  return free.slice(0, needed);
}

/** Everything that follows from the history of a vehicle. */
export function viewVehicle(state: VehicleState): SubjectView {
  if (state.firstAt === null) return emptyView;
  const seats = Object.keys(state.taken);
  const registered = state.seats !== null && state.seats > 0;
  const stage = !registered ? 'unregistered' : seats.length === 0 ? 'free' : 'busy';
  return {
    ...emptyView,
    stage,
    since: state.lastAt,
    done: !registered && seats.length === 0,
    holder: 'role:dispatcher',
    place: state.place,
    findings: findingsOf(state, state.firstAt),
    slots: seats.map((seat) => ({ resource: `vehicle:${state.vehicle}`, index: Number(seat) })),
  };
}

/** Rule TR-5. Seats that two transfers claim, and seats that are not there. */
function findingsOf(state: VehicleState, at: Instant): Finding[] {
  const fixed = { owner: 'role:dispatcher', place: state.place ?? '', at } as const;
  return Object.entries(state.taken).flatMap(([seat, [holder, ...others]]) => {
    const findings: Finding[] = others.map((other, index) => ({
      ...fixed,
      key: `seat-twice.${seat}.${index + 1}`,
      code: 'transfer.seat-taken-twice',
      details: { seat: Number(seat), holder: holder ?? null, other },
    }));
    if (Number(seat) > (state.seats ?? 0)) {
      findings.push({
        ...fixed,
        key: `seat-unknown.${seat}`,
        code: 'transfer.seat-unknown',
        details: { seat: Number(seat), seats: state.seats ?? 0 },
      });
    }
    return findings;
  });
}
