import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Fault } from '../fault.ts';
import { createDatabase } from './administer.ts';
import { prepareBinaries } from './binaries.ts';
import {
  type Cluster,
  ensureCluster,
  readKey,
  settle,
  startServer,
  stopServer,
} from './cluster.ts';
import { underLock } from './folder-lock.ts';
import { canWrite, type OsUser, serverUser } from './os-user.ts';
import { birthMark, findPostmaster, isAlive, type Postmaster } from './postmaster.ts';
import { startWatchdog } from './watchdog.ts';

/*
 * The embedded server, state by state.
 *
 * absent    no cluster: created under the lock, then stopped.
 * stopped   a cluster, no living server: started under the lock by whoever comes first.
 * running   everybody who uses it has a lease, a file named after its process. Whoever comes
 *           takes a lease; whoever goes gives it back and, if it was the last, stops the server.
 * abandoned running, all holders of leases dead (kill -9): the next comer adopts it; if nobody
 *           comes, the watchdog stops it.
 */

/** How to start, or find, the server of a data folder. */
export interface EmbeddedOptions {
  /** The data folder of Sextant; the server's part of it is `postgres` inside. */
  readonly dataDir: string;
  /** A port of one's own choice; by default the one it had last, else a free one. */
  readonly port?: number;
  readonly log?: (line: string) => void;
  /** A cluster for tests: not durable, and small. */
  readonly throwaway?: boolean;
  /** How long an abandoned server waits for somebody to adopt it. */
  readonly graceSeconds?: number;
}

/** A running server and our use of it. */
export interface EmbeddedServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: 'sextant';
  readonly connectionString: string;
  /** The cluster's own folder. */
  readonly folder: string;
  /** Whether its first process lives. */
  readonly isRunning: () => boolean;
  /** True when another process, dead or alive, had started it. */
  readonly alreadyRunning: boolean;
  /** Ends our use of it; the last user stops it. May be called twice. */
  readonly stop: () => Promise<void>;
}

const host = '127.0.0.1';
const database = 'sextant';
const logBytesMax = 10_000_000;

/** Starts the PostgreSQL server of a data folder, or joins the one that runs there. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const place = openFolder(options);
  return underLock(place.lock, async () => {
    const cluster = openCluster(place, options);
    ensureCluster(cluster);
    const lease = takeLease(place);
    try {
      let postmaster = await findRunning(place, cluster);
      const alreadyRunning = postmaster !== null;
      postmaster ??= await startFresh(place, cluster, options);
      const connectionString = addressOf(cluster, postmaster);
      await createDatabase(addressOf(cluster, postmaster, 'postgres'), database);
      const { user } = readKey(cluster);
      const stop = stopOnce(place, cluster, lease);
      const { port } = postmaster;
      const { folder } = cluster;
      const isRunning = (): boolean => findPostmaster(folder) !== null;
      const address = { host, port, user, database, connectionString } as const;
      return { ...address, folder, isRunning, alreadyRunning, stop };
    } catch (error) {
      rmSync(lease, { force: true });
      if (liveLeases(place).length === 0) await stopServer(cluster);
      throw error;
    }
  });
}

/** Stops the server of a data folder whoever uses it; for the end of a test run. */
export async function stopEmbedded(dataDir: string): Promise<void> {
  if (!existsSync(join(dataDir, 'postgres', 'lock'))) return;
  const place = openFolder({ dataDir });
  await underLock(place.lock, async () => {
    const cluster = openCluster(place, { dataDir });
    if (existsSync(cluster.folder)) await stopServer(cluster);
  });
}

/** The server's part of a data folder. */
interface Place {
  readonly root: string;
  readonly lock: string;
  readonly leases: string;
  readonly leaving: string;
  readonly logFile: string;
}

function openFolder({ dataDir }: EmbeddedOptions): Place {
  const root = join(resolve(dataDir), 'postgres');
  try {
    // Passable for the server's own account, not readable.
    if (!existsSync(dataDir)) {
      mkdirSync(dataDir, { recursive: true });
      chmodSync(dataDir, 0o711);
    }
    mkdirSync(join(root, 'leases'), { recursive: true });
    chmodSync(root, 0o711);
  } catch (cause) {
    throw new Fault('postgres.data-folder-unusable', `${root} cannot be written to.`, { cause });
  }
  return {
    root,
    lock: join(root, 'lock'),
    leases: join(root, 'leases'),
    leaving: join(root, 'leaving'),
    logFile: join(root, 'server.log'),
  };
}

function openCluster(place: Place, options: EmbeddedOptions): Cluster {
  const log = options.log ?? (() => undefined);
  const { folder, user } = locateCluster(place, log);
  return {
    folder,
    user,
    binaries: prepareBinaries(user, log),
    logFile: place.logFile,
    durable: options.throwaway !== true,
    log,
  };
}

/**
 * Where the cluster lies: in the data folder, unless the server's own account cannot reach it
 * there (a data folder below a 0700 home, run as root). The choice is made once and written down.
 */
function locateCluster(
  place: Place,
  log: (line: string) => void,
): { folder: string; user: OsUser | null } {
  const note = join(place.root, 'cluster-is-in');
  const inside = join(place.root, 'cluster');
  if (existsSync(note)) {
    const folder = readFileSync(note, 'utf8').trim();
    return { folder, user: serverUser(folder) };
  }
  const user = serverUser(inside);
  if (user === null || existsSync(inside) || canReach(user, place.root)) {
    return { folder: inside, user };
  }
  const mark = createHash('sha256').update(realpathSync(place.root)).digest('hex').slice(0, 12);
  const name = `${basename(dirname(place.root)).replace(/[^A-Za-z0-9-]/g, '')}-${mark}`;
  const folder = join('/var/lib/sextant', name);
  try {
    mkdirSync(dirname(folder), { recursive: true, mode: 0o755 });
  } catch (cause) {
    throw new Fault(
      'postgres.data-folder-unusable',
      `PostgreSQL does not run as root, user ${user.uid} cannot reach ${place.root}, and ` +
        `${folder} cannot be made. Name another data folder with --data or SEXTANT_DATA.`,
      { cause },
    );
  }
  log(`User ${user.uid}, as whom PostgreSQL runs, cannot reach ${place.root}.`);
  log(`The database is kept in ${folder} instead.`);
  writeFileSync(note, `${folder}\n`);
  return { folder, user };
}

/** Whether `user` can pass through `folder` to what lies in it. */
function canReach(user: OsUser, folder: string): boolean {
  const probe = join(folder, `probe-${process.pid}-${randomBytes(4).toString('hex')}`);
  mkdirSync(probe);
  chmodSync(probe, 0o777);
  try {
    return canWrite(user, probe);
  } finally {
    rmSync(probe, { recursive: true, force: true });
  }
}

async function findRunning(place: Place, cluster: Cluster): Promise<Postmaster | null> {
  // The watchdog may be about to stop it; our lease is visible, so it has decided by now.
  for (let waits = 0; existsSync(place.leaving) && waits < 40; waits++) {
    if (findPostmaster(cluster.folder) === null) break;
    await pause(50);
  }
  return settle(cluster);
}

async function startFresh(
  place: Place,
  cluster: Cluster,
  options: EmbeddedOptions,
): Promise<Postmaster> {
  rmSync(place.leaving, { force: true });
  const logSize = statSync(place.logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (logSize > logBytesMax) truncateSync(place.logFile);
  const postmaster = await startServer(cluster, options.port);
  startWatchdog({
    serverPid: postmaster.pid,
    cluster: realpathSync(cluster.folder),
    leases: place.leases,
    leaving: place.leaving,
    graceSeconds: options.graceSeconds ?? 20,
  });
  return postmaster;
}

function stopOnce(place: Place, cluster: Cluster, lease: string): () => Promise<void> {
  let stopping: Promise<void> | null = null;
  const stop = () =>
    underLock(place.lock, async () => {
      rmSync(lease, { force: true });
      // Others still work with it: the last of them stops it.
      if (liveLeases(place).length === 0) await stopServer(cluster);
    });
  return () => (stopping ??= stop());
}

function takeLease(place: Place): string {
  for (const lease of readdirSync(place.leases)) {
    if (!isHeld(place, lease)) rmSync(join(place.leases, lease), { force: true });
  }
  const lease = join(place.leases, `${process.pid}.${randomBytes(6).toString('hex')}`);
  writeFileSync(lease, birthMark(process.pid));
  return lease;
}

function liveLeases(place: Place): string[] {
  return readdirSync(place.leases).filter((lease) => isHeld(place, lease));
}

/** Whether the process that took a lease lives; a later one of the same number does not count. */
function isHeld(place: Place, lease: string): boolean {
  const pid = Number(lease.slice(0, lease.indexOf('.')));
  const file = join(place.leases, lease);
  return isAlive(pid) && readFileSync(file, 'utf8') === birthMark(pid);
}

function addressOf(cluster: Cluster, { port }: Postmaster, name: string = database): string {
  const { user, password } = readKey(cluster);
  return `postgresql://${user}:${password}@${host}:${port}/${name}`;
}
