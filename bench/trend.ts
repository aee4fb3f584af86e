// How long a full recomputation of the trend takes:
// `node bench/trend.ts [--cases N] [--workers 1]`.
// An invented city of 16 districts, 216 towns and 6,000 communities over 67 days: every series,
// standing and R of each; delays learnt once; nowcasts of city, districts and towns; forecasts of
// city and districts. Communities have no nowcast of their own.
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { addDays, type Day } from '../kernel/day.ts';
import { Random } from '../kernel/random.ts';
import { forecast } from '../methods/forecast/forecast.ts';
import { learnDelays, type LearntDelays, nowcast } from '../methods/nowcast/nowcast.ts';
import { buildTriangle } from '../methods/nowcast/triangle.ts';
import {
  gammaPrior,
  reproductionColumns,
  reproductionProbabilities,
  slidingWindows,
} from '../methods/renewal/reproduction.ts';
import { intervalOfMoments } from '../methods/renewal/serial-interval.ts';
import { StandardQuantiles } from '../methods/renewal/standard-quantiles.ts';
import {
  clearDays,
  countIncidence,
  foundKinds,
  type ParentOf,
  policyDefaults,
  qualityOf,
  seriesOf,
  type TrendCase,
} from '../rooms/trend/index.ts';

const from = '2022-03-26' as Day;
const days = 67;
const dates = Array.from({ length: days }, (_, day) => addDays(from, day));
const delayMax = 14;
const nowcastDays = 14;

/** The places of the city: code and parent, from the city down. */
function makePlaces(): ParentOf {
  const parents = new Map<string, string | null>([['city', null]]);
  for (let district = 0; district < 16; district++) parents.set(`d${district}`, 'city');
  for (let town = 0; town < 216; town++) parents.set(`t${town}`, `d${town % 16}`);
  for (let one = 0; one < 6000; one++) parents.set(`c${one}`, `t${one % 216}`);
  return parents;
}

/** A wave that rises and falls over the 67 days; a case is onset, sampled a day or more later. */
function makeCases(count: number): TrendCase[] {
  const random = new Random(1);
  const shape = dates.map((_, day) => Math.exp(-(((day - 22) / 13) ** 2)));
  return Array.from({ length: count }, () => {
    const day = random.weighted(shape);
    const sampled = day + random.weighted([0.3, 0.3, 0.2, 0.1, 0.1]);
    const reported = sampled + random.weighted([0.3, 0.4, 0.2, 0.1]);
    const on = (index: number): Day | null => dates[index] ?? null;
    return {
      place: `c${random.below(6000)}`,
      found: random.pick(foundKinds),
      entry: random.chance(0.05) ? 'conversion' : 'first',
      onset: random.chance(0.2) ? null : on(day),
      sampled: on(sampled),
      reported: on(reported),
    };
  });
}

/** Reports by day of onset and day of report, of one place. */
interface Reports {
  readonly eventDays: number[];
  readonly reportDays: number[];
}

/** What one worker is asked: places whose last days are to be completed, and series to carry on. */
interface Task {
  readonly reports: readonly Reports[];
  readonly learnt: LearntDelays;
  readonly series: readonly Float64Array[];
}

const interval = intervalOfMoments({ meanDays: 3, sdDays: 1.8 }, 15);

function triangleOf({ eventDays, reportDays }: Reports) {
  return buildTriangle({
    eventDays,
    reportDays,
    asOf: days - 1,
    days,
    delayMax,
    weekdayOfDayZero: 5,
  });
}

/** Nowcasts and forecasts of one part of the places; answers how many were made. */
function complete({ reports, learnt, series }: Task): number {
  const random = new Random(2);
  let made = 0;
  for (const each of reports) {
    const shape = { targetDays: nowcastDays, weekly: true, random, draws: 200, patterns: 10 };
    if (nowcast({ triangle: triangleOf(each), learnt, ...shape }) !== null) made += 1;
  }
  for (const incidence of series) {
    if (forecast({ incidence, interval, horizonDays: 14, random, draws: 400 }) !== null) made += 1;
  }
  return made;
}

/** Reports of every place down to the towns, in one pass over the cases. */
function gatherReports(cases: readonly TrendCase[], parents: ParentOf): Map<string, Reports> {
  const reports = new Map<string, Reports>();
  const index = new Map(dates.map((date, day) => [date, day]));
  for (const { place, onset, reported, entry } of cases) {
    const [event, report] = [index.get(onset ?? from), index.get(reported ?? from)];
    if (onset === null || reported === null || entry === 'conversion') continue;
    if (event === undefined || report === undefined || report < event) continue;
    for (let at = parents.get(place) ?? null; at !== null; at = parents.get(at) ?? null) {
      const held = reports.get(at) ?? { eventDays: [], reportDays: [] };
      reports.set(at, held);
      held.eventDays.push(event);
      held.reportDays.push(report);
    }
  }
  return reports;
}

/** Everything that one thread does for all places: standings and reproduction numbers. */
function readAll(cases: readonly TrendCase[], parents: ParentOf) {
  const table = countIncidence(cases, parents, { from, days });
  const quantiles = new StandardQuantiles(reproductionProbabilities);
  const windows = slidingWindows(days, 7);
  let standings = 0;
  let estimates = 0;
  for (const place of parents.keys()) {
    const { community } = policyDefaults.clear;
    const found = seriesOf(table, { place, date: 'reported', found: community });
    standings += clearDays({ population: 4_000, found: [...found] }, policyDefaults.clear).length;
    const incidence = seriesOf(table, { place, date: 'onset' });
    seriesOf(table, { place, date: 'sampled' });
    const prior = gammaPrior(5, 5);
    estimates += reproductionColumns({ incidence, interval, windows, prior, quantiles }).mean
      .length;
  }
  return { table, standings, estimates };
}

if (isMainThread) {
  const { values } = parseArgs({
    options: {
      cases: { type: 'string', default: '200000' },
      workers: { type: 'string', default: '1' },
      times: { type: 'string', default: '5' },
    },
  });
  const parents = makePlaces();
  const cases = makeCases(Number(values.cases));
  const workers = Array.from(
    { length: Number(values.workers) },
    () => new Worker(fileURLToPath(import.meta.url)),
  );
  const ask = (worker: Worker, task: Task): Promise<number> =>
    new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
      worker.postMessage(task);
    });
  const rounds: { readonly [figure: string]: number }[] = [];
  let counted = {};
  for (let round = 0; round < Number(values.times); round++) {
    const start = performance.now();
    const cpu = process.cpuUsage();
    const reports = gatherReports(cases, parents);
    const gathered = performance.now();
    const whole = reports.get('city');
    if (whole === undefined) throw new Error('an invented city has cases');
    const learnt = learnDelays(triangleOf(whole), { weekly: true });
    if (learnt === null) throw new Error('an invented city has reports');
    const all = [...reports.values()];
    // The first thread has standings and reproduction numbers to do meanwhile.
    const parts = workers.map((worker, part) =>
      ask(worker, {
        reports: all.filter((_, index) => index % workers.length === part),
        learnt,
        series: [],
      }),
    );
    const { table, standings, estimates } = readAll(cases, parents);
    const read = performance.now();
    const series = ['city', ...Array.from({ length: 16 }, (_, index) => `d${index}`)].map((place) =>
      seriesOf(table, { place, date: 'reported' }),
    );
    const own = complete({ reports: workers.length === 0 ? all : [], learnt, series });
    qualityOf(cases, dates[days - 1] ?? from);
    const made = own + (await Promise.all(parts)).reduce((sum, each) => sum + each, 0);
    const used = process.cpuUsage(cpu);
    rounds.push({
      wholeMs: Math.round(performance.now() - start),
      gatherMs: Math.round(gathered - start),
      readMs: Math.round(read - gathered),
      cpuMs: Math.round((used.user + used.system) / 1000),
    });
    counted = { standings, estimates, nowcastsAndForecasts: made };
  }
  await Promise.all(workers.map((worker) => worker.terminate()));
  const middle = (figure: string): number =>
    rounds.map((round) => round[figure] ?? 0).sort((one, other) => one - other)[
      Math.floor(rounds.length / 2)
    ] ?? 0;
  const told = {
    ...{ places: parents.size, cases: cases.length, days, ...counted },
    ...{ threads: workers.length + 1, cores: availableParallelism() },
    loadAverage: loadavg()[0],
    medianWholeMs: middle('wholeMs'),
    medianCpuMs: middle('cpuMs'),
    rounds,
  };
  console.log(JSON.stringify(told));
} else {
  parentPort?.on('message', (task: Task) => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
    parentPort?.postMessage(complete(task));
  });
}
