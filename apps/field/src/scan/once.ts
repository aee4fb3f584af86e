/**
 * SN-2. A code is told once while it is in the picture. It may be told again when it has left the
 * picture and at least `againMs` have passed: a tube that lies before the camera is not scanned,
 * and so not sealed, a second time, however long it lies there.
 *
 * A reader misses a code in single pictures (a hand moves, the focus hunts), so a code has left
 * only after `goneMs` without it.
 */
export interface OnceOptions {
  readonly againMs: number;
  readonly goneMs: number;
}

/** SN-2. Well above a missed picture or two, and below the time to fetch another tube. */
export const onceDefaults: OnceOptions = { againMs: 1500, goneMs: 500 };

interface Sight {
  readonly toldAt: number;
  readonly seenAt: number;
}

/** SN-2. Remembers what was told; `isNew` is asked for the code that is aimed at. */
export class Once {
  readonly #options: OnceOptions;
  readonly #sights = new Map<string, Sight>();

  constructor(options: OnceOptions = onceDefaults) {
    this.#options = options;
  }

  /** Whether the code in a picture taken at `at` (ms, monotonic) is to be told now. */
  isNew(text: string, at: number): boolean {
    this.#forget(at);
    const sight = this.#sights.get(text);
    this.#sights.set(text, { toldAt: sight?.toldAt ?? at, seenAt: at });
    return sight === undefined;
  }

  /** A code that is in the picture without being meant: one that was told stays told. */
  stays(text: string, at: number): void {
    const sight = this.#sights.get(text);
    if (sight !== undefined) this.#sights.set(text, { toldAt: sight.toldAt, seenAt: at });
  }

  #forget(at: number): void {
    const { againMs, goneMs } = this.#options;
    for (const [text, { toldAt, seenAt }] of this.#sights) {
      if (at - seenAt >= goneMs && at - toldAt >= againMs) this.#sights.delete(text);
    }
  }
}
