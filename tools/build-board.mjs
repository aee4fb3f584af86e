import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './install.mjs';
import { run } from './run.mjs';

/** Whatever the board's bundle can be made from. */
const sources = [
  'apps/board',
  'apps/ui',
  'rooms',
  'methods',
  'ledger',
  'kernel',
  'package-lock.json',
];
const out = join(root, 'dist', 'board');
const stamp = join(root, 'dist', 'board.built-from');

/**
 * Builds the board into dist/board unless the last build was from the same sources.
 *
 * @param {string} node
 * @returns {Promise<number>} exit code of the build; 0 when there was nothing to do
 */
export async function buildBoard(node) {
  if (!existsSync(join(root, 'apps', 'board', 'index.html'))) return 0;
  const digest = digestOf(sources);
  const built = existsSync(stamp) && existsSync(join(out, 'index.html'));
  if (built && readFileSync(stamp, 'utf8') === digest) return 0;
  console.error('Building the board.');
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const args = [vite, 'build', 'apps/board', '--outDir', out, '--emptyOutDir'];
  const code = await run(node, [...args, '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (code === 0) {
    mkdirSync(join(root, 'dist'), { recursive: true });
    writeFileSync(stamp, digest);
  }
  return code;
}

/** A digest of names and contents; times of change say little after a checkout. */
function digestOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap(listFiles).sort()) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

function listFiles(path) {
  const whole = join(root, path);
  if (!existsSync(whole)) return [];
  if (statSync(whole).isFile()) return [path];
  return readdirSync(whole, { withFileTypes: true })
    .filter((entry) => !entry.name.includes('.test.') && entry.name !== 'node_modules')
    .flatMap((entry) => {
      const inner = `${path}/${entry.name}`;
      return entry.isDirectory() ? listFiles(inner) : [inner];
    });
}
