import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { mutations } from './worlds/mutations.ts';
import type { Report } from './worlds/run-worlds.ts';
import { liveWorld } from './worlds/world.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const worlds = 500;

/** Lives worlds in a process of their own: with a guard taken out, all modules must be its own. */
function simulate(...options: string[]): Promise<{ code: number; report: Report; said: string }> {
  const main = join(root, 'test', 'simulation', 'worlds', 'main.ts');
  const args = [main, '--worlds', String(worlds), '--json', ...options];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let said = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const isReport = output.startsWith('{');
      const report = isReport
        ? (JSON.parse(output) as Report)
        : { worlds: 0, failed: [], looked: {} };
      resolve({ code: code ?? 1, report, said });
    });
  });
}

test(`P1 P2 P3 P4 P7 hold in ${worlds} worlds of bad weather`, async () => {
  const { code, report, said } = await simulate();
  const looked = Object.entries(report.looked).map(([what, count]) => `${count} ${what}`);
  console.log(`${report.worlds} worlds: ${looked.join(', ')}`);
  for (const { seed, violations } of report.failed) {
    console.log(`seed ${seed}: ${violations.join('; ')}`);
    console.log(`  npm run simulate -- --worlds 1 --seed ${seed}`);
  }
  expect(said).toBe('');
  expect(report.failed).toEqual([]);
  expect(code).toBe(0);
  expect(report.worlds).toBe(worlds);
  // A check that looked at little proves little.
  const seen = (what: string): number => report.looked[what] ?? 0;
  const often = ['facts', 'kept', 'batons', 'folds'].filter((what) => seen(what) < worlds * 10);
  const seldom = ['setAside', 'gone', 'gapsSeen', 'slots'].filter((what) => seen(what) < 50);
  expect([...often, ...seldom]).toEqual([]);
});

test('the same seed gives the same world', async () => {
  for (const seed of [3, 21]) expect(await liveWorld(seed)).toEqual(await liveWorld(seed));
});

describe('every guard of the outbox and of receipt is missed when it is taken out', () => {
  test('each guard stands exactly once in its file', () => {
    const wrong = mutations.filter(({ file, from }) => {
      return readFileSync(join(root, file), 'utf8').split(from).length !== 2;
    });
    expect(wrong.map(({ name }) => name)).toEqual([]);
    expect(new Set(mutations.map(({ name }) => name)).size).toBe(mutations.length);
    expect(mutations.length).toBeGreaterThan(40);
  });

  test(`each is noticed within ${worlds} worlds`, async () => {
    const unnoticed: string[] = [];
    const waiting = [...mutations];
    // Two at a time: two cores.
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const { code, report, said } = await simulate('--mutation', next.name);
        const [outcome] = report.failed;
        if (code !== 1 || outcome === undefined) unnoticed.push(`${next.name} ${said}`);
        else console.log(`${next.name}: world ${outcome.seed}, ${outcome.violations[0]}`);
      }
    };
    await Promise.all([worker(), worker()]);
    expect(unnoticed).toEqual([]);
  });
});
