import { statfsSync } from 'node:fs';
import { totalmem } from 'node:os';

const kibi = 1024;
const mebi = 1024 * kibi;
const gibi = 1024 * mebi;

/** What the settings of an embedded server are made from. */
export interface SettingsInput {
  readonly port: number;
  readonly folder: string;
  /** False only for test clusters, which a crash may spoil. */
  readonly durable: boolean;
}

/**
 * The text of postgresql.conf, scaled to the machine. Measured shape: a whole screening day
 * between two checkpoints, no just-in-time compilation for short statements. `own.conf` and
 * ALTER SYSTEM override it; it is written again at each start.
 */
export function serverSettings(input: SettingsInput): string {
  const lines = Object.entries({
    ...placeSettings(input),
    ...sizeSettings(input),
    ...(input.durable ? durableSettings : spoilableSettings),
    ...quietSettings,
  }).map(([name, value]) => `${name} = '${value}'`);
  return [
    '# Written at each start of Sextant. Put your own settings into own.conf beside this file.',
    ...lines,
    "include_if_exists 'own.conf'",
    '',
  ].join('\n');
}

/** Bytes of memory that this process may use: the machine's, or less inside a container. */
export function availableMemoryBytes(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}

function placeSettings({ port }: SettingsInput) {
  return {
    listen_addresses: '127.0.0.1',
    port,
    // No socket: its path may be too long for the system, and TCP serves every caller alike.
    unix_socket_directories: '',
    max_connections: 100,
    password_encryption: 'scram-sha-256',
    timezone: 'UTC',
    log_timezone: 'UTC',
    datestyle: 'ISO',
    default_text_search_config: 'pg_catalog.simple',
    dynamic_shared_memory_type: sharedMemoryKind(),
  };
}

function sizeSettings({ folder, durable }: SettingsInput) {
  const memory = availableMemoryBytes();
  const shared = durable ? Math.min(memory / 6, 4 * gibi) : Math.min(memory / 16, 256 * mebi);
  // The log of changes may not fill a small disk, so it takes at most a quarter of what is free.
  const wal = Math.min(8 * gibi, Math.max(256 * mebi, freeBytes(folder) / 4));
  return {
    shared_buffers: inMebi(Math.max(shared, 32 * mebi)),
    effective_cache_size: inMebi(memory / 2),
    work_mem: inMebi(Math.min(memory / 128, 64 * mebi)),
    maintenance_work_mem: inMebi(Math.min(memory / 16, gibi)),
    max_wal_size: inMebi(wal),
    min_wal_size: inMebi(Math.min(wal / 4, gibi)),
    wal_buffers: inMebi(Math.min(shared / 8, 64 * mebi)),
    checkpoint_timeout: '15min',
    jit: 'off',
  };
}

const durableSettings = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' };
const spoilableSettings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/**
 * The server's log holds no statement, parameter or key value: they could be a person's data.
 * `log` ranks above `error`, so refused statements are left out; the program reports them itself.
 */
const quietSettings = {
  log_destination: 'stderr',
  logging_collector: 'off',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_parameter_max_length: 0,
  log_checkpoints: 'off',
  log_line_prefix: '%m [%p] ',
};

/** Containers often have 64 MB of /dev/shm, which one parallel query can fill. */
function sharedMemoryKind(): string {
  if (process.platform === 'win32') return 'windows';
  try {
    const { bsize, blocks } = statfsSync('/dev/shm');
    return bsize * blocks < gibi ? 'mmap' : 'posix';
  } catch {
    return process.platform === 'darwin' ? 'posix' : 'mmap';
  }
}

function freeBytes(folder: string): number {
  const { bsize, bavail } = statfsSync(folder);
  return bsize * bavail;
}

function inMebi(bytes: number): string {
  return `${Math.max(1, Math.floor(bytes / mebi))}MB`;
}
