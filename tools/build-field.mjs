import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { buildApp, listFiles } from './build-app.mjs';

/**
 * Builds the field app into dist/field unless the last build was from the same sources.
 *
 * @param {string} node
 * @returns {Promise<number>} exit code of the build; 0 when there was nothing to do
 */
export function buildField(node) {
  const sources = ['adapters/fault.ts', 'tools/build-field.mjs'];
  return buildApp(node, { name: 'field', sources, finish: nameShell });
}

/** Slices of the face for names: hundreds of files of which a phone needs a few. */
const faceSlice = /noto-sans-sc-/;
/** What the app can start without: the scanner, and the list of slices. */
const forLater = /(?:zxing|scanner|reader|names-slices|native)[^/]*\.(?:js|css|wasm)$|\.wasm$/;

/** Writes into the worker which files it keeps at once, which afterwards, and under what name. */
function nameShell(out) {
  const files = listFiles(out)
    .map((file) => relative(out, file).split(sep).join('/'))
    .filter((file) => file !== 'worker.js' && !faceSlice.test(file))
    .sort();
  const later = files.filter((file) => forLater.test(file));
  const shell = files.filter((file) => !later.includes(file));
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(readFileSync(join(out, file)));
  const worker = join(out, 'worker.js');
  const text = readFileSync(worker, 'utf8')
    .replace(
      "'__SHELL__'",
      JSON.stringify(shell.map((file) => (file === 'index.html' ? './' : file))),
    )
    .replace("'__LATER__'", JSON.stringify(later))
    .replace('__VERSION__', hash.digest('hex').slice(0, 12));
  writeFileSync(worker, text);
}
