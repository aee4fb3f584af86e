// `npm test`: installs what is missing, runs every check, and ends with one line of totals.
// `npm test -- --part NAME` (repeatable) runs only some; names are printed at the start of each.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { buildBoard } from './build-board.mjs';
import { buildField } from './build-field.mjs';
import { ensureInstalled, root } from './install.mjs';
import { capture, run, stopSignal } from './run.mjs';

/**
 * What a part found. `looked` says at what and how much; nothing looked at is a failure.
 *
 * @typedef {{ name: string, passed: number, failed: number, skipped: number, looked: string,
 *   empty: boolean }} Outcome
 */

/** Layers of vitest that must hold at least one test each. */
const fastLayers = ['unit', 'edge', 'tidy', 'contracts', 'postgres', 'simulation'];
/** Layers that may still be empty. */
const optionalLayers = ['evidence'];
/** Browsers want both cores to themselves. */
const slowLayers = ['journeys'];
const reports = join(root, 'test-output');

/** @type {Record<string, (node: string) => Promise<Outcome[]>>} in the order in which they run */
const parts = {
  typecheck,
  lint,
  format,
  tests: (node) => vitest(node, 'tests', fastLayers, optionalLayers),
  journeys: async (node) => {
    const board = single('build of the board', (await buildBoard(node)) === 0, 'one bundle', false);
    const field = single(
      'build of the field app',
      (await buildField(node)) === 0,
      'one bundle',
      false,
    );
    return [board, field, ...(await vitest(node, 'journeys', slowLayers, []))];
  },
};

const configs = [
  'tsconfig.json',
  'tsconfig.pure.json',
  'apps/board/tsconfig.json',
  'apps/field/tsconfig.json',
];

/** Each configuration of the compiler is one check. */
async function typecheck(node) {
  const outcomes = [];
  for (const config of configs) {
    if (!existsSync(join(root, config))) continue;
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const args = [tsc, '--noEmit', '--listFiles', '-p', config];
    const { code, output } = await capture(node, args, { cwd: root });
    const lines = output.split('\n').filter((line) => line.trim() !== '');
    const isListed = (line) => /^(\/|[A-Za-z]:).*\.(ts|tsx|mts|json)$/.test(line.trim());
    const own = lines.filter((line) => isListed(line) && !line.includes('node_modules'));
    const complaints = lines.filter((line) => !isListed(line));
    if (complaints.length > 0) console.log(complaints.join('\n'));
    const looked = `${own.length} files of ${config}`;
    outcomes.push(single('typecheck', code === 0, looked, own.length === 0));
  }
  return outcomes;
}

/** oxlint, with the rules that know types. */
async function lint(node) {
  const oxlint = join(root, 'node_modules', 'oxlint', 'bin', 'oxlint');
  const { code, output } = await capture(node, [oxlint, '--format', 'json'], { cwd: root });
  const report = parseJson(output);
  if (report === null) {
    console.log(output);
    return [single('lint', false, 'nothing', true)];
  }
  for (const { filename, code: rule, message, labels } of report.diagnostics) {
    const line = labels?.[0]?.span?.line ?? 1;
    console.log(`${filename}:${line}  ${rule}  ${message}`);
  }
  const looked = `${report.number_of_files} files with ${report.number_of_rules} rules`;
  return [single('lint', code === 0, looked, report.number_of_files === 0)];
}

/** oxfmt: whether `npm run format` would change something. */
async function format(node) {
  const oxfmt = join(root, 'node_modules', 'oxfmt', 'bin', 'oxfmt');
  const { code, output } = await capture(node, [oxfmt, '--check'], { cwd: root });
  const files = Number(/on (\d+) files/.exec(output)?.[1] ?? 0);
  if (code !== 0) console.log(`${output.trim()}\nnpm run format sets this right.`);
  return [single('format', code === 0, `${files} files`, files === 0)];
}

/** One run of vitest over several layers, told apart by the folder of each file. */
async function vitest(node, name, required, optional) {
  const report = join(reports, `${name}.json`);
  rmSync(report, { force: true });
  mkdirSync(reports, { recursive: true });
  const layers = [...required, ...optional].filter(
    (layer) => required.includes(layer) || hasTests(layer),
  );
  const code = await run(
    node,
    [
      join(root, 'node_modules', 'vitest', 'vitest.mjs'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...layers.map((layer) => `--project=${layer}`),
    ],
    { cwd: root },
  );
  const files = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')).testResults : [];
  const outcomes = layers.map((layer) =>
    sumUp(
      layer,
      files.filter((file) => layerOf(file.name) === layer),
    ),
  );
  const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
  // Vitest also fails for what belongs to no test: an error nobody caught, a broken set-up.
  if (code !== 0 && failed === 0)
    outcomes.push(single(`vitest, ${name}`, false, 'the run itself', false));
  return outcomes;
}

/** @returns {Outcome} */
function sumUp(layer, files) {
  const tests = files.flatMap((file) => file.assertionResults);
  const count = (...states) => tests.filter((test) => states.includes(test.status)).length;
  // A file that could not be loaded has no tests to fail, and is itself the failure.
  const broken = files.filter((file) => file.status === 'failed' && !hasFailure(file)).length;
  return {
    name: layer,
    passed: count('passed'),
    failed: count('failed') + broken,
    skipped: count('pending', 'skipped', 'todo', 'disabled'),
    looked: `${tests.length} tests in ${files.length} files`,
    empty: tests.length === 0,
  };
}

function hasFailure(file) {
  return file.assertionResults.some((test) => test.status === 'failed');
}

/** The layer a test file belongs to, as vitest.config.ts divides them. */
function layerOf(file) {
  const [first, second] = relative(root, file).split(sep);
  if (first === 'test') return second;
  return ['kernel', 'ledger', 'methods', 'rooms'].includes(first) ? 'unit' : 'edge';
}

function hasTests(layer) {
  const folder = join(root, 'test', layer);
  if (!existsSync(folder)) return false;
  return readdirSync(folder, { recursive: true }).some((name) =>
    /\.test\.tsx?$/.test(String(name)),
  );
}

/** @returns {Outcome} */
function single(name, passed, looked, empty) {
  return { name, passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0, looked, empty };
}

function parseJson(text) {
  try {
    return JSON.parse(text.slice(text.indexOf('{')));
  } catch {
    return null;
  }
}

function chosenParts() {
  const args = process.argv.slice(2);
  const chosen = [];
  while (args.length > 0) {
    const [flag, name] = args.splice(0, 2);
    if (flag !== '--part' || !(name in parts)) {
      console.error(`Usage: npm test -- [--part ${Object.keys(parts).join('|')}]…`);
      process.exit(2);
    }
    chosen.push(name);
  }
  return chosen.length === 0 ? Object.keys(parts) : chosen;
}

async function runParts(names) {
  const node = await ensureInstalled();
  const outcomes = [];
  for (const name of names) {
    console.log(`\n== ${name}`);
    outcomes.push(...(await parts[name](node)));
    if (stopSignal() !== null) break;
  }
  return outcomes;
}

const outcomes = await runParts(chosenParts()).catch((error) => {
  console.error(error.message);
  return [single('test command', false, 'nothing', false)];
});
if (stopSignal() !== null)
  outcomes.push(single(`stopped by ${stopSignal()}`, false, 'no more', false));

console.log('\n== summary');
const totals = { passed: 0, failed: 0, skipped: 0 };
for (const outcome of outcomes) {
  const { name, looked, empty, passed, skipped } = outcome;
  // A check that looked at nothing has proved nothing.
  const failed = outcome.failed + (empty && outcome.failed === 0 ? 1 : 0);
  totals.passed += empty ? 0 : passed;
  totals.failed += failed;
  totals.skipped += skipped;
  const verdict = failed > 0 ? 'FAILED' : 'ok';
  console.log(`${verdict.padEnd(7)} ${name.padEnd(18)} looked at ${looked}`);
}
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed > 0 ? 1 : 0;
