import { assert } from '../kernel/assert.ts';
import type { Instant } from '../kernel/instant.ts';

/** Something that will happen at a time; `run` may record facts, act and plan more. */
export interface Planned {
  readonly at: Instant;
  readonly run: (at: Instant) => void;
  /** Goes on for its own sake (looking at lists, daily care): work is not waiting for it. */
  readonly isCare: boolean;
}

/**
 * What will happen, soonest first; what was planned first goes first among equals, so that the
 * same plan always unrolls the same way. A binary heap.
 */
export class EventQueue {
  readonly #heap: { planned: Planned; serial: number }[] = [];
  #serial = 0;
  #careCount = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** When the next thing happens; null when nothing will. */
  get nextAt(): Instant | null {
    return this.#heap[0]?.planned.at ?? null;
  }

  /** How many things are planned that started work waits for. */
  get workSize(): number {
    return this.#heap.length - this.#careCount;
  }

  /** Plans something that started work waits for. */
  plan(at: Instant, run: (at: Instant) => void): void {
    this.#push({ at, run, isCare: false });
  }

  /** Plans something that goes on for its own sake. */
  planCare(at: Instant, run: (at: Instant) => void): void {
    this.#careCount++;
    this.#push({ at, run, isCare: true });
  }

  #push(planned: Planned): void {
    const heap = this.#heap;
    heap.push({ planned, serial: this.#serial++ });
    let index = heap.length - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#before(index, parent)) break;
      this.#swap(index, parent);
      index = parent;
    }
  }

  /** Takes the next thing out. */
  take(): Planned {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    assert(first !== undefined && last !== undefined, 'something is planned');
    if (first.planned.isCare) this.#careCount--;
    if (heap.length === 0) return first.planned;
    heap[0] = last;
    let index = 0;
    for (;;) {
      let least = index;
      for (const child of [2 * index + 1, 2 * index + 2]) {
        if (child < heap.length && this.#before(child, least)) least = child;
      }
      if (least === index) return first.planned;
      this.#swap(index, least);
      index = least;
    }
  }

  #before(left: number, right: number): boolean {
    const a = this.#heap[left];
    const b = this.#heap[right];
    if (a === undefined || b === undefined) return false;
    return a.planned.at < b.planned.at || (a.planned.at === b.planned.at && a.serial < b.serial);
  }

  #swap(left: number, right: number): void {
    const a = this.#heap[left];
    const b = this.#heap[right];
    if (a === undefined || b === undefined) return;
    this.#heap[left] = b;
    this.#heap[right] = a;
  }
}
