import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { root } from './install.mjs';
import { run } from './run.mjs';

/** What every bundle can be made from, besides its own folder. */
const shared = [
  'apps/ui',
  'apps/board/src/language',
  'adapters/device',
  'adapters/memory',
  'rooms',
  'methods',
  'ledger',
  'kernel',
  'tools/build-app.mjs',
  'package-lock.json',
];
const textual = /\.(?:js|css|html|svg|json|webmanifest|wasm)$/;
/** Below this a packet is a packet: compressing saves nothing. */
const worthBytes = 1024;
const packBrotli = promisify(brotliCompress);
const packGzip = promisify(gzip);

/**
 * Builds a web app into dist/<name> unless the last build was from the same sources, and packs
 * every file of it, so that a server sends what is packed best without any work of its own.
 *
 * @param {string} node
 * @param {{ name: string, sources?: readonly string[], finish?: (out: string) => void }} app
 * @returns {Promise<number>} exit code of the build; 0 when there was nothing to do
 */
export async function buildApp(node, { name, sources = [], finish }) {
  const folder = `apps/${name}`;
  const out = join(root, 'dist', name);
  const stamp = join(root, 'dist', `${name}.built-from`);
  if (!existsSync(join(root, folder, 'index.html'))) return 0;
  const digest = digestOf([folder, ...shared, ...sources]);
  const built = existsSync(stamp) && existsSync(join(out, 'index.html'));
  if (built && readFileSync(stamp, 'utf8') === digest) return 0;
  console.error(`Building the ${name} app.`);
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const args = [vite, 'build', folder, '--outDir', out, '--emptyOutDir', '--logLevel', 'warn'];
  const code = await run(node, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, SEXTANT_SOURCES: digest },
  });
  if (code !== 0) return code;
  finish?.(out);
  await packAll(out);
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stamp, digest);
  return 0;
}

/** Puts `.br` and `.gz` beside every file that gets smaller by it. */
async function packAll(out) {
  const files = listFiles(out).filter((file) => textual.test(file));
  await Promise.all(
    files.map(async (file) => {
      const content = readFileSync(file);
      if (content.length < worthBytes) return;
      const params = {
        // The highest, 11, costs five seconds of a first start for a twentieth of a first load.
        [constants.BROTLI_PARAM_QUALITY]: 9,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      };
      writeFileSync(`${file}.br`, await packBrotli(content, { params }));
      writeFileSync(`${file}.gz`, await packGzip(content, { level: 9 }));
    }),
  );
}

/** A digest of names and contents; times of change say little after a checkout. */
function digestOf(paths) {
  const hash = createHash('sha256');
  const files = paths.flatMap((path) => listFiles(join(root, path)));
  for (const file of [...new Set(files)].sort((a, b) => (a < b ? -1 : 1))) {
    hash
      .update(`${file.slice(root.length)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

/** Every file below a folder, tests apart; the file itself when it is one. */
export function listFiles(whole) {
  if (!existsSync(whole)) return [];
  if (statSync(whole).isFile()) return [whole];
  return readdirSync(whole, { withFileTypes: true })
    .filter((entry) => !entry.name.includes('.test.') && entry.name !== 'node_modules')
    .flatMap((entry) => listFiles(join(whole, entry.name)));
}
