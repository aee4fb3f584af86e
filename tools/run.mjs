import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** What runs now; two builds may run beside each other. */
const running = new Set();
let received = null;

/** The signal that asked us to end, if one did. */
export function stopSignal() {
  return received;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    received = signal;
    // From a terminal, Ctrl-C reaches the child by itself; twice would look like impatience.
    if (signal === 'SIGINT' && process.stdin.isTTY) return;
    for (const child of running) child.kill(signal);
  });
}

/**
 * Runs a program to its end and gives its exit code, 128 + n when signal n ended it. Signals that
 * we get are handed on, and the program is waited for.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>}
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    if (received !== null) {
      resolve(128 + constants.signals[received]);
      return;
    }
    const child = spawn(command, args, { stdio: 'inherit', windowsHide: true, ...options });
    running.add(child);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']);
    });
  });
}

/**
 * Runs a program to its end and gives what it wrote.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export async function capture(command, args, options = {}) {
  let output = '';
  const code = await new Promise((resolve, reject) => {
    if (received !== null) return resolve(128 + constants.signals[received]);
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      ...options,
    });
    running.add(child);
    child.stdout?.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr?.setEncoding('utf8').on('data', (text) => (output += text));
    child.once('error', reject);
    child.once('close', (ended, signal) => {
      running.delete(child);
      resolve(ended ?? 128 + constants.signals[signal ?? 'SIGKILL']);
    });
  });
  return { code, output };
}
