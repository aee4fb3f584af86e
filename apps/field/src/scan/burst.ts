import { readLabel } from '../../../../rooms/screening/label.ts';

/** What a key press means to somebody who listens for a scanner that types. */
export type Burst =
  /** A key of a person, or of a scanner of which too little is known yet. */
  | { readonly kind: 'typing' }
  /** The first key of what may become a scan: how the field stood before it is worth keeping. */
  | { readonly kind: 'began' }
  /** Enter or Tab after a burst of keys: a scanner, and this is its text. */
  | { readonly kind: 'scanned'; readonly text: string };

/** A key press as far as it matters here. */
export interface Stroke {
  /** The character, `Enter` or `Tab`; null for Shift and other keys that write nothing. */
  readonly key: string | null;
  /** When, in ms of a clock that only goes forward. */
  readonly at: number;
}

/**
 * SN-5. What tells a scanner from a person. Scanners send a key every 1 to 20 ms, over Bluetooth
 * now and then one after 50; fast typists need 60 and more for the mean of several keys. A short
 * burst is no proof: two fingers that fall at once make 5 ms.
 */
export const burstRules = {
  /** Longest pause between two keys of a scan, ms. */
  gapMsMax: 80,
  /** Longest mean pause over a whole scan, ms. */
  meanMsMax: 35,
  /**
   * Fewest characters of a scan: our labels have ten, the shortest label on record four. The cards
   * of persons 1 to 9 have three, and count when the check character fits.
   */
  lengthMin: 4,
  /** Longest text, so that a stuck key ends somewhere. */
  lengthMax: 128,
} as const;

/**
 * SN-5. Collects keys. *empty*: no key yet, or the last was too long ago. *collecting*: keys that
 * follow each other fast. Enter or Tab ends a collection, as a scan if it was long and fast
 * enough; a pause, a key that writes nothing but Shift, or too long a text empties it.
 */
export class BurstCollector {
  #text = '';
  #beganAt = 0;
  #lastAt = -Infinity;

  /** Takes the next key press. */
  take({ key, at }: Stroke): Burst {
    if (key === null) return { kind: 'typing' };
    const late = at - this.#lastAt > burstRules.gapMsMax;
    if (key === 'Enter' || key === 'Tab') return this.#end(late, at);
    this.#lastAt = at;
    if (late || this.#text === '' || this.#text.length >= burstRules.lengthMax) {
      this.#text = key;
      this.#beganAt = at;
      return { kind: 'began' };
    }
    this.#text += key;
    return { kind: 'typing' };
  }

  #end(late: boolean, at: number): Burst {
    const text = this.#text;
    const mean = (at - this.#beganAt) / Math.max(1, text.length);
    this.#text = '';
    if (late || !isLongEnough(text) || mean > burstRules.meanMsMax) return { kind: 'typing' };
    return { kind: 'scanned', text };
  }
}

function isLongEnough(text: string): boolean {
  return text.length >= burstRules.lengthMin || readLabel(text).kind === 'person';
}
