import { createHash } from 'node:crypto';
import { assert } from '../kernel/assert.ts';
import { addDays, type Day, startOfDay } from '../kernel/day.ts';
import { hourMs, instant, type Instant, minuteMs } from '../kernel/instant.ts';
import { Client, type Session } from './client.ts';
import { drawInfections, type Infection } from './epidemic.ts';
import { Outbox, type Tally } from './outbox.ts';
import { drawPopulation } from './population.ts';
import { EventQueue } from './queue.ts';
import type { Scenario } from './scenario.ts';
import { openPoints, passwordOf, setUp } from './setup.ts';
import { allocate } from './tree.ts';
import { World } from './world.ts';
import { Cast } from './actors/cast.ts';
import { readAll } from './actors/community.ts';
import { eachMissing } from './actors/headquarters.ts';
import { drawUpStaff } from './actors/staff.ts';
import { randomFor } from './households.ts';

/** What to play, where, how large and how fast. */
export interface RunOptions {
  readonly baseUrl: string;
  /** An administrator of the server. */
  readonly account: string;
  readonly password: string;
  readonly scenario: Scenario;
  /** Share of the place's people, above 0 up to 1. */
  readonly scale?: number | undefined;
  readonly days?: number | undefined;
  readonly seed?: number | undefined;
  /** First day; the scenario's own when left out. */
  readonly from?: Day | undefined;
  /** Go on after the last day until nothing waits in any link. */
  readonly untilIdle?: boolean | undefined;
  /** Go on until the last patient is discharged and the last contact let out. */
  readonly untilHealed?: boolean | undefined;
  /** Scenario minutes that may pass in a second; as fast as the server answers when left out. */
  readonly pace?: number | undefined;
  readonly onProgress?: ((line: string) => void) | undefined;
  readonly acknowledged?: ((ids: readonly string[]) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How a run ended. */
export interface Totals {
  readonly links: Json;
  readonly accounts: Json;
  readonly coverage: Json;
  readonly beds: number;
  readonly findings: number;
  readonly facts: number;
  readonly acts: number;
  /** People found infected on the days played, as drawn: what the totals of cases should be. */
  readonly infected: number;
  readonly refusals: { readonly [code: string]: number };
  readonly examples: readonly string[];
  readonly retries: number;
  /** Scenario time at the end, ISO 8601. */
  readonly until: string;
  readonly seconds: number;
}
type Json = { readonly [k: string]: unknown };

/** What each stage of a person means to the actors; other stages mean nothing to them. */
const standingOfStage = [
  ['held', 'held'],
  ['contact', 'apart'],
  ['confirmed', 'case'],
  ['arrived', 'in-care'],
  ['admitted', 'in-care'],
  ['died', 'dead'],
] as const;
/** Official codes of communities have twelve digits; what lies below them adds to the code. */
const communityCodeLength = 12;
/** Hours without work after which a run ends though the board still has something waiting. */
const quietHours = 12;
/** Scenario minutes between two syncs of the devices: short when somebody watches. */
const syncMinutesMax = 10;
/** Days after the last round at which a run ends, whatever is left: a limit, not an aim. */
const daysAfterMax = 45;

/** Plays a scenario against a server, over HTTP as devices and desks do. */
export async function playScenario(options: RunOptions): Promise<Totals> {
  const run = new Run(options);
  return run.play();
}

class Run {
  readonly #options: RunOptions;
  readonly #client: Client;
  readonly #world: World;
  readonly #infections: readonly Infection[];
  readonly #first: Day;
  readonly #sessions = new Map<string, Promise<Session>>();
  readonly #onProgress: (line: string) => void;
  #now = instant(0);

  constructor(options: RunOptions) {
    const { scenario, scale = 0.01, seed = 1, baseUrl, signal, acknowledged } = options;
    assert(scale > 0 && scale <= 1, 'the scale is above 0 and at most 1');
    this.#options = options;
    this.#onProgress = options.onProgress ?? (() => {});
    this.#client = new Client({ baseUrl, signal, acknowledged });
    this.#first = options.from ?? scenario.firstDay;
    const tag = tagOf([scenario.name, scale, seed, this.#first]);
    const personCount = Math.round(scenario.personCount * scale);
    const population = drawPopulation(allocate(scenario.places, personCount, seed), seed);
    const policy = scenario.policy.epidemic;
    this.#infections = drawInfections(population, scenario.series, { scale, seed, policy });
    const outbox = new Outbox({
      session: (account) => this.#session(account),
      tag,
      random: randomFor(seed, 'road'),
      startsAt: instant(startOfDay(this.#first, scenario.offsetMinutes)),
      doubledShare: scenario.policy.transport.batchDoubledShare,
    });
    const queue = new EventQueue();
    this.#world = new World({ scenario, scale, seed, tag, population, queue, outbox });
  }

  #session(account: string): Promise<Session> {
    const known = this.#sessions.get(account);
    if (known !== undefined) return known;
    const session = this.#client.signIn(account, passwordOf(this.#options.password, account));
    this.#sessions.set(account, session);
    return session;
  }

  async play(): Promise<Totals> {
    const begun = performance.now();
    const { account, password, days = 1 } = this.#options;
    const world = this.#world;
    const admin = await this.#client.signIn(account, password);
    // Five minutes before the tables open: whoever watches sees people sampled within seconds.
    this.#now = world.at(this.#first, world.policy.sampling.opensHour - 1 / 12);
    await this.#setClock(admin);
    const staff = drawUpStaff(world);
    const setup = { client: this.#client, admin, adminPassword: password, world, staff };
    await setUp({ ...setup, at: this.#now, onProgress: this.#onProgress });
    openPoints({ world, staff, at: this.#now });
    const cast = new Cast(world, staff);
    cast.open(this.#first, this.#now);
    await world.outbox.flush(this.#now);
    await this.#readRegister(admin, cast.headquarters.roundOf(this.#first));
    await this.#readStandings(admin);
    world.bind(this.#infections, this.#first, addDays(this.#first, days - 1));
    const infected = world.infections.size;
    cast.plan(this.#first, days, this.#now);
    if (this.#options.untilHealed !== true) {
      cast.startNothingAfter(world.at(addDays(this.#first, days), 0));
    }
    await this.#unroll(admin, days);
    return this.#totals(admin, { infected, seconds: (performance.now() - begun) / 1000 });
  }

  /**
   * Learns the register number of everybody, as the device of a sampling point does that loads
   * its roster: the register gave them in the order of the file.
   */
  async #readRegister(admin: Session, round: string): Promise<void> {
    const { numbers, population } = this.#world;
    const byCommunity = new Map<string, number[]>();
    await eachMissing(admin, round, ({ person, place }) => {
      const code = (place ?? '').slice(0, communityCodeLength);
      const list = byCommunity.get(code);
      if (list === undefined) byCommunity.set(code, [person]);
      else list.push(person);
    });
    for (const { code, firstIndex, personCount } of population.communities) {
      const own = byCommunity.get(code) ?? [];
      if (own.length < personCount) throw new RosterMismatch(code, own.length, personCount);
      // Whoever joined the register later has a greater number and is nobody of the scenario.
      for (let index = 0; index < personCount; index++) {
        numbers[firstIndex + index] = own[index] ?? 0;
      }
    }
  }

  /** Learns who is held, ill or in a bed already, from days that were played before. */
  async #readStandings(admin: Session): Promise<void> {
    for (const [stage, standing] of standingOfStage) {
      const people = await readAll(admin, '/v1/subjects', { prefix: 'person', stage });
      for (const { subject } of people) {
        this.#world.standings.set(Number(subject.slice('person:'.length)), standing);
      }
    }
  }

  /** Lets the planned things happen in order, syncing all devices every few minutes. */
  async #unroll(admin: Session, days: number): Promise<void> {
    const { queue, outbox } = this.#world;
    const { pace, untilIdle = false, untilHealed = false } = this.#options;
    const syncMs = Math.max(1, Math.min(syncMinutesMax, (pace ?? Infinity) / 2)) * minuteMs;
    const lastRound = this.#world.at(addDays(this.#first, days), 0);
    const end = instant(this.#world.at(addDays(this.#first, days + daysAfterMax), 0));
    let shownHour = -1;
    let workedAt = this.#now;
    while (queue.nextAt !== null && queue.nextAt < end) {
      if (queue.workSize > 0 || !outbox.isEmpty) workedAt = this.#now;
      const isQuiet = this.#now >= lastRound && queue.workSize === 0;
      if (isQuiet && untilHealed && (await this.#isHealed(admin))) return;
      if (isQuiet && !untilHealed) {
        const givesUp = this.#now - workedAt > quietHours * hourMs;
        if (givesUp || (await this.#isIdle(admin))) return;
      }
      if (!untilIdle && !untilHealed && queue.nextAt >= lastRound) return;
      const started = performance.now();
      const until = instant(Math.max(this.#now, queue.nextAt) + syncMs);
      await this.#step(admin, until);
      // What followed at once is done before time moves on.
      while (!outbox.isEmpty) await outbox.flush(this.#now);
      const hour = Math.floor(this.#now / (60 * minuteMs));
      if (hour !== shownHour) this.#onProgress(this.#line());
      shownHour = hour;
      if (pace !== undefined) await this.#rest(started, (syncMs / minuteMs / pace) * 1000);
    }
  }

  async #step(admin: Session, until: Instant): Promise<void> {
    const { queue, outbox } = this.#world;
    this.#now = until;
    await this.#setClock(admin);
    while (queue.nextAt !== null && queue.nextAt <= until) {
      const { at, run } = queue.take();
      run(at);
    }
    await outbox.flush(until);
  }

  async #rest(started: number, wholeMs: number): Promise<void> {
    const leftMs = wholeMs - (performance.now() - started);
    if (leftMs <= 0) return;
    await new Promise((resolve) => setTimeout(resolve, leftMs));
    this.#options.signal?.throwIfAborted();
  }

  /** Idle is when the board says that nothing waits in any link. */
  async #isIdle(admin: Session): Promise<boolean> {
    const links = await admin.get<{ [link: string]: { waiting: number } }>('/v1/chain');
    return Object.values(links).every(({ waiting }) => waiting === 0);
  }

  /** Healed is when nobody is in a bed, awaits a test or is kept apart any more. */
  async #isHealed(admin: Session): Promise<boolean> {
    const accounts = await admin.get<{ [name: string]: { open: number } }>('/v1/accounts-four');
    if (Object.values(accounts).some(({ open }) => open > 0)) return false;
    const apart = { prefix: 'person', stage: 'contact', limit: 1 };
    const { rows } = await admin.get<{ rows: unknown[] }>('/v1/subjects', apart);
    return rows.length === 0 && (await this.#isIdle(admin));
  }

  /** The scenario's time becomes the server's, where the server lets itself be driven. */
  async #setClock(admin: Session): Promise<void> {
    const now = this.#now;
    await admin.send({ method: 'POST', path: '/v1/clock', json: { now } });
  }

  #line(): string {
    const local = this.#now + this.#world.scenario.offsetMinutes * minuteMs;
    const { facts, acts } = this.#world.outbox.tally;
    const time = new Date(local).toISOString().slice(0, 16).replace('T', ' ');
    return `${time}  ${facts} facts, ${acts} acts, ${this.#world.queue.workSize} things planned`;
  }

  async #totals(
    admin: Session,
    { infected, seconds }: { infected: number; seconds: number },
  ): Promise<Totals> {
    const board = await admin.get<{
      links: Json;
      accounts: Json;
      coverage: Json & { children?: unknown };
      beds: unknown[];
      findings: { open: number };
    }>('/v1/board');
    const { children: _children, ...coverage } = board.coverage;
    const { facts, acts, refusals, examples }: Tally = this.#world.outbox.tally;
    return {
      links: board.links,
      accounts: board.accounts,
      coverage,
      beds: board.beds.length,
      findings: board.findings.open,
      facts,
      acts,
      infected,
      refusals: Object.fromEntries(refusals),
      examples,
      retries: this.#client.retries,
      until: new Date(this.#now).toISOString(),
      seconds: Math.round(seconds * 10) / 10,
    };
  }
}

/** The register does not hold the people of the scenario, or their round has begun before. */
export class RosterMismatch extends Error {
  override name = 'RosterMismatch';

  constructor(community: string, found: number, wanted: number) {
    super(
      `community ${community} owes ${found} samples, not ${wanted}: was this day played before?`,
    );
  }
}

/** Four characters out of what makes this run different from others. */
function tagOf(parts: readonly (string | number)[]): string {
  const digest = createHash('sha256').update(parts.join('|')).digest();
  const number = digest.readUInt32BE(0) % 36 ** 4;
  return number.toString(36).toUpperCase().padStart(4, '0');
}
