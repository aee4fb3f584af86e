#!/usr/bin/env node
// Runs the command line on the Node that the project pins, whatever Node the machine has.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const platform = `node-${process.platform}-${process.arch}/bin/node`;
const names = [
  '../../node_modules/.bin/node',
  '../../node_modules/.bin/node.cmd',
  // Where the pinned one does not start, `npm start` has put an older one here.
  `../../node_modules/.older-node/node_modules/${platform}`,
];
const pinned = names.map(here).find((path) => existsSync(path)) ?? process.execPath;
const child = spawn(pinned, [here('main.ts'), ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
