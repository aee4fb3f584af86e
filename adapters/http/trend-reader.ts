import { createHash } from 'node:crypto';
import type { Json } from '../../kernel/assert.ts';
import { type Day, dayOf, startOfDay, addDays } from '../../kernel/day.ts';
import { instant, type Instant } from '../../kernel/instant.ts';
import { keptAs } from '../../ledger/room.ts';
import type { CasePolicy } from '../../rooms/cases/index.ts';
import type { TrendPolicy } from '../../rooms/trend/index.ts';
import { type Infection, infectionsOf } from '../../rooms/trend/infection.ts';
import { readTrend, type TrendFigures } from '../../rooms/trend/trend.ts';
import { TrendRecord } from '../postgres/queries/trend.ts';
import type { Place, Roster } from '../postgres/roster.ts';
import { shapesOf } from '../postgres/shapes.ts';
import { type ServerContext, viewsOf } from './context.ts';

/** Figures with the record that they were read from. */
export interface TrendAnswer {
  readonly figures: TrendFigures;
  readonly receipt: number;
  readonly now: Instant;
}

/** So many answers are kept: a place and a day each. */
const keptMax = 60;
/** Waiting times go on while nothing happens: an answer without news is good for so long. */
const freshMs = 60_000;

/**
 * An answer that took long is good for so many times as long, whatever has come in since: however
 * busy the record, reading one place takes no more than a twentieth of the server's time.
 */
const restTimes = 20;

/** An answer with what it cost; both are known only when it is there. */
interface Kept {
  readonly answer: Promise<TrendAnswer>;
  /** Until when it is good whatever has come in since, by the machine's clock. */
  goodUntil: number;
}

/** Reads the trend of places, each only when its record has changed. */
export class TrendReader {
  readonly #context: ServerContext;
  readonly #record = new TrendRecord();
  readonly #kept = new Map<string, Promise<TrendAnswer>>();
  /** The last answer of each place and day. */
  readonly #last = new Map<string, Kept>();
  /** Infections as they were known at an instant, of the record up to a receipt: the last asked. */
  #read: { readonly key: string; readonly infections: readonly Infection[] } | null = null;
  readonly #population = new WeakMap<Roster, ReadonlyMap<string, number>>();

  constructor(context: ServerContext) {
    this.#context = context;
  }

  /** The settings of the room, as the deployment has them. */
  get policy(): TrendPolicy {
    return keptAs<TrendPolicy>(this.#context.policy['trend']);
  }

  /** The day that it is where the operation runs. */
  today(): Day {
    return dayOf(this.#context.clock.now(), this.policy.utcOffsetMinutes);
  }

  /** The figures of a place as they were known at the end of a day, or now. */
  async read(place: Place, until: Day): Promise<TrendAnswer> {
    const { pool, clock, roster } = this.#context;
    const question = `${place.code} ${until} ${roster().personCount}`;
    const last = this.#last.get(question);
    if (last !== undefined && performance.now() < last.goodUntil) return last.answer;
    const receipt = await this.#record.catchUp(pool, viewsOf(this.#context));
    const turn = Math.floor(clock.now() / freshMs);
    const key = `${question} ${receipt} ${until === this.today() ? turn : 0}`;
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const began = performance.now();
    const answer = this.#compute(place, until, receipt);
    this.#kept.set(key, answer);
    const kept: Kept = { answer, goodUntil: 0 };
    this.#last.set(question, kept);
    void this.#rest(answer, { key, question, kept, began });
    forget(this.#kept);
    forget(this.#last);
    return answer;
  }

  /** Lets an answer be good for as long as its cost asks; one that failed is forgotten. */
  async #rest(
    answer: Promise<TrendAnswer>,
    { key, question, kept, began }: { key: string; question: string; kept: Kept; began: number },
  ): Promise<void> {
    try {
      await answer;
      const now = performance.now();
      kept.goodUntil = now + restTimes * (now - began);
    } catch {
      this.#kept.delete(key);
      this.#last.delete(question);
    }
  }

  async #compute(place: Place, until: Day, receipt: number): Promise<TrendAnswer> {
    const { policy } = this;
    const { pool, clock, roster: currentRoster } = this.#context;
    const roster = currentRoster();
    const isOver = until < this.today();
    const midnight = startOfDay(addDays(until, 1), policy.utcOffsetMinutes);
    const now = isOver ? instant(midnight - 1) : clock.now();
    // Up to the end of today rather than now: places asked one after the other share one reading.
    const knownUntil = instant(midnight - 1);
    const population = this.#populationOf(roster);
    const compared = [place, ...roster.childrenOf(place.code)];
    const shapes = await shapesOf(
      pool,
      compared.map(({ code }) => code),
    );
    const own = `${place.path}/`;
    const infections = this.#infections(knownUntil, receipt, policy).filter(({ path }) => {
      return `${path}/`.startsWith(own) || (path === '' && place.parent === null);
    });
    const figures = readTrend({
      place: place.code,
      places: compared.map(({ code }) => ({ code, population: population.get(code) ?? null })),
      parents: parentsOf(roster),
      positions: new Map(shapes.map((shape) => [shape.place, shape])),
      infections,
      results: this.#record.results.filter(({ at }) => at > 0 && at <= now),
      recordFrom: this.#recordFrom(until, policy),
      ...{ until, isOver, now, policy },
    });
    return { figures, receipt, now };
  }

  #infections(
    until: Instant,
    receipt: number,
    { utcOffsetMinutes: offsetMinutes, reinfectionDays }: TrendPolicy,
  ): readonly Infection[] {
    const key = `${until} ${receipt}`;
    if (this.#read?.key === key) return this.#read.infections;
    const policy = keptAs<CasePolicy>(this.#context.policy['cases']);
    const reading = { until, policy, reinfectionDays, offsetMinutes };
    const infections = this.#record.persons.flatMap((person) => infectionsOf(person, reading));
    this.#read = { key, infections };
    return infections;
  }

  /** The day of the first result: before it the record can say nothing of what was found. */
  #recordFrom(until: Day, { utcOffsetMinutes }: TrendPolicy): Day {
    const moments = this.#record.results.flatMap(({ at }) => (at > 0 ? [at] : []));
    const first = moments.reduce((least, at) => Math.min(least, at), Infinity);
    if (first === Infinity) return until;
    const day = dayOf(instant(first), utcOffsetMinutes);
    return day < until ? day : until;
  }

  /** Residents of every place with all below it; those who moved away or died are not counted. */
  #populationOf(roster: Roster): ReadonlyMap<string, number> {
    const known = this.#population.get(roster);
    if (known !== undefined) return known;
    const { householdOf, placeOfHousehold, placeCodes, leftOnDay } = roster.arrays;
    const here = new Int32Array(placeCodes.length);
    const stayed = -1_000_000;
    for (let person = 1; person < householdOf.length; person++) {
      const household = householdOf[person] ?? 0;
      if (household === 0) continue;
      if (leftOnDay !== undefined && (leftOnDay[person] ?? stayed) > stayed) continue;
      const place = placeOfHousehold[household] ?? 0;
      here[place] = (here[place] ?? 0) + 1;
    }
    const counts = new Map<string, number>();
    placeCodes.forEach((code, index) => {
      const count = here[index] ?? 0;
      if (count === 0) return;
      for (const above of (roster.pathOf(code) ?? code).split('/')) {
        counts.set(above, (counts.get(above) ?? 0) + count);
      }
    });
    this.#population.set(roster, counts);
    return counts;
  }
}

/** Leaves the newest answers. */
function forget(answers: Map<string, unknown>): void {
  for (const oldest of answers.keys()) {
    if (answers.size <= keptMax) return;
    answers.delete(oldest);
  }
}

function parentsOf(roster: Roster): ReadonlyMap<string, string | null> {
  return new Map([...roster.places.values()].map(({ code, parent }) => [code, parent]));
}

/**
 * The digest by which figures are cited: of their JSON with sorted keys, so that whoever holds them
 * can work it out again.
 */
export function digestOf(figures: Json): string {
  return createHash('sha256').update(sorted(figures)).digest('hex').slice(0, 32);
}

function sorted(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${sorted(each)}`).join(',')}}`;
}
