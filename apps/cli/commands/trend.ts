import { parseArgs } from 'node:util';
import { Misuse } from '../misuse.ts';
import type { TrendCommand, TrendValues } from './trend-command.ts';
import { clearCommand } from './trend-clear.ts';
import { clustersCommand } from './trend-clusters.ts';
import { forecastCommand } from './trend-forecast.ts';
import { nowcastCommand } from './trend-nowcast.ts';
import { rtCommand } from './trend-rt.ts';

/** Every sub-command of `sextant trend`: one line each, in the order of the help. */
const commands: readonly TrendCommand[] = [
  rtCommand,
  nowcastCommand,
  forecastCommand,
  clustersCommand,
  clearCommand,
];

const everywhere = {
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** The lines of help about `sextant trend`. */
export const trendUsage = commands.map(({ name, usage }) => `  trend ${name} ${usage}`).join('\n');

/** `sextant trend SUB-COMMAND`: readings of an epidemic's course from files. */
export async function trend(words: readonly string[]): Promise<number> {
  const [name] = words;
  if (name === '--help' || name === '-h') {
    process.stdout.write(`${trendUsage}\n`);
    return 0;
  }
  const command = commands.find((each) => each.name === name);
  if (command === undefined) {
    const names = commands.map((each) => each.name).join(', ');
    throw new Misuse(name === undefined ? `trend has ${names}` : `there is no trend ${name}`);
  }
  const values = parse(command, words.slice(1));
  if (values['help'] === true) {
    process.stdout.write(`  trend ${command.name} ${command.usage}\n`);
    return 0;
  }
  return command.run(values);
}

function parse(command: TrendCommand, args: string[]): TrendValues {
  try {
    const options = { ...everywhere, ...command.options };
    return parseArgs({ args, options, allowPositionals: false, strict: true }).values;
  } catch (error) {
    throw new Misuse(error instanceof Error ? error.message : String(error));
  }
}
