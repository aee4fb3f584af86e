import { type City, cityCode, mix } from './city.ts';
import * as paths from './city-paths.ts';
import { headquarters, type Tokens } from './city-staff.ts';
import { Latencies, type LatencySummary } from './measure.ts';
import type { Lines } from './line.ts';

/** Questions asked each second of the day, by kind. */
const perSecond = {
  missing: 4,
  counts: 4,
  ownResult: 4,
  trace: 4,
  boardCity: 1,
  boardDistrict: 1,
  boardCommunity: 1,
} as const;

export type QuestionKind = keyof typeof perSecond;
const kinds = Object.keys(perSecond) as QuestionKind[];
/** A kind of which so many wait is not asked again: the wait is in the figures already. */
const openMax = 8;

/** How the questions of a kind were answered; null where the server does not offer them. */
export type QuestionReport = {
  readonly [K in QuestionKind]:
    | (LatencySummary & { readonly unanswered: number; readonly unasked: number })
    | null;
};

/**
 * People who ask while the city is being tested: a few questions of each kind a second, at fixed
 * times. How long one took counts from when it was due, so that a server which stands still for
 * a second is not spared those that it kept from being asked.
 */
export class Questions {
  readonly #city: City;
  readonly #lines: Lines;
  readonly #token: string;
  readonly #latencies = new Map<QuestionKind, Latencies>();
  readonly #open = new Map<QuestionKind, number>();
  readonly #unasked = new Map<QuestionKind, number>();
  readonly #unanswered = new Map<QuestionKind, number>();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #left = new Set<QuestionKind>();
  readonly #said: string[] = [];
  #serial = 0;

  constructor(city: City, lines: Lines, tokens: Tokens) {
    this.#city = city;
    this.#lines = lines;
    this.#token = tokens[headquarters] ?? '';
  }

  /** What went wrong, in the words of the first few answers. */
  get said(): readonly string[] {
    return this.#said;
  }

  /** Finds out what the server offers, and begins to ask. */
  async start(): Promise<void> {
    const probe = await this.#lines.get(paths.ownResultPath(1), this.#token);
    if (!paths.isOffered(probe)) this.#left.add('ownResult');
    for (const kind of kinds) {
      if (this.#left.has(kind)) continue;
      this.#latencies.set(kind, new Latencies());
      const everyMs = 1000 / perSecond[kind];
      let due = performance.now() + everyMs * Math.random();
      const timer = setInterval(() => {
        for (; due <= performance.now(); due += everyMs) void this.#ask(kind, due);
      }, 20);
      this.#timers.push(timer);
    }
  }

  /** Asks no more, and waits for what is open. */
  async stop(): Promise<QuestionReport> {
    for (const timer of this.#timers) clearInterval(timer);
    const isOpen = (): boolean => kinds.some((kind) => (this.#open.get(kind) ?? 0) > 0);
    while (isOpen()) await new Promise((resolve) => setTimeout(resolve, 10));
    return Object.fromEntries(kinds.map((kind) => [kind, this.#reportOf(kind)])) as QuestionReport;
  }

  #reportOf(kind: QuestionKind): QuestionReport[QuestionKind] {
    const latencies = this.#latencies.get(kind);
    if (latencies === undefined) return null;
    const unanswered = this.#unanswered.get(kind) ?? 0;
    return { ...latencies.summary(), unanswered, unasked: this.#unasked.get(kind) ?? 0 };
  }

  async #ask(kind: QuestionKind, due: number): Promise<void> {
    const open = this.#open.get(kind) ?? 0;
    if (open >= openMax) {
      this.#unasked.set(kind, (this.#unasked.get(kind) ?? 0) + 1);
      return;
    }
    this.#open.set(kind, open + 1);
    this.#serial += 1;
    const path = pathOf(this.#city, kind, this.#serial);
    const reply = await this.#lines.get(path, this.#token).catch((error: Error) => error);
    this.#open.set(kind, (this.#open.get(kind) ?? 1) - 1);
    // Of somebody who has not been sampled yet nothing is on record: that is an answer, too.
    const isPersonal = kind === 'trace' || kind === 'ownResult';
    const status = reply instanceof Error ? 0 : reply.status;
    if (status === 200 || (status === 404 && isPersonal)) {
      this.#latencies.get(kind)?.add(performance.now() - due);
      return;
    }
    this.#unanswered.set(kind, (this.#unanswered.get(kind) ?? 0) + 1);
    if (this.#said.length >= 5) return;
    const told = reply instanceof Error ? reply.message : reply.text.slice(0, 200);
    this.#said.push(`${path}: ${status} ${told}`);
  }
}

/** The path of the n-th question of a kind. */
export function pathOf(city: City, kind: QuestionKind, serial: number): string {
  const drawn = mix(serial, city.seed ^ 0x7157);
  const community = city.community(drawn % city.communities);
  const district = city.districtCode(drawn % city.districts);
  const person = 1 + (drawn % city.people);
  switch (kind) {
    case 'missing':
      return paths.missingPath(community.code);
    case 'counts': {
      const building = `${community.code}-1`;
      const places = [cityCode, district, community.town, community.code, building];
      return paths.countsPath(places[serial % places.length] ?? cityCode);
    }
    case 'ownResult':
      return paths.ownResultPath(person);
    case 'trace':
      return paths.tracePath(person);
    case 'boardCity':
      return paths.boardPath(cityCode);
    case 'boardDistrict':
      return paths.boardPath(district);
    case 'boardCommunity':
      return paths.boardPath(community.code);
  }
}
