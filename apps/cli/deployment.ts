import { parseArgs } from 'node:util';
import { chain, coverage, fourAccounts, trace, verifyAll } from './commands/ask.ts';
import { importFile } from './commands/import.ts';
import { labels } from './commands/labels.ts';
import { scenarioRun } from './commands/scenario.ts';
import { Misuse } from './misuse.ts';
import { targetOf } from './session.ts';
import { usage } from './usage.ts';

const options = {
  json: { type: 'boolean', default: false },
  data: { type: 'string' },
  'database-url': { type: 'string' },
  round: { type: 'string' },
  place: { type: 'string' },
  missing: { type: 'boolean', default: false },
  errors: { type: 'string' },
  'create-places': { type: 'boolean', default: false },
  map: { type: 'string', multiple: true },
  scale: { type: 'string' },
  days: { type: 'string' },
  seed: { type: 'string' },
  from: { type: 'string' },
  'until-idle': { type: 'boolean', default: false },
  keep: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

type Values = ReturnType<typeof parse>['values'];

function parse(
  args: string[],
): ReturnType<
  typeof parseArgs<{ options: typeof options; allowPositionals: true; args: string[] }>
> {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new Misuse(error instanceof Error ? error.message : String(error));
  }
}

function need(word: string | undefined, what: string): string {
  if (word === undefined || word === '') throw new Misuse(`${what} is missing`);
  return word;
}

/** Runs one command that asks or changes a deployment, and answers its exit code. */
export async function runOnDeployment(args: string[]): Promise<number> {
  // It has options of its own, which would be too many for one list.
  if (args[0] === 'labels') return labels(args.slice(1));
  const { values, positionals } = parse(args);
  const [command, ...words] = positionals;
  if (values.help || command === undefined) {
    process.stdout.write(usage);
    return values.help ? 0 : 2;
  }
  const target = targetOf(withoutUndefined(values));
  const question = { ...withoutUndefined(values), json: values.json, missing: values.missing };
  switch (command) {
    case 'coverage':
      return coverage(target, question);
    case 'accounts':
      return fourAccounts(target, question);
    case 'chain':
      return chain(target, question);
    case 'trace':
      return trace(target, traced(words, values));
    case 'verify':
      return verifyAll(target, values.json);
    case 'import':
      return importFile(target, imported(words, values));
    case 'scenario':
      return runScenarioCommand(words, values);
    default:
      throw new Misuse(`there is no command ${command}`);
  }
}

function withoutUndefined(values: Values): {
  data?: string;
  'database-url'?: string;
  round?: string;
  place?: string;
} {
  const kept = ['data', 'database-url', 'round', 'place'] as const;
  return Object.fromEntries(
    kept.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])),
  );
}

function traced(
  words: readonly string[],
  { json }: Values,
): { what: string; id: string; json: boolean } {
  const what = need(words[0], 'tube, person or box');
  if (!['tube', 'person', 'box'].includes(what)) throw new Misuse(`cannot trace ${what}`);
  return { what, id: need(words[1], `the ${what}`), json };
}

function imported(words: readonly string[], values: Values): Parameters<typeof importFile>[1] {
  const what = need(words[0], 'persons or places');
  if (what !== 'persons' && what !== 'places') throw new Misuse(`cannot import ${what}`);
  return {
    what,
    file: need(words[1], 'the file'),
    errors: values.errors ?? null,
    createPlaces: values['create-places'],
    map: values.map ?? [],
    json: values.json,
  };
}

function runScenarioCommand(words: readonly string[], values: Values): Promise<number> {
  if (words[0] !== 'run') throw new Misuse('scenario has one command: run');
  return scenarioRun(targetOf(withoutUndefined(values)), {
    name: need(words[1], 'the scenario'),
    scale: amount(values.scale, '--scale', 0.01),
    days: amount(values.days, '--days', 1),
    seed: amount(values.seed, '--seed', 1),
    from: values.from ?? null,
    untilIdle: values['until-idle'],
    keep: values.keep,
    json: values.json,
  });
}

function amount(text: string | undefined, name: string, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new Misuse(`${name} is a number, not ${text}`);
  return value;
}
