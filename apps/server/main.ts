import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { createApp } from '../../adapters/http/app.ts';
import type { ServerContext } from '../../adapters/http/context.ts';
import { serveBoard, serveField } from '../../adapters/http/static.ts';
import { VisitWatch } from '../../adapters/jobs/visits.ts';
import { Fault } from '../../adapters/fault.ts';
import { findWeakSettings } from '../../adapters/postgres/durability.ts';
import { runScenario } from '../../scenarios/index.ts';
import { compose, ensureAdmin } from './compose.ts';
import { type Config, readConfig, usage, wantsHelp } from './config.ts';
import { openEmbedded } from './where.ts';

const stops: (() => Promise<void>)[] = [];

/** Starts what the configuration asks for, in order, and notes how to stop each. */
async function start(config: Config): Promise<void> {
  await mkdir(config.data, { recursive: true });
  const { connectionString, folder } = await openStore(config);
  const composed = await compose({
    connectionString,
    folder,
    clock: config.clock,
    policyFile: config.policyFile,
    unsafe: config.unsafe,
  });
  stops.push(composed.close);
  const visits = new VisitWatch(composed.context);
  stops.push(() => visits.close());
  const password = await ensureAdmin(composed.context.pool, config.adminPassword);
  if (password !== null) await keepPassword(config, password);
  const app = await createApp(composed.context, { logLevel: config.logLevel });
  await warnIfUnsafe(app, composed.context);
  await serveBoard(app);
  await serveField(app);
  const url = await app.listen({ host: config.host, port: config.port });
  stops.push(() => app.close());
  const serverFile = join(config.data, 'server.json');
  const running = { url, pid: process.pid, database: connectionString };
  await writeFile(serverFile, JSON.stringify(running), { mode: 0o600 });
  stops.push(() => rm(serverFile, { force: true }));
  say(`Sextant is at ${url}`);
  const known = password ?? config.adminPassword ?? (await readPassword(config));
  say(known === null ? 'sign in with an account of yours' : `sign in as admin, password ${known}`);
  if (config.scenario !== null) play(config, { url, password: known });
}

/** After `--unsafe`: in the log, as on every screen. */
async function warnIfUnsafe(app: FastifyInstance, { pool }: ServerContext): Promise<void> {
  const weak = await findWeakSettings(pool);
  if (weak.length === 0) return;
  app.log.error({ weak }, 'postgres.not-durable');
  complain(`UNSAFE: what is answered may be lost, because ${weak.join(', ')} is off`);
}

async function openStore(config: Config): Promise<Store> {
  if (config.databaseUrl !== null) return { connectionString: config.databaseUrl, folder: null };
  // A played scenario begins at its beginning and leaves the deployment's own database alone.
  const wanted = config.scenario === null ? { use: 'own' } : { use: 'scenario', fresh: true };
  const opened = await openEmbedded(config.data, { ...(wanted as OpenOptions), log: complain });
  stops.push(opened.release);
  return opened;
}

interface Store {
  readonly connectionString: string;
  readonly folder: string | null;
}

type OpenOptions = Parameters<typeof openEmbedded>[1];

const passwordFile = (config: Config): string => {
  const name = config.scenario === null ? 'first-admin.txt' : 'scenario-admin.txt';
  return join(config.data, name);
};

async function keepPassword(config: Config, password: string): Promise<void> {
  await writeFile(passwordFile(config), `${password}\n`, { mode: 0o600 });
}

async function readPassword(config: Config): Promise<string | null> {
  return readFile(passwordFile(config), 'utf8').then(
    (text) => text.trim(),
    () => null,
  );
}

/** Plays the scenario against this very server, over HTTP, as devices would. */
function play(config: Config, { url, password }: { url: string; password: string | null }): void {
  if (config.scenario === null || password === null) return;
  const { scenario: name, scale, seed, days, pace } = config;
  const controller = new AbortController();
  stops.push(async () => controller.abort());
  say(`playing ${name} at scale ${scale}: open the board and watch`);
  runScenario({
    baseUrl: url,
    account: 'admin',
    password,
    name,
    scale,
    days,
    seed,
    untilIdle: true,
    pace,
    signal: controller.signal,
  }).then(
    () => say(`${name} has been played; the board stays`),
    (error: unknown) => {
      if (!controller.signal.aborted) say(`the scenario stopped: ${String(error)}`);
    },
  );
}

function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

let stopping = false;

async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  for (const step of stops.reverse()) {
    await step().catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
  }
  process.exit(code);
}

process.on('SIGINT', () => void stop(0));
process.on('SIGTERM', () => void stop(0));
// Started by `npm start`: when that is killed without being able to say so, the channel closes.
process.on('disconnect', () => void stop(0));

const args = process.argv.slice(2);
if (wantsHelp(args)) {
  say(usage);
} else {
  try {
    await start(readConfig(args, process.env));
  } catch (error) {
    const told = error instanceof Fault ? `${error.code}: ${error.message}` : error;
    process.stderr.write(
      `${told instanceof Error ? (told.stack ?? told.message) : String(told)}\n`,
    );
    await stop(error instanceof Fault && error.code.startsWith('config.') ? 2 : 1);
  }
}
