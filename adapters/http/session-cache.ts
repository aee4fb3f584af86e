import type { Actor } from '../../ledger/access.ts';

const keptMs = 3_000;
const entriesMax = 10_000;

/**
 * Who is signed in, remembered for a few seconds so that a batch does not cost a look-up. Emptied
 * when somebody signs out or an account changes; another server forgets within those seconds.
 */
export class SessionCache {
  readonly #entries = new Map<string, { actor: Actor; until: number }>();

  find(key: string, now: number): Actor | null {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.until > now ? entry.actor : null;
  }

  keep(key: string, actor: Actor, now: number): void {
    if (this.#entries.size > entriesMax) this.#entries.clear();
    this.#entries.set(key, { actor, until: now + keptMs });
  }

  clear(): void {
    this.#entries.clear();
  }
}
