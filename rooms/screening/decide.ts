import { type Static, Type } from 'typebox';
import { accept, type Decision, refuse } from '../../ledger/decision.ts';
import type { FactDraft } from '../../ledger/fact.ts';
import type { DecideContext } from '../../ledger/room.ts';
import { labelFault } from './label.ts';
import { label, person, roundBody, roundId, tubeFacts } from './facts.ts';
import type { ScreeningPolicy } from './rules.ts';
import { type EntryState, entrySubject, type RoundState, type TubeState } from './state.ts';

const place = Type.String({ minLength: 1, maxLength: 80 });
const strict = { additionalProperties: false };
type Context = DecideContext<ScreeningPolicy>;

export const openRound = Type.Object({ round: roundId, place, ...roundBody.properties }, strict);
export const closeRound = Type.Object({ round: roundId }, strict);
export const openTube = Type.Object(
  { tube: label, place, ...tubeFacts['screening.tube-opened'].body.properties },
  strict,
);
export const addPerson = Type.Object({ tube: label, person }, strict);
export const removePerson = Type.Object(
  { tube: label, person, reason: Type.String({ minLength: 1, maxLength: 200 }) },
  strict,
);
export const sealTube = Type.Object({ tube: label }, strict);
export const recordTube = Type.Object(
  { tube: label, place, ...tubeFacts['screening.tube-sealed'].body.properties },
  strict,
);
export const voidTube = Type.Object(
  { tube: label, reason: Type.String({ minLength: 1, maxLength: 200 }) },
  strict,
);
export const disposePerson = Type.Object(
  {
    round: roundId,
    person,
    disposition: Type.Union([
      Type.Literal('excused'),
      Type.Literal('away'),
      Type.Literal('deferred'),
      Type.Literal('refused'),
      Type.Literal('home-visit'),
    ]),
    reason: Type.String({ minLength: 1, maxLength: 200 }),
    until: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  strict,
);
export const withdrawDisposition = Type.Object({ round: roundId, person }, strict);
export const addWalkIn = Type.Object({ round: roundId, person }, strict);

/** Rule SC-1. A round is opened once, ends after it starts, and covers at least one area. */
export function decideOpenRound(state: RoundState, act: Static<typeof openRound>): Decision {
  if (state.stage !== 'unknown') return refuse('screening.round-exists', { round: act.round });
  if (act.endsAt <= act.startsAt) return refuse('screening.round-ends-before-start');
  const { round, place: at, ...body } = act;
  return accept({ kind: 'screening.round-opened', subject: `round:${round}`, place: at, body });
}

/** Rule SC-1. Only an open round is closed. */
export function decideCloseRound(state: RoundState, act: Static<typeof closeRound>): Decision {
  if (state.stage !== 'open' || state.place === null) {
    return refuse('screening.round-not-open', { round: act.round, stage: state.stage });
  }
  const subject = `round:${act.round}`;
  return accept({ kind: 'screening.round-closed', subject, place: state.place, body: {} });
}

/** Rules SC-2, SC-13. A sound label is used for one tube, and only in an open round. */
export function decideOpenTube(
  state: TubeState,
  act: Static<typeof openTube>,
  context: Context,
): Decision {
  const refusal =
    refuseLabel(act.tube, context) ?? refuseUsed(state) ?? refuseRound(act.round, context);
  if (refusal !== null) return refusal;
  const { tube, place: at, ...body } = act;
  return accept({ kind: 'screening.tube-opened', subject: `tube:${tube}`, place: at, body });
}

/** Rules SC-2, SC-3. People are added to an open tube until it holds its pool size. */
export function decideAddPerson(
  state: TubeState,
  act: Static<typeof addPerson>,
  context: Context,
): Decision {
  const { opened } = state;
  if (state.stage !== 'open' || opened === null) return refuseStage(state);
  if (context.registers.homeOf(act.person) === null) {
    return refuse('persons.unknown-person', { person: act.person });
  }
  if (state.added.includes(act.person)) {
    return refuse('screening.already-in-tube', { tube: act.tube, person: act.person });
  }
  if (state.added.length >= opened.poolSize) {
    return refuse('screening.tube-full', { tube: act.tube, poolSize: opened.poolSize });
  }
  return accept(onTube(state, 'screening.person-added', { person: act.person }));
}

/** Rule SC-2. An entry is undone with a reason while the tube is open. */
export function decideRemovePerson(state: TubeState, act: Static<typeof removePerson>): Decision {
  if (state.stage !== 'open') return refuseStage(state);
  if (!state.added.includes(act.person)) {
    return refuse('screening.not-in-tube', { tube: act.tube, person: act.person });
  }
  const { reason } = act;
  return accept(onTube(state, 'screening.person-removed', { person: act.person, reason }));
}

/** Rule SC-2. Sealing makes the tube's members final; an empty tube is voided, not sealed. */
export function decideSealTube(state: TubeState): Decision {
  const { opened } = state;
  if (state.stage !== 'open' || opened === null) return refuseStage(state);
  if (state.added.length === 0) return refuse('screening.tube-empty', { tube: state.tube });
  const { round, poolSize, point, purpose } = opened;
  const body = { round, purpose, poolSize, point, members: [...state.added] };
  return accept(onTube(state, 'screening.tube-sealed', body));
}

/** Rules SC-2, SC-3, SC-13. A tube filled and sealed elsewhere is entered whole. */
export function decideRecordTube(
  state: TubeState,
  act: Static<typeof recordTube>,
  context: Context,
): Decision {
  const refusal =
    refuseLabel(act.tube, context) ?? refuseUsed(state) ?? refuseRound(act.round, context);
  if (refusal !== null) return refusal;
  if (act.members.length > act.poolSize) {
    return refuse('screening.tube-full', { tube: act.tube, poolSize: act.poolSize });
  }
  if (new Set(act.members).size < act.members.length) {
    return refuse('screening.already-in-tube', { tube: act.tube });
  }
  const stranger = act.members.find((member) => context.registers.homeOf(member) === null);
  if (stranger !== undefined) return refuse('persons.unknown-person', { person: stranger });
  const { tube, place: at, ...body } = act;
  return accept({ kind: 'screening.tube-sealed', subject: `tube:${tube}`, place: at, body });
}

/** Rule SC-8. A voided tube counts for nobody: its people are owed a sample again. */
export function decideVoidTube(state: TubeState, act: Static<typeof voidTube>): Decision {
  if (state.stage !== 'open' && state.stage !== 'sealed') return refuseStage(state);
  return accept(onTube(state, 'screening.tube-voided', { reason: act.reason }));
}

/** Rule SC-6. A reason is recorded for a person on the register, in an open round. */
export function decideDispose(
  _state: EntryState,
  act: Static<typeof disposePerson>,
  context: Context,
): Decision {
  const { round, person: who, ...body } = act;
  return onEntry({ round, person: who, kind: 'screening.person-disposed', body }, context);
}

/** Rule SC-6. A reason is withdrawn only where there is one. */
export function decideWithdraw(
  state: EntryState,
  act: Static<typeof withdrawDisposition>,
  context: Context,
): Decision {
  if (state.disposition === null) return refuse('screening.nothing-to-withdraw', { ...act });
  return onEntry({ ...act, kind: 'screening.disposition-withdrawn', body: {} }, context);
}

/** Rule SC-9. Somebody on the register but not on the round's roster joins it. */
export function decideWalkIn(
  state: EntryState,
  act: Static<typeof addWalkIn>,
  context: Context,
): Decision {
  if (state.walkIn) return refuse('screening.already-on-roster', { ...act });
  return onEntry({ ...act, kind: 'screening.walk-in-added', body: {} }, context);
}

function onEntry(
  {
    round,
    person: who,
    kind,
    body,
  }: { round: string; person: number; kind: string; body: FactDraft['body'] },
  context: Context,
): Decision {
  const refusal = refuseRound(round, context);
  if (refusal !== null) return refusal;
  const home = context.registers.homeOf(who);
  if (home === null) return refuse('persons.unknown-person', { person: who });
  return accept({ kind, subject: entrySubject(round, who), place: home, body });
}

function onTube(state: TubeState, kind: string, body: FactDraft['body']): FactDraft {
  const at = state.opened?.place ?? state.seals[0]?.place ?? '';
  return { kind, subject: `tube:${state.tube}`, place: at, body };
}

function refuseLabel(tube: string, { policy }: Context): Decision | null {
  const fault = labelFault('tube', tube, policy.foreignLabelsTaken);
  return fault === null ? null : refuse(`screening.label-${fault}`, { tube });
}

function refuseUsed(state: TubeState): Decision | null {
  if (state.stage === 'unknown') return null;
  return refuse('screening.tube-label-used', { tube: state.tube, stage: state.stage });
}

function refuseStage(state: TubeState): Decision {
  return refuse('screening.tube-not-open', { tube: state.tube, stage: state.stage });
}

function refuseRound(round: string, context: Context): Decision | null {
  const state = context.read<RoundState>(`round:${round}`);
  return state.stage === 'open'
    ? null
    : refuse('screening.round-not-open', { round, stage: state.stage });
}
