import { accept, type Decision, type Refusal } from '../../ledger/decision.ts';
import type { DecideContext } from '../../ledger/room.ts';
import { labelFault } from '../screening/index.ts';
import type { HandOver, Receive, Reconcile, ReportLost, SealBox } from './acts.ts';
import { holderOf, nextLeg } from './chain.ts';
import { no } from './codes.ts';
import type { BoxFact } from './facts.ts';
import { outcomeFault } from './findings.ts';
import { readLabel, readLabels, repeated } from './ids.ts';
import { type CustodyAct, type CustodyPolicy, refusedAt } from './rules.ts';
import type { BoxState } from './state.ts';

type Context = DecideContext<CustodyPolicy>;
type BodyOf<K extends BoxFact['kind']> = Extract<BoxFact, { kind: K }>['body'];

/** A fact about the box, with its body checked against its kind. */
function about<K extends BoxFact['kind']>(
  state: BoxState,
  kind: K,
  { place, body }: { place: string; body: BodyOf<K> },
): Decision {
  return accept({ kind, subject: `box:${state.box}`, place, body });
}

/** Rule CU-1. What stands in the way of an act before its body is looked at. */
function barred(state: BoxState, act: CustodyAct, box: string): Refusal | null {
  if (readLabel(box) === null) return no('custody.bad-label', { label: box });
  const code = refusedAt[act][state.stage];
  if (code === null) return null;
  return no(code, { box: state.box, stage: state.stage, holder: holderOf(state)?.holder ?? null });
}

/** Rule SC-13. What is wrong with labels of our own series; others are taken as they are. */
function faultOfLabels(box: string, tubes: readonly string[]): Refusal | null {
  const [first, ...rest] = [
    { label: box, fault: labelFault('box', box, true) },
    ...tubes.map((label) => ({ label, fault: labelFault('tube', label, true) })),
  ].filter(({ fault }) => fault !== null);
  if (first === undefined) return null;
  const code = first.fault === 'misread' ? 'custody.label-misread' : 'custody.label-of-other-kind';
  return no(code, { label: first.label, count: rest.length + 1 });
}

/** Rules CU-2, CU-4. Seals a box, or writes a sealing down late. */
export function decideSealBox(state: BoxState, act: SealBox, context: Context): Decision {
  const bar = barred(state, 'seal-box', act.box);
  if (bar !== null) return bar;
  if (state.seal !== null) return no('custody.already-sealed', { box: state.box });
  const { labels: tubes, bad } = readLabels(act.tubes);
  if (bad.length > 0) return no('custody.bad-label', { label: bad[0] ?? '', count: bad.length });
  const fault = faultOfLabels(state.box, tubes);
  if (fault !== null) return fault;
  const twice = repeated(tubes);
  if (twice.length > 0) return no('custody.tube-twice', { tubes: twice });
  const from = act.from ?? `user:${context.actor}`;
  const first = state.legs.find((leg) => leg.leg === 1);
  if (first !== undefined && first.from !== from) {
    return no('custody.not-the-holder', { box: state.box, holder: first.from });
  }
  const place = act.place ?? state.place;
  if (place === null) return no('custody.place-missing', { box: state.box });
  const { earliestTubeAt } = act;
  const body = { tubes, from, ...(earliestTubeAt === undefined ? {} : { earliestTubeAt }) };
  return about(state, 'custody.box-sealed', { place, body });
}

/** Rule CU-3. A box is handed over by whoever holds it, leg by leg. */
export function decideHandOver(state: BoxState, act: HandOver, context: Context): Decision {
  const bar = barred(state, 'hand-over', act.box);
  if (bar !== null) return bar;
  const from = act.from ?? `user:${context.actor}`;
  const holder = holderOf(state)?.holder ?? null;
  if (from !== holder) return no('custody.not-the-holder', { box: state.box, from, holder });
  if (act.to === from) return no('custody.same-holder', { box: state.box, holder });
  const next = nextLeg(state);
  const leg = act.leg ?? next;
  if (leg < next) return no('custody.leg-twice', { box: state.box, leg, legExpected: next });
  if (leg > next) return no('custody.leg-skipped', { box: state.box, leg, legExpected: next });
  const place = state.place ?? '';
  return about(state, 'custody.box-handed-over', { place, body: { leg, from, to: act.to } });
}

/** Rules CU-4, CU-5, CU-7. Receives a box and compares it with its sealing. */
export function decideReceive(state: BoxState, act: Receive, { policy }: Context): Decision {
  const bar = barred(state, 'receive', act.box);
  const isUnsealed = bar?.code === 'custody.not-sealed' && act.unsealed === true;
  if (bar !== null && !isUnsealed) return bar;
  const present = readLabels(act.present);
  const broken = readLabels(act.broken ?? []);
  const bad = [...present.bad, ...broken.bad];
  if (bad.length > 0) return no('custody.bad-label', { label: bad[0] ?? '', count: bad.length });
  const here = [...present.labels, ...broken.labels];
  const twice = repeated(here);
  if (twice.length > 0) return no('custody.tube-twice', { tubes: twice });
  const place = state.place ?? act.place;
  if (place === undefined) return no('custody.place-missing', { box: state.box });
  const sealed = new Set(state.seal?.tubes ?? here);
  const arrived = new Set(here);
  const { temperatureCelsius } = act;
  const isTooWarm = (temperatureCelsius ?? -Infinity) > policy.temperatureMaxCelsius;
  return about(state, 'custody.box-received', {
    place,
    body: {
      laboratory: act.laboratory,
      present: present.labels,
      missing: [...sealed].filter((tube) => !arrived.has(tube)),
      extra: here.filter((tube) => !sealed.has(tube)),
      broken: broken.labels,
      warm: act.warm === true || isTooWarm,
      ...(temperatureCelsius === undefined ? {} : { temperatureCelsius }),
    },
  });
}

/** Rule CU-8. Reports a box lost. */
export function decideReportLost(state: BoxState, act: ReportLost): Decision {
  const bar = barred(state, 'report-lost', act.box);
  if (bar !== null) return bar;
  const body = { reason: act.reason };
  return about(state, 'custody.box-lost', { place: state.place ?? '', body });
}

/** Rule CU-6. Explains differences of a received box. */
export function decideReconcile(state: BoxState, act: Reconcile): Decision {
  const bar = barred(state, 'reconcile', act.box);
  if (bar !== null) return bar;
  const { labels, bad } = readLabels(act.outcomes.map((given) => given.tube));
  if (bad.length > 0) return no('custody.bad-label', { label: bad[0] ?? '', count: bad.length });
  const twice = repeated(labels);
  if (twice.length > 0) return no('custody.tube-twice', { tubes: twice });
  const outcomes = act.outcomes.map((given, index) => ({ ...given, tube: labels[index] ?? '' }));
  for (const { tube, outcome } of outcomes) {
    const fault = outcomeFault(state, tube, outcome);
    if (fault !== null) return no(fault, { box: state.box, tube, outcome });
  }
  const body = { outcomes, ...(act.note === undefined ? {} : { note: act.note }) };
  return about(state, 'custody.box-reconciled', { place: state.place ?? '', body });
}
