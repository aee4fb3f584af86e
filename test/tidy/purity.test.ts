import { expect, test } from 'vitest';
import {
  at,
  isTestFile,
  type Node,
  nameOf,
  nodeAt,
  nodesAt,
  parseSource,
  readSources,
  type SourceFile,
  walk,
} from '../../tools/sources.ts';
import { pureParts } from './lanes.ts';
import { report } from './report.ts';

/** The world outside: time, chance, identity and effects come in as arguments. */
const worldly = new Set([
  ...['Date', 'performance', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'],
  ...['fetch', 'WebSocket', 'XMLHttpRequest', 'EventSource', 'navigator', 'window', 'document'],
  ...['process', 'Buffer', 'crypto', 'console', 'globalThis', 'require', 'localStorage'],
]);

/** Where calendar arithmetic is done once for all; it may use what of `Date` has no clock. */
const calendars = ['kernel/day.ts', 'kernel/instant.ts'];

test('the pure half knows no clock, no chance and no world', () => {
  const pure = readSources().filter(
    (file) => pureParts.includes(file.path.split('/')[0] ?? '') && !isTestFile(file.path),
  );
  const problems = pure.flatMap(impurities);
  report('files of the pure half', pure.length, 20);
  expect(problems).toEqual([]);
});

test('the check itself sees a clock, and sees through a local name', () => {
  const found = (text: string, path = 'rooms/trial/a.ts') =>
    impurities(parseSource(path, text)).length;
  expect(found('export const now = Date.now();')).toBe(1);
  expect(found('export const luck = Math.random();')).toBe(1);
  expect(found('export const later = (process: () => void) => process();')).toBe(0);
  expect(found('export const day = (text: string) => Date.parse(text);')).toBe(1);
  expect(found('export const day = (text: string) => Date.parse(text);', 'kernel/day.ts')).toBe(0);
  expect(found('export const day = new Date(5);', 'kernel/day.ts')).toBe(0);
  expect(found('export const day = new Date();', 'kernel/day.ts')).toBe(1);
  expect(found('export const fields = { process: 1, Date: 2 };')).toBe(0);
});

function impurities(file: SourceFile): string[] {
  const own = declaredNames(file.program);
  const found: string[] = [];
  walk(file.program, (node, parents) => {
    const parent = parents.at(-1);
    const name = nameOf(node.type === 'Identifier' ? node : undefined);
    if (name === undefined || isOnlyAName(node, parent)) return;
    if (name === 'Math' && nameOf(nodeAt(parent, 'property')) === 'random') {
      found.push(`${at(file, node.start)}: chance comes from kernel/random.ts, not Math.random`);
    }
    if (!worldly.has(name) || own.has(name)) return;
    if (name === 'Date' && calendars.includes(file.path) && isClockless(parents)) return;
    found.push(`${at(file, node.start)}: ${name} has no place in the pure half`);
  });
  return found;
}

/** `x.name`, `{ name: … }` and `name: type` use the word without meaning the global. */
function isOnlyAName(node: Node, parent: Node | undefined): boolean {
  if (parent === undefined) return false;
  if (parent.type === 'MemberExpression') {
    return nodeAt(parent, 'property') === node && parent['computed'] !== true;
  }
  const named = ['Property', 'PropertyDefinition', 'MethodDefinition', 'TSPropertySignature'];
  return named.includes(parent.type) && nodeAt(parent, 'key') === node && !parent['shorthand'];
}

/** `Date.UTC(…)`, `Date.parse(…)` and `new Date(x)`: none of them asks what time it is. */
function isClockless(parents: readonly Node[]): boolean {
  const parent = parents.at(-1);
  if (parent?.type === 'NewExpression') return nodesAt(parent, 'arguments').length > 0;
  return ['UTC', 'parse'].includes(nameOf(nodeAt(parent, 'property')) ?? '');
}

/** Names that the file gives to something of its own: parameters, variables, imports. */
function declaredNames(program: Node): Set<string> {
  const names = new Set<string>();
  const add = (pattern: Node) =>
    walk(pattern, (node, parents) => {
      const name = nameOf(node.type === 'Identifier' ? node : undefined);
      if (name !== undefined && !isOnlyAName(node, parents.at(-1))) names.add(name);
    });
  walk(program, (node) => {
    for (const parameter of nodesAt(node, 'params')) add(parameter);
    const declares = ['VariableDeclarator', 'FunctionDeclaration', 'ClassDeclaration'];
    const id = declares.includes(node.type) ? nodeAt(node, 'id') : undefined;
    if (id !== undefined) add(id);
    const local = node.type.startsWith('Import') ? nodeAt(node, 'local') : undefined;
    if (local !== undefined) add(local);
  });
  return names;
}
