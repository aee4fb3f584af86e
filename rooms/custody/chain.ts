import type { Instant } from '../../kernel/instant.ts';
import type { BoxState, Leg } from './state.ts';

/** The legs by number: late records fall into their place whatever order they arrived in. */
export function journeyOf(state: BoxState): Leg[] {
  return [...state.legs].sort((left, right) => left.leg - right.leg);
}

/** The number the next hand-over has. */
export function nextLeg(state: BoxState): number {
  let last = 0;
  for (const leg of state.legs) last = Math.max(last, leg.leg);
  return last + 1;
}

/**
 * Rule CU-3. Who holds the box, and since when: the receiver of the last leg, else whoever sealed
 * it. After receipt it is the laboratory, whose people share the bench. Null when nobody is known.
 */
export function holderOf(state: BoxState): { holder: string; since: Instant } | null {
  if (state.receipt !== null) return { holder: 'role:laboratory', since: state.receipt.at };
  return carrierOf(state);
}

/** Who carried the box last, the laboratory apart: still answerable for what was not in it. */
export function carrierOf(state: BoxState): { holder: string; since: Instant } | null {
  const last = journeyOf(state).at(-1);
  if (last !== undefined) return { holder: last.to, since: last.at };
  return state.seal === null ? null : { holder: state.seal.from, since: state.seal.at };
}

/** Rule CU-5. What the receiver found, against the sealing. */
export interface Count {
  readonly present: readonly string[];
  readonly missing: readonly string[];
  readonly extra: readonly string[];
  readonly broken: readonly string[];
}

/**
 * Rule CU-5. Compares the receipt with the sealing; null before receipt.
 *
 * Missing and extra are worked out here, not taken from the receiver, so that a sealing that comes
 * on record after the receipt heals what looked like a difference. Only while no sealing is known
 * do the receiver's own lists stand. A tube that lies broken in the box is in the box.
 */
export function countOf(state: BoxState): Count | null {
  const { receipt, seal } = state;
  if (receipt === null) return null;
  const broken = new Set(receipt.broken);
  const here = new Set([...receipt.present, ...receipt.extra, ...receipt.broken]);
  const sealed = new Set(seal?.tubes ?? []);
  const missing = (seal?.tubes ?? receipt.missing).filter((tube) => !here.has(tube));
  const isExtra =
    seal === null
      ? (tube: string) => receipt.extra.includes(tube)
      : (tube: string) => !sealed.has(tube);
  const whole = [...here].filter((tube) => !broken.has(tube));
  return {
    present: whole.filter((tube) => !isExtra(tube)),
    missing: [...new Set(missing)],
    extra: whole.filter(isExtra),
    broken: [...broken],
  };
}

/** Rule CU-6. Missing and extra tubes that nobody has explained yet. */
export function unexplained(state: BoxState): { missing: string[]; extra: string[] } {
  const count = countOf(state);
  const open = (tube: string): boolean => state.outcomes[tube] === undefined;
  return {
    missing: (count?.missing ?? []).filter(open),
    extra: (count?.extra ?? []).filter(open),
  };
}
