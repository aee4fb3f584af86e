import { addDays, type Day, dayOf } from '../../kernel/day.ts';
import { hourMs, instant, type Instant } from '../../kernel/instant.ts';
import type { Random } from '../../kernel/random.ts';
import { type Severity, severityOn } from '../epidemic.ts';
import type { World } from '../world.ts';
import type { Arrival } from './dispatch.ts';
import type { Facility, Unit } from './facilities.ts';
import { readingsOf } from './readings.ts';

/** One person in a bed. */
interface Stay {
  readonly id: string;
  readonly person: number;
  readonly begunOn: Day;
  /** Minutes after midnight of rounds and tests, the same every day: tests lie 24 hours apart. */
  readonly roundMinute: number;
  readonly account: string;
  /** Others of the party, whose stay a carer shares. */
  readonly party: readonly number[];
  unit: Unit;
  clearTests: number;
}

/** Kinds of bed in which an illness can be treated, the plainest first. */
const bedsFor: Readonly<Record<Severity, readonly string[]>> = {
  asymptomatic: ['isolation', 'fangcang', 'ward', 'icu'],
  mild: ['isolation', 'fangcang', 'ward', 'icu'],
  moderate: ['ward', 'icu'],
  severe: ['ward', 'icu'],
  critical: ['icu'],
};
const careOf = { isolation: 0, fangcang: 1, ward: 2, icu: 3 } as const;

/** Fangcang, hospitals and isolation sites: counts of beds, admission, care, discharge. */
export class Wards {
  readonly #world: World;
  readonly #facilities: readonly Facility[];
  readonly #random: Random;
  readonly #stays = new Map<number, Stay>();
  /** Told of everybody who leaves. */
  readonly #left: (person: number) => void;

  constructor(world: World, facilities: readonly Facility[], left: (person: number) => void) {
    this.#world = world;
    this.#facilities = facilities;
    this.#left = left;
    this.#random = world.random('wards');
  }

  /** Declares every unit; declared again it stays what it is. */
  declareUnits(at: Instant): void {
    const { outbox, scenario } = this.#world;
    for (const { id: facility, account, units } of this.#facilities) {
      for (const { id, bedKind, beds, label } of units) {
        const body = { unit: id, place: scenario.root, facility, bedKind, beds, label };
        outbox.act({ account, room: 'capacity', act: 'declare-unit', key: id, at, body });
      }
    }
  }

  /** Counts the beds now and again before the count is too old to be believed. */
  count(at: Instant): void {
    const { outbox, queue, scenario, policy } = this.#world;
    for (const { account, units } of this.#facilities) {
      const device = outbox.device(account, account);
      for (const unit of units) {
        outbox.record(device, at, {
          kind: 'capacity.count-reported',
          subject: `unit:${unit.id}`,
          place: scenario.root,
          body: { occupied: unit.occupied, free: unit.beds - unit.occupied, outOfService: 0 },
        });
      }
    }
    const next = instant(at + policy.wards.countEveryHours * hourMs);
    queue.planCare(next, (later) => this.count(later));
  }

  /** People are at the door, each with a bed promised; one after another they are taken in. */
  arrive({ people, unit, transfer }: Arrival, at: Instant): void {
    people.forEach((person, index) => {
      const minutes = 5 + index * 6 + 20 * this.#random.unit();
      this.#world.after(at, minutes, (later) =>
        this.#admit({ people, unit, transfer }, person, later),
      );
    });
  }

  #admit({ people, unit, transfer }: Arrival, person: number, at: Instant): void {
    const { outbox, scenario } = this.#world;
    const stay: Stay = {
      id: this.#world.label('Y'),
      person,
      begunOn: dayOf(at, scenario.offsetMinutes),
      roundMinute: 7 * 60 + this.#random.below(180),
      account: unit.account,
      party: people,
      unit,
      clearTests: 0,
    };
    // Whoever is only a contact goes on being sampled where they are.
    if (unit.bedKind !== 'isolation') this.#world.standings.set(person, 'in-care');
    const body = { stay: stay.id, person, unit: unit.id, transfer };
    const act = { account: unit.account, room: 'admission', act: 'admit', key: stay.id, at, body };
    outbox.act(act, (answer) => {
      if (!answer.done) return;
      unit.occupied++;
      this.#stays.set(person, stay);
      this.#world.after(at, 60 + 120 * this.#random.unit(), (later) =>
        this.#firstLook(stay, later),
      );
      this.#planRound(stay, addDays(stay.begunOn, 1));
    });
  }

  #firstLook(stay: Stay, at: Instant): void {
    // Midnight may have passed since the bed was taken: the look is that of the day of arrival.
    this.#recordStatus(stay, at, stay.begunOn);
    if (!this.#world.infections.has(stay.person)) return;
    const body = { what: this.#random.chance(0.85) ? 'chinese-medicine' : 'symptomatic-care' };
    this.#record(stay, instant(at + 1), 'admission.treatment-given', body);
  }

  #planRound(stay: Stay, day: Day): void {
    const at = this.#world.at(day, stay.roundMinute / 60);
    this.#world.queue.planCare(at, (later) => this.#round(stay, day, later));
  }

  /** A day in the ward: status, the right bed, a test, and home when the rule is met. */
  #round(stay: Stay, day: Day, at: Instant): void {
    if (this.#stays.get(stay.person) !== stay) return;
    const { policy } = this.#world;
    const infection = this.#world.infections.get(stay.person);
    const stayDays = this.#daysSince(stay.begunOn, day);
    const severity = this.#recordStatus(stay, at);
    if (severity === 'critical' && stayDays >= 5 && this.#dies(stay.person))
      return this.#die(stay, at);
    this.#moveIfNeeded(stay, severity, at);
    if (infection === undefined) this.#maySendHome(stay, stayDays, at);
    else if (stayDays >= policy.wards.firstTestDay) this.#test(stay, at);
    this.#planRound(stay, addDays(day, 1));
  }

  #daysSince(from: Day, to: Day): number {
    return Math.round((this.#world.at(to, 0) - this.#world.at(from, 0)) / (24 * hourMs));
  }

  #severityOf(person: number, at: Instant): Severity {
    const infection = this.#world.infections.get(person);
    if (infection === undefined) return 'asymptomatic';
    const foundAt = this.#world.at(infection.foundOn, 0);
    return severityOn(infection, (at - foundAt) / (24 * hourMs));
  }

  #recordStatus(stay: Stay, at: Instant, on = dayOfAt(this.#world, at)): Severity {
    const severity = this.#severityOf(stay.person, at);
    const infection = this.#world.infections.get(stay.person);
    const days = infection === undefined ? 9 : this.#daysSince(infection.foundOn, on);
    const feverish = severity !== 'asymptomatic' && days <= 3 && this.#random.chance(0.5);
    const celsius = feverish ? 37.4 + 1.4 * this.#random.unit() : 36.2 + 0.8 * this.#random.unit();
    this.#record(stay, at, 'admission.status-recorded', {
      on,
      severity,
      temperatureCelsius: Math.round(celsius * 10) / 10,
    });
    return severity;
  }

  #record(stay: Stay, at: Instant, kind: string, body: { readonly [k: string]: unknown }): void {
    const { outbox, scenario } = this.#world;
    const device = outbox.device(stay.account, stay.account);
    const subject = `stay:${stay.id}`;
    outbox.record(device, at, { kind, subject, place: scenario.root, body: body as Body });
  }

  #test(stay: Stay, at: Instant): void {
    const ct = this.#world.ctOfPerson(stay.person, at);
    const reading = readingsOf(this.#random, { well: 'A1', ct, pooled: false }, this.#world.policy);
    const targets = reading.filter(({ target }) => target !== 'IC');
    const isClear = targets.every((one) => one.ct === null || one.ct >= 35);
    stay.clearTests = isClear ? stay.clearTests + 1 : 0;
    const isNegative = targets.every((one) => one.ct === null);
    const values = Object.fromEntries(targets.map((one) => [one.target, one.ct]));
    this.#record(stay, instant(at + 1), 'admission.tested', {
      on: dayOfAt(this.#world, at),
      ct: isNegative ? 'negative' : values,
      sampledAt: at,
    });
    if (stay.clearTests < 2) return;
    this.#plan(stay, at, 120 + 240 * this.#random.unit());
  }

  /** A carer goes home with the party's last patient, a contact when the time is over. */
  #maySendHome(stay: Stay, stayDays: number, at: Instant): void {
    const isCarer = stay.unit.bedKind !== 'isolation';
    const others = stay.party.filter((person) => person !== stay.person);
    const alone = !others.some((person) => this.#stays.has(person));
    const over = stayDays >= this.#world.policy.community.isolationDays;
    if (isCarer ? alone : over) this.#plan(stay, at, 60);
  }

  #plan(stay: Stay, at: Instant, minutes: number): void {
    const later = instant(at + minutes * 60_000);
    this.#world.queue.planCare(later, (due) => this.#discharge(stay, due));
  }

  #discharge(stay: Stay, at: Instant): void {
    if (this.#stays.get(stay.person) !== stay) return;
    const { outbox } = this.#world;
    const body = { stay: stay.id };
    const day = dayOfAt(this.#world, at);
    const key = `${stay.id}-${day}`;
    const { account } = stay;
    // With fever less than three days ago the rule says no, and the ward tries the day after.
    const expected = ['admission.discharge-before-rule'];
    const act = { account, room: 'admission', act: 'discharge', key, at, body, expected };
    outbox.act(act, (answer) => {
      if (!answer.done) return;
      this.#leave(stay);
      const wasCase = this.#world.infections.delete(stay.person);
      this.#world.standings.delete(stay.person);
      if (!wasCase && stay.unit.bedKind === 'isolation') this.#endIsolation(stay, at);
    });
  }

  #endIsolation(stay: Stay, at: Instant): void {
    const { outbox } = this.#world;
    const place = this.#world.residentOf(stay.person)?.community ?? this.#world.scenario.root;
    outbox.record(outbox.device(stay.account, stay.account), instant(at + 60_000), {
      kind: 'cases.isolation-ended',
      subject: `person:${stay.person}`,
      place,
      body: { reason: 'period-over' },
    });
  }

  #leave(stay: Stay): void {
    stay.unit.occupied--;
    stay.unit.inUse--;
    this.#stays.delete(stay.person);
    this.#left(stay.person);
  }

  #dies(person: number): boolean {
    return this.#world.random(`fate ${person}`).chance(this.#world.policy.wards.deathGivenCritical);
  }

  #die(stay: Stay, at: Instant): void {
    const { account, id } = stay;
    const act = {
      account,
      room: 'admission',
      act: 'record-death',
      key: id,
      at,
      body: { stay: id },
    };
    this.#world.outbox.act(act, () => {
      this.#leave(stay);
      this.#world.standings.set(stay.person, 'dead');
      this.#world.infections.delete(stay.person);
    });
  }

  /** To more care when the illness asks for it, out of intensive care when it no longer does. */
  #moveIfNeeded(stay: Stay, severity: Severity, at: Instant): void {
    const kinds = bedsFor[severity];
    const here = stay.unit.bedKind;
    const tooMuch = here === 'icu' && severity === 'mild';
    if (kinds.includes(here) && !tooMuch) return;
    const wanted = tooMuch ? ['ward'] : kinds;
    const units = this.#facilities.flatMap(({ units: own }) => own);
    const unit = units.find((each) => wanted.includes(each.bedKind) && each.inUse < each.beds);
    if (unit === undefined) return;
    const direction = careOf[unit.bedKind] > careOf[here] ? 'up' : 'down';
    unit.inUse++;
    const { id } = stay;
    const key = `${id}-${dayOfAt(this.#world, at)}`;
    const body = { stay: id, unit: unit.id, direction };
    const expected = ['capacity.no-free-place'];
    const act = { account: stay.account, room: 'admission', act: 'step', key, at, body, expected };
    this.#world.outbox.act(act, (answer) => {
      if (!answer.done) {
        unit.inUse--;
        return;
      }
      unit.occupied++;
      stay.unit.occupied--;
      stay.unit.inUse--;
      stay.unit = unit;
    });
  }
}

type Body = Parameters<World['outbox']['record']>[2]['body'];

function dayOfAt({ scenario }: World, at: Instant): Day {
  return dayOf(at, scenario.offsetMinutes);
}
