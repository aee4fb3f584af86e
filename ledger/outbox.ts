import { defaultPace, halved, type OutboxPace, restMs, sizeAfter } from './outbox-pace.ts';
import type { FactsAnswer } from './wire.ts';

/** Where an outbox stands; what each means is told at `step`. */
export type OutboxPhase = 'idle' | 'sending' | 'resting' | 'stopped';

/** What an outbox knows. Plain data: nothing of it needs to outlive the app. */
export interface OutboxState {
  readonly phase: OutboxPhase;
  readonly stoppedBy: 'signed-out' | null;
  /** What the system last said of the network: a hint, never a proof. */
  readonly online: boolean;
  /** Number of the batch last sent: an answer to another one is of no interest. */
  readonly batch: number;
  readonly sentAt: number;
  /** Facts that a batch may hold, as the line and the server allow. */
  readonly size: number;
  /** The most that the server takes. */
  readonly sizeMax: number;
  /** Whether something was kept while a batch was on its way. */
  readonly more: boolean;
  /** When it tries again; null unless resting. */
  readonly nextTryAt: number | null;
  /** Headquarters asked not to be called before; no push from outside overrules it. */
  readonly notBefore: number;
  readonly failures: number;
  /** Faults of the server in a row over the same items. */
  readonly faults: number;
  /** Which items those are: the first and how many. */
  readonly faultsOver: string;
  /** So many facts at the head of the queue hold one for which a whole batch was refused. */
  readonly suspects: number;
  readonly loneRefusals: number;
  /** How often answers have passed an item over, for those of the last batch that were. */
  readonly silences: ReadonlyMap<string, number>;
  /** What went wrong last, for people; null after a success. */
  readonly trouble: string | null;
}

/** Why a batch was not answered. */
export interface SendFailure {
  /** HTTP status; null when nothing came back, or nothing that this program could read. */
  readonly status: number | null;
  readonly timedOut: boolean;
  readonly code: string;
  readonly detail: string;
  readonly retryAfterMs: number | null;
}

/** What happens to an outbox. */
export type OutboxEvent =
  | { readonly kind: 'kept' | 'woken' | 'online' | 'offline' | 'signed-in' | 'retried' }
  /** There was nothing left to send. */
  | { readonly kind: 'drained'; readonly batch: number }
  | {
      readonly kind: 'answered';
      readonly batch: number;
      /** Ids as they were sent, in that order. */
      readonly sent: readonly string[];
      readonly answer: FactsAnswer;
      readonly tookMs: number;
    }
  | {
      readonly kind: 'failed';
      readonly batch: number;
      readonly sent: readonly string[];
      readonly failure: SendFailure;
    };

/** An item that is not delivered and no longer sent by itself; it is shown and can be retried. */
export interface OutboxSetAside {
  readonly id: string;
  readonly code: string;
  readonly where: string;
  readonly detail: string;
}

/** What an answer settles: to be kept on the device in one transaction before the next batch. */
export interface Settlement {
  /** On record at headquarters; the receipt is null for those it knew already. */
  readonly delivered: readonly { readonly id: string; readonly receipt: number | null }[];
  readonly setAside: readonly OutboxSetAside[];
  /** The device counts on from here. Null when headquarters did not say. */
  readonly lamport: number | null;
  /** Headquarters' clock when it answered. */
  readonly now: number | null;
}

/** What an outbox wants done, in this order. */
export type OutboxEffect =
  | { readonly kind: 'settle'; readonly settlement: Settlement }
  | { readonly kind: 'send'; readonly batch: number; readonly sizeMax: number }
  /** Instead of any earlier one. */
  | { readonly kind: 'wake'; readonly at: number };

/** What one event leads to. */
export interface OutboxStep {
  readonly state: OutboxState;
  readonly effects: readonly OutboxEffect[];
}

/** The moment of an event: a clock that never jumps, a draw in [0, 1), and the pace. */
export interface OutboxMoment {
  readonly now: number;
  readonly draw: number;
  readonly pace?: OutboxPace;
}

/** An outbox that has just been opened. It is *idle*; the driver wakes it. */
export function initialOutbox(pace: OutboxPace = defaultPace): OutboxState {
  return {
    phase: 'idle',
    stoppedBy: null,
    online: true,
    batch: 0,
    sentAt: Number.NEGATIVE_INFINITY,
    size: pace.sizeFirst,
    sizeMax: pace.sizeMax,
    more: false,
    nextTryAt: null,
    notBefore: Number.NEGATIVE_INFINITY,
    failures: 0,
    faults: 0,
    faultsOver: '',
    suspects: 0,
    loneRefusals: 0,
    silences: new Map(),
    trouble: null,
  };
}

/**
 * The sending half of synchronisation. Pure: the driver (`adapters/device/sync.ts`) carries out
 * the effects and comes back with events.
 *
 * *idle*: nothing waits, as far as is known. *sending*: one batch is on its way, never two; what
 * is kept meanwhile is noted. *resting*: something waits and the last attempt failed, or the
 * system says there is no network; a timer runs. *stopped*: headquarters no longer knows who this
 * is; only signing in goes on.
 *
 * A batch lost between the write and the reply is sent again with the same ids, and headquarters
 * says *known*. An answer settles only what was in the batch it answers. An item that answers pass
 * over stays, and is set aside after `silencesMax` of them. A batch refused as a whole is halved
 * until the one item that brings it about stands alone and is set aside, so it blocks nothing.
 */
export function step(state: OutboxState, event: OutboxEvent, moment: OutboxMoment): OutboxStep {
  switch (event.kind) {
    case 'kept':
      return state.phase === 'idle' ? send(state, moment) : still({ ...state, more: true });
    case 'woken':
      return woken(state, moment);
    case 'online':
      return hurry({ ...state, online: true }, moment);
    case 'offline':
      return still({ ...state, online: false });
    case 'signed-in':
      return hurry(restarted(state), moment);
    case 'retried':
      return hurry({ ...state, more: true }, moment);
    case 'drained':
    case 'answered':
    case 'failed':
      // A batch that was given up may still be answered; what waits is on its way again by then.
      if (state.phase !== 'sending' || event.batch !== state.batch) return still(state);
      return settled(state, event, moment);
  }
}

type Settling = Extract<OutboxEvent, { batch: number }>;

function settled(state: OutboxState, event: Settling, moment: OutboxMoment): OutboxStep {
  switch (event.kind) {
    case 'drained':
      if (state.more) return send({ ...state, suspects: 0 }, moment);
      return still({ ...state, phase: 'idle', suspects: 0, trouble: null });
    case 'answered':
      return answered(state, event, moment);
    case 'failed':
      return failed(state, event, moment);
  }
}

function still(state: OutboxState): OutboxStep {
  return { state, effects: [] };
}

function paceOf({ pace = defaultPace }: OutboxMoment): OutboxPace {
  return pace;
}

function send(state: OutboxState, moment: OutboxMoment): OutboxStep {
  if (!state.online) return rest(state, moment.now + paceOf(moment).restMsMax);
  const batch = state.batch + 1;
  const next: OutboxState = {
    ...state,
    phase: 'sending',
    batch,
    sentAt: moment.now,
    more: false,
    nextTryAt: null,
  };
  return { state: next, effects: [{ kind: 'send', batch, sizeMax: nextSize(next) }] };
}

/** Suspects are halved; otherwise as much as the line and the server take. */
function nextSize({ size, sizeMax, suspects }: OutboxState): number {
  const allowed = Math.min(size, sizeMax);
  return suspects === 0 ? allowed : Math.min(allowed, Math.ceil(suspects / 2));
}

function rest(state: OutboxState, at: number): OutboxStep {
  const next: OutboxState = { ...state, phase: 'resting', nextTryAt: at };
  return { state: next, effects: [{ kind: 'wake', at }] };
}

/** A timer may come early, or late after a sleep; the network hint does not hold it up for ever. */
function woken(state: OutboxState, moment: OutboxMoment): OutboxStep {
  if (state.phase === 'idle') return send(state, moment);
  if (state.phase !== 'resting') return still(state);
  const { nextTryAt } = state;
  if (nextTryAt !== null && moment.now < nextTryAt) return rest(state, nextTryAt);
  return send({ ...state, online: true }, moment);
}

/** A push from outside ends a rest, but never brings two attempts within the shortest rest. */
function hurry(state: OutboxState, moment: OutboxMoment): OutboxStep {
  if (state.phase === 'sending' || state.phase === 'stopped') return still(state);
  const earliest = Math.max(state.sentAt + paceOf(moment).restMsMin, state.notBefore);
  if (moment.now < earliest) return rest(state, earliest);
  return send(state, moment);
}

function restarted(state: OutboxState): OutboxState {
  if (state.phase !== 'stopped') return state;
  return { ...state, phase: 'resting', stoppedBy: null, failures: 0, trouble: null };
}

type Answered = Extract<OutboxEvent, { kind: 'answered' }>;

function answered(state: OutboxState, event: Answered, moment: OutboxMoment): OutboxStep {
  const pace = paceOf(moment);
  const { sent, answer, tookMs } = event;
  const { settlement, silences } = sortOut(state, event, pace);
  const done = settlement.delivered.length + settlement.setAside.length;
  const size = sizeAfter(pace, { size: nextSize(state), sent: sent.length, tookMs });
  const next: OutboxState = {
    ...state,
    online: true,
    faults: 0,
    // While suspects are halved the size says nothing about the line.
    size: state.suspects === 0 ? size : state.size,
    sizeMax: Math.max(1, Math.min(pace.sizeMax, answer.batchMax ?? pace.sizeMax)),
    suspects: Math.max(0, state.suspects - done),
    loneRefusals: settlement.delivered.length > 0 ? 0 : state.loneRefusals,
    silences,
  };
  const settle: OutboxEffect = { kind: 'settle', settlement };
  // An answer that settles nothing is no success: sending again at once would never end.
  const on =
    done === 0
      ? restAfter(next, { code: 'outbox.unanswered', retryAfterMs: null }, moment)
      : send({ ...next, failures: 0, trouble: null }, moment);
  return { state: on.state, effects: [settle, ...on.effects] };
}

/** What the answer says of each item that was sent, and of no other. */
function sortOut(
  state: OutboxState,
  { sent, answer }: Answered,
  pace: OutboxPace,
): { settlement: Settlement; silences: ReadonlyMap<string, number> } {
  const receipts = new Map<string, number | null>(answer.known.map((id) => [id, null]));
  for (const { id, receipt } of answer.accepted) receipts.set(id, receipt);
  const refused = new Map(
    answer.refused.flatMap((item) => {
      const id = sent[item.index];
      return id !== undefined && (item.id === null || item.id === id) ? [[id, item] as const] : [];
    }),
  );
  const delivered: Settlement['delivered'][number][] = [];
  const setAside: OutboxSetAside[] = [];
  const silences = new Map<string, number>();
  for (const id of sent) {
    const refusal = refused.get(id);
    const receipt = receipts.get(id);
    const silent = (state.silences.get(id) ?? 0) + 1;
    if (refusal !== undefined) {
      const { code, where, detail } = refusal;
      setAside.push({ id, code, where, detail });
    } else if (receipt !== undefined) {
      delivered.push({ id, receipt });
    } else if (silent >= pace.silencesMax) {
      const detail = `passed over by ${silent} answers`;
      setAside.push({ id, code: 'outbox.unanswered', where: '', detail });
    } else {
      silences.set(id, silent);
    }
  }
  const { lamport, now } = answer;
  return { settlement: { delivered, setAside, lamport, now }, silences };
}

type Failed = Extract<OutboxEvent, { kind: 'failed' }>;

function failed(state: OutboxState, event: Failed, moment: OutboxMoment): OutboxStep {
  const { failure } = event;
  switch (kindOf(failure)) {
    case 'signed-out':
      return still({
        ...state,
        phase: 'stopped',
        stoppedBy: 'signed-out',
        trouble: failure.code,
      });
    case 'unreached':
      return restAfter(state, failure, moment);
    case 'overloaded':
      return restAfter({ ...state, size: halved(nextSize(state)) }, failure, moment);
    case 'faulty':
      return faulty(state, event, moment);
    case 'refused':
      return isolate(state, event, moment);
  }
}

/** What a failure means for the batch. What is no answer of headquarters is *unreached*. */
function kindOf({
  status,
  timedOut,
}: SendFailure): 'signed-out' | 'unreached' | 'overloaded' | 'faulty' | 'refused' {
  if (timedOut) return 'overloaded';
  if (status === null || status < 400) return 'unreached';
  if (status === 401) return 'signed-out';
  if ([408, 425, 429, 502, 503, 504].includes(status)) return 'overloaded';
  return status < 500 ? 'refused' : 'faulty';
}

function restAfter(
  state: OutboxState,
  { code, retryAfterMs }: Pick<SendFailure, 'code' | 'retryAfterMs'>,
  moment: OutboxMoment,
): OutboxStep {
  const failures = state.failures + 1;
  const { now, draw } = moment;
  const pace = paceOf(moment);
  const asked = Math.min(retryAfterMs ?? 0, pace.retryAfterMsMax);
  const at = now + Math.max(asked, restMs(pace, { failures, draw }));
  return rest({ ...state, failures, notBefore: now + asked, trouble: code }, at);
}

/**
 * A server that fails may fail over one item, so after a few faults the batch is halved like a
 * refused one, with a rest before every attempt; one that fails alone as often is set aside.
 */
function faulty(state: OutboxState, event: Failed, moment: OutboxMoment): OutboxStep {
  const { sent, failure } = event;
  const faultsOver = `${sent.length} from ${sent[0] ?? ''}`;
  const faults = faultsOver === state.faultsOver ? state.faults + 1 : 1;
  if (faults < paceOf(moment).faultsMax) {
    return restAfter({ ...state, faults, faultsOver }, failure, moment);
  }
  const isAlone = sent.length <= 1;
  const silences = isAlone ? withoutAny(state.silences, sent) : state.silences;
  const suspects = isAlone ? 0 : sent.length;
  const next: OutboxState = { ...state, faults: 0, suspects, silences };
  const settle = isAlone ? setAsideAlone(event, 'outbox.server-fault') : [];
  const on = restAfter(next, failure, moment);
  return { state: on.state, effects: [...settle, ...on.effects] };
}

function isolate(state: OutboxState, event: Failed, moment: OutboxMoment): OutboxStep {
  const { sent, failure } = event;
  if (sent.length > 1) return send({ ...state, suspects: sent.length }, moment);
  const loneRefusals = state.loneRefusals + 1;
  const silences = withoutAny(state.silences, sent);
  const next: OutboxState = { ...state, suspects: 0, loneRefusals, silences };
  const settle = setAsideAlone(event, failure.code);
  // When item after item is refused alone, the fault may lie elsewhere: go on, but slowly.
  const isSlow = loneRefusals >= paceOf(moment).loneRefusalsMax;
  const on = isSlow ? restAfter(next, failure, moment) : send(next, moment);
  return { state: on.state, effects: [...settle, ...on.effects] };
}

/** An item that is set aside and sent again later begins anew. */
function withoutAny(
  silences: ReadonlyMap<string, number>,
  ids: readonly string[],
): ReadonlyMap<string, number> {
  return new Map([...silences].filter(([id]) => !ids.includes(id)));
}

function setAsideAlone({ sent, failure }: Failed, code: string): OutboxEffect[] {
  const { detail } = failure;
  const setAside = sent.map((id) => ({ id, code, where: '', detail }));
  return [{ kind: 'settle', settlement: { delivered: [], setAside, lamport: null, now: null } }];
}
