import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
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
  textOf,
  walk,
} from '../../tools/sources.ts';
import { report } from './report.ts';

const sources = readSources();
const files = listFiles();
const read = (path: string) => readFileSync(join(root, path), 'utf8');

test('every numbered rule has a test whose title begins with its number, and no test invents one', () => {
  const rules = new Map<string, string>();
  const problems: string[] = [];
  for (const path of files.filter((file) => /^rooms\/[^/]+\/README\.md$/.test(file))) {
    for (const [, rule] of read(path).matchAll(/\*\*([A-Z]{2,3}-\d+)\b[.:]?\*\*/g)) {
      if (rule === undefined) continue;
      if (rules.has(rule)) problems.push(`${path}: ${rule} is also in ${rules.get(rule)}`);
      rules.set(rule, path);
    }
  }
  const proved = new Map<string, string>();
  for (const { title, where } of titlesOf(sources)) {
    const [start = ''] = /^[A-Z]{2,3}-\d+(?:(?:, | and )[A-Z]{2,3}-\d+)*/.exec(title) ?? [];
    for (const [rule] of start.matchAll(/[A-Z]{2,3}-\d+/g)) proved.set(rule, where);
  }
  for (const [rule, path] of rules) {
    if (!proved.has(rule)) problems.push(`${path}: no test begins with ${rule}`);
  }
  const prefixes = new Set([...rules.keys()].map((rule) => rule.split('-')[0]));
  for (const [rule, where] of proved) {
    if (rules.has(rule) || !prefixes.has(rule.split('-')[0])) continue;
    problems.push(`${where}: ${rule} is in no README`);
  }
  report('numbered rules', rules.size, 20);
  expect(problems).toEqual([]);
});

test('every exported function says in a sentence what it does', () => {
  const problems: string[] = [];
  let looked = 0;
  for (const file of sources.filter((source) => !/\.test\.tsx?$/.test(source.path))) {
    for (const node of nodesAt(file.program, 'body')) {
      const name = exportedFunction(node);
      if (name === null) continue;
      looked += 1;
      if (docBefore(file, node) === null) {
        problems.push(`${at(file, node.start)}: ${name} has no docstring`);
      }
    }
  }
  report('exported functions', looked, 100);
  expect(problems).toEqual([]);
});

test('every exported function of a method states method, input, output, source and evidence', () => {
  const methods = sources.filter(
    (file) => file.path.startsWith('methods/') && !isTestFile(file.path),
  );
  const problems: string[] = [];
  for (const file of methods) {
    for (const node of nodesAt(file.program, 'body')) {
      if (exportedFunction(node) === null) continue;
      const text = docBefore(file, node) ?? '';
      for (const heading of ['Method', 'Input', 'Output', 'Source', 'Evidence']) {
        if (new RegExp(`^ \\* ${heading}\\s`, 'm').test(text)) continue;
        problems.push(`${at(file, node.start)}: no ${heading}`);
      }
      const evidence = /^ \* Evidence\s+([\w./-]+)/m.exec(text)?.[1]?.replace(/[.:]$/, '');
      if (evidence !== undefined && !existsSync(join(root, evidence))) {
        problems.push(`${at(file, node.start)}: there is no ${evidence}`);
      }
    }
  }
  report('files of methods', methods.length, 0);
  expect(problems).toEqual([]);
});

test('every relative link in a document leads somewhere', () => {
  const problems: string[] = [];
  let looked = 0;
  for (const path of files.filter((file) => file.endsWith('.md'))) {
    const text = read(path).replace(/```[\s\S]*?```|`[^`\n]*`/g, '');
    for (const [, target] of text.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)) {
      if (target === undefined || /^([a-z]+:|#)/.test(target)) continue;
      looked += 1;
      const [file = ''] = decodeURIComponent(target).split('#');
      const place = file.startsWith('/') ? file.slice(1) : normalize(join(dirname(path), file));
      if (!existsSync(join(root, place))) problems.push(`${path}: there is no ${target}`);
    }
  }
  report('relative links', looked, 1);
  expect(problems).toEqual([]);
});

test('what is left to do has the number of an issue', () => {
  const mark = /\b(TODO|FIXME)\b(?!\s*\(#\d+\))/;
  const problems: string[] = [];
  let looked = 0;
  for (const file of sources) {
    for (const comment of file.comments) {
      looked += 1;
      if (mark.test(comment.value)) problems.push(`${at(file, comment.start)}: without a number`);
    }
  }
  for (const path of files.filter((file) => file.endsWith('.sql'))) {
    looked += 1;
    if (mark.test(read(path))) problems.push(`${path}: left to do without a number`);
  }
  report('comments', looked, 100);
  expect(problems).toEqual([]);
});

test('no file names a folder of one machine or the address of a package registry', () => {
  // Written so that this file does not find itself.
  const machine = /(?<![\w.~$}])\/(?:wor[k]|hom[e]|roo[t])\//;
  const registry = /registry\.(?:npmj[s]|npmmirror|yarnpkg)\./;
  const problems: string[] = [];
  const texts = files.filter((path) => !/\.(png|woff2?|ico|xlsx|zip|gz|jpg|pdf)$/.test(path));
  for (const path of texts) {
    const text = read(path);
    for (const [what, pattern] of [
      ['a machine path', machine],
      ['a registry', registry],
    ] as const) {
      const match = pattern.exec(text);
      if (match === null) continue;
      const line = text.slice(0, match.index).split('\n').length;
      problems.push(`${path}:${line}: ${what}, ${match[0]}`);
    }
  }
  const lock = read('package-lock.json');
  if (lock.includes('"resolved"')) problems.push('package-lock.json: holds addresses ("resolved")');
  report('text files', texts.length, 100);
  expect(problems).toEqual([]);
});

function* titlesOf(all: readonly SourceFile[]): Generator<{ title: string; where: string }> {
  for (const file of all.filter((source) => /\.test\.tsx?$/.test(source.path))) {
    const found: { title: string; where: string }[] = [];
    walk(file.program, (node) => {
      if (node.type !== 'CallExpression' || !isTestCall(nodeAt(node, 'callee'))) return;
      const title = titleText(nodesAt(node, 'arguments')[0]);
      if (title !== null) found.push({ title, where: at(file, node.start) });
    });
    yield* found;
  }
}

/** `test`, `it`, `test.each(…)`, `test.for(…)`, `describe`: whatever takes a title. */
function isTestCall(callee: Node | undefined): boolean {
  if (callee === undefined) return false;
  if (callee.type === 'CallExpression') return isTestCall(nodeAt(callee, 'callee'));
  if (callee.type === 'TaggedTemplateExpression') return isTestCall(nodeAt(callee, 'tag'));
  if (callee.type === 'MemberExpression') return isTestCall(nodeAt(callee, 'object'));
  return ['test', 'it', 'describe'].includes(nameOf(callee) ?? '');
}

function titleText(node: Node | undefined): string | null {
  if (node?.type === 'TemplateLiteral') {
    const value = nodesAt(node, 'quasis')[0]?.['value'] as { cooked?: string } | undefined;
    return value?.cooked ?? null;
  }
  return textOf(node) ?? null;
}

/** The name of a function that a statement exports; null for anything else. */
function exportedFunction(node: Node): string | null {
  if (!node.type.startsWith('Export')) return null;
  const declaration = nodeAt(node, 'declaration');
  if (declaration?.type === 'FunctionDeclaration') {
    return nameOf(nodeAt(declaration, 'id')) ?? 'the default export';
  }
  const [declarator] = nodesAt(declaration, 'declarations');
  const value = nodeAt(declarator, 'init');
  const isFunction = value !== undefined && /^(Arrow)?FunctionExpression$/.test(value.type);
  return isFunction ? (nameOf(nodeAt(declarator, 'id')) ?? null) : null;
}

/** The docstring that ends right before a statement. */
function docBefore(file: SourceFile, node: Node): string | null {
  const doc = file.comments.findLast((comment) => comment.end <= node.start);
  if (doc === undefined || doc.type !== 'Block' || !doc.value.startsWith('*')) return null;
  return file.text.slice(doc.end, node.start).trim() === '' ? doc.value : null;
}
