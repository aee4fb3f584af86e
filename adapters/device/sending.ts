import type { FactEnvelope } from '../../ledger/fact.ts';
import type { Settlement } from '../../ledger/outbox.ts';
import { type DeviceReport, type FactsRequest, toEnvelope, wireFormat } from '../../ledger/wire.ts';
import type { Holdings } from './holdings.ts';
import type { OwnRecord } from './keep.ts';
import { isReused, renew } from './restored.ts';
import { withoutToken } from './sessions.ts';
import type { PostOutcome, SyncPorts } from './sync.ts';
import { judge, sendWalkIn, type WalkInRecord } from './walk-ins.ts';

/**
 * What the outbox is given of the device. Each fact is sent by the session of the account that
 * recorded it, because headquarters names the sender as its author; and whoever was registered
 * here is registered there before any fact that may name their number.
 */
export function sendingPorts(holdings: Holdings): SyncPorts {
  const { world } = holdings.parts;
  return {
    next: (sizeMax) => next(holdings, sizeMax),
    settle: (settlement) => settle(holdings, settlement),
    report: () => report(holdings),
    post: (request, signal) => post(holdings, request, signal),
    clock: world.clocks.monotonic,
    draw: world.draw,
    timer: world.timer,
  };
}

/** Whether something waits that a session of this device may send. */
export function canSend({ sessions, store, walkIns }: Holdings): boolean {
  const isSendable = (account: string): boolean => sessions.tokens[account] !== undefined;
  for (const { fact } of store.waiting()) if (isSendable(fact.actor)) return true;
  return walkIns.some(({ delivery, actor }) => delivery === 'waiting' && isSendable(actor));
}

async function next(holdings: Holdings, sizeMax: number): Promise<FactEnvelope[]> {
  await registerDevice(holdings);
  await sendWalkIns(holdings);
  const { store, sessions } = holdings;
  const found: FactEnvelope[] = [];
  let sender: string | null = null;
  for (const { fact } of store.waiting()) {
    if (found.length >= sizeMax) break;
    if (fact.deviceSeq === null || sessions.tokens[fact.actor] === undefined) continue;
    sender ??= fact.actor;
    if (fact.actor === sender) found.push(toEnvelope({ ...fact, deviceSeq: fact.deviceSeq }));
  }
  return found;
}

/** Tells headquarters who the device is, once; without it the numbers could be taken by others. */
export async function registerDevice(holdings: Holdings): Promise<void> {
  const { identity, sessions, parts } = holdings;
  const token = sessions.tokens[sessions.current?.account ?? ''];
  if (identity.isRegistered || token === undefined) return;
  const { id, key } = identity;
  const { headquarters, world } = parts;
  const json = { label: id, key, app: world.app.version };
  try {
    await headquarters.ask(`/v1/devices/${id}`, { method: 'PUT', json, token });
  } catch (error) {
    // A server that does not want this device still takes its facts, or says of each why not.
    if (judge(error) === 'later') throw error;
    return;
  }
  await holdings.put({ identity: { ...identity, isRegistered: true } });
}

async function sendWalkIns(holdings: Holdings): Promise<void> {
  const { parts, identity } = holdings;
  for (const record of holdings.walkIns) {
    const token = holdings.sessions.tokens[record.actor];
    if (record.delivery !== 'waiting' || token === undefined) continue;
    try {
      const credentials = { token, deviceKey: identity.key };
      const person = await sendWalkIn(parts.headquarters, record, credentials);
      await keepDelivered(holdings, record, person);
    } catch (error) {
      const verdict = judge(error);
      if (verdict === 'later') throw error;
      if (verdict === 'signed-out') await dropToken(holdings, record.actor);
      else await keepSetAside(holdings, record, error);
    }
  }
}

/** The name leaves the device; a number that headquarters gave instead is noted. */
async function keepDelivered(
  holdings: Holdings,
  record: WalkInRecord,
  person: number,
): Promise<void> {
  const delivered: WalkInRecord = { ...record, delivery: 'delivered', walkIn: null };
  const { package: held } = holdings;
  const isOther = person !== record.person;
  const merged = [...held.merged, { person: record.person, into: person }];
  await holdings.put(isOther ? { package: { ...held, merged } } : {}, (writes) =>
    writes.put('walkIns', delivered),
  );
  holdings.showWalkIn(delivered);
}

async function keepSetAside(
  holdings: Holdings,
  record: WalkInRecord,
  error: unknown,
): Promise<void> {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'device.refused';
  const detail = error instanceof Error ? error.message : '';
  const problem = { code, detail, since: holdings.parts.clock.now() };
  const setAside: WalkInRecord = { ...record, delivery: 'set-aside', problem };
  await holdings.put({}, (writes) => writes.put('walkIns', setAside));
  holdings.showWalkIn(setAside);
}

async function settle(holdings: Holdings, settlement: Settlement): Promise<void> {
  const { clock, keep } = holdings.parts;
  if (settlement.now !== null) {
    const known = clock.learn(settlement.now);
    await keep.write((writes) => writes.put('meta', known, 'clock'));
  }
  await holdings.inTurn(async () => {
    await holdings.store.settle(settlement, clock.now());
    const { identity, store } = holdings;
    const reused = settlement.setAside.flatMap(({ id }) => store.findOwn(id) ?? []);
    // Once is enough: what waits under the old name is set aside item by item, or is new there.
    if (reused.some((each) => isReused(each) && each.fact.deviceId === identity.id)) {
      await renew(holdings);
    }
  });
  await closeIdleSessions(holdings);
}

/** Somebody who signed out and has nothing left to deliver has no session here either. */
async function closeIdleSessions(holdings: Holdings): Promise<void> {
  const { sessions, parts } = holdings;
  const owing = new Set(sessions.current === null ? [] : [sessions.current.account]);
  for (const { fact } of holdings.store.waiting()) owing.add(fact.actor);
  for (const record of holdings.walkIns) {
    if (record.delivery === 'waiting') owing.add(record.actor);
  }
  for (const [account, token] of Object.entries(sessions.tokens)) {
    if (owing.has(account)) continue;
    await dropToken(holdings, account);
    const asking = { method: 'DELETE', token };
    // Best effort: the session ends by itself.
    await parts.headquarters.ask('/v1/sessions/current', asking).catch(() => undefined);
  }
}

async function dropToken(holdings: Holdings, account: string): Promise<void> {
  await holdings.put({ sessions: withoutToken(holdings.sessions, account) });
}

function report({ identity, store, parts: { world } }: Holdings): DeviceReport {
  return {
    id: identity.id,
    keptSeq: store.memory.head.deviceSeq,
    waiting: store.waitingCount,
    clockAt: world.clocks.wall(),
    app: { version: world.app.version, format: wireFormat },
  };
}

async function post(
  holdings: Holdings,
  request: FactsRequest,
  signal: AbortSignal,
): Promise<PostOutcome> {
  const { identity, sessions, store, parts } = holdings;
  const sender = senderOf(store.findOwn(request.facts[0]?.id ?? ''));
  const token = sessions.tokens[sender] ?? null;
  const credentials = { token, deviceKey: identity.key, signal };
  const outcome = await parts.headquarters.post(request, credentials);
  if (outcome.kind === 'answered' || outcome.failure.status !== 401) return outcome;
  await dropToken(holdings, sender);
  if (sender === sessions.current?.account) return outcome;
  // Of somebody who has left: the others' facts go on, theirs wait until they sign in again.
  return { kind: 'failed', failure: { ...outcome.failure, status: null } };
}

function senderOf(record: OwnRecord | undefined): string {
  return record?.fact.actor ?? '';
}
