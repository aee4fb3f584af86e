import { dayMs, type Instant } from '../../kernel/instant.ts';
import type { Random } from '../../kernel/random.ts';
import type { ActAnswer } from '../client.ts';
import type { DeskAct } from '../outbox.ts';
import { type Severity, severityOn } from '../epidemic.ts';
import { minutesIn, type World } from '../world.ts';
import type { BedKind, Facility, Unit } from './facilities.ts';
import type { Staff } from './staff.ts';

/** People who are moved together, and what has been settled for them. */
interface Party {
  readonly transfer: string;
  readonly people: readonly number[];
  readonly place: string;
  readonly bedKind: BedKind;
  readonly reason: 'case' | 'contact';
  readonly urgent: boolean;
}

interface Vehicle {
  readonly id: string;
  readonly driver: string;
  seatsFree: number;
}

/** People who arrive at a facility with a bed promised to each. */
export interface Arrival {
  readonly transfer: string;
  readonly people: readonly number[];
  readonly unit: Unit;
}

type Steps = 'triage' | 'promise-place' | 'assign-vehicle' | 'pick-up' | 'hand-over';

/** Years under which a child travels with an adult of its household. */
const childYears = 14;
const adultYears = 18;
/** Where each illness is sent first. */
const bedKindFor = {
  asymptomatic: 'fangcang',
  mild: 'fangcang',
  moderate: 'ward',
  severe: 'ward',
  critical: 'icu',
} as const satisfies Record<Severity, BedKind>;

function priorityOf({ reason, urgent }: Party): 'urgent' | 'today' | 'routine' {
  if (reason === 'contact') return 'routine';
  return urgent ? 'urgent' : 'today';
}

/** Minutes until a dispatcher asks again for a bed or a vehicle. */
const retryMinutes = 20;

/**
 * The dispatch desk: whoever must be moved is asked for, triaged, given a bed and a seat, and
 * driven. A family is moved together; a child never without an adult of its household.
 */
export class Dispatch {
  readonly #world: World;
  readonly #staff: Staff;
  readonly #units: readonly Unit[];
  readonly #vehicles: Vehicle[];
  readonly #random: Random;
  readonly #arrived: (arrival: Arrival, at: Instant) => void;
  /** People for whom a transfer has been asked for. */
  readonly #asked = new Set<number>();

  constructor(
    world: World,
    parts: {
      staff: Staff;
      facilities: readonly Facility[];
      arrived: (arrival: Arrival, at: Instant) => void;
    },
  ) {
    this.#world = world;
    this.#staff = parts.staff;
    this.#units = parts.facilities.flatMap(({ units }) => units);
    this.#arrived = parts.arrived;
    this.#random = world.random('dispatch');
    const { vehicles, seats } = world.policy.transfer;
    const count = Math.max(2, Math.round(vehicles * world.scale));
    this.#vehicles = Array.from({ length: count }, (_, index) => ({
      id: `V${index + 1}`,
      driver: parts.staff.drivers[index % parts.staff.drivers.length] ?? '',
      seatsFree: seats,
    }));
  }

  /** Registers the vehicles; registered again they stay what they are. */
  registerVehicles(at: Instant): void {
    const { outbox, policy, scenario } = this.#world;
    const account = this.#staff.dispatcher;
    for (const { id } of this.#vehicles) {
      const body = { vehicle: id, place: scenario.root, seats: policy.transfer.seats };
      outbox.act({ account, room: 'transfer', act: 'register-vehicle', key: id, at, body });
    }
  }

  /** Somebody must be moved: a little later the town asks for it, with the family that goes too. */
  want(person: number, place: string, at: Instant): void {
    const minutes = minutesIn(this.#random, this.#world.policy.transfer.requestMinutes);
    this.#world.after(at, minutes, (later) => this.#request(person, place, later));
  }

  /** A household of contacts goes to an isolation site, if there is room for all of it. */
  wantApart(person: number, place: string, at: Instant): void {
    if (this.#asked.has(person) || this.#world.standings.get(person) !== 'apart') return;
    const people = this.#partyOf(person, 'apart');
    const rooms = this.#units.filter(({ bedKind }) => bedKind === 'isolation');
    if (!rooms.some(({ beds, inUse }) => beds - inUse >= people.length)) return;
    this.#ask({ people, place, bedKind: 'isolation', reason: 'contact', urgent: false }, at);
  }

  #request(person: number, place: string, at: Instant): void {
    if (this.#asked.has(person) || this.#world.standings.get(person) !== 'case') return;
    const people = this.#partyOf(person, 'case');
    const severity = this.#severityOf(person, at);
    const urgent = severity === 'severe' || severity === 'critical';
    const bedKind = bedKindFor[severity];
    this.#ask({ people, place, bedKind, reason: 'case', urgent }, at);
  }

  #severityOf(person: number, at: Instant): Severity {
    const infection = this.#world.infections.get(person);
    if (infection === undefined) return 'asymptomatic';
    return severityOn(infection, (at - this.#world.at(infection.foundOn, 0)) / dayMs);
  }

  #ask(wanted: Omit<Party, 'transfer'>, at: Instant): void {
    const { people, place, bedKind, reason } = wanted;
    for (const each of people) this.#asked.add(each);
    this.#noteCarers(people, place, at);
    const transfer = this.#world.label('X');
    const party: Party = { transfer, ...wanted };
    const account = this.#staff.communityOf(place.slice(0, 9));
    const body = {
      transfer,
      persons: [...people],
      from: place,
      priority: priorityOf(party),
      reason,
      destinationKind: bedKind,
    };
    const act = { account, room: 'transfer', act: 'request', key: transfer, at, body } as const;
    this.#world.outbox.act(act, (answer) => {
      if (!answer.done) return;
      this.#later('triageMinutes', at, (later) => this.#triage(party, later));
    });
  }

  /**
   * Cases of one household go together. A child goes with an adult of the household, ill or not;
   * when all of them are in a ward already, one of those is noted as its carer.
   */
  #partyOf(person: number, standing: 'case' | 'apart'): number[] {
    const { standings } = this.#world;
    const family = this.#world.householdOf(person);
    const free = (each: number): boolean => !this.#asked.has(each);
    const people = family.filter((each) => standings.get(each) === standing && free(each));
    const years = (each: number): number => this.#world.residentOf(each)?.ageYears ?? 40;
    const isChild = (each: number): boolean => years(each) < childYears;
    const adults = family.filter((each) => years(each) >= adultYears);
    if (people.some(isChild) && !adults.some((adult) => people.includes(adult))) {
      const carer = adults.find((adult) => free(adult) && standings.get(adult) !== 'in-care');
      if (carer !== undefined) people.push(carer);
    }
    return people;
  }

  /** A child whose adults are all away in a ward: one of them is noted as its carer. */
  #noteCarers(people: readonly number[], place: string, at: Instant): void {
    const years = (each: number): number => this.#world.residentOf(each)?.ageYears ?? 40;
    for (const child of people.filter((each) => years(each) < childYears)) {
      const adults = this.#world.householdOf(child).filter((each) => years(each) >= adultYears);
      const [carer] = adults;
      if (carer === undefined || adults.some((adult) => people.includes(adult))) continue;
      const account = this.#staff.communityOf(place.slice(0, 9));
      const device = this.#world.outbox.device(account, account);
      this.#world.outbox.record(device, at, {
        kind: 'cases.needs-noted',
        subject: `person:${child}`,
        place,
        body: { careOf: carer, notes: ['with-parent'] },
      });
    }
  }

  #triage(party: Party, at: Instant): void {
    const needs = party.people.length > 1 ? ['family'] : [];
    const body = { priority: priorityOf(party), needs };
    this.#do('triage', party, { at, body }, () => {
      this.#later('promiseMinutes', at, (later) => this.#promise(party, later, 0));
    });
  }

  /** Asks for beds in the first unit that seems to have them; in turn when one says no. */
  #promise(party: Party, at: Instant, round: number): void {
    const wanted = party.people.length;
    const kinds: BedKind[] = party.bedKind === 'icu' ? ['icu', 'ward'] : [party.bedKind];
    // A full ward sends the lightest to a fangcang rather than leave them at home.
    if (round > 6 && party.bedKind === 'ward') kinds.push('fangcang');
    const unit = kinds
      .flatMap((kind) => this.#units.filter((each) => each.bedKind === kind))
      .find((each) => each.beds - each.inUse >= wanted);
    const again = (): void =>
      this.#world.after(at, retryMinutes, (later) => this.#promise(party, later, round + 1));
    if (unit === undefined) return again();
    unit.inUse += wanted;
    this.#do('promise-place', party, { at, body: { unit: unit.id }, round }, (answer) => {
      if (!answer.done) {
        // The system knows of people there whom this desk does not: it is believed.
        if (answer.code !== 'capacity.no-free-place') unit.inUse -= wanted;
        return again();
      }
      this.#later('vehicleMinutes', at, (later) => this.#assign(party, unit, later, 0));
    });
  }

  #assign(party: Party, unit: Unit, at: Instant, round: number): void {
    const wanted = party.people.length;
    const vehicle = this.#vehicles.find(({ seatsFree }) => seatsFree >= wanted);
    const again = (): void =>
      this.#world.after(at, retryMinutes, (later) => this.#assign(party, unit, later, round + 1));
    if (vehicle === undefined) return again();
    vehicle.seatsFree -= wanted;
    const body = { vehicle: vehicle.id, driver: `user:${vehicle.driver}` };
    this.#do('assign-vehicle', party, { at, body, round }, (answer) => {
      if (!answer.done) {
        vehicle.seatsFree += wanted;
        return again();
      }
      this.#later('driveMinutes', at, (later) => this.#pickUp(party, { unit, vehicle }, later));
    });
  }

  #pickUp(party: Party, by: { unit: Unit; vehicle: Vehicle }, at: Instant): void {
    this.#do('pick-up', party, { at, body: {}, account: by.vehicle.driver }, () => {
      this.#later('driveMinutes', at, (later) => this.#handOver(party, by, later));
    });
  }

  #handOver(party: Party, { unit, vehicle }: { unit: Unit; vehicle: Vehicle }, at: Instant): void {
    const body = { facility: unit.facility, to: `user:${unit.account}` };
    this.#do('hand-over', party, { at, body, account: vehicle.driver }, () => {
      vehicle.seatsFree += party.people.length;
      this.#arrived({ transfer: party.transfer, people: party.people, unit }, at);
    });
  }

  #do(
    act: Steps,
    { transfer }: Party,
    what: { at: Instant; body: DeskAct['body']; account?: string; round?: number },
    answered: (answer: ActAnswer) => void,
  ): void {
    const { at, account = this.#staff.dispatcher, round = 0 } = what;
    const key = round === 0 ? transfer : `${transfer}-${round}`;
    const body = { transfer, ...what.body };
    const expected = ['capacity.no-free-place', 'transfer.no-free-seat'];
    const desk = { account, room: 'transfer', act, key, at, body, expected, chain: transfer };
    this.#world.outbox.act(desk, answered);
  }

  #later(
    range: 'triageMinutes' | 'promiseMinutes' | 'vehicleMinutes' | 'driveMinutes',
    at: Instant,
    run: (at: Instant) => void,
  ): void {
    const minutes = minutesIn(this.#random, this.#world.policy.transfer[range]);
    this.#world.after(at, minutes, run);
  }

  /** Somebody has left the facility and may be moved again another time. */
  forget(person: number): void {
    this.#asked.delete(person);
  }
}
