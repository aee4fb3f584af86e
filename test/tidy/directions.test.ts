import { expect, test } from 'vitest';
import {
  at,
  type ImportUse,
  isTestFile,
  readSources,
  resolveImport,
  type SourceFile,
} from '../../tools/sources.ts';
import { directions, lanes, pureParts, purePackages } from './lanes.ts';
import { report } from './report.ts';

const sources = readSources();
const order: readonly string[] = lanes.flat();

test('every file parses and every relative import leads to a file', () => {
  const problems: string[] = [];
  let looked = 0;
  for (const file of sources) {
    problems.push(...file.errors.map((error) => `${file.path}: ${error}`));
    for (const use of file.imports.filter(isRelative)) {
      looked += 1;
      if (resolveImport(file.path, use.request) !== null) continue;
      problems.push(`${at(file, use.start)}: there is no ${use.request}`);
    }
  }
  report('files', sources.length, 50);
  report('relative imports', looked, 100);
  expect(problems).toEqual([]);
});

test('imports follow the direction kernel, methods and ledger, rooms, adapters, apps', () => {
  const problems: string[] = [];
  let looked = 0;
  for (const { file, use, target } of edges(sources)) {
    const allowed = directions[partOf(file.path)];
    if (allowed === undefined) continue;
    looked += 1;
    if (allowed.includes(partOf(target))) continue;
    if (isTestFile(file.path) && target.startsWith('test/support/')) continue;
    problems.push(`${at(file, use.start)}: ${partOf(file.path)} may not import ${target}`);
  }
  report('imports with a direction', looked, 100);
  expect(problems).toEqual([]);
});

test('a room imports only rooms that stand before it, and those through their index.ts', () => {
  const problems: string[] = [];
  let looked = 0;
  for (const { file, use, target } of edges(sources)) {
    const from = roomOf(file.path);
    const to = roomOf(target);
    if (to === null || from === to) continue;
    looked += 1;
    const where = at(file, use.start);
    if (target !== `rooms/${to}/index.ts` && from !== null) {
      problems.push(`${where}: import ${to} through its index.ts, not ${target}`);
    }
    if (from === null) continue;
    if (!order.includes(to)) problems.push(`${where}: ${to} is in no lane (test/tidy/lanes.ts)`);
    if (order.indexOf(to) > order.indexOf(from)) {
      problems.push(`${where}: ${to} stands after ${from} in the lanes`);
    }
  }
  report('imports between rooms or into them', looked, 5);
  expect(problems).toEqual([]);
});

test('the pure half uses no package of Node and none beyond the listed ones', () => {
  const problems: string[] = [];
  let looked = 0;
  for (const file of sources) {
    if (!pureParts.includes(partOf(file.path)) || isTestFile(file.path)) continue;
    looked += 1;
    for (const use of file.imports) {
      if (isRelative(use) || purePackages.includes(use.request.split('/')[0] ?? '')) continue;
      problems.push(`${at(file, use.start)}: ${use.request} is no package for the pure half`);
    }
  }
  report('files of the pure half', looked, 20);
  expect(problems).toEqual([]);
});

test('no file imports itself by a detour, type imports included', () => {
  const graph = new Map<string, string[]>(sources.map((file) => [file.path, []]));
  for (const { file, target } of edges(sources)) graph.get(file.path)?.push(target);
  report('files in the graph', graph.size, 50);
  const problems = findCycles(graph).map((cycle) => cycle.join(' → '));
  expect(problems).toEqual([]);
});

test('nothing but tests uses what is made for tests', () => {
  const problems: string[] = [];
  let looked = 0;
  for (const { file, use, target } of edges(sources)) {
    // A bench measures with the same browser and servers that the tests use.
    const mayUse = isTestFile(file.path) || file.path.startsWith('bench/');
    if (mayUse || file.path === 'vitest.config.ts') continue;
    looked += 1;
    if (isTestFile(target)) problems.push(`${at(file, use.start)}: ${target} is for tests`);
  }
  report('imports of the program', looked, 100);
  expect(problems).toEqual([]);
});

function* edges(files: readonly SourceFile[]) {
  for (const file of files) {
    for (const use of file.imports.filter(isRelative)) {
      const target = resolveImport(file.path, use.request);
      if (target !== null) yield { file, use, target };
    }
  }
}

/** One cycle for each group of files that reach each other (depth-first, first way back found). */
function findCycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = [];
  const state = new Map<string, 'open' | 'done'>();
  const path: string[] = [];
  const visit = (node: string): void => {
    state.set(node, 'open');
    path.push(node);
    for (const next of graph.get(node) ?? []) {
      if (state.get(next) === 'open') cycles.push([...path.slice(path.indexOf(next)), next]);
      else if (state.get(next) === undefined) visit(next);
    }
    path.pop();
    state.set(node, 'done');
  };
  for (const node of graph.keys()) if (state.get(node) === undefined) visit(node);
  return cycles;
}

function isRelative(use: ImportUse): boolean {
  return use.request.startsWith('.');
}

function partOf(path: string): string {
  return path.split('/')[0] ?? '';
}

function roomOf(path: string): string | null {
  return /^rooms\/([^/]+)\//.exec(path)?.[1] ?? null;
}
