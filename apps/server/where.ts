import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createDatabase,
  databaseAddress,
  dropDatabase,
} from '../../adapters/postgres/administer.ts';
import { keepEmbedded } from '../../adapters/postgres/keeper.ts';

/** A server that is running on a data folder, as it wrote itself down. */
export interface RunningServer {
  readonly url: string;
  readonly pid: number;
  readonly database: string;
}

/** The database of people's own operation, and the one in which scenarios are played. */
export const databaseNames = { own: 'sextant', scenario: 'sextant_scenario' } as const;
export type DatabaseUse = keyof typeof databaseNames;

/** A database that is open for use, and how to let go of it. */
export interface OpenDatabase {
  readonly connectionString: string;
  /** The folder that it fills. */
  readonly folder: string;
  readonly release: () => Promise<void>;
}

/** The server running on the data folder; null when there is none or it died. */
export function findServer(data: string): RunningServer | null {
  const file = join(data, 'server.json');
  if (!existsSync(file)) return null;
  try {
    const server = JSON.parse(readFileSync(file, 'utf8')) as RunningServer;
    process.kill(server.pid, 0);
    return server;
  } catch {
    return null;
  }
}

/**
 * Opens the embedded database of a data folder, starting its server when none runs. Without
 * `use` it is the database that was used last. `fresh` begins with an empty one.
 */
export async function openEmbedded(
  data: string,
  options: { use?: DatabaseUse; fresh?: boolean; log?: (line: string) => void } = {},
): Promise<OpenDatabase> {
  const use = options.use ?? lastUse(data);
  const { log } = options;
  const kept = await keepEmbedded({
    dataDir: join(data, 'postgres'),
    ...(log === undefined ? {} : { log }),
  });
  const { connectionString: address, folder } = kept.server;
  const name = databaseNames[use];
  try {
    const anyOther = databaseAddress(address, 'postgres');
    if (options.fresh === true) await dropDatabase(anyOther, name);
    const connectionString = await createDatabase(anyOther, name);
    writeFileSync(lastUseFile(data), JSON.stringify({ use }));
    return { connectionString, folder, release: () => kept.stop() };
  } catch (error) {
    await kept.stop();
    throw error;
  }
}

const lastUseFile = (data: string): string => join(data, 'last-database.json');

function lastUse(data: string): DatabaseUse {
  const file = lastUseFile(data);
  if (!existsSync(file)) return 'own';
  const { use } = JSON.parse(readFileSync(file, 'utf8')) as { use: string };
  return use === 'scenario' ? 'scenario' : 'own';
}
