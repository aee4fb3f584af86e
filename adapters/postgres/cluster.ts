import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Fault } from '../fault.ts';
import { type Binaries, program } from './binaries.ts';
import { type OsUser, serverEnvironment } from './os-user.ts';
import {
  disarmPidFile,
  findPostmaster,
  isAlive,
  isServerOf,
  type Postmaster,
} from './postmaster.ts';
import { serverSettings } from './settings.ts';

/** A cluster on disk, and as whom and with what it is run. */
export interface Cluster {
  readonly folder: string;
  /** File that takes the server's log. */
  readonly logFile: string;
  readonly binaries: Binaries;
  /** Null when the server runs as ourselves. */
  readonly user: OsUser | null;
  readonly durable: boolean;
  readonly log: (line: string) => void;
}

/** How to connect to a cluster; lies in the cluster itself, so that a moved copy stays usable. */
export interface ClusterKey {
  readonly user: string;
  readonly password: string;
  /** Port of the last start, taken again if it is free. */
  readonly port: number | null;
}

const keyFile = 'sextant-key.json';
const superuser = 'sextant';
/** Recovery after a crash replays at most `max_wal_size`; slow disks need minutes for that. */
const startMsMax = 600_000;
const stopMsMax = 120_000;

/** Creates the cluster unless it is there. What a broken attempt left is never taken for one. */
export function ensureCluster(cluster: Cluster): void {
  const { folder, user, binaries, log } = cluster;
  if (existsSync(join(folder, 'PG_VERSION'))) return checkVersion(cluster);
  log(`Creating a PostgreSQL ${binaries.version} cluster in ${folder}.`);
  const making = `${folder}.making`;
  const passwordFile = `${folder}.password`;
  const password = randomBytes(24).toString('base64url');
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { mode: 0o700 });
  writeOwned(passwordFile, password, user);
  if (user !== null) chownSync(making, user.uid, user.gid);
  const init = spawnSync(
    program(binaries, 'initdb'),
    [
      ...['--pgdata', making, '--username', superuser, '--pwfile', passwordFile],
      ...['--no-locale', '--encoding', 'UTF8', '--data-checksums', '--auth', 'scram-sha-256'],
      ...(cluster.durable ? [] : ['--no-sync']),
    ],
    { ...user, cwd: '/', env: serverEnvironment(), encoding: 'utf8', windowsHide: true },
  );
  rmSync(passwordFile, { force: true });
  if (init.status !== 0) {
    rmSync(making, { recursive: true, force: true });
    const said = init.error?.message ?? init.stderr.trim();
    throw new Fault('postgres.initdb-failed', `The cluster could not be created: ${said}`);
  }
  writeOwned(join(making, 'pg_hba.conf'), 'host all all 127.0.0.1/32 scram-sha-256\n', user);
  writeOwned(join(making, 'own.conf'), '# Settings of your own, read at each start.\n', user);
  writeOwned(
    join(making, keyFile),
    JSON.stringify({ user: superuser, password, port: null }),
    user,
  );
  renameSync(making, folder);
}

/** Reads how to connect; a cluster without its key cannot be used. */
export function readKey(cluster: Cluster): ClusterKey {
  const file = join(cluster.folder, keyFile);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ClusterKey;
  } catch (cause) {
    throw new Fault('postgres.key-missing', `${file} cannot be read: put it back from a copy.`, {
      cause,
    });
  }
}

/** Starts the server of the cluster and waits until it takes connections. */
export async function startServer(cluster: Cluster, wantedPort?: number): Promise<Postmaster> {
  const key = readKey(cluster);
  const giveUpAt = Date.now() + startMsMax;
  for (let attempt = 1; ; attempt++) {
    const port = await choosePort(wantedPort, attempt === 1 ? key.port : null);
    const settings = { port, folder: cluster.folder, durable: cluster.durable };
    writeOwned(join(cluster.folder, 'postgresql.conf'), serverSettings(settings), cluster.user);
    disarmPidFile(cluster.folder);
    const outcome = await launch(cluster, giveUpAt);
    if (typeof outcome === 'object') {
      if (key.port !== port) {
        const text = JSON.stringify({ ...key, port });
        writeOwned(join(cluster.folder, keyFile), text, cluster.user);
      }
      return outcome;
    }
    // Orphans of a killed server leave within moments; a port can be lost to a quicker program.
    const passing = /still in use|could not (bind|create any TCP)/.test(outcome);
    if (!passing || attempt === 20) throw startFailed(cluster, outcome);
    await pause(500);
  }
}

/** Waits until a server that is starting or stopping is ready (its postmaster) or gone (null). */
export async function settle(cluster: Cluster): Promise<Postmaster | null> {
  const giveUpAt = Date.now() + startMsMax;
  while (Date.now() < giveUpAt) {
    const postmaster = findPostmaster(cluster.folder);
    if (postmaster === null || postmaster.status === 'ready') return postmaster;
    await pause(50);
  }
  throw startFailed(cluster, 'the server neither becomes ready nor ends');
}

/** Stops the server, ending the sessions in it, and waits until it is gone. */
export async function stopServer(cluster: Cluster): Promise<void> {
  const { folder } = cluster;
  const postmaster = findPostmaster(folder);
  if (postmaster === null) return;
  signalStop(cluster, postmaster.pid, 'fast');
  const quickAt = Date.now() + stopMsMax;
  while (isServerOf(postmaster.pid, folder)) {
    // As after a crash: nothing is lost, the next start takes longer.
    if (Date.now() > quickAt) signalStop(cluster, postmaster.pid, 'immediate');
    await pause(20);
  }
}

function signalStop(cluster: Cluster, pid: number, mode: 'fast' | 'immediate'): void {
  if (process.platform === 'win32') {
    const call = ['stop', '--pgdata', cluster.folder, '--mode', mode];
    spawnSync(program(cluster.binaries, 'pg_ctl'), call, { windowsHide: true });
  } else if (isAlive(pid)) {
    process.kill(pid, mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
  }
}

/** The postmaster once it is ready, or what the server said before it ended. */
async function launch(cluster: Cluster, giveUpAt: number): Promise<Postmaster | string> {
  const { folder, logFile, user, binaries } = cluster;
  const logStart = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  const log = openSync(logFile, 'a', 0o600);
  // A session of its own, so that Ctrl-C in a terminal does not reach it before it reaches us.
  const child = spawn(program(binaries, 'postgres'), ['-D', folder], {
    ...user,
    cwd: '/',
    env: serverEnvironment(),
    detached: true,
    stdio: ['ignore', log, log],
    windowsHide: true,
  });
  closeSync(log);
  child.unref();
  let ended: string | null = null;
  child.once('error', (error) => (ended = error.message));
  const hearEnd = (): void => {
    ended = readFileSync(logFile, 'utf8').slice(logStart).trim();
  };
  child.once('exit', hearEnd);
  while (Date.now() < giveUpAt) {
    if (ended !== null) return ended;
    const postmaster = findPostmaster(folder);
    if (postmaster?.pid === child.pid && postmaster?.status === 'ready') {
      // It may end after its folder is gone.
      child.off('exit', hearEnd);
      return postmaster;
    }
    await pause(10);
  }
  return 'the server did not become ready in time';
}

/** The wanted port, else the last one if it is free, else any free one. */
async function choosePort(wanted: number | undefined, last: number | null): Promise<number> {
  if (wanted !== undefined) {
    if ((await freePort(wanted)) !== null) return wanted;
    throw new Fault('postgres.port-taken', `Port ${wanted} is taken; free it or name another.`);
  }
  const port = (last === null ? null : await freePort(last)) ?? (await freePort(0));
  if (port !== null) return port;
  throw new Fault('postgres.port-taken', 'This machine has no free port.', { retry: 'later' });
}

function freePort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? null) : null));
    });
  });
}

function checkVersion({ folder, binaries }: Cluster): void {
  const made = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim();
  const [major] = binaries.version.split('.');
  if (made === major) return;
  throw new Fault(
    'postgres.cluster-version',
    `${folder} was made by PostgreSQL ${made}, and this is PostgreSQL ${major}: move the data ` +
      'over with pg_upgrade, or name a server of version ' +
      `${made} with --database-url.`,
  );
}

function startFailed(cluster: Cluster, said: string): Fault {
  const lines = said.split('\n').slice(-8).join('\n');
  return new Fault(
    'postgres.start-failed',
    `The PostgreSQL server of ${cluster.folder} did not start. Its log, ${cluster.logFile}, ` +
      `ends with:\n${lines}`,
  );
}

/** Writes a file that only `user` (null: we) can read, whole or not at all. */
function writeOwned(file: string, text: string, user: OsUser | null): void {
  const making = `${file}.new`;
  writeFileSync(making, text, { mode: 0o600 });
  chmodSync(making, 0o600);
  if (user !== null) chownSync(making, user.uid, user.gid);
  renameSync(making, file);
}
