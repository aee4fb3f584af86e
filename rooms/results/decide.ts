import { foldCode } from '../../kernel/id.ts';
import { accept, type Decision, type Refusal } from '../../ledger/decision.ts';
import type { DecideContext } from '../../ledger/room.ts';
import { readLabel } from '../custody/index.ts';
import { type PlateState, releasableResults } from '../laboratory/index.ts';
import type { Amend, ConfirmInformed, ReleaseAct } from './acts.ts';
import { no } from './codes.ts';
import { refusedAt, type ResultsAct, type ResultsPolicy } from './rules.ts';
import { type ReleaseState, standingResults } from './state.ts';

type Context = DecideContext<ResultsPolicy>;

/** The label a release has: its own, else its plate's. */
export function releaseOf(act: { release?: string | undefined; plate?: string }): string {
  return foldCode(act.release ?? act.plate ?? '');
}

/** Rule RE-2. A release carries its plate's label, alone or with a running number from 2. */
function isLabelOf(release: string, plate: string): boolean {
  if (release === plate) return true;
  return release.startsWith(`${plate}.`) && /^[1-9]\d{0,2}$/.test(release.slice(plate.length + 1));
}

function barred(state: ReleaseState, act: ResultsAct): Refusal | null {
  const code = refusedAt[act][state.stage];
  return code === null ? null : no(code, { release: state.release, stage: state.stage });
}

/** Rules RE-1, RE-2. Releases the signed calls of a plate that are final and not yet out. */
export function decideRelease(state: ReleaseState, act: ReleaseAct, { read }: Context): Decision {
  const plate = readLabel(act.plate);
  if (plate === null || !isLabelOf(state.release, plate)) {
    return no('results.bad-label', { release: state.release, plate: act.plate });
  }
  const bar = barred(state, 'release');
  if (bar !== null) return bar;
  const signed = read<PlateState>(`plate:${plate}`);
  if (signed.stage !== 'signed' || signed.load === null) {
    return no('results.plate-not-signed', { plate, stage: signed.stage });
  }
  const results = releasableResults(signed);
  if (results.length === 0) {
    const isOut = Object.keys(signed.released).length > 0;
    return no(isOut ? 'results.already-released' : 'results.nothing-to-release', { plate });
  }
  const { laboratory, place } = signed.load;
  return accept({
    kind: 'results.released',
    subject: `release:${state.release}`,
    place,
    body: { plate, laboratory, results },
  });
}

/** Rule RE-3. Puts a released result right, with a reason that stays on record. */
export function decideAmend(state: ReleaseState, act: Amend): Decision {
  const tube = readLabel(act.tube);
  if (tube === null) return no('results.bad-label', { release: state.release, tube: act.tube });
  const bar = barred(state, 'amend');
  if (bar !== null) return bar;
  const { release, place } = state;
  const standing = standingResults(state).get(tube);
  if (standing === undefined) return no('results.unknown-tube', { release, tube });
  const { result, reason } = act;
  if (standing.result === result) return no('results.nothing-to-amend', { release, tube, result });
  const body = { tube, result, reason };
  return accept({
    kind: 'results.amended',
    subject: `release:${release}`,
    place: place ?? '',
    body,
  });
}

/** Rule RE-4. Records that the people of an amended tube have been told. */
export function decideConfirmInformed(state: ReleaseState, act: ConfirmInformed): Decision {
  const tube = readLabel(act.tube);
  if (tube === null) return no('results.bad-label', { release: state.release, tube: act.tube });
  const bar = barred(state, 'confirm-informed');
  if (bar !== null) return bar;
  const { release, place } = state;
  const isAmended = typeof standingResults(state).get(tube)?.amendedAt === 'number';
  if (!isAmended || state.informed[tube] !== undefined) {
    return no('results.nothing-to-inform', { release, tube });
  }
  return accept({
    kind: 'results.informed',
    subject: `release:${release}`,
    place: place ?? '',
    body: { tube },
  });
}
