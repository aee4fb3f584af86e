import type { SubjectView } from '../../ledger/derive.ts';
import type { Fact } from '../../ledger/fact.ts';
import type { DecideContext } from '../../ledger/room.ts';
import { facts, folded, morning, nobody, type Step } from '../../test/support/room.ts';
import { evolvePlate, initialPlate, type PlateFact, type PlateState } from '../laboratory/index.ts';
import type { ReleaseFact } from './facts.ts';
import { policyDefaults, type ResultsPolicy } from './rules.ts';
import { evolveRelease, initialRelease, type ReleaseState } from './state.ts';
import { viewRelease } from './views.ts';

/** Folds steps into release PLATE1, in the agreed order. */
export function releaseAfter(...steps: readonly Step[]): ReleaseState {
  return foldRelease(facts('release:PLATE1', steps));
}

/** Folds facts into release PLATE1, in the agreed order. */
export function foldRelease(recorded: readonly Fact[]): ReleaseState {
  return folded<ReleaseState, ReleaseFact>(initialRelease('PLATE1'), evolveRelease, recorded);
}

/** Folds steps into plate PLATE1, in the agreed order. */
export function plateAfter(...steps: readonly Step[]): PlateState {
  const recorded = facts('plate:PLATE1', steps);
  return folded<PlateState, PlateFact>(initialPlate('PLATE1'), evolvePlate, recorded);
}

/** A plate with two tubes: the first positive, the second as told. */
export function plateSteps(second: 'negative' | 'invalid' = 'negative'): Step[] {
  const readings = {
    A1: [25, 24, 29],
    A2: [null, null, second === 'negative' ? 28 : null],
    H11: [25, 24, 29],
    H12: [null, null, 28],
  };
  const body = {
    laboratory: 'LAB1',
    wells: [
      { well: 'A1', tube: 'TUBE1', attempt: 1 },
      { well: 'A2', tube: 'TUBE2', attempt: 1 },
    ],
    controls: [
      { well: 'H11', control: 'positive' },
      { well: 'H12', control: 'negative' },
    ],
  };
  const rows = Object.entries(readings).flatMap(([well, values]) =>
    ['ORF1ab', 'N', 'IC'].map((target, index) => ({ well, target, ct: values[index] })),
  );
  return [
    { kind: 'laboratory.plate-loaded', body },
    { kind: 'laboratory.plate-read', body: { instrument: 'CFX96', readings: rows } },
    { kind: 'laboratory.plate-signed', body: {}, actor: 'wang' },
  ];
}

/** A view of a release under the default settings. */
export function see(state: ReleaseState): SubjectView {
  return viewRelease(state, { policy: policyDefaults, registers: nobody });
}

/** A context in which an act may read one plate. */
export function reading(plate: PlateState = initialPlate('PLATE1')): DecideContext<ResultsPolicy> {
  const read = <S>(subject: string): S =>
    (subject === `plate:${plate.plate}` ? plate : initialPlate(subject)) as S;
  return { policy: policyDefaults, now: morning, actor: 'li', registers: nobody, read };
}
