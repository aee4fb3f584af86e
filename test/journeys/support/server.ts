import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildBoard } from '../../../tools/build-board.mjs';
import { buildField } from '../../../tools/build-field.mjs';
import { root } from '../../../tools/sources.ts';
import { testDatabase } from '../../support/postgres.ts';

/** Somebody who signs in. */
export interface Credentials {
  readonly account: string;
  readonly password: string;
}

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
  readonly send: (path: string, body: object | string) => Promise<void>;
  /** Does an act as somebody else, past the screens: `custody/seal-box`. */
  readonly act: (who: Credentials, name: string, body: object) => Promise<void>;
}

const password = 'north-star-2022';
const startMsMax = 90_000;

/**
 * Starts the server of this project on a database of its own and a free port. `args` are those
 * of `npm start`: `--empty`, or a scenario with its scale and pace. `face` is the app that is
 * looked at.
 */
export async function startServer(
  args: readonly string[],
  { face = 'board', durable = true }: { face?: 'board' | 'field'; durable?: boolean } = {},
): Promise<RunningServer> {
  const built = await (face === 'field' ? buildField : buildBoard)(process.execPath);
  if (built !== 0) throw new Error(`the ${face} did not build: ${built}`);
  // As in use: on a cluster made for speed every screen would say that it is one.
  const database = await testDatabase({ durable });
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
    const admin = { account: 'admin', password };
    const ask = <Reply>(path: string): Promise<Reply> => call<Reply>(url, admin, { path });
    const send = async (path: string, body: object | string): Promise<void> => {
      await call(url, admin, { path, body });
    };
    const act = async (who: Credentials, name: string, body: object): Promise<void> => {
      const envelope = { actId: crypto.randomUUID(), act: body };
      await call(url, who, { path: `/acts/${name}`, body: envelope });
    };
    return { url, ...admin, stop, said: () => said, played, ask, send, act };
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

interface Call {
  readonly path: string;
  /** Posted as JSON, or as CSV when it is text; without it the path is asked for. */
  readonly body?: object | string;
}

async function call<Reply>(url: string, who: Credentials, { path, body }: Call): Promise<Reply> {
  const key = `${url} ${who.account}`;
  const token = tokens.get(key) ?? (await signIn(url, who));
  tokens.set(key, token);
  const isText = typeof body === 'string';
  const reply = await fetch(`${url}/v1${path}`, {
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': isText ? 'text/csv' : 'application/json' }),
    },
    ...(body === undefined ? {} : { method: 'POST', body: isText ? body : JSON.stringify(body) }),
  });
  if (!reply.ok) throw new Error(`${path}: ${await reply.text()}`);
  return (await reply.json()) as Reply;
}

async function signIn(url: string, { account, password: secret }: Credentials): Promise<string> {
  const reply = await fetch(`${url}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account, password: secret }),
  });
  if (!reply.ok) throw new Error(`${account} cannot sign in: ${await reply.text()}`);
  return ((await reply.json()) as { token: string }).token;
}

function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    server.once('exit', () => resolve());
    server.kill('SIGTERM');
  });
}
