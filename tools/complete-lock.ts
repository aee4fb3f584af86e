// `node tools/complete-lock.ts`, after every change of dependencies.
//
// npm leaves out of package-lock.json the optional packages for other platforms that the registry
// in use does not carry, and `npm ci` then refuses the lock file as out of step. This adds them:
// the version from the package that wants them, the platform from their name, no digest (npm
// takes what the registry gives, on those platforms only).
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './sources.ts';

/** What of package-lock.json matters here. */
export interface Lock {
  readonly packages: { readonly [path: string]: LockedPackage };
}

interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: { readonly [name: string]: string };
}

const platformName =
  /(android|darwin|freebsd|linux|openharmony|win32|windows)-([a-z0-9]+)(?:-([a-z0-9]+))?$/;
const libraries: { readonly [abi: string]: string } = {
  gnu: 'glibc',
  gnueabihf: 'glibc',
  musl: 'musl',
  musleabihf: 'musl',
};

/** Optional packages that a lock file lacks, by the path where they would lie. */
export function missingFromLock(lock: Lock): Map<string, LockedPackage> {
  const missing = new Map<string, LockedPackage>();
  for (const [path, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const places = [`${path}/node_modules/${name}`, `node_modules/${name}`];
      if (places.some((place) => place in lock.packages)) continue;
      const origin = dev === true ? { dev } : {};
      const entry = { version, ...platformOf(name), ...origin, optional: true };
      missing.set(`node_modules/${name}`, entry);
    }
  }
  return missing;
}

function platformOf(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> {
  const [, os, cpu, abi = ''] = platformName.exec(name) ?? [];
  if (os === undefined || cpu === undefined) return {};
  const library = os === 'linux' ? libraries[abi] : undefined;
  return {
    os: [os === 'windows' ? 'win32' : os],
    cpu: [cpu],
    ...(library === undefined ? {} : { libc: [library] }),
  };
}

if (import.meta.main) {
  const file = join(root, 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8')) as Lock;
  const missing = missingFromLock(lock);
  const entries = [...Object.entries(lock.packages), ...missing];
  const packages = Object.fromEntries(
    entries.sort(([left], [right]) => left.localeCompare(right, 'en')),
  );
  if (missing.size > 0) writeFileSync(file, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`);
  console.log(`${missing.size} packages for other platforms added to package-lock.json`);
}
