import { accept, type Decision, type Refusal } from '../../ledger/decision.ts';
import type { DecideContext } from '../../ledger/room.ts';
import { readLabel, readLabels, repeated } from '../custody/index.ts';
import type {
  Accession,
  LoadPlate,
  ReadPlate,
  RejectPlate,
  SignPlate,
  WaiveRerun,
} from './acts.ts';
import { canonicalTarget, type WellReading } from './calls.ts';
import { no } from './codes.ts';
import type { AccessionFact, PlateFact } from './facts.ts';
import { loadFaults, openReruns, readFaults, tubeCalls } from './plate.ts';
import { type LaboratoryPolicy, type PlateAct, refusedAt } from './rules.ts';
import type { AccessionState, PlateState } from './state.ts';
import { readWell } from './wells.ts';

type Context = DecideContext<LaboratoryPolicy>;
type AnyFact = AccessionFact | PlateFact;
type BodyOf<K extends AnyFact['kind']> = Extract<AnyFact, { kind: K }>['body'];

/** A fact with its body checked against its kind. */
function draft<K extends AnyFact['kind']>(
  kind: K,
  { subject, place, body }: { subject: string; place: string; body: BodyOf<K> },
): Decision {
  return accept({ kind, subject, place, body });
}

/** Rule LA-1. What stands in the way of an act before its body is looked at. */
function barred(state: PlateState, act: PlateAct, plate: string): Refusal | null {
  if (readLabel(plate) === null) return no('laboratory.bad-label', { label: plate });
  const code = refusedAt[act][state.stage];
  return code === null ? null : no(code, { plate: state.plate, stage: state.stage });
}

function badLabel(bad: readonly string[]): Refusal {
  return no('laboratory.bad-label', { label: bad[0] ?? '', count: bad.length });
}

/** Rule LA-1. Takes tubes in under a number that is used once. */
export function decideAccession(state: AccessionState, act: Accession): Decision {
  if (readLabel(act.accession) === null) return badLabel([act.accession]);
  const { labels: tubes, bad } = readLabels(act.tubes);
  if (bad.length > 0) return badLabel(bad);
  const twice = repeated(tubes);
  if (twice.length > 0) return no('laboratory.tube-twice', { tubes: twice });
  const { accession } = state;
  if (state.first !== null) return no('laboratory.already-accessioned', { accession });
  const { laboratory, place } = act;
  const subject = `accession:${accession}`;
  const body = { laboratory, tubes };
  return draft('laboratory.specimens-accessioned', { subject, place, body });
}

/** Rules LA-2, LA-3, LA-5, LA-7. Fills a plate. */
export function decideLoadPlate(state: PlateState, act: LoadPlate, context: Context): Decision {
  const bar = barred(state, 'load-plate', act.plate);
  if (bar !== null) return bar;
  const labels = readLabels(act.wells.flatMap(({ tube, rerunOf = tube }) => [tube, rerunOf]));
  if (labels.bad.length > 0) return badLabel(labels.bad);
  const named = [...act.wells, ...act.controls].map(({ well }) => well);
  const unknown = named.filter((well) => readWell(well) === null);
  if (unknown.length > 0) return no('laboratory.unknown-well', { wells: unknown.slice(0, 20) });
  const controls = act.controls.map(({ well, control }) => ({
    well: readWell(well) ?? well,
    control,
  }));
  const wells: BodyOf<'laboratory.plate-loaded'>['wells'] = [];
  for (const { well, tube, rerunOf, attempt } of act.wells) {
    const folded = readLabel(tube) ?? tube;
    const from = rerunOf === undefined ? null : (readLabel(rerunOf) ?? rerunOf);
    const next =
      from === null ? 1 : runAfter({ plate: from, tube: folded, loading: state.plate }, context);
    if (typeof next !== 'number') return next;
    if (attempt !== undefined && attempt !== next) {
      return no('laboratory.wrong-attempt', { tube: folded, attempt, attemptExpected: next });
    }
    const again = from === null ? {} : { rerunOf: from };
    wells.push({ well: readWell(well) ?? well, tube: folded, attempt: next, ...again });
  }
  const { wellsTwice, tubesTwice, hasControls } = loadFaults(
    { wells, controls },
    context.policy.ruleSet,
  );
  if (wellsTwice.length > 0) return no('laboratory.well-twice', { wells: wellsTwice });
  if (tubesTwice.length > 0) return no('laboratory.tube-twice', { tubes: tubesTwice });
  if (!hasControls) return no('laboratory.controls-missing', { plate: state.plate });
  const { laboratory, place } = act;
  const body = { laboratory, wells, controls };
  return draft('laboratory.plate-loaded', { subject: `plate:${state.plate}`, place, body });
}

/** Rule LA-7. The number of the run that a tube owes after a plate, or why it owes none. */
function runAfter(
  { plate, tube, loading }: { plate: string; tube: string; loading: string },
  { read, policy }: Context,
): number | Refusal {
  if (plate === loading) return no('laboratory.rerun-not-due', { plate, tube });
  const before = read<PlateState>(`plate:${plate}`);
  const calls = tubeCalls(before, policy);
  const known = calls.find((call) => call.tube === tube);
  if (known === undefined) return no('laboratory.rerun-not-due', { plate, tube });
  if (openReruns(before, calls).includes(known)) return known.attempt + 1;
  const isSpent = known.isFinal && known.call === 'invalid' && before.waived[tube] === undefined;
  const code = isSpent ? 'laboratory.attempts-exhausted' : 'laboratory.rerun-not-due';
  return no(code, { plate, tube, attempt: known.attempt });
}

/** Rules LA-2, LA-4, LA-8. Puts readings on record, under the rule set's own target names. */
export function decideReadPlate(state: PlateState, act: ReadPlate, { policy }: Context): Decision {
  const bar = barred(state, 'read-plate', act.plate);
  const { correction } = act;
  const isCorrected = bar?.code === 'laboratory.already-read' && correction !== undefined;
  if (bar !== null && !isCorrected) return bar;
  const { load } = state;
  if (load === null) return no('laboratory.not-loaded', { plate: state.plate });
  const unknown = act.readings.filter(({ well }) => readWell(well) === null);
  if (unknown.length > 0) {
    const wells = unknown.slice(0, 20).map(({ well }) => well);
    return no('laboratory.unknown-well', { wells });
  }
  const readings = act.readings.map(({ well, target, ct }) => ({
    well: readWell(well) ?? well,
    target: canonicalTarget(target, policy.ruleSet) ?? target,
    ct,
  }));
  const byWell: Record<string, WellReading[]> = {};
  for (const { well, target, ct } of readings) (byWell[well] ??= []).push([target, ct]);
  const { unread, readTwice } = readFaults(load, byWell, policy.ruleSet);
  if (readTwice.length > 0) return no('laboratory.reading-twice', { wells: readTwice });
  if (unread.length > 0) return no('laboratory.wells-unread', { wells: unread.slice(0, 20) });
  const { instrument } = act;
  const body = { instrument, readings, ...(correction === undefined ? {} : { correction }) };
  const { place } = load;
  return draft('laboratory.plate-read', { subject: `plate:${state.plate}`, place, body });
}

/** Rule LA-6. A second person stands for the calls, under the rules of that hour. */
export function decideSignPlate(state: PlateState, act: SignPlate, context: Context): Decision {
  const bar = barred(state, 'sign-plate', act.plate);
  if (bar !== null) return bar;
  const { actor, policy } = context;
  if (actor === state.load?.by || actor === state.reading?.by) {
    return no('laboratory.same-signer', { plate: state.plate, by: actor });
  }
  const { ruleSet, attemptsMax } = policy;
  const body = { ruleSet, attemptsMax };
  return draft('laboratory.plate-signed', { ...onPlate(state), body });
}

/** Rule LA-1. Rejects a plate from which nothing has been released. */
export function decideRejectPlate(state: PlateState, act: RejectPlate): Decision {
  const bar = barred(state, 'reject-plate', act.plate);
  if (bar !== null) return bar;
  const releases = Object.keys(state.released);
  if (releases.length > 0) {
    return no('laboratory.already-released', { plate: state.plate, releases });
  }
  return draft('laboratory.plate-rejected', { ...onPlate(state), body: { reason: act.reason } });
}

/** Rule LA-7. Gives up runs that are owed and cannot be made. */
export function decideWaiveRerun(state: PlateState, act: WaiveRerun, context: Context): Decision {
  const bar = barred(state, 'waive-rerun', act.plate);
  if (bar !== null) return bar;
  const { labels, bad } = readLabels(act.tubes);
  if (bad.length > 0) return badLabel(bad);
  const open = new Set(openReruns(state, tubeCalls(state, context.policy)).map(({ tube }) => tube));
  const strange = labels.filter((tube) => !open.has(tube));
  if (strange.length > 0) {
    return no('laboratory.rerun-not-due', { plate: state.plate, tubes: strange });
  }
  const body = { tubes: [...new Set(labels)], reason: act.reason };
  return draft('laboratory.rerun-waived', { ...onPlate(state), body });
}

/** Where a fact about a plate belongs; every stage but *unknown* has a place. */
function onPlate(state: PlateState): { subject: string; place: string } {
  return { subject: `plate:${state.plate}`, place: state.place ?? '' };
}
