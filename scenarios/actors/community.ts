import { addDays, dayOf } from '../../kernel/day.ts';
import { dayMs, instant, type Instant, minuteMs } from '../../kernel/instant.ts';
import type { Random } from '../../kernel/random.ts';
import type { Session } from '../client.ts';
import type { Device } from '../outbox.ts';
import { minutesIn, type World } from '../world.ts';
import type { Dispatch } from './dispatch.ts';
import type { Counter } from './parcels.ts';
import type { Samplers } from './sampling.ts';
import type { Staff } from './staff.ts';

/** A duty as `/v1/duties` lists it; the rest of its columns is not needed here. */
export interface DutyRow {
  readonly subject: string;
  readonly key: string;
  readonly kind: string;
  readonly person: number | null;
  readonly place: string;
  readonly since: number;
  readonly dueAt: number;
}

interface SubjectRow {
  readonly subject: string;
  readonly place: string | null;
}

/** Minutes of scenario time between two looks at the list of duties. */
const lookMinutes = 15;
const pageRows = 1000;

/**
 * Community workers, headquarters' reporters and the teams that sample at the door. They do what
 * the system's list of duties tells them, and nothing it does not: whom it forgets, they forget.
 */
export class Community {
  readonly #world: World;
  readonly #staff: Staff;
  readonly #samplers: Samplers;
  readonly #random: Random;
  readonly #taken = new Set<string>();
  readonly #released = new Map<string, Instant>();
  readonly #dispatch: Dispatch;
  #round = '';
  /** Contacts' tests due after this are left to the days that follow the run. */
  #startsNothingAfter = Infinity;

  constructor(world: World, parts: { staff: Staff; samplers: Samplers; dispatch: Dispatch }) {
    this.#world = world;
    this.#staff = parts.staff;
    this.#samplers = parts.samplers;
    this.#dispatch = parts.dispatch;
    this.#random = world.random('community');
  }

  /** From now on single samples are entered under this round. */
  useRound(round: string): void {
    this.#round = round;
  }

  /** From a time on only what has begun is finished: no contact is tested any more. */
  startNothingAfter(at: Instant): void {
    this.#startsNothingAfter = at;
  }

  /** Looks at the duties now and then every quarter of an hour. */
  watch(at: Instant): void {
    const { outbox, queue } = this.#world;
    for (const [filter, value] of [
      ['account', 'test'],
      ['account', 'isolate'],
      ['link', 'report'],
    ] as const) {
      outbox.ask({
        account: this.#staff.headquarters,
        run: (session) =>
          readAll<DutyRow>(session, '/v1/duties', { [filter]: value, state: 'open' }),
        answered: (rows) => {
          for (const row of rows) this.#take(row, at);
        },
      });
    }
    outbox.ask({
      account: this.#staff.headquarters,
      run: (session) =>
        readAll<SubjectRow>(session, '/v1/subjects', { prefix: 'person', stage: 'isolated' }),
      answered: (rows) => {
        for (const row of rows) this.#release(row, at);
      },
    });
    queue.planCare(instant(at + lookMinutes * minuteMs), (later) => this.watch(later));
  }

  #take({ subject, key, kind, person, place, since }: DutyRow, at: Instant): void {
    if (person === null || this.#taken.has(`${subject}/${key}`)) return;
    this.#taken.add(`${subject}/${key}`);
    const { community: policy } = this.#world.policy;
    const soon = (range: readonly [number, number]): number => minutesIn(this.#random, range);
    const after = (minutes: number, run: (at: Instant) => void): void =>
      this.#world.after(at, minutes, run);
    switch (kind) {
      case 'cases.isolate':
        return after(soon(policy.isolateMinutes), (later) => this.#isolate(person, place, later));
      case 'cases.recall':
        this.#world.standings.set(person, 'held');
        return after(soon(policy.recallMinutes), (later) => this.#swab(person, later, 'recall'));
      case 'cases.contact-test': {
        if (this.#world.standings.get(person) === undefined) {
          this.#world.standings.set(person, 'apart');
        }
        this.#mayMove(person, place, at);
        // In the forenoon after the window opens; a contact of today is sampled tomorrow.
        const from = Math.max(at, since) + soon([8 * 60, 20 * 60]) * minuteMs;
        // The first test is part of finding the case; those of later days are another day's work.
        if (key !== 'contact-test/1' && from > this.#startsNothingAfter) return;
        return this.#world.queue.plan(instant(from), (later) => this.#swab(person, later, 'exit'));
      }
      case 'cases.report':
        return after(this.#reportMinutes(), (later) => this.#report(person, place, later));
      case 'cases.transfer':
        this.#world.standings.set(person, 'case');
        return this.#dispatch.want(person, place, at);
      default:
    }
  }

  /** Some households of a case are taken to an isolation site, while there is room. */
  #mayMove(person: number, place: string, at: Instant): void {
    const family = this.#world.householdOf(person);
    const withCase = family.some((each) => {
      const standing = this.#world.standings.get(each);
      return standing === 'case' || standing === 'in-care';
    });
    const { contactMovedShare } = this.#world.policy.community;
    // One throw for the household, whoever of it comes first.
    const dice = this.#world.random(`moved ${family[0]}`);
    if (!withCase || !dice.chance(contactMovedShare)) return;
    this.#world.after(at, 240 + 240 * this.#random.unit(), (later) =>
      this.#dispatch.wantApart(person, place, later),
    );
  }

  #reportMinutes(): number {
    const { reportLateShare, reportMinutes } = this.#world.policy.community;
    const late = this.#random.chance(reportLateShare);
    return minutesIn(this.#random, late ? [125, 300] : reportMinutes);
  }

  #deviceOf(place: string): Device {
    const account = this.#staff.communityOf(place.slice(0, 9));
    return this.#world.outbox.device(account, account);
  }

  #record(person: number, place: string, fact: { at: Instant; kind: string; body: Body }): void {
    const { at, kind, body } = fact;
    const subject = `person:${person}`;
    this.#world.outbox.record(this.#deviceOf(place), at, { kind, subject, place, body });
  }

  /** A written order with its limits, then the door closed, then a plan for what is needed. */
  #isolate(person: number, place: string, at: Instant): void {
    const { isolationDays, careNeedShare } = this.#world.policy.community;
    const standing = this.#world.standings.get(person);
    const expiresAt = at + isolationDays * dayMs;
    const order = {
      basis:
        standing === 'case'
          ? 'confirmed-case'
          : standing === 'held'
            ? 'pool-rule'
            : 'close-contact',
      responsible: `user:${this.#staff.communityOf(place.slice(0, 9))}`,
      expiresAt,
      where: 'home',
      appealTo: 'role:headquarters',
    };
    this.#record(person, place, { at, kind: 'cases.isolation-ordered', body: order });
    const begun = instant(at + minuteMs);
    this.#record(person, place, {
      at: begun,
      kind: 'cases.isolation-begun',
      body: { where: 'home' },
    });
    const notes = this.#needsOf(person, this.#random.chance(careNeedShare * 10));
    this.#world.after(at, 120 + this.#random.unit() * 480, (later) => {
      this.#record(person, place, { at: later, kind: 'cases.needs-noted', body: { notes } });
    });
    this.#world.queue.planCare(instant(expiresAt), (later) => this.#review(person, place, later));
  }

  #needsOf(person: number, hasMore: boolean): string[] {
    const ageYears = this.#world.residentOf(person)?.ageYears ?? 40;
    const notes = ['food', 'rubbish'];
    if (ageYears >= 70) notes.push('chronic-medicine');
    if (ageYears < 14) notes.push('with-parent');
    if (hasMore)
      notes.push(this.#random.pick(['dialysis', 'pregnancy', 'living-alone', 'disability']));
    return notes;
  }

  /** At the end of an order: let out who is a contact no longer, go on with the others. */
  #review(person: number, place: string, at: Instant): void {
    this.#world.outbox.ask({
      account: this.#staff.headquarters,
      run: (session) => readPerson(session, person),
      answered: ({ stage, untilAt }) => {
        if (stage !== 'contact') return;
        const end = untilAt + this.#world.policy.community.isolationDays * dayMs;
        const plan = Math.max(end, at) + 10 * minuteMs;
        this.#world.queue.planCare(instant(plan), (later) => this.#letOut(person, place, later));
      },
    });
  }

  #letOut(person: number, place: string, at: Instant): void {
    this.#world.standings.delete(person);
    const body = { reason: 'period-over' };
    this.#record(person, place, { at, kind: 'cases.isolation-ended', body });
  }

  /** Lets out whom nothing keeps any more. The list may repeat a person until that is on record. */
  #release({ subject, place }: SubjectRow, at: Instant): void {
    const person = Number(subject.slice('person:'.length));
    const last = this.#released.get(subject);
    if (place === null || (last !== undefined && at - last < 120 * minuteMs)) return;
    this.#released.set(subject, at);
    this.#world.after(at, minutesIn(this.#random, [5, 60]), (later) => {
      this.#world.standings.delete(person);
      const body = { reason: 'own-result-negative' };
      this.#record(person, place, { at: later, kind: 'cases.isolation-ended', body });
    });
  }

  /** A team samples one person at the door; its boxes leave twice an hour. */
  #swab(person: number, at: Instant, purpose: 'recall' | 'exit'): void {
    const standing = this.#world.standings.get(person);
    if (standing === 'case' || standing === 'dead') return;
    const resident = this.#world.residentOf(person);
    const townCode = resident?.townCode ?? this.#world.scenario.root;
    const counter: Counter = {
      name: `team-${townCode}`,
      account: this.#staff.samplerOf(townCode),
      place: resident?.community ?? townCode,
      townCode,
      boxMinutesMax: 30,
    };
    const point = this.#staff.sites.find((site) => site.townCode === townCode)?.id ?? 'door';
    const round = this.#round;
    this.#samplers.swab({ counter, point, members: [person], purpose, poolSize: 1, round }, at);
  }

  #report(person: number, place: string, at: Instant): void {
    const account = this.#staff.headquarters;
    const device = this.#world.outbox.device('report-desk', account);
    const subject = `person:${person}`;
    const reported = { reportedTo: 'national-network' };
    this.#world.outbox.record(device, at, {
      kind: 'cases.case-reported',
      subject,
      place,
      body: reported,
    });
    const infection = this.#world.infections.get(person);
    const foundIn = infection?.foundIn === 'screening' ? 'community' : 'isolation';
    this.#world.after(at, 90 + this.#random.unit() * 1000, (later) => {
      const kind = 'cases.case-investigated';
      const body = { foundIn, ...this.#symptomsOf(person, later) };
      this.#world.outbox.record(device, later, { kind, subject, place, body });
    });
  }

  /** What the patient tells of the first symptoms; some do not know. */
  #symptomsOf(person: number, at: Instant): Body {
    const infection = this.#world.infections.get(person);
    const { onsetUnknownShare, onsetDaysBefore } = this.#world.policy.community;
    if (infection === undefined || this.#random.chance(onsetUnknownShare)) return {};
    if (infection.severity === 'asymptomatic') return { asymptomatic: true };
    const before = this.#random.between(...onsetDaysBefore);
    const today = dayOf(at, this.#world.scenario.offsetMinutes);
    const onsetOn = addDays(infection.foundOn, -before);
    return onsetOn > today ? {} : { onsetOn };
  }
}

type Body = { readonly [k: string]: string | number | boolean | readonly string[] };

/** All pages of a list. */
export async function readAll<T extends { subject: string; key?: string }>(
  session: Session,
  path: string,
  query: Record<string, string>,
): Promise<T[]> {
  const rows: T[] = [];
  let after: string | null = null;
  do {
    const page: { rows: T[]; next?: string | null } = await session.get(path, {
      ...query,
      limit: pageRows,
      ...(after === null ? {} : { after }),
    });
    rows.push(...page.rows);
    after = page.next ?? null;
  } while (after !== null);
  return rows;
}

/** A person's stage, and when they were last listed as a contact. */
async function readPerson(
  session: Session,
  person: number,
): Promise<{ stage: string; untilAt: number }> {
  const { stage, state } = await session.get<{
    stage: string;
    state: { events: { kind: string; at: number }[] };
  }>(`/v1/subjects/${encodeURIComponent(`person:${person}`)}`);
  const listed = state.events.filter(({ kind }) => kind === 'cases.contact-listed');
  return { stage, untilAt: Math.max(0, ...listed.map(({ at }) => at)) };
}
