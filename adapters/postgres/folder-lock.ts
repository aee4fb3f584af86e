import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { Fault } from '../fault.ts';

const waitMsMax = 180_000;
const busy = 5;

/**
 * Runs `work` while no other process or thread runs under the same lock file.
 *
 * Node has no file locks of its own, SQLite has: an exclusive transaction on an empty database
 * is a lock that the system gives back when its holder dies, however it dies.
 */
export async function underLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const database = open(file);
  try {
    await take(database, file);
    return await work();
  } finally {
    database.close();
  }
}

function open(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file, { timeout: 0 });
  } catch (cause) {
    throw new Fault('postgres.data-folder-unusable', `${file} cannot be written to.`, { cause });
  }
}

async function take(database: DatabaseSync, file: string): Promise<void> {
  const giveUpAt = Date.now() + waitMsMax;
  while (true) {
    try {
      database.exec('BEGIN EXCLUSIVE');
      return;
    } catch (cause) {
      if ((cause as { errcode?: number }).errcode !== busy || Date.now() > giveUpAt) {
        throw new Fault('postgres.busy', `Another process has held ${file} for too long.`, {
          cause,
          retry: 'later',
        });
      }
    }
    await pause(50);
  }
}
