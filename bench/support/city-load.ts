// The load generator of a city's day: a process of its own, so that its processor time is told
// apart from the server's. Its parent sends one `LoadOrder`; it sends `LoadMessage`s back.
import { City } from './city.ts';
import { Desk, type DeskReport } from './city-desk.ts';
import type { LamportClock } from './city-facts.ts';
import { type QuestionReport, Questions } from './city-questions.ts';
import type { Tokens } from './city-staff.ts';
import { CityWork, type HotPool, type Sampled } from './city-work.ts';
import { secondsSince } from './measure.ts';
import { Lines } from './line.ts';

/** What the generator is to do. */
export interface LoadOrder {
  readonly url: string;
  readonly people: number;
  readonly seed: number;
  readonly tokens: Tokens;
  readonly connections: number;
  /** Parts of the city that begin one after the other, links overlapping; 1 is link by link. */
  readonly waves: number;
  readonly single: boolean;
  readonly questions: boolean;
  /** Ends when everybody is sampled: neither boxes nor laboratory. */
  readonly sampleOnly: boolean;
  /** Share of the communities that are sampled at all, 0..1. */
  readonly share: number;
}

/** What the generator did. */
export interface LoadReport {
  readonly seconds: number;
  readonly peopleSampled: number;
  readonly tubes: number;
  readonly plates: number;
  readonly cases: number;
  readonly desk: DeskReport;
  readonly questions: QuestionReport | null;
  readonly questionsSaid: readonly string[];
  readonly cpuSeconds: number;
  readonly peakMb: number;
}

export type LoadMessage =
  | { readonly kind: 'mark'; readonly phase: string }
  | { readonly kind: 'done'; readonly report: LoadReport }
  | { readonly kind: 'failed'; readonly message: string };

const tell = (message: LoadMessage): void => void process.send?.(message);

process.once('message', (order: LoadOrder) => {
  run(order).then(
    (report) => tell({ kind: 'done', report }),
    (error: Error) => tell({ kind: 'failed', message: error.stack ?? error.message }),
  );
});
process.once('disconnect', () => process.exit(1));

async function run(order: LoadOrder): Promise<LoadReport> {
  const city = new City(order.people, order.seed);
  const clock: LamportClock = { value: Date.now() % 1_000_000 };
  const lines = new Lines(order.url, order.connections);
  const asking = new Lines(order.url, 24);
  const desk = new Desk(lines, order.tokens, clock);
  const teams = Math.min(8, Math.max(1, Math.ceil(order.connections / city.communities)));
  const work = new CityWork(city, desk, clock, { teams, single: order.single });
  const questions = order.questions ? new Questions(city, asking, order.tokens) : null;
  await questions?.start();
  const cpu = process.cpuUsage();
  const began = performance.now();
  await liveDay(order, city, work);
  const seconds = secondsSince(began);
  const answered = (await questions?.stop()) ?? null;
  lines.close();
  asking.close();
  const { user, system } = process.cpuUsage(cpu);
  const { peopleSampled, tubes, plates, cases } = work;
  return {
    ...{ seconds, peopleSampled, tubes, plates, cases },
    desk: desk.report(),
    questions: answered,
    questionsSaid: questions?.said ?? [],
    cpuSeconds: Number(((user + system) / 1e6).toFixed(2)),
    peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

/** Waves start their sampling one after the other; what follows a sampling overlaps the next. */
async function liveDay(order: LoadOrder, city: City, work: CityWork): Promise<void> {
  const { waves, sampleOnly } = order;
  const phased = waves === 1;
  const mark = (phase: string): void => {
    if (phased) tell({ kind: 'mark', phase });
  };
  mark('start');
  const followed: Promise<void>[] = [];
  const turns = inTurn(city).slice(0, Math.ceil(order.share * city.communities));
  for (let wave = 0; wave < waves; wave++) {
    const from = Math.floor((wave * turns.length) / waves);
    const part = turns.slice(from, Math.floor(((wave + 1) * turns.length) / waves));
    const sampled = await sampleWave(work, part, order.connections);
    mark('sample');
    if (sampleOnly) continue;
    // At most two waves wait in the laboratories: what is not bounded here grows in memory.
    if (followed.length > 2) await followed[followed.length - 3];
    followed.push(follow(work, byDistrict(sampled), mark));
  }
  await Promise.all(followed);
}

/** Communities, one of each district in turn: all districts are at work at any time. */
function inTurn(city: City): number[] {
  const turns: { readonly index: number; readonly turn: number }[] = [];
  for (let district = 0; district < city.districts; district++) {
    const { from, to } = city.communitiesOf(district);
    for (let index = from; index < to; index++) turns.push({ index, turn: index - from });
  }
  return turns.sort((left, right) => left.turn - right.turn).map(({ index }) => index);
}

/** Samples the communities of a wave, so many at once. */
async function sampleWave(
  work: CityWork,
  communities: readonly number[],
  atOnce: number,
): Promise<Sampled[]> {
  const sampled: Sampled[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = communities[next]; index !== undefined; index = communities[next]) {
      next += 1;
      sampled.push(await work.sample(index));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return sampled;
}

interface DistrictPart {
  readonly district: number;
  readonly parcels: Sampled['parcels'][number][];
  readonly pools: HotPool[];
}

function byDistrict(sampled: readonly Sampled[]): DistrictPart[] {
  const parts = new Map<number, DistrictPart>();
  for (const { district, parcels, pools } of sampled) {
    const part = parts.get(district) ?? { district, parcels: [], pools: [] };
    part.parcels.push(...parcels);
    part.pools.push(...pools);
    parts.set(district, part);
  }
  return [...parts.values()];
}

/** 送 to 收 for what a wave has sampled, all districts side by side. */
async function follow(
  work: CityWork,
  parts: readonly DistrictPart[],
  mark: (phase: string) => void,
): Promise<void> {
  await road(work, parts, {
    mark,
    positiveOf: ({ pools }) => new Set(pools.map(({ tube }) => tube)),
  });
  const recalled = await Promise.all(
    parts.map(async ({ district, pools }) => ({
      district,
      ...(await work.recall(district, pools)),
    })),
  );
  await road(work, recalled, { mark: () => undefined, positiveOf: ({ positive }) => positive });
  mark('recall');
  await Promise.all(recalled.map(({ district, confirmed }) => work.treat(district, confirmed)));
  mark('treat');
}

/** Carried, counted in, tested, signed and released. */
async function road<T extends Pick<DistrictPart, 'district' | 'parcels'>>(
  work: CityWork,
  parts: readonly T[],
  told: { mark: (phase: string) => void; positiveOf: (part: T) => ReadonlySet<string> },
): Promise<void> {
  const each = async <R>(step: (part: T, index: number) => Promise<R>): Promise<R[]> =>
    Promise.all(parts.map(step));
  await each(({ district, parcels }) => work.carry(district, parcels));
  told.mark('carry');
  await each(({ district, parcels }) => work.receive(district, parcels));
  told.mark('receive');
  const plates = await each((part) => {
    const tubes = part.parcels.flatMap((parcel) => parcel.tubes);
    return work.test(part.district, tubes, told.positiveOf(part));
  });
  told.mark('plates');
  await each((part, index) =>
    work.release(part.district, plates[index] ?? [], told.positiveOf(part)),
  );
  told.mark('release');
}
