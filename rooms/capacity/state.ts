import type { Instant } from '../../kernel/instant.ts';
import { type UnitBody, type UnitFact, unitFacts } from './facts.ts';

/** Somebody who has a bed: promised, or taken by a stay. */
export interface Claimant {
  readonly promise: string | null;
  readonly transfer: string | null;
  readonly person: number | null;
  readonly at: Instant;
  /** End of the promise; null once the bed is taken. */
  readonly until: Instant | null;
  /** The stay that took the bed; null while it is only promised. */
  readonly stay: string | null;
}

/** What a facility counted, and what happened since. */
export interface Count {
  readonly occupied: number;
  readonly free: number;
  readonly outOfService: number;
  readonly outOfServiceBeds: readonly number[];
  readonly at: Instant;
  /** Null when the count did not say; then the settings decide. */
  readonly believedUntil: Instant | null;
  readonly takenSince: number;
  readonly freedSince: number;
}

/**
 * A unit of a facility. Each bed has a queue in the agreed order: the first holds the bed, and
 * whoever stands behind is a contradiction that a person resolves. Who leaves the queue is
 * forgotten here, so a state is never larger than the unit; the facts keep the history.
 */
export interface UnitState {
  readonly unit: string;
  readonly place: string | null;
  readonly declared: (UnitBody<'capacity.unit-declared'> & { readonly at: Instant }) | null;
  readonly count: Count | null;
  readonly beds: { readonly [bed: string]: readonly Claimant[] };
  /** Stays that took a place in this unit with no bed named. */
  readonly unplaced: { readonly [stay: string]: Instant };
  readonly firstAt: Instant | null;
  /** Guards against a fact given twice in a row. */
  readonly lastId: string | null;
}

/** A unit of which nothing is on record. */
export function initialUnit(key: string): UnitState {
  return {
    unit: key,
    place: null,
    declared: null,
    count: null,
    beds: {},
    unplaced: {},
    firstAt: null,
    lastId: null,
  };
}

type Evolve<K extends UnitFact['kind']> = (
  state: UnitState,
  fact: Extract<UnitFact, { kind: K }>,
) => UnitState;

/** Adds a fact; one that is given twice in a row counts once, and unknown kinds count nothing. */
export function evolveUnit(state: UnitState, fact: UnitFact): UnitState {
  if (!Object.hasOwn(unitFacts, fact.kind) || state.lastId === fact.id) return state;
  const evolve = evolutions[fact.kind] as Evolve<UnitFact['kind']>;
  const next = evolve(state, fact);
  return {
    ...next,
    place: next.place ?? fact.place,
    firstAt: next.firstAt ?? fact.at,
    lastId: fact.id,
  };
}

/** What each kind of fact changes. Total. */
const evolutions: { readonly [K in UnitFact['kind']]: Evolve<K> } = {
  'capacity.unit-declared': (state, { body, at, place }) => ({
    ...state,
    place,
    declared: { ...body, at },
  }),
  'capacity.count-reported': (state, { body, at }) => ({
    ...state,
    count: {
      occupied: body.occupied,
      free: body.free,
      outOfService: Math.max(body.outOfService, body.outOfServiceBeds?.length ?? 0),
      outOfServiceBeds: body.outOfServiceBeds ?? [],
      at,
      believedUntil: (body.believedUntil ?? null) as Instant | null,
      takenSince: 0,
      freedSince: 0,
    },
  }),
  'capacity.place-promised': (state, { body, at }) => {
    const { promise, transfer, person, bed, until } = body;
    if (findPromise(state, promise) !== null) return state;
    const claimant = { promise, transfer, person, at, until: until as Instant, stay: null };
    return queue(state, bed, claimant);
  },
  'capacity.promise-extended': (state, { body }) =>
    changeQueues(state, (claimant) =>
      claimant.promise === body.promise && claimant.stay === null
        ? { ...claimant, until: body.until as Instant }
        : claimant,
    ),
  'capacity.promise-released': (state, { body }) =>
    changeQueues(state, (claimant) => {
      if (claimant.stay !== null) return claimant;
      const named = body.promise !== undefined && claimant.promise === body.promise;
      const ofTransfer = body.transfer !== undefined && claimant.transfer === body.transfer;
      return named || ofTransfer ? null : claimant;
    }),
  'capacity.place-taken': takePlace,
  'capacity.place-freed': freePlace,
};

/** Rule CP-6. The promise becomes the stay; in another bed than promised, the promise is over. */
function takePlace(
  state: UnitState,
  { body, at }: Extract<UnitFact, { kind: 'capacity.place-taken' }>,
): UnitState {
  const promised = body.promise === undefined ? null : findPromise(state, body.promise);
  const bed = body.bed ?? promised?.bed ?? null;
  if (bed === null) return { ...state, unplaced: { ...state.unplaced, [body.stay]: at } };
  const known = state.beds[bed]?.some((claimant) => claimant.stay === body.stay) ?? false;
  if (known) return state;
  const count = state.count && { ...state.count, takenSince: state.count.takenSince + 1 };
  const stay: Claimant = {
    promise: body.promise ?? null,
    transfer: promised?.claimant.transfer ?? null,
    person: body.person ?? promised?.claimant.person ?? null,
    at,
    until: null,
    stay: body.stay,
  };
  if (promised === null || promised.claimant.stay !== null) {
    return queue({ ...state, count }, bed, stay);
  }
  const isPromise = (claimant: Claimant): boolean => claimant === promised.claimant;
  if (promised.bed === bed) {
    return changeQueues({ ...state, count }, (one) => (isPromise(one) ? stay : one));
  }
  const without = changeQueues({ ...state, count }, (one) => (isPromise(one) ? null : one));
  return queue(without, bed, stay);
}

function freePlace(
  state: UnitState,
  { body }: Extract<UnitFact, { kind: 'capacity.place-freed' }>,
): UnitState {
  let freed = 0;
  const next = changeQueues(state, (claimant, bed) => {
    if (claimant.stay !== body.stay || (body.bed !== undefined && body.bed !== bed))
      return claimant;
    freed++;
    return null;
  });
  const { [body.stay]: _, ...unplaced } = next.unplaced;
  const count = next.count && { ...next.count, freedSince: next.count.freedSince + freed };
  return { ...next, unplaced: body.bed === undefined ? unplaced : next.unplaced, count };
}

/** The bed a promise holds or waits for; null when it is not, or no longer, on record. */
export function findPromise(
  state: UnitState,
  promise: string,
): { readonly bed: number; readonly claimant: Claimant } | null {
  for (const [bed, claimants] of Object.entries(state.beds)) {
    const claimant = claimants.find((one) => one.promise === promise);
    if (claimant !== undefined) return { bed: Number(bed), claimant };
  }
  return null;
}

function queue(state: UnitState, bed: number, claimant: Claimant): UnitState {
  const claimants = [...(state.beds[bed] ?? []), claimant];
  return { ...state, beds: { ...state.beds, [bed]: claimants } };
}

/** Changes or, with null, removes claimants; beds without any leave the record. */
function changeQueues(
  state: UnitState,
  change: (claimant: Claimant, bed: number) => Claimant | null,
): UnitState {
  const beds: { [bed: string]: readonly Claimant[] } = {};
  for (const [bed, claimants] of Object.entries(state.beds)) {
    const kept = claimants.flatMap((claimant) => change(claimant, Number(bed)) ?? []);
    if (kept.length > 0) beds[bed] = kept;
  }
  return { ...state, beds };
}
