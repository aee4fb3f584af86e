import type { SubjectView } from '../../ledger/derive.ts';
import type { Fact } from '../../ledger/fact.ts';
import type { DecideContext } from '../../ledger/room.ts';
import { facts, folded, morning, nobody, type Step } from '../../test/support/room.ts';
import type { PlateFact } from './facts.ts';
import { type LaboratoryPolicy, policyDefaults } from './rules.ts';
import { evolvePlate, initialPlate, type PlateState } from './state.ts';
import { viewPlate } from './views.ts';

/** Folds steps into plate PLATE1, in the agreed order. */
export function plateAfter(...steps: readonly Step[]): PlateState {
  return foldPlate(facts('plate:PLATE1', steps));
}

/** Folds facts into plate PLATE1, in the agreed order. */
export function foldPlate(recorded: readonly Fact[], plate = 'PLATE1'): PlateState {
  return folded<PlateState, PlateFact>(initialPlate(plate), evolvePlate, recorded);
}

/** A view of a plate under the default settings. */
export function see(state: PlateState, policy: LaboratoryPolicy = policyDefaults): SubjectView {
  return viewPlate(state, { policy, registers: nobody });
}

/** A context in which an account acts, with the plates that the act may read. */
export function as(
  actor: string,
  ...plates: readonly PlateState[]
): DecideContext<LaboratoryPolicy> {
  const known = new Map(plates.map((plate) => [`plate:${plate.plate}`, plate]));
  const reader = <S>(subject: string): S =>
    (known.get(subject) ?? initialPlate(subject.slice('plate:'.length))) as S;
  return { policy: policyDefaults, now: morning, actor, registers: nobody, read: reader };
}

/** Readings of a well that give a call under the national rule set. */
export const readingsFor = {
  negative: { ORF1ab: null, N: null, IC: 28 },
  positive: { ORF1ab: 25, N: 24, IC: 29 },
  grey: { ORF1ab: 38, N: 37.5, IC: 29 },
  invalid: { ORF1ab: null, N: null, IC: null },
} as const;

type Ct = number | null;

/** Rows of readings from a table by well. */
export function rowsOf(wells: {
  readonly [well: string]: { readonly [target: string]: Ct };
}): { well: string; target: string; ct: Ct }[] {
  return Object.entries(wells).flatMap(([well, targets]) =>
    Object.entries(targets).map(([target, ct]) => ({ well, target, ct })),
  );
}

/** Tubes from A1 on, a positive control in H11 and a negative one in H12. */
export function loaded(
  tubes: readonly string[],
  { attempt = 1, rerunOf, ...more }: Partial<Step> & { attempt?: number; rerunOf?: string } = {},
): Step {
  const again = rerunOf === undefined ? {} : { rerunOf };
  return {
    kind: 'laboratory.plate-loaded',
    body: {
      laboratory: 'LAB1',
      wells: tubes.map((tube, index) => ({ well: `A${index + 1}`, tube, attempt, ...again })),
      controls: [
        { well: 'H11', control: 'positive' },
        { well: 'H12', control: 'negative' },
      ],
    },
    ...more,
  };
}

/** Readings that give the calls named, in wells from A1 on, with controls that ran. */
export function read(
  calls: readonly (keyof typeof readingsFor)[],
  wells: { readonly [well: string]: { readonly [target: string]: Ct } } = {},
  more: Partial<Step> & { correction?: string } = {},
): Step {
  const { correction, ...step } = more;
  const called = Object.fromEntries(
    calls.map((call, index) => [`A${index + 1}`, readingsFor[call]]),
  );
  const controls = { H11: readingsFor.positive, H12: readingsFor.negative };
  const readings = rowsOf({ ...called, ...controls, ...wells });
  const why = correction === undefined ? {} : { correction };
  return {
    kind: 'laboratory.plate-read',
    body: { instrument: 'CFX96', readings, ...why },
    ...step,
  };
}

/** A signature by a second person. */
export const signed: Step = { kind: 'laboratory.plate-signed', body: {}, actor: 'wang' };
