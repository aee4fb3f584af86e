import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LoadMessage, LoadOrder, LoadReport } from './city-load.ts';
import { type CityServer, startCity } from './city-server.ts';
import { postgresCpuSeconds, rounded, secondsSince, serverCpuSeconds } from './measure.ts';

/** What the generator is told beside the city itself. */
export type Drive = Omit<LoadOrder, 'url' | 'people' | 'seed' | 'tokens'>;

/** Processor and wall seconds of one link of a day that runs link by link. */
export interface PhaseCost {
  readonly seconds: number;
  readonly serverCpuSeconds: number;
  readonly postgresCpuSeconds: number;
}

/** A day, and what each of its links cost when it ran link by link. */
export interface Driven {
  readonly load: LoadReport;
  readonly serverCpuSeconds: number;
  readonly postgresCpuSeconds: number;
  readonly phases: { readonly [phase: string]: PhaseCost };
}

/** A day that is under way: it can be waited for, or left where it stands. */
export interface Running {
  readonly done: Promise<Driven>;
  /** Ends the generator by SIGKILL, and waits until it is gone. */
  readonly abandon: () => Promise<void>;
}

/** Lets a generator live the day of a city, and watches the processors meanwhile. */
export function driveCity(server: CityServer, drive: Drive): Running {
  const generator = fork(fileURLToPath(new URL('./city-load.ts', import.meta.url)), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const gone = new Promise<void>((resolve) => generator.once('exit', () => resolve()));
  const done = watch(server, generator);
  // Whoever abandons a day does not wait for it.
  done.catch(() => undefined);
  const { people, seed } = server.city;
  const order: LoadOrder = {
    ...{ url: server.url(), people, seed, tokens: server.tokens },
    ...drive,
  };
  generator.send(order);
  return {
    done,
    abandon: async () => {
      generator.kill('SIGKILL');
      await gone;
    },
  };
}

function watch(server: CityServer, generator: ChildProcess): Promise<Driven> {
  const look = (): { at: number; own: number; database: number } => ({
    at: performance.now(),
    own: serverCpuSeconds(server.pid()),
    database: postgresCpuSeconds(server.postmaster),
  });
  const began = look();
  let last = began;
  const phases: { [phase: string]: PhaseCost } = {};
  return new Promise((resolve, reject) => {
    generator.on('message', (message: LoadMessage) => {
      if (message.kind === 'failed') reject(new Error(message.message));
      const now = look();
      const cost = (from: typeof now): Omit<PhaseCost, 'seconds'> => ({
        serverCpuSeconds: rounded(now.own - from.own, 2),
        postgresCpuSeconds: rounded(now.database - from.database, 2),
      });
      if (message.kind === 'mark') {
        if (message.phase !== 'start') {
          phases[message.phase] = { seconds: secondsSince(last.at), ...cost(last) };
        }
        last = now;
      }
      if (message.kind !== 'done') return;
      resolve({ load: message.report, ...cost(began), phases });
      generator.disconnect();
    });
    generator.once('exit', (code) => reject(new Error(`the generator ended with ${code}`)));
  });
}

/** How many parts a day of so many people is lived in: memory stays small, links overlap. */
export function wavesOf(people: number): number {
  return Math.max(4, Math.ceil(people / 500_000));
}

/** Asks a server as headquarters; throws with what was said when it says no. */
export async function getAs(server: CityServer, account: string, path: string): Promise<unknown> {
  const token = server.tokens[account] ?? '';
  const reply = await fetch(server.url() + path, { headers: { authorization: `Bearer ${token}` } });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${path}: ${reply.status} ${text.slice(0, 300)}`);
  return JSON.parse(text);
}

/** What a bench prints: its figures, and what was not as it must be. */
export interface CityReport {
  readonly faults: readonly string[];
  readonly [figure: string]: unknown;
}

/** What every bench of a city may be told; `--full` is the whole of Shanghai. */
export const cityOptions = {
  people: { type: 'string' },
  full: { type: 'boolean', default: false },
  seed: { type: 'string', default: '1' },
  /** Keeps the data there in place of a folder that is removed. */
  data: { type: 'string' },
} as const;

interface CityValues {
  readonly people?: string | undefined;
  readonly full: boolean;
  readonly seed: string;
  readonly data?: string | undefined;
}

/** Starts a city, measures it, prints one JSON object; exit code 1 when something is not right. */
export async function benchCity(
  { people, full, seed, data }: CityValues,
  measure: (server: CityServer) => Promise<CityReport>,
): Promise<void> {
  const server = await startCity({
    ...{ people: Number(people ?? (full ? 25_000_000 : 20_000)), seed: Number(seed) },
    ...(data === undefined ? {} : { data }),
  });
  // A bench that is stopped leaves no server behind.
  const stop = (): void => {
    void server.close().finally(() => process.exit(1));
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const report = await measure(server);
    process.stdout.write(`${JSON.stringify(report)}\n`);
    if (report.faults.length > 0) process.exitCode = 1;
  } finally {
    await server.close();
  }
}
