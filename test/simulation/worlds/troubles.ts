import { dayMs, hourMs, minuteMs } from '../../../kernel/instant.ts';
import type { Fact } from '../../../ledger/fact.ts';
import { toEnvelope } from '../../../ledger/wire.ts';
import { communities } from './ground.ts';
import { contentOf, type Curse } from './headquarters.ts';
import { Phone } from './phone.ts';
import type { Scene } from './scene.ts';

/** What happens to phones and to the server, as the weather has it. */
export class Troubles {
  readonly #world: Scene;
  /** How many facts are still to be cursed, by what. */
  readonly #curses: Curse[];

  constructor(world: Scene) {
    this.#world = world;
    const { blocked, poisoned, silent } = world.weather;
    this.#curses = [
      ...Array.from({ length: blocked }, (): Curse => 'blocked'),
      ...Array.from({ length: poisoned }, (): Curse => 'poisoned'),
      ...Array.from({ length: silent }, (): Curse => 'silent'),
    ];
  }

  /** Curses a fact now and then, as long as there are curses left. */
  curse(fact: Fact): void {
    const { random, headquarters } = this.#world;
    if (this.#curses.length === 0 || !random.chance(0.15)) return;
    const curse = this.#curses.splice(random.below(this.#curses.length), 1)[0];
    if (curse !== undefined) headquarters.curses.set(fact.id, curse);
  }

  /** Puts everything that will go wrong on the schedule. */
  plan(): void {
    const world = this.#world;
    const { weather, random, headquarters, schedule } = world;
    world.often(weather.outages, () => {
      headquarters.downTo = schedule.now + random.below(12 * hourMs);
    });
    world.often(weather.forbidding, () => {
      headquarters.forbiddingTo = schedule.now + random.below(hourMs);
    });
    world.often(weather.signedOut, () => this.#signOut());
    world.often(weather.appKilled, () => this.#killApp(this.#anyPhone()));
    world.often(weather.clockJumps, () => {
      this.#anyPhone().clockOff = random.pick([
        random.between(-40, 40) * hourMs,
        -60 * 365 * dayMs,
      ]);
    });
    world.often(weather.storageFull, () => this.#fillDisk(this.#anyPhone()));
    world.often(weather.flapping, () => {
      this.#anyPhone().run?.sync.tell(random.pick(['online', 'online', 'offline']));
    });
    world.often(weather.otherVersion, () => this.#otherVersion(this.#anyPhone()));
    for (const phone of world.phones) this.#goAway(phone);
    if (weather.wrongHint) world.often(2, () => this.#anyPhone().run?.sync.tell('offline'));
    if (weather.restored) this.#restore(this.#anyPhone());
    // Samplers have most to say, so a copy of their phone says it twice.
    if (weather.cloned) this.#clone(world.phones[0] ?? this.#anyPhone());
    if (weather.relayed) world.often(2, () => this.#relay(this.#anyPhone()));
    if (weather.lost) world.often(1, () => this.#lose(this.#anyPhone()));
  }

  #anyPhone(): Phone {
    return this.#world.random.pick(this.#world.phones);
  }

  /** No signal for some of the time, or for nearly all of it. */
  #goAway(phone: Phone): void {
    const { weather, random, schedule, headquarters } = this.#world;
    const awayMs = weather.weeksOffline * random.unit() * weather.spanMs;
    if (awayMs === 0) return;
    schedule.after(random.below(weather.spanMs - awayMs), () => {
      phone.isOffline = true;
      if (random.chance(0.7)) phone.run?.sync.tell('offline');
      schedule.after(awayMs, () => {
        phone.isOffline = false;
        // Everybody is back, and something on the way refuses them all.
        if (weather.forbidding > 0) headquarters.forbiddingTo = schedule.now + hourMs;
        if (!weather.wrongHint) phone.run?.sync.tell('online');
      });
    });
  }

  #signOut(): void {
    const { random, schedule, headquarters, phones } = this.#world;
    const { account } = this.#anyPhone().actor;
    headquarters.signedOut.add(account);
    schedule.after(random.below(8 * hourMs), () => {
      headquarters.signedOut.delete(account);
      for (const phone of phones.filter(({ actor }) => actor.account === account)) {
        phone.watch.signedIn();
        phone.run?.sync.tell('signed-in');
        // A thumb that trembles.
        schedule.after(random.below(400), () => phone.run?.sync.tell('signed-in'));
      }
    });
  }

  async #killApp(phone: Phone): Promise<void> {
    const { random, schedule } = this.#world;
    await phone.kill();
    await schedule.pause(random.below(3 * hourMs));
    await phone.open();
  }

  async #fillDisk(phone: Phone): Promise<void> {
    const { random, schedule } = this.#world;
    phone.disk.isFull = true;
    await schedule.pause(random.below(10 * hourMs));
    phone.disk.isFull = false;
  }

  /** A fact that this version of the rooms does not know, or no longer takes. */
  async #otherVersion(phone: Phone): Promise<void> {
    const { random, bad } = this.#world;
    const [place] = communities;
    const isNewer = random.chance(0.5);
    const kind = isNewer ? 'screening.tube-blessed' : 'screening.tube-voided';
    const body = { reason: 'leaked', mood: 'fine' };
    const fact = await phone.keep({ kind, subject: 'tube:T-OTHER-1', place, body });
    if (fact === null) return;
    bad.set(contentOf(fact), isNewer ? 'ledger.unknown-kind' : 'ledger.malformed-body');
  }

  /** The phone is dropped into the river. */
  async #lose(phone: Phone): Promise<void> {
    const { gone, kept } = this.#world;
    phone.isGone = true;
    await phone.kill();
    for (const fact of kept.get(phone)?.values() ?? []) gone.push({ phone, fact, why: 'lost' });
    kept.get(phone)?.clear();
  }

  /** A backup is made, and some time later the phone is set back to it. */
  #restore(phone: Phone): void {
    const { random, weather, schedule, copied } = this.#world;
    const backupAt = random.below(weather.spanMs / 2);
    schedule.after(backupAt, () => {
      const backup = phone.disk.copy();
      const said = new Map(this.#world.kept.get(phone));
      schedule.after(random.below(weather.spanMs / 2), () => {
        if (phone.isGone) return;
        copied.add(phone.id);
        void this.#setBack(phone, { backup, said });
      });
    });
  }

  async #setBack(
    phone: Phone,
    { backup, said }: { backup: Phone['disk']; said: Map<string, Fact> },
  ): Promise<void> {
    const { gone, kept } = this.#world;
    await phone.kill();
    for (const fact of kept.get(phone)?.values() ?? []) {
      if (said.get(fact.id) !== fact) gone.push({ phone, fact, why: 'restored' });
    }
    kept.set(phone, said);
    phone.disk = backup;
    await phone.open();
  }

  /**
   * A backup goes onto a second phone and both work on without a network, under the same numbers;
   * what both exported is uploaded in one go, and then they come back.
   */
  #clone(phone: Phone): void {
    const world = this.#world;
    const { random, weather, schedule, copied } = world;
    schedule.after(random.below(weather.spanMs / 2), () => {
      if (phone.isGone) return;
      copied.add(phone.id);
      const { id, actor } = phone;
      const second = new Phone(world, {
        name: `${phone.name}x`,
        id,
        actor,
        disk: phone.disk.copy(),
      });
      const hand = world.handOf(phone);
      world.addPhone(second, hand);
      world.kept.set(second, new Map(world.kept.get(phone)));
      phone.isOffline = true;
      second.isOffline = true;
      void second.open();
      world.often(6, () => hand?.(second));
      const awayMs = random.between(hourMs, weather.spanMs / 2);
      for (const one of [phone, second]) {
        for (let turn = 0; turn < 3; turn++) {
          schedule.after(random.below(awayMs), () => void hand?.(one));
        }
        schedule.after(awayMs, () => {
          one.isOffline = false;
        });
      }
      if (random.chance(0.7)) schedule.after(awayMs * 0.95, () => void this.#relay(phone));
    });
  }

  /** Somebody uploads what phones of one number exported, some of it twice, in one batch. */
  async #relay(phone: Phone): Promise<void> {
    const { random, schedule, headquarters, phones, weather } = this.#world;
    const copies = phones.filter(({ id }) => id === phone.id);
    const facts = copies.flatMap(({ run }) => (run === null ? [] : [...run.store.waiting()]));
    const lines = facts.flatMap(({ fact }) => {
      if (fact.deviceSeq === null) return [];
      const line = toEnvelope({ ...fact, deviceSeq: fact.deviceSeq });
      return random.chance(0.3) ? [line, line] : [line];
    });
    const most = Math.min(weather.batchMax, 100);
    for (let rest = random.shuffle(lines); rest.length > 0; rest = rest.slice(most)) {
      await headquarters.facts(phone.actor, { facts: structuredClone(rest.slice(0, most)) });
      await schedule.pause(minuteMs);
    }
  }
}
