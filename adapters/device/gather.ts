import type { DeviceWorld } from './world.ts';

/**
 * When what was kept goes out. A team scans every few seconds, and on a slow phone sending takes
 * the time in which the next scan wants an answer.
 */
export const gatherRules = {
  /** After so long without anything new, ms. */
  quietMs: 400,
  /** However busy the hands are, ms. */
  waitMsMax: 3_000,
} as const;

/** Waits for a pause in the work before it tells that something is to be sent. */
export class Gather {
  readonly #world: Pick<DeviceWorld, 'clocks' | 'timer'>;
  readonly #tell: () => void;
  #cancel: (() => void) | null = null;
  #latestAt = 0;

  constructor(world: Pick<DeviceWorld, 'clocks' | 'timer'>, tell: () => void) {
    this.#world = world;
    this.#tell = tell;
  }

  /** Something was kept. */
  add(): void {
    const now = this.#world.clocks.monotonic();
    if (this.#cancel === null) this.#latestAt = now + gatherRules.waitMsMax;
    this.#cancel?.();
    const ms = Math.max(0, Math.min(gatherRules.quietMs, this.#latestAt - now));
    this.#cancel = this.#world.timer(ms, () => {
      this.#cancel = null;
      this.#tell();
    });
  }

  /** Tells nothing more; what was kept is sent when the app is opened again. */
  close(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}
