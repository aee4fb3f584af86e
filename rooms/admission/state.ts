import type { Instant } from '../../kernel/instant.ts';
import type { BedKind } from '../capacity/index.ts';
import { type Severity, type StayBody, type StayFact, stayFacts } from './facts.ts';
import type { StayStage } from './rules.ts';

/** The fact that something follows from. */
export interface Cause {
  readonly id: string;
  readonly lamport: number;
  readonly at: Instant;
  readonly place: string;
}

/** A bed that a stay has been in. */
export interface Location {
  readonly unit: string;
  readonly bed: number;
  readonly bedKind: BedKind | null;
  readonly promise: string | null;
  readonly cause: Cause;
}

export interface Status {
  readonly severity: Severity;
  readonly temperatureCelsius: number | null;
  readonly at: Instant;
}

export interface StayTest {
  readonly on: string;
  readonly sampledAt: Instant;
  readonly ct: StayBody<'admission.tested'>['ct'];
  readonly at: Instant;
}

/** A stay: one person in the care of a facility, from admission to discharge or death. */
export interface StayState {
  readonly stay: string;
  readonly person: number | null;
  readonly transfer: string | null;
  /** Beds in the order in which they were taken; the last is where the patient is. */
  readonly locations: readonly Location[];
  /** Day to status; the last report of a day counts. */
  readonly statuses: { readonly [day: string]: Status };
  readonly tests: readonly StayTest[];
  readonly treatments: readonly { readonly what: string; readonly at: Instant }[];
  readonly ended: { readonly how: 'discharged' | 'died'; readonly cause: Cause } | null;
  readonly rule: string | null;
  /** First instant of a contradiction, for the findings. */
  readonly admittedAgainAt: Instant | null;
  /** Date of the latest thing done for the patient, to be held against the end. */
  readonly lastDoneAt: Instant | null;
  readonly place: string | null;
  readonly firstAt: Instant | null;
  /** Guards against a fact given twice in a row. */
  readonly lastId: string | null;
}

/** A stay of which nothing is on record. */
export function initialStay(key: string): StayState {
  return {
    stay: key,
    person: null,
    transfer: null,
    locations: [],
    statuses: {},
    tests: [],
    treatments: [],
    ended: null,
    rule: null,
    admittedAgainAt: null,
    lastDoneAt: null,
    place: null,
    firstAt: null,
    lastId: null,
  };
}

type Evolve<K extends StayFact['kind']> = (
  state: StayState,
  fact: Extract<StayFact, { kind: K }>,
) => StayState;

/** Adds a fact; one that is given twice in a row counts once, and unknown kinds count nothing. */
export function evolveStay(state: StayState, fact: StayFact): StayState {
  if (!Object.hasOwn(stayFacts, fact.kind) || state.lastId === fact.id) return state;
  const evolve = evolutions[fact.kind] as Evolve<StayFact['kind']>;
  const next = evolve(state, fact);
  const done = fact.kind !== 'admission.discharged' && fact.kind !== 'admission.died';
  const later = done && (state.lastDoneAt === null || fact.at > state.lastDoneAt);
  return {
    ...next,
    lastDoneAt: later ? fact.at : state.lastDoneAt,
    place: next.place ?? fact.place,
    firstAt: next.firstAt ?? fact.at,
    lastId: fact.id,
  };
}

function causeOf({ id, lamport, at, place }: StayFact): Cause {
  return { id, lamport, at, place };
}

/** What each kind of fact changes. Total. */
const evolutions: { readonly [K in StayFact['kind']]: Evolve<K> } = {
  'admission.admitted': (state, fact) => {
    const { person, unit, bed, bedKind = null, promise = null, transfer = null } = fact.body;
    if (state.person !== null) {
      return { ...state, admittedAgainAt: state.admittedAgainAt ?? fact.at };
    }
    const first: Location = { unit, bed, bedKind, promise, cause: causeOf(fact) };
    // A move that came before it in the order is where the patient went from here.
    return { ...state, person, transfer, locations: [first, ...state.locations] };
  },
  'admission.status-recorded': (state, { body, at }) => {
    const { on, severity, temperatureCelsius = null } = body;
    return {
      ...state,
      statuses: { ...state.statuses, [on]: { severity, temperatureCelsius, at } },
    };
  },
  'admission.stepped': (state, fact) => {
    const { unit, bed, bedKind = null } = fact.body;
    if (state.ended !== null) return state;
    const next: Location = { unit, bed, bedKind, promise: null, cause: causeOf(fact) };
    return { ...state, locations: [...state.locations, next] };
  },
  'admission.tested': (state, { body, at }) => {
    const sampledAt = (body.sampledAt ?? at) as Instant;
    return { ...state, tests: [...state.tests, { on: body.on, sampledAt, ct: body.ct, at }] };
  },
  'admission.treatment-given': (state, { body, at }) => ({
    ...state,
    treatments: [...state.treatments, { what: body.what, at }],
  }),
  'admission.discharged': (state, fact) => ({
    ...endedBy(state, 'discharged', fact),
    rule: state.rule ?? fact.body.rule,
  }),
  'admission.died': (state, fact) => endedBy(state, 'died', fact),
};

/** The first end counts; what is dated after it is a finding. */
function endedBy(state: StayState, how: 'discharged' | 'died', fact: StayFact): StayState {
  if (state.ended !== null) return state;
  return { ...state, ended: { how, cause: causeOf(fact) } };
}

/** The stage of a stay. */
export function stageOf(state: StayState): StayStage {
  if (state.ended !== null) return state.ended.how;
  return state.person === null ? 'unknown' : 'admitted';
}

/** The bed the patient is in, or was in when the stay ended. */
export function findLocation(state: StayState): Location | null {
  return state.locations.at(-1) ?? null;
}

/** When the stay began; null while nobody is on record as admitted. */
export function admittedAt(state: StayState): Instant | null {
  return state.person === null ? null : (state.locations[0]?.cause.at ?? null);
}
