import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';

/** The folder of the checkout. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** A node of the syntax tree (ESTree with TypeScript), read by name of field. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** A comment, without its signs. */
export interface Comment {
  readonly type: 'Line' | 'Block';
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** A file of code with its syntax tree. */
export interface SourceFile {
  /** From the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
  readonly program: Node;
  readonly comments: readonly Comment[];
  /** What it imports or re-exports, types included, as written. */
  readonly imports: readonly ImportUse[];
  /** Why it could not be parsed; empty when it could. */
  readonly errors: readonly string[];
}

/** One `from '…'`. */
export interface ImportUse {
  readonly request: string;
  readonly start: number;
  readonly isReExport: boolean;
}

const leftOut = new Set(['node_modules', '.git', 'dist', '.sextant', 'test-output', '.issues']);

/** Every file below the root that is kept in the repository, as paths from the root. */
export function listFiles(folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => !leftOut.has(entry.name) && !entry.name.endsWith('.log'))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return listFiles(path);
      return entry.isFile() ? [path] : [];
    })
    .sort();
}

/** Every file of TypeScript or JavaScript, parsed. */
export function readSources(): SourceFile[] {
  const code = /\.(ts|tsx|mjs|js)$/;
  return listFiles()
    .filter((path) => code.test(path) && !path.includes('/public/'))
    .map((path) => parseSource(path, readFileSync(join(root, path), 'utf8')));
}

/** Parses the text of one file. */
export function parseSource(path: string, text: string): SourceFile {
  const lang = path.endsWith('.tsx') ? 'tsx' : path.endsWith('.ts') ? 'ts' : 'js';
  const parsed = parseSync(path, text, { lang });
  // The parser's own types know each node by itself; a walk needs only what all have in common.
  const program = parsed.program as unknown as Node;
  return {
    path,
    text,
    lines: text.split('\n'),
    program,
    comments: parsed.comments,
    imports: [...staticUses(parsed), ...typeUses(program), ...dynamicUses(parsed, text)],
    errors: parsed.errors.map((error) => error.message),
  };
}

type Parsed = ReturnType<typeof parseSync>;

function staticUses({ module }: Parsed): ImportUse[] {
  const imports = module.staticImports.map(({ moduleRequest, start }) => ({
    request: moduleRequest.value,
    start,
    isReExport: false,
  }));
  const exports = module.staticExports.flatMap(({ entries, start }) => {
    const request = entries[0]?.moduleRequest?.value;
    return request === undefined ? [] : [{ request, start, isReExport: true }];
  });
  return [...imports, ...exports];
}

function dynamicUses({ module }: Parsed, text: string): ImportUse[] {
  return module.dynamicImports.flatMap(({ moduleRequest, start }) => {
    const written = text.slice(moduleRequest.start, moduleRequest.end);
    const request = /^['"]([^'"]+)['"]$/.exec(written)?.[1];
    return request === undefined ? [] : [{ request, start, isReExport: false }];
  });
}

/** `import('./x.ts').Y` as a type. */
function typeUses(program: Node): ImportUse[] {
  const uses: ImportUse[] = [];
  walk(program, (node) => {
    if (node.type !== 'TSImportType') return;
    const source = node['source'];
    if (isNode(source) && typeof source['value'] === 'string') {
      uses.push({ request: source['value'], start: node.start, isReExport: false });
    }
  });
  return uses;
}

/** Visits a node and everything below it, parents first. */
export function walk(node: Node, visit: (node: Node, parents: readonly Node[]) => void): void {
  const parents: Node[] = [];
  const step = (current: Node): void => {
    visit(current, parents);
    parents.push(current);
    for (const child of childrenOf(current)) step(child);
    parents.pop();
  };
  step(node);
}

function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (const value of Object.values(node)) {
    if (isNode(value)) children.push(value);
    else if (Array.isArray(value)) children.push(...value.filter(isNode));
  }
  return children;
}

/** Whether a value is a node of the syntax tree. */
export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** A field of a node that holds one node; undefined when it holds none. */
export function nodeAt(node: Node | undefined, field: string): Node | undefined {
  const value = node?.[field];
  return isNode(value) ? value : undefined;
}

/** A field of a node that holds several. */
export function nodesAt(node: Node | undefined, field: string): Node[] {
  const value = node?.[field];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** The name of an identifier, or of the last part of `a.b.c`; undefined for anything else. */
export function nameOf(node: Node | undefined): string | undefined {
  if (node === undefined) return undefined;
  if (node.type === 'MemberExpression') return nameOf(nodeAt(node, 'property'));
  const name = node['name'];
  return typeof name === 'string' ? name : undefined;
}

/** The text of a string literal or of a template without holes; undefined for anything else. */
export function textOf(node: Node | undefined): string | undefined {
  if (node === undefined) return undefined;
  if (node.type === 'Literal' && typeof node['value'] === 'string') return node['value'];
  if (node.type !== 'TemplateLiteral' || nodesAt(node, 'expressions').length > 0) return undefined;
  const [quasi] = nodesAt(node, 'quasis');
  const value = quasi?.['value'] as { cooked?: string } | undefined;
  return value?.cooked;
}

/** The line, from 1, of a place in the text. */
export function lineOf(file: SourceFile, offset: number): number {
  let line = 1;
  for (let index = file.text.indexOf('\n'); index !== -1 && index < offset; line++) {
    index = file.text.indexOf('\n', index + 1);
  }
  return line;
}

/** `path:line`, as editors and terminals understand it. */
export function at(file: SourceFile, offset: number): string {
  return `${file.path}:${lineOf(file, offset)}`;
}

/** The file that a relative import names, as a path from the root; null when there is none. */
export function resolveImport(from: string, request: string): string | null {
  const path = posix.normalize(posix.join(posix.dirname(from), request.replace(/\?.*$/, '')));
  return existsSync(join(root, path)) ? path : null;
}

/** Whether a file holds tests or serves only them: fixtures, and the slow oracles of methods. */
export function isTestFile(path: string): boolean {
  return (
    /\.(test|bench)\.tsx?$/.test(path) ||
    /(^|[/-])(fixtures?|oracle)\.tsx?$/.test(path) ||
    path.startsWith('test/')
  );
}
