import { MemoryStore } from '../../../adapters/memory/store.ts';
import type { Json } from '../../../kernel/assert.ts';
import { canonicalJson } from '../../../kernel/digest.ts';
import { instant, type Instant } from '../../../kernel/instant.ts';
import type { Random } from '../../../kernel/random.ts';
import type { Actor } from '../../../ledger/access.ts';
import type { FactEnvelope, RecordedFact } from '../../../ledger/fact.ts';
import { perform, type Performed } from '../../../ledger/perform.ts';
import { admit, receive, type Receipt } from '../../../ledger/receive.ts';
import { Work } from '../../../ledger/settle.ts';
import type { FactsRequest } from '../../../ledger/wire.ts';
import { catalogue, dawn, pathOf, work } from './ground.ts';
import type { Schedule } from './schedule.ts';
import type { Weather } from './weather.ts';

/** What comes out of the server: a status and a body, or nothing because it stopped. */
export type Reply =
  | { readonly status: 200; readonly body: Json }
  | { readonly status: number; readonly code: string; readonly retryAfterMs: number | null }
  | null;

/** What headquarters knows of a device's numbers besides its facts. */
export interface Known {
  readonly account: string;
  readonly keptSeq: number;
  /** A report once told of fewer numbers than one before: the device was restored from a copy. */
  readonly wentBack: boolean;
}

interface ServerWorld {
  readonly schedule: Schedule;
  readonly random: Random;
  weather: Weather;
  readonly fail: (what: string) => void;
}

/** Something that is wrong with a fact on its way, whatever the fact says. */
export type Curse = 'blocked' | 'poisoned' | 'silent';

interface At {
  readonly index: number;
}

/** The process ends before its commit. */
class Stopped extends Error {}

/** The weather has the server fail. */
class Failing extends Error {}

/** The one server: production admission, receipt, acts and folding, on the memory store. */
export class Headquarters {
  readonly store = new MemoryStore();
  readonly known = new Map<string, Known>();
  readonly curses = new Map<string, Curse>();
  readonly signedOut = new Set<string>();
  downTo = 0;
  forbiddingTo = 0;
  readonly #world: ServerWorld;

  constructor(world: ServerWorld) {
    this.#world = world;
  }

  now(): Instant {
    return instant(dawn + this.#world.schedule.now);
  }

  /** `POST /v1/facts`. */
  async facts(actor: Actor, request: FactsRequest): Promise<Reply> {
    const refusal = this.#refuse(actor, request);
    if (refusal !== undefined) return refusal;
    const { random, weather } = this.#world;
    let items = [...request.facts];
    if (random.chance(weather.cutShort)) items = items.slice(0, 1 + random.below(items.length));
    if (random.chance(weather.shuffled)) random.shuffle(items);
    const admitted = items.map((item) => admit(item, actor, { catalogue, pathOf }));
    const done = await this.#transact(async (unit) => {
      const receipts = await receive(unit, admitted);
      const isPoisoned = items.some(({ id }) => this.curses.get(id) === 'poisoned');
      if (isPoisoned || random.chance(weather.fault)) throw new Failing();
      return receipts;
    });
    if (done === 'stopped') return null;
    if (done === 'failed') return { status: 500, code: 'server.internal', retryAfterMs: null };
    this.#check(items, done);
    if (request.device !== undefined) this.#note(actor, request.device);
    if (random.chance(weather.crashAfterCommit)) return this.#stop();
    return { status: 200, body: this.#answer(items, done) };
  }

  #refuse(actor: Actor, { facts }: FactsRequest): Reply | undefined {
    const { random, weather, schedule } = this.#world;
    if (schedule.now < this.downTo) return null;
    const isBlocked = facts.some(({ id }) => this.curses.get(id) === 'blocked');
    if (isBlocked || schedule.now < this.forbiddingTo) return problem(403, 'proxy.blocked');
    if (this.signedOut.has(actor.account)) return problem(401, 'access.signed-out');
    if (facts.length > weather.batchMax) return problem(413, 'http.too-large');
    if (!random.chance(weather.overloaded)) return undefined;
    const minutes = random.chance(0.1) ? 1e9 : weather.retryAfterMinutes;
    return { ...problem(503, 'server.busy'), retryAfterMs: minutes * 60_000 };
  }

  /** One unit of work that may be stopped before its commit, or fail. */
  async #transact<T>(run: (unit: Work) => Promise<T>): Promise<T | 'stopped' | 'failed'> {
    const { random, weather } = this.#world;
    try {
      return await this.store.transact(async (transaction) => {
        const unit = new Work(transaction, { ...work, receivedAt: this.now() });
        const outcome = await run(unit);
        const isStopped = random.chance(weather.crashBeforeCommit);
        if (isStopped && random.chance(0.5)) throw new Stopped();
        await unit.flush();
        if (isStopped) throw new Stopped();
        return outcome;
      });
    } catch (error) {
      if (error instanceof Stopped) this.#stop();
      else if (!(error instanceof Failing)) this.#fail(`fails by itself: ${String(error)}`);
      return error instanceof Stopped ? 'stopped' : 'failed';
    }
  }

  #stop(): null {
    const { random, schedule } = this.#world;
    this.downTo = Math.max(this.downTo, schedule.now + random.below(20_000));
    return null;
  }

  #answer(items: readonly { readonly id: string }[], receipts: readonly Receipt[]): Json {
    const { random, weather } = this.#world;
    const isStripped = random.chance(weather.stripped);
    const isTold = ({ receipt: { id } }: { readonly receipt: Receipt }): boolean =>
      (id === null || this.curses.get(id) !== 'silent') && !(isStripped && random.chance(0.5));
    const told = receipts.map((receipt, index) => ({ receipt, index })).filter(isTold);
    const of = <K extends Receipt['kind']>(kind: K): (Extract<Receipt, { kind: K }> & At)[] =>
      told.flatMap(({ receipt, index }) =>
        receipt.kind === kind ? [{ ...(receipt as Extract<Receipt, { kind: K }>), index }] : [],
      );
    return {
      accepted: of('accepted').map(({ id, receipt }) => ({ id, receipt })),
      known: of('known').map(({ id }) => id),
      refused: of('set-aside').map(({ kind: _kind, ...item }) => item),
      lamport: this.store.head.lamport,
      now: this.now(),
      batchMax: weather.batchMax,
      ...(items.length > 3 ? { somethingNewer: true } : {}),
    };
  }

  /** What a receipt says must be so on the record at that moment. */
  #check(items: readonly FactEnvelope[], receipts: readonly Receipt[]): void {
    const { facts } = this.store;
    receipts.forEach((receipt, index) => {
      const item = items[index];
      if (item === undefined) return this.#fail('answers more items than it was sent');
      const onRecord = facts.get(item.id);
      const isThere = onRecord !== undefined && contentOf(onRecord) === contentOf(item);
      if (receipt.kind !== 'set-aside' && !isThere) this.#fail(`says it has ${item.id}`);
      if (receipt.kind === 'set-aside' && isThere) this.#fail(`sets ${item.id} aside and has it`);
      if (receipt.kind !== 'set-aside' && receipt.receipt !== onRecord?.receipt) {
        this.#fail(`gives ${item.id} another receipt`);
      }
    });
  }

  /** Keeps what the device says of itself, as the registry of devices does. */
  #note({ account }: Actor, { id, keptSeq }: { id: string; keptSeq: number }): void {
    const before = this.known.get(id);
    const wentBack = before !== undefined && (before.wentBack || keptSeq < before.keptSeq);
    const greatest = Math.max(keptSeq, before?.keptSeq ?? 0);
    this.known.set(id, { account: before?.account ?? account, keptSeq: greatest, wentBack });
  }

  /** An act at a desk, sent until it is answered; what it was answered each time. */
  async act(
    actor: Actor,
    actId: string,
    { name, act }: { name: string; act: Json },
  ): Promise<void> {
    const { random, weather, schedule } = this.#world;
    const answers: Performed[] = [];
    const times = random.chance(weather.doubled) ? 2 : 1;
    for (let attempt = 0; attempt < 50 && answers.length < times; attempt++) {
      const request = { actId, name, act, at: this.now() };
      const done =
        schedule.now < this.downTo
          ? 'stopped'
          : await this.#transact((unit) => perform(unit, request, { actor, pathOf }));
      if (done === 'failed') this.#fail(`the act ${name} fails`);
      const isHeard = !random.chance(weather.crashAfterCommit);
      if (typeof done === 'object' && isHeard) answers.push(done);
      else await schedule.pause(30_000);
    }
    const [first, second] = answers;
    if (first?.kind !== 'done' || second === undefined) return;
    const isSame = canonicalJson(first.facts) === canonicalJson('facts' in second && second.facts);
    if (!isSame) this.#fail(`the act ${name} is done twice`);
  }

  /** `GET /v1/field/changes`: what phones are told. */
  changes(since: number): { facts: RecordedFact[]; receipt: number } | null {
    if (this.#world.schedule.now < this.downTo) return null;
    const told = ['round', 'tube', 'box', 'entry'];
    const facts = [...this.store.facts.values()].filter(
      ({ receipt, subject }) =>
        receipt > since && told.includes(subject.slice(0, subject.indexOf(':'))),
    );
    return { facts, receipt: this.store.head.receipt };
  }

  #fail(what: string): void {
    this.#world.fail(`headquarters: ${what}`);
  }
}

function problem(status: number, code: string): Exclude<Reply, null | { status: 200 }> {
  return { status, code, retryAfterMs: null };
}

interface Numbered {
  readonly deviceSeq: number | null;
}

/** A fact without what only headquarters adds: two with the same text say the same. */
export function contentOf(fact: Omit<FactEnvelope, 'deviceSeq'> & Numbered): string {
  const { id, kind, subject, place, deviceId, deviceSeq, lamport, at, body } = fact;
  return canonicalJson([id, kind, subject, place, deviceId, deviceSeq, lamport, at, body]);
}
