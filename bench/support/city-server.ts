import { readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbedded } from '../../adapters/postgres/embedded.ts';
import { type ServerProcess, startProcess } from '../../test/support/process.ts';
import { City } from './city.ts';
import { writeRegister } from './city-register.ts';
import { furnishCity, type Tokens } from './city-staff.ts';
import { secondsSince } from './measure.ts';

const password = 'only-for-the-bench';

/** A server with a made city in its register, and the database behind it. */
export interface CityServer {
  readonly city: City;
  readonly url: () => string;
  /** Process number of the server, for /proc. */
  readonly pid: () => number;
  /** Process number of PostgreSQL's first process; another after that was killed. */
  readonly postmaster: number;
  /** The data folder, for the command line. */
  readonly data: string;
  /** A connection as the owner of the tables; another after the database was killed. */
  readonly owner: pg.Client;
  /** Address of the database, as its owner. */
  readonly database: string;
  readonly tokens: Tokens;
  /** Seconds of each part of the preparation. */
  readonly preparation: { readonly [part: string]: number };
  /**
   * Kills the server, and the database too if so told, as a power cut would; then starts a server
   * on the same data and port, and answers the seconds until it listens.
   */
  readonly killAndStart: (what?: { readonly database: boolean }) => Promise<number>;
  readonly close: () => Promise<void>;
}

/** What a city is made of, and where its data lie; without `data` in a folder that is removed. */
export interface CityOptions {
  readonly people: number;
  readonly seed: number;
  readonly data?: string;
}

/** Starts a server on a fresh data folder and puts a city, its staff and a round into it. */
export async function startCity({ people, seed, data }: CityOptions): Promise<CityServer> {
  const folder = data ?? (await mkdtemp(join(tmpdir(), 'sextant-city-')));
  await mkdir(folder, { recursive: true });
  // Passable for the account that PostgreSQL runs as when the bench runs as root.
  await chmod(folder, 0o711);
  const own = join(folder, 'data');
  const undo: (() => Promise<unknown>)[] = [];
  if (data === undefined) undo.push(() => rm(folder, { recursive: true, force: true }));
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return await prepare(new City(people, seed), own, { undo, close });
  } catch (error) {
    await close();
    throw error;
  }
}

async function prepare(
  city: City,
  data: string,
  { undo, close }: { undo: (() => Promise<unknown>)[]; close: () => Promise<void> },
): Promise<CityServer> {
  const args = ['--empty', '--port', '0', '--data', data, '--admin-password', password];
  const preparation: { [part: string]: number } = {};
  const timed = async <T>(part: string, work: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const outcome = await work();
    preparation[part] = secondsSince(began);
    return outcome;
  };
  let server = await timed('firstStartSeconds', () => startProcess(args));
  undo.push(() => stopOrKill(server));
  const { database } = JSON.parse(readFileSync(join(data, 'server.json'), 'utf8')) as {
    database: string;
  };
  // A use of our own, so that the database outlives a server that is killed.
  const embedded = await startEmbedded({ dataDir: join(data, 'postgres') });
  undo.splice(undo.length - 1, 0, () => embedded.stop());
  let owner = await connect(database);
  undo.push(() => owner.end());
  let postmaster = await postmasterOf(owner);
  await requireDurable(owner);
  await timed('registerSeconds', () => writeRegister(owner, city));
  await server.stop();
  server = await timed('startSeconds', () => startProcess(args));
  const tokens = await timed('furnishSeconds', () => furnishCity(server.url, city, password));
  return {
    city,
    url: () => server.url,
    pid: () => server.child.pid ?? 0,
    get owner() {
      return owner;
    },
    get postmaster() {
      return postmaster;
    },
    ...{ data, database, tokens, preparation, close },
    killAndStart: async (what = { database: false }) => {
      await server.kill();
      if (what.database) {
        await owner.end();
        process.kill(postmaster, 'SIGKILL');
        await gone(postmaster);
      }
      const began = performance.now();
      // On the same port, so that whoever was sending goes on.
      server = await startProcess(args.with(2, new URL(server.url).port));
      const seconds = secondsSince(began);
      if (what.database) {
        owner = await connect(database);
        postmaster = await postmasterOf(owner);
      }
      return seconds;
    },
  };
}

async function stopOrKill(server: ServerProcess): Promise<void> {
  if (server.child.exitCode === null && server.child.signalCode === null) await server.stop();
}

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}

/** Waits until a process is there no longer. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A figure of a database that may lose what it said it kept would be worth nothing. */
async function requireDurable(client: pg.Client): Promise<void> {
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    const { rows } = await client.query<{ value: string }>('select current_setting($1) as value', [
      setting,
    ]);
    if (rows[0]?.value !== 'on') throw new Error(`${setting} is ${rows[0]?.value ?? 'unknown'}`);
  }
}

/** The parent of whoever serves our connection. */
async function postmasterOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  try {
    const text = readFileSync(`/proc/${rows[0]?.pid ?? 0}/stat`, 'utf8');
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}
