import { hash, randomBytes } from 'node:crypto';

/**
 * Which row of a file first had a key. Keys are kept as 96 bits of a digest beside the row number,
 * 16 bytes a key and half the table free, because a set of ten million texts would not fit.
 *
 * Two keys of ten million share 96 bits with probability 6e-16. The salt is drawn for each
 * import, so that nobody can write a file whose keys collide.
 */
export class SeenRows {
  readonly #salt = randomBytes(16).toString('hex');
  #table = new Uint32Array(4 * 65_536);
  #slots = 65_536;
  #count = 0;

  /** The row that had the key first, this one included; 0 is never a row. */
  firstOf(key: string, row: number): number {
    const [a, b, c] = this.#digest(key);
    const slot = this.#find(a, b, c);
    const known = this.#table[slot * 4 + 3] as number;
    if (known !== 0) return known;
    this.#put(slot, [a, b, c, row]);
    if (++this.#count * 2 > this.#slots) this.#grow();
    return row;
  }

  /** Whether a row had the key. */
  has(key: string): boolean {
    if (this.#count === 0) return false;
    return this.#table[this.#find(...this.#digest(key)) * 4 + 3] !== 0;
  }

  #digest(key: string): [number, number, number] {
    const digest = hash('sha1', this.#salt + key, 'buffer');
    return [digest.readUInt32LE(0), digest.readUInt32LE(4), digest.readUInt32LE(8)];
  }

  #find(a: number, b: number, c: number): number {
    const mask = this.#slots - 1;
    let slot = a & mask;
    for (;;) {
      const at = slot * 4;
      if (this.#table[at + 3] === 0) return slot;
      if (this.#table[at] === a && this.#table[at + 1] === b && this.#table[at + 2] === c) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #put(slot: number, entry: readonly number[]): void {
    this.#table.set(entry, slot * 4);
  }

  #grow(): void {
    const old = this.#table;
    this.#slots *= 2;
    this.#table = new Uint32Array(4 * this.#slots);
    for (let at = 0; at < old.length; at += 4) {
      const [a = 0, b = 0, c = 0, row = 0] = old.subarray(at, at + 4);
      if (row !== 0) this.#put(this.#find(a, b, c), [a, b, c, row]);
    }
  }
}
