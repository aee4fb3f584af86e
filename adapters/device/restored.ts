import type { Holdings } from './holdings.ts';
import { writeBeside } from './holdings.ts';
import type { OwnRecord } from './keep.ts';
import { drawText } from './world.ts';

/**
 * What headquarters says when a device gives out a number again: its storage was put back from a
 * copy, and what it recorded after the copy was made is at headquarters and no longer here.
 */
const reusedCodes: readonly string[] = ['ledger.sequence-reused', 'ledger.id-reused'];

/** Whether an item was set aside because the device had used its number before. */
export function isReused({ problem }: OwnRecord): boolean {
  return reusedCodes.includes(problem?.code ?? '');
}

/**
 * Goes on under a new name, whose numbers begin at 1, with the same key. Headquarters never sees
 * one number of one device mean two things, and the gap of the old name stays to be seen.
 */
export async function renew(holdings: Holdings): Promise<void> {
  const { identity, store, parts } = holdings;
  const { id, key, former = [] } = identity;
  const renewed = {
    id: `f${drawText(parts.world.crypto, 10)}`,
    key,
    isRegistered: false,
    former: [...former, id],
  };
  await store.transact(async ({ head, beside }) => {
    head.deviceSeq = 0;
    beside((writes) => writeBeside(writes, { identity: renewed }));
  });
  store.rename(renewed.id);
  holdings.show({ identity: renewed });
}

/** Records items again whose numbers were used before: the same content under new numbers. */
export async function recordAgain(
  { store }: Holdings,
  records: readonly OwnRecord[],
): Promise<void> {
  await store.transact(async (transaction) => {
    const { head, recorded, forget, append } = transaction;
    const held = await recorded(records.map(({ id }) => id));
    const again = [...held.values()].map((fact) => {
      head.deviceSeq += 1;
      const { deviceId } = store;
      const id = `${deviceId}.${fact.id}`.slice(0, idCharsMax);
      return { ...fact, id, deviceId, deviceSeq: head.deviceSeq };
    });
    forget(records.map(({ id }) => id));
    await append(again);
  });
}

/** As long as the envelope allows (`ledger/fact.ts`). */
const idCharsMax = 96;
