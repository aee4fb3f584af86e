import type { FileLimits } from './limits.ts';
import { FileRefused } from './refusal.ts';

/**
 * The shared texts of a workbook: bytes end to end and where each begins, about 25 bytes a text in
 * place of the hundred that as many strings would take.
 */
export class StringPool {
  #bytes = Buffer.alloc(65_536);
  #starts = new Uint32Array(4_096);
  #count = 0;
  #end = 0;
  readonly #limits: FileLimits;

  constructor(limits: FileLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#count;
  }

  add(text: string): void {
    const spaceMax = text.length * 3;
    if (
      this.#end + spaceMax > this.#limits.stringsBytesMax ||
      this.#count >= this.#limits.stringsMax
    ) {
      throw new FileRefused('exchange.xlsx-too-many-strings', { strings: this.#count });
    }
    if (this.#end + spaceMax > this.#bytes.length) {
      const grown = Buffer.alloc(Math.max(this.#bytes.length * 2, this.#end + spaceMax));
      this.#bytes.copy(grown, 0, 0, this.#end);
      this.#bytes = grown;
    }
    if (this.#count + 1 >= this.#starts.length) {
      const grown = new Uint32Array(this.#starts.length * 2);
      grown.set(this.#starts);
      this.#starts = grown;
    }
    this.#end += this.#bytes.write(text, this.#end, 'utf8');
    this.#count += 1;
    this.#starts[this.#count] = this.#end;
  }

  /** The text with this index; undefined when there is none. */
  get(index: number): string | undefined {
    if (!(index >= 0 && index < this.#count)) return undefined;
    return this.#bytes.toString('utf8', this.#starts[index], this.#starts[index + 1]);
  }
}
