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
  /** Waits until the scenario has been played. */
  readonly played: () => Promise<void>;
  /** Asks `/v1` as the first administrator, past the screens. */
  readonly ask: <Reply>(path: string) => Promise<Reply>;
  /** Posts to `/v1` as the first administrator, past the screens. */
  readonly send: (path: string, body: object) => Promise<void>;
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
    const played = () => waitFor(server, () => /has been played|scenario stopped/.test(said));
    const ask = <Reply>(path: string): Promise<Reply> => asAdmin<Reply>(url, path);
    const send = async (path: string, body: object): Promise<void> => {
      await asAdmin(url, path, body);
    };
    return { url, account: 'admin', password, stop, said: () => said, played, ask, send };
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

function waitFor(server: ChildProcess, isTrue: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!isTrue()) return;
      server.stdout?.off('data', look);
      resolve();
    };
    server.stdout?.on('data', look);
    look();
  });
}

const tokens = new Map<string, string>();

async function asAdmin<Reply>(url: string, path: string, post?: object): Promise<Reply> {
  const headers = { 'content-type': 'application/json' };
  let token = tokens.get(url);
  if (token === undefined) {
    const body = JSON.stringify({ account: 'admin', password });
    const reply = await fetch(`${url}/v1/sessions`, { method: 'POST', headers, body });
    token = ((await reply.json()) as { token: string }).token;
    tokens.set(url, token);
  }
  const reply = await fetch(`${url}/v1${path}`, {
    headers: { ...(post === undefined ? {} : headers), authorization: `Bearer ${token}` },
    ...(post === undefined ? {} : { method: 'POST', body: JSON.stringify(post) }),
  });
  if (!reply.ok) throw new Error(`${path}: ${await reply.text()}`);
  return (await reply.json()) as Reply;
}

function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    server.once('exit', () => resolve());
    server.kill('SIGTERM');
  });
}
