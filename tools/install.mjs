import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, stopSignal } from './run.mjs';

/** The folder of the checkout. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The oldest Node that runs our sources as they are, should the packaged one not do. */
const oldestNodeMajor = 24;

/**
 * Installs the dependencies when they are missing or differ from package-lock.json, and returns
 * the Node to run Sextant with. Needs no network when there is nothing to install.
 */
export async function ensureInstalled() {
  const difference = findDifference();
  if (difference !== null) {
    console.error(`Installing the dependencies, because ${difference}. This may take a minute.`);
    await install();
    const left = findDifference();
    if (left !== null) throw new Error(`The installation is not complete: ${left}.`);
  }
  return findNode();
}

/**
 * Null when node_modules is what the lock file says; otherwise what is not. npm writes what it
 * installed to node_modules/.package-lock.json last of all, so a broken-off installation shows.
 */
function findDifference() {
  const wanted = readPackages('package-lock.json');
  if (wanted === null) throw new Error('package-lock.json is missing: this is no whole checkout.');
  const installed = readPackages(join('node_modules', '.package-lock.json'));
  if (installed === null) return 'there are none';
  for (const [path, { version, optional, peer }] of Object.entries(wanted)) {
    if (path === '') continue;
    const found = installed[path];
    // Packages for other platforms are optional and are left out.
    if (found === undefined && (optional || peer)) continue;
    if (found === undefined) return `${path} is missing`;
    if (found.version !== version) return `${path} is ${found.version} and not ${version}`;
  }
  const isSurplus = ([path, { optional }]) => !(path in wanted) && !optional;
  const [surplus] = Object.entries(installed).find(isSurplus) ?? [undefined];
  return surplus === undefined ? null : `${surplus} is no longer wanted`;
}

/** @returns {Record<string, { version?: string, optional?: boolean, peer?: boolean }> | null} */
function readPackages(file) {
  const path = join(root, file);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : null;
}

/** With the npm that runs us and the Node it runs on; without one, with the npm on the path. */
async function install() {
  const npm = process.env.npm_execpath;
  const node = process.env.npm_node_execpath ?? process.execPath;
  const [command, ...first] = npm !== undefined && npm.endsWith('.js') ? [node, npm] : ['npm'];
  const options = [
    // No package of ours needs its install script; not running them is safer.
    '--ignore-scripts',
    // A setting of the user may leave these out, and Node itself is an optional package.
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    // npm runs on the machine's Node, for which some packages are too new; they run on ours.
    '--loglevel=error',
  ];
  // `ci` is exact, and refuses when a registry lacks a package for some other platform;
  // `install` keeps to the same versions and digests and shrugs at that.
  for (const action of [['ci'], ['install', '--no-save']]) {
    const code = await run(command, [...first, ...action, ...options], {
      cwd: root,
      // What npm has to say goes to where progress goes; stdout is for results.
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32' && command === 'npm',
    });
    if (code === 0 || stopSignal() !== null) return;
    console.error(`npm ${action.join(' ')} ended with code ${code}.`);
  }
  throw new Error('The dependencies could not be installed. Is the registry reachable?');
}

/**
 * The Node of the platform package. Where the registry has none, or it does not start, the
 * machine's own if it is new enough to run TypeScript from source.
 */
function findNode() {
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  const own = Object.keys(optionalDependencies)
    .map((name) => join(root, 'node_modules', name, 'bin', binary))
    .find((path) => existsSync(path));
  let complaint = `the registry has none for ${process.platform} ${process.arch}`;
  if (own !== undefined) {
    const trial = spawnSync(own, ['--version'], { encoding: 'utf8', windowsHide: true });
    if (trial.status === 0) return own;
    complaint = trial.stderr?.trim() || String(trial.error);
    // npm puts this link first on the path, so it would stop us before we can say what is wrong.
    rmSync(join(root, 'node_modules', '.bin', 'node'), { force: true });
  }
  if (Number(process.versions.node.split('.')[0]) >= oldestNodeMajor) return process.execPath;
  throw new Error(
    `The packaged Node cannot be used: ${complaint}.\n` +
      'Since version 25, Node for Linux needs the library libatomic: "apt install libatomic1" ' +
      'or "dnf install libatomic" brings it.\n' +
      `Or install Node ${oldestNodeMajor} or later; this is ${process.version}.`,
  );
}
