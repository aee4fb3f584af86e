import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { words } from '../../apps/board/src/language/words/index.ts';
import { allRooms } from '../../rooms/catalogue.ts';
import { root } from '../../tools/sources.ts';
import { type Block, faultOf, readBlocks, Shell } from '../support/guide.ts';

const path = 'docs/first-round.md';
const guide = readFileSync(join(root, path), 'utf8');
const blocks = readBlocks(guide);
/** What the guide calls its folder and its address; here both are of our own. */
const written = { folder: 'practice', url: 'http://127.0.0.1:7780' };

let folder: string;
let shell: Shell;
let server: ChildProcess | null = null;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sextant-first-round-'));
  // Passable for the account that PostgreSQL runs as when we are root.
  chmodSync(folder, 0o711);
  const programs = join(folder, 'bin');
  mkdirSync(programs);
  provideCurl(programs);
  const packages = join(root, 'node_modules', '.bin');
  const search = [packages, programs, process.env['PATH'] ?? ''].join(delimiter);
  shell = new Shell({ cwd: root, env: { ...process.env, PATH: search } });
});

afterAll(async () => {
  shell.close();
  const running = server;
  if (running !== null && running.exitCode === null) {
    await new Promise((resolve) => {
      running.once('exit', resolve);
      running.kill('SIGTERM');
    });
  }
  rmSync(folder, { recursive: true, force: true });
});

const walkMsMax = 400_000;

test(
  'the first round can be walked through as the guide says, command by command',
  {
    timeout: walkMsMax,
  },
  async () => {
    let printed = '';
    let ran = 0;
    let compared = 0;
    for (const block of blocks) {
      const where = `${path}:${block.line}`;
      if (block.kind === 'sh') {
        printed = await runBlock(block).catch((error: unknown) => {
          throw new Error(`${where}: ${String(error)}`, { cause: error });
        });
        ran += 1;
      } else {
        const fault = faultOf(block, printed);
        expect(fault === null ? null : `${where}: ${fault}`).toBeNull();
        compared += 1;
      }
    }
    console.log(`looked at ${ran} blocks of commands and ${compared} answers`);
    expect(ran).toBeGreaterThan(20);
    expect(compared).toBeGreaterThan(20);
  },
);

test('every desk and button that the guide names is on a screen under that name', () => {
  const acts = allRooms.flatMap((room) => Object.values(room.acts).map(({ label }) => label.en));
  // A count stands in some names; the guide leaves it out.
  const shown = Object.values(words).map(([, en]) => en.replace(/ ?\(?\{[a-z]+\}\)?/g, ''));
  const known = new Set([...acts, ...shown]);
  const screens = guide.match(/^\*\*By screen\.\*\*[\s\S]*?(?=\n\n)/gm) ?? [];
  const named = screens.flatMap((text) => [...text.matchAll(/“([^”]+)”/g)].map(([, name]) => name));
  console.log(`looked at ${named.length} names in ${screens.length} paragraphs`);
  expect(screens.length).toBeGreaterThan(10);
  expect(named.filter((name) => name === undefined || !known.has(oneLine(name)))).toEqual([]);
});

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

async function runBlock({ text }: Block): Promise<string> {
  const start = /^npm start -- (.*)$/m.exec(text)?.[1];
  if (start !== undefined) return startServer(start);
  return shell.run(inOurOwn(text));
}

function inOurOwn(text: string): string {
  return text.replaceAll(`=${written.folder}`, `=${folder}`).replaceAll(written.url, address);
}

let address = '';

/** Starts what `npm start` starts after installing and building, on a free port. */
async function startServer(options: string): Promise<string> {
  const args = options.split(' ').map((word) => (word === written.folder ? folder : word));
  const child = spawn(process.execPath, ['apps/server/main.ts', ...args, '--port', '0'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  server = child;
  let said = '';
  address = await new Promise<string>((resolve, reject) => {
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      const url = /Sextant is at (http:\S+)\n[\s\S]*password/.exec(said)?.[1];
      if (url !== undefined) resolve(url);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${said}`)));
  });
  return said.replaceAll(address, written.url);
}

function provideCurl(programs: string): void {
  if (spawnSync('curl', ['--version']).status === 0) return;
  const stand = join(root, 'test', 'support', 'curl.ts');
  const script = `#!/bin/sh\nexec '${process.execPath}' '${stand}' "$@"\n`;
  writeFileSync(join(programs, 'curl'), script, { mode: 0o755 });
}
