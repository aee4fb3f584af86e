import type { Json } from '../../kernel/assert.ts';
import type { Actor } from '../../ledger/access.ts';
import { perform, type Performed } from '../../ledger/perform.ts';
import { Work } from '../../ledger/settle.ts';
import type { MemoryTransaction } from '../memory/store.ts';
import { draftKinds, takeUpDrafts } from './drafts.ts';
import type { Holdings } from './holdings.ts';

/** An act as a screen asks for it. */
export interface AskedAct {
  readonly name: string;
  readonly body: Json;
  readonly actId: string;
  readonly actor: Actor;
}

/** Decides an act with what a unit of work sees, and puts on record there what follows from it. */
export async function recordAct(
  transaction: MemoryTransaction,
  holdings: Holdings,
  { name, body, actId, actor }: AskedAct,
): Promise<Performed> {
  const { store, parts } = holdings;
  const at = parts.clock.now();
  const request = { actId, name, act: body, at, deviceId: store.deviceId, draftKinds };
  const pathOf = (place: string): string | null => holdings.register.pathOf(place);
  const work = new Work(transaction, holdings.context());
  const performed = await perform(work, request, { actor, pathOf });
  await work.flush();
  if (performed.kind === 'done') await takeUpDrafts(transaction, performed.facts, store);
  return performed;
}
