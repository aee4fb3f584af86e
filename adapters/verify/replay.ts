import { instant } from '../../kernel/instant.ts';
import { Random } from '../../kernel/random.ts';
import type { Catalogue, PolicyBook } from '../../ledger/catalogue.ts';
import type { Fact } from '../../ledger/fact.ts';
import type { Registers } from '../../ledger/room.ts';
import { Work } from '../../ledger/settle.ts';
import { MemoryStore } from '../memory/store.ts';

/** What a replay needs besides the facts. */
export interface ReplayContext {
  readonly catalogue: Catalogue;
  readonly policy: PolicyBook;
  readonly registers: Registers;
}

const factsPerWork = 500;

/**
 * Folds facts into a fresh store in memory, in an order that a seed shuffles: if the outcome is
 * what the database holds, the state is a function of the facts and of nothing else (P7).
 */
export async function replay(
  facts: readonly Fact[],
  context: ReplayContext,
  seed: number,
): Promise<MemoryStore> {
  const store = new MemoryStore();
  const shuffled = new Random(seed).shuffle([...facts]);
  for (let from = 0; from < shuffled.length; from += factsPerWork) {
    const batch = shuffled.slice(from, from + factsPerWork);
    await store.transact(async (transaction) => {
      const work = new Work(transaction, { ...context, receivedAt: instant(0) });
      await work.apply(batch);
      await work.settle();
      await work.flush();
    });
  }
  return store;
}
