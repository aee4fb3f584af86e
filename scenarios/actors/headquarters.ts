import { addDays, type Day } from '../../kernel/day.ts';
import { instant, type Instant, minuteMs } from '../../kernel/instant.ts';
import type { Session } from '../client.ts';
import type { World } from '../world.ts';
import { poolsOf, type Samplers } from './sampling.ts';
import { welcome } from './walk-in.ts';
import type { Site, Staff } from './staff.ts';

/** Somebody on the list of who is missing, as `/v1/coverage` gives it. */
export interface MissingRow {
  readonly person: number;
  readonly household: number;
  readonly place: string | null;
  readonly disposition: string | null;
}

/** Hour of the first look at who is missing; looks then follow until nobody is. */
const sweepHour = 18.75;
const sweepMinutes = 60;
/** Looks at one round; a round with people missing after that is left open and shows it. */
const sweepsMax = 48;

/** Opens rounds, has who is missing found, and closes a round when nothing of it is left. */
export class Headquarters {
  readonly #world: World;
  readonly #staff: Staff;
  readonly #samplers: Samplers;
  #sweeps = new Map<string, number>();

  constructor(world: World, staff: Staff, samplers: Samplers) {
    this.#world = world;
    this.#staff = staff;
    this.#samplers = samplers;
  }

  /** The round of a day. */
  roundOf(day: Day): string {
    return `R${day.slice(2).replaceAll('-', '')}-${this.#world.tag}`;
  }

  /** Opens a day's round for the whole place. */
  openRound(day: Day, at: Instant): void {
    const world = this.#world;
    const { sampling } = world.policy;
    const [, month = '', date = ''] = day.split('-');
    const body = {
      round: this.roundOf(day),
      place: world.scenario.root,
      label: {
        en: `District screening, ${day}`,
        zh: `${Number(month)}月${Number(date)}日全员核酸筛查`,
      },
      areas: [world.scenario.root],
      group: null,
      poolSize: sampling.poolSize,
      startsAt: world.at(day, sampling.opensHour),
      // The result of everybody's tube may send somebody back to the tables until the next round.
      endsAt: world.at(addDays(day, 1), sampling.opensHour),
    };
    const account = this.#staff.headquarters;
    world.outbox.act({ account, room: 'screening', act: 'open-round', key: body.round, at, body });
  }

  /** Plans a day's screening at every site, and the looks at who is missing in the evening. */
  planDay(day: Day): void {
    const round = this.roundOf(day);
    for (const site of this.#staff.sites) this.#samplers.planDay(site, { day, round });
    this.#planWalkIns(day, round);
    const at = this.#world.at(day, sweepHour);
    this.#world.queue.plan(at, (later) => this.#sweep(round, later));
  }

  /** A few people who live here and are on no list turn up at a table. */
  #planWalkIns(day: Day, round: string): void {
    const { policy, population, queue } = this.#world;
    const random = this.#world.random(`walk-ins ${round}`);
    const wanted = Math.ceil(population.personCount * policy.sampling.walkInShare);
    const count = Math.min(policy.sampling.walkInsPerDayMax, wanted);
    for (let index = 0; index < count; index++) {
      const site = random.pick(this.#staff.sites);
      const at = this.#world.at(day, 8 + 9 * random.unit());
      queue.plan(at, (later) => welcome(this.#world, this.#samplers, { site, round, at: later }));
    }
  }

  #sweep(round: string, at: Instant): void {
    const sweeps = (this.#sweeps.get(round) ?? 0) + 1;
    this.#sweeps.set(round, sweeps);
    this.#world.outbox.ask({
      account: this.#staff.headquarters,
      run: (session) => readMissing(session, round),
      answered: (rows) => {
        const left = rows.filter(({ person }) => !this.#samplers.isPlanned(person));
        this.#find(round, left, at);
        // While a tube is under way, somebody may become missing again.
        const isDone = rows.length === 0 && this.#world.underWay(round) === 0;
        if (isDone) return this.#close(round, at);
        if (sweeps >= sweepsMax) return;
        const next = instant(at + sweepMinutes * minuteMs);
        this.#world.queue.plan(next, (later) => this.#sweep(round, later));
      },
    });
  }

  /** Community workers ring at the doors: most come down to the table, some turn out to be away. */
  #find(round: string, rows: readonly MissingRow[], at: Instant): void {
    const random = this.#world.random(`sweep ${round} ${this.#sweeps.get(round)}`);
    const { poolSize } = this.#world.policy.sampling;
    for (const [site, people] of this.#bySite(rows)) {
      const come: number[] = [];
      for (const number of people) {
        const isInfected = this.#world.infections.has(number);
        if (isInfected || random.chance(0.8)) come.push(number);
        else {
          const reason = '不在本区 out of town';
          this.#samplers.dispose({ site, round, number, disposition: 'away', reason }, at, random);
        }
      }
      const counter = this.#samplers.counterOf(site);
      let called = 0;
      for (const pool of poolsOf(come, poolSize)) {
        called += pool.members.length;
        const sealedAt = instant(at + (20 + called + 15 * random.unit()) * minuteMs);
        const swabbing = { counter, point: site.id, purpose: 'round' as const, round };
        this.#samplers.swab({ ...swabbing, ...pool }, sealedAt);
      }
    }
  }

  /** People by the site that serves them; strangers go to the first. */
  #bySite(rows: readonly MissingRow[]): Map<Site, number[]> {
    const { sites } = this.#staff;
    const bySite = new Map<Site, number[]>();
    for (const { person } of rows) {
      const index = this.#world.residentOf(person)?.index ?? 0;
      const site = sites.find(({ first, end }) => index >= first && index < end) ?? sites[0];
      if (site === undefined) continue;
      const list = bySite.get(site);
      if (list === undefined) bySite.set(site, [person]);
      else list.push(person);
    }
    return bySite;
  }

  #close(round: string, at: Instant): void {
    const account = this.#staff.headquarters;
    const body = { round };
    this.#world.outbox.act({
      account,
      room: 'screening',
      act: 'close-round',
      key: round,
      at,
      body,
    });
  }
}

/** Tells of everybody a round still owes a sample, page by page: nothing but a page is held. */
export async function eachMissing(
  session: Session,
  round: string,
  tell: (row: MissingRow) => void,
): Promise<void> {
  let after: number | null = 0;
  while (after !== null) {
    const page: { missing: MissingRow[]; next?: number | null } = await session.get(
      '/v1/coverage',
      { round, missing: 'true', after, limit: 1000 },
    );
    for (const row of page.missing) tell(row);
    after = page.next ?? null;
  }
}

async function readMissing(session: Session, round: string): Promise<MissingRow[]> {
  const rows: MissingRow[] = [];
  await eachMissing(session, round, (row) => rows.push(row));
  return rows;
}
