interface Entry {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  isCancelled: boolean;
}

/**
 * Time that only moves when everything that could happen at this moment has happened. One entry
 * runs; then all promises that it set off come to rest; then the next. The same seed therefore
 * gives the same world on every machine.
 */
export class Schedule {
  /** Milliseconds since the world began. */
  now = 0;
  /** Entries that have run. */
  ran = 0;
  #order = 0;
  readonly #heap: Entry[] = [];

  /** Runs something after so long; gives what takes it back. */
  after(ms: number, run: () => void): () => void {
    this.#order += 1;
    const at = this.now + Math.max(0, ms);
    const entry: Entry = { at, order: this.#order, run, isCancelled: false };
    this.#push(entry);
    return () => {
      entry.isCancelled = true;
    };
  }

  /** A promise that is kept after so long. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.after(ms, resolve));
  }

  /** Lets time run; false when more entries ran than `ranMax` allows. */
  async run(until: number, ranMax: number): Promise<boolean> {
    await atRest();
    for (let entry = this.#heap[0]; entry !== undefined && entry.at <= until;) {
      this.#pop();
      if (!entry.isCancelled) {
        this.now = entry.at;
        this.ran += 1;
        if (this.ran > ranMax) return false;
        entry.run();
        await atRest();
      }
      entry = this.#heap[0];
    }
    this.now = Math.max(this.now, until);
    return true;
  }

  /** When the next entry runs; null when nothing is left to happen. */
  next(): number | null {
    while (this.#heap[0]?.isCancelled === true) this.#pop();
    return this.#heap[0]?.at ?? null;
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !isBefore(entry, parent)) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      const left = index * 2 + 1;
      const [one, two] = [heap[left], heap[left + 1]];
      if (one === undefined) break;
      const isRight = two !== undefined && isBefore(two, one);
      const least = isRight ? two : one;
      if (!isBefore(least, last)) break;
      heap[index] = least;
      index = isRight ? left + 1 : left;
    }
    heap[index] = last;
  }
}

function isBefore(left: Entry, right: Entry): boolean {
  return left.at < right.at || (left.at === right.at && left.order < right.order);
}

/** All promises have come to rest before the event loop turns. */
function atRest(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
