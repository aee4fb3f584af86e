import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `postmaster.pid` says of the server of a cluster. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** `starting`, `stopping`, `ready` or `standby`; empty while it is being written. */
  readonly status: string;
}

/**
 * The living server of a cluster, or null. Lines of postmaster.pid: 1 process, 4 port,
 * 8 status (PostgreSQL source, src/include/utils/pidfile.h).
 */
export function findPostmaster(cluster: string): Postmaster | null {
  const text = readPidFile(cluster);
  if (text === null) return null;
  const lines = text.split('\n');
  const pid = Math.abs(Number(lines[0]));
  if (!Number.isInteger(pid) || pid === 0 || !isServerOf(pid, cluster)) return null;
  return { pid, port: Number(lines[3] ?? 0), status: (lines[7] ?? '').trim() };
}

/**
 * Makes a stale postmaster.pid harmless when its number now belongs to another program: the
 * server would refuse to start. The rest of the file stays, because from it the server sees
 * whether orphans of its predecessor still hold the shared memory.
 */
export function disarmPidFile(cluster: string): void {
  const text = readPidFile(cluster);
  if (text === null || findPostmaster(cluster) !== null) return;
  const noProcess = String(2 ** 31 - 1);
  writeFileSync(join(cluster, 'postmaster.pid'), text.replace(/^-?\d+/, noProcess));
}

/** Whether process `pid` is a server that works in `cluster`, and not a namesake by number. */
export function isServerOf(pid: number, cluster: string): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform === 'linux') {
    try {
      // The server's working directory is its cluster. A dead but unreaped one has none.
      return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster);
    } catch {
      return false;
    }
  }
  if (process.platform === 'win32') return true;
  const shown = spawnSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' });
  return shown.stdout.includes('postgres');
}

/** Whether a process of that number exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * What tells a process from another that had its number before: when it began, where the system
 * tells (Linux: field 22 of /proc/PID/stat, counted after the name, which may hold spaces).
 */
export function birthMark(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function readPidFile(cluster: string): string | null {
  try {
    return readFileSync(join(cluster, 'postmaster.pid'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
