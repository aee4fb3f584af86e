import { dayMs } from '../../kernel/instant.ts';
import { type Fact, prefixOf } from '../../ledger/fact.ts';

/**
 * How long facts stay on the device after headquarters has them and its word includes them: tubes
 * so that a label used twice within a few days is caught on the spot, boxes until they have
 * arrived beyond doubt. Kinds that are not named stay as long as the place.
 */
const daysMax: { readonly [prefix: string]: number | undefined } = { tube: 3, box: 14 };

/** A fact that may be let go of when all of its subject may. */
export interface Aging {
  readonly fact: Fact;
  /** Whether headquarters' word includes it. */
  readonly isCovered: boolean;
}

/** Ids of what is no longer needed. A subject goes whole, so no state is folded from a rest. */
export function staleIds(aging: readonly Aging[], now: number): Set<string> {
  const young = new Set<string>();
  for (const { fact, isCovered } of aging) {
    const days = daysMax[prefixOf(fact.subject)];
    const isOld = days !== undefined && fact.at < now - days * dayMs;
    if (!isCovered || !isOld) young.add(fact.subject);
  }
  return new Set(aging.flatMap(({ fact }) => (young.has(fact.subject) ? [] : [fact.id])));
}
