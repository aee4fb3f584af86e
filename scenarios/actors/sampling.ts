import type { Day } from '../../kernel/day.ts';
import { instant, type Instant, minuteMs } from '../../kernel/instant.ts';
import type { Random } from '../../kernel/random.ts';
import type { Device } from '../outbox.ts';
import type { PoolSize, Purpose, Tube, World } from '../world.ts';
import type { Counter, Parcels } from './parcels.ts';
import type { Site, Staff } from './staff.ts';

/** A tube that somebody is about to fill. */
interface Swabbing {
  readonly counter: Counter;
  readonly point: string;
  readonly members: readonly number[];
  readonly purpose: Purpose;
  readonly poolSize: PoolSize;
  readonly round: string;
}

type Disposition = 'excused' | 'away' | 'deferred' | 'refused' | 'home-visit';

/** Samples people at points and at their doors. */
export class Samplers {
  readonly #world: World;
  readonly #staff: Staff;
  readonly #parcels: Parcels;
  readonly #random: Random;
  /** By register number: 1 while a tube of the round is planned for the person. */
  #planned = new Uint8Array(0);

  constructor(world: World, staff: Staff, parcels: Parcels) {
    this.#world = world;
    this.#staff = staff;
    this.#parcels = parcels;
    this.#random = world.random('samplers');
  }

  /** Whether somebody is about to be sampled for the round. */
  isPlanned(number: number): boolean {
    return this.#planned[number] === 1;
  }

  #plan(members: readonly number[], mark: 0 | 1): void {
    if (this.#planned.length === 0) this.#planned = new Uint8Array(this.#world.greatestNumber + 1);
    for (const number of members) {
      if (number < this.#planned.length) this.#planned[number] = mark;
    }
  }

  /** Plans a site's day: who comes when, who has a reason not to, who is visited. */
  planDay(site: Site, { day, round }: { day: Day; round: string }): void {
    const world = this.#world;
    const { opensHour } = world.policy.sampling;
    world.queue.plan(world.at(day, opensHour), (at) => this.#openSite(site, { round, at }));
  }

  /**
   * Sorts a site's people at opening: some have a reason, some are visited, people in quarantine
   * are swabbed singly at their doors, the rest queue household by household at the tables.
   */
  #openSite(site: Site, { round, at }: { round: string; at: Instant }): void {
    const world = this.#world;
    const random = world.random(`site ${site.id} ${round}`);
    const quarantined = this.#quarantinedAt(site, at, random);
    const groups = { queue: [] as number[], doors: [] as number[], visits: [] as number[] };
    const refusers: number[] = [];
    for (let index = site.first; index < site.end; index++) {
      const number = world.numbers[index] ?? 0;
      if (number === 0) continue;
      const disposition = this.#dispositionOf(number, random);
      if (disposition === null) {
        (quarantined.has(number) ? groups.doors : groups.queue).push(number);
      } else if (disposition !== 'missed') {
        this.dispose({ site, round, number, ...disposition }, at, random);
        if (disposition.disposition === 'home-visit') groups.visits.push(number);
        if (disposition.disposition === 'refused') refusers.push(number);
      }
    }
    const counter = this.counterOf(site);
    const pools = this.#poolQueue(site, groups.queue, random);
    this.#swabQueue({ site, counter, round, at }, pools, random);
    this.#swabDoors({ site, counter, round, at }, groups.doors);
    this.#swabVisits({ site, counter, round, at }, groups.visits);
    this.#persuade({ site, counter, round, at }, refusers, random);
  }

  /** The counter at which a site's boxes are filled. */
  counterOf(site: Site): Counter {
    return {
      name: site.id,
      account: this.#staff.samplerOf(site.townCode),
      place: site.place,
      townCode: site.townCode,
      boxMinutesMax: this.#world.policy.transport.boxMinutesMax,
    };
  }

  /** Who of the site's people is in quarantine today: around each quarantine find to come. */
  #quarantinedAt(site: Site, at: Instant, random: Random): Set<number> {
    const world = this.#world;
    const { population } = world;
    const around = world.policy.sampling.quarantinedPerFind;
    const quarantined = new Set<number>();
    for (let index = site.first; index < site.end; index++) {
      const number = world.numbers[index] ?? 0;
      if (world.standings.get(number) === 'apart') quarantined.add(number);
      const infection = world.infections.get(number);
      if (infection?.foundIn !== 'quarantine') continue;
      if (world.ctOfPerson(number, at) === null || world.standings.has(number)) continue;
      // The household and its neighbours of the same building, as many as the policy says.
      const household = population.household[index] ?? 0;
      const homeFirst = population.householdStart[household] ?? index;
      const from = Math.max(site.first, homeFirst - random.below(around));
      const end = Math.min(site.end, Math.max(from + around, index + 1));
      for (let other = Math.min(from, index); other < end; other++) {
        if (population.building[other] !== population.building[index]) continue;
        quarantined.add(world.numbers[other] ?? 0);
      }
    }
    return quarantined;
  }

  /** Why somebody will not come to the tables today; null for those who come. */
  #dispositionOf(
    number: number,
    random: Random,
  ): { disposition: Disposition; reason: string } | 'missed' | null {
    const { sampling } = this.#world.policy;
    // Drawn for everybody, so that the others' day is the same whatever became of one.
    const dice = random.unit();
    const standing = this.#world.standings.get(number);
    if (standing === 'case')
      return { disposition: 'excused', reason: '阳性待转运 awaiting transfer' };
    if (standing === 'in-care') return { disposition: 'excused', reason: '在院在舱 in a hospital' };
    if (standing === 'dead') return { disposition: 'excused', reason: '已故 deceased' };
    if (standing === 'held')
      return { disposition: 'deferred', reason: '混管待复核 own retest open' };
    // Nobody infected stays away, or the finds would not be those of the real series.
    if (standing === 'apart' || this.#world.infections.has(number)) return null;
    let left = dice;
    if ((left -= sampling.excusedShare) < 0) {
      return { disposition: 'excused', reason: '医学原因 medical reason' };
    }
    if ((left -= sampling.awayShare) < 0)
      return { disposition: 'away', reason: '不在本区 out of town' };
    if ((left -= sampling.deferredShare) < 0) {
      return { disposition: 'deferred', reason: '单位已检 sampled at work' };
    }
    if ((left -= sampling.refusedShare) < 0)
      return { disposition: 'refused', reason: '拒绝 refused' };
    if ((left -= sampling.homeVisitShare) < 0) {
      return { disposition: 'home-visit', reason: '行动不便 cannot leave the bed' };
    }
    return (left -= sampling.missedShare) < 0 ? 'missed' : null;
  }

  /** Puts on record why somebody is not sampled. */
  dispose(
    entry: { site: Site; round: string; number: number; disposition: Disposition; reason: string },
    at: Instant,
    random: Random,
  ): void {
    const { site, round, number, disposition, reason } = entry;
    const account = this.#staff.communityOf(site.townCode);
    this.#world.after(at, random.unit() * 150, (later) => {
      this.#world.outbox.record(this.#world.outbox.device(`community-${site.id}`, account), later, {
        kind: 'screening.person-disposed',
        subject: `entry:${round}/${number}`,
        place: site.place,
        body: { disposition, reason },
      });
    });
  }

  /** Cuts the queue into tubes of the community's pool size, now and then one person too many. */
  #poolQueue(site: Site, queue: readonly number[], random: Random): Pool[] {
    const { sampling } = this.#world.policy;
    const quiet = this.#world.random(`zone ${site.place}`).chance(sampling.precautionShare);
    const poolSize = quiet ? sampling.precautionPoolSize : sampling.poolSize;
    const pools: Pool[] = [];
    let start = 0;
    while (queue.length - start >= poolSize + 2) {
      let size: number = poolSize;
      if (random.chance(sampling.overFilledShare)) size += random.between(1, 2);
      else if (random.chance(sampling.underFilledShare)) size = random.between(2, 4);
      pools.push({ members: queue.slice(start, start + size), poolSize });
      start += size;
    }
    return [...pools, ...poolsOf(queue.slice(start), poolSize)];
  }

  /** The tables take the tubes one after another at their pace. */
  #swabQueue(
    at: { site: Site; counter: Counter; round: string; at: Instant },
    pools: readonly Pool[],
    random: Random,
  ): void {
    const { personsPerTableHour } = this.#world.policy.sampling;
    const { site, counter, round } = at;
    const swabbing = { counter, point: site.id, purpose: 'round' as const, round };
    const freeAt = Array.from({ length: site.tables }, () => at.at as number);
    pools.forEach((pool, index) => {
      const table = index % freeAt.length;
      const pace = 0.7 + 0.6 * random.unit();
      const minutes = (pool.members.length / personsPerTableHour) * 60 * pace;
      const sealedAt = instant((freeAt[table] ?? at.at) + minutes * minuteMs);
      freeAt[table] = sealedAt;
      this.swab({ ...pool, ...swabbing }, sealedAt);
    });
  }

  /** People in quarantine are swabbed singly at their doors, from eight in the morning. */
  #swabDoors(
    { site, counter, round, at }: { site: Site; counter: Counter; round: string; at: Instant },
    people: readonly number[],
  ): void {
    const poolSize = this.#world.policy.sampling.lockdownPoolSize;
    people.forEach((number, index) => {
      const sealedAt = instant(at + (60 + index * 4) * minuteMs);
      this.swab(
        { counter, point: site.id, members: [number], purpose: 'round', poolSize, round },
        sealedAt,
      );
    });
  }

  /** A team goes round to the bed-ridden, ten to a tube like everybody else. */
  #swabVisits(
    { site, counter, round, at }: { site: Site; counter: Counter; round: string; at: Instant },
    people: readonly number[],
  ): void {
    const { poolSize } = this.#world.policy.sampling;
    let visited = 0;
    for (const pool of poolsOf(people, poolSize)) {
      visited += pool.members.length;
      const sealedAt = instant(at + (240 + visited * 12) * minuteMs);
      const swabbing = { counter, point: site.id, purpose: 'round' as const, round };
      this.swab({ ...swabbing, ...pool }, sealedAt);
      this.#withdraw(site, { round, people: pool.members, at: sealedAt });
    }
  }

  /** Community workers talk to those who refused; most give in, the others test themselves. */
  #persuade(
    { site, counter, round, at }: { site: Site; counter: Counter; round: string; at: Instant },
    people: readonly number[],
    random: Random,
  ): void {
    const { poolSize, refuserPersuadedShare } = this.#world.policy.sampling;
    const talkedAt = instant(at + 10 * 60 * minuteMs);
    const persuaded = people.filter(() => random.chance(refuserPersuadedShare));
    for (const pool of poolsOf(persuaded, poolSize)) {
      this.swab({ counter, point: site.id, purpose: 'round', round, ...pool }, talkedAt);
      this.#withdraw(site, { round, people: pool.members, at: talkedAt });
    }
    for (const number of people.filter((one) => !persuaded.includes(one))) {
      const reason = '抗原自测代替 antigen test instead';
      this.dispose({ site, round, number, disposition: 'deferred', reason }, talkedAt, random);
    }
  }

  #withdraw(
    site: Site,
    { round, people, at }: { round: string; people: readonly number[]; at: Instant },
  ): void {
    const account = this.#staff.communityOf(site.townCode);
    this.#world.after(at, 1, (later) => {
      const device = this.#world.outbox.device(`community-${site.id}`, account);
      for (const number of people) {
        this.#world.outbox.record(device, later, {
          kind: 'screening.disposition-withdrawn',
          subject: `entry:${round}/${number}`,
          place: site.place,
          body: {},
        });
      }
    });
  }

  /** Fills a tube and seals it at a time, then lays it into the counter's box. */
  swab(swabbing: Swabbing, sealedAt: Instant): void {
    const { sampling } = this.#world.policy;
    const random = this.#random;
    const { counter, point, members, purpose, poolSize, round } = swabbing;
    const label = this.#world.label('T');
    const tube: Tube = {
      label,
      members,
      sealedAt,
      purpose,
      poolSize,
      round,
      point,
      place: counter.place,
    };
    const device = this.#world.outbox.device(counter.name, counter.account);
    const openedFirst = purpose === 'round' && random.chance(sampling.openedFirstShare);
    const twice = purpose === 'round' && random.chance(sampling.sealedTwiceShare);
    if (openedFirst) this.#fill(tube, device);
    if (purpose === 'round') this.#plan(members, 1);
    this.#world.queue.plan(sealedAt, (at) => {
      if (purpose === 'round') this.#plan(members, 0);
      this.#seal(tube, device, at);
      this.#world.noteSealed(tube);
      this.#parcels.add(counter, tube, at);
      if (twice) this.#sealAgain(tube, counter, at);
    });
  }

  #seal(
    { label, round, purpose, poolSize, members, point, place }: Tube,
    device: Device,
    at: Instant,
  ): void {
    this.#world.outbox.record(device, at, {
      kind: 'screening.tube-sealed',
      subject: `tube:${label}`,
      place,
      body: { round, purpose, poolSize, members: [...members], point },
    });
  }

  /** A second device seals the same label over the same people: the record must show both. */
  #sealAgain(tube: Tube, counter: Counter, at: Instant): void {
    const second = this.#world.outbox.device(`${counter.name}-spare`, counter.account);
    this.#world.after(at, 3, (later) => this.#seal(tube, second, later));
  }

  /** Records a tube the long way: opened, then person by person, half a minute each. */
  #fill({ label, round, poolSize, members, point, place, sealedAt }: Tube, device: Device): void {
    const begun = sealedAt - (members.length + 1) * 30_000;
    const { outbox, queue } = this.#world;
    const subject = `tube:${label}`;
    queue.plan(instant(begun), (at) => {
      const body = { round, poolSize, point };
      outbox.record(device, at, { kind: 'screening.tube-opened', subject, place, body });
    });
    members.forEach((person, index) => {
      queue.plan(instant(begun + (index + 1) * 30_000), (at) => {
        const body = { person };
        outbox.record(device, at, { kind: 'screening.person-added', subject, place, body });
      });
    });
  }
}

/** People who share a tube, and for how many it is made. */
interface Pool {
  readonly members: readonly number[];
  readonly poolSize: PoolSize;
}

/**
 * People in tubes of a size. The last ones get the smallest tube that holds them, and one or two
 * a tube of their own: a tube less than half full is a waste, and is remarked upon.
 */
export function poolsOf(people: readonly number[], poolSize: PoolSize): Pool[] {
  const pools: Pool[] = [];
  for (let start = 0; start < people.length; start += poolSize) {
    const members = people.slice(start, start + poolSize);
    if (members.length > 2 || poolSize === 1) {
      const fitting = ([1, 5, 10, 20] as const).find((size) => size >= members.length) ?? poolSize;
      pools.push({ members, poolSize: fitting });
    } else pools.push(...members.map((member): Pool => ({ members: [member], poolSize: 1 })));
  }
  return pools;
}
