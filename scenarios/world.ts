import { assert } from '../kernel/assert.ts';
import { type Day, startOfDay } from '../kernel/day.ts';
import { withCheck } from '../kernel/id.ts';
import { instant, type Instant, minuteMs } from '../kernel/instant.ts';
import type { Random } from '../kernel/random.ts';
import { ctOf, ctOfPool } from './ct.ts';
import type { Infection } from './epidemic.ts';
import { randomFor } from './households.ts';
import type { Outbox } from './outbox.ts';
import type { Population } from './population.ts';
import type { EventQueue } from './queue.ts';
import type { Scenario, ScenarioPolicy } from './scenario.ts';

export type Purpose = 'round' | 'recall' | 'exit' | 'symptoms';
export type PoolSize = 1 | 5 | 10 | 20;

/** A tube as it lies in somebody's hand. People are register numbers. */
export interface Tube {
  readonly label: string;
  readonly members: readonly number[];
  readonly sealedAt: Instant;
  readonly purpose: Purpose;
  readonly poolSize: PoolSize;
  readonly round: string;
  readonly point: string;
  readonly place: string;
}

/**
 * What became of a person so far, as the actors know it; whoever is not listed is at home and
 * owes the next round a sample. `held` waits for an own result after a mixed tube, `case` for
 * transfer, `in-care` lies in a bed, `apart` is a contact tested singly at home.
 */
export type Standing = 'held' | 'case' | 'in-care' | 'apart' | 'dead';

/** Where somebody is registered and what was drawn about them. */
export interface Resident {
  readonly index: number;
  readonly ageYears: number;
  readonly community: string;
  readonly townCode: string;
}

/** The world the actors share: the drawn truth, the plan, and what they remember. */
export class World {
  readonly scenario: Scenario;
  readonly policy: ScenarioPolicy;
  readonly scale: number;
  readonly seed: number;
  /** Four characters that tell labels and ids of this run from those of another. */
  readonly tag: string;
  readonly population: Population;
  readonly queue: EventQueue;
  readonly outbox: Outbox;
  /** Register number by index in the population; 0 until the register was read. */
  readonly numbers: Int32Array;
  /** Drawn infections by register number. */
  readonly infections = new Map<number, Infection>();
  readonly standings = new Map<number, Standing>();
  /** Labels of tubes that lie in another box than the one they were sealed into. */
  readonly strays = new Set<string>();
  /** Labels of tubes that were given up: nobody finds them any more. */
  readonly lost = new Set<string>();
  readonly #underWay = new Map<string, Set<string>>();
  #indexes = new Int32Array(0);
  readonly #serials = new Map<string, number>();

  constructor(parts: {
    scenario: Scenario;
    scale: number;
    seed: number;
    tag: string;
    population: Population;
    queue: EventQueue;
    outbox: Outbox;
  }) {
    this.scenario = parts.scenario;
    this.policy = parts.scenario.policy;
    this.scale = parts.scale;
    this.seed = parts.seed;
    this.tag = parts.tag;
    this.population = parts.population;
    this.queue = parts.queue;
    this.outbox = parts.outbox;
    this.numbers = new Int32Array(parts.population.personCount);
  }

  /** The greatest register number of the population. */
  get greatestNumber(): number {
    return this.#indexes.length - 1;
  }

  /**
   * Binds the drawn people to the numbers the register gave them, and infects those found on the
   * days that are played: so the finds of these days are those of the series. The record begins
   * with the first day, so who was found before is nobody's patient here, and tests negative.
   */
  bind(infections: readonly Infection[], first: Day, last: Day): void {
    let greatest = 0;
    for (const number of this.numbers) if (number > greatest) greatest = number;
    this.#indexes = new Int32Array(greatest + 1).fill(-1);
    this.numbers.forEach((number, index) => {
      this.#indexes[number] = index;
    });
    for (const infection of infections) {
      const number = this.numbers[infection.person] ?? 0;
      assert(number > 0, 'every drawn person is on the register');
      if (infection.foundOn < first || infection.foundOn > last) continue;
      this.infections.set(number, infection);
    }
  }

  /** Who that number is; null for somebody who came without being on the roster. */
  residentOf(number: number): Resident | null {
    const index = this.#indexes[number] ?? -1;
    if (index < 0) return null;
    const community = this.population.communities[this.population.community[index] ?? 0];
    assert(community !== undefined, 'everybody lives in a community');
    const ageYears = this.population.ageYears[index] ?? 0;
    return { index, ageYears, community: community.code, townCode: community.townCode };
  }

  /** Register numbers of everybody at home with a person, the person included. */
  householdOf(number: number): number[] {
    const resident = this.residentOf(number);
    if (resident === null) return [number];
    const household = this.population.household[resident.index] ?? 0;
    const first = this.population.householdStart[household] ?? 0;
    const end = this.population.householdStart[household + 1] ?? first;
    return [...this.numbers.subarray(first, end)];
  }

  /** A generator of its own for each part of the work, so that parts do not disturb each other. */
  random(part: string): Random {
    return randomFor(this.seed, part);
  }

  /** The next label of a kind (`T` tube, `B` box, …), with its check character. */
  label(kind: string): string {
    const serial = (this.#serials.get(kind) ?? 0) + 1;
    this.#serials.set(kind, serial);
    return withCheck(`${kind}${this.tag}${serial.toString(36).toUpperCase().padStart(5, '0')}`);
  }

  /** A tube of a round was sealed: until it is settled, somebody in it may be owed another. */
  noteSealed({ label, round, purpose }: Tube): void {
    if (purpose !== 'round') return;
    const labels = this.#underWay.get(round);
    if (labels === undefined) this.#underWay.set(round, new Set([label]));
    else labels.add(label);
  }

  /** A tube has its result, or was given up. */
  noteSettled({ label, round }: Tube): void {
    this.#underWay.get(round)?.delete(label);
  }

  /** Tubes of a round between seal and result. */
  underWay(round: string): number {
    return this.#underWay.get(round)?.size ?? 0;
  }

  /** An instant of a day by the clock on the wall. */
  at(day: Day, hours: number): Instant {
    return instant(startOfDay(day, this.scenario.offsetMinutes) + hours * 60 * minuteMs);
  }

  /** Plans something some minutes after another. */
  after(at: Instant, minutes: number, run: (at: Instant) => void): void {
    // At least a millisecond: what follows is also later by the clock.
    this.queue.plan(instant(at + Math.max(1, Math.round(minutes * minuteMs))), run);
  }

  /** The true cycle threshold of a tube: null when nobody in it has anything to find. */
  ctOfTube(tube: Tube): number | null {
    return ctOfPool(tube.members.map((number) => this.ctOfPerson(number, tube.sealedAt)));
  }

  /** The true cycle threshold of a single swab at a time. */
  ctOfPerson(number: number, at: Instant): number | null {
    const infection = this.infections.get(number);
    if (infection === undefined) return null;
    const foundFrom = startOfDay(infection.foundOn, this.scenario.offsetMinutes);
    const days = (at - foundFrom) / (24 * 60 * minuteMs);
    return ctOf(infection.course, days, this.policy.epidemic.course);
  }
}

/** A number of minutes from a range, both ends included. */
export function minutesIn(random: Random, [low, high]: readonly [number, number]): number {
  return low + random.unit() * (high - low);
}
