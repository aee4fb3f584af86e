import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A server in a process of its own, to be killed. */
export interface ServerProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** SIGKILL, as a power cut would; resolves when the process is gone. */
  readonly kill: () => Promise<void>;
  /** SIGTERM, and waits. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts `apps/server/main.ts` and waits until it says where it listens. `--unsafe` because the
 * tests' cluster is made for speed; a cluster that is durable stays so.
 */
export async function startProcess(args: readonly string[]): Promise<ServerProcess> {
  const child = spawn(process.execPath, ['apps/server/main.ts', '--unsafe', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (text: Buffer): void => {
      output += text.toString();
      const match = /Sextant is at (http:\S+)/.exec(output);
      if (match?.[1] !== undefined) resolve(match[1]);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${output}`)));
  });
  const gone = once(child, 'exit');
  const end = (signal: NodeJS.Signals) => async (): Promise<void> => {
    child.kill(signal);
    await gone;
  };
  return { url, child, kill: end('SIGKILL'), stop: end('SIGTERM') };
}

/** Runs the command line and gives its exit code and output. */
export async function runCommand(
  args: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ['apps/cli/main.ts', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? 1, stdout, stderr };
}
