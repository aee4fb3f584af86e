import { dayMs, hourMs, minuteMs } from '../../../kernel/instant.ts';
import { Random } from '../../../kernel/random.ts';
import type { Fact } from '../../../ledger/fact.ts';
import type { Role } from '../../../ledger/room.ts';
import { checkWorld, type Tally } from './checks.ts';
import { Desks } from './desks.ts';
import { actorOf, communities } from './ground.ts';
import { Headquarters } from './headquarters.ts';
import { Line } from './line.ts';
import { courier, type Hand, receiver, sampler } from './people.ts';
import { Phone } from './phone.ts';
import type { Gone, Scene } from './scene.ts';
import { Schedule } from './schedule.ts';
import { Stranger } from './stranger.ts';
import { Troubles } from './troubles.ts';
import { storageMsMax } from './watch.ts';
import { calm, drawWeather, type Weather } from './weather.ts';

/** What one world came to. */
export interface Outcome {
  readonly seed: number;
  /** What did not hold, each beginning with its promise; the first few. */
  readonly violations: readonly string[];
  readonly tally: Tally;
}

/** Within so long headquarters' first acts are done, even on a bad day. */
const readyMs = 2 * hourMs;

/** Entries that run in one world at most: one that sends for ever ends here. */
const ranMax = 40_000;

/**
 * One seeded world: phones of samplers, couriers and a laboratory, desks, one server, bad weather.
 * All of ledger, rooms, sync and stores is what runs in production; simulated are time, chance,
 * the disk, the network, the process of the server, and people.
 */
export class World implements Scene {
  readonly seed: number;
  readonly random: Random;
  readonly schedule = new Schedule();
  readonly headquarters: Headquarters;
  readonly line: Line;
  readonly phones: Phone[] = [];
  readonly gone: Gone[] = [];
  /** Every fact that each phone said it had kept, and still should have. */
  readonly kept = new Map<Phone, Map<string, Fact>>();
  /** Facts that headquarters must set aside, by what they say, with the code. */
  readonly bad = new Map<string, string>();
  readonly stranger: Stranger;
  /** Devices that were restored or copied, so that numbers may be used twice. */
  readonly copied = new Set<string>();
  readonly violations: string[] = [];
  weather: Weather;
  #isCalm = false;
  readonly #hands = new Map<Phone, Hand>();
  readonly #troubles: Troubles;

  constructor(seed: number) {
    this.seed = seed;
    this.random = new Random(seed);
    this.weather = drawWeather(this.random);
    this.headquarters = new Headquarters(this);
    this.line = new Line(this);
    this.stranger = new Stranger(this);
    this.#troubles = new Troubles(this);
  }

  /** Notes something that does not hold. */
  readonly fail = (what: string): void => {
    if (this.violations.length < 5) this.violations.push(what);
  };

  /** Nothing is left to send, and somebody goes on with their work at that very moment. */
  readonly emptied = (phone: Phone): void => {
    if (!this.random.chance(this.weather.eager)) return;
    const ms = this.random.below(storageMsMax);
    this.schedule.after(ms, () => void this.handOf(phone)?.(phone));
  };

  /** Notes that a phone said it had kept facts. */
  readonly said = (phone: Phone, facts: readonly Fact[]): void => {
    const kept = this.kept.get(phone);
    for (const fact of facts) {
      if (kept?.has(fact.id) === true) this.fail(`P1: ${phone.name} keeps ${fact.id} twice`);
      kept?.set(fact.id, fact);
      this.#troubles.curse(fact);
    }
  };

  /** Lives the world to its end and looks at what is left. */
  async live(): Promise<Outcome> {
    const { schedule, weather } = this;
    this.#hire();
    schedule.after(0, () => void this.#begin());
    let isAtRest = await schedule.run(readyMs + weather.spanMs, ranMax);
    this.weather = calm(weather);
    this.#isCalm = true;
    if (isAtRest) await this.#settleDown();
    const end = schedule.now + 30 * dayMs;
    isAtRest &&= await schedule.run(end, ranMax);
    if (!isAtRest || schedule.next() !== null) this.fail('rest: something is sent for ever');
    // To look at a phone is a unit of work there.
    for (const phone of this.phones) phone.disk.isFull = false;
    const tally = await checkWorld(this);
    return { seed: this.seed, violations: this.violations, tally };
  }

  /** A phone more, with somebody who uses it. */
  addPhone(phone: Phone, hand: Hand | null): void {
    this.phones.push(phone);
    this.kept.set(phone, new Map());
    if (hand !== null) this.#hands.set(phone, hand);
  }

  /** What somebody does with a phone. */
  handOf(phone: Phone): Hand | null {
    return this.#hands.get(phone) ?? null;
  }

  #hire(): void {
    const hire = (name: string, { role, place, hand }: Job): void => {
      const actor = actorOf(name, [role], place);
      this.addPhone(new Phone(this, { name, id: `f${name}`, actor }), hand);
    };
    const samplers = this.random.between(1, 3);
    for (let index = 1; index <= samplers; index++) {
      const community = (index % 2) as 0 | 1;
      const hand = sampler(this, community);
      hire(`sampler${index}`, { role: 'sampler', place: communities[community], hand });
    }
    hire('courier', { role: 'courier', place: '*', hand: courier(this) });
    hire('lab', { role: 'laboratory', place: '*', hand: receiver(this) });
  }

  /** The round is opened and phones are handed out where there is a network; then work begins. */
  async #begin(): Promise<void> {
    await new Desks(this).begin(this.weather.spanMs);
    for (const phone of this.phones) {
      await phone.open();
      await this.hear(phone);
    }
    this.#plan();
  }

  /** A phone asks what is new. */
  async hear(phone: Phone): Promise<void> {
    if (phone.isOffline) return;
    const changes = this.headquarters.changes(phone.heardTo);
    if (changes !== null) await phone.hear(changes.facts, changes.receipt);
  }

  #plan(): void {
    const { random, weather } = this;
    for (const phone of [...this.phones]) {
      const hand = this.handOf(phone);
      const isSampler = phone.name.startsWith('sampler');
      this.often(isSampler ? random.between(6, 16) : random.between(4, 10), () => hand?.(phone));
      this.often(random.between(1, 5), () => this.hear(phone));
    }
    const desks = new Desks(this, 100);
    this.often(random.between(4, 14), () => desks.work());
    if (weather.stranger) this.often(4, () => this.stranger.send());
    this.#troubles.plan();
  }

  /** Something that happens so many times, at drawn moments of the world's span. */
  often(times: number, deed: () => Promise<void> | undefined | void): void {
    for (let count = 0; count < times; count++) {
      this.schedule.after(this.random.below(this.weather.spanMs), () => {
        // Work that began late on a bad day ends with the others'.
        if (this.#isCalm) return;
        Promise.resolve(deed()).catch((error: unknown) => {
          this.fail(`bug: ${error instanceof Error ? error.message : String(error)}`);
        });
      });
    }
  }

  /** The faults stop; everybody comes back, signs in, frees their disk and looks at the screen. */
  async #settleDown(): Promise<void> {
    const { schedule, headquarters, random } = this;
    headquarters.downTo = 0;
    headquarters.forbiddingTo = 0;
    headquarters.signedOut.clear();
    for (const phone of this.phones) {
      const wasOffline = phone.isOffline;
      phone.disk.isFull = false;
      phone.isOffline = false;
      schedule.after(random.below(hourMs), () => void this.#comeBack(phone, wasOffline));
    }
    await schedule.run(schedule.now + 12 * hourMs, ranMax);
    for (const phone of this.phones) await phone.retryAll();
    await schedule.run(schedule.now + 5 * dayMs, ranMax);
    for (const phone of this.phones) await this.hear(phone);
    await schedule.run(schedule.now + 5 * minuteMs, ranMax);
  }

  /** Whoever had a network all the time is told nothing: what waits must go by itself. */
  async #comeBack(phone: Phone, wasOffline: boolean): Promise<void> {
    await phone.open();
    if (wasOffline && !this.weather.wrongHint) phone.run?.sync.tell('online');
    phone.watch.signedIn();
    if (phone.run?.sync.state.phase === 'stopped') phone.run.sync.tell('signed-in');
  }
}

interface Job {
  readonly role: Role;
  readonly place: string;
  readonly hand: Hand;
}

/** Lives one world. */
export async function liveWorld(seed: number): Promise<Outcome> {
  return new World(seed).live();
}
