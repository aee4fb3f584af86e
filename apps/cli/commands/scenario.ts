import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Fault } from '../../../adapters/fault.ts';
import { parseDay } from '../../../kernel/day.ts';
import { runScenario, UnknownScenario } from '../../../scenarios/index.ts';
import type { Totals } from '../../../scenarios/run.ts';
import { findServer, openEmbedded } from '../../server/where.ts';
import { printJson, printTable, progress, progressDone } from '../print.ts';
import type { Target } from '../session.ts';

/** What `sextant scenario run` was asked for. */
export interface ScenarioOptions {
  readonly name: string;
  readonly scale: number;
  readonly days: number;
  readonly seed: number;
  readonly from: string | null;
  readonly untilIdle: boolean;
  /** Go on in the scenario's database as it is; without, it begins empty. */
  readonly keep: boolean;
  readonly json: boolean;
}

/** A server to play against, and how to let go of it. */
interface Host {
  readonly url: string;
  readonly password: string;
  readonly release: () => Promise<void>;
}

/** `sextant scenario run`: plays a scenario to its end and tells what came of it. */
export async function scenarioRun(target: Target, options: ScenarioOptions): Promise<number> {
  const { name, scale, days, seed, untilIdle } = options;
  const from = options.from === null ? null : parseDay(options.from);
  if (options.from !== null && from === null) {
    throw new Fault('scenario.bad-day', `${options.from} is not a day of the calendar`);
  }
  if (scale <= 0 || scale > 1)
    throw new Fault('scenario.bad-scale', 'the scale is above 0, up to 1');
  const host = await openHost(target, options.keep);
  try {
    const totals = await runScenario({
      baseUrl: host.url,
      account: 'admin',
      password: host.password,
      name,
      scale,
      days,
      seed,
      ...(from === null ? {} : { from }),
      untilIdle,
      onProgress: progress,
    });
    progressDone();
    print(totals, options.json);
    // Actors ask for nothing that the rules forbid: a refusal means that something is wrong.
    return Object.keys(totals.refusals).length === 0 ? 0 : 1;
  } catch (error) {
    if (error instanceof UnknownScenario) throw new Fault('scenario.unknown', error.message);
    throw error;
  } finally {
    await host.release();
  }
}

function print(totals: Totals, json: boolean): void {
  if (json) return printJson(totals);
  const { links, accounts, coverage, refusals, ...rest } = totals;
  const named = (table: object): { name: string }[] =>
    Object.entries(table).map(([name, counts]) => ({ name, ...(counts as object) }));
  printTable(named(links));
  process.stdout.write('\n');
  printTable(named(accounts));
  process.stdout.write('\n');
  printTable([coverage]);
  const { facts, acts, infected, findings, until, seconds } = rest;
  process.stdout.write('\n');
  printTable([{ facts, acts, infected, findings, until, seconds }]);
  if (Object.keys(refusals).length > 0) printTable(named(refusals));
}

/**
 * The server running on the data folder, or one of our own on the scenario's database: a process
 * by itself, so that actors and server do not share one thread.
 */
async function openHost(target: Target, keep: boolean): Promise<Host> {
  const running = target.databaseUrl === null ? findServer(target.data) : null;
  if (running !== null) {
    const password = process.env['SEXTANT_ADMIN_PASSWORD'] ?? readPassword(target.data);
    if (password === null) {
      const detail =
        'a server runs on this data; put its admin’s password in SEXTANT_ADMIN_PASSWORD';
      throw new Fault('scenario.password-missing', detail);
    }
    return { url: running.url, password, release: async () => undefined };
  }
  mkdirSync(target.data, { recursive: true });
  const database = await openDatabase(target, keep);
  try {
    const known = keep ? readPassword(target.data) : null;
    const password = known ?? randomBytes(12).toString('base64url');
    writeFileSync(passwordFile(target.data), `${password}\n`, { mode: 0o600 });
    const server = await startServer(target, { database: database.connectionString, password });
    const release = async (): Promise<void> => {
      await stop(server.child);
      await database.release();
    };
    return { url: server.url, password, release };
  } catch (error) {
    await database.release();
    throw error;
  }
}

async function openDatabase(
  target: Target,
  keep: boolean,
): Promise<{ connectionString: string; release: () => Promise<void> }> {
  const { databaseUrl, data } = target;
  if (databaseUrl === null) return openEmbedded(data, { use: 'scenario', fresh: !keep });
  return { connectionString: databaseUrl, release: async () => undefined };
}

const passwordFile = (data: string): string => join(data, 'scenario-admin.txt');

function readPassword(data: string): string | null {
  const file = passwordFile(data);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
}

const serverProgram = fileURLToPath(new URL('../../server/main.ts', import.meta.url));
const startMsMax = 60_000;

async function startServer(
  { data }: Target,
  { database, password }: { database: string; password: string },
): Promise<{ url: string; child: ChildProcess }> {
  // A play can be played again, so a database made for speed will do; every screen says so.
  const args = [serverProgram, '--empty', '--unsafe', '--clock', 'driven', '--port', '0'];
  args.push('--data', data);
  // Passwords and addresses of databases stay out of the list of processes.
  const environment = {
    ...process.env,
    SEXTANT_DATABASE_URL: database,
    SEXTANT_ADMIN_PASSWORD: password,
  };
  const child = spawn(process.execPath, args, {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let told = '';
  const url = await new Promise<string>((resolve, reject) => {
    const tooLate = setTimeout(() => reject(failed('did not start in time')), startMsMax);
    const failed = (what: string): Fault =>
      new Fault('scenario.server-failed', `the server ${what}: ${told.slice(-2_000)}`);
    const listen = (chunk: Buffer): void => {
      told = (told + chunk.toString()).slice(-10_000);
      const found = /Sextant is at (http:\S+)/.exec(told)?.[1];
      if (found === undefined) return;
      clearTimeout(tooLate);
      resolve(found);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('exit', (code) => reject(failed(`stopped with ${code}`)));
    child.once('error', reject);
  }).catch(async (error: unknown) => {
    await stop(child);
    throw error;
  });
  return { url, child };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
