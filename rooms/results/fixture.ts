import { instant, minuteMs } from '../../kernel/instant.ts';
import type { Decision } from '../../ledger/decision.ts';
import type { SubjectView } from '../../ledger/derive.ts';
import type { Fact } from '../../ledger/fact.ts';
import { inOrder } from '../../ledger/order.ts';
import type { DecideContext, Registers } from '../../ledger/room.ts';
import { evolvePlate, initialPlate, type PlateFact, type PlateState } from '../laboratory/index.ts';
import type { ReleaseFact } from './facts.ts';
import { policyDefaults, type ResultsPolicy } from './rules.ts';
import { evolveRelease, initialRelease, type ReleaseState } from './state.ts';
import { viewRelease } from './views.ts';

/** 08:00 in Shanghai on 4 April 2022, the day of the city-wide round. */
export const morning = instant(Date.UTC(2022, 3, 4, 0, 0));

/** What a test says of a fact; the rest is filled in from its place in the list. */
export interface Step {
  readonly kind: string;
  readonly body: unknown;
  readonly actor?: string;
  readonly minute?: number;
  readonly lamport?: number;
}

/** Facts of one subject, numbered and dated in the order given, a minute apart. */
export function facts(subject: string, steps: readonly Step[]): Fact[] {
  return steps.map((step, index) => ({
    id: `fact-${String(index + 1).padStart(6, '0')}`,
    kind: step.kind,
    subject,
    place: '310113003001',
    deviceId: 'device-1',
    deviceSeq: index + 1,
    lamport: step.lamport ?? index + 1,
    at: instant(morning + (step.minute ?? index) * minuteMs),
    actor: step.actor ?? 'li',
    body: step.body as Fact['body'],
  }));
}

/** Folds steps into release PLATE1, in the agreed order. */
export function releaseAfter(...steps: readonly Step[]): ReleaseState {
  return foldRelease(facts('release:PLATE1', steps));
}

/** Folds facts into release PLATE1, in the agreed order. */
export function foldRelease(recorded: readonly Fact[]): ReleaseState {
  let state = initialRelease('PLATE1');
  for (const fact of inOrder(recorded)) state = evolveRelease(state, fact as ReleaseFact);
  return state;
}

/** Folds steps into plate PLATE1, in the agreed order. */
export function plateAfter(...steps: readonly Step[]): PlateState {
  let state = initialPlate('PLATE1');
  for (const fact of inOrder(facts('plate:PLATE1', steps))) {
    state = evolvePlate(state, fact as PlateFact);
  }
  return state;
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

const registers: Registers = { householdOf: () => [], homeOf: () => null, bornOn: () => null };

/** A view of a release under the default settings. */
export function see(state: ReleaseState): SubjectView {
  return viewRelease(state, { policy: policyDefaults, registers });
}

/** Codes of the findings, sorted. */
export function codesOf(view: SubjectView): string[] {
  return view.findings.map((finding) => finding.code).sort();
}

/** A context in which an act may read one plate. */
export function reading(plate: PlateState = initialPlate('PLATE1')): DecideContext<ResultsPolicy> {
  const read = <S>(subject: string): S =>
    (subject === `plate:${plate.plate}` ? plate : initialPlate(subject)) as S;
  return { policy: policyDefaults, now: morning, actor: 'li', registers, read };
}

/** The code of a refusal, or `accepted`. */
export function answer(decision: Decision): string {
  return decision.kind === 'refused' ? decision.code : 'accepted';
}
