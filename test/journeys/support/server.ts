import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildBoard } from '../../../tools/build-board.mjs';
import { root } from '../../../tools/sources.ts';
import { testDatabase } from '../../support/postgres.ts';

/** A real server with the real board, and its first administrator. */
export interface RunningServer {
  readonly url: string;
  readonly account: string;
  readonly password: string;
  readonly stop: () => Promise<void>;
  /** What it has printed, for whoever looks into a failure. */
  readonly said: () => string;
}

const password = 'north-star-2022';
const startMsMax = 90_000;

/**
 * Starts the server of this project on a database of its own and a free port. `args` are those
 * of `npm start`: `--empty`, or a scenario with its scale and pace.
 */
export async function startServer(args: readonly string[]): Promise<RunningServer> {
  const built = await buildBoard(process.execPath);
  if (built !== 0) throw new Error(`the board did not build: ${built}`);
  const database = await testDatabase();
  const data = mkdtempSync(join(tmpdir(), 'sextant-journey-'));
  const server = spawn(
    process.execPath,
    [
      join(root, 'apps', 'server', 'main.ts'),
      ...['--data', data, '--port', '0', '--database-url', database.connectionString],
      ...['--admin-password', password, '--log-level', 'error', ...args],
    ],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const stop = async (): Promise<void> => {
    await ended(server);
    rmSync(data, { recursive: true, force: true });
    await database.drop();
  };
  let said = '';
  const hear = (text: Buffer): void => {
    said += String(text);
  };
  server.stdout.on('data', hear);
  server.stderr.on('data', hear);
  try {
    const url = await addressOf(server, () => said);
    return { url, account: 'admin', password, stop, said: () => said };
  } catch (error) {
    await stop();
    throw error;
  }
}

function addressOf(server: ChildProcess, said: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no server: ${said()}`)), startMsMax);
    const listen = (): void => {
      const url = /Sextant is at (http:\S+)/.exec(said())?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      server.stdout?.off('data', listen);
      resolve(url);
    };
    server.stdout?.on('data', listen);
    server.once('exit', () => {
      clearTimeout(timer);
      reject(new Error(`the server ended: ${said()}`));
    });
  });
}

function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    server.once('exit', () => resolve());
    server.kill('SIGTERM');
  });
}
