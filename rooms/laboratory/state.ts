import type { Instant } from '../../kernel/instant.ts';
import { type Mark, markOf } from '../custody/index.ts';
import type { WellReading } from './calls.ts';
import type { LaboratoryCode } from './codes.ts';
import type { AccessionFact, Call, PlateFact } from './facts.ts';
import type { PlateStage, RuleSet } from './rules.ts';

/** Tubes that a laboratory has taken in under one number. */
export interface AccessionState {
  readonly accession: string;
  readonly place: string | null;
  /** By tube: where it is, and since when. The first report of a tube is believed. */
  readonly tubes: { readonly [tube: string]: { readonly laboratory: string } & Mark };
  readonly first: (Mark & { readonly laboratory: string }) | null;
  readonly conflicts: readonly Conflict[];
  readonly lastFactId: string | null;
}

/** A later report that contradicts the one believed, or a report that contradicts itself. */
export interface Conflict extends Mark {
  readonly code: LaboratoryCode;
}

/** One sample in one well. */
export interface LoadedWell {
  readonly well: string;
  readonly tube: string;
  readonly attempt: number;
  /** The plate on which this tube failed before; null on its first. */
  readonly rerunOf: string | null;
}

/** What was loaded. */
export interface Load extends Mark {
  readonly laboratory: string;
  readonly wells: readonly LoadedWell[];
  readonly controls: readonly {
    readonly well: string;
    readonly control: 'positive' | 'negative';
  }[];
}

/** What was measured, by well. */
export interface Reading extends Mark {
  readonly instrument: string;
  readonly wells: { readonly [well: string]: readonly WellReading[] };
}

/** Who stands for the calls, and under which rules; null in a report that does not say. */
export interface Signing extends Mark {
  readonly ruleSet: RuleSet | null;
  readonly attemptsMax: number | null;
}

/** A plate: the parts of its history, each as first reported. */
export interface PlateState {
  readonly plate: string;
  readonly stage: PlateStage;
  readonly since: Instant | null;
  /** Place of the loading; until that is known, of the first fact. */
  readonly place: string | null;
  readonly load: Load | null;
  readonly reading: Reading | null;
  readonly signing: Signing | null;
  readonly rejection: (Mark & { readonly reason: string }) | null;
  /** Tubes of this plate that were loaded again on a later one. */
  readonly rerunLoaded: { readonly [tube: string]: { readonly plate: string } & Mark };
  /** Tubes of this plate that cannot be run again. */
  readonly waived: { readonly [tube: string]: { readonly reason: string } & Mark };
  /** By release label: what left the laboratory. */
  readonly released: { readonly [release: string]: Release };
  readonly conflicts: readonly Conflict[];
  /** The last fact folded, so that the same fact twice in a row counts once. */
  readonly lastFactId: string | null;
}

/** Results that were released from the plate. */
export interface Release extends Mark {
  readonly results: { readonly [tube: string]: Call };
}

/** No fact has named the accession yet. */
export function initialAccession(accession: string): AccessionState {
  return { accession, place: null, tubes: {}, first: null, conflicts: [], lastFactId: null };
}

/**
 * Folds one fact into an accession. A number used again takes the further tubes in as well: they
 * are at the bench, whatever their number.
 */
export function evolveAccession(state: AccessionState, fact: AccessionFact): AccessionState {
  if (state.lastFactId === fact.id) return state;
  const mark = markOf(fact);
  const { laboratory, tubes: listed } = fact.body;
  const tubes = { ...state.tubes };
  for (const tube of listed) tubes[tube] ??= { laboratory, ...mark };
  const conflicts = [...state.conflicts];
  if (new Set(listed).size < listed.length) {
    conflicts.push({ code: 'laboratory.tube-twice', ...mark });
  }
  const grown = Object.keys(tubes).length > Object.keys(state.tubes).length;
  if (state.first !== null && (grown || state.first.laboratory !== laboratory)) {
    conflicts.push({ code: 'laboratory.already-accessioned', ...mark });
  }
  return {
    accession: state.accession,
    place: state.place ?? fact.place,
    tubes,
    first: state.first ?? { laboratory, ...mark },
    conflicts,
    lastFactId: fact.id,
  };
}

/** No fact has named the plate yet. */
export function initialPlate(plate: string): PlateState {
  return {
    plate,
    stage: 'unknown',
    since: null,
    place: null,
    load: null,
    reading: null,
    signing: null,
    rejection: null,
    rerunLoaded: {},
    waived: {},
    released: {},
    conflicts: [],
    lastFactId: null,
  };
}

/**
 * Folds one fact into a plate.
 *
 * Each part is kept as first reported; a part that comes on record late heals what looked wrong
 * without it. The stage is worked out from the parts, so it does not depend on which came first.
 */
export function evolvePlate(state: PlateState, fact: PlateFact): PlateState {
  if (state.lastFactId === fact.id) return state;
  const place = state.place ?? fact.place;
  const moved = withPart({ ...state, place, lastFactId: fact.id }, fact);
  return { ...moved, ...stageOf(moved) };
}

type Of<K extends PlateFact['kind']> = Extract<PlateFact, { kind: K }>;

function withPart(state: PlateState, fact: PlateFact): PlateState {
  const mark = markOf(fact);
  switch (fact.kind) {
    case 'laboratory.plate-loaded':
      return withLoad(state, fact);
    case 'laboratory.plate-read':
      return withReading(state, fact);
    case 'laboratory.plate-signed': {
      if (state.rejection !== null) return conflict(state, 'laboratory.already-rejected', fact);
      const { ruleSet = null, attemptsMax = null } = fact.body;
      return { ...state, signing: state.signing ?? { ...mark, ruleSet, attemptsMax } };
    }
    case 'laboratory.plate-rejected': {
      const { reason } = fact.body;
      return { ...state, rejection: state.rejection ?? { ...mark, reason } };
    }
    case 'laboratory.rerun-waived': {
      const { tubes, reason } = fact.body;
      return { ...state, waived: withTubes(state.waived, tubes, { reason, ...mark }) };
    }
    case 'laboratory.rerun-loaded': {
      const { tubes, plate } = fact.body;
      return { ...state, rerunLoaded: withTubes(state.rerunLoaded, tubes, { plate, ...mark }) };
    }
    case 'laboratory.plate-released':
      return withRelease(state, fact);
  }
}

/** The first word on each tube is kept. */
function withTubes<T>(
  known: { readonly [tube: string]: T },
  tubes: readonly string[],
  value: T,
): { readonly [tube: string]: T } {
  const all = { ...known };
  for (const tube of tubes) all[tube] ??= value;
  return all;
}

function withLoad(state: PlateState, fact: Of<'laboratory.plate-loaded'>): PlateState {
  const { laboratory, wells, controls } = fact.body;
  const load: Load = {
    ...markOf(fact),
    laboratory,
    wells: wells.map(({ rerunOf = null, ...well }) => ({ ...well, rerunOf })),
    controls,
  };
  if (state.load === null) return { ...state, load, place: fact.place };
  const agrees = sameLoad(state.load, load);
  return agrees ? state : conflict(state, 'laboratory.already-loaded', fact);
}

function sameLoad(left: Load, right: Load): boolean {
  const text = ({ laboratory, wells, controls }: Load): string =>
    JSON.stringify([
      laboratory,
      wells.map(({ well, tube, attempt }) => `${well} ${tube} ${attempt}`).sort(),
      controls.map(({ well, control }) => `${well} ${control}`).sort(),
    ]);
  return text(left) === text(right);
}

function withReading(state: PlateState, fact: Of<'laboratory.plate-read'>): PlateState {
  const { instrument, readings, correction } = fact.body;
  const wells: Record<string, WellReading[]> = {};
  for (const { well, target, ct } of readings) (wells[well] ??= []).push([target, ct]);
  const reading: Reading = { ...markOf(fact), instrument, wells };
  const known = state.reading;
  if (known !== null && sameReading(known, reading)) return state;
  if (state.rejection !== null) return conflict(state, 'laboratory.already-rejected', fact);
  if (known === null) return { ...state, reading };
  if (state.signing !== null) return conflict(state, 'laboratory.already-signed', fact);
  if (correction !== undefined) return { ...state, reading };
  return conflict(state, 'laboratory.already-read', fact);
}

function sameReading(left: Reading, right: Reading): boolean {
  const text = ({ wells }: Reading): string =>
    Object.entries(wells)
      .map(([well, values]) =>
        JSON.stringify([well, values.map((value) => value.join('\t')).sort()]),
      )
      .sort()
      .join('\n');
  return text(left) === text(right);
}

function withRelease(state: PlateState, fact: Of<'laboratory.plate-released'>): PlateState {
  const { release, results: listed } = fact.body;
  const known = state.released[release];
  const results: Record<string, Call> = { ...known?.results };
  for (const { tube, result } of listed) results[tube] ??= result;
  const entry: Release = { ...(known ?? markOf(fact)), results };
  return { ...state, released: { ...state.released, [release]: entry } };
}

function conflict(state: PlateState, code: LaboratoryCode, fact: PlateFact): PlateState {
  return { ...state, conflicts: [...state.conflicts, { code, ...markOf(fact) }] };
}

/**
 * Rule LA-1. The stage by what is on record. A rejection outranks the rest, unless results have
 * left the laboratory already: those stand until they are amended.
 */
function stageOf(state: PlateState): { stage: PlateStage; since: Instant | null } {
  const { load, reading, signing, rejection } = state;
  const isSigned = load !== null && reading !== null && signing !== null;
  const isReleased = Object.keys(state.released).length > 0;
  if (rejection !== null && !(isSigned && isReleased)) {
    return { stage: 'rejected', since: rejection.at };
  }
  if (isSigned) return { stage: 'signed', since: signing.at };
  if (load !== null && reading !== null) return { stage: 'read', since: reading.at };
  return load === null ? { stage: 'unknown', since: null } : { stage: 'loaded', since: load.at };
}
