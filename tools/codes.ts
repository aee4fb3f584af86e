import {
  isNode,
  isTestFile,
  lineOf,
  type Node,
  nameOf,
  nodeAt,
  nodesAt,
  type SourceFile,
  textOf,
  walk,
} from './sources.ts';

/** A word by which the program says what is wrong, stable across versions. */
export interface Code {
  readonly code: string;
  /** How it reaches people: refusal, finding, fault, problem, or reason in a file's report. */
  readonly kinds: Set<CodeKind>;
  /** What screens show, where a table of words has it; else what the program says in English. */
  words: { en: string; zh: string | null } | null;
  /** `path:line` of every place that uses it. */
  readonly places: { readonly path: string; readonly line: number }[];
}

export type CodeKind = 'refusal' | 'finding' | 'fault' | 'problem' | 'reason';

const shape = /^[a-z]+(-[a-z]+)*\.[a-z0-9]+(-[a-z0-9]+)*$/;

/** Functions and classes whose arguments name a code, and what that makes of it. */
const sayers: { readonly [name: string]: CodeKind } = {
  refuse: 'refusal',
  Fault: 'fault',
  Problem: 'problem',
};

/** Parts of the tree that say codes; tests and tools only repeat them. */
const sayingParts = [
  'kernel/',
  'ledger/',
  'methods/',
  'rooms/',
  'adapters/',
  'apps/',
  'scenarios/',
];

/** Every code that the sources say, by name. */
export function collectCodes(sources: readonly SourceFile[]): Map<string, Code> {
  const codes = new Map<string, Code>();
  const saying = sources.filter(
    (file) => sayingParts.some((part) => file.path.startsWith(part)) && !isTestFile(file.path),
  );
  for (const file of saying) {
    walk(file.program, (node) => {
      fromCall(codes, file, node);
      fromProperty(codes, file, node);
    });
  }
  for (const file of saying) mentions(codes, file);
  return new Map([...codes].sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** `refuse('room.reason', …)`, `new Fault('…', 'message')`. */
function fromCall(codes: Map<string, Code>, file: SourceFile, node: Node): void {
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return;
  const kind = sayers[nameOf(nodeAt(node, 'callee')) ?? ''];
  if (kind === undefined) return;
  const [first, second] = nodesAt(node, 'arguments');
  for (const literal of literalsOf(first)) {
    const entry = add(codes, file, literal);
    entry?.kinds.add(kind);
    const message = kind === 'refusal' ? undefined : outlineOf(second);
    if (entry !== null && message !== undefined) entry.words ??= { en: message, zh: null };
  }
}

/** `code: 'room.reason'`, and tables of words `'room.reason': { en, zh }`. */
function fromProperty(codes: Map<string, Code>, file: SourceFile, node: Node): void {
  if (node.type !== 'Property') return;
  const key = nodeAt(node, 'key');
  const value = nodeAt(node, 'value');
  if (nameOf(key) === 'code') {
    const kind = file.path.startsWith('rooms/') ? 'finding' : 'problem';
    for (const literal of literalsOf(value)) add(codes, file, literal)?.kinds.add(kind);
    return;
  }
  const words = wordsOf(value);
  if (words === null || key === undefined) return;
  const entry = add(codes, file, key);
  if (entry !== null) entry.words = words;
}

/** Codes handed to a helper of a room: there the file tells what they are for. */
function mentions(codes: ReadonlyMap<string, Code>, file: SourceFile): void {
  walk(file.program, (node, parents) => {
    const entry = codes.get(textOf(node) ?? '');
    const parent = parents.at(-1);
    if (entry === undefined || parent?.type === 'TSLiteralType') return;
    if (parent?.type === 'Property' && nodeAt(parent, 'key') === node) return;
    const line = lineOf(file, node.start);
    const isKnown = entry.places.some((place) => place.path === file.path && place.line === line);
    if (!isKnown) entry.places.push({ path: file.path, line });
    if (/^rooms\/.*\/decide[\w-]*\.ts$/.test(file.path)) entry.kinds.add('refusal');
    if (/^rooms\/.*\/findings?[\w-]*\.ts$/.test(file.path)) entry.kinds.add('finding');
  });
}

function wordsOf(value: Node | undefined): { en: string; zh: string } | null {
  if (value?.type !== 'ObjectExpression') return null;
  const texts = new Map<string, string>();
  for (const property of nodesAt(value, 'properties')) {
    const name = nameOf(nodeAt(property, 'key'));
    const text = outlineOf(nodeAt(property, 'value'));
    if (name === undefined || text === undefined) return null;
    texts.set(name, text);
  }
  const en = texts.get('en');
  const zh = texts.get('zh');
  return en === undefined || zh === undefined ? null : { en, zh };
}

function add(codes: Map<string, Code>, file: SourceFile, literal: Node): Code | null {
  const code = textOf(literal);
  if (code === undefined || !shape.test(code)) return null;
  const entry = codes.get(code) ?? { code, kinds: new Set(), words: null, places: [] };
  codes.set(code, entry);
  entry.places.push({ path: file.path, line: lineOf(file, literal.start) });
  return entry;
}

/** The literals an expression may come to: itself, or either side of `a ? b : c` and `a ?? b`. */
function literalsOf(node: Node | undefined): Node[] {
  if (node === undefined) return [];
  if (textOf(node) !== undefined) return [node];
  const branches = ['consequent', 'alternate', 'left', 'right', 'expression'];
  const choosing = ['ConditionalExpression', 'LogicalExpression', 'TSAsExpression'];
  if (!choosing.includes(node.type)) return [];
  return branches
    .map((branch) => node[branch])
    .filter(isNode)
    .flatMap(literalsOf);
}

/** A text with `…` where it is computed; undefined when it is no text at all. */
function outlineOf(node: Node | undefined): string | undefined {
  const whole = textOf(node);
  if (whole !== undefined) return whole;
  if (node?.type === 'TemplateLiteral') {
    const quasis = nodesAt(node, 'quasis').map((quasi) => quasi['value'] as { cooked: string });
    return quasis.map(({ cooked }) => cooked).join('…');
  }
  if (node?.type !== 'BinaryExpression' || node['operator'] !== '+') return undefined;
  const left = outlineOf(nodeAt(node, 'left'));
  const right = outlineOf(nodeAt(node, 'right'));
  return left === undefined && right === undefined ? undefined : `${left ?? '…'}${right ?? '…'}`;
}
