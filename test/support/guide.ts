import { type ChildProcess, spawn } from 'node:child_process';
import type { Json } from '../../kernel/assert.ts';

/** A block of code in a document, and the line it begins on. */
export interface Block {
  readonly line: number;
  /** `sh` runs; `json` and `text` say what the block before them must have printed. */
  readonly kind: string;
  readonly text: string;
}

/** The blocks of a document that say what to run and what to expect, in order. */
export function readBlocks(document: string): Block[] {
  const blocks: Block[] = [];
  const fence = /^```([a-z ]+)\n([\s\S]*?)^```$/gm;
  for (const match of document.matchAll(fence)) {
    const [, kind = '', text = ''] = match;
    blocks.push({ line: document.slice(0, match.index).split('\n').length, kind, text });
  }
  return blocks;
}

/** One shell for a whole document: what a block sets, the next ones have. */
export class Shell {
  readonly #child: ChildProcess;
  #output = '';
  #errors = '';
  #ended = false;
  #woken: () => void = () => undefined;

  constructor(options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }) {
    this.#child = spawn('sh', [], { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
      this.#woken();
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#errors += text));
    this.#child.once('close', () => {
      this.#ended = true;
      this.#woken();
    });
    // A command that fails ends the shell, as it would end the reader's trust.
    this.#child.stdin?.write('set -e\n');
  }

  /** Runs a block and answers what it printed. Throws when a command of it failed. */
  async run(script: string): Promise<string> {
    const end = `--- ${Math.trunc(performance.now() * 1000)} ---`;
    this.#output = '';
    this.#errors = '';
    this.#child.stdin?.write(`${script}\nprintf '\\n%s\\n' '${end}'\n`);
    while (!this.#output.includes(end)) {
      if (this.#ended) throw new Error(`a command failed:\n${this.#output}\n${this.#errors}`);
      await new Promise<void>((resolve) => (this.#woken = resolve));
    }
    return this.#output.slice(0, this.#output.indexOf(end)).trim();
  }

  /** Ends the shell. */
  close(): void {
    this.#child.stdin?.end();
  }
}

/**
 * Where a value differs from what was expected of it; null when it does not. Objects may have more
 * fields than expected; lists must have as many items, unless the expected one ends with `"…"`;
 * the text `"…"` stands for anything at all.
 */
export function differenceOf(expected: Json, actual: Json | undefined, at = ''): string | null {
  if (expected === '…') return actual === undefined ? `${at}: is missing` : null;
  if (Array.isArray(expected)) return differenceOfLists(expected, actual, at);
  if (typeof expected === 'object' && expected !== null) {
    if (typeof actual !== 'object' || actual === null || Array.isArray(actual)) {
      return `${at}: ${show(actual)} is no object`;
    }
    const fields = actual as { readonly [name: string]: Json };
    for (const [name, value] of Object.entries(expected)) {
      const difference = differenceOf(value, fields[name], `${at}/${name}`);
      if (difference !== null) return difference;
    }
    return null;
  }
  return expected === actual ? null : `${at}: ${show(actual)} and not ${show(expected)}`;
}

function differenceOfLists(
  expected: readonly Json[],
  actual: Json | undefined,
  at: string,
): string | null {
  if (!Array.isArray(actual)) return `${at}: ${show(actual)} is no list`;
  const isOpen = expected.at(-1) === '…';
  const wanted = isOpen ? expected.slice(0, -1) : expected;
  const items = actual as readonly Json[];
  if (isOpen ? items.length < wanted.length : items.length !== wanted.length) {
    return `${at}: ${items.length} items and not ${wanted.length}: ${show(actual)}`;
  }
  for (const [index, value] of wanted.entries()) {
    const difference = differenceOf(value, items[index], `${at}/${index}`);
    if (difference !== null) return difference;
  }
  return null;
}

function show(value: Json | undefined): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 2_000);
}

/** Why what was printed is not what the block says; null when it is. */
export function faultOf({ kind, text }: Block, printed: string): string | null {
  if (kind === 'text') {
    let from = 0;
    for (const line of text.split('\n').filter((each) => each.trim() !== '')) {
      const found = printed.indexOf(line.trim(), from);
      if (found < 0) return `does not say "${line.trim()}" but:\n${printed}`;
      from = found + line.trim().length;
    }
    return null;
  }
  const last = printed.split('\n').findLast((line) => line.startsWith('{') || line.startsWith('['));
  if (last === undefined) return `printed no JSON but:\n${printed}`;
  return differenceOf(JSON.parse(text) as Json, JSON.parse(last) as Json);
}
