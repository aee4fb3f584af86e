import type { Json } from '../../kernel/assert.ts';
import { type Instant, instant, minuteMs } from '../../kernel/instant.ts';
import { type Duty, emptyView, type RecordPatch, type SubjectView } from '../../ledger/derive.ts';
import type { ViewContext } from '../../ledger/room.ts';
import { carrierOf, type Count, countOf, holderOf, unexplained } from './chain.ts';
import { findingsOf, isWarm } from './findings.ts';
import type { CustodyPolicy } from './rules.ts';
import type { BoxState } from './state.ts';

/** What a box says of one of its tubes. */
export type Condition = 'ok' | 'missing' | 'broken' | 'warm' | 'lost' | 'extra';

/** Everything that follows from the state of a box. */
export function viewBox(state: BoxState, { policy }: ViewContext<CustodyPolicy>): SubjectView {
  const open = unexplained(state);
  const isExplained = open.missing.length + open.extra.length === 0;
  const done = state.stage === 'lost' || (state.stage === 'received' && isExplained);
  return {
    ...emptyView,
    stage: state.stage,
    since: state.since,
    done,
    holder: done ? null : (holderOf(state)?.holder ?? null),
    place: state.place,
    duties: [...deliverDuty(state, policy), ...reconcileDuty(state, policy, isExplained)],
    findings: findingsOf(state, policy),
    patches: patchesOf(state, policy),
  };
}

const laterOf = (left: Instant, right: Instant): Instant => (left > right ? left : right);

/**
 * Rule CU-9. A sealed box is owed to a laboratory within the limit, by whoever holds it. The limit
 * runs from its earliest tube when that is known: the swab does not care when the lid was closed.
 */
function deliverDuty(state: BoxState, policy: CustodyPolicy): Duty[] {
  const carrier = carrierOf(state);
  const begun = state.seal ?? state.legs[0];
  if (carrier === null || begun === undefined) return [];
  const since = state.seal?.earliestTubeAt ?? begun.at;
  const end = state.receipt ?? (state.stage === 'lost' ? state.loss : null);
  return [
    {
      key: 'deliver',
      kind: 'custody.deliver-box',
      account: null,
      link: 'deliver',
      person: null,
      owner: carrier.holder,
      place: state.place ?? begun.place,
      since,
      dueAt: instant(since + policy.deliverMinutesMax * minuteMs),
      // A clock that ran backwards shows as no time, not as negative time.
      endedAt: end === null ? null : laterOf(since, end.at),
      ending: end === null ? null : state.receipt === null ? 'lost' : 'received',
    },
  ];
}

/** Rule CU-6. Every missing or extra tube is explained within the limit, by the couriers. */
function reconcileDuty(state: BoxState, policy: CustodyPolicy, isExplained: boolean): Duty[] {
  const count = countOf(state);
  if (state.receipt === null || count === null) return [];
  if (count.missing.length + count.extra.length === 0) return [];
  const { at: since, place } = state.receipt;
  let endedAt = since;
  for (const given of Object.values(state.outcomes)) endedAt = laterOf(endedAt, given.at);
  return [
    {
      key: 'reconcile',
      kind: 'custody.reconcile-box',
      account: null,
      link: 'deliver',
      person: null,
      owner: 'role:courier',
      place,
      since,
      dueAt: instant(since + policy.reconcileMinutesMax * minuteMs),
      endedAt: isExplained ? endedAt : null,
      ending: isExplained ? 'reconciled' : null,
    },
  ];
}

/** What the box says of each of its tubes. */
function patchesOf(state: BoxState, policy: CustodyPolicy): RecordPatch[] {
  const entries =
    state.stage === 'received' ? receivedEntries(state, policy) : carriedEntries(state);
  return entries.length === 0 ? [] : [{ record: 'specimen', group: 'custody', entries }];
}

interface Entry {
  readonly key: string;
  readonly values: { readonly [k: string]: Json };
}

function carriedEntries(state: BoxState): Entry[] {
  const { box, seal, stage } = state;
  if (seal === null || stage === 'unknown') return [];
  const carrier = carrierOf(state);
  const values = {
    box,
    boxStage: stage,
    holder: carrier?.holder ?? null,
    custodySince: carrier?.since ?? null,
    receivedAt: null,
    laboratory: null,
    condition: stage === 'lost' ? 'lost' : 'ok',
  };
  return seal.tubes.map((tube) => ({ key: tube, values }));
}

function receivedEntries(state: BoxState, policy: CustodyPolicy): Entry[] {
  const { receipt } = state;
  const count = countOf(state);
  if (receipt === null || count === null) return [];
  const { at: receivedAt, laboratory } = receipt;
  const here = { holder: 'role:laboratory', custodySince: receivedAt, receivedAt, laboratory };
  const entry = (tube: string, condition: Condition, where: Where = here): Entry => ({
    key: tube,
    values: { box: state.box, boxStage: 'received', ...where, condition },
  });
  const whole: Condition = isWarm(receipt, policy) ? 'warm' : 'ok';
  return [
    ...count.present.map((tube) => entry(tube, whole)),
    ...count.extra.map((tube) => entry(tube, 'extra')),
    ...count.broken.map((tube) => entry(tube, 'broken')),
    ...missingEntries(state, count, entry),
  ];
}

interface Where {
  readonly holder: string | null;
  readonly custodySince: Instant | null;
  readonly receivedAt: Instant | null;
  readonly laboratory: string | null;
}

/** A missing tube is still its carrier's, until it was found (then it is here) or given up. */
function missingEntries(
  state: BoxState,
  count: Count,
  entry: (tube: string, condition: Condition, where?: Where) => Entry,
): Entry[] {
  const carrier = carrierOf(state);
  const away: Where = {
    holder: carrier?.holder ?? 'role:courier',
    custodySince: carrier?.since ?? state.receipt?.at ?? null,
    receivedAt: null,
    laboratory: null,
  };
  return count.missing.map((tube) => {
    const given = state.outcomes[tube];
    if (given?.outcome === 'found') {
      const { at } = given;
      const laboratory = state.receipt?.laboratory ?? null;
      const found = { holder: 'role:laboratory', custodySince: at, receivedAt: at, laboratory };
      return entry(tube, 'ok', found);
    }
    return entry(tube, given?.outcome === 'lost' ? 'lost' : 'missing', away);
  });
}
