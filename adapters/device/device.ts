import type { Json } from '../../kernel/assert.ts';
import { Work } from '../../ledger/settle.ts';
import { Fault } from '../fault.ts';
import { Gather } from './gather.ts';
import { type DeviceParts, Holdings } from './holdings.ts';
import { credentialsOf, dismissFates, dropPackage, loadPackage, refresh } from './loading.ts';
import { isReused, recordAgain } from './restored.ts';
import { recordAct } from './record-act.ts';
import { rehearse } from './rehearse.ts';
import { canSend, registerDevice, sendingPorts } from './sending.ts';
import { openSession } from './sessions.ts';
import { Sync } from './sync.ts';
import type {
  Acted,
  Device,
  DeviceStatus,
  Fate,
  FieldRoster,
  LoadProgress,
  SetAsideItem,
  WalkIn,
} from './types.ts';
import { nextNumber, shownWalkIn, type WalkInRecord, withWalkIn } from './walk-ins.ts';

/** The device as screens use it: see `types.ts` for what each part promises. */
export class FieldDevice implements Device {
  readonly #parts: DeviceParts;
  readonly #holdings: Holdings;
  readonly #sync: Sync;
  readonly #gather: Gather;
  readonly #listeners: Set<() => void>;
  #oustedBy: string | null = null;
  #actsAsked = 0;
  #storage: DeviceStatus['storage'] = null;
  #status: DeviceStatus | null = null;
  #refreshing: Promise<void> | null = null;
  #forgetNetwork: () => void = () => undefined;

  private constructor(parts: DeviceParts, holdings: Holdings, listeners: Set<() => void>) {
    this.#parts = parts;
    this.#holdings = holdings;
    this.#listeners = listeners;
    this.#sync = new Sync(sendingPorts(holdings), { changed: () => this.#tell() });
    this.#gather = new Gather(parts.world, () => this.#sync.tell('kept'));
  }

  /** Folds what was kept and begins to deliver what waits. */
  static async open(parts: DeviceParts): Promise<FieldDevice> {
    let tell = (): void => undefined;
    const holdings = await Holdings.open(parts, () => tell());
    const device = new FieldDevice(parts, holdings, new Set());
    tell = () => device.#tell();
    const { network, storage } = parts.world;
    device.#forgetNetwork =
      network?.subscribe(() => {
        device.#sync.tell(network.isOnline() ? 'online' : 'offline');
        device.#tell();
      }) ?? device.#forgetNetwork;
    // Asked once: an origin that is not persistent may be cleared when the phone runs short.
    void storage?.persist().catch(() => false);
    await device.#measureStorage();
    device.#sync.wake();
    return device;
  }

  get id(): string {
    return this.#holdings.identity.id;
  }

  get roster(): FieldRoster {
    const { register, standing, package: held } = this.#holdings;
    return {
      place: held.place === '' ? null : held.place,
      asOf: held.place === '' ? null : held.asOf,
      receipt: held.receipt,
      get rounds() {
        return standing.rounds();
      },
      points: held.points,
      duties: held.duties,
      buildings: () => register.buildings(),
      households: (building) => register.households(building),
      person: (person) => register.person(person),
      findByCode: (text) => register.findByCode(text),
      search: (text, limit) => register.search(text, limit),
      isOnRoster: (round, person) => standing.isOnRoster(round, person),
      statusOf: (round, person) => standing.statusOf(round, person),
      progress: (round, building) => standing.progress(round, building),
    };
  }

  /** The same object until something changes, so that screens can compare it. */
  status(): DeviceStatus {
    this.#status ??= this.#readStatus();
    return this.#status;
  }

  #readStatus(): DeviceStatus {
    const { store, sessions, package: held, walkIns } = this.#holdings;
    const { phase, nextTryAt, online } = this.#sync.state;
    const { world, clock } = this.#parts;
    const counts = store.counts();
    const people = { waiting: 0, delivered: 0, 'set-aside': 0 };
    for (const { delivery } of walkIns) people[delivery] += 1;
    const stoppedBy = this.#oustedBy ?? this.#signedOut();
    return {
      kept: counts.kept + walkIns.length,
      delivered: counts.delivered + people.delivered,
      waiting: store.waitingCount + people.waiting,
      setAside: counts.setAside + people['set-aside'],
      drafts: counts.drafts,
      waitingSince: this.#waitingSince(),
      phase: stoppedBy === null ? phase : 'stopped',
      nextTryAt: nextTryAt === null ? null : this.#wallOf(nextTryAt),
      online: online && (world.network?.isOnline() ?? true),
      stoppedBy,
      clockAheadMs: clock.aheadMs,
      storage: this.#storage,
      account: sessions.current?.account ?? null,
      roles: sessions.current?.grants ?? [],
      place: held.place === '' ? null : held.place,
      asOf: held.place === '' ? null : held.asOf,
    };
  }

  #waitingSince(): number | null {
    const { store, walkIns } = this.#holdings;
    let since = Infinity;
    for (const { fact } of store.waiting()) since = Math.min(since, fact.at);
    for (const { delivery, at } of walkIns) if (delivery === 'waiting') since = Math.min(since, at);
    return since === Infinity ? null : since;
  }

  #signedOut(): string | null {
    const isStopped = this.#sync.state.phase === 'stopped';
    if (isStopped) return 'device.signed-out';
    if (this.#waitingSince() === null || canSend(this.#holdings)) return null;
    const { current, tokens } = this.#holdings.sessions;
    const isIn = current !== null && tokens[current.account] !== undefined;
    return isIn ? 'device.author-signed-out' : 'device.signed-out';
  }

  /** The outbox counts by the clock that never jumps; people read the one on the wall. */
  #wallOf(at: number): number {
    const { clocks } = this.#parts.world;
    return Math.round(clocks.wall() + at - clocks.monotonic());
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #tell(): void {
    this.#status = null;
    for (const listener of this.#listeners) listener();
  }

  act(name: string, body: Json, actId: string): Promise<Acted> {
    this.#actsAsked += 1;
    return this.#holdings.inTurn(async () => {
      this.#mustWork();
      const holdings = this.#holdings;
      const asked = { name, body, actId, actor: holdings.actor() };
      const done = await holdings.store.transact((transaction) =>
        recordAct(transaction, holdings, asked),
      );
      if (done.kind === 'refused') return done;
      if (done.facts.some(({ deviceSeq }) => deviceSeq !== null)) this.#gather.add();
      return { kind: 'kept', facts: done.facts };
    });
  }

  #mustWork(): void {
    if (this.#oustedBy !== null) throw new Fault(this.#oustedBy, 'this tab no longer works');
  }

  async state<S>(subject: string): Promise<S> {
    const { store } = this.#holdings;
    return store.transact(async (transaction) => {
      const work = new Work(transaction, this.#holdings.context());
      // Only the room that owns the subject knows its state, and whoever asks names that room.
      return (await work.states([subject])).get(subject) as S;
    });
  }

  rehearse(pause: () => Promise<void>): Promise<boolean> {
    const actsAsked = this.#actsAsked;
    return rehearse(this.#holdings, async () => {
      await pause();
      // Somebody was quicker: nothing is to compete with their next scan.
      return this.#actsAsked === actsAsked;
    });
  }

  openTubes(): readonly string[] {
    const { store } = this.#holdings;
    const { memory } = store;
    const open = [...memory.records.values()].filter(({ state, view }) => {
      const isOwn = memory.factsOn(`tube:${state.key}`).some((fact) => store.isOwn(fact));
      return view.stage === 'open' && isOwn;
    });
    open.sort((left, right) => (right.view.since ?? 0) - (left.view.since ?? 0));
    return open.map(({ state }) => state.key);
  }

  packing(): ReadonlyMap<string, readonly string[]> {
    return new Map(Object.entries(this.#holdings.packing));
  }

  pack(box: string, tubes: readonly string[]): Promise<void> {
    return this.#holdings.inTurn(async () => {
      this.#mustWork();
      const { [box]: _before, ...others } = this.#holdings.packing;
      await this.#holdings.put({
        packing: tubes.length === 0 ? others : { ...others, [box]: tubes },
      });
    });
  }

  addWalkIn(walkIn: WalkIn, actId: string): Promise<number> {
    return this.#holdings.inTurn(async () => {
      this.#mustWork();
      const holdings = this.#holdings;
      const known = holdings.walkIns.find((record) => record.actId === actId);
      if (known !== undefined) return known.person;
      const person = nextNumber(holdings.package, holdings.numberUsed);
      const record: WalkInRecord = {
        id: `walk-in.${person}`,
        ...{ person, actId, walkIn, actor: holdings.actor().account },
        at: this.#parts.clock.now(),
        delivery: 'waiting',
      };
      const parts = { package: withWalkIn(holdings.package, person, walkIn), numberUsed: person };
      await holdings.put(parts, (writes) => writes.put('walkIns', record));
      holdings.showWalkIn(record);
      this.#sync.tell('kept');
      return person;
    });
  }

  ask(path: string): Promise<unknown> {
    return this.#parts.headquarters.ask(path, credentialsOf(this.#holdings));
  }

  async signIn(account: string, password: string): Promise<void> {
    const { headquarters } = this.#parts;
    const { actor, token } = await openSession(headquarters, { account, password });
    const { sessions } = this.#holdings;
    const tokens = { ...sessions.tokens, [actor.account]: token };
    await this.#holdings.put({ sessions: { current: actor, tokens } });
    await registerDevice(this.#holdings).catch(() => undefined);
    this.#sync.tell('signed-in');
  }

  async signOut(): Promise<void> {
    const { sessions } = this.#holdings;
    await this.#holdings.put({ sessions: { ...sessions, current: null } });
    this.#sync.wake();
  }

  async loadPackage(place: string, onProgress?: (step: LoadProgress) => void): Promise<void> {
    this.#mustWork();
    await loadPackage(this.#holdings, place, onProgress ?? (() => undefined));
    await this.#measureStorage();
    this.#sync.tell('kept');
  }

  /** Asked again while it is under way, it is the same refresh. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async #refresh(): Promise<void> {
    this.#mustWork();
    await refresh(this.#holdings);
    await this.#measureStorage();
    // Entries of a tube that somebody else sealed are numbered now.
    if (canSend(this.#holdings)) this.#sync.tell('kept');
  }

  dropPackage({ forced = false }: { readonly forced?: boolean } = {}): Promise<void> {
    return dropPackage(this.#holdings, forced);
  }

  async setAside(): Promise<readonly SetAsideItem[]> {
    const { store, walkIns } = this.#holdings;
    const facts = store.ownFacts('set-aside').map(({ id, fact, problem }): SetAsideItem => {
      const { kind, subject, at, body } = fact;
      const { code = '', where = '', detail = '', since = at } = problem ?? {};
      return { id, code, where, detail, since, kind, subject, at, body };
    });
    const people = walkIns.filter(({ delivery }) => delivery === 'set-aside').map(shownWalkIn);
    return [...people, ...facts];
  }

  async retry(ids: readonly string[]): Promise<void> {
    const holdings = this.#holdings;
    await holdings.inTurn(async () => {
      for (const { problem: _problem, ...record } of holdings.walkIns) {
        if (!ids.includes(record.id) || record.delivery !== 'set-aside') continue;
        const again: WalkInRecord = { ...record, delivery: 'waiting' };
        await holdings.put({}, (writes) => writes.put('walkIns', again));
        holdings.showWalkIn(again);
      }
      const facts = holdings.store.ownFacts('set-aside').filter(({ id }) => ids.includes(id));
      const again = facts.filter(isReused);
      if (again.length > 0) await recordAgain(holdings, again);
      const waiting = facts
        .filter((record) => !isReused(record))
        .map(({ id, fact }) => ({ id, fact, delivery: 'waiting' as const }));
      if (waiting.length > 0) await holdings.store.move(waiting);
    });
    this.#sync.tell('retried');
  }

  async exportSetAside(): Promise<string> {
    const { store, walkIns } = this.#holdings;
    const people = walkIns.filter(({ delivery }) => delivery !== 'delivered');
    const facts = (['set-aside', 'waiting', 'draft'] as const).flatMap((delivery) =>
      store.ownFacts(delivery),
    );
    return [...people, ...facts].map((record) => `${JSON.stringify(record)}\n`).join('');
  }

  fates(): readonly Fate[] {
    return this.#holdings.fates;
  }

  dismissFates(): Promise<void> {
    return dismissFates(this.#holdings);
  }

  syncNow(): void {
    this.#sync.wake();
  }

  /** Stops for good: another tab or a newer program has taken over. */
  oust(code: string): void {
    this.#oustedBy = code;
    this.#gather.close();
    void this.#sync.close();
    this.#tell();
  }

  async close(): Promise<void> {
    this.#forgetNetwork();
    this.#gather.close();
    await this.#sync.close();
    await this.#holdings.inTurn(() => this.#holdings.store.close());
    this.#parts.release();
  }

  async #measureStorage(): Promise<void> {
    const estimate = await this.#parts.world.storage?.estimate().catch(() => null);
    const { usage, quota } = estimate ?? {};
    const isTold = usage !== undefined && quota !== undefined;
    this.#storage = isTold ? { usedBytes: usage, quotaBytes: quota } : null;
    this.#tell();
  }
}
