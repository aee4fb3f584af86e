import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Lock, missingFromLock } from '../../tools/complete-lock.ts';
import {
  at,
  isTestFile,
  listFiles,
  type Node,
  nameOf,
  nodeAt,
  nodesAt,
  readSources,
  root,
  type SourceFile,
  walk,
} from '../../tools/sources.ts';
import { report } from './report.ts';

const limits = {
  fileLines: 400,
  testFileLines: 600,
  functionLines: 70,
  parameters: 4,
  lineColumns: 100,
  roomFiles: 20,
  dependencies: 13,
};

const sources = readSources();

test('files and lines keep within their budgets', () => {
  const problems: string[] = [];
  let lines = 0;
  for (const file of sources) {
    const limit = isTestFile(file.path) ? limits.testFileLines : limits.fileLines;
    const count = file.lines.length - 1;
    lines += count;
    if (count > limit) problems.push(`${file.path}: ${count} lines, and ${limit} are allowed`);
    file.lines.forEach((line, index) => {
      const columns = columnsOf(line);
      if (columns <= limits.lineColumns || isUnbreakable(line)) return;
      problems.push(`${file.path}:${index + 1}: ${columns} columns`);
    });
  }
  report('lines', lines, 2000);
  expect(problems).toEqual([]);
});

test('functions keep within their budgets', () => {
  const problems: string[] = [];
  let looked = 0;
  for (const file of sources) {
    walk(file.program, (node) => {
      if (!isFunction(node)) return;
      looked += 1;
      const parameters = nodesAt(node, 'params').length;
      if (parameters > limits.parameters) {
        problems.push(`${at(file, node.start)}: ${parameters} parameters; take an object`);
      }
      const lines = file.text.slice(node.start, node.end).split('\n').length;
      if (lines > limits.functionLines && !isSuite(node)) {
        problems.push(`${at(file, node.start)}: a function of ${lines} lines`);
      }
    });
  }
  report('functions', looked, 300);
  expect(problems).toEqual([]);
});

test('rooms are small, and each has one barrel and a README', () => {
  const files = listFiles('rooms');
  const rooms = new Set(files.flatMap((path) => /^rooms\/([^/]+)\//.exec(path)?.[1] ?? []));
  const problems: string[] = [];
  for (const room of rooms) {
    const own = files.filter((path) => path.startsWith(`rooms/${room}/`));
    const counted = own.filter((path) => !isTestFile(path)).length;
    if (counted > limits.roomFiles) problems.push(`rooms/${room}: ${counted} files; split it`);
    for (const name of ['index.ts', 'README.md']) {
      if (!own.includes(`rooms/${room}/${name}`)) problems.push(`rooms/${room}: no ${name}`);
    }
  }
  for (const file of sources.filter((source) => !/^rooms\/[^/]+\/index\.ts$/.test(source.path))) {
    const reExport = file.imports.find((use) => use.isReExport);
    if (reExport === undefined) continue;
    problems.push(`${at(file, reExport.start)}: only a room's index.ts exports from elsewhere`);
  }
  report('rooms', rooms.size, 5);
  expect(problems).toEqual([]);
});

test('any, double assertions, non-null signs and suppressions give a reason on their line', () => {
  const problems: string[] = [];
  let looked = 0;
  for (const file of sources) {
    walk(file.program, (node) => {
      looked += 1;
      const what = escapeOf(node);
      if (what === null || hasReason(file, node)) return;
      problems.push(`${at(file, node.start)}: ${what} without a reason on the line`);
    });
    for (const comment of file.comments) {
      if (!isBareSuppression(comment.value)) continue;
      problems.push(`${at(file, comment.start)}: a suppression without a reason after it`);
    }
  }
  report('nodes of syntax', looked, 20_000);
  expect(problems).toEqual([]);
});

test('each production dependency says in docs/reference/dependencies.md why it is there', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
  const text = readFileSync(join(root, 'docs/reference/dependencies.md'), 'utf8');
  const production = Object.keys(manifest.dependencies);
  const all = [production, manifest.devDependencies, manifest.optionalDependencies].flatMap(
    (list) => (Array.isArray(list) ? list : Object.keys(list)),
  );
  expect(production.length).toBeLessThanOrEqual(limits.dependencies);
  const problems = all
    .filter((name) => !text.includes(`\`${name}\``))
    .map((name) => `docs/reference/dependencies.md: nothing about ${name}`);
  const listed = [...text.matchAll(/^\| `([^`]+)`/gm)].flatMap(([, name]) => name ?? []);
  problems.push(
    ...listed
      .filter((name) => !all.includes(name))
      .map((name) => `docs/reference/dependencies.md: ${name} is no dependency`),
  );
  const versions = { ...manifest.dependencies, ...manifest.devDependencies };
  problems.push(
    ...Object.entries({ ...versions, ...manifest.optionalDependencies })
      .filter(([, version]) => !/^\d/.test(version))
      .map(([name, version]) => `package.json: ${name} is not pinned but ${version}`),
  );
  report('dependencies', all.length, 10);
  expect(problems).toEqual([]);
});

test('the lock file is whole, so that npm ci takes it whatever the registry carries', () => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;
  const problems = [...missingFromLock(lock).keys()].map(
    (path) => `${path}: node tools/complete-lock.ts`,
  );
  report('locked packages', Object.keys(lock.packages).length, 100);
  expect(problems).toEqual([]);
});

interface Manifest {
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
  readonly optionalDependencies: Record<string, string>;
}

function isFunction(node: Node): boolean {
  const kinds = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'];
  return kinds.includes(node.type);
}

/** A function that holds tests, as `describe` takes it, only groups them. */
function isSuite(node: Node): boolean {
  return nodesAt(nodeAt(node, 'body'), 'body').some((statement) => {
    const call = nodeAt(statement, 'expression');
    const callee = nodeAt(call, 'callee');
    const [name, object] = [nameOf(callee), nameOf(nodeAt(callee, 'object'))];
    return [name, object].some((word) => ['test', 'it', 'describe'].includes(word ?? ''));
  });
}

function escapeOf(node: Node): string | null {
  if (node.type === 'TSAnyKeyword') return 'any';
  if (node.type === 'TSNonNullExpression') return 'a non-null sign';
  if (node.type !== 'TSAsExpression') return null;
  const inner = nodeAt(node, 'expression');
  const isUnknown = nodeAt(inner, 'typeAnnotation')?.type === 'TSUnknownKeyword';
  return inner?.type === 'TSAsExpression' && isUnknown ? 'as unknown as' : null;
}

/** A comment on one of the lines of the node, or alone on the line before it. */
function hasReason(file: SourceFile, node: Node): boolean {
  const from = file.text.lastIndexOf('\n', node.start) + 1;
  const lineEnd = file.text.indexOf('\n', node.end);
  const to = lineEnd === -1 ? file.text.length : lineEnd;
  const beforeFrom = file.text.lastIndexOf('\n', from - 2) + 1;
  const before = file.text.slice(beforeFrom, from).trim();
  if (/^(\/\/|\*|\/\*)/.test(before)) return true;
  return file.comments.some((comment) => comment.start >= from && comment.end <= to);
}

function isBareSuppression(comment: string): boolean {
  const directive =
    /@ts-(ignore|expect-error|nocheck)|(oxlint|eslint)-disable[a-z-]*|oxfmt-ignore|prettier-ignore/;
  const match = directive.exec(comment);
  if (match === null) return false;
  const rest = comment.slice(match.index + match[0].length);
  // Names of rules are no reason; what follows them is.
  return rest.replace(/[\w@-]+\/[\w-]+|[\s,:-]/g, '').length < 8;
}

/**
 * An address, the title of a test, or one text alone with its name: broken in two, none of them
 * could be searched for.
 */
function isUnbreakable(line: string): boolean {
  if (/^\s*(test|it|describe)\S*\(/.test(line)) return true;
  return line.includes('://') || /^\s*([\w.'-]+: )?(['"`])(?:(?!\2).)*\2[,;)]*$/.test(line);
}

const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/;

/** Columns on a terminal: a Chinese character takes two. */
function columnsOf(line: string): number {
  let columns = line.length;
  if (columns * 2 <= limits.lineColumns) return columns;
  for (const character of line) if (wide.test(character)) columns += 1;
  return columns;
}
