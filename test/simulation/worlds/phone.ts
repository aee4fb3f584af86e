import { draftKinds, takeUpDrafts } from '../../../adapters/device/drafts.ts';
import { DeviceStore } from '../../../adapters/device/store.ts';
import { Sync } from '../../../adapters/device/sync.ts';
import { Fault } from '../../../adapters/fault.ts';
import type { Json } from '../../../kernel/assert.ts';
import { hourMs, instant, type Instant, minuteMs } from '../../../kernel/instant.ts';
import type { Random } from '../../../kernel/random.ts';
import type { Actor } from '../../../ledger/access.ts';
import type { Fact, FactEnvelope, RecordedFact } from '../../../ledger/fact.ts';
import type { Settlement } from '../../../ledger/outbox.ts';
import { perform, type Performed } from '../../../ledger/perform.ts';
import { Work } from '../../../ledger/settle.ts';
import { type DeviceReport, toEnvelope } from '../../../ledger/wire.ts';
import { Disk, type Handle } from './disk.ts';
import { dawn, pathOf, work } from './ground.ts';
import type { Line } from './line.ts';
import type { Schedule } from './schedule.ts';
import { pace, storageMsMax, Watch } from './watch.ts';
import type { Weather } from './weather.ts';

/** What a phone is given of its world. */
export interface PhoneWorld {
  readonly schedule: Schedule;
  readonly random: Random;
  readonly line: Line;
  weather: Weather;
  readonly fail: (what: string) => void;
  /** Told when a phone finds nothing left to send. */
  readonly emptied: (phone: Phone) => void;
  /** Told of every fact that the phone said it had kept. */
  readonly said: (phone: Phone, facts: readonly Fact[]) => void;
}

/** One run of the app on a phone: what is gone when it is killed. */
interface Run {
  readonly handle: Handle;
  readonly store: DeviceStore;
  readonly sync: Sync;
}

/**
 * A phone with the production store and sync on a disk of the simulation. *on*, *killed* until its
 * app is opened again, or *gone* for good.
 */
export class Phone {
  readonly name: string;
  readonly id: string;
  readonly actor: Actor;
  readonly watch: Watch;
  /** How far its clock is off, milliseconds. */
  clockOff = 0;
  isOffline = false;
  isGone = false;
  /** Receipt up to which headquarters has told it everything. */
  heardTo = 0;
  disk: Disk;
  #run: Run | null = null;
  /** Patience comes with the hundredth time. */
  #taps = 0;
  readonly #world: PhoneWorld;

  constructor(world: PhoneWorld, made: { name: string; id: string; actor: Actor; disk?: Disk }) {
    this.#world = world;
    this.name = made.name;
    this.id = made.id;
    this.actor = made.actor;
    this.disk = made.disk ?? new Disk();
    this.watch = new Watch(made.name, world);
  }

  /** The run of the app; null while it is killed or gone. */
  get run(): Run | null {
    return this.#run;
  }

  /** Opens the app on what the disk holds. */
  async open(): Promise<void> {
    if (this.isGone || this.#run !== null) return;
    const handle = this.disk.open();
    const kept = this.disk.load();
    const heardTo = kept.meta.get('heardTo');
    this.heardTo = typeof heardTo === 'number' ? heardTo : 0;
    const context = { ...work, receivedAt: this.at() };
    const store = await DeviceStore.open({ keep: handle, deviceId: this.id, kept }, context);
    const sync = new Sync(this.#ports(store), {
      pace,
      changed: (state) => {
        this.watch.state(state);
        if (state.phase === 'resting' || state.phase === 'stopped') this.#tap();
      },
    });
    this.#run = { handle, store, sync };
    this.watch.opened();
    sync.wake();
  }

  /** The app is gone at once: what was on its way to the disk is not written. */
  async kill(): Promise<void> {
    const run = this.#run;
    this.#run = null;
    if (run === null) return;
    run.handle.close();
    await run.sync.close();
  }

  /** The app's own time. */
  at(): Instant {
    return instant(Math.max(0, dawn + this.#world.schedule.now + this.clockOff));
  }

  /** Does one act, as the screens do. Null when the phone could not keep it. */
  async act(name: string, act: Json): Promise<Performed | null> {
    const run = this.#run;
    if (run === null) return null;
    const deviceId = this.id;
    try {
      const { performed: done, taken } = await run.store.transact(async (transaction) => {
        const unit = new Work(transaction, { ...work, receivedAt: this.at() });
        const actId = this.#actId();
        const request = { actId, name, act, at: this.at(), deviceId, draftKinds };
        const performed = await perform(unit, request, { actor: this.actor, pathOf });
        await unit.flush();
        if (performed.kind === 'refused') return { performed, taken: [] };
        const entries = await takeUpDrafts(transaction, performed.facts, run.store);
        return { performed, taken: [...performed.facts, ...entries] };
      });
      // Entries of an open tube are no facts yet: they travel inside its sealing.
      this.#say(
        run,
        taken.filter(({ deviceSeq }) => deviceSeq !== null),
      );
      return done;
    } catch (error) {
      if (error instanceof Fault) return null;
      throw error;
    }
  }

  /** Keeps a fact as another version of the app would make it; its rooms may not know it. */
  async keep(fact: Pick<Fact, 'kind' | 'subject' | 'place' | 'body'>): Promise<Fact | null> {
    const run = this.#run;
    if (run === null) return null;
    try {
      const made = await run.store.transact(async (transaction) => {
        const { head } = transaction;
        head.deviceSeq += 1;
        head.lamport += 1;
        const { deviceSeq, lamport } = head;
        const numbers = { deviceId: this.id, deviceSeq, lamport, at: this.at() };
        const id = `${this.id}.${this.#actId()}.0`;
        const whole = { id, ...fact, ...numbers, actor: this.actor.account };
        await transaction.append([{ ...whole, receipt: 0, receivedAt: this.at() }]);
        return whole;
      });
      this.#say(run, [made]);
      return made;
    } catch (error) {
      if (error instanceof Fault) return null;
      throw error;
    }
  }

  #say(run: Run, facts: readonly Fact[]): void {
    if (facts.length === 0) return;
    this.#world.said(this, facts);
    run.sync.tell('kept');
  }

  /** With ids that count up, a phone restored from a backup gives the same id to something else. */
  #actId(): string {
    this.disk.acts += 1;
    if (this.#world.weather.countedIds) return `act-${String(this.disk.acts).padStart(6, '0')}`;
    return `act-${this.#world.random.uint32()}-${this.#world.random.uint32()}`;
  }

  /** Takes in what headquarters tells, those of its own that it had forgotten included. */
  async hear(facts: readonly RecordedFact[], receipt: number): Promise<void> {
    const run = this.#run;
    if (run === null) return;
    try {
      const taken = await run.store.transact(async (transaction) => {
        const known = await transaction.recorded(facts.map(({ id }) => id));
        const unit = new Work(transaction, { ...work, receivedAt: this.at() });
        const fresh = facts.filter(({ id, deviceId }) => !known.has(id) && deviceId !== this.id);
        await unit.apply(fresh);
        await unit.settle();
        await unit.flush();
        const entries = await takeUpDrafts(transaction, fresh, run.store);
        transaction.beside((writes) => writes.put('meta', receipt, 'heardTo'));
        return entries;
      });
      this.#say(run, taken);
      this.heardTo = receipt;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
    }
  }

  /** Something failed, and the person taps on *try now*, at once or a while later. */
  #tap(): void {
    const { random, schedule, weather } = this.#world;
    if (this.#taps >= 100 || !random.chance(weather.impatient)) return;
    this.#taps += 1;
    const ms = random.below(random.pick([300, 1_500, 5 * minuteMs]));
    schedule.after(ms, () => this.#run?.sync.tell('online'));
  }

  /** A person looks through what was set aside and sends it again. */
  async retryAll(): Promise<void> {
    const run = this.#run;
    if (run === null) return;
    const back = run.store
      .ownFacts('set-aside')
      .map(({ id, fact }) => ({ id, fact, delivery: 'waiting' as const }));
    if (back.length === 0) return;
    try {
      await run.store.move(back);
      run.sync.tell('retried');
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.#world.schedule.after(2 * hourMs, () => void this.retryAll());
    }
  }

  #ports(store: DeviceStore): ConstructorParameters<typeof Sync>[0] {
    const { schedule, random, line } = this.#world;
    return {
      next: async (sizeMax) => {
        const waiting = [...store.waiting()].slice(0, sizeMax);
        if (waiting.length === 0) this.#world.emptied(this);
        // The browser's storage answers when it answers, and things happen meanwhile.
        await schedule.pause(random.below(storageMsMax));
        return waiting.flatMap(({ fact }): FactEnvelope[] =>
          fact.deviceSeq === null ? [] : [toEnvelope({ ...fact, deviceSeq: fact.deviceSeq })],
        );
      },
      settle: async (settlement: Settlement) => {
        this.watch.settling(settlement);
        await store.settle(settlement, this.at()).catch((error: unknown) => {
          this.watch.unsettled();
          throw error;
        });
      },
      report: () => this.#report(store),
      post: (request, signal) => line.post(this, request, signal),
      clock: () => schedule.now,
      draw: () => random.unit(),
      timer: (ms, ring) => {
        const isEarly = random.chance(this.#world.weather.earlyTimers);
        return schedule.after(isEarly ? ms * random.unit() : ms, ring);
      },
    };
  }

  #report(store: DeviceStore): DeviceReport {
    const { deviceSeq } = store.memory.head;
    const app = { version: '1.0.0', format: 1 };
    return {
      id: this.id,
      keptSeq: deviceSeq,
      waiting: store.waitingCount,
      clockAt: this.at(),
      app,
    };
  }
}
