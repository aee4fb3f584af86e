import { assert } from '../kernel/assert.ts';
import type { Instant } from '../kernel/instant.ts';
import { type Actor, mayAct } from './access.ts';
import { firstFault } from './catalogue.ts';
import { type Refusal, refuse } from './decision.ts';
import type { Fact, FactDraft, RecordedFact } from './fact.ts';
import type { PathOf } from './receive.ts';
import type { ActKind, DecideContext } from './room.ts';
import type { Work } from './settle.ts';
import type { Json } from '../kernel/assert.ts';

/** An act as a desk sends it. The same `actId` sent again is answered the same and done once. */
export interface ActRequest {
  readonly actId: string;
  /** `room.act`. */
  readonly name: string;
  readonly act: unknown;
  readonly at: Instant;
  /** The device that records it under its own numbers; headquarters' desks when left out. */
  readonly deviceId?: string;
  /** Kinds that stay unnumbered on the device until something final takes them up. */
  readonly draftKinds?: readonly string[];
}

/** What became of an act. */
export type Performed =
  | { readonly kind: 'done'; readonly facts: readonly RecordedFact[] }
  | Refusal;

/** The device under whose numbers headquarters records the acts done at its desks. */
export const headquartersDevice = 'headquarters';

/** The one shell: load, fold, decide, append, settle. Rooms do the deciding. */
export async function perform(
  work: Work,
  request: ActRequest,
  { actor, pathOf }: { actor: Actor; pathOf: PathOf },
): Promise<Performed> {
  const known = work.context.catalogue.findAct(request.name);
  if (known === undefined) return refuse('ledger.unknown-act', { act: request.name });
  const fault = firstFault(known.check, request.act);
  if (fault !== null)
    return refuse('ledger.malformed-act', { where: fault.where, detail: fault.detail });
  if (known.act.kind === 'claim' && !isAtHeadquarters(request)) {
    return refuse('ledger.claim-elsewhere', { act: request.name });
  }
  const earlier = await alreadyDone(work, request);
  if (earlier.length > 0) return answerAgain(earlier, actor);
  const decision = await decide(work, request, { act: known.act, room: known.room.name, actor });
  if (decision.kind === 'refused') return decision;
  for (const draft of decision.facts) {
    const refusal = checkPlace(draft, known.act, { actor, pathOf });
    if (refusal !== null) return refusal;
  }
  return { kind: 'done', facts: await recordDrafts(work, request, actor, decision.facts) };
}

/** What of an act numbers its facts. */
type Numbering = Pick<ActRequest, 'actId' | 'at' | 'deviceId' | 'draftKinds'>;

/** Puts drafts on record under the device's own numbers, once for each `actId`. */
export async function recordDrafts(
  work: Work,
  request: Numbering,
  actor: Actor,
  drafts: readonly FactDraft[],
): Promise<readonly RecordedFact[]> {
  const recorded = await work.apply(numberDrafts(work, request, actor, drafts));
  await work.settle();
  return recorded;
}

function answerAgain(earlier: readonly RecordedFact[], actor: Actor): Performed {
  if (earlier.some((fact) => fact.actor !== actor.account)) return refuse('ledger.id-reused');
  return { kind: 'done', facts: earlier };
}

/** Facts that an earlier sending of the same act put on record; an act gives at most 64. */
async function alreadyDone(work: Work, request: ActRequest): Promise<RecordedFact[]> {
  const ids = Array.from({ length: draftsMax }, (_, index) => factId(request, index));
  const recorded = await work.transaction.recorded(ids);
  return ids.flatMap((id) => recorded.get(id) ?? []);
}

/** The most facts that one act may put on record. */
export const draftsMax = 64;

/** Headquarters' ids begin with `act.`; a device's with its own name, so that they never meet. */
function factId({ actId, deviceId }: Pick<ActRequest, 'actId' | 'deviceId'>, n: number): string {
  return `${deviceId ?? 'act'}.${actId}.${n}`;
}

/** A claim is decided where the scarce thing is counted; on a device it can only be a wish. */
function isAtHeadquarters({ deviceId }: Pick<ActRequest, 'deviceId'>): boolean {
  return deviceId === undefined || deviceId === headquartersDevice;
}

async function decide(
  work: Work,
  request: ActRequest,
  { act, room, actor }: { act: ActKind; room: string; actor: Actor },
): ReturnTypeOfDecide {
  const body = request.act as never;
  const subject = act.subject(body);
  const state = (await work.states([subject])).get(subject) ?? null;
  const reads = act.reads?.(body, state) ?? [];
  const read = await work.states(reads);
  const context: DecideContext<Json> = {
    policy: work.context.policy[room] ?? {},
    policyOf: (other) => work.context.policy[other] ?? {},
    now: request.at,
    actor: actor.account,
    registers: work.context.registers,
    read: <S>(named: string): S => {
      assert(read.has(named), `${request.name} did not say that it reads ${named}`);
      return read.get(named) as S;
    },
  };
  return act.decide(state, body, context);
}

type ReturnTypeOfDecide = Promise<ReturnType<ActKind['decide']>>;

function checkPlace(
  draft: FactDraft,
  act: ActKind,
  { actor, pathOf }: { actor: Actor; pathOf: PathOf },
): Refusal | null {
  const path = pathOf(draft.place);
  if (path === null) return refuse('places.unknown-place', { place: draft.place });
  if (mayAct(actor, act.roles, path)) return null;
  return refuse('access.not-permitted', { place: draft.place, roles: [...act.roles] });
}

function numberDrafts(
  work: Work,
  request: Numbering,
  actor: Actor,
  drafts: readonly FactDraft[],
): Fact[] {
  const { head } = work.transaction;
  assert(drafts.length <= draftsMax, `${request.actId} records more facts than an act may`);
  return drafts.map((draft, index) => {
    const isDraft = request.draftKinds?.includes(draft.kind) === true;
    if (!isDraft) head.deviceSeq += 1;
    head.lamport += 1;
    return {
      id: factId(request, index),
      ...draft,
      deviceId: request.deviceId ?? headquartersDevice,
      deviceSeq: isDraft ? null : head.deviceSeq,
      lamport: head.lamport,
      at: request.at,
      actor: actor.account,
    };
  });
}
