import type { Instant } from '../../kernel/instant.ts';
import { type TransferBody, type TransferFact, transferFacts } from './facts.ts';
import type { TransferStage } from './rules.ts';

/** The fact that something follows from. */
export interface Cause {
  readonly id: string;
  readonly lamport: number;
  readonly at: Instant;
  readonly place: string;
}

export interface HeldPlace {
  readonly promise: string;
  readonly unit: string;
  readonly facility: string | null;
  readonly person: number;
  readonly at: Instant;
  readonly released: boolean;
}

export interface HandOver {
  readonly facility: string;
  readonly to: string;
  readonly persons: readonly number[];
  readonly cause: Cause;
}

/** A transfer: who is moved together, from asking to hand-over. */
export interface TransferState {
  readonly transfer: string;
  readonly requested: (TransferBody<'transfer.requested'> & { readonly cause: Cause }) | null;
  /** Requests with other content after the first. */
  readonly requestedAgainAt: Instant | null;
  readonly triaged: (TransferBody<'transfer.triaged'> & { readonly at: Instant }) | null;
  /** Every promise ever made, the released ones too: their number makes the next one's id. */
  readonly promises: readonly HeldPlace[];
  /** Every vehicle ever assigned; the last one counts. */
  readonly vehicles: readonly { vehicle: string; driver: string; at: Instant }[];
  /** Person to the instant of the first pick-up. */
  readonly pickedUp: { readonly [person: string]: Instant };
  readonly handOvers: readonly HandOver[];
  readonly cancelled: { readonly reason: string; readonly cause: Cause } | null;
  readonly place: string | null;
  readonly firstAt: Instant | null;
  /** Guards against a fact given twice in a row. */
  readonly lastId: string | null;
}

/** A transfer of which nothing is on record. */
export function initialTransfer(key: string): TransferState {
  return {
    transfer: key,
    requested: null,
    requestedAgainAt: null,
    triaged: null,
    promises: [],
    vehicles: [],
    pickedUp: {},
    handOvers: [],
    cancelled: null,
    place: null,
    firstAt: null,
    lastId: null,
  };
}

type Evolve<K extends TransferFact['kind']> = (
  state: TransferState,
  fact: Extract<TransferFact, { kind: K }>,
) => TransferState;

/** Adds a fact; one that is given twice in a row counts once, and unknown kinds count nothing. */
export function evolveTransfer(state: TransferState, fact: TransferFact): TransferState {
  if (!Object.hasOwn(transferFacts, fact.kind) || state.lastId === fact.id) return state;
  const evolve = evolutions[fact.kind] as Evolve<TransferFact['kind']>;
  const next = evolve(state, fact);
  return {
    ...next,
    place: next.requested?.from ?? next.place ?? fact.place,
    firstAt: next.firstAt ?? fact.at,
    lastId: fact.id,
  };
}

function causeOf({ id, lamport, at, place }: TransferFact): Cause {
  return { id, lamport, at, place };
}

/** What each kind of fact changes. Total. */
const evolutions: { readonly [K in TransferFact['kind']]: Evolve<K> } = {
  'transfer.requested': (state, fact) =>
    state.requested === null
      ? { ...state, requested: { ...fact.body, cause: causeOf(fact) } }
      : { ...state, requestedAgainAt: state.requestedAgainAt ?? fact.at },
  'transfer.triaged': (state, { body, at }) => ({ ...state, triaged: { ...body, at } }),
  'transfer.place-promised': (state, { body, at }) => {
    const { promise, unit, facility = null, person } = body;
    if (state.promises.some((one) => one.promise === promise)) return state;
    const held = { promise, unit, facility, person, at, released: false };
    return { ...state, promises: [...state.promises, held] };
  },
  'transfer.promise-released': (state, { body }) => ({
    ...state,
    promises: state.promises.map((one) =>
      one.promise === body.promise ? { ...one, released: true } : one,
    ),
  }),
  'transfer.vehicle-assigned': (state, { body, at }) => ({
    ...state,
    vehicles: [...state.vehicles, { ...body, at }],
  }),
  'transfer.picked-up': (state, { body, at }) => {
    const pickedUp: { [person: string]: Instant } = { ...state.pickedUp };
    for (const person of body.persons) pickedUp[person] ??= at;
    return { ...state, pickedUp };
  },
  'transfer.handed-over': (state, fact) => ({
    ...state,
    handOvers: [...state.handOvers, { ...fact.body, cause: causeOf(fact) }],
  }),
  'transfer.cancelled': (state, fact) => ({
    ...state,
    cancelled: state.cancelled ?? { reason: fact.body.reason, cause: causeOf(fact) },
  }),
};

/** The people of the transfer; none while nobody has asked for it. */
export function personsOf(state: TransferState): readonly number[] {
  return state.requested?.persons ?? [];
}

/** Promises that stand. */
export function standingPromises(state: TransferState): readonly HeldPlace[] {
  return state.promises.filter((one) => !one.released);
}

/** People of the transfer without a bed promised who have not arrived. */
export function unpromised(state: TransferState): number[] {
  const promised = new Set(standingPromises(state).map((one) => one.person));
  const arrived = new Set(handedOver(state));
  return personsOf(state).filter((person) => !promised.has(person) && !arrived.has(person));
}

/** Everybody handed over so far. */
export function handedOver(state: TransferState): number[] {
  return [...new Set(state.handOvers.flatMap((one) => one.persons))];
}

/** People picked up and not yet handed over. */
export function aboard(state: TransferState): number[] {
  const arrived = new Set(handedOver(state));
  return Object.keys(state.pickedUp)
    .map(Number)
    .filter((person) => !arrived.has(person));
}

/** The hand-over with which everybody of the transfer had arrived; null before. */
export function findArrival(state: TransferState): HandOver | null {
  const missing = new Set(personsOf(state));
  if (missing.size === 0) return null;
  for (const one of state.handOvers) {
    for (const person of one.persons) missing.delete(person);
    if (missing.size === 0) return one;
  }
  return null;
}

/** The vehicle that counts, if any. */
export function findVehicle(state: TransferState): { vehicle: string; driver: string } | null {
  return state.vehicles.at(-1) ?? null;
}

/** How urgent it is: by the triage, before it by the request. */
export function priorityOf(state: TransferState): 'urgent' | 'today' | 'routine' | null {
  return state.triaged?.priority ?? state.requested?.priority ?? null;
}

/** Rule TR-1. The stage of a transfer. What has happened counts, in whatever order it was asked. */
export function stageOf(state: TransferState): TransferStage {
  if (state.requested === null) return 'unknown';
  if (findArrival(state) !== null) return 'arrived';
  const under = Object.keys(state.pickedUp).length > 0 || state.handOvers.length > 0;
  if (state.cancelled !== null && !under) return 'cancelled';
  if (under) return 'moving';
  const promised = unpromised(state).length === 0;
  if (findVehicle(state) !== null && (promised || priorityOf(state) === 'urgent'))
    return 'assigned';
  if (promised) return 'promised';
  return state.triaged === null ? 'requested' : 'triaged';
}
