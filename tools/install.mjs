import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
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

async function install() {
  const options = [
    // A setting of the user may leave these out, and Node itself is an optional package.
    '--include=dev',
    '--include=optional',
  ];
  // `ci` is exact, and refuses when a registry lacks a package for some other platform;
  // `install` keeps to the same versions and digests and shrugs at that.
  for (const action of [['ci'], ['install', '--no-save']]) {
    const code = await npm([...action, ...options]);
    if (code === 0 || stopSignal() !== null) return;
    console.error(`npm ${action.join(' ')} ended with code ${code}.`);
  }
  throw new Error('The dependencies could not be installed. Is the registry reachable?');
}

/**
 * Runs npm: the one that runs us, on the Node it runs on; without one, the npm on the path.
 *
 * @param {readonly string[]} args
 * @returns {Promise<number>} its exit code
 */
function npm(args) {
  const script = process.env.npm_execpath;
  const node = process.env.npm_node_execpath ?? process.execPath;
  const [command, ...first] =
    script !== undefined && script.endsWith('.js') ? [node, script] : ['npm'];
  const options = [
    // No package of ours needs its install script; not running them is safer.
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    // npm runs on the machine's Node, for which some packages are too new; they run on ours.
    '--loglevel=error',
  ];
  return run(command, [...first, ...args, ...options], {
    cwd: root,
    // What npm has to say goes to where progress goes; stdout is for results.
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32' && command === 'npm',
  });
}

/**
 * The Node of the platform package. Where it does not start (since version 25 it needs libatomic,
 * which bare systems lack), the machine's own if it is new enough to run TypeScript from source,
 * else an older packaged one that needs nothing, fetched once.
 */
async function findNode() {
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  const name = Object.keys(optionalDependencies).find((each) =>
    existsSync(join(root, 'node_modules', each, 'bin', binary)),
  );
  let complaint = `the registry has none for ${process.platform} ${process.arch}`;
  if (name !== undefined) {
    const own = join(root, 'node_modules', name, 'bin', binary);
    const trial = spawnSync(own, ['--version'], { encoding: 'utf8', windowsHide: true });
    if (trial.status === 0) return own;
    complaint = trial.stderr?.trim() || String(trial.error);
    // npm puts this link first on the path, so it would stop us before we can say what is wrong.
    rmSync(join(root, 'node_modules', '.bin', 'node'), { force: true });
  }
  if (Number(process.versions.node.split('.')[0]) >= oldestNodeMajor) return process.execPath;
  const older = name === undefined ? null : await fetchOlderNode(name, binary);
  if (older !== null) return older;
  throw new Error(
    `The packaged Node cannot be used: ${complaint}.\n` +
      'Since version 25, Node for Linux needs the library libatomic: "apt install libatomic1" ' +
      'or "dnf install libatomic" brings it.\n' +
      `Or install Node ${oldestNodeMajor} or later; this is ${process.version}.`,
  );
}

/** The last packaged Node that needs no libatomic, put beside the installed packages. */
const olderNode = '24.21.0';

/**
 * @param {string} name the platform package
 * @param {string} binary
 * @returns {Promise<string | null>} null when it cannot be had or does not start either
 */
async function fetchOlderNode(name, binary) {
  const folder = join(root, 'node_modules', '.older-node');
  const older = join(folder, 'node_modules', name, 'bin', binary);
  if (!existsSync(older)) {
    console.error(`The packaged Node does not start here; fetching Node ${olderNode}.`);
    mkdirSync(folder, { recursive: true });
    await npm(['install', '--prefix', folder, '--no-save', `${name}@${olderNode}`]);
  }
  const trial = spawnSync(older, ['--version'], { encoding: 'utf8', windowsHide: true });
  return trial.status === 0 ? older : null;
}
