import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { resolve } from 'node:path';
import { Fault } from '../../adapters/fault.ts';

/** What a deployment is. Read once, parsed, frozen; nothing else reads the environment. */
export interface Config {
  readonly data: string;
  /** Their own PostgreSQL; the embedded one when null. */
  readonly databaseUrl: string | null;
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
  /** Starts although PostgreSQL does not keep what is answered; every screen then says so. */
  readonly unsafe: boolean;
  readonly clock: 'system' | 'driven';
  /** File of settings that replaces defaults; null for the rooms' own. */
  readonly policyFile: string | null;
  /** Password of the first administrator; generated and printed when null. */
  readonly adminPassword: string | null;
  /** The scenario that `npm start` plays; null for a server that waits for people. */
  readonly scenario: string | null;
  readonly scale: number;
  readonly seed: number;
  readonly days: number;
  /** Scenario minutes that pass in a second. */
  readonly pace: number;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

const options = {
  data: { type: 'string' },
  'database-url': { type: 'string' },
  host: { type: 'string', default: '127.0.0.1' },
  port: { type: 'string', default: '7780' },
  'log-level': { type: 'string', default: 'warn' },
  unsafe: { type: 'boolean', default: false },
  clock: { type: 'string' },
  policy: { type: 'string' },
  'admin-password': { type: 'string' },
  scenario: { type: 'string', default: 'baoshan-spring-2022' },
  empty: { type: 'boolean', default: false },
  scale: { type: 'string', default: '0.01' },
  seed: { type: 'string', default: '1' },
  days: { type: 'string', default: '3' },
  pace: { type: 'string', default: '12' },
  help: { type: 'boolean', default: false },
} as const;

/** What `npm start -- --help` says. */
export const usage = `npm start -- [options]

  --empty                start with nothing but a first administrator
  --scenario NAME        scenario to play (default baoshan-spring-2022)
  --scale X              share of the district's people, 0.001 to 1 (default 0.01)
  --days N --seed N      days to play, seed of the world (default 3, 1)
  --pace N               scenario minutes a second (default 12)
  --data DIR             data folder (or SEXTANT_DATA; default .sextant in the project)
  --database-url URL     your own PostgreSQL, 15 or later (or SEXTANT_DATABASE_URL)
  --unsafe               start although that PostgreSQL may lose what was answered
  --host H --port P      where to listen (default 127.0.0.1 7780; port 0 for any free one)
  --clock system|driven  whose time the operation runs by (driven for scenarios)
  --policy FILE          JSON of settings by room
  --admin-password P     of the first administrator (or SEXTANT_ADMIN_PASSWORD)
  --log-level L          silent, error, warn, info, debug
`;

/** Reads arguments and environment. Throws \`config.unknown-option\` or \`config.bad-value\`. */
export function readConfig(args: string[], environment: NodeJS.ProcessEnv): Config {
  const values = parse(args);
  const data = values.data ?? environment['SEXTANT_DATA'] ?? resolve(root, '.sextant');
  const scenario = values.empty ? null : values.scenario;
  const clock = values.clock ?? (scenario === null ? 'system' : 'driven');
  if (clock !== 'system' && clock !== 'driven') {
    throw new Fault('config.bad-value', `--clock is system or driven, not ${clock}`);
  }
  return Object.freeze({
    data: resolve(data),
    databaseUrl: values['database-url'] ?? environment['SEXTANT_DATABASE_URL'] ?? null,
    host: values.host,
    port: number(values.port, '--port', { min: 0, max: 65_535 }),
    logLevel: values['log-level'],
    unsafe: values.unsafe,
    clock,
    policyFile: values.policy ?? null,
    adminPassword: values['admin-password'] ?? environment['SEXTANT_ADMIN_PASSWORD'] ?? null,
    scenario,
    scale: number(values.scale, '--scale', { min: 0.0001, max: 1 }),
    seed: number(values.seed, '--seed', { min: 0, max: 2 ** 31 }),
    days: number(values.days, '--days', { min: 1, max: 67 }),
    pace: number(values.pace, '--pace', { min: 0.1, max: 100_000 }),
  });
}

/** Whether the arguments ask for help. */
export function wantsHelp(args: readonly string[]): boolean {
  return args.includes('--help') || args.includes('-h');
}

function parse(
  args: string[],
): ReturnType<typeof parseArgs<{ options: typeof options }>>['values'] {
  try {
    return parseArgs({ args, options, strict: true }).values;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new Fault('config.unknown-option', `${message}\n\n${usage}`, { cause });
  }
}

function number(text: string, name: string, { min, max }: { min: number; max: number }): number {
  const value = Number(text);
  if (Number.isFinite(value) && value >= min && value <= max) return value;
  throw new Fault('config.bad-value', `${name} is a number from ${min} to ${max}, not ${text}`);
}
