import {
  type CallReason,
  callWell,
  controlRan,
  graver,
  namedReadings,
  namedTargets,
  showsTarget,
  type WellCall,
  type WellReading,
} from './calls.ts';
import type { Call } from './facts.ts';
import { type LaboratoryPolicy, policyDefaults, type RuleSet } from './rules.ts';
import type { Load, PlateState } from './state.ts';
import { isPlateWell } from './wells.ts';

export type Rules = Pick<LaboratoryPolicy, 'ruleSet' | 'attemptsMax'>;

/**
 * Rule LA-6. The rules a plate is judged by: once signed, those it was signed under (a signature
 * that does not say stands under the defaults, which no setting changes); before, today's.
 */
export function rulesOf(state: PlateState, policy: Rules): Rules {
  const { signing } = state;
  if (signing === null) return policy;
  return {
    ruleSet: signing.ruleSet ?? policyDefaults.ruleSet,
    attemptsMax: signing.attemptsMax ?? policyDefaults.attemptsMax,
  };
}

/** What is wrong with how a plate was filled. Lists name wells or tubes, each once. */
export interface LoadFaults {
  readonly unknownWells: readonly string[];
  readonly wellsTwice: readonly string[];
  readonly tubesTwice: readonly string[];
  readonly hasControls: boolean;
}

/** Which wells hold a sample, and which a control. */
interface Filling {
  readonly wells: readonly { readonly well: string; readonly tube: string }[];
  readonly controls: Load['controls'];
}

/** Rules LA-2, LA-3, LA-5. Looks at a loading before anything is measured. */
export function loadFaults(load: Filling, ruleSet: RuleSet): LoadFaults {
  const wells = [...load.wells, ...load.controls].map(({ well }) => well);
  const wellsTwice = repeats(wells);
  const sound = ({ well }: { well: string }): boolean =>
    isPlateWell(well) && !wellsTwice.includes(well);
  const count = (wanted: 'positive' | 'negative'): number =>
    load.controls.filter((control) => control.control === wanted && sound(control)).length;
  const { positiveWellsMin, negativeWellsMin } = ruleSet.controls;
  return {
    unknownWells: [...new Set(wells.filter((well) => !isPlateWell(well)))],
    wellsTwice,
    tubesTwice: repeats(load.wells.map(({ tube }) => tube)),
    hasControls: count('positive') >= positiveWellsMin && count('negative') >= negativeWellsMin,
  };
}

function repeats(items: readonly string[]): string[] {
  const twice = items.filter((item, index) => items.indexOf(item) < index);
  return [...new Set(twice)];
}

/** What the readings leave open or contradict. Lists name wells. */
export interface ReadFaults {
  /** Filled wells without a reading of every target and of the internal control. */
  readonly unread: readonly string[];
  readonly readTwice: readonly string[];
  /** Wells that hold nothing and show virus. */
  readonly contaminated: readonly string[];
  readonly unknownWells: readonly string[];
}

type ReadWells = { readonly [well: string]: readonly WellReading[] };

/** Rules LA-2, LA-4, LA-8. Looks at readings beside what was loaded. */
export function readFaults(load: Filling, read: ReadWells, ruleSet: RuleSet): ReadFaults {
  const filled = new Set([...load.wells, ...load.controls].map(({ well }) => well));
  const unread: string[] = [];
  for (const well of filled) {
    const named = namedReadings(read[well] ?? [], ruleSet);
    const isComplete = namedTargets(ruleSet).every(({ name }) => named?.has(name) ?? true);
    if (!isComplete) unread.push(well);
  }
  const wells = Object.entries(read);
  return {
    unread,
    readTwice: wells.flatMap(([well, list]) =>
      namedReadings(list, ruleSet) === null ? [well] : [],
    ),
    contaminated: wells.flatMap(([well, list]) =>
      !filled.has(well) && showsTarget(list, ruleSet) ? [well] : [],
    ),
    unknownWells: wells.flatMap(([well]) => (isPlateWell(well) ? [] : [well])),
  };
}

/** Rule LA-5. Wells of controls that did not do what they are there for. */
export function failedControls(load: Load, read: ReadWells, ruleSet: RuleSet): string[] {
  return load.controls
    .filter(({ well, control }) => !controlRan(control, read[well] ?? [], ruleSet))
    .map(({ well }) => well);
}

/** What a plate says of one of its tubes. */
export interface TubeCall {
  readonly tube: string;
  readonly well: string;
  readonly attempt: number;
  /** Null before the plate is read, and on a rejected plate. */
  readonly call: Call | null;
  readonly reason: CallReason | null;
  /** Signed, and no further run is owed: the result may be released. */
  readonly isFinal: boolean;
  /** Another run is owed, or was before it was loaded or waived. */
  readonly isRerunOwed: boolean;
}

/** Rules LA-3 to LA-7. What a plate says of each of its tubes, in the order they were loaded. */
export function tubeCalls(state: PlateState, policy: Rules): TubeCall[] {
  const { load, stage } = state;
  if (load === null) return [];
  const rules = rulesOf(state, policy);
  const isCalled = stage === 'read' || stage === 'signed';
  const calls = isCalled ? wellCalls(state, load, rules.ruleSet) : null;
  const byTube = new Map<string, TubeCall>();
  for (const { tube, well, attempt } of load.wells) {
    const known = byTube.get(tube);
    const own = calls?.get(well) ?? null;
    if (known !== undefined) {
      byTube.set(tube, { ...known, ...graverOf(known, own) });
      continue;
    }
    const { call = null, reason = null } = own ?? {};
    byTube.set(tube, { tube, well, attempt, call, reason, isFinal: false, isRerunOwed: false });
  }
  return [...byTube.values()].map((tube) => ({ ...tube, ...fateOf(state, tube, rules) }));
}

function graverOf(known: TubeCall, own: WellCall | null): Partial<WellCall> {
  if (own === null || known.call === null || known.reason === null) return {};
  return graver({ call: known.call, reason: known.reason }, own);
}

/** The call of every filled well; a plate whose controls failed has none that counts. */
function wellCalls(state: PlateState, load: Load, ruleSet: RuleSet): Map<string, WellCall> {
  const read = state.reading?.wells ?? {};
  const faults = loadFaults(load, ruleSet);
  const ran = faults.hasControls && failedControls(load, read, ruleSet).length === 0;
  const calls = new Map<string, WellCall>();
  for (const { well } of load.wells) {
    if (!ran) calls.set(well, { call: 'invalid', reason: 'control-failed' });
    else if (faults.wellsTwice.includes(well) || faults.unknownWells.includes(well)) {
      calls.set(well, { call: 'invalid', reason: 'well-unsure' });
    } else calls.set(well, callWell(read[well] ?? [], ruleSet));
  }
  return calls;
}

/**
 * Rule LA-7. Whether a result is final or another run is owed. A tube that fails of itself has so
 * many runs; what failed with its whole plate was not its fault and always runs again.
 */
function fateOf(
  state: PlateState,
  { tube, call, reason, attempt }: TubeCall,
  { attemptsMax }: Rules,
): Pick<TubeCall, 'isFinal' | 'isRerunOwed'> {
  if (state.stage === 'rejected') return { isFinal: false, isRerunOwed: true };
  if (state.stage !== 'signed') return { isFinal: false, isRerunOwed: false };
  const isSpent = attempt >= attemptsMax && reason !== 'control-failed';
  const isRerunOwed = call === 'invalid' && !isSpent;
  return { isFinal: !isRerunOwed || state.waived[tube] !== undefined, isRerunOwed };
}

/** Tubes whose further run is neither loaded nor waived yet. */
export function openReruns(state: PlateState, calls: readonly TubeCall[]): TubeCall[] {
  return calls.filter(
    ({ tube, isRerunOwed }) =>
      isRerunOwed && state.rerunLoaded[tube] === undefined && state.waived[tube] === undefined,
  );
}

/** Results of a signed plate that may be released and have not been; empty before signature. */
export function releasableResults(state: PlateState): { tube: string; result: Call }[] {
  const released = new Set(
    Object.values(state.released).flatMap(({ results }) => Object.keys(results)),
  );
  return tubeCalls(state, policyDefaults).flatMap(({ tube, call, isFinal }) =>
    isFinal && call !== null && !released.has(tube) ? [{ tube, result: call }] : [],
  );
}
