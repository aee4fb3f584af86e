// One tube of ten a request, each acknowledged after a durable commit, beside two rivals in the
// same run: the same routes storing nothing, and a transaction a request with a row a person.
// `npm run bench -- ingest [--connections N] [--rounds N] [--people N] [--full] [--profile DIR]`;
// `--only ours` leaves the rivals out, as for a profile.
import { parseArgs } from 'node:util';
import { IngestBench, type Measured, type Variant } from './support/ingest-bench.ts';
import { layoutFor, personsPerCommunity, tubeSize } from './support/ingest-tubes.ts';
import { countRows, growthOf } from './support/table-counts.ts';
import { median, rounded, spreadOf } from './support/figures.ts';

const { values } = parseArgs({
  options: {
    connections: { type: 'string', default: '64' },
    rounds: { type: 'string', default: '3' },
    people: { type: 'string' },
    seconds: { type: 'string' },
    only: { type: 'string' },
    full: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
});
const connections = Number(values.connections);
const rounds = Number(values.rounds);
const seconds = Number(values.seconds ?? (values.full ? 60 : 3));
const people = Number(values.people ?? (values.full ? 2_000_000 : 250_000));
const all: readonly Variant[] = ['ours', 'null', 'naive'];
const variants = all.filter((each) => values.only === undefined || each === values.only);
if (variants.length === 0) throw new Error(`--only is one of: ${all.join(', ')}`);
/** More than this machine could take: so many people must be there to be sampled. */
const tubesPerSecondMax = 40_000;
/** The first turn of a server is its warm-up too; later ones only fill the connections. */
const warmMs = { first: 2_000, later: 500 } as const;

const tubes = tubesPerSecondMax * (rounds * (seconds + 0.5) + 2);
const bench = await IngestBench.open(layoutFor({ senders: connections, people, tubes }), variants, {
  profile: values.profile ?? null,
});
try {
  process.stdout.write(`${JSON.stringify(await measure())}\n`);
} finally {
  await bench.close();
}

async function measure(): Promise<object> {
  const turns: Record<Variant, Measured[]> = { ours: [], null: [], naive: [] };
  let rowsChecked = 0;
  for (let round = 0; round < rounds; round++) {
    for (const variant of variants) {
      const { owner } = bench.contender(variant);
      const before = await countRows(owner);
      const turn = await bench.turn(variant, {
        ...{ tubesPerRequest: 1, measureMs: seconds * 1000 },
        warmMs: round === 0 ? warmMs.first : warmMs.later,
      });
      rowsChecked += check(variant, turn, growthOf(before, await countRows(owner)));
      turns[variant].push(turn);
    }
  }
  return report(turns, rowsChecked);
}

/** Every acknowledged tube is one row of some table, and nothing else is; answers the rows. */
function check(
  variant: Variant,
  { tubesInAll }: Measured,
  grown: ReadonlyMap<string, number>,
): number {
  const told = `${variant} acknowledged ${tubesInAll} tubes; ${JSON.stringify([...grown])} grew`;
  if (variant === 'null') {
    if (grown.size > 0) throw new Error(told);
    return 0;
  }
  if (variant === 'naive') {
    const isRight =
      grown.get('naive_tube') === tubesInAll && grown.get('naive_person') === tubesInAll * tubeSize;
    if (!isRight) throw new Error(told);
  }
  if (![...grown.values()].includes(tubesInAll)) throw new Error(told);
  return tubesInAll;
}

/** The medians of one server's turns. */
function figuresOf(turns: readonly Measured[]) {
  const middle = (of: (turn: Measured) => number): number | null =>
    rounded(median(turns.map(of)), 1);
  return {
    p50Ms: middle(({ p50Ms }) => p50Ms),
    p99Ms: middle(({ p99Ms }) => p99Ms),
    cpuUsPerTube: {
      node: middle(({ cpu, tubes: taken }) => (cpu.node / taken) * 1e6),
      postgres: middle(({ cpu, tubes: taken }) => (cpu.postgres / taken) * 1e6),
      load: middle(({ cpu, tubes: taken }) => (cpu.load / taken) * 1e6),
    },
    walBytesPerPerson: middle(({ walBytes, tubesInAll }) => walBytes / tubesInAll / tubeSize),
    // Processors that were busy with something that is none of ours.
    otherCpu: middle(({ cpu, seconds: taken }) => cpu.other / taken),
  };
}

function report(turns: Readonly<Record<Variant, readonly Measured[]>>, rowsChecked: number) {
  const rates = (variant: Variant): number[] =>
    turns[variant].map(({ tubesPerSecond }) => tubesPerSecond);
  // Of turns that stood beside each other, so that both had the same machine.
  const ratios = (rival: Variant): number[] =>
    turns.ours.map((own, at) => own.tubesPerSecond / (turns[rival][at]?.tubesPerSecond ?? NaN));
  return {
    ratioToNull: rounded(median(ratios('null')), 3),
    ratioToNaive: rounded(median(ratios('naive')), 2),
    tubesPerSecond: Object.fromEntries(
      variants.map((each) => [each, Math.round(median(rates(each)))]),
    ),
    spread: {
      ...{ ratioToNull: spreadOf(ratios('null'), 3), ratioToNaive: spreadOf(ratios('naive'), 2) },
      ...Object.fromEntries(variants.map((each) => [each, spreadOf(rates(each), 0)])),
    },
    ...figuresOf(turns.ours),
    rivals: { null: figuresOf(turns.null), naive: figuresOf(turns.naive) },
    ...{ connections, rounds, secondsPerTurn: seconds, rowsChecked },
    people: bench.layout.communities * personsPerCommunity,
  };
}
