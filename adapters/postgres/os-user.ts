import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { Fault } from '../fault.ts';

/** An account of the operating system, in the form that `spawn` takes. */
export interface OsUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Which account the server must run as: null when it is our own. PostgreSQL refuses root, so for
 * root it is the owner of the existing cluster, else `postgres`, else `nobody`.
 */
export function serverUser(clusterFolder: string): OsUser | null {
  if (process.getuid?.() !== 0) return null;
  const cluster = statSync(clusterFolder, { throwIfNoEntry: false });
  if (cluster !== undefined && cluster.uid !== 0) return { uid: cluster.uid, gid: cluster.gid };
  const user = findAccount('postgres') ?? findAccount('nobody');
  if (user !== null) return user;
  throw new Fault(
    'postgres.no-unprivileged-user',
    'PostgreSQL does not run as root, and this machine has neither a user "postgres" nor ' +
      '"nobody" to run it as. Start as an ordinary user, or add one of the two.',
  );
}

/** Whether `user` can enter `folder` and write to it. */
export function canWrite(user: OsUser, folder: string): boolean {
  const test = spawnSync('/bin/sh', ['-c', 'cd "$1" && test -w .', 'sh', folder], {
    ...user,
    cwd: '/',
    stdio: 'ignore',
  });
  return test.status === 0;
}

/** The little of our environment that PostgreSQL needs: no setting and no secret of ours. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'SystemDrive'];
  const entries = kept.map((name) => [name, process.env[name]] as const);
  const present = entries.filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(present), LC_ALL: 'C', TZ: 'UTC' };
}

function findAccount(name: string): OsUser | null {
  const list = readFileSync('/etc/passwd', 'utf8').split('\n');
  const line = list.find((entry) => entry.startsWith(`${name}:`));
  if (line === undefined) return null;
  const [, , uid, gid] = line.split(':');
  return Number(uid) > 0 ? { uid: Number(uid), gid: Number(gid) } : null;
}
