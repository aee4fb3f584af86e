// Batches of a hundred tubes of ten, as phones and stations send them after a while without a
// signal, beside binary COPY of the very same rows and indexes in the same run.
// `npm run bench -- batches [--connections N] [--tubes N] [--rounds N] [--full] [--profile DIR]`.
import { parseArgs } from 'node:util';
import {
  type CopyOutcome,
  copyAgain,
  copyBareTubes,
  standNow,
  syncsPerSecond,
} from './support/copy-limit.ts';
import { median, rounded, spreadOf } from './support/figures.ts';
import { IngestBench, type Measured } from './support/ingest-bench.ts';
import { layoutFor, personsPerCommunity, tubeSize } from './support/ingest-tubes.ts';

const { values } = parseArgs({
  options: {
    connections: { type: 'string', default: '8' },
    tubes: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '3' },
    people: { type: 'string' },
    seconds: { type: 'string' },
    full: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
});
const connections = Number(values.connections);
const tubesPerRequest = Number(values.tubes);
const rounds = Number(values.rounds);
const seconds = Number(values.seconds ?? (values.full ? 60 : 4));
const people = Number(values.people ?? (values.full ? 2_000_000 : 500_000));
/** More than this machine could take: so many people must be there to be sampled. */
const tubesPerSecondMax = 80_000;
/** The first turn is the server's warm-up too; later ones only fill the connections. */
const warmMs = { first: 2_000, later: 500 } as const;

interface Round {
  readonly own: Measured;
  readonly copy: CopyOutcome;
  readonly bareTubes: number;
  readonly syncs: number;
}

const layout = layoutFor({
  ...{ senders: connections, people },
  tubes: tubesPerSecondMax * (rounds * (seconds + 0.5) + 2),
});
const bench = await IngestBench.open(layout, ['ours'], { profile: values.profile ?? null });
try {
  const measured: Round[] = [];
  for (let round = 0; round < rounds; round++) measured.push(await measure(round));
  process.stdout.write(`${JSON.stringify(report(measured))}\n`);
} finally {
  await bench.close();
}

async function measure(round: number): Promise<Round> {
  const { owner } = bench.contender('ours');
  const before = await standNow(owner);
  const own = await bench.turn('ours', {
    ...{ tubesPerRequest, measureMs: seconds * 1000 },
    warmMs: round === 0 ? warmMs.first : warmMs.later,
  });
  const copy = await copyAgain(owner, before);
  // Every acknowledged tube is one row of some table, or the two did not do the same work.
  if (!Object.values(copy.rows).includes(own.tubesInAll)) {
    throw new Error(`${own.tubesInAll} tubes acknowledged; ${JSON.stringify(copy.rows)} written`);
  }
  const bareTubes = await copyBareTubes(owner, own.tubesInAll);
  return { own, copy, bareTubes, syncs: syncsPerSecond(bench.folder) };
}

function report(measured: readonly Round[]): object {
  const own = measured.map((each) => each.own.tubesPerSecond * tubeSize);
  const copy = measured.map((each) => (each.own.tubesInAll * tubeSize) / each.copy.seconds);
  const ratios = measured.map((_, at) => (own[at] ?? 0) / (copy[at] ?? 1));
  const bare = measured.map((each) => each.bareTubes);
  const middle = (of: (round: Round) => number, decimals = 1): number | null =>
    rounded(median(measured.map(of)), decimals);
  return {
    ratioToCopy: rounded(median(ratios), 3),
    peoplePerSecond: { ours: Math.round(median(own)), copy: Math.round(median(copy)) },
    spread: {
      ...{ ratioToCopy: spreadOf(ratios, 3), ours: spreadOf(own, 0), copy: spreadOf(copy, 0) },
    },
    p50Ms: middle((round) => round.own.p50Ms),
    p99Ms: middle((round) => round.own.p99Ms),
    cpuUsPerTube: {
      node: middle(({ own: { cpu, tubes } }) => (cpu.node / tubes) * 1e6),
      postgres: middle(({ own: { cpu, tubes } }) => (cpu.postgres / tubes) * 1e6),
      load: middle(({ own: { cpu, tubes } }) => (cpu.load / tubes) * 1e6),
    },
    walBytesPerPerson: {
      ours: middle((round) => round.own.walBytes / round.own.tubesInAll / tubeSize),
      copy: middle((round) => round.copy.walBytes / round.own.tubesInAll / tubeSize),
    },
    // Limits that nothing built like this can pass, taken in the same minute.
    limits: {
      bareTubePeoplePerSecond: Math.round(median(bare)),
      ratioToBareTube: rounded(
        median(measured.map((_, at) => (own[at] ?? 0) / (bare[at] ?? 1))),
        3,
      ),
      fdatasyncPerSecond: middle((round) => round.syncs, 0),
    },
    // Processors that were busy with something else.
    otherCpu: spreadOf(
      measured.map((each) => each.own.cpu.other / each.own.seconds),
      2,
    ),
    ...{ connections, tubesPerRequest, rounds, secondsPerTurn: seconds },
    rowsCopied: measured.map((each) => each.copy.rows),
    people: layout.communities * personsPerCommunity,
  };
}
