import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { type Mutation, mutations } from './mutations.ts';

// The program behind `npm run simulate`: lives worlds and says which did not hold.
const root = fileURLToPath(new URL('../../..', import.meta.url));
const usage = `npm run simulate -- [--worlds 500] [--seed 1] [--mutation NAME] [--json]
  --mutation takes out one guard and stops at the first world that notices; NAME is one of
  ${mutations.map(({ name }) => name).join('\n  ')}`;

function fail(message: string): never {
  console.error(`${message}\n${usage}`);
  process.exit(2);
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        worlds: { type: 'string', default: '500' },
        seed: { type: 'string', default: '1' },
        mutation: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

function whole(text: string, name: string): number {
  const value = Number(text);
  return Number.isSafeInteger(value) && value >= 1
    ? value
    : fail(`--${name} is a number from 1 on`);
}

/** Replaces the text of one guard as its file is loaded. */
function mutate({ file, from, to }: Mutation): void {
  const url = pathToFileURL(join(root, file)).href;
  const text = readFileSync(join(root, file), 'utf8');
  if (text.split(from).length !== 2) fail(`${file} does not hold this text once: ${from}`);
  registerHooks({
    load: (asked, context, next) =>
      asked === url
        ? { format: 'module-typescript', source: text.replace(from, () => to), shortCircuit: true }
        : next(asked, context),
  });
}

const options = readOptions();
if (options.help) {
  console.log(usage);
  process.exit(0);
}
const worlds = whole(options.worlds, 'worlds');
const firstSeed = whole(options.seed, 'seed');
const mutation = mutations.find(({ name }) => name === options.mutation);
if (options.mutation !== undefined && mutation === undefined) fail('no such mutation');
if (mutation !== undefined) mutate(mutation);
// Loaded only now, so that a guard taken out is out everywhere.
const { runWorlds } = await import('./run-worlds.ts');
const isTerminal = process.stderr.isTTY;
const report = await runWorlds({
  worlds,
  firstSeed,
  stopAtFirst: mutation !== undefined,
  progress: (lived) => {
    if (isTerminal && lived % 10 === 0) process.stderr.write(`\r${lived} of ${worlds} worlds`);
  },
});
if (isTerminal) process.stderr.write('\r');
if (options.json) console.log(JSON.stringify(report));
else {
  const looked = Object.entries(report.looked).map(([what, count]) => `${count} ${what}`);
  console.log(`${report.worlds} worlds from seed ${firstSeed}: ${looked.join(', ')}`);
  for (const { seed, violations } of report.failed) {
    console.log(`world ${seed} does not hold: ${violations.join('; ')}`);
    const changed = mutation === undefined ? '' : ` --mutation ${mutation.name}`;
    console.log(`  npm run simulate -- --worlds 1 --seed ${seed}${changed}`);
  }
  console.log(`${report.worlds - report.failed.length} held, ${report.failed.length} did not`);
}
process.exit(report.failed.length === 0 ? 0 : 1);
