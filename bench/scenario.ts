import { parseArgs } from 'node:util';
import { baoshanSpring2022 } from '../scenarios/baoshan-spring-2022/index.ts';
import { drawInfections } from '../scenarios/epidemic.ts';
import { drawPopulation, rosterCsv } from '../scenarios/population.ts';
import { playScenario } from '../scenarios/run.ts';
import { allocate } from '../scenarios/tree.ts';

const usage = 'npm run bench -- scenario.ts [--scale X] [--seed N] [--url URL --password P]';

/**
 * How fast the world is drawn and its roster written, beside the same bytes merely encoded; and,
 * with the address of a server on a driven clock, how long one day takes until it is idle.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      scale: { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
      url: { type: 'string' },
      password: { type: 'string' },
    },
  });
  const scale = Number(values.scale);
  const seed = Number(values.seed);
  if (!(scale > 0 && scale <= 1) || !Number.isInteger(seed)) throw new Error(usage);
  const report = { ...measureDrawing(scale, seed), ...(await measurePlaying(values, scale, seed)) };
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

function measureDrawing(scale: number, seed: number): object {
  const scenario = baoshanSpring2022();
  const personCount = Math.round(scenario.personCount * scale);
  const communities = allocate(scenario.places, personCount, seed);
  const encoder = new TextEncoder();
  const chunks: string[] = [];
  let bytes = 0;
  const roster = timed(() => {
    for (const chunk of rosterCsv(communities, seed)) {
      bytes += encoder.encode(chunk).length;
      // A sample to encode again: keeping the whole would measure memory, not speed.
      if (chunks.length < 100) chunks.push(chunk);
    }
  });
  const rssMb = Math.round(process.memoryUsage().rss / 1e6);
  const encoding = timed(() => {
    for (const chunk of chunks) encoder.encode(chunk);
  });
  const drawn = timed(() => drawPopulation(communities, seed));
  const population = drawPopulation(communities, seed);
  const policy = scenario.policy.epidemic;
  const infected = timed(() =>
    drawInfections(population, scenario.series, { scale, seed, policy }),
  );
  const sampleBytes = chunks.reduce((sum, chunk) => sum + encoder.encode(chunk).length, 0);
  return {
    persons: personCount,
    rosterSeconds: roster,
    rosterMb: Math.round(bytes / 1e6),
    rosterRssMb: rssMb,
    encodingSeconds: Number(((encoding * bytes) / sampleBytes).toFixed(3)),
    populationSeconds: drawn,
    infectionsSeconds: infected,
  };
}

async function measurePlaying(
  { url, password }: { url?: string | undefined; password?: string | undefined },
  scale: number,
  seed: number,
): Promise<object> {
  if (url === undefined || password === undefined) return {};
  const options = { baseUrl: url, account: 'admin', password, scale, seed, untilIdle: true };
  const totals = await playScenario({ ...options, scenario: baoshanSpring2022() });
  const { facts, acts, infected, seconds } = totals;
  return { facts, acts, infected, seconds, factsPerSecond: Math.round(facts / seconds) };
}

function timed(work: () => unknown): number {
  const begun = performance.now();
  work();
  return Number(((performance.now() - begun) / 1000).toFixed(3));
}

await main();
