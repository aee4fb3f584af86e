import { expect, test } from 'vitest';
import { MemoryStore } from '../../adapters/memory/store.ts';
import { instant } from '../../kernel/instant.ts';
import { perform } from '../../ledger/perform.ts';
import { actorNamed, community, inWork, pathOf } from '../support/day.ts';

const world = { actor: actorNamed('li'), pathOf };
const at = instant(1);

test('L19 a device decides no claim; headquarters does', async () => {
  const store = new MemoryStore();
  const act = { transfer: 'X1', unit: 'U1' };
  const asked = { actId: 'claim-0001', name: 'transfer.promise-place', act, at };
  const there = await inWork(store, (work) => perform(work, { ...asked, deviceId: 'f1' }, world));
  expect(there).toMatchObject({ kind: 'refused', code: 'ledger.claim-elsewhere' });
  const here = await inWork(store, (work) => perform(work, asked, world));
  expect(here).not.toMatchObject({ code: 'ledger.claim-elsewhere' });
});

test('L3 a device numbers facts under its own name, once for each act', async () => {
  const store = new MemoryStore();
  const act = { box: 'BOX1', tubes: ['T001'], place: community };
  const request = { actId: 'seal-0001', name: 'custody.seal-box', act, at, deviceId: 'f1' };
  for (let times = 0; times < 2; times++) {
    const done = await inWork(store, (work) => perform(work, request, world));
    expect(done).toMatchObject({
      kind: 'done',
      facts: [{ id: 'f1.seal-0001.0', deviceId: 'f1', deviceSeq: 1, actor: 'li' }],
    });
  }
  expect(store.facts.size).toBe(1);
});
